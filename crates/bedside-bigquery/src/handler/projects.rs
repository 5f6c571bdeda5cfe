//! Projects, and what clients ask before anything else.

use super::{Answer, blocking};
use crate::call::Call;
use crate::discovery;
use crate::front::Front;
use axum::extract::State;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Uri, header};
use serde_json::{Value as Json, json};

/// The project of clients that name none.
const OWN: &str = "local";

/// GET projects.
pub(crate) async fn list(State(front): State<Front>, call: Call, headers: HeaderMap) -> Answer {
    // bq says which project it works in.
    let own = headers.get("x-goog-user-project").and_then(|value| value.to_str().ok()).unwrap_or(OWN).to_owned();
    crate::identifier::project(&own)?;
    blocking(move || {
        let projects = front.service.projects(&call.principal, &own)?;
        let numbered: Vec<(usize, &String)> = projects.iter().enumerate().collect();
        super::page(&front, &call, "bigquery#projectList", "projects", &numbered, |(place, project)| {
            json!({
                "kind": "bigquery#project",
                "id": project,
                "numericId": (place + 1).to_string(),
                "projectReference": { "projectId": project },
                "friendlyName": project,
            })
        })
    })
    .await
}

/// GET projects/P/serviceAccount.
pub(crate) async fn service_account(call: Call) -> Answer {
    let email = format!("bedside@{}.iam.gserviceaccount.com", call.project());
    Ok(axum::Json(json!({ "kind": "bigquery#getServiceAccountResponse", "email": email })))
}

/// GET $discovery/rest. It tells nothing that is not published, and `bq` asks before it has a token.
pub(crate) async fn discovery(State(front): State<Front>, uri: Uri, headers: HeaderMap) -> axum::Json<Json> {
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok());
    let host = uri.authority().map(Authority::as_str).or(host).unwrap_or("127.0.0.1");
    axum::Json(discovery::document(&format!("{}://{host}/", front.scheme)))
}
