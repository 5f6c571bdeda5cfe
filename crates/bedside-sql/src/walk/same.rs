//! Whether two parts of a tree are the same but for where they stand in the text, and but for the ids that each gives to
//! columns of its own.

use super::is_volatile;
use crate::tree::{
    AggregateCall, ColumnId, CteId, Expression, ExpressionKind, Query, Relation, SortKey, SubqueryKind, WindowCall,
};
use std::collections::HashMap;

/// Whether two expressions have the same value for every row.
pub(crate) fn same(a: &Expression, b: &Expression) -> bool {
    Same::default().expression(a, b)
}

/// The same for two aggregates.
pub(crate) fn same_aggregate(a: &AggregateCall, b: &AggregateCall) -> bool {
    Same::default().aggregate(a, b)
}

/// Which column and CTE of the one subquery is which of the other.
#[derive(Default)]
struct Same {
    columns: HashMap<ColumnId, ColumnId>,
    ctes: HashMap<CteId, CteId>,
}

impl Same {
    fn column(&self, a: ColumnId, b: ColumnId) -> bool {
        self.columns.get(&a).map_or(a == b, |known| *known == b)
    }

    fn define(&mut self, a: ColumnId, b: ColumnId) {
        self.columns.insert(a, b);
    }

    fn expression(&mut self, a: &Expression, b: &Expression) -> bool {
        if a.sql_type != b.sql_type {
            return false;
        }
        match (&a.kind, &b.kind) {
            (ExpressionKind::Literal(left), ExpressionKind::Literal(right)) => left == right,
            (ExpressionKind::Column(left), ExpressionKind::Column(right))
            | (ExpressionKind::OuterColumn(left), ExpressionKind::OuterColumn(right)) => self.column(*left, *right),
            (
                ExpressionKind::Call { function, arguments, on_error },
                ExpressionKind::Call { function: other, arguments: others, on_error: other_error },
            ) => {
                let alike = function == other && on_error == other_error && !is_volatile(function);
                alike && self.all(arguments, others)
            }
            (
                ExpressionKind::Cast { operand, on_error },
                ExpressionKind::Cast { operand: other, on_error: other_error },
            ) => on_error == other_error && self.expression(operand, other),
            (
                ExpressionKind::Case { arms, otherwise },
                ExpressionKind::Case { arms: others, otherwise: other_otherwise },
            ) => {
                let mut pairs = arms.iter().zip(others);
                arms.len() == others.len()
                    && pairs
                        .all(|(left, right)| self.expression(&left.0, &right.0) && self.expression(&left.1, &right.1))
                    && self.optional(otherwise.as_deref(), other_otherwise.as_deref())
            }
            (
                ExpressionKind::Field { operand, index },
                ExpressionKind::Field { operand: other, index: other_index },
            ) => index == other_index && self.expression(operand, other),
            (ExpressionKind::Subquery { kind, query }, ExpressionKind::Subquery { kind: other_kind, query: other }) => {
                let alike = match (kind, other_kind) {
                    (SubqueryKind::In(left), SubqueryKind::In(right)) => self.expression(left, right),
                    (left, right) => std::mem::discriminant(left) == std::mem::discriminant(right),
                };
                alike && self.query(query, other)
            }
            _ => false,
        }
    }

    fn all(&mut self, a: &[Expression], b: &[Expression]) -> bool {
        a.len() == b.len() && a.iter().zip(b).all(|(a, b)| self.expression(a, b))
    }

    fn optional(&mut self, a: Option<&Expression>, b: Option<&Expression>) -> bool {
        match (a, b) {
            (None, None) => true,
            (Some(a), Some(b)) => self.expression(a, b),
            _ => false,
        }
    }

    fn keys(&mut self, a: &[SortKey], b: &[SortKey]) -> bool {
        let mut pairs = a.iter().zip(b);
        a.len() == b.len()
            && pairs.all(|(a, b)| {
                a.direction == b.direction && a.nulls == b.nulls && self.expression(&a.expression, &b.expression)
            })
    }

    fn aggregate(&mut self, a: &AggregateCall, b: &AggregateCall) -> bool {
        let having = match (&a.having, &b.having) {
            (None, None) => true,
            (Some((extreme, left)), Some((other, right))) => extreme == other && self.expression(left, right),
            _ => false,
        };
        having
            && a.function == b.function
            && a.duplicates == b.duplicates
            && a.null_handling == b.null_handling
            && a.limit == b.limit
            && a.sql_type == b.sql_type
            && self.all(&a.arguments, &b.arguments)
            && self.keys(&a.order, &b.order)
    }

    fn window(&mut self, a: &WindowCall, b: &WindowCall) -> bool {
        a.frame == b.frame
            && self.aggregate(&a.call, &b.call)
            && self.all(&a.partition, &b.partition)
            && self.keys(&a.order, &b.order)
    }

    fn query(&mut self, a: &Query, b: &Query) -> bool {
        a.output.len() == b.output.len()
            && self.relation(&a.root, &b.root)
            && a.output.iter().zip(&b.output).all(|(a, b)| self.column(a.column, b.column))
    }

    /// The relations' own columns are told apart by their places, and equal from then on.
    fn relation(&mut self, a: &Relation, b: &Relation) -> bool {
        match (a, b) {
            (Relation::OneRow, Relation::OneRow) => true,
            (
                Relation::Table { table, columns, as_of, .. },
                Relation::Table { table: other, columns: others, as_of: other_as_of, .. },
            ) => {
                if !self.optional(as_of.as_deref(), other_as_of.as_deref()) {
                    return false;
                }
                columns.iter().zip(others).for_each(|((_, a), (_, b))| self.define(*a, *b));
                table == other && columns.iter().map(|(place, _)| place).eq(others.iter().map(|(place, _)| place))
            }
            (Relation::Cte { cte, columns }, Relation::Cte { cte: other, columns: others }) => {
                let same_cte = self.ctes.get(cte).map_or(cte == other, |known| known == other);
                let mut pairs = columns.iter().zip(others);
                let alike =
                    same_cte && columns.len() == others.len() && pairs.all(|((a, _), (b, _))| self.column(*a, *b));
                columns.iter().zip(others).for_each(|((_, a), (_, b))| self.define(*a, *b));
                alike
            }
            (Relation::With { definitions, body }, Relation::With { definitions: others, body: other }) => {
                let mut pairs = definitions.iter().zip(others);
                definitions.len() == others.len()
                    && pairs.all(|(a, b)| {
                        self.ctes.insert(a.cte, b.cte);
                        self.query(&a.query, &b.query)
                    })
                    && self.relation(body, other)
            }
            (Relation::Project { input, computed }, Relation::Project { input: other, computed: others }) => {
                let (a, b) = (computed, others);
                self.relation(input, other)
                    && a.len() == b.len()
                    && a.iter().zip(b).all(|((_, a), (_, b))| self.expression(a, b))
                    && self.defined(a, b)
            }
            (Relation::Filter { input, predicate }, Relation::Filter { input: other, predicate: other_predicate }) => {
                self.relation(input, other) && self.expression(predicate, other_predicate)
            }
            (
                Relation::Join { kind, left, right, condition },
                Relation::Join { kind: other_kind, left: other_left, right: other_right, condition: other },
            ) => {
                kind == other_kind
                    && self.relation(left, other_left)
                    && self.relation(right, other_right)
                    && self.optional(condition.as_ref(), other.as_ref())
            }
            (
                Relation::Aggregate { input, keys, aggregates, sets: None },
                Relation::Aggregate { input: other, keys: other_keys, aggregates: others, sets: None },
            ) => {
                self.relation(input, other)
                    && keys.len() == other_keys.len()
                    && keys.iter().zip(other_keys).all(|((_, a), (_, b))| self.expression(a, b))
                    && aggregates.len() == others.len()
                    && aggregates.iter().zip(others).all(|((_, a), (_, b))| self.aggregate(a, b))
                    && self.defined(keys, other_keys)
                    && self.defined(aggregates, others)
            }
            (Relation::Window { input, calls }, Relation::Window { input: other, calls: others }) => {
                self.relation(input, other)
                    && calls.len() == others.len()
                    && calls.iter().zip(others).all(|((_, a), (_, b))| self.window(a, b))
                    && self.defined(calls, others)
            }
            (
                Relation::SetOperation { kind, inputs, columns },
                Relation::SetOperation { kind: other_kind, inputs: others, columns: other_columns },
            ) => {
                let mut pairs = inputs.iter().zip(others);
                let alike = kind == other_kind
                    && inputs.len() == others.len()
                    && columns.len() == other_columns.len()
                    && pairs.all(|((a, a_columns), (b, b_columns))| {
                        self.relation(a, b) && a_columns.iter().zip(b_columns).all(|(a, b)| self.column(*a, *b))
                    });
                columns.iter().zip(other_columns).for_each(|(a, b)| self.define(*a, *b));
                alike
            }
            (
                Relation::Unnest { input, array, element, offset, kind },
                Relation::Unnest {
                    input: other,
                    array: other_array,
                    element: other_element,
                    offset: other_offset,
                    kind: other_kind,
                },
            ) => {
                let alike = kind == other_kind
                    && offset.is_some() == other_offset.is_some()
                    && self.relation(input, other)
                    && self.expression(array, other_array);
                self.define(*element, *other_element);
                offset.iter().zip(other_offset).for_each(|(a, b)| self.define(*a, *b));
                alike
            }
            (Relation::Sort { input, keys }, Relation::Sort { input: other, keys: others }) => {
                self.relation(input, other) && self.keys(keys, others)
            }
            (
                Relation::Limit { input, count, offset },
                Relation::Limit { input: other, count: other_count, offset: other_offset },
            ) => count == other_count && offset == other_offset && self.relation(input, other),
            _ => false,
        }
    }

    fn defined<T>(&mut self, a: &[(ColumnId, T)], b: &[(ColumnId, T)]) -> bool {
        a.iter().zip(b).for_each(|((a, _), (b, _))| self.define(*a, *b));
        true
    }
}
