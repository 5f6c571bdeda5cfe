//! Which tables and columns a statement reads, from the typed tree.

use crate::catalog::StatementCatalog;
use crate::engine::TouchedTable;
use bedside_sql::TableSchema;
use bedside_sql::tree::{AggregateCall, Expression, ExpressionKind, Query, Relation, SortKey, SubqueryKind};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Every table that a query names, each once, with its columns.
pub(crate) fn tables(query: &Query, catalog: &StatementCatalog) -> Vec<TouchedTable> {
    let mut walk = Walk::default();
    walk.relation(&query.root);
    walk.found
        .into_values()
        .map(|(table, places)| {
            let columns: Vec<String> =
                places.iter().filter_map(|place| table.columns.get(*place)).map(|column| column.name.clone()).collect();
            let bytes = columns.iter().filter_map(|name| catalog.column_bytes(&table.path, name)).sum();
            let kind = catalog.kind(&table.path);
            TouchedTable { path: table.path.clone(), columns, kind, logical_bytes: bytes }
        })
        .collect()
}

#[derive(Default)]
struct Walk {
    found: BTreeMap<String, (Arc<TableSchema>, BTreeSet<usize>)>,
}

impl Walk {
    fn relation(&mut self, relation: &Relation) {
        match relation {
            Relation::OneRow | Relation::Cte { .. } => {}
            Relation::Table { table, columns, .. } => {
                let path = &table.path;
                let key = format!("{}.{}.{}", path.project, path.dataset, path.table);
                let (_, places) = self.found.entry(key).or_insert_with(|| (Arc::clone(table), BTreeSet::new()));
                places.extend(columns.iter().map(|(place, _)| *place));
            }
            Relation::With { definitions, body } => {
                definitions.iter().for_each(|definition| self.relation(&definition.query.root));
                self.relation(body);
            }
            Relation::Project { input, computed } => {
                self.relation(input);
                computed.iter().for_each(|(_, expression)| self.expression(expression));
            }
            Relation::Filter { input, predicate } => {
                self.relation(input);
                self.expression(predicate);
            }
            Relation::Join { left, right, condition, .. } => {
                self.relation(left);
                self.relation(right);
                condition.iter().for_each(|condition| self.expression(condition));
            }
            Relation::Aggregate { input, keys, aggregates, .. } => {
                self.relation(input);
                keys.iter().for_each(|(_, key)| self.expression(key));
                aggregates.iter().for_each(|(_, call)| self.call(call));
            }
            Relation::Window { input, calls } => {
                self.relation(input);
                for (_, window) in calls {
                    self.call(&window.call);
                    window.partition.iter().for_each(|expression| self.expression(expression));
                    self.keys(&window.order);
                }
            }
            Relation::SetOperation { inputs, .. } => inputs.iter().for_each(|(input, _)| self.relation(input)),
            Relation::Recursion { base, step, .. } => {
                self.relation(&base.0);
                self.relation(&step.0);
            }
            Relation::Unnest { input, array, .. } => {
                self.relation(input);
                self.expression(array);
            }
            Relation::Sort { input, keys } => {
                self.relation(input);
                self.keys(keys);
            }
            Relation::Limit { input, .. } => self.relation(input),
        }
    }

    fn keys(&mut self, keys: &[SortKey]) {
        keys.iter().for_each(|key| self.expression(&key.expression));
    }

    fn call(&mut self, call: &AggregateCall) {
        call.arguments.iter().for_each(|argument| self.expression(argument));
        self.keys(&call.order);
        call.having.iter().for_each(|(_, value)| self.expression(value));
    }

    fn expression(&mut self, expression: &Expression) {
        match &expression.kind {
            ExpressionKind::Literal(_) | ExpressionKind::Column(_) | ExpressionKind::OuterColumn(_) => {}
            ExpressionKind::Call { arguments, .. } => arguments.iter().for_each(|argument| self.expression(argument)),
            ExpressionKind::Cast { operand, .. } | ExpressionKind::Field { operand, .. } => self.expression(operand),
            ExpressionKind::Case { arms, otherwise } => {
                for (condition, result) in arms {
                    self.expression(condition);
                    self.expression(result);
                }
                otherwise.iter().for_each(|otherwise| self.expression(otherwise));
            }
            ExpressionKind::Subquery { kind, query } => {
                if let SubqueryKind::In(operand) = kind {
                    self.expression(operand);
                }
                self.relation(&query.root);
            }
        }
    }
}
