//! LIKE and regular expressions over BYTES: every byte is a character, in patterns too, as RE2 has it for Latin-1.

use crate::call::{Blobs, Call, Numbers, some};
use crate::error::{Result, fail};
use crate::scalar::arrays::blob_lists;
use crate::scalar::patterns::{Piece, Syntax, like_regex, parse_error, re2, replacement};
use arrow::array::ArrayRef;
use arrow::datatypes::Int64Type;
use regex::bytes::Regex;
use std::borrow::Cow;
use std::fmt::Write as _;

/// The patterns of a call, the last one kept compiled.
struct Patterns<'a> {
    blobs: Blobs<'a>,
    syntax: Syntax,
    last: Option<(&'a [u8], Regex)>,
}

impl<'a> Patterns<'a> {
    fn of(call: &Call<'a>, syntax: Syntax) -> Result<Self> {
        Ok(Self { blobs: call.blob(1)?, syntax, last: None })
    }

    fn get(&mut self, row: usize) -> Result<Option<Regex>> {
        let pattern = some!(self.blobs.get(row));
        if let Some((_, regex)) = self.last.as_ref().filter(|(last, _)| *last == pattern) {
            return Ok(Some(regex.clone()));
        }
        let regex = compiled(pattern, self.syntax)?;
        self.last = Some((pattern, regex.clone()));
        Ok(Some(regex))
    }
}

fn compiled(pattern: &[u8], syntax: Syntax) -> Result<Regex> {
    let latin: String = pattern.iter().map(|byte| char::from(*byte)).collect();
    let translated = match syntax {
        Syntax::Re2 => re2(&latin),
        Syntax::Like => like_regex(&latin)?,
    };
    let mut ascii = String::from("(?-u)");
    for c in translated.chars() {
        if c.is_ascii() {
            ascii.push(c);
        } else {
            let _ = write!(ascii, "\\x{:02x}", u32::from(c));
        }
    }
    Regex::new(&ascii).or_else(|error| parse_error(&error, &latin))
}

/// Whether bytes fit a pattern of LIKE.
pub(super) fn fits(bytes: &[u8], pattern: &[u8]) -> Result<bool> {
    Ok(compiled(pattern, Syntax::Like)?.is_match(bytes))
}

pub(super) fn test(call: &Call<'_>, syntax: Syntax) -> Result<ArrayRef> {
    let (a, mut patterns) = (call.blob(0)?, Patterns::of(call, syntax)?);
    call.flags(|row| Ok(Some(some!(patterns.get(row)?).is_match(some!(a.get(row))))))
}

fn one_group(regex: &Regex) -> Result<usize> {
    match regex.captures_len() {
        1 => Ok(0),
        2 => Ok(1),
        _ => fail("Regular expressions passed into extraction functions must not have more than 1 capturing group"),
    }
}

/// Optional position (from 1) and occurrence.
struct Place<'a>(Option<Numbers<'a, Int64Type>>, Option<Numbers<'a, Int64Type>>);

impl<'a> Place<'a> {
    fn of(call: &Call<'a>) -> Result<Self> {
        let argument = |index| if call.count() > index { call.int(index).map(Some) } else { Ok(None) };
        Ok(Self(argument(2)?, argument(3)?))
    }

    /// The byte to start at and the match to take, both from 0.
    fn at(&self, row: usize) -> Result<Option<(usize, usize)>> {
        let number = |values: &Option<Numbers<'_, Int64Type>>| match values {
            Some(values) => values.get(row),
            None => Some(1),
        };
        let (position, occurrence) = (some!(number(&self.0)), some!(number(&self.1)));
        if position < 1 || occurrence < 1 {
            return fail("Position and occurrence of a regular expression must be positive");
        }
        Ok(Some((position as usize - 1, occurrence as usize - 1)))
    }
}

pub(super) fn extract(call: &Call<'_>) -> Result<ArrayRef> {
    let (a, mut patterns, place) = (call.blob(0)?, Patterns::of(call, Syntax::Re2)?, Place::of(call)?);
    call.blobs(|row| {
        let (bytes, regex) = (some!(a.get(row)), some!(patterns.get(row)?));
        let group = one_group(&regex)?;
        let (start, occurrence) = some!(place.at(row)?);
        if start >= bytes.len() && start > 0 {
            return Ok(None);
        }
        let found = regex.captures_iter(&bytes[start..]).nth(occurrence);
        Ok(found.and_then(|captures| captures.get(group)).map(|found| Cow::Owned(found.as_bytes().to_vec())))
    })
}

pub(super) fn extract_all(call: &Call<'_>) -> Result<ArrayRef> {
    let (a, mut patterns) = (call.blob(0)?, Patterns::of(call, Syntax::Re2)?);
    blob_lists(call, |row| {
        let (bytes, regex) = (some!(a.get(row)), some!(patterns.get(row)?));
        let group = one_group(&regex)?;
        let found = regex.captures_iter(bytes);
        Ok(Some(found.map(|captures| captures.get(group).map_or(Vec::new(), |m| m.as_bytes().to_vec())).collect()))
    })
}

pub(super) fn instr(call: &Call<'_>) -> Result<ArrayRef> {
    let (a, mut patterns, place) = (call.blob(0)?, Patterns::of(call, Syntax::Re2)?, Place::of(call)?);
    let after = if call.count() > 4 { Some(call.int(4)?) } else { None };
    call.ints(|row| {
        let (bytes, regex) = (some!(a.get(row)), some!(patterns.get(row)?));
        let group = one_group(&regex)?;
        let after = match &after {
            Some(after) => some!(after.get(row)) == 1,
            None => false,
        };
        let (start, occurrence) = some!(place.at(row)?);
        let Some(rest) = bytes.get(start..) else { return Ok(Some(0)) };
        let found = regex.captures_iter(rest).nth(occurrence).and_then(|captures| captures.get(group));
        Ok(Some(found.map_or(0, |m| (start + if after { m.end() } else { m.start() }) as i64 + 1)))
    })
}

pub(super) fn replace(call: &Call<'_>) -> Result<ArrayRef> {
    let (a, mut patterns, with) = (call.blob(0)?, Patterns::of(call, Syntax::Re2)?, call.blob(2)?);
    call.blobs(|row| {
        let (bytes, regex, with) = (some!(a.get(row)), some!(patterns.get(row)?), some!(with.get(row)));
        let latin: String = with.iter().map(|byte| char::from(*byte)).collect();
        let pieces = replacement(&latin, regex.captures_len() - 1)?;
        let replaced = regex.replace_all(bytes, |captures: &regex::bytes::Captures<'_>| {
            let mut out = Vec::new();
            for piece in &pieces {
                match piece {
                    // Latin-1 again: every character is a byte.
                    Piece::Text(text) => out.extend(text.chars().map(|c| c as u8)),
                    Piece::Group(group) => {
                        out.extend_from_slice(captures.get(*group).map_or(&[][..], |m| m.as_bytes()));
                    }
                }
            }
            out
        });
        Ok(Some(Cow::Owned(replaced.into_owned())))
    })
}

#[cfg(test)]
mod tests {
    use super::compiled;
    use crate::scalar::patterns::Syntax;

    #[test]
    fn bytes_are_characters() {
        let cases: [(&[u8], &[u8], bool); 5] = [
            (b"\\xff", b"\xff", true),
            (b"\xff", b"a\xffb", true),
            (b"^.$", b"\xc3", true),
            (b"^.$", "é".as_bytes(), false),
            (b"^[^a]$", b"\xfe", true),
        ];
        for (pattern, bytes, expected) in cases {
            assert_eq!(compiled(pattern, Syntax::Re2).unwrap().is_match(bytes), expected, "{pattern:?}");
        }
        assert!(compiled(b"a_\xff%", Syntax::Like).unwrap().is_match(b"a\n\xff\x00"));
        assert!(compiled(b"(", Syntax::Re2).is_err());
    }
}
