//! Datasets and tables as clients see them.

mod find;
mod labels;
mod rows;
mod write;

pub use write::{Contents, DatasetUpdate, NewDataset, NewTable, NewTableKind, TableUpdate};
pub(crate) use write::{check_columns, path};

use crate::error::Result;
use crate::principal::{Action, Principal};
use crate::service::Service;
use bedside_engine::PUBLIC_PROJECT;
use bedside_meta::{DatasetReference, TableReference};
use bedside_sql::ColumnDefinition;
use std::collections::BTreeMap;

/// A dataset. Times are milliseconds since 1970-01-01 UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dataset {
    /// Its name.
    pub reference: DatasetReference,
    /// What kind it is.
    pub kind: DatasetKind,
    /// What it is.
    pub description: Option<String>,
    /// A name for people.
    pub friendly_name: Option<String>,
    /// Where it says that it is.
    pub location: String,
    /// Labels by key.
    pub labels: BTreeMap<String, String>,
    /// When it was made.
    pub created: i64,
    /// When it was last changed.
    pub modified: i64,
}

/// What kind of dataset it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatasetKind {
    /// One of a release of MIMIC, which it names; read-only.
    Release(String),
    /// One of people's own.
    Personal,
    /// That of the anonymous tables; not listed.
    Anonymous,
}

/// A table or view. Times are milliseconds since 1970-01-01 UTC.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Its name.
    pub reference: TableReference,
    /// What kind it is.
    pub kind: TableKind,
    /// Its columns, in order, with their rules.
    pub columns: Vec<ColumnDefinition>,
    /// Its rows; 0 for a view.
    pub rows: u64,
    /// Bytes as BigQuery counts them; 0 for a view.
    pub bytes: u64,
    /// When it was made.
    pub created: i64,
    /// When it was last written.
    pub modified: i64,
    /// When it goes.
    pub expires: Option<i64>,
    /// What it is.
    pub description: Option<String>,
    /// A name for people.
    pub friendly_name: Option<String>,
    /// Labels by key.
    pub labels: BTreeMap<String, String>,
    /// `PARTITION BY` as written.
    pub partition: Option<String>,
    /// The column that it is about.
    pub partition_column: Option<String>,
    /// `CLUSTER BY`.
    pub cluster: Vec<String>,
}

/// What kind of table it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TableKind {
    /// Its rows are kept.
    Table,
    /// Its rows come from this query.
    View(String),
}

impl Service {
    /// The projects that a client of `client` sees: MIMIC's, its own, and those that are configured.
    ///
    /// # Errors
    /// None yet.
    pub fn projects(&self, principal: &Principal, client: &str) -> Result<Vec<String>> {
        principal.may(&Action::Read)?;
        let mut projects = vec![PUBLIC_PROJECT.to_owned()];
        for project in [client].into_iter().chain(self.shared.engine.projects().iter().map(String::as_str)) {
            if !project.is_empty() && !projects.iter().any(|known| known == project) {
                projects.push(project.to_owned());
            }
        }
        Ok(projects)
    }

    /// The datasets of a project, by name: releases in MIMIC's, people's own in any other.
    ///
    /// # Errors
    /// [`crate::Error::Store`].
    pub fn datasets(&self, principal: &Principal, project: &str) -> Result<Vec<Dataset>> {
        principal.may(&Action::Read)?;
        self.shared.datasets(project)
    }

    /// A dataset.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`].
    pub fn dataset(&self, principal: &Principal, dataset: &DatasetReference) -> Result<Dataset> {
        principal.may(&Action::Read)?;
        self.shared.dataset(dataset)
    }

    /// The tables and views of a dataset, by name.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`].
    pub fn tables(&self, principal: &Principal, dataset: &DatasetReference) -> Result<Vec<Table>> {
        principal.may(&Action::Read)?;
        self.shared.tables(dataset)
    }

    /// A table or view; an anonymous one, too.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`].
    pub fn table(&self, principal: &Principal, table: &TableReference) -> Result<Table> {
        self.shared.may_read(principal, table)?;
        self.shared.table(table)
    }
}
