//! Numbers as BigQuery writes them.

/// A FLOAT64 of this size and larger has an exponent, as Java's `Double.toString` has it.
const LARGEST_PLAIN: f64 = 1e7;
/// A FLOAT64 smaller than this has an exponent.
const SMALLEST_PLAIN: f64 = 1e-3;
/// NUMERIC's unit: 10^9 of them are one.
const NUMERIC_SCALE: u128 = 1_000_000_000;
/// BIGNUMERIC's digits after the point.
const WIDE_DIGITS: usize = 38;

pub(crate) fn push_integer(out: &mut Vec<u8>, value: i64) {
    out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
}

/// The shortest digits that read back as the same number: `1.5`, `1.0E20`, `NaN`, `-Infinity`.
pub(crate) fn push_float(out: &mut Vec<u8>, value: f64) {
    let size = value.abs();
    if value.is_nan() {
        out.extend_from_slice(b"NaN");
    } else if value.is_infinite() {
        out.extend_from_slice(if value > 0.0 { b"Infinity" } else { b"-Infinity" });
    } else if value == 0.0 || (SMALLEST_PLAIN..LARGEST_PLAIN).contains(&size) {
        out.extend_from_slice(ryu::Buffer::new().format_finite(value).as_bytes());
    } else {
        push_scientific(out, value);
    }
}

/// `1.0E20` from Rust's `1e20`.
fn push_scientific(out: &mut Vec<u8>, value: f64) {
    let text = format!("{value:e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    out.extend_from_slice(digits.as_bytes());
    if !digits.contains('.') {
        out.extend_from_slice(b".0");
    }
    out.push(b'E');
    out.extend_from_slice(exponent.as_bytes());
}

/// A NUMERIC from its value times 10^9, without zeros at the end.
pub(crate) fn push_decimal(out: &mut Vec<u8>, value: i128) {
    if value < 0 {
        out.push(b'-');
    }
    let size = value.unsigned_abs();
    let fraction = (size % NUMERIC_SCALE) as u32;
    out.extend_from_slice(itoa::Buffer::new().format(size / NUMERIC_SCALE).as_bytes());
    if fraction > 0 {
        let digits = format!("{fraction:09}");
        out.push(b'.');
        out.extend_from_slice(digits.trim_end_matches('0').as_bytes());
    }
}

/// A BIGNUMERIC from the text of its value times 10^38, without zeros at the end.
pub(crate) fn push_wide_decimal(out: &mut Vec<u8>, unscaled: &str) {
    let digits = unscaled.strip_prefix('-').unwrap_or(unscaled);
    if digits.len() < unscaled.len() {
        out.push(b'-');
    }
    let padded = format!("{digits:0>width$}", width = WIDE_DIGITS + 1);
    let (whole, fraction) = padded.split_at(padded.len() - WIDE_DIGITS);
    out.extend_from_slice(whole.as_bytes());
    let fraction = fraction.trim_end_matches('0');
    if !fraction.is_empty() {
        out.push(b'.');
        out.extend_from_slice(fraction.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::{push_decimal, push_float, push_wide_decimal};

    fn text(push: impl Fn(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        push(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn floats_read_back_as_the_same_number() {
        for (value, expected) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (98.6, "98.6"),
            (0.1 + 0.2, "0.30000000000000004"),
            (0.001, "0.001"),
            (0.000_99, "9.9E-4"),
            (9_999_999.0, "9999999.0"),
            (1e7, "1.0E7"),
            (-1.25e-7, "-1.25E-7"),
            (f64::MAX, "1.7976931348623157E308"),
            (5e-324, "5.0E-324"),
        ] {
            let written = text(|out| push_float(out, value));
            assert_eq!(written, expected);
            assert_eq!(written.parse::<f64>().map(f64::to_bits), Ok(value.to_bits()));
        }
    }

    #[test]
    fn decimals_lose_zeros_at_the_end_only() {
        for (value, expected) in [
            (0, "0"),
            (1_500_000_000, "1.5"),
            (-1, "-0.000000001"),
            (100_000_000_000, "100"),
            (99_999_999_999_999_999_999_999_999_999_999_999_999, "99999999999999999999999999999.999999999"),
        ] {
            assert_eq!(text(|out| push_decimal(out, value)), expected);
        }
        let small = format!("-0.{}1", "0".repeat(37));
        for (unscaled, expected) in [("-1", small.as_str()), ("0", "0"), (&format!("12{}", "0".repeat(38)), "12")] {
            assert_eq!(text(|out| push_wide_decimal(out, unscaled)), expected);
        }
    }
}
