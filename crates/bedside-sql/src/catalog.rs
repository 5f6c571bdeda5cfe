//! What the resolver asks of the world: which tables there are and what columns they have.

pub(crate) mod definition;

use crate::tree;
use bedside_types::SqlType;
use std::sync::Arc;

pub use definition::{
    ColumnDefinition, Found, FunctionDefinition, Place, Refusal, RefusalKind, Routine, RoutinePlace, Schema,
    TableDefinition, TableFunctionDefinition, TypeParameters, ViewDefinition,
};

/// A table as a statement sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct TableSchema {
    /// The name by which the engine finds it: project, dataset (resolved, never an alias), table.
    pub path: TablePath,
    /// Columns in order, names as stored.
    pub columns: Vec<ColumnSchema>,
    /// Keys by definition, each as places in `columns`: no two rows have the same values there, NULLs counting as equal.
    pub keys: Vec<Vec<usize>>,
}

/// A table's full name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TablePath {
    /// `physionet-data` or a personal project.
    pub project: String,
    /// The dataset, `INFORMATION_SCHEMA` qualified by its dataset included (`mimiciv_3_1_icu.INFORMATION_SCHEMA`).
    pub dataset: String,
    /// The table.
    pub table: String,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnSchema {
    /// The name as stored.
    pub name: String,
    /// The type.
    pub sql_type: SqlType,
    /// What the data are known to hold, for choosing faster forms that give the same answer.
    pub facts: ColumnFacts,
}

/// Facts about a column's values, from statistics that are exact; the default knows nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ColumnFacts {
    /// Whether a NULL may occur.
    pub may_be_null: bool,
    /// Whether a NaN may occur (FLOAT64 only).
    pub may_be_nan: bool,
}

impl Default for ColumnFacts {
    fn default() -> Self {
        Self { may_be_null: true, may_be_nan: true }
    }
}

/// The tables that a statement may name. `Sync`, because statements are resolved on a thread with a stack of known size.
pub trait Catalog: Sync {
    /// The table that the parts of a path name, outermost first (`[project,] dataset, table`, or more parts for
    /// `INFORMATION_SCHEMA`). One part is a table of the default dataset.
    ///
    /// # Errors
    /// [`UnknownTable`] with the nearest name.
    fn table(&self, path: &[String]) -> Result<Arc<TableSchema>, UnknownTable>;

    /// The tables of a wildcard, whose path's last part ends in `*`: what follows the prefix in the name of each, the table made
    /// last at the end. A dataset without such a table has none.
    ///
    /// # Errors
    /// [`UnknownTable`] where the dataset does not exist.
    fn tables_with_prefix(&self, path: &[String]) -> Result<Vec<(String, Arc<TableSchema>)>, UnknownTable> {
        Err(UnknownTable { message: format!("Not found: Table {}", path.join(".")), nearest: None })
    }

    /// The view that the parts of a path name, asked before [`Catalog::table`]; `None` where it is no view.
    fn view(&self, path: &[String]) -> Option<Arc<ViewDefinition>> {
        let _ = path;
        None
    }

    /// The dataset that bare names are looked up in, where there is one; it is kept with a view.
    fn default_dataset(&self) -> Option<&str> {
        None
    }

    /// The function of that name that an earlier statement made; names go without regard to case.
    fn function(&self, name: &str) -> Option<Arc<FunctionDefinition>> {
        let _ = name;
        None
    }

    /// The function or procedure of a dataset that the parts of a path name, outermost first; `None` where there is none.
    fn routine(&self, path: &[String]) -> Option<Routine> {
        let _ = path;
        None
    }

    /// Where a statement makes or drops a routine.
    ///
    /// # Errors
    /// As [`Catalog::place`].
    fn routine_place(&self, path: &[String]) -> Result<RoutinePlace, Refusal> {
        Err(Refusal::read_only(format!("Access Denied: Routine {}: nothing can be written here", path.join("."))))
    }

    /// Where a statement that makes, changes or drops a table or view does so. `temporary` is what `CREATE TEMP` says; a
    /// single part may name a temporary table without it.
    ///
    /// # Errors
    /// [`Refusal`] for a place that cannot be written; this is every place where an implementation has nothing to write to.
    fn place(&self, path: &[String], lifetime: tree::Lifetime) -> Result<Place, Refusal> {
        let _ = lifetime;
        Err(Refusal::read_only(format!("Access Denied: Table {}: nothing can be written here", path.join("."))))
    }

    /// The dataset that a statement makes or drops.
    ///
    /// # Errors
    /// As [`Catalog::place`].
    fn schema(&self, path: &[String]) -> Result<Schema, Refusal> {
        Err(Refusal::read_only(format!("Access Denied: Dataset {}: nothing can be written here", path.join("."))))
    }
}

/// A path that names no table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownTable {
    /// In BigQuery's words: `Not found: Table physionet-data:mimiciv_icu.chartevent`.
    pub message: String,
    /// A name that may have been meant, ready to paste.
    pub nearest: Option<String>,
}
