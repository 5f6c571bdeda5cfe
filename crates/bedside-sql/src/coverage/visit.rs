//! Every part of a query, at every depth.

use crate::syntax::{
    Body, Condition, GroupBy, Node, NodeKind, OrderItem, Over, Query, Select, SelectItem, Table, TableArgument,
    WindowSpec,
};

pub(super) enum Part<'a> {
    Query(&'a Query),
    Body(&'a Body),
    Select(&'a Select),
    Table(&'a Table),
    Window(&'a WindowSpec),
    Node(&'a Node),
}

pub(super) fn visit<'a>(query: &'a Query, f: &mut dyn FnMut(Part<'a>)) {
    f(Part::Query(query));
    query.with.ctes.iter().for_each(|cte| visit(&cte.query, f));
    body(&query.body, f);
    order(&query.order, f);
    query.limit.iter().flat_map(|limit| std::iter::once(&limit.count).chain(&limit.offset)).for_each(|n| node(n, f));
}

fn body<'a>(of: &'a Body, f: &mut dyn FnMut(Part<'a>)) {
    f(Part::Body(of));
    match of {
        Body::Select(of) => select(of, f),
        Body::Nested(query) => visit(query, f),
        Body::From(from) => table(from, f),
        Body::Set { inputs, .. } => inputs.iter().for_each(|input| body(input, f)),
    }
}

fn select<'a>(of: &'a Select, f: &mut dyn FnMut(Part<'a>)) {
    f(Part::Select(of));
    for item in &of.items {
        match item {
            SelectItem::Expression { node: n, .. } => node(n, f),
            SelectItem::Star { of, replace, .. } => {
                of.iter().for_each(|n| node(n, f));
                replace.iter().for_each(|(n, _)| node(n, f));
            }
        }
    }
    of.from.iter().for_each(|t| table(t, f));
    of.filter.iter().chain(&of.having).chain(&of.qualify).for_each(|n| node(n, f));
    if let Some(GroupBy::Items(items)) = &of.group {
        items.iter().flat_map(crate::syntax::GroupItem::keys).for_each(|n| node(n, f));
    }
    of.windows.iter().for_each(|(_, spec)| window(spec, f));
}

fn table<'a>(of: &'a Table, f: &mut dyn FnMut(Part<'a>)) {
    f(Part::Table(of));
    match of {
        Table::Path { .. } => {}
        Table::Query { query, .. } => visit(query, f),
        Table::Unnest { array, .. } => node(array, f),
        Table::Join { left, right, condition, .. } => {
            table(left, f);
            table(right, f);
            if let Condition::On(n) = condition {
                node(n, f);
            }
        }
        Table::Pivot { input, pivot, .. } => {
            table(input, f);
            node(&pivot.input, f);
            pivot.aggregates.iter().chain(&pivot.values).for_each(|(n, _)| node(n, f));
        }
        Table::Unpivot { input, .. } | Table::Sample { input, .. } => table(input, f),
        Table::Function { call, .. } => call.arguments.iter().for_each(|argument| match argument {
            TableArgument::Value(n) => node(n, f),
            TableArgument::Table(t) => table(t, f),
        }),
    }
}

fn order<'a>(items: &'a [OrderItem], f: &mut dyn FnMut(Part<'a>)) {
    items.iter().for_each(|item| node(&item.node, f));
}

fn window<'a>(spec: &'a WindowSpec, f: &mut dyn FnMut(Part<'a>)) {
    f(Part::Window(spec));
    spec.partition.iter().for_each(|n| node(n, f));
    order(&spec.order, f);
}

fn node<'a>(of: &'a Node, f: &mut dyn FnMut(Part<'a>)) {
    f(Part::Node(of));
    match &of.kind {
        NodeKind::Negate(n) | NodeKind::Plus(n) | NodeKind::BitNot(n) | NodeKind::Not(n) | NodeKind::Field(n, _) => {
            node(n, f);
        }
        NodeKind::Subscript(a, _, b) | NodeKind::Binary(_, a, b) => [a, b].into_iter().for_each(|n| node(n, f)),
        NodeKind::And(all) | NodeKind::Or(all) | NodeKind::Concat(all) | NodeKind::Tuple(all) => {
            all.iter().for_each(|n| node(n, f));
        }
        NodeKind::Is { operand, .. } | NodeKind::Cast { operand, .. } | NodeKind::Extract { operand, .. } => {
            node(operand, f);
        }
        NodeKind::DistinctFrom { left, right, .. } => [left, right].into_iter().for_each(|n| node(n, f)),
        NodeKind::Like { operand, pattern, .. } => [operand, pattern].into_iter().for_each(|n| node(n, f)),
        NodeKind::LikeList { operand, patterns, .. } => {
            node(operand, f);
            patterns.iter().for_each(|n| node(n, f));
        }
        NodeKind::Between { operand, low, high, .. } => [operand, low, high].into_iter().for_each(|n| node(n, f)),
        NodeKind::InList { operand, values, .. } => {
            node(operand, f);
            values.iter().for_each(|n| node(n, f));
        }
        NodeKind::InQuery { operand, query, .. } => {
            node(operand, f);
            visit(query, f);
        }
        NodeKind::InUnnest { operand, array, .. } | NodeKind::LikeArray { operand, patterns: array, .. } => {
            [operand, array].into_iter().for_each(|n| node(n, f));
        }
        NodeKind::Case { operand, arms, otherwise } => {
            operand.iter().for_each(|n| node(n, f));
            arms.iter().for_each(|(condition, result)| [condition, result].into_iter().for_each(|n| node(n, f)));
            otherwise.iter().for_each(|n| node(n, f));
        }
        NodeKind::Interval { amount, .. } => node(amount, f),
        NodeKind::Array { values, .. } => values.iter().for_each(|n| node(n, f)),
        NodeKind::ArrayQuery { query, .. } | NodeKind::Exists(query) | NodeKind::Scalar(query) => visit(query, f),
        NodeKind::Struct { values, .. } => values.iter().for_each(|(n, _)| node(n, f)),
        NodeKind::Call(call) => {
            call.arguments.iter().for_each(|n| node(n, f));
            order(&call.order, f);
            call.having.iter().for_each(|(_, n)| node(n, f));
            if let Some(Over::Spec(spec)) = &call.over {
                window(spec, f);
            }
        }
        _ => {}
    }
}
