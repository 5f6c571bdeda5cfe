//! The calls themselves: which of them ties can change, and whether they do.

use super::expression::{read, sources};
use super::facts::{Attribute, Facts};
use super::relation::and;
use super::{Checker, Live};
use crate::tree::{AggregateCall, Bound, ColumnId, Expression, Frame, FrameUnit, Query, Relation, SortKey, WindowCall};
use crate::walk;
use bedside_types::Position;
use std::collections::HashSet;

/// What ties in a window's order do to a function.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ties {
    /// Nothing: peers have the same value, or the whole partition has.
    Harmless,
    /// They leave open which row is picked, but all peers get the same: it counts what is read of the row.
    Pick,
    /// They leave open which peer gets which value.
    Place,
}

impl Checker {
    pub(super) fn window(&mut self, input: &Relation, calls: &[(ColumnId, WindowCall)], live: &Live) -> Facts {
        let mut below = live.clone();
        for (_, call) in calls {
            walk::of_window(call, &mut |e| read(e, &mut |column| below.extend([column])));
        }
        let mut facts = self.relation(input, &below);
        let mut unchecked: Vec<usize> = (0..calls.len()).collect();
        let mut groups = Vec::new();
        while let Some(first) = unchecked.first().copied() {
            let (same, rest): (Vec<usize>, Vec<usize>) =
                unchecked.into_iter().partition(|index| same_window(&calls[first].1, &calls[*index].1));
            unchecked = rest;
            groups.push(same.into_iter().map(|index| &calls[index]).collect::<Vec<_>>());
        }
        let spans: Vec<Span> = groups.iter().map(|group| self.span(&group[0].1, &mut facts)).collect();
        for (group, span) in groups.iter().zip(&spans) {
            add_results(group, span, &mut facts);
        }
        let results: Vec<Attribute> = calls.iter().map(|(id, _)| (*id).into()).collect();
        let is_read = |column: &Attribute| facts.visible.contains(column) || results.contains(column);
        let live: Vec<Attribute> = live.iter().map(|column| (*column).into()).filter(is_read).collect();
        for (group, span) in groups.iter().zip(&spans) {
            self.check_window(group, span, &live, &facts);
        }
        facts.visible.extend(results);
        facts
    }

    fn span(&mut self, call: &WindowCall, facts: &mut Facts) -> Span {
        let partition = call.partition.iter().filter_map(|key| self.attribute(key, facts)).collect();
        let order = call.order.iter().filter_map(|key| self.attribute(&key.expression, facts)).collect();
        Span { partition, order }
    }

    /// Calls over one PARTITION BY and ORDER BY.
    fn check_window(&mut self, group: &[&(ColumnId, WindowCall)], span: &Span, live: &[Attribute], facts: &Facts) {
        let held = facts.closure(span.all());
        if held.contains(&facts.row) {
            return;
        }
        let is = |ties: Ties| group.iter().filter(move |(_, window)| effect(window) == ties);
        for (_, window) in is(Ties::Pick) {
            if !all_held(&window.call.arguments[..1], &held) && !held_by_extreme(&window.call, &span.partition, facts) {
                let missing =
                    Missing { what: "the row that it picks", start: span.all(), read: columns(&window.call.arguments) };
                self.report(&window.call, &missing, facts);
            }
        }
        let placed: Vec<Attribute> = is(Ties::Place).map(|(id, _)| (*id).into()).collect();
        let told_apart: Vec<Attribute> = live.iter().filter(|column| !placed.contains(column)).copied().collect();
        let peers_are_alike = told_apart.iter().all(|column| held.contains(column))
            && is(Ties::Place).all(|(_, window)| all_held(&window.call.arguments, &held));
        if peers_are_alike {
            return;
        }
        for (_, window) in is(Ties::Place) {
            let mut read = columns(&window.call.arguments);
            read.extend(&told_apart);
            let missing = Missing { what: "the place of each row", start: span.all(), read };
            self.report(&window.call, &missing, facts);
        }
    }

    /// An aggregate whose result shows the order of the rows or one of them.
    pub(super) fn check_aggregate(&mut self, call: &AggregateCall, group: &[Attribute], facts: &mut Facts) {
        let listed = matches!(call.function, "array_agg" | "string_agg" | "array_concat_agg");
        let picked = matches!(call.function, "max_by" | "min_by") || call.having.is_some();
        if !listed && !picked {
            return;
        }
        let mut start = group.to_vec();
        if listed {
            start
                .extend(call.order.iter().filter_map(|key| self.attribute(&key.expression, facts)).collect::<Vec<_>>());
        }
        let held = facts.closure(start.iter().copied());
        let decided = held.contains(&facts.row)
            || all_held(&call.arguments[..1], &held)
            || (picked && held_by_extreme(call, group, facts));
        if !decided {
            let what = if picked { "the row that it picks" } else { "the order of the values" };
            let missing = Missing { what, start, read: columns(&call.arguments[..1]) };
            self.report(call, &missing, facts);
        }
    }

    /// LIMIT above rows in an order, or in none.
    pub(super) fn check_limit(&mut self, input: &Relation, keys: &[SortKey], live: &Live, facts: &mut Facts) {
        let start: Vec<Attribute> = keys.iter().filter_map(|key| self.attribute(&key.expression, facts)).collect();
        let held = facts.closure(start.iter().copied());
        let read: Vec<Attribute> = live.iter().map(|column| Attribute::from(*column)).collect();
        let read: Vec<Attribute> = read.into_iter().filter(|column| facts.visible.contains(column)).collect();
        // Which of rows that look alike are taken makes no difference; without columns only their number counts.
        if held.contains(&facts.row) || read.iter().all(|column| held.contains(column)) {
            return;
        }
        let position = keys.first().map(|key| key.expression.position);
        let position = position.or_else(|| super::expression::first_position(input)).unwrap_or(Position::new(1, 1));
        self.report_at("LIMIT", position, &Missing { what: "which rows remain", start, read }, facts);
    }

    /// `ARRAY(SELECT …)`: the order of the elements.
    pub(super) fn array_of_rows(&mut self, query: &Query, mut facts: Facts, position: Position) {
        let mut root = &query.root;
        while let Relation::With { body: inner, .. } | Relation::Limit { input: inner, .. } = root {
            root = inner;
        }
        let keys: &[SortKey] = if let Relation::Sort { keys, .. } = root { keys } else { &[] };
        let start: Vec<Attribute> = keys.iter().filter_map(|key| self.attribute(&key.expression, &mut facts)).collect();
        let held = facts.closure(start.iter().copied());
        let read: Vec<Attribute> = query.output.iter().map(|column| column.column.into()).collect();
        if !held.contains(&facts.row) && !read.iter().all(|column| held.contains(column)) {
            self.report_at("ARRAY", position, &Missing { what: "the order of the elements", start, read }, &facts);
        }
    }
}

/// The attributes by which a window's rows are grouped and lined up.
struct Span {
    partition: Vec<Attribute>,
    order: Vec<Attribute>,
}

impl Span {
    fn all(&self) -> Vec<Attribute> {
        self.partition.iter().chain(&self.order).copied().collect()
    }
}

/// What is not decided: `start` is what the call has, `read` what is read of the row.
pub(super) struct Missing {
    pub(super) what: &'static str,
    pub(super) start: Vec<Attribute>,
    pub(super) read: Vec<Attribute>,
}

/// What calls over one window say of their results.
fn add_results(group: &[&(ColumnId, WindowCall)], span: &Span, facts: &mut Facts) {
    for (id, window) in group {
        let id = Attribute::from(*id);
        facts.add(vec![facts.row], vec![id]);
        if window.call.function == "row_number" {
            let mut number = span.partition.clone();
            number.push(id);
            facts.add(number, vec![facts.row]);
        }
        match effect(window) {
            Ties::Harmless if is_whole(&window.frame) && !is_rank(window.call.function) => {
                facts.add(span.partition.clone(), vec![id]);
            }
            Ties::Harmless | Ties::Pick => facts.add(span.all(), vec![id]),
            Ties::Place => {}
        }
    }
}

fn effect(window: &WindowCall) -> Ties {
    let by_rows = window.frame.unit == FrameUnit::Rows && !is_whole(&window.frame);
    let is_counted = |bound: &Bound| matches!(bound, Bound::Preceding(_) | Bound::Following(_));
    let counts_rows = is_counted(&window.frame.start) || is_counted(&window.frame.end);
    match window.call.function {
        "row_number" | "ntile" | "lag" | "lead" => Ties::Place,
        "percentile_cont" | "percentile_disc" => Ties::Harmless,
        function if is_rank(function) => Ties::Harmless,
        // From an end or the current row to an end or the current row, peers that are alike read the same.
        "first_value" | "last_value" if !by_rows || !counts_rows => Ties::Pick,
        "nth_value" | "array_agg" | "string_agg" | "array_concat_agg" | "max_by" | "min_by" if !by_rows => Ties::Pick,
        _ if by_rows => Ties::Place,
        _ if window.call.having.is_some() => Ties::Pick,
        _ => Ties::Harmless,
    }
}

fn is_rank(function: &str) -> bool {
    matches!(function, "rank" | "dense_rank" | "percent_rank" | "cume_dist")
}

fn is_whole(frame: &Frame) -> bool {
    frame.start == Bound::UnboundedPreceding && frame.end == Bound::UnboundedFollowing
}

/// `MAX_BY(x, y)`, `ANY_VALUE(x HAVING MAX y)`: whether x is fixed by y in its group.
fn held_by_extreme(call: &AggregateCall, group: &[Attribute], facts: &Facts) -> bool {
    let by = match (&call.having, call.arguments.as_slice()) {
        (Some((_, by)), _) => &**by,
        (None, [_, by]) if matches!(call.function, "max_by" | "min_by") => by,
        _ => return false,
    };
    let Expression { kind: crate::tree::ExpressionKind::Column(by), .. } = by else { return false };
    let held = facts.closure(group.iter().copied().chain([(*by).into()]));
    held.contains(&facts.row) || all_held(&call.arguments[..1], &held)
}

/// Whether expressions read nothing that is not held.
fn all_held(expressions: &[Expression], held: &HashSet<Attribute>) -> bool {
    expressions.iter().all(|e| sources(e).is_some_and(|sources| sources.iter().all(|source| held.contains(source))))
}

fn columns(expressions: &[Expression]) -> Vec<Attribute> {
    and(&Live::new(), expressions).into_iter().map(Attribute::from).collect()
}

fn same_window(left: &WindowCall, right: &WindowCall) -> bool {
    let partition = || left.partition.iter().zip(&right.partition).all(|(left, right)| walk::same(left, right));
    let order = || {
        left.order.iter().zip(&right.order).all(|(left, right)| {
            left.direction == right.direction
                && left.nulls == right.nulls
                && walk::same(&left.expression, &right.expression)
        })
    };
    left.partition.len() == right.partition.len() && left.order.len() == right.order.len() && partition() && order()
}
