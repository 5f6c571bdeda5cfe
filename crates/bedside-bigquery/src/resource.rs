//! What clients get: the gate's answers as BigQuery's JSON resources.

pub(crate) mod dataset;
pub(crate) mod job;
pub(crate) mod rows;
pub(crate) mod table;

/// The one location that there is. Clients send back what they get, and expect one of Google's names.
pub(crate) const LOCATION: &str = "US";

/// Numbers of 64 bits are texts in JSON.
pub(crate) fn number(value: impl std::fmt::Display) -> serde_json::Value {
    serde_json::Value::String(value.to_string())
}
