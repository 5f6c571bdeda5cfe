//! The bytes of a file: counted and hashed as stored, then unpacked.

use flate2::bufread::MultiGzDecoder;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::io::{self, BufRead, BufReader, Read};

use crate::error::Error;
use crate::source::SourceError;

/// Pieces in which a source is read.
pub(crate) const CHUNK_BYTES: usize = 256 << 10;

/// What was read of a file, as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Digested {
    /// Bytes.
    pub(crate) bytes: u64,
    /// Their SHA-256, hexadecimal.
    pub(crate) sha256: String,
}

/// Counts and hashes what passes.
#[derive(Debug)]
pub(crate) struct HashingReader<R> {
    input: R,
    hash: Sha256,
    bytes: u64,
}

impl<R: Read> HashingReader<R> {
    pub(crate) fn new(input: R) -> Self {
        Self { input, hash: Sha256::new(), bytes: 0 }
    }

    pub(crate) fn finish(self) -> Digested {
        Digested { bytes: self.bytes, sha256: hexadecimal(&self.hash.finalize()) }
    }
}

impl<R: Read> Read for HashingReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        self.hash.update(&buffer[..count]);
        self.bytes += count as u64;
        Ok(count)
    }
}

/// The text of a file: unpacked where its first bytes are those of gzip, else as it is. `path` decides for a file that is
/// too short to tell.
pub(crate) fn unpack<R: Read>(input: R, path: &str) -> io::Result<Unpacked<R>> {
    let mut buffered = BufReader::with_capacity(CHUNK_BYTES, input);
    let start = buffered.fill_buf()?;
    let packed = match start {
        [0x1f, 0x8b, ..] => true,
        [] => false,
        _ if is_gzip_name(path) => {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "it is named .gz, but is no gzip file"));
        }
        _ => false,
    };
    Ok(if packed { Unpacked::Gzip(Box::new(MultiGzDecoder::new(buffered))) } else { Unpacked::Plain(buffered) })
}

/// Text as [`unpack`] gives it.
#[derive(Debug)]
pub(crate) enum Unpacked<R> {
    Plain(BufReader<R>),
    Gzip(Box<MultiGzDecoder<BufReader<R>>>),
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(input) => input.read(buffer),
            Self::Gzip(input) => input.read(buffer),
        }
    }
}

impl<R: Read> Unpacked<R> {
    /// Reads what is left, packed or not, so that its checksum is known.
    pub(crate) fn drain(&mut self) -> io::Result<u64> {
        let input = match self {
            Self::Plain(input) => input,
            Self::Gzip(input) => input.get_mut(),
        };
        io::copy(input, &mut io::sink())
    }
}

/// The error behind a failure to read or to unpack `file`.
pub(crate) fn read_error(error: io::Error, file: &str) -> Error {
    if error.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<SourceError>) {
        return SourceError::from_io(error, file).into();
    }
    let why = match error.kind() {
        io::ErrorKind::UnexpectedEof => "it ends in the middle; a part of it is missing".to_owned(),
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => format!("it is damaged: {error}"),
        _ => return SourceError::from_io(error, file).into(),
    };
    Error::Compressed { file: file.to_owned(), why }
}

fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // Writing to a text cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

fn is_gzip_name(path: &str) -> bool {
    path.len() > 3 && path.as_bytes()[path.len() - 3..].eq_ignore_ascii_case(b".gz")
}

#[cfg(test)]
mod tests {
    use super::{HashingReader, read_error, unpack};
    use flate2::{Compression, write::GzEncoder};
    use std::io::{Read, Write};

    fn gzip(text: &str) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    fn read(bytes: &[u8], path: &str) -> Result<String, String> {
        let mut text = String::new();
        match unpack(bytes, path).and_then(|mut input| input.read_to_string(&mut text)) {
            Ok(_) => Ok(text),
            Err(error) => Err(read_error(error, path).to_string()),
        }
    }

    #[test]
    fn gzip_and_plain_text_are_read_and_damage_is_told() {
        let packed = gzip("a,b\n1,2\n");
        let several = [gzip("a,b\n"), gzip("1,2\n")].concat();
        let mut wrong = packed.clone();
        let end = wrong.len();
        wrong[end - 6] ^= 1;
        for (bytes, path, expected) in [
            (packed.as_slice(), "x.csv.gz", Ok("a,b\n1,2\n")),
            (&several, "x.csv.gz", Ok("a,b\n1,2\n")),
            (&packed, "x.csv", Ok("a,b\n1,2\n")),
            (b"a,b\n", "x.csv", Ok("a,b\n")),
            (b"", "x.csv.gz", Ok("")),
            (&packed[..packed.len() - 9], "x.csv.gz", Err("x.csv.gz: it ends in the middle")),
            (&packed[..5], "x.csv.gz", Err("x.csv.gz: it ends in the middle")),
            (&wrong, "x.csv.gz", Err("x.csv.gz: it is damaged")),
            (b"a,b\n", "x.csv.gz", Err("no gzip file")),
        ] {
            match (read(bytes, path), expected) {
                (Ok(text), Ok(expected)) => assert_eq!(text, expected),
                (Err(text), Err(expected)) => assert!(text.contains(expected), "{text}"),
                (found, expected) => panic!("{path}: {found:?} instead of {expected:?}"),
            }
        }
    }

    #[test]
    fn what_passes_is_counted_and_hashed() {
        let mut reader = HashingReader::new(&b"abc"[..]);
        reader.read_to_end(&mut Vec::new()).unwrap();
        let digested = reader.finish();
        assert_eq!(digested.bytes, 3);
        // FIPS 180-2, appendix B.1.
        assert_eq!(digested.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
