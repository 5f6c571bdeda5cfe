//! Tables and views.

use super::datasets::{merged, text};
use super::{Answer, blocking};
use crate::call::{Call, WholeBody};
use crate::error::Failure;
use crate::front::Front;
use crate::request;
use crate::request::table::TableResource;
use crate::resource::table as resource;
use axum::extract::State;
use axum::http::StatusCode;
use bedside_service::{NewTable, NewTableKind, TableUpdate};
use serde_json::Value as Json;

/// GET projects/P/datasets/D/tables.
pub(crate) async fn list(State(front): State<Front>, call: Call) -> Answer {
    blocking(move || {
        let tables = front.service.tables(&call.principal, &call.dataset())?;
        super::page(&front, &call, "bigquery#tableList", "tables", &tables, resource::listed)
    })
    .await
}

/// GET projects/P/datasets/D/tables/T.
pub(crate) async fn get(State(front): State<Front>, call: Call) -> Answer {
    blocking(move || Ok(axum::Json(resource::table(&front.service.table(&call.principal, &call.table())?)))).await
}

/// POST projects/P/datasets/D/tables.
pub(crate) async fn insert(State(front): State<Front>, call: Call, WholeBody(body): WholeBody) -> Answer {
    let document: Json = request::read(&body)?;
    let request: TableResource = request::of_json(&document)?;
    request.check()?;
    let dataset = call.dataset();
    if request.table_reference.dataset_id.as_deref().is_some_and(|named| named != dataset.dataset) {
        return Err(Failure::invalid("The dataset in the body is not that of the address.").at("tableReference"));
    }
    let named = request.table_reference.table_id.as_deref().ok_or_else(|| request::missing("tableId"))?;
    let reference = request::table_reference(&dataset.project, &dataset.dataset, named)?;
    let kind = match (&request.view, &request.schema) {
        (Some(view), _) => NewTableKind::View(view.query.clone().ok_or_else(|| request::missing("view.query"))?),
        (None, schema) => {
            let columns = schema.as_ref().map(request::table::TableSchema::columns).transpose()?;
            let partition = request.time_partitioning.and_then(|partitioning| partitioning.field);
            let cluster = request.clustering.map(|clustering| clustering.fields).unwrap_or_default();
            NewTableKind::Table { columns: columns.unwrap_or_default(), partition, cluster }
        }
    };
    let new = NewTable {
        reference,
        kind,
        description: text(&document, "description").flatten(),
        friendly_name: text(&document, "friendlyName").flatten(),
        labels: request.labels.into_iter().filter_map(|(key, value)| Some((key, value?))).collect(),
    };
    blocking(move || Ok(axum::Json(resource::table(&front.service.create_table(&call.principal, &new)?)))).await
}

/// PATCH and PUT projects/P/datasets/D/tables/T.
pub(crate) async fn update(State(front): State<Front>, call: Call, WholeBody(body): WholeBody) -> Answer {
    let document: Json = request::read(&body)?;
    let request: TableResource = request::of_json(&document)?;
    request.check()?;
    blocking(move || {
        let before = front.service.table(&call.principal, &call.table())?.labels;
        let update = TableUpdate {
            description: text(&document, "description"),
            friendly_name: text(&document, "friendlyName"),
            labels: document.get("labels").map(|_| merged(before, request.labels)),
            columns: request.schema.as_ref().map(request::table::TableSchema::columns).transpose()?,
            query: request.view.and_then(|view| view.query),
        };
        let table = front.service.update_table(&call.principal, &call.table(), &update)?;
        Ok(axum::Json(resource::table(&table)))
    })
    .await
}

/// DELETE projects/P/datasets/D/tables/T.
pub(crate) async fn delete(State(front): State<Front>, call: Call) -> Result<StatusCode, Failure> {
    blocking(move || Ok(front.service.delete_table(&call.principal, &call.table())?)).await?;
    Ok(StatusCode::NO_CONTENT)
}
