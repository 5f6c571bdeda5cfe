//! The families of releases that have derived tables.

use bedside_types::ReleaseId;

/// The files under `concepts/`, by their path there.
const EMBEDDED: &[(&str, &str)] = &include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// A family of releases that has derived tables of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// MIMIC-IV.
    MimicIv,
    /// MIMIC-III.
    MimicIii,
}

impl Family {
    /// Every family, the newest first.
    pub const ALL: [Self; 2] = [Self::MimicIv, Self::MimicIii];

    /// The family that a release belongs to; `None` for one without derived tables, as `mimiciv-ed-2.2` is.
    pub fn of(release: &ReleaseId) -> Option<Self> {
        Self::ALL.into_iter().find(|family| family.name() == release.family())
    }

    /// The family whose derived tables a dataset holds, going by its name: `mimiciii_derived`, `mimiciv_3_1_derived`.
    pub fn of_derived(dataset: &str) -> Option<Self> {
        dataset.strip_suffix("_derived").and_then(Self::of_dataset)
    }

    /// The name that its releases and its folder in `concepts/` have.
    pub const fn name(self) -> &'static str {
        match self {
            Self::MimicIv => "mimiciv",
            Self::MimicIii => "mimiciii",
        }
    }

    /// The name for people.
    pub const fn title(self) -> &'static str {
        match self {
            Self::MimicIv => "MIMIC-IV",
            Self::MimicIii => "MIMIC-III",
        }
    }

    /// The movable name of the dataset that holds its derived tables.
    pub const fn dataset(self) -> &'static str {
        match self {
            Self::MimicIv => "mimiciv_derived",
            Self::MimicIii => "mimiciii_derived",
        }
    }

    /// The family that a dataset named in a definition belongs to; those of the emergency department and the notes that join
    /// MIMIC-IV count as its own. `None` for other names.
    pub(crate) fn of_dataset(dataset: &str) -> Option<Self> {
        match dataset.split('_').next() {
            Some("mimiciv" | "mimic") => Some(Self::MimicIv),
            Some("mimiciii") => Some(Self::MimicIii),
            _ => None,
        }
    }

    /// The program's files of this family as `(path below concepts/, text)`.
    pub(crate) fn files(self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let in_folder = move |path: &str| path.strip_prefix(self.name()).is_some_and(|rest| rest.starts_with('/'));
        EMBEDDED.iter().copied().filter(move |(path, _)| in_folder(path))
    }
}
