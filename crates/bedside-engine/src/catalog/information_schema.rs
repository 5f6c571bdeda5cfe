//! The views of INFORMATION_SCHEMA that people use, with BigQuery's columns in BigQuery's order
//! (<https://cloud.google.com/bigquery/docs/information-schema-intro>).

use super::PUBLIC_PROJECT;
use super::described;
use super::rows::{Columns, timestamp};
use crate::inventory::Dataset;
use bedside_store::TableEntry;
use bedside_types::SqlType::{Int64, String as Text, Timestamp};
use bedside_types::Value;

/// The views there are.
pub(crate) const VIEWS: [&str; 10] = [
    "SCHEMATA",
    "SCHEMATA_OPTIONS",
    "TABLES",
    "TABLE_OPTIONS",
    "COLUMNS",
    "COLUMN_FIELD_PATHS",
    "VIEWS",
    "ROUTINES",
    "ROUTINE_OPTIONS",
    "PARAMETERS",
];

const SCHEMATA: Columns = &[
    ("catalog_name", Text),
    ("schema_name", Text),
    ("schema_owner", Text),
    ("creation_time", Timestamp),
    ("last_modified_time", Timestamp),
    ("location", Text),
    ("ddl", Text),
    ("default_collation_name", Text),
];

const TABLES: Columns = &[
    ("table_catalog", Text),
    ("table_schema", Text),
    ("table_name", Text),
    ("table_type", Text),
    ("managed_table_type", Text),
    ("is_insertable_into", Text),
    ("is_fine_grained_mutations_enabled", Text),
    ("is_typed", Text),
    ("is_change_history_enabled", Text),
    ("creation_time", Timestamp),
    ("base_table_catalog", Text),
    ("base_table_schema", Text),
    ("base_table_name", Text),
    ("snapshot_time_ms", Timestamp),
    ("ddl", Text),
    ("default_collation_name", Text),
];

const TABLE_OPTIONS: Columns = &[
    ("table_catalog", Text),
    ("table_schema", Text),
    ("table_name", Text),
    ("option_name", Text),
    ("option_type", Text),
    ("option_value", Text),
];

const COLUMNS: Columns = &[
    ("table_catalog", Text),
    ("table_schema", Text),
    ("table_name", Text),
    ("column_name", Text),
    ("ordinal_position", Int64),
    ("is_nullable", Text),
    ("data_type", Text),
    ("is_generated", Text),
    ("generation_expression", Text),
    ("is_stored", Text),
    ("is_hidden", Text),
    ("is_updatable", Text),
    ("is_system_defined", Text),
    ("is_partitioning_column", Text),
    ("clustering_ordinal_position", Int64),
    ("collation_name", Text),
    ("column_default", Text),
    ("rounding_mode", Text),
];

const COLUMN_FIELD_PATHS: Columns = &[
    ("table_catalog", Text),
    ("table_schema", Text),
    ("table_name", Text),
    ("column_name", Text),
    ("field_path", Text),
    ("data_type", Text),
    ("description", Text),
    ("collation_name", Text),
    ("rounding_mode", Text),
];

const VIEW_COLUMNS: Columns = &[
    ("table_catalog", Text),
    ("table_schema", Text),
    ("table_name", Text),
    ("view_definition", Text),
    ("check_option", Text),
    ("use_standard_sql", Text),
];

const SCHEMATA_OPTIONS: Columns = &[
    ("catalog_name", Text),
    ("schema_name", Text),
    ("option_name", Text),
    ("option_type", Text),
    ("option_value", Text),
];

const ROUTINES: Columns = &[
    ("specific_catalog", Text),
    ("specific_schema", Text),
    ("specific_name", Text),
    ("routine_catalog", Text),
    ("routine_schema", Text),
    ("routine_name", Text),
    ("routine_type", Text),
    ("data_type", Text),
    ("routine_body", Text),
    ("routine_definition", Text),
    ("external_language", Text),
    ("is_deterministic", Text),
    ("security_type", Text),
    ("created", Timestamp),
    ("last_altered", Timestamp),
    ("ddl", Text),
];

const ROUTINE_OPTIONS: Columns = &[
    ("specific_catalog", Text),
    ("specific_schema", Text),
    ("specific_name", Text),
    ("option_name", Text),
    ("option_type", Text),
    ("option_value", Text),
];

const PARAMETERS: Columns = &[
    ("specific_catalog", Text),
    ("specific_schema", Text),
    ("specific_name", Text),
    ("ordinal_position", Int64),
    ("parameter_mode", Text),
    ("is_result", Text),
    ("parameter_name", Text),
    ("data_type", Text),
    ("parameter_default", Text),
    ("is_aggregate", Text),
];

/// The columns of a view; names of views go without regard to case. `None` for one that there is not.
pub(crate) fn columns(view: &str) -> Option<Columns> {
    Some(match view.to_ascii_uppercase().as_str() {
        "SCHEMATA" => SCHEMATA,
        "TABLES" => TABLES,
        "TABLE_OPTIONS" => TABLE_OPTIONS,
        "COLUMNS" => COLUMNS,
        "COLUMN_FIELD_PATHS" => COLUMN_FIELD_PATHS,
        "VIEWS" => VIEW_COLUMNS,
        "SCHEMATA_OPTIONS" => SCHEMATA_OPTIONS,
        "ROUTINES" => ROUTINES,
        "ROUTINE_OPTIONS" => ROUTINE_OPTIONS,
        "PARAMETERS" => PARAMETERS,
        _ => return None,
    })
}

/// The rows of a view over these datasets.
pub(crate) fn rows(view: &str, datasets: &[&Dataset]) -> Vec<Vec<Value>> {
    let tables = || datasets.iter().flat_map(|dataset| dataset.tables().map(|entry| (*dataset, entry)));
    match view.to_ascii_uppercase().as_str() {
        "SCHEMATA" => datasets.iter().map(|dataset| schema(dataset)).collect(),
        "TABLES" => tables().map(|(dataset, entry)| table(dataset, entry)).collect(),
        "TABLE_OPTIONS" => tables().map(|(dataset, entry)| description(dataset, entry)).collect(),
        // A release has none.
        "VIEWS" | "SCHEMATA_OPTIONS" | "ROUTINES" | "ROUTINE_OPTIONS" | "PARAMETERS" => Vec::new(),
        "COLUMNS" => tables().flat_map(|(dataset, entry)| columns_of(dataset, entry)).collect(),
        _ => tables().flat_map(|(dataset, entry)| field_paths(dataset, entry)).collect(),
    }
}

pub(super) fn text(text: impl Into<String>) -> Value {
    Value::String(text.into())
}

fn name(dataset: &Dataset, entry: &TableEntry) -> [Value; 3] {
    [text(PUBLIC_PROJECT), text(dataset.name.as_str()), text(entry.name.as_str())]
}

fn schema(dataset: &Dataset) -> Vec<Value> {
    let manifest = &dataset.manifest;
    vec![
        text(PUBLIC_PROJECT),
        text(dataset.name.as_str()),
        Value::Null,
        timestamp(&manifest.created),
        timestamp(&manifest.updated),
        text("US"),
        Value::Null,
        Value::Null,
    ]
}

fn table(dataset: &Dataset, entry: &TableEntry) -> Vec<Value> {
    let mut row = name(dataset, entry).to_vec();
    // A release is read-only.
    row.extend(["BASE TABLE", "NATIVE", "NO", "NO", "NO", "NO"].map(text));
    row.push(timestamp(&entry.loaded_at));
    row.extend([Value::Null, Value::Null, Value::Null, Value::Null, Value::Null, Value::Null]);
    row
}

fn description(dataset: &Dataset, entry: &TableEntry) -> Vec<Value> {
    let mut row = name(dataset, entry).to_vec();
    // BigQuery gives an option's value as the literal that would set it.
    let value = described::table(dataset, entry).replace('\\', "\\\\").replace('"', "\\\"");
    row.extend([text("description"), text("STRING"), text(format!("\"{value}\""))]);
    row
}

fn columns_of(dataset: &Dataset, entry: &TableEntry) -> Vec<Vec<Value>> {
    let order = entry.main_layout().map(|layout| layout.order.as_slice()).unwrap_or_default();
    let row = |(at, column): (usize, &bedside_store::ColumnEntry)| {
        let mut row = name(dataset, entry).to_vec();
        let clustering = order.iter().position(|name| *name == column.name);
        row.extend([
            text(column.name.as_str()),
            Value::Int64(at as i64 + 1),
            text(if column.nullable { "YES" } else { "NO" }),
            text(column.sql_type.to_string()),
            text("NEVER"),
            Value::Null,
            Value::Null,
            text("NO"),
            Value::Null,
            text("NO"),
            text("NO"),
            clustering.map_or(Value::Null, |place| Value::Int64(place as i64 + 1)),
            text("NULL"),
            text("NULL"),
            Value::Null,
        ]);
        row
    };
    entry.columns.iter().enumerate().map(row).collect()
}

fn field_paths(dataset: &Dataset, entry: &TableEntry) -> Vec<Vec<Value>> {
    let row = |column: &bedside_store::ColumnEntry| {
        let mut row = name(dataset, entry).to_vec();
        row.extend([
            text(column.name.as_str()),
            text(column.name.as_str()),
            text(column.sql_type.to_string()),
            described::column(dataset, entry, &column.name).map_or(Value::Null, text),
            text("NULL"),
            Value::Null,
        ]);
        row
    };
    entry.columns.iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::{VIEWS, columns};

    #[test]
    fn every_view_has_columns_in_any_case() {
        for view in VIEWS {
            assert!(columns(view).is_some() && columns(&view.to_lowercase()).is_some(), "{view}");
        }
        assert!(columns("ROUTINE").is_none());
    }
}
