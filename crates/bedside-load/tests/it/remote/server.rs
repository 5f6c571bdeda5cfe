//! A server on loopback that holds files, as a web server and as a bucket of S3 and of Google Cloud Storage at once, and
//! misbehaves as it is told. Buckets take files, too.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::{self, JoinHandle};

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
    /// Parts of an upload that has not ended.
    pub(crate) parts: BTreeMap<usize, Vec<u8>>,
}

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    shared: Arc<Shared>,
    accepting: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    content: Mutex<Content>,
    ended: AtomicBool,
    open: AtomicUsize,
    peak: AtomicUsize,
}

/// A request's first line and headers, names in lower case.
struct Request {
    method: String,
    path: String,
    query: HashMap<String, String>,
    headers: HashMap<String, String>,
    body: Vec<u8>,
}

/// What is sent: a status, headers, and so many bytes of the body before the end.
struct Answer {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
    shown: usize,
    end: End,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// Closes the connection, too early where not all was shown.
    Close,
    /// Waits until the client closes it.
    Wait,
}

impl Server {
    /// A server with these files below `root`.
    pub(crate) fn start(root: &str, files: &[(&str, &[u8])]) -> Self {
        let shared = Arc::new(Shared::default());
        for (path, bytes) in files {
            shared.content.lock().unwrap().files.insert(format!("{root}/{path}"), bytes.to_vec());
        }
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let accepting = thread::spawn({
            let shared = Arc::clone(&shared);
            move || {
                for stream in listener.incoming() {
                    if shared.ended.load(Ordering::SeqCst) {
                        return;
                    }
                    let shared = Arc::clone(&shared);
                    // A client that goes away in the middle is no failure of the server.
                    thread::spawn(move || stream.and_then(|stream| shared.serve(stream)));
                }
            }
        });
        Self { address, shared, accepting: Some(accepting) }
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

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::SeqCst);
        // Wakes the thread that accepts, which then closes the port.
        let woken = TcpStream::connect(self.address).is_ok();
        if let Some(accepting) = self.accepting.take().filter(|_| woken) {
            accepting.join().unwrap();
        }
    }
}

impl Shared {
    /// One request, one answer, one connection.
    fn serve(&self, mut stream: TcpStream) -> std::io::Result<()> {
        let Some(request) = Request::read(&stream)? else { return Ok(()) };
        let open = self.open.fetch_add(1, Ordering::SeqCst) + 1;
        self.peak.fetch_max(open, Ordering::SeqCst);
        let answer = answer(&mut self.content.lock().unwrap(), &request);
        let sent = answer.send(&mut stream, request.method != "HEAD");
        self.open.fetch_sub(1, Ordering::SeqCst);
        sent
    }
}

impl Request {
    fn read(stream: &TcpStream) -> std::io::Result<Option<Self>> {
        let mut reader = BufReader::new(stream);
        let mut lines = reader.by_ref().lines();
        let Some(first) = lines.next().transpose()? else { return Ok(None) };
        let mut words = first.split(' ');
        let (method, target) = (words.next().unwrap().to_owned(), words.next().unwrap());
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut headers = HashMap::new();
        for line in lines {
            let line = line?;
            let Some((name, value)) = line.split_once(':') else { break };
            headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
        }
        let query = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let length = headers.get("content-length").map_or(0, |text| text.parse().unwrap());
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        Ok(Some(Self { method, path: decode(path.trim_matches('/')), query, headers, body }))
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    fn log(&self) -> Logged {
        let header = |name: &str| self.headers.get(name).cloned();
        Logged {
            method: self.method.clone(),
            path: self.path.clone(),
            range: header("range"),
            if_range: header("if-range"),
            authorization: header("authorization"),
            project: header("x-goog-user-project"),
            payer: header("x-amz-request-payer"),
        }
    }
}

impl Answer {
    fn plain(status: u16, header: Option<(&'static str, String)>) -> Self {
        Self { headers: header.into_iter().collect(), ..Self::of(status, Vec::new()) }
    }

    fn of(status: u16, body: Vec<u8>) -> Self {
        Self { status, headers: Vec::new(), shown: body.len(), body, end: End::Close }
    }

    fn send(&self, stream: &mut TcpStream, with_body: bool) -> std::io::Result<()> {
        let mut head = format!("HTTP/1.1 {} -\r\nconnection: close\r\n", self.status);
        for (name, value) in &self.headers {
            write!(head, "{name}: {value}\r\n").unwrap();
        }
        write!(head, "content-length: {}\r\n\r\n", self.body.len()).unwrap();
        stream.write_all(head.as_bytes())?;
        if with_body {
            stream.write_all(&self.body[..self.shown])?;
            if self.end == End::Wait {
                stream.read_to_end(&mut Vec::new())?;
            }
        }
        Ok(())
    }
}

/// An ETag by content.
pub(crate) fn tag(bytes: &[u8]) -> String {
    let sum = bytes.iter().fold(17_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(*byte)));
    format!("\"{sum:x}\"")
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

fn answer(content: &mut Content, request: &Request) -> Answer {
    let logged = request.log();
    let is_known = content.authorization.is_none() || content.authorization == logged.authorization;
    content.log.push(logged);
    if let Some(location) = content.redirects.get(&request.path) {
        return Answer::plain(302, Some(("location", location.clone())));
    }
    if !is_known {
        return Answer::plain(401, Some(("www-authenticate", "Basic realm=\"test\"".to_owned())));
    }
    let is_get = request.method == "GET";
    if matches!(request.method.as_str(), "PUT" | "POST" | "DELETE") {
        return write(content, request);
    }
    if !is_get && content.headless {
        return Answer::plain(405, None);
    }
    if is_get && request.query.contains_key("list-type") {
        return list(content, request);
    }
    let fault = match content.faults.get_mut(&request.path).filter(|_| is_get).and_then(VecDeque::pop_front) {
        Some(fault) => fault,
        None if is_get => content.every.clone().unwrap_or(Fault::None),
        None => Fault::None,
    };
    match &fault {
        Fault::Status(status, header) => return Answer::plain(*status, header.clone()),
        Fault::Replace(bytes) => {
            content.files.insert(request.path.clone(), bytes.clone());
        }
        _ => {}
    }
    match content.files.get(&request.path) {
        Some(bytes) => file(request, content, &fault, bytes),
        None => Answer::plain(404, None),
    }
}

/// PutObject, and an upload in parts: its beginning, a part, its end, and giving it up. Faults of a path meet these, too.
fn write(content: &mut Content, request: &Request) -> Answer {
    if let Some(Fault::Status(status, header)) = content.faults.get_mut(&request.path).and_then(VecDeque::pop_front) {
        return Answer::plain(status, header);
    }
    let tagged = |bytes: &[u8]| Answer::plain(200, Some(("etag", tag(bytes))));
    match (request.method.as_str(), request.query.get("partNumber"), request.query.get("uploadId")) {
        ("POST", None, None) => Answer::of(
            200,
            b"<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>".to_vec(),
        ),
        ("PUT", Some(number), Some(_)) => {
            content.parts.insert(number.parse().unwrap(), request.body.clone());
            tagged(&request.body)
        }
        ("POST", None, Some(_)) => {
            let whole = std::mem::take(&mut content.parts).into_values().flatten().collect();
            content.files.insert(request.path.clone(), whole);
            let text = "<CompleteMultipartUploadResult><ETag>\"whole\"</ETag></CompleteMultipartUploadResult>";
            Answer::of(200, text.as_bytes().to_vec())
        }
        ("DELETE", None, Some(_)) => {
            content.parts.clear();
            Answer::plain(204, None)
        }
        _ => {
            content.files.insert(request.path.clone(), request.body.clone());
            tagged(&request.body)
        }
    }
}

fn file(request: &Request, content: &Content, fault: &Fault, bytes: &[u8]) -> Answer {
    let tag = tag(bytes);
    if request.header("if-match").is_some_and(|wanted| wanted != tag) {
        return Answer::plain(412, None);
    }
    let is_same = request.header("if-range").is_none_or(|wanted| wanted == tag || wanted == MODIFIED);
    let is_whole = matches!(fault, Fault::Whole(_)) || !is_same;
    let from = request.header("range").filter(|_| !is_whole).map(|range| {
        let (from, _) = range.strip_prefix("bytes=").unwrap().split_once('-').unwrap();
        from.parse::<usize>().unwrap()
    });
    let mut answer = match from {
        None => Answer::of(200, bytes.to_vec()),
        Some(from) if from >= bytes.len() => {
            return Answer::plain(416, Some(("content-range", format!("bytes */{}", bytes.len()))));
        }
        Some(from) => {
            let end = match *fault {
                Fault::Short(most) => bytes.len().min(from + most),
                _ => bytes.len(),
            };
            let said = if matches!(fault, Fault::WrongPart) { from + 1 } else { from };
            let range = format!("bytes {said}-{}/{}", end - 1, bytes.len());
            Answer { headers: vec![("content-range", range)], ..Answer::of(206, bytes[from..end].to_vec()) }
        }
    };
    if !content.nameless {
        answer.headers.extend([("etag", tag), ("last-modified", MODIFIED.to_owned())]);
    }
    match *fault {
        Fault::Cut(shown) | Fault::Whole(shown) => answer.shown = shown.min(answer.body.len()),
        Fault::Stall(shown) => (answer.shown, answer.end) = (shown.min(answer.body.len()), End::Wait),
        _ => {}
    }
    answer
}

/// ListObjectsV2, two objects a page. The first part of the path is the bucket.
fn list(content: &Content, request: &Request) -> Answer {
    let query = |name: &str| request.query.get(name).map_or("", String::as_str);
    let (prefix, after) = (query("prefix"), query("continuation-token"));
    let keys = content.files.iter().filter_map(|(path, bytes)| {
        let key = path.strip_prefix(&request.path)?.strip_prefix('/')?;
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
    Answer { headers: vec![("content-type", "application/xml".to_owned())], ..Answer::of(200, text.into_bytes()) }
}
