//! Values of parameters from text.

use crate::calendar;
use crate::decimal;
use bedside_types::{Json, SqlType, Value, WideNumbers, range_ends};

/// The RANGE that a text is.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn range_of_text(element: &SqlType, text: &str) -> Result<Value, String> {
    let ends = range_ends(text).map_err(|error| error.to_string())?;
    let read = |end: Option<&str>| {
        let Some(end) = end else { return Ok(Value::Null) };
        let value = match element {
            SqlType::Date => calendar::date(end).map(Value::Date),
            SqlType::Datetime => calendar::datetime(end).map(Value::Datetime),
            _ => calendar::timestamp(end).map(Value::Timestamp),
        };
        value.ok_or_else(|| format!("Invalid {}: '{end}'", element.to_string().to_lowercase()))
    };
    let [start, end] = ends;
    let (start, end) = (read(start)?, read(end)?);
    let ordered = match (&start, &end) {
        (Value::Date(start), Value::Date(end)) => start < end,
        (Value::Datetime(start), Value::Datetime(end)) | (Value::Timestamp(start), Value::Timestamp(end)) => {
            start < end
        }
        _ => true,
    };
    if !ordered {
        return Err("Range start element must be smaller than range end element".to_owned());
    }
    Ok(Value::Range(Box::new([start, end])))
}

/// The value that a text is, as in CAST from STRING: dates and times in every form that literals have, numbers, `true` and
/// `false`, JSON; `None` where it is none. BYTES, INTERVAL, ARRAY and STRUCT have no one text.
pub(crate) fn value_of_text(sql_type: &SqlType, text: &str) -> Option<Value> {
    let plain = text.trim();
    Some(match sql_type {
        SqlType::String | SqlType::Collated => Value::String(text.to_owned()),
        SqlType::Int64 => Value::Int64(plain.parse().ok()?),
        SqlType::Float64 => Value::Float64(plain.parse().ok()?),
        SqlType::Bool => Value::Bool(plain.to_ascii_lowercase().parse().ok()?),
        SqlType::Numeric => Value::Numeric(decimal::numeric(plain, decimal::Digits::Rounded)?),
        SqlType::BigNumeric => Value::BigNumeric(decimal::big_numeric(plain)?),
        SqlType::Date => Value::Date(calendar::date(plain)?),
        SqlType::Datetime => Value::Datetime(calendar::datetime(plain)?),
        SqlType::Time => Value::Time(calendar::time(plain)?),
        SqlType::Timestamp => Value::Timestamp(calendar::timestamp(plain)?),
        SqlType::Json => {
            let document = Json::parse(text).and_then(|json| json.canonical(WideNumbers::Exact)).ok()?;
            let mut canonical = String::with_capacity(text.len());
            document.write(&mut canonical);
            Value::Json(canonical)
        }
        SqlType::Range(element) => range_of_text(element, plain).ok()?,
        SqlType::Bytes | SqlType::Interval | SqlType::Array(_) | SqlType::Struct(_) => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::value_of_text;
    use bedside_types::{SqlType, Value};

    #[test]
    fn a_text_is_a_value_or_none() {
        for (sql_type, text, expected) in [
            (SqlType::String, " a ", Some(Value::String(" a ".into()))),
            (SqlType::Int64, " 7", Some(Value::Int64(7))),
            (SqlType::Int64, "7.0", None),
            (SqlType::Float64, "-inf", Some(Value::Float64(f64::NEG_INFINITY))),
            (SqlType::Bool, "TRUE", Some(Value::Bool(true))),
            (SqlType::Numeric, "1.5", Some(Value::Numeric(1_500_000_000))),
            (SqlType::Date, "1970-1-2", Some(Value::Date(1))),
            (SqlType::Timestamp, "1970-01-01 00:00:01 UTC", Some(Value::Timestamp(1_000_000))),
            (SqlType::Timestamp, "1970-01-01T01:00:01+01:00", Some(Value::Timestamp(1_000_000))),
            (SqlType::Json, "{\"a\": 1}", Some(Value::Json("{\"a\":1}".into()))),
            (SqlType::Json, "{", None),
            (SqlType::Time, "25:00:00", None),
        ] {
            assert_eq!(value_of_text(&sql_type, text), expected, "{sql_type} {text}");
        }
    }
}
