//! Texts of single values as GoogleSQL writes them.

use bedside_types::{Fraction, date_digits, interval_text, time_digits};

const MICROS_PER_DAY: i64 = 86_400_000_000;

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
    date_digits(days).iter().map(|digit| char::from(*digit)).collect()
}

/// A TIME from microseconds since midnight: `10:00:00`, `10:00:00.250`.
pub(crate) fn time(micros: i64) -> String {
    let digits = &time_digits(micros)[..Fraction::ThreeOrSix.end_of_time(micros)];
    digits.iter().map(|digit| char::from(*digit)).collect()
}

/// A DATETIME from microseconds since 1970-01-01, with `separator` between day and time.
pub(crate) fn datetime(micros: i64, separator: char) -> String {
    let mut text = date(micros.div_euclid(MICROS_PER_DAY));
    text.push(separator);
    text + &time(micros.rem_euclid(MICROS_PER_DAY))
}

/// An INTERVAL in canonical form: `1-2 3 4:5:6.500`.
pub(crate) fn interval(months: i32, days: i32, nanos: i64) -> String {
    interval_text(months, days, nanos, Fraction::ThreeOrSix)
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
}
