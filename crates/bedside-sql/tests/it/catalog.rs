//! A catalogue of five small tables.

use bedside_sql::tree::{Query, Statement};
use bedside_sql::{
    Catalog, ColumnFacts, ColumnSchema, Parameters, SqlError, TablePath, TableSchema, UnknownTable, resolve,
};
use bedside_types::{SqlType, StructField};
use std::sync::Arc;

pub(crate) struct Ward;

impl Catalog for Ward {
    fn table(&self, path: &[String]) -> Result<Arc<TableSchema>, UnknownTable> {
        let parts: Vec<&str> = path.iter().map(String::as_str).collect();
        let (dataset, table) = match parts.as_slice() {
            ["physionet-data", "mimiciv_icu", "INFORMATION_SCHEMA", view]
            | ["mimiciv_icu", "INFORMATION_SCHEMA", view] => ("mimiciv_icu.INFORMATION_SCHEMA", *view),
            ["physionet-data", dataset, table] | [dataset, table] => (*dataset, *table),
            [table] => ("mimiciv_icu", *table),
            _ => ("", ""),
        };
        let unknown = || UnknownTable {
            message: format!("Not found: Table {}", path.join(".")),
            nearest: bedside_types::nearest(table, ["icustays", "chartevents", "patients", "types"]).map(str::to_owned),
        };
        let columns = columns(dataset, table).ok_or_else(unknown)?;
        let columns = columns.into_iter().map(|(name, sql_type)| ColumnSchema {
            name: name.to_owned(),
            sql_type,
            facts: ColumnFacts::default(),
        });
        let path =
            TablePath { project: "physionet-data".to_owned(), dataset: dataset.to_owned(), table: table.to_owned() };
        let columns: Vec<ColumnSchema> = columns.collect();
        let key = |key: &&[&str]| key.iter().filter_map(|name| columns.iter().position(|c| c.name == *name)).collect();
        let keys = keys(table).iter().map(key).collect();
        Ok(Arc::new(TableSchema { path, columns, keys }))
    }
}

fn columns(dataset: &str, table: &str) -> Option<Vec<(&'static str, SqlType)>> {
    use SqlType as T;
    Some(match (dataset, table) {
        ("mimiciv_icu", "icustays") => vec![
            ("subject_id", T::Int64),
            ("hadm_id", T::Int64),
            ("stay_id", T::Int64),
            ("first_careunit", T::String),
            ("intime", T::Datetime),
            ("outtime", T::Datetime),
            ("los", T::Float64),
        ],
        ("mimiciv_icu", "chartevents") => vec![
            ("subject_id", T::Int64),
            ("stay_id", T::Int64),
            ("charttime", T::Datetime),
            ("itemid", T::Int64),
            ("value", T::String),
            ("valuenum", T::Float64),
        ],
        ("mimiciv_hosp", "patients") => {
            vec![("subject_id", T::Int64), ("gender", T::String), ("anchor_age", T::Int64), ("dod", T::Date)]
        }
        ("mimiciv_hosp", "gender") => vec![("subject_id", T::Int64), ("gender", T::String)],
        ("mimiciv_icu", "types") => {
            let fields = [("a", T::Int64), ("b", T::String)];
            let fields = fields.map(|(name, sql_type)| StructField { name: Some(name.to_owned()), sql_type });
            let structure = T::Struct(fields.to_vec());
            vec![
                ("i", T::Int64),
                ("f", T::Float64),
                ("n", T::Numeric),
                ("big", T::BigNumeric),
                ("flag", T::Bool),
                ("s", T::String),
                ("bytes", T::Bytes),
                ("d", T::Date),
                ("dt", T::Datetime),
                ("t", T::Time),
                ("ts", T::Timestamp),
                ("iv", T::Interval),
                ("j", T::Json),
                ("ints", T::Array(Box::new(T::Int64))),
                ("strings", T::Array(Box::new(T::String))),
                ("st", structure.clone()),
                ("sts", T::Array(Box::new(structure))),
            ]
        }
        ("mimiciv_icu.INFORMATION_SCHEMA", "TABLES") => vec![("table_name", T::String)],
        _ => return None,
    })
}

fn keys(table: &str) -> &'static [&'static [&'static str]] {
    match table {
        "icustays" => &[&["stay_id"]],
        "patients" => &[&["subject_id"]],
        _ => &[],
    }
}

/// The one query of a text.
pub(crate) fn query(text: &str) -> Result<Query, SqlError> {
    query_with(text, &Parameters::default())
}

pub(crate) fn query_with(text: &str, parameters: &Parameters) -> Result<Query, SqlError> {
    let mut statements = resolve(text, &Ward, parameters)?;
    assert_eq!(statements.len(), 1, "{text}");
    match statements.remove(0) {
        Statement::Query(query) | Statement::Explain(query) => Ok(query),
        other => panic!("{text}: {other:?}"),
    }
}
