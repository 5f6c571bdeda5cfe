//! The smallest and the greatest value of a column.

use arrow::datatypes::i256;

/// Smallest and greatest value seen, by how the type is stored.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Bounds {
    /// No value yet, or a type without bounds (BYTES).
    None,
    /// INT64, DATE (days), DATETIME, TIMESTAMP and TIME (microseconds), BOOL (0 and 1).
    Integer(i64, i64),
    /// FLOAT64 without NaN.
    Float(f64, f64),
    /// STRING and JSON, by bytes.
    Text(String, String),
    /// NUMERIC times 10^9.
    Numeric(i128, i128),
    /// BIGNUMERIC times 10^38.
    BigNumeric(i256, i256),
}

impl Bounds {
    pub(crate) fn add_integers(&mut self, smallest: i64, greatest: i64) {
        match self {
            Self::Integer(min, max) => (*min, *max) = (smallest.min(*min), greatest.max(*max)),
            _ => *self = Self::Integer(smallest, greatest),
        }
    }

    pub(crate) fn add_floats(&mut self, smallest: f64, greatest: f64) {
        match self {
            Self::Float(min, max) => (*min, *max) = (smallest.min(*min), greatest.max(*max)),
            _ => *self = Self::Float(smallest, greatest),
        }
    }

    pub(crate) fn add_text(&mut self, text: &str) {
        match self {
            Self::Text(min, max) => {
                if text < min.as_str() {
                    text.clone_into(min);
                } else if text > max.as_str() {
                    text.clone_into(max);
                }
            }
            _ => *self = Self::Text(text.to_owned(), text.to_owned()),
        }
    }

    pub(crate) fn add_numeric(&mut self, value: i128) {
        match self {
            Self::Numeric(min, max) => (*min, *max) = (value.min(*min), value.max(*max)),
            _ => *self = Self::Numeric(value, value),
        }
    }

    pub(crate) fn add_big_numeric(&mut self, value: i256) {
        match self {
            Self::BigNumeric(min, max) => (*min, *max) = (value.min(*min), value.max(*max)),
            _ => *self = Self::BigNumeric(value, value),
        }
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        match other {
            Self::None => {}
            Self::Integer(min, max) => self.add_integers(*min, *max),
            Self::Float(min, max) => self.add_floats(*min, *max),
            Self::Text(min, max) => {
                self.add_text(min);
                self.add_text(max);
            }
            Self::Numeric(min, max) => {
                self.add_numeric(*min);
                self.add_numeric(*max);
            }
            Self::BigNumeric(min, max) => {
                self.add_big_numeric(*min);
                self.add_big_numeric(*max);
            }
        }
    }
}
