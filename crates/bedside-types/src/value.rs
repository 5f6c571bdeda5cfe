//! A single value of a GoogleSQL type.

/// One value. Numbers and times are held exactly as GoogleSQL defines them
/// (<https://cloud.google.com/bigquery/docs/reference/standard-sql/data-types>).
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// NULL of any type.
    Null,
    /// BOOL.
    Bool(bool),
    /// INT64.
    Int64(i64),
    /// FLOAT64.
    Float64(f64),
    /// NUMERIC: the value times 10^9, below 10^38.
    Numeric(i128),
    /// BIGNUMERIC: canonical decimal text with at most 38 digits after the point.
    BigNumeric(String),
    /// STRING.
    String(String),
    /// BYTES.
    Bytes(Vec<u8>),
    /// DATE: days since 1970-01-01.
    Date(i32),
    /// DATETIME: microseconds since 1970-01-01 00:00:00, no zone.
    Datetime(i64),
    /// TIME: microseconds since midnight.
    Time(i64),
    /// TIMESTAMP: microseconds since 1970-01-01 00:00:00 UTC.
    Timestamp(i64),
    /// INTERVAL.
    Interval(Interval),
    /// JSON text.
    Json(String),
    /// ARRAY.
    Array(Vec<Value>),
    /// STRUCT, its fields in order.
    Struct(Vec<Value>),
    /// RANGE: its start and its end, NULL where it has none.
    Range(Box<[Value; 2]>),
}

/// An INTERVAL: three parts that are not carried into each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Interval {
    /// Months, years included.
    pub months: i32,
    /// Days, weeks included.
    pub days: i32,
    /// Microseconds, hours and below.
    pub micros: i64,
}
