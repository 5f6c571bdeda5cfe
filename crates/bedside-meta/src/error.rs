//! What can go wrong with the state, by what the caller can do about it.

use crate::reference::JobKey;
use bedside_types::ErrorCode;
use rusqlite::ffi::ErrorCode as Sqlite;
use std::io;
use std::path::PathBuf;

/// An error of this crate.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file of the state cannot be made or opened.
    #[error("cannot open {}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// The file was written by a newer version of the program.
    #[error("{} has version {found}, but this program knows versions up to {known}", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// The version found.
        found: i64,
        /// The newest version known.
        known: i64,
    },
    /// A job of that id is there already.
    #[error("Already Exists: Job {0}")]
    Exists(JobKey),
    /// The disk is full.
    #[error("no space left on the disk while writing the state")]
    DiskFull,
    /// What is in the file is not what this crate writes.
    #[error("the state is damaged: {0}")]
    Damaged(String),
    /// SQLite failed otherwise.
    #[error("the state cannot be read or written: {0}")]
    Sqlite(rusqlite::Error),
    /// The system gives no random numbers.
    #[error("the system gives no random numbers")]
    Random,
}

/// The result of most functions of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// The class of the error.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Io { source, .. } if source.kind() == io::ErrorKind::PermissionDenied => ErrorCode::AccessDenied,
            Self::Io { .. } => ErrorCode::Unavailable,
            Self::Newer { .. } => ErrorCode::Unsupported,
            Self::Exists(_) => ErrorCode::AlreadyExists,
            Self::DiskFull => ErrorCode::ResourcesExceeded,
            Self::Damaged(_) | Self::Sqlite(_) | Self::Random => ErrorCode::Internal,
        }
    }

    /// What to do next, where there is something.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Newer { .. } => Some("use the newer program, or another home".to_owned()),
            Self::Damaged(_) => {
                Some("move bedside.db away: it holds past jobs and tokens, the data are elsewhere".to_owned())
            }
            _ => None,
        }
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(Sqlite::DiskFull) => Self::DiskFull,
            Some(Sqlite::NotADatabase | Sqlite::DatabaseCorrupt) => Self::Damaged("it is no SQLite file".to_owned()),
            _ => Self::Sqlite(error),
        }
    }
}
