//! Texts of single values as GoogleSQL writes them.

use std::fmt::Write;

const MICROS_PER_SECOND: i64 = 1_000_000;
const MICROS_PER_DAY: i64 = 86_400 * MICROS_PER_SECOND;

/// A FLOAT64 as `CAST(x AS STRING)` writes it: the shortest digits that read back as the same number, in C's `%g` layout
/// with 15 digits, or 17 where 15 do not suffice (`1`, `0.1`, `1e+15`, `1e-07`, `inf`, `-inf`, `nan`).
pub(crate) fn float(value: f64) -> String {
    if value.is_nan() {
        return "nan".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    // Rust's `{:e}` has the shortest digits: `-1.25e-7`.
    let scientific = format!("{value:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    let digits = mantissa.bytes().filter(u8::is_ascii_digit).count();
    let precision = if digits <= 15 { 15 } else { 17 };
    if (-4..precision).contains(&exponent) {
        format!("{value}")
    } else {
        let sign = if exponent < 0 { '-' } else { '+' };
        format!("{mantissa}e{sign}{:02}", exponent.abs())
    }
}

/// A decimal from the digits of its unscaled value, without trailing zeros after the point.
pub(crate) fn decimal(unscaled: &str, scale: usize) -> String {
    let (sign, digits) = match unscaled.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", unscaled),
    };
    let padded = format!("{digits:0>width$}", width = scale + 1);
    let (whole, fraction) = padded.split_at(padded.len() - scale);
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{whole}{point}{fraction}")
}

/// A DATE from days since 1970-01-01: `2150-01-31`.
pub(crate) fn date(days: i64) -> String {
    let (year, month, day) = civil_from_days(days);
    format!("{year:04}-{month:02}-{day:02}")
}

/// A TIME from microseconds since midnight: `10:00:00`, `10:00:00.250`.
pub(crate) fn time(micros: i64) -> String {
    let seconds = micros.div_euclid(MICROS_PER_SECOND);
    let mut text = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    push_fraction(&mut text, micros.rem_euclid(MICROS_PER_SECOND));
    text
}

/// A DATETIME from microseconds since 1970-01-01, with `separator` between day and time.
pub(crate) fn datetime(micros: i64, separator: char) -> String {
    let mut text = date(micros.div_euclid(MICROS_PER_DAY));
    text.push(separator);
    text + &time(micros.rem_euclid(MICROS_PER_DAY))
}

/// An INTERVAL in canonical form: `1-2 3 4:5:6.5`.
pub(crate) fn interval(months: i32, days: i32, nanos: i64) -> String {
    let sign = |negative: bool| if negative { "-" } else { "" };
    let (month_count, micros) = (months.unsigned_abs(), nanos.unsigned_abs() / 1000);
    let seconds = micros / 1_000_000;
    let mut text = format!(
        "{}{}-{} {days} {}{}:{}:{}",
        sign(months < 0),
        month_count / 12,
        month_count % 12,
        sign(nanos < 0),
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    );
    push_fraction(&mut text, (micros % 1_000_000) as i64);
    text
}

/// BYTES in base64 with padding (RFC 4648 §4).
pub(crate) fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().fold(0u32, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let index = word >> (18 - 6 * place) & 63;
            text.push(if place <= chunk.len() { ALPHABET[index as usize] as char } else { '=' });
        }
    }
    text
}

/// Appends `text` as a JSON string: `"`, `\` and the control characters below U+0020 escaped.
pub(crate) fn push_json_string(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            c if c < ' ' => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// Six digits, or three where the rest are zeros, or none; as BigQuery prints fractions of a second.
fn push_fraction(text: &mut String, micros: i64) {
    let _ = match micros {
        0 => Ok(()),
        micros if micros % 1000 == 0 => write!(text, ".{:03}", micros / 1000),
        micros => write!(text, ".{micros:06}"),
    };
}

/// Year, month and day of the proleptic Gregorian calendar, after Howard Hinnant's `civil_from_days`
/// (<https://howardhinnant.github.io/date_algorithms.html>).
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_have_the_shortest_digits_in_the_layout_of_g() {
        for (value, expected) in [
            (1.0, "1"),
            (-0.0, "0"),
            (0.1, "0.1"),
            (0.1 + 0.2, "0.30000000000000004"),
            (98.6, "98.6"),
            (1e14, "100000000000000"),
            (1e15, "1e+15"),
            (1e-4, "0.0001"),
            (1e-7, "1e-07"),
            (-1.25e-7, "-1.25e-07"),
            (1e300, "1e+300"),
            (1_234_567_890_123_456.0, "1234567890123456"),
            (1.234_567_890_123_456_8e17, "1.2345678901234568e+17"),
            (f64::NAN, "nan"),
            (f64::NEG_INFINITY, "-inf"),
        ] {
            assert_eq!(float(value), expected);
            assert!(value.is_nan() || expected.parse() == Ok(value), "{expected} does not read back");
        }
    }

    #[test]
    fn decimals_lose_trailing_zeros_only() {
        for (unscaled, scale, expected) in [
            ("1500000000", 9, "1.5"),
            ("-1", 9, "-0.000000001"),
            ("0", 9, "0"),
            ("100000000000", 9, "100"),
            ("-1230000000", 9, "-1.23"),
            ("15", 0, "15"),
        ] {
            assert_eq!(decimal(unscaled, scale), expected);
        }
    }

    #[test]
    fn times_have_no_three_or_six_digits_after_the_second() {
        for (micros, expected) in [
            (0, "1970-01-01T00:00:00"),
            (-1, "1969-12-31T23:59:59.999999"),
            (5_680_317_600_000_000, "2150-01-01T10:00:00"),
            (951_782_400_250_000, "2000-02-29T00:00:00.250"),
            (-62_135_596_800_000_000, "0001-01-01T00:00:00"),
            (253_402_300_799_999_999, "9999-12-31T23:59:59.999999"),
        ] {
            assert_eq!(datetime(micros, 'T'), expected);
        }
        assert_eq!(time(86_399_000_100), "23:59:59.000100");
    }

    #[test]
    fn intervals_are_canonical() {
        for ((months, days, nanos), expected) in [
            ((14, 3, 14_706_500_000_000), "1-2 3 4:5:6.500"),
            ((-14, -3, -1_000_000_000), "-1-2 -3 -0:0:1"),
            ((0, 0, 0), "0-0 0 0:0:0"),
        ] {
            assert_eq!(interval(months, days, nanos), expected);
        }
    }

    #[test]
    fn bytes_are_padded_base64() {
        for (bytes, expected) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64(bytes.as_bytes()), expected);
        }
        assert_eq!(base64(&[0xfb, 0xff, 0xfe]), "+//+");
    }

    #[test]
    fn json_strings_are_escaped() {
        let mut out = String::new();
        push_json_string(&mut out, "a\"b\\c\nd\u{1}é");
        assert_eq!(out, "\"a\\\"b\\\\c\\nd\\u0001é\"");
    }
}
