//! Functions of NUMERIC and BIGNUMERIC to all digits that the types have: roots, logarithms, powers, rounding.
//!
//! They work on binary fixed-point numbers with [`BITS`] bits after the point, far more than the 38 digits of a BIGNUMERIC,
//! and round the result once, half away from zero.

use crate::call::{Call, some};
use crate::error::{Result, fail};
use crate::numeric;
use arrow::array::ArrayRef;
use arrow::datatypes::{DataType, Decimal128Type, Decimal256Type};
use num_bigint::BigInt;
use num_traits::{One, Signed, ToPrimitive, Zero};

/// Bits after the point: the largest EXP has 128 before it, and its relative error is that of its argument.
const BITS: usize = 512;

/// A function of a fixed-point number; `None` outside its domain or far beyond BIGNUMERIC.
pub(super) type OfOne = fn(&BigInt) -> Option<BigInt>;
/// A function of two.
pub(super) type OfTwo = fn(&BigInt, &BigInt) -> Option<BigInt>;

/// Which whole number is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rounding {
    /// Half away from zero.
    Round,
    /// Half to the even neighbour.
    HalfEven,
    /// Toward zero.
    Truncate,
    /// Up.
    Ceil,
    /// Down.
    Floor,
}

/// A decimal argument, whichever of the two types it has, in units of 10^-scale.
struct Decimals<'a> {
    call: &'a Call<'a>,
    scale: u32,
}

impl<'a> Decimals<'a> {
    fn of(call: &'a Call<'a>, index: usize) -> Result<(Self, impl Fn(usize) -> Option<BigInt> + 'a)> {
        let wide = matches!(call.argument_type(index)?, DataType::Decimal256(..));
        let (small, big) =
            if wide { (None, Some(call.big_numeric(index)?)) } else { (Some(call.numeric(index)?), None) };
        let get = move |row: usize| match (&small, &big) {
            (Some(values), _) => values.get(row).map(BigInt::from),
            (_, Some(values)) => values.get(row).map(numeric::wide),
            _ => None,
        };
        Ok((Self { call, scale: if wide { 38 } else { 9 } }, get))
    }

    fn fixed(&self, value: &BigInt) -> BigInt {
        numeric::divide_big(&(value << BITS), &ten(self.scale))
    }

    fn text(&self, value: &BigInt) -> String {
        numeric::format_decimal(value, self.scale as usize)
    }

    /// The result of a call in the call's own type.
    fn rounded(&self, value: &BigInt) -> BigInt {
        numeric::divide_big(&(value * ten(self.scale)), &(BigInt::one() << BITS))
    }

    fn name(&self) -> &'static str {
        if self.scale == 38 { "BIGNUMERIC" } else { "numeric" }
    }

    fn results(&self, row: impl FnMut(usize) -> Result<Option<BigInt>>) -> Result<ArrayRef> {
        let mut row = row;
        decimals(self.call, |index, _| row(index))
    }
}

/// Values of the call's result type, NUMERIC or BIGNUMERIC, from integers of its unit; the row is told the scale.
pub(super) fn decimals(call: &Call<'_>, mut row: impl FnMut(usize, u32) -> Result<Option<BigInt>>) -> Result<ArrayRef> {
    if matches!(call.result, DataType::Decimal256(..)) {
        return call.numbers::<Decimal256Type>(|index| {
            let value = some!(row(index, 38)?);
            numeric::narrow(&value).map_or_else(|| fail("BIGNUMERIC overflow"), |value| Ok(Some(value)))
        });
    }
    call.numbers::<Decimal128Type>(|index| {
        let value = some!(row(index, 9)?);
        numeric::checked(value.to_i128()).map_or_else(|| fail("numeric overflow"), |value| Ok(Some(value)))
    })
}

/// Applies a function of one decimal.
pub(super) fn of_one(call: &Call<'_>, name: &str, function: OfOne) -> Result<ArrayRef> {
    let (a, get) = Decimals::of(call, 0)?;
    a.results(|row| {
        let value = some!(get(row));
        match function(&a.fixed(&value)) {
            Some(result) => Ok(Some(a.rounded(&result))),
            None => fail(format!("{} out of range or undefined: {name}({})", a.name(), a.text(&value))),
        }
    })
}

/// Applies a function of two decimals of one type.
pub(super) fn of_two(call: &Call<'_>, name: &str, function: OfTwo) -> Result<ArrayRef> {
    let ((a, first), (_, second)) = (Decimals::of(call, 0)?, Decimals::of(call, 1)?);
    a.results(|row| {
        let (x, y) = (some!(first(row)), some!(second(row)));
        match function(&a.fixed(&x), &a.fixed(&y)) {
            Some(result) => Ok(Some(a.rounded(&result))),
            None => fail(format!("{} out of range or undefined: {name}({}, {})", a.name(), a.text(&x), a.text(&y))),
        }
    })
}

/// ROUND, TRUNC, CEIL and FLOOR of BIGNUMERIC to an optional number of digits.
pub(super) fn to_digits(call: &Call<'_>, rounding: Rounding) -> Result<ArrayRef> {
    let (a, get) = Decimals::of(call, 0)?;
    let digits = if call.count() > 1 { Some(call.int(1)?) } else { None };
    let mode = if call.count() > 2 { Some(call.text(2)?) } else { None };
    a.results(|row| {
        let value = some!(get(row));
        let rounding = match &mode {
            Some(mode) => rounding_mode(some!(mode.get(row)))?,
            None => rounding,
        };
        let digits = match &digits {
            Some(digits) => some!(digits.get(row)),
            None => 0,
        };
        let keep = i64::from(a.scale) - digits.clamp(-1000, 1000);
        if keep <= 0 {
            return Ok(Some(value));
        }
        let unit = ten(keep as u32);
        let whole = match rounding {
            Rounding::Round => numeric::divide_big(&value, &unit),
            Rounding::HalfEven => half_even(&value, &unit),
            Rounding::Truncate => &value / &unit,
            Rounding::Ceil => -floor(&-&value, &unit),
            Rounding::Floor => floor(&value, &unit),
        };
        Ok(Some(whole * unit))
    })
}

/// As ROUND's third argument names it.
fn rounding_mode(name: &str) -> Result<Rounding> {
    match name {
        "ROUND_HALF_AWAY_FROM_ZERO" => Ok(Rounding::Round),
        "ROUND_HALF_EVEN" => Ok(Rounding::HalfEven),
        _ => fail(format!("Unsupported rounding mode in ROUND: {name}")),
    }
}

fn half_even(value: &BigInt, unit: &BigInt) -> BigInt {
    let rounded = numeric::divide_big(value, unit);
    let tie: BigInt = (value % unit) * 2;
    if tie.abs() == *unit && rounded.bit(0) { rounded.clone() - rounded.signum() } else { rounded }
}

fn floor(value: &BigInt, unit: &BigInt) -> BigInt {
    let quotient = value / unit;
    if value.is_negative() && !(value % unit).is_zero() { quotient - 1 } else { quotient }
}

fn ten(power: u32) -> BigInt {
    BigInt::from(10).pow(power)
}

fn one() -> BigInt {
    BigInt::one() << BITS
}

fn times(x: &BigInt, y: &BigInt) -> BigInt {
    (x * y) >> BITS
}

fn over(x: &BigInt, y: &BigInt) -> BigInt {
    (x << BITS) / y
}

pub(super) fn sqrt(x: &BigInt) -> Option<BigInt> {
    (!x.is_negative()).then(|| (x << BITS).sqrt())
}

pub(super) fn cbrt(x: &BigInt) -> BigInt {
    (x << (2 * BITS)).cbrt()
}

/// ln 2, from 2·artanh(1/3).
fn ln_two() -> BigInt {
    artanh(&(one() / 3)) << 1
}

/// x + x³/3 + x⁵/5 + …, for |x| ≤ 1/3.
fn artanh(x: &BigInt) -> BigInt {
    let square = times(x, x);
    let (mut power, mut sum, mut odd) = (x.clone(), x.clone(), 1_u32);
    while !power.is_zero() && power != -BigInt::one() {
        power = times(&power, &square);
        odd += 2;
        sum += &power / odd;
    }
    sum
}

pub(super) fn ln(x: &BigInt) -> Option<BigInt> {
    if !x.is_positive() {
        return None;
    }
    // x = m · 2^shift with m in [1/2, 1).
    let shift = x.bits() as i64 - BITS as i64;
    let m = if shift >= 0 { x >> shift as usize } else { x << (-shift) as usize };
    let log = artanh(&over(&(&m - one()), &(&m + one()))) << 1;
    Some(log + ln_two() * shift)
}

pub(super) fn log10(x: &BigInt) -> Option<BigInt> {
    let ten = BigInt::from(10) << BITS;
    log(x, &ten)
}

/// The logarithm of `x` to a base.
pub(super) fn log(x: &BigInt, base: &BigInt) -> Option<BigInt> {
    let divisor = ln(base)?;
    let dividend = ln(x)?;
    if divisor.is_zero() {
        return None;
    }
    Some(over(&dividend, &divisor))
}

pub(super) fn exp(x: &BigInt) -> Option<BigInt> {
    let two = ln_two();
    let whole = floor(x, &two);
    if whole < BigInt::from(-(BITS as i64)) {
        return Some(BigInt::zero());
    }
    let shift = whole.to_i64().filter(|shift| *shift < 400)?;
    // The rest is below ln 2; a 256th of it makes the series short, squaring eight times undoes that.
    let rest = (x - whole * two) >> 8_usize;
    let (mut term, mut sum, mut place) = (one(), one(), 0_u32);
    while !term.is_zero() {
        place += 1;
        term = times(&term, &rest) / place;
        sum += &term;
    }
    for _ in 0..8 {
        sum = times(&sum, &sum);
    }
    Some(if shift >= 0 { sum << shift as usize } else { sum >> (-shift) as usize })
}

pub(super) fn pow(x: &BigInt, y: &BigInt) -> Option<BigInt> {
    let whole = y >> BITS;
    if (&whole << BITS) == *y {
        return whole_power(x, whole.to_i64()?);
    }
    if x.is_zero() {
        return y.is_positive().then(BigInt::zero);
    }
    exp(&times(&ln(x)?, y))
}

fn whole_power(x: &BigInt, power: i64) -> Option<BigInt> {
    if power < 0 {
        if x.is_zero() {
            return None;
        }
        // Through the logarithm's magnitude, so that small values keep their digits.
        let magnitude = whole_power(&x.abs(), power.checked_neg()?);
        let value = match magnitude {
            Some(magnitude) if !magnitude.is_zero() && magnitude.bits() > 200 => over(&one(), &magnitude),
            Some(_) => exp(&(ln(&x.abs())? * power))?,
            None => BigInt::zero(),
        };
        return Some(if x.is_negative() && power % 2 != 0 { -value } else { value });
    }
    let (mut base, mut left, mut result) = (x.clone(), power, one());
    while left > 0 {
        if left & 1 == 1 {
            result = times(&result, &base);
        }
        left >>= 1;
        if left > 0 {
            base = times(&base, &base);
        }
        if result.bits() > BITS as u64 + 300 || (base.bits() > BITS as u64 + 300 && left > 0) {
            return None;
        }
    }
    Some(result)
}

#[cfg(test)]
mod tests {
    use super::{BITS, exp, ln, log10, pow, sqrt, ten};
    use crate::numeric::{divide_big, format_decimal, parse_decimal};
    use num_bigint::BigInt;

    fn fixed(text: &str) -> BigInt {
        divide_big(&(parse_decimal(text, 38).unwrap() << BITS), &ten(38))
    }

    fn text(value: &BigInt) -> String {
        format_decimal(&divide_big(&(value * ten(38)), &(BigInt::from(1) << BITS)), 38)
    }

    #[test]
    fn all_digits_are_right() {
        assert_eq!(text(&exp(&fixed("1")).unwrap()), "2.71828182845904523536028747135266249776");
        assert_eq!(text(&exp(&fixed("-2")).unwrap()), "0.13533528323661269189399949497248440341");
        assert_eq!(text(&ln(&fixed("10")).unwrap()), "2.3025850929940456840179914546843642076");
        assert_eq!(text(&ln(&fixed("0.5")).unwrap()), "-0.69314718055994530941723212145817656808");
        assert_eq!(text(&log10(&fixed("1000")).unwrap()), "3");
        assert_eq!(text(&sqrt(&fixed("2")).unwrap()), "1.41421356237309504880168872420969807857");
        assert_eq!(text(&pow(&fixed("1.1"), &fixed("10")).unwrap()), "2.5937424601");
        assert_eq!(text(&pow(&fixed("2"), &fixed("-3")).unwrap()), "0.125");
        assert_eq!(text(&pow(&fixed("-2"), &fixed("3")).unwrap()), "-8");
        assert_eq!(text(&pow(&fixed("2"), &fixed("0.5")).unwrap()), "1.41421356237309504880168872420969807857");
        assert!(pow(&fixed("-2"), &fixed("0.5")).is_none() && ln(&fixed("0")).is_none());
        assert!(pow(&fixed("10"), &fixed("5000")).is_none());
    }
}
