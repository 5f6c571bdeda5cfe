//! Time zones: names of the IANA database and fixed offsets.

use chrono::{DateTime, MappedLocalTime, NaiveDateTime, Offset, TimeDelta, TimeZone};
use chrono_tz::Tz;
use std::str::FromStr;

const MICROS_PER_SECOND: i64 = 1_000_000;

/// A time zone as GoogleSQL takes it
/// (<https://cloud.google.com/bigquery/docs/reference/standard-sql/timestamp_functions#timezone_definitions>).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zone {
    /// So many seconds east of UTC: `+05:30`, `-8`, `UTC`.
    Fixed(i32),
    /// `America/New_York`.
    Named(Tz),
}

/// A text that names no time zone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Invalid time zone: {0}")]
pub struct ZoneError(pub String);

impl Zone {
    /// UTC.
    pub const UTC: Self = Self::Fixed(0);

    /// Microseconds east of UTC at an instant (microseconds since 1970 in UTC).
    pub fn offset_at(self, micros: i64) -> i64 {
        match self {
            Self::Fixed(seconds) => i64::from(seconds) * MICROS_PER_SECOND,
            Self::Named(zone) => DateTime::from_timestamp_micros(micros).map_or(0, |instant| {
                let offset = zone.offset_from_utc_datetime(&instant.naive_utc());
                i64::from(offset.fix().local_minus_utc()) * MICROS_PER_SECOND
            }),
        }
    }

    /// The civil time at an instant.
    pub fn civil(self, micros: i64) -> i64 {
        micros.saturating_add(self.offset_at(micros))
    }

    /// The instant of a civil time. Where clocks were set back the first of two is meant; where they were set forward, a
    /// time that was left out counts on from before, as BigQuery has it.
    pub fn instant(self, civil: i64) -> i64 {
        let zone = match self {
            Self::Fixed(seconds) => return civil.saturating_sub(i64::from(seconds) * MICROS_PER_SECOND),
            Self::Named(zone) => zone,
        };
        let Some(local) = DateTime::from_timestamp_micros(civil).map(|moment| moment.naive_utc()) else {
            return civil;
        };
        let offset = match zone.offset_from_local_datetime(&local) {
            MappedLocalTime::Single(offset) | MappedLocalTime::Ambiguous(offset, _) => seconds_east(&offset),
            MappedLocalTime::None => before_gap(zone, local),
        };
        civil.saturating_sub(offset * MICROS_PER_SECOND)
    }
}

fn seconds_east(offset: &impl Offset) -> i64 {
    i64::from(offset.fix().local_minus_utc())
}

/// The offset in force before clocks were set forward over a civil time; no zone ever skipped more than a day.
fn before_gap(zone: Tz, local: NaiveDateTime) -> i64 {
    let before = local.checked_sub_signed(TimeDelta::hours(25)).unwrap_or(local);
    zone.offset_from_local_datetime(&before).earliest().map_or(0, |offset| seconds_east(&offset))
}

impl FromStr for Zone {
    type Err = ZoneError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if matches!(text, "UTC" | "Z" | "z") {
            return Ok(Self::UTC);
        }
        let fixed = || {
            let (sign, rest) = match text.as_bytes().first()? {
                b'+' => (1, &text[1..]),
                b'-' => (-1, &text[1..]),
                _ => return None,
            };
            let (hours, minutes) = rest.split_once(':').unwrap_or((rest, "0"));
            let number = |digits: &str| {
                let valid = (1..=2).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
                digits.parse::<i32>().ok().filter(|_| valid)
            };
            let seconds = (number(hours)? * 60 + number(minutes).filter(|minutes| *minutes < 60)?) * 60;
            (seconds <= 14 * 3600).then_some(Self::Fixed(sign * seconds))
        };
        fixed().or_else(|| text.parse().ok().map(Self::Named)).ok_or_else(|| ZoneError(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::Zone;

    const HOUR: i64 = 3_600_000_000;
    const DAY: i64 = 24 * HOUR;

    #[test]
    fn civil_times_and_instants_go_over_into_each_other() {
        let new_york: Zone = "America/New_York".parse().unwrap();
        // 2020-03-08: clocks went from 2:00 to 3:00; 2020-11-01: from 2:00 back to 1:00.
        let (spring, autumn) = (18_329 * DAY, 18_567 * DAY);
        assert_eq!(new_york.instant(spring + HOUR), spring + 6 * HOUR);
        assert_eq!(new_york.instant(spring + 5 * HOUR / 2), spring + 15 * HOUR / 2);
        assert_eq!(new_york.instant(spring + 3 * HOUR), spring + 7 * HOUR);
        assert_eq!(new_york.instant(autumn + 3 * HOUR / 2), autumn + 11 * HOUR / 2);
        for instant in [spring, autumn, -40_000 * DAY, 47_000 * DAY] {
            assert_eq!(new_york.instant(new_york.civil(instant)), instant);
        }
    }

    #[test]
    fn names_and_offsets_are_read() {
        for (text, seconds) in [("+05:30", 19_800), ("-8", -28_800), ("+0", 0), ("UTC", 0), ("-14:00", -50_400)] {
            assert_eq!(text.parse(), Ok(Zone::Fixed(seconds)), "{text}");
        }
        assert!("Asia/Kolkata".parse::<Zone>().is_ok());
        for text in ["america/new_york", "Nowhere/City", "+25:00", "+1:60", "", "+", "+100", " UTC"] {
            assert_eq!(text.parse::<Zone>().unwrap_err().to_string(), format!("Invalid time zone: {text}"));
        }
    }
}
