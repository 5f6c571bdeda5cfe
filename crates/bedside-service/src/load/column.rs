//! Texts and JSON values as columns of a type.

use super::UnknownValues;
use crate::error::{Error, Result};
use arrow::array::{Array, ArrayRef, BinaryViewArray, BooleanBufferBuilder, ListArray, StringViewArray, StructArray};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::datatypes::DataType;
use arrow::temporal_conversions::timestamp_us_to_datetime;
use bedside_engine::cast_texts;
use bedside_types::{SqlType, StructField};
use data_encoding::BASE64;
use serde_json::Value;
use std::borrow::Cow;
use std::sync::Arc;

/// What is wrong with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The row in the batch.
    pub(crate) row: usize,
    /// The column, with the fields within it: `a.b`.
    pub(crate) column: String,
    pub(crate) message: String,
}

/// Texts as values of a type; what is none is NULL and told.
pub(crate) fn of_texts(
    name: &str,
    sql_type: &SqlType,
    texts: &[Option<Cow<'_, str>>],
    faults: &mut Vec<Fault>,
) -> Result<ArrayRef> {
    let mut wrong = |row: usize| {
        let column = name.to_owned();
        let message = format!("Could not parse '{}' as {sql_type} for field {name}", short(texts[row].as_deref()));
        faults.push(Fault { row, column, message });
    };
    match sql_type {
        SqlType::Bytes => {
            let bytes = texts.iter().enumerate().map(|(row, text)| {
                let decoded = BASE64.decode(text.as_ref()?.trim().as_bytes());
                if decoded.is_err() {
                    wrong(row);
                }
                decoded.ok()
            });
            Ok(Arc::new(bytes.collect::<BinaryViewArray>()))
        }
        SqlType::Json => {
            let texts = texts.iter().enumerate().map(|(row, text)| {
                let document = serde_json::from_str::<Value>(text.as_ref()?);
                if document.is_err() {
                    wrong(row);
                }
                document.ok().map(|document| document.to_string())
            });
            Ok(Arc::new(texts.collect::<StringViewArray>()))
        }
        SqlType::Array(_) | SqlType::Struct(_) => {
            Err(Error::Invalid(format!("Field {name} of type {sql_type} cannot be read from text")))
        }
        SqlType::String | SqlType::Collated => {
            Ok(Arc::new(texts.iter().map(Option::as_deref).collect::<StringViewArray>()))
        }
        _ => {
            let plain =
                |text: &Option<Cow<'_, str>>| text.as_ref().map(|text| plain(sql_type, text.trim()).into_owned());
            let plain: ArrayRef = Arc::new(texts.iter().map(plain).collect::<StringViewArray>());
            let values = cast_texts(&plain, sql_type)?;
            (0..values.len()).filter(|row| values.is_null(*row) && plain.is_valid(*row)).for_each(wrong);
            Ok(values)
        }
    }
}

/// JSON values as values of a type; what is none is NULL and told. A value that is missing is NULL.
pub(crate) fn of_json(
    name: &str,
    sql_type: &SqlType,
    values: &[Option<&Value>],
    unknown: UnknownValues,
    faults: &mut Vec<Fault>,
) -> Result<ArrayRef> {
    match sql_type {
        SqlType::Array(element) => of_arrays(name, element, values, unknown, faults),
        SqlType::Struct(fields) => of_objects(name, sql_type, fields, values, unknown, faults),
        SqlType::Json => {
            let texts = values.iter().map(|value| match value {
                None | Some(Value::Null) => None,
                // Clients send documents as texts.
                Some(Value::String(text)) => Some(Cow::Borrowed(text.as_str())),
                Some(other) => Some(Cow::Owned(other.to_string())),
            });
            of_texts(name, sql_type, &texts.collect::<Vec<_>>(), faults)
        }
        _ => {
            let mut texts = Vec::with_capacity(values.len());
            for (row, value) in values.iter().enumerate() {
                texts.push(match value {
                    None | Some(Value::Null) => None,
                    Some(Value::String(text)) => Some(Cow::Borrowed(text.as_str())),
                    Some(Value::Bool(value)) => Some(Cow::Owned(value.to_string())),
                    Some(Value::Number(number)) => Some(Cow::Owned(number_text(sql_type, number))),
                    Some(Value::Object(ends)) if matches!(sql_type, SqlType::Range(_)) => {
                        Some(Cow::Owned(range_text(ends)))
                    }
                    Some(Value::Array(_) | Value::Object(_)) => {
                        let message = match value {
                            Some(Value::Array(_)) => "Array specified for non-repeated field".to_owned(),
                            _ => "This field is not a record".to_owned(),
                        };
                        faults.push(Fault { row, column: name.to_owned(), message: format!("{message}: {name}.") });
                        None
                    }
                });
            }
            of_texts(name, sql_type, &texts, faults)
        }
    }
}

fn of_arrays(
    name: &str,
    element: &SqlType,
    values: &[Option<&Value>],
    unknown: UnknownValues,
    faults: &mut Vec<Fault>,
) -> Result<ArrayRef> {
    let (mut inner, mut rows, mut lengths) = (Vec::new(), Vec::new(), Vec::with_capacity(values.len()));
    let mut wrong = Vec::new();
    for (row, value) in values.iter().enumerate() {
        let before = inner.len();
        match value {
            // A table keeps no NULL array.
            None | Some(Value::Null) => {}
            Some(Value::Array(elements)) => {
                if elements.iter().any(Value::is_null) {
                    wrong.push((row, format!("Array cannot have a null element: {name}.")));
                } else {
                    inner.extend(elements.iter().map(Some));
                    rows.resize(inner.len(), row);
                }
            }
            Some(_) => wrong.push((row, format!("Field is repeated but the value is no array: {name}."))),
        }
        lengths.push(inner.len() - before);
    }
    faults.extend(wrong.into_iter().map(|(row, message)| Fault { row, column: name.to_owned(), message }));
    let before = faults.len();
    let elements = of_json(name, element, &inner, unknown, faults)?;
    for fault in &mut faults[before..] {
        fault.row = rows.get(fault.row).copied().unwrap_or_default();
    }
    let field = Arc::new(element.field("item", true));
    let list = ListArray::try_new(field, OffsetBuffer::from_lengths(lengths), elements, None::<NullBuffer>);
    Ok(Arc::new(list.map_err(broken)?))
}

fn of_objects(
    name: &str,
    sql_type: &SqlType,
    fields: &[StructField],
    values: &[Option<&Value>],
    unknown: UnknownValues,
    faults: &mut Vec<Fault>,
) -> Result<ArrayRef> {
    let mut present = BooleanBufferBuilder::new(values.len());
    for (row, value) in values.iter().enumerate() {
        present.append(matches!(value, Some(Value::Object(_))));
        let message = match value {
            None | Some(Value::Null) => continue,
            Some(Value::Object(object)) => {
                let known = |key: &String| {
                    fields.iter().any(|field| field.name.as_ref().is_some_and(|n| n.eq_ignore_ascii_case(key)))
                };
                match object.keys().find(|key| !known(key)).filter(|_| unknown == UnknownValues::Refused) {
                    Some(key) => format!("no such field: {name}.{key}."),
                    None => continue,
                }
            }
            Some(_) => format!("This field: {name} is a record."),
        };
        faults.push(Fault { row, column: name.to_owned(), message });
    }
    let mut columns = Vec::with_capacity(fields.len());
    for field in fields {
        let field_name = field.name.as_deref().unwrap_or_default();
        let inner: Vec<_> = values.iter().map(|value| member((*value)?, field_name)).collect();
        columns.push(of_json(&format!("{name}.{field_name}"), &field.sql_type, &inner, unknown, faults)?);
    }
    let DataType::Struct(arrow_fields) = sql_type.arrow() else {
        return Err(Error::Internal("a struct without fields".to_owned()));
    };
    let nulls = NullBuffer::new(present.finish());
    let array = StructArray::try_new_with_length(arrow_fields, columns, Some(nulls), values.len());
    Ok(Arc::new(array.map_err(broken)?))
}

/// A member of an object; names go without regard to case.
pub(crate) fn member<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    let object = value.as_object()?;
    object.get(name).or_else(|| object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value))
}

/// `{"start": …, "end": …}` as a text that CAST reads.
fn range_text(ends: &serde_json::Map<String, Value>) -> String {
    let end = |name: &str| ends.get(name).and_then(Value::as_str).unwrap_or("UNBOUNDED");
    format!("[{}, {})", end("start"), end("end"))
}

/// A number as a text that CAST reads: seconds since 1970 for a TIMESTAMP.
fn number_text(sql_type: &SqlType, number: &serde_json::Number) -> String {
    if *sql_type == SqlType::Timestamp {
        let micros = match number.as_i64() {
            Some(seconds) => seconds.checked_mul(1_000_000),
            None => number.as_f64().map(|seconds| (seconds * 1e6).round() as i64),
        };
        if let Some(time) = micros.and_then(timestamp_us_to_datetime) {
            return format!("{}+00", time.format("%Y-%m-%d %H:%M:%S%.6f"));
        }
    }
    number.to_string()
}

/// What BigQuery reads beside what CAST does.
fn plain<'a>(sql_type: &SqlType, text: &'a str) -> Cow<'a, str> {
    match sql_type {
        SqlType::Bool => match text.to_ascii_lowercase().as_str() {
            "1" | "t" | "true" | "y" | "yes" => Cow::Borrowed("true"),
            "0" | "f" | "false" | "n" | "no" => Cow::Borrowed("false"),
            _ => Cow::Borrowed(text),
        },
        SqlType::Timestamp => match text.strip_suffix(" UTC") {
            Some(civil) => Cow::Owned(format!("{civil}+00")),
            None => Cow::Borrowed(text),
        },
        _ => Cow::Borrowed(text),
    }
}

fn short(text: Option<&str>) -> String {
    const LONGEST: usize = 60;
    let text = text.unwrap_or_default();
    if text.chars().count() > LONGEST { text.chars().take(LONGEST).chain(['…']).collect() } else { text.to_owned() }
}

#[allow(clippy::needless_pass_by_value, reason = "it goes into map_err")]
fn broken(error: arrow::error::ArrowError) -> Error {
    Error::Internal(format!("rows cannot be built: {error}"))
}
