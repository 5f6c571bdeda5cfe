//! The tables that a definition may name, as the newest releases and the pages have them: without any data.

use crate::definition::{Definitions, derived, without_project};
use bedside_datasets::{Release, catalogue, dataset_names, names_within};
use bedside_sql::{Catalog, ColumnFacts, ColumnSchema, TablePath, TableSchema, UnknownTable};
use bedside_types::{SqlType, nearest};
use std::sync::Arc;

/// The project that the datasets are published in.
const PROJECT: &str = "physionet-data";

/// The newest schema of every family, and the derived tables as their pages describe them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewestSchema<'a> {
    pub(crate) definitions: &'a Definitions,
}

impl Catalog for NewestSchema<'_> {
    fn table(&self, path: &[String]) -> Result<Arc<TableSchema>, UnknownTable> {
        let columns = match derived(self.definitions.family(), path) {
            Some(table) => self.derived_columns(table),
            None => raw_columns(path),
        };
        let Some(columns) = columns else { return Err(self.unknown(path)) };
        let column = |(name, sql_type)| ColumnSchema { name, sql_type, facts: ColumnFacts::default() };
        let parts = without_project(path);
        let path = TablePath {
            project: PROJECT.to_owned(),
            dataset: parts.first().cloned().unwrap_or_default(),
            table: parts.last().cloned().unwrap_or_default(),
        };
        Ok(Arc::new(TableSchema { path, columns: columns.into_iter().map(column).collect(), keys: Vec::new() }))
    }
}

impl NewestSchema<'_> {
    fn derived_columns(self, table: &str) -> Option<Vec<(String, SqlType)>> {
        let page = &self.definitions.get(table)?.page;
        Some(page.columns.iter().map(|column| (column.name.clone(), column.sql_type.clone())).collect())
    }

    /// In BigQuery's words.
    pub(crate) fn unknown(self, path: &[String]) -> UnknownTable {
        let parts = without_project(path);
        let (dataset, table) = match parts {
            [dataset, table] => (dataset.as_str(), table.as_str()),
            _ => ("", path.last().map_or("", String::as_str)),
        };
        let raw = known_tables().filter(|(known, _)| known == dataset).map(|(_, table)| table);
        let mut known: Vec<String> = raw.map(str::to_owned).collect();
        if dataset == self.definitions.family().dataset() {
            known.extend(self.definitions.names().map(str::to_owned));
        }
        if known.is_empty() {
            let datasets: Vec<String> = known_tables().map(|(dataset, _)| dataset).collect();
            let near = nearest(dataset, datasets.iter().map(String::as_str)).map(str::to_owned);
            return UnknownTable { message: format!("Not found: Dataset {PROJECT}:{dataset}"), nearest: near };
        }
        let near = nearest(table, known.iter().map(String::as_str)).map(|near| format!("{dataset}.{near}"));
        UnknownTable { message: format!("Not found: Table {PROJECT}:{dataset}.{table}"), nearest: near }
    }
}

/// Whether some published release has a table of that dataset and name.
pub(crate) fn is_published(path: &[String]) -> bool {
    let [dataset, table] = without_project(path) else { return false };
    catalogue().releases().any(|release| table_of(release, dataset, table).is_some())
}

/// The table that dataset and name mean within a release.
pub(crate) fn table_of<'r>(release: &'r Release, dataset: &str, table: &str) -> Option<&'r bedside_datasets::Table> {
    let rules = dataset_names(&release.id, &release.schema_version).into_iter();
    let mut rules = rules.chain(names_within(&release.id, &release.schema_version));
    let rule = rules.find(|rule| rule.name.as_str() == dataset)?;
    rule.modules.iter().find_map(|module| release.table(module, table))
}

fn raw_columns(path: &[String]) -> Option<Vec<(String, SqlType)>> {
    let [dataset, table] = without_project(path) else { return None };
    let newest = catalogue().families().iter().filter_map(bedside_datasets::Family::newest);
    let table = newest.chain(catalogue().releases()).find_map(|release| table_of(release, dataset, table))?;
    Some(table.columns.iter().map(|column| (column.name.clone(), column.sql_type.clone())).collect())
}

/// Dataset and table of all tables of the newest releases, under their movable names.
fn known_tables() -> impl Iterator<Item = (String, &'static str)> {
    catalogue().families().iter().filter_map(bedside_datasets::Family::newest).flat_map(|release| {
        let rules = names_within(&release.id, &release.schema_version);
        release.tables.iter().flat_map(move |table| {
            let names: Vec<_> = rules
                .iter()
                .filter(|rule| rule.modules.contains(&table.module))
                .map(|rule| (rule.name.to_string(), table.name.as_str()))
                .collect();
            names
        })
    })
}
