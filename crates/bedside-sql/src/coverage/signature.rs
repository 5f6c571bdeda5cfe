//! The types that reach functions, as in the trees of Google's analyzer: `$case_no_value(BOOL,INT64,INT64)`.

use super::catalog::Release;
use crate::parameters::{Parameter, Parameters};
use crate::tree::{Expression, ExpressionKind, Relation, Statement};
use crate::walk;
use bedside_types::{SqlType, Value};
use std::collections::BTreeSet;

pub(super) fn of_text(text: &str, found: &mut BTreeSet<String>) {
    let stay = Parameter { sql_type: SqlType::Int64, value: Value::Int64(1) };
    let since = Parameter { sql_type: SqlType::Datetime, value: Value::Datetime(0) };
    let parameters = Parameters::Named(vec![("stay".to_owned(), stay), ("since".to_owned(), since)]);
    // What names no table of MIMIC-IV (INFORMATION_SCHEMA) has no types to count.
    for statement in crate::resolve(text, &Release, &parameters).unwrap_or_default() {
        if let Statement::Query(query) = statement {
            in_relation(&query.root, found);
        }
    }
}

fn in_relation(relation: &Relation, found: &mut BTreeSet<String>) {
    let mut add = |name: &str, arguments: &[Expression], result: &SqlType| {
        let arguments = arguments.iter().map(|argument| argument.sql_type.to_string()).collect();
        found.insert(format!("{name}({}) -> {result}", abridged(arguments)));
    };
    match relation {
        Relation::Aggregate { aggregates, .. } => {
            for (_, call) in aggregates {
                let name = if call.function == "count_star" { "$count_star" } else { call.function };
                add(name, &call.arguments, &call.sql_type);
            }
        }
        Relation::Window { calls, .. } => {
            for (_, window) in calls {
                add(window.call.function, &window.call.arguments, &window.call.sql_type);
            }
        }
        _ => {}
    }
    walk::expressions(relation, &mut |expression| in_expression(expression, found));
    walk::inputs(relation, &mut |input| in_relation(input, found));
}

fn in_expression(expression: &Expression, found: &mut BTreeSet<String>) {
    if let ExpressionKind::Call { function: "$and", arguments, .. } = &expression.kind {
        // BETWEEN stands where its operand stands, in both halves, among other conditions too.
        for pair in arguments.windows(2).filter(|pair| pair[0].position == pair[1].position) {
            if let (Some(mut low), Some(high)) = (operands(&pair[0]), operands(&pair[1])) {
                low.extend(high.into_iter().skip(1));
                found.insert(format!("$between({}) -> BOOL", abridged(low)));
            }
        }
    }
    if let Some((name, arguments)) = call(expression) {
        found.insert(format!("{name}({}) -> {}", abridged(arguments), expression.sql_type));
    }
    walk::operands(expression, &mut |operand| in_expression(operand, found));
    if let ExpressionKind::Subquery { query, .. } = &expression.kind {
        in_relation(&query.root, found);
    }
}

/// A call as Google's analyzer has it.
fn call(expression: &Expression) -> Option<(&str, Vec<String>)> {
    match &expression.kind {
        ExpressionKind::Case { arms, otherwise } => {
            let mut arguments = Vec::new();
            for (condition, result) in arms {
                arguments.extend([condition.sql_type.to_string(), result.sql_type.to_string()]);
            }
            // Without ELSE the analyzer has a NULL of the type.
            arguments.push(otherwise.as_ref().map_or(&expression.sql_type, |other| &other.sql_type).to_string());
            Some(("$case_no_value", arguments))
        }
        ExpressionKind::Call { function, arguments, .. } => {
            let part = |argument: &Expression| match &argument.kind {
                ExpressionKind::Literal(Value::String(part)) if takes_part(function) => part.clone(),
                _ => argument.sql_type.to_string(),
            };
            Some((function, arguments.iter().map(part).collect()))
        }
        _ => None,
    }
}

/// The types of a comparison's operands.
fn operands(half: &Expression) -> Option<Vec<String>> {
    match &half.kind {
        ExpressionKind::Call { arguments, .. } => Some(arguments.iter().map(|a| a.sql_type.to_string()).collect()),
        _ => None,
    }
}

fn takes_part(function: &str) -> bool {
    ["_diff", "_trunc", "_add", "_sub"].iter().any(|end| function.ends_with(end))
}

/// More than four arguments are written as the first four and `…`.
fn abridged(mut arguments: Vec<String>) -> String {
    if arguments.len() > 4 {
        arguments.truncate(4);
        arguments.push("…".to_owned());
    }
    arguments.join(",")
}
