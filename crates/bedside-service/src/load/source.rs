//! What a load reads: what clients sent, and files of folders and buckets that are allowed.

use super::LoadSource;
use crate::error::{Error, Result};
use crate::place::{Place, Scratch, create, expanded, fault};
use crate::run::blocking;
use crate::service::{Service, Shared};
use crate::stop::Stop;
use flate2::read::MultiGzDecoder;
use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::sync::Arc;

/// What a client sends, in a private file that goes with the last clone.
#[derive(Clone)]
pub struct Upload {
    file: Scratch,
}

/// A file to be read.
#[derive(Clone, Debug)]
pub(crate) struct File {
    pub(crate) path: PathBuf,
    pub(crate) bytes: u64,
    /// Kept as long as it is read.
    _scratch: Option<Scratch>,
}

impl Service {
    /// A place for what a client sends.
    ///
    /// # Errors
    /// [`Error::Place`].
    pub async fn upload(&self) -> Result<Upload> {
        let shared = Arc::clone(&self.shared);
        blocking(move || {
            let file = Scratch::new(&shared)?;
            create(file.path())?;
            Ok(Upload { file })
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
        let path = self.file.path();
        let file = OpenOptions::new().append(true).open(path);
        file.and_then(|mut file| file.write_all(bytes)).map_err(|error| fault("write", path, &error))
    }

    /// How many there are.
    ///
    /// # Errors
    /// [`Error::Place`].
    pub fn bytes(&self) -> Result<u64> {
        let path = self.file.path();
        fs::metadata(path).map(|found| found.len()).map_err(|error| fault("read", path, &error))
    }
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Upload")
    }
}

impl File {
    fn kept(path: PathBuf, place: &str) -> Result<Self> {
        let found = fs::metadata(&path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Error::NotFound(format!("Not found: File {place}")),
            _ => fault("read", &path, &error),
        })?;
        Ok(Self { path, bytes: found.len(), _scratch: None })
    }

    fn scratch(scratch: Scratch) -> Result<Self> {
        let path = scratch.path().to_path_buf();
        let bytes = fs::metadata(&path).map_err(|error| fault("read", &path, &error))?.len();
        Ok(Self { path, bytes, _scratch: Some(scratch) })
    }

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

/// The files that a load is about; what is in a bucket is fetched first.
pub(crate) fn files(shared: &Shared, source: &LoadSource, stop: &Stop) -> Result<Vec<File>> {
    let places = match source {
        LoadSource::Upload(upload) => return Ok(vec![File::scratch(upload.file.clone())?]),
        LoadSource::Places(places) => places,
    };
    let mut files = Vec::with_capacity(places.len());
    for place in places {
        match Place::allowed(shared, place)? {
            Place::File(path) => {
                for path in expanded(&path)? {
                    files.push(File::kept(path, place)?);
                }
            }
            Place::Object(object) => {
                for scratch in object.fetch(shared, stop)? {
                    files.push(File::scratch(scratch)?);
                }
            }
        }
    }
    Ok(files)
}
