//! EXTRACT, and numbers of seconds, days and so on since 1970.

use crate::call::{Call, some};
use crate::civil::{
    MICROS_PER_DAY, MICROS_PER_SECOND, Part, check_days, check_micros, date_of, day_number, days_in_month,
};
use crate::error::{Error, Result, fail};
use crate::function::Spec;
use crate::scalar::construction::Zones;
use crate::scalar::truncation::extraction_preimage;
use arrow::array::ArrayRef;
use arrow::datatypes::{DataType, Date32Type, Int64Type, Time64MicrosecondType, TimestampMicrosecondType};

pub(super) const FUNCTIONS: &[Spec] = &[
    Spec::fallible("extract", extract).with_preimage(extraction_preimage),
    Spec::total("unix_seconds", |call| since_epoch(call, MICROS_PER_SECOND)),
    Spec::total("unix_millis", |call| since_epoch(call, 1000)),
    Spec::total("unix_micros", |call| since_epoch(call, 1)),
    Spec::total("unix_date", unix_date),
    Spec::fallible("timestamp_seconds", |call| of_epoch(call, MICROS_PER_SECOND)),
    Spec::fallible("timestamp_millis", |call| of_epoch(call, 1000)),
    Spec::fallible("timestamp_micros", |call| of_epoch(call, 1)),
    Spec::fallible("date_from_unix_date", date_of_number),
    Spec::fallible("last_day", last_day),
];

/// `EXTRACT(part FROM value)`: value, then the part's name, then perhaps a zone.
fn extract(call: &Call<'_>) -> Result<ArrayRef> {
    let part: Part = call.word(1)?.parse()?;
    let none = || fail(format!("EXTRACT does not support the {part:?} date part here"));
    if let DataType::Interval(_) = call.argument_type(0)? {
        return extract_from_interval(call, part);
    }
    if let DataType::Time64(_) = call.argument_type(0)? {
        let a = call.time(0)?;
        return call.ints(|row| part.extract(some!(a.get(row))).map_or_else(none, |value| Ok(Some(value))));
    }
    let (micros, zones) = (moments(call)?, Zones::of(call, 2)?);
    let civil = |row: usize| -> Result<Option<i64>> { Ok(Some(some!(zones.get(row)?).civil(some!(micros(row))))) };
    match call.result {
        DataType::Int64 => call.ints(|row| part.extract(some!(civil(row)?)).map_or_else(none, |value| Ok(Some(value)))),
        DataType::Date32 => {
            call.numbers::<Date32Type>(|row| Ok(Some(some!(civil(row)?).div_euclid(MICROS_PER_DAY) as i32)))
        }
        DataType::Time64(_) => {
            call.numbers::<Time64MicrosecondType>(|row| Ok(Some(some!(civil(row)?).rem_euclid(MICROS_PER_DAY))))
        }
        _ => call.numbers::<TimestampMicrosecondType>(civil),
    }
}

/// The microseconds of a DATE, DATETIME or TIMESTAMP argument, row by row.
fn moments<'a>(call: &Call<'a>) -> Result<Box<dyn Fn(usize) -> Option<i64> + 'a>> {
    if matches!(call.argument_type(0)?, DataType::Date32) {
        let a = call.date(0)?;
        return Ok(Box::new(move |row| a.get(row).map(|days| i64::from(days) * MICROS_PER_DAY)));
    }
    let a = call.moment(0)?;
    Ok(Box::new(move |row| a.get(row)))
}

fn extract_from_interval(call: &Call<'_>, part: Part) -> Result<ArrayRef> {
    let a = call.interval(0)?;
    call.numbers::<Int64Type>(|row| {
        let value = some!(a.get(row));
        let micros = value.nanoseconds / 1000;
        Ok(Some(match part {
            Part::Year => i64::from(value.months / 12),
            Part::Month => i64::from(value.months % 12),
            Part::Day => i64::from(value.days),
            Part::Hour => micros / 3_600_000_000,
            Part::Minute => micros / 60_000_000 % 60,
            Part::Second => micros / MICROS_PER_SECOND % 60,
            Part::Millisecond => micros % MICROS_PER_SECOND / 1000,
            Part::Microsecond => micros % MICROS_PER_SECOND,
            _ => return Err(Error::Unsupported(format!("EXTRACT({part:?} FROM INTERVAL)"))),
        }))
    })
}

fn since_epoch(call: &Call<'_>, unit: i64) -> Result<ArrayRef> {
    let a = call.moment(0)?;
    call.ints(|row| Ok(a.get(row).map(|micros| micros.div_euclid(unit))))
}

fn unix_date(call: &Call<'_>) -> Result<ArrayRef> {
    let a = call.date(0)?;
    call.ints(|row| Ok(a.get(row).map(i64::from)))
}

fn of_epoch(call: &Call<'_>, unit: i64) -> Result<ArrayRef> {
    let a = call.int(0)?;
    call.numbers::<TimestampMicrosecondType>(|row| {
        check_micros(some!(a.get(row)).checked_mul(unit).unwrap_or(i64::MAX)).map(Some)
    })
}

fn date_of_number(call: &Call<'_>) -> Result<ArrayRef> {
    let a = call.int(0)?;
    call.numbers::<Date32Type>(|row| Ok(Some(check_days(some!(a.get(row)))? as i32)))
}

/// LAST_DAY(x[, part]): the last day of the month, or of the part.
fn last_day(call: &Call<'_>) -> Result<ArrayRef> {
    let part: Part = if call.count() > 1 { call.word(1)?.parse()? } else { Part::Month };
    let micros = moments(call)?;
    call.numbers::<Date32Type>(|row| {
        let micros = some!(micros(row));
        if part == Part::Month {
            let (year, month, _) = date_of(micros.div_euclid(MICROS_PER_DAY));
            return Ok(Some(day_number(year, month, days_in_month(year, month)) as i32));
        }
        let next = part.period(micros).and_then(|period| part.start(period + 1));
        match next {
            Some(next) => Ok(Some(check_days(next / MICROS_PER_DAY - 1)? as i32)),
            None => fail(format!("LAST_DAY does not support the {part:?} date part")),
        }
    })
}
