//! Tables that are computed from the inventory: INFORMATION_SCHEMA, `__TABLES__`, `_metadata`.

use super::rows::{self, Columns, timestamp};
use super::{INFORMATION_SCHEMA, PUBLIC_PROJECT, information_schema, personal_listing};
use crate::inventory::{Dataset, Inventory};
use bedside_sql::{ColumnFacts, ColumnSchema, TablePath, TableSchema};
use bedside_store::PersonalDataset;
use bedside_types::SqlType::{Int64, String as Text};
use bedside_types::Value;
use datafusion::catalog::TableProvider;
use std::sync::Arc;

/// The version row and what else tells what a dataset is; PhysioNet's datasets have such a table on BigQuery.
const METADATA: Columns = &[("attribute", Text), ("value", Text)];

/// BigQuery's older listing of a dataset's tables; times are milliseconds since 1970, a type of 1 is a table.
const TABLES: Columns = &[
    ("project_id", Text),
    ("dataset_id", Text),
    ("table_id", Text),
    ("creation_time", Int64),
    ("last_modified_time", Int64),
    ("row_count", Int64),
    ("size_bytes", Int64),
    ("type", Int64),
];

/// A computed table.
#[derive(Debug)]
pub(crate) struct VirtualTable<'a> {
    path: TablePath,
    columns: Columns,
    datasets: Vec<&'a Dataset>,
    personal: Vec<&'a PersonalDataset>,
}

impl<'a> VirtualTable<'a> {
    /// A computed table inside a dataset; `None` if there is none of that name.
    pub(crate) fn of_dataset(dataset: &'a Dataset, table: &str) -> Option<Self> {
        let columns = match table {
            "_metadata" => METADATA,
            "__TABLES__" => TABLES,
            _ => return None,
        };
        let path = path(dataset.name.to_string(), table);
        Some(Self { path, columns, datasets: vec![dataset], personal: vec![] })
    }

    /// A computed table inside a dataset that people made.
    pub(crate) fn of_personal(dataset: &'a PersonalDataset, table: &str) -> Option<Self> {
        let path = TablePath {
            project: dataset.project.clone(),
            dataset: dataset.name.clone(),
            table: (table == "__TABLES__").then(|| table.to_owned())?,
        };
        Some(Self { path, columns: TABLES, datasets: vec![], personal: vec![dataset] })
    }

    /// A view over one dataset that people made.
    pub(crate) fn personal_schema(dataset: &'a PersonalDataset, view: &str) -> Option<Self> {
        let columns = information_schema::columns(view)?;
        let path = TablePath {
            project: dataset.project.clone(),
            dataset: format!("{}.{INFORMATION_SCHEMA}", dataset.name),
            table: view.to_ascii_uppercase(),
        };
        Some(Self { path, columns, datasets: vec![], personal: vec![dataset] })
    }

    /// A view over one dataset, or over all where `scope` is `None`; `None` if there is no such view.
    pub(crate) fn information_schema(inventory: &'a Inventory, scope: Option<&'a Dataset>, view: &str) -> Option<Self> {
        let columns = information_schema::columns(view)?;
        let (prefix, datasets, personal) = match scope {
            Some(dataset) => (format!("{}.{INFORMATION_SCHEMA}", dataset.name), vec![dataset], vec![]),
            None => {
                let personal = inventory.personal().iter().map(AsRef::as_ref).collect();
                (INFORMATION_SCHEMA.to_owned(), inventory.datasets().iter().collect(), personal)
            }
        };
        Some(Self { path: path(prefix, &view.to_ascii_uppercase()), columns, datasets, personal })
    }

    /// As a statement sees it.
    pub(crate) fn schema(&self) -> TableSchema {
        let column = |(name, sql_type): &(&str, bedside_types::SqlType)| ColumnSchema {
            name: (*name).to_owned(),
            sql_type: sql_type.clone(),
            facts: ColumnFacts::default(),
        };
        TableSchema { path: self.path.clone(), columns: self.columns.iter().map(column).collect(), keys: Vec::new() }
    }

    /// As DataFusion scans it.
    pub(crate) fn provider(&self) -> Option<Arc<dyn TableProvider>> {
        let mut rows: Vec<Vec<Value>> = match self.path.table.as_str() {
            "_metadata" => self.datasets.iter().flat_map(|dataset| metadata(dataset)).collect(),
            "__TABLES__" => self.datasets.iter().flat_map(|dataset| listing(dataset)).collect(),
            view => information_schema::rows(view, &self.datasets),
        };
        rows.extend(self.personal.iter().flat_map(|dataset| personal_listing::rows(&self.path.table, dataset)));
        rows::table(self.columns, &rows)
    }
}

fn path(dataset: String, table: &str) -> TablePath {
    TablePath { project: PUBLIC_PROJECT.to_owned(), dataset, table: table.to_owned() }
}

fn metadata(dataset: &Dataset) -> Vec<Vec<Value>> {
    let release = &dataset.manifest.release;
    let mut rows = vec![
        ("mimic_version", release.version().to_owned()),
        ("bedside_release", release.to_string()),
        ("bedside_version", env!("CARGO_PKG_VERSION").to_owned()),
    ];
    rows.extend(dataset.concepts_fingerprint().map(|fingerprint| ("concepts_fingerprint", fingerprint)));
    let text = |text: &str| Value::String(text.to_owned());
    rows.iter().map(|(attribute, value)| vec![text(attribute), text(value)]).collect()
}

fn listing(dataset: &Dataset) -> Vec<Vec<Value>> {
    let text = |text: &str| Value::String(text.to_owned());
    dataset
        .tables()
        .map(|entry| {
            let loaded = match timestamp(&entry.loaded_at) {
                Value::Timestamp(micros) => Value::Int64(micros / 1_000),
                other => other,
            };
            vec![
                text(PUBLIC_PROJECT),
                text(dataset.name.as_str()),
                text(&entry.name),
                loaded.clone(),
                loaded,
                Value::Int64(entry.rows as i64),
                Value::Int64(entry.logical_bytes() as i64),
                Value::Int64(1),
            ]
        })
        .collect()
}
