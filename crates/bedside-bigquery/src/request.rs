//! What clients send, read as leniently as BigQuery reads it: numbers and booleans may be texts, fields may be absent or null,
//! unknown ones are ignored.

pub(crate) mod dataset;
pub(crate) mod job;
pub(crate) mod lenient;
pub(crate) mod parameter;
pub(crate) mod query;
pub(crate) mod table;

use crate::error::Failure;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

/// A body as what it should be.
///
/// # Errors
/// 400 with the place of the fault.
pub(crate) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(body).map_err(|error| refused(&error))
}

/// A document as what it should be.
///
/// # Errors
/// 400 with the fault.
pub(crate) fn of_json<'a, T: Deserialize<'a>>(document: &'a Json) -> Result<T, Failure> {
    T::deserialize(document).map_err(|error| refused(&error))
}

fn refused(error: &serde_json::Error) -> Failure {
    Failure::new(400, "parseError", format!("Invalid JSON payload received. {error}"))
}

/// A table by its parts; the project may be left out.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase", default)]
#[expect(clippy::struct_field_names, reason = "the names are BigQuery's")]
pub(crate) struct TableName {
    pub(crate) project_id: Option<String>,
    pub(crate) dataset_id: Option<String>,
    pub(crate) table_id: Option<String>,
}

/// A dataset by its parts; the project may be left out.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct DatasetName {
    pub(crate) project_id: Option<String>,
    pub(crate) dataset_id: Option<String>,
}

impl TableName {
    /// The reference, of `project` where none is named.
    ///
    /// # Errors
    /// Where a part is missing or no name.
    pub(crate) fn reference(&self, project: &str) -> Result<bedside_service::TableReference, Failure> {
        let dataset = self.dataset_id.as_deref().ok_or_else(|| missing("datasetId"))?;
        let table = self.table_id.as_deref().ok_or_else(|| missing("tableId"))?;
        table_reference(self.project_id.as_deref().unwrap_or(project), dataset, table)
    }
}

impl DatasetName {
    /// The reference, of `project` where none is named.
    ///
    /// # Errors
    /// Where a part is missing or no name.
    pub(crate) fn reference(&self, project: &str) -> Result<bedside_service::DatasetReference, Failure> {
        let dataset = self.dataset_id.as_deref().ok_or_else(|| missing("datasetId"))?;
        dataset_reference(self.project_id.as_deref().unwrap_or(project), dataset)
    }
}

/// A dataset whose name may be one.
///
/// # Errors
/// For other names.
pub(crate) fn dataset_reference(project: &str, dataset: &str) -> Result<bedside_service::DatasetReference, Failure> {
    crate::identifier::project(project)?;
    crate::identifier::dataset(dataset)?;
    Ok(bedside_service::DatasetReference { project: project.to_owned(), dataset: dataset.to_owned() })
}

/// A table whose name may be one.
///
/// # Errors
/// For other names.
pub(crate) fn table_reference(
    project: &str,
    dataset: &str,
    table: &str,
) -> Result<bedside_service::TableReference, Failure> {
    crate::identifier::project(project)?;
    crate::identifier::dataset(dataset)?;
    crate::identifier::table(table)?;
    let (project, dataset, table) = (project.to_owned(), dataset.to_owned(), table.to_owned());
    Ok(bedside_service::TableReference { project, dataset, table })
}

/// A part that the request must have.
pub(crate) fn missing(field: &str) -> Failure {
    Failure::new(400, "required", format!("Required parameter is missing: {field}")).at(field)
}
