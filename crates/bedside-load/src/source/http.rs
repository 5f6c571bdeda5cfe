//! A web server, PhysioNet's above all. Credentials go to the host of the source's URL and to no other, and over plain
//! http only to this machine.

use super::error::chain;
use super::remote::{Answer, Failure};
use super::retry::pause;
use super::{Access, Login, SourceError, SourceFile, netrc};
use futures::TryStreamExt;
use reqwest::header::{
    ACCEPT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, DATE, ETAG, HeaderMap, HeaderName, IF_RANGE,
    LAST_MODIFIED, LOCATION, RANGE, RETRY_AFTER,
};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use std::fs;
use url::{Host, Url};

/// Redirections that are followed for one request.
const REDIRECTIONS: usize = 10;

/// Files below one URL.
#[derive(Debug)]
pub(crate) struct HttpServer {
    client: Client,
    base: Url,
    login: Option<Login>,
}

impl HttpServer {
    /// The file that lists the others, as PhysioNet publishes it with every project.
    pub(crate) const LIST: &'static str = "SHA256SUMS.txt";
    /// The longest list accepted: room for a million files, far more than any project with tables has.
    pub(crate) const LIST_LIMIT: usize = 128 << 20;

    pub(crate) fn new(text: &str, access: &Access) -> Result<Self, SourceError> {
        let mut base = Url::parse(text).map_err(|error| not_a_source(text, &error.to_string()))?;
        base.set_fragment(None);
        base.set_query(None);
        let own = own_login(&base);
        // Cannot fail for a URL with a host, which http always has.
        let _ = base.set_username("");
        let _ = base.set_password(None);
        if base.path().to_ascii_lowercase().ends_with(".zip") {
            return Err(SourceError::Unsupported {
                place: base.to_string(),
                what: "a zip is not read over the network".to_owned(),
                hint: "download it and load the zip, or give the URL of the version's files".to_owned(),
            });
        }
        if let Ok(mut segments) = base.path_segments_mut() {
            segments.pop_if_empty().push("");
        }
        let login = login(&base, own, access)?;
        let mut client = Client::builder()
            .user_agent(concat!("bedside/", env!("CARGO_PKG_VERSION")))
            // Followed here instead, because only we know who may see the credentials.
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(access.connect_timeout)
            // One transfer each, so that a limit on connections is one.
            .http1_only()
            .pool_max_idle_per_host(access.http_connections);
        if is_loopback(&base) {
            client = client.no_proxy();
        }
        let client =
            client.build().map_err(|error| SourceError::Internal { place: base.to_string(), detail: chain(&error) })?;
        Ok(Self { client, base, login })
    }

    pub(crate) fn name(&self) -> &str {
        self.base.as_str()
    }

    pub(crate) fn place(&self, path: &str) -> String {
        self.url(path).to_string()
    }

    /// Sorts the files of the list: tables (`.csv`, `.csv.gz`), whose sizes are to be asked for, and others.
    pub(crate) fn read_list(&self, text: Option<&[u8]>) -> Result<(Vec<String>, Vec<SourceFile>), SourceError> {
        let refuse = |reason: String| SourceError::NoFileList { place: self.base.to_string(), reason };
        let text = text.ok_or_else(|| refuse(format!("{} does not exist there", Self::LIST)))?;
        let whole = SourceFile { path: Self::LIST.to_owned(), bytes: Some(text.len() as u64), version: None };
        let (mut tables, mut others) = (Vec::new(), vec![whole]);
        for (index, line) in String::from_utf8_lossy(text).lines().enumerate() {
            if line.trim().is_empty() {
                continue;
            }
            let Some(path) = listed_path(line) else {
                return Err(refuse(format!("line {} of {} is not a checksum and a path", index + 1, Self::LIST)));
            };
            if is_table(path) {
                tables.push(path.to_owned());
            } else if path != Self::LIST {
                others.push(SourceFile { path: path.to_owned(), bytes: None, version: None });
            }
        }
        Ok((tables, others))
    }

    /// Size and version without the content.
    pub(crate) async fn stat(&self, path: &str) -> Result<SourceFile, Failure> {
        let mut response = self.send(path, |url| self.client.request(Method::HEAD, url)).await?;
        if matches!(response.status(), StatusCode::METHOD_NOT_ALLOWED | StatusCode::NOT_IMPLEMENTED) {
            response = self.send(path, |url| self.client.get(url).header(RANGE, "bytes=0-0")).await?;
        }
        if response.status() == StatusCode::RANGE_NOT_SATISFIABLE {
            // Only an empty file has no first byte.
            return Ok(SourceFile { path: path.to_owned(), bytes: Some(0), version: version(response.headers()) });
        }
        let response = self.accept(path, response)?;
        let bytes = match content_range(response.headers()) {
            Some((_, total)) => total,
            None => number(response.headers(), CONTENT_LENGTH),
        };
        Ok(SourceFile { path: path.to_owned(), bytes, version: version(response.headers()) })
    }

    pub(crate) async fn get(&self, path: &str, from: u64, known: Option<&str>) -> Result<Answer, Failure> {
        let request = |url| {
            let request = self.client.get(url);
            match (from, known.and_then(validator)) {
                (0, _) => request,
                // Without the condition, the size and the version that come back tell whether the file changed.
                (_, None) => request.header(RANGE, format!("bytes={from}-")),
                (_, Some(validator)) => request.header(RANGE, format!("bytes={from}-")).header(IF_RANGE, validator),
            }
        };
        let response = self.accept(path, self.send(path, request).await?)?;
        let headers = response.headers();
        let (start, total) = match (response.status(), content_range(headers)) {
            (StatusCode::PARTIAL_CONTENT, Some(range)) => range,
            (StatusCode::PARTIAL_CONTENT, None) => {
                return Err(Failure::Range { reason: "a part came without saying which".to_owned() });
            }
            _ => (0, number(headers, CONTENT_LENGTH)),
        };
        let version = version(headers);
        let body = response.bytes_stream().map_err(|error| chain(&error.without_url()));
        Ok(Answer { start, total, version, body: Box::pin(body) })
    }

    fn url(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path.split('/'));
        }
        url
    }

    /// Sends a request and follows redirections.
    async fn send(&self, path: &str, request: impl Fn(Url) -> RequestBuilder) -> Result<Response, Failure> {
        let mut url = self.url(path);
        for _ in 0..=REDIRECTIONS {
            let mut request = request(url.clone()).header(ACCEPT_ENCODING, "identity");
            if let Some(login) = &self.login
                && url.origin() == self.base.origin()
            {
                request = request.basic_auth(&login.user, Some(&login.password));
            }
            let response = request
                .send()
                .await
                .map_err(|error| Failure::Passing { reason: chain(&error.without_url()), pause: None })?;
            let location = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
            match location.filter(|_| response.status().is_redirection()).map(|location| url.join(location)) {
                None => return Ok(response),
                Some(Ok(next)) => url = self.allow(path, next)?,
                Some(Err(_)) => return Err(self.misled(path, "somewhere that is no URL")),
            }
        }
        Err(self.misled(path, &format!("more than {REDIRECTIONS} times")))
    }

    /// Refuses to be led from https to a connection that anyone can change.
    fn allow(&self, path: &str, mut next: Url) -> Result<Url, Failure> {
        let _ = next.set_username("");
        let _ = next.set_password(None);
        match next.scheme() {
            "https" => Ok(next),
            "http" if self.base.scheme() == "http" => Ok(next),
            _ => Err(self.misled(path, &format!("to {}, which is not encrypted", next.origin().ascii_serialization()))),
        }
    }

    fn misled(&self, path: &str, whither: &str) -> Failure {
        Failure::Final(SourceError::Unsupported {
            place: self.place(path),
            what: format!("the server redirects {whither}"),
            hint: "give the URL where the files really are".to_owned(),
        })
    }

    fn accept(&self, path: &str, response: Response) -> Result<Response, Failure> {
        let status = response.status();
        let text = |name: HeaderName| response.headers().get(name).and_then(|value| value.to_str().ok());
        match status {
            StatusCode::OK | StatusCode::PARTIAL_CONTENT => {
                let page = text(CONTENT_TYPE).is_some_and(|kind| kind.starts_with("text/html"));
                if page && !path.to_ascii_lowercase().contains(".htm") {
                    return Err(self.denied(path, "a web page came instead of the file"));
                }
                Ok(response)
            }
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::PROXY_AUTHENTICATION_REQUIRED => {
                Err(self.denied(path, &format!("the server answered {status}")))
            }
            StatusCode::NOT_FOUND | StatusCode::GONE => {
                Err(Failure::Final(SourceError::NotFound { place: self.place(path), hint: None }))
            }
            StatusCode::RANGE_NOT_SATISFIABLE => {
                Err(Failure::Range { reason: format!("the server answered {status}") })
            }
            StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY | StatusCode::TOO_MANY_REQUESTS => {
                Err(passing(status, pause(text(RETRY_AFTER), text(DATE))))
            }
            _ if status.is_server_error() => Err(passing(status, pause(text(RETRY_AFTER), text(DATE)))),
            _ => Err(Failure::Final(SourceError::Unavailable {
                place: self.place(path),
                reason: format!("the server answered {status}"),
                attempts: 1,
                reached: 0,
            })),
        }
    }

    fn denied(&self, path: &str, reason: &str) -> Failure {
        let (reason, hint) = match &self.login {
            None => {
                let host = self.base.host_str().unwrap_or_default();
                let plain = self.base.scheme() == "http" && !is_loopback(&self.base);
                let hint = if plain {
                    "use https://: names and passwords are not sent over plain http".to_owned()
                } else {
                    format!(
                        "put `machine {host} login NAME password PASSWORD` into ~/.netrc (mode 0600){}",
                        if is_physionet(host) { ", or set PHYSIONET_USERNAME and PHYSIONET_PASSWORD" } else { "" }
                    )
                };
                (format!("{reason}; no name and password were sent"), hint)
            }
            Some(login) => {
                let hint = match self.agreement() {
                    Some(page) => format!(
                        "check the password; PhysioNet opens this version to credentialed users who signed its data \
                         use agreement: log in and sign at {page}"
                    ),
                    None => "check the name and password, and that this account may read it".to_owned(),
                };
                (format!("{reason} to user {}", login.user), hint)
            }
        };
        Failure::Final(SourceError::AccessDenied { place: self.place(path), reason, hint })
    }

    /// PhysioNet's page of the version, where the data use agreement is signed.
    fn agreement(&self) -> Option<String> {
        let mut parts = self.base.path_segments()?.filter(|part| !part.is_empty());
        if !is_physionet(self.base.host_str()?) || parts.next()? != "files" {
            return None;
        }
        Some(format!("https://physionet.org/content/{}/{}/", parts.next()?, parts.next()?))
    }
}

fn passing(status: StatusCode, pause: Option<std::time::Duration>) -> Failure {
    Failure::Passing { reason: format!("the server answered {status}"), pause }
}

fn not_a_source(text: &str, reason: &str) -> SourceError {
    // A URL that cannot be parsed may hold a password anywhere, so only its scheme is repeated.
    let scheme = text.split("://").next().unwrap_or_default();
    SourceError::NotASource {
        text: format!("{scheme}://…"),
        reason: reason.to_owned(),
        hint: "write it like https://physionet.org/files/mimiciv/3.1/".to_owned(),
    }
}

/// The name and password in the URL itself.
fn own_login(url: &Url) -> Option<Login> {
    let password = url.password()?;
    let decode = |text: &str| {
        let joined = format!("v={}", text.replace('+', "%2B").replace('&', "%26"));
        url::form_urlencoded::parse(joined.as_bytes()).next().map_or_else(String::new, |(_, value)| value.into_owned())
    };
    Some(Login { host: None, user: decode(url.username()), password: decode(password) })
}

/// The login for the host of `base`. Refused over plain http, where it was meant for this very URL; passed over there,
/// where it comes from a netrc file.
fn login(base: &Url, own: Option<Login>, access: &Access) -> Result<Option<Login>, SourceError> {
    let host = base.host_str().unwrap_or_default();
    let safe = base.scheme() == "https" || is_loopback(base);
    let fits = |login: &&Login| login.host.as_deref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(host));
    let given = own.or_else(|| access.logins.iter().find(fits).cloned());
    if given.is_some() && !safe {
        return Err(SourceError::NotASource {
            text: base.to_string(),
            reason: "a name and password would cross the network in the open".to_owned(),
            hint: "use https://, or give no name and password".to_owned(),
        });
    }
    if given.is_some() || !safe {
        return Ok(given);
    }
    let Some(path) = &access.netrc else { return Ok(None) };
    match fs::read(path) {
        Ok(bytes) => Ok(netrc::find(&String::from_utf8_lossy(&bytes), host)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(SourceError::Read { place: path.display().to_string(), source }),
    }
}

/// Whether a URL leads to this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

fn is_physionet(host: &str) -> bool {
    host == "physionet.org" || host.ends_with(".physionet.org")
}

/// The path of one line of a list of checksums: 64 hexadecimal digits, blanks (or ` *`), the path.
fn listed_path(line: &str) -> Option<&str> {
    let (digest, path) = line.split_at_checked(64)?;
    let path = path.strip_prefix([' ', '\t'])?.trim_start_matches([' ', '*']).trim_end().trim_start_matches("./");
    let inside = !path.is_empty() && !path.starts_with('/') && !path.split('/').any(|part| part == "..");
    (inside && digest.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(path)
}

/// Whether a file can hold a table: `.csv` or `.csv.gz`, in either case.
fn is_table(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    lower.strip_suffix(".gz").unwrap_or(&lower).rsplit_once('.').is_some_and(|(_, extension)| extension == "csv")
}

/// A text that changes when the file does: the ETag, else the time of the last change.
fn version(headers: &HeaderMap) -> Option<String> {
    let text = |name| headers.get(name).and_then(|value: &reqwest::header::HeaderValue| value.to_str().ok());
    match (text(ETAG), text(LAST_MODIFIED)) {
        (Some(tag), _) => Some(format!("etag {tag}")),
        (None, Some(date)) => Some(format!("modified {date}")),
        (None, None) => None,
    }
}

/// What If-Range may say for a version: a weak ETag is not allowed there (RFC 9110, 13.1.5).
fn validator(version: &str) -> Option<&str> {
    match version.strip_prefix("etag ") {
        Some(tag) => (!tag.starts_with("W/")).then_some(tag),
        None => version.strip_prefix("modified "),
    }
}

/// First byte and whole size of `bytes 5-9/10`.
fn content_range(headers: &HeaderMap) -> Option<(u64, Option<u64>)> {
    let text = headers.get(CONTENT_RANGE)?.to_str().ok()?;
    let (range, total) = text.trim().strip_prefix("bytes ")?.split_once('/')?;
    Some((range.split_once('-')?.0.trim().parse().ok()?, total.trim().parse().ok()))
}

fn number(headers: &HeaderMap, name: HeaderName) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn access(logins: Vec<Login>) -> Access {
        Access { logins, ..Access::default() }
    }

    fn login_of(host: Option<&str>) -> Login {
        Login { host: host.map(str::to_owned), user: "ann".to_owned(), password: "secret".to_owned() }
    }

    #[test]
    fn a_login_goes_to_its_host_only_and_never_in_the_open() {
        #[track_caller]
        fn check(text: &str, host: Option<&str>, expected: Option<bool>) {
            let server = HttpServer::new(text, &access(vec![login_of(host)]));
            assert_eq!(server.ok().map(|server| server.login.is_some()), expected, "{text}");
        }
        check("https://physionet.org/files/mimiciv/3.1/", Some("physionet.org"), Some(true));
        check("https://evil.example/files/mimiciv/3.1/", Some("physionet.org"), Some(false));
        check("https://mirror.example/", None, Some(true));
        check("http://physionet.org/files/mimiciv/3.1/", Some("physionet.org"), None);
        check("http://127.0.0.1:1/", None, Some(true));
        check("http://mirror.example/", Some("physionet.org"), Some(false));
    }

    #[test]
    fn the_name_never_holds_the_password() {
        let server = HttpServer::new("https://ann:p%40ss@a.org/files/x/1.0?q#f", &Access::default()).unwrap();
        assert_eq!(server.name(), "https://a.org/files/x/1.0/");
        assert_eq!(server.place("icu/a b.csv"), "https://a.org/files/x/1.0/icu/a%20b.csv");
        let login = server.login.clone().unwrap();
        assert_eq!((login.user.as_str(), login.password.as_str()), ("ann", "p@ss"));
        assert!(!format!("{server:?}").contains("p@ss"));
        let error = HttpServer::new("https://ann:secret@:99999/", &Access::default()).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("secret"));
    }

    #[test]
    fn the_list_is_checksums_and_paths() {
        let digest = "a".repeat(64);
        let check = |rest: &str, expected: Option<&str>| assert_eq!(listed_path(&format!("{digest}{rest}")), expected);
        check(" hosp/a.csv.gz", Some("hosp/a.csv.gz"));
        check("  hosp/a.csv.gz", Some("hosp/a.csv.gz"));
        check(" *./hosp/a.csv.gz\r", Some("hosp/a.csv.gz"));
        check(" ../a.csv", None);
        check(" /etc/passwd", None);
        check("", None);
        assert_eq!(listed_path("<html>"), None);
        assert_eq!(listed_path(&"ä".repeat(40)), None);
    }

    #[test]
    fn only_strong_validators_are_sent() {
        assert_eq!(validator("etag \"a\""), Some("\"a\""));
        assert_eq!(validator("etag W/\"a\""), None);
        let date = "Wed, 21 Oct 2015 07:28:00 GMT";
        assert_eq!(validator(&format!("modified {date}")), Some(date));
    }

    #[test]
    fn the_agreement_is_signed_on_the_page_of_the_version() {
        let page = |text| HttpServer::new(text, &Access::default()).unwrap().agreement();
        let expected = Some("https://physionet.org/content/mimiciv/3.1/".to_owned());
        assert_eq!(page("https://physionet.org/files/mimiciv/3.1/"), expected);
        assert_eq!(page("https://mirror.example/files/mimiciv/3.1/"), None);
    }
}
