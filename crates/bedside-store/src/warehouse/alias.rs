//! Which release a movable dataset name was pointed at by hand.

use super::Warehouse;
use crate::disk;
use crate::error::{Error, Result};
use crate::manifest::check_format;
use crate::place;
use bedside_types::{DatasetName, ReleaseId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// The newest format of the alias file.
const FORMAT: u32 = 1;

/// The dataset names that were pointed at a release by hand. Names not in here follow the rule: newest full release, else
/// local copy, else demo, else synthetic data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Aliases {
    targets: BTreeMap<DatasetName, ReleaseId>,
}

#[derive(Serialize, Deserialize)]
struct Document {
    format: u32,
    aliases: BTreeMap<String, String>,
}

impl Aliases {
    /// The release that a name was pointed at.
    pub fn target(&self, name: &DatasetName) -> Option<&ReleaseId> {
        self.targets.get(name)
    }

    /// All names with their releases, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&DatasetName, &ReleaseId)> {
        self.targets.iter()
    }

    fn read(text: &[u8], path: &Path) -> Result<Self> {
        check_format(text, path, FORMAT)?;
        let document: Document = serde_json::from_slice(text).map_err(|error| Error::decode(path, error))?;
        let parse = |(name, release): (String, String)| {
            let name = name.parse().map_err(|error| Error::decode(path, error))?;
            Ok((name, release.parse().map_err(|error| Error::decode(path, error))?))
        };
        Ok(Self { targets: document.aliases.into_iter().map(parse).collect::<Result<_>>()? })
    }

    fn write(&self, path: &Path) -> Result<Vec<u8>> {
        let aliases = self.iter().map(|(name, release)| (name.to_string(), release.to_string())).collect();
        let mut text = serde_json::to_vec_pretty(&Document { format: FORMAT, aliases })
            .map_err(|error| Error::Encode { path: path.to_path_buf(), why: error.to_string() })?;
        text.push(b'\n');
        Ok(text)
    }
}

impl Warehouse {
    /// The names pointed at a release by hand.
    ///
    /// # Errors
    /// [`Error::NewerFormat`], [`Error::Damaged`], [`Error::AccessDenied`], [`Error::Io`].
    pub fn aliases(&self) -> Result<Aliases> {
        let path = self.path(place::ALIASES);
        Ok(disk::read(&path)?.map(|text| Aliases::read(&text, &path)).transpose()?.unwrap_or_default())
    }

    /// Points a name at a release. Whether the name may move is for the caller to know.
    ///
    /// # Errors
    /// [`Error::UnknownRelease`] with the nearest name, and as [`Warehouse::aliases`].
    pub fn set_alias(&self, name: &DatasetName, release: &ReleaseId) -> Result<()> {
        self.require(release)?;
        self.change_aliases(|targets| {
            targets.insert(name.clone(), release.clone());
        })
    }

    /// Lets a name follow the rule again; gives the release that it was pointed at.
    ///
    /// # Errors
    /// As [`Warehouse::aliases`].
    pub fn remove_alias(&self, name: &DatasetName) -> Result<Option<ReleaseId>> {
        let mut removed = None;
        self.change_aliases(|targets| removed = targets.remove(name))?;
        Ok(removed)
    }

    /// Lets all names that were pointed at a release follow the rule again.
    pub(super) fn drop_aliases_of(&self, release: &ReleaseId) -> Result<Vec<DatasetName>> {
        let mut dropped = Vec::new();
        self.change_aliases(|targets| {
            targets.retain(|name, target| {
                let keep = target != release;
                if !keep {
                    dropped.push(name.clone());
                }
                keep
            });
        })?;
        Ok(dropped)
    }

    fn change_aliases(&self, change: impl FnOnce(&mut BTreeMap<DatasetName, ReleaseId>)) -> Result<()> {
        let _lock = self.lock_aliases()?;
        let before = self.aliases()?;
        let mut after = before.clone();
        change(&mut after.targets);
        if after == before {
            return Ok(());
        }
        let text = after.write(&self.path(place::ALIASES))?;
        disk::replace(&self.home, place::ALIASES, &text)
    }
}
