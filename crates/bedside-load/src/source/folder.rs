//! A folder on this machine.

use super::{SourceError, SourceFile, read_at_most};
use std::collections::HashSet;
use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

/// A folder as downloaded, any depth. Links are followed, each folder once; hidden files are passed over.
#[derive(Debug)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// The folder at `root`, which must exist.
    pub(crate) fn open(root: &Path) -> Result<Self, SourceError> {
        // An absolute path, so that `.` is recognised by its name too; links in it stay as the reader wrote them.
        let root = match root.file_name() {
            Some(_) => std::path::absolute(root),
            None => root.canonicalize(),
        }
        .map_err(|error| read_error(root, error))?;
        Ok(Self { root })
    }

    pub(crate) fn name(&self) -> String {
        self.root.display().to_string()
    }

    pub(crate) fn list(&self) -> Result<Vec<SourceFile>, SourceError> {
        let mut files = Vec::new();
        let mut seen = HashSet::new();
        walk(&self.root, "", &mut seen, &mut files)?;
        files.sort_by(|left, right| left.path.cmp(&right.path));
        Ok(files)
    }

    pub(crate) fn stat(&self, path: &str) -> Result<SourceFile, SourceError> {
        let full = self.root.join(path);
        let metadata = fs::metadata(&full).map_err(|error| read_error(&full, error))?;
        Ok(describe(path.to_owned(), &metadata))
    }

    pub(crate) fn open_file(&self, path: &str) -> Result<Box<dyn Read + Send>, SourceError> {
        let full = self.root.join(path);
        let file = File::open(&full).map_err(|error| read_error(&full, error))?;
        Ok(Box::new(file))
    }

    pub(crate) fn read_small(&self, path: &str, limit: usize) -> Result<Option<Vec<u8>>, SourceError> {
        let full = self.root.join(path);
        match File::open(&full) {
            Ok(file) => read_at_most(file, limit, &full.display().to_string()).map(Some),
            Err(error) if is_missing(&error) => Ok(None),
            Err(error) => Err(read_error(&full, error)),
        }
    }
}

fn walk(
    folder: &Path,
    prefix: &str,
    seen: &mut HashSet<PathBuf>,
    files: &mut Vec<SourceFile>,
) -> Result<(), SourceError> {
    // A folder reached twice, by a link to itself, above or beside it, counts once.
    let real = folder.canonicalize().map_err(|error| read_error(folder, error))?;
    if !seen.insert(real) {
        return Ok(());
    }
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| read_error(folder, error))? {
        let entry = entry.map_err(|error| read_error(folder, error))?;
        let name = entry.file_name();
        if !name.to_string_lossy().starts_with('.') {
            names.push(name);
        }
    }
    names.sort();
    for name in names {
        let full = folder.join(&name);
        let path = format!("{prefix}{}", name.to_string_lossy());
        match fs::metadata(&full) {
            Ok(metadata) if metadata.is_dir() => walk(&full, &format!("{path}/"), seen, files)?,
            Ok(metadata) if metadata.is_file() => files.push(describe(path, &metadata)),
            // Sockets and devices hold no tables.
            Ok(_) => {}
            // A link to nowhere, or a file that cannot be looked at, is listed: opening it says why.
            Err(_) => files.push(SourceFile { path, bytes: None, version: None }),
        }
    }
    Ok(())
}

fn describe(path: String, metadata: &Metadata) -> SourceFile {
    let modified = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let nanoseconds = modified.map_or(0, |time| time.as_nanos());
    let bytes = metadata.len();
    SourceFile { path, bytes: Some(bytes), version: Some(format!("{nanoseconds}-{bytes}")) }
}

fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// The error for a path of the local file system.
pub(crate) fn read_error(path: &Path, error: io::Error) -> SourceError {
    let place = path.display().to_string();
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => SourceError::NotFound { place, hint: None },
        io::ErrorKind::PermissionDenied => SourceError::AccessDenied {
            hint: format!("let yourself read it: `chmod -R u+rX '{place}'`, or ask its owner"),
            place,
            reason: error.to_string().to_lowercase(),
        },
        _ => SourceError::Read { place, source: error },
    }
}
