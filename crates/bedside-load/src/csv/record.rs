//! One record: where its fields are.

use memchr::{memchr_iter, memchr2, memchr3};

use super::split::closing_quote;

/// Where a field's text stands in a block, quotes excluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) quoting: Quoting,
}

/// How a field is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quoting {
    /// Without quotes.
    Bare,
    /// In quotes.
    Quoted,
    /// In quotes, with doubled quotes inside.
    Doubled,
}

/// A record read from a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Record {
    /// Where the next record begins.
    pub(crate) next: usize,
    /// Line endings within the record, its own included.
    pub(crate) lines: u32,
    /// Index of a field with a stray quote.
    pub(crate) stray: Option<usize>,
}

/// Whether a block holds any quote; without one, records need not look for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quotes {
    None,
    Some,
}

/// Reads the record that begins at `at` into `fields`. The block must end at a record end.
pub(crate) fn read_record(block: &[u8], mut at: usize, quotes: Quotes, fields: &mut Vec<Field>) -> Record {
    fields.clear();
    let mut lines = 0;
    let mut stray = None;
    loop {
        let quoted = (block.get(at) == Some(&b'"')).then(|| closing_quote(block, at + 1)).flatten();
        let (field, stop, whole) = match quoted {
            Some(close) => {
                let text = &block[at + 1..close];
                lines += memchr_iter(b'\n', text).count() as u32;
                let doubled = memchr::memchr(b'"', text).is_some();
                let quoting = if doubled { Quoting::Doubled } else { Quoting::Quoted };
                let (stop, tail) = bare_end(block, close + 1, quotes);
                let rest = &block[close + 1..stop];
                let clean = tail == Tail::Clean && (rest.is_empty() || (rest == b"\r" && ends_record(block, stop)));
                (Field { start: at + 1, end: close, quoting }, stop, clean)
            }
            None => {
                let (stop, tail) = bare_end(block, at, quotes);
                let mut end = stop;
                if end > at && ends_record(block, stop) && block[end - 1] == b'\r' {
                    end -= 1;
                }
                (Field { start: at, end, quoting: Quoting::Bare }, stop, tail == Tail::Clean)
            }
        };
        if !whole && stray.is_none() {
            stray = Some(fields.len());
        }
        fields.push(field);
        match block.get(stop) {
            Some(b',') => at = stop + 1,
            ending => {
                lines += u32::from(ending.is_some());
                return Record { next: (stop + 1).min(block.len()), lines, stray };
            }
        }
    }
}

/// Calls `each` with the line and the text of every record of a block that begins at `line`, line endings cut, up to the
/// first error. Empty lines are left out.
pub(crate) fn each_record<E>(
    block: &[u8],
    mut line: u64,
    mut each: impl FnMut(u64, &[u8]) -> Result<(), E>,
) -> Result<(), E> {
    let mut fields = Vec::new();
    let mut at = 0;
    while at < block.len() {
        let record = read_record(block, at, Quotes::Some, &mut fields);
        let raw = &block[at..record.next];
        let raw = raw.strip_suffix(b"\n").unwrap_or(raw);
        let raw = raw.strip_suffix(b"\r").unwrap_or(raw);
        if !raw.is_empty() {
            each(line, raw)?;
        }
        at = record.next;
        line += u64::from(record.lines);
    }
    Ok(())
}

/// The text of a field in quotes with doubled quotes, undoubled into `text`.
pub(crate) fn undouble(field: &[u8], text: &mut Vec<u8>) {
    text.clear();
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'"', &field[at..]) {
        text.extend_from_slice(&field[at..=at + found]);
        at += found + 2;
    }
    text.extend_from_slice(&field[at.min(field.len())..]);
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tail {
    Clean,
    HasQuote,
}

/// Where unquoted text that begins at `at` ends: at a comma, a line feed or the end of the block.
fn bare_end(block: &[u8], at: usize, quotes: Quotes) -> (usize, Tail) {
    let rest = &block[at..];
    if quotes == Quotes::None {
        return (memchr2(b',', b'\n', rest).map_or(block.len(), |found| at + found), Tail::Clean);
    }
    match memchr3(b',', b'\n', b'"', rest) {
        None => (block.len(), Tail::Clean),
        Some(found) if rest[found] == b'"' => {
            (memchr2(b',', b'\n', rest).map_or(block.len(), |found| at + found), Tail::HasQuote)
        }
        Some(found) => (at + found, Tail::Clean),
    }
}

fn ends_record(block: &[u8], stop: usize) -> bool {
    block.get(stop) != Some(&b',')
}

#[cfg(test)]
mod tests {
    use super::{Quotes, Quoting, read_record, undouble};

    fn read(text: &str) -> (Vec<String>, u32, Option<usize>) {
        let mut fields = Vec::new();
        let record = read_record(text.as_bytes(), 0, Quotes::Some, &mut fields);
        let texts = fields
            .iter()
            .map(|field| {
                let bytes = &text.as_bytes()[field.start..field.end];
                let mut owned = Vec::new();
                match field.quoting {
                    Quoting::Doubled => undouble(bytes, &mut owned),
                    _ => owned.extend_from_slice(bytes),
                }
                String::from_utf8(owned).unwrap()
            })
            .collect();
        (texts, record.lines, record.stray)
    }

    #[test]
    fn fields_are_found() {
        let cases: [(&str, &[&str], u32, Option<usize>); 10] = [
            ("a,b\n", &["a", "b"], 1, None),
            ("a,b\r\n", &["a", "b"], 1, None),
            ("a,\"b\"\r\n", &["a", "b"], 1, None),
            ("a,\n", &["a", ""], 1, None),
            ("a,\"x, \"\"y\"\"\nz\"", &["a", "x, \"y\"\nz"], 1, None),
            ("\"\"\"\"\n", &["\""], 1, None),
            ("5\" tube,b\n", &["5\" tube", "b"], 1, Some(0)),
            ("\"a\"b,c\n", &["a", "c"], 1, Some(0)),
            ("a\rb,c\n", &["a\rb", "c"], 1, None),
            ("", &[""], 0, None),
        ];
        for (text, fields, lines, stray) in cases {
            let fields: Vec<String> = fields.iter().map(|field| (*field).to_owned()).collect();
            assert_eq!(read(text), (fields, lines, stray), "{text:?}");
        }
    }
}
