//! Time in whole seconds and its text. MIMIC shifts every patient into the years 2110 to 2210; so does this.

use bedside_types::day_number;
use std::ops::{Add, Sub};

pub(crate) const MINUTE: i64 = 60;
pub(crate) const HOUR: i64 = 60 * MINUTE;
pub(crate) const DAY: i64 = 24 * HOUR;

/// Seconds since 1970-01-01 00:00:00, without a time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Time(pub(crate) i64);

impl Time {
    /// The first moment of a year.
    pub(crate) fn of_year(year: i64) -> Self {
        Self(day_number(year, 1, 1) * DAY)
    }

    /// Cut down to a multiple of `unit` seconds.
    pub(crate) fn floor(self, unit: i64) -> Self {
        Self(self.0.div_euclid(unit) * unit)
    }

    /// Cut down to midnight.
    pub(crate) fn midnight(self) -> Self {
        self.floor(DAY)
    }

    /// Seconds since midnight.
    pub(crate) fn of_day(self) -> i64 {
        self.0.rem_euclid(DAY)
    }
}

impl Add<i64> for Time {
    type Output = Self;
    fn add(self, seconds: i64) -> Self {
        Self(self.0 + seconds)
    }
}

impl Sub<i64> for Time {
    type Output = Self;
    fn sub(self, seconds: i64) -> Self {
        Self(self.0 - seconds)
    }
}

impl Sub for Time {
    type Output = i64;
    fn sub(self, other: Self) -> i64 {
        self.0 - other.0
    }
}

#[cfg(test)]
mod tests {
    use super::{DAY, Time};
    use bedside_types::date_of;

    #[test]
    fn days_and_years_agree() {
        assert_eq!(date_of(0), (1970, 1, 1));
        assert_eq!(date_of(11_016), (2000, 2, 29));
        for year in [1970, 2000, 2001, 2100, 2101, 2150, 2199, 2400] {
            let start = Time::of_year(year);
            assert_eq!(date_of(start.0 / DAY), (year, 1, 1));
            assert_eq!(date_of(start.0 / DAY - 1), (year - 1, 12, 31));
        }
    }
}
