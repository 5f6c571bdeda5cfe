//! A query through what was written.

use super::Access;
use super::key::Key;
use crate::failure::Failure;
use crate::session;
use bedside_types::ErrorCode;
use data_encoding::BASE64URL_NOPAD;
use reqwest::{Client, RequestBuilder};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::{Value as Json, json};
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(20);
const QUERY: &str = "SELECT COUNT(*) FROM `physionet-data`.INFORMATION_SCHEMA.SCHEMATA";

/// Asks the server as the client would, and says what it answered.
pub(crate) fn run(url: &str, project: &str, access: &Access) -> Result<String, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| Failure::internal(format!("no threads: {error}")))?.block_on(async {
        let client = Client::builder().timeout(PATIENCE).no_proxy().build();
        let client = client.map_err(|error| Failure::internal(format!("no client: {error}")))?;
        let token = match access {
            Access::Token(token) => token.clone(),
            Access::Key(key) => exchanged(&client, url, key).await?,
        };
        let query = json!({ "query": QUERY, "useLegacySql": false, "timeoutMs": 10_000 });
        let request = client.post(format!("{url}/bigquery/v2/projects/{project}/queries"));
        let request = request.bearer_auth(token).header("content-type", "application/json").body(query.to_string());
        let answer = send(url, request).await?;
        match answer["rows"][0]["f"][0]["v"].as_str() {
            Some(datasets) => Ok(format!("{url} answers a query; it has {datasets} datasets")),
            None => Err(Failure::new(ErrorCode::Unavailable, format!("{url} answered without rows"))),
        }
    })
}

/// The token that the server gives for what the key signs.
async fn exchanged(client: &Client, url: &str, key: &Key) -> Result<String, Failure> {
    let assertion = assertion(key).ok_or_else(|| Failure::internal("the key cannot sign"))?;
    let form = format!("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion={assertion}");
    let request = client.post(key.token_uri()).header("content-type", "application/x-www-form-urlencoded").body(form);
    let answer = send(url, request).await?;
    let token = answer["access_token"].as_str();
    token.map(str::to_owned).ok_or_else(|| Failure::new(ErrorCode::Unavailable, format!("{url} gave no token")))
}

/// As google-auth writes it.
fn assertion(key: &Key) -> Option<String> {
    let now = session::now() / 1_000_000;
    let header = json!({ "typ": "JWT", "alg": "RS256", "kid": key.id() });
    let claims = json!({ "iat": now, "exp": now + 600, "iss": "bedside", "aud": key.token_uri() });
    let part = |value: &Json| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
    let signed = format!("{}.{}", part(&header), part(&claims));
    let pair = RsaKeyPair::from_pkcs8(key.private()).ok()?;
    let mut signature = vec![0; pair.public().modulus_len()];
    pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature).ok()?;
    Some(format!("{signed}.{}", BASE64URL_NOPAD.encode(&signature)))
}

async fn send(url: &str, request: RequestBuilder) -> Result<Json, Failure> {
    let unreachable = |_| {
        Failure::new(ErrorCode::Unavailable, format!("{url} does not answer"))
            .with_hint("start the server in another terminal: bedside serve")
    };
    let response = request.send().await.map_err(unreachable)?;
    let status = response.status();
    let body = response.bytes().await.map_err(unreachable)?;
    let document: Json = serde_json::from_slice(&body).unwrap_or_default();
    if status.is_success() {
        return Ok(document);
    }
    let said = document["error"]["message"].as_str().or(document["error_description"].as_str()).unwrap_or_default();
    Err(Failure::new(ErrorCode::Unavailable, format!("{url} answers {status}: {said}"))
        .with_hint("is it a server on the same home? `bedside client-setup` writes into the home that --home names"))
}
