//! Statements that take rows out into files and bring them in from files.

use super::Query;
use crate::catalog::{ColumnDefinition, TablePath};

pub use crate::syntax::LoadMode;

/// `EXPORT DATA`.
#[derive(Clone, Debug, PartialEq)]
pub struct Export {
    /// One row with a column for each option that is given, called as BigQuery calls it: `uri`, `format`, …
    pub options: Query,
    /// The rows that go out.
    pub rows: Query,
}

/// `LOAD DATA`.
#[derive(Clone, Debug, PartialEq)]
pub struct Load {
    /// As those of [`Export`]: `uris`, `format`, …
    pub options: Query,
    /// The table.
    pub path: TablePath,
    /// What becomes of rows that are there.
    pub mode: LoadMode,
    /// The columns, where they are given.
    pub columns: Option<Vec<ColumnDefinition>>,
}
