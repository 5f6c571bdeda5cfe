//! What was downloaded of files whose tables are not published yet, so that a later run goes on where one was cut off.

use super::SourceFile;
use sha2::{Digest, Sha256};
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// A private folder with two files for each file begun: its first bytes (`.part`) and the version they are of.
#[derive(Clone, Debug)]
pub(crate) struct Cache {
    folder: PathBuf,
}

/// The first bytes of one file, locked against other processes.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) file: File,
    /// How many bytes it holds.
    pub(crate) bytes: u64,
    path: PathBuf,
}

impl Cache {
    /// The cache below `folder` for the source of that name.
    pub(crate) fn new(folder: &Path, name: &str) -> Self {
        let mut start = [0; 8];
        start.copy_from_slice(&Sha256::digest(name.as_bytes())[..8]);
        Self { folder: folder.join(format!("{:016x}", u64::from_be_bytes(start))) }
    }

    /// What is kept of this very version of the file, possibly nothing yet. `None` where nothing can be kept: the
    /// server does not tell versions apart, another process has the file, or the disk refuses; the load goes on without.
    pub(crate) fn part(&self, file: &SourceFile) -> Option<Part> {
        self.open(file, file.version.as_deref()?).ok()
    }

    /// Forgets a file.
    pub(crate) fn discard(&self, file: &SourceFile) -> io::Result<()> {
        let path = self.path(file);
        for path in [version_path(&path), path] {
            match fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        // The last one out removes the folder; it stays while it holds anything.
        let _ = fs::remove_dir(&self.folder);
        Ok(())
    }

    pub(crate) fn path(&self, file: &SourceFile) -> PathBuf {
        let name = file.path.replace('%', "%25").replace('/', "%2F");
        self.folder.join(format!("{name}.part"))
    }

    fn open(&self, file: &SourceFile, version: &str) -> io::Result<Part> {
        private_folders(&self.folder)?;
        let path = self.path(file);
        let kept = private_file(&path)?;
        kept.try_lock()?;
        let same = fs::read(version_path(&path)).is_ok_and(|found| found == version.as_bytes());
        let bytes = kept.metadata()?.len();
        let mut part = Part { file: kept, bytes, path };
        if !same || file.bytes.is_some_and(|whole| bytes > whole) {
            part.restart()?;
            let mut note = private_file(&version_path(&part.path))?;
            note.set_len(0)?;
            note.write_all(version.as_bytes())?;
        }
        Ok(part)
    }
}

impl Part {
    /// Forgets its bytes.
    pub(crate) fn restart(&mut self) -> io::Result<()> {
        self.file.set_len(0)?;
        self.file.seek(SeekFrom::Start(0))?;
        self.bytes = 0;
        Ok(())
    }

    /// Adds bytes at the end, where the file's position must be.
    pub(crate) fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.bytes += bytes.len() as u64;
        Ok(())
    }

    /// Removes it from the disk.
    pub(crate) fn remove(self) {
        // A part without its version is begun anew, so the order matters and a failure of the second does not.
        let _ = fs::remove_file(version_path(&self.path));
        let _ = fs::remove_file(&self.path);
        // Only when it was the last.
        let _ = self.path.parent().map(fs::remove_dir);
    }
}

fn version_path(part: &Path) -> PathBuf {
    part.with_extension("version")
}

fn private_folders(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(version: Option<&str>) -> SourceFile {
        SourceFile { path: "icu/a.csv.gz".to_owned(), bytes: Some(10), version: version.map(str::to_owned) }
    }

    #[test]
    fn bytes_of_the_same_version_are_kept_and_of_another_are_not() {
        let home = tempfile::tempdir().unwrap();
        let cache = Cache::new(home.path(), "https://a.org/1/");
        let mut part = cache.part(&file(Some("1"))).unwrap();
        part.append(b"abc").unwrap();
        assert!(cache.part(&file(Some("1"))).is_none(), "a part in use is locked");
        drop(part);
        assert_eq!(cache.part(&file(Some("1"))).unwrap().bytes, 3);
        assert_eq!(cache.part(&file(Some("2"))).unwrap().bytes, 0);
        assert!(cache.part(&file(None)).is_none());
        assert_ne!(Cache::new(home.path(), "https://a.org/2/").folder, cache.folder);
    }

    #[test]
    fn discarding_leaves_nothing() {
        let home = tempfile::tempdir().unwrap();
        let cache = Cache::new(home.path(), "https://a.org/1/");
        cache.part(&file(Some("1"))).unwrap().append(b"abc").unwrap();
        cache.discard(&file(Some("1"))).unwrap();
        cache.discard(&file(Some("1"))).unwrap();
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_can_look() {
        use std::os::unix::fs::PermissionsExt;
        let home = tempfile::tempdir().unwrap();
        let cache = Cache::new(&home.path().join("scratch/downloads"), "https://a.org/1/");
        let part = cache.part(&file(Some("1"))).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&part.path), 0o600);
        assert_eq!(mode(&version_path(&part.path)), 0o600);
        assert_eq!(mode(&cache.folder), 0o700);
    }
}
