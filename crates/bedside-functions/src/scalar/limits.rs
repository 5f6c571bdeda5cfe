//! Values held to the parameters of a type: `STRING(10)`, `NUMERIC(10, 2)`.

use crate::call::{Call, some};
use crate::error::{Error, Result, fail};
use crate::function::Spec;
use crate::numeric;
use arrow::array::ArrayRef;
use arrow::datatypes::{DataType, Decimal128Type, Decimal256Type};
use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive};
use std::borrow::Cow;

pub(super) const FUNCTIONS: &[Spec] =
    &[Spec::fallible("$limit_length", length), Spec::fallible("$limit_digits", digits)];

fn length(call: &Call<'_>) -> Result<ArrayRef> {
    let most = call.int(1)?;
    let checked = |name: &str, length: usize, most: i64| {
        if length as i64 <= most {
            return Ok(());
        }
        fail(format!("{name}({most}) has maximum length {most} but got a value with length {length}"))
    };
    if matches!(call.result, DataType::BinaryView) {
        let a = call.blob(0)?;
        return call.blobs(|row| {
            let (bytes, most) = (some!(a.get(row)), some!(most.get(row)));
            checked("BYTES", bytes.len(), most).map(|()| Some(Cow::Borrowed(bytes)))
        });
    }
    let a = call.text(0)?;
    call.texts(|row| {
        let (text, most) = (some!(a.get(row)), some!(most.get(row)));
        checked("STRING", text.chars().count(), most).map(|()| Some(Cow::Borrowed(text)))
    })
}

/// Rounded half away from zero to the scale, then within the precision.
fn digits(call: &Call<'_>) -> Result<ArrayRef> {
    let (precision, scale) = (call.int(1)?, call.int(2)?);
    let fitted = |name: &str, value: BigInt, own: u32, row: usize| {
        let (precision, scale) = (precision.get(row).unwrap_or(76), scale.get(row).unwrap_or(0));
        let unit = BigInt::from(10).pow(own.saturating_sub(scale as u32));
        let rounded = numeric::divide_big(&value, &unit) * &unit;
        if rounded.abs() >= BigInt::from(10).pow(precision as u32) * unit {
            let written = if scale == 0 { precision.to_string() } else { format!("{precision}, {scale}") };
            let value = numeric::format_decimal(&value, own as usize);
            return fail(format!(
                "{name}({written}) has precision {precision} and scale {scale} but got a value that is not in range: {value}"
            ));
        }
        Ok(Some(rounded))
    };
    let overflow = || Error::Internal("a rounded decimal is out of range".to_owned());
    if matches!(call.result, DataType::Decimal256(..)) {
        let a = call.big_numeric(0)?;
        return call.numbers::<Decimal256Type>(|row| {
            let value = some!(fitted("BIGNUMERIC", numeric::wide(some!(a.get(row))), 38, row)?);
            numeric::narrow(&value).map(Some).ok_or_else(overflow)
        });
    }
    let a = call.numeric(0)?;
    call.numbers::<Decimal128Type>(|row| {
        let value = some!(fitted("NUMERIC", BigInt::from(some!(a.get(row))), 9, row)?);
        value.to_i128().map(Some).ok_or_else(overflow)
    })
}
