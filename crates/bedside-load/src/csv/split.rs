//! Cutting a stream of text at record ends.

use memchr::{memchr, memchr_iter, memrchr};
use std::io::{self, Read};

/// Whole records, with the place of the first.
#[derive(Debug)]
pub(crate) struct Block {
    /// Whole records; the last may lack its line ending at the end of the file.
    pub(crate) bytes: Vec<u8>,
    /// Physical line where the first record begins, from 1.
    pub(crate) line: u64,
    /// Where in the file it stands.
    pub(crate) place: Place,
}

/// Where a block stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Others follow.
    Within,
    /// It is the last one.
    End,
}

/// What the splitter found next.
#[derive(Debug)]
pub(crate) enum Piece {
    /// Whole records.
    Block(Block),
    /// A record up to the end of the line in which a quote opens that does not close within the look-ahead; reading goes
    /// on after that line.
    OpenQuote {
        /// The record so far, without its ending.
        bytes: Vec<u8>,
        /// Line where the quote opens, from 1.
        line: u64,
        /// Bytes looked at after the quote.
        looked: u64,
    },
}

/// Cuts a stream into blocks. Holds one block and what follows its last record end, or one look-ahead.
#[derive(Debug)]
pub(crate) struct Splitter<R> {
    input: R,
    buffer: Vec<u8>,
    line: u64,
    block: usize,
    look_ahead: usize,
    at_end: bool,
}

impl<R: Read> Splitter<R> {
    /// A splitter that makes blocks of about `block` bytes and gives a quote `look_ahead` bytes to close.
    pub(crate) fn new(input: R, block: usize, look_ahead: usize) -> Self {
        Self { input, buffer: Vec::new(), line: 1, block, look_ahead, at_end: false }
    }

    /// The first physical line without byte order mark and line ending; `None` for a file without a byte.
    pub(crate) fn header(&mut self) -> io::Result<Option<Vec<u8>>> {
        loop {
            let end = memchr(b'\n', &self.buffer);
            if end.is_some() || self.at_end || self.buffer.len() > self.look_ahead {
                let taken = end.map_or(self.buffer.len(), |at| at + 1);
                if taken == 0 {
                    return Ok(None);
                }
                let mut header: Vec<u8> = self.buffer.drain(..taken).collect();
                self.line += 1;
                trim_line_ending(&mut header);
                if header.starts_with(b"\xef\xbb\xbf") {
                    header.drain(..3);
                }
                return Ok(Some(header));
            }
            self.fill(self.buffer.len() + self.block.min(64 << 10))?;
        }
    }

    /// The next whole records, `None` at the end of the file.
    pub(crate) fn next(&mut self) -> io::Result<Option<Piece>> {
        let mut wanted = self.block;
        loop {
            self.fill(wanted)?;
            if self.buffer.is_empty() {
                return Ok(None);
            }
            let scan = scan(&self.buffer, self.at_end);
            let end = match scan.open {
                // The last record may lack its line ending.
                None if self.at_end => self.buffer.len(),
                _ => scan.end,
            };
            if end > 0 {
                if end == self.buffer.len() {
                    // One byte more, or the end of the file.
                    self.fill(end + 1)?;
                }
                return Ok(Some(Piece::Block(self.take(end))));
            }
            if let Some(quote) = scan.open
                && (self.at_end || self.buffer.len() - quote > self.look_ahead)
            {
                return Ok(Some(self.take_line(quote)));
            }
            if scan.open.is_none() && self.buffer.len() > self.look_ahead {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "a line longer than the look-ahead"));
            }
            // Doubling keeps the rescans of a long record linear in its length.
            wanted = (self.buffer.len() * 2).max(self.block);
        }
    }

    /// What is left of the input.
    pub(crate) fn into_input(self) -> R {
        self.input
    }

    fn fill(&mut self, wanted: usize) -> io::Result<()> {
        self.buffer.reserve(wanted.saturating_sub(self.buffer.len()));
        while self.buffer.len() < wanted && !self.at_end {
            let missing = (wanted - self.buffer.len()) as u64;
            self.at_end = self.input.by_ref().take(missing).read_to_end(&mut self.buffer)? == 0;
        }
        Ok(())
    }

    fn take(&mut self, end: usize) -> Block {
        let rest = self.buffer.split_off(end);
        let bytes = std::mem::replace(&mut self.buffer, rest);
        let line = self.line;
        self.line += memchr_iter(b'\n', &bytes).count() as u64;
        let place = if self.at_end && self.buffer.is_empty() { Place::End } else { Place::Within };
        Block { bytes, line, place }
    }

    fn take_line(&mut self, quote: usize) -> Piece {
        let looked = (self.buffer.len() - quote) as u64;
        let end = memchr(b'\n', &self.buffer[quote..]).map_or(self.buffer.len(), |at| quote + at + 1);
        let line = self.line + memchr_iter(b'\n', &self.buffer[..quote]).count() as u64;
        let Block { mut bytes, .. } = self.take(end);
        trim_line_ending(&mut bytes);
        Piece::OpenQuote { bytes, line, looked }
    }
}

/// Cuts one trailing `\n` or `\r\n`.
pub(crate) fn trim_line_ending(line: &mut Vec<u8>) {
    if line.last() == Some(&b'\n') {
        line.pop();
    }
    if line.last() == Some(&b'\r') {
        line.pop();
    }
}

struct Scan {
    /// End of the last whole record, 0 if there is none.
    end: usize,
    /// Where a quote opens that does not close in these bytes.
    open: Option<usize>,
}

/// Finds the last record end in `bytes`, which begin at a record start. Visits the quotes only.
fn scan(bytes: &[u8], at_end: bool) -> Scan {
    let mut at = 0;
    let mut end = 0;
    loop {
        let Some(quote) = memchr(b'"', &bytes[at..]).map(|found| at + found) else {
            let end = memrchr(b'\n', &bytes[at..]).map_or(end, |found| at + found + 1);
            return Scan { end, open: None };
        };
        end = memrchr(b'\n', &bytes[at..quote]).map_or(end, |found| at + found + 1);
        if quote > 0 && !matches!(bytes[quote - 1], b',' | b'\n') {
            at = quote + 1;
            continue;
        }
        match closing_quote(bytes, quote + 1) {
            // The byte after the last one read may be a second quote.
            Some(close) if close + 1 < bytes.len() || at_end => at = close + 1,
            _ => return Scan { end, open: Some(quote) },
        }
    }
}

/// The quote that closes the quoted field whose text begins at `at`.
pub(crate) fn closing_quote(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let quote = at + memchr(b'"', &bytes[at..])?;
        if bytes.get(quote + 1) != Some(&b'"') {
            return Some(quote);
        }
        at = quote + 2;
    }
}

#[cfg(test)]
mod tests {
    use super::{Piece, Splitter};

    fn pieces(text: &str, block: usize, look_ahead: usize) -> Vec<(String, u64)> {
        let mut splitter = Splitter::new(text.as_bytes(), block, look_ahead);
        let mut found = Vec::new();
        while let Some(piece) = splitter.next().unwrap() {
            found.push(match piece {
                Piece::Block(block) => (String::from_utf8(block.bytes).unwrap(), block.line),
                Piece::OpenQuote { bytes, line, .. } => (format!("!{}", String::from_utf8(bytes).unwrap()), line),
            });
        }
        found
    }

    #[test]
    fn blocks_end_at_record_ends_and_know_their_line() {
        type Case = (&'static str, usize, &'static [(&'static str, u64)]);
        let cases: [Case; 7] = [
            ("a\nb\nc\n", 2, &[("a\n", 1), ("b\n", 2), ("c\n", 3)]),
            ("a\nb\nc", 100, &[("a\nb\nc", 1)]),
            ("\"x\ny\"\nb\n", 3, &[("\"x\ny\"\n", 1), ("b\n", 3)]),
            ("\"x\"\"\n\"\"y\"\nb\nc\n", 4, &[("\"x\"\"\n\"\"y\"\nb\nc\n", 1)]),
            // A quote within an unquoted field opens nothing.
            ("5\" tube\nb\n", 8, &[("5\" tube\n", 1), ("b\n", 2)]),
            ("a,\"b\nc\nd\n", 3, &[("!a,\"b", 1), ("c\nd\n", 2)]),
            ("", 10, &[]),
        ];
        for (text, block, expected) in cases {
            let expected: Vec<_> = expected.iter().map(|(text, line)| ((*text).to_owned(), *line)).collect();
            assert_eq!(pieces(text, block, 1 << 20), expected, "{text:?}");
        }
    }

    #[test]
    fn a_quote_is_given_up_after_the_look_ahead() {
        let text = format!("a,1\nb,\"open\n{}", "c,3\n".repeat(1000));
        let found = pieces(&text, 16, 256);
        assert_eq!(found[0], ("a,1\n".to_owned(), 1));
        assert_eq!(found[1], ("!b,\"open".to_owned(), 2));
        assert_eq!(found[2].1, 3);
        assert_eq!(found[2..].iter().map(|(text, _)| text.len()).sum::<usize>(), 4000);
    }

    #[test]
    fn a_header_loses_its_mark_and_line_ending() {
        for (text, expected) in [("\u{feff}a,b\r\n1,2\n", Some("a,b")), ("a", Some("a")), ("\n", Some("")), ("", None)]
        {
            let mut splitter = Splitter::new(text.as_bytes(), 1 << 10, 1 << 20);
            let header = splitter.header().unwrap().map(|bytes| String::from_utf8(bytes).unwrap());
            assert_eq!(header.as_deref(), expected);
        }
    }
}
