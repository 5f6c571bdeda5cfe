//! Why a row cannot be taken.

use bedside_types::SqlType;
use std::fmt;

/// What is wrong with one row. Shown to the person who loads, never logged: it holds a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A field that is no value of its column's type.
    Value {
        /// The column.
        column: String,
        /// The text, at most 80 characters of it.
        value: String,
        /// The column's type.
        expected: SqlType,
        /// Which rule it breaks, as in `out of range`; empty where the type says all.
        why: &'static str,
    },
    /// Fewer or more fields than the header has columns.
    FieldCount {
        /// Fields in the row.
        found: usize,
        /// Columns in the header.
        expected: usize,
    },
    /// A quote in the middle of an unquoted field, or text after a closing quote.
    StrayQuote {
        /// The column.
        column: String,
    },
    /// A quote that does not close before the end of the file or within the look-ahead.
    OpenQuote {
        /// Bytes looked at after the quote.
        looked: u64,
    },
    /// A NUL byte, which no text may hold.
    Nul {
        /// The column.
        column: String,
    },
    /// Bytes that are not UTF-8.
    Utf8 {
        /// The column.
        column: String,
        /// The text with the bad bytes replaced, at most 80 characters of it.
        value: String,
    },
    /// An empty line between rows.
    Blank,
    /// An earlier row has the same value of a declared key.
    Duplicate {
        /// The key's columns.
        columns: Vec<String>,
    },
}

impl Fault {
    /// A fault of `value` in `column`, the value cut to a length that fits a message.
    pub(crate) fn value(column: &str, value: &[u8], expected: SqlType, why: &'static str) -> Self {
        Self::Value { column: column.to_owned(), value: excerpt(value), expected, why }
    }
}

/// At most 80 characters of `text`, control characters escaped, bad bytes replaced.
pub(crate) fn excerpt(text: &[u8]) -> String {
    const LONGEST: usize = 80;
    // Four bytes a character at most; the rest need not be decoded.
    let decoded = String::from_utf8_lossy(&text[..text.len().min(4 * LONGEST + 4)]);
    let mut shown: String = decoded.chars().take(LONGEST).flat_map(escape).collect();
    if decoded.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}

fn escape(character: char) -> impl Iterator<Item = char> {
    let plain = (!character.is_control()).then_some(character);
    let escaped = character.is_control().then(|| character.escape_default());
    plain.into_iter().chain(escaped.into_iter().flatten())
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value { column, value, expected, why } => {
                write!(f, "column {column}: `{value}` is no {expected}")?;
                if why.is_empty() { Ok(()) } else { write!(f, " ({why})") }
            }
            Self::FieldCount { found, expected } => {
                let few = if found < expected { "few" } else { "many" };
                write!(f, "too {few} fields: {found} where the header has {expected}")
            }
            Self::StrayQuote { column } => {
                write!(f, "column {column}: a quote that neither opens nor closes the field")
            }
            Self::OpenQuote { looked } => write!(f, "a quote opens here and does not close within {looked} bytes"),
            Self::Nul { column } => write!(f, "column {column}: a NUL byte"),
            Self::Utf8 { column, value } => write!(f, "column {column}: `{value}` is not UTF-8"),
            Self::Blank => f.write_str("an empty line between rows"),
            Self::Duplicate { columns } => write!(f, "key ({}) is that of an earlier row", columns.join(", ")),
        }
    }
}
