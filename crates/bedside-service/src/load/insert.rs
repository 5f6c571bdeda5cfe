//! Rows that a client sends one by one.

use super::json::columns_of;
use super::{BadRows, UnknownValues, csv};
use crate::error::{Error, Result};
use crate::principal::{Action, Principal};
use crate::run::import;
use crate::service::Service;
use crate::submission::{CreateDisposition, Destination, WriteDisposition};
use crate::tables::TableKind;
use bedside_meta::TableReference;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::atomic::AtomicBool;

/// What becomes of the other rows when one is wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InvalidRows {
    /// None goes in.
    #[default]
    Refused,
    /// They go in.
    Skipped,
}

/// Why a row did not go in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowFault {
    /// Which one, counted from 0.
    pub index: usize,
    /// BigQuery's reason: `invalid`, or `stopped` for one that is right beside one that is wrong.
    pub reason: &'static str,
    /// The column that it is about.
    pub column: String,
    /// What is wrong.
    pub message: String,
}

impl Service {
    /// Puts JSON objects into a table as rows, all in one step. Gives why some did not go in. Not to be called
    /// from asynchronous code.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`], [`Error::Invalid`] for a view or a row that is no object.
    pub fn insert_rows(
        &self,
        principal: &Principal,
        table: &TableReference,
        rows: &[Value],
        unknown: UnknownValues,
        invalid: InvalidRows,
    ) -> Result<Vec<RowFault>> {
        principal.may(&Action::Write)?;
        let found = self.shared.table(table)?;
        if found.kind != TableKind::Table {
            return Err(Error::Invalid(format!("Cannot add rows to a table of type VIEW: {table}")));
        }
        if rows.iter().any(|row| !row.is_object()) {
            return Err(Error::Invalid("a row is no JSON object".to_owned()));
        }
        let mut faults = Vec::new();
        let arrays = columns_of(&found.columns, rows, unknown, &mut faults)?;
        let wrong: BTreeSet<usize> = faults.iter().map(|fault| fault.row).collect();
        let mut told: Vec<RowFault> = faults
            .iter()
            .map(|fault| RowFault {
                index: fault.row,
                reason: "invalid",
                column: fault.column.clone(),
                message: fault.message.clone(),
            })
            .collect();
        if !wrong.is_empty() && invalid == InvalidRows::Refused {
            let others = (0..rows.len()).filter(|index| !wrong.contains(index));
            told.extend(others.map(|index| RowFault {
                index,
                reason: "stopped",
                column: String::new(),
                message: String::new(),
            }));
            told.sort_by_key(|fault| fault.index);
            return Ok(told);
        }
        let batch = csv::finished(&found.columns, arrays, rows.len(), &faults, &BadRows::new(u64::MAX))?;
        let destination =
            Destination { table: table.clone(), create: CreateDisposition::Never, write: WriteDisposition::Append };
        let import = import(&destination, found.columns);
        self.shared.engine.import(&import, &AtomicBool::new(false), || Ok(std::iter::once(Ok(batch))))?;
        Ok(told)
    }
}
