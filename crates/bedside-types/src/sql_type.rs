//! GoogleSQL types and how Arrow holds them.

mod range;
mod text;

pub use range::{RangeTextError, range_ends};

use arrow_schema::{DataType, Field, Fields, IntervalUnit, TimeUnit};
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// A GoogleSQL type (<https://cloud.google.com/bigquery/docs/reference/standard-sql/data-types>).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum SqlType {
    /// 64-bit integer; the only integer that GoogleSQL has.
    Int64,
    /// IEEE double.
    Float64,
    /// Decimal with 29 digits before and 9 after the point.
    Numeric,
    /// Decimal with 38 digits after the point.
    BigNumeric,
    /// Boolean.
    Bool,
    /// Text, compared by bytes.
    String,
    /// Text with the collation `und:ci`: compared without regard to case. A STRING to whoever reads it.
    Collated,
    /// Bytes.
    Bytes,
    /// Day.
    Date,
    /// Civil time to the microsecond, no zone.
    Datetime,
    /// Time of day to the microsecond.
    Time,
    /// Instant to the microsecond.
    Timestamp,
    /// Months, days and microseconds.
    Interval,
    /// JSON document.
    Json,
    /// Array of one element type, never an array itself.
    Array(Box<SqlType>),
    /// Struct of fields in order; names may be absent or repeat.
    Struct(Vec<StructField>),
    /// What lies between two DATEs, DATETIMEs or TIMESTAMPs, the first included; a missing end is unbounded.
    Range(Box<SqlType>),
}

/// A field of a STRUCT.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StructField {
    /// The name; `None` for an anonymous field.
    pub name: Option<String>,
    /// The type.
    pub sql_type: SqlType,
}

/// A word that names no GoogleSQL type.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Type not found: {0}")]
pub struct TypeNameError(pub String);

const EXTENSION_NAME: &str = "ARROW:extension:name";
const EXTENSION_JSON: &str = "arrow.json";

impl SqlType {
    /// The Arrow type that holds values of this type. DATETIME is a timestamp without zone, TIMESTAMP one in UTC; JSON is
    /// text, told apart by the field's metadata (see [`SqlType::field`]).
    pub fn arrow(&self) -> DataType {
        match self {
            Self::Int64 => DataType::Int64,
            Self::Float64 => DataType::Float64,
            Self::Numeric => DataType::Decimal128(38, 9),
            Self::BigNumeric => DataType::Decimal256(76, 38),
            Self::Bool => DataType::Boolean,
            Self::String | Self::Collated | Self::Json => DataType::Utf8View,
            Self::Bytes => DataType::BinaryView,
            Self::Date => DataType::Date32,
            Self::Datetime => DataType::Timestamp(TimeUnit::Microsecond, None),
            Self::Time => DataType::Time64(TimeUnit::Microsecond),
            Self::Timestamp => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
            Self::Interval => DataType::Interval(IntervalUnit::MonthDayNano),
            Self::Array(element) => DataType::List(Arc::new(element.field("item", true))),
            Self::Struct(fields) => DataType::Struct(
                fields
                    .iter()
                    .enumerate()
                    // Arrow wants names; GoogleSQL's anonymous fields get their place, as BigQuery's results do.
                    .map(|(i, f)| {
                        f.sql_type.field(&f.name.clone().unwrap_or_else(|| format!("_field_{}", i + 1)), true)
                    })
                    .collect::<Fields>(),
            ),
            Self::Range(element) => DataType::Struct(range::fields(element)),
        }
    }

    /// An Arrow field of this type; JSON carries Arrow's extension name.
    pub fn field(&self, name: &str, nullable: bool) -> Field {
        let field = Field::new(name, self.arrow(), nullable);
        if *self == Self::Json {
            field.with_metadata([(EXTENSION_NAME.to_owned(), EXTENSION_JSON.to_owned())].into())
        } else {
            field
        }
    }

    /// The GoogleSQL type of an Arrow field, `None` for Arrow types that GoogleSQL has no type for.
    pub fn of_field(field: &Field) -> Option<Self> {
        if field.metadata().get(EXTENSION_NAME).is_some_and(|name| name == EXTENSION_JSON) {
            return Some(Self::Json);
        }
        Some(match field.data_type() {
            DataType::Int8
            | DataType::Int16
            | DataType::Int32
            | DataType::Int64
            | DataType::UInt8
            | DataType::UInt16
            | DataType::UInt32 => Self::Int64,
            DataType::Float32 | DataType::Float64 => Self::Float64,
            DataType::Decimal128(_, scale) if *scale <= 9 => Self::Numeric,
            DataType::Decimal128(..) | DataType::Decimal256(..) => Self::BigNumeric,
            DataType::Boolean => Self::Bool,
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Self::String,
            DataType::Binary | DataType::LargeBinary | DataType::BinaryView => Self::Bytes,
            DataType::Date32 => Self::Date,
            DataType::Timestamp(_, None) => Self::Datetime,
            DataType::Timestamp(_, Some(_)) => Self::Timestamp,
            DataType::Time64(_) => Self::Time,
            DataType::Interval(_) => Self::Interval,
            DataType::Dictionary(_, value) => Self::of_field(&Field::new("", (**value).clone(), true))?,
            DataType::List(element) | DataType::LargeList(element) => Self::Array(Box::new(Self::of_field(element)?)),
            DataType::Struct(fields) if range::is_marked(fields) => Self::Range(Box::new(Self::of_field(&fields[0])?)),
            DataType::Struct(fields) => Self::Struct(
                fields
                    .iter()
                    .map(|f| Some(StructField { name: Some(f.name().clone()), sql_type: Self::of_field(f)? }))
                    .collect::<Option<_>>()?,
            ),
            _ => return None,
        })
    }

    /// Whether an Arrow type is that of a RANGE.
    pub fn is_range(data_type: &DataType) -> bool {
        matches!(data_type, DataType::Struct(fields) if range::is_marked(fields))
    }

    /// Whether a RANGE can be of this type.
    pub fn bounds_ranges(&self) -> bool {
        matches!(self, Self::Date | Self::Datetime | Self::Timestamp)
    }
}

/// As GoogleSQL writes it: `INT64`, `ARRAY<STRING>`, `STRUCT<a INT64, b STRING>`.
impl fmt::Display for SqlType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Self::Int64 => "INT64",
            Self::Float64 => "FLOAT64",
            Self::Numeric => "NUMERIC",
            Self::BigNumeric => "BIGNUMERIC",
            Self::Bool => "BOOL",
            Self::String | Self::Collated => "STRING",
            Self::Bytes => "BYTES",
            Self::Date => "DATE",
            Self::Datetime => "DATETIME",
            Self::Time => "TIME",
            Self::Timestamp => "TIMESTAMP",
            Self::Interval => "INTERVAL",
            Self::Json => "JSON",
            Self::Array(element) => return write!(f, "ARRAY<{element}>"),
            Self::Range(element) => return write!(f, "RANGE<{element}>"),
            Self::Struct(fields) => {
                f.write_str("STRUCT<")?;
                for (i, field) in fields.iter().enumerate() {
                    f.write_str(if i == 0 { "" } else { ", " })?;
                    if let Some(name) = &field.name {
                        write!(f, "{} ", text::quoted(name))?;
                    }
                    write!(f, "{}", field.sql_type)?;
                }
                ">"
            }
        };
        f.write_str(name)
    }
}

/// Simple type names and BigQuery's aliases, without regard to case; ARRAY, STRUCT and RANGE as they are written above.
impl FromStr for SqlType {
    type Err = TypeNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text.to_ascii_uppercase().as_str() {
            "INT64" | "INT" | "INTEGER" | "SMALLINT" | "BIGINT" | "TINYINT" | "BYTEINT" => Self::Int64,
            "FLOAT64" => Self::Float64,
            "NUMERIC" | "DECIMAL" => Self::Numeric,
            "BIGNUMERIC" | "BIGDECIMAL" => Self::BigNumeric,
            "BOOL" | "BOOLEAN" => Self::Bool,
            "STRING" => Self::String,
            "BYTES" => Self::Bytes,
            "DATE" => Self::Date,
            "DATETIME" => Self::Datetime,
            "TIME" => Self::Time,
            "TIMESTAMP" => Self::Timestamp,
            "INTERVAL" => Self::Interval,
            "JSON" => Self::Json,
            _ => return text::nested(text).ok_or_else(|| TypeNameError(text.to_owned())),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{SqlType, StructField};

    #[test]
    fn every_type_survives_arrow_and_text() {
        let simple = [
            SqlType::Int64,
            SqlType::Float64,
            SqlType::Numeric,
            SqlType::BigNumeric,
            SqlType::Bool,
            SqlType::String,
            SqlType::Bytes,
            SqlType::Date,
            SqlType::Datetime,
            SqlType::Time,
            SqlType::Timestamp,
            SqlType::Interval,
            SqlType::Json,
            SqlType::Range(Box::new(SqlType::Date)),
            SqlType::Range(Box::new(SqlType::Timestamp)),
        ];
        for sql_type in &simple {
            assert_eq!(sql_type.to_string().parse::<SqlType>().as_ref(), Ok(sql_type));
        }
        let fields = simple.iter().map(|t| StructField { name: Some(t.to_string()), sql_type: t.clone() }).collect();
        let nested = SqlType::Array(Box::new(SqlType::Struct(fields)));
        for sql_type in simple.iter().chain([&nested]) {
            assert_eq!(sql_type.to_string().parse::<SqlType>().as_ref(), Ok(sql_type));
            assert_eq!(SqlType::of_field(&sql_type.field("x", true)).as_ref(), Some(sql_type));
        }
    }
}
