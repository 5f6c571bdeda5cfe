//! Dates and times as BigQuery writes them: no fraction of a second or six digits.

const MICROS_PER_SECOND: i64 = 1_000_000;
const MICROS_PER_DAY: i64 = 86_400 * MICROS_PER_SECOND;

/// A DATE from days since 1970-01-01: `2150-01-31`.
pub(crate) fn push_date(out: &mut Vec<u8>, days: i64) {
    let (year, month, day) = civil_from_days(days);
    push_two(out, year / 100);
    push_two(out, year % 100);
    out.push(b'-');
    push_two(out, month);
    out.push(b'-');
    push_two(out, day);
}

/// A TIME from microseconds since midnight: `10:00:00`, `10:00:00.250000`.
pub(crate) fn push_time(out: &mut Vec<u8>, micros: i64) {
    let seconds = micros / MICROS_PER_SECOND;
    push_two(out, seconds / 3600);
    out.push(b':');
    push_two(out, seconds / 60 % 60);
    out.push(b':');
    push_two(out, seconds % 60);
    push_fraction(out, micros % MICROS_PER_SECOND);
}

/// A DATETIME from microseconds since 1970-01-01: `2150-01-31T10:00:00`.
pub(crate) fn push_datetime(out: &mut Vec<u8>, micros: i64) {
    push_date(out, micros.div_euclid(MICROS_PER_DAY));
    out.push(b'T');
    push_time(out, micros.rem_euclid(MICROS_PER_DAY));
}

/// An INTERVAL in canonical form: `1-2 3 4:5:6.500000`.
pub(crate) fn push_interval(out: &mut Vec<u8>, months: i32, days: i32, nanos: i64) {
    let sign = |negative: bool| if negative { "-" } else { "" };
    let (month_count, micros) = (months.unsigned_abs(), (nanos.unsigned_abs() / 1000) as i64);
    let seconds = micros / MICROS_PER_SECOND;
    let text = format!(
        "{}{}-{} {days} {}{}:{}:{}",
        sign(months < 0),
        month_count / 12,
        month_count % 12,
        sign(nanos < 0),
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    );
    out.extend_from_slice(text.as_bytes());
    push_fraction(out, micros % MICROS_PER_SECOND);
}

fn push_fraction(out: &mut Vec<u8>, micros: i64) {
    if micros == 0 {
        return;
    }
    out.push(b'.');
    push_two(out, micros / 10_000);
    push_two(out, micros / 100 % 100);
    push_two(out, micros % 100);
}

/// A number below 100 with two digits.
fn push_two(out: &mut Vec<u8>, number: i64) {
    out.extend_from_slice(&[b'0' + (number / 10) as u8, b'0' + (number % 10) as u8]);
}

/// Year, month and day of the proleptic Gregorian calendar, after Howard Hinnant's `civil_from_days`
/// (<https://howardhinnant.github.io/date_algorithms.html>).
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::{push_datetime, push_interval};

    #[test]
    fn the_calendar_holds_from_year_1_to_9999() {
        for (micros, expected) in [
            (0, "1970-01-01T00:00:00"),
            (-1, "1969-12-31T23:59:59.999999"),
            (5_680_317_600_000_000, "2150-01-01T10:00:00"),
            (951_782_400_250_000, "2000-02-29T00:00:00.250000"),
            (-62_135_596_800_000_000, "0001-01-01T00:00:00"),
            (253_402_300_799_999_999, "9999-12-31T23:59:59.999999"),
        ] {
            let mut out = Vec::new();
            push_datetime(&mut out, micros);
            assert_eq!(String::from_utf8(out).unwrap(), expected);
        }
    }

    #[test]
    fn intervals_are_canonical() {
        for ((months, days, nanos), expected) in [
            ((14, 3, 14_706_000_001_000), "1-2 3 4:5:6.000001"),
            ((-14, -3, -1_000_000_000), "-1-2 -3 -0:0:1"),
            ((0, 0, 0), "0-0 0 0:0:0"),
        ] {
            let mut out = Vec::new();
            push_interval(&mut out, months, days, nanos);
            assert_eq!(String::from_utf8(out).unwrap(), expected);
        }
    }
}
