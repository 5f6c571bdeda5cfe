//! What functions of ranges ask of their arguments beyond their signatures.

use crate::coerce;
use crate::error::{Result, SqlError};
use crate::tree::Expression;
use bedside_types::{Position, SqlType};

/// # Errors
/// Ends that do not tell which type the range has, and NULL where a range must stand.
pub(super) fn check(function: &str, arguments: &[Expression], position: Position) -> Result<()> {
    let ranges = match function {
        "range" => return check_ends(arguments, position),
        "range_start" | "range_end" | "range_contains" | "range_intersect" | "generate_range_array" => 1,
        "range_overlaps" => 2,
        _ => return Ok(()),
    };
    match arguments.iter().take(ranges).find(|argument| coerce::is_null(argument)) {
        Some(null) => {
            let message = "A literal NULL argument cannot be accepted in place of RANGE. Add a CAST to specify the type like \
                           CAST(NULL AS RANGE<DATE>). Range supports DATE, DATETIME, and TIMESTAMP";
            Err(SqlError::types(message, null.position))
        }
        None => Ok(()),
    }
}

/// Both ends of `RANGE(start, end)` have one type; it is not found by turning one into the other's.
fn check_ends(arguments: &[Expression], position: Position) -> Result<()> {
    let fail = |message: String| Err(SqlError::types(message, position));
    if arguments.len() != 2 {
        return fail("RANGE() must take exactly two arguments".to_owned());
    }
    let mut types = arguments.iter().filter(|argument| !coerce::is_null(argument)).map(|argument| &argument.sql_type);
    match (types.next(), types.next()) {
        (None, _) => fail("at least one of RANGE() arguments must be typed".to_owned()),
        (Some(first), Some(second)) if first != second => fail("RANGE() arguments must be of the same type".to_owned()),
        (Some(first), _) if !SqlType::bounds_ranges(first) => fail(format!("{first} is not supported by RANGE()")),
        _ => Ok(()),
    }
}
