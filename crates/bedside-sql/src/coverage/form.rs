//! How arguments are written: `(col, num)`, `(CASE)`, `(col, INTERVAL str PART)`, `(col) OVER`.

use crate::syntax::{Call, Node, NodeKind};

const PARTS: &[&str] = &["YEAR", "QUARTER", "MONTH", "WEEK", "DAY", "HOUR", "MINUTE", "SECOND", "ISOYEAR", "ISOWEEK"];

/// The function that a node calls and the form of its arguments.
pub(super) fn of(node: &Node, text: &str) -> Option<(String, String)> {
    match &node.kind {
        NodeKind::Call(call) => Some((call_name(call), of_call(call, text))),
        NodeKind::Cast { operand: of, to, safe, .. } => {
            let name = if *safe { "SAFE_CAST" } else { "CAST" };
            Some((name.to_owned(), format!("({} AS {})", operand(of, text), to.sql_type)))
        }
        NodeKind::Extract { operand: of, .. } => Some(("EXTRACT".to_owned(), format!("({})", operand(of, text)))),
        _ => None,
    }
}

pub(super) fn call_name(call: &Call) -> String {
    call.path.iter().map(|name| name.text.to_uppercase()).collect::<Vec<_>>().join(".")
}

pub(super) fn path_text(node: &Node) -> String {
    match &node.kind {
        NodeKind::Path(path) => path.iter().map(|name| name.text.clone()).collect::<Vec<_>>().join("."),
        _ => String::new(),
    }
}

fn of_call(call: &Call, text: &str) -> String {
    let takes_part = ["_DIFF", "_TRUNC", "LAST_DAY"].iter().any(|end| call_name(call).ends_with(end));
    let mut arguments: Vec<String> = call.arguments.iter().map(|argument| operand(argument, text)).collect();
    if let (true, Some(last), Some(written)) = (takes_part, call.arguments.last(), arguments.last_mut())
        && PARTS.contains(&path_text(last).to_uppercase().as_str())
    {
        "PART".clone_into(written);
    }
    let mut inside = if call.star { "*".to_owned() } else { arguments.join(", ") };
    if call.distinct {
        inside = format!("DISTINCT {inside}");
    }
    if call.limit.is_some() {
        inside.push_str(" LIMIT");
    }
    if call.ignore_nulls == Some(true) {
        inside.push_str(" IGNORE NULLS");
    }
    format!("({inside}){}", if call.over.is_some() { " OVER" } else { "" })
}

/// One argument.
pub(super) fn operand(node: &Node, text: &str) -> String {
    let word = match &node.kind {
        NodeKind::Path(_) | NodeKind::Field(..) => "col",
        NodeKind::Integer(_) | NodeKind::Float(_) => "num",
        NodeKind::Negate(inner) => return operand(inner, text),
        NodeKind::String(_) if is_raw(node, text) => "rawstr",
        NodeKind::String(_) => "str",
        NodeKind::Null => "NULL",
        NodeKind::Binary(binary, ..) if matches!(binary.symbol, "+" | "-" | "*" | "/") => "arith",
        NodeKind::Concat(_) => "concat",
        NodeKind::Binary(..)
        | NodeKind::And(_)
        | NodeKind::Or(_)
        | NodeKind::Not(_)
        | NodeKind::Is { .. }
        | NodeKind::Like { .. }
        | NodeKind::Between { .. }
        | NodeKind::InList { .. } => "predicate",
        NodeKind::Case { .. } => "CASE",
        NodeKind::Cast { .. } => "CAST()",
        NodeKind::Extract { .. } => "EXTRACT()",
        NodeKind::Interval { amount, .. } => return format!("INTERVAL {} PART", operand(amount, text)),
        NodeKind::Call(call) => return format!("{}()", call_name(call)),
        NodeKind::Struct { .. } => "STRUCT",
        NodeKind::Scalar(_) => "subquery",
        _ => "expr",
    };
    word.to_owned()
}

fn is_raw(node: &Node, text: &str) -> bool {
    let line = text.lines().nth(node.position.line as usize - 1).unwrap_or_default();
    line.chars().nth(node.position.column as usize - 1).is_some_and(|first| first.eq_ignore_ascii_case(&'r'))
}
