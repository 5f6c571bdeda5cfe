//! Rows as values, for variables.

use crate::error::{Error, Result};
use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{
    Date32Type, Decimal128Type, Float64Type, Int64Type, IntervalMonthDayNanoType, Time64MicrosecondType,
    TimestampMicrosecondType,
};
use arrow::record_batch::RecordBatch;
use bedside_types::{Interval, SqlType, Value};

/// The rows of batches whose columns have these types, of at most so many bytes.
pub(super) fn rows(batches: &[RecordBatch], columns: &[(String, SqlType)], most: usize) -> Result<Vec<Vec<Value>>> {
    let bytes: usize = batches.iter().map(RecordBatch::get_array_memory_size).sum();
    if bytes > most {
        let why = format!("the rows that a script keeps have {bytes} bytes, and may have {most}");
        return Err(Error::Resources(why));
    }
    let mut rows = Vec::new();
    for batch in batches {
        for row in 0..batch.num_rows() {
            let cells = batch.columns().iter().zip(columns);
            rows.push(cells.map(|(array, (_, sql_type))| value(array, row, sql_type)).collect::<Result<_>>()?);
        }
    }
    Ok(rows)
}

fn value(array: &ArrayRef, row: usize, sql_type: &SqlType) -> Result<Value> {
    if array.is_null(row) {
        return Ok(Value::Null);
    }
    Ok(match sql_type {
        SqlType::Bool => Value::Bool(array.as_boolean().value(row)),
        SqlType::Int64 => Value::Int64(array.as_primitive::<Int64Type>().value(row)),
        SqlType::Float64 => Value::Float64(array.as_primitive::<Float64Type>().value(row)),
        SqlType::Numeric => Value::Numeric(array.as_primitive::<Decimal128Type>().value(row)),
        SqlType::String | SqlType::Collated => Value::String(array.as_string_view().value(row).to_owned()),
        SqlType::Json => Value::Json(array.as_string_view().value(row).to_owned()),
        SqlType::Bytes => Value::Bytes(array.as_binary_view().value(row).to_owned()),
        SqlType::Date => Value::Date(array.as_primitive::<Date32Type>().value(row)),
        SqlType::Datetime => Value::Datetime(array.as_primitive::<TimestampMicrosecondType>().value(row)),
        SqlType::Timestamp => Value::Timestamp(array.as_primitive::<TimestampMicrosecondType>().value(row)),
        SqlType::Time => Value::Time(array.as_primitive::<Time64MicrosecondType>().value(row)),
        SqlType::Interval => {
            let interval = array.as_primitive::<IntervalMonthDayNanoType>().value(row);
            let micros = interval.nanoseconds / 1_000;
            Value::Interval(Interval { months: interval.months, days: interval.days, micros })
        }
        SqlType::Array(element) => {
            let elements = array.as_list::<i32>().value(row);
            Value::Array((0..elements.len()).map(|at| value(&elements, at, element)).collect::<Result<_>>()?)
        }
        SqlType::Struct(fields) => {
            let columns = array.as_struct().columns().iter().zip(fields);
            Value::Struct(columns.map(|(array, field)| value(array, row, &field.sql_type)).collect::<Result<_>>()?)
        }
        SqlType::Range(element) => {
            let [start, end] = array.as_struct().columns() else {
                return Err(Error::Internal("a RANGE without ends".to_owned()));
            };
            Value::Range(Box::new([value(start, row, element)?, value(end, row, element)?]))
        }
        // Decimals are read from text, as their literals are.
        SqlType::BigNumeric => match bedside_functions::cast_text(array, row) {
            Ok(Some(text)) => Value::BigNumeric(text),
            _ => return Err(Error::Internal("a BIGNUMERIC without a text".to_owned())),
        },
    })
}
