//! What can go wrong while loading, by what the caller can do about it.

use bedside_datasets::RecognitionError;
use bedside_types::ErrorCode;
use std::io;
use std::path::PathBuf;

use crate::csv::Fault;
use crate::source::SourceError;

/// A failure of a plan, of a load or of one table of it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The source cannot be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// A compressed file that ends too early or is damaged.
    #[error("{file}: {why}")]
    Compressed {
        /// Path in the source.
        file: String,
        /// What is wrong with it.
        why: String,
    },
    /// The bytes are not those that SHA256SUMS.txt names.
    #[error("{file}: wrong checksum: expected {expected}, found {found}")]
    Checksum {
        /// Path in the source.
        file: String,
        /// SHA-256 in SHA256SUMS.txt, hexadecimal.
        expected: String,
        /// SHA-256 of the bytes read, hexadecimal.
        found: String,
    },
    /// The file changed between listing and the end of reading.
    #[error("{file}: changed while it was read ({why})")]
    Changed {
        /// Path in the source.
        file: String,
        /// How it changed.
        why: String,
    },
    /// A file without a single byte.
    #[error("{file}: the file is empty, not even a header")]
    Empty {
        /// Path in the source.
        file: String,
    },
    /// A header that cannot be read, over rows that can therefore not be understood.
    #[error("{file}, line 1: malformed header: {why}")]
    Header {
        /// Path in the source.
        file: String,
        /// What is wrong with it.
        why: String,
    },
    /// Columns that the release must have are missing.
    #[error("{file}: column{} missing: {}", if columns.len() == 1 { "" } else { "s" }, columns.join(", "))]
    MissingColumns {
        /// Path in the source.
        file: String,
        /// The missing columns.
        columns: Vec<String>,
    },
    /// The same column twice in one header.
    #[error("{file}, line 1: column {column} appears twice")]
    DuplicateColumn {
        /// Path in the source.
        file: String,
        /// The column.
        column: String,
    },
    /// A row that breaks a rule of its table.
    #[error("{file}, line {line}: {fault}")]
    Row {
        /// Path in the source.
        file: String,
        /// Physical line where the row begins, from 1.
        line: u64,
        /// What is wrong with it, with column and value.
        fault: Fault,
    },
    /// Rows that share a value of a declared key.
    #[error("{file}: key ({}) is not unique: {} row{} repeat{} a key: {}", columns.join(", "), rows,
        if *rows == 1 { "" } else { "s" }, if *rows == 1 { "s" } else { "" }, examples.join("; "))]
    DuplicateKey {
        /// Path in the source.
        file: String,
        /// The key's columns.
        columns: Vec<String>,
        /// Rows beyond the first of each value.
        rows: u64,
        /// At most ten, as `line 7: labevent_id = 172061, first seen in line 3`.
        examples: Vec<String>,
    },
    /// The checksum proves that the file is the published one, yet its rows are not as many as published.
    #[error("{file}: {found} rows, but the published file has {expected}")]
    RowCount {
        /// Path in the source.
        file: String,
        /// As published.
        expected: u64,
        /// As read.
        found: u64,
    },
    /// Two files hold the same table of the same release.
    #[error("{release}: table {table} is there twice: {first} and {second}")]
    TableTwice {
        /// The release.
        release: String,
        /// The table.
        table: String,
        /// Path in the source.
        first: String,
        /// Path in the source.
        second: String,
    },
    /// The files are no release, or more than one, or not the one asked for.
    #[error(transparent)]
    Recognition(#[from] RecognitionError),
    /// There is less space than the load needs.
    #[error("{}: {needed} bytes needed, {available} available", folder.display())]
    NoSpace {
        /// The warehouse.
        folder: PathBuf,
        /// Bytes, an estimate.
        needed: u64,
        /// Bytes.
        available: u64,
    },
    /// Writing temporary or quarantine files failed.
    #[error("{}: cannot write: {source}", path.display())]
    Write {
        /// File or folder.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The warehouse refused.
    #[error(transparent)]
    Store(#[from] bedside_store::Error),
    /// The caller stopped the load.
    #[error("stopped")]
    Stopped,
    /// A defect of ours.
    #[error("internal error: {0}")]
    Internal(String),
}

/// A result with this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// The code under which fronts and the shell report it.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Source(error) => error.code(),
            Self::Changed { .. } => ErrorCode::Unavailable,
            Self::Write { source, .. } => code_of_io(source),
            Self::Compressed { .. }
            | Self::Checksum { .. }
            | Self::Empty { .. }
            | Self::Header { .. }
            | Self::MissingColumns { .. }
            | Self::DuplicateColumn { .. }
            | Self::Row { .. }
            | Self::DuplicateKey { .. }
            | Self::RowCount { .. }
            | Self::TableTwice { .. } => ErrorCode::InvalidData,
            Self::Recognition(error) => error.code(),
            Self::NoSpace { .. } => ErrorCode::ResourcesExceeded,
            Self::Store(error) => error.code(),
            Self::Stopped => ErrorCode::Stopped,
            Self::Internal(_) => ErrorCode::Internal,
        }
    }

    /// What to do next, where there is something to say.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Source(error) => return error.hint(),
            Self::Compressed { .. } | Self::Checksum { .. } | Self::RowCount { .. } => {
                "download the file again, then run the same command; tables already published are kept"
            }
            Self::Changed { .. } => "wait until nothing writes to the source, then run the same command again",
            Self::Row { .. } | Self::DuplicateKey { .. } => "correct the file, or set bad rows aside with --keep-going",
            Self::Empty { .. } | Self::Header { .. } | Self::DuplicateColumn { .. } => {
                "the first line must name the columns, separated by commas"
            }
            Self::MissingColumns { .. } => "if the files follow another release, name it with --release",
            Self::TableTwice { .. } => "keep one of the two files in the folder, or load each folder on its own",
            Self::NoSpace { .. } => "free some space or choose another home with --home",
            Self::Recognition(error) => return error.hint(),
            Self::Store(error) => return error.hint(),
            _ => return None,
        };
        Some(hint.to_owned())
    }

    pub(crate) fn write(path: impl Into<PathBuf>, source: io::Error) -> Self {
        Self::Write { path: path.into(), source }
    }
}

/// Arrow fails here only on a defect of ours, or on the disk behind a spill file.
impl From<arrow::error::ArrowError> for Error {
    fn from(error: arrow::error::ArrowError) -> Self {
        Self::Internal(error.to_string())
    }
}

fn code_of_io(error: &io::Error) -> ErrorCode {
    match error.kind() {
        io::ErrorKind::NotFound => ErrorCode::NotFound,
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => ErrorCode::AccessDenied,
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::OutOfMemory => {
            ErrorCode::ResourcesExceeded
        }
        _ => ErrorCode::Unavailable,
    }
}
