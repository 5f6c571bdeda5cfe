//! DATE_DIFF, DATETIME_DIFF, TIMESTAMP_DIFF, TIME_DIFF: the type of the arguments decides, not the name.
//!
//! DATE and DATETIME differences count the boundaries between the two values; TIMESTAMP and TIME differences count whole
//! elapsed units, toward zero.

use crate::call::{Call, Numbers, some};
use crate::civil::{MICROS_PER_DAY, MICROS_PER_HOUR, MICROS_PER_MINUTE, MICROS_PER_SECOND, Part};
use crate::error::{Error, Result, fail};
use crate::function::Spec;
use arrow::array::{ArrayRef, ArrowPrimitiveType};
use arrow::datatypes::DataType;
use datafusion::common::ScalarValue;

pub(super) const FUNCTIONS: &[Spec] = &[
    Spec::fallible("date_diff", difference).sound_if(counts),
    Spec::fallible("datetime_diff", difference).sound_if(counts),
    Spec::fallible("timestamp_diff", difference).sound_if(counts),
    Spec::fallible("time_diff", difference).sound_if(counts),
];

/// Whether the part is one of which all times are a number from each other.
fn counts(constants: &[Option<&ScalarValue>]) -> bool {
    const PARTS: [&str; 8] = ["YEAR", "QUARTER", "MONTH", "WEEK", "DAY", "HOUR", "MINUTE", "SECOND"];
    let part = constants.get(2).copied().flatten().and_then(ScalarValue::try_as_str).flatten();
    part.is_some_and(|part| PARTS.contains(&part))
}

fn difference(call: &Call<'_>) -> Result<ArrayRef> {
    let part: Part = call.word(2)?.parse()?;
    match call.argument_type(0)? {
        DataType::Date32 => {
            let (a, b) = (call.date(0)?, call.date(1)?);
            boundaries(call, &a, &b, part, |days| i64::from(days).wrapping_mul(MICROS_PER_DAY))
        }
        DataType::Timestamp(_, None) => {
            let (a, b) = (call.moment(0)?, call.moment(1)?);
            boundaries(call, &a, &b, part, |micros| micros)
        }
        DataType::Timestamp(_, Some(_)) => {
            let (a, b) = (call.moment(0)?, call.moment(1)?);
            elapsed(call, &a, &b, part)
        }
        DataType::Time64(_) => {
            let (a, b) = (call.time(0)?, call.time(1)?);
            elapsed(call, &a, &b, part)
        }
        other => Err(Error::Internal(format!("{} of {other}", call.name))),
    }
}

fn boundaries<T: ArrowPrimitiveType>(
    call: &Call<'_>,
    a: &Numbers<'_, T>,
    b: &Numbers<'_, T>,
    part: Part,
    micros: impl Fn(T::Native) -> i64 + Copy,
) -> Result<ArrayRef> {
    // Parts of fixed length need no calendar.
    let fixed = match part {
        Part::Week(_) | Part::IsoWeek => None,
        other => other.micros(),
    };
    match fixed {
        Some(MICROS_PER_SECOND) => return whole::<MICROS_PER_SECOND, T, _>(call, a, b, micros),
        Some(MICROS_PER_MINUTE) => return whole::<MICROS_PER_MINUTE, T, _>(call, a, b, micros),
        Some(MICROS_PER_HOUR) => return whole::<MICROS_PER_HOUR, T, _>(call, a, b, micros),
        Some(MICROS_PER_DAY) => return whole::<MICROS_PER_DAY, T, _>(call, a, b, micros),
        _ => (),
    }
    call.ints(|row| {
        let (x, y) = (micros(some!(a.get(row))), micros(some!(b.get(row))));
        match (part.period(x), part.period(y)) {
            (Some(x), Some(y)) => Ok(Some(x - y)),
            _ => fail(format!("{} does not support the {part:?} date part", call.name.to_uppercase())),
        }
    })
}

/// Boundaries of units of a length that the compiler knows, so that nothing is divided.
fn whole<const UNIT: i64, T: ArrowPrimitiveType, M: Fn(T::Native) -> i64 + Copy>(
    call: &Call<'_>,
    a: &Numbers<'_, T>,
    b: &Numbers<'_, T>,
    micros: M,
) -> Result<ArrayRef> {
    // Whole units later than any time is early, so that rounding down is what unsigned division does. What hides under a
    // NULL may be beyond that and gives some number.
    // The unit stands in the closure itself: one that is captured is divided by after all.
    let units = |time: T::Native| {
        ((micros(time) as u64).wrapping_add((1 << 62) / (UNIT as u64) * (UNIT as u64)) / (UNIT as u64)) as i64
    };
    call.ints_of((a, b), |x, y| units(x).wrapping_sub(units(y)))
}

fn elapsed<T: ArrowPrimitiveType<Native = i64>>(
    call: &Call<'_>,
    a: &Numbers<'_, T>,
    b: &Numbers<'_, T>,
    part: Part,
) -> Result<ArrayRef> {
    let Some(unit) = part.micros().filter(|_| !matches!(part, Part::Week(_) | Part::IsoWeek)) else {
        return fail(format!("{} does not support the {part:?} date part", call.name.to_uppercase()));
    };
    call.ints(|row| Ok(Some((some!(a.get(row)) - some!(b.get(row))) / unit)))
}
