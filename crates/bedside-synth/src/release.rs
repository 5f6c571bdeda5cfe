//! The folder of a release: made under a temporary name, renamed when whole.

use crate::{Error, GENERATOR, MARKER, Options};
use bedside_types::ReleaseId;
use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

/// The content of the marker file.
pub(crate) fn marker(release: &ReleaseId, options: &Options) -> String {
    format!(
        "{{\"release\":\"{release}\",\"generator\":{GENERATOR},\"patients\":{},\"seed\":{},\"schema\":\"{}\",\
         \"stays_per_patient\":{:.1}}}\n",
        options.patients,
        options.seed,
        options.dataset.schema(),
        options.stays_per_patient
    )
}

/// A folder that is being filled.
#[derive(Debug)]
pub(crate) struct Folder {
    target: PathBuf,
    partial: PathBuf,
}

impl Folder {
    /// Makes the temporary folder with one folder per module; `None` when the target holds this release already.
    pub(crate) fn create(target: &Path, modules: &[&str], marker: &str) -> Result<Option<Self>, Error> {
        if holds(target, marker)? {
            return Ok(None);
        }
        let mut name = target.file_name().unwrap_or_default().to_owned();
        name.push(".partial");
        let partial = target.with_file_name(name);
        // What a killed run left behind.
        match fs::remove_dir_all(&partial) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(Error::write(&partial)(error)),
            _ => {}
        }
        fs::create_dir_all(&partial).map_err(Error::write(&partial))?;
        for module in modules {
            let path = partial.join(module);
            fs::create_dir(&path).map_err(Error::write(&path))?;
        }
        Ok(Some(Self { target: target.to_owned(), partial }))
    }

    /// Where a file of the release is written.
    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.partial.join(file)
    }

    /// Writes a small file.
    pub(crate) fn write(&self, file: &str, content: &str) -> Result<(), Error> {
        let path = self.path(file);
        let write = || {
            let mut file = fs::File::create(&path)?;
            file.write_all(content.as_bytes())?;
            file.sync_all()
        };
        write().map_err(Error::write(&path))
    }

    /// Takes the folder away again. What cannot be removed now is removed by the next run.
    pub(crate) fn discard(self) {
        let _ = fs::remove_dir_all(&self.partial);
    }

    /// Gives the folder its name.
    pub(crate) fn publish(self, marker: &str) -> Result<(), Error> {
        self.write(MARKER, marker)?;
        // A rename replaces an empty folder on Unix but not everywhere.
        match fs::remove_dir(&self.target) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(Error::write(&self.target)(error)),
            _ => {}
        }
        fs::rename(&self.partial, &self.target).map_err(Error::write(&self.target))
    }
}

/// Whether the target is whole already; an error where it holds anything else.
fn holds(target: &Path, marker: &str) -> Result<bool, Error> {
    let mut entries = match fs::read_dir(target) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        Err(error) if error.kind() == ErrorKind::NotADirectory => {
            return Err(Error::Occupied { path: target.to_owned(), held: None });
        }
        Err(error) => return Err(Error::write(target)(error)),
    };
    if entries.next().is_none() {
        return Ok(false);
    }
    let found = fs::read_to_string(target.join(MARKER)).ok();
    if found.as_deref() == Some(marker) {
        return Ok(true);
    }
    let held = found.as_deref().and_then(|text| text.split('"').nth(3)).map(str::to_owned);
    Err(Error::Occupied { path: target.to_owned(), held })
}
