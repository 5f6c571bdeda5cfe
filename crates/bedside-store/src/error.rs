//! What can go wrong in a warehouse, by what the caller can do about it.

use bedside_types::{ErrorCode, ReleaseId};
use std::io;
use std::path::{Path, PathBuf};

/// An error of this crate. The text says what and where; [`Error::hint`] gives the next step.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The disk or the quota is used up. The file named is incomplete and not part of the warehouse.
    #[error("no space left on the disk while trying to {doing} {}; nothing of it was published", path.display())]
    DiskFull {
        /// What was being done: `write`, `create`.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// The system refuses the access, or the place is read-only.
    #[error("no permission to {doing} {}: {source}", path.display())]
    AccessDenied {
        /// What was being done.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// Any other failure of the file system.
    #[error("cannot {doing} {}: {source}", path.display())]
    Io {
        /// What was being done.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// The home is no folder, or a release is a link to somewhere else.
    #[error("{} is {found}, not a folder of a warehouse", path.display())]
    NotAFolder {
        /// The place.
        path: PathBuf,
        /// What is there: `a file`, `a link`.
        found: &'static str,
    },
    /// Another program is writing this release.
    #[error("release {release} is being written by another program; nothing was changed")]
    Locked {
        /// The release.
        release: ReleaseId,
    },
    /// Someone else is writing this dataset.
    #[error("dataset {project}.{dataset} is being written by another statement; nothing was changed")]
    DatasetLocked {
        /// The project.
        project: String,
        /// The dataset.
        dataset: String,
    },
    /// The file was written by a newer version of the program.
    #[error("{} has format {found}, but this program knows formats up to {known}", path.display())]
    NewerFormat {
        /// The manifest or the alias file.
        path: PathBuf,
        /// The format found.
        found: u32,
        /// The newest format known.
        known: u32,
    },
    /// A manifest, alias file, map or data file is not what this crate writes.
    #[error("{} is damaged: {why}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong, with line and column where known.
        why: String,
    },
    /// The warehouse does not hold this release.
    #[error("release {release} is not in the warehouse {}", home.display())]
    UnknownRelease {
        /// The release asked for.
        release: ReleaseId,
        /// The home.
        home: PathBuf,
        /// The nearest release that is there.
        nearest: Option<String>,
    },
    /// Rows handed to a writer break what the writer was told about them.
    #[error("table {table}, {layout} layout: {why}; nothing of it was published")]
    Rows {
        /// The table, `hosp.admissions`.
        table: String,
        /// The layout.
        layout: &'static str,
        /// Which rule, with the column.
        why: String,
    },
    /// A value of a type, or a name, that the format has no place for.
    #[error("cannot keep {what}: {why}")]
    Unsupported {
        /// The column, table or name.
        what: String,
        /// Why.
        why: String,
    },
    /// Encoding failed for a reason of ours.
    #[error("cannot encode {}: {why}", path.display())]
    Encode {
        /// The file.
        path: PathBuf,
        /// The encoder's answer.
        why: String,
    },
}

/// The result of most functions of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// The code that fronts and the shell translate.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::DiskFull { .. } => ErrorCode::ResourcesExceeded,
            Self::AccessDenied { .. } => ErrorCode::AccessDenied,
            Self::Io { .. } | Self::Locked { .. } | Self::DatasetLocked { .. } => ErrorCode::Unavailable,
            Self::NotAFolder { .. } | Self::Damaged { .. } => ErrorCode::InvalidData,
            Self::NewerFormat { .. } | Self::Unsupported { .. } => ErrorCode::Unsupported,
            Self::UnknownRelease { .. } => ErrorCode::NotFound,
            Self::Rows { .. } | Self::Encode { .. } => ErrorCode::Internal,
        }
    }

    /// What to do next.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::DiskFull { .. } => {
                "free some space or choose another place with --home, then run the same command again".to_owned()
            }
            Self::AccessDenied { .. } => "check who owns the folder, or choose another place with --home".to_owned(),
            Self::NotAFolder { .. } => "choose another place with --home".to_owned(),
            Self::Locked { .. } => "wait until the other command ends, then run this one again".to_owned(),
            Self::DatasetLocked { .. } => "wait until the other statement ends, then run this one again".to_owned(),
            Self::NewerFormat { .. } => "use the newest bedside, or another place with --home".to_owned(),
            Self::Damaged { path, .. } => {
                let release = path.iter().skip_while(|part| *part != "releases").nth(1);
                if path.iter().any(|part| part == "personal") {
                    return Some(format!("move {} away; its dataset is then empty", path.display()));
                }
                match release.map(|name| name.to_string_lossy()) {
                    Some(release) => format!("bedside remove {release}, then load it again"),
                    None => format!("move {} away, then set the aliases again with bedside alias", path.display()),
                }
            }
            Self::UnknownRelease { nearest: Some(nearest), .. } => format!("did you mean {nearest}?"),
            Self::UnknownRelease { .. } => "bedside status lists the releases that are there".to_owned(),
            Self::Io { .. } | Self::Rows { .. } | Self::Unsupported { .. } | Self::Encode { .. } => return None,
        })
    }

    /// A failure of the file system, sorted by what the caller can do.
    pub(crate) fn io(doing: &'static str, path: &Path, source: io::Error) -> Self {
        let path = path.to_path_buf();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull { doing, path, source },
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                Self::AccessDenied { doing, path, source }
            }
            _ => Self::Io { doing, path, source },
        }
    }

    /// A failure of the Parquet writer: the file system's where it is one inside, ours otherwise.
    pub(crate) fn encode(path: &Path, error: parquet::errors::ParquetError) -> Self {
        match error {
            parquet::errors::ParquetError::External(inner) => match inner.downcast::<io::Error>() {
                Ok(source) => Self::io("write", path, *source),
                Err(other) => Self::Encode { path: path.to_path_buf(), why: other.to_string() },
            },
            other => Self::Encode { path: path.to_path_buf(), why: other.to_string() },
        }
    }

    /// A failure to read a Parquet file that this crate wrote.
    pub(crate) fn decode(path: &Path, error: impl std::fmt::Display) -> Self {
        Self::Damaged { path: path.to_path_buf(), why: error.to_string() }
    }
}

#[cfg(test)]
mod tests {
    use super::Error;
    use bedside_types::ErrorCode;
    use std::io;
    use std::path::Path;

    #[test]
    fn the_system_s_answers_are_sorted_by_what_can_be_done() {
        let path = Path::new("/home/x/part-00000.parquet");
        for (kind, code, text) in [
            (
                io::ErrorKind::StorageFull,
                ErrorCode::ResourcesExceeded,
                "no space left on the disk while trying to write",
            ),
            (io::ErrorKind::QuotaExceeded, ErrorCode::ResourcesExceeded, "nothing of it was published"),
            (io::ErrorKind::PermissionDenied, ErrorCode::AccessDenied, "no permission to write /home/x/part-00000"),
            (io::ErrorKind::ReadOnlyFilesystem, ErrorCode::AccessDenied, "no permission to write"),
            (io::ErrorKind::Interrupted, ErrorCode::Unavailable, "cannot write /home/x/part-00000.parquet"),
        ] {
            let inside = parquet::errors::ParquetError::External(Box::new(io::Error::from(kind)));
            let error = Error::encode(path, inside);
            assert_eq!(error.code(), code);
            assert!(error.to_string().contains(text), "{error}");
        }
    }

    #[test]
    fn a_damaged_manifest_names_the_release_to_load_again() {
        let error = |path: &str| Error::Damaged { path: path.into(), why: String::new() }.hint().unwrap();
        assert!(error("/h/releases/mimiciv-3.1/manifest.json").starts_with("bedside remove mimiciv-3.1"));
        assert!(error("/h/aliases.json").contains("bedside alias"));
    }
}
