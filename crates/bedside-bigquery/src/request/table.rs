//! Tables and rows (<https://cloud.google.com/bigquery/docs/reference/rest/v2/tables>).

use super::TableName;
use super::lenient::{boolean, number, or_default};
use crate::error::Failure;
use crate::schema::scalar_of_name;
use bedside_service::{ColumnDefinition, TypeParameters};
use bedside_types::{SqlType, StructField};
use serde::Deserialize;
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;

/// A table as it is created or changed. What is absent in a change stays.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct TableResource {
    #[serde(deserialize_with = "or_default")]
    pub(crate) table_reference: TableName,
    pub(crate) schema: Option<TableSchema>,
    pub(crate) view: Option<ViewDefinition>,
    pub(crate) time_partitioning: Option<TimePartitioning>,
    pub(crate) clustering: Option<Clustering>,
    #[serde(deserialize_with = "or_default")]
    pub(crate) labels: BTreeMap<String, Option<String>>,
    external_data_configuration: Option<Json>,
    materialized_view: Option<Json>,
    snapshot_definition: Option<Json>,
    clone_definition: Option<Json>,
    range_partitioning: Option<Json>,
}

/// `schema`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct TableSchema {
    #[serde(deserialize_with = "or_default")]
    fields: Vec<FieldSchema>,
}

/// One field of a schema.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct FieldSchema {
    name: Option<String>,
    #[serde(rename = "type")]
    type_name: Option<String>,
    mode: Option<String>,
    #[serde(deserialize_with = "or_default")]
    fields: Vec<FieldSchema>,
    description: Option<String>,
    default_value_expression: Option<String>,
    #[serde(deserialize_with = "number")]
    max_length: Option<u64>,
    #[serde(deserialize_with = "number")]
    precision: Option<u32>,
    #[serde(deserialize_with = "number")]
    scale: Option<u32>,
    range_element_type: Option<RangeElementType>,
}

/// What the ends of a RANGE are.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct RangeElementType {
    #[serde(rename = "type")]
    type_name: Option<String>,
}

/// `view`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ViewDefinition {
    pub(crate) query: Option<String>,
    #[serde(deserialize_with = "boolean")]
    pub(crate) use_legacy_sql: Option<bool>,
}

/// `timePartitioning`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct TimePartitioning {
    #[serde(rename = "type")]
    pub(crate) kind: Option<String>,
    pub(crate) field: Option<String>,
}

/// `clustering`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Clustering {
    #[serde(deserialize_with = "or_default")]
    pub(crate) fields: Vec<String>,
}

/// The body of tabledata.insertAll.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct InsertAllRequest {
    #[serde(deserialize_with = "or_default")]
    pub(crate) rows: Vec<InsertedRow>,
    #[serde(deserialize_with = "boolean")]
    pub(crate) skip_invalid_rows: Option<bool>,
    #[serde(deserialize_with = "boolean")]
    pub(crate) ignore_unknown_values: Option<bool>,
    pub(crate) template_suffix: Option<String>,
}

/// One row of it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct InsertedRow {
    #[serde(deserialize_with = "or_default")]
    pub(crate) json: Map<String, Json>,
}

impl TableResource {
    /// Fails for kinds of tables that this server does not have.
    ///
    /// # Errors
    /// 400 that names the kind.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        for (part, what) in [
            (&self.external_data_configuration, "an external table"),
            (&self.materialized_view, "a materialized view"),
            (&self.snapshot_definition, "a table snapshot"),
            (&self.clone_definition, "a table clone"),
            (&self.range_partitioning, "rangePartitioning"),
        ] {
            if part.as_ref().is_some_and(|part| !part.is_null()) {
                return Err(Failure::unsupported(what));
            }
        }
        if self.view.as_ref().is_some_and(|view| view.use_legacy_sql == Some(true)) {
            return Err(Failure::unsupported("a view in legacy SQL"));
        }
        Ok(())
    }
}

impl TableSchema {
    /// The columns.
    ///
    /// # Errors
    /// 400 with the field that has no name or no type.
    pub(crate) fn columns(&self) -> Result<Vec<ColumnDefinition>, Failure> {
        self.fields.iter().map(FieldSchema::column).collect()
    }
}

impl FieldSchema {
    fn column(&self) -> Result<ColumnDefinition, Failure> {
        let required = self.mode.as_deref().is_some_and(|mode| mode.eq_ignore_ascii_case("REQUIRED"));
        let parameters = match (self.max_length, self.precision) {
            (Some(length), _) => TypeParameters::Length(length),
            (None, Some(precision)) => TypeParameters::Digits { precision, scale: self.scale.unwrap_or(0) },
            (None, None) => TypeParameters::None,
        };
        Ok(ColumnDefinition {
            name: self.name()?.to_owned(),
            sql_type: self.sql_type()?,
            parameters,
            required,
            description: self.description.clone().filter(|text| !text.is_empty()),
            default: self.default_value_expression.clone(),
        })
    }

    fn name(&self) -> Result<&str, Failure> {
        let name = self.name.as_deref().filter(|name| !name.is_empty());
        name.ok_or_else(|| Failure::invalid("Empty field name in the schema").at("schema.fields"))
    }

    fn sql_type(&self) -> Result<SqlType, Failure> {
        let type_name = self.type_name.as_deref().unwrap_or_default();
        let element = if matches!(type_name.to_ascii_uppercase().as_str(), "RECORD" | "STRUCT") {
            let inner =
                |field: &Self| Ok(StructField { name: Some(field.name()?.to_owned()), sql_type: field.sql_type()? });
            SqlType::Struct(self.fields.iter().map(inner).collect::<Result<_, Failure>>()?)
        } else if type_name.eq_ignore_ascii_case("RANGE") {
            let name = self.range_element_type.as_ref().and_then(|element| element.type_name.as_deref());
            let element = name.and_then(scalar_of_name).filter(SqlType::bounds_ranges);
            let element = element.ok_or_else(|| {
                Failure::invalid("rangeElementType of a RANGE must be DATE, DATETIME or TIMESTAMP").at("schema.fields")
            })?;
            SqlType::Range(Box::new(element))
        } else {
            scalar_of_name(type_name).ok_or_else(|| {
                let name = self.name.as_deref().unwrap_or_default();
                Failure::invalid(format!("Invalid value for type: {type_name} is not a valid value (field {name})"))
            })?
        };
        let repeated = self.mode.as_deref().is_some_and(|mode| mode.eq_ignore_ascii_case("REPEATED"));
        Ok(if repeated { SqlType::Array(Box::new(element)) } else { element })
    }
}

#[cfg(test)]
mod tests {
    use super::{TableResource, TableSchema};
    use bedside_service::TypeParameters;
    use serde_json::json;

    #[test]
    fn a_schema_is_columns() {
        let body = json!({ "fields": [
            { "name": "a", "type": "INTEGER", "mode": "REQUIRED", "description": "A." },
            { "name": "b", "type": "RECORD", "mode": "REPEATED", "fields": [{ "name": "c", "type": "FLOAT64" }] },
            { "name": "d", "type": "STRING", "maxLength": "10" },
            { "name": "e", "type": "NUMERIC", "precision": "5", "scale": 2 },
        ]});
        let schema: TableSchema = super::super::of_json(&body).unwrap();
        let columns = schema.columns().unwrap();
        let types: Vec<String> = columns.iter().map(|column| column.sql_type.to_string()).collect();
        assert_eq!(types, ["INT64", "ARRAY<STRUCT<c FLOAT64>>", "STRING", "NUMERIC"]);
        assert!(columns[0].required && !columns[1].required);
        let digits = TypeParameters::Digits { precision: 5, scale: 2 };
        assert_eq!((columns[2].parameters, columns[3].parameters), (TypeParameters::Length(10), digits));
        for bad in [json!({ "fields": [{ "type": "STRING" }] }), json!({ "fields": [{ "name": "a", "type": "X" }] })] {
            let schema: TableSchema = super::super::of_json(&bad).unwrap();
            assert!(schema.columns().is_err());
        }
    }

    #[test]
    fn kinds_of_tables_that_are_not_here_are_named() {
        let table = |body| super::super::of_json::<TableResource>(&body).unwrap().check();
        assert!(table(json!({ "externalDataConfiguration": {} })).unwrap_err().message.contains("external"));
        assert!(
            table(json!({ "view": { "query": "SELECT 1", "useLegacySql": false }, "labels": { "a": null } })).is_ok()
        );
    }
}
