//! The tables of MIMIC-IV, for the types of their columns.

use crate::catalog::{Catalog, ColumnFacts, ColumnSchema, TablePath, TableSchema, UnknownTable};
use std::sync::Arc;

/// The newest release of MIMIC-IV; bare names are looked up in its ICU module.
pub(super) struct Release;

impl Catalog for Release {
    fn table(&self, path: &[String]) -> Result<Arc<TableSchema>, UnknownTable> {
        let unknown = || UnknownTable { message: path.join("."), nearest: None };
        let (dataset, table) = match path {
            [.., dataset, table] => (dataset.as_str(), table),
            [table] => ("mimiciv_icu", table),
            [] => return Err(unknown()),
        };
        let module = dataset.rsplit('_').next().unwrap_or_default();
        let schema = bedside_datasets::catalogue().schema("mimiciv", "2.2").and_then(|r| r.table(module, table));
        let columns = schema.ok_or_else(unknown)?.columns.iter().map(|column| ColumnSchema {
            name: column.name.clone(),
            sql_type: column.sql_type.clone(),
            facts: ColumnFacts::default(),
        });
        let path = TablePath { project: String::new(), dataset: dataset.to_owned(), table: table.clone() };
        Ok(Arc::new(TableSchema { path, columns: columns.collect(), keys: Vec::new() }))
    }
}
