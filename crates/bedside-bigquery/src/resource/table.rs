//! Tables as resources (<https://cloud.google.com/bigquery/docs/reference/rest/v2/tables>).

use super::{LOCATION, number};
use crate::schema;
use bedside_service::{ColumnDefinition, Table, TableKind, TableReference, TypeParameters};
use serde_json::{Value as Json, json};

/// `tableReference`.
pub(crate) fn reference(table: &TableReference) -> Json {
    json!({ "projectId": table.project, "datasetId": table.dataset, "tableId": table.table })
}

/// A table.
pub(crate) fn table(table: &Table) -> Json {
    let mut resource = listed(table);
    resource["kind"] = json!("bigquery#table");
    resource["etag"] = json!(format!("{}-{}", table.modified, table.columns.len()));
    resource["selfLink"] = json!(format!(
        "/bigquery/v2/projects/{}/datasets/{}/tables/{}",
        table.reference.project, table.reference.dataset, table.reference.table
    ));
    resource["schema"] = json!({ "fields": table.columns.iter().map(field).collect::<Json>() });
    resource["location"] = json!(LOCATION);
    resource["lastModifiedTime"] = number(table.modified);
    if let Some(description) = &table.description {
        resource["description"] = json!(description);
    }
    if let TableKind::View(query) = &table.kind {
        resource["view"] = json!({ "query": query, "useLegacySql": false });
        resource["numRows"] = number(0);
        resource["numBytes"] = number(0);
    } else {
        resource["numRows"] = number(table.rows);
        resource["numBytes"] = number(table.bytes);
        resource["numLongTermBytes"] = number(0);
    }
    resource
}

/// A table in a list.
pub(crate) fn listed(table: &Table) -> Json {
    let name = &table.reference;
    let mut resource = json!({
        "kind": "bigquery#table",
        "id": format!("{}:{}.{}", name.project, name.dataset, name.table),
        "tableReference": reference(name),
        "type": if matches!(table.kind, TableKind::View(_)) { "VIEW" } else { "TABLE" },
        "creationTime": number(table.created),
    });
    if let Some(friendly_name) = &table.friendly_name {
        resource["friendlyName"] = json!(friendly_name);
    }
    if !table.labels.is_empty() {
        resource["labels"] = json!(table.labels);
    }
    if let Some(expires) = table.expires {
        resource["expirationTime"] = number(expires);
    }
    if let Some(column) = &table.partition_column {
        resource["timePartitioning"] = json!({ "type": "DAY", "field": column });
    }
    if !table.cluster.is_empty() {
        resource["clustering"] = json!({ "fields": table.cluster });
    }
    resource
}

fn field(column: &ColumnDefinition) -> Json {
    let nullability = if column.required { schema::Nullability::Required } else { schema::Nullability::Nullable };
    let mut field = schema::field(&column.name, &column.sql_type, nullability, column.description.as_deref());
    match column.parameters {
        TypeParameters::None => {}
        TypeParameters::Length(length) => field["maxLength"] = number(length),
        TypeParameters::Digits { precision, scale } => {
            field["precision"] = number(precision);
            field["scale"] = number(scale);
        }
    }
    if let Some(default) = &column.default {
        field["defaultValueExpression"] = json!(default);
    }
    field
}
