//! A JSON object a line.

use super::column::{Fault, member, of_json};
use super::csv::finished;
use super::{BATCH_ROWS, BadRows, Detection, Load, Read, UnknownValues, detect, line, source, until_fault};
use crate::error::{Error, Result};
use arrow::array::{ArrayRef, RecordBatch};
use bedside_sql::ColumnDefinition;
use serde_json::Value;
use std::io::BufRead;

/// Rows that detection looks at.
const DETECTED_ROWS: usize = 500;

struct Batches {
    input: Box<dyn BufRead>,
    line: u64,
    columns: Vec<ColumnDefinition>,
    unknown: UnknownValues,
    bad: BadRows,
}

/// The rows of a file.
pub(crate) fn read(
    file: &source::File,
    load: &Load,
    known: Option<Vec<ColumnDefinition>>,
    bad: &BadRows,
) -> Result<Read> {
    let columns = match known {
        Some(columns) => columns,
        None if load.detection == Detection::On => {
            let mut sample = Vec::new();
            let (mut input, mut text) = (file.open()?, Vec::new());
            while sample.len() < DETECTED_ROWS && line(&mut *input, &mut text)? > 0 {
                sample.extend(serde_json::from_slice::<Value>(&text).ok());
                text.clear();
            }
            detect::json(&sample)
        }
        None => return Err(Error::Invalid("No schema specified on job or table.".to_owned())),
    };
    let mut batches =
        Batches { input: file.open()?, line: 0, columns: columns.clone(), unknown: load.unknown, bad: bad.clone() };
    Ok(Read { columns, batches: until_fault(move || batches.batch()) })
}

/// Objects as columns; what is wrong is told by row.
pub(super) fn columns_of(
    columns: &[ColumnDefinition],
    rows: &[Value],
    unknown: UnknownValues,
    faults: &mut Vec<Fault>,
) -> Result<Vec<ArrayRef>> {
    for (row, value) in rows.iter().enumerate() {
        let known = |key: &str| columns.iter().any(|column| column.name.eq_ignore_ascii_case(key));
        let mut keys = value.as_object().into_iter().flat_map(|object| object.keys());
        if let Some(key) = keys.find(|key| !known(key)).filter(|_| unknown == UnknownValues::Refused) {
            faults.push(Fault { row, column: key.clone(), message: format!("no such field: {key}.") });
        }
    }
    let mut arrays = Vec::with_capacity(columns.len());
    for column in columns {
        let values: Vec<_> = rows.iter().map(|row| member(row, &column.name)).collect();
        arrays.push(of_json(&column.name, &column.sql_type, &values, unknown, faults)?);
        if column.required {
            let missing = values.iter().enumerate().filter(|(_, value)| value.is_none_or(Value::is_null));
            faults.extend(missing.map(|(row, _)| Fault {
                row,
                column: column.name.clone(),
                message: format!("Missing required field: {}.", column.name),
            }));
        }
    }
    Ok(arrays)
}

impl Batches {
    fn batch(&mut self) -> Result<Option<RecordBatch>> {
        let mut rows = Vec::with_capacity(BATCH_ROWS);
        let mut text = Vec::new();
        while rows.len() < BATCH_ROWS {
            text.clear();
            match line(&mut *self.input, &mut text)? {
                0 => break,
                _ => self.line += 1,
            }
            if text.trim_ascii().is_empty() {
                continue;
            }
            match serde_json::from_slice::<Value>(&text) {
                Ok(row) if row.is_object() => rows.push(row),
                Ok(_) => self.bad.add(&format!("line {}: a row is no JSON object", self.line))?,
                Err(error) => self.bad.add(&format!("line {}: JSON parsing error: {error}", self.line))?,
            }
        }
        if rows.is_empty() {
            return Ok(None);
        }
        let mut faults = Vec::new();
        let arrays = columns_of(&self.columns, &rows, self.unknown, &mut faults)?;
        finished(&self.columns, arrays, rows.len(), &faults, &self.bad).map(Some)
    }
}
