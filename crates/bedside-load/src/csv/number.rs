//! Numbers, exactly.
//!
//! Blanks around a number are accepted, as PostgreSQL's COPY accepts them; everything else must be the number.

/// Why a text is no value; empty where there is nothing to add.
pub(crate) type Why = &'static str;

const OUT_OF_RANGE: Why = "out of range";

/// Decimal places of NUMERIC.
const NUMERIC_SCALE: i32 = 9;
/// NUMERIC's largest absolute value is below 10^29, held times 10^9.
const NUMERIC_LIMIT: i128 = 10_i128.pow(38);

/// An INT64.
#[inline]
pub(crate) fn int64(text: &[u8]) -> Result<i64, Why> {
    let text = text.trim_ascii();
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    if digits.is_empty() {
        return Err("");
    }
    // 18 digits cannot overflow, so most numbers need no check.
    if digits.len() <= 18 {
        let mut value = 0_i64;
        for digit in digits {
            let digit = digit.wrapping_sub(b'0');
            if digit > 9 {
                return Err("");
            }
            value = value * 10 + i64::from(digit);
        }
        return Ok(if negative { -value } else { value });
    }
    let mut value = 0_i64;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return Err("");
        }
        let digit = i64::from(digit - b'0');
        let next =
            value.checked_mul(10).and_then(|v| if negative { v.checked_sub(digit) } else { v.checked_add(digit) });
        value = next.ok_or(OUT_OF_RANGE)?;
    }
    Ok(value)
}

pub(crate) const POWERS: [f64; 16] =
    [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

/// A FLOAT64, correctly rounded; `NaN`, `Infinity` and `inf` in any case are values.
#[inline]
pub(crate) fn float64(text: &[u8]) -> Result<f64, Why> {
    let text = text.trim_ascii();
    if let Some(value) = short_float(text) {
        return Ok(value);
    }
    let value: f64 = std::str::from_utf8(text).ok().and_then(|text| text.parse().ok()).ok_or("")?;
    if value.is_infinite() && text.iter().any(u8::is_ascii_digit) {
        return Err(OUT_OF_RANGE);
    }
    Ok(value)
}

/// At most 15 digits and no exponent: digits and power of ten are exact doubles, so one division rounds correctly
/// (Clinger, "How to read floating point numbers accurately", 1990).
#[inline]
fn short_float(text: &[u8]) -> Option<f64> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, text),
    };
    if digits.is_empty() || digits.len() > 16 {
        return None;
    }
    let mut mantissa = 0_u64;
    let mut count = 0;
    let mut point = None;
    for &byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit <= 9 {
            mantissa = mantissa * 10 + u64::from(digit);
            count += 1;
        } else if byte == b'.' && point.is_none() {
            point = Some(count);
        } else {
            return None;
        }
    }
    if count == 0 || count > 15 {
        return None;
    }
    let value = mantissa as f64 / POWERS[point.map_or(0, |at| count - at)];
    Some(if negative { -value } else { value })
}

/// A NUMERIC, as its value times 10^9. More than nine decimal places are an error unless they are zeros.
pub(crate) fn numeric(text: &[u8]) -> Result<i128, Why> {
    let text = text.trim_ascii();
    let (negative, rest) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    let (number, exponent) = match rest.iter().position(|byte| matches!(byte, b'e' | b'E')) {
        Some(at) => (&rest[..at], int64(&rest[at + 1..]).map_err(|_| "")?),
        None => (rest, 0),
    };
    let mut value = 0_i128;
    let mut digits = 0;
    // Decimal places of `value` so far.
    let mut places = 0_i64;
    let mut after_point = false;
    for &byte in number {
        match byte {
            b'0'..=b'9' => {
                digits += 1;
                value =
                    value.checked_mul(10).and_then(|v| v.checked_add(i128::from(byte - b'0'))).ok_or(OUT_OF_RANGE)?;
                places += i64::from(after_point);
            }
            b'.' if !after_point => after_point = true,
            _ => return Err(""),
        }
    }
    if digits == 0 {
        return Err("");
    }
    let scaled = scale(value, i64::from(NUMERIC_SCALE) - places + exponent.clamp(-1000, 1000))?;
    if scaled >= NUMERIC_LIMIT {
        return Err(OUT_OF_RANGE);
    }
    Ok(if negative { -scaled } else { scaled })
}

fn scale(mut value: i128, mut power: i64) -> Result<i128, Why> {
    while power > 0 && value != 0 {
        value = value.checked_mul(10).ok_or(OUT_OF_RANGE)?;
        power -= 1;
    }
    while power < 0 && value != 0 {
        if value % 10 != 0 {
            return Err("more than 9 decimal places");
        }
        value /= 10;
        power += 1;
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::{float64, int64, numeric};
    use proptest::prelude::*;

    #[test]
    fn integers() {
        for (text, expected) in [
            ("0", Ok(0)),
            (" 42 ", Ok(42)),
            ("-007", Ok(-7)),
            ("+5", Ok(5)),
            ("9223372036854775807", Ok(i64::MAX)),
            ("-9223372036854775808", Ok(i64::MIN)),
            ("9223372036854775808", Err("out of range")),
            ("00000000000000000000001", Ok(1)),
            ("1.0", Err("")),
            ("1e3", Err("")),
            ("", Err("")),
            ("-", Err("")),
            ("1 2", Err("")),
        ] {
            assert_eq!(int64(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn floats_that_are_none_or_too_large() {
        for text in ["", ".", "-", "1,5", "abc", "1.2.3", "0x10", "1e", "--1"] {
            assert_eq!(float64(text.as_bytes()), Err(""), "{text}");
        }
        assert_eq!(float64(b"1e999"), Err("out of range"));
        assert!(float64(b"NaN").unwrap().is_nan());
        assert_eq!(float64(b"-Infinity"), Ok(f64::NEG_INFINITY));
        assert_eq!(float64(b" 1.5e-3 "), Ok(0.0015));
        assert_eq!(float64(b".5"), Ok(0.5));
        assert!(float64(b"-0").unwrap().is_sign_negative());
    }

    #[test]
    fn numerics() {
        for (text, expected) in [
            ("98.6", Ok(98_600_000_000)),
            ("-0.000000001", Ok(-1)),
            ("1e2", Ok(100_000_000_000)),
            ("1.50000000000", Ok(1_500_000_000)),
            ("0.0000000001", Err("more than 9 decimal places")),
            ("99999999999999999999999999999.999999999", Ok(10_i128.pow(38) - 1)),
            ("100000000000000000000000000000", Err("out of range")),
            ("0e99999", Ok(0)),
            ("1e99999", Err("out of range")),
            ("", Err("")),
            (".", Err("")),
            ("1.2.3", Err("")),
        ] {
            assert_eq!(numeric(text.as_bytes()), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn floats_round_as_the_standard_library_does(value: f64, digits in 0..18_usize) {
            for text in [format!("{value}"), format!("{value:e}"), format!("{:.digits$}", value % 1e6)] {
                let expected: f64 = text.parse().unwrap();
                let found = float64(text.as_bytes()).unwrap();
                prop_assert!(found.to_bits() == expected.to_bits() || found.is_nan() && expected.is_nan(), "{}", text);
            }
        }

        #[test]
        fn integers_come_back(value: i64) {
            prop_assert_eq!(int64(value.to_string().as_bytes()), Ok(value));
        }
    }
}
