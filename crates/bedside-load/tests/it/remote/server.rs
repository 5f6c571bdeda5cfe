//! A server on loopback that holds files, as a web server and as a bucket of S3 and of Google Cloud Storage at once, and
//! misbehaves as it is told.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Response, StatusCode};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

pub(crate) const MODIFIED: &str = "Wed, 21 Oct 2015 07:28:00 GMT";

/// What a server does wrong, once.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// Answers rightly; only to count.
    None,
    /// Breaks the connection after so many bytes of the answer.
    Cut(usize),
    /// Sends so many bytes and then nothing more.
    Stall(usize),
    /// Answers with this status and header.
    Status(u16, Option<(&'static str, String)>),
    /// Sends the whole file although a part was asked for, then cuts after so many bytes of it.
    Whole(usize),
    /// Replaces the file's content (and so its ETag) before it answers.
    Replace(Vec<u8>),
    /// Answers a part with a Content-Range of somewhere else.
    WrongPart,
    /// Answers a part with no more than so many bytes of it, and says so.
    Short(usize),
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Logged {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) range: Option<String>,
    pub(crate) if_range: Option<String>,
    pub(crate) authorization: Option<String>,
    pub(crate) project: Option<String>,
    pub(crate) payer: Option<String>,
}

/// Files and behaviour of a server.
#[derive(Default)]
pub(crate) struct Content {
    /// By path below the root, `files/mimiciv/3.1/hosp/a.csv`; for a bucket the first part is its name.
    pub(crate) files: BTreeMap<String, Vec<u8>>,
    /// Faults by path, taken one at each GET.
    pub(crate) faults: HashMap<String, VecDeque<Fault>>,
    /// Faults that every further GET of any file meets.
    pub(crate) every: Option<Fault>,
    /// `Basic …` that every request must carry.
    pub(crate) authorization: Option<String>,
    /// Paths below which requests are sent to another URL.
    pub(crate) redirects: HashMap<String, String>,
    /// Whether ETag and Last-Modified are sent.
    pub(crate) nameless: bool,
    /// Whether HEAD is refused.
    pub(crate) headless: bool,
    pub(crate) log: Vec<Logged>,
}

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    shared: Arc<Shared>,
    // Ends the server when dropped.
    _runtime: tokio::runtime::Runtime,
}

#[derive(Default)]
struct Shared {
    content: Mutex<Content>,
    open: AtomicUsize,
    peak: AtomicUsize,
}

/// Counts an answer as open until its body is dropped.
struct Open(Arc<Shared>);

impl Server {
    /// A server with these files below `root`.
    pub(crate) fn start(root: &str, files: &[(&str, &[u8])]) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        let shared = Arc::new(Shared::default());
        for (path, bytes) in files {
            shared.content.lock().unwrap().files.insert(format!("{root}/{path}"), bytes.to_vec());
        }
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).expect("a port");
        let address = listener.local_addr().expect("an address");
        let router = Router::new().fallback(answer).with_state(Arc::clone(&shared));
        runtime.spawn(async move { axum::serve(listener, router).await });
        Self { address, shared, _runtime: runtime }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}/{path}", self.address)
    }

    pub(crate) fn content(&self) -> MutexGuard<'_, Content> {
        self.shared.content.lock().unwrap()
    }

    pub(crate) fn faults(&self, path: &str, faults: impl IntoIterator<Item = Fault>) {
        self.content().faults.insert(path.to_owned(), faults.into_iter().collect());
    }

    /// The GETs of one path so far.
    pub(crate) fn gets(&self, path: &str) -> Vec<Logged> {
        let wanted = |logged: &&Logged| logged.method == "GET" && logged.path == path;
        self.content().log.iter().filter(wanted).cloned().collect()
    }

    /// The most answers that were open at a time.
    pub(crate) fn peak(&self) -> usize {
        self.shared.peak.load(Ordering::SeqCst)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::SeqCst);
    }
}

async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response<Body> {
    let open = shared.open.fetch_add(1, Ordering::SeqCst) + 1;
    shared.peak.fetch_max(open, Ordering::SeqCst);
    let open = Open(Arc::clone(&shared));
    let path = decode(request.uri().path().trim_matches('/'));
    let get = request.method() == "GET";
    let headers = request.headers();
    let mut content = shared.content.lock().unwrap();
    let logged = log(headers, request.method().as_str(), &path);
    let authorization = logged.authorization.clone();
    content.log.push(logged);
    if let Some(location) = content.redirects.get(&path) {
        return plain(302, Some(("location", location.clone())));
    }
    if content.authorization.is_some() && content.authorization != authorization {
        return plain(401, Some(("www-authenticate", "Basic realm=\"test\"".to_owned())));
    }
    if !get && content.headless {
        return plain(405, None);
    }
    let query = request.uri().query().unwrap_or_default();
    if get && query.contains("list-type=2") {
        return list(&content, &path, query);
    }
    let fault = match content.faults.get_mut(&path).filter(|_| get).and_then(VecDeque::pop_front) {
        Some(fault) => fault,
        None if get => content.every.clone().unwrap_or(Fault::None),
        None => Fault::None,
    };
    match &fault {
        Fault::Status(status, header) => return plain(*status, header.clone()),
        Fault::Replace(bytes) => {
            content.files.insert(path.clone(), bytes.clone());
        }
        _ => {}
    }
    let Some(bytes) = content.files.get(&path).cloned() else { return plain(404, None) };
    file(headers, get, content.nameless, &fault, &Bytes::from(bytes), open)
}

fn decode(path: &str) -> String {
    let mut parts = path.split('%');
    let mut bytes = parts.next().unwrap().as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(&part[..2], 16).unwrap());
        bytes.extend_from_slice(&part.as_bytes()[2..]);
    }
    String::from_utf8(bytes).unwrap()
}

fn log(headers: &HeaderMap, method: &str, path: &str) -> Logged {
    let header = |name: &str| headers.get(name).map(|value| value.to_str().unwrap().to_owned());
    Logged {
        method: method.to_owned(),
        path: path.to_owned(),
        range: header("range"),
        if_range: header("if-range"),
        authorization: header("authorization"),
        project: header("x-goog-user-project"),
        payer: header("x-amz-request-payer"),
    }
}

fn plain(status: u16, header: Option<(&'static str, String)>) -> Response<Body> {
    let mut response = Response::builder().status(status);
    if let Some((name, value)) = header {
        response = response.header(name, value);
    }
    response.body(Body::empty()).unwrap()
}

/// An ETag by content.
pub(crate) fn tag(bytes: &[u8]) -> String {
    let sum = bytes.iter().fold(17_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(*byte)));
    format!("\"{sum:x}\"")
}

fn file(headers: &HeaderMap, get: bool, nameless: bool, fault: &Fault, bytes: &Bytes, open: Open) -> Response<Body> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let tag = tag(bytes);
    if header("if-match").is_some_and(|wanted| wanted != tag) {
        return plain(412, None);
    }
    let conditional = header("if-range").is_none_or(|wanted| wanted == tag || wanted == MODIFIED);
    let whole = matches!(fault, Fault::Whole(_)) || !conditional;
    let from = header("range").filter(|_| !whole).map(|range| {
        let (from, _) = range.strip_prefix("bytes=").unwrap().split_once('-').unwrap();
        from.parse::<usize>().unwrap()
    });
    if from.is_some_and(|from| from >= bytes.len()) {
        return plain(416, Some(("content-range", format!("bytes */{}", bytes.len()))));
    }
    let mut response = Response::builder();
    if !nameless {
        response = response.header("etag", tag).header("last-modified", MODIFIED);
    }
    let mut body = bytes.clone();
    if let Some(from) = from {
        let shown = if matches!(fault, Fault::WrongPart) { from + 1 } else { from };
        let end = match *fault {
            Fault::Short(most) => bytes.len().min(from + most) - 1,
            _ => bytes.len() - 1,
        };
        response = response
            .status(StatusCode::PARTIAL_CONTENT)
            .header("content-range", format!("bytes {shown}-{end}/{}", bytes.len()));
        body = bytes.slice(from..=end);
    }
    response = response.header("content-length", body.len());
    let (shown, then) = match *fault {
        Fault::Cut(shown) | Fault::Whole(shown) => (shown.min(body.len()), End::Cut),
        Fault::Stall(shown) => (shown.min(body.len()), End::Stall),
        _ => (body.len(), End::Right),
    };
    let then = if shown == body.len() { End::Right } else { then };
    response.body(if get { stream(body.slice(..shown), then, open) } else { Body::empty() }).unwrap()
}

#[derive(Clone, Copy)]
enum End {
    Right,
    Cut,
    Stall,
}

/// The bytes in pieces, each handed to the network before the next.
fn stream(bytes: Bytes, then: End, open: Open) -> Body {
    let pieces = futures::stream::unfold((bytes, open), move |(mut bytes, open)| async move {
        // Pending once, so that what went before is sent before a cut.
        for _ in 0..4 {
            tokio::task::yield_now().await;
        }
        if bytes.is_empty() {
            return match then {
                End::Right => None,
                End::Cut => Some((Err("cut"), (bytes, open))),
                End::Stall => std::future::pending().await,
            };
        }
        let piece = bytes.split_to(bytes.len().min(4096));
        Some((Ok(piece), (bytes, open)))
    });
    Body::from_stream(pieces)
}

/// ListObjectsV2, two objects a page. The first part of the path is the bucket.
fn list(content: &Content, bucket: &str, query: &str) -> Response<Body> {
    let query: HashMap<_, _> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let prefix = query.get("prefix").map_or("", String::as_str);
    let after = query.get("continuation-token").map_or("", String::as_str);
    let keys = content.files.iter().filter_map(|(path, bytes)| {
        let key = path.strip_prefix(bucket)?.strip_prefix('/')?;
        (key.starts_with(prefix) && key > after).then_some((key, bytes))
    });
    let keys: Vec<_> = keys.collect();
    let mut text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><ListBucketResult>".to_owned();
    for (key, bytes) in keys.iter().take(2) {
        let (size, tag) = (bytes.len(), tag(bytes).replace('"', "&quot;"));
        write!(
            text,
            "<Contents><Key>{key}</Key><LastModified>2015-10-21T07:28:00.000Z</LastModified><ETag>{tag}</ETag>\
             <Size>{size}</Size></Contents>"
        )
        .unwrap();
    }
    if keys.len() > 2 {
        write!(text, "<NextContinuationToken>{}</NextContinuationToken>", keys[1].0).unwrap();
    }
    text.push_str("</ListBucketResult>");
    Response::builder().header("content-type", "application/xml").body(Body::from(text)).unwrap()
}
