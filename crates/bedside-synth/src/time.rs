//! Time in whole seconds and its text. MIMIC shifts every patient into the years 2110 to 2210; so does this.

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
        // Days from civil, <https://howardhinnant.github.io/date_algorithms.html>, for 1 January.
        let year = year - 1;
        let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + 306 - 719_468;
        Self(days * DAY)
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

/// Year, month and day of a count of days since 1970-01-01
/// (civil from days, <https://howardhinnant.github.io/date_algorithms.html>).
pub(crate) fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::{DAY, Time, civil};

    #[test]
    fn days_and_years_agree() {
        assert_eq!(civil(0), (1970, 1, 1));
        assert_eq!(civil(11_016), (2000, 2, 29));
        for year in [1970, 2000, 2001, 2100, 2101, 2150, 2199, 2400] {
            let start = Time::of_year(year);
            assert_eq!(civil(start.0 / DAY), (year, 1, 1));
            assert_eq!(civil(start.0 / DAY - 1), (year - 1, 12, 31));
        }
    }
}
