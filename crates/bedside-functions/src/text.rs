//! Values as text and text as values, as GoogleSQL's CAST does it.

use crate::civil::{MICROS_PER_DAY, MICROS_PER_SECOND, check_micros, checked_day, date_of};
use bedside_types::Zone;
use std::fmt::Write;

/// A double as C's `%.15g`, or `%.17g` where that does not read back: `1`, `0.1`, `1e+15`, `1e-07`, `inf`, `nan`.
pub(crate) fn format_float(value: f64) -> String {
    if value.is_nan() {
        return "nan".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    let short = general(value, 15);
    if short.parse() == Ok(value) { short } else { general(value, 17) }
}

/// C's `%.{precision}g` for a finite double.
pub(crate) fn general(value: f64, precision: usize) -> String {
    let precision = precision.max(1);
    if value == 0.0 {
        return if value.is_sign_negative() { "-0" } else { "0" }.to_owned();
    }
    let scientific = format!("{value:.*e}", precision - 1);
    let Some((mantissa, exponent)) = scientific.split_once('e') else { return scientific };
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if exponent < -4 || exponent >= precision as i32 {
        let mantissa = trim_fraction(mantissa);
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{mantissa}e{sign}{:02}", exponent.abs());
    }
    let fixed = format!("{value:.*}", (precision as i32 - 1 - exponent).max(0) as usize);
    trim_fraction(&fixed).to_owned()
}

fn trim_fraction(text: &str) -> &str {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}

/// INT64 from text: blanks around, a sign, decimal digits or `0x` and hexadecimal ones.
pub(crate) fn parse_int(text: &str) -> Option<i64> {
    let text = text.trim_matches(|c: char| c.is_ascii_whitespace());
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (digits, radix) = match digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        Some(rest) => (rest, 16),
        None => (digits, 10),
    };
    // A second sign would be taken by the parser below.
    if !digits.bytes().next()?.is_ascii_alphanumeric() {
        return None;
    }
    let magnitude = i128::from_str_radix(digits, radix).ok()?;
    i64::try_from(if negative { -magnitude } else { magnitude }).ok()
}

/// FLOAT64 from text: blanks around, exponents, `inf`, `infinity` and `nan` in any case; not what overflows.
pub(crate) fn parse_float(text: &str) -> Option<f64> {
    let text = text.trim_matches(|c: char| c.is_ascii_whitespace());
    // What is too large is an infinity, in Rust as in GoogleSQL.
    text.parse().ok().or_else(|| parse_hex_float(text))
}

fn parse_hex_float(text: &str) -> Option<f64> {
    let (negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let rest = rest.strip_prefix("0x").or_else(|| rest.strip_prefix("0X"))?;
    let (mantissa, exponent) = rest.split_once(['p', 'P']).unwrap_or((rest, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    if digits.is_empty() || digits.len() > 15 {
        return None;
    }
    let value = u64::from_str_radix(&digits, 16).ok()? as f64;
    let exponent = exponent.parse::<i32>().ok()? - 4 * fraction.len() as i32;
    let value = value * f64::from(exponent).exp2();
    Some(if negative { -value } else { value })
}

/// BOOL from text: `true` and `false` in any case.
pub(crate) fn parse_bool(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

/// `2150-01-31`.
pub(crate) fn write_date(out: &mut String, days: i64) {
    let (year, month, day) = date_of(days);
    let _ = write!(out, "{year:04}-{month:02}-{day:02}");
}

/// `10:00:00`, with three or six digits of a second where they are needed.
pub(crate) fn write_time(out: &mut String, micros: i64) {
    let seconds = micros / MICROS_PER_SECOND;
    let fraction = micros % MICROS_PER_SECOND;
    let _ = write!(out, "{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if fraction % 1000 != 0 {
        let _ = write!(out, ".{fraction:06}");
    } else if fraction != 0 {
        let _ = write!(out, ".{:03}", fraction / 1000);
    }
}

/// `2150-01-31 10:00:00` with `separator` in the middle.
pub(crate) fn write_datetime(out: &mut String, micros: i64, separator: char) {
    write_date(out, micros.div_euclid(MICROS_PER_DAY));
    out.push(separator);
    write_time(out, micros.rem_euclid(MICROS_PER_DAY));
}

/// What [`write_date`] writes.
pub(crate) fn format_date(days: i64) -> String {
    let mut out = String::with_capacity(10);
    write_date(&mut out, days);
    out
}

/// What [`write_datetime`] writes with a blank.
pub(crate) fn format_datetime(micros: i64) -> String {
    let mut out = String::with_capacity(26);
    write_datetime(&mut out, micros, ' ');
    out
}

/// What CAST of a TIMESTAMP to STRING gives: `2020-01-01 10:00:00.120+00`.
pub(crate) fn format_timestamp(micros: i64) -> String {
    format_datetime(micros) + "+00"
}

/// The same with the offset of a zone: `2020-07-01 05:30:00+05:30`. Seconds of an offset are cut off, as GoogleSQL has it.
pub(crate) fn format_timestamp_in(micros: i64, zone: Zone) -> String {
    let minutes = zone.offset_at(micros) / (60 * MICROS_PER_SECOND);
    let mut out = format_datetime(micros + minutes * 60 * MICROS_PER_SECOND);
    let _ = write!(out, "{}{:02}", if minutes < 0 { '-' } else { '+' }, minutes.abs() / 60);
    if minutes % 60 != 0 {
        let _ = write!(out, ":{:02}", minutes.abs() % 60);
    }
    out
}

/// Reads digits from the front of a text.
struct Reader<'a> {
    rest: &'a [u8],
}

impl Reader<'_> {
    /// A number of `least` to `most` digits.
    fn number(&mut self, least: usize, most: usize) -> Option<i64> {
        let count = self.rest.iter().take(most).take_while(|b| b.is_ascii_digit()).count();
        if count < least {
            return None;
        }
        let value = self.rest[..count].iter().fold(0, |value, digit| value * 10 + i64::from(digit - b'0'));
        self.rest = &self.rest[count..];
        Some(value)
    }

    fn skip(&mut self, allowed: &[u8]) -> Option<u8> {
        let first = *self.rest.first()?;
        allowed.contains(&first).then(|| {
            self.rest = &self.rest[1..];
            first
        })
    }

    fn date(&mut self) -> Option<i64> {
        let year = self.number(4, 4)?;
        self.skip(b"-")?;
        let month = self.number(1, 2)?;
        self.skip(b"-")?;
        let day = self.number(1, 2)?;
        checked_day(year, month, day)
    }

    /// Hours, minutes, seconds and an optional fraction of up to six digits.
    fn time(&mut self) -> Option<i64> {
        let hour = self.number(1, 2)?;
        self.skip(b":")?;
        let minute = self.number(1, 2)?;
        self.skip(b":")?;
        let second = self.number(1, 2)?;
        // A leap second is the next minute's first, as GoogleSQL has it.
        if hour > 23 || minute > 59 || second > 60 {
            return None;
        }
        let mut fraction = 0;
        if self.skip(b".").is_some() {
            let digits = self.rest.iter().take_while(|b| b.is_ascii_digit()).count();
            if !(1..=6).contains(&digits) {
                return None;
            }
            for index in 0..6 {
                let digit = if index < digits { i64::from(self.rest[index] - b'0') } else { 0 };
                fraction = fraction * 10 + digit;
            }
            self.rest = &self.rest[digits..];
        }
        Some(((hour * 60 + minute) * 60 + second) * MICROS_PER_SECOND + fraction)
    }
}

/// DATE from `2020-1-31`.
pub(crate) fn parse_date(text: &str) -> Option<i64> {
    let mut reader = Reader { rest: text.as_bytes() };
    let days = reader.date()?;
    reader.rest.is_empty().then_some(days)
}

/// DATETIME from `2020-1-31`, `2020-01-31 10:00:00`, `2020-01-31T10:00:00.123456`.
pub(crate) fn parse_datetime(text: &str) -> Option<i64> {
    let mut reader = Reader { rest: text.as_bytes() };
    let days = reader.date()?;
    if reader.rest.is_empty() {
        return Some(days * MICROS_PER_DAY);
    }
    reader.skip(b" Tt")?;
    let micros = reader.time()?;
    reader.rest.is_empty().then_some(days * MICROS_PER_DAY + micros)
}

/// TIMESTAMP from the forms of DATETIME and an optional zone; UTC without one.
pub(crate) fn parse_timestamp(text: &str) -> Option<i64> {
    parse_timestamp_in(text, Zone::UTC)
}

/// The same in another zone where the text has none. A zone by name, and any zone after a day alone, stands behind a blank.
pub(crate) fn parse_timestamp_in(text: &str, default: Zone) -> Option<i64> {
    let mut reader = Reader { rest: text.as_bytes() };
    let mut civil = reader.date()? * MICROS_PER_DAY;
    let mut timed = false;
    if reader.rest.first().is_some_and(|b| b" Tt".contains(b)) && reader.rest.get(1).is_some_and(u8::is_ascii_digit) {
        reader.skip(b" Tt")?;
        civil += reader.time()?;
        timed = true;
    }
    let rest = std::str::from_utf8(reader.rest).ok()?;
    let zone = match (rest.strip_prefix(' '), rest) {
        (_, "") => default,
        (Some(zone), _) => zone.parse().ok()?,
        (None, zone) if timed && zone.starts_with(['+', '-', 'Z', 'z', 'U']) => zone.parse().ok()?,
        _ => return None,
    };
    check_micros(zone.instant(civil)).ok()
}

/// TIME from `10:00:00` with an optional fraction.
pub(crate) fn parse_time(text: &str) -> Option<i64> {
    let mut reader = Reader { rest: text.as_bytes() };
    let micros = reader.time()?;
    (reader.rest.is_empty() && micros < MICROS_PER_DAY).then_some(micros)
}

#[cfg(test)]
mod tests {
    use super::{format_datetime, format_float, parse_date, parse_datetime, parse_float, parse_int, parse_timestamp};

    // Recorded from Google's reference implementation.
    #[test]
    fn doubles_are_written_as_googlesql_does() {
        for (value, text) in [
            (1.0, "1"),
            (2.0 / 3.0, "0.66666666666666663"),
            (0.1 + 0.2, "0.30000000000000004"),
            (1_234_567_890_123_456.0, "1234567890123456"),
            (123_456_789_012_345_678.0, "1.2345678901234568e+17"),
            (1e14, "100000000000000"),
            (1e15, "1e+15"),
            (1e-5, "1e-05"),
            (0.0001, "0.0001"),
            (0.123_456_789_012_345_6, "0.12345678901234559"),
            (5e-324, "4.94065645841247e-324"),
            (f64::NEG_INFINITY, "-inf"),
            (98.6, "98.6"),
        ] {
            assert_eq!(format_float(value), text);
        }
    }

    #[test]
    fn texts_are_read_as_googlesql_does() {
        for (text, value) in [(" 0x1F ", Some(31)), ("-0x1f", Some(-31)), ("+5", Some(5)), ("1.0", None), ("", None)] {
            assert_eq!(parse_int(text), value, "{text}");
        }
        for text in ["--1", "+-1", "0x-1", "9223372036854775808"] {
            assert_eq!(parse_int(text), None, "{text}");
        }
        for (text, value) in [
            (" 1e3 ", Some(1000.0)),
            (".5", Some(0.5)),
            ("1.", Some(1.0)),
            ("0x1p3", Some(8.0)),
            ("1e400", Some(f64::INFINITY)),
        ] {
            assert_eq!(parse_float(text), value, "{text}");
        }
        for text in ["", "1,000", ">300", "1 2"] {
            assert_eq!(parse_float(text), None, "{text}");
        }
        for (text, canonical) in [
            ("2020-1-1 1:2:3", "2020-01-01 01:02:03"),
            ("2020-01-01", "2020-01-01 00:00:00"),
            ("2020-01-01T10:00:00.12", "2020-01-01 10:00:00.120"),
        ] {
            assert_eq!(parse_datetime(text).map(format_datetime).as_deref(), Some(canonical));
        }
        for text in ["2020-1-1 1:2", "2020-01-01 10", "2020-01-01T10:00", "2020-01-01 10:00:00+02", "abc", "2020-02-30"]
        {
            assert_eq!(parse_datetime(text), None, "{text}");
        }
        assert_eq!(parse_date(" 2020-01-01 "), None);
        let utc = parse_datetime("2020-01-01 08:00:00");
        assert_eq!(parse_timestamp("2020-01-01 10:00:00+02"), utc);
        assert_eq!(parse_timestamp("2020-01-01 08:00:00Z"), utc);
        assert_eq!(parse_timestamp("2020-01-01 06:30:00 -01:30"), utc);
    }
}
