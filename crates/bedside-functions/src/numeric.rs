//! Exact decimals: NUMERIC as an integer of 10^-9, BIGNUMERIC as one of 10^-38.
//!
//! Every operation rounds half away from zero to the type's scale, as GoogleSQL does.

use arrow::datatypes::i256;
use num_bigint::{BigInt, Sign};
use num_traits::{Signed, ToPrimitive, Zero};

/// 10^9: one, as NUMERIC holds it.
pub(crate) const NUMERIC_ONE: i128 = 1_000_000_000;
/// The largest NUMERIC, 29 nines before and 9 after the point; the smallest is its negative.
pub(crate) const NUMERIC_MAX: i128 = 10_i128.pow(38) - 1;

pub(crate) const fn in_range(value: i128) -> bool {
    value >= -NUMERIC_MAX && value <= NUMERIC_MAX
}

pub(crate) fn checked(value: Option<i128>) -> Option<i128> {
    value.filter(|value| in_range(*value))
}

pub(crate) fn multiply(left: i128, right: i128) -> Option<i128> {
    if let Some(product) = left.checked_mul(right) {
        return Some(divide_rounded(product, NUMERIC_ONE));
    }
    let product = i256::from_i128(left).checked_mul(i256::from_i128(right))?;
    checked(divide_rounded_wide(product, i256::from_i128(NUMERIC_ONE))?.to_i128())
}

/// `None` for overflow; the divisor is not 0.
pub(crate) fn divide(left: i128, right: i128) -> Option<i128> {
    if let Some(scaled) = left.checked_mul(NUMERIC_ONE) {
        return checked(Some(divide_rounded(scaled, right)));
    }
    let scaled = i256::from_i128(left).checked_mul(i256::from_i128(NUMERIC_ONE))?;
    checked(divide_rounded_wide(scaled, i256::from_i128(right))?.to_i128())
}

/// Division that rounds half away from zero.
pub(crate) const fn divide_rounded(value: i128, divisor: i128) -> i128 {
    let quotient = value / divisor;
    let remainder = value % divisor;
    if remainder.unsigned_abs() >= divisor.unsigned_abs() - remainder.unsigned_abs() {
        if (value < 0) == (divisor < 0) { quotient + 1 } else { quotient - 1 }
    } else {
        quotient
    }
}

fn divide_rounded_wide(value: i256, divisor: i256) -> Option<i256> {
    let quotient = value.checked_div(divisor)?;
    let remainder = value.checked_rem(divisor)?.wrapping_abs();
    if remainder >= divisor.wrapping_abs().wrapping_sub(remainder) {
        let away = if (value < i256::ZERO) == (divisor < i256::ZERO) { i256::ONE } else { i256::MINUS_ONE };
        quotient.checked_add(away)
    } else {
        Some(quotient)
    }
}

/// Rounds to `digits` after the point, half away from zero; negative digits round before it.
pub(crate) fn round(value: i128, digits: i64) -> Option<i128> {
    let Some(unit) = unit(digits) else { return Some(if digits > 0 { value } else { 0 }) };
    checked(divide_rounded(value, unit).checked_mul(unit))
}

/// Cuts after `digits` digits, toward zero.
pub(crate) fn truncate(value: i128, digits: i64) -> i128 {
    match unit(digits) {
        Some(unit) => value / unit * unit,
        None if digits > 0 => value,
        None => 0,
    }
}

/// What one unit of the digit is worth, `None` where the digit is outside NUMERIC.
fn unit(digits: i64) -> Option<i128> {
    if !(-29..9).contains(&digits) {
        return None;
    }
    10_i128.checked_pow((9 - digits) as u32)
}

pub(crate) fn floor(value: i128) -> Option<i128> {
    checked(value.div_euclid(NUMERIC_ONE).checked_mul(NUMERIC_ONE))
}

pub(crate) fn ceil(value: i128) -> Option<i128> {
    floor(-value).map(|value| -value)
}

/// The nearest double; correctly rounded, since decimal text is parsed so.
pub(crate) fn to_float(value: i128) -> f64 {
    const EXACT: i128 = 1 << 53;
    if value > -EXACT && value < EXACT {
        return value as f64 / NUMERIC_ONE as f64;
    }
    format!("{value}e-9").parse().unwrap_or(f64::NAN)
}

/// The exact value of a double times a power of ten, rounded half away from zero; `None` for NaN and infinities.
pub(crate) fn float_scaled(value: f64, digits: u32) -> Option<BigInt> {
    if !value.is_finite() {
        return None;
    }
    let bits = value.to_bits();
    let exponent = ((bits >> 52) & 0x7ff) as i64;
    let fraction = bits & ((1 << 52) - 1);
    let (mantissa, exponent) = if exponent == 0 { (fraction, -1074) } else { (fraction | 1 << 52, exponent - 1075) };
    let scaled = BigInt::from(mantissa) * BigInt::from(10).pow(digits);
    let magnitude = if exponent >= 0 {
        scaled << exponent as usize
    } else {
        // Adding half of the unit before the shift rounds half up on the magnitude.
        (scaled + (BigInt::from(1) << (-exponent - 1) as usize)) >> (-exponent) as usize
    };
    Some(if value < 0.0 { -magnitude } else { magnitude })
}

/// A double as NUMERIC; `None` where it does not fit.
pub(crate) fn from_float(value: f64) -> Option<i128> {
    // The common case without big integers: below 2^53 units the product and its error fit two doubles.
    let product = value * 1e9;
    if product.abs() < 4.5e15 {
        let error = value.mul_add(1e9, -product);
        return Some(round_sum(product, error) as i128);
    }
    checked(float_scaled(value, 9)?.to_i128())
}

/// Rounds the exact sum of a double below 2^52 and a much smaller one to an integer, half away from zero.
pub(crate) fn round_sum(product: f64, error: f64) -> f64 {
    let whole = product.trunc();
    let rest = product - whole;
    let positive = product > 0.0 || (product == 0.0 && error > 0.0);
    let (rest, error) = if positive { (rest, error) } else { (-rest, -error) };
    let away = rest > 0.5 || (rest == 0.5 && error >= 0.0);
    match (away, positive) {
        (true, true) => whole + 1.0,
        (true, false) => whole - 1.0,
        (false, _) => whole,
    }
}

/// Parses decimal text with an optional exponent into an integer of 10^-`scale`, rounded half away from zero.
pub(crate) fn parse_decimal(text: &str, scale: u32) -> Option<BigInt> {
    let text = text.trim_matches(|c: char| c.is_ascii_whitespace());
    let (negative, text) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => (&text[..at], text[at + 1..].parse::<i64>().ok()?),
        None => (text, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.len() + fraction.len() == 0 || !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit()) {
        return None;
    }
    let digits = format!("{whole}{fraction}");
    let shift = exponent.checked_sub(fraction.len() as i64)?.checked_add(i64::from(scale))?;
    let trimmed = digits.trim_start_matches('0');
    let magnitude = if trimmed.is_empty() || shift < -(trimmed.len() as i64) {
        BigInt::zero()
    } else if shift >= 0 {
        if shift > 100 {
            return None;
        }
        parse_digits(trimmed)? * BigInt::from(10).pow(shift as u32)
    } else {
        let unit = BigInt::from(10).pow((-shift) as u32);
        (parse_digits(trimmed)? + &unit / 2) / unit
    };
    Some(if negative { -magnitude } else { magnitude })
}

fn parse_digits(digits: &str) -> Option<BigInt> {
    BigInt::parse_bytes(digits.as_bytes(), 10)
}

/// NUMERIC from text; `None` where it is none or does not fit.
pub(crate) fn parse(text: &str) -> Option<i128> {
    checked(parse_decimal(text, 9)?.to_i128())
}

/// Decimal text without trailing zeros.
pub(crate) fn format_decimal(value: &BigInt, scale: usize) -> String {
    let digits = format!("{:0>width$}", value.abs().to_string(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    let fraction = fraction.trim_end_matches('0');
    let sign = if value.is_negative() { "-" } else { "" };
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

/// NUMERIC as text without trailing zeros.
pub(crate) fn format(value: i128) -> String {
    let whole = value.unsigned_abs() / NUMERIC_ONE as u128;
    let fraction = value.unsigned_abs() % NUMERIC_ONE as u128;
    let sign = if value < 0 { "-" } else { "" };
    if fraction == 0 {
        return format!("{sign}{whole}");
    }
    let digits = format!("{fraction:09}");
    format!("{sign}{whole}.{}", digits.trim_end_matches('0'))
}

/// BIGNUMERIC's integer as a big one.
pub(crate) fn wide(value: i256) -> BigInt {
    BigInt::from_signed_bytes_le(&value.to_le_bytes())
}

/// A big integer as BIGNUMERIC holds it; `None` where it does not fit.
pub(crate) fn narrow(value: &BigInt) -> Option<i256> {
    let bytes = value.to_signed_bytes_le();
    if bytes.len() > 32 {
        return None;
    }
    let fill = if value.sign() == Sign::Minus { 0xff } else { 0 };
    let mut whole = [fill; 32];
    whole[..bytes.len()].copy_from_slice(&bytes);
    Some(i256::from_le_bytes(whole))
}

/// Division of big integers that rounds half away from zero; the divisor is not 0.
pub(crate) fn divide_big(value: &BigInt, divisor: &BigInt) -> BigInt {
    let magnitude = (value.abs() * 2 + divisor.abs()) / (divisor.abs() * 2);
    if value.is_negative() == divisor.is_negative() { magnitude } else { -magnitude }
}

#[cfg(test)]
mod tests {
    use super::{divide, float_scaled, format, from_float, multiply, parse, round, to_float, truncate};

    #[test]
    fn numbers_round_half_away_from_zero() {
        for (text, expected) in [
            ("1.0000000005", "1.000000001"),
            ("-1.0000000005", "-1.000000001"),
            ("1.00000000049", "1"),
            ("1e3", "1000"),
            ("-.5", "-0.5"),
            (" 12.50 ", "12.5"),
            ("99999999999999999999999999999.999999999", "99999999999999999999999999999.999999999"),
        ] {
            assert_eq!(format(parse(text).unwrap()), expected, "{text}");
        }
        for text in ["", "abc", "1e", "1.2.3", "1e30", "99999999999999999999999999999.9999999995", "-"] {
            assert_eq!(parse(text), None, "{text}");
        }
        let n = |text| parse(text).unwrap();
        assert_eq!(divide(n("1"), n("3")), parse("0.333333333"));
        assert_eq!(divide(n("-2"), n("3")), parse("-0.666666667"));
        assert_eq!(multiply(n("0.000000001"), n("0.5")), parse("0.000000001"));
        assert_eq!(multiply(n("99999999999999999999999999999"), n("10")), None);
        assert_eq!(multiply(n("9223372036854775807"), n("1000000000")), parse("9223372036854775807000000000"));
        assert_eq!(round(n("1.005"), 2), parse("1.01"));
        assert_eq!(round(n("15"), -1), parse("20"));
        assert_eq!(round(n("15"), -40), Some(0));
        assert_eq!(truncate(n("-1.29"), 1), n("-1.2"));
        assert_eq!((to_float(n("0.1")), to_float(n("12345678901234567890.1"))), (0.1, 12_345_678_901_234_567_890.1));
    }

    #[test]
    fn doubles_convert_by_their_exact_value() {
        for value in
            [0.1, 2.675, 1.005, -1234.5678, 1e-10, 5e-10, 0.000_000_000_5, 123_456_789.987_654_32, -2.5e-9, 0.0]
        {
            let exact = float_scaled(value, 9).unwrap();
            assert_eq!(from_float(value).unwrap().to_string(), exact.to_string(), "{value}");
        }
        assert_eq!(from_float(1e30), None);
        assert_eq!(from_float(f64::NAN), None);
    }
}
