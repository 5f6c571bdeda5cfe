//! What goes wrong, in BigQuery's shape (<https://cloud.google.com/bigquery/docs/error-messages>).

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bedside_service::JobError;
use bedside_types::ErrorCode;
use serde_json::{Value as Json, json};

/// An answer that is an error. Clients choose the class of the exception by status and reason, and whether to try again: by
/// itself they repeat `rateLimitExceeded`, `backendError` and `internalError` for ten minutes, so these never stand for what
/// will not pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    /// HTTP status.
    pub(crate) status: u16,
    /// BigQuery's reason.
    pub(crate) reason: String,
    /// What and where.
    pub(crate) message: String,
    /// The part of the request that it is about.
    pub(crate) location: Option<String>,
    /// Seconds until a client may come back.
    pub(crate) retry_after: Option<u64>,
}

impl Failure {
    /// An error of that status and reason.
    pub(crate) fn new(status: u16, reason: impl Into<String>, message: impl Into<String>) -> Self {
        Self { status, reason: reason.into(), message: message.into(), location: None, retry_after: None }
    }

    /// The request is wrong.
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(400, "invalid", message)
    }

    /// The request has no place here.
    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new(404, "notFound", message)
    }

    /// BigQuery has it, this server does not.
    pub(crate) fn unsupported(what: impl std::fmt::Display) -> Self {
        Self::new(400, "invalid", format!("{what} is not supported"))
    }

    /// A defect of ours. The reason is one that clients do not repeat: a defect stays.
    pub(crate) fn internal(message: impl Into<String>) -> Self {
        Self::new(500, "jobInternal", message)
    }

    /// The same about a part of the request.
    pub(crate) fn at(self, location: impl Into<String>) -> Self {
        Self { location: Some(location.into()), ..self }
    }

    /// The error of a job as the answer to a request for its result.
    pub(crate) fn of_job(error: &JobError) -> Self {
        let status = if error.status < 400 { 400 } else { error.status };
        let failure = Self::new(status, error.reason.clone(), error.message.clone());
        Self { location: error.location.clone(), ..failure }
    }

    /// The body.
    pub(crate) fn body(&self) -> Json {
        let mut detail = json!({ "message": self.message, "domain": "global", "reason": self.reason });
        if let Some(location) = &self.location {
            detail["location"] = json!(location);
            detail["locationType"] = json!("parameter");
        }
        json!({ "error": {
            "code": self.status,
            "message": self.message,
            "errors": [detail],
            "status": status_word(self.status),
        }})
    }
}

impl From<bedside_service::Error> for Failure {
    fn from(error: bedside_service::Error) -> Self {
        let mut failure = Self::of_job(&error.job_error());
        if error.code() == ErrorCode::Internal {
            // What a client would repeat for ten minutes.
            failure.reason = Self::internal("").reason;
        }
        failure
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, axum::Json(self.body())).into_response();
        if self.status == 401 {
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"bedside\""));
        }
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// The word of google.rpc.Code for an HTTP status.
fn status_word(status: u16) -> &'static str {
    match status {
        401 => "UNAUTHENTICATED",
        403 => "PERMISSION_DENIED",
        404 => "NOT_FOUND",
        409 => "ALREADY_EXISTS",
        412 => "FAILED_PRECONDITION",
        429 => "RESOURCE_EXHAUSTED",
        499 => "CANCELLED",
        501 => "UNIMPLEMENTED",
        503 => "UNAVAILABLE",
        504 => "DEADLINE_EXCEEDED",
        status if status < 500 => "INVALID_ARGUMENT",
        _ => "INTERNAL",
    }
}

#[cfg(test)]
mod tests {
    use super::Failure;
    use axum::response::IntoResponse;
    use serde_json::json;

    #[test]
    fn the_shape_is_bigquerys() {
        let failure = Failure::not_found("Not found: Job p:j").at("j");
        assert_eq!(
            failure.body(),
            json!({ "error": {
                "code": 404,
                "message": "Not found: Job p:j",
                "status": "NOT_FOUND",
                "errors": [{
                    "message": "Not found: Job p:j", "domain": "global", "reason": "notFound",
                    "location": "j", "locationType": "parameter",
                }],
            }})
        );
        let response =
            Failure { retry_after: Some(3), ..Failure::new(429, "quotaExceeded", "slow down") }.into_response();
        assert_eq!(response.status().as_u16(), 429);
        assert_eq!(response.headers()["retry-after"], "3");
    }

    #[test]
    fn what_will_not_pass_is_never_repeated() {
        for failure in [Failure::internal("x"), Failure::invalid("x"), Failure::unsupported("x")] {
            let repeated = ["rateLimitExceeded", "backendError", "internalError", "badGateway"];
            assert!(!repeated.contains(&failure.reason.as_str()), "{failure:?}");
        }
    }
}
