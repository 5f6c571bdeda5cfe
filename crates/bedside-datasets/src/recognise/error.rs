//! What can be wrong with a folder before any row is read.

use bedside_types::{ErrorCode, IdentifierError, ReleaseId};

/// Files that are no release, or more than one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecognitionError {
    /// No file is named as a table of any release.
    #[error("no table of MIMIC among {found}")]
    NotMimic {
        /// How many files there are, and the names of some.
        found: String,
    },
    /// The release that was asked for is none.
    #[error("release `{release}` does not exist")]
    UnknownRelease {
        /// As asked for.
        release: ReleaseId,
        /// The known one that is nearest, if one is near.
        nearest: Option<ReleaseId>,
        /// All known ones of that family, or of all families.
        known: Vec<ReleaseId>,
    },
    /// The release that was asked for has none of the tables.
    #[error("none of the files is a table of {release}: they are {found}")]
    OtherRelease {
        /// As asked for.
        release: ReleaseId,
        /// The tables that there are.
        found: String,
    },
    /// The marker file of synthetic data is damaged.
    #[error("the marker file {file} is damaged: {why}")]
    Marker {
        /// Its name.
        file: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// One table comes twice.
    #[error("table {table} comes twice: {first} and {second}")]
    TwoFiles {
        /// `hosp.admissions`.
        table: String,
        /// The file that comes first in the list.
        first: String,
        /// The other.
        second: String,
    },
    /// Tables of two releases in one place.
    #[error("files of two releases are mixed: {first} is of {first_release}, {second} is of {second_release}")]
    Mixed {
        /// A file of the one.
        first: String,
        /// That release, or those it may be.
        first_release: String,
        /// A file of the other.
        second: String,
        /// That release, or those it may be.
        second_release: String,
    },
    /// The caller's fingerprint makes no release name.
    #[error(transparent)]
    Fingerprint(#[from] IdentifierError),
}

impl RecognitionError {
    /// The code that fronts and the shell translate.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::UnknownRelease { .. } => ErrorCode::NotFound,
            Self::OtherRelease { .. } => ErrorCode::InvalidQuery,
            Self::NotMimic { .. } | Self::Marker { .. } | Self::TwoFiles { .. } | Self::Mixed { .. } => {
                ErrorCode::InvalidData
            }
            Self::Fingerprint(_) => ErrorCode::Internal,
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::NotMimic { .. } => {
                "give the folder, zip or address that holds the tables, such as mimic-iv-3.1 with hosp/*.csv.gz and \
                 icu/*.csv.gz; `bedside demo` makes synthetic data to begin with"
                    .to_owned()
            }
            Self::UnknownRelease { nearest: Some(nearest), .. } => format!("did you mean --release {nearest}?"),
            Self::UnknownRelease { known, .. } => {
                let known: Vec<_> = known.iter().map(ReleaseId::as_str).collect();
                format!("known are {}; a copy of your own is --release <family>-local-<8 hex digits>", known.join(", "))
            }
            Self::OtherRelease { .. } => "leave --release out to have it recognised".to_owned(),
            Self::Marker { .. } => "write the synthetic data again with `bedside synth`".to_owned(),
            Self::TwoFiles { second, .. } => format!("move one of them away, for example {second}, and run it again"),
            Self::Mixed { .. } => {
                "put each release into a folder of its own, or say with --release which one to load".to_owned()
            }
            Self::Fingerprint(_) => return None,
        })
    }
}
