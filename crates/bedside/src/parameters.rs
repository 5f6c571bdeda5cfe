//! Values of query parameters, from `--param name:type:value`.

use crate::arguments;
use crate::failure::Failure;
use bedside_sql::{Parameter, Parameters};
use bedside_store::value_of_text;
use bedside_types::{SqlType, StructField, Value};

/// The parameters as the resolver takes them. All are named, or all positional.
///
/// # Errors
/// A mix of both, a name given twice, an unknown type, or a value that is none of its type.
pub(crate) fn read(written: &[arguments::Parameter]) -> Result<Parameters, Failure> {
    let Some(first) = written.first() else { return Ok(Parameters::None) };
    let positional = first.name.is_empty();
    if written.iter().any(|parameter| parameter.name.is_empty() != positional) {
        return Err(Failure::usage("some parameters have a name and some have none")
            .with_hint("name all of them (@name in the statement) or none (? in the statement)"));
    }
    for (i, parameter) in written.iter().enumerate() {
        let same = |other: &arguments::Parameter| other.name.eq_ignore_ascii_case(&parameter.name);
        if !positional && written[..i].iter().any(same) {
            return Err(Failure::usage(format!("parameter `{}` is given twice", parameter.name)));
        }
    }
    let values = written.iter().map(|parameter| Ok((parameter.name.clone(), value(parameter)?)));
    let values = values.collect::<Result<Vec<_>, Failure>>()?;
    Ok(if positional {
        Parameters::Positional(values.into_iter().map(|(_, parameter)| parameter).collect())
    } else {
        Parameters::Named(values)
    })
}

fn value(written: &arguments::Parameter) -> Result<Parameter, Failure> {
    let arguments::Parameter { name, type_name, value: text } = written;
    let sql_type = read_type(type_name).ok_or_else(|| {
        Failure::usage(format!("parameter `{name}`: `{type_name}` is no type")).with_hint(
            "types are INT64, FLOAT64, NUMERIC, BOOL, STRING, DATE, DATETIME, TIME, TIMESTAMP, ARRAY<…> and STRUCT<…> of them",
        )
    })?;
    let value = read_value(&sql_type, text).ok_or_else(|| {
        let failure = Failure::usage(format!("parameter `{name}`: `{text}` is no {sql_type}"));
        match example(&sql_type) {
            Some(example) => failure.with_hint(format!("write it as {example}")),
            None => failure,
        }
    })?;
    Ok(Parameter { sql_type, value })
}

fn read_type(text: &str) -> Option<SqlType> {
    bedside_sql::type_of_text(text).ok()
}

/// A value in the forms that GoogleSQL casts from text; `NULL` is NULL but for a STRING. Arrays and structs are JSON.
fn read_value(sql_type: &SqlType, text: &str) -> Option<Value> {
    if *sql_type != SqlType::String && text.trim() == "NULL" {
        return Some(Value::Null);
    }
    match sql_type {
        SqlType::String | SqlType::Collated | SqlType::Json => value_of_text(sql_type, text),
        SqlType::Bytes => Some(Value::Bytes(text.as_bytes().to_vec())),
        SqlType::Bool => value_of_text(sql_type, &text.trim().to_lowercase()),
        SqlType::Datetime => value_of_text(sql_type, &civil(text)),
        SqlType::Timestamp => {
            let text = text.trim();
            let zones = ["Z", "UTC", "+00:00", "+00"];
            let civil_text = zones.iter().find_map(|zone| text.strip_suffix(zone)).unwrap_or(text);
            value_of_text(sql_type, &(civil(civil_text) + "Z"))
        }
        SqlType::Interval => bedside_sql::interval_of_text(text).map(Value::Interval),
        SqlType::Range(_) => bedside_sql::value_of_text(sql_type, text),
        SqlType::Struct(fields) => {
            let values: serde_json::Map<String, serde_json::Value> = serde_json::from_str(text).ok()?;
            let known = |key: &String| fields.iter().any(|field| field.name.as_ref() == Some(key));
            if !values.keys().all(known) {
                return None;
            }
            let field = |field: &StructField| match values.get(field.name.as_ref()?) {
                None => Some(Value::Null),
                Some(value) => read_element(&field.sql_type, value),
            };
            fields.iter().map(field).collect::<Option<_>>().map(Value::Struct)
        }
        SqlType::Array(element) => {
            let values: Vec<serde_json::Value> = serde_json::from_str(text).ok()?;
            values.iter().map(|value| read_element(element, value)).collect::<Option<_>>().map(Value::Array)
        }
        other => value_of_text(other, text.trim()),
    }
}

/// A value inside an array or a struct.
fn read_element(sql_type: &SqlType, value: &serde_json::Value) -> Option<Value> {
    match value {
        serde_json::Value::Null => Some(Value::Null),
        serde_json::Value::String(text) => read_value(sql_type, text),
        other => read_value(sql_type, &other.to_string()),
    }
}

/// `2150-01-01` and `2150-01-01 10:00:00` as `2150-01-01T10:00:00`.
fn civil(text: &str) -> String {
    let text = text.trim().replacen(' ', "T", 1);
    if text.contains('T') { text } else { text + "T00:00:00" }
}

fn example(sql_type: &SqlType) -> Option<&'static str> {
    Some(match sql_type {
        SqlType::Date => "2150-01-31",
        SqlType::Datetime => "2150-01-31 10:00:00",
        SqlType::Timestamp => "2150-01-31 10:00:00 UTC",
        SqlType::Time => "10:00:00",
        SqlType::Bool => "true or false",
        SqlType::Array(_) => "a JSON array, as in [1, 2]",
        SqlType::Struct(_) => "a JSON object with the fields' names",
        SqlType::Range(_) => "[start, end), as in [2150-01-01, UNBOUNDED)",
        SqlType::Interval => "years-months days hours:minutes:seconds, as in 0-0 1 12:0:0",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{read, read_type, read_value};
    use bedside_sql::Parameters;
    use bedside_types::{Interval, Value};

    #[expect(clippy::needless_pass_by_value, reason = "the calls are easier to read")]
    fn check(type_name: &str, text: &str, expected: Option<Value>) {
        assert_eq!(read_value(&read_type(type_name).unwrap(), text), expected, "{type_name} {text}");
    }

    #[test]
    fn values_are_read_by_their_type() {
        check("int64", " 7", Some(Value::Int64(7)));
        check("INT64", "7.5", None);
        check("INT64", "NULL", Some(Value::Null));
        check("STRING", "NULL", Some(Value::String("NULL".into())));
        check("NUMERIC", "1.5", Some(Value::Numeric(1_500_000_000)));
        check("BOOL", "TRUE", Some(Value::Bool(true)));
        check("DATE", "1970-01-02", Some(Value::Date(1)));
        for text in ["1970-01-01 00:00:01", "1970-01-01T00:00:01"] {
            check("DATETIME", text, Some(Value::Datetime(1_000_000)));
        }
        for text in ["1970-01-02", "1970-01-02 00:00:00 UTC", "1970-01-02T00:00:00Z", "1970-01-02 00:00:00+00"] {
            check("TIMESTAMP", text, Some(Value::Timestamp(86_400_000_000)));
        }
        check("DATE", "yesterday", None);
        check("ARRAY<INT64>", "[1, null]", Some(Value::Array(vec![Value::Int64(1), Value::Null])));
        check("ARRAY<STRING>", "[\"a\"]", Some(Value::Array(vec![Value::String("a".into())])));
        check("ARRAY<INT64>", "1", None);
        let pair = Value::Struct(vec![Value::Int64(1), Value::Array(vec![Value::String("x".into())])]);
        check("STRUCT<a INT64, b ARRAY<STRING>>", r#"{"b": ["x"], "a": 1}"#, Some(pair));
        check("STRUCT<a INT64, b STRING>", r#"{"b": null}"#, Some(Value::Struct(vec![Value::Null, Value::Null])));
        check("STRUCT<a INT64>", r#"{"c": 1}"#, None);
        let interval = Interval { months: 14, days: -3, micros: 1_500_000 };
        check("INTERVAL", "1-2 -3 0:0:1.5", Some(Value::Interval(interval)));
        check("INTERVAL", "tomorrow", None);
        let range = Value::Range(Box::new([Value::Date(1), Value::Null]));
        check("RANGE<DATE>", "[1970-01-02, UNBOUNDED)", Some(range));
        check("RANGE<DATE>", "1970-01-02", None);
        assert_eq!(read_type("VARCHAR"), None);
    }

    #[test]
    fn names_are_all_there_or_all_absent() {
        let written = |texts: &[&str]| read(&texts.iter().map(|text| text.parse().unwrap()).collect::<Vec<_>>());
        assert_eq!(written(&[]), Ok(Parameters::None));
        assert!(matches!(written(&["a:INT64:1", "b::x"]), Ok(Parameters::Named(values)) if values.len() == 2));
        assert!(matches!(written(&[":INT64:1"]), Ok(Parameters::Positional(values)) if values.len() == 1));
        assert!(written(&["a:INT64:1", ":INT64:2"]).is_err());
        assert!(written(&["a:INT64:1", "A:INT64:2"]).unwrap_err().message.contains("twice"));
        assert!(written(&["a:INT64:x"]).unwrap_err().message.contains("`x` is no INT64"));
    }
}
