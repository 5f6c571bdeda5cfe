//! Names of releases and datasets.

use std::fmt;
use std::str::FromStr;

/// A name that does not have the form its kind demands.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no {what}: {why}")]
pub struct IdentifierError {
    /// The text as given.
    pub text: String,
    /// What it was taken for.
    pub what: &'static str,
    /// The rule that it breaks.
    pub why: &'static str,
}

/// What a release is, which decides what the movable dataset names prefer: full before local before demo before synthetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReleaseKind {
    /// A published release with all patients.
    Full,
    /// A copy that is no published release: changed, scaled or thinned.
    Local,
    /// An open demo of about 100 patients.
    Demo,
    /// Made by `bedside synth`.
    Synthetic,
}

impl ReleaseKind {
    /// The word shown to people: `full`, `local`, `demo`, `synthetic`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Local => "local",
            Self::Demo => "demo",
            Self::Synthetic => "synthetic",
        }
    }
}

/// One published version of a MIMIC family, immutable: `mimiciv-3.1`, `mimiciv-demo-2.2`, `mimiciv-ed-2.2`,
/// `mimiciv-synth-1-100-7` (generator, patients, seed), `mimiciv-local-1a2b3c4d`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReleaseId(String);

impl ReleaseId {
    /// The text, also the folder's name in the warehouse.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What kind of release the name says it is.
    pub fn kind(&self) -> ReleaseKind {
        let has = |word: &str| self.0.split('-').any(|part| part == word);
        if has("demo") {
            ReleaseKind::Demo
        } else if has("synth") {
            ReleaseKind::Synthetic
        } else if has("local") {
            ReleaseKind::Local
        } else {
            ReleaseKind::Full
        }
    }

    /// The family as in names of releases: `mimiciv`, `mimiciii`, `mimiciv-ed`, `mimiciv-note`.
    pub fn family(&self) -> &str {
        let end = self
            .0
            .match_indices('-')
            .map(|(at, _)| at)
            .find(|at| {
                let next = self.0[at + 1..].split('-').next().unwrap_or_default();
                matches!(next, "demo" | "synth" | "local") || next.starts_with(|c: char| c.is_ascii_digit())
            })
            .unwrap_or(self.0.len());
        &self.0[..end]
    }

    /// What follows the family: `3.1`, `demo-2.2`, `synth-1-100-7`.
    pub fn version(&self) -> &str {
        self.0[self.family().len()..].trim_start_matches('-')
    }
}

impl FromStr for ReleaseId {
    type Err = IdentifierError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = |why| IdentifierError { text: text.to_owned(), what: "release", why };
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.';
        if text.is_empty() || text.len() > 100 || !text.chars().all(allowed) {
            return Err(error("a release has small letters, digits, `-` and `.` only, as in mimiciv-3.1"));
        }
        // Also keeps a release from naming another folder.
        if !text.starts_with(|c: char| c.is_ascii_lowercase()) || text.contains("..") || text.ends_with(['-', '.']) {
            return Err(error("a release begins with its family, as in mimiciv-3.1"));
        }
        let id = Self(text.to_owned());
        if id.version().is_empty() {
            return Err(error("a release ends with its version, as in mimiciv-3.1"));
        }
        Ok(id)
    }
}

impl fmt::Display for ReleaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What SQL names before the dot: `mimiciv_hosp`, `mimiciv_3_1_icu`. Letters, digits and `_` only, as BigQuery demands
/// (<https://cloud.google.com/bigquery/docs/datasets#dataset-naming>); case-sensitive.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DatasetName(String);

impl DatasetName {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for DatasetName {
    type Err = IdentifierError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if text.is_empty() || text.len() > 1024 || !text.chars().all(allowed) {
            return Err(IdentifierError {
                text: text.to_owned(),
                what: "dataset name",
                why: "a dataset name has letters, digits and `_` only, at most 1,024 of them",
            });
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for DatasetName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{DatasetName, ReleaseId, ReleaseKind};

    #[test]
    fn a_release_tells_family_kind_and_version() {
        for (text, family, kind, version) in [
            ("mimiciv-3.1", "mimiciv", ReleaseKind::Full, "3.1"),
            ("mimiciv-demo-2.2", "mimiciv", ReleaseKind::Demo, "demo-2.2"),
            ("mimiciv-ed-2.2", "mimiciv-ed", ReleaseKind::Full, "2.2"),
            ("mimiciv-ed-demo-2.2", "mimiciv-ed", ReleaseKind::Demo, "demo-2.2"),
            ("mimiciv-synth-1-100-7", "mimiciv", ReleaseKind::Synthetic, "synth-1-100-7"),
            ("mimiciv-local-1a2b3c4d", "mimiciv", ReleaseKind::Local, "local-1a2b3c4d"),
            ("mimiciv-note-local-abcdefab", "mimiciv-note", ReleaseKind::Local, "local-abcdefab"),
        ] {
            let release: ReleaseId = text.parse().unwrap();
            assert_eq!((release.family(), release.kind(), release.version()), (family, kind, version), "{text}");
        }
    }

    #[test]
    fn names_that_could_leave_the_folder_are_refused() {
        for text in ["", "../x-1", "mimiciv/3.1", "mimiciv-3..1", "-1.0", "mimiciv", "Mimiciv-3.1", "mimiciv-3.1-"] {
            assert!(text.parse::<ReleaseId>().is_err(), "{text}");
        }
        for text in ["", "a-b", "a.b", "`x`"] {
            assert!(text.parse::<DatasetName>().is_err(), "{text}");
        }
    }
}
