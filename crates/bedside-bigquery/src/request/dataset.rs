//! Datasets (<https://cloud.google.com/bigquery/docs/reference/rest/v2/datasets>).

use super::DatasetName;
use super::lenient::or_default;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A dataset as it is created or changed. What is absent in a change stays.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct DatasetResource {
    #[serde(deserialize_with = "or_default")]
    pub(crate) dataset_reference: DatasetName,
    pub(crate) location: Option<String>,
    #[serde(deserialize_with = "or_default")]
    pub(crate) labels: BTreeMap<String, Option<String>>,
}
