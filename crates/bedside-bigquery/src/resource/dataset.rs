//! Datasets as resources (<https://cloud.google.com/bigquery/docs/reference/rest/v2/datasets>).

use super::{LOCATION, number};
use bedside_service::{Dataset, DatasetKind};
use serde_json::{Value as Json, json};

/// A dataset.
pub(crate) fn dataset(dataset: &Dataset) -> Json {
    let mut resource = listed(dataset);
    let role = match dataset.kind {
        DatasetKind::Release(_) => "READER",
        DatasetKind::Personal | DatasetKind::Anonymous => "OWNER",
    };
    resource["etag"] = json!(dataset.modified.to_string());
    resource["selfLink"] =
        json!(format!("/bigquery/v2/projects/{}/datasets/{}", dataset.reference.project, dataset.reference.dataset));
    resource["creationTime"] = number(dataset.created);
    resource["lastModifiedTime"] = number(dataset.modified);
    resource["access"] = json!([{ "role": role, "specialGroup": "projectOwners" }]);
    if let Some(description) = &dataset.description {
        resource["description"] = json!(description);
    }
    resource
}

/// A dataset in a list.
pub(crate) fn listed(dataset: &Dataset) -> Json {
    let name = &dataset.reference;
    let mut resource = json!({
        "kind": "bigquery#dataset",
        "id": format!("{}:{}", name.project, name.dataset),
        "datasetReference": { "projectId": name.project, "datasetId": name.dataset },
        "location": LOCATION,
        "type": "DEFAULT",
    });
    if let Some(friendly_name) = &dataset.friendly_name {
        resource["friendlyName"] = json!(friendly_name);
    }
    if !dataset.labels.is_empty() {
        resource["labels"] = json!(dataset.labels);
    }
    resource
}
