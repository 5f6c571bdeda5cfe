//! Datasets.

use super::{Answer, blocking};
use crate::call::{Call, WholeBody};
use crate::error::Failure;
use crate::front::Front;
use crate::request;
use crate::request::dataset::DatasetResource;
use crate::resource::dataset as resource;
use axum::extract::State;
use axum::http::StatusCode;
use bedside_service::{Contents, DatasetKind, DatasetUpdate, NewDataset};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// GET projects/P/datasets.
pub(crate) async fn list(State(front): State<Front>, call: Call) -> Answer {
    blocking(move || {
        let mut datasets = front.service.datasets(&call.principal, call.project())?;
        if call.boolean("all")? != Some(true) {
            datasets.retain(|dataset| dataset.kind != DatasetKind::Anonymous);
        }
        super::page(&front, &call, "bigquery#datasetList", "datasets", &datasets, resource::listed)
    })
    .await
}

/// GET projects/P/datasets/D.
pub(crate) async fn get(State(front): State<Front>, call: Call) -> Answer {
    blocking(move || {
        let dataset = front.service.dataset(&call.principal, &call.dataset())?;
        Ok(axum::Json(resource::dataset(&dataset)))
    })
    .await
}

/// POST projects/P/datasets.
pub(crate) async fn insert(State(front): State<Front>, call: Call, WholeBody(body): WholeBody) -> Answer {
    let document: Json = request::read(&body)?;
    let request: DatasetResource = request::of_json(&document)?;
    let new = NewDataset {
        reference: request.dataset_reference.reference(call.project())?,
        description: text(&document, "description").flatten(),
        friendly_name: text(&document, "friendlyName").flatten(),
        location: request.location,
        labels: request.labels.into_iter().filter_map(|(key, value)| Some((key, value?))).collect(),
    };
    blocking(move || Ok(axum::Json(resource::dataset(&front.service.create_dataset(&call.principal, &new)?)))).await
}

/// PATCH and PUT projects/P/datasets/D.
pub(crate) async fn update(State(front): State<Front>, call: Call, WholeBody(body): WholeBody) -> Answer {
    let document: Json = request::read(&body)?;
    let request: DatasetResource = request::of_json(&document)?;
    blocking(move || {
        let before = front.service.dataset(&call.principal, &call.dataset())?.labels;
        let update = DatasetUpdate {
            description: text(&document, "description"),
            friendly_name: text(&document, "friendlyName"),
            labels: document.get("labels").map(|_| merged(before, request.labels)),
        };
        let dataset = front.service.update_dataset(&call.principal, &call.dataset(), &update)?;
        Ok(axum::Json(resource::dataset(&dataset)))
    })
    .await
}

/// DELETE projects/P/datasets/D.
pub(crate) async fn delete(State(front): State<Front>, call: Call) -> Result<StatusCode, Failure> {
    let contents = if call.boolean("deleteContents")? == Some(true) { Contents::Delete } else { Contents::Keep };
    blocking(move || Ok(front.service.delete_dataset(&call.principal, &call.dataset(), contents)?)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// GET projects/P/datasets/D/routines and /models: there are none, in a dataset that is there.
pub(crate) async fn nothing(State(front): State<Front>, call: Call) -> Answer {
    blocking(move || {
        front.service.dataset(&call.principal, &call.dataset())?;
        Ok(axum::Json(json!({})))
    })
    .await
}

/// Labels after a change: those that it sets to null go.
pub(crate) fn merged(
    mut labels: BTreeMap<String, String>,
    change: BTreeMap<String, Option<String>>,
) -> BTreeMap<String, String> {
    for (key, value) in change {
        match value {
            Some(value) => drop(labels.insert(key, value)),
            None => drop(labels.remove(&key)),
        }
    }
    labels
}

/// A text that a change sets (`Some(Some)`), deletes with null (`Some(None)`), or leaves as it is (`None`).
#[expect(clippy::option_option, reason = "a change sets, deletes or leaves")]
pub(crate) fn text(document: &Json, field: &str) -> Option<Option<String>> {
    document.get(field).map(|value| value.as_str().map(str::to_owned))
}
