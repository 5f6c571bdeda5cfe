//! Days and civil times.

use super::number::Why;

pub(crate) const DAY_MICROS: i64 = 86_400_000_000;

/// A DATE as days since 1970-01-01: `YYYY-MM-DD`, years 1 to 9999. A time of day is accepted where it is midnight, as
/// MIMIC-III writes it.
pub(crate) fn date(text: &[u8]) -> Result<i32, Why> {
    let micros = datetime(text)?;
    if micros % DAY_MICROS != 0 {
        return Err("it has a time of day");
    }
    i32::try_from(micros.div_euclid(DAY_MICROS)).map_err(|_| "out of range")
}

/// A DATETIME as microseconds since 1970-01-01 00:00:00: `YYYY-MM-DD HH:MM:SS[.ffffff]`, `T` between day and time too, or
/// the day alone; years 1 to 9999.
#[inline]
pub(crate) fn datetime(text: &[u8]) -> Result<i64, Why> {
    let text = text.trim_ascii();
    let day = i64::from(days(text.get(..10).ok_or("")?)?) * DAY_MICROS;
    match &text[10..] {
        [] => Ok(day),
        [b' ' | b'T', time @ ..] => Ok(day + time_of_day(time)?),
        _ => Err(""),
    }
}

#[inline]
pub(crate) fn days(text: &[u8]) -> Result<i32, Why> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *text else { return Err("") };
    let year = two(y1, y2)? * 100 + two(y3, y4)?;
    let (month, day) = (two(m1, m2)?, two(d1, d2)?);
    if year == 0 || !(1..=12).contains(&month) || day == 0 || day > days_of_month(year, month) {
        return Err("no such day");
    }
    Ok(days_from_civil(year, month, day))
}

#[inline]
pub(crate) fn time_of_day(text: &[u8]) -> Result<i64, Why> {
    let [h1, h2, b':', m1, m2, b':', s1, s2, fraction @ ..] = text else { return Err("") };
    let (hour, minute, second) = (two(*h1, *h2)?, two(*m1, *m2)?, two(*s1, *s2)?);
    if hour > 23 || minute > 59 || second > 59 {
        return Err("no such time");
    }
    let micros = match fraction {
        [] => 0,
        [b'.', digits @ ..] if !digits.is_empty() => fraction_micros(digits)?,
        _ => return Err(""),
    };
    Ok(i64::from(hour * 3600 + minute * 60 + second) * 1_000_000 + micros)
}

fn fraction_micros(digits: &[u8]) -> Result<i64, Why> {
    let mut micros = 0;
    for place in 0..digits.len().max(6) {
        let digit = digits.get(place).map_or(0, |digit| digit.wrapping_sub(b'0'));
        if digit > 9 {
            return Err("");
        }
        if place < 6 {
            micros = micros * 10 + i64::from(digit);
        } else if digit != 0 {
            return Err("finer than a microsecond");
        }
    }
    Ok(micros)
}

#[inline]
fn two(tens: u8, ones: u8) -> Result<i32, Why> {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    if tens > 9 || ones > 9 { Err("") } else { Ok(i32::from(tens * 10 + ones)) }
}

fn days_of_month(year: i32, month: i32) -> i32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar; years count from March, so that leap days come last
/// (<https://howardhinnant.github.io/date_algorithms.html#days_from_civil>).
fn days_from_civil(year: i32, month: i32, day: i32) -> i32 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year / 400;
    let year_of_era = year % 400;
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::{DAY_MICROS, date, datetime};

    #[test]
    fn days_and_times() {
        for (text, expected) in [
            ("1970-01-01 00:00:00", Ok(0)),
            ("1969-12-31 23:59:59.999999", Ok(-1)),
            ("2196-02-24 14:38:00", Ok(82_599 * DAY_MICROS + 52_680_000_000)),
            ("2196-02-24T14:38:00", Ok(82_599 * DAY_MICROS + 52_680_000_000)),
            ("2000-02-29", Ok(11_016 * DAY_MICROS)),
            ("0001-01-01", Ok(-719_162 * DAY_MICROS)),
            ("9999-12-31", Ok(2_932_896 * DAY_MICROS)),
            ("1970-01-01 00:00:00.353", Ok(353_000)),
            ("1970-01-01 00:00:00.3530000", Ok(353_000)),
            ("1970-01-01 00:00:00.3530001", Err("finer than a microsecond")),
            ("1900-02-29", Err("no such day")),
            ("2100-02-29", Err("no such day")),
            ("0000-01-01", Err("no such day")),
            ("2100-13-01", Err("no such day")),
            ("2100-04-31", Err("no such day")),
            ("2100-01-01 24:00:00", Err("no such time")),
            ("2100-01-01 10:00", Err("")),
            ("2100-01-01 10:00:00Z", Err("")),
            ("2100-01-01 10:00:00.", Err("")),
            ("01/02/2100", Err("")),
            ("2100-1-1", Err("")),
            ("", Err("")),
        ] {
            assert_eq!(datetime(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn a_date_has_no_time_of_day() {
        assert_eq!(date(b"2137-09-02"), Ok(61_240));
        assert_eq!(date(b"2137-09-02 00:00:00"), Ok(61_240));
        assert_eq!(date(b"2137-09-02 00:00:01"), Err("it has a time of day"));
        assert_eq!(date(b"1969-12-31"), Ok(-1));
    }

    #[test]
    fn every_day_follows_the_one_before() {
        let mut expected = -719_162;
        for year in 1..=9999 {
            for month in 1..=12 {
                for day in 1..=31 {
                    if let Ok(found) = date(format!("{year:04}-{month:02}-{day:02}").as_bytes()) {
                        assert_eq!(found, expected);
                        expected += 1;
                    }
                }
            }
        }
        assert_eq!(expected, 2_932_897);
    }
}
