//! What a handler takes from a request: who asks, the names in the address, the query part, the body.

use crate::agent::{self, AnonymousTable};
use crate::encode::TimestampForm;
use crate::error::Failure;
use crate::front::Front;
use crate::identifier;
use crate::request::lenient::boolean_of_text;
use crate::request::query::FormatOptions;
use axum::body::{Body, BodyDataStream, Bytes};
use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use bedside_service::{DatasetReference, JobKey, Principal, TableReference};
use flate2::read::MultiGzDecoder;
use futures::StreamExt;
use std::io::Read;
use std::str::FromStr;
use std::time::Duration;

/// Who asks, with what beside the body.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) principal: Principal,
    pub(crate) anonymous: AnonymousTable,
    query: Vec<(String, String)>,
    names: Names,
}

/// The names in an address, each checked.
#[derive(Clone, Debug, Default)]
struct Names {
    project: String,
    dataset: String,
    table: String,
    job: String,
}

impl Call {
    /// The project of the address.
    pub(crate) fn project(&self) -> &str {
        &self.names.project
    }

    /// The job of the address.
    pub(crate) fn job(&self) -> JobKey {
        JobKey { project: self.names.project.clone(), id: self.names.job.clone() }
    }

    /// The dataset of the address.
    pub(crate) fn dataset(&self) -> DatasetReference {
        DatasetReference { project: self.names.project.clone(), dataset: self.names.dataset.clone() }
    }

    /// The table of the address.
    pub(crate) fn table(&self) -> TableReference {
        let Names { project, dataset, table, .. } = self.names.clone();
        TableReference { project, dataset, table }
    }

    /// A part of the query; an empty one is none.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().rev().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// Every value of a part that may be repeated.
    pub(crate) fn texts<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.query.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A number of the query.
    ///
    /// # Errors
    /// 400 for what is none, negative ones where `T` has none.
    pub(crate) fn number<T: FromStr>(&self, name: &str) -> Result<Option<T>, Failure> {
        let parse = |text: &str| {
            let message = format!("Invalid value for {name}: must be a whole number that is not negative");
            text.parse().map_err(|_| Failure::invalid(message).at(name))
        };
        self.text(name).map(parse).transpose()
    }

    /// A boolean of the query.
    ///
    /// # Errors
    /// 400 for what is none.
    pub(crate) fn boolean(&self, name: &str) -> Result<Option<bool>, Failure> {
        let refused = || Failure::invalid(format!("Invalid value for {name}: must be true or false")).at(name);
        self.text(name).map(|text| boolean_of_text(text).ok_or_else(refused)).transpose()
    }

    /// How the client wants timestamps.
    ///
    /// # Errors
    /// 400 for what is unknown.
    pub(crate) fn timestamps(&self) -> Result<TimestampForm, Failure> {
        let options = FormatOptions {
            use_int64_timestamp: self.boolean("formatOptions.useInt64Timestamp")?,
            timestamp_output_format: self.text("formatOptions.timestampOutputFormat").map(str::to_owned),
        };
        options.timestamps()
    }
}

impl FromRequestParts<Front> for Call {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, front: &Front) -> Result<Self, Failure> {
        let principal = front.access.principal(&front.service, parts)?;
        let names = names(parts, front).await?;
        let query = url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes());
        let query = query.map(|(key, value)| (key.into_owned(), value.into_owned())).collect();
        Ok(Self { principal, anonymous: agent::anonymous_table(&parts.headers), query, names })
    }
}

async fn names(parts: &mut Parts, front: &Front) -> Result<Names, Failure> {
    let mut names = Names::default();
    // Fails where an address is no UTF-8, which no name is either, and where it has no names.
    let Ok(parameters) = RawPathParams::from_request_parts(parts, front).await else {
        return Err(Failure::invalid("Invalid resource name."));
    };
    for (key, value) in &parameters {
        let (checked, place) = match key {
            "project" => (identifier::project(value), &mut names.project),
            "dataset" => (identifier::dataset(value), &mut names.dataset),
            "table" => (identifier::table(value), &mut names.table),
            "job" => (identifier::job(value), &mut names.job),
            _ => continue,
        };
        checked?;
        value.clone_into(place);
    }
    Ok(names)
}

/// A body, whole, inflated if it came in gzip, within the limit.
#[derive(Debug)]
pub(crate) struct WholeBody(pub(crate) Bytes);

impl FromRequest<Front> for WholeBody {
    type Rejection = Failure;

    async fn from_request(request: Request, front: &Front) -> Result<Self, Failure> {
        let most = front.limits.body_bytes;
        let (parts, body) = request.into_parts();
        if let Err(refusal) = announced(&parts.headers, most as u64) {
            // Who waits for a word before sending is told now.
            if !parts.headers.contains_key(header::EXPECT) {
                discard(body.into_data_stream(), most, front.limits.patience).await;
            }
            return Err(refusal);
        }
        let encoding = parts.headers.get(header::CONTENT_ENCODING).and_then(|value| value.to_str().ok());
        let bytes = collect(body, most, front.limits.patience).await?;
        match encoding.map(str::to_ascii_lowercase).as_deref() {
            None | Some("" | "identity") => Ok(Self(bytes)),
            Some("gzip" | "x-gzip") => inflate(&bytes, most).map(Self),
            Some(other) => Err(Failure::new(415, "invalid", format!("Content-Encoding {other} is not supported"))),
        }
    }
}

async fn collect(body: Body, most: usize, patience: Duration) -> Result<Bytes, Failure> {
    let mut chunks = body.into_data_stream();
    let mut whole = Vec::new();
    loop {
        let chunk = tokio::time::timeout(patience, chunks.next()).await;
        let chunk = chunk.map_err(|_| Failure::new(408, "invalid", "the request's body did not arrive in time"))?;
        let Some(chunk) = chunk else { return Ok(whole.into()) };
        let chunk = chunk.map_err(|_| Failure::invalid("the request's body broke off"))?;
        if whole.len() + chunk.len() > most {
            discard(chunks, most, patience).await;
            return Err(too_large(most));
        }
        whole.extend_from_slice(&chunk);
    }
}

/// Takes what else comes, twice as much as a body may have, and for so long. A client that is still sending when the connection
/// closes sees that, and not the answer.
async fn discard(mut chunks: BodyDataStream, most: usize, patience: Duration) {
    let all = async {
        let mut bytes = 0;
        while let Some(Ok(chunk)) = chunks.next().await {
            bytes += chunk.len();
            if bytes > 2 * most {
                break;
            }
        }
    };
    // Too slow is as good as too much.
    tokio::time::timeout(patience, all).await.ok();
}

fn inflate(bytes: &[u8], most: usize) -> Result<Bytes, Failure> {
    let mut whole = Vec::new();
    let mut reader = MultiGzDecoder::new(bytes).take(most as u64 + 1);
    reader.read_to_end(&mut whole).map_err(|_| Failure::invalid("the request's body is no gzip"))?;
    if whole.len() > most { Err(too_large(most)) } else { Ok(whole.into()) }
}

/// Refuses a body for the length that it announces, before any of it is read.
///
/// # Errors
/// 413.
pub(crate) fn announced(headers: &HeaderMap, most: u64) -> Result<(), Failure> {
    let length = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > most) { Err(too_large(most)) } else { Ok(()) }
}

/// The answer to a body that is too large.
pub(crate) fn too_large(most: impl std::fmt::Display) -> Failure {
    Failure::new(413, "uploadTooLarge", format!("Request payload size exceeds the limit: {most} bytes."))
}

#[cfg(test)]
mod tests {
    use super::{collect, inflate};
    use axum::body::Body;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use futures::StreamExt;
    use std::io::Write;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    #[test]
    fn a_small_gzip_may_not_become_large() {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&vec![b' '; 1 << 20]).unwrap();
        let bytes = encoder.finish().unwrap();
        assert!(bytes.len() < 5000);
        assert_eq!(inflate(&bytes, 1 << 20).unwrap().len(), 1 << 20);
        assert_eq!(inflate(&bytes, (1 << 20) - 1).unwrap_err().status, 413);
        assert_eq!(inflate(b"no gzip", 100).unwrap_err().status, 400);
    }

    #[tokio::test]
    async fn what_is_too_much_is_taken_before_the_answer_up_to_a_bound() {
        for (chunks, taken) in [(3, 3), (1000, 5)] {
            let sent = Arc::new(AtomicUsize::new(0));
            let count = Arc::clone(&sent);
            let body = futures::stream::iter(0..chunks).map(move |_| {
                count.fetch_add(1, Ordering::Relaxed);
                Ok::<_, std::io::Error>("12345")
            });
            let refusal = collect(Body::from_stream(body), 7, Duration::from_secs(10)).await.unwrap_err();
            assert_eq!((refusal.status, sent.load(Ordering::Relaxed)), (413, taken));
        }
    }

    #[tokio::test]
    async fn a_large_body_is_refused_and_a_slow_one_is_not_waited_for() {
        let patience = Duration::from_millis(20);
        assert_eq!(collect(Body::from("12345"), 5, patience).await.unwrap(), "12345");
        assert_eq!(collect(Body::from("123456"), 5, patience).await.unwrap_err().status, 413);
        let never = Body::from_stream(futures::stream::pending::<Result<&str, std::io::Error>>());
        assert_eq!(collect(never, 5, patience).await.unwrap_err().status, 408);
    }
}
