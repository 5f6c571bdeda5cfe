//! The words that every other crate shares: identifiers, GoogleSQL types and their Arrow form, values, JSON documents, the calendar,
//! time zones, positions in a text, error codes and nearest names.
//!
//! ```
//! use bedside_types::{ReleaseId, ReleaseKind, SqlType};
//!
//! let release: ReleaseId = "mimiciv-demo-2.2".parse().unwrap();
//! assert_eq!(release.kind(), ReleaseKind::Demo);
//! assert_eq!("INTEGER".parse::<SqlType>().unwrap(), SqlType::Int64);
//! ```
//!
//! Nothing here reads a file, a clock or the environment, and nothing knows what MIMIC holds.

mod calendar;
mod code;
mod identifier;
mod json;
mod nearest;
mod position;
mod sql_type;
mod value;
mod zone;

pub use calendar::{
    Fraction, checked_day, date_digits, date_of, day_number, days_in_month, interval_text, is_leap, time_digits,
};
pub use code::ErrorCode;
pub use identifier::{DatasetName, IdentifierError, ReleaseId, ReleaseKind};
pub use json::{Json, JsonError, WideNumbers, write_json_text};
pub use nearest::nearest;
pub use position::Position;
pub use sql_type::{RangeTextError, SqlType, StructField, TypeNameError, range_ends};
pub use value::{Interval, Value};
pub use zone::{Zone, ZoneError};
