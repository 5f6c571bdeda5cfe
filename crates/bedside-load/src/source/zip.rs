//! A zip as PhysioNet serves it. Members are read as streams, nothing is unpacked to disk.

use super::folder::read_error;
use super::{SourceError, SourceFile, read_at_most};
use ::zip::read::ZipFile;
use ::zip::result::ZipError;
use ::zip::{CompressionMethod, ZipArchive};
use flate2::Crc;
use flate2::bufread::DeflateDecoder;
use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// Bytes read from the archive at a time.
const BUFFER: usize = 128 << 10;

/// A zip on this machine, stored or deflated members, zip64 included. Paths keep the root folder inside.
#[derive(Debug)]
pub struct Zip {
    path: PathBuf,
}

/// Where a member's bytes are and what they must come to.
struct Member {
    start: u64,
    packed: u64,
    method: CompressionMethod,
    bytes: u64,
    crc: u32,
}

impl Zip {
    /// The zip at `path`, which must exist; it is looked into later.
    pub(crate) fn open(path: &Path) -> Result<Self, SourceError> {
        let path = std::path::absolute(path).map_err(|error| read_error(path, error))?;
        Ok(Self { path })
    }

    pub(crate) fn name(&self) -> String {
        self.path.display().to_string()
    }

    pub(crate) fn list(&self) -> Result<Vec<SourceFile>, SourceError> {
        let mut files = Vec::new();
        self.each(|path, member| {
            if !path.split('/').any(|part| part.starts_with('.') || part == "__MACOSX") {
                files.push(describe(path, member));
            }
        })?;
        files.sort_by(|left, right| left.path.cmp(&right.path));
        Ok(files)
    }

    pub(crate) fn stat(&self, path: &str) -> Result<SourceFile, SourceError> {
        let mut found = None;
        self.each(|name, member| {
            if name == path {
                found = Some(describe(name, member));
            }
        })?;
        found.ok_or_else(|| SourceError::NotFound { place: self.place(path), hint: None })
    }

    /// Opens the archive anew for every member, so that several are read at a time.
    pub(crate) fn open_file(&self, path: &str) -> Result<Box<dyn Read + Send>, SourceError> {
        let place = self.place(path);
        let member = self.member(path)?.ok_or_else(|| SourceError::NotFound { place: place.clone(), hint: None })?;
        let mut file = File::open(&self.path).map_err(|error| read_error(&self.path, error))?;
        file.seek(SeekFrom::Start(member.start)).map_err(|error| read_error(&self.path, error))?;
        let packed = BufReader::with_capacity(BUFFER, file.take(member.packed));
        let inner: Box<dyn Read + Send> = match member.method {
            CompressionMethod::Stored => Box::new(packed),
            CompressionMethod::Deflated => Box::new(DeflateDecoder::new(packed)),
            other => {
                return Err(SourceError::Unsupported {
                    place,
                    what: format!("it is packed with {other}"),
                    hint: "unpack the zip and load the folder".to_owned(),
                });
            }
        };
        Ok(Box::new(MemberReader { inner, sum: Crc::new(), bytes: 0, member, place }))
    }

    pub(crate) fn read_small(&self, path: &str, limit: usize) -> Result<Option<Vec<u8>>, SourceError> {
        match self.open_file(path) {
            Ok(reader) => read_at_most(reader, limit, &self.place(path)).map(Some),
            Err(SourceError::NotFound { .. }) if self.path.exists() => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn place(&self, path: &str) -> String {
        format!("{} in {}", path, self.path.display())
    }

    fn archive(&self) -> Result<ZipArchive<BufReader<File>>, SourceError> {
        let file = File::open(&self.path).map_err(|error| read_error(&self.path, error))?;
        let archive = ZipArchive::new(BufReader::new(file)).map_err(|error| self.error(error, self.name()))?;
        if archive.has_duplicate_names() {
            let detail = "two members have the same name".to_owned();
            return Err(SourceError::Damaged { place: self.name(), detail });
        }
        Ok(archive)
    }

    /// Visits every member that is a file, by its path with `/`.
    fn each(&self, mut visit: impl FnMut(&str, &ZipFile<'_, BufReader<File>>)) -> Result<(), SourceError> {
        let mut archive = self.archive()?;
        for index in 0..archive.len() {
            let member = archive.by_index_raw(index).map_err(|error| self.error(error, self.name()))?;
            if member.is_file() {
                visit(&path_of(&member), &member);
            }
        }
        Ok(())
    }

    fn member(&self, path: &str) -> Result<Option<Member>, SourceError> {
        let mut found = None;
        self.each(|name, member| {
            if name == path {
                found = Some((
                    member.encrypted(),
                    member.data_start().map(|start| Member {
                        start,
                        packed: member.compressed_size(),
                        method: member.compression(),
                        bytes: member.size(),
                        crc: member.crc32(),
                    }),
                ));
            }
        })?;
        match found {
            None => Ok(None),
            Some((true, _)) => Err(SourceError::Unsupported {
                place: self.place(path),
                what: "it is encrypted".to_owned(),
                hint: "unpack the zip with its password and load the folder".to_owned(),
            }),
            Some((false, Some(member))) => Ok(Some(member)),
            Some((false, None)) => {
                Err(SourceError::Damaged { place: self.place(path), detail: "its start was not found".to_owned() })
            }
        }
    }

    fn error(&self, error: ZipError, place: String) -> SourceError {
        match error {
            ZipError::Io(source) if source.kind() == io::ErrorKind::UnexpectedEof => {
                SourceError::Damaged { place, detail: "it ends too early".to_owned() }
            }
            ZipError::Io(source) => read_error(&self.path, source),
            ZipError::UnsupportedArchive(what) => SourceError::Unsupported {
                place,
                what: what.to_lowercase(),
                hint: "unpack the zip and load the folder".to_owned(),
            },
            other => SourceError::Damaged {
                place,
                detail: format!("{}; the download may be incomplete", other.to_string().to_lowercase()),
            },
        }
    }
}

fn path_of(member: &ZipFile<'_, BufReader<File>>) -> String {
    let name = member.name().map_or_else(|_| String::from_utf8_lossy(member.name_raw()).into_owned(), Cow::into_owned);
    let name = name.replace('\\', "/");
    name.trim_start_matches("./").trim_start_matches('/').to_owned()
}

fn describe(path: &str, member: &ZipFile<'_, BufReader<File>>) -> SourceFile {
    let version = format!("{:08x}-{}", member.crc32(), member.size());
    SourceFile { path: path.to_owned(), bytes: Some(member.size()), version: Some(version) }
}

/// Unpacked bytes, whose number and checksum are compared with the archive's at the end.
struct MemberReader {
    inner: Box<dyn Read + Send>,
    sum: Crc,
    bytes: u64,
    member: Member,
    place: String,
}

impl MemberReader {
    fn damaged(&self, detail: String) -> io::Error {
        SourceError::Damaged { place: self.place.clone(), detail }.into()
    }
}

impl Read for MemberReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = match self.inner.read(buffer) {
            Ok(count) => count,
            Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData) => {
                return Err(self.damaged(format!("its packed bytes make no sense after {} bytes", self.bytes)));
            }
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                return Err(self.damaged(format!("it ends after {} bytes of {}", self.bytes, self.member.bytes)));
            }
            Err(error) => return Err(error),
        };
        self.sum.update(&buffer[..count]);
        self.bytes += count as u64;
        if count == 0 && !buffer.is_empty() {
            if self.bytes != self.member.bytes {
                return Err(self.damaged(format!("it has {} bytes instead of {}", self.bytes, self.member.bytes)));
            }
            if self.sum.sum() != self.member.crc {
                return Err(self.damaged("its checksum does not fit".to_owned()));
            }
        }
        Ok(count)
    }
}
