//! Which program runs a job: each has a name and, once one of its jobs is in the file before it is done, a lock that goes with
//! the program.

use crate::error::{Error, Result};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

/// The folder of the locks, beside those of releases and datasets.
const LOCKS: &str = "locks";

/// This program, for as long as it holds the state open.
#[derive(Debug)]
pub(crate) struct Instance {
    pub(crate) name: String,
    path: PathBuf,
    lock: Option<File>,
}

impl Instance {
    /// A name of its own; nothing is written yet.
    pub(crate) fn new(home: &Path) -> Result<Self> {
        let number = getrandom::u64().map_err(|_| Error::Random)?;
        let name = format!("{number:016x}");
        Ok(Self { path: path(home, &name), name, lock: None })
    }

    /// Makes sure that others can tell that this program lives.
    pub(crate) fn announce(&mut self) -> Result<()> {
        if self.lock.is_none() {
            self.lock = Some(locked(&self.path)?);
        }
        Ok(())
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        if self.lock.take().is_some() {
            // One that stays says no more than that its program is gone.
            drop(fs::remove_file(&self.path));
        }
    }
}

/// Whether the program of that name is gone. Its lock file goes, too.
pub(crate) fn is_gone(home: &Path, name: &str) -> bool {
    let path = path(home, name);
    let Ok(file) = File::open(&path) else { return true };
    match file.try_lock() {
        Ok(()) => {
            drop(fs::remove_file(&path));
            true
        }
        // It is held, or the file system knows no locks: what cannot be known is taken to live.
        Err(_) => false,
    }
}

fn path(home: &Path, name: &str) -> PathBuf {
    home.join(LOCKS).join(format!("instance.{name}"))
}

fn locked(path: &Path) -> Result<File> {
    let failed = |source| Error::Io { path: path.to_path_buf(), source };
    if let Some(folder) = path.parent() {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder).map_err(failed)?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) | Err(TryLockError::WouldBlock) => Ok(file),
        Err(TryLockError::Error(source)) => Err(failed(source)),
    }
}
