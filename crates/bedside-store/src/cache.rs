//! Manifests that are read again only when they were replaced.

use crate::disk;
use crate::error::{Error, Result};
use std::collections::HashMap;
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

/// Files of one kind as they were last read. A full manifest takes longer to read than a small statement to plan.
#[derive(Debug)]
pub(crate) struct Cache<T>(Mutex<HashMap<PathBuf, (Stamp, Arc<T>)>>);

/// What tells one file of a name from the next: publishing writes a new one, syncs it and renames it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    modified: Option<SystemTime>,
    bytes: u64,
    inode: u64,
}

impl<T> Default for Cache<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Cache<T> {
    /// What these files hold now; those that are not there, or no more, are left out. Files of earlier calls are forgotten.
    ///
    /// # Errors
    /// [`Error::Io`], [`Error::AccessDenied`], and those of `parse`.
    pub(crate) fn read<K>(
        &self,
        files: Vec<(K, PathBuf)>,
        parse: impl Fn(&[u8], &Path, &K) -> Result<T>,
    ) -> Result<Vec<Arc<T>>> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut current = HashMap::with_capacity(files.len());
        let mut contents = Vec::with_capacity(files.len());
        for (key, path) in files {
            // Taken before reading: should the file be replaced in between, the newer one is read again next time.
            let Some(stamp) = Stamp::of(&path)? else { continue };
            let content = match known.get(&path).filter(|(seen, _)| *seen == stamp) {
                Some((_, content)) => Arc::clone(content),
                None => match disk::read(&path)? {
                    Some(text) => Arc::new(parse(&text, &path, &key)?),
                    None => continue,
                },
            };
            contents.push(Arc::clone(&content));
            current.insert(path, (stamp, content));
        }
        *known = current;
        Ok(contents)
    }
}

impl Stamp {
    /// `None` if there is no such file.
    fn of(path: &Path) -> Result<Option<Self>> {
        match fs::metadata(path) {
            Ok(metadata) => Ok(Some(Self::new(&metadata))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::io("read", path, error)),
        }
    }

    fn new(metadata: &Metadata) -> Self {
        #[cfg(unix)]
        let inode = std::os::unix::fs::MetadataExt::ino(metadata);
        #[cfg(not(unix))]
        let inode = 0;
        Self { modified: metadata.modified().ok(), bytes: metadata.len(), inode }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn a_file_is_parsed_once_until_it_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        let cache = Cache::default();
        let parsed = Cell::new(0);
        let read = || {
            let parse = |content: &[u8], _: &Path, (): &()| {
                parsed.set(parsed.get() + 1);
                Ok(String::from_utf8_lossy(content).into_owned())
            };
            cache.read(vec![((), path.clone())], parse).unwrap().first().map(ToString::to_string)
        };
        assert_eq!((read(), parsed.get()), (None, 0));
        disk::replace(folder.path(), "a", b"one").unwrap();
        assert_eq!((read(), read(), parsed.get()), (Some("one".to_owned()), Some("one".to_owned()), 1));
        disk::replace(folder.path(), "a", b"two").unwrap();
        assert_eq!((read(), read(), parsed.get()), (Some("two".to_owned()), Some("two".to_owned()), 2));
        fs::remove_file(&path).unwrap();
        assert_eq!((read(), parsed.get()), (None, 2));
    }
}
