//! One writer per release.

use super::Warehouse;
use crate::disk;
use crate::error::{Error, Result};
use crate::place;
use bedside_types::ReleaseId;
use std::fs::{File, TryLockError};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The right to write one release, held until dropped; the system takes it back when the program dies. Readers need none.
#[derive(Debug)]
pub struct ReleaseLock {
    release: ReleaseId,
    turn: Mutex<()>,
    _file: File,
}

impl ReleaseLock {
    /// The release.
    pub fn release(&self) -> &ReleaseId {
        &self.release
    }

    /// Keeps threads that share the lock from changing the manifest at the same time.
    pub(super) fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Warehouse {
    /// Takes the right to write a release, or fails at once if another program has it.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::AccessDenied`], [`Error::NotAFolder`] where the release's folder is a link.
    pub fn lock_release(&self, release: &ReleaseId) -> Result<ReleaseLock> {
        let file = self.lock_file(release.as_str())?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(Error::Locked { release: release.clone() }),
            Err(TryLockError::Error(error)) => {
                return Err(Error::io("lock", &self.path(&place::lock(release.as_str())), error));
            }
        }
        let folder = self.path(&place::release(release));
        match folder.symlink_metadata() {
            Ok(found) if found.is_symlink() => return Err(Error::NotAFolder { path: folder, found: "a link" }),
            Ok(found) if !found.is_dir() => return Err(Error::NotAFolder { path: folder, found: "a file" }),
            _ => {}
        }
        Ok(ReleaseLock { release: release.clone(), turn: Mutex::new(()), _file: file })
    }

    /// Waits for and takes the right to write the alias file, which nobody keeps for long.
    pub(super) fn lock_aliases(&self) -> Result<File> {
        // No release can have this name, as it has no version.
        let file = self.lock_file("aliases")?;
        file.lock().map_err(|error| Error::io("lock", &self.path(&place::lock("aliases")), error))?;
        Ok(file)
    }

    pub(super) fn lock_file(&self, name: &str) -> Result<File> {
        disk::create_folder(&self.path(place::LOCKS))?;
        disk::open_lock(&self.path(&place::lock(name)))
    }
}
