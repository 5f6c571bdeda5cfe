//! Rows into files and from files.

use super::{ColumnDefinition, Name, OptionItem, Query};
use bedside_types::Position;

/// `EXPORT DATA OPTIONS(…) AS query`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Export {
    pub(crate) options: Vec<OptionItem>,
    pub(crate) query: Query,
    pub(crate) position: Position,
}

/// `LOAD DATA … FROM FILES(…)`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Load {
    pub(crate) mode: LoadMode,
    pub(crate) table: Vec<Name>,
    pub(crate) columns: Option<Vec<ColumnDefinition>>,
    /// What FILES says.
    pub(crate) files: Vec<OptionItem>,
    pub(crate) position: Position,
}

/// What LOAD DATA does with rows that are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoadMode {
    /// `INTO`: they stay.
    Append,
    /// `OVERWRITE`: they go.
    Overwrite,
}
