//! Where rows go: standard output, or a file that is there complete or not at all.

use crate::failure::Failure;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

const BUFFER: usize = 1 << 16;

/// Something to write a result to.
#[derive(Debug)]
pub(crate) enum Destination {
    /// Standard output.
    Stdout(BufWriter<io::Stdout>),
    /// A temporary file beside the one it will become; private to the user, since it may hold patients' data.
    File(Box<FileDestination>),
    /// Memory.
    #[cfg(test)]
    Memory(Vec<u8>),
}

/// A file that is being written.
#[derive(Debug)]
pub(crate) struct FileDestination {
    writer: BufWriter<NamedTempFile>,
    path: PathBuf,
}

impl Destination {
    /// Standard output.
    pub(crate) fn stdout() -> Self {
        Self::Stdout(BufWriter::with_capacity(BUFFER, io::stdout()))
    }

    /// The file at `path`, which appears, or is replaced, on [`Destination::finish`].
    pub(crate) fn file(path: &Path) -> Result<Self, Failure> {
        let cannot = |error: &io::Error| Failure::io(format!("cannot write {}", path.display()), error);
        if path.is_dir() {
            return Err(Failure::usage(format!("cannot write {}: it is a folder", path.display()))
                .with_hint("name a file in it, as in --output folder/result.csv"));
        }
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let temporary = tempfile::Builder::new().prefix(".bedside-").tempfile_in(folder).map_err(|e| cannot(&e))?;
        let writer = BufWriter::with_capacity(BUFFER, temporary);
        Ok(Self::File(Box::new(FileDestination { writer, path: path.to_owned() })))
    }

    /// Where `--output` says, or standard output.
    pub(crate) fn of(output: Option<&Path>) -> Result<Self, Failure> {
        output.map_or_else(|| Ok(Self::stdout()), Self::file)
    }

    /// Writes what is buffered, and puts a file in its place.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        match self {
            Self::Stdout(mut writer) => writer.flush().map_err(|error| write_failure(&error)),
            #[cfg(test)]
            Self::Memory(_) => Ok(()),
            Self::File(file) => {
                let FileDestination { writer, path } = *file;
                let cannot = |error: &io::Error| Failure::io(format!("cannot write {}", path.display()), error);
                let temporary = writer.into_inner().map_err(|error| cannot(error.error()))?;
                temporary.as_file().sync_all().map_err(|e| cannot(&e))?;
                temporary.persist(&path).map_err(|e| cannot(&e.error))?;
                Ok(())
            }
        }
    }
}

impl Write for Destination {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stdout(writer) => writer.write(bytes),
            Self::File(file) => file.writer.write(bytes),
            #[cfg(test)]
            Self::Memory(memory) => memory.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stdout(writer) => writer.flush(),
            Self::File(file) => file.writer.flush(),
            #[cfg(test)]
            Self::Memory(_) => Ok(()),
        }
    }
}

/// Why a result could not be written. A reader that has seen enough (`| head`) is told apart by [`is_closed_pipe`].
pub(crate) fn write_failure(error: &io::Error) -> Failure {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return Failure::new(bedside_types::ErrorCode::Stopped, CLOSED_PIPE);
    }
    Failure::io("cannot write the result", error)
}

/// Whether a failure only says that nobody reads on, which is no failure of the command.
pub(crate) fn is_closed_pipe(failure: &Failure) -> bool {
    failure.message == CLOSED_PIPE
}

const CLOSED_PIPE: &str = "the reader of the output closed it";

#[cfg(test)]
mod tests {
    use super::Destination;
    use std::io::Write;

    #[test]
    fn a_file_appears_complete_or_not_at_all() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("result.csv");
        std::fs::write(&path, "old").unwrap();

        let mut dropped = Destination::file(&path).unwrap();
        dropped.write_all(b"half").unwrap();
        drop(dropped);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "old");

        let mut finished = Destination::file(&path).unwrap();
        finished.write_all(b"new").unwrap();
        finished.finish().unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "a temporary is left");
    }

    #[test]
    fn a_folder_that_is_missing_is_named() {
        let folder = tempfile::TempDir::new().unwrap();
        let failure = Destination::file(&folder.path().join("none/result.csv")).unwrap_err();
        assert!(failure.message.contains("none/result.csv"), "{}", failure.message);
        assert!(Destination::file(folder.path()).unwrap_err().message.contains("is a folder"));
    }
}
