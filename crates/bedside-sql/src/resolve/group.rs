//! What an expression is after grouping: whatever equals a key is the key's column; any other column of the input is an
//! error.

use super::scope::Scope;
use crate::error::{Result, SqlError};
use crate::tree::{ColumnId, Expression, ExpressionKind};
use crate::walk;
use std::collections::{HashMap, HashSet};

pub(super) struct Grouping<'k> {
    scope: &'k Scope,
    /// Keys that are a column: the input's, and the one after grouping.
    columns: HashMap<ColumnId, ColumnId>,
    /// Other keys.
    expressions: Vec<(ColumnId, &'k Expression)>,
    /// Columns that stand for aggregates and window functions.
    own: HashSet<ColumnId>,
    /// Why other columns cannot be seen.
    why: &'static str,
}

impl<'k> Grouping<'k> {
    pub(super) fn new(
        keys: &'k [(ColumnId, Expression)],
        own: impl Iterator<Item = ColumnId>,
        scope: &'k Scope,
    ) -> Self {
        let mut columns = HashMap::new();
        let mut expressions = Vec::new();
        for (id, key) in keys {
            match key.kind {
                ExpressionKind::Column(input) => {
                    columns.entry(input).or_insert(*id);
                }
                _ => expressions.push((*id, key)),
            }
        }
        Self { scope, columns, expressions, own: own.collect(), why: "neither grouped nor aggregated" }
    }

    /// The keys are the columns of a SELECT DISTINCT.
    pub(super) fn after_distinct(self) -> Self {
        Self { why: "not visible after SELECT DISTINCT", ..self }
    }

    /// Nothing but aggregates can be seen.
    pub(super) fn only_aggregates(self) -> Self {
        Self { why: "not aggregated", ..self }
    }

    /// Rewrites an expression over the input to one over the groups.
    pub(super) fn apply(&self, expression: &mut Expression, clause: &str) -> Result<()> {
        if let ExpressionKind::Column(id) = expression.kind {
            if let Some(key) = self.columns.get(&id) {
                expression.kind = ExpressionKind::Column(*key);
                return Ok(());
            }
            return if self.own.contains(&id) { Ok(()) } else { Err(self.refuse(id, expression, clause)) };
        }
        if let Some((id, _)) = self.expressions.iter().find(|(_, key)| walk::same(key, expression)) {
            expression.kind = ExpressionKind::Column(*id);
            return Ok(());
        }
        let mut result = Ok(());
        walk::operands_mut(expression, &mut |operand| {
            if result.is_ok() {
                result = self.apply(operand, clause);
            }
        });
        if let ExpressionKind::Subquery { query, .. } = &mut expression.kind {
            // Inside a subquery this query's columns are outer ones; ids are unique, so none is mistaken.
            walk::every_expression_mut(query, &mut |inner| {
                let ExpressionKind::OuterColumn(id) = inner.kind else { return };
                if let Some(key) = self.columns.get(&id) {
                    inner.kind = ExpressionKind::OuterColumn(*key);
                } else if self.scope.has(id) && result.is_ok() {
                    result = Err(self.refuse(id, inner, clause));
                }
            });
        }
        result
    }

    fn refuse(&self, id: ColumnId, expression: &Expression, clause: &str) -> SqlError {
        let name = self.scope.name_of(id).map(|name| format!(" {name}")).unwrap_or_default();
        let message = format!("{clause} expression references column{name} which is {}", self.why);
        SqlError::rule(message, expression.position)
    }
}
