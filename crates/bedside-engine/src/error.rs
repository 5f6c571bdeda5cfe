//! What goes wrong between a text and its rows.

use arrow::error::ArrowError;
use bedside_types::ErrorCode;
use datafusion::common::DataFusionError;
use std::io::ErrorKind;

/// Why a statement has no rows, by what its writer can do about it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The text is wrong, or has a construct that is not supported; with its place.
    #[error(transparent)]
    Sql(#[from] bedside_sql::SqlError),
    /// A row has no value: `division by zero: 1 / 0`, in BigQuery's words.
    #[error(transparent)]
    Function(#[from] bedside_functions::Error),
    /// The warehouse cannot be read.
    #[error(transparent)]
    Store(#[from] bedside_store::Error),
    /// The statement is right but cannot be run here; names the construct.
    #[error("{0} is not supported")]
    Unsupported(String),
    /// A row breaks a rule of the table that it is written to; in BigQuery's words.
    #[error("{0}")]
    Constraint(String),
    /// Something is not there; in BigQuery's words.
    #[error("{0}")]
    Missing(String),
    /// Something is there already; in BigQuery's words.
    #[error("{0}")]
    Exists(String),
    /// Rows cannot be put there.
    #[error("{}", .0.message)]
    Place(bedside_sql::Refusal),
    /// The caller must not write.
    #[error("{0} writes, and only reading is allowed here")]
    ReadOnly(String),
    /// More memory or disk is needed than allowed.
    #[error("the query needs more memory than it may use: {0}")]
    Resources(String),
    /// What does not fit into memory does not fit on the disk either.
    #[error("there is no room on the disk for what the query sets aside: {0}")]
    Disk(String),
    /// The rows were no longer wanted.
    #[error("the query was stopped")]
    Stopped,
    /// A defect of ours.
    #[error("internal error: {0}")]
    Internal(String),
}

/// Shorthand for results of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// The class of the error.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Sql(error) => error.code(),
            Self::Function(error) => error.code(),
            Self::Store(error) => error.code(),
            Self::Unsupported(_) => ErrorCode::Unsupported,
            Self::Constraint(_) => ErrorCode::InvalidQuery,
            Self::Missing(_) => ErrorCode::NotFound,
            Self::Exists(_) => ErrorCode::AlreadyExists,
            Self::Place(refusal) => match refusal.kind {
                bedside_sql::RefusalKind::NotFound => ErrorCode::NotFound,
                bedside_sql::RefusalKind::ReadOnly => ErrorCode::AccessDenied,
                bedside_sql::RefusalKind::InvalidName => ErrorCode::InvalidQuery,
            },
            Self::ReadOnly(_) => ErrorCode::AccessDenied,
            Self::Resources(_) | Self::Disk(_) => ErrorCode::ResourcesExceeded,
            Self::Stopped => ErrorCode::Stopped,
            Self::Internal(_) => ErrorCode::Internal,
        }
    }

    /// What to do next, where there is something.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Sql(error) => error.hint(),
            Self::Function(error) => error.hint(),
            Self::Store(error) => error.hint(),
            Self::Place(refusal) => refusal.hint.clone(),
            Self::Resources(_) => Some("give it more with --memory, or select fewer columns and rows".to_owned()),
            Self::Disk(_) => Some("make room where the home folder is, or give more memory with --memory".to_owned()),
            _ => None,
        }
    }
}

impl From<DataFusionError> for Error {
    fn from(error: DataFusionError) -> Self {
        if let Some(error) = bedside_functions::Error::within(&error) {
            return Self::Function(error);
        }
        let root = error.find_root();
        if let Some(full) = full_disk(root) {
            return Self::Disk(full);
        }
        match root {
            DataFusionError::ResourcesExhausted(text) => {
                Self::Resources(text.lines().next().unwrap_or_default().to_owned())
            }
            DataFusionError::NotImplemented(text) => {
                Self::Unsupported(text.lines().next().unwrap_or_default().to_owned())
            }
            other => Self::Internal(other.strip_backtrace()),
        }
    }
}

/// What the system says of a disk that is full.
fn full_disk(error: &DataFusionError) -> Option<String> {
    let error = match error {
        DataFusionError::IoError(error) => error,
        DataFusionError::ArrowError(error, _) => match error.as_ref() {
            ArrowError::IoError(_, error) => error,
            _ => return None,
        },
        _ => return None,
    };
    let full = matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge);
    full.then(|| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::Error;
    use arrow::error::ArrowError;
    use datafusion::common::DataFusionError;
    use std::io::{self, ErrorKind};

    #[test]
    fn a_full_disk_is_told_from_other_faults_of_the_disk() {
        let of = |kind: ErrorKind| io::Error::from(kind);
        let full = ArrowError::IoError("cannot write".to_owned(), of(ErrorKind::StorageFull));
        for error in
            [DataFusionError::IoError(of(ErrorKind::StorageFull)), DataFusionError::ArrowError(Box::new(full), None)]
        {
            let error = Error::from(DataFusionError::Context("spilling".to_owned(), Box::new(error)));
            assert!(matches!(error, Error::Disk(_)), "{error}");
        }
        let gone = Error::from(DataFusionError::IoError(of(ErrorKind::NotFound)));
        assert!(matches!(gone, Error::Internal(_)), "{gone}");
    }
}
