//! Rounding, logarithms, powers and trigonometry. What has no finite value is an error, never an infinity.

use crate::call::{Call, some};
use crate::error::{Result, fail};
use crate::function::Spec;
use crate::numeric::{self, round_sum};
use crate::scalar::precise;
use crate::text::format_float;
use arrow::array::ArrayRef;
use arrow::datatypes::{DataType, Decimal128Type};

pub(super) const FUNCTIONS: &[Spec] = &[
    Spec::fallible("round", round),
    Spec::fallible("trunc", truncate),
    Spec::fallible("ceil", |call| whole(call, f64::ceil, numeric::ceil, precise::Rounding::Ceil)),
    Spec::fallible("floor", |call| whole(call, f64::floor, numeric::floor, precise::Rounding::Floor)),
    Spec::fallible("sqrt", sqrt),
    Spec::fallible("exp", |call| unary(call, "EXP", f64::exp, precise::exp)),
    Spec::fallible("ln", |call| unary(call, "LN", f64::ln, precise::ln)),
    Spec::fallible("log", log),
    Spec::fallible("log10", |call| unary(call, "LOG10", f64::log10, precise::log10)),
    Spec::fallible("pow", power),
    Spec::fallible("cbrt", |call| unary(call, "CBRT", f64::cbrt, |x| Some(precise::cbrt(x)))),
    Spec::fallible("sin", |call| float_unary(call, "SIN", f64::sin)),
    Spec::fallible("cos", |call| float_unary(call, "COS", f64::cos)),
    Spec::fallible("tan", |call| float_unary(call, "TAN", f64::tan)),
    Spec::fallible("asin", |call| float_unary(call, "ASIN", f64::asin)),
    Spec::fallible("acos", |call| float_unary(call, "ACOS", f64::acos)),
    Spec::total("atan", |call| float_unary(call, "ATAN", f64::atan)),
    Spec::total("atan2", |call| {
        let (y, x) = (call.float(0)?, call.float(1)?);
        call.floats(|row| Ok(Some(some!(y.get(row)).atan2(some!(x.get(row))))))
    }),
    Spec::fallible("sinh", |call| float_unary(call, "SINH", f64::sinh)),
    Spec::fallible("cosh", |call| float_unary(call, "COSH", f64::cosh)),
    Spec::total("tanh", |call| float_unary(call, "TANH", f64::tanh)),
    Spec::total("asinh", |call| float_unary(call, "ASINH", f64::asinh)),
    Spec::fallible("acosh", |call| float_unary(call, "ACOSH", f64::acosh)),
    Spec::fallible("atanh", |call| float_unary(call, "ATANH", f64::atanh)),
    Spec::fallible("cot", |call| float_unary(call, "COT", |x| x.tan().recip())),
    Spec::fallible("sec", |call| float_unary(call, "SEC", |x| x.cos().recip())),
    Spec::fallible("csc", |call| float_unary(call, "CSC", |x| x.sin().recip())),
    Spec::fallible("coth", |call| float_unary(call, "COTH", |x| x.tanh().recip())),
    Spec::total("sech", |call| float_unary(call, "SECH", |x| x.cosh().recip())),
    Spec::fallible("csch", |call| float_unary(call, "CSCH", |x| x.sinh().recip())),
    Spec::fallible("parse_numeric", parse_numeric),
    Spec::fallible("parse_bignumeric", parse_numeric),
];

fn domain<T>(name: &str, arguments: &[f64]) -> Result<T> {
    let list: Vec<_> = arguments.iter().map(|value| format_float(*value)).collect();
    fail(format!("Floating point error in function: {name}({})", list.join(", ")))
}

/// The value, unless finite arguments gave none.
fn finite(value: f64, name: &str, arguments: &[f64]) -> Result<Option<f64>> {
    if value.is_finite() || !arguments.iter().all(|argument| argument.is_finite()) {
        return Ok(Some(value));
    }
    domain(name, arguments)
}

/// A function of doubles, and of decimals to all their digits.
fn unary(call: &Call<'_>, name: &str, function: fn(f64) -> f64, decimal: precise::OfOne) -> Result<ArrayRef> {
    if is_decimal(call)? {
        return precise::of_one(call, name, decimal);
    }
    float_unary(call, name, function)
}

fn is_decimal(call: &Call<'_>) -> Result<bool> {
    Ok(matches!(call.argument_type(0)?, DataType::Decimal128(..) | DataType::Decimal256(..)))
}

fn float_unary(call: &Call<'_>, name: &str, function: fn(f64) -> f64) -> Result<ArrayRef> {
    let a = call.float(0)?;
    call.floats(|row| {
        let x = some!(a.get(row));
        finite(function(x), name, &[x])
    })
}

/// PARSE_NUMERIC and PARSE_BIGNUMERIC: blanks and group commas are passed over, the sign may stand at the end.
fn parse_numeric(call: &Call<'_>) -> Result<ArrayRef> {
    let a = call.text(0)?;
    let name = call.name.to_uppercase();
    precise::decimals(call, |row, scale| {
        let text = some!(a.get(row));
        let refused = || fail(format!("Invalid input to {name}: \"{text}\""));
        let written = text.trim_matches(|c: char| c.is_ascii_whitespace());
        let (sign, digits) = match (written.strip_suffix(['+', '-']), written.strip_prefix(['+', '-'])) {
            (Some(_), Some(_)) => return refused(),
            (Some(digits), None) => (&written[digits.len()..], digits),
            (None, Some(digits)) => (&written[..1], digits),
            (None, None) => ("", written),
        };
        let (whole, rest) = digits.split_at(digits.find(['.', 'e', 'E']).unwrap_or(digits.len()));
        let plain = format!("{sign}{}{rest}", whole.trim().replace(',', ""));
        let valid = digits.trim().starts_with(|c: char| c.is_ascii_digit() || c == '.');
        numeric::parse_decimal(&plain, scale).filter(|_| valid).map_or_else(refused, |value| Ok(Some(value)))
    })
}

fn sqrt(call: &Call<'_>) -> Result<ArrayRef> {
    if is_decimal(call)? {
        return precise::of_one(call, "SQRT", precise::sqrt);
    }
    let a = call.float(0)?;
    call.floats(|row| {
        let x = some!(a.get(row));
        if x < 0.0 {
            fail(format!("Argument to SQRT cannot be negative: {}", format_float(x)))
        } else {
            Ok(Some(x.sqrt()))
        }
    })
}

/// LOG(x) is the natural logarithm, LOG(x, base) has the base second.
fn log(call: &Call<'_>) -> Result<ArrayRef> {
    if call.count() == 1 {
        return unary(call, "LN", f64::ln, precise::ln);
    }
    if is_decimal(call)? {
        return precise::of_two(call, "LOG", precise::log);
    }
    let (a, b) = (call.float(0)?, call.float(1)?);
    call.floats(|row| {
        let (x, base) = (some!(a.get(row)), some!(b.get(row)));
        if x <= 0.0 || base <= 0.0 || base == 1.0 {
            return domain("LOG", &[x, base]);
        }
        // The base-2 and base-10 forms are exact where the answer is.
        let value = if base == 10.0 {
            x.log10()
        } else if base == 2.0 {
            x.log2()
        } else {
            x.ln() / base.ln()
        };
        finite(value, "LOG", &[x, base])
    })
}

fn power(call: &Call<'_>) -> Result<ArrayRef> {
    if is_decimal(call)? {
        return precise::of_two(call, "POW", precise::pow);
    }
    let (a, b) = (call.float(0)?, call.float(1)?);
    call.floats(|row| {
        let (x, y) = (some!(a.get(row)), some!(b.get(row)));
        finite(x.powf(y), "POW", &[x, y])
    })
}

fn round(call: &Call<'_>) -> Result<ArrayRef> {
    if matches!(call.argument_type(0)?, DataType::Decimal256(..)) || call.count() > 2 {
        return precise::to_digits(call, precise::Rounding::Round);
    }
    if matches!(call.argument_type(0)?, DataType::Decimal128(..)) {
        let a = call.numeric(0)?;
        let digits = if call.count() > 1 { Some(call.int(1)?) } else { None };
        return call.numbers::<Decimal128Type>(|row| {
            let value = some!(a.get(row));
            let digits = match &digits {
                Some(digits) => some!(digits.get(row)),
                None => 0,
            };
            match numeric::round(value, digits) {
                Some(value) => Ok(Some(value)),
                None => fail(format!("numeric overflow: ROUND({}, {digits})", numeric::format(value))),
            }
        });
    }
    float_digits(call, round_float)
}

fn truncate(call: &Call<'_>) -> Result<ArrayRef> {
    if matches!(call.argument_type(0)?, DataType::Decimal256(..)) {
        return precise::to_digits(call, precise::Rounding::Truncate);
    }
    if matches!(call.argument_type(0)?, DataType::Decimal128(..)) {
        let a = call.numeric(0)?;
        let digits = if call.count() > 1 { Some(call.int(1)?) } else { None };
        return call.numbers::<Decimal128Type>(|row| {
            let digits = match &digits {
                Some(digits) => some!(digits.get(row)),
                None => 0,
            };
            Ok(a.get(row).map(|value| numeric::truncate(value, digits)))
        });
    }
    float_digits(call, truncate_float)
}

fn float_digits(call: &Call<'_>, function: fn(f64, i64) -> f64) -> Result<ArrayRef> {
    let a = call.float(0)?;
    let digits = if call.count() > 1 { Some(call.int(1)?) } else { None };
    call.floats(|row| {
        let x = some!(a.get(row));
        let digits = match &digits {
            Some(digits) => some!(digits.get(row)),
            None => 0,
        };
        finite(function(x, digits), "ROUND", &[x])
    })
}

/// Rounds the exact binary value half away from zero: 2.675 is a little less than it looks, so two digits give 2.67.
pub(crate) fn round_float(x: f64, digits: i64) -> f64 {
    if !x.is_finite() || digits > 323 {
        return x;
    }
    if digits == 0 {
        return x.round();
    }
    if digits < 0 {
        if digits < -308 {
            return 0.0;
        }
        let unit = 10_f64.powi((-digits) as i32);
        // The remainder of doubles is exact.
        let rest = x % unit;
        let away = rest.abs() * 2.0 >= unit;
        return ((x - rest) + if away { unit.copysign(x) } else { 0.0 }).copysign(x);
    }
    let unit = 10_f64.powi(digits as i32);
    let product = x * unit;
    if product.abs() >= 4_503_599_627_370_496.0 {
        return x;
    }
    let error = x.mul_add(unit, -product);
    if digits <= 22 { round_sum(product, error) / unit } else { x }
}

/// Cuts toward zero after so many digits of the exact binary value.
fn truncate_float(x: f64, digits: i64) -> f64 {
    if !x.is_finite() || digits > 22 {
        return x;
    }
    if digits < -308 {
        return 0.0_f64.copysign(x);
    }
    if digits <= 0 {
        let unit = 10_f64.powi((-digits) as i32);
        return if digits == 0 { x.trunc() } else { (x - x % unit).copysign(x) };
    }
    let unit = 10_f64.powi(digits as i32);
    let product = x * unit;
    if product.abs() >= 4_503_599_627_370_496.0 {
        return x;
    }
    let error = x.mul_add(unit, -product);
    let whole = product.trunc();
    // A product rounded up to a whole number was a little less.
    let short = whole == product && ((x > 0.0 && error < 0.0) || (x < 0.0 && error > 0.0));
    (if short { whole - 1.0_f64.copysign(x) } else { whole }) / unit
}

fn whole(
    call: &Call<'_>,
    float: fn(f64) -> f64,
    decimal: fn(i128) -> Option<i128>,
    rounding: precise::Rounding,
) -> Result<ArrayRef> {
    if matches!(call.argument_type(0)?, DataType::Decimal256(..)) {
        return precise::to_digits(call, rounding);
    }
    if matches!(call.argument_type(0)?, DataType::Decimal128(..)) {
        let a = call.numeric(0)?;
        return call.numbers::<Decimal128Type>(|row| {
            let value = some!(a.get(row));
            decimal(value)
                .map_or_else(|| fail(format!("numeric overflow: {}", numeric::format(value))), |v| Ok(Some(v)))
        });
    }
    let a = call.float(0)?;
    call.floats(|row| Ok(a.get(row).map(float)))
}

#[cfg(test)]
mod tests {
    use super::{round_float, truncate_float};

    // Recorded from Google's reference implementation.
    #[test]
    fn rounding_is_by_the_exact_binary_value() {
        for (x, digits, expected) in [
            (2.675, 2, 2.67),
            (1.005, 2, 1.0),
            (2.345, 2, 2.35),
            (2.5, 0, 3.0),
            (-2.5, 0, -3.0),
            (15.0, -1, 20.0),
            (14.9, -1, 10.0),
            (0.125, 2, 0.13),
            (1e300, 2, 1e300),
            (123.456, -3, 0.0),
        ] {
            assert_eq!(round_float(x, digits), expected, "{x} {digits}");
        }
        for (x, digits, expected) in
            [(2.99, 1, 2.9), (-2.99, 1, -2.9), (2.3, 1, 2.2), (4.35, 2, 4.34), (19.9, -1, 10.0), (-1.5, 0, -1.0)]
        {
            assert_eq!(truncate_float(x, digits), expected, "{x} {digits}");
        }
    }
}
