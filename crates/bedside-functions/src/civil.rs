//! The proleptic Gregorian calendar on day numbers and microseconds: pure arithmetic, no zone.
//!
//! Days count from 1970-01-01, moments are microseconds from its midnight. GoogleSQL knows the years 1 to 9999.

use crate::error::{Result, fail};
pub(crate) use bedside_types::{checked_day, date_of, day_number, days_in_month};
use std::ops::RangeInclusive;
use std::str::FromStr;

pub(crate) const MICROS_PER_SECOND: i64 = 1_000_000;
pub(crate) const MICROS_PER_MINUTE: i64 = 60 * MICROS_PER_SECOND;
pub(crate) const MICROS_PER_HOUR: i64 = 60 * MICROS_PER_MINUTE;
pub(crate) const MICROS_PER_DAY: i64 = 24 * MICROS_PER_HOUR;
/// 0001-01-01.
pub(crate) const FIRST_DAY: i64 = day_number(1, 1, 1);
/// 9999-12-31.
pub(crate) const LAST_DAY: i64 = day_number(9999, 12, 31);
/// From the first microsecond of the first day to the last one of the last.
pub(crate) const MOMENTS: RangeInclusive<i64> = FIRST_DAY * MICROS_PER_DAY..=(LAST_DAY + 1) * MICROS_PER_DAY - 1;

/// Day of the week, 0 = Sunday.
pub(crate) const fn weekday(days: i64) -> i64 {
    (days + 4).rem_euclid(7)
}

pub(crate) fn check_days(days: i64) -> Result<i64> {
    if (FIRST_DAY..=LAST_DAY).contains(&days) {
        Ok(days)
    } else {
        fail("date overflow: the result is outside the years 0001 to 9999")
    }
}

pub(crate) fn check_micros(micros: i64) -> Result<i64> {
    if MOMENTS.contains(&micros) {
        Ok(micros)
    } else {
        fail("datetime overflow: the result is outside the years 0001 to 9999")
    }
}

/// The first day (Monday) of ISO week 1 of a year: the week that holds January 4.
pub(crate) const fn iso_year_start(year: i64) -> i64 {
    let fourth = day_number(year, 1, 4);
    fourth - (weekday(fourth) + 6) % 7
}

/// The ISO year that a day belongs to.
pub(crate) const fn iso_year(days: i64) -> i64 {
    let (year, ..) = date_of(days);
    if days < iso_year_start(year) {
        year - 1
    } else if days >= iso_year_start(year + 1) {
        year + 1
    } else {
        year
    }
}

/// A date part as SQL names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Microsecond,
    Millisecond,
    Second,
    Minute,
    Hour,
    Day,
    /// The first day of the week, 0 = Sunday.
    Week(i64),
    IsoWeek,
    Month,
    Quarter,
    Year,
    IsoYear,
    DayOfWeek,
    DayOfYear,
    Date,
    Time,
    Datetime,
}

impl FromStr for Part {
    type Err = crate::Error;

    fn from_str(text: &str) -> Result<Self> {
        Ok(match text {
            "MICROSECOND" => Self::Microsecond,
            "MILLISECOND" => Self::Millisecond,
            "SECOND" => Self::Second,
            "MINUTE" => Self::Minute,
            "HOUR" => Self::Hour,
            "DAY" => Self::Day,
            "WEEK" | "WEEK(SUNDAY)" => Self::Week(0),
            "WEEK(MONDAY)" => Self::Week(1),
            "WEEK(TUESDAY)" => Self::Week(2),
            "WEEK(WEDNESDAY)" => Self::Week(3),
            "WEEK(THURSDAY)" => Self::Week(4),
            "WEEK(FRIDAY)" => Self::Week(5),
            "WEEK(SATURDAY)" => Self::Week(6),
            "ISOWEEK" => Self::IsoWeek,
            "MONTH" => Self::Month,
            "QUARTER" => Self::Quarter,
            "YEAR" => Self::Year,
            "ISOYEAR" => Self::IsoYear,
            "DAYOFWEEK" => Self::DayOfWeek,
            "DAYOFYEAR" => Self::DayOfYear,
            "DATE" => Self::Date,
            "TIME" => Self::Time,
            "DATETIME" => Self::Datetime,
            other => return Err(crate::Error::Unsupported(format!("the date part {other}"))),
        })
    }
}

impl Part {
    /// The number of microseconds of parts that have a fixed one.
    pub(crate) const fn micros(self) -> Option<i64> {
        Some(match self {
            Self::Microsecond => 1,
            Self::Millisecond => 1_000,
            Self::Second => MICROS_PER_SECOND,
            Self::Minute => MICROS_PER_MINUTE,
            Self::Hour => MICROS_PER_HOUR,
            Self::Day => MICROS_PER_DAY,
            Self::Week(_) | Self::IsoWeek => 7 * MICROS_PER_DAY,
            _ => return None,
        })
    }

    /// Which period of this part a moment lies in: periods are numbered without gap, so that differences count boundaries
    /// and [`Part::start`] inverts it. `None` for parts that are no periods.
    pub(crate) fn period(self, micros: i64) -> Option<i64> {
        let days = micros.div_euclid(MICROS_PER_DAY);
        Some(match self {
            Self::Microsecond => micros,
            Self::Millisecond | Self::Second | Self::Minute | Self::Hour => micros.div_euclid(self.micros()?),
            Self::Day => days,
            Self::Week(first) => (days + 4 - first).div_euclid(7),
            Self::IsoWeek => (days + 3).div_euclid(7),
            Self::Month => {
                let (year, month, _) = date_of(days);
                year * 12 + month - 1
            }
            Self::Quarter => {
                let (year, month, _) = date_of(days);
                year * 4 + (month - 1) / 3
            }
            Self::Year => date_of(days).0,
            Self::IsoYear => iso_year(days),
            Self::DayOfWeek | Self::DayOfYear | Self::Date | Self::Time | Self::Datetime => return None,
        })
    }

    /// The first moment of a period.
    pub(crate) fn start(self, period: i64) -> Option<i64> {
        let days = match self {
            Self::Microsecond => return Some(period),
            Self::Millisecond | Self::Second | Self::Minute | Self::Hour => return period.checked_mul(self.micros()?),
            Self::Day => period,
            Self::Week(first) => period * 7 - 4 + first,
            Self::IsoWeek => period * 7 - 3,
            Self::Month => day_number(period.div_euclid(12), period.rem_euclid(12) + 1, 1),
            Self::Quarter => day_number(period.div_euclid(4), period.rem_euclid(4) * 3 + 1, 1),
            Self::Year => day_number(period, 1, 1),
            Self::IsoYear => iso_year_start(period),
            Self::DayOfWeek | Self::DayOfYear | Self::Date | Self::Time | Self::Datetime => return None,
        };
        days.checked_mul(MICROS_PER_DAY)
    }

    /// What EXTRACT gives for a number part of a moment.
    pub(crate) fn extract(self, micros: i64) -> Option<i64> {
        let days = micros.div_euclid(MICROS_PER_DAY);
        let within = micros.rem_euclid(MICROS_PER_DAY);
        let (year, month, day) = date_of(days);
        let day_of_year = days - day_number(year, 1, 1);
        Some(match self {
            Self::Microsecond => within % MICROS_PER_SECOND,
            Self::Millisecond => within % MICROS_PER_SECOND / 1_000,
            Self::Second => within / MICROS_PER_SECOND % 60,
            Self::Minute => within / MICROS_PER_MINUTE % 60,
            Self::Hour => within / MICROS_PER_HOUR,
            Self::Day => day,
            Self::DayOfWeek => weekday(days) + 1,
            Self::DayOfYear => day_of_year + 1,
            // Days before the year's first such weekday are in week 0.
            Self::Week(first) => (day_of_year + 7 - (weekday(days) - first).rem_euclid(7)) / 7,
            Self::IsoWeek => (days - iso_year_start(iso_year(days))) / 7 + 1,
            Self::Month => month,
            Self::Quarter => (month + 2) / 3,
            Self::Year => year,
            Self::IsoYear => iso_year(days),
            Self::Date | Self::Time | Self::Datetime => return None,
        })
    }
}

/// A day moved by months; the day of the month is cut to the last one that exists.
pub(crate) fn add_months(days: i64, months: i64) -> Result<i64> {
    let (year, month, day) = date_of(days);
    let Some(total) = (year * 12 + month - 1).checked_add(months).filter(|total| (12..120_000).contains(total)) else {
        return check_days(i64::MAX);
    };
    let (year, month) = (total.div_euclid(12), total.rem_euclid(12) + 1);
    check_days(day_number(year, month, day.min(days_in_month(year, month))))
}

#[cfg(test)]
mod tests {
    use super::{FIRST_DAY, LAST_DAY, MICROS_PER_DAY, Part, add_months, date_of, day_number};

    #[test]
    fn periods_start_where_they_should() {
        let parts =
            [Part::Week(0), Part::Week(3), Part::IsoWeek, Part::Month, Part::Quarter, Part::Year, Part::IsoYear];
        for part in parts {
            for days in (FIRST_DAY + 400..LAST_DAY).step_by(5) {
                let period = part.period(days * MICROS_PER_DAY).unwrap();
                let start = part.start(period).unwrap();
                assert!(start <= days * MICROS_PER_DAY && part.start(period + 1).unwrap() > days * MICROS_PER_DAY);
                assert_eq!(part.period(start), Some(period), "{part:?} {days}");
                assert_eq!(part.period(start - 1), Some(period - 1), "{part:?} {days}");
            }
        }
    }

    #[test]
    fn weeks_and_months_are_as_googlesql_counts_them() {
        let extract = |part: Part, (y, m, d)| part.extract(day_number(y, m, d) * MICROS_PER_DAY).unwrap();
        assert_eq!(extract(Part::Week(0), (2020, 1, 4)), 0);
        assert_eq!(extract(Part::Week(0), (2020, 1, 5)), 1);
        assert_eq!(extract(Part::IsoWeek, (2019, 12, 31)), 1);
        assert_eq!(extract(Part::IsoYear, (2019, 12, 31)), 2020);
        assert_eq!(extract(Part::DayOfWeek, (2020, 1, 5)), 1);
        assert_eq!(date_of(add_months(day_number(2020, 1, 31), 1).unwrap()), (2020, 2, 29));
        assert!(add_months(day_number(9999, 12, 1), 1).is_err());
    }
}
