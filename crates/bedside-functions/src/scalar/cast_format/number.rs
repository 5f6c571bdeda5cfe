//! Numbers written by a pattern.
//!
//! Digits that the pattern has too few places for are written as `#`. Doubles are rounded by their exact binary value, decimals
//! half away from zero.

use super::Kept;
use super::pattern::{Digits, Minimal, Pattern, Place, Sign};
use crate::call::{Call, some};
use crate::error::{Error, Result, fail};
use crate::numeric;
use crate::scalar::value_text;
use arrow::array::{ArrayRef, AsArray};
use arrow::datatypes::{DataType, Decimal128Type, Decimal256Type, Float64Type, Int64Type};
use num_bigint::BigInt;
use num_traits::{Signed, Zero};
use std::borrow::Cow;

pub(super) fn to_text(call: &Call<'_>) -> Result<ArrayRef> {
    let (array, step) = call.argument(0)?;
    let mut patterns = Kept::of(call, Pattern::parse)?;
    call.texts(|row| {
        if array.is_null(row * step) {
            return Ok(None);
        }
        let pattern = some!(patterns.get(row)?);
        let text = pattern.write(&Number::of(array, row * step)?);
        match text {
            Some(text) => Ok(Some(Cow::Owned(text))),
            None => Ok(Some(Cow::Owned(minimal(array, row * step, pattern)?))),
        }
    })
}

/// A number without its sign.
enum Size {
    /// `INF` or `NAN`.
    Word(&'static str),
    Double(f64),
    /// Units of 10^-scale.
    Decimal(BigInt, u32),
}

struct Number {
    size: Size,
    negative: bool,
}

impl Number {
    fn of(array: &ArrayRef, row: usize) -> Result<Self> {
        let decimal =
            |value: BigInt, scale: u32| Self { negative: value.is_negative(), size: Size::Decimal(value.abs(), scale) };
        Ok(match array.data_type() {
            DataType::Int64 => decimal(BigInt::from(array.as_primitive::<Int64Type>().value(row)), 0),
            DataType::Decimal128(..) => decimal(BigInt::from(array.as_primitive::<Decimal128Type>().value(row)), 9),
            DataType::Decimal256(..) => decimal(numeric::wide(array.as_primitive::<Decimal256Type>().value(row)), 38),
            DataType::Float64 => {
                // Zero has no sign here.
                let value = array.as_primitive::<Float64Type>().value(row) + 0.0;
                let size = match value {
                    _ if value.is_nan() => Size::Word("NAN"),
                    _ if value.is_infinite() => Size::Word("INF"),
                    _ => Size::Double(value.abs()),
                };
                Self { size, negative: value.is_sign_negative() && !value.is_nan() }
            }
            other => return Err(Error::Internal(format!("a number of {other}"))),
        })
    }
}

impl Pattern {
    /// The text; `None` where as few digits as possible are wanted.
    fn write(&self, number: &Number) -> Option<String> {
        let mut negative = number.negative;
        let body = match self.digits {
            Digits::Minimal(..) => return None,
            Digits::Scientific(letter) => self.scientific(number, letter),
            Digits::Capitals | Digits::Small => self.hexadecimal(number, &mut negative),
            Digits::Decimal => self.decimal(number),
        };
        Some(self.signed(&body, negative))
    }

    /// Sign and currency before the first character that is no blank.
    fn signed(&self, body: &str, negative: bool) -> String {
        let number = body.trim_start_matches(' ');
        let blanks = &body[..body.len() - number.len()];
        let plus = if number.starts_with("NAN") { " " } else { "+" };
        let (before, after) = match self.sign {
            _ if number.is_empty() => match self.sign {
                Sign::Brackets => (" ", " "),
                Sign::Plain | Sign::Before => (" ", ""),
                Sign::After | Sign::MinusAfter => ("", " "),
            },
            Sign::Plain => (if negative { "-" } else { " " }, ""),
            Sign::Before => (if negative { "-" } else { plus }, ""),
            Sign::After => ("", if negative { "-" } else { plus }),
            Sign::MinusAfter => ("", if negative { "-" } else { " " }),
            Sign::Brackets if negative => ("<", ">"),
            Sign::Brackets => (" ", " "),
        };
        let currency = if number.is_empty() { "" } else { self.currency };
        let text = format!("{blanks}{before}{currency}{number}{after}");
        if self.close { text.trim().to_owned() } else { text }
    }

    fn decimal(&self, number: &Number) -> String {
        let places = self.fraction.len();
        let shift = if self.shifted { places } else { 0 };
        let text = match &number.size {
            Size::Word(word) => return self.word(word),
            Size::Double(value) if shift > 0 => format!("{:0>shift$.0}", (value * 10_f64.powi(shift as i32)).round()),
            Size::Double(value) => format!("{value:.places$}"),
            Size::Decimal(value, scale) => {
                let value = value * BigInt::from(10).pow(shift as u32);
                format!("{:0>shift$}", rounded(&value, *scale, places - shift))
            }
        };
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let mut slots = self.whole.clone();
        if self.shifted {
            slots.extend(&self.fraction);
        }
        let Some(mut out) = whole_number(whole, &slots, fraction.is_empty()) else {
            return self.too_wide(&slots, fraction.len());
        };
        out.extend(self.point.filter(|_| !self.shifted));
        let fraction = if self.close { fraction.trim_end_matches('0') } else { fraction };
        if self.close && fraction.is_empty() && out.trim_start() == "." {
            return "0.".to_owned();
        }
        out.push_str(fraction);
        // Zero is blank as far as its whole number goes.
        if self.blank_zero && whole == "0" { " ".repeat(out.chars().count()) } else { out }
    }

    /// A `#` for every digit.
    fn too_wide(&self, slots: &[Place], fraction: usize) -> String {
        let mut out: String = slots.iter().map(|slot| if *slot == Place::Comma { ',' } else { '#' }).collect();
        out.extend(self.point.filter(|_| !self.shifted));
        out.extend(std::iter::repeat_n('#', fraction));
        out
    }

    /// `NAN` or `INF` before the point, blanks behind it.
    fn word(&self, word: &str) -> String {
        let width = self.whole.len();
        let fits = width >= word.len() && !self.shifted;
        if fits {
            let tail = self.fraction.len() + usize::from(self.point.is_some());
            return format!("{word:>width$}{}", " ".repeat(tail));
        }
        let mut slots = self.whole.clone();
        if self.shifted {
            slots.extend(&self.fraction);
        }
        self.too_wide(&slots, if self.shifted { 0 } else { self.fraction.len() })
    }

    fn scientific(&self, number: &Number, letter: char) -> String {
        let places = self.fraction.len();
        let (mantissa, exponent) = match &number.size {
            Size::Word(word) => {
                let width = 1 + usize::from(self.point.is_some()) + places + 4;
                return format!("{word:>width$}");
            }
            Size::Double(value) => {
                let text = format!("{value:.places$e}");
                let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
                (mantissa.to_owned(), exponent.parse().unwrap_or(0))
            }
            Size::Decimal(value, scale) => scientific_decimal(value, *scale, places),
        };
        let mantissa = match self.point {
            Some(point) if places == 0 => format!("{mantissa}{point}"),
            _ => mantissa,
        };
        let sign = if exponent < 0 { '-' } else { '+' };
        format!("{mantissa}{letter}{sign}{:02}", exponent.abs())
    }

    fn hexadecimal(&self, number: &Number, negative: &mut bool) -> String {
        let width = self.whole.len();
        let digits = match &number.size {
            Size::Double(value) if *value < 1e30 => Some(BigInt::from(value.round() as i128)),
            Size::Word(_) | Size::Double(_) => None,
            Size::Decimal(value, scale) => Some(numeric::divide_big(value, &BigInt::from(10).pow(*scale))),
        };
        if digits.as_ref().is_some_and(Zero::is_zero) {
            *negative = false;
        }
        let text = digits.map(|digits| {
            let text = digits.to_str_radix(16);
            if self.digits == Digits::Capitals { text.to_ascii_uppercase() } else { text }
        });
        match text.filter(|text| text.len() <= width) {
            Some(text) if self.whole.first() == Some(&Place::Zero) => format!("{text:0>width$}"),
            Some(text) => format!("{text:>width$}"),
            None => "#".repeat(width),
        }
    }
}

/// The digits before the point in their places, from the last on; `None` where there are too few.
fn whole_number(digits: &str, slots: &[Place], alone: bool) -> Option<String> {
    let count = slots.iter().filter(|slot| **slot != Place::Comma).count();
    // A zero before the point is none of the digits where some follow.
    let digits = if digits == "0" && (!alone || count == 0) { "" } else { digits };
    if digits.len() > count {
        return None;
    }
    let mut waiting = digits.chars().rev();
    let first_zero = slots.iter().position(|slot| *slot == Place::Zero).unwrap_or(usize::MAX);
    let mut out: Vec<char> = Vec::with_capacity(slots.len());
    let mut left = digits.len();
    for (at, slot) in slots.iter().enumerate().rev() {
        let inside = at > first_zero || left > 0;
        out.push(match slot {
            Place::Comma => {
                if inside {
                    ','
                } else {
                    ' '
                }
            }
            _ => match waiting.next() {
                Some(digit) => {
                    left -= 1;
                    digit
                }
                None if at >= first_zero => '0',
                None => ' ',
            },
        });
    }
    Some(out.iter().rev().collect())
}

/// A decimal to so many digits after the point, half away from zero.
fn rounded(value: &BigInt, scale: u32, places: usize) -> String {
    let scale = scale as usize;
    let value = if places < scale {
        numeric::divide_big(value, &BigInt::from(10).pow((scale - places) as u32))
    } else {
        value * BigInt::from(10).pow((places - scale) as u32)
    };
    let text = format!("{:0>1$}", value.to_string(), places + 1);
    let (whole, fraction) = text.split_at(text.len() - places);
    if places == 0 { whole.to_owned() } else { format!("{whole}.{fraction}") }
}

/// One digit, so many behind the point, and the power of ten.
fn scientific_decimal(value: &BigInt, scale: u32, places: usize) -> (String, i32) {
    if value.is_zero() {
        return (rounded(value, 0, places), 0);
    }
    let mut exponent = value.to_string().len() as i32 - 1 - scale as i32;
    loop {
        let power = scale as i32 + exponent;
        let text = if power >= 0 {
            rounded(value, power as u32, places)
        } else {
            rounded(&(value * BigInt::from(10).pow(power.unsigned_abs())), 0, places)
        };
        if text.split('.').next().is_some_and(|whole| whole.len() == 1) {
            return (text, exponent);
        }
        exponent += 1;
    }
}

/// As few digits as tell the number.
fn minimal(array: &ArrayRef, row: usize, pattern: &Pattern) -> Result<String> {
    let Digits::Minimal(form, letter) = pattern.digits else { return fail("not a pattern of TM") };
    let plain = value_text::cast_text(array, row)?.unwrap_or_default();
    if form == Minimal::Plain && (plain.len() <= 64 || plain.contains('e')) {
        return Ok(if letter == 'E' { plain.to_ascii_uppercase() } else { plain });
    }
    let (sign, digits) = plain.strip_prefix('-').map_or(("", plain.as_str()), |digits| ("-", digits));
    if !digits.starts_with(|c: char| c.is_ascii_digit()) {
        return Ok(plain.to_ascii_uppercase());
    }
    Ok(format!("{sign}{}", with_exponent(digits, letter)))
}

/// A number's digits, the first before the point, with the power of ten.
fn with_exponent(digits: &str, letter: char) -> String {
    let (mantissa, power) = digits.split_once('e').unwrap_or((digits, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{fraction}");
    let significant = all.trim_start_matches('0');
    if significant.is_empty() {
        return format!("0{letter}+00");
    }
    let zeros = (all.len() - significant.len()) as i32;
    let exponent = whole.len() as i32 - 1 - zeros + power.parse::<i32>().unwrap_or(0);
    let (first, rest) = significant.split_at(1);
    let rest = rest.trim_end_matches('0');
    let point = if rest.is_empty() { "" } else { "." };
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{first}{point}{rest}{letter}{sign}{:02}", exponent.abs())
}
