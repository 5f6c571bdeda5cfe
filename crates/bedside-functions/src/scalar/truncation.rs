//! DATE_TRUNC and its family, and the ranges that let filters on truncated values prune.

use crate::call::{Call, some};
use crate::civil::{FIRST_DAY, LAST_DAY, MICROS_PER_DAY, Part};
use crate::error::{Error, Result, fail};
use crate::function::Spec;
use crate::scalar::construction::Zones;
use arrow::array::ArrayRef;
use arrow::datatypes::{DataType, Date32Type, Time64MicrosecondType, TimeUnit, TimestampMicrosecondType};
use datafusion::common::ScalarValue;
use datafusion::logical_expr::Expr;

pub(super) const FUNCTIONS: &[Spec] = &[
    Spec::fallible("date_trunc", truncate).with_preimage(truncation_preimage),
    Spec::fallible("datetime_trunc", truncate).with_preimage(truncation_preimage),
    Spec::fallible("timestamp_trunc", truncate).with_preimage(truncation_preimage),
    Spec::fallible("time_trunc", truncate),
];

fn truncate(call: &Call<'_>) -> Result<ArrayRef> {
    let part: Part = call.word(1)?.parse()?;
    match call.argument_type(0)? {
        DataType::Date32 => {
            let a = call.date(0)?;
            call.numbers::<Date32Type>(|row| {
                let micros = i64::from(some!(a.get(row))) * MICROS_PER_DAY;
                match floor(part, micros) {
                    Some(start) => calendar(start).map(|start| Some((start / MICROS_PER_DAY) as i32)),
                    None => refuse(call, part),
                }
            })
        }
        DataType::Timestamp(..) if call.count() > 2 => truncate_in_zone(call, part),
        DataType::Timestamp(..) => {
            let a = call.moment(0)?;
            if let (Some(unit), false) = (part.micros(), matches!(part, Part::Week(_) | Part::IsoWeek)) {
                return call.numbers::<TimestampMicrosecondType>(|row| {
                    let micros = some!(a.get(row));
                    Ok(Some(micros - micros.rem_euclid(unit)))
                });
            }
            call.numbers::<TimestampMicrosecondType>(|row| match floor(part, some!(a.get(row))) {
                Some(start) => calendar(start).map(Some),
                None => refuse(call, part),
            })
        }
        DataType::Time64(_) => {
            let a = call.time(0)?;
            let Some(unit) = part.micros() else { return refuse(call, part) };
            call.numbers::<Time64MicrosecondType>(|row| {
                let micros = some!(a.get(row));
                Ok(Some(micros - micros % unit))
            })
        }
        other => Err(Error::Internal(format!("{} of {other}", call.name))),
    }
}

/// TIMESTAMP_TRUNC(value, part, zone): by the civil time there. Hours and shorter keep the offset that is in force.
fn truncate_in_zone(call: &Call<'_>, part: Part) -> Result<ArrayRef> {
    let (a, zones) = (call.moment(0)?, Zones::of(call, 2)?);
    let short = part.micros().is_some_and(|unit| unit < MICROS_PER_DAY);
    call.numbers::<TimestampMicrosecondType>(|row| {
        let (micros, zone) = (some!(a.get(row)), some!(zones.get(row)?));
        let offset = zone.offset_at(micros);
        match floor(part, micros + offset) {
            Some(start) if short => calendar(start - offset).map(Some),
            Some(start) => calendar(zone.instant(start)).map(Some),
            None => refuse(call, part),
        }
    })
}

fn refuse<T>(call: &Call<'_>, part: Part) -> Result<T> {
    fail(format!("{} does not support the {part:?} date part", call.name.to_uppercase()))
}

/// The first moment of the period that a moment lies in.
pub(crate) fn floor(part: Part, micros: i64) -> Option<i64> {
    part.start(part.period(micros)?)
}

/// A week may begin before the first day of the calendar.
fn calendar(start: i64) -> Result<i64> {
    if start < FIRST_DAY * MICROS_PER_DAY { fail("the truncated value is before 0001-01-01") } else { Ok(start) }
}

/// The microseconds of a DATE, DATETIME or TIMESTAMP literal.
fn literal_micros(literal: &ScalarValue) -> Option<i64> {
    match literal {
        ScalarValue::Date32(Some(days)) => Some(i64::from(*days) * MICROS_PER_DAY),
        ScalarValue::TimestampMicrosecond(Some(micros), _) => Some(*micros),
        _ => None,
    }
}

/// A moment as a literal of this type; `None` outside the calendar or between two days of a DATE.
fn literal_of(micros: i64, to: &DataType) -> Option<ScalarValue> {
    let days = micros.div_euclid(MICROS_PER_DAY);
    if !(FIRST_DAY..=LAST_DAY).contains(&days) {
        return None;
    }
    match to {
        DataType::Date32 => (micros % MICROS_PER_DAY == 0).then_some(ScalarValue::Date32(Some(days as i32))),
        DataType::Timestamp(TimeUnit::Microsecond, zone) => {
            Some(ScalarValue::TimestampMicrosecond(Some(micros), zone.clone()))
        }
        _ => None,
    }
}

/// The range of values whose period of this part starts at the literal.
fn period_preimage(part: Part, micros: i64, input: &DataType) -> Option<(usize, ScalarValue, ScalarValue)> {
    let period = part.period(micros)?;
    let start = part.start(period)?;
    // A literal inside a period is no value of the function; such filters stay as they are.
    (start == micros)
        .then(|| Some((0, literal_of(start, input)?, literal_of(part.start(period + 1)?, input)?)))
        .flatten()
}

fn truncation_preimage(
    arguments: &[Expr],
    literal: &ScalarValue,
    input: &DataType,
) -> Option<(usize, ScalarValue, ScalarValue)> {
    if arguments.len() > 2 {
        return None;
    }
    let part: Part = arguments.get(1)?.as_literal()?.try_as_str()??.parse().ok()?;
    period_preimage(part, literal_micros(literal)?, input)
}

/// For what makes a DATE of a DATETIME: the range is the day.
pub(super) fn day_preimage(
    arguments: &[Expr],
    literal: &ScalarValue,
    input: &DataType,
) -> Option<(usize, ScalarValue, ScalarValue)> {
    if arguments.len() != 1 || !matches!(literal, ScalarValue::Date32(Some(_))) {
        return None;
    }
    if !matches!(input, DataType::Timestamp(TimeUnit::Microsecond, _) | DataType::Date32) {
        return None;
    }
    period_preimage(Part::Day, literal_micros(literal)?, input)
}

/// For EXTRACT of the year, the ISO year or the date.
pub(super) fn extraction_preimage(
    arguments: &[Expr],
    literal: &ScalarValue,
    input: &DataType,
) -> Option<(usize, ScalarValue, ScalarValue)> {
    if arguments.len() > 2 {
        return None;
    }
    let part: Part = arguments.get(1)?.as_literal()?.try_as_str()??.parse().ok()?;
    match (part, literal) {
        (Part::Year | Part::IsoYear, ScalarValue::Int64(Some(year))) if (2..9998).contains(year) => {
            period_preimage(part, part.start(*year)?, input)
        }
        (Part::Date, ScalarValue::Date32(Some(_))) => day_preimage(&arguments[..1], literal, input),
        _ => None,
    }
}
