//! The elements of a pattern for times.

use crate::error::{Result, fail};

/// What has fields to write or read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Date,
    Time,
    Datetime,
    Timestamp,
}

impl Kind {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Date => "DATE",
            Self::Time => "TIME",
            Self::Datetime => "DATETIME",
            Self::Timestamp => "TIMESTAMP",
        }
    }
}

/// How letters are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Letters {
    Capital,
    Title,
    Small,
}

/// One element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Element {
    /// What stands there as it is.
    Literal(String),
    /// Blanks.
    Blanks(String),
    /// A field, as the pattern spells it.
    Field(Field, &'static str, Letters),
}

/// A field of a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    /// The last digits of the year.
    Year(usize),
    /// Two digits of the nearest year, or all four.
    RoundedYear(usize),
    Month,
    MonthName,
    MonthShort,
    DayOfYear,
    Day,
    DayOfWeek,
    DayName,
    DayShort,
    Hour12,
    Hour24,
    Minute,
    Second,
    SecondOfDay,
    /// So many digits of the fraction of a second.
    Fraction(usize),
    /// AM and PM, with points or without.
    Meridian(Points),
    ZoneHour,
    ZoneMinute,
}

/// Whether AM is written `A.M.`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Points {
    With,
    Without,
}

/// What kind of field it is; a pattern to read by has one of each at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Category {
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
    Fraction,
    Meridian,
    ZoneHour,
    ZoneMinute,
}

impl Category {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Year => "YEAR",
            Self::Month => "MONTH",
            Self::Day => "DAY",
            Self::Hour => "HOUR",
            Self::Minute => "MINUTE",
            Self::Second => "SECOND",
            Self::Fraction => "FRACTION",
            Self::Meridian => "MERIDIAN_INDICATOR",
            Self::ZoneHour | Self::ZoneMinute => "TIME_ZONE",
        }
    }
}

impl Field {
    pub(super) const fn category(self) -> Category {
        match self {
            Self::Year(_) | Self::RoundedYear(_) => Category::Year,
            Self::Month | Self::MonthName | Self::MonthShort => Category::Month,
            Self::DayOfYear | Self::Day | Self::DayOfWeek | Self::DayName | Self::DayShort => Category::Day,
            Self::Hour12 | Self::Hour24 => Category::Hour,
            Self::Minute => Category::Minute,
            Self::Second | Self::SecondOfDay => Category::Second,
            Self::Fraction(_) => Category::Fraction,
            Self::Meridian(_) => Category::Meridian,
            Self::ZoneHour => Category::ZoneHour,
            Self::ZoneMinute => Category::ZoneMinute,
        }
    }

    /// Whether it is read as digits.
    pub(super) const fn is_number(self) -> bool {
        !matches!(self, Self::MonthName | Self::MonthShort | Self::DayName | Self::DayShort | Self::Meridian(_))
    }

    /// Whether a type has the field.
    pub(super) fn of(self, kind: Kind) -> bool {
        match self.category() {
            Category::Year | Category::Month | Category::Day => kind != Kind::Time,
            Category::ZoneHour | Category::ZoneMinute => kind == Kind::Timestamp,
            _ => kind != Kind::Date,
        }
    }
}

/// Words of patterns; of two that fit the one that stands first, so longer ones stand before their beginnings.
const FIELDS: &[(&str, Field)] = &[
    ("A.M.", Field::Meridian(Points::With)),
    ("AM", Field::Meridian(Points::Without)),
    ("DAY", Field::DayName),
    ("DDD", Field::DayOfYear),
    ("DD", Field::Day),
    ("DY", Field::DayShort),
    ("D", Field::DayOfWeek),
    ("FF1", Field::Fraction(1)),
    ("FF2", Field::Fraction(2)),
    ("FF3", Field::Fraction(3)),
    ("FF4", Field::Fraction(4)),
    ("FF5", Field::Fraction(5)),
    ("FF6", Field::Fraction(6)),
    ("FF7", Field::Fraction(7)),
    ("FF8", Field::Fraction(8)),
    ("FF9", Field::Fraction(9)),
    ("HH12", Field::Hour12),
    ("HH24", Field::Hour24),
    ("HH", Field::Hour12),
    ("MI", Field::Minute),
    ("MM", Field::Month),
    ("MONTH", Field::MonthName),
    ("MON", Field::MonthShort),
    ("P.M.", Field::Meridian(Points::With)),
    ("PM", Field::Meridian(Points::Without)),
    ("RRRR", Field::RoundedYear(4)),
    ("RR", Field::RoundedYear(2)),
    ("SSSSS", Field::SecondOfDay),
    ("SS", Field::Second),
    ("TZH", Field::ZoneHour),
    ("TZM", Field::ZoneMinute),
    ("YYYY", Field::Year(4)),
    ("YYY", Field::Year(3)),
    ("YY", Field::Year(2)),
    ("Y", Field::Year(1)),
];

/// Words of GoogleSQL that BigQuery has no field for.
const OTHER: &[&str] = &["Y,YYY", "IYYY", "IYY", "IY", "I", "CC", "Q", "IW", "WW", "W", "J", "RM", "SYYYY", "YEAR"];

/// Reads a pattern.
pub(super) fn parse(pattern: &str) -> Result<Vec<Element>> {
    let mut elements = Vec::new();
    let mut rest = pattern;
    while let Some(first) = rest.chars().next() {
        let at = pattern.len() - rest.len();
        let taken = if first.is_whitespace() {
            let end = rest.find(|c: char| !c.is_whitespace()).unwrap_or(rest.len());
            elements.push(Element::Blanks(rest[..end].to_owned()));
            end
        } else if "-./,';:".contains(first) {
            elements.push(Element::Literal(first.to_string()));
            1
        } else if first == '"' {
            let (text, length) = quoted(&rest[1..], at)?;
            elements.push(Element::Literal(text));
            length + 1
        } else {
            let starts = |word: &str| rest.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
            if let Some(word) = OTHER.iter().find(|word| starts(word)) {
                return fail(format!("Unsupported format element '{word}'"));
            }
            let Some((word, field)) = FIELDS.iter().find(|(word, _)| starts(word)) else {
                return fail(format!("Cannot find matched format element at {at}"));
            };
            elements.push(Element::Field(*field, word, letters(&rest[..word.len()])));
            word.len()
        };
        rest = &rest[taken..];
    }
    Ok(elements)
}

/// A text up to its closing quote, and how long it was written.
fn quoted(rest: &str, at: usize) -> Result<(String, usize)> {
    let mut text = String::new();
    let mut characters = rest.char_indices();
    while let Some((place, c)) = characters.next() {
        match c {
            '"' => return Ok((text, place + 1)),
            '\\' => match characters.next() {
                Some((_, escaped @ ('"' | '\\'))) => text.push(escaped),
                _ => return fail(format!("Unsupported escape sequence in a quoted literal at {at}")),
            },
            c => text.push(c),
        }
    }
    fail(format!("Cannot find matching \" for quoted literal at {at}"))
}

/// The first letter small makes all small; the second small makes all but the first small.
fn letters(word: &str) -> Letters {
    let mut characters = word.chars().filter(char::is_ascii_alphabetic);
    let mut small = || characters.next().is_some_and(|c| c.is_ascii_lowercase());
    let first = small();
    let second = small();
    match (first, second) {
        (true, _) => Letters::Small,
        (false, true) => Letters::Title,
        (false, false) => Letters::Capital,
    }
}
