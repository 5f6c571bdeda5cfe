//! CAST and SAFE_CAST between all pairs of types that GoogleSQL allows.
//!
//! Lowering uses DataFusion's own cast where it gives the same values and prunes (INT64 to FLOAT64 or NUMERIC, DATE to
//! DATETIME, DATETIME to TIMESTAMP); everything else comes here.

use crate::call::{Call, some};
use crate::civil::MICROS_PER_DAY;
use crate::error::{Error, Result, fail};
use crate::function::Spec;
use crate::numeric::{self, NUMERIC_ONE};
use crate::scalar::interval;
use crate::scalar::ranges;
use crate::scalar::truncation::day_preimage;
use crate::scalar::value_text;
use crate::text;
use arrow::array::{Array, ArrayRef, AsArray, ListArray, StructArray};
use arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Decimal256Type, Time64MicrosecondType, TimestampMicrosecondType,
};
use bedside_types::SqlType;
use num_bigint::BigInt;
use num_traits::ToPrimitive;
use std::borrow::Cow;
use std::sync::Arc;

pub(super) const FUNCTIONS: &[Spec] = &[Spec::fallible("$cast", cast).with_preimage(day_preimage)];

fn cast(call: &Call<'_>) -> Result<ArrayRef> {
    let from = call.argument_type(0)?;
    if from == call.result {
        let (array, step) = call.argument(0)?;
        return if step == 1 || call.rows == 1 { Ok(Arc::clone(array)) } else { repeat(array, call.rows) };
    }
    match call.result {
        DataType::Int64 => to_int(call, from),
        DataType::Float64 => to_float(call, from),
        DataType::Decimal128(..) => to_numeric(call, from),
        DataType::Decimal256(..) => to_big_numeric(call, from),
        DataType::Boolean => to_bool(call, from),
        DataType::Utf8View => to_text(call, from),
        DataType::BinaryView => to_bytes(call),
        DataType::Date32 => to_date(call, from),
        DataType::Timestamp(_, zone) => to_moment(call, from, zone.is_some()),
        DataType::Time64(_) => to_time(call, from),
        DataType::Interval(_) if matches!(from, DataType::Utf8View) => {
            let a = call.text(0)?;
            call.intervals(|row| interval::parse(some!(a.get(row))).map(Some))
        }
        DataType::List(_) => to_list(call),
        DataType::Struct(_) if SqlType::is_range(call.result) && matches!(from, DataType::Utf8View) => {
            ranges::of_texts(call)
        }
        DataType::Struct(_) => to_struct(call),
        other => Err(Error::Unsupported(format!("CAST from {from} to {other}"))),
    }
}

fn repeat(array: &ArrayRef, rows: usize) -> Result<ArrayRef> {
    let indices = arrow::array::UInt32Array::from(vec![0; rows]);
    Ok(arrow::compute::take(array, &indices, None)?)
}

fn unsupported<T>(from: &DataType, call: &Call<'_>) -> Result<T> {
    Err(Error::Unsupported(format!("CAST from {from} to {}", call.result)))
}

fn to_int(call: &Call<'_>, from: &DataType) -> Result<ArrayRef> {
    match from {
        DataType::Float64 => {
            let a = call.float(0)?;
            call.ints(|row| float_to_int(some!(a.get(row))).map(Some))
        }
        DataType::Decimal128(..) => {
            let a = call.numeric(0)?;
            call.ints(|row| {
                let value = some!(a.get(row));
                let whole = numeric::divide_rounded(value, NUMERIC_ONE);
                i64::try_from(whole)
                    .map_or_else(|_| fail(format!("int64 out of range: {}", numeric::format(value))), |v| Ok(Some(v)))
            })
        }
        DataType::Decimal256(..) => {
            let a = call.big_numeric(0)?;
            call.ints(|row| {
                let value = numeric::wide(some!(a.get(row)));
                let whole = numeric::divide_big(&value, &BigInt::from(10).pow(38)).to_i64();
                whole.map_or_else(
                    || fail(format!("int64 out of range: {}", numeric::format_decimal(&value, 38))),
                    |v| Ok(Some(v)),
                )
            })
        }
        DataType::Boolean => {
            let a = call.flag(0)?;
            call.ints(|row| Ok(a.get(row).map(i64::from)))
        }
        DataType::Utf8View => {
            let a = call.text(0)?;
            call.ints(|row| {
                let value = some!(a.get(row));
                text::parse_int(value).map_or_else(|| fail(format!("Bad int64 value: {value}")), |v| Ok(Some(v)))
            })
        }
        _ => unsupported(from, call),
    }
}

/// Rounds half away from zero; NaN, infinities and what is out of range are errors.
pub(crate) fn float_to_int(value: f64) -> Result<i64> {
    if !value.is_finite() {
        return fail(format!(
            "Illegal conversion of non-finite floating point number to an integer: {}",
            text::format_float(value)
        ));
    }
    let rounded = value.round();
    if (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&rounded) {
        return Ok(rounded as i64);
    }
    fail(format!("int64 out of range: {}", text::format_float(value)))
}

fn to_float(call: &Call<'_>, from: &DataType) -> Result<ArrayRef> {
    match from {
        DataType::Int64 => {
            let a = call.int(0)?;
            call.floats(|row| Ok(a.get(row).map(|v| v as f64)))
        }
        DataType::Decimal128(..) => {
            let a = call.numeric(0)?;
            call.floats(|row| Ok(a.get(row).map(numeric::to_float)))
        }
        DataType::Decimal256(..) => {
            let a = call.big_numeric(0)?;
            call.floats(|row| {
                let value = numeric::format_decimal(&numeric::wide(some!(a.get(row))), 38);
                Ok(value.parse().ok())
            })
        }
        DataType::Utf8View => {
            let a = call.text(0)?;
            call.floats(|row| {
                let value = some!(a.get(row));
                text::parse_float(value).map_or_else(|| fail(format!("Bad double value: {value}")), |v| Ok(Some(v)))
            })
        }
        _ => unsupported(from, call),
    }
}

fn to_numeric(call: &Call<'_>, from: &DataType) -> Result<ArrayRef> {
    match from {
        DataType::Int64 => {
            let a = call.int(0)?;
            call.numbers::<Decimal128Type>(|row| Ok(a.get(row).map(|v| i128::from(v) * NUMERIC_ONE)))
        }
        DataType::Float64 => {
            let a = call.float(0)?;
            call.numbers::<Decimal128Type>(|row| {
                let value = some!(a.get(row));
                match numeric::from_float(value) {
                    Some(value) => Ok(Some(value)),
                    None if value.is_finite() => fail(format!("numeric out of range: {}", text::format_float(value))),
                    None => fail(format!(
                        "Illegal conversion of non-finite floating point number to numeric: {}",
                        text::format_float(value)
                    )),
                }
            })
        }
        DataType::Decimal256(..) => {
            let a = call.big_numeric(0)?;
            call.numbers::<Decimal128Type>(|row| {
                let value = numeric::wide(some!(a.get(row)));
                let rounded = numeric::divide_big(&value, &BigInt::from(10).pow(29)).to_i128();
                numeric::checked(rounded).map_or_else(
                    || fail(format!("numeric out of range: {}", numeric::format_decimal(&value, 38))),
                    |v| Ok(Some(v)),
                )
            })
        }
        DataType::Utf8View => {
            let a = call.text(0)?;
            call.numbers::<Decimal128Type>(|row| {
                let value = some!(a.get(row));
                numeric::parse(value).map_or_else(|| fail(format!("Invalid NUMERIC value: {value}")), |v| Ok(Some(v)))
            })
        }
        _ => unsupported(from, call),
    }
}

fn to_big_numeric(call: &Call<'_>, from: &DataType) -> Result<ArrayRef> {
    let fitted = |value: Option<BigInt>, text: &dyn Fn() -> String| {
        value.as_ref().and_then(numeric::narrow).map_or_else(|| fail(text()), |v| Ok(Some(v)))
    };
    match from {
        DataType::Int64 => {
            let a = call.int(0)?;
            call.numbers::<Decimal256Type>(|row| {
                let value = some!(a.get(row));
                fitted(Some(BigInt::from(value) * BigInt::from(10).pow(38)), &|| value.to_string())
            })
        }
        DataType::Decimal128(..) => {
            let a = call.numeric(0)?;
            call.numbers::<Decimal256Type>(|row| {
                let value = some!(a.get(row));
                fitted(Some(BigInt::from(value) * BigInt::from(10).pow(29)), &|| numeric::format(value))
            })
        }
        DataType::Float64 => {
            let a = call.float(0)?;
            call.numbers::<Decimal256Type>(|row| {
                let value = some!(a.get(row));
                fitted(numeric::float_scaled(value, 38), &|| {
                    format!("BIGNUMERIC out of range: {}", text::format_float(value))
                })
            })
        }
        DataType::Utf8View => {
            let a = call.text(0)?;
            call.numbers::<Decimal256Type>(|row| {
                let value = some!(a.get(row));
                fitted(numeric::parse_decimal(value, 38), &|| format!("Invalid BIGNUMERIC value: {value}"))
            })
        }
        _ => unsupported(from, call),
    }
}

fn to_bool(call: &Call<'_>, from: &DataType) -> Result<ArrayRef> {
    match from {
        DataType::Int64 => {
            let a = call.int(0)?;
            call.flags(|row| Ok(a.get(row).map(|v| v != 0)))
        }
        DataType::Utf8View => {
            let a = call.text(0)?;
            call.flags(|row| {
                let value = some!(a.get(row));
                text::parse_bool(value).map_or_else(|| fail(format!("Bad bool value: {value}")), |v| Ok(Some(v)))
            })
        }
        _ => unsupported(from, call),
    }
}

fn to_text(call: &Call<'_>, from: &DataType) -> Result<ArrayRef> {
    match from {
        DataType::Int64 => {
            let a = call.int(0)?;
            call.texts(|row| Ok(Some(Cow::Owned(some!(a.get(row)).to_string()))))
        }
        DataType::Float64 => {
            let a = call.float(0)?;
            call.texts(|row| Ok(Some(Cow::Owned(text::format_float(some!(a.get(row)))))))
        }
        DataType::BinaryView => {
            let a = call.blob(0)?;
            call.texts(|row| match std::str::from_utf8(some!(a.get(row))) {
                Ok(text) => Ok(Some(Cow::Borrowed(text))),
                Err(_) => fail("Invalid cast of bytes to UTF8 string"),
            })
        }
        DataType::List(_) => unsupported(from, call),
        DataType::Struct(_) if !SqlType::is_range(from) => unsupported(from, call),
        _ => {
            let (array, step) = call.argument(0)?;
            call.texts(|row| Ok(value_text::cast_text(array, row * step)?.map(Cow::Owned)))
        }
    }
}

fn to_bytes(call: &Call<'_>) -> Result<ArrayRef> {
    let a = call.text(0)?;
    call.blobs(|row| Ok(a.get(row).map(|text| Cow::Borrowed(text.as_bytes()))))
}

fn to_date(call: &Call<'_>, from: &DataType) -> Result<ArrayRef> {
    match from {
        DataType::Timestamp(..) => {
            let a = call.moment(0)?;
            call.numbers::<Date32Type>(|row| Ok(a.get(row).map(|v| v.div_euclid(MICROS_PER_DAY) as i32)))
        }
        DataType::Utf8View => {
            let a = call.text(0)?;
            call.numbers::<Date32Type>(|row| {
                let value = some!(a.get(row));
                text::parse_date(value).map_or_else(|| fail(format!("Invalid date: '{value}'")), |v| Ok(Some(v as i32)))
            })
        }
        _ => unsupported(from, call),
    }
}

fn to_moment(call: &Call<'_>, from: &DataType, zoned: bool) -> Result<ArrayRef> {
    match from {
        DataType::Timestamp(..) => {
            let a = call.moment(0)?;
            call.numbers::<TimestampMicrosecondType>(|row| Ok(a.get(row)))
        }
        DataType::Date32 => {
            let a = call.date(0)?;
            call.numbers::<TimestampMicrosecondType>(|row| Ok(a.get(row).map(|v| i64::from(v) * MICROS_PER_DAY)))
        }
        DataType::Utf8View => {
            let a = call.text(0)?;
            call.numbers::<TimestampMicrosecondType>(|row| {
                let value = some!(a.get(row));
                if zoned {
                    return text::parse_timestamp(value)
                        .map_or_else(|| fail(format!("Invalid timestamp: '{value}'")), |v| Ok(Some(v)));
                }
                text::parse_datetime(value)
                    .map_or_else(|| fail(format!("Invalid datetime string \"{value}\"")), |v| Ok(Some(v)))
            })
        }
        _ => unsupported(from, call),
    }
}

fn to_time(call: &Call<'_>, from: &DataType) -> Result<ArrayRef> {
    match from {
        DataType::Timestamp(..) => {
            let a = call.moment(0)?;
            call.numbers::<Time64MicrosecondType>(|row| Ok(a.get(row).map(|v| v.rem_euclid(MICROS_PER_DAY))))
        }
        DataType::Utf8View => {
            let a = call.text(0)?;
            call.numbers::<Time64MicrosecondType>(|row| {
                let value = some!(a.get(row));
                text::parse_time(value)
                    .map_or_else(|| fail(format!("Invalid time string \"{value}\"")), |v| Ok(Some(v)))
            })
        }
        _ => unsupported(from, call),
    }
}

/// Casts one array by the rules above; the elements of arrays and the fields of structs come here.
fn cast_array(array: &ArrayRef, to: &DataType, call: &Call<'_>) -> Result<ArrayRef> {
    let arguments = [Arc::clone(array)];
    cast(&Call { arguments: &arguments, rows: array.len(), result: to, ..*call })
}

fn to_list(call: &Call<'_>) -> Result<ArrayRef> {
    let (array, step) = call.argument(0)?;
    let (Some(list), DataType::List(field)) = (array.as_list_opt::<i32>(), call.result) else {
        return unsupported(array.data_type(), call);
    };
    let values = cast_array(list.values(), field.data_type(), call)?;
    // Under SAFE_CAST one element that cannot be cast makes the whole array NULL.
    let failed = |row: usize| {
        let (start, end) = (list.value_offsets()[row] as usize, list.value_offsets()[row + 1] as usize);
        (start..end).any(|at| values.is_null(at) && list.values().is_valid(at))
    };
    let valid: Vec<bool> = (0..list.len()).map(|row| list.is_valid(row) && !failed(row)).collect();
    let result: ArrayRef =
        Arc::new(ListArray::try_new(Arc::clone(field), list.offsets().clone(), values, Some(valid.into()))?);
    if step == 1 || call.rows == 1 { Ok(result) } else { repeat(&result, call.rows) }
}

fn to_struct(call: &Call<'_>) -> Result<ArrayRef> {
    let (array, step) = call.argument(0)?;
    let (Some(source), DataType::Struct(fields)) = (array.as_struct_opt(), call.result) else {
        return unsupported(array.data_type(), call);
    };
    let columns = source
        .columns()
        .iter()
        .zip(fields)
        .map(|(column, field)| cast_array(column, field.data_type(), call))
        .collect::<Result<Vec<_>>>()?;
    let result: ArrayRef =
        Arc::new(StructArray::try_new_with_length(fields.clone(), columns, source.nulls().cloned(), source.len())?);
    if step == 1 || call.rows == 1 { Ok(result) } else { repeat(&result, call.rows) }
}
