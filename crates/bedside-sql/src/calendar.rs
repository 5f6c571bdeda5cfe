//! Dates and times in literals
//! (<https://cloud.google.com/bigquery/docs/reference/standard-sql/lexical#date_and_time_literals>).

use bedside_types::{Zone, checked_day};

/// Microseconds of a day.
pub(crate) const DAY: i64 = 86_400_000_000;

/// Days from 1970-01-01 to a day of the proleptic Gregorian calendar; `None` outside the years 1 to 9999.
pub(crate) fn days(year: i64, month: i64, day: i64) -> Option<i32> {
    i32::try_from(checked_day(year, month, day)?).ok()
}

/// `2020-1-31` → days since 1970.
pub(crate) fn date(text: &str) -> Option<i32> {
    let mut reader = Reader(text);
    let date = reader.date()?;
    reader.0.is_empty().then_some(date)
}

/// `2020-01-31[ |T]10:00:00.123456` → microseconds since 1970; the time may be absent.
pub(crate) fn datetime(text: &str) -> Option<i64> {
    let mut reader = Reader(text);
    let micros = reader.date_and_time()?;
    reader.0.is_empty().then_some(micros)
}

/// `10:00:00.5` → microseconds since midnight.
pub(crate) fn time(text: &str) -> Option<i64> {
    let mut reader = Reader(text);
    let micros = reader.time()?;
    reader.0.is_empty().then_some(micros)
}

/// A civil time in a zone (`+01:00`, `-5`, `Z`, ` UTC`, ` America/New_York`) or in UTC, as microseconds since 1970 in UTC.
pub(crate) fn timestamp(text: &str) -> Option<i64> {
    let mut reader = Reader(text);
    let civil = reader.date_and_time()?;
    let zone = reader.0.trim_start_matches(' ');
    let zone = match (zone, reader.0) {
        ("", "") => Zone::UTC,
        ("", _) => return None,
        // After a day alone a zone stands behind a blank.
        (_, rest) if !rest.starts_with(' ') && !text.contains(':') => return None,
        (zone, rest) if zone.starts_with(['+', '-', 'Z', 'z']) || rest.starts_with(' ') => zone.parse().ok()?,
        _ => return None,
    };
    let (first, last) = (-62_135_596_800_000_000, 253_402_300_799_999_999);
    Some(zone.instant(civil)).filter(|utc| (first..=last).contains(utc))
}

struct Reader<'a>(&'a str);

impl Reader<'_> {
    /// Between `least` and `most` digits.
    fn digits(&mut self, least: usize, most: usize) -> Option<(i64, usize)> {
        let count = self.0.bytes().take(most).take_while(u8::is_ascii_digit).count();
        let (digits, rest) = self.0.split_at(count);
        self.0 = rest;
        (count >= least).then(|| digits.parse().ok().map(|value| (value, count))).flatten()
    }

    fn symbol(&mut self, symbol: char) -> Option<()> {
        self.0 = self.0.strip_prefix(symbol)?;
        Some(())
    }

    fn date(&mut self) -> Option<i32> {
        let (year, _) = self.digits(4, 4)?;
        self.symbol('-')?;
        let (month, _) = self.digits(1, 2)?;
        self.symbol('-')?;
        let (day, _) = self.digits(1, 2)?;
        days(year, month, day)
    }

    fn date_and_time(&mut self) -> Option<i64> {
        let day = i64::from(self.date()?) * DAY;
        // A blank may also stand before a zone, so it starts a time only where a digit follows.
        let marks = self.0.starts_with([' ', 'T', 't']) && self.0[1..].starts_with(|c: char| c.is_ascii_digit());
        if !marks {
            return Some(day);
        }
        self.0 = &self.0[1..];
        Some(day + self.time()?)
    }

    fn time(&mut self) -> Option<i64> {
        let (hour, _) = self.digits(1, 2)?;
        self.symbol(':')?;
        let (minute, _) = self.digits(1, 2)?;
        self.symbol(':')?;
        let (second, _) = self.digits(1, 2)?;
        if hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let mut micros = ((hour * 60 + minute) * 60 + second) * 1_000_000;
        if self.symbol('.').is_some() {
            let (fraction, digits) = self.digits(0, 6).unwrap_or((0, 0));
            micros += fraction * 10_i64.pow(6 - digits as u32);
        }
        Some(micros)
    }
}

#[cfg(test)]
mod tests {
    use super::{DAY, date, datetime, time, timestamp};

    #[test]
    fn days_are_counted_from_1970() {
        for (text, days) in
            [("1970-01-01", 0), ("2000-03-01", 11_017), ("0001-01-01", -719_162), ("9999-12-31", 2_932_896)]
        {
            assert_eq!(date(text), Some(days), "{text}");
        }
        assert_eq!(date("2020-2-29"), Some(18_321));
        for text in ["2019-02-29", "2020-13-01", "20-01-01", "2020-01-01 00:00:00", "", "0000-01-01", "2020-01-"] {
            assert_eq!(date(text), None, "{text}");
        }
    }

    #[test]
    fn times_take_one_digit_fields_fractions_and_zones() {
        assert_eq!(datetime("1970-1-2 1:2:3"), Some(DAY + 3_723_000_000));
        assert_eq!(datetime("1970-01-01T00:00:00.5"), Some(500_000));
        assert_eq!(datetime("1970-01-01"), Some(0));
        assert_eq!(datetime("1970-01-01 24:00:00"), None);
        assert_eq!(time("23:59:59.999999"), Some(DAY - 1));
        assert_eq!(timestamp("1970-01-01 01:00:00+01:00"), Some(0));
        assert_eq!(timestamp("1970-01-01 00:00:00 UTC"), Some(0));
        assert_eq!(timestamp("1970-01-01 00:00:00-5"), Some(5 * 3_600_000_000));
        assert_eq!(timestamp("1970-01-01 00:00:00 America/New_York"), Some(5 * 3_600_000_000));
        assert_eq!(timestamp("1970-01-01 America/New_York"), Some(5 * 3_600_000_000));
        for text in
            ["1970-01-01 00:00:00 +99", "1970-01-01 00:00:00 Nowhere/City", "1970-01-01+01", "0001-01-01 00:00:00+01"]
        {
            assert_eq!(timestamp(text), None, "{text}");
        }
    }
}
