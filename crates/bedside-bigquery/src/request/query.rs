//! Queries: `configuration.query` of a job, and the body of jobs.query, which has the same fields and some of its own.

use super::lenient::{boolean, number, or_default};
use super::parameter::QueryParameter;
use super::{DatasetName, TableName};
use crate::encode::TimestampForm;
use crate::error::Failure;
use serde::Deserialize;
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// What both ways to ask have (<https://cloud.google.com/bigquery/docs/reference/rest/v2/Job#JobConfigurationQuery>).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct QueryConfiguration {
    pub(crate) query: Option<String>,
    #[serde(deserialize_with = "boolean")]
    pub(crate) use_legacy_sql: Option<bool>,
    pub(crate) default_dataset: Option<DatasetName>,
    pub(crate) destination_table: Option<TableName>,
    pub(crate) create_disposition: Option<String>,
    pub(crate) write_disposition: Option<String>,
    pub(crate) priority: Option<String>,
    #[serde(deserialize_with = "number")]
    pub(crate) maximum_bytes_billed: Option<u64>,
    pub(crate) parameter_mode: Option<String>,
    #[serde(deserialize_with = "or_default")]
    pub(crate) query_parameters: Vec<QueryParameter>,
    #[serde(deserialize_with = "boolean")]
    pub(crate) create_session: Option<bool>,
    #[serde(deserialize_with = "boolean")]
    pub(crate) continuous: Option<bool>,
    #[serde(deserialize_with = "or_default")]
    pub(crate) connection_properties: Vec<ConnectionProperty>,
    #[serde(deserialize_with = "or_default")]
    table_definitions: BTreeMap<String, Json>,
    #[serde(deserialize_with = "or_default")]
    user_defined_function_resources: Vec<Json>,
    #[serde(deserialize_with = "or_default")]
    schema_update_options: Vec<String>,
}

/// `connectionProperties[]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ConnectionProperty {
    pub(crate) key: String,
    pub(crate) value: String,
}

/// The body of jobs.query (<https://cloud.google.com/bigquery/docs/reference/rest/v2/jobs/query#QueryRequest>).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct QueryRequest {
    #[serde(deserialize_with = "number")]
    pub(crate) max_results: Option<u64>,
    #[serde(deserialize_with = "number")]
    pub(crate) timeout_ms: Option<u64>,
    #[serde(deserialize_with = "number")]
    pub(crate) job_timeout_ms: Option<u64>,
    #[serde(deserialize_with = "boolean")]
    pub(crate) dry_run: Option<bool>,
    pub(crate) request_id: Option<String>,
    #[serde(deserialize_with = "or_default")]
    pub(crate) labels: BTreeMap<String, String>,
    #[serde(deserialize_with = "or_default")]
    pub(crate) format_options: FormatOptions,
}

/// `formatOptions`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct FormatOptions {
    #[serde(deserialize_with = "boolean")]
    pub(crate) use_int64_timestamp: Option<bool>,
    pub(crate) timestamp_output_format: Option<String>,
}

impl QueryConfiguration {
    /// The statement, once nothing else in the request is something that this server does not do.
    ///
    /// # Errors
    /// 400 that names what is refused.
    pub(crate) fn text(&self) -> Result<&str, Failure> {
        let text = self.query.as_deref().ok_or_else(|| super::missing("query"))?;
        // mimic-code's own scripts leave the field out and send GoogleSQL.
        let first_line = text.trim_start().lines().next().unwrap_or_default();
        if self.use_legacy_sql == Some(true) || first_line.trim_end().eq_ignore_ascii_case("#legacySQL") {
            return Err(legacy());
        }
        let refused = [
            (self.create_session == Some(true), "createSession"),
            (self.continuous == Some(true), "a continuous query"),
            (self.connection_properties.iter().any(|p| p.key == "session_id"), "a session"),
            (!self.table_definitions.is_empty(), "tableDefinitions: an external table"),
            (!self.user_defined_function_resources.is_empty(), "userDefinedFunctionResources"),
            (!self.schema_update_options.is_empty(), "schemaUpdateOptions"),
        ];
        match refused.into_iter().find(|(is_there, _)| *is_there) {
            Some((_, what)) => Err(Failure::unsupported(what)),
            None => Ok(text),
        }
    }
}

impl FormatOptions {
    /// How timestamps are wanted.
    ///
    /// # Errors
    /// For a form that is unknown.
    pub(crate) fn timestamps(&self) -> Result<TimestampForm, Failure> {
        Ok(match self.timestamp_output_format.as_deref() {
            Some("INT64") => TimestampForm::Micros,
            Some("FLOAT64") => TimestampForm::FloatSeconds,
            Some("ISO8601_STRING") => TimestampForm::Iso8601,
            None | Some("" | "TIMESTAMP_OUTPUT_FORMAT_UNSPECIFIED") => match self.use_int64_timestamp {
                Some(true) => TimestampForm::Micros,
                _ => TimestampForm::FloatSeconds,
            },
            Some(other) => {
                let message = format!("Invalid value for timestampOutputFormat: {other}");
                return Err(Failure::invalid(message).at("formatOptions.timestampOutputFormat"));
            }
        })
    }
}

fn legacy() -> Failure {
    let message = "Legacy SQL is not supported. Write the statement in GoogleSQL and set useLegacySql to false \
                   (bq: --use_legacy_sql=false, or use_legacy_sql=false under [query] in ~/.bigqueryrc).";
    Failure::new(400, "invalidQuery", message).at("useLegacySql")
}

#[cfg(test)]
mod tests {
    use super::{FormatOptions, QueryConfiguration, QueryRequest};
    use crate::encode::TimestampForm;
    use serde_json::json;

    #[test]
    fn bodies_of_real_clients_are_read() {
        // query_and_wait of google-cloud-bigquery 3.47.
        let body = json!({
            "query": "SELECT 1", "useLegacySql": false, "formatOptions": { "useInt64Timestamp": true },
            "requestId": "c0ffee", "timeoutMs": 10000, "maxResults": "5", "jobCreationMode": "JOB_CREATION_OPTIONAL",
            "maximumBytesBilled": "1000", "queryParameters": [], "location": null,
        });
        let request: QueryRequest = super::super::of_json(&body).unwrap();
        assert_eq!((request.max_results, request.timeout_ms, request.dry_run), (Some(5), Some(10000), None));
        assert_eq!(request.format_options.timestamps(), Ok(TimestampForm::Micros));
        let configuration: QueryConfiguration = super::super::of_json(&body).unwrap();
        assert_eq!((configuration.text(), configuration.maximum_bytes_billed), (Ok("SELECT 1"), Some(1000)));
        // bq --maximum_bytes_billed sends a number.
        let body = json!({ "query": "SELECT 1", "maximumBytesBilled": 1000, "continuous": false });
        let configuration: QueryConfiguration = super::super::of_json(&body).unwrap();
        assert_eq!((configuration.text(), configuration.maximum_bytes_billed), (Ok("SELECT 1"), Some(1000)));
    }

    #[test]
    fn what_is_not_done_is_named() {
        for (body, part) in [
            (json!({ "query": "SELECT 1", "useLegacySql": true }), "Legacy SQL"),
            (json!({ "query": "#legacySQL\nSELECT 1" }), "Legacy SQL"),
            (json!({ "query": "SELECT 1", "createSession": true }), "createSession"),
            (json!({ "query": "SELECT 1", "tableDefinitions": { "t": {} } }), "external"),
            (json!({ "useLegacySql": false }), "query"),
        ] {
            let configuration: QueryConfiguration = super::super::of_json(&body).unwrap();
            let failure = configuration.text().unwrap_err();
            assert!(failure.message.contains(part) && failure.status == 400, "{failure:?}");
        }
        let options = FormatOptions { timestamp_output_format: Some("X".into()), ..FormatOptions::default() };
        assert!(options.timestamps().is_err());
    }
}
