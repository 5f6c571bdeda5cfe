//! multipart/related bodies of two parts, as Google's clients upload: a JSON document, then a file. The file goes on as it
//! comes; nothing of it is kept.

use crate::error::Failure;

/// The document and the headers of the parts must fit into this.
const HEAD_BYTES: usize = 4 << 20;
/// Of RFC 2046.
const LONGEST_BOUNDARY: usize = 70;

/// The boundary of a Content-Type.
///
/// # Errors
/// 400 where the type is no multipart with one.
pub(crate) fn boundary(content_type: &str) -> Result<String, Failure> {
    let mut parts = content_type.split(';').map(str::trim);
    let is_multipart = parts.next().is_some_and(|kind| kind.to_ascii_lowercase().starts_with("multipart/"));
    let parameter = parts.find_map(|part| {
        let (name, value) = part.split_once('=')?;
        name.trim().eq_ignore_ascii_case("boundary").then(|| value.trim().trim_matches('"'))
    });
    match parameter {
        Some(text) if is_multipart && !text.is_empty() && text.len() <= LONGEST_BOUNDARY => Ok(text.to_owned()),
        _ => Err(refused("Content-Type must be multipart/related with a boundary")),
    }
}

/// A body on its way.
#[derive(Debug)]
pub(crate) struct Related {
    /// `\r\n--boundary`.
    delimiter: Vec<u8>,
    place: Place,
    /// Read and not given out yet.
    held: Vec<u8>,
    document: Option<Vec<u8>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Before the first part, in the head of one, or in the document.
    Head,
    /// In the file.
    File,
    /// Behind it.
    End,
}

impl Related {
    pub(crate) fn new(boundary: &str) -> Self {
        let delimiter = format!("\r\n--{boundary}").into_bytes();
        // As if a line had ended before the body: the first delimiter stands at its very beginning.
        Self { delimiter, place: Place::Head, held: b"\r\n".to_vec(), document: None }
    }

    /// The JSON document, once it is there.
    pub(crate) fn document(&self) -> Option<&[u8]> {
        self.document.as_deref()
    }

    /// Takes a piece of the body; gives the piece of the file that is sure by now.
    ///
    /// # Errors
    /// 400 for what is no such body.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> Result<Vec<u8>, Failure> {
        self.held.extend_from_slice(bytes);
        if self.place == Place::Head {
            self.read_head()?;
        }
        Ok(if self.place == Place::File { self.sure() } else { Vec::new() })
    }

    /// Says whether the body ended where it should.
    ///
    /// # Errors
    /// 400 where it broke off.
    pub(crate) fn finish(&self) -> Result<(), Failure> {
        if self.place == Place::End { Ok(()) } else { Err(refused("the multipart body breaks off")) }
    }

    /// The document and the head of the file, if they are there whole.
    fn read_head(&mut self) -> Result<(), Failure> {
        let found = self.head();
        match found {
            Some((document, file)) => {
                self.document = Some(self.held[document.0..document.1].to_vec());
                self.held.drain(..file);
                self.place = Place::File;
                Ok(())
            }
            None if self.held.len() > HEAD_BYTES => Err(refused("the first part of the multipart body is too large")),
            None => Ok(()),
        }
    }

    /// Where the document is, and where the file begins.
    fn head(&self) -> Option<((usize, usize), usize)> {
        let first = find(&self.held, &self.delimiter, 0)?;
        let document = self.after_head(first)?;
        let second = find(&self.held, &self.delimiter, document)?;
        // The blank line of the file's head must not be overwritten where the file is empty.
        let file = self.after_head(second)?;
        Some(((document, second), file))
    }

    /// Behind the head of the part that begins with the delimiter at a place.
    fn after_head(&self, delimiter: usize) -> Option<usize> {
        find(&self.held, b"\r\n\r\n", delimiter + self.delimiter.len()).map(|end| end + 4)
    }

    /// What cannot be the beginning of the last delimiter.
    fn sure(&mut self) -> Vec<u8> {
        if let Some(end) = find(&self.held, &self.delimiter, 0) {
            self.place = Place::End;
            let file = self.held[..end].to_vec();
            self.held.clear();
            return file;
        }
        let sure = self.held.len().saturating_sub(self.delimiter.len());
        self.held.drain(..sure).collect()
    }
}

fn find(bytes: &[u8], wanted: &[u8], from: usize) -> Option<usize> {
    memchr::memmem::find(bytes.get(from..)?, wanted).map(|at| at + from)
}

fn refused(message: &str) -> Failure {
    Failure::new(400, "badRequest", message)
}

#[cfg(test)]
mod tests {
    use super::{Related, boundary};

    /// The document and the file of a body that comes in pieces of this size.
    fn parts(body: &[u8], step: usize) -> Option<(Vec<u8>, Vec<u8>)> {
        let mut related = Related::new("=b=");
        let mut file = Vec::new();
        for piece in body.chunks(step) {
            file.extend(related.push(piece).ok()?);
        }
        related.finish().ok()?;
        Some((related.document()?.to_vec(), file))
    }

    #[test]
    fn a_file_survives_whatever_the_pieces_are() {
        let file: Vec<u8> = b"PAR1\r\n--=\r\n--=b\x00\xff\r\n\r\n".repeat(3);
        let mut body =
            b"--=b=\r\ncontent-type: application/json\r\n\r\n{\"a\":1}\r\n--=b=\r\ncontent-type: */*\r\n\r\n".to_vec();
        body.extend_from_slice(&file);
        body.extend_from_slice(b"\r\n--=b=--");
        for step in [1, 2, 7, body.len()] {
            assert_eq!(parts(&body, step), Some((b"{\"a\":1}".to_vec(), file.clone())), "{step}");
        }
        assert_eq!(parts(&body[..body.len() - 10], 100), None);
        let empty = b"--=b=\r\n\r\n{}\r\n--=b=\r\n\r\n\r\n--=b=--\r\n";
        assert_eq!(parts(empty, 3), Some((b"{}".to_vec(), Vec::new())));
        assert_eq!(parts(b"no parts at all", 3), None);
    }

    #[test]
    fn a_boundary_is_taken_with_and_without_quotes() {
        assert_eq!(boundary("multipart/related; boundary=\"==7==\"").as_deref(), Ok("==7=="));
        assert_eq!(boundary("Multipart/Related; type=x; Boundary=a").as_deref(), Ok("a"));
        for text in [
            "",
            "application/json",
            "multipart/related",
            "multipart/related; boundary=",
            &format!("multipart/related; boundary={}", "x".repeat(71)),
        ] {
            assert!(boundary(text).is_err(), "{text}");
        }
    }
}
