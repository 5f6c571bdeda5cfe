//! What can go wrong at a source, by what the caller can do about it.

use bedside_types::ErrorCode;
use std::error::Error;
use std::io;

/// A source that cannot be read. Places are paths or URLs, never with credentials.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The text names no source that can be read.
    #[error("{text} is no source to load from: {reason}")]
    NotASource {
        /// What was asked for.
        text: String,
        /// Why it cannot be one.
        reason: String,
        /// What to do instead.
        hint: String,
    },
    /// The file is not there.
    #[error("{place} does not exist")]
    NotFound {
        /// The path or URL.
        place: String,
        /// What to do, where more is known than that it is missing.
        hint: Option<String>,
    },
    /// An http source does not say which files it has.
    #[error("{place} gives no list of its files: {reason}; nothing was read")]
    NoFileList {
        /// The base URL.
        place: String,
        /// What came instead of SHA256SUMS.txt.
        reason: String,
    },
    /// The reader has no right to it, or did not say who they are.
    #[error("{place} may not be read: {reason}")]
    AccessDenied {
        /// The path or URL.
        place: String,
        /// What the server or the file system said.
        reason: String,
        /// How to get access.
        hint: String,
    },
    /// The file is not the one that was listed or whose first part was read.
    #[error("{place} changed while it was being read: {detail}; nothing of it was kept")]
    Changed {
        /// The path or URL.
        place: String,
        /// What differs.
        detail: String,
    },
    /// The archive or its member is broken.
    #[error("{place} is damaged: {detail}")]
    Damaged {
        /// The path of the archive, with the member.
        place: String,
        /// What does not fit.
        detail: String,
    },
    /// The file is larger than a text of its kind can be.
    #[error("{place} holds more than {limit} bytes; it was not read")]
    TooLarge {
        /// The path or URL.
        place: String,
        /// The limit that the caller set.
        limit: usize,
    },
    /// The file is right, but this program does not read its kind.
    #[error("{place} cannot be read: {what}")]
    Unsupported {
        /// The path or URL.
        place: String,
        /// What is not supported.
        what: String,
        /// What to do instead.
        hint: String,
    },
    /// The server did not answer as it should, after several tries.
    #[error("{place} could not be read: {reason} (tried {attempts} times, {reached} bytes had arrived)")]
    Unavailable {
        /// The URL.
        place: String,
        /// What the last try met.
        reason: String,
        /// Tries in a row without progress.
        attempts: u32,
        /// Bytes of the file that had arrived before.
        reached: u64,
    },
    /// The operating system refused a read.
    #[error("{place} could not be read: {source}")]
    Read {
        /// The path.
        place: String,
        /// What the operating system said.
        source: io::Error,
    },
    /// The caller stopped it.
    #[error("reading {place} was stopped")]
    Stopped {
        /// The path or URL.
        place: String,
    },
    /// A defect of ours.
    #[error("reading {place} failed: {detail}")]
    Internal {
        /// The path or URL.
        place: String,
        /// What went wrong.
        detail: String,
    },
}

impl SourceError {
    /// The error inside what a reader of [`Source::open`](super::Source::open) returned, also through decoders that pass
    /// their input's errors on; any other error becomes [`SourceError::Read`] at `place`.
    pub fn from_io(error: io::Error, place: &str) -> Self {
        if error.get_ref().is_some_and(<dyn Error + Send + Sync>::is::<Self>) {
            return match error.into_inner().map(<dyn Error + Send + Sync>::downcast::<Self>) {
                Some(Ok(inner)) => *inner,
                _ => Self::Internal { place: place.to_owned(), detail: "an error was lost".to_owned() },
            };
        }
        Self::Read { place: place.to_owned(), source: error }
    }

    /// A place that can be read only.
    pub(crate) fn takes_no_files(place: String) -> Self {
        let hint = "name a place in a bucket, s3:// or gs://".to_owned();
        Self::Unsupported { place, what: "files are put into buckets only".to_owned(), hint }
    }

    /// The shared code.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::NotASource { .. } => ErrorCode::InvalidQuery,
            Self::NotFound { .. } | Self::NoFileList { .. } => ErrorCode::NotFound,
            Self::AccessDenied { .. } => ErrorCode::AccessDenied,
            Self::Changed { .. } | Self::Damaged { .. } => ErrorCode::InvalidData,
            Self::TooLarge { .. } => ErrorCode::ResourcesExceeded,
            Self::Unsupported { .. } => ErrorCode::Unsupported,
            Self::Unavailable { .. } | Self::Read { .. } => ErrorCode::Unavailable,
            Self::Stopped { .. } => ErrorCode::Stopped,
            Self::Internal { .. } => ErrorCode::Internal,
        }
    }

    /// What to do next.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::NotASource { hint, .. } | Self::AccessDenied { hint, .. } | Self::Unsupported { hint, .. } => {
                Some(hint.clone())
            }
            Self::NotFound { hint, .. } => Some(hint.clone().unwrap_or_else(|| {
                "check the spelling; a source is a release's folder or zip, or an http(s)://, gs:// or s3:// address".to_owned()
            })),
            Self::NoFileList { place, .. } => Some(format!(
                "give the URL of one version, such as https://physionet.org/files/mimiciv/3.1/, or download the files \
                 with `wget -r -N -c -np {place}` and load the folder"
            )),
            Self::Changed { .. } => {
                Some("run the same command again once the file is complete; what was published is kept".to_owned())
            }
            Self::Damaged { .. } => Some("download or copy the file again, then run the same command".to_owned()),
            Self::TooLarge { .. } => None,
            Self::Unavailable { .. } => Some(
                "run the same command again later: tables already published are kept, and a file goes on where it stopped"
                    .to_owned(),
            ),
            Self::Read { .. } => Some("check the disk and the permissions, then run the same command again".to_owned()),
            Self::Stopped { .. } => Some("run the same command again to go on".to_owned()),
            Self::Internal { .. } => Some("please report this".to_owned()),
        }
    }
}

/// For readers: `io::Read` can only fail with an `io::Error`; [`SourceError::from_io`] takes it out again.
impl From<SourceError> for io::Error {
    fn from(error: SourceError) -> Self {
        let kind = match error {
            SourceError::NotFound { .. } => io::ErrorKind::NotFound,
            SourceError::AccessDenied { .. } => io::ErrorKind::PermissionDenied,
            SourceError::Changed { .. } | SourceError::Damaged { .. } => io::ErrorKind::InvalidData,
            SourceError::Unavailable { .. } => io::ErrorKind::ConnectionAborted,
            _ => io::ErrorKind::Other,
        };
        io::Error::new(kind, error)
    }
}

/// An error with its causes, which carry what happened.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        next = cause.source();
    }
    text
}
