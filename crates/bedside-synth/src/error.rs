//! What can go wrong, by what the caller can do about it.

use crate::identifier::MOST_PATIENTS;
use bedside_types::ErrorCode;
use std::io;
use std::path::{Path, PathBuf};

/// Why no release was made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The number of patients does not fit MIMIC's identifiers.
    #[error("{patients} patients: the number must be from 1 to {MOST_PATIENTS}")]
    Patients {
        /// As asked for.
        patients: u64,
    },
    /// The mean number of ICU stays is out of range, or finer than a tenth.
    #[error("{stays_per_patient} stays per patient: the number must be from 0.1 to 5.0, in steps of 0.1")]
    StaysPerPatient {
        /// As asked for.
        stays_per_patient: f64,
    },
    /// The target folder holds something else.
    #[error("{} is not empty{}", path.display(), held.as_ref().map(|held| format!(" and holds {held}")).unwrap_or_default())]
    Occupied {
        /// The target folder, or the file in its place.
        path: PathBuf,
        /// The synthetic release in it, if it is one.
        held: Option<String>,
    },
    /// A file or folder could not be written.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The caller stopped it.
    #[error("stopped; no files were left")]
    Stopped,
    /// A defect of this crate.
    #[error("a worker stopped without a result")]
    Internal,
}

impl Error {
    /// The code that fronts and the shell know.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Patients { .. } | Self::StaysPerPatient { .. } => ErrorCode::InvalidQuery,
            Self::Occupied { .. } => ErrorCode::AlreadyExists,
            Self::Write { source, .. } => match source.kind() {
                io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => ErrorCode::AccessDenied,
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => ErrorCode::ResourcesExceeded,
                io::ErrorKind::NotFound => ErrorCode::NotFound,
                _ => ErrorCode::Unavailable,
            },
            Self::Stopped => ErrorCode::Stopped,
            Self::Internal => ErrorCode::Internal,
        }
    }

    /// The next thing to do.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Patients { .. } | Self::StaysPerPatient { .. } | Self::Stopped | Self::Internal => None,
            Self::Occupied { .. } => Some("choose a folder that is empty or does not exist yet".to_owned()),
            Self::Write { source, .. } => match source.kind() {
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                    Some("free some space, or ask for fewer patients: 1,000 take about 105 MB".to_owned())
                }
                io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                    Some("choose a folder that you may write to".to_owned())
                }
                _ => None,
            },
        }
    }

    /// For `map_err`: the reason with its place.
    pub(crate) fn write(path: &Path) -> impl FnOnce(io::Error) -> Self + '_ {
        move |source| Self::Write { path: path.to_owned(), source }
    }
}
