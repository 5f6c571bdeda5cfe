//! Numbers written by a pattern.
//!
//! Digits that the pattern has too few places for are written as `#`. Doubles are rounded by their exact binary value, decimals
//! half away from zero.

use super::Kept;
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
                let value = array.as_primitive::<Float64Type>().value(row);
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

/// Where the sign stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    /// A minus before the number, a blank for a plus.
    Plain,
    /// `S`: a plus too.
    Before,
    After,
    /// `MI`: a minus or a blank behind the number.
    MinusAfter,
    /// `PR`: angle brackets or blanks.
    Brackets,
}

/// What stands between digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// `0`: always a digit.
    Zero,
    /// `9`: blank before the first digit.
    Nine,
    Comma,
}

/// What the digits are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Digits {
    Decimal,
    /// With the exponent's letter.
    Scientific(char),
    /// Hexadecimal, in capitals or small.
    Capitals,
    Small,
    /// As few as tell the number: with an exponent, without, or as is shorter.
    Minimal(Minimal, char),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Minimal {
    Plain,
    Exponent,
}

/// A pattern.
struct Pattern {
    whole: Vec<Place>,
    fraction: Vec<Place>,
    /// Between both; `V` stands for none.
    point: Option<char>,
    /// `V`: the digits behind it belong to the whole number.
    shifted: bool,
    sign: Sign,
    currency: &'static str,
    digits: Digits,
    /// `B`: blanks for zero.
    blank_zero: bool,
    /// `FM`: no blanks around.
    close: bool,
}

impl Pattern {
    fn parse(text: &str) -> Result<Self> {
        Reader::new(text).read().map_err(|message| Error::Evaluation(format!("Error in format string: {message}")))
    }

    /// The text; `None` where as few digits as possible are wanted.
    fn write(&self, number: &Number) -> Option<String> {
        let mut negative = number.negative;
        let body = match self.digits {
            Digits::Minimal(..) => return None,
            Digits::Scientific(letter) => self.scientific(number, letter),
            Digits::Capitals | Digits::Small => self.hexadecimal(number, &mut negative),
            Digits::Decimal => self.decimal(number),
        };
        Some(self.signed(&body, negative, matches!(number.size, Size::Word("NAN"))))
    }

    /// Sign and currency before the first character that is no blank.
    fn signed(&self, body: &str, negative: bool, nan: bool) -> String {
        let number = body.trim_start_matches(' ');
        let blanks = &body[..body.len() - number.len()];
        let plus = if nan { " " } else { "+" };
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
            Size::Double(value) if shift > 0 => format!("{:.0}", value * 10_f64.powi(shift as i32)),
            Size::Double(value) => format!("{value:.places$}"),
            Size::Decimal(value, scale) => {
                let value = value * BigInt::from(10).pow(shift as u32);
                rounded(&value, *scale, places - shift)
            }
        };
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let mut slots = self.whole.clone();
        if self.shifted {
            slots.extend(&self.fraction);
        }
        let mut out = self.whole_number(whole, &slots, fraction.is_empty());
        let full = out.contains('#');
        out.extend(self.point.filter(|_| !self.shifted));
        let fraction = if self.close { self.trimmed(fraction) } else { fraction };
        if full {
            out.extend(fraction.chars().map(|_| '#'))
        } else {
            out.push_str(fraction)
        }
        // Zero is blank as far as its whole number goes.
        if self.blank_zero && whole == "0" { " ".repeat(out.chars().count()) } else { out }
    }

    /// Zeros at the end go where a `9` stands for them.
    fn trimmed<'f>(&self, fraction: &'f str) -> &'f str {
        let kept = fraction.bytes().zip(&self.fraction).enumerate();
        let end = kept.filter(|(_, (digit, place))| *digit != b'0' || **place == Place::Zero).last();
        &fraction[..end.map_or(0, |(at, _)| at + 1)]
    }

    /// The digits before the point in their places, from the last on.
    fn whole_number(&self, digits: &str, slots: &[Place], alone: bool) -> String {
        let count = slots.iter().filter(|slot| **slot != Place::Comma).count();
        // A zero before the point is none of the digits where some follow.
        let digits = if digits == "0" && (!alone || count == 0) { "" } else { digits };
        if digits.len() > count {
            return slots.iter().map(|slot| if *slot == Place::Comma { ',' } else { '#' }).collect();
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
        out.iter().rev().collect()
    }

    /// `NAN` or `INF` before the point, blanks behind it.
    fn word(&self, word: &str) -> String {
        let width = self.whole.len();
        let fits = width >= word.len() && !self.shifted;
        if fits {
            let tail = self.fraction.len() + usize::from(self.point.is_some());
            return format!("{word:>width$}{}", " ".repeat(tail));
        }
        let mut slots: String = self.whole.iter().map(|slot| if *slot == Place::Comma { ',' } else { '#' }).collect();
        slots.extend(self.point.filter(|_| !self.shifted));
        slots.extend(self.fraction.iter().map(|_| '#'));
        slots
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
            Size::Word(_) => None,
            Size::Double(value) if *value < 1e30 => Some(BigInt::from(value.round() as i128)),
            Size::Double(_) => None,
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
    if form == Minimal::Plain && (plain.len() <= 64 || plain.contains("e")) {
        return Ok(if letter == 'E' { plain.to_ascii_uppercase() } else { plain });
    }
    let (sign, digits) = plain.strip_prefix('-').map_or(("", plain.as_str()), |digits| ("-", digits));
    if !digits.starts_with(|c: char| c.is_ascii_digit()) {
        return Ok(plain.to_ascii_uppercase());
    }
    let Some(value) = numeric::parse_decimal(digits, 400) else { return Ok(plain) };
    let length = value.to_string().trim_end_matches('0').len().max(1);
    let (mantissa, exponent) = scientific_decimal(&value, 400, length - 1);
    let exponent_sign = if exponent < 0 { '-' } else { '+' };
    Ok(format!("{sign}{mantissa}{letter}{exponent_sign}{:02}", exponent.abs()))
}

/// Reads a pattern; messages are without their beginning.
struct Reader<'a> {
    rest: &'a str,
    pattern: Pattern,
    has_sign: bool,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        let pattern = Pattern {
            whole: Vec::new(),
            fraction: Vec::new(),
            point: None,
            shifted: false,
            sign: Sign::Plain,
            currency: "",
            digits: Digits::Decimal,
            blank_zero: false,
            close: false,
        };
        Self { rest: text, pattern, has_sign: false }
    }

    fn read(mut self) -> std::result::Result<Pattern, String> {
        if let Some(minimal) = self.minimal() {
            return Ok(minimal);
        }
        if self.take("FM") {
            self.pattern.close = true;
        }
        while let Some(first) = self.rest.chars().next() {
            self.element(first)?;
        }
        let digits = |places: &[Place]| places.iter().any(|place| *place != Place::Comma);
        if !digits(&self.pattern.whole) && !digits(&self.pattern.fraction) {
            return Err("Format string must contain at least one of 'X', '0' or '9'".to_owned());
        }
        Ok(self.pattern)
    }

    fn minimal(&self) -> Option<Pattern> {
        let letter = if self.rest.starts_with('t') { 'e' } else { 'E' };
        let form = match self.rest.to_ascii_uppercase().as_str() {
            "TM" | "TM9" => Minimal::Plain,
            "TME" => Minimal::Exponent,
            _ => return None,
        };
        let mut pattern = Self::new("").pattern;
        pattern.digits = Digits::Minimal(form, letter);
        Some(pattern)
    }

    fn take(&mut self, word: &str) -> bool {
        let found = self.rest.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
        if found {
            self.rest = &self.rest[word.len()..];
        }
        found
    }

    fn element(&mut self, first: char) -> std::result::Result<(), String> {
        if self.rest.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("EEEE")) {
            let letter = first;
            self.rest = &self.rest[4..];
            self.pattern.digits = Digits::Scientific(letter);
            return Ok(());
        }
        if self.take("MI") {
            return self.sign(Sign::MinusAfter);
        }
        if self.take("PR") {
            return self.sign(Sign::Brackets);
        }
        self.rest = &self.rest[first.len_utf8()..];
        let started = !self.pattern.whole.is_empty() || self.pattern.point.is_some() || self.pattern.shifted;
        match first.to_ascii_uppercase() {
            '0' => self.digit(Place::Zero),
            '9' => self.digit(Place::Nine),
            'X' => self.hexadecimal(first),
            ',' | 'G' if self.pattern.point.is_some() || self.pattern.shifted => {
                Err("',' or 'G' cannot appear after '.', 'D' or 'V'".to_owned())
            }
            ',' | 'G' if self.pattern.whole.is_empty() => Err(format!("Unexpected '{first}'")),
            ',' | 'G' => {
                self.pattern.whole.push(Place::Comma);
                Ok(())
            }
            '.' | 'D' | 'V' if self.pattern.point.is_some() || self.pattern.shifted => {
                Err("There can be at most one of '.', 'D', or 'V'".to_owned())
            }
            '.' | 'D' => {
                self.pattern.point = Some('.');
                Ok(())
            }
            'V' => {
                self.pattern.shifted = true;
                Ok(())
            }
            'S' => self.sign(if started { Sign::After } else { Sign::Before }),
            'B' => {
                self.pattern.blank_zero = true;
                Ok(())
            }
            '$' | 'L' => self.currency("$"),
            'C' => self.currency("USD"),
            _ => Err(format!("Invalid format element '{first}'")),
        }
    }

    fn digit(&mut self, place: Place) -> std::result::Result<(), String> {
        if matches!(self.pattern.digits, Digits::Capitals | Digits::Small) && place == Place::Nine {
            return Err("'X' cannot appear together with '9'".to_owned());
        }
        let behind = self.pattern.point.is_some() || self.pattern.shifted;
        if behind {
            self.pattern.fraction.push(place)
        } else {
            self.pattern.whole.push(place)
        }
        Ok(())
    }

    fn hexadecimal(&mut self, written: char) -> std::result::Result<(), String> {
        if self.pattern.digits == Digits::Decimal && self.pattern.whole.contains(&Place::Nine) {
            return Err("'X' cannot appear together with '9'".to_owned());
        }
        if self.pattern.point.is_some() || self.pattern.shifted || self.pattern.whole.contains(&Place::Comma) {
            return Err("'X' cannot appear together with '.', ',' or 'V'".to_owned());
        }
        if self.pattern.digits == Digits::Decimal {
            self.pattern.digits = if written == 'X' { Digits::Capitals } else { Digits::Small };
        }
        self.pattern.whole.push(Place::Nine);
        Ok(())
    }

    fn sign(&mut self, sign: Sign) -> std::result::Result<(), String> {
        if self.has_sign {
            return Err("There can be at most one of 'S', 'MI', or 'PR'".to_owned());
        }
        self.has_sign = true;
        self.pattern.sign = sign;
        Ok(())
    }

    fn currency(&mut self, symbol: &'static str) -> std::result::Result<(), String> {
        if !self.pattern.currency.is_empty() {
            return Err("There can be at most one of '$', 'L' or 'C'".to_owned());
        }
        self.pattern.currency = symbol;
        Ok(())
    }
}
