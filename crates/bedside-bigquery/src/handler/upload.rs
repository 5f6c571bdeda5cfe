//! Loads with their file: uploads in one request (multipart, media) and in parts (resumable).

use super::jobs::submit;
use crate::call::{Call, WholeBody, announced, too_large};
use crate::error::Failure;
use crate::front::Front;
use crate::multipart::{Related, boundary};
use crate::request;
use crate::upload::{Begun, ContentRange, Extent};
use axum::body::Body;
use axum::extract::{FromRequest, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bedside_service::Upload;
use futures::{Stream, StreamExt};
use serde_json::{Value as Json, json};

/// What Google's servers answer to a part that is not the last.
const RESUME: StatusCode = StatusCode::PERMANENT_REDIRECT;

/// POST upload/projects/P/jobs.
pub(crate) async fn begin(State(front): State<Front>, call: Call, incoming: Request) -> Result<Response, Failure> {
    match call.text("uploadType").or(call.text("upload_protocol")).unwrap_or("multipart") {
        "multipart" => multipart(&front, &call, incoming).await,
        "resumable" => resumable(&front, &call, incoming).await,
        other => Err(Failure::unsupported(format!("uploadType {other}")).at("uploadType")),
    }
}

async fn multipart(front: &Front, call: &Call, incoming: Request) -> Result<Response, Failure> {
    announced(incoming.headers(), front.limits.upload_bytes)?;
    let content_type = incoming.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let mut related = Related::new(&boundary(content_type.unwrap_or_default())?);
    let mut upload = new_upload(front).await?;
    let mut pieces = std::pin::pin!(pieces(front, incoming.into_body()));
    while let Some(piece) = pieces.next().await {
        upload = written(front, upload, related.push(&piece?)?).await?;
    }
    related.finish()?;
    let request: Json = request::read(related.document().unwrap_or_default())?;
    submit(front, call, &request, Some(upload)).await.map(IntoResponse::into_response)
}

/// The first request of an upload in parts.
async fn resumable(front: &Front, call: &Call, incoming: Request) -> Result<Response, Failure> {
    let headers = incoming.headers().clone();
    let authority = incoming.uri().authority().map(ToString::to_string);
    let WholeBody(body) = WholeBody::from_request(incoming, front).await?;
    let request: Json = if body.is_empty() { json!({}) } else { request::read(&body)? };
    // What is wrong with the job is said before the file is sent.
    let configuration: request::job::JobRequest = request::of_json(&request)?;
    if configuration.configuration.load.is_none() {
        return Err(request::missing("configuration.load"));
    }
    let now = front.access.now();
    let upload = new_upload(front).await?;
    let project = call.project().to_owned();
    let begun = Begun { principal: call.principal.clone(), project, request, upload, touched: now };
    let id = front.uploads.begin(begun, now)?;
    let host = authority.or_else(|| headers.get(header::HOST)?.to_str().ok().map(str::to_owned));
    let address = format!(
        "{}://{}/upload/bigquery/v2/projects/{}/jobs?uploadType=resumable&upload_id={id}",
        front.scheme,
        host.unwrap_or_default(),
        call.project()
    );
    let location = HeaderValue::from_str(&address).map_err(|_| Failure::invalid("Invalid host."))?;
    Ok(([(header::LOCATION, location)], axum::Json(json!({}))).into_response())
}

/// PUT upload/projects/P/jobs?upload_id=…: a part of the file, or the question how far it is.
pub(crate) async fn go_on(State(front): State<Front>, call: Call, incoming: Request) -> Result<Response, Failure> {
    announced(incoming.headers(), front.limits.upload_bytes)?;
    let id = call.text("upload_id").ok_or_else(|| request::missing("upload_id"))?.to_owned();
    let range = incoming.headers().get(header::CONTENT_RANGE).map(|value| value.to_str().unwrap_or("invalid"));
    let range = ContentRange::read(range)?;
    let mut begun = front.uploads.take(&id, &call.principal, call.project())?;
    if let Some(start) = range.start {
        if start != begun.upload.bytes()? {
            let message = format!("the upload goes on at byte {}", begun.upload.bytes()?);
            front.uploads.put(&id, begun);
            return Err(Failure::new(400, "badRequest", message));
        }
        let mut pieces = std::pin::pin!(pieces(&front, incoming.into_body()));
        while let Some(piece) = pieces.next().await {
            match piece {
                Ok(piece) => begun.upload = written(&front, begun.upload, piece.to_vec()).await?,
                Err(failure) => {
                    // The client asks how far it got and goes on from there.
                    front.uploads.put(&id, begun);
                    return Err(failure);
                }
            }
        }
    }
    if range.extent == Extent::Whole || range.total == Some(begun.upload.bytes()?) {
        return submit(&front, &call, &begun.request, Some(begun.upload)).await.map(IntoResponse::into_response);
    }
    begun.touched = front.access.now();
    let bytes = begun.upload.bytes()?;
    front.uploads.put(&id, begun);
    let mut headers = HeaderMap::new();
    if bytes > 0 {
        let range = HeaderValue::from_str(&format!("bytes=0-{}", bytes - 1));
        headers.insert(header::RANGE, range.map_err(|_| Failure::internal("a number is no header"))?);
    }
    Ok((RESUME, headers).into_response())
}

async fn new_upload(front: &Front) -> Result<Upload, Failure> {
    Ok(front.service.upload().await?)
}

/// The upload with a piece more, within the limit.
async fn written(front: &Front, upload: Upload, piece: Vec<u8>) -> Result<Upload, Failure> {
    let most = front.limits.upload_bytes;
    if upload.bytes()? + piece.len() as u64 > most {
        return Err(too_large(most));
    }
    if piece.is_empty() {
        return Ok(upload);
    }
    super::blocking(move || {
        upload.append(&piece)?;
        Ok(upload)
    })
    .await
}

/// A body piece by piece, each within the time that a client has for it.
fn pieces(front: &Front, body: Body) -> impl Stream<Item = Result<axum::body::Bytes, Failure>> {
    let patience = front.limits.patience;
    futures::stream::unfold(Some(body.into_data_stream()), move |stream| async move {
        let mut stream = stream?;
        match tokio::time::timeout(patience, stream.next()).await {
            Ok(None) => None,
            Ok(Some(Ok(piece))) => Some((Ok(piece), Some(stream))),
            Ok(Some(Err(_))) => Some((Err(Failure::invalid("the request's body broke off")), None)),
            Err(_) => Some((Err(Failure::new(408, "invalid", "the request's body did not arrive in time")), None)),
        }
    })
}
