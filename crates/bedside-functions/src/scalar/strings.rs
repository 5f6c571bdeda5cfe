//! Texts by characters (code points), bytes by bytes. Comparison and order are by bytes elsewhere.

use crate::call::{Call, some};
use crate::error::{Error, Result, fail};
use crate::function::Spec;
use arrow::array::ArrayRef;
use arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use std::borrow::Cow;

pub(super) const FUNCTIONS: &[Spec] = &[
    Spec::total("lower", |call| map(call, lower, <[u8]>::to_ascii_lowercase)),
    Spec::total("upper", |call| map(call, upper, <[u8]>::to_ascii_uppercase)),
    Spec::total("reverse", |call| {
        map(call, |text| Cow::Owned(text.chars().rev().collect()), |bytes| bytes.iter().rev().copied().collect())
    }),
    Spec::total("initcap", initcap),
    Spec::total("length", length),
    Spec::total("char_length", length),
    Spec::total("byte_length", byte_length),
    Spec::fallible("substr", substr).sound_if(|constants| constants.len() == 2 || is_length(constants, 2)),
    Spec::fallible("left", |call| side(call, "LEFT")).sound_if(|constants| is_length(constants, 1)),
    Spec::fallible("right", |call| side(call, "RIGHT")).sound_if(|constants| is_length(constants, 1)),
    Spec::total("strpos", strpos),
    Spec::fallible("instr", instr),
    Spec::fallible("lpad", |call| pad(call, Side::Left)),
    Spec::fallible("rpad", |call| pad(call, Side::Right)),
    Spec::fallible("repeat", repeat),
    Spec::total("replace", replace),
    Spec::fallible("translate", translate),
    Spec::total("trim", |call| trim(call, true, true)),
    Spec::total("ltrim", |call| trim(call, true, false)),
    Spec::total("rtrim", |call| trim(call, false, true)),
    Spec::total("starts_with", |call| test(call, |text, part| text.starts_with(part), <[u8]>::starts_with)),
    Spec::total("ends_with", |call| test(call, |text, part| text.ends_with(part), <[u8]>::ends_with)),
    Spec::total("concat", concat),
    Spec::total("$concat", concat),
];

fn is_text(call: &Call<'_>) -> Result<bool> {
    Ok(matches!(call.argument_type(0)?, DataType::Utf8View))
}

fn lower(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return if text.bytes().any(|b| b.is_ascii_uppercase()) {
            Cow::Owned(text.to_ascii_lowercase())
        } else {
            Cow::Borrowed(text)
        };
    }
    Cow::Owned(text.to_lowercase())
}

fn upper(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return if text.bytes().any(|b| b.is_ascii_lowercase()) {
            Cow::Owned(text.to_ascii_uppercase())
        } else {
            Cow::Borrowed(text)
        };
    }
    Cow::Owned(text.to_uppercase())
}

fn map(call: &Call<'_>, texts: fn(&str) -> Cow<'_, str>, blobs: fn(&[u8]) -> Vec<u8>) -> Result<ArrayRef> {
    if is_text(call)? {
        let a = call.text(0)?;
        return call.texts(|row| Ok(a.get(row).map(texts)));
    }
    let a = call.blob(0)?;
    call.blobs(|row| Ok(a.get(row).map(|bytes| Cow::Owned(blobs(bytes)))))
}

fn length(call: &Call<'_>) -> Result<ArrayRef> {
    if is_text(call)? {
        let a = call.text(0)?;
        return call.ints(|row| Ok(a.get(row).map(|text| characters(text) as i64)));
    }
    byte_length(call)
}

fn characters(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().count() }
}

fn byte_length(call: &Call<'_>) -> Result<ArrayRef> {
    if is_text(call)? {
        let a = call.text(0)?;
        return call.ints(|row| Ok(a.get(row).map(|text| text.len() as i64)));
    }
    let a = call.blob(0)?;
    call.ints(|row| Ok(a.get(row).map(|bytes| bytes.len() as i64)))
}

/// The byte where character `index` (from 0) begins, the end if there are fewer.
fn byte_at(text: &str, index: usize) -> usize {
    if text.is_ascii() {
        return index.min(text.len());
    }
    text.char_indices().nth(index).map_or(text.len(), |(at, _)| at)
}

/// The half-open range of items that SUBSTR takes of `count`: positions from 1, 0 as 1, negative ones from the end.
fn substr_range(count: usize, position: i64, length: i64) -> (usize, usize) {
    let count = count as i64;
    let start = match position {
        0 => 0,
        p if p > 0 => (p - 1).min(count),
        p => count.saturating_add(p).max(0),
    };
    (start as usize, start.saturating_add(length).min(count) as usize)
}

/// Whether an argument is a constant that a number of characters can be.
fn is_length(constants: &[Option<&ScalarValue>], index: usize) -> bool {
    matches!(constants.get(index), Some(Some(ScalarValue::Int64(Some(0..)))))
}

fn substr(call: &Call<'_>) -> Result<ArrayRef> {
    let position = call.int(1)?;
    let length = if call.count() > 2 { Some(call.int(2)?) } else { None };
    let range = |row: usize, count: usize| -> Result<Option<(usize, usize)>> {
        let position = some!(position.get(row));
        let length = match &length {
            Some(length) => some!(length.get(row)),
            None => i64::MAX,
        };
        if length < 0 {
            return fail("Third argument in SUBSTR() cannot be negative");
        }
        Ok(Some(substr_range(count, position, length)))
    };
    if is_text(call)? {
        let a = call.text(0)?;
        return call.texts(|row| {
            let text = some!(a.get(row));
            let (start, end) = some!(range(row, characters(text))?);
            Ok(Some(Cow::Borrowed(&text[byte_at(text, start)..byte_at(text, end)])))
        });
    }
    let a = call.blob(0)?;
    call.blobs(|row| {
        let bytes = some!(a.get(row));
        let (start, end) = some!(range(row, bytes.len())?);
        Ok(Some(Cow::Borrowed(&bytes[start..end])))
    })
}

fn side(call: &Call<'_>, name: &'static str) -> Result<ArrayRef> {
    let length = call.int(1)?;
    let range = |row: usize, count: usize| -> Result<Option<(usize, usize)>> {
        let length = some!(length.get(row));
        if length < 0 {
            return fail(format!("Second argument in {name}() cannot be negative"));
        }
        let length = usize::try_from(length).unwrap_or(usize::MAX).min(count);
        Ok(Some(if name == "LEFT" { (0, length) } else { (count - length, count) }))
    };
    if is_text(call)? {
        let a = call.text(0)?;
        return call.texts(|row| {
            let text = some!(a.get(row));
            let (start, end) = some!(range(row, characters(text))?);
            Ok(Some(Cow::Borrowed(&text[byte_at(text, start)..byte_at(text, end)])))
        });
    }
    let a = call.blob(0)?;
    call.blobs(|row| {
        let bytes = some!(a.get(row));
        let (start, end) = some!(range(row, bytes.len())?);
        Ok(Some(Cow::Borrowed(&bytes[start..end])))
    })
}

pub(super) fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    if part.is_empty() {
        return Some(0);
    }
    bytes.windows(part.len()).position(|window| window == part)
}

fn strpos(call: &Call<'_>) -> Result<ArrayRef> {
    if is_text(call)? {
        let (a, b) = (call.text(0)?, call.text(1)?);
        return call.ints(|row| {
            let (text, part) = (some!(a.get(row)), some!(b.get(row)));
            Ok(Some(text.find(part).map_or(0, |at| characters(&text[..at]) as i64 + 1)))
        });
    }
    let (a, b) = (call.blob(0)?, call.blob(1)?);
    call.ints(|row| Ok(Some(find(some!(a.get(row)), some!(b.get(row))).map_or(0, |at| at as i64 + 1))))
}

/// INSTR(text, part[, position[, occurrence]]); a negative position searches backwards from the end.
fn instr(call: &Call<'_>) -> Result<ArrayRef> {
    if is_text(call)? {
        let (a, b) = (call.text(0)?, call.text(1)?);
        let characters = |text: &str| text.chars().collect::<Vec<_>>();
        return instr_of(call, |row| Some((characters(a.get(row)?), characters(b.get(row)?))));
    }
    let (a, b) = (call.blob(0)?, call.blob(1)?);
    instr_of(call, |row| Some((a.get(row)?.to_vec(), b.get(row)?.to_vec())))
}

fn instr_of<T: PartialEq>(call: &Call<'_>, items: impl Fn(usize) -> Option<(Vec<T>, Vec<T>)>) -> Result<ArrayRef> {
    let position = if call.count() > 2 { Some(call.int(2)?) } else { None };
    let occurrence = if call.count() > 3 { Some(call.int(3)?) } else { None };
    call.ints(|row| {
        let (text, part) = some!(items(row));
        let position = match &position {
            Some(position) => some!(position.get(row)),
            None => 1,
        };
        let occurrence = match &occurrence {
            Some(occurrence) => some!(occurrence.get(row)),
            None => 1,
        };
        if position == 0 {
            return fail("Position must not be zero");
        }
        if occurrence < 1 {
            return fail("Occurrence must be positive");
        }
        let Some(last) = text.len().checked_sub(part.len()) else { return Ok(Some(0)) };
        let matches = |at: &usize| text[*at..*at + part.len()] == part[..];
        let nth = usize::try_from(occurrence - 1).unwrap_or(usize::MAX);
        let found = if position > 0 {
            (position as usize - 1..=last).filter(matches).nth(nth)
        } else {
            let Some(start) = text.len().checked_sub(position.unsigned_abs() as usize) else { return Ok(Some(0)) };
            (0..=start.min(last)).rev().filter(matches).nth(nth)
        };
        Ok(Some(found.map_or(0, |at| at as i64 + 1)))
    })
}

#[derive(Clone, Copy, PartialEq)]
enum Side {
    Left,
    Right,
}

/// LPAD and RPAD cut what is longer than wanted.
fn pad(call: &Call<'_>, side: Side) -> Result<ArrayRef> {
    let length = call.int(1)?;
    let wanted = |row: usize| -> Result<Option<usize>> {
        let length = some!(length.get(row));
        if length < 0 {
            return fail("Second argument (output size) for LPAD/RPAD cannot be negative");
        }
        Ok(Some(bounded(length)?))
    };
    if is_text(call)? {
        let a = call.text(0)?;
        let fill = if call.count() > 2 { Some(call.text(2)?) } else { None };
        return call.texts(|row| {
            let (text, length) = (some!(a.get(row)), some!(wanted(row)?));
            let fill = match &fill {
                Some(fill) => some!(fill.get(row)),
                None => " ",
            };
            if fill.is_empty() {
                return fail("Third argument (pad pattern) for LPAD/RPAD cannot be empty");
            }
            let count = characters(text);
            if count >= length {
                return Ok(Some(Cow::Borrowed(&text[..byte_at(text, length)])));
            }
            let padding: String = fill.chars().cycle().take(length - count).collect();
            Ok(Some(Cow::Owned(if side == Side::Left { padding + text } else { text.to_owned() + &padding })))
        });
    }
    let a = call.blob(0)?;
    let fill = if call.count() > 2 { Some(call.blob(2)?) } else { None };
    call.blobs(|row| {
        let (bytes, length) = (some!(a.get(row)), some!(wanted(row)?));
        let fill = match &fill {
            Some(fill) => some!(fill.get(row)),
            None => b" ",
        };
        if fill.is_empty() {
            return fail("Third argument (pad pattern) for LPAD/RPAD cannot be empty");
        }
        if bytes.len() >= length {
            return Ok(Some(Cow::Borrowed(&bytes[..length])));
        }
        let padding: Vec<u8> = fill.iter().copied().cycle().take(length - bytes.len()).collect();
        Ok(Some(Cow::Owned(if side == Side::Left { [&padding, bytes].concat() } else { [bytes, &padding].concat() })))
    })
}

/// A result length within BigQuery's limit on a value (1 MiB).
fn bounded(length: i64) -> Result<usize> {
    if length > 1 << 20 {
        fail("Output of LPAD/RPAD/REPEAT exceeds max allowed output size of 1MB")
    } else {
        Ok(length as usize)
    }
}

fn repeat(call: &Call<'_>) -> Result<ArrayRef> {
    let count = call.int(1)?;
    let times = |row: usize, size: usize| -> Result<Option<usize>> {
        let count = some!(count.get(row));
        if count < 0 {
            return fail("Second argument (repeat count) for REPEAT cannot be negative");
        }
        bounded(count.saturating_mul(size.max(1) as i64))?;
        Ok(Some(count as usize))
    };
    if is_text(call)? {
        let a = call.text(0)?;
        return call.texts(|row| {
            let text = some!(a.get(row));
            Ok(Some(Cow::Owned(text.repeat(some!(times(row, text.len())?)))))
        });
    }
    let a = call.blob(0)?;
    call.blobs(|row| {
        let bytes = some!(a.get(row));
        Ok(Some(Cow::Owned(bytes.repeat(some!(times(row, bytes.len())?)))))
    })
}

/// REPLACE with an empty search text returns the input.
fn replace(call: &Call<'_>) -> Result<ArrayRef> {
    if is_text(call)? {
        let (a, b, c) = (call.text(0)?, call.text(1)?, call.text(2)?);
        return call.texts(|row| {
            let (text, from, to) = (some!(a.get(row)), some!(b.get(row)), some!(c.get(row)));
            Ok(Some(if from.is_empty() || !text.contains(from) {
                Cow::Borrowed(text)
            } else {
                Cow::Owned(text.replace(from, to))
            }))
        });
    }
    let (a, b, c) = (call.blob(0)?, call.blob(1)?, call.blob(2)?);
    call.blobs(|row| {
        let (mut rest, from, to) = (some!(a.get(row)), some!(b.get(row)), some!(c.get(row)));
        if from.is_empty() {
            return Ok(Some(Cow::Borrowed(rest)));
        }
        let mut out = Vec::with_capacity(rest.len());
        while let Some(at) = find(rest, from) {
            out.extend_from_slice(&rest[..at]);
            out.extend_from_slice(to);
            rest = &rest[at + from.len()..];
        }
        out.extend_from_slice(rest);
        Ok(Some(Cow::Owned(out)))
    })
}

/// TRANSLATE(text, from, to): characters of `from` become those of `to` at the same place, or go.
fn translate(call: &Call<'_>) -> Result<ArrayRef> {
    if is_text(call)? {
        let (a, b, c) = (call.text(0)?, call.text(1)?, call.text(2)?);
        return call.texts(|row| {
            let (text, from, to) = (some!(a.get(row)), some!(b.get(row)), some!(c.get(row)));
            let (from, to): (Vec<char>, Vec<char>) = (from.chars().collect(), to.chars().collect());
            no_duplicate(&from, char::to_string)?;
            Ok(Some(Cow::Owned(text.chars().filter_map(|c| translated(c, &from, &to)).collect())))
        });
    }
    let (a, b, c) = (call.blob(0)?, call.blob(1)?, call.blob(2)?);
    call.blobs(|row| {
        let (bytes, from, to) = (some!(a.get(row)), some!(b.get(row)), some!(c.get(row)));
        no_duplicate(from, |byte| format!("\\x{byte:02x}"))?;
        Ok(Some(Cow::Owned(bytes.iter().filter_map(|byte| translated(*byte, from, to)).collect())))
    })
}

fn translated<T: Copy + PartialEq>(item: T, from: &[T], to: &[T]) -> Option<T> {
    match from.iter().position(|f| *f == item) {
        Some(at) => to.get(at).copied(),
        None => Some(item),
    }
}

fn no_duplicate<T: PartialEq>(from: &[T], written: impl Fn(&T) -> String) -> Result<()> {
    match from.iter().enumerate().find(|(at, item)| from[..*at].contains(item)) {
        Some((_, twice)) => fail(format!("Duplicate character \"{}\" in TRANSLATE source characters", written(twice))),
        None => Ok(()),
    }
}

/// TRIM(text[, characters]): blanks as Unicode has them, or any of the characters.
fn trim(call: &Call<'_>, start: bool, end: bool) -> Result<ArrayRef> {
    if is_text(call)? {
        let a = call.text(0)?;
        let set = if call.count() > 1 { Some(call.text(1)?) } else { None };
        return call.texts(|row| {
            let mut text = some!(a.get(row));
            let set = match &set {
                Some(set) => Some(some!(set.get(row))),
                None => None,
            };
            let goes = |c: char| set.map_or_else(|| c.is_whitespace(), |set| set.contains(c));
            if start {
                text = text.trim_start_matches(goes);
            }
            if end {
                text = text.trim_end_matches(goes);
            }
            Ok(Some(Cow::Borrowed(text)))
        });
    }
    let (a, b) = (call.blob(0)?, call.blob(1)?);
    call.blobs(|row| {
        let (mut bytes, set) = (some!(a.get(row)), some!(b.get(row)));
        while let (true, Some((first, rest))) = (start, bytes.split_first()) {
            if !set.contains(first) {
                break;
            }
            bytes = rest;
        }
        while let (true, Some((last, rest))) = (end, bytes.split_last()) {
            if !set.contains(last) {
                break;
            }
            bytes = rest;
        }
        Ok(Some(Cow::Borrowed(bytes)))
    })
}

fn test(call: &Call<'_>, texts: fn(&str, &str) -> bool, blobs: fn(&[u8], &[u8]) -> bool) -> Result<ArrayRef> {
    if is_text(call)? {
        let (a, b) = (call.text(0)?, call.text(1)?);
        return call.flags(|row| Ok(Some(texts(some!(a.get(row)), some!(b.get(row))))));
    }
    let (a, b) = (call.blob(0)?, call.blob(1)?);
    call.flags(|row| Ok(Some(blobs(some!(a.get(row)), some!(b.get(row))))))
}

/// CONCAT and `||`: NULL if any argument is NULL; arrays too.
fn concat(call: &Call<'_>) -> Result<ArrayRef> {
    match call.argument_type(0)? {
        DataType::Utf8View => {
            let parts = (0..call.count()).map(|index| call.text(index)).collect::<Result<Vec<_>>>()?;
            call.texts(|row| {
                let mut out = String::new();
                for part in &parts {
                    out.push_str(some!(part.get(row)));
                }
                Ok(Some(Cow::Owned(out)))
            })
        }
        DataType::BinaryView => {
            let parts = (0..call.count()).map(|index| call.blob(index)).collect::<Result<Vec<_>>>()?;
            call.blobs(|row| {
                let mut out = Vec::new();
                for part in &parts {
                    out.extend_from_slice(some!(part.get(row)));
                }
                Ok(Some(Cow::Owned(out)))
            })
        }
        DataType::List(_) => super::arrays::concat(call),
        other => Err(Error::Internal(format!("CONCAT of {other}"))),
    }
}

/// INITCAP(text[, delimiters]): the first letter after each delimiter large, the others small.
fn initcap(call: &Call<'_>) -> Result<ArrayRef> {
    const DELIMITERS: &str = " \t\n\r\u{b}\u{c}[](){}/|<>!?@\"^#$&~_,.:;*%+-";
    let a = call.text(0)?;
    let delimiters = if call.count() > 1 { Some(call.text(1)?) } else { None };
    call.texts(|row| {
        let text = some!(a.get(row));
        let delimiters = match &delimiters {
            Some(delimiters) => some!(delimiters.get(row)),
            None => DELIMITERS,
        };
        let mut out = String::with_capacity(text.len());
        let mut first = true;
        for c in text.chars() {
            if delimiters.contains(c) {
                out.push(c);
                first = true;
            } else if first {
                out.extend(c.to_uppercase());
                first = false;
            } else {
                out.extend(c.to_lowercase());
            }
        }
        Ok(Some(Cow::Owned(out)))
    })
}
