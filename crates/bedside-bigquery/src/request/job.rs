//! Jobs (<https://cloud.google.com/bigquery/docs/reference/rest/v2/Job>).

use super::lenient::{boolean, number, or_default};
use super::query::QueryConfiguration;
use super::table::TableSchema;
use super::{TableName, missing};
use crate::error::Failure;
use serde::Deserialize;
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// The body of jobs.insert.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct JobRequest {
    #[serde(deserialize_with = "or_default")]
    pub(crate) job_reference: JobReference,
    #[serde(deserialize_with = "or_default")]
    pub(crate) configuration: JobConfiguration,
}

/// `jobReference`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct JobReference {
    pub(crate) project_id: Option<String>,
    pub(crate) job_id: Option<String>,
}

/// `configuration`: what to do is in one of four fields.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct JobConfiguration {
    pub(crate) query: Option<QueryConfiguration>,
    pub(crate) load: Option<LoadConfiguration>,
    pub(crate) copy: Option<CopyConfiguration>,
    pub(crate) extract: Option<ExtractConfiguration>,
    #[serde(deserialize_with = "boolean")]
    pub(crate) dry_run: Option<bool>,
    #[serde(deserialize_with = "number")]
    pub(crate) job_timeout_ms: Option<u64>,
    #[serde(deserialize_with = "or_default")]
    pub(crate) labels: BTreeMap<String, String>,
}

/// `configuration.load`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct LoadConfiguration {
    pub(crate) destination_table: Option<TableName>,
    pub(crate) create_disposition: Option<String>,
    pub(crate) write_disposition: Option<String>,
    #[serde(deserialize_with = "or_default")]
    pub(crate) source_uris: Vec<String>,
    pub(crate) source_format: Option<String>,
    pub(crate) schema: Option<TableSchema>,
    #[serde(deserialize_with = "boolean")]
    pub(crate) autodetect: Option<bool>,
    #[serde(deserialize_with = "boolean")]
    pub(crate) ignore_unknown_values: Option<bool>,
    #[serde(deserialize_with = "number")]
    pub(crate) max_bad_records: Option<u64>,
    pub(crate) field_delimiter: Option<String>,
    pub(crate) quote: Option<String>,
    #[serde(deserialize_with = "number")]
    pub(crate) skip_leading_rows: Option<u64>,
    pub(crate) null_marker: Option<String>,
    #[serde(deserialize_with = "boolean")]
    pub(crate) allow_quoted_newlines: Option<bool>,
    #[serde(deserialize_with = "boolean")]
    pub(crate) allow_jagged_rows: Option<bool>,
    pub(crate) encoding: Option<String>,
}

/// `configuration.copy`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct CopyConfiguration {
    source_table: Option<TableName>,
    #[serde(deserialize_with = "or_default")]
    source_tables: Vec<TableName>,
    pub(crate) destination_table: Option<TableName>,
    pub(crate) create_disposition: Option<String>,
    pub(crate) write_disposition: Option<String>,
    pub(crate) operation_type: Option<String>,
}

/// `configuration.extract`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ExtractConfiguration {
    pub(crate) source_table: Option<TableName>,
    source_model: Option<Json>,
    destination_uri: Option<String>,
    #[serde(deserialize_with = "or_default")]
    destination_uris: Vec<String>,
    pub(crate) destination_format: Option<String>,
    pub(crate) compression: Option<String>,
    pub(crate) field_delimiter: Option<String>,
    #[serde(deserialize_with = "boolean")]
    pub(crate) print_header: Option<bool>,
}

impl CopyConfiguration {
    /// The tables that are copied: one field has one, another has many.
    pub(crate) fn sources(&self) -> Result<Vec<TableName>, Failure> {
        let sources: Vec<TableName> = self.source_table.iter().chain(&self.source_tables).cloned().collect();
        if sources.is_empty() { Err(missing("sourceTables")) } else { Ok(sources) }
    }
}

impl ExtractConfiguration {
    /// Where the table goes.
    pub(crate) fn destinations(&self) -> Result<Vec<String>, Failure> {
        if self.source_model.is_some() {
            return Err(Failure::unsupported("extracting a model"));
        }
        let uris: Vec<String> = self.destination_uri.iter().chain(&self.destination_uris).cloned().collect();
        if uris.is_empty() { Err(missing("destinationUris")) } else { Ok(uris) }
    }
}

#[cfg(test)]
mod tests {
    use super::JobRequest;
    use serde_json::json;

    #[test]
    fn bodies_of_real_clients_are_read() {
        let body = json!({
            "configuration": { "copy": {
                "sourceTables": [{ "datasetId": "a", "tableId": "t", "projectId": "p" }],
                "destinationTable": { "datasetId": "b", "tableId": "t" }, "writeDisposition": "WRITE_TRUNCATE",
            }, "labels": null },
            "jobReference": { "jobId": "bqjob_r1", "projectId": "p" },
        });
        let request: JobRequest = super::super::of_json(&body).unwrap();
        let copy = request.configuration.copy.unwrap();
        assert_eq!(copy.sources().unwrap().len(), 1);
        assert_eq!(request.job_reference.job_id.as_deref(), Some("bqjob_r1"));
        // bigrquery sends no reference.
        let body = json!({ "configuration": { "query": { "query": "SELECT 1", "useLegacySql": false, "priority": "INTERACTIVE" } } });
        let request: JobRequest = super::super::of_json(&body).unwrap();
        assert!(request.job_reference.job_id.is_none() && request.configuration.query.is_some());
        let empty: JobRequest = super::super::of_json(&json!({})).unwrap();
        assert!(empty.configuration.query.is_none());
    }
}
