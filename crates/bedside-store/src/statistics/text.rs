//! Smallest and greatest values as text, and back.

use super::bounds::Bounds;
use arrow::datatypes::{Decimal256Type, DecimalType, i256};
use bedside_types::{SqlType, Value};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike};

/// The most bytes of a STRING that a manifest keeps.
pub const LONGEST_TEXT: usize = 64;

const DATETIME: &str = "%Y-%m-%dT%H:%M:%S%.f";
const TIME: &str = "%H:%M:%S%.f";

#[derive(Clone, Copy)]
pub(crate) enum Which {
    Smallest,
    Greatest,
}

/// The text of a bound: INT64 in decimal digits, FLOAT64 as the shortest text that reads back the same (`inf`, `-inf`),
/// NUMERIC and BIGNUMERIC without trailing zeros, BOOL `true` or `false`, DATE `2150-01-31`, DATETIME
/// `2150-01-31T09:00:00` with microseconds where there are any, TIME likewise, TIMESTAMP with a `Z`, STRING and JSON as they
/// are, cut at a character after [`LONGEST_TEXT`] bytes or less.
pub(crate) fn text_of_bound(sql_type: &SqlType, bounds: &Bounds, which: Which) -> Option<String> {
    fn choose<T>(which: Which, min: T, max: T) -> T {
        match which {
            Which::Smallest => min,
            Which::Greatest => max,
        }
    }
    match bounds {
        Bounds::None => None,
        Bounds::Integer(min, max) => text_of_integer(sql_type, choose(which, *min, *max)),
        Bounds::Float(min, max) => Some(format!("{:?}", choose(which, *min, *max))),
        Bounds::Text(min, max) => Some(beginning(choose(which, min, max)).to_owned()),
        Bounds::Numeric(min, max) => Some(text_of_decimal(&choose(which, *min, *max).to_string(), 9)),
        Bounds::BigNumeric(min, max) => Some(text_of_decimal(&choose(which, *min, *max).to_string(), 38)),
    }
}

/// The value of a text in a manifest; `None` if the text is no such value, or for types without bounds.
pub fn value_of_text(sql_type: &SqlType, text: &str) -> Option<Value> {
    Some(match sql_type {
        SqlType::Int64 => Value::Int64(text.parse().ok()?),
        SqlType::Float64 => Value::Float64(text.parse().ok()?),
        SqlType::Bool => Value::Bool(text.parse().ok()?),
        SqlType::String | SqlType::Collated => Value::String(text.to_owned()),
        SqlType::Json => Value::Json(text.to_owned()),
        SqlType::Date => {
            let date: NaiveDate = text.parse().ok()?;
            Value::Date(i32::try_from(date.signed_duration_since(NaiveDate::default()).num_days()).ok()?)
        }
        SqlType::Datetime => {
            Value::Datetime(NaiveDateTime::parse_from_str(text, DATETIME).ok()?.and_utc().timestamp_micros())
        }
        SqlType::Timestamp => {
            let civil = NaiveDateTime::parse_from_str(text.strip_suffix('Z')?, DATETIME).ok()?;
            Value::Timestamp(civil.and_utc().timestamp_micros())
        }
        SqlType::Time => {
            let time = NaiveTime::parse_from_str(text, TIME).ok()?;
            let seconds = i64::from(time.num_seconds_from_midnight());
            Value::Time(seconds * 1_000_000 + i64::from(time.nanosecond() / 1_000))
        }
        SqlType::Numeric => Value::Numeric(value_of_decimal(text, 9)?.parse().ok()?),
        SqlType::BigNumeric => {
            value_of_decimal(text, 38).and_then(|digits| i256::from_string(&digits))?;
            Value::BigNumeric(text.to_owned())
        }
        SqlType::Bytes | SqlType::Interval | SqlType::Array(_) | SqlType::Struct(_) | SqlType::Range(_) => return None,
    })
}

/// A BIGNUMERIC's text as the value times 10^38.
pub(crate) fn big_numeric(text: &str) -> Option<i256> {
    i256::from_string(&value_of_decimal(text, 38)?)
}

fn text_of_integer(sql_type: &SqlType, value: i64) -> Option<String> {
    Some(match sql_type {
        SqlType::Bool => (value != 0).to_string(),
        SqlType::Date => NaiveDate::default().checked_add_signed(TimeDelta::try_days(value)?)?.to_string(),
        SqlType::Datetime => DateTime::from_timestamp_micros(value)?.naive_utc().format(DATETIME).to_string(),
        SqlType::Timestamp => format!("{}Z", DateTime::from_timestamp_micros(value)?.naive_utc().format(DATETIME)),
        SqlType::Time => {
            let seconds = u32::try_from(value / 1_000_000).ok()?;
            let nanoseconds = u32::try_from(value % 1_000_000).ok()? * 1_000;
            NaiveTime::from_num_seconds_from_midnight_opt(seconds, nanoseconds)?.format(TIME).to_string()
        }
        _ => value.to_string(),
    })
}

/// The longest beginning of at most [`LONGEST_TEXT`] bytes.
fn beginning(text: &str) -> &str {
    &text[..text.floor_char_boundary(LONGEST_TEXT)]
}

/// Decimal text of an integer that is the value times 10^`scale`.
fn text_of_decimal(digits: &str, scale: usize) -> String {
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |digits| ("-", digits));
    let digits = format!("{digits:0>width$}", width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    match fraction.trim_end_matches('0') {
        "" => format!("{sign}{whole}"),
        fraction => format!("{sign}{whole}.{fraction}"),
    }
}

/// The digits of the value times 10^`scale`.
fn value_of_decimal(text: &str, scale: usize) -> Option<String> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = format!("{whole}{fraction:0<scale$}");
    let valid = fraction.len() <= scale && digits.trim_start_matches('-').bytes().all(|byte| byte.is_ascii_digit());
    (valid && digits.len() <= usize::from(Decimal256Type::MAX_PRECISION) + 2).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::{Bounds, LONGEST_TEXT, Which, text_of_bound, value_of_text};
    use arrow::datatypes::i256;
    use bedside_types::{SqlType, Value};

    #[test]
    fn every_bound_has_a_text_that_reads_back() {
        let integer = |value| Bounds::Integer(value, value);
        for (sql_type, bounds, text, value) in [
            (SqlType::Int64, integer(i64::MIN), "-9223372036854775808", Value::Int64(i64::MIN)),
            (SqlType::Float64, Bounds::Float(0.1, 0.1), "0.1", Value::Float64(0.1)),
            (SqlType::Float64, Bounds::Float(1e300, 1e300), "1e300", Value::Float64(1e300)),
            (SqlType::Float64, Bounds::Float(f64::INFINITY, f64::INFINITY), "inf", Value::Float64(f64::INFINITY)),
            (SqlType::Bool, integer(1), "true", Value::Bool(true)),
            (SqlType::Date, integer(-1), "1969-12-31", Value::Date(-1)),
            (SqlType::Date, integer(65_774), "2150-01-31", Value::Date(65_774)),
            (SqlType::Datetime, integer(1_500_000), "1970-01-01T00:00:01.500", Value::Datetime(1_500_000)),
            (SqlType::Datetime, integer(-1), "1969-12-31T23:59:59.999999", Value::Datetime(-1)),
            (SqlType::Timestamp, integer(0), "1970-01-01T00:00:00Z", Value::Timestamp(0)),
            (SqlType::Time, integer(3_600_000_001), "01:00:00.000001", Value::Time(3_600_000_001)),
            (SqlType::Numeric, Bounds::Numeric(-1_500_000_000, 0), "-1.5", Value::Numeric(-1_500_000_000)),
            (SqlType::Numeric, Bounds::Numeric(-1, 0), "-0.000000001", Value::Numeric(-1)),
            (SqlType::Numeric, Bounds::Numeric(20_000_000_000, 0), "20", Value::Numeric(20_000_000_000)),
            (
                SqlType::BigNumeric,
                Bounds::BigNumeric(i256::from_i128(15).wrapping_mul(i256::from_i128(10_i128.pow(37))), i256::ZERO),
                "1.5",
                Value::BigNumeric("1.5".to_owned()),
            ),
            (SqlType::String, Bounds::Text("mg/dL".into(), String::new()), "mg/dL", Value::String("mg/dL".into())),
        ] {
            assert_eq!(text_of_bound(&sql_type, &bounds, Which::Smallest).as_deref(), Some(text), "{sql_type}");
            assert_eq!(value_of_text(&sql_type, text), Some(value), "{sql_type}");
        }
        for (sql_type, text) in [
            (SqlType::Int64, "x"),
            (SqlType::Date, "2150-02-30"),
            (SqlType::Numeric, "1.0000000001"),
            (SqlType::Timestamp, "1970-01-01T00:00:00"),
        ] {
            assert_eq!(value_of_text(&sql_type, text), None, "{text}");
        }
    }

    #[test]
    fn a_long_string_is_cut_at_a_character() {
        let bounds = Bounds::Text("ä".repeat(40), format!("x{}", "ä".repeat(40)));
        let cut = |which| text_of_bound(&SqlType::String, &bounds, which).unwrap();
        assert_eq!(cut(Which::Smallest), "ä".repeat(LONGEST_TEXT / 2));
        assert_eq!(cut(Which::Greatest), format!("x{}", "ä".repeat(31)));
    }
}
