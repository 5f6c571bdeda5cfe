//! Patterns for numbers.

use crate::error::{Error, Result};

/// Where the sign stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
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
pub(super) enum Place {
    /// `0`: always a digit.
    Zero,
    /// `9`: blank before the first digit.
    Nine,
    Comma,
}

/// What the digits are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Digits {
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
pub(super) enum Minimal {
    Plain,
    Exponent,
}

/// A pattern.
pub(super) struct Pattern {
    pub(super) whole: Vec<Place>,
    pub(super) fraction: Vec<Place>,
    /// Between both; `V` stands for none.
    pub(super) point: Option<char>,
    /// `V`: the digits behind it belong to the whole number.
    pub(super) shifted: bool,
    pub(super) sign: Sign,
    pub(super) currency: &'static str,
    pub(super) digits: Digits,
    /// `B`: blanks for zero.
    pub(super) blank_zero: bool,
    /// `FM`: no blanks around.
    pub(super) close: bool,
}

impl Pattern {
    pub(super) fn parse(text: &str) -> Result<Self> {
        Reader::new(text).read().map_err(|message| Error::Evaluation(format!("Error in format string: {message}")))
    }
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
            self.pattern.fraction.push(place);
        } else {
            self.pattern.whole.push(place);
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
