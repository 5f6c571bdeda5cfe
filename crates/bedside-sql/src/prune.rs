//! Leaves in the tree only what the result depends on. What a [`Relation::Table`] still lists afterwards are the columns
//! touched: bytes, rights and reading go by them.
//!
//! Ids are unique in the statement, so one set of needed ids serves all: whatever uses a column is visited before whatever
//! gives it.

use crate::tree::{ColumnId, Expression, ExpressionKind, Query, Relation, SetOperationKind, SubqueryKind};
use crate::walk;
use std::collections::HashSet;

pub(crate) fn prune(query: &mut Query) {
    let mut needed = HashSet::new();
    of_query(query, &mut needed);
}

fn of_query(query: &mut Query, needed: &mut HashSet<ColumnId>) {
    needed.extend(query.output.iter().map(|column| column.column));
    of_relation(&mut query.root, needed);
}

fn of_relation(relation: &mut Relation, needed: &mut HashSet<ColumnId>) {
    match relation {
        Relation::Table { columns, .. } => columns.retain(|(_, id)| needed.contains(id)),
        Relation::Cte { columns, .. } => {
            columns.retain(|(_, id)| needed.contains(id));
            needed.extend(columns.iter().map(|(definition, _)| *definition));
        }
        Relation::With { definitions, body } => {
            of_relation(body, needed);
            for definition in definitions.iter_mut().rev() {
                definition.query.output.retain(|column| needed.contains(&column.column));
                of_query(&mut definition.query, needed);
            }
            return;
        }
        Relation::Project { computed, .. } => computed.retain(|(id, _)| needed.contains(id)),
        Relation::Aggregate { aggregates, .. } => aggregates.retain(|(id, _)| needed.contains(id)),
        Relation::Window { calls, .. } => calls.retain(|(id, _)| needed.contains(id)),
        Relation::SetOperation { kind, inputs, columns } => {
            let mut keep: Vec<bool> =
                columns.iter().map(|id| *kind != SetOperationKind::UnionAll || needed.contains(id)).collect();
            if let Some(first) = keep.first_mut().filter(|_| columns.iter().all(|id| !needed.contains(id))) {
                *first = true;
            }
            let kept = |ids: &mut Vec<ColumnId>| {
                let mut flags = keep.iter();
                ids.retain(|_| flags.next().copied().unwrap_or(true));
            };
            kept(columns);
            for (_, ids) in inputs.iter_mut() {
                kept(ids);
                needed.extend(ids.iter().copied());
            }
        }
        Relation::OneRow
        | Relation::Filter { .. }
        | Relation::Join { .. }
        | Relation::Unnest { .. }
        | Relation::Sort { .. }
        | Relation::Limit { .. } => {}
    }
    if let Relation::Project { input, computed } = relation
        && computed.is_empty()
    {
        *relation = std::mem::replace(input, Relation::OneRow);
        return of_relation(relation, needed);
    }
    if let Relation::Window { input, calls } = relation
        && calls.is_empty()
    {
        *relation = std::mem::replace(input, Relation::OneRow);
        return of_relation(relation, needed);
    }
    walk::expressions_mut(relation, &mut |expression| of_expression(expression, needed));
    walk::inputs_mut(relation, &mut |input| of_relation(input, needed));
}

fn of_expression(expression: &mut Expression, needed: &mut HashSet<ColumnId>) {
    match &mut expression.kind {
        ExpressionKind::Column(id) | ExpressionKind::OuterColumn(id) => {
            needed.insert(*id);
        }
        ExpressionKind::Subquery { kind, query } => {
            if *kind == SubqueryKind::Exists {
                query.output.clear();
            }
            of_query(query, needed);
        }
        _ => {}
    }
    walk::operands_mut(expression, &mut |operand| of_expression(operand, needed));
}
