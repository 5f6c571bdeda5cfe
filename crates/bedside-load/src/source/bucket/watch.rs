//! What a server answered, which `object_store` does not tell with its errors: the status and the pause it asked for.

use crate::source::retry::pause;
use async_trait::async_trait;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpRequest, HttpResponse, HttpService, ReqwestConnector,
};
use object_store::{ClientOptions, Error, HeaderMap, Result};
use std::cell::Cell;
use std::future::Future;
use std::time::Duration;

tokio::task_local! {
    static LAST: Cell<Seen>;
}

/// The last answer to a request.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Seen {
    /// The HTTP status, `None` where no answer came.
    pub(super) status: Option<u16>,
    /// What Retry-After asked for.
    pub(super) pause: Option<Duration>,
}

/// Runs requests of a store; an error comes with the answer before it.
pub(super) async fn watched<T>(work: impl Future<Output = Result<T>>) -> Result<T, (Error, Seen)> {
    let watched = async { work.await.map_err(|error| (error, LAST.with(Cell::get))) };
    LAST.scope(Cell::new(Seen::default()), watched).await
}

/// Connects as usual and notes every answer.
#[derive(Debug)]
pub(super) struct Watch;

impl HttpConnector for Watch {
    fn connect(&self, options: &ClientOptions) -> Result<HttpClient> {
        Ok(HttpClient::new(Watched(ReqwestConnector::default().connect(options)?)))
    }
}

#[derive(Debug)]
struct Watched(HttpClient);

#[async_trait]
impl HttpService for Watched {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        note(Seen::default());
        let response = self.0.execute(request).await?;
        let header = |name| text(response.headers(), name);
        note(Seen { status: Some(response.status().as_u16()), pause: pause(header("retry-after"), header("date")) });
        Ok(response)
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn note(seen: Seen) {
    // Requests outside of `watched` (a body's own retries are off) have nobody to tell.
    let _ = LAST.try_with(|last| last.set(seen));
}
