//! Columns as BigQuery's REST API describes them.

use bedside_types::SqlType;
use serde_json::{Map, Value as Json, json};

/// Whether a column may hold NULL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nullability {
    /// It may.
    Nullable,
    /// It must not.
    Required,
}

/// A field of a `TableSchema`, under the legacy type names: bigrquery knows no others
/// (<https://cloud.google.com/bigquery/docs/reference/rest/v2/tables#TableFieldSchema>).
pub(crate) fn field(name: &str, sql_type: &SqlType, nullability: Nullability, description: Option<&str>) -> Json {
    let (element, mode) = match (sql_type, nullability) {
        (SqlType::Array(element), _) => (element.as_ref(), "REPEATED"),
        (_, Nullability::Nullable) => (sql_type, "NULLABLE"),
        (_, Nullability::Required) => (sql_type, "REQUIRED"),
    };
    let mut field = Map::new();
    field.insert("name".to_owned(), json!(name));
    field.insert("type".to_owned(), json!(legacy_name(element)));
    field.insert("mode".to_owned(), json!(mode));
    if let SqlType::Struct(fields) = element {
        let fields = fields.iter().enumerate().map(|(place, inner)| {
            let name = inner.name.clone().unwrap_or_else(|| format!("_field_{}", place + 1));
            self::field(&name, &inner.sql_type, Nullability::Nullable, None)
        });
        field.insert("fields".to_owned(), fields.collect());
    }
    if let SqlType::Range(bound) = element {
        field.insert("rangeElementType".to_owned(), json!({ "type": legacy_name(bound) }));
    }
    if let Some(description) = description.filter(|text| !text.is_empty()) {
        field.insert("description".to_owned(), json!(description));
    }
    Json::Object(field)
}

/// The `schema` of a result.
pub(crate) fn of_result<'a>(columns: impl IntoIterator<Item = (&'a str, &'a SqlType)>) -> Json {
    let fields = columns.into_iter().map(|(name, sql_type)| field(name, sql_type, Nullability::Nullable, None));
    json!({ "fields": fields.collect::<Json>() })
}

/// The name that a type had in legacy SQL, which results have to this day.
fn legacy_name(sql_type: &SqlType) -> &'static str {
    match sql_type {
        SqlType::Int64 => "INTEGER",
        SqlType::Float64 => "FLOAT",
        SqlType::Numeric => "NUMERIC",
        SqlType::BigNumeric => "BIGNUMERIC",
        SqlType::Bool => "BOOLEAN",
        SqlType::String | SqlType::Collated => "STRING",
        SqlType::Bytes => "BYTES",
        SqlType::Date => "DATE",
        SqlType::Datetime => "DATETIME",
        SqlType::Time => "TIME",
        SqlType::Timestamp => "TIMESTAMP",
        SqlType::Interval => "INTERVAL",
        SqlType::Json => "JSON",
        SqlType::Range(_) => "RANGE",
        SqlType::Struct(_) | SqlType::Array(_) => "RECORD",
    }
}

/// The type that a field of a request names, under a legacy name or GoogleSQL's; `None` for others. RECORD is left to the
/// caller, who knows its fields.
pub(crate) fn scalar_of_name(name: &str) -> Option<SqlType> {
    Some(match name.to_ascii_uppercase().as_str() {
        "FLOAT" => SqlType::Float64,
        "RECORD" | "STRUCT" | "ARRAY" => return None,
        other => other.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::{Nullability, field, of_result, scalar_of_name};
    use bedside_types::SqlType;
    use serde_json::json;

    #[test]
    fn a_record_has_fields_and_an_array_is_repeated() {
        let sql_type: SqlType = "ARRAY<STRUCT<a INT64, b ARRAY<STRING>>>".parse().unwrap();
        let expected = json!({ "name": "x", "type": "RECORD", "mode": "REPEATED", "fields": [
            { "name": "a", "type": "INTEGER", "mode": "NULLABLE" },
            { "name": "b", "type": "STRING", "mode": "REPEATED" },
        ]});
        assert_eq!(field("x", &sql_type, Nullability::Required, None), expected);
        assert_eq!(of_result([("x", &sql_type)]), json!({ "fields": [expected] }));
        let described = field("y", &SqlType::Date, Nullability::Required, Some("The day."));
        assert_eq!(described, json!({ "name": "y", "type": "DATE", "mode": "REQUIRED", "description": "The day." }));
    }

    #[test]
    fn a_range_tells_what_its_ends_are() {
        let sql_type: SqlType = "RANGE<TIMESTAMP>".parse().unwrap();
        let expected =
            json!({ "name": "r", "type": "RANGE", "mode": "NULLABLE", "rangeElementType": { "type": "TIMESTAMP" } });
        assert_eq!(field("r", &sql_type, Nullability::Nullable, None), expected);
    }

    #[test]
    fn both_names_of_a_type_are_known() {
        for (name, sql_type) in [
            ("FLOAT", SqlType::Float64),
            ("float64", SqlType::Float64),
            ("INTEGER", SqlType::Int64),
            ("BOOLEAN", SqlType::Bool),
            ("JSON", SqlType::Json),
        ] {
            assert_eq!(scalar_of_name(name), Some(sql_type));
        }
        assert_eq!((scalar_of_name("RECORD"), scalar_of_name("VARCHAR")), (None, None));
    }
}
