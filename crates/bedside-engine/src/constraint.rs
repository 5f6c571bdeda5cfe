//! The rules of a table's columns, applied to rows on their way into it.

use crate::error::{Error, Result};
use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Decimal128Array, Decimal256Array, ListArray, RecordBatch, new_null_array,
};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::compute::{concat, filter_record_batch};
use arrow::datatypes::{DataType, Decimal128Type, Decimal256Type, Field, Schema, i256};
use bedside_store::PersonalColumn;
use bedside_types::SqlType;
use std::sync::Arc;

/// Rows as the table's columns take them: decimals rounded to their digits, NULL arrays empty.
///
/// # Errors
/// [`Error::Constraint`] with the column that a value breaks a rule of.
pub(crate) fn conform(batch: &RecordBatch, columns: &[PersonalColumn]) -> Result<RecordBatch> {
    let mut arrays = Vec::with_capacity(columns.len());
    let mut fields = Vec::with_capacity(columns.len());
    for (column, array) in columns.iter().zip(batch.columns()) {
        let array = conform_column(array, column)?;
        fields.push(Field::new(&column.entry.name, array.data_type().clone(), true));
        arrays.push(array);
    }
    let options = arrow::array::RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
    RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), arrays, &options).map_err(internal)
}

/// The rows for which a BOOL is TRUE, or those for which it is not.
pub(crate) fn chosen(batch: &RecordBatch, mark: &BooleanArray, wanted: Chosen) -> Result<RecordBatch> {
    let keep = mark.iter().map(|marked| Some((marked == Some(true)) == (wanted == Chosen::Marked)));
    filter_record_batch(batch, &keep.collect()).map_err(internal)
}

/// Which rows are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Chosen {
    /// The marked ones.
    Marked,
    /// The others.
    Others,
}

fn conform_column(array: &ArrayRef, column: &PersonalColumn) -> Result<ArrayRef> {
    let name = &column.entry.name;
    let array = match &column.entry.sql_type {
        SqlType::Array(_) => without_null_lists(array, name)?,
        SqlType::Numeric => match column.digits {
            Some(digits) => numeric(array, digits, column)?,
            None => Arc::clone(array),
        },
        SqlType::BigNumeric => match column.digits {
            Some(digits) => big_numeric(array, digits, column)?,
            None => Arc::clone(array),
        },
        _ => Arc::clone(array),
    };
    if !column.entry.nullable && array.null_count() > 0 {
        return Err(Error::Constraint(format!("Required field {name} cannot be null")));
    }
    if let Some(most) = column.length {
        check_length(&array, most, column)?;
    }
    Ok(array)
}

fn check_length(array: &ArrayRef, most: u64, column: &PersonalColumn) -> Result<()> {
    let longest = match column.entry.sql_type {
        SqlType::Bytes => array.as_binary_view().iter().flatten().map(<[u8]>::len).max(),
        _ => array.as_string_view().iter().flatten().map(|text| text.chars().count()).max(),
    };
    match longest {
        Some(longest) if longest as u64 > most => Err(Error::Constraint(format!(
            "Field {}: {} has maximum length {most} but got a value with length {longest}",
            column.entry.name,
            column.declared()
        ))),
        _ => Ok(()),
    }
}

/// NUMERIC(p, s): rounded half away from zero to the scale, then within the range.
fn numeric(array: &ArrayRef, (precision, scale): (u32, u32), column: &PersonalColumn) -> Result<ArrayRef> {
    let unit = 10_i128.pow(9_u32.saturating_sub(scale));
    let limit = 10_i128.pow(precision.min(38)).checked_mul(unit);
    let values = array.as_primitive::<Decimal128Type>();
    let rounded = values.iter().map(|value| {
        let Some(value) = value else { return Ok(None) };
        let half = if value < 0 { -unit / 2 } else { unit / 2 };
        let value = (value + half) / unit * unit;
        if limit.is_some_and(|limit| value.abs() >= limit) { Err(out_of_range(column)) } else { Ok(Some(value)) }
    });
    let rounded = rounded.collect::<Result<Decimal128Array>>()?;
    Ok(Arc::new(rounded.with_precision_and_scale(38, 9).map_err(internal)?))
}

fn big_numeric(array: &ArrayRef, (precision, scale): (u32, u32), column: &PersonalColumn) -> Result<ArrayRef> {
    let ten = i256::from_i128(10);
    let unit = ten.wrapping_pow(38_u32.saturating_sub(scale));
    let limit = ten.wrapping_pow(precision.min(76)).checked_mul(unit);
    let half = unit.wrapping_div(i256::from_i128(2));
    let values = array.as_primitive::<Decimal256Type>();
    let rounded = values.iter().map(|value| {
        let Some(value) = value else { return Ok(None) };
        let shifted = if value < i256::ZERO { value.checked_sub(half) } else { value.checked_add(half) };
        let shifted = shifted.ok_or_else(|| out_of_range(column))?;
        let value = shifted.wrapping_div(unit).wrapping_mul(unit);
        if limit.is_some_and(|limit| value.wrapping_abs() >= limit) {
            Err(out_of_range(column))
        } else {
            Ok(Some(value))
        }
    });
    let rounded = rounded.collect::<Result<Decimal256Array>>()?;
    Ok(Arc::new(rounded.with_precision_and_scale(76, 38).map_err(internal)?))
}

fn out_of_range(column: &PersonalColumn) -> Error {
    let (precision, scale) = column.digits.unwrap_or((38, 9));
    let whole = "9".repeat(precision.saturating_sub(scale) as usize);
    let whole = if whole.is_empty() { "0".to_owned() } else { whole };
    let fraction = if scale == 0 { String::new() } else { format!(".{}", "9".repeat(scale as usize)) };
    Error::Constraint(format!(
        "Field {}: {} has precision {precision} and scale {scale} but got a value that is not in range of \
         [-{whole}{fraction}, {whole}{fraction}]",
        column.entry.name,
        column.declared()
    ))
}

/// A table keeps no NULL array: it becomes an empty one. A NULL inside an array is refused, as on BigQuery.
fn without_null_lists(array: &ArrayRef, name: &str) -> Result<ArrayRef> {
    let list = array.as_list::<i32>();
    let mut parts = Vec::with_capacity(list.len());
    let mut lengths = Vec::with_capacity(list.len());
    for row in 0..list.len() {
        let values = if list.is_valid(row) { Some(list.value(row)) } else { None };
        if values.as_ref().is_some_and(|values| values.null_count() > 0) {
            return Err(Error::Constraint(format!("Array cannot have a null element; error in writing field {name}")));
        }
        lengths.push(values.as_ref().map_or(0, Array::len));
        parts.extend(values);
    }
    if list.null_count() == 0 {
        return Ok(Arc::clone(array));
    }
    let DataType::List(element) = list.data_type() else { return Ok(Arc::clone(array)) };
    let parts: Vec<&dyn Array> = parts.iter().map(AsRef::as_ref).collect();
    let values =
        if parts.is_empty() { new_null_array(element.data_type(), 0) } else { concat(&parts).map_err(internal)? };
    let offsets = OffsetBuffer::from_lengths(lengths);
    let list = ListArray::try_new(Arc::clone(element), offsets, values, None::<NullBuffer>).map_err(internal)?;
    Ok(Arc::new(list))
}

#[allow(clippy::needless_pass_by_value, reason = "it goes into map_err")]
fn internal(error: arrow::error::ArrowError) -> Error {
    Error::Internal(format!("rows cannot be put into the table's form: {error}"))
}
