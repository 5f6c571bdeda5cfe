//! Query parameters (<https://cloud.google.com/bigquery/docs/reference/rest/v2/QueryParameter>).

use super::lenient::or_default;
use crate::error::Failure;
use crate::schema::scalar_of_name;
use bedside_sql::{Parameter, Parameters, interval_of_text, value_of_text};
use bedside_types::{SqlType, StructField, Value};
use data_encoding::BASE64;
use serde::Deserialize;
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// One parameter as it is sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct QueryParameter {
    name: Option<String>,
    parameter_type: ParameterType,
    #[serde(deserialize_with = "or_default")]
    parameter_value: ParameterValue,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ParameterType {
    #[serde(rename = "type")]
    name: Option<String>,
    array_type: Option<Box<ParameterType>>,
    range_element_type: Option<Box<ParameterType>>,
    #[serde(deserialize_with = "or_default")]
    struct_types: Vec<StructType>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct StructType {
    name: Option<String>,
    #[serde(rename = "type")]
    field_type: ParameterType,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ParameterValue {
    value: Option<Json>,
    array_values: Option<Vec<ParameterValue>>,
    struct_values: Option<BTreeMap<String, ParameterValue>>,
    range_value: Option<RangeValue>,
}

/// An end that is not sent is unbounded.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct RangeValue {
    #[serde(deserialize_with = "or_default")]
    start: Box<ParameterValue>,
    #[serde(deserialize_with = "or_default")]
    end: Box<ParameterValue>,
}

/// The parameters of a statement. `mode` is `NAMED`, `POSITIONAL` or absent, when names decide.
///
/// # Errors
/// 400 for a type that is none, a value that is none of its type, names that are missing or double.
pub(crate) fn parameters(mode: Option<&str>, sent: &[QueryParameter]) -> Result<Parameters, Failure> {
    let positional = match mode.map(str::to_ascii_uppercase).as_deref() {
        Some("POSITIONAL") => true,
        Some("NAMED") => false,
        _ => sent.iter().all(|parameter| parameter.name.as_deref().unwrap_or_default().is_empty()),
    };
    if sent.is_empty() {
        return Ok(Parameters::None);
    }
    if positional {
        return sent.iter().map(parameter).collect::<Result<_, _>>().map(Parameters::Positional);
    }
    let mut named: Vec<(String, Parameter)> = Vec::with_capacity(sent.len());
    for one in sent {
        let name = one.name.as_deref().filter(|name| !name.is_empty());
        let name = name.ok_or_else(|| refused("A query parameter is missing its name"))?;
        if named.iter().any(|(other, _)| other.eq_ignore_ascii_case(name)) {
            return Err(refused(format!("Duplicate query parameter name: {name}")));
        }
        named.push((name.to_owned(), parameter(one)?));
    }
    Ok(Parameters::Named(named))
}

fn parameter(sent: &QueryParameter) -> Result<Parameter, Failure> {
    let name = sent.name.as_deref().unwrap_or("?");
    let sql_type = sql_type(&sent.parameter_type)
        .ok_or_else(|| refused(format!("Query parameter '{name}' has no type or one that is not supported")))?;
    let value = value(&sql_type, &sent.parameter_value)
        .ok_or_else(|| refused(format!("Invalid value for query parameter '{name}' of type {sql_type}")))?;
    Ok(Parameter { sql_type, value })
}

fn sql_type(sent: &ParameterType) -> Option<SqlType> {
    match sent.name.as_deref()?.to_ascii_uppercase().as_str() {
        "ARRAY" => match sql_type(sent.array_type.as_deref()?)? {
            SqlType::Array(_) => None,
            element => Some(SqlType::Array(Box::new(element))),
        },
        "STRUCT" | "RECORD" => {
            let field = |field: &StructType| {
                let name = field.name.clone().filter(|name| !name.is_empty());
                Some(StructField { name, sql_type: sql_type(&field.field_type)? })
            };
            sent.struct_types.iter().map(field).collect::<Option<_>>().map(SqlType::Struct)
        }
        "RANGE" => {
            let element = sql_type(sent.range_element_type.as_deref()?)?;
            element.bounds_ranges().then(|| SqlType::Range(Box::new(element)))
        }
        // `NUMERIC(5, 2)` and the like: a parameter has no precision.
        name => scalar_of_name(name.split('(').next()?.trim()),
    }
}

/// NULL where nothing is sent; an array that is not sent is NULL, an empty one may come without its list.
fn value(sql_type: &SqlType, sent: &ParameterValue) -> Option<Value> {
    match sql_type {
        SqlType::Array(element) => match &sent.array_values {
            Some(values) => values.iter().map(|v| value(element, v)).collect::<Option<_>>().map(Value::Array),
            None => no_text(sent).then_some(Value::Array(Vec::new())),
        },
        SqlType::Struct(fields) => match &sent.struct_values {
            Some(values) => {
                let absent = ParameterValue::default();
                let field = |(place, field): (usize, &StructField)| {
                    let name = field.name.clone().unwrap_or_else(|| format!("_{}", place + 1));
                    value(&field.sql_type, values.get(&name).unwrap_or(&absent))
                };
                fields.iter().enumerate().map(field).collect::<Option<_>>().map(Value::Struct)
            }
            None => no_text(sent).then_some(Value::Null),
        },
        SqlType::Range(_) if sent.range_value.is_some() => {
            // Read as the text that it would be, so that it is checked as every range is.
            let sent = sent.range_value.as_ref()?;
            let end = |end: &ParameterValue| match &end.value {
                None | Some(Json::Null) => Some("UNBOUNDED".to_owned()),
                Some(Json::String(text)) => Some(text.clone()),
                Some(_) => None,
            };
            scalar_value(sql_type, &format!("[{}, {})", end(&sent.start)?, end(&sent.end)?))
        }
        scalar => match sent.value.as_ref() {
            None | Some(Json::Null) => Some(Value::Null),
            Some(Json::String(text)) => scalar_value(scalar, text),
            Some(Json::Bool(value)) => scalar_value(scalar, &value.to_string()),
            Some(Json::Number(number)) => scalar_value(scalar, &number.to_string()),
            Some(Json::Array(_) | Json::Object(_)) => None,
        },
    }
}

fn no_text(sent: &ParameterValue) -> bool {
    matches!(sent.value, None | Some(Json::Null))
}

fn scalar_value(sql_type: &SqlType, text: &str) -> Option<Value> {
    match sql_type {
        SqlType::Bytes => BASE64.decode(text.as_bytes()).ok().map(Value::Bytes),
        SqlType::Interval => interval_of_text(text).map(Value::Interval),
        other => value_of_text(other, text),
    }
}

fn refused(message: impl Into<String>) -> Failure {
    Failure::new(400, "invalidQuery", message).at("queryParameters")
}

#[cfg(test)]
mod tests {
    use super::{QueryParameter, parameters};
    use crate::error::Failure;
    use bedside_sql::{Parameter, Parameters};
    use bedside_types::{SqlType, Value};
    use serde_json::{Value as Json, json};

    fn read(mode: Option<&str>, body: &Json) -> Result<Parameters, Failure> {
        let sent: Vec<QueryParameter> = super::super::of_json(body).unwrap();
        parameters(mode, &sent)
    }

    fn one(sql_type: &str, value: &Json) -> Option<Value> {
        let body =
            json!([{ "name": "p", "parameterType": { "type": sql_type }, "parameterValue": { "value": value } }]);
        match read(None, &body) {
            Ok(Parameters::Named(mut values)) => values.pop().map(|(_, parameter)| parameter.value),
            _ => None,
        }
    }

    #[test]
    fn values_come_as_the_clients_write_them() {
        for (sql_type, text, expected) in [
            ("INT64", json!("-5"), Value::Int64(-5)),
            ("INTEGER", json!(5), Value::Int64(5)),
            ("FLOAT64", json!("1.5"), Value::Float64(1.5)),
            ("FLOAT", json!("Infinity"), Value::Float64(f64::INFINITY)),
            ("BOOL", json!("true"), Value::Bool(true)),
            ("BOOL", json!(false), Value::Bool(false)),
            ("STRING", json!("NULL"), Value::String("NULL".into())),
            ("STRING", Json::Null, Value::Null),
            ("NUMERIC", json!("1.5"), Value::Numeric(1_500_000_000)),
            ("BYTES", json!("Zm9v"), Value::Bytes(b"foo".to_vec())),
            ("DATE", json!("1970-01-02"), Value::Date(1)),
            ("TIME", json!("00:00:01.5"), Value::Time(1_500_000)),
            ("DATETIME", json!("1970-01-01T00:00:01.000000"), Value::Datetime(1_000_000)),
            ("TIMESTAMP", json!("1970-01-01 00:00:01+00:00"), Value::Timestamp(1_000_000)),
            ("TIMESTAMP", json!("1970-01-01 02:00:01.000001+02:00"), Value::Timestamp(1_000_001)),
            ("JSON", json!("{\"b\": 1, \"a\":2}"), Value::Json("{\"a\":2,\"b\":1}".into())),
        ] {
            assert_eq!(one(sql_type, &text), Some(expected), "{sql_type} {text}");
        }
        for (sql_type, text) in
            [("INT64", json!("1.0")), ("DATE", json!("x")), ("RANGE", json!("x")), ("BYTES", json!("é"))]
        {
            assert_eq!(one(sql_type, &text), None, "{sql_type} {text}");
        }
    }

    #[test]
    fn arrays_structs_and_positions() {
        let body = json!([
            { "parameterType": { "type": "ARRAY", "arrayType": { "type": "STRING" } },
              "parameterValue": { "arrayValues": [{ "value": "a" }, { "value": null }] } },
            { "parameterType": { "type": "ARRAY", "arrayType": { "type": "INT64" } }, "parameterValue": {} },
            { "parameterType": { "type": "STRUCT", "structTypes": [
                { "name": "x", "type": { "type": "INT64" } },
                { "name": "y", "type": { "type": "ARRAY", "arrayType": { "type": "BOOL" } } } ] },
              "parameterValue": { "structValues": { "x": { "value": "1" }, "y": { "arrayValues": [{ "value": "true" }] } } } },
        ]);
        let strings = vec![Value::String("a".into()), Value::Null];
        let pair = vec![Value::Int64(1), Value::Array(vec![Value::Bool(true)])];
        let expected = [
            ("ARRAY<STRING>", Value::Array(strings)),
            ("ARRAY<INT64>", Value::Array(vec![])),
            ("STRUCT<x INT64, y ARRAY<BOOL>>", Value::Struct(pair)),
        ];
        let expected = expected.map(|(name, value)| Parameter { sql_type: name.parse::<SqlType>().unwrap(), value });
        assert_eq!(read(Some("POSITIONAL"), &body), Ok(Parameters::Positional(expected.to_vec())));
        assert_eq!(read(None, &json!([])), Ok(Parameters::None));
        assert!(read(Some("NAMED"), &body).is_err());
        let range = |element: &str, start: &str| {
            let end = json!({ "start": { "value": start }, "end": { "value": null } });
            json!([{
                "parameterType": { "type": "RANGE", "rangeElementType": { "type": element } },
                "parameterValue": { "rangeValue": end },
            }])
        };
        let expected = Parameter {
            sql_type: SqlType::Range(Box::new(SqlType::Date)),
            value: Value::Range(Box::new([Value::Date(1), Value::Null])),
        };
        let sent = range("DATE", "1970-01-02");
        assert_eq!(read(Some("POSITIONAL"), &sent), Ok(Parameters::Positional(vec![expected])));
        assert!(read(None, &range("INT64", "1")).is_err() && read(None, &range("DATE", "x")).is_err());
        let named = json!({ "name": "a", "parameterType": { "type": "INT64" }, "parameterValue": { "value": "1" } });
        assert!(read(None, &json!([named, named])).is_err());
    }
}
