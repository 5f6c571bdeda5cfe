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
//! unpacks; nothing writes but to the cache that [`Source::with_cache`] names, and where [`Source::put`] is told to. Call from
//! threads that may wait, not from an async task.

mod access;
mod bucket;
mod cache;
mod error;
mod folder;
mod http;
mod netrc;
mod remote;
mod retry;
mod transfer;
mod zip;

pub use access::{Access, Login, Retry, Signing};
pub use error::SourceError;
pub use folder::Folder;
pub use remote::Remote;
pub use zip::Zip;

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

/// A place that holds the files of one or more releases.
#[derive(Debug)]
pub enum Source {
    /// A folder on this machine.
    Folder(Folder),
    /// A zip on this machine.
    Zip(Zip),
    /// Files below an http(s) URL, listed by its SHA256SUMS.txt.
    Http(Remote),
    /// Objects below a prefix of a bucket on S3 or Google Cloud Storage.
    Bucket(Remote),
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
    /// The source that a text names: a folder, a zip, `http://…`, `https://…`, `s3://…` or `gs://…`. A path must exist;
    /// of the others nothing is fetched yet.
    pub fn parse(text: &str, access: &Access) -> Result<Self, SourceError> {
        let Some((scheme, _)) = text.split_once("://") else { return Self::local(Path::new(text)) };
        match scheme.to_ascii_lowercase().as_str() {
            "http" | "https" => Remote::http(text, access).map(Self::Http),
            "s3" | "gs" => Remote::bucket(text, access).map(Self::Bucket),
            _ => Err(SourceError::NotASource {
                text: format!("{scheme}://…"),
                reason: "of URLs, http, https, s3 and gs are read".to_owned(),
                hint: "give a folder, a zip, or such a URL".to_owned(),
            }),
        }
    }

    /// Keeps what is downloaded in a folder below `folder` until [`Source::discard`], so that a later run goes on where
    /// this one was cut off; less than 1 MiB of a file is not kept. Only http(s) and buckets use it. The folders are
    /// private (0700, files 0600).
    #[must_use]
    pub fn with_cache(mut self, folder: impl AsRef<Path>) -> Self {
        match &mut self {
            Self::Folder(_) | Self::Zip(_) => {}
            Self::Http(remote) | Self::Bucket(remote) => remote.keep(folder.as_ref()),
        }
        self
    }

    /// The whole path or URL, without credentials: release names are recognised in it, and messages show it.
    pub fn name(&self) -> String {
        match self {
            Self::Folder(folder) => folder.name(),
            Self::Zip(zip) => zip.name(),
            Self::Http(remote) | Self::Bucket(remote) => remote.name().to_owned(),
        }
    }

    /// Every file, ordered by path.
    pub fn list(&self) -> Result<Vec<SourceFile>, SourceError> {
        match self {
            Self::Folder(folder) => folder.list(),
            Self::Zip(zip) => zip.list(),
            Self::Http(remote) | Self::Bucket(remote) => remote.list(),
        }
    }

    /// The file as it is now; another `version` than before means that it changed.
    pub fn stat(&self, file: &SourceFile) -> Result<SourceFile, SourceError> {
        match self {
            Self::Folder(folder) => folder.stat(&file.path),
            Self::Zip(zip) => zip.stat(&file.path),
            Self::Http(remote) | Self::Bucket(remote) => remote.stat(&file.path),
        }
    }

    /// The file's raw bytes from first to last. The reader's errors hold a [`SourceError`], which
    /// [`SourceError::from_io`] takes out. A remote reader holds a connection until its end or until it is dropped, so
    /// no thread should keep one open and unread while it waits for another.
    pub fn open(&self, file: &SourceFile) -> Result<Box<dyn Read + Send>, SourceError> {
        match self {
            Self::Folder(folder) => folder.open_file(&file.path),
            Self::Zip(zip) => zip.open_file(&file.path),
            Self::Http(remote) | Self::Bucket(remote) => remote.open(file),
        }
    }

    /// The whole of a small file (a list of checksums, a change log), `None` where it does not exist; an error where it
    /// holds more than `limit` bytes.
    pub fn read_small(&self, path: &str, limit: usize) -> Result<Option<Vec<u8>>, SourceError> {
        match self {
            Self::Folder(folder) => folder.read_small(path, limit),
            Self::Zip(zip) => zip.read_small(path, limit),
            Self::Http(remote) | Self::Bucket(remote) => remote.read_small(path, limit),
        }
    }

    /// Puts a file of this machine at a path below the source, whole or not at all; what was there goes. Buckets take files,
    /// other sources do not.
    pub fn put(&self, path: &str, file: &Path) -> Result<(), SourceError> {
        match self {
            Self::Bucket(remote) => remote.put(path, file),
            Self::Folder(_) | Self::Zip(_) | Self::Http(_) => {
                Err(SourceError::takes_no_files(format!("{}/{path}", self.name().trim_end_matches('/'))))
            }
        }
    }

    /// Forgets what the cache holds of a file: after its table is published, or when its content proved wrong (a
    /// checksum that does not fit), so that the next run fetches it anew.
    pub fn discard(&self, file: &SourceFile) -> Result<(), SourceError> {
        match self {
            Self::Folder(_) | Self::Zip(_) => Ok(()),
            Self::Http(remote) | Self::Bucket(remote) => remote.discard(file),
        }
    }

    fn local(path: &Path) -> Result<Self, SourceError> {
        let metadata = fs::metadata(path).map_err(|error| folder::read_error(path, error))?;
        if metadata.is_dir() {
            return Folder::open(path).map(Self::Folder);
        }
        let mut start = [0; 4];
        let read = File::open(path).and_then(|mut file| file.read_exact(&mut start));
        let named = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip"));
        // An empty or cut zip is still meant as one, and its own error tells more.
        if named || (read.is_ok() && start == *b"PK\x03\x04") {
            return Zip::open(path).map(Self::Zip);
        }
        let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Err(SourceError::NotASource {
            text: path.display().to_string(),
            reason: "it is neither a folder nor a zip".to_owned(),
            hint: format!("give the folder that holds it: `bedside load {}`", folder.display()),
        })
    }
}

/// One whole file that a text names: a path on this machine, or an address with `http://`, `https://`, `s3://` or `gs://`.
/// Gives its place as messages show it, without credentials, and its bytes.
///
/// # Errors
/// [`SourceError::NotASource`] for a folder or another kind of address, [`SourceError::NotFound`],
/// [`SourceError::TooLarge`] for more than `limit` bytes, and what a server answers.
pub fn read_file(text: &str, access: &Access, limit: usize) -> Result<(String, Vec<u8>), SourceError> {
    let missing = |place: String| {
        let hint = "check the spelling: it is a file on this machine, or an http(s)://, gs:// or s3:// address of one";
        SourceError::NotFound { place, hint: Some(hint.to_owned()) }
    };
    let not_a_file = |reason: &str| SourceError::NotASource {
        text: text.rsplit('@').next().unwrap_or_default().to_owned(),
        reason: reason.to_owned(),
        hint: "give the file itself".to_owned(),
    };
    if text.contains("://") {
        let (folder, name) = text.rsplit_once('/').unwrap_or_default();
        if name.is_empty() || name.contains(['?', '#', '@']) || folder.ends_with('/') {
            return Err(not_a_file("it is no address of one file"));
        }
        let source = Source::parse(&format!("{folder}/"), access)?;
        let place = format!("{}/{name}", source.name().trim_end_matches('/'));
        let bytes = source.read_small(name, limit)?.ok_or_else(|| missing(place.clone()))?;
        return Ok((place, bytes));
    }
    let path = Path::new(text);
    match fs::metadata(path) {
        Ok(found) if found.is_dir() => return Err(not_a_file("it is a folder")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(missing(text.to_owned())),
        _ => {}
    }
    let file = File::open(path).map_err(|error| folder::read_error(path, error))?;
    Ok((text.to_owned(), read_at_most(file, limit, text)?))
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
