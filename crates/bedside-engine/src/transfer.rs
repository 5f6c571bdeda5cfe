//! Rows into files and from files: what is known before. Where files may be, and how they are written and read, is for the gate: an
//! engine reaches nothing outside its home.

use crate::engine::{Prepared, TouchedTable};
use bedside_sql::tree::LoadMode;
use bedside_sql::{ColumnDefinition, TablePath};
use bedside_types::Value;
use std::fmt;

/// `EXPORT DATA` or `LOAD DATA`.
pub struct PreparedTransfer {
    /// The options that are given, called as BigQuery calls them (`uri`, `format`), and their values.
    pub options: Vec<(String, Value)>,
    /// Which way.
    pub kind: Transfer,
}

/// Which way rows go.
#[derive(Debug)]
pub enum Transfer {
    /// Out of the warehouse.
    Export(Box<Prepared>),
    /// Into a table.
    Load {
        /// The table.
        path: TablePath,
        /// What becomes of rows that are there.
        mode: LoadMode,
        /// The columns, where they are given.
        columns: Option<Vec<ColumnDefinition>>,
    },
}

impl PreparedTransfer {
    /// Every table that it reads, each once, by name.
    pub fn tables(&self) -> &[TouchedTable] {
        match &self.kind {
            Transfer::Export(rows) => rows.tables(),
            Transfer::Load { .. } => &[],
        }
    }

    /// Its first words, with the table that it is about: `LOAD DATA INTO mine.t`.
    pub fn words(&self) -> String {
        match &self.kind {
            Transfer::Export(_) => "EXPORT DATA".to_owned(),
            Transfer::Load { path, .. } => format!("LOAD DATA INTO {}.{}", path.dataset, path.table),
        }
    }
}

/// Names of files and values are sensitive; only the shape is shown.
impl fmt::Debug for PreparedTransfer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PreparedTransfer({})", self.words())
    }
}
