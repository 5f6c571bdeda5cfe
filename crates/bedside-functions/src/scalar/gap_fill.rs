//! What GAP_FILL is made of: the starts of all buckets between two times, and values between two others.

use crate::call::{Call, some};
use crate::civil::{MICROS_PER_DAY, check_micros};
use crate::error::{Error, Result, fail};
use crate::function::Spec;
use crate::numeric;
use crate::scalar::arrays::{MOST_GENERATED, number_lists};
use crate::scalar::bucket::{ORIGIN, Width};
use crate::scalar::cast::float_to_int;
use arrow::array::ArrayRef;
use arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Decimal256Type, Float64Type, Int64Type, TimestampMicrosecondType,
};
use num_bigint::BigInt;
use num_traits::ToPrimitive;

pub(super) const FUNCTIONS: &[Spec] =
    &[Spec::fallible("gap_fill.buckets", buckets), Spec::fallible("gap_fill.linear", linear)];

/// The times of an argument, as microseconds.
type Times<'a> = Box<dyn Fn(usize) -> Option<i64> + 'a>;

fn times<'a>(call: &Call<'a>, index: usize) -> Result<Times<'a>> {
    if matches!(call.argument_type(index)?, DataType::Date32) {
        let a = call.date(index)?;
        return Ok(Box::new(move |row| a.get(row).map(|day| i64::from(day) * MICROS_PER_DAY)));
    }
    let a = call.moment(index)?;
    Ok(Box::new(move |row| a.get(row)))
}

/// Starts of buckets from the first time to the last, both included.
fn buckets(call: &Call<'_>) -> Result<ArrayRef> {
    let (first, last, width) = (times(call, 0)?, times(call, 1)?, call.interval(2)?);
    let origin = if call.count() > 3 { Some(times(call, 3)?) } else { None };
    let element = call.argument_type(0)?;
    let instants = matches!(element, DataType::Timestamp(_, Some(_)));
    let row = |row: usize| {
        let (first, last, width) = (some!(first(row)), some!(last(row)), some!(width.get(row)));
        let origin = match &origin {
            Some(origin) => some!(origin(row)),
            None => ORIGIN * MICROS_PER_DAY,
        };
        let width = if instants { Width::of_instants(width)? } else { Width::of(width)? };
        if matches!((width, element), (Width::Micros(_), DataType::Date32)) {
            return fail("Only MONTH and DAY parts are allowed in bucket width INTERVAL");
        }
        starts(first, last, origin, width).map(Some)
    };
    if matches!(element, DataType::Date32) {
        let days = |micros: Vec<i64>| micros.into_iter().map(|at| at.div_euclid(MICROS_PER_DAY) as i32).collect();
        return number_lists::<Date32Type>(call, |at| Ok(row(at)?.map(days)));
    }
    number_lists::<TimestampMicrosecondType>(call, row)
}

fn starts(first: i64, last: i64, origin: i64, width: Width) -> Result<Vec<i64>> {
    let mut number = width.number(first, origin);
    let mut found = Vec::new();
    loop {
        let Some(start) = width.start(number, origin).filter(|start| *start <= last && check_micros(*start).is_ok())
        else {
            return Ok(found);
        };
        if start >= first {
            found.push(start);
        }
        if found.len() > MOST_GENERATED {
            return fail(format!("GAP_FILL cannot give more than {MOST_GENERATED} buckets of one series"));
        }
        number += 1;
    }
}

/// The value at a time on the line between the values at two others.
fn linear(call: &Call<'_>) -> Result<ArrayRef> {
    let (before, after, at) = (times(call, 2)?, times(call, 3)?, times(call, 4)?);
    let share = |row: usize| {
        let (before, after, at) = (before(row)?, after(row)?, at(row)?);
        Some((at - before, after - before)).filter(|(_, whole)| *whole > 0)
    };
    match call.result {
        DataType::Int64 => {
            let (a, b) = (call.int(0)?, call.int(1)?);
            call.numbers::<Int64Type>(|row| {
                let ((part, whole), a, b) = (some!(share(row)), some!(a.get(row)), some!(b.get(row)));
                float_to_int(between(a as f64, b as f64, part, whole)).map(Some)
            })
        }
        DataType::Float64 => {
            let (a, b) = (call.float(0)?, call.float(1)?);
            call.numbers::<Float64Type>(|row| {
                let ((part, whole), a, b) = (some!(share(row)), some!(a.get(row)), some!(b.get(row)));
                Ok(Some(between(a, b, part, whole)))
            })
        }
        DataType::Decimal128(..) => {
            let (a, b) = (call.numeric(0)?, call.numeric(1)?);
            call.numbers::<Decimal128Type>(|row| {
                let ((part, whole), a, b) = (some!(share(row)), some!(a.get(row)), some!(b.get(row)));
                Ok(exactly(&BigInt::from(a), &BigInt::from(b), part, whole).to_i128())
            })
        }
        DataType::Decimal256(..) => {
            let (a, b) = (call.big_numeric(0)?, call.big_numeric(1)?);
            call.numbers::<Decimal256Type>(|row| {
                let ((part, whole), a, b) = (some!(share(row)), some!(a.get(row)), some!(b.get(row)));
                Ok(numeric::narrow(&exactly(&numeric::wide(a), &numeric::wide(b), part, whole)))
            })
        }
        other => Err(Error::Unsupported(format!("linear GAP_FILL of {other}"))),
    }
}

fn between(a: f64, b: f64, part: i64, whole: i64) -> f64 {
    a + (b - a) * (part as f64 / whole as f64)
}

fn exactly(a: &BigInt, b: &BigInt, part: i64, whole: i64) -> BigInt {
    a + numeric::divide_big(&((b - a) * part), &BigInt::from(whole))
}
