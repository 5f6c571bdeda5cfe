//! One file from a server to a reader: goes on at the byte reached when the connection is cut, and notices when the file
//! changes in between.

use super::cache::Part;
use super::remote::{Failure, Link, Runtime};
use super::{SourceError, SourceFile};
use bytes::{Buf, Bytes};
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;
use tokio::sync::mpsc;

/// Less than this of a file is not kept: fetching it again costs little more than asking for the rest, and a look at the
/// header of a file that is not loaded leaves nothing behind.
const LEAST_KEPT: u64 = 1 << 20;

/// What a transfer tells its reader. The first is `Begin` or `Failed`, the last `End` or `Failed`.
pub(crate) enum Message {
    /// The server answered; its bytes begin at `start`: the byte asked for, or 0.
    Begin {
        start: u64,
    },
    Bytes(Bytes),
    End,
    Failed(SourceError),
}

/// Fetches a file from byte `from` on until its end or until the reader is gone.
pub(crate) async fn transfer(link: Arc<Link>, file: SourceFile, from: u64, reader: mpsc::Sender<Message>) {
    let path = file.path.clone();
    let mut progress = Progress {
        reached: from,
        begun: false,
        ranges: true,
        total: file.bytes,
        version: file.version,
        path: file.path,
        reader: reader.clone(),
    };
    let work = async {
        let mut failed = 0;
        loop {
            let before = progress.reached;
            let slot = link.slot().await;
            let failure = match progress.go_on(&link).await {
                Ok(()) => return Ok(()),
                Err(failure) => failure,
            };
            drop(slot);
            failed = if progress.reached > before { 1 } else { failed + 1 };
            if matches!(failure, Failure::Range { .. }) {
                progress.ranges = false;
            }
            link.wait(&progress.path, failed, failure, progress.reached).await?;
        }
    };
    let done = tokio::select! {
        done = link.unless_stopped(&path, work) => done,
        // Gives the connection back at once, also in the middle of a wait.
        () = reader.closed() => return,
    };
    let last = match done {
        Ok(()) => Message::End,
        Err(error) => Message::Failed(error),
    };
    // A reader that is gone needs no end.
    let _ = reader.send(last).await;
}

/// How far a file has come.
struct Progress {
    path: String,
    /// Bytes that the reader has, from the start of the file.
    reached: u64,
    begun: bool,
    /// Whether the server is asked for parts; without, it is asked for the whole and the known bytes are passed over.
    ranges: bool,
    total: Option<u64>,
    version: Option<String>,
    reader: mpsc::Sender<Message>,
}

impl Progress {
    /// One request and its body.
    async fn go_on(&mut self, link: &Link) -> Result<(), Failure> {
        let from = if self.ranges { self.reached } else { 0 };
        let mut answer = link.get(&self.path, from, self.version.as_deref()).await?;
        self.same(link, answer.version.take(), answer.total)?;
        if answer.start != 0 && answer.start != self.reached {
            let reason = format!("bytes from {} came instead of from {}", answer.start, self.reached);
            return Err(Failure::Range { reason });
        }
        if !self.begun {
            self.begun = true;
            self.reached = answer.start;
            if !self.send(Message::Begin { start: answer.start }).await {
                return Ok(());
            }
        }
        let mut known = self.reached - answer.start;
        while let Some(piece) = link.next(&mut answer).await {
            let mut piece = piece.map_err(|reason| Failure::Passing { reason, pause: None })?;
            let passed = known.min(piece.len() as u64);
            piece.advance(passed as usize);
            known -= passed;
            if piece.is_empty() {
                continue;
            }
            let reached = self.reached + piece.len() as u64;
            if self.total.is_some_and(|total| reached > total) {
                return Err(self.changed(link, format!("more than its {} bytes came", self.total.unwrap_or_default())));
            }
            if !self.send(Message::Bytes(piece)).await {
                return Ok(());
            }
            self.reached = reached;
        }
        if known > 0 || self.total.is_some_and(|total| self.reached < total) {
            let reason = "the connection was cut".to_owned();
            return Err(Failure::Passing { reason, pause: None });
        }
        Ok(())
    }

    /// Notes version and size the first time and refuses others later.
    fn same(&mut self, link: &Link, version: Option<String>, total: Option<u64>) -> Result<(), Failure> {
        match (&self.total, total) {
            (Some(old), Some(new)) if *old != new => {
                return Err(self.changed(link, format!("it had {old} bytes and has {new}")));
            }
            (None, Some(new)) if new < self.reached => {
                return Err(self.changed(link, format!("{} bytes were read and it has {new}", self.reached)));
            }
            _ => {}
        }
        if let (Some(old), Some(new)) = (&self.version, &version)
            && differ(old, new)
        {
            return Err(self.changed(link, format!("the server's version was {old} and is {new}")));
        }
        self.total = self.total.or(total);
        self.version = self.version.take().or(version);
        Ok(())
    }

    fn changed(&self, link: &Link, detail: String) -> Failure {
        Failure::Final(SourceError::Changed { place: link.place(&self.path), detail })
    }

    /// Whether the reader still listens.
    async fn send(&self, message: Message) -> bool {
        self.reader.send(message).await.is_ok()
    }
}

/// Whether two versions are of different files. An ETag and a date cannot be compared: some servers send the one with a
/// file and the other with a question about it. A weak ETag stands for the strong one of the same text.
fn differ(old: &str, new: &str) -> bool {
    let parts = |text: &str| {
        let (kind, value) = text.split_once(' ').unwrap_or(("", text));
        (kind.to_owned(), value.trim_start_matches("W/").to_owned())
    };
    let ((old_kind, old_value), (new_kind, new_value)) = (parts(old), parts(new));
    old_kind == new_kind && old_value != new_value
}

/// The bytes kept from an earlier run, then those of a transfer, which are kept in turn.
pub(crate) struct RemoteReader {
    /// Keeps the network's threads alive as long as someone reads.
    _runtime: Option<Arc<Runtime>>,
    messages: Option<mpsc::Receiver<Message>>,
    piece: Bytes,
    part: Option<Part>,
    /// Bytes of `part` that are still to be given.
    replay: u64,
    place: String,
}

impl RemoteReader {
    /// Reads a file that is kept whole.
    pub(crate) fn kept(part: Option<Part>, place: String) -> Result<Self, SourceError> {
        Self { _runtime: None, messages: None, piece: Bytes::new(), part, replay: 0, place }.rewind()
    }

    /// Reads what is kept, then what comes; `start` is where in the file the coming bytes begin.
    pub(crate) fn new(
        runtime: Arc<Runtime>,
        messages: mpsc::Receiver<Message>,
        mut part: Option<Part>,
        start: u64,
        place: String,
    ) -> Result<Self, SourceError> {
        if let Some(kept) = &mut part
            && kept.bytes != start
            && kept.restart().is_err()
        {
            part = None;
        }
        let (runtime, messages) = (Some(runtime), Some(messages));
        Self { _runtime: runtime, messages, piece: Bytes::new(), part, replay: 0, place }.rewind()
    }

    fn rewind(mut self) -> Result<Self, SourceError> {
        if let Some(part) = &mut self.part {
            let seek = part.file.seek(SeekFrom::Start(0));
            seek.map_err(|source| SourceError::Read { place: self.place.clone(), source })?;
            self.replay = part.bytes;
        }
        Ok(self)
    }

    fn read_kept(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(part) = &mut self.part else { return Ok(0) };
        let room = buffer.len().min(usize::try_from(self.replay).unwrap_or(usize::MAX));
        let count = part.file.read(&mut buffer[..room])?;
        if count == 0 && room > 0 {
            let detail = "the bytes kept of it went away".to_owned();
            return Err(SourceError::Changed { place: self.place.clone(), detail }.into());
        }
        self.replay -= count as u64;
        Ok(count)
    }

    fn keep(&mut self) {
        let full = match &mut self.part {
            Some(part) => part.append(&self.piece).is_err(),
            None => false,
        };
        // A disk that is full stops the load where it matters, not here: without the copy only a later run is slower.
        if full && let Some(part) = self.part.take() {
            part.remove();
        }
    }
}

impl Read for RemoteReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        if self.replay > 0 {
            return self.read_kept(buffer);
        }
        while self.piece.is_empty() {
            let Some(messages) = &mut self.messages else { return Ok(0) };
            match messages.blocking_recv() {
                Some(Message::Bytes(piece)) => {
                    self.piece = piece;
                    self.keep();
                }
                Some(Message::Begin { .. }) => {}
                Some(Message::End) => self.messages = None,
                // The receiver stays, so that reading on after a failure fails again and never looks like the end.
                Some(Message::Failed(error)) => return Err(error.into()),
                None => {
                    let detail = "its transfer has ended".to_owned();
                    return Err(SourceError::Internal { place: self.place.clone(), detail }.into());
                }
            }
        }
        let count = buffer.len().min(self.piece.len());
        self.piece.copy_to_slice(&mut buffer[..count]);
        Ok(count)
    }
}

impl Drop for RemoteReader {
    fn drop(&mut self) {
        if let Some(part) = self.part.take().filter(|part| part.bytes < LEAST_KEPT) {
            part.remove();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::differ;

    #[test]
    fn versions_are_compared_where_they_can_be() {
        let check = |old, new, expected| assert_eq!(differ(old, new), expected, "{old} {new}");
        check("etag \"a\"", "etag \"a\"", false);
        check("etag \"a\"", "etag \"b\"", true);
        check("etag W/\"a\"", "etag \"a\"", false);
        check("etag \"a\"", "modified Wed, 21 Oct 2015 07:28:00 GMT", false);
        check("modified Wed, 21 Oct 2015 07:28:01 GMT", "modified Wed, 21 Oct 2015 07:28:00 GMT", true);
    }
}
