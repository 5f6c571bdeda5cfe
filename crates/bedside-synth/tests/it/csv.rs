//! Reads csv.gz files record by record: quotes, commas and line breaks in fields; NULL and "" told apart.

#![allow(clippy::unwrap_used, clippy::panic, clippy::naive_bytecount, reason = "a broken file ends the reader's work")]

use flate2::read::GzDecoder;
use std::borrow::Cow;
use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;

/// A record with the names of its columns.
#[derive(Debug)]
pub(crate) struct Record<'a> {
    columns: &'a HashMap<String, usize>,
    fields: &'a [Option<Cow<'a, str>>],
}

impl Record<'_> {
    /// The text of a column, named in small letters; `None` for NULL. The column must exist.
    pub(crate) fn get(&self, column: &str) -> Option<&str> {
        let at = self.columns.get(column).unwrap_or_else(|| panic!("no column {column}"));
        self.fields[*at].as_deref()
    }

    /// A whole number.
    pub(crate) fn int(&self, column: &str) -> Option<i64> {
        self.get(column).map(|text| text.parse().unwrap_or_else(|_| panic!("{column} is {text}")))
    }

    /// All fields in file order.
    pub(crate) fn fields(&self) -> &[Option<Cow<'_, str>>] {
        self.fields
    }
}

/// The column names of a file, as written.
pub(crate) fn header(path: &Path) -> Vec<String> {
    let mut line = Vec::new();
    open(path).read_until(b'\n', &mut line).unwrap();
    split(&line).into_iter().map(|name| name.unwrap_or_default().into_owned()).collect()
}

/// Calls `each` for every record.
pub(crate) fn each(path: &Path, mut each: impl FnMut(&Record<'_>)) {
    let names = header(path);
    let columns: HashMap<String, usize> =
        names.iter().enumerate().map(|(at, name)| (name.to_lowercase(), at)).collect();
    let mut reader = open(path);
    let mut record = Vec::new();
    let mut first = true;
    while next(&mut reader, &mut record) {
        if !std::mem::take(&mut first) {
            let fields = split(&record);
            assert_eq!(fields.len(), names.len(), "{}: {}", path.display(), String::from_utf8_lossy(&record));
            each(&Record { columns: &columns, fields: &fields });
        }
    }
}

/// The text of a file.
pub(crate) fn open(path: &Path) -> BufReader<GzDecoder<File>> {
    let file = File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    // The decoder for a single member: nothing may follow it.
    BufReader::with_capacity(1 << 20, GzDecoder::new(file))
}

/// One record, whose quotes are balanced.
fn next(reader: &mut impl std::io::BufRead, record: &mut Vec<u8>) -> bool {
    record.clear();
    loop {
        if reader.read_until(b'\n', record).unwrap() == 0 {
            return !record.is_empty();
        }
        if record.iter().filter(|byte| **byte == b'"').count().is_multiple_of(2) {
            return true;
        }
    }
}

/// The fields of a record; text is copied only where quotes must be taken out.
fn split(record: &[u8]) -> Vec<Option<Cow<'_, str>>> {
    let record = std::str::from_utf8(record.strip_suffix(b"\n").unwrap_or(record)).unwrap();
    let mut fields = Vec::new();
    let mut rest = record;
    loop {
        let end = if rest.starts_with('"') { quoted_end(rest) } else { rest.find(',').unwrap_or(rest.len()) };
        let field = &rest[..end];
        fields.push(match field.strip_prefix('"') {
            Some(inner) => Some(inner[..inner.len() - 1].replace("\"\"", "\"").into()),
            None => (!field.is_empty()).then_some(field.into()),
        });
        match rest[end..].strip_prefix(',') {
            Some(more) => rest = more,
            None => return fields,
        }
    }
}

/// Where a quoted field ends: after the quote that no quote follows.
fn quoted_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 1;
    while bytes[at] != b'"' || bytes.get(at + 1) == Some(&b'"') {
        at += if bytes[at] == b'"' { 2 } else { 1 };
    }
    at + 1
}
