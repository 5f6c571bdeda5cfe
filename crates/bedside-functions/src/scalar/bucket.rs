//! DATE_BUCKET, DATETIME_BUCKET, TIMESTAMP_BUCKET: the start of the bucket that a time is in
//! (<https://cloud.google.com/bigquery/docs/reference/standard-sql/time-series-functions>).

use crate::call::{Call, some};
use crate::civil::{MICROS_PER_DAY, add_months, check_days, check_micros, date_of, day_number};
use crate::error::{Result, fail};
use crate::function::Spec;
use crate::text;
use arrow::array::ArrayRef;
use arrow::datatypes::{DataType, Date32Type, IntervalMonthDayNano, TimestampMicrosecondType};

pub(super) const FUNCTIONS: &[Spec] = &[
    Spec::fallible("date_bucket", dates),
    Spec::fallible("datetime_bucket", moments),
    Spec::fallible("timestamp_bucket", moments),
];

/// 1950-01-01, from which buckets are counted where no origin is given.
pub(super) const ORIGIN: i64 = day_number(1950, 1, 1);

/// The width of a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Width {
    Months(i64),
    Days(i64),
    Micros(i64),
}

impl Width {
    pub(super) fn of(interval: IntervalMonthDayNano) -> Result<Self> {
        let (months, days) = (i64::from(interval.months), i64::from(interval.days));
        let micros = interval.nanoseconds / 1000;
        let width = match (months, days, micros) {
            (0, 0, 0) => return fail("Exactly one non-zero INTERVAL part in bucket width is required"),
            (months, 0, 0) => Self::Months(months),
            (0, days, 0) => Self::Days(days),
            (0, 0, micros) => Self::Micros(micros),
            _ => return fail("Exactly one non-zero INTERVAL part in bucket width is required"),
        };
        if months < 0 || days < 0 || micros < 0 {
            return fail("Negative bucket width INTERVAL is not allowed");
        }
        Ok(width)
    }

    /// The width of buckets of instants, which know no months.
    pub(super) fn of_instants(interval: IntervalMonthDayNano) -> Result<Self> {
        if interval.months != 0 {
            return fail("Bucket width INTERVAL with non-zero MONTH part is not allowed");
        }
        let (days, micros) = (i64::from(interval.days), interval.nanoseconds / 1000);
        match (days, micros) {
            (0, 0) => fail("Zero bucket width INTERVAL is not allowed"),
            (days, micros) if days != 0 && micros != 0 => {
                fail("Bucket width INTERVAL with mixed DAY and subsecond parts is not allowed")
            }
            (days, micros) if days < 0 || micros < 0 => fail("Negative bucket width INTERVAL is not allowed"),
            (days, micros) => Ok(Self::Micros(days * MICROS_PER_DAY + micros)),
        }
    }

    /// Which bucket, counted from the origin, a time is in.
    pub(super) fn number(self, micros: i64, origin: i64) -> i64 {
        match self {
            Self::Months(width) => {
                let month = |micros: i64| {
                    let (year, month, _) = date_of(micros.div_euclid(MICROS_PER_DAY));
                    year * 12 + month
                };
                let number = (month(micros) - month(origin)).div_euclid(width);
                // Months begin on the origin's day, which may be still to come.
                if self.start(number, origin).is_some_and(|start| start > micros) { number - 1 } else { number }
            }
            Self::Days(width) => (micros - origin).div_euclid(width * MICROS_PER_DAY),
            Self::Micros(width) => (micros - origin).div_euclid(width),
        }
    }

    /// The start of a bucket; months begin on the origin's day, cut to the last day that a month has.
    pub(super) fn start(self, number: i64, origin: i64) -> Option<i64> {
        match self {
            Self::Months(width) => {
                let day = add_months(origin.div_euclid(MICROS_PER_DAY), number.checked_mul(width)?).ok()?;
                Some(day * MICROS_PER_DAY + origin.rem_euclid(MICROS_PER_DAY))
            }
            Self::Days(width) => origin.checked_add(number.checked_mul(width)?.checked_mul(MICROS_PER_DAY)?),
            Self::Micros(width) => origin.checked_add(number.checked_mul(width)?),
        }
    }

    /// The start of the bucket that a time is in.
    fn floor(self, micros: i64, origin: i64) -> Option<i64> {
        self.start(self.number(micros, origin), origin)
    }
}

fn dates(call: &Call<'_>) -> Result<ArrayRef> {
    if !matches!(call.result, DataType::Date32) {
        return moments(call);
    }
    let (a, width) = (call.date(0)?, call.interval(1)?);
    let origin = if call.count() > 2 { Some(call.date(2)?) } else { None };
    call.numbers::<Date32Type>(|row| {
        let (day, width) = (i64::from(some!(a.get(row))), some!(width.get(row)));
        let origin = match &origin {
            Some(origin) => i64::from(some!(origin.get(row))),
            None => ORIGIN,
        };
        let width = Width::of(width)?;
        if matches!(width, Width::Micros(_)) {
            return fail("Only MONTH and DAY parts are allowed in bucket width INTERVAL");
        }
        let start = width.floor(day * MICROS_PER_DAY, origin * MICROS_PER_DAY);
        let start = start.map(|micros| micros.div_euclid(MICROS_PER_DAY));
        match start.filter(|start| check_days(*start).is_ok()) {
            Some(start) => Ok(Some(start as i32)),
            None => fail(format!("Bucket for {} is outside of date range", text::format_date(day))),
        }
    })
}

fn moments(call: &Call<'_>) -> Result<ArrayRef> {
    let instants = matches!(call.result, DataType::Timestamp(_, Some(_)));
    let (a, width) = (call.moment(0)?, call.interval(1)?);
    let origin = if call.count() > 2 { Some(call.moment(2)?) } else { None };
    call.numbers::<TimestampMicrosecondType>(|row| {
        let (micros, width) = (some!(a.get(row)), some!(width.get(row)));
        let origin = match &origin {
            Some(origin) => some!(origin.get(row)),
            None => ORIGIN * MICROS_PER_DAY,
        };
        let width = if instants { Width::of_instants(width)? } else { Width::of(width)? };
        let start = width.floor(micros, origin);
        match start.filter(|start| check_micros(*start).is_ok()) {
            Some(start) => Ok(Some(start)),
            None if instants => {
                fail(format!("Bucket for {} is outside of timestamp range", text::format_timestamp(micros)))
            }
            None => fail(format!("Bucket for {} is outside of datetime range", text::format_datetime(micros))),
        }
    })
}
