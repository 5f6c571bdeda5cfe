//! Buckets on Amazon S3 (and servers that speak its language) and on Google Cloud Storage.

mod place;
mod put;
mod watch;

use super::error::chain;
use super::http::is_loopback;
use super::remote::{Answer, Failure};
use super::{Access, Signing, SourceError, SourceFile};
use futures::{StreamExt, TryStreamExt};
use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::client::ClientConfigKey;
use object_store::gcp::{GoogleCloudStorageBuilder, GoogleConfigKey};
use object_store::path::Path;
use object_store::{
    ClientOptions, Error, GetOptions, GetRange, HeaderMap, HeaderValue, ObjectMeta, ObjectStore, RetryConfig,
};
use place::{Cloud, Place};
use std::sync::Arc;
use url::Url;
use watch::{Seen, Watch};

/// Open buckets that need no signature (PhysioNet's open projects).
const OPEN_BUCKETS: [&str; 1] = ["physionet-open"];

/// The setting that names the project which pays, as `requester` does; `object_store` has none.
const USER_PROJECT: &str = "google_user_project";

/// Where the clouds' own machines get credentials from; off them nobody answers there.
const METADATA_HOSTS: [&str; 2] = ["169.254.169.254", "metadata.google.internal"];

/// Files below one prefix of a bucket.
#[derive(Debug)]
pub(crate) struct BucketServer {
    place: Place,
    store: Arc<dyn ObjectStore>,
    prefix: Path,
}

impl BucketServer {
    pub(crate) fn new(text: &str, access: &Access) -> Result<Self, SourceError> {
        let place = Place::parse(text)?;
        let prefix = Path::parse(&place.prefix).map_err(|error| place.refuse(error.to_string()))?;
        let store = match place.cloud {
            Cloud::Amazon => amazon(&place, access)?,
            Cloud::Google => google(&place, access)?,
        };
        Ok(Self { place, store, prefix })
    }

    pub(crate) fn name(&self) -> &str {
        &self.place.name
    }

    pub(crate) fn place(&self, path: &str) -> String {
        format!("{}{path}", self.place.name)
    }

    pub(crate) async fn list(&self) -> Result<Vec<SourceFile>, Failure> {
        let prefix = (!self.place.prefix.is_empty()).then_some(&self.prefix);
        let work = self.store.list(prefix).try_collect::<Vec<_>>();
        let objects = watch::watched(work).await.map_err(|(error, seen)| self.failure("", &error, seen))?;
        if objects.is_empty() {
            let hint = Some("check the prefix: it must name the folder that holds the files".to_owned());
            return Err(Failure::Final(SourceError::NotFound { place: self.place.name.clone(), hint }));
        }
        Ok(objects.iter().filter_map(|object| self.describe(object)).collect())
    }

    pub(crate) async fn stat(&self, path: &str) -> Result<SourceFile, Failure> {
        let location = self.location(path)?;
        let head = watch::watched(self.store.get_opts(&location, GetOptions { head: true, ..GetOptions::default() }));
        let found = head.await.map_err(|(error, seen)| self.failure(path, &error, seen))?;
        let version = version(&found.meta);
        Ok(SourceFile { path: path.to_owned(), bytes: Some(found.meta.size), version })
    }

    pub(crate) async fn get(&self, path: &str, from: u64, known: Option<&str>) -> Result<Answer, Failure> {
        let location = self.location(path)?;
        let options = GetOptions {
            range: (from > 0).then_some(GetRange::Offset(from)),
            if_match: known.and_then(|known| known.strip_prefix("etag ")).map(str::to_owned),
            ..GetOptions::default()
        };
        let request = watch::watched(self.store.get_opts(&location, options));
        let found = request.await.map_err(|(error, seen)| self.failure(path, &error, seen))?;
        Ok(Answer {
            start: found.range.start,
            total: Some(found.meta.size),
            version: version(&found.meta),
            body: found.into_stream().map(|piece| piece.map_err(|error| first_line(&error))).boxed(),
        })
    }

    fn location(&self, path: &str) -> Result<Path, Failure> {
        let whole = match self.place.prefix.as_str() {
            "" => path.to_owned(),
            prefix => format!("{prefix}/{path}"),
        };
        Path::parse(whole).map_err(|error| Failure::Final(self.place.refuse(error.to_string())))
    }

    /// The object as a file below the prefix; `None` for the prefix itself and for hidden ones.
    fn describe(&self, object: &ObjectMeta) -> Option<SourceFile> {
        let whole: &str = object.location.as_ref();
        let path = whole.strip_prefix(self.prefix.as_ref())?.trim_start_matches('/');
        let hidden = path.split('/').any(|part| part.starts_with('.'));
        let path = (!path.is_empty() && !hidden).then(|| path.to_owned())?;
        Some(SourceFile { path, bytes: Some(object.size), version: version(object) })
    }

    fn failure(&self, path: &str, error: &Error, seen: Seen) -> Failure {
        let place = self.place(path);
        let reason = first_line(error);
        let passing = || Failure::Passing { reason: reason.clone(), pause: seen.pause };
        match (error, seen.status) {
            (Error::NotFound { .. }, _) => Failure::Final(SourceError::NotFound { place, hint: None }),
            (Error::Precondition { .. }, _) => {
                let detail = "the server has another version now".to_owned();
                Failure::Final(SourceError::Changed { place, detail })
            }
            (Error::PermissionDenied { .. } | Error::Unauthenticated { .. }, _) => self.denied(place, reason),
            // A part was asked for and the whole came, or it was refused.
            (_, Some(200 | 416)) if reason.contains("non-partial") || seen.status == Some(416) => {
                Failure::Range { reason }
            }
            (_, None) if METADATA_HOSTS.iter().any(|host| reason.contains(host)) => {
                self.denied(place, "no credentials were given".to_owned())
            }
            (_, None | Some(200..=299 | 408 | 429 | 500..)) => passing(),
            (_, Some(301 | 307 | 308)) => Failure::Final(SourceError::Unavailable {
                place,
                reason: "the bucket is in another region; set AWS_REGION to it".to_owned(),
                attempts: 1,
                reached: 0,
            }),
            _ => Failure::Final(SourceError::Unavailable { place, reason, attempts: 1, reached: 0 }),
        }
    }

    fn denied(&self, place: String, reason: String) -> Failure {
        let hint = match self.place.cloud {
            Cloud::Amazon => {
                "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN), for example with `eval \"$(aws \
                 configure export-credentials --format env)\"`; PhysioNet grants access per AWS account id: enter yours \
                 in its cloud settings and request access on the project's page; open buckets are read without a signature"
            }
            Cloud::Google => {
                "log in with `gcloud auth application-default login` as the Google account of your PhysioNet profile, \
                 request access on the project's page, and name the Google Cloud project that pays for the requests in \
                 GOOGLE_USER_PROJECT; an open bucket is read with GOOGLE_SKIP_SIGNATURE=true"
            }
        };
        Failure::Final(SourceError::AccessDenied { place, reason, hint: hint.to_owned() })
    }
}

fn amazon(place: &Place, access: &Access) -> Result<Arc<dyn ObjectStore>, SourceError> {
    let mut builder = AmazonS3Builder::new();
    let mut endpoint = None;
    let mut credentials = false;
    let mut client = client(access);
    for (key, value) in &access.bucket_options {
        let Ok(key) = key.to_ascii_lowercase().parse::<AmazonS3ConfigKey>() else { continue };
        match key {
            AmazonS3ConfigKey::Bucket => continue,
            // An access point has a host of its own, which no other endpoint knows.
            AmazonS3ConfigKey::Endpoint | AmazonS3ConfigKey::S3Endpoint if place.access_point.is_some() => continue,
            AmazonS3ConfigKey::Endpoint | AmazonS3ConfigKey::S3Endpoint => endpoint = Some(value.clone()),
            AmazonS3ConfigKey::Client(key) => {
                client = client.with_config(key, value);
                continue;
            }
            AmazonS3ConfigKey::AccessKeyId
            | AmazonS3ConfigKey::WebIdentityTokenFile
            | AmazonS3ConfigKey::ContainerCredentialsRelativeUri
            | AmazonS3ConfigKey::ContainerCredentialsFullUri => credentials = true,
            _ => {}
        }
        builder = builder.with_config(key, value);
    }
    let open = OPEN_BUCKETS.contains(&place.bucket.as_str()) && !credentials;
    if access.signing == Signing::Anonymous || open {
        builder = builder.with_skip_signature(true);
    }
    if access.requester.is_some() {
        builder = builder.with_request_payer(true);
    }
    if let Some(point) = &place.access_point {
        builder =
            builder.with_endpoint(&point.endpoint).with_region(&point.region).with_virtual_hosted_style_request(true);
    } else if let Some(endpoint) = endpoint.as_deref().and_then(|text| Url::parse(text).ok()) {
        client = reachable(client, &endpoint, place)?;
    } else if place.bucket.ends_with("-s3alias") {
        // The alias of an access point stands for a bucket, but only in the host's name.
        builder = builder.with_virtual_hosted_style_request(true);
    }
    let store = builder
        .with_bucket_name(&place.bucket)
        .with_client_options(client)
        .with_retry(no_retry())
        .with_http_connector(Watch)
        .build()
        .map_err(|error| place.refuse(first_line(&error)))?;
    Ok(Arc::new(store))
}

fn google(place: &Place, access: &Access) -> Result<Arc<dyn ObjectStore>, SourceError> {
    let mut builder = GoogleCloudStorageBuilder::new();
    let mut endpoint = None;
    let mut project = None;
    let mut client = client(access);
    for (key, value) in &access.bucket_options {
        // Names of the other cloud that both would take, such as `allow_http`, are told apart by their beginning.
        let key = key.to_ascii_lowercase();
        if !key.starts_with("google_") {
            continue;
        }
        if key == USER_PROJECT {
            project = Some(value);
            continue;
        }
        match key.parse() {
            Ok(GoogleConfigKey::Bucket) | Err(_) => {}
            Ok(GoogleConfigKey::Client(key)) => client = client.with_config(key, value),
            Ok(key) => {
                if let (GoogleConfigKey::BaseUrl, Ok(url)) = (key, Url::parse(value)) {
                    endpoint = Some(url);
                }
                builder = builder.with_config(key, value);
            }
        }
    }
    if let Some(endpoint) = endpoint {
        client = reachable(client, &endpoint, place)?;
    }
    if access.signing == Signing::Anonymous {
        builder = builder.with_skip_signature(true);
    }
    let paying = access.requester.as_ref().or(project);
    if let Some(project) = paying.and_then(|project| HeaderValue::from_str(project).ok()) {
        let mut headers = HeaderMap::new();
        headers.insert("x-goog-user-project", project);
        client = client.with_default_headers(headers);
    }
    let store = builder
        .with_bucket_name(&place.bucket)
        .with_client_options(client)
        .with_retry(no_retry())
        .with_http_connector(Watch)
        .build()
        .map_err(|error| place.refuse(first_line(&error)))?;
    Ok(Arc::new(store))
}

fn client(access: &Access) -> ClientOptions {
    ClientOptions::new()
        .with_user_agent(HeaderValue::from_static(concat!("bedside/", env!("CARGO_PKG_VERSION"))))
        .with_connect_timeout(access.connect_timeout)
        // Silence ends a transfer, not its length.
        .with_timeout_disabled()
        .with_http1_only()
        .with_pool_max_idle_per_host(access.bucket_connections)
        .with_allow_http(false)
}

/// Plain http is allowed to this machine, elsewhere only where the caller's options say so.
fn reachable(client: ClientOptions, endpoint: &Url, place: &Place) -> Result<ClientOptions, SourceError> {
    if is_loopback(endpoint) {
        return Ok(client.with_config(ClientConfigKey::AllowHttp, "true"));
    }
    let allowed = client.get_config_value(&ClientConfigKey::AllowHttp).is_some_and(|value| value == "true");
    if endpoint.scheme() == "http" && !allowed {
        return Err(SourceError::Unsupported {
            place: place.name.clone(),
            what: format!("its server {} is not encrypted", endpoint.origin().ascii_serialization()),
            hint: "give an https:// endpoint, or allow it with AWS_ALLOW_HTTP=true or GOOGLE_ALLOW_HTTP=true"
                .to_owned(),
        });
    }
    Ok(client)
}

/// Requests are repeated by the transfer, which knows what has arrived.
fn no_retry() -> RetryConfig {
    RetryConfig { max_retries: 0, ..RetryConfig::default() }
}

fn version(object: &ObjectMeta) -> Option<String> {
    object.e_tag.as_ref().map(|tag| format!("etag {tag}"))
}

/// An error's text up to its first line break, without the page of XML that servers add.
fn first_line(error: &Error) -> String {
    let text = chain(error);
    let line = text.lines().next().unwrap_or_default();
    line.split(": <?xml").next().unwrap_or_default().trim().to_owned()
}
