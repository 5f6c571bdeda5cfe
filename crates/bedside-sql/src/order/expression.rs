//! What an expression's value depends on, and what it gives away.

use super::Checker;
use super::facts::{Attribute, Facts};
use crate::tree::{ColumnId, Expression, ExpressionKind, OnError, Relation};
use crate::walk;
use bedside_types::{Position, SqlType, Value};

impl Checker {
    /// The attribute that is an expression's value, with what is known of it added to `facts`; `None` for a constant.
    pub(super) fn attribute(&mut self, expression: &Expression, facts: &mut Facts) -> Option<Attribute> {
        match &expression.kind {
            ExpressionKind::Column(column) => Some((*column).into()),
            ExpressionKind::Literal(_) | ExpressionKind::OuterColumn(_) => None,
            _ => {
                let made = self.fresh();
                define(facts, made, expression);
                Some(made)
            }
        }
    }
}

/// Says that `attribute` is the value of an expression over a relation's columns.
pub(super) fn define(facts: &mut Facts, attribute: Attribute, expression: &Expression) {
    facts.add(vec![facts.row], vec![attribute]);
    if let Some(sources) = sources(expression) {
        facts.add(sources, vec![attribute]);
    }
    let mut told = Vec::new();
    told_by(expression, &mut told);
    facts.add(vec![attribute], told);
    if let ExpressionKind::Literal(value) = &expression.kind {
        facts.constants.insert(attribute, value.clone());
    }
}

/// The columns that an expression is a function of; `None` if it is none of them alone.
pub(super) fn sources(expression: &Expression) -> Option<Vec<Attribute>> {
    let mut found = Vec::new();
    collect(expression, Depth::Row, &mut found).then_some(found)
}

/// Every column that an expression reads, those that its subqueries read included.
pub(super) fn read(expression: &Expression, columns: &mut dyn FnMut(ColumnId)) {
    match &expression.kind {
        ExpressionKind::Column(column) | ExpressionKind::OuterColumn(column) => columns(*column),
        ExpressionKind::Subquery { query, .. } => read_in(&query.root, columns),
        _ => {}
    }
    walk::operands(expression, &mut |operand| read(operand, columns));
}

fn read_in(relation: &Relation, columns: &mut dyn FnMut(ColumnId)) {
    walk::expressions(relation, &mut |expression| read(expression, columns));
    walk::inputs(relation, &mut |input| read_in(input, columns));
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Depth {
    /// Over the row: a column of an enclosing query is a constant.
    Row,
    /// In a subquery over the row, whose outer columns may be the row's.
    Subquery,
}

/// Collects what a value depends on; false if something else has a say.
fn collect(expression: &Expression, depth: Depth, found: &mut Vec<Attribute>) -> bool {
    let mut alone = true;
    match &expression.kind {
        ExpressionKind::Column(column) if depth == Depth::Row => found.push((*column).into()),
        ExpressionKind::OuterColumn(column) if depth == Depth::Subquery => found.push((*column).into()),
        ExpressionKind::Call { function, .. } => alone = !walk::is_volatile(function),
        ExpressionKind::Subquery { query, .. } => alone = collect_in(&query.root, found),
        _ => {}
    }
    walk::operands(expression, &mut |operand| alone &= collect(operand, depth, found));
    alone
}

/// As [`collect`] for a subquery; one that picks rows has a say of its own.
fn collect_in(relation: &Relation, found: &mut Vec<Attribute>) -> bool {
    let picks = |name: &str| matches!(name, "any_value" | "max_by" | "min_by") || name.ends_with("_agg");
    let mut alone = match relation {
        Relation::Limit { .. } | Relation::Window { .. } => false,
        Relation::Aggregate { aggregates, .. } => !aggregates.iter().any(|(_, call)| picks(call.function)),
        // What a CTE holds may rest on a pick, but it holds the same for every row.
        _ => true,
    };
    walk::expressions(relation, &mut |expression| alone &= collect(expression, Depth::Subquery, found));
    walk::inputs(relation, &mut |input| alone &= collect_in(input, found));
    alone
}

/// The columns whose values can be told from an expression's value.
fn told_by(expression: &Expression, told: &mut Vec<Attribute>) {
    match &expression.kind {
        ExpressionKind::Column(column) => told.push((*column).into()),
        ExpressionKind::Cast { operand, on_error: OnError::Fail }
            if keeps_values_apart(&operand.sql_type, &expression.sql_type) =>
        {
            told_by(operand, told);
        }
        ExpressionKind::Call { function: "$struct", arguments, .. } => {
            arguments.iter().for_each(|argument| told_by(argument, told));
        }
        ExpressionKind::Call { function: "$negate" | "reverse" | "to_hex" | "unix_micros", arguments, .. } => {
            arguments.iter().for_each(|argument| told_by(argument, told));
        }
        ExpressionKind::Call { function, arguments, on_error: OnError::Fail } => {
            if let [operand, rest @ ..] = arguments.as_slice()
                && is_shift(function, operand, rest)
            {
                told_by(operand, told);
            }
        }
        _ => {}
    }
}

/// Whether a function moves its first argument by a constant, every value to one of its own.
fn is_shift(function: &str, operand: &Expression, rest: &[Expression]) -> bool {
    let literal = |expression: &Expression| match &expression.kind {
        ExpressionKind::Literal(Value::Interval(interval)) => interval.months == 0,
        ExpressionKind::Literal(value) => *value != Value::Null,
        _ => false,
    };
    let exact = matches!(operand.sql_type, SqlType::Int64 | SqlType::Date | SqlType::Datetime | SqlType::Timestamp);
    // A part of unequal lengths, such as MONTH, takes the 30th and the 31st to one day.
    let unequal = rest.iter().any(|argument| {
        matches!(&argument.kind, ExpressionKind::Literal(Value::String(part)) if matches!(part.as_str(), "MONTH" | "QUARTER" | "YEAR"))
    });
    let shifts = matches!(
        function,
        "$add"
            | "$subtract"
            | "date_add"
            | "date_sub"
            | "datetime_add"
            | "datetime_sub"
            | "timestamp_add"
            | "timestamp_sub"
    );
    shifts && exact && !unequal && rest.iter().all(literal)
}

/// Whether a cast gives different values for different values.
fn keeps_values_apart(from: &SqlType, to: &SqlType) -> bool {
    use SqlType as T;
    from == to
        || matches!(
            (from, to),
            (T::Int64, T::Numeric | T::BigNumeric | T::String)
                | (T::Numeric, T::BigNumeric | T::String)
                | (T::Bool, T::Int64 | T::String)
                | (T::Date, T::Datetime | T::Timestamp | T::String)
                | (T::Datetime, T::Timestamp | T::String)
                | (T::Timestamp, T::Datetime | T::String)
                | (T::Time, T::String)
                | (T::String, T::Bytes)
        )
}

/// The parts of a condition that all have to be true.
pub(super) fn conjuncts<'e>(condition: &'e Expression, parts: &mut Vec<&'e Expression>) {
    match &condition.kind {
        ExpressionKind::Call { function: "$and", arguments, .. } => {
            arguments.iter().for_each(|argument| conjuncts(argument, parts));
        }
        _ => parts.push(condition),
    }
}

/// What follows for rows for which a condition is true: `a = b` fixes either side by the other, `a = 1` and `a IS NULL`
/// fix a, `a IN (1)` too.
pub(super) fn assume(
    facts: &mut Facts,
    condition: &Expression,
    add: &mut dyn FnMut(&mut Facts, Vec<Attribute>, Attribute),
) {
    let mut parts = Vec::new();
    conjuncts(condition, &mut parts);
    for part in parts {
        let ExpressionKind::Call { function, arguments, .. } = &part.kind else { continue };
        match (*function, arguments.as_slice()) {
            ("$equal" | "$in", [left, right]) => equal(facts, left, right, add),
            ("$not", [negated]) => {
                if let ExpressionKind::Call { function: "$is_distinct_from", arguments, .. } = &negated.kind
                    && let [left, right] = arguments.as_slice()
                {
                    equal(facts, left, right, add);
                }
            }
            ("$is_null", [operand]) => {
                if let ExpressionKind::Column(column) = operand.kind {
                    add(facts, Vec::new(), column.into());
                }
            }
            _ => {}
        }
    }
}

fn equal(
    facts: &mut Facts,
    left: &Expression,
    right: &Expression,
    add: &mut dyn FnMut(&mut Facts, Vec<Attribute>, Attribute),
) {
    for (from, to) in [(left, right), (right, left)] {
        let mut told = Vec::new();
        told_by(to, &mut told);
        if let Some(sources) = sources(from) {
            told.into_iter().for_each(|to| add(facts, sources.clone(), to));
        }
    }
}

/// The literal that a part of a condition says a column has.
pub(super) fn literal_of(condition: &Expression) -> Option<(Attribute, Value)> {
    let ExpressionKind::Call { function: "$equal" | "$in", arguments, .. } = &condition.kind else { return None };
    match arguments.as_slice() {
        [
            Expression { kind: ExpressionKind::Column(column), .. },
            Expression { kind: ExpressionKind::Literal(value), .. },
        ]
        | [
            Expression { kind: ExpressionKind::Literal(value), .. },
            Expression { kind: ExpressionKind::Column(column), .. },
        ] => Some(((*column).into(), value.clone())),
        _ => None,
    }
}

/// Whether no two elements of an array are equal, by how it is made.
pub(super) fn has_distinct_elements(array: &Expression) -> bool {
    let ExpressionKind::Call { function, arguments, .. } = &array.kind else { return false };
    match *function {
        "generate_date_array" | "generate_timestamp_array" => true,
        // Steps that are too small for FLOAT64 go nowhere.
        "generate_array" => array.sql_type != SqlType::Array(Box::new(SqlType::Float64)),
        "$array" => arguments.iter().enumerate().all(|(index, element)| {
            let ExpressionKind::Literal(value) = &element.kind else { return false };
            arguments[..index].iter().all(|before| !matches!(&before.kind, ExpressionKind::Literal(v) if v == value))
        }),
        _ => false,
    }
}

/// Where a relation first says something.
pub(super) fn first_position(relation: &Relation) -> Option<Position> {
    if let Relation::Table { position, .. } = relation {
        return Some(*position);
    }
    let mut found = None;
    walk::expressions(relation, &mut |expression| found = found.or(Some(expression.position)));
    walk::inputs(relation, &mut |input| found = found.or_else(|| first_position(input)));
    found
}
