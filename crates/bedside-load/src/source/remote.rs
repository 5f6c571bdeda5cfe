//! What http(s) and buckets have in common: connections, retries, the cache, waiting threads over asynchronous requests.

use super::bucket::BucketServer;
use super::cache::Cache;
use super::http::HttpServer;
use super::retry::jitter;
use super::transfer::{Message, RemoteReader, transfer};
use super::{Access, Retry, SourceError, SourceFile, read_at_most};
use bytes::Bytes;
use futures::StreamExt;
use futures::future::BoxFuture;
use futures::stream::{self, BoxStream};
use std::collections::HashSet;
use std::fmt;
use std::future::Future;
use std::io::Read;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::sync::{Semaphore, mpsc};

/// Pieces of a body (some 8 to 400 kB each) that wait between the network and the reader.
const PIECES: usize = 16;

/// Tries to reach a server that has not answered anything yet: a misspelt host should not take minutes to say so.
const FIRST_ATTEMPTS: u32 = 3;

/// A server that holds files.
#[derive(Debug)]
pub struct Remote {
    runtime: Arc<Runtime>,
    link: Arc<Link>,
    cache: Option<Cache>,
    /// The paths of the last list.
    listed: OnceLock<HashSet<String>>,
}

/// The server and how it is spoken to; shared with the transfers that run.
#[derive(Debug)]
pub(crate) struct Link {
    server: Server,
    /// Transfers that may run at a time.
    slots: Semaphore,
    /// Questions (sizes, versions, lists) that may be open at a time. They are apart from the transfers, because one that
    /// waits for a reader may need the answer to a question before it can go on.
    questions: Semaphore,
    connections: usize,
    retry: Retry,
    idle: Duration,
    answered: AtomicBool,
    stop: Option<Arc<AtomicBool>>,
}

#[derive(Debug)]
enum Server {
    Http(HttpServer),
    Bucket(BucketServer),
}

/// Why one request failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Another try may succeed; `pause` is what the server asked to wait.
    Passing { reason: String, pause: Option<Duration> },
    /// The server will not give that range, though it may give the whole.
    Range { reason: String },
    /// No further try would help.
    Final(SourceError),
}

/// The start of a file's body.
pub(crate) struct Answer {
    /// Where in the file the body begins.
    pub(crate) start: u64,
    /// The whole file's size.
    pub(crate) total: Option<u64>,
    pub(crate) version: Option<String>,
    pub(crate) body: BoxStream<'static, Result<Bytes, String>>,
}

impl Remote {
    pub(crate) fn http(text: &str, access: &Access) -> Result<Self, SourceError> {
        let server = HttpServer::new(text, access)?;
        Self::new(Server::Http(server), access.http_connections, access)
    }

    pub(crate) fn bucket(text: &str, access: &Access) -> Result<Self, SourceError> {
        let server = BucketServer::new(text, access)?;
        Self::new(Server::Bucket(server), access.bucket_connections, access)
    }

    fn new(server: Server, connections: usize, access: &Access) -> Result<Self, SourceError> {
        let connections = connections.max(1);
        let runtime = Runtime::start().map_err(|error| SourceError::Internal {
            place: server.name().to_owned(),
            detail: format!("no thread for downloads: {error}"),
        })?;
        let link = Link {
            server,
            slots: Semaphore::new(connections),
            questions: Semaphore::new(connections),
            connections,
            retry: access.retry,
            idle: access.idle_timeout,
            answered: AtomicBool::new(false),
            stop: access.stop.clone(),
        };
        Ok(Self { runtime: Arc::new(runtime), link: Arc::new(link), cache: None, listed: OnceLock::new() })
    }

    pub(crate) fn keep(&mut self, folder: &Path) {
        self.cache = Some(Cache::new(folder, self.name()));
    }

    pub(crate) fn name(&self) -> &str {
        self.link.server.name()
    }

    pub(crate) fn list(&self) -> Result<Vec<SourceFile>, SourceError> {
        let listed = match &self.link.server {
            Server::Http(server) => {
                let text = self.read_small(HttpServer::LIST, HttpServer::LIST_LIMIT)?;
                let (tables, mut files) = server.read_list(text.as_deref())?;
                files.extend(self.describe_all(tables)?);
                files
            }
            Server::Bucket(_) => {
                let link = Arc::clone(&self.link);
                self.runtime.run(self.name(), async move { link.list_bucket().await })?
            }
        };
        let mut files = listed;
        files.sort_by(|left, right| left.path.cmp(&right.path));
        self.listed.get_or_init(|| files.iter().map(|file| file.path.clone()).collect());
        Ok(files)
    }

    pub(crate) fn stat(&self, path: &str) -> Result<SourceFile, SourceError> {
        let (link, path) = (Arc::clone(&self.link), path.to_owned());
        self.runtime.run(self.name(), async move { link.stat(&path).await })
    }

    pub(crate) fn open(&self, file: &SourceFile) -> Result<Box<dyn Read + Send>, SourceError> {
        let part = self.cache.as_ref().and_then(|cache| cache.part(file));
        let kept = part.as_ref().map_or(0, |part| part.bytes);
        let place = self.link.place(&file.path);
        if kept > 0 && file.bytes == Some(kept) {
            return Ok(Box::new(RemoteReader::kept(part, place)?));
        }
        let (sender, mut receiver) = mpsc::channel(PIECES);
        self.runtime.spawn(transfer(Arc::clone(&self.link), file.clone(), kept, sender));
        // Waits for the server's first answer, so that a missing file or right is told here and not by the first read.
        let start = match receiver.blocking_recv() {
            Some(Message::Begin { start }) => start,
            Some(Message::Failed(error)) => return Err(error),
            Some(Message::Bytes(_) | Message::End) | None => {
                return Err(SourceError::Internal { place, detail: "the transfer ended unasked".to_owned() });
            }
        };
        Ok(Box::new(RemoteReader::new(Arc::clone(&self.runtime), receiver, part, start, place)?))
    }

    pub(crate) fn read_small(&self, path: &str, limit: usize) -> Result<Option<Vec<u8>>, SourceError> {
        let unlisted = self.listed.get().is_some_and(|listed| !listed.contains(path));
        if unlisted && matches!(self.link.server, Server::Bucket(_)) {
            return Ok(None);
        }
        let file = SourceFile { path: path.to_owned(), bytes: None, version: None };
        match self.open(&file) {
            Ok(reader) => read_at_most(reader, limit, &self.link.place(path)).map(Some),
            Err(SourceError::NotFound { .. }) => Ok(None),
            // Some servers forbid what does not exist; what the list has is there.
            Err(SourceError::AccessDenied { .. }) if unlisted => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub(crate) fn discard(&self, file: &SourceFile) -> Result<(), SourceError> {
        let Some(cache) = &self.cache else { return Ok(()) };
        cache
            .discard(file)
            .map_err(|source| SourceError::Read { place: cache.path(file).display().to_string(), source })
    }

    pub(crate) fn put(&self, path: &str, file: &Path) -> Result<(), SourceError> {
        let (link, path, file) = (Arc::clone(&self.link), path.to_owned(), file.to_owned());
        self.runtime.run(self.name(), async move { link.put(&path, &file).await })
    }

    /// Sizes and versions, some requests at a time. A file that is listed but missing stays in the list: opening it
    /// says so, and the others load.
    fn describe_all(&self, paths: Vec<String>) -> Result<Vec<SourceFile>, SourceError> {
        let link = Arc::clone(&self.link);
        self.runtime.run(self.name(), async move {
            let connections = link.connections;
            let requests = paths.into_iter().map(|path| {
                let link = Arc::clone(&link);
                async move {
                    match link.stat(&path).await {
                        Err(SourceError::NotFound { .. }) => Ok(SourceFile { path, bytes: None, version: None }),
                        answer => answer,
                    }
                }
            });
            let answers: Vec<_> = stream::iter(requests).buffer_unordered(connections).collect().await;
            answers.into_iter().collect()
        })
    }
}

impl Link {
    /// The whole URL of a file, without credentials.
    pub(crate) fn place(&self, path: &str) -> String {
        match &self.server {
            Server::Http(server) => server.place(path),
            Server::Bucket(server) => server.place(path),
        }
    }

    /// Asks once for a file from a byte on.
    pub(crate) async fn get(&self, path: &str, from: u64, version: Option<&str>) -> Result<Answer, Failure> {
        let answer = match &self.server {
            Server::Http(server) => self.in_time(server.get(path, from, version)).await,
            Server::Bucket(server) => self.in_time(server.get(path, from, version)).await,
        };
        if answer.is_ok() {
            self.answered.store(true, Ordering::Relaxed);
        }
        answer
    }

    /// A connection's right to be open.
    pub(crate) async fn slot(&self) -> Option<tokio::sync::SemaphorePermit<'_>> {
        // Never closed, so always given.
        self.slots.acquire().await.ok()
    }

    /// The next piece of a body, unless the server stays silent for too long.
    pub(crate) async fn next(&self, answer: &mut Answer) -> Option<Result<Bytes, String>> {
        match tokio::time::timeout(self.idle, answer.body.next()).await {
            Ok(piece) => piece,
            Err(_) => Some(Err(format!("nothing came for {} s", self.idle.as_secs_f32()))),
        }
    }

    /// Waits before the next try; an error where there is none. `failed` tries in a row brought nothing, `reached` bytes
    /// of the file had arrived.
    pub(crate) async fn wait(
        &self,
        path: &str,
        failed: u32,
        failure: Failure,
        reached: u64,
    ) -> Result<(), SourceError> {
        let (reason, pause) = match failure {
            Failure::Final(error) => return Err(error),
            Failure::Passing { reason, pause } => (reason, pause),
            Failure::Range { reason } => (reason, None),
        };
        let mut retry = self.retry;
        if !self.answered.load(Ordering::Relaxed) {
            retry.attempts = retry.attempts.min(FIRST_ATTEMPTS);
        }
        let Some(wait) = retry.wait(failed, pause, jitter()) else {
            let reason = match pause.filter(|pause| *pause > retry.longest_pause) {
                Some(pause) => format!("{reason}, and asks to come back in {} s", pause.as_secs()),
                None => reason,
            };
            return Err(SourceError::Unavailable { place: self.place(path), reason, attempts: failed, reached });
        };
        tokio::time::sleep(wait).await;
        Ok(())
    }

    /// Runs `work` to its end, or ends it when the caller says stop.
    pub(crate) async fn unless_stopped<T>(
        &self,
        path: &str,
        work: impl Future<Output = Result<T, SourceError>>,
    ) -> Result<T, SourceError> {
        let Some(stop) = &self.stop else { return work.await };
        let stopped = async {
            while !stop.load(Ordering::Relaxed) {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::select! {
            biased;
            () = stopped => Err(SourceError::Stopped { place: self.place(path) }),
            result = work => result,
        }
    }

    async fn stat(&self, path: &str) -> Result<SourceFile, SourceError> {
        self.persist(path, || match &self.server {
            Server::Http(server) => Box::pin(server.stat(path)),
            Server::Bucket(server) => Box::pin(server.stat(path)),
        })
        .await
    }

    async fn list_bucket(&self) -> Result<Vec<SourceFile>, SourceError> {
        self.persist("", || match &self.server {
            Server::Http(_) => Box::pin(async { Ok(Vec::new()) }),
            Server::Bucket(server) => Box::pin(server.list()),
        })
        .await
    }

    async fn put(&self, path: &str, file: &Path) -> Result<(), SourceError> {
        let Server::Bucket(server) = &self.server else {
            return Err(SourceError::takes_no_files(self.place(path)));
        };
        self.repeat(path, &self.slots, || Box::pin(server.put(path, file, self.idle))).await
    }

    /// Repeats a request that is answered at once until it succeeds or no further try makes sense.
    async fn persist<'a, T: Send>(
        &'a self,
        path: &str,
        request: impl Fn() -> BoxFuture<'a, Result<T, Failure>> + Send + Sync,
    ) -> Result<T, SourceError> {
        self.repeat(path, &self.questions, || Box::pin(self.in_time(request()))).await
    }

    /// Repeats a request, of which so many may be open, until it succeeds or no further try makes sense.
    async fn repeat<'a, T: Send>(
        &'a self,
        path: &str,
        open: &Semaphore,
        request: impl Fn() -> BoxFuture<'a, Result<T, Failure>> + Send,
    ) -> Result<T, SourceError> {
        let work = async {
            for failed in 1.. {
                let slot = open.acquire().await;
                let failure = match request().await {
                    Ok(answer) => {
                        self.answered.store(true, Ordering::Relaxed);
                        return Ok(answer);
                    }
                    Err(failure) => failure,
                };
                drop(slot);
                self.wait(path, failed, failure, 0).await?;
            }
            Err(SourceError::Internal { place: self.place(path), detail: "tries ran out".to_owned() })
        };
        self.unless_stopped(path, work).await
    }

    async fn in_time<T>(&self, request: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
        tokio::time::timeout(self.idle, request).await.unwrap_or_else(|_| {
            Err(Failure::Passing { reason: format!("no answer within {} s", self.idle.as_secs_f32()), pause: None })
        })
    }
}

impl Server {
    fn name(&self) -> &str {
        match self {
            Self::Http(server) => server.name(),
            Self::Bucket(server) => server.name(),
        }
    }
}

/// A few threads of our own for the network. Dropped, it ends what still runs without waiting, which is allowed from
/// everywhere, asynchronous code included.
pub(crate) struct Runtime(Option<tokio::runtime::Runtime>);

impl Runtime {
    fn start() -> std::io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("bedside-download")
            .enable_all()
            .build()?;
        Ok(Self(Some(runtime)))
    }

    fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        if let Some(runtime) = &self.0 {
            runtime.spawn(work);
        }
    }

    /// Waits for `work` without entering the runtime, so that a caller inside another one does not panic.
    fn run<T: Send + 'static>(
        &self,
        place: &str,
        work: impl Future<Output = Result<T, SourceError>> + Send + 'static,
    ) -> Result<T, SourceError> {
        let (sender, receiver) = std::sync::mpsc::sync_channel(1);
        self.spawn(async move {
            // The receiver waits below, so sending succeeds.
            let _ = sender.send(work.await);
        });
        receiver.recv().unwrap_or_else(|_| {
            Err(SourceError::Internal { place: place.to_owned(), detail: "a request ended unanswered".to_owned() })
        })
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

impl fmt::Debug for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Runtime")
    }
}
