//! Rows on disk: one nameless file that vanishes with the process, even a killed one.

use arrow::array::RecordBatch;
use arrow::error::ArrowError;
use arrow::ipc::CompressionType;
use arrow::ipc::reader::StreamReader;
use arrow::ipc::writer::{IpcWriteOptions, StreamWriter};
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::error::{Error, Result};

/// Read and written in pieces of this size.
const BUFFER_BYTES: usize = 128 << 10;

/// A file of segments, each a sequence of batches.
#[derive(Debug)]
pub(crate) struct SpillFile {
    file: Arc<Mutex<File>>,
    folder: PathBuf,
    end: u64,
}

/// Where a segment stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Segment {
    offset: u64,
    bytes: u64,
}

impl SpillFile {
    /// A new file in `folder`.
    pub(crate) fn create(folder: &Path) -> Result<Self> {
        let file = tempfile::tempfile_in(folder).map_err(|error| Error::write(folder, error))?;
        Ok(Self { file: Arc::new(Mutex::new(file)), folder: folder.to_owned(), end: 0 })
    }

    /// Appends a segment. There must be at least one batch.
    pub(crate) fn write(&mut self, batches: impl IntoIterator<Item = Result<RecordBatch>>) -> Result<Segment> {
        let mut batches = batches.into_iter().peekable();
        let schema = match batches.peek() {
            Some(Ok(batch)) => batch.schema(),
            _ => return Err(batches.next().and_then(Result::err).unwrap_or_else(no_batch)),
        };
        let options = IpcWriteOptions::default().try_with_compression(Some(CompressionType::LZ4_FRAME))?;
        let section = Section { file: Arc::clone(&self.file), at: self.end, end: u64::MAX };
        let buffered = BufWriter::with_capacity(BUFFER_BYTES, section);
        let mut writer = StreamWriter::try_new_with_options(buffered, &schema, options)
            .map_err(|error| write_error(&self.folder, error))?;
        for batch in batches {
            writer.write(&batch?).map_err(|error| write_error(&self.folder, error))?;
        }
        let buffered = writer.into_inner().map_err(|error| write_error(&self.folder, error))?;
        let section = buffered.into_inner().map_err(|error| Error::write(&self.folder, error.into_error()))?;
        let segment = Segment { offset: self.end, bytes: section.at - self.end };
        self.end = section.at;
        Ok(segment)
    }

    /// Appends bytes; the place where they begin.
    pub(crate) fn write_bytes(&mut self, bytes: &[u8]) -> Result<u64> {
        let offset = self.end;
        let mut section = Section { file: Arc::clone(&self.file), at: offset, end: u64::MAX };
        section.write_all(bytes).map_err(|error| Error::write(&self.folder, error))?;
        self.end = section.at;
        Ok(offset)
    }

    /// Reads bytes that were appended.
    pub(crate) fn read_bytes(&self, offset: u64, bytes: &mut [u8]) -> Result<()> {
        let mut section = Section { file: Arc::clone(&self.file), at: offset, end: self.end };
        section.read_exact(bytes).map_err(|error| Error::write(&self.folder, error))
    }

    /// The batches of a segment, in order.
    pub(crate) fn read(&self, segment: Segment) -> Result<impl Iterator<Item = Result<RecordBatch>> + use<>> {
        let end = segment.offset + segment.bytes;
        let section = Section { file: Arc::clone(&self.file), at: segment.offset, end };
        let folder = self.folder.clone();
        let buffered = BufReader::with_capacity(BUFFER_BYTES, section);
        let reader = StreamReader::try_new(buffered, None).map_err(|error| write_error(&folder, error))?;
        Ok(reader.map(move |batch| batch.map_err(|error| write_error(&folder, error))))
    }
}

fn no_batch() -> Error {
    Error::Internal("a segment without rows".to_owned())
}

fn write_error(folder: &Path, error: ArrowError) -> Error {
    match error {
        ArrowError::IoError(_, source) => Error::write(folder, source),
        other => other.into(),
    }
}

/// A part of a file that threads share; each part has a place of its own.
#[derive(Debug)]
struct Section {
    file: Arc<Mutex<File>>,
    at: u64,
    end: u64,
}

impl Section {
    fn seek<T>(&mut self, action: impl FnOnce(&mut File) -> io::Result<T>) -> io::Result<T> {
        // Every use seeks first, so a thread that panicked in between left nothing that matters.
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(self.at))?;
        action(&mut file)
    }
}

impl Read for Section {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.end - self.at).unwrap_or(usize::MAX).min(buffer.len());
        let count = self.seek(|file| file.read(&mut buffer[..most]))?;
        self.at += count as u64;
        Ok(count)
    }
}

impl Write for Section {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let count = self.seek(|file| file.write(buffer))?;
        self.at += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
