//! The proleptic Gregorian calendar on day numbers, and the digits of dates and times.
//!
//! Days count from 1970-01-01. GoogleSQL knows the years 1 to 9999.

const MICROS_PER_SECOND: i64 = 1_000_000;

/// How many digits a fraction of a second has where it is not zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fraction {
    /// Six, as BigQuery's API writes it.
    Six,
    /// Three where the rest are zeros, else six, as BigQuery prints it.
    ThreeOrSix,
}

/// The day number of a date, by Howard Hinnant's `days_from_civil` (<https://howardhinnant.github.io/date_algorithms.html>).
/// Months and days are taken as valid.
pub const fn day_number(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year - era * 400;
    let day_of_year = (153 * (month + (if month > 2 { -3 } else { 9 })) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// Year, month and day of a day number, by his `civil_from_days`.
pub const fn date_of(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days - era * 146_097;
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
    (year, month, day)
}

/// Whether a year has a 29 February.
pub const fn is_leap(year: i64) -> bool {
    (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
}

/// How many days a month has.
pub const fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 => 28 + is_leap(year) as i64,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The day number, `None` where there is no such day in the years 1 to 9999.
pub fn checked_day(year: i64, month: i64, day: i64) -> Option<i64> {
    let valid =
        (1..=9999).contains(&year) && (1..=12).contains(&month) && day >= 1 && day <= days_in_month(year, month);
    valid.then(|| day_number(year, month, day))
}

/// `2150-01-31` of a day number.
pub const fn date_digits(days: i64) -> [u8; 10] {
    let (year, month, day) = date_of(days);
    let (century, of_century) = (two(year / 100), two(year % 100));
    let (month, day) = (two(month), two(day));
    [century[0], century[1], of_century[0], of_century[1], b'-', month[0], month[1], b'-', day[0], day[1]]
}

/// `10:00:00.250000` of microseconds since midnight.
pub const fn time_digits(micros: i64) -> [u8; 15] {
    let seconds = micros / MICROS_PER_SECOND;
    let fraction = micros % MICROS_PER_SECOND;
    let (hour, minute, second) = (two(seconds / 3600), two(seconds / 60 % 60), two(seconds % 60));
    let (a, b, c) = (two(fraction / 10_000), two(fraction / 100 % 100), two(fraction % 100));
    [hour[0], hour[1], b':', minute[0], minute[1], b':', second[0], second[1], b'.', a[0], a[1], b[0], b[1], c[0], c[1]]
}

/// An INTERVAL in canonical form: `1-2 3 4:5:6.500000`.
pub fn interval_text(months: i32, days: i32, nanos: i64, fraction: Fraction) -> String {
    let sign = |negative: bool| if negative { "-" } else { "" };
    let (month_count, micros) = (months.unsigned_abs(), (nanos.unsigned_abs() / 1000) as i64);
    let seconds = micros / MICROS_PER_SECOND;
    let mut text = format!(
        "{}{}-{} {days} {}{}:{}:{}",
        sign(months < 0),
        month_count / 12,
        month_count % 12,
        sign(nanos < 0),
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    );
    let digits = time_digits(micros % MICROS_PER_SECOND);
    text.extend(digits[8..fraction.end_of_time(micros)].iter().map(|digit| char::from(*digit)));
    text
}

impl Fraction {
    /// How many of [`time_digits`] are written.
    pub const fn end_of_time(self, micros: i64) -> usize {
        match self {
            _ if micros % MICROS_PER_SECOND == 0 => 8,
            Self::ThreeOrSix if micros % 1000 == 0 => 12,
            _ => 15,
        }
    }
}

/// A number below 100 with two digits.
const fn two(number: i64) -> [u8; 2] {
    [b'0' + (number / 10 % 10) as u8, b'0' + (number % 10) as u8]
}

#[cfg(test)]
mod tests {
    use super::{Fraction, checked_day, date_digits, date_of, day_number, interval_text, time_digits};

    #[test]
    fn every_day_of_the_calendar_comes_back() {
        let (first, last) = (day_number(1, 1, 1), day_number(9999, 12, 31));
        assert_eq!((first, last, day_number(1970, 1, 1)), (-719_162, 2_932_896, 0));
        let mut before = (0, 12, 31);
        for days in first..=last {
            let date = date_of(days);
            assert!(date > before);
            assert_eq!(checked_day(date.0, date.1, date.2), Some(days));
            before = date;
        }
        for (year, month, day) in [(2019, 2, 29), (2100, 2, 29), (2020, 13, 1), (0, 1, 1), (2020, 4, 31), (2020, 1, 0)]
        {
            assert_eq!(checked_day(year, month, day), None);
        }
    }

    #[test]
    fn digits_are_those_of_the_calendar() {
        for (days, expected) in [
            (0, "1970-01-01"),
            (65_744, "2150-01-01"),
            (11_016, "2000-02-29"),
            (-719_162, "0001-01-01"),
            (2_932_896, "9999-12-31"),
        ] {
            assert_eq!(date_digits(days), expected.as_bytes(), "{expected}");
        }
        let shown = |micros: i64, fraction: Fraction| {
            String::from_utf8(time_digits(micros)[..fraction.end_of_time(micros)].to_vec()).unwrap()
        };
        for (micros, six, three_or_six) in [
            (0, "00:00:00", "00:00:00"),
            (36_000_250_000, "10:00:00.250000", "10:00:00.250"),
            (86_399_999_999, "23:59:59.999999", "23:59:59.999999"),
        ] {
            assert_eq!(shown(micros, Fraction::Six), six);
            assert_eq!(shown(micros, Fraction::ThreeOrSix), three_or_six);
        }
    }

    #[test]
    fn intervals_are_canonical() {
        for ((months, days, nanos), six, three_or_six) in [
            ((14, 3, 14_706_500_000_000), "1-2 3 4:5:6.500000", "1-2 3 4:5:6.500"),
            ((14, 3, 14_706_000_001_000), "1-2 3 4:5:6.000001", "1-2 3 4:5:6.000001"),
            ((-14, -3, -1_000_000_000), "-1-2 -3 -0:0:1", "-1-2 -3 -0:0:1"),
            ((0, 0, 0), "0-0 0 0:0:0", "0-0 0 0:0:0"),
        ] {
            assert_eq!(interval_text(months, days, nanos, Fraction::Six), six);
            assert_eq!(interval_text(months, days, nanos, Fraction::ThreeOrSix), three_or_six);
        }
    }
}
