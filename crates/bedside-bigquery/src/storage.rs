//! The Storage Read API (gRPC, `google.cloud.bigquery.storage.v1.BigQueryRead`): tables as Arrow, several streams at once
//! (<https://cloud.google.com/bigquery/docs/reference/storage>).
//!
//! A session fixes a table and its columns; each of its streams is a range of the table's rows, so that reading may go on at
//! an offset. A session with a restriction, or over a view, is a query whose result is the table.

mod arrow;
mod message;
mod read;
mod session;

pub(crate) use session::Sessions;

use crate::error::Failure;
use crate::front::Front;
use ::axum::body::Body;
use ::axum::extract::{Request, State};
use ::axum::response::Response;
use ::axum::routing::{Router, post};
use bedside_service::Principal;
use message::{CreateReadSessionRequest, ReadRowsRequest, SplitReadStreamRequest, SplitReadStreamResponse};
use tonic::server::Grpc;
use tonic::{Code, Status};
use tonic_prost::ProstCodec;
use tower::service_fn;

/// The service's methods, as paths.
pub(crate) fn routes() -> Router<Front> {
    const SERVICE: &str = "/google.cloud.bigquery.storage.v1.BigQueryRead";
    Router::new()
        .route(&format!("{SERVICE}/CreateReadSession"), post(create_read_session))
        .route(&format!("{SERVICE}/ReadRows"), post(read_rows))
        .route(&format!("{SERVICE}/SplitReadStream"), post(split_read_stream))
}

async fn create_read_session(State(front): State<Front>, request: Request) -> Response {
    let (principal, request) = match admitted(&front, request) {
        Ok(admitted) => admitted,
        Err(status) => return status.into_http(),
    };
    let service = service_fn(move |request: tonic::Request<CreateReadSessionRequest>| {
        let (front, principal) = (front.clone(), principal.clone());
        async move { session::create(&front, &principal, request.into_inner()).await.map(tonic::Response::new) }
    });
    Grpc::new(ProstCodec::default()).unary(service, request).await.map(Body::new)
}

async fn read_rows(State(front): State<Front>, request: Request) -> Response {
    let (principal, request) = match admitted(&front, request) {
        Ok(admitted) => admitted,
        Err(status) => return status.into_http(),
    };
    let service = service_fn(move |request: tonic::Request<ReadRowsRequest>| {
        let (front, principal) = (front.clone(), principal.clone());
        async move { read::rows(front, principal, &request.into_inner()).map(tonic::Response::new) }
    });
    Grpc::new(ProstCodec::default()).server_streaming(service, request).await.map(Body::new)
}

/// A stream stays whole, which the answer without streams says.
async fn split_read_stream(State(front): State<Front>, request: Request) -> Response {
    let (_, request) = match admitted(&front, request) {
        Ok(admitted) => admitted,
        Err(status) => return status.into_http(),
    };
    let service = service_fn(|_: tonic::Request<SplitReadStreamRequest>| async {
        Ok::<_, Status>(tonic::Response::new(SplitReadStreamResponse::default()))
    });
    Grpc::new(ProstCodec::default()).unary(service, request).await.map(Body::new)
}

/// Who asks, by the same rules as over REST.
fn admitted(front: &Front, request: Request) -> Result<(Principal, Request), Status> {
    let (parts, body) = request.into_parts();
    let principal = front.access.principal(&front.service, &parts).map_err(status)?;
    Ok((principal, Request::from_parts(parts, body)))
}

/// A failure as gRPC has it.
fn status(failure: impl Into<Failure>) -> Status {
    let failure = failure.into();
    let code = match failure.status {
        400 | 413 | 415 => Code::InvalidArgument,
        401 => Code::Unauthenticated,
        403 => Code::PermissionDenied,
        404 => Code::NotFound,
        408 => Code::DeadlineExceeded,
        409 => Code::AlreadyExists,
        429 => Code::ResourceExhausted,
        501 => Code::Unimplemented,
        503 => Code::Unavailable,
        _ => Code::Internal,
    };
    Status::new(code, failure.message)
}
