//! Going over the typed tree: what is directly inside what.

mod same;

pub(crate) use same::{same, same_aggregate};

use crate::tree::{AggregateCall, Expression, ExpressionKind, Query, Relation, SortKey, SubqueryKind, WindowCall};

/// Calls `f` for every expression directly inside another; a subquery's own expressions are not among them.
pub(crate) fn operands<'e>(expression: &'e Expression, f: &mut dyn FnMut(&'e Expression)) {
    match &expression.kind {
        ExpressionKind::Literal(_) | ExpressionKind::Column(_) | ExpressionKind::OuterColumn(_) => {}
        ExpressionKind::Call { arguments, .. } => arguments.iter().for_each(f),
        ExpressionKind::Case { arms, otherwise } => {
            for (condition, result) in arms {
                f(condition);
                f(result);
            }
            if let Some(otherwise) = otherwise {
                f(otherwise);
            }
        }
        ExpressionKind::Cast { operand, .. } | ExpressionKind::Field { operand, .. } => f(operand),
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
        ExpressionKind::Case { arms, otherwise } => {
            for (condition, result) in arms {
                f(condition);
                f(result);
            }
            if let Some(otherwise) = otherwise {
                f(otherwise);
            }
        }
        ExpressionKind::Cast { operand, .. } | ExpressionKind::Field { operand, .. } => f(operand),
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
            for (_, e) in keys {
                f(e);
            }
            for (_, call) in aggregates {
                of_aggregate(call, f);
            }
        }
        Relation::Window { calls, .. } => calls.iter().for_each(|(_, call)| of_window(call, f)),
        Relation::Unnest { array, .. } => f(array),
        Relation::Sort { keys, .. } => keys.iter().for_each(|key| f(&key.expression)),
        Relation::Table { as_of, .. } => as_of.iter().for_each(|as_of| f(as_of)),
        Relation::OneRow
        | Relation::Cte { .. }
        | Relation::With { .. }
        | Relation::SetOperation { .. }
        | Relation::Recursion { .. }
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
            for (_, e) in keys {
                f(e);
            }
            for (_, call) in aggregates {
                of_aggregate_mut(call, f);
            }
        }
        Relation::Window { calls, .. } => calls.iter_mut().for_each(|(_, call)| of_window_mut(call, f)),
        Relation::Unnest { array, .. } => f(array),
        Relation::Sort { keys, .. } => sort_keys_mut(keys, f),
        Relation::Table { as_of, .. } => as_of.iter_mut().for_each(|as_of| f(as_of)),
        Relation::OneRow
        | Relation::Cte { .. }
        | Relation::With { .. }
        | Relation::SetOperation { .. }
        | Relation::Recursion { .. }
        | Relation::Limit { .. } => {}
    }
}

pub(crate) fn of_aggregate<'e>(call: &'e AggregateCall, f: &mut dyn FnMut(&'e Expression)) {
    call.arguments.iter().for_each(&mut *f);
    call.order.iter().for_each(|key| f(&key.expression));
    if let Some((_, e)) = &call.having {
        f(e);
    }
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
    for key in keys {
        f(&mut key.expression);
    }
}

/// Calls `f` for every input of a relation, CTE definitions included.
pub(crate) fn inputs_mut(relation: &mut Relation, f: &mut dyn FnMut(&mut Relation)) {
    match relation {
        Relation::OneRow | Relation::Table { .. } | Relation::Cte { .. } => {}
        Relation::With { definitions, body } => {
            for definition in definitions {
                f(&mut definition.query.root);
            }
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
        Relation::Recursion { base, step, .. } => {
            f(&mut base.0);
            f(&mut step.0);
        }
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

/// Whether a relation refers to a column of an enclosing query, or one inside it to another.
pub(crate) fn reads_outer_column(relation: &Relation) -> bool {
    fn within(expression: &Expression) -> bool {
        let mut found = match &expression.kind {
            ExpressionKind::OuterColumn(_) => true,
            ExpressionKind::Subquery { query, .. } => reads_outer_column(&query.root),
            _ => false,
        };
        operands(expression, &mut |operand| found = found || within(operand));
        found
    }
    let mut found = false;
    expressions(relation, &mut |expression| found = found || within(expression));
    inputs(relation, &mut |input| found = found || reads_outer_column(input));
    found
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
            for definition in definitions {
                f(&definition.query.root);
            }
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
        Relation::Recursion { base, step, .. } => {
            f(&base.0);
            f(&step.0);
        }
    }
}

/// Whether a function may give another value at every call.
pub(crate) fn is_volatile(function: &str) -> bool {
    matches!(function, "rand" | "generate_uuid")
}
