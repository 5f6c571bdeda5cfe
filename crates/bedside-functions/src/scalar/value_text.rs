//! One value of any type as text: what CAST to STRING gives, and what TO_JSON_STRING gives.

use crate::error::{Error, Result};
use crate::scalar::interval;
use crate::{numeric, text};
use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Decimal256Type, Float64Type, Int64Type, IntervalMonthDayNanoType,
    Time64MicrosecondType, TimestampMicrosecondType,
};
use bedside_types::{SqlType, write_json_text};
use std::fmt::Write;

/// The value as CAST to STRING writes it; `None` for NULL.
///
/// # Errors
/// Types that have no such text: arrays, structs, and BYTES that are no UTF-8.
pub fn cast_text(array: &ArrayRef, row: usize) -> Result<Option<String>> {
    if array.is_null(row) {
        return Ok(None);
    }
    let unsupported = || Error::Unsupported(format!("CAST from {} to STRING", array.data_type()));
    Ok(Some(match array.data_type() {
        DataType::Int64 => array.as_primitive::<Int64Type>().value(row).to_string(),
        DataType::Float64 => text::format_float(array.as_primitive::<Float64Type>().value(row)),
        DataType::Decimal128(..) => numeric::format(array.as_primitive::<Decimal128Type>().value(row)),
        DataType::Decimal256(..) => {
            numeric::format_decimal(&numeric::wide(array.as_primitive::<Decimal256Type>().value(row)), 38)
        }
        DataType::Boolean => array.as_boolean().value(row).to_string(),
        DataType::Utf8View => array.as_string_view().value(row).to_owned(),
        DataType::Utf8 => array.as_string::<i32>().value(row).to_owned(),
        DataType::BinaryView => std::str::from_utf8(array.as_binary_view().value(row))
            .map_err(|_| Error::Evaluation("Invalid cast of bytes to UTF8 string".to_owned()))?
            .to_owned(),
        DataType::Date32 => text::format_date(i64::from(array.as_primitive::<Date32Type>().value(row))),
        DataType::Timestamp(_, zone) => {
            let micros = array.as_primitive::<TimestampMicrosecondType>().value(row);
            if zone.is_some() { text::format_timestamp(micros) } else { text::format_datetime(micros) }
        }
        DataType::Time64(_) => {
            let mut out = String::new();
            text::write_time(&mut out, array.as_primitive::<Time64MicrosecondType>().value(row));
            out
        }
        data_type @ DataType::Struct(_) if SqlType::is_range(data_type) => {
            let [start, end] = array.as_struct().columns() else { return Err(unsupported()) };
            let [start, end] = [cast_text(start, row)?, cast_text(end, row)?];
            let unbounded = || "UNBOUNDED".to_owned();
            format!("[{}, {})", start.unwrap_or_else(unbounded), end.unwrap_or_else(unbounded))
        }
        DataType::Interval(_) => interval::format(array.as_primitive::<IntervalMonthDayNanoType>().value(row)),
        _ => return Err(unsupported()),
    }))
}

/// Appends the value as TO_JSON_STRING writes it: numbers as numbers, INT64 beyond 2^53 and decimals with a fraction as text, times in ISO 8601, bytes in base64.
///
/// `json` marks a STRING column that holds JSON documents, which are copied as they are.
///
/// # Errors
/// Types that GoogleSQL has none for.
pub fn write_json(out: &mut String, array: &ArrayRef, row: usize, json: bool) -> Result<()> {
    if let Some(inner) = super::json::unboxed(array) {
        return write_json(out, inner, row, true);
    }
    if array.is_null(row) {
        out.push_str("null");
        return Ok(());
    }
    match array.data_type() {
        DataType::Int64 => {
            let value = array.as_primitive::<Int64Type>().value(row);
            let exact = value.unsigned_abs() <= 1 << 53;
            let _ = if exact { write!(out, "{value}") } else { write!(out, "\"{value}\"") };
        }
        DataType::Float64 => {
            let value = array.as_primitive::<Float64Type>().value(row);
            if value.is_finite() {
                out.push_str(&text::format_float(value));
            } else {
                let word = if value.is_nan() {
                    "NaN"
                } else if value > 0.0 {
                    "Infinity"
                } else {
                    "-Infinity"
                };
                let _ = write!(out, "\"{word}\"");
            }
        }
        DataType::Decimal128(..) | DataType::Decimal256(..) => {
            let value = cast_text(array, row)?.unwrap_or_default();
            let exact = value.parse::<i64>().is_ok_and(|whole| whole.unsigned_abs() <= 1 << 53);
            let _ = if exact { write!(out, "{value}") } else { write!(out, "\"{value}\"") };
        }
        DataType::Boolean => {
            let _ = write!(out, "{}", array.as_boolean().value(row));
        }
        DataType::Utf8View if json => out.push_str(array.as_string_view().value(row)),
        DataType::Utf8View => write_json_text(out, array.as_string_view().value(row)),
        DataType::BinaryView => {
            out.push('"');
            out.push_str(&super::bytes::base64(array.as_binary_view().value(row)));
            out.push('"');
        }
        DataType::Timestamp(_, zone) => {
            let micros = array.as_primitive::<TimestampMicrosecondType>().value(row);
            out.push('"');
            text::write_datetime(out, micros, 'T');
            out.push_str(if zone.is_some() { "Z\"" } else { "\"" });
        }
        DataType::Interval(_) => write_interval(out, array.as_primitive::<IntervalMonthDayNanoType>().value(row)),
        DataType::List(field) => {
            let values = array.as_list::<i32>().value(row);
            let json = is_json(field);
            out.push('[');
            for index in 0..values.len() {
                out.push_str(if index == 0 { "" } else { "," });
                write_json(out, &values, index, json)?;
            }
            out.push(']');
        }
        DataType::Struct(fields) => {
            out.push('{');
            for (index, (field, column)) in fields.iter().zip(array.as_struct().columns()).enumerate() {
                out.push_str(if index == 0 { "" } else { "," });
                write_json_text(out, anonymous(field.name(), index));
                out.push(':');
                write_json(out, column, row, is_json(field))?;
            }
            out.push('}');
        }
        _ => {
            let value = cast_text(array, row)?.unwrap_or_default();
            write_json_text(out, &value);
        }
    }
    Ok(())
}

/// Whether a field holds JSON documents.
pub(super) fn is_json(field: &arrow::datatypes::Field) -> bool {
    SqlType::of_field(field) == Some(SqlType::Json)
}

/// Anonymous fields of a STRUCT have no name in JSON.
pub(super) fn anonymous(name: &str, index: usize) -> &str {
    if name.strip_prefix("_field_").and_then(|n| n.parse::<usize>().ok()) == Some(index + 1) { "" } else { name }
}

/// ISO 8601: `P1Y2M3DT4H5M6.5S`.
fn write_interval(out: &mut String, value: arrow::datatypes::IntervalMonthDayNano) {
    let micros = value.nanoseconds / 1000;
    let start = out.len();
    out.push_str("\"P");
    let mut part = |amount: i64, letter: char| {
        if amount != 0 {
            let _ = write!(out, "{amount}{letter}");
        }
    };
    part(i64::from(value.months / 12), 'Y');
    part(i64::from(value.months % 12), 'M');
    part(i64::from(value.days), 'D');
    if micros != 0 {
        out.push('T');
        let mut part = |amount: i64, letter: char| {
            if amount != 0 {
                let _ = write!(out, "{amount}{letter}");
            }
        };
        part(micros / 3_600_000_000, 'H');
        part(micros / 60_000_000 % 60, 'M');
        let (seconds, fraction) = (micros / 1_000_000 % 60, micros % 1_000_000);
        if fraction != 0 {
            let sign = if micros < 0 { "-" } else { "" };
            let text = format!("{sign}{}.{:06}", seconds.abs(), fraction.abs());
            let _ = write!(out, "{}S", text.trim_end_matches('0'));
        } else {
            part(seconds, 'S');
        }
    }
    if out.len() == start + 2 {
        out.push_str("0Y");
    }
    out.push('"');
}
