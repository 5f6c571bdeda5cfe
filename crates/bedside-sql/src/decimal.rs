//! NUMERIC and BIGNUMERIC from and to text.

/// NUMERIC's unit: 10^9 of them are one.
pub(crate) const NUMERIC_SCALE: i128 = 1_000_000_000;

/// Exclusive bound of NUMERIC in its unit.
const NUMERIC_BOUND: i128 = 10_i128.pow(38);

/// What to do with digits beyond the scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Digits {
    /// Refuse them.
    Exact,
    /// Round half away from zero.
    Rounded,
}

/// A decimal text (`-1.5e3`) in units of 10^-9; `None` where it is none or too large.
pub(crate) fn numeric(text: &str, digits: Digits) -> Option<i128> {
    let (negative, number, exponent) = parts(text)?;
    // Digits to keep: those down to 10^-9.
    let keep = number.len() as i64 + exponent + 9;
    if keep > 39 && number.trim_start_matches('0').len() as i64 + exponent + 9 > 39 {
        return None;
    }
    let kept: String = number.chars().chain(std::iter::repeat('0')).take(keep.clamp(0, 200) as usize).collect();
    let rest: String = number.chars().skip(keep.clamp(0, 1 << 20) as usize).collect();
    if digits == Digits::Exact && rest.bytes().any(|b| b != b'0') {
        return None;
    }
    let up = keep >= 0 && rest.starts_with(|c: char| c >= '5');
    let trimmed = kept.trim_start_matches('0');
    let value = if trimmed.is_empty() { 0 } else { trimmed.parse::<i128>().ok()? } + i128::from(up);
    (value < NUMERIC_BOUND).then_some(if negative { -value } else { value })
}

/// A decimal text in canonical form with at most 38 digits after the point, rounded; `None` beyond BIGNUMERIC.
pub(crate) fn big_numeric(text: &str) -> Option<String> {
    let (negative, number, exponent) = parts(text)?;
    let point = number.len() as i64 + exponent;
    if !(-1_000..=1_000).contains(&point) || number.len() > 1_000 {
        return None;
    }
    let zeros = |count: i64| "0".repeat(count.max(0) as usize);
    let whole: String =
        number.chars().take(point.max(0) as usize).collect::<String>() + &zeros(point - number.len() as i64);
    let fraction: String = zeros(-point) + &number.chars().skip(point.max(0) as usize).collect::<String>();
    let up = fraction.as_bytes().get(38).is_some_and(|b| *b >= b'5');
    let mut digits: Vec<u8> = whole.bytes().chain(fraction.bytes().chain(std::iter::repeat(b'0')).take(38)).collect();
    if up {
        let mut at = digits.len();
        loop {
            if at == 0 {
                digits.insert(0, b'1');
                break;
            }
            at -= 1;
            if digits[at] == b'9' {
                digits[at] = b'0';
            } else {
                digits[at] += 1;
                break;
            }
        }
    }
    let (whole, fraction) = digits.split_at(digits.len() - 38);
    let whole = String::from_utf8_lossy(whole);
    let (whole, fraction) = (whole.trim_start_matches('0'), String::from_utf8_lossy(fraction));
    let fraction = fraction.trim_end_matches('0');
    if beyond(&digits, negative) {
        return None;
    }
    let sign = if negative && !(whole.is_empty() && fraction.is_empty()) { "-" } else { "" };
    let whole = if whole.is_empty() { "0" } else { whole };
    Some(if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") })
}

/// Whether digits in units of 10^-38 are beyond BIGNUMERIC, which is a 256-bit integer of them.
fn beyond(digits: &[u8], negative: bool) -> bool {
    const LARGEST: &[u8] = b"57896044618658097711785492504343953926634992332820282019728792003956564819967";
    let zeros = digits.iter().take_while(|digit| **digit == b'0').count();
    let digits = &digits[zeros..];
    let mut bound = LARGEST.to_vec();
    if negative && let Some(last) = bound.last_mut() {
        *last += 1;
    }
    digits.len() > bound.len() || (digits.len() == bound.len() && digits > bound.as_slice())
}

/// A NUMERIC as text.
pub(crate) fn text(value: i128) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let (whole, fraction) = (value.unsigned_abs() / 1_000_000_000, value.unsigned_abs() % 1_000_000_000);
    if fraction == 0 {
        return format!("{sign}{whole}");
    }
    let fraction = format!("{fraction:09}");
    format!("{sign}{whole}.{}", fraction.trim_end_matches('0'))
}

/// Sign, digits and the power of ten of the last digit.
fn parts(text: &str) -> Option<(bool, String, i64)> {
    let text = text.trim();
    let negative = text.starts_with('-');
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Some((negative, digits, i64::from(exponent) - fraction.len() as i64))
}

#[cfg(test)]
mod tests {
    use super::{Digits, big_numeric, numeric, text};

    #[test]
    fn numeric_has_nine_digits_after_the_point() {
        for (input, exact, rounded) in [
            ("1.5", Some(1_500_000_000), Some(1_500_000_000)),
            ("-0.0000000015", None, Some(-2)),
            ("1e3", Some(1_000_000_000_000), Some(1_000_000_000_000)),
            ("0.0000000004", None, Some(0)),
            ("1e-30", None, Some(0)),
            ("99999999999999999999999999999.999999999", Some(10_i128.pow(38) - 1), Some(10_i128.pow(38) - 1)),
            ("1e29", None, None),
            ("000000000000000000000000000000000000000000001", Some(1_000_000_000), Some(1_000_000_000)),
            ("x", None, None),
            ("", None, None),
            ("1e999999999", None, None),
        ] {
            assert_eq!(numeric(input, Digits::Exact), exact, "{input}");
            assert_eq!(numeric(input, Digits::Rounded), rounded, "{input}");
        }
        assert_eq!(text(-1_500_000_000), "-1.5");
        assert_eq!(text(7), "0.000000007");
    }

    #[test]
    fn big_numeric_is_canonical() {
        for (input, output) in [("1.50", "1.5"), ("-0", "0"), ("1e-3", "0.001"), ("12e2", "1200"), ("0.999", "0.999")] {
            assert_eq!(big_numeric(input).as_deref(), Some(output), "{input}");
        }
        assert_eq!(big_numeric(&format!("0.{}", "9".repeat(39))).as_deref(), Some("1"));
        assert_eq!(big_numeric("1e39"), None);
        let largest = "578960446186580977117854925043439539266.34992332820282019728792003956564819967";
        assert_eq!(big_numeric(largest).as_deref(), Some(largest));
        let beyond = largest.replace("967", "968");
        assert_eq!(big_numeric(&beyond), None);
        assert_eq!(big_numeric(&format!("-{beyond}")), Some(format!("-{beyond}")));
    }
}
