//! Texts with the collation `und:ci`
//! (<https://cloud.google.com/bigquery/docs/reference/standard-sql/collation-concepts>). The collation is part of a text's type, so that
//! it goes along with columns, branches and constructors by itself; here is what functions make of it.

use crate::error::{Result, SqlError};
use crate::tree::{Expression, ExpressionKind, OnError};
use bedside_types::{Position, SqlType, Value};

/// Functions that look for a text in another and find it whatever its case.
const SEARCHES: [&str; 7] = ["$like", "$like_any", "$like_all", "starts_with", "ends_with", "strpos", "instr"];

/// Functions that would compare texts by bytes.
const REFUSED: [&str; 6] = ["replace", "split", "translate", "greatest", "least", "range_bucket"];

/// Functions whose text has the collation of the one that it is made of.
const KEEPING: [&str; 20] = [
    "$concat",
    "concat",
    "initcap",
    "left",
    "lower",
    "lpad",
    "ltrim",
    "normalize",
    "normalize_and_casefold",
    "regexp_extract",
    "regexp_replace",
    "repeat",
    "reverse",
    "right",
    "rpad",
    "rtrim",
    "soundex",
    "substr",
    "trim",
    "upper",
];

/// `COLLATE(text, 'und:ci')`, or `''` to take a collation away.
///
/// # Errors
/// Another collation, or one that is no literal.
pub(super) fn collate(mut arguments: Vec<Expression>, position: Position) -> Result<Expression> {
    let (Some(name), Some(operand)) = (arguments.pop(), arguments.pop()) else {
        return Err(SqlError::internal("COLLATE lost an argument", position));
    };
    let ExpressionKind::Literal(Value::String(collation)) = &name.kind else {
        return Err(SqlError::types("The second argument of COLLATE must be a string literal", name.position));
    };
    let sql_type = match collation.as_str() {
        "und:ci" => SqlType::Collated,
        "" => SqlType::String,
        other => {
            let message = format!("COLLATE has invalid collation name '{other}'");
            return Err(SqlError::value(message, name.position).with_hint("BigQuery has 'und:ci', and '' for none"));
        }
    };
    let kind = ExpressionKind::Cast { operand: Box::new(operand), on_error: OnError::Fail };
    Ok(Expression { kind, sql_type, position })
}

/// What a text with a collation is compared by.
pub(super) fn key(text: Expression) -> Expression {
    let position = text.position;
    super::function("$collation_key", vec![text], SqlType::String, position)
}

/// Whether one of the texts has a collation, or an array of them.
pub(super) fn is_among(arguments: &[Expression]) -> bool {
    arguments.iter().any(|argument| holds(&argument.sql_type))
}

fn holds(sql_type: &SqlType) -> bool {
    match sql_type {
        SqlType::Collated => true,
        SqlType::Array(element) => holds(element),
        _ => false,
    }
}

/// A function's arguments and type where one of its texts has a collation.
///
/// # Errors
/// Functions that compare texts and cannot do it by a collation here.
pub(super) fn applied(
    function: &'static str,
    arguments: Vec<Expression>,
    result: SqlType,
    position: Position,
) -> Result<(Vec<Expression>, SqlType)> {
    if SEARCHES.contains(&function) {
        let arguments = arguments.into_iter().map(|argument| match argument.sql_type {
            SqlType::String => super::function("$collation_fold", vec![argument], SqlType::String, position),
            _ => argument,
        });
        return Ok((arguments.collect(), result));
    }
    if REFUSED.contains(&function) {
        return Err(refused(&format!("{} of a text with a collation", function.to_ascii_uppercase()), position));
    }
    let keeps = KEEPING.contains(&function) && result == SqlType::String;
    Ok((arguments, if keeps { SqlType::Collated } else { result }))
}

/// What is not done with collations, and how it can be written.
pub(super) fn refused(what: &str, position: Position) -> SqlError {
    SqlError::unsupported(what, position).with_hint("take the collation away with COLLATE(x, ''), or write LOWER(x)")
}
