//! One function for each method of the API. A handler translates; it decides nothing.

pub(crate) mod data;
pub(crate) mod datasets;
pub(crate) mod jobs;
pub(crate) mod projects;
pub(crate) mod queries;
pub(crate) mod tables;
pub(crate) mod token;
pub(crate) mod upload;

use crate::call::Call;
use crate::error::Failure;
use crate::front::Front;
use serde_json::{Map, Value as Json, json};

/// An answer that is a document.
pub(crate) type Answer = Result<axum::Json<Json>, Failure>;

/// One page of a list that is there as a whole, as BigQuery pages it: an empty list has no field.
///
/// # Errors
/// For a page token that is none of this list, and a size that is none.
pub(crate) fn page<T>(
    front: &Front,
    call: &Call,
    kind: &str,
    field: &str,
    whole: &[T],
    item: impl Fn(&T) -> Json,
) -> Answer {
    // Of BigQuery's documentation: 50 where nothing is said, 1,000 at most. More costs nothing here.
    const DEFAULT: usize = 1000;
    let most = call.number::<usize>("maxResults")?.filter(|most| *most > 0).unwrap_or(DEFAULT);
    let scope = format!("{kind} {} {}", call.project(), call.dataset().dataset);
    let start = call.text("pageToken").map(|token| front.pages.place(&scope, token)).transpose()?.unwrap_or(0);
    let start = usize::try_from(start).unwrap_or(usize::MAX).min(whole.len());
    let end = start.saturating_add(most).min(whole.len());
    let mut answer = Map::new();
    answer.insert("kind".to_owned(), json!(kind));
    answer.insert("totalItems".to_owned(), json!(whole.len()));
    if end > start {
        answer.insert(field.to_owned(), whole[start..end].iter().map(item).collect());
    }
    if end < whole.len() {
        answer.insert("nextPageToken".to_owned(), json!(front.pages.token(&scope, end as u64)));
    }
    Ok(axum::Json(Json::Object(answer)))
}

/// Runs what blocks beside the threads that answer.
///
/// # Errors
/// That of the work; ours where it died.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|_| Err(Failure::internal("the request could not be answered")))
}
