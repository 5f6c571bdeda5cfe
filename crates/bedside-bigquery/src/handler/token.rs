//! The token endpoint that a key file's `token_uri` names (RFC 7523; what Google's libraries send).

use crate::access::{Access, Peer};
use crate::call::WholeBody;
use crate::error::Failure;
use crate::front::Front;
use axum::Extension;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

const GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/// POST token: an assertion for an access token.
pub(crate) async fn exchange(
    State(front): State<Front>,
    peer: Option<Extension<Peer>>,
    WholeBody(body): WholeBody,
) -> Result<Response, Failure> {
    let field = |name: &str| {
        url::form_urlencoded::parse(&body).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    };
    let refused = |error: &str, description: &str| {
        let body = json!({ "error": error, "error_description": description });
        (StatusCode::BAD_REQUEST, axum::Json(body)).into_response()
    };
    if field("grant_type").as_deref() != Some(GRANT) {
        return Ok(refused("unsupported_grant_type", "Only assertions of key files are exchanged here."));
    }
    let assertion = field("assertion").unwrap_or_default();
    match front.access.exchange(&front.service, &assertion, peer.map(|Extension(peer)| peer)) {
        Ok(token) => {
            let body = json!({ "access_token": token, "expires_in": Access::lifetime(), "token_type": "Bearer" });
            Ok(([(header::CACHE_CONTROL, "no-store")], axum::Json(body)).into_response())
        }
        Err(failure) if failure.status == 400 => Ok(refused(
            &failure.reason,
            "No key of this server signed the assertion; `bedside client-setup` writes a key file.",
        )),
        Err(failure) => Err(failure),
    }
}
