//! Bytes as text and text as bytes by the name of an encoding.

use crate::call::{Call, some};
use crate::error::{Result, fail};
use arrow::array::ArrayRef;
use data_encoding::{BASE32, BASE64, BASE64_NOPAD, Encoding as Code, HEXLOWER, HEXLOWER_PERMISSIVE};
use std::borrow::Cow;
use std::sync::LazyLock;

enum Encoding {
    Bits(usize),
    Hexadecimal,
    Base32,
    Base64,
    /// Base 64 in lines of 76 characters.
    Base64Lines,
    Ascii,
    Utf8,
}

impl Encoding {
    fn named(name: &str) -> Result<Self> {
        Ok(match name.to_ascii_uppercase().as_str() {
            "BASE2" => Self::Bits(1),
            "BASE8" => Self::Bits(3),
            "BASE16" | "HEX" => Self::Hexadecimal,
            "BASE32" => Self::Base32,
            "BASE64" => Self::Base64,
            "BASE64M" => Self::Base64Lines,
            "ASCII" => Self::Ascii,
            "UTF-8" | "UTF8" => Self::Utf8,
            _ => return fail(format!("Invalid format '{name}'")),
        })
    }
}

pub(super) fn to_text(call: &Call<'_>) -> Result<ArrayRef> {
    let (a, format) = (call.blob(0)?, call.text(1)?);
    call.texts(|row| {
        let (bytes, name) = (some!(a.get(row)), some!(format.get(row)));
        Ok(Some(match Encoding::named(name)? {
            Encoding::Bits(width) => Cow::Owned(digits(bytes, width)),
            Encoding::Hexadecimal => Cow::Owned(HEXLOWER.encode(bytes)),
            Encoding::Base32 => Cow::Owned(BASE32.encode(bytes)),
            Encoding::Base64 => Cow::Owned(BASE64.encode(bytes)),
            Encoding::Base64Lines => Cow::Owned(lines(&BASE64.encode(bytes))),
            Encoding::Ascii if !bytes.is_ascii() => return fail("Failed to decode invalid ASCII string"),
            Encoding::Ascii | Encoding::Utf8 => match std::str::from_utf8(bytes) {
                Ok(text) => Cow::Borrowed(text),
                Err(_) => return fail("A string is not valid UTF-8."),
            },
        }))
    })
}

pub(super) fn of_text(call: &Call<'_>) -> Result<ArrayRef> {
    let (a, format) = (call.text(0)?, call.text(1)?);
    call.blobs(|row| {
        let (text, name) = (some!(a.get(row)), some!(format.get(row)));
        let (what, bytes) = match Encoding::named(name)? {
            Encoding::Bits(1) => ("base2", of_digits(text, 1)),
            Encoding::Bits(width) => ("base8", of_digits(text, width)),
            Encoding::Hexadecimal => {
                let even = if text.len() % 2 == 1 { format!("0{text}") } else { text.to_owned() };
                ("hexadecimal", HEXLOWER_PERMISSIVE.decode(even.as_bytes()).ok())
            }
            Encoding::Base32 => ("base32", BASE32.decode(text.as_bytes()).ok()),
            Encoding::Base64 | Encoding::Base64Lines => ("base64", of_base64(text)),
            Encoding::Ascii => ("ASCII", text.is_ascii().then(|| text.as_bytes().to_vec())),
            Encoding::Utf8 => return Ok(Some(Cow::Borrowed(text.as_bytes()))),
        };
        bytes.map_or_else(
            || fail(format!("Failed to decode invalid {what} string")),
            |bytes| Ok(Some(Cow::Owned(bytes))),
        )
    })
}

/// Base 64 of which the bits after the last byte do not count.
static LENIENT: LazyLock<Code> = LazyLock::new(|| {
    let mut specification = BASE64_NOPAD.specification();
    specification.check_trailing_bits = false;
    specification.encoding().unwrap_or(BASE64_NOPAD)
});

/// Blanks are passed over, the padding may be missing.
fn of_base64(text: &str) -> Option<Vec<u8>> {
    let kept: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    LENIENT.decode(kept.trim_end_matches('=').as_bytes()).ok()
}

fn lines(text: &str) -> String {
    let pieces: Vec<&str> = (0..text.len()).step_by(76).map(|at| &text[at..text.len().min(at + 76)]).collect();
    pieces.join("\r\n")
}

/// Digits of so many bits each, the first byte first.
fn digits(bytes: &[u8], width: usize) -> String {
    let count = (bytes.len() * 8).div_ceil(width);
    let bit = |at: usize| bytes.get(at / 8).map_or(0, |byte| byte >> (7 - at % 8) & 1);
    // Bits that are missing stand before the first.
    let missing = count * width - bytes.len() * 8;
    (0..count)
        .map(|digit| {
            let bits = digit * width..(digit + 1) * width;
            let value = bits.fold(0, |value, at| value << 1 | at.checked_sub(missing).map_or(0, bit));
            char::from(b'0' + value)
        })
        .collect()
}

/// The bytes of such digits.
fn of_digits(text: &str, width: usize) -> Option<Vec<u8>> {
    let mut bits = Vec::with_capacity(text.len() * width);
    for digit in text.bytes() {
        let value = digit.checked_sub(b'0').filter(|value| usize::from(*value) < 1 << width)?;
        bits.extend((0..width).rev().map(|at| value >> at & 1));
    }
    // As many bytes as give that many digits.
    let count = if width == 1 { text.len().div_ceil(8) } else { text.len() / 8 * 3 + (text.len() % 8).div_ceil(3) };
    let mut whole = vec![0; (count * 8).saturating_sub(bits.len())];
    whole.extend(bits.split_off(bits.len().saturating_sub(count * 8)));
    Some(whole.chunks(8).map(|byte| byte.iter().fold(0, |value, bit| value << 1 | bit)).collect())
}
