//! Files and folders that only their owner may read, and replacing one so that a crash leaves the old or the new.

use crate::error::{Error, Result};
use crate::place;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// Creates a folder and its parents, mode 0700. A folder that is there stays as it is.
pub(crate) fn create_folder(path: &Path) -> Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|error| Error::io("create", path, error))
}

/// Creates an empty file for writing, mode 0600, over one that is there.
pub(crate) fn create_file(path: &Path) -> Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|error| Error::io("create", path, error))
}

/// Opens the lock file, which holds nothing, creating it first if need be, mode 0600.
pub(crate) fn open_lock(path: &Path) -> Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|error| Error::io("lock", path, error))
}

/// Makes names created, renamed or deleted in a folder survive a power cut.
pub(crate) fn sync_folder(path: &Path) -> Result<()> {
    // Windows cannot open a folder as a file; its file systems journal names themselves.
    #[cfg(unix)]
    File::open(path).and_then(|folder| folder.sync_all()).map_err(|error| Error::io("write", path, error))?;
    let _ = path;
    Ok(())
}

/// Replaces the file `name` (relative to `home`, with `/`) by one with this content: written beside it, synced, renamed.
pub(crate) fn replace(home: &Path, name: &str, content: &[u8]) -> Result<()> {
    let temporary = home.join(place::temporary(name));
    let target = home.join(name);
    let mut file = create_file(&temporary)?;
    file.write_all(content).and_then(|()| file.sync_all()).map_err(|error| Error::io("write", &target, error))?;
    drop(file);
    rename(&temporary, &target)?;
    sync_folder(target.parent().unwrap_or(home))
}

pub(crate) fn rename(from: &Path, to: &Path) -> Result<()> {
    fs::rename(from, to).map_err(|error| Error::io("write", to, error))
}

/// Deletes a file or a whole folder; links are deleted, not followed. Nothing there is no error.
pub(crate) fn remove(path: &Path) -> Result<()> {
    let removed = match fs::symlink_metadata(path) {
        Ok(found) if found.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::io("delete", path, error)),
        _ => Ok(()),
    }
}

/// The content of a file, `None` if there is none.
pub(crate) fn read(path: &Path) -> Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(content) => Ok(Some(content)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io("read", path, error)),
    }
}
