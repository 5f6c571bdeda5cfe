//! What a load reads: what clients sent, and files of folders that the configuration allows.

use super::LoadSource;
use crate::error::{Error, Result};
use crate::run::blocking;
use crate::service::{Service, Shared, random};
use flate2::read::MultiGzDecoder;
use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The folder of uploads in the home.
const UPLOADS: &str = "scratch/uploads";

/// What a client sends, in a private file that goes with the last clone.
#[derive(Clone)]
pub struct Upload {
    inner: Arc<Uploaded>,
}

struct Uploaded {
    path: PathBuf,
}

/// A file to be read.
#[derive(Clone, Debug)]
pub(crate) struct File {
    pub(crate) path: PathBuf,
    pub(crate) bytes: u64,
    /// Kept as long as it is read.
    _upload: Option<Upload>,
}

impl Service {
    /// A place for what a client sends.
    ///
    /// # Errors
    /// [`Error::Place`].
    pub async fn upload(&self) -> Result<Upload> {
        let folder = self.shared.engine.warehouse().path(UPLOADS);
        blocking(move || {
            let path = folder.join(random::<16>()?);
            let mut builder = fs::DirBuilder::new();
            builder.recursive(true);
            #[cfg(unix)]
            std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
            builder.create(&folder).map_err(|error| fault("create", &folder, &error))?;
            let mut options = OpenOptions::new();
            options.write(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            options.open(&path).map_err(|error| fault("create", &path, &error))?;
            Ok(Upload { inner: Arc::new(Uploaded { path }) })
        })
        .await
    }
}

impl Upload {
    /// Puts bytes at the end. Blocks for as long as the disk takes.
    ///
    /// # Errors
    /// [`Error::Place`].
    pub fn append(&self, bytes: &[u8]) -> Result<()> {
        let path = &self.inner.path;
        let file = OpenOptions::new().append(true).open(path);
        file.and_then(|mut file| file.write_all(bytes)).map_err(|error| fault("write", path, &error))
    }

    /// How many there are.
    ///
    /// # Errors
    /// [`Error::Place`].
    pub fn bytes(&self) -> Result<u64> {
        let path = &self.inner.path;
        fs::metadata(path).map(|found| found.len()).map_err(|error| fault("read", path, &error))
    }
}

impl Drop for Uploaded {
    fn drop(&mut self) {
        // What stays is in a private folder.
        drop(fs::remove_file(&self.path));
    }
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Upload")
    }
}

impl File {
    /// Its content, inflated where it is gzip.
    pub(crate) fn open(&self) -> Result<Box<dyn BufRead>> {
        let failed = |error: io::Error| fault("read", &self.path, &error);
        let mut file = fs::File::open(&self.path).map_err(failed)?;
        let mut magic = [0_u8; 2];
        let is_gzip = file.read_exact(&mut magic).is_ok() && magic == [0x1f, 0x8b];
        file.seek(SeekFrom::Start(0)).map_err(failed)?;
        Ok(if is_gzip { Box::new(BufReader::new(MultiGzDecoder::new(file))) } else { Box::new(BufReader::new(file)) })
    }
}

/// The files that a load is about.
pub(crate) fn files(shared: &Shared, source: &LoadSource) -> Result<Vec<File>> {
    match source {
        LoadSource::Upload(upload) => {
            let (path, bytes) = (upload.inner.path.clone(), upload.bytes()?);
            Ok(vec![File { path, bytes, _upload: Some(upload.clone()) }])
        }
        LoadSource::Places(places) => places
            .iter()
            .map(|place| {
                let path = allowed(shared, place)?;
                let found = fs::metadata(&path).map_err(|error| match error.kind() {
                    io::ErrorKind::NotFound => Error::NotFound(format!("Not found: File {place}")),
                    _ => fault("read", &path, &error),
                })?;
                Ok(File { path, bytes: found.len(), _upload: None })
            })
            .collect(),
    }
}

/// A place as a path, if it is in a folder that the configuration allows, whatever links and dots are in it.
pub(crate) fn allowed(shared: &Shared, place: &str) -> Result<PathBuf> {
    if place.starts_with("gs://") || place.starts_with("s3://") {
        return Err(Error::Unsupported(format!("reading or writing {place}: buckets here")));
    }
    let path = Path::new(place.strip_prefix("file://").unwrap_or(place));
    let denied =
        || Error::Denied(format!("Access Denied: File {place}: it is in no folder that the configuration allows"));
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return Err(denied()) };
    let folder = folder.canonicalize().map_err(|_| denied())?;
    let target = folder.join(name);
    // A link in the folder leads where it leads.
    let real = target.canonicalize().unwrap_or_else(|_| target.clone());
    let within = |path: &Path| {
        let mut folders = shared.options.folders.iter().filter_map(|folder| folder.canonicalize().ok());
        folders.any(|folder| path.starts_with(folder))
    };
    if path.is_absolute() && within(&folder) && within(&real) { Ok(target) } else { Err(denied()) }
}

pub(crate) fn fault(doing: &str, path: &Path, error: &io::Error) -> Error {
    Error::Place(format!("cannot {doing} {}: {error}", path.display()))
}
