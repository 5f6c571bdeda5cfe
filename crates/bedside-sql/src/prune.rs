//! Leaves in the tree only what the result depends on. What a [`Relation::Table`] still lists afterwards are the columns
//! touched: bytes, rights and reading go by them.
//!
//! Ids are unique in the statement, so one set of needed ids serves all: whatever uses a column is visited before whatever
//! gives it.

use crate::tree::{ColumnId, CteId, Expression, ExpressionKind, Query, Relation, SetOperationKind, SubqueryKind};
use crate::walk;
use std::collections::{HashMap, HashSet};

pub(crate) fn prune(query: &mut Query) {
    Pruning::default().of_query(query);
}

#[derive(Default)]
struct Pruning {
    needed: HashSet<ColumnId>,
    /// References found so far; all of a CTE's stand after its definition, and what stands after is visited before.
    uses: HashMap<CteId, u32>,
}

impl Pruning {
    fn of_query(&mut self, query: &mut Query) {
        self.needed.extend(query.output.iter().map(|column| column.column));
        self.of_relation(&mut query.root);
    }

    fn of_relation(&mut self, relation: &mut Relation) {
        self.narrow(relation);
        // What no longer adds anything to its input is its input.
        let inner = match relation {
            Relation::Project { input, computed } if computed.is_empty() => Some(input),
            Relation::Window { input, calls } if calls.is_empty() => Some(input),
            _ => None,
        };
        if let Some(input) = inner {
            *relation = std::mem::replace(input, Relation::OneRow);
            return self.of_relation(relation);
        }
        if let Relation::With { definitions, body } = relation {
            self.of_relation(body);
            for definition in definitions.iter_mut().rev() {
                definition.uses = self.uses.get(&definition.cte).copied().unwrap_or(0);
                if definition.uses > 0 {
                    definition.query.output.retain(|column| self.needed.contains(&column.column));
                    self.of_query(&mut definition.query);
                }
            }
            definitions.retain(|definition| definition.uses > 0);
            if definitions.is_empty() {
                *relation = std::mem::replace(body, Relation::OneRow);
            }
            return;
        }
        walk::expressions_mut(relation, &mut |expression| self.of_expression(expression));
        walk::inputs_mut(relation, &mut |input| self.of_relation(input));
    }

    /// Takes out the columns that nobody needs.
    fn narrow(&mut self, relation: &mut Relation) {
        let needed = &mut self.needed;
        match relation {
            Relation::Table { columns, .. } => columns.retain(|(_, id)| needed.contains(id)),
            Relation::Cte { cte, columns } => {
                *self.uses.entry(*cte).or_default() += 1;
                columns.retain(|(_, id)| needed.contains(id));
                needed.extend(columns.iter().map(|(definition, _)| *definition));
            }
            Relation::Project { computed, .. } => computed.retain(|(id, _)| needed.contains(id)),
            Relation::Aggregate { aggregates, sets, .. } => {
                aggregates.retain(|(id, _)| needed.contains(id));
                sets.iter_mut().for_each(|sets| sets.marks.retain(|(id, _)| needed.contains(id)));
            }
            Relation::Window { calls, .. } => calls.retain(|(id, _)| needed.contains(id)),
            Relation::SetOperation { kind, inputs, columns } => {
                // Comparing rows takes all columns; a row needs one even where nobody looks at it.
                let all = *kind != SetOperationKind::UnionAll;
                let mut keep: Vec<bool> = columns.iter().map(|id| all || needed.contains(id)).collect();
                if !keep.contains(&true)
                    && let Some(first) = keep.first_mut()
                {
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
            // Every column goes through every round.
            Relation::Recursion { base, step, .. } => needed.extend(base.1.iter().chain(&step.1).copied()),
            Relation::OneRow
            | Relation::With { .. }
            | Relation::Filter { .. }
            | Relation::Join { .. }
            | Relation::Unnest { .. }
            | Relation::Sort { .. }
            | Relation::Limit { .. } => {}
        }
    }

    fn of_expression(&mut self, expression: &mut Expression) {
        match &mut expression.kind {
            ExpressionKind::Column(id) | ExpressionKind::OuterColumn(id) => {
                self.needed.insert(*id);
            }
            ExpressionKind::Subquery { kind, query } => {
                if *kind == SubqueryKind::Exists {
                    query.output.clear();
                }
                self.of_query(query);
            }
            _ => {}
        }
        walk::operands_mut(expression, &mut |operand| self.of_expression(operand));
    }
}
