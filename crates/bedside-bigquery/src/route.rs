//! Addresses: which method answers where, and the spellings that clients have for the same place.

use crate::access::Hosts;
use crate::error::Failure;
use crate::front::Front;
use crate::handler::{data, datasets, jobs, projects, queries, tables, token, upload};
use axum::extract::{Request, State};
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderValue, Uri, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{Router, delete, get, post};
use std::any::Any;
use std::sync::Arc;
use tower_http::catch_panic::CatchPanicLayer;

/// What the API's paths begin with.
const PREFIX: &str = "/bigquery/v2";

/// Every method of the API, under paths without the prefix (see [`canonical`]).
pub(crate) fn router(front: Front, hosts: Hosts) -> Router {
    const DATASET: &str = "/projects/{project}/datasets/{dataset}";
    const TABLE: &str = "/projects/{project}/datasets/{dataset}/tables/{table}";
    let update = datasets::update;
    let path = |base: &str, rest: &str| format!("{base}{rest}");
    Router::new()
        .route("/projects", get(projects::list))
        .route("/projects/{project}/serviceAccount", get(projects::service_account))
        .route("/projects/{project}/jobs", get(jobs::list).post(jobs::insert))
        .route("/projects/{project}/jobs/{job}", get(jobs::get))
        .route("/projects/{project}/jobs/{job}/cancel", post(jobs::cancel))
        .route("/projects/{project}/jobs/{job}/delete", delete(jobs::delete))
        .route("/projects/{project}/queries", post(queries::query))
        .route("/projects/{project}/queries/{job}", get(queries::results))
        .route("/projects/{project}/datasets", get(datasets::list).post(datasets::insert))
        .route(DATASET, get(datasets::get).patch(update).put(update).delete(datasets::delete))
        .route(&path(DATASET, "/routines"), get(datasets::nothing))
        .route(&path(DATASET, "/models"), get(datasets::nothing))
        .route(&path(DATASET, "/tables"), get(tables::list).post(tables::insert))
        .route(TABLE, get(tables::get).patch(tables::update).put(tables::update).delete(tables::delete))
        .route(&path(TABLE, "/data"), get(data::list))
        .route(&path(TABLE, "/insertAll"), post(data::insert_all))
        .route("/upload/projects/{project}/jobs", post(upload::begin).put(upload::go_on))
        .route("/$discovery/rest", get(projects::discovery))
        .route("/discovery/v1/apis/bigquery/v2/rest", get(projects::discovery))
        .route("/token", post(token::exchange))
        .merge(crate::storage::routes())
        .fallback(|| async { Failure::not_found("Not Found") })
        .method_not_allowed_fallback(|| async { Failure::new(405, "httpMethodNotAllowed", "Method Not Allowed") })
        .layer(from_fn_with_state(Arc::new(hosts), only_ours))
        .layer(CatchPanicLayer::custom(|panic: Box<dyn Any + Send>| defect(&*panic)))
        .with_state(front)
}

/// Refuses what a web page elsewhere could send, and what two servers on the way may read as two different requests.
async fn only_ours(State(hosts): State<Arc<Hosts>>, request: Request, next: Next) -> Response {
    let in_chunks = request.headers().contains_key(header::TRANSFER_ENCODING);
    let mut response = match hosts.check(request.uri(), request.headers()) {
        Err(failure) => failure.into_response(),
        Ok(()) if in_chunks && request.headers().contains_key(header::CONTENT_LENGTH) => {
            Failure::invalid("the request says twice how long it is").into_response()
        }
        Ok(()) => next.run(request).await,
    };
    if in_chunks {
        // It may have said how long it is, too, which the parser drops: nothing behind it is a request
        // (<https://www.rfc-editor.org/rfc/rfc9112#section-6.1>).
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// A handler that died: the request fails, nothing else does.
fn defect(_panic: &(dyn Any + Send)) -> Response {
    tracing::error!("a request handler panicked");
    Failure::internal("An internal error occurred and the request could not be completed.").into_response()
}

/// A request under the path that the router knows: without `/bigquery/v2`, which `bq` sends twice where its endpoint has it,
/// and without `/` at the end, which bigrquery sends.
pub(crate) fn canonical<B>(mut request: axum::http::Request<B>) -> axum::http::Request<B> {
    if let Some(path) = canonical_path(request.uri().path()) {
        let query = request.uri().query().map_or_else(String::new, |query| format!("?{query}"));
        let mut parts = request.uri().clone().into_parts();
        parts.path_and_query = PathAndQuery::from_maybe_shared(format!("{path}{query}").into_bytes()).ok();
        if let Ok(uri) = Uri::from_parts(parts) {
            *request.uri_mut() = uri;
        }
    }
    request
}

/// The path, where it is another one.
fn canonical_path(path: &str) -> Option<String> {
    let mut rest = path.trim_end_matches('/');
    while let Some(inner) = rest.strip_prefix(PREFIX).filter(|inner| inner.starts_with('/')) {
        rest = inner;
    }
    let upload = ["/resumable/upload", "/upload"].iter().find_map(|start| {
        let inner = rest.strip_prefix(start)?;
        Some(inner.strip_prefix(PREFIX).unwrap_or(inner)).filter(|inner| inner.starts_with("/projects/"))
    });
    let canonical = match upload {
        Some(inner) => format!("/upload{inner}"),
        None if rest.is_empty() => "/".to_owned(),
        None => rest.to_owned(),
    };
    (canonical != path).then_some(canonical)
}

#[cfg(test)]
mod tests {
    use super::canonical_path;

    #[test]
    fn one_place_has_many_spellings() {
        for (path, expected) in [
            ("/bigquery/v2/projects/p/jobs", Some("/projects/p/jobs")),
            ("/bigquery/v2/bigquery/v2/projects/p/jobs/", Some("/projects/p/jobs")),
            ("/projects/p/jobs/", Some("/projects/p/jobs")),
            ("/projects/p/jobs", None),
            ("/upload/bigquery/v2/projects/p/jobs", Some("/upload/projects/p/jobs")),
            ("/resumable/upload/bigquery/v2/projects/p/jobs", Some("/upload/projects/p/jobs")),
            ("/upload/projects/p/jobs", None),
            ("/bigquery/v2/$discovery/rest", Some("/$discovery/rest")),
            ("/discovery/v1/apis/bigquery/v2/rest", None),
            ("/", None),
            ("//", Some("/")),
            ("/bigquery/v2", None),
            ("/bigquery/v2x/projects", None),
        ] {
            assert_eq!(canonical_path(path).as_deref(), expected, "{path}");
        }
    }
}
