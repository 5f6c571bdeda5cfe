//! Files of loads and extracts: in folders and buckets that whoever runs the gate allows, and nowhere else.

use crate::error::{Error, Result};
use crate::service::{Shared, random};
use crate::stop::Stop;
use bedside_load::source::{Access, Source, SourceError, SourceFile};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The folder of what comes and goes, in the home.
const UPLOADS: &str = "scratch/uploads";

/// Bytes that are copied in one go.
const PIECE: usize = 1 << 20;

/// Buckets that loads may read and extracts may write.
#[derive(Clone, Debug, Default)]
pub struct Buckets {
    /// `gs://bucket`, `s3://bucket/prefix`: what is below them may be read and written.
    pub places: Vec<String>,
    /// What they are reached with.
    pub access: Access,
}

/// A place that is allowed.
#[derive(Debug)]
pub(crate) enum Place {
    /// A file of this machine.
    File(PathBuf),
    /// An object in a bucket.
    Object(Object),
}

/// An object in a bucket.
#[derive(Debug)]
pub(crate) struct Object {
    /// `gs://bucket/prefix`.
    folder: String,
    name: String,
}

/// A private file that goes with the last clone.
#[derive(Clone, Debug)]
pub(crate) struct Scratch {
    file: Arc<Removed>,
}

/// A file that goes with this.
#[derive(Debug)]
struct Removed(PathBuf);

impl Place {
    /// The place that a text names, if it is allowed, whatever links and dots are in it.
    pub(crate) fn allowed(shared: &Shared, text: &str) -> Result<Self> {
        match text.split_once("://") {
            Some((scheme @ ("gs" | "s3"), rest)) => Object::allowed(shared, scheme, rest).map(Self::Object),
            Some((scheme, _)) if scheme != "file" => Err(Error::Unsupported(format!("the scheme of {text}"))),
            _ => file(shared, text.strip_prefix("file://").unwrap_or(text)).map(Self::File),
        }
    }

    /// Whether there is a file of this name, or one that its `*` stands for.
    pub(crate) fn is_there(&self, shared: &Shared, stop: &Stop) -> Result<bool> {
        match self {
            Self::File(path) => match expanded(path) {
                Ok(paths) => Ok(paths.iter().any(|path| path.exists())),
                Err(Error::NotFound(_)) => Ok(false),
                Err(error) => Err(error),
            },
            Self::Object(object) => match object.source(shared, stop)?.list() {
                Ok(files) => Ok(files.iter().any(|file| matches(&object.name, &file.path))),
                Err(SourceError::NotFound { .. }) => Ok(false),
                Err(error) => Err(fault_of_bucket(&error, stop)),
            },
        }
    }
}

impl Object {
    fn allowed(shared: &Shared, scheme: &str, rest: &str) -> Result<Self> {
        let text = format!("{scheme}://{rest}");
        let denied = || Error::Outside(format!("URI {text}: it is in no bucket that the configuration allows"));
        let plain = rest.split('/').all(|part| !matches!(part, "" | "." | "..")) && !rest.contains(['\0', '\n', '\r']);
        let within = |place: &String| {
            let below = text.strip_prefix(place.trim_end_matches('/'));
            below.is_some_and(|below| below.starts_with('/'))
        };
        if !plain || !shared.options.buckets.places.iter().any(within) {
            return Err(denied());
        }
        let (folder, name) = text.rsplit_once('/').ok_or_else(denied)?;
        Ok(Self { folder: folder.to_owned(), name: name.to_owned() })
    }

    fn source(&self, shared: &Shared, stop: &Stop) -> Result<Source> {
        let access = Access { stop: Some(stop.shared_flag()), ..shared.options.buckets.access.clone() };
        Source::parse(&self.folder, &access).map_err(|error| fault_of_bucket(&error, stop))
    }

    /// Fetches it, or those that its `*` stands for, into private files.
    pub(crate) fn fetch(&self, shared: &Shared, stop: &Stop) -> Result<Vec<Scratch>> {
        let source = self.source(shared, stop)?;
        let files = if self.name.contains('*') {
            let listed = source.list().map_err(|error| fault_of_bucket(&error, stop))?;
            listed.into_iter().filter(|file| matches(&self.name, &file.path)).collect()
        } else {
            vec![SourceFile { path: self.name.clone(), bytes: None, version: None }]
        };
        if files.is_empty() {
            return Err(Error::NotFound(format!("Not found: URI {}/{}", self.folder, self.name)));
        }
        files.iter().map(|file| fetched(shared, &source, file, stop)).collect()
    }

    /// Puts a file there.
    pub(crate) fn put(&self, shared: &Shared, file: &Scratch, stop: &Stop) -> Result<()> {
        let source = self.source(shared, stop)?;
        source.put(&self.name, file.path()).map_err(|error| fault_of_bucket(&error, stop))
    }
}

impl Scratch {
    /// A name in a private folder; there is no file yet.
    pub(crate) fn new(shared: &Shared) -> Result<Self> {
        let folder = shared.engine.warehouse().path(UPLOADS);
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&folder).map_err(|error| fault("create", &folder, &error))?;
        Ok(Self { file: Arc::new(Removed(folder.join(random::<16>()?))) })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.file.0
    }
}

impl Drop for Removed {
    fn drop(&mut self) {
        // What stays is in a private folder.
        drop(fs::remove_file(&self.0));
    }
}

/// A new file that its owner alone reads.
pub(crate) fn create(path: &Path) -> Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|error| fault("create", path, &error))
}

/// The files that a place stands for: itself, or those of its folder whose names fit its `*`.
pub(crate) fn expanded(path: &Path) -> Result<Vec<PathBuf>> {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let not_found = || Error::NotFound(format!("Not found: File {}", path.display()));
    let (true, Some(folder)) = (name.contains('*'), path.parent()) else { return Ok(vec![path.to_path_buf()]) };
    let entries = fs::read_dir(folder).map_err(|error| fault("read", folder, &error))?;
    let entries = entries.collect::<io::Result<Vec<_>>>().map_err(|error| fault("read", folder, &error))?;
    let fits = |entry: &fs::DirEntry| entry.file_name().to_str().is_some_and(|found| matches(name, found));
    let mut paths: Vec<PathBuf> = entries.iter().filter(|entry| fits(entry)).map(fs::DirEntry::path).collect();
    paths.sort_unstable();
    if paths.is_empty() { Err(not_found()) } else { Ok(paths) }
}

pub(crate) fn fault(doing: &str, path: &Path, error: &io::Error) -> Error {
    Error::Place(format!("cannot {doing} {}: {error}", path.display()))
}

/// A path in a folder that is allowed.
fn file(shared: &Shared, text: &str) -> Result<PathBuf> {
    let path = Path::new(text);
    let denied = || Error::Outside(format!("File {text}: it is in no folder that the configuration allows"));
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

fn fetched(shared: &Shared, source: &Source, file: &SourceFile, stop: &Stop) -> Result<Scratch> {
    let scratch = Scratch::new(shared)?;
    let mut kept = create(scratch.path())?;
    let mut reader = source.open(file).map_err(|error| fault_of_bucket(&error, stop))?;
    let mut piece = vec![0; PIECE];
    loop {
        let read = reader.read(&mut piece);
        let read = read.map_err(|error| fault_of_bucket(&SourceError::from_io(error, &file.path), stop))?;
        if read == 0 {
            return Ok(scratch);
        }
        kept.write_all(&piece[..read]).map_err(|error| fault("write", scratch.path(), &error))?;
    }
}

/// Whether a name fits a pattern with one `*`.
fn matches(pattern: &str, name: &str) -> bool {
    let Some((start, end)) = pattern.split_once('*') else { return pattern == name };
    name.len() >= start.len() + end.len() && name.starts_with(start) && name.ends_with(end)
}

fn fault_of_bucket(error: &SourceError, stop: &Stop) -> Error {
    match error {
        SourceError::Stopped { .. } => stop.error(),
        SourceError::NotFound { place, .. } => Error::NotFound(format!("Not found: URI {place}")),
        SourceError::AccessDenied { place, reason, .. } => {
            Error::Denied(format!("Access Denied: URI {place}: {reason}"))
        }
        SourceError::NotASource { text, reason, .. } => Error::Invalid(format!("Invalid URI {text}: {reason}")),
        other => Error::Place(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn one_star_stands_for_any_text() {
        for (pattern, name, fits) in [
            ("a.csv", "a.csv", true),
            ("a.csv", "b.csv", false),
            ("a-*.csv", "a-000.csv", true),
            ("a-*.csv", "a-.csv", true),
            ("a-*a-.csv", "a-.csv", false),
            ("*", "x", true),
            ("a*", "b", false),
        ] {
            assert_eq!(matches(pattern, name), fits, "{pattern} {name}");
        }
    }
}
