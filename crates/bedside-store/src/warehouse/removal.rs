//! Deleting: a whole release, or what crashed and replaced loads left.

use super::{ReleaseLock, Warehouse};
use crate::disk;
use crate::error::{Error, Result};
use crate::manifest::{FORMAT, Manifest, check_format};
use crate::place;
use bedside_types::{DatasetName, ReleaseId};
use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What [`Warehouse::remove_release`] did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removed {
    /// Bytes of the files deleted.
    pub bytes: u64,
    /// The dataset names that had been pointed at the release and now follow the rule again.
    pub aliases: Vec<DatasetName>,
}

/// What [`Warehouse::sweep`] deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Files.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

impl Warehouse {
    /// Deletes a release with its quarantine: it is renamed first, so that readers see all of it or nothing, then deleted.
    ///
    /// # Errors
    /// [`Error::UnknownRelease`], [`Error::Locked`] while it is being loaded, [`Error::NotAFolder`] where its folder is a
    /// link, [`Error::AccessDenied`], [`Error::Io`].
    pub fn remove_release(&self, release: &ReleaseId) -> Result<Removed> {
        let folder = self.path(&place::release(release));
        if !folder.exists() {
            self.require(release)?;
        }
        let lock = self.lock_release(release)?;
        let removed = self.path(&place::removed(release));
        disk::remove(&removed)?;
        // First the names: should the rest be cut off, they lead to a release that is still there.
        let aliases = self.drop_aliases_of(release)?;
        let mut bytes = total_bytes(&folder)?;
        disk::rename(&folder, &removed)?;
        disk::sync_folder(&self.path(place::RELEASES))?;
        disk::remove(&removed)?;
        let quarantine = self.path(&place::quarantine(release));
        if quarantine.exists() {
            bytes += total_bytes(&quarantine)?;
            disk::remove(&quarantine)?;
        }
        drop(lock);
        Ok(Removed { bytes, aliases })
    }

    /// Deletes every file of the locked release that its manifest does not refer to: what crashed loads left, what later
    /// loads replaced, and the scratch folder. Call it when the lock was just taken: it takes away what this program is
    /// writing, and a replaced file that a running query of another program may still read is best left until the next load.
    ///
    /// # Errors
    /// As [`Warehouse::manifest`] (nothing is deleted then), [`Error::AccessDenied`], [`Error::Io`].
    pub fn sweep(&self, lock: &ReleaseLock) -> Result<Swept> {
        let _turn = lock.turn();
        let release = lock.release();
        disk::remove(&self.path(&place::removed(release)))?;
        let name = place::manifest(release);
        let path = self.path(&name);
        if let Some(text) = disk::read(&path)? {
            // What a newer program refers to is unknown here.
            check_format(&text, &path, FORMAT)?;
        }
        let manifest = self.manifest(release)?;
        let mut keep: HashSet<PathBuf> =
            manifest.iter().flat_map(Manifest::paths).map(|path| self.path(path)).collect();
        keep.insert(path);
        let mut swept = Swept::default();
        let folder = self.path(&place::release(release));
        if folder.exists() {
            sweep_folder(&folder, &keep, &mut swept)?;
        }
        Ok(swept)
    }
}

/// Deletes the files in a folder that are not to be kept and the folders below that are then empty; tells if any is left.
pub(super) fn sweep_folder(folder: &Path, keep: &HashSet<PathBuf>, swept: &mut Swept) -> Result<Left> {
    let mut left = Left::Nothing;
    for (path, found) in entries(folder)? {
        if found.is_dir() {
            if sweep_folder(&path, keep, swept)? == Left::Nothing {
                fs::remove_dir(&path).map_err(|error| Error::io("delete", &path, error))?;
            } else {
                left = Left::Something;
            }
        } else if keep.contains(&path) {
            left = Left::Something;
        } else {
            disk::remove(&path)?;
            swept.files += 1;
            swept.bytes += found.len();
        }
    }
    Ok(left)
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Left {
    Nothing,
    Something,
}

pub(super) fn total_bytes(folder: &Path) -> Result<u64> {
    let mut bytes = 0;
    for (path, found) in entries(folder)? {
        bytes += if found.is_dir() { total_bytes(&path)? } else { found.len() };
    }
    Ok(bytes)
}

/// What is in a folder, links not followed.
fn entries(folder: &Path) -> Result<Vec<(PathBuf, fs::Metadata)>> {
    let read = |entry: io::Result<fs::DirEntry>| {
        let entry = entry?;
        Ok((entry.path(), entry.metadata()?))
    };
    fs::read_dir(folder)
        .and_then(|entries| entries.map(read).collect())
        .map_err(|error| Error::io("read", folder, error))
}
