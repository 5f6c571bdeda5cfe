//! What is checked of a table before anybody sees it: guarantees block, expectations warn.

use crate::definition::Definition;
use crate::error::{Error, Result};
use arrow::array::{Array, RecordBatch};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use bedside_engine::{Engine, Request};
use bedside_store::{ColumnEntry, Manifest, TableEntry};
use bedside_types::Value;
use std::sync::Arc;

/// Rows shown of those that break a guarantee.
const MOST_SHOWN: usize = 10;

/// A table that is written but not published.
pub(super) struct Candidate<'a> {
    pub(super) definition: &'a Definition,
    pub(super) entry: &'a TableEntry,
    pub(super) engine: &'a Engine,
    /// A manifest that has it.
    pub(super) manifest: Arc<Manifest>,
}

/// What checking found.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// How much was checked.
    pub(super) checks: u64,
    /// Expectations that do not hold.
    pub(super) warnings: Vec<String>,
}

/// Checks the key, then what must have a value, then ranges and completeness.
///
/// # Errors
/// [`Error::Check`] with the rows that break a guarantee.
pub(super) fn check(candidate: &Candidate<'_>) -> Result<Found> {
    let mut found = Found { checks: 1, ..Found::default() };
    let page = &candidate.definition.page;
    candidate.check_key()?;
    let mut empty = Vec::new();
    for column in &page.columns {
        let Some(entry) = candidate.entry.column(&column.name) else { continue };
        if column.not_null {
            found.checks += 1;
            candidate.check_values(entry)?;
        }
        if let Some(range) = column.range {
            found.checks += 1;
            found.warnings.extend(candidate.range_warning(entry, range)?);
        }
        if candidate.entry.rows > 0 && entry.nulls == candidate.entry.rows {
            empty.push(column.name.as_str());
        }
    }
    found.checks += 1;
    if candidate.entry.rows == 0 {
        found.warnings.push("there are no rows".to_owned());
    } else if !empty.is_empty() {
        found.warnings.push(format!("no row has a value of {}", empty.join(", ")));
    }
    Ok(found)
}

impl Candidate<'_> {
    fn check_key(&self) -> Result<()> {
        let key = &self.definition.page.key;
        if key.is_empty() {
            return Ok(());
        }
        let columns = key.iter().map(|name| column(name)).collect::<Vec<_>>().join(", ");
        let rows = self.texts(&format!(
            "SELECT {}, CAST(COUNT(*) AS STRING) FROM {} GROUP BY {columns} HAVING COUNT(*) > 1 ORDER BY {columns} LIMIT {MOST_SHOWN}",
            shown(key),
            self.table(),
        ))?;
        if rows.is_empty() {
            return Ok(());
        }
        let show = |row: Vec<String>| {
            let times = row.last().cloned().unwrap_or_default();
            format!("{} comes {times} times", labelled(key, &row))
        };
        let why = format!("{} is said to be a key, but has duplicates", key.join(", "));
        Err(self.broken(why, rows.into_iter().map(show).collect()))
    }

    fn check_values(&self, column: &ColumnEntry) -> Result<()> {
        if column.nulls == 0 {
            return Ok(());
        }
        let page = &self.definition.page;
        let told: Vec<String> = match page.key.as_slice() {
            [] => page.columns.iter().take(4).map(|column| column.name.clone()).collect(),
            key => key.to_vec(),
        };
        let (columns, table, name) = (shown(&told), self.table(), &column.name);
        let quoted = self::column(name);
        let rows = self.texts(&format!(
            "SELECT {columns} FROM {table} WHERE {quoted} IS NULL ORDER BY {} LIMIT {MOST_SHOWN}",
            (1..=told.len()).map(|at| at.to_string()).collect::<Vec<_>>().join(", ")
        ))?;
        let why = format!("{name} must have a value, but is NULL in {} of {} rows", column.nulls, self.entry.rows);
        Err(self.broken(why, rows.iter().map(|row| labelled(&told, row)).collect()))
    }

    fn range_warning(&self, column: &ColumnEntry, (low, high): (f64, f64)) -> Result<Option<String>> {
        let outside = |value: Option<Value>| value.as_ref().and_then(number).is_none_or(|v| v < low || v > high);
        let has_values = column.min.is_some() || column.nans > 0;
        let inside = !outside(column.min_value()) && !outside(column.max_value()) && column.nans == 0;
        if !has_values || inside {
            return Ok(None);
        }
        let (name, quoted) = (&column.name, self::column(&column.name));
        let condition = format!("CAST({quoted} AS FLOAT64) >= {low:?} AND CAST({quoted} AS FLOAT64) <= {high:?}");
        let rows = self.texts(&format!(
            "SELECT CAST(COUNT(*) AS STRING) FROM {} WHERE {quoted} IS NOT NULL AND NOT ({condition})",
            self.table()
        ))?;
        let count = rows.first().and_then(|row| row.first()).map_or("0", String::as_str);
        let (min, max) = (column.min.as_deref().unwrap_or("NaN"), column.max.as_deref().unwrap_or("NaN"));
        Ok((count != "0").then(|| {
            format!(
                "{count} of {} values of {name} are not in {low} to {high}: they go from {min} to {max}",
                self.values(column)
            )
        }))
    }

    fn values(&self, column: &ColumnEntry) -> u64 {
        self.entry.rows - column.nulls
    }

    fn table(&self) -> String {
        format!("`{}`.`{}` AS built", self.definition.family.dataset(), self.definition.name)
    }

    fn broken(&self, why: String, rows: Vec<String>) -> Error {
        Error::Check { file: self.definition.file.clone(), why, rows }
    }

    /// The rows of a statement whose columns are all texts.
    fn texts(&self, text: &str) -> Result<Vec<Vec<String>>> {
        let within = Some(Arc::clone(&self.manifest));
        let prepared = self.engine.prepare(&Request { text, within, ..Request::default() })?;
        let mut rows = Vec::new();
        for batch in prepared.execute()? {
            rows.extend(texts(&batch?)?);
        }
        Ok(rows)
    }
}

/// A column, qualified, as a table may have a column of its own name.
fn column(name: &str) -> String {
    format!("built.`{name}`")
}

/// Columns as texts.
fn shown(columns: &[String]) -> String {
    columns.iter().map(|name| format!("CAST({} AS STRING)", column(name))).collect::<Vec<_>>().join(", ")
}

/// `stay_id 30000001, hr 5`.
fn labelled(names: &[String], row: &[String]) -> String {
    names.iter().zip(row).map(|(name, value)| format!("{name} {value}")).collect::<Vec<_>>().join(", ")
}

fn texts(batch: &RecordBatch) -> Result<Vec<Vec<String>>> {
    let options = FormatOptions::default();
    let formats = batch.columns().iter().map(|column| ArrayFormatter::try_new(column.as_ref(), &options));
    let formats: Vec<_> =
        formats.collect::<Result<_, _>>().map_err(|error| Error::Internal(format!("no text: {error}")))?;
    let cell = |(at, format): (usize, &ArrayFormatter<'_>), row: usize| {
        if batch.column(at).is_null(row) { "NULL".to_owned() } else { format.value(row).to_string() }
    };
    Ok((0..batch.num_rows()).map(|row| formats.iter().enumerate().map(|f| cell(f, row)).collect()).collect())
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Int64(value) => Some(*value as f64),
        Value::Float64(value) => Some(*value),
        Value::Numeric(value) => Some(*value as f64 / 1e9),
        _ => None,
    }
}
