//! A home folder: which releases it holds, and replacing their manifests.

mod alias;
mod list;
mod lock;
mod personal;
mod removal;

use crate::cache::Cache;
use crate::disk;
use crate::error::{Error, Result};
use crate::manifest::{self, Manifest};
use crate::personal::PersonalDataset;
use crate::place;
use bedside_types::ReleaseId;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use alias::Aliases;
pub use lock::ReleaseLock;
pub use personal::DatasetLock;
pub use removal::{Removed, Swept};

/// A home folder. Cheap to open and to copy. Every call sees what is published: what copies remember of a manifest holds for
/// as long as its file is not replaced.
#[derive(Clone, Debug)]
pub struct Warehouse {
    home: PathBuf,
    manifests: Arc<Cache<Manifest>>,
    personal: Arc<Cache<PersonalDataset>>,
}

impl Warehouse {
    /// Opens a home, creating it with mode 0700 if it is not there. An empty folder that is there becomes private too; one
    /// that holds something keeps its mode, but everything made in it is private.
    ///
    /// # Errors
    /// [`Error::NotAFolder`], [`Error::AccessDenied`], [`Error::Io`].
    pub fn open(home: &Path) -> Result<Self> {
        match fs::metadata(home) {
            Ok(found) if !found.is_dir() => {
                return Err(Error::NotAFolder { path: home.to_path_buf(), found: "a file" });
            }
            Ok(_) => make_private_if_empty(home),
            Err(error) if error.kind() == io::ErrorKind::NotFound => disk::create_folder(home)?,
            Err(error) => return Err(Error::io("open", home, error)),
        }
        Ok(Self { home: home.to_path_buf(), manifests: Arc::default(), personal: Arc::default() })
    }

    /// The folder.
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// Where a path of a manifest is on this machine.
    pub fn path(&self, relative: &str) -> PathBuf {
        self.home.join(relative)
    }

    /// Bytes free for this user on the disk of the home.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn available_bytes(&self) -> Result<u64> {
        fs4::available_space(&self.home).map_err(|error| Error::io("ask for the free space of", &self.home, error))
    }

    /// The names of the releases that have a manifest, sorted by name.
    ///
    /// # Errors
    /// [`Error::AccessDenied`], [`Error::Io`].
    pub fn release_ids(&self) -> Result<Vec<ReleaseId>> {
        let folder = self.path(place::RELEASES);
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(Error::io("read", &folder, error)),
        };
        let mut releases = Vec::new();
        for entry in entries {
            let name = entry.map_err(|error| Error::io("read", &folder, error))?.file_name();
            // Other names are leftovers of a removal, or none of ours.
            let Some(release) = name.to_str().and_then(|name| name.parse::<ReleaseId>().ok()) else { continue };
            if self.path(&place::manifest(&release)).is_file() {
                releases.push(release);
            }
        }
        releases.sort();
        Ok(releases)
    }

    /// The manifests of all releases, sorted by name. One that cannot be read fails the whole; go through
    /// [`Warehouse::release_ids`] to treat each on its own.
    ///
    /// # Errors
    /// As [`Warehouse::manifest`].
    pub fn releases(&self) -> Result<Vec<Arc<Manifest>>> {
        let file = |release: ReleaseId| {
            let path = self.path(&place::manifest(&release));
            (release, path)
        };
        // A release that is removed meanwhile is left out.
        self.manifests.read(self.release_ids()?.into_iter().map(file).collect(), manifest::read)
    }

    /// The manifest of a release as it is now, `None` if nothing of it is published.
    ///
    /// # Errors
    /// [`Error::NewerFormat`], [`Error::Damaged`], [`Error::AccessDenied`], [`Error::Io`].
    pub fn manifest(&self, release: &ReleaseId) -> Result<Option<Manifest>> {
        let path = self.path(&place::manifest(release));
        disk::read(&path)?.map(|text| manifest::read(&text, &path, release)).transpose()
    }

    /// The manifest of a release that must be there.
    ///
    /// # Errors
    /// [`Error::UnknownRelease`] with the nearest name, and as [`Warehouse::manifest`].
    pub fn require(&self, release: &ReleaseId) -> Result<Manifest> {
        if let Some(manifest) = self.manifest(release)? {
            return Ok(manifest);
        }
        let present = self.release_ids()?;
        let nearest = bedside_types::nearest(release.as_str(), present.iter().map(ReleaseId::as_str));
        let nearest = nearest.map(str::to_owned);
        Err(Error::UnknownRelease { release: release.clone(), home: self.home.clone(), nearest })
    }

    /// Replaces the manifest of the locked release: reads it (or begins with `start` if there is none), changes it, and
    /// writes it beside, syncs and renames it. Readers see the old one or the new one. Threads that share a lock take turns.
    /// The files that the new manifest names must be finished ([`crate::LayoutWriter::finish`]).
    ///
    /// # Errors
    /// As [`Warehouse::manifest`], and [`Error::DiskFull`]; the old manifest is then still in force.
    pub fn publish(
        &self,
        lock: &ReleaseLock,
        start: impl FnOnce() -> Manifest,
        change: impl FnOnce(&mut Manifest),
    ) -> Result<Manifest> {
        let _turn = lock.turn();
        let release = lock.release();
        let mut manifest = self.manifest(release)?.unwrap_or_else(start);
        change(&mut manifest);
        // The reader would refuse what these set right.
        manifest.format = manifest::FORMAT;
        manifest.release = release.clone();
        let name = place::manifest(release);
        let path = self.path(&name);
        let text = manifest::write(&manifest, &path)?;
        disk::create_folder(&self.path(&place::release(release)))?;
        disk::replace(&self.home, &name, &text)?;
        Ok(manifest)
    }

    /// A private folder for the work of a load of the locked release (runs of an external sort), on the disk of the home.
    /// [`Warehouse::sweep`] deletes it.
    ///
    /// # Errors
    /// [`Error::DiskFull`], [`Error::AccessDenied`], [`Error::Io`].
    pub fn scratch_folder(&self, lock: &ReleaseLock) -> Result<PathBuf> {
        let folder = self.path(&place::scratch(lock.release()));
        disk::create_folder(&folder)?;
        Ok(folder)
    }

    /// A new private file for the rows of `table` (`hosp.labevents`) that are set aside, over an earlier one; and its path
    /// relative to the home.
    ///
    /// # Errors
    /// [`Error::DiskFull`], [`Error::AccessDenied`], [`Error::Io`], [`Error::Unsupported`] for a name that no file can have.
    pub fn create_quarantine(&self, lock: &ReleaseLock, table: &str) -> Result<(File, String)> {
        for part in table.split('.') {
            place::check_name(part, "table")?;
        }
        let folder = place::quarantine(lock.release());
        disk::create_folder(&self.path(&folder))?;
        let path = format!("{folder}/{table}.csv");
        Ok((disk::create_file(&self.path(&path))?, path))
    }
}

/// A folder made just for us becomes private. Where that is refused, the folders below are private all the same.
fn make_private_if_empty(home: &Path) {
    #[cfg(unix)]
    if fs::read_dir(home).is_ok_and(|mut entries| entries.next().is_none()) {
        use std::os::unix::fs::PermissionsExt;
        let _ = fs::set_permissions(home, fs::Permissions::from_mode(0o700));
    }
    let _ = home;
}
