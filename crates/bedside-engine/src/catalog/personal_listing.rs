//! People's own datasets in INFORMATION_SCHEMA and `__TABLES__`.

use super::information_schema::text;
use super::routine_listing;
use super::rows::timestamp;
use bedside_store::{PersonalDataset, PersonalTable, PersonalView};
use bedside_types::{SqlType, Value};
use std::collections::BTreeMap;

/// The rows of a listing about one dataset; the columns are those that releases have.
pub(super) fn rows(listing: &str, dataset: &PersonalDataset) -> Vec<Vec<Value>> {
    let tables = || dataset.tables.iter();
    let views = || dataset.views.iter();
    match listing {
        "SCHEMATA" => vec![schema(dataset)],
        "TABLES" => {
            let tables = tables().map(|(name, table)| object(dataset, name, "BASE TABLE", &table.created));
            let views = views().map(|(name, view)| object(dataset, name, "VIEW", &view.created));
            tables.chain(views).collect()
        }
        "TABLE_OPTIONS" => {
            let tables = tables().flat_map(|(name, table)| options(dataset, name, &table.options));
            tables.chain(views().flat_map(|(name, view)| options(dataset, name, &view.options))).collect()
        }
        "COLUMNS" => {
            let tables = tables().flat_map(|(name, table)| columns(dataset, name, table));
            tables.chain(views().flat_map(|(name, view)| view_columns(dataset, name, view))).collect()
        }
        "COLUMN_FIELD_PATHS" => tables().flat_map(|(name, table)| field_paths(dataset, name, table)).collect(),
        "SCHEMATA_OPTIONS" => schema_options(dataset),
        "ROUTINES" | "ROUTINE_OPTIONS" | "PARAMETERS" => routine_listing::rows(listing, dataset),
        "VIEWS" => views().map(|(name, view)| definition(dataset, name, view)).collect(),
        "__TABLES__" => {
            let tables = tables().map(|(name, table)| {
                let (rows, bytes) = (table.rows, table.logical_bytes());
                legacy(dataset, name, [&table.created, &table.updated], [rows as i64, bytes as i64, 1])
            });
            let views = views().map(|(name, view)| legacy(dataset, name, [&view.created, &view.created], [0, 0, 2]));
            tables.chain(views).collect()
        }
        _ => Vec::new(),
    }
}

pub(super) fn named(dataset: &PersonalDataset, name: &str) -> Vec<Value> {
    vec![text(dataset.project.as_str()), text(dataset.name.as_str()), text(name)]
}

fn schema(dataset: &PersonalDataset) -> Vec<Value> {
    vec![
        text(dataset.project.as_str()),
        text(dataset.name.as_str()),
        Value::Null,
        timestamp(&dataset.created),
        timestamp(&dataset.updated),
        text(dataset.options.get("location").map_or("US", String::as_str)),
        Value::Null,
        Value::Null,
    ]
}

fn schema_options(dataset: &PersonalDataset) -> Vec<Vec<Value>> {
    let names = [text(dataset.project.as_str()), text(dataset.name.as_str())];
    option_rows(&names, &dataset.options)
}

fn object(dataset: &PersonalDataset, name: &str, kind: &str, created: &str) -> Vec<Value> {
    let mut row = named(dataset, name);
    let (managed, insertable) = if kind == "VIEW" { (Value::Null, "NO") } else { (text("NATIVE"), "YES") };
    row.extend([text(kind), managed, text(insertable), text("NO"), text("NO"), text("NO"), timestamp(created)]);
    row.extend([Value::Null, Value::Null, Value::Null, Value::Null, Value::Null, Value::Null]);
    row
}

fn options(dataset: &PersonalDataset, name: &str, options: &BTreeMap<String, String>) -> Vec<Vec<Value>> {
    option_rows(&named(dataset, name), options)
}

/// A row for each option of what has these names.
pub(super) fn option_rows(names: &[Value], options: &BTreeMap<String, String>) -> Vec<Vec<Value>> {
    let row = |(option, value): (&String, &String)| {
        let mut row = names.to_vec();
        let is_text = matches!(option.as_str(), "description" | "friendly_name");
        // BigQuery gives an option's value as the literal that would set it.
        let literal = format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""));
        let sql_type = match option.as_str() {
            "labels" => "ARRAY<STRUCT<STRING, STRING>>",
            "expiration_timestamp" => "TIMESTAMP",
            "partition_expiration_days" => "FLOAT64",
            "require_partition_filter" => "BOOL",
            _ => "STRING",
        };
        row.extend([text(option.as_str()), text(sql_type), text(if is_text { literal } else { value.clone() })]);
        row
    };
    options.iter().map(row).collect()
}

fn columns(dataset: &PersonalDataset, name: &str, table: &PersonalTable) -> Vec<Vec<Value>> {
    let row = |(at, column): (usize, &bedside_store::PersonalColumn)| {
        let entry = &column.entry;
        let clustering = table.cluster.iter().position(|clustered| *clustered == entry.name);
        let partitions = table.partition_column.as_ref() == Some(&entry.name);
        let default = column.default.clone().unwrap_or_else(|| "NULL".to_owned());
        let flags = [if entry.nullable { "YES" } else { "NO" }, if partitions { "YES" } else { "NO" }];
        full_column(named(dataset, name), (at, &entry.name, column.declared()), flags, clustering, default)
    };
    table.columns.iter().enumerate().map(row).collect()
}

fn view_columns(dataset: &PersonalDataset, name: &str, view: &PersonalView) -> Vec<Vec<Value>> {
    let row = |(at, (column, sql_type)): (usize, &(String, String))| {
        let default = "NULL".to_owned();
        full_column(named(dataset, name), (at, column, sql_type.clone()), ["YES", "NO"], None, default)
    };
    view.columns.iter().enumerate().map(row).collect()
}

fn full_column(
    mut row: Vec<Value>,
    (at, name, declared): (usize, &str, String),
    [nullable, partitions]: [&str; 2],
    clustering: Option<usize>,
    default: String,
) -> Vec<Value> {
    row.extend([text(name), Value::Int64(at as i64 + 1), text(nullable), text(declared), text("NEVER")]);
    row.extend([Value::Null, Value::Null, text("NO"), Value::Null, text("NO"), text(partitions)]);
    row.push(clustering.map_or(Value::Null, |place| Value::Int64(place as i64 + 1)));
    row.extend([text("NULL"), text(default), Value::Null]);
    row
}

/// A row for each column and for each field in its STRUCTs.
fn field_paths(dataset: &PersonalDataset, name: &str, table: &PersonalTable) -> Vec<Vec<Value>> {
    let mut rows = Vec::new();
    for column in &table.columns {
        let mut paths = vec![(column.entry.name.clone(), column.entry.sql_type.clone())];
        let mut at = 0;
        while at < paths.len() {
            let (path, sql_type) = paths[at].clone();
            let inner = match &sql_type {
                SqlType::Array(element) => element.as_ref(),
                other => other,
            };
            if let SqlType::Struct(fields) = inner {
                let fields = fields.iter().map(|field| {
                    (format!("{path}.{}", field.name.as_deref().unwrap_or_default()), field.sql_type.clone())
                });
                let fields: Vec<_> = fields.collect();
                let after = paths.split_off(at + 1);
                paths.extend(fields.into_iter().chain(after));
            }
            at += 1;
        }
        for (place, (path, sql_type)) in paths.into_iter().enumerate() {
            let mut row = named(dataset, name);
            let description = column.description.as_ref().filter(|_| place == 0);
            row.extend([text(column.entry.name.as_str()), text(path), text(sql_type.to_string())]);
            row.extend([description.map_or(Value::Null, |d| text(d.as_str())), text("NULL"), Value::Null]);
            rows.push(row);
        }
    }
    rows
}

fn definition(dataset: &PersonalDataset, name: &str, view: &PersonalView) -> Vec<Value> {
    let mut row = named(dataset, name);
    row.extend([text(view.text.as_str()), Value::Null, text("YES")]);
    row
}

fn legacy(dataset: &PersonalDataset, name: &str, times: [&String; 2], numbers: [i64; 3]) -> Vec<Value> {
    let mut row = named(dataset, name);
    row.extend(times.map(|time| match timestamp(time) {
        Value::Timestamp(micros) => Value::Int64(micros / 1_000),
        other => other,
    }));
    row.extend(numbers.map(Value::Int64));
    row
}
