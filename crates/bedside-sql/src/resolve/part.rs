//! Date parts: which there are, and which a function takes for which type.

use super::literal;
use crate::error::{Result, SqlError};
use crate::syntax::{Name, Node, NodeKind};
use crate::tree::{Expression, ExpressionKind};
use bedside_types::{SqlType, Value};

const PARTS: &[&str] = &[
    "MICROSECOND",
    "MILLISECOND",
    "SECOND",
    "MINUTE",
    "HOUR",
    "DAY",
    "DAYOFWEEK",
    "DAYOFYEAR",
    "WEEK",
    "ISOWEEK",
    "MONTH",
    "QUARTER",
    "YEAR",
    "ISOYEAR",
    "DATE",
    "DATETIME",
    "TIME",
];

const WEEKDAYS: &[&str] = &["SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY"];

/// A part as a text in capitals.
pub(super) fn of_name(name: &Name) -> Result<Expression> {
    let upper = name.text.to_ascii_uppercase();
    if !PARTS.contains(&upper.as_str()) {
        let message = format!("A valid date part name is required but found {}", name.text);
        return Err(SqlError::name(message, name.position));
    }
    Ok(literal(Value::String(upper), SqlType::String, name.position))
}

/// A part written as an argument: `DAY`, `WEEK(MONDAY)`; `None` where the node is no name at all.
pub(super) fn of_node(node: &Node) -> Result<Option<Expression>> {
    match &node.kind {
        NodeKind::Path(path) if path.len() == 1 => of_name(&path[0]).map(Some),
        NodeKind::Call(call) if call.path.len() == 1 && call.path[0].text.eq_ignore_ascii_case("WEEK") => {
            let day = match call.arguments.as_slice() {
                [Node { kind: NodeKind::Path(day), .. }] if day.len() == 1 => day[0].text.to_ascii_uppercase(),
                _ => String::new(),
            };
            if !WEEKDAYS.contains(&day.as_str()) {
                let message = "A valid date part argument for WEEK is required: SUNDAY to SATURDAY";
                return Err(SqlError::name(message, node.position));
            }
            Ok(Some(literal(Value::String(format!("WEEK({day})")), SqlType::String, node.position)))
        }
        _ => Ok(None),
    }
}

/// What stands where a part should, for messages.
pub(super) fn written(node: &Node) -> &'static str {
    match node.kind {
        NodeKind::String(_) => "a STRING",
        NodeKind::Integer(_) => "an INT64",
        _ => "an expression",
    }
}

/// Refuses a part that the function does not take for its first argument's type. A DATE stays one here although
/// `DATETIME_ADD` works on DATETIME; only `DATETIME_DIFF` and `TIMESTAMP_DIFF` count hours between days.
pub(super) fn check(function: &str, upper: &str, written: Option<&SqlType>, arguments: &[Expression]) -> Result<()> {
    let kind = match function {
        "date_add"
        | "date_sub"
        | "datetime_add"
        | "datetime_sub"
        | "timestamp_add"
        | "timestamp_sub"
        | "time_add"
        | "time_sub"
        | "generate_date_array"
        | "generate_timestamp_array" => Use::Move,
        "date_diff" | "datetime_diff" | "timestamp_diff" | "time_diff" => Use::Difference,
        "date_trunc" | "datetime_trunc" | "timestamp_trunc" | "time_trunc" => Use::Truncate,
        "last_day" => Use::LastDay,
        "extract" => Use::Extract,
        _ => return Ok(()),
    };
    let Some(value) = arguments.first() else { return Ok(()) };
    let as_date = written == Some(&SqlType::Date) && (kind != Use::Difference || function == "date_diff");
    let sql_type = if as_date { &SqlType::Date } else { &value.sql_type };
    for argument in &arguments[1..] {
        let ExpressionKind::Literal(Value::String(part)) = &argument.kind else { continue };
        let word = part.split('(').next().unwrap_or_default();
        // A pattern, a zone and the like are texts too, but no parts.
        if !PARTS.contains(&word) || takes(kind, sql_type, part) {
            continue;
        }
        let message = match kind {
            Use::Extract => format!("EXTRACT from {sql_type} does not support the {part} date part"),
            Use::Truncate | Use::LastDay => format!("{upper} does not support the {part} date part"),
            Use::Move | Use::Difference => {
                format!("{upper} does not support the {part} date part when the argument is {sql_type} type")
            }
        };
        return Err(SqlError::types(message, argument.position));
    }
    Ok(())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Move,
    Difference,
    Truncate,
    LastDay,
    Extract,
}

/// Which parts go with which type
/// (<https://cloud.google.com/bigquery/docs/reference/standard-sql/datetime_functions>).
fn takes(kind: Use, sql_type: &SqlType, part: &str) -> bool {
    let clock = matches!(part, "MICROSECOND" | "MILLISECOND" | "SECOND" | "MINUTE" | "HOUR");
    let plain = matches!(part, "DAY" | "WEEK" | "MONTH" | "QUARTER" | "YEAR");
    let calendar = plain || part.starts_with("WEEK(") || matches!(part, "ISOWEEK" | "ISOYEAR");
    match (kind, sql_type) {
        (Use::LastDay, _) => calendar && part != "DAY",
        (Use::Move, SqlType::Date) => plain,
        (Use::Move, SqlType::Datetime) => clock || plain,
        (Use::Move | Use::Difference, SqlType::Timestamp) => clock || part == "DAY",
        (_, SqlType::Time) if kind != Use::Extract => clock,
        (Use::Difference | Use::Truncate, SqlType::Date) => calendar,
        (Use::Difference | Use::Truncate, SqlType::Datetime) | (Use::Truncate, SqlType::Timestamp) => clock || calendar,
        (Use::Extract, SqlType::Date) => calendar || matches!(part, "DAYOFWEEK" | "DAYOFYEAR"),
        (Use::Extract, SqlType::Datetime) => {
            clock || calendar || matches!(part, "DAYOFWEEK" | "DAYOFYEAR" | "DATE" | "TIME")
        }
        (Use::Extract, SqlType::Timestamp) => {
            clock || calendar || matches!(part, "DAYOFWEEK" | "DAYOFYEAR" | "DATE" | "TIME" | "DATETIME")
        }
        (Use::Extract, SqlType::Time) => clock,
        (Use::Extract, SqlType::Interval) => clock || matches!(part, "DAY" | "MONTH" | "YEAR"),
        _ => false,
    }
}
