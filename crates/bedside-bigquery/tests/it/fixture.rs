//! A server on an empty home, and a client that sends bytes as they are.

use bedside_bigquery::{Limits, Server, ServerOptions, Tokens};
use bedside_engine::{Engine, EngineOptions};
use bedside_service::{Service, ServiceOptions};
use bedside_store::Warehouse;
use serde_json::Value as Json;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What a project's paths begin with.
pub(crate) const PROJECT: &str = "/bigquery/v2/projects/local";

/// Ten thousand million rows: it runs until it is stopped.
pub(crate) const ENDLESS: &str = "SELECT COUNT(*) FROM UNNEST(GENERATE_ARRAY(1, 100000)) AS a CROSS JOIN \
     UNNEST(GENERATE_ARRAY(1, 100000)) AS b WHERE MOD(a * b, 7) = 3";

/// 2026-01-02 03:04:05 UTC, microseconds. Time goes on only where a test says so.
static NOW: AtomicI64 = AtomicI64::new(1_767_323_045_000_000);

pub(crate) fn clock() -> i64 {
    NOW.load(Ordering::SeqCst)
}

pub(crate) fn advance(by: Duration) {
    NOW.fetch_add(i64::try_from(by.as_micros()).unwrap(), Ordering::SeqCst);
}

pub(crate) struct Served {
    pub(crate) address: SocketAddr,
    pub(crate) service: Service,
    pub(crate) token: String,
    _home: TempDir,
}

impl Served {
    /// A server with tokens and these limits.
    pub(crate) async fn start(limits: Limits) -> Self {
        let home = tempfile::tempdir().unwrap();
        let options = EngineOptions { memory_bytes: 256 << 20, threads: 2, projects: Vec::new(), clock };
        let engine = Engine::open(Warehouse::open(home.path()).unwrap(), options).unwrap();
        let service = Service::open(engine, ServiceOptions::new(clock, 2)).unwrap();
        let token = service.create_token("test").unwrap().text;
        let options = ServerOptions {
            tokens: Tokens::Demanded,
            host_names: Vec::new(),
            tls: None,
            clock,
            limits,
            grace: Duration::from_secs(1),
        };
        let server = Server::bind(service.clone(), ([127, 0, 0, 1], 0).into(), options).await.unwrap();
        let address = server.address();
        tokio::spawn(server.run(std::future::pending()));
        Self { address, service, token, _home: home }
    }

    pub(crate) async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// The head of a request with a token and a host.
    pub(crate) fn head(&self, method: &str, path: &str) -> String {
        let Self { address, token, .. } = self;
        format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n")
    }

    /// A query's request.
    pub(crate) fn query(&self, text: &str) -> Vec<u8> {
        let body = serde_json::json!({ "query": text, "useLegacySql": false, "timeoutMs": 60_000 }).to_string();
        let head = self.head("POST", &format!("{PROJECT}/queries"));
        format!("{head}Connection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
    }

    /// All that comes back for these bytes until the server closes the connection.
    pub(crate) async fn raw(&self, bytes: &[u8]) -> String {
        let mut connection = self.connect().await;
        // A server that refuses early may close before all is sent.
        drop(connection.write_all(bytes).await);
        rest(&mut connection).await
    }

    /// Status and document of a request without a body.
    pub(crate) async fn get(&self, path: &str) -> (u16, Json) {
        answer(&self.raw(format!("{}Connection: close\r\n\r\n", self.head("GET", path)).as_bytes()).await)
    }
}

impl Drop for Served {
    /// A test that fails does not wait for its endless statements.
    fn drop(&mut self) {
        futures::executor::block_on(self.service.shut_down(Duration::ZERO));
    }
}

/// What still comes on a connection.
pub(crate) async fn rest(connection: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    // One that is reset has said all that it says.
    drop(connection.read_to_end(&mut bytes).await);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Status and document of an answer.
pub(crate) fn answer(text: &str) -> (u16, Json) {
    let status = text.split(' ').nth(1).and_then(|word| word.parse().ok()).unwrap_or_default();
    let body = text.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    (status, serde_json::from_str(body).unwrap_or_default())
}

/// Whether an answer is a refusal in BigQuery's shape, with a reason that no client repeats by itself.
pub(crate) fn refused(status: u16, document: &Json) -> bool {
    let error = &document["error"];
    let reason = error["errors"][0]["reason"].as_str().unwrap_or_default();
    let repeated = ["rateLimitExceeded", "backendError", "internalError", "badGateway"];
    (400..500).contains(&status)
        && error["code"] == status
        && error["status"].is_string()
        && error["message"].as_str().is_some_and(|message| !message.is_empty())
        && !reason.is_empty()
        && !repeated.contains(&reason)
}
