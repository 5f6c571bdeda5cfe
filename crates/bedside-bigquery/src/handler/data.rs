//! Rows of tables: tabledata.list and tabledata.insertAll.

use super::Answer;
use crate::call::{Call, WholeBody};
use crate::error::Failure;
use crate::front::Front;
use crate::request;
use crate::request::table::InsertAllRequest;
use crate::resource::number;
use crate::resource::rows::{EncodedRows, STEP};
use crate::work::load::unknown_values;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use bedside_service::{InvalidRows, RowPage, RowRange};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// GET projects/P/datasets/D/tables/T/data.
pub(crate) async fn list(State(front): State<Front>, call: Call) -> Result<Response, Failure> {
    let table = call.table();
    let scope = format!("data of {table}");
    let start: u64 = match call.text("pageToken") {
        Some(token) => front.pages.place(&scope, token)?,
        None => call.number("startIndex")?.unwrap_or(0),
    };
    let wanted: u64 = call.number("maxResults")?.unwrap_or(u64::MAX);
    let timestamps = call.timestamps()?;
    let columns: Option<Vec<String>> =
        call.text("selectedFields").map(|text| text.split(',').map(|name| name.trim().to_owned()).collect());
    let mut encoded = EncodedRows::default();
    let total = loop {
        let at = start.saturating_add(encoded.rows());
        let left = wanted.saturating_sub(encoded.rows());
        let range = RowRange { start: at, most: usize::try_from(left).unwrap_or(STEP).min(STEP) };
        let page = front.service.table_rows(&call.principal, &table, columns.as_deref(), range).await?;
        let page = match &columns {
            Some(columns) => in_order(page, columns)?,
            None => page,
        };
        let (total, before) = (page.total, encoded.rows());
        encoded = super::blocking(move || {
            encoded.push(&page, timestamps)?;
            Ok(encoded)
        })
        .await?;
        let at = start.saturating_add(encoded.rows());
        if encoded.rows() == before || encoded.rows() >= wanted || at >= total || encoded.is_full() {
            break total;
        }
    };
    let end = start.saturating_add(encoded.rows());
    let mut head = json!({
        "kind": "bigquery#tableDataList",
        "etag": format!("{total}-{start}"),
        "totalRows": number(total),
    });
    if end < total && encoded.rows() > 0 {
        head["pageToken"] = json!(front.pages.token(&scope, end));
    }
    if encoded.rows() == 0 {
        return Ok(axum::Json(head).into_response());
    }
    Ok(encoded.response(&head))
}

/// The columns in the order that the client names them, in which its own library looks for them.
fn in_order(mut page: RowPage, names: &[String]) -> Result<RowPage, Failure> {
    let place = |name: &String| page.columns.iter().position(|column| column.name.eq_ignore_ascii_case(name));
    let places: Vec<usize> = names.iter().filter_map(place).collect();
    let columns = places.iter().map(|place| page.columns[*place].clone()).collect();
    let batches = page.batches.iter().map(|batch| batch.project(&places)).collect::<Result<_, _>>();
    page.batches = batches.map_err(|error| Failure::internal(format!("columns cannot be chosen: {error}")))?;
    page.columns = columns;
    Ok(page)
}

/// POST projects/P/datasets/D/tables/T/insertAll.
pub(crate) async fn insert_all(State(front): State<Front>, call: Call, WholeBody(body): WholeBody) -> Answer {
    let request: InsertAllRequest = request::read(&body)?;
    if request.template_suffix.as_deref().is_some_and(|suffix| !suffix.is_empty()) {
        return Err(Failure::unsupported("templateSuffix").at("templateSuffix"));
    }
    if request.rows.is_empty() {
        return Err(Failure::invalid("Request payload must contain at least one row.").at("rows"));
    }
    let rows: Vec<Json> = request.rows.into_iter().map(|row| Json::Object(row.json)).collect();
    let unknown = unknown_values(request.ignore_unknown_values);
    let invalid = if request.skip_invalid_rows == Some(true) { InvalidRows::Skipped } else { InvalidRows::Refused };
    let faults = super::blocking(move || {
        Ok(front.service.insert_rows(&call.principal, &call.table(), &rows, unknown, invalid)?)
    })
    .await?;
    let mut by_row: BTreeMap<usize, Vec<Json>> = BTreeMap::new();
    for fault in faults {
        let proto =
            json!({ "reason": fault.reason, "location": fault.column, "debugInfo": "", "message": fault.message });
        by_row.entry(fault.index).or_default().push(proto);
    }
    let mut answer = json!({ "kind": "bigquery#tableDataInsertAllResponse" });
    if !by_row.is_empty() {
        let errors = by_row.into_iter().map(|(index, errors)| json!({ "index": index, "errors": errors }));
        answer["insertErrors"] = errors.collect();
    }
    Ok(axum::Json(answer))
}
