//! How Arrow holds a RANGE, and how a text does.
//!
//! Arrow has a STRUCT of the two ends, NULL where there is none. Both fields are marked, so that the Arrow type alone tells a
//! RANGE from a STRUCT that happens to have such fields.

use super::SqlType;
use arrow_schema::{DataType, Fields};

const MARK: &str = "bedside:range";
const ENDS: [&str; 2] = ["start", "end"];

pub(super) fn fields(element: &SqlType) -> Fields {
    ENDS.map(|name| element.field(name, true).with_metadata([(MARK.to_owned(), name.to_owned())].into()))
        .into_iter()
        .collect()
}

pub(super) fn is_marked(fields: &Fields) -> bool {
    matches!(&**fields, [start, end] if start.data_type() == end.data_type() && start.metadata().contains_key(MARK))
        && matches!(fields[0].data_type(), DataType::Date32 | DataType::Timestamp(..))
}

/// A text that is no RANGE.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Failed to parse range: range must be formatted exactly as [START, END) {0}")]
pub struct RangeTextError(String);

/// The texts of both ends of a range, `None` where it is unbounded.
///
/// # Errors
/// A text that is not `[start, end)`; what the ends are is not looked at.
///
/// ```
/// use bedside_types::range_ends;
///
/// assert_eq!(range_ends("[2150-01-01, UNBOUNDED)"), Ok([Some("2150-01-01"), None]));
/// assert!(range_ends("[2150-01-01, 2150-02-01]").is_err());
/// ```
pub fn range_ends(text: &str) -> Result<[Option<&str>; 2], RangeTextError> {
    let inside = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(')'));
    let inside = inside.ok_or_else(|| RangeTextError(format!("(found {text})")))?;
    let parts: Vec<&str> = inside.split(", ").collect();
    let [start, end] = parts.as_slice() else {
        return Err(RangeTextError("with two parts, START and END, divided with \", \"".to_owned()));
    };
    for (name, part) in [("START", start), ("END", end)] {
        if part.trim_matches(' ').len() != part.len() {
            let why = format!("with {name} having no leading or trailing spaces, but found: \"{part}\"");
            return Err(RangeTextError(why));
        }
    }
    let unbounded = |part: &str| part.eq_ignore_ascii_case("UNBOUNDED") || part.eq_ignore_ascii_case("NULL");
    Ok([start, end].map(|part| (!unbounded(part)).then_some(*part)))
}
