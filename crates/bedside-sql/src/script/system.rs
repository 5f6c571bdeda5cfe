//! System variables
//! (<https://cloud.google.com/bigquery/docs/reference/system-variables>).

use super::failure::Failure;
use crate::error::{Result, SqlError};
use bedside_types::{Position, SqlType, StructField, Value, nearest};
use std::sync::Arc;

/// What `@@` names, as far as it is known.
#[derive(Clone, Debug, Default)]
pub struct System {
    /// The project that statements run in: `@@project_id`.
    pub project: Option<String>,
    /// The dataset of bare table names: `@@dataset_id`.
    pub dataset: Option<String>,
    /// The project of that dataset: `@@dataset_project_id`.
    pub dataset_project: Option<String>,
    /// `@@query_label`, `key:value, …`.
    pub label: Option<String>,
    /// Rows that the last statement changed; `None` where it changed none: `@@row_count`.
    pub row_count: Option<u64>,
    /// The job of the last statement: `@@last_job_id`.
    pub last_job: Option<String>,
    /// The job of the whole text: `@@script.job_id`, `@@current_job_id`.
    pub job: Option<String>,
    /// Microseconds since 1970 at which the text began: `@@script.creation_time`.
    pub created: Option<i64>,
    /// Statements so far that were jobs of their own: `@@script.num_child_jobs`.
    pub children: u64,
    /// Bytes that they read: `@@script.bytes_processed`.
    pub bytes_processed: u64,
    /// Bytes that BigQuery would bill: `@@script.bytes_billed`.
    pub bytes_billed: u64,
    /// Milliseconds that they ran: `@@script.slot_ms`.
    pub slot_milliseconds: u64,
    /// What the handler at hand was called for.
    pub(crate) error: Option<Arc<Failure>>,
}

/// The names; those behind can be set.
const NAMES: &[(&str, bool)] = &[
    ("current_job_id", false),
    ("dataset_id", true),
    ("dataset_project_id", true),
    ("error.formatted_stack_trace", false),
    ("error.message", false),
    ("error.stack_trace", false),
    ("error.statement_text", false),
    ("last_job_id", false),
    ("location", false),
    ("project_id", false),
    ("query_label", true),
    ("row_count", false),
    ("script.bytes_billed", false),
    ("script.bytes_processed", false),
    ("script.creation_time", false),
    ("script.job_id", false),
    ("script.num_child_jobs", false),
    ("script.slot_ms", false),
    ("session_id", false),
    ("time_zone", true),
];

/// Names that BigQuery has and that mean nothing here, with the reason.
const REFUSED: &[(&str, &str)] = &[("reservation", "statements run on this machine and there are no reservations")];

impl System {
    /// Of a text that begins to run in a project, at so many microseconds since 1970.
    pub fn new(project: String, created: i64) -> Self {
        Self { project: Some(project), created: Some(created), ..Self::default() }
    }

    /// The dataset of bare table names, with its project where there is one.
    pub fn default_dataset(&self) -> Option<String> {
        let dataset = self.dataset.as_ref()?;
        Some(match &self.dataset_project {
            Some(project) => format!("{project}.{dataset}"),
            None => dataset.clone(),
        })
    }

    /// Sets it.
    pub fn set_default_dataset(&mut self, dataset: Option<&str>) {
        let (project, dataset) = match dataset.and_then(|dataset| dataset.rsplit_once('.')) {
            Some((project, dataset)) => (Some(project), Some(dataset)),
            None => (None, dataset),
        };
        (self.dataset_project, self.dataset) = (project.map(str::to_owned), dataset.map(str::to_owned));
    }

    /// The type and value of a variable, given the parts of its name.
    pub(crate) fn value(&self, name: &str, position: Position) -> Result<(SqlType, Value)> {
        let text = |text: &Option<String>| (SqlType::String, text.clone().map_or(Value::Null, Value::String));
        let number = |number: Option<u64>| {
            let value = number.and_then(|number| i64::try_from(number).ok());
            (SqlType::Int64, value.map_or(Value::Null, Value::Int64))
        };
        Ok(match known(name, position)? {
            ("project_id", _) => text(&self.project),
            ("dataset_id", _) => text(&self.dataset),
            ("dataset_project_id", _) => text(&self.dataset_project.clone().or_else(|| self.project.clone())),
            ("query_label", _) => text(&self.label),
            ("row_count", _) => number(self.row_count),
            ("last_job_id", _) => text(&self.last_job),
            ("current_job_id" | "script.job_id", _) => text(&self.job),
            ("location", _) => (SqlType::String, Value::String("US".to_owned())),
            ("time_zone", _) => (SqlType::String, Value::String("UTC".to_owned())),
            ("script.creation_time", _) => (SqlType::Timestamp, self.created.map_or(Value::Null, Value::Timestamp)),
            ("script.num_child_jobs", _) => number(Some(self.children)),
            ("script.bytes_processed", _) => number(Some(self.bytes_processed)),
            ("script.bytes_billed", _) => number(Some(self.bytes_billed)),
            ("script.slot_ms", _) => number(Some(self.slot_milliseconds)),
            ("session_id", _) => (SqlType::String, Value::Null),
            (error, _) => {
                let Some(failure) = &self.error else {
                    let message = format!("System variable @@{error} cannot be used outside of an exception handler");
                    return Err(SqlError::rule(message, position));
                };
                failure.part(error)
            }
        })
    }

    /// Sets one that can be set.
    pub(crate) fn set(&mut self, name: &str, value: Value, position: Position) -> Result<()> {
        let name = settable(name, position)?;
        let text = match value {
            Value::String(text) => Some(text),
            _ => None,
        };
        match name {
            "dataset_id" => self.dataset = text,
            "dataset_project_id" => self.dataset_project = text,
            "query_label" => self.label = text,
            _ => match text.as_deref() {
                Some("UTC" | "Etc/UTC" | "GMT" | "+00:00" | "+0") => {}
                _ => {
                    return Err(SqlError::unsupported("A @@time_zone other than UTC", position)
                        .with_hint("name the zone where it is needed: FORMAT_TIMESTAMP('%T', t, 'America/New_York')"));
                }
            },
        }
        Ok(())
    }

    /// Fails for a name that nothing has or that cannot be set.
    pub(crate) fn check_settable(name: &str, position: Position) -> Result<()> {
        settable(name, position).map(|_| ())
    }
}

fn settable(name: &str, position: Position) -> Result<&'static str> {
    match known(name, position)? {
        (name, true) => Ok(name),
        (name, false) => Err(SqlError::rule(format!("System variable @@{name} is read-only"), position)),
    }
}

fn known(name: &str, position: Position) -> Result<(&'static str, bool)> {
    let lower = name.to_lowercase();
    if let Some(found) = NAMES.iter().find(|(known, _)| *known == lower) {
        return Ok(*found);
    }
    if let Some((refused, why)) = REFUSED.iter().find(|(refused, _)| *refused == lower) {
        return Err(SqlError::unsupported(format!("The system variable @@{refused}"), position)
            .with_hint(format!("leave it out: {why}")));
    }
    let near = nearest(&lower, NAMES.iter().map(|(known, _)| *known));
    let near = near.map(|near| format!("; Did you mean @@{near}?")).unwrap_or_default();
    Err(SqlError::name(format!("Unrecognized name: @@{name}{near}"), position))
}

/// The type of `@@error.stack_trace`.
pub(super) fn stack_type() -> SqlType {
    let field = |name: &str, sql_type| StructField { name: Some(name.to_owned()), sql_type };
    SqlType::Array(Box::new(SqlType::Struct(vec![
        field("line", SqlType::Int64),
        field("column", SqlType::Int64),
        field("filename", SqlType::String),
        field("location", SqlType::String),
    ])))
}
