//! DATE_ADD, DATETIME_SUB and their family: a value moved by so many of a part.
//!
//! The names are interchangeable; the type of the value decides. Months and longer keep the day of the month, cut to the
//! last day that exists.

use crate::call::{Call, Numbers, some};
use crate::civil::{MICROS_PER_DAY, MOMENTS, Part, add_months, check_days, check_micros};
use crate::error::{Result, fail};
use crate::function::Spec;
use crate::scalar::interval;
use crate::text;
use arrow::array::{ArrayRef, PrimitiveArray};
use arrow::compute::{max, min};
use arrow::datatypes::{DataType, Date32Type, Time64MicrosecondType, TimestampMicrosecondType};
use std::sync::Arc;

pub(super) const FUNCTIONS: &[Spec] = &[
    Spec::fallible("date_add", |call| shift(call, 1)),
    Spec::fallible("date_sub", |call| shift(call, -1)),
    Spec::fallible("datetime_add", |call| shift(call, 1)),
    Spec::fallible("datetime_sub", |call| shift(call, -1)),
    Spec::fallible("timestamp_add", |call| shift(call, 1)),
    Spec::fallible("timestamp_sub", |call| shift(call, -1)),
    Spec::total("time_add", |call| shift(call, 1)),
    Spec::total("time_sub", |call| shift(call, -1)),
];

fn shift(call: &Call<'_>, sign: i64) -> Result<ArrayRef> {
    if matches!(call.argument_type(1)?, DataType::Interval(_)) {
        return if sign > 0 { interval::add(call) } else { interval::subtract(call) };
    }
    let amount = call.int(1)?;
    let part: Part = call.word(2)?.parse()?;
    let verb = if sign > 0 { "Adding" } else { "Subtracting" };
    let name = call.word(2)?;
    match (call.argument_type(0)?, call.result) {
        (DataType::Time64(_), _) => {
            let time = call.time(0)?;
            let unit = part.micros().unwrap_or(MICROS_PER_DAY);
            call.numbers::<Time64MicrosecondType>(|row| {
                let moved = i128::from(some!(time.get(row)))
                    + i128::from(sign) * i128::from(some!(amount.get(row))) * i128::from(unit);
                Ok(Some(moved.rem_euclid(i128::from(MICROS_PER_DAY)) as i64))
            })
        }
        (DataType::Date32, DataType::Date32) => {
            let date = call.date(0)?;
            call.numbers::<Date32Type>(|row| {
                let (days, amount) = (i64::from(some!(date.get(row))), some!(amount.get(row)));
                match move_days(days, amount, sign, part) {
                    Some(moved) => Ok(Some(moved as i32)),
                    None => fail(format!("{verb} {amount} {name} to date {} causes overflow", text::format_date(days))),
                }
            })
        }
        (DataType::Date32, _) => {
            let date = call.date(0)?;
            call.numbers::<TimestampMicrosecondType>(|row| {
                let micros = i64::from(some!(date.get(row))) * MICROS_PER_DAY;
                moved(micros, some!(amount.get(row)), sign, part, (verb, name, "datetime")).map(Some)
            })
        }
        (_, result) => {
            let moment = call.moment(0)?;
            if let Some(moved) = moved_alike(&moment, amount.constant(), sign, part) {
                return Ok(Arc::new(moved.with_data_type(result.clone())));
            }
            let what = if matches!(result, DataType::Timestamp(_, Some(_))) { "timestamp" } else { "datetime" };
            call.numbers::<TimestampMicrosecondType>(|row| {
                moved(some!(moment.get(row)), some!(amount.get(row)), sign, part, (verb, name, what)).map(Some)
            })
        }
    }
}

/// All moments moved by the same fixed length, the usual case; `None` where it is another or one would leave the calendar.
fn moved_alike(
    moments: &Numbers<'_, TimestampMicrosecondType>,
    amount: Option<i64>,
    sign: i64,
    part: Part,
) -> Option<PrimitiveArray<TimestampMicrosecondType>> {
    let length = amount?.checked_mul(sign)?.checked_mul(part.micros()?)?;
    // As long as the calendar at most: then no sum of a moment and a length is too large for its type.
    if moments.step == 0 || length.checked_abs()? > MOMENTS.end() - MOMENTS.start() {
        return None;
    }
    let moved = moments.array.unary::<_, TimestampMicrosecondType>(|micros| micros.wrapping_add(length));
    let within = |bound: Option<i64>| bound.is_none_or(|micros| MOMENTS.contains(&micros));
    (within(min(&moved)) && within(max(&moved))).then_some(moved)
}

fn moved(micros: i64, amount: i64, sign: i64, part: Part, words: (&str, &str, &str)) -> Result<i64> {
    move_micros(micros, amount, sign, part).map_or_else(
        || {
            let (verb, name, what) = words;
            fail(format!("{verb} {amount} {name} to {what} {} causes overflow", text::format_datetime(micros)))
        },
        Ok,
    )
}

/// A day moved by so many days, weeks, months, quarters or years; `None` outside the calendar.
fn move_days(days: i64, amount: i64, sign: i64, part: Part) -> Option<i64> {
    let amount = amount.checked_mul(sign)?;
    match part {
        Part::Day => check_days(days.checked_add(amount)?).ok(),
        Part::Week(_) | Part::IsoWeek => check_days(days.checked_add(amount.checked_mul(7)?)?).ok(),
        Part::Month => add_months(days, amount).ok(),
        Part::Quarter => add_months(days, amount.checked_mul(3)?).ok(),
        Part::Year => add_months(days, amount.checked_mul(12)?).ok(),
        _ => None,
    }
}

/// A moment moved by so many of a part; `None` outside the calendar.
pub(crate) fn move_micros(micros: i64, amount: i64, sign: i64, part: Part) -> Option<i64> {
    if let Some(unit) = part.micros() {
        return check_micros(micros.checked_add(amount.checked_mul(sign)?.checked_mul(unit)?)?).ok();
    }
    let days = move_days(micros.div_euclid(MICROS_PER_DAY), amount, sign, part)?;
    Some(days * MICROS_PER_DAY + micros.rem_euclid(MICROS_PER_DAY))
}
