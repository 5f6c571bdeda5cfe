//! Code points, hexadecimal, base 64, bits and hashes.

use crate::call::{Call, some};
use crate::error::{Error, Result, fail};
use crate::function::Spec;
use crate::scalar::arrays::Lists;
use arrow::array::{Array, ArrayRef, AsArray, ListArray, PrimitiveArray};
use arrow::buffer::{NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow::datatypes::{DataType, Int64Type};
use sha2::Digest;
use std::borrow::Cow;
use std::fmt::Write;
use std::sync::Arc;

pub(super) const FUNCTIONS: &[Spec] = &[
    Spec::fallible("ascii", ascii),
    Spec::total("unicode", unicode),
    Spec::fallible("chr", chr),
    Spec::total("to_code_points", to_code_points),
    Spec::fallible("code_points_to_string", code_points_to_text),
    Spec::fallible("code_points_to_bytes", code_points_to_bytes),
    Spec::total("to_base32", |call| encode(call, |bytes| data_encoding::BASE32.encode(bytes))),
    Spec::fallible("from_base32", |call| {
        decode(call, "base32", |text| data_encoding::BASE32.decode(text.as_bytes()).ok())
    }),
    Spec::total("to_hex", |call| encode(call, hex)),
    Spec::fallible("from_hex", |call| decode(call, "hexadecimal", of_hex)),
    Spec::total("to_base64", |call| encode(call, base64)),
    Spec::fallible("from_base64", |call| decode(call, "base64", of_base64)),
    Spec::total("safe_convert_bytes_to_string", lossy),
    Spec::total("farm_fingerprint", fingerprint),
    Spec::total("md5", |call| digest(call, |bytes| md5::Md5::digest(bytes).to_vec())),
    Spec::total("sha1", |call| digest(call, |bytes| sha1::Sha1::digest(bytes).to_vec())),
    Spec::total("sha256", |call| digest(call, |bytes| sha2::Sha256::digest(bytes).to_vec())),
    Spec::total("sha512", |call| digest(call, |bytes| sha2::Sha512::digest(bytes).to_vec())),
    Spec::fallible("$bit_and", |call| bits(call, |a, b| a & b, |a, b| a & b)),
    Spec::fallible("$bit_or", |call| bits(call, |a, b| a | b, |a, b| a | b)),
    Spec::fallible("$bit_xor", |call| bits(call, |a, b| a ^ b, |a, b| a ^ b)),
    Spec::fallible("$shift_left", |call| shift(call, |a, by| if by > 63 { 0 } else { a << by }, Direction::Left)),
    Spec::fallible("$shift_right", |call| {
        shift(call, |a, by| if by > 63 { 0 } else { ((a as u64) >> by) as i64 }, Direction::Right)
    }),
    Spec::total("$bit_not", complement),
    Spec::total("bit_count", bit_count),
];

fn is_text(call: &Call<'_>) -> Result<bool> {
    Ok(matches!(call.argument_type(0)?, DataType::Utf8View))
}

/// The bytes of a row's value.
type RawBytes<'a> = Box<dyn Fn(usize) -> Option<&'a [u8]> + 'a>;

/// The bytes of a STRING or BYTES argument.
fn raw<'a>(call: &Call<'a>) -> Result<RawBytes<'a>> {
    if is_text(call)? {
        let a = call.text(0)?;
        return Ok(Box::new(move |row| a.get(row).map(str::as_bytes)));
    }
    let a = call.blob(0)?;
    Ok(Box::new(move |row| a.get(row)))
}

fn ascii(call: &Call<'_>) -> Result<ArrayRef> {
    let (a, text) = (raw(call)?, is_text(call)?);
    call.ints(|row| match some!(a(row)).first() {
        Some(first) if text && !first.is_ascii() => fail("ASCII needs a text that begins with an ASCII character"),
        first => Ok(Some(first.map_or(0, |first| i64::from(*first)))),
    })
}

fn unicode(call: &Call<'_>) -> Result<ArrayRef> {
    let a = call.text(0)?;
    call.ints(|row| Ok(Some(some!(a.get(row)).chars().next().map_or(0, |c| i64::from(u32::from(c))))))
}

fn chr(call: &Call<'_>) -> Result<ArrayRef> {
    let a = call.int(0)?;
    call.texts(|row| {
        let point = some!(a.get(row));
        if point == 0 {
            return Ok(Some(Cow::Borrowed("")));
        }
        character(point).map(|c| Some(Cow::Owned(c.to_string())))
    })
}

fn character(point: i64) -> Result<char> {
    let c = u32::try_from(point).ok().and_then(char::from_u32);
    c.map_or_else(|| fail(format!("Invalid codepoint {point}")), Ok)
}

fn to_code_points(call: &Call<'_>) -> Result<ArrayRef> {
    let (a, text) = (raw(call)?, is_text(call)?);
    let (mut values, mut lengths, mut valid) = (Vec::new(), Vec::new(), Vec::new());
    for row in 0..call.rows {
        let before = values.len();
        let bytes = a(row);
        valid.push(bytes.is_some());
        let bytes = bytes.unwrap_or_default();
        if text {
            values.extend(String::from_utf8_lossy(bytes).chars().map(|c| i64::from(u32::from(c))));
        } else {
            values.extend(bytes.iter().map(|byte| i64::from(*byte)));
        }
        lengths.push(values.len() - before);
    }
    let DataType::List(field) = call.result else {
        return Err(Error::Internal("TO_CODE_POINTS gives no array".to_owned()));
    };
    let values = PrimitiveArray::<Int64Type>::new(ScalarBuffer::from(values), None);
    let nulls = Some(NullBuffer::from(valid));
    Ok(Arc::new(ListArray::try_new(Arc::clone(field), OffsetBuffer::from_lengths(lengths), Arc::new(values), nulls)?))
}

fn code_points_to_text(call: &Call<'_>) -> Result<ArrayRef> {
    let lists = Lists::of(call, 0)?;
    let values = lists.values().as_primitive::<Int64Type>();
    call.texts(|row| {
        let (start, end) = some!(lists.range(row));
        if (start..end).any(|index| values.is_null(index)) {
            return Ok(None);
        }
        Ok(Some(Cow::Owned((start..end).map(|index| character(values.value(index))).collect::<Result<String>>()?)))
    })
}

fn code_points_to_bytes(call: &Call<'_>) -> Result<ArrayRef> {
    let lists = Lists::of(call, 0)?;
    let values = lists.values().as_primitive::<Int64Type>();
    call.blobs(|row| {
        let (start, end) = some!(lists.range(row));
        if (start..end).any(|index| values.is_null(index)) {
            return Ok(None);
        }
        let byte = |index: usize| {
            let value = values.value(index);
            u8::try_from(value).or_else(|_| fail(format!("Invalid ASCII value {value}")))
        };
        Ok(Some(Cow::Owned((start..end).map(byte).collect::<Result<Vec<_>>>()?)))
    })
}

fn encode(call: &Call<'_>, encoder: fn(&[u8]) -> String) -> Result<ArrayRef> {
    let a = call.blob(0)?;
    call.texts(|row| Ok(a.get(row).map(|bytes| Cow::Owned(encoder(bytes)))))
}

fn decode(call: &Call<'_>, what: &str, decoder: fn(&str) -> Option<Vec<u8>>) -> Result<ArrayRef> {
    let a = call.text(0)?;
    call.blobs(|row| match decoder(some!(a.get(row))) {
        Some(bytes) => Ok(Some(Cow::Owned(bytes))),
        None => fail(format!("Failed to decode invalid {what} string")),
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// An odd number of digits has a 0 before it.
fn of_hex(text: &str) -> Option<Vec<u8>> {
    let padded = if text.len() % 2 == 1 { format!("0{text}") } else { text.to_owned() };
    let digits = padded.chars().map(|c| c.to_digit(16)).collect::<Option<Vec<_>>>()?;
    Some(digits.chunks(2).map(|pair| (pair[0] * 16 + pair[1]) as u8).collect())
}

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// RFC 4648 with padding.
pub(super) fn base64(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().enumerate().fold(0_u32, |word, (at, byte)| word | u32::from(*byte) << (16 - 8 * at));
        for at in 0..4 {
            let digit = BASE64[(word >> (18 - 6 * at) & 63) as usize];
            out.push(if at > chunk.len() { '=' } else { char::from(digit) });
        }
    }
    out
}

fn of_base64(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
    let digits = match digits.as_slice() {
        [rest @ .., b'=', b'='] | [rest @ .., b'='] => rest,
        all => all,
    };
    let mut out = Vec::with_capacity(digits.len() / 4 * 3);
    for chunk in digits.chunks(4) {
        if chunk.len() == 1 {
            return None;
        }
        let mut word = 0_u32;
        for (at, digit) in chunk.iter().enumerate() {
            let value = BASE64.iter().position(|b| b == digit)? as u32;
            word |= value << (18 - 6 * at);
        }
        out.extend_from_slice(&word.to_be_bytes()[1..chunk.len()]);
    }
    Some(out)
}

fn lossy(call: &Call<'_>) -> Result<ArrayRef> {
    let a = call.blob(0)?;
    call.texts(|row| {
        let mut out = String::new();
        for chunk in some!(a.get(row)).utf8_chunks() {
            out.push_str(chunk.valid());
            // Every byte that is no text is replaced for itself.
            out.extend(std::iter::repeat_n(char::REPLACEMENT_CHARACTER, chunk.invalid().len()));
        }
        Ok(Some(Cow::Owned(out)))
    })
}

fn digest(call: &Call<'_>, function: fn(&[u8]) -> Vec<u8>) -> Result<ArrayRef> {
    let a = raw(call)?;
    call.blobs(|row| Ok(a(row).map(|bytes| Cow::Owned(function(bytes)))))
}

fn fingerprint(call: &Call<'_>) -> Result<ArrayRef> {
    let a = raw(call)?;
    call.ints(|row| Ok(a(row).map(|bytes| farmhash::fingerprint64(bytes) as i64)))
}

fn bits(call: &Call<'_>, ints: fn(i64, i64) -> i64, bytes: fn(u8, u8) -> u8) -> Result<ArrayRef> {
    if matches!(call.argument_type(0)?, DataType::Int64) {
        let (a, b) = (call.int(0)?, call.int(1)?);
        return call.ints(|row| Ok(Some(ints(some!(a.get(row)), some!(b.get(row))))));
    }
    let (a, b) = (call.blob(0)?, call.blob(1)?);
    call.blobs(|row| {
        let (a, b) = (some!(a.get(row)), some!(b.get(row)));
        if a.len() != b.len() {
            return fail(format!(
                "Bitwise binary operator for BYTES requires equal length of the inputs. Got {} bytes on the left hand side \
                 and {} bytes on the right hand side.",
                a.len(),
                b.len()
            ));
        }
        Ok(Some(Cow::Owned(a.iter().zip(b).map(|(a, b)| bytes(*a, *b)).collect())))
    })
}

fn complement(call: &Call<'_>) -> Result<ArrayRef> {
    if matches!(call.argument_type(0)?, DataType::Int64) {
        let a = call.int(0)?;
        return call.ints(|row| Ok(a.get(row).map(|value| !value)));
    }
    let a = call.blob(0)?;
    call.blobs(|row| Ok(a.get(row).map(|bytes| Cow::Owned(bytes.iter().map(|byte| !byte).collect()))))
}

#[derive(Clone, Copy, PartialEq)]
enum Direction {
    Left,
    Right,
}

fn shift(call: &Call<'_>, ints: fn(i64, i64) -> i64, direction: Direction) -> Result<ArrayRef> {
    let distance = call.int(1)?;
    let by = |row: usize| match distance.get(row) {
        Some(by) if by < 0 => fail("Bitwise shift by a negative number"),
        by => Ok(by),
    };
    if matches!(call.argument_type(0)?, DataType::Int64) {
        let a = call.int(0)?;
        return call.ints(|row| Ok(Some(ints(some!(a.get(row)), some!(by(row)?)))));
    }
    let a = call.blob(0)?;
    call.blobs(|row| Ok(Some(Cow::Owned(shifted(some!(a.get(row)), some!(by(row)?), direction)))))
}

/// Bytes as one long number, shifted; the length stays.
fn shifted(bytes: &[u8], by: i64, direction: Direction) -> Vec<u8> {
    let (whole, rest) = (usize::try_from(by / 8).unwrap_or(usize::MAX), (by % 8) as u32);
    let at = |index: Option<usize>| index.and_then(|index| bytes.get(index)).map_or(0, |byte| u16::from(*byte));
    (0..bytes.len())
        .map(|index| match direction {
            Direction::Left => {
                let (high, low) = (at(index.checked_add(whole)), at(index.checked_add(whole).map(|i| i + 1)));
                ((((high << 8) | low) << rest) >> 8) as u8
            }
            Direction::Right => {
                let here = index.checked_sub(whole);
                let (high, low) = (at(here.and_then(|index| index.checked_sub(1))), at(here));
                (((high << 8) | low) >> rest) as u8
            }
        })
        .collect()
}

fn bit_count(call: &Call<'_>) -> Result<ArrayRef> {
    if matches!(call.argument_type(0)?, DataType::Int64) {
        let a = call.int(0)?;
        return call.ints(|row| Ok(a.get(row).map(|value| i64::from(value.count_ones()))));
    }
    let a = call.blob(0)?;
    call.ints(|row| Ok(a.get(row).map(|bytes| bytes.iter().map(|b| i64::from(b.count_ones())).sum())))
}

#[cfg(test)]
mod tests {
    use super::{base64, hex, of_base64, of_hex};

    #[test]
    fn bytes_come_back() {
        for length in 0..10_u8 {
            let bytes: Vec<u8> = (0..length).map(|b| b.wrapping_mul(77)).collect();
            assert_eq!(of_base64(&base64(&bytes)).as_ref(), Some(&bytes));
            assert_eq!(of_hex(&hex(&bytes)).as_ref(), Some(&bytes));
        }
        assert_eq!(base64(b"light w"), "bGlnaHQgdw==");
        assert_eq!(of_hex("fff"), Some(vec![0xf, 0xff]));
        assert_eq!(of_hex("xy"), None);
    }
}
