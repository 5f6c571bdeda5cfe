//! Going over the typed tree: what is directly inside what.

use crate::tree::{AggregateCall, Expression, ExpressionKind, Query, Relation, SortKey, SubqueryKind, WindowCall};

/// Calls `f` for every expression directly inside another; a subquery's own expressions are not among them.
pub(crate) fn operands<'e>(expression: &'e Expression, f: &mut dyn FnMut(&'e Expression)) {
    match &expression.kind {
        ExpressionKind::Literal(_) | ExpressionKind::Column(_) | ExpressionKind::OuterColumn(_) => {}
        ExpressionKind::Call { arguments, .. } => arguments.iter().for_each(f),
        ExpressionKind::Cast { operand, format, .. } => {
            f(operand);
            if let Some(format) = format {
                f(format);
            }
        }
        ExpressionKind::Case { arms, otherwise } => {
            for (condition, result) in arms {
                f(condition);
                f(result);
            }
            if let Some(otherwise) = otherwise {
                f(otherwise);
            }
        }
        ExpressionKind::Field { operand, .. } => f(operand),
        ExpressionKind::Subquery { kind, .. } => {
            if let SubqueryKind::In(operand) = kind {
                f(operand);
            }
        }
    }
}

/// [`operands`], to change them.
pub(crate) fn operands_mut(expression: &mut Expression, f: &mut dyn FnMut(&mut Expression)) {
    match &mut expression.kind {
        ExpressionKind::Literal(_) | ExpressionKind::Column(_) | ExpressionKind::OuterColumn(_) => {}
        ExpressionKind::Call { arguments, .. } => arguments.iter_mut().for_each(f),
        ExpressionKind::Cast { operand, format, .. } => {
            f(operand);
            if let Some(format) = format {
                f(format);
            }
        }
        ExpressionKind::Case { arms, otherwise } => {
            for (condition, result) in arms {
                f(condition);
                f(result);
            }
            if let Some(otherwise) = otherwise {
                f(otherwise);
            }
        }
        ExpressionKind::Field { operand, .. } => f(operand),
        ExpressionKind::Subquery { kind, .. } => {
            if let SubqueryKind::In(operand) = kind {
                f(operand);
            }
        }
    }
}

/// Calls `f` for every expression that stands in a relation itself, not in its inputs.
pub(crate) fn expressions<'e>(relation: &'e Relation, f: &mut dyn FnMut(&'e Expression)) {
    match relation {
        Relation::Project { computed, .. } => computed.iter().for_each(|(_, e)| f(e)),
        Relation::Filter { predicate, .. } => f(predicate),
        Relation::Join { condition, .. } => condition.iter().for_each(f),
        Relation::Aggregate { keys, aggregates, .. } => {
            keys.iter().for_each(|(_, e)| f(e));
            aggregates.iter().for_each(|(_, call)| of_aggregate(call, f));
        }
        Relation::Window { calls, .. } => calls.iter().for_each(|(_, call)| of_window(call, f)),
        Relation::Unnest { array, .. } => f(array),
        Relation::Sort { keys, .. } => keys.iter().for_each(|key| f(&key.expression)),
        Relation::OneRow
        | Relation::Table { .. }
        | Relation::Cte { .. }
        | Relation::With { .. }
        | Relation::SetOperation { .. }
        | Relation::Limit { .. } => {}
    }
}

/// [`expressions`], to change them.
pub(crate) fn expressions_mut(relation: &mut Relation, f: &mut dyn FnMut(&mut Expression)) {
    match relation {
        Relation::Project { computed, .. } => computed.iter_mut().for_each(|(_, e)| f(e)),
        Relation::Filter { predicate, .. } => f(predicate),
        Relation::Join { condition, .. } => condition.iter_mut().for_each(f),
        Relation::Aggregate { keys, aggregates, .. } => {
            keys.iter_mut().for_each(|(_, e)| f(e));
            aggregates.iter_mut().for_each(|(_, call)| of_aggregate_mut(call, f));
        }
        Relation::Window { calls, .. } => calls.iter_mut().for_each(|(_, call)| of_window_mut(call, f)),
        Relation::Unnest { array, .. } => f(array),
        Relation::Sort { keys, .. } => sort_keys_mut(keys, f),
        Relation::OneRow
        | Relation::Table { .. }
        | Relation::Cte { .. }
        | Relation::With { .. }
        | Relation::SetOperation { .. }
        | Relation::Limit { .. } => {}
    }
}

pub(crate) fn of_aggregate<'e>(call: &'e AggregateCall, f: &mut dyn FnMut(&'e Expression)) {
    call.arguments.iter().for_each(&mut *f);
    call.order.iter().for_each(|key| f(&key.expression));
    call.having.iter().for_each(|(_, e)| f(e));
}

pub(crate) fn of_window<'e>(call: &'e WindowCall, f: &mut dyn FnMut(&'e Expression)) {
    of_aggregate(&call.call, f);
    call.partition.iter().for_each(&mut *f);
    call.order.iter().for_each(|key| f(&key.expression));
}

pub(crate) fn of_window_mut(call: &mut WindowCall, f: &mut dyn FnMut(&mut Expression)) {
    of_aggregate_mut(&mut call.call, f);
    call.partition.iter_mut().for_each(&mut *f);
    sort_keys_mut(&mut call.order, f);
}

fn of_aggregate_mut(call: &mut AggregateCall, f: &mut dyn FnMut(&mut Expression)) {
    call.arguments.iter_mut().for_each(&mut *f);
    sort_keys_mut(&mut call.order, f);
    if let Some((_, e)) = &mut call.having {
        f(e);
    }
}

fn sort_keys_mut(keys: &mut [SortKey], f: &mut dyn FnMut(&mut Expression)) {
    keys.iter_mut().for_each(|key| f(&mut key.expression));
}

/// Calls `f` for every input of a relation, CTE definitions included.
pub(crate) fn inputs_mut(relation: &mut Relation, f: &mut dyn FnMut(&mut Relation)) {
    match relation {
        Relation::OneRow | Relation::Table { .. } | Relation::Cte { .. } => {}
        Relation::With { definitions, body } => {
            definitions.iter_mut().for_each(|definition| f(&mut definition.query.root));
            f(body);
        }
        Relation::Project { input, .. }
        | Relation::Filter { input, .. }
        | Relation::Aggregate { input, .. }
        | Relation::Window { input, .. }
        | Relation::Unnest { input, .. }
        | Relation::Sort { input, .. }
        | Relation::Limit { input, .. } => f(input),
        Relation::Join { left, right, .. } => {
            f(left);
            f(right);
        }
        Relation::SetOperation { inputs, .. } => inputs.iter_mut().for_each(|(input, _)| f(input)),
    }
}

/// Calls `f` for every expression in a query, at every depth, subqueries included.
pub(crate) fn every_expression_mut(query: &mut Query, f: &mut dyn FnMut(&mut Expression)) {
    in_relation(&mut query.root, f);
}

fn in_relation(relation: &mut Relation, f: &mut dyn FnMut(&mut Expression)) {
    expressions_mut(relation, &mut |expression| in_expression(expression, f));
    inputs_mut(relation, &mut |input| in_relation(input, f));
}

fn in_expression(expression: &mut Expression, f: &mut dyn FnMut(&mut Expression)) {
    f(expression);
    operands_mut(expression, &mut |operand| in_expression(operand, f));
    if let ExpressionKind::Subquery { query, .. } = &mut expression.kind {
        in_relation(&mut query.root, f);
    }
}

/// The number of expressions in an expression, itself included; a subquery counts what is in it too.
pub(crate) fn size(expression: &Expression) -> usize {
    let mut total = 1;
    operands(expression, &mut |operand| total += size(operand));
    if let ExpressionKind::Subquery { query, .. } = &expression.kind {
        total += relation_size(&query.root);
    }
    total
}

fn relation_size(relation: &Relation) -> usize {
    let mut total = 1;
    expressions(relation, &mut |expression| total += size(expression));
    inputs(relation, &mut |input| total += relation_size(input));
    total
}

/// [`inputs_mut`] without changing them.
pub(crate) fn inputs<'r>(relation: &'r Relation, f: &mut dyn FnMut(&'r Relation)) {
    match relation {
        Relation::OneRow | Relation::Table { .. } | Relation::Cte { .. } => {}
        Relation::With { definitions, body } => {
            definitions.iter().for_each(|definition| f(&definition.query.root));
            f(body);
        }
        Relation::Project { input, .. }
        | Relation::Filter { input, .. }
        | Relation::Aggregate { input, .. }
        | Relation::Window { input, .. }
        | Relation::Unnest { input, .. }
        | Relation::Sort { input, .. }
        | Relation::Limit { input, .. } => f(input),
        Relation::Join { left, right, .. } => {
            f(left);
            f(right);
        }
        Relation::SetOperation { inputs, .. } => inputs.iter().for_each(|(input, _)| f(input)),
    }
}

/// Whether two expressions are the same but for where they stand in the text.
pub(crate) fn same(a: &Expression, b: &Expression) -> bool {
    if a.sql_type != b.sql_type {
        return false;
    }
    let all = |a: &[Expression], b: &[Expression]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b));
    let optional = |a: &Option<Box<Expression>>, b: &Option<Box<Expression>>| match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => same(a, b),
        _ => false,
    };
    match (&a.kind, &b.kind) {
        (ExpressionKind::Literal(a), ExpressionKind::Literal(b)) => a == b,
        (ExpressionKind::Column(a), ExpressionKind::Column(b)) => a == b,
        (ExpressionKind::OuterColumn(a), ExpressionKind::OuterColumn(b)) => a == b,
        (
            ExpressionKind::Call { function: f, arguments: a, on_error: x },
            ExpressionKind::Call { function: g, arguments: b, on_error: y },
        ) => f == g && x == y && all(a, b) && !is_volatile(f),
        (
            ExpressionKind::Cast { operand: a, on_error: x, format: f },
            ExpressionKind::Cast { operand: b, on_error: y, format: g },
        ) => x == y && same(a, b) && optional(f, g),
        (ExpressionKind::Case { arms: a, otherwise: x }, ExpressionKind::Case { arms: b, otherwise: y }) => {
            let arms = a.iter().zip(b).all(|(a, b)| same(&a.0, &b.0) && same(&a.1, &b.1));
            a.len() == b.len() && arms && optional(x, y)
        }
        (ExpressionKind::Field { operand: a, index: i }, ExpressionKind::Field { operand: b, index: j }) => {
            i == j && same(a, b)
        }
        _ => false,
    }
}

/// Whether two aggregates are the same but for where they stand in the text.
pub(crate) fn same_aggregate(a: &AggregateCall, b: &AggregateCall) -> bool {
    let arguments = || a.arguments.iter().zip(&b.arguments).all(|(x, y)| same(x, y));
    let order = || {
        let key = |(x, y): (&SortKey, &SortKey)| {
            x.direction == y.direction && x.nulls == y.nulls && same(&x.expression, &y.expression)
        };
        a.order.len() == b.order.len() && a.order.iter().zip(&b.order).all(key)
    };
    let having = || match (&a.having, &b.having) {
        (None, None) => true,
        (Some((m, x)), Some((n, y))) => m == n && same(x, y),
        _ => false,
    };
    a.function == b.function
        && a.arguments.len() == b.arguments.len()
        && a.duplicates == b.duplicates
        && a.null_handling == b.null_handling
        && a.limit == b.limit
        && a.sql_type == b.sql_type
        && arguments()
        && order()
        && having()
}

/// Whether a function may give another value at every call.
pub(crate) fn is_volatile(function: &str) -> bool {
    matches!(function, "rand" | "generate_uuid")
}
