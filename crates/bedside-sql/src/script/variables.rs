//! What a statement of a script sees beside tables: variables, parameters, system variables.

use super::system::System;
use crate::error::{Result, SqlError};
use crate::parameters::Parameters;
use bedside_types::{Position, SqlType, Value};
use std::sync::Arc;

/// BigQuery's bounds on one variable and on all of a script, bytes
/// (<https://cloud.google.com/bigquery/quotas#multi_statement_query_limits>).
const MOST_BYTES: usize = 1 << 20;
const MOST_BYTES_TOGETHER: usize = 10 << 20;

/// A variable and its value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Variable {
    pub(crate) name: String,
    pub(crate) sql_type: SqlType,
    pub(crate) value: Value,
}

/// What a statement sees beside tables.
#[derive(Clone, Debug, Default)]
pub(crate) struct Surroundings {
    pub(crate) parameters: Parameters,
    /// Those of inner blocks last.
    pub(crate) variables: Vec<Arc<Variable>>,
    pub(crate) system: System,
}

impl Surroundings {
    /// With parameters alone: what a text of one statement has.
    pub(crate) fn of(parameters: &Parameters) -> Self {
        Self { parameters: parameters.clone(), ..Self::default() }
    }

    /// The variable of that name; names go without regard to case.
    pub(crate) fn variable(&self, name: &str) -> Option<&Variable> {
        let lower = name.to_lowercase();
        self.variables.iter().rev().find(|variable| variable.name.to_lowercase() == lower).map(AsRef::as_ref)
    }
}

/// Refuses values that are larger than BigQuery lets a variable be, or that come to too much with the others.
pub(crate) fn check_size(name: &str, value: &Value, others: usize, position: Position) -> Result<()> {
    let bytes = size(value);
    if bytes > MOST_BYTES {
        let message = format!("The value of variable {name} has {bytes} bytes; a variable can have {MOST_BYTES}");
        return Err(SqlError::too_large(message, position)
            .with_hint("keep many values in a table: CREATE TEMP TABLE t AS SELECT …"));
    }
    if others + bytes > MOST_BYTES_TOGETHER {
        let message = format!("The variables of the script have more than {MOST_BYTES_TOGETHER} bytes together");
        return Err(SqlError::too_large(message, position));
    }
    Ok(())
}

/// About how many bytes a value takes.
pub(crate) fn size(value: &Value) -> usize {
    match value {
        Value::String(text) | Value::Json(text) | Value::BigNumeric(text) => 2 + text.len(),
        Value::Bytes(bytes) => 2 + bytes.len(),
        Value::Array(values) | Value::Struct(values) => 8 + values.iter().map(size).sum::<usize>(),
        Value::Numeric(_) | Value::Interval(_) | Value::Range(_) => 16,
        _ => 8,
    }
}
