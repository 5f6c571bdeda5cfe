//! Values of both sides in one form that can be compared.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Decimal256Type, Float64Type, Int64Type, IntervalMonthDayNanoType,
    Time64MicrosecondType, TimestampMicrosecondType,
};
use arrow::temporal_conversions::{date32_to_datetime, time64us_to_time, timestamp_us_to_datetime};
use bedside_types::SqlType;
use serde_json::Value;
use std::sync::Arc;

/// A value; everything but FLOAT64, ARRAY and STRUCT as the text that the gold files have.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    Null,
    Text(String),
    Float(f64),
    List(Vec<Cell>),
}

impl Cell {
    /// A recorded value.
    pub(super) fn recorded(value: &Value, sql_type: &SqlType) -> Self {
        match (value, sql_type) {
            (Value::Null, _) => Self::Null,
            (Value::Array(elements), SqlType::Array(element)) => {
                Self::List(elements.iter().map(|value| Self::recorded(value, element)).collect())
            }
            (Value::Array(ends), SqlType::Range(element)) => {
                Self::List(ends.iter().map(|end| Self::recorded(end, element)).collect())
            }
            (Value::Array(values), SqlType::Struct(fields)) => {
                Self::List(values.iter().zip(fields).map(|(v, field)| Self::recorded(v, &field.sql_type)).collect())
            }
            (Value::String(text), SqlType::Float64) => Self::Float(text.parse().unwrap()),
            (Value::String(text), _) => Self::Text(text.clone()),
            (other, _) => Self::Text(other.to_string()),
        }
    }

    /// A value of ours.
    pub(super) fn ours(column: &ArrayRef, row: usize) -> Self {
        if column.is_null(row) {
            return Self::Null;
        }
        let civil = "%Y-%m-%d %H:%M:%S%.6f";
        Self::Text(match column.data_type() {
            DataType::Float64 => return Self::Float(column.as_primitive::<Float64Type>().value(row)),
            DataType::List(_) => {
                let elements = column.as_list::<i32>().value(row);
                return Self::List((0..elements.len()).map(|at| Self::ours(&elements, at)).collect());
            }
            DataType::Struct(_) => {
                let fields = column.as_struct().columns();
                return Self::List(fields.iter().map(|field| Self::ours(&Arc::clone(field), row)).collect());
            }
            DataType::Int64 => column.as_primitive::<Int64Type>().value(row).to_string(),
            DataType::Boolean => column.as_boolean().value(row).to_string(),
            DataType::Utf8View => column.as_string_view().value(row).to_owned(),
            DataType::BinaryView => base64(column.as_binary_view().value(row)),
            DataType::Decimal128(..) => decimal(&column.as_primitive::<Decimal128Type>().value(row).to_string(), 9),
            DataType::Decimal256(..) => decimal(&column.as_primitive::<Decimal256Type>().value(row).to_string(), 38),
            DataType::Date32 => {
                let days = column.as_primitive::<Date32Type>().value(row);
                date32_to_datetime(days).unwrap().format("%Y-%m-%d").to_string()
            }
            DataType::Timestamp(..) => {
                let micros = column.as_primitive::<TimestampMicrosecondType>().value(row);
                timestamp_us_to_datetime(micros).unwrap().format(civil).to_string()
            }
            DataType::Time64(_) => {
                let micros = column.as_primitive::<Time64MicrosecondType>().value(row);
                time64us_to_time(micros).unwrap().format("%H:%M:%S%.6f").to_string()
            }
            DataType::Interval(_) => {
                let value = column.as_primitive::<IntervalMonthDayNanoType>().value(row);
                format!("{} {} {}", value.months, value.days, value.nanoseconds / 1000)
            }
            other => format!("a column of {other}"),
        })
    }

    /// Equal to the bit; FLOAT64 may be so many units in the last place apart.
    pub(super) fn equals(&self, other: &Self, units: u64) -> bool {
        match (self, other) {
            (Self::Float(a), Self::Float(b)) => {
                (a.is_nan() && b.is_nan()) || a.to_bits() == b.to_bits() || (units > 0 && distance(*a, *b) <= units)
            }
            (Self::List(a), Self::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.equals(b, units)),
            _ => self == other,
        }
    }
}

fn distance(a: f64, b: f64) -> u64 {
    // Floats of one sign are ordered as their bits are.
    if a.is_finite() && b.is_finite() && a.is_sign_positive() == b.is_sign_positive() {
        a.to_bits().abs_diff(b.to_bits())
    } else {
        u64::MAX
    }
}

/// Digits with a point before the last `scale`, no zeros at the end.
fn decimal(digits: &str, scale: usize) -> String {
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |rest| ("-", rest));
    let padded = format!("{digits:0>width$}", width = scale + 1);
    let (whole, fraction) = padded.split_at(padded.len() - scale);
    format!("{sign}{whole}.{fraction}").trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * place)) as usize & 63];
            text.push(if place <= chunk.len() { char::from(digit) } else { '=' });
        }
    }
    text
}
