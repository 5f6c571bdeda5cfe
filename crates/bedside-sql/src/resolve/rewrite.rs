//! UPDATE and DELETE: every row of the table as it will be, with a mark on those that the statement is about.

use super::query::condition;
use super::scope::{Context, Range, Scope, ScopeColumn};
use super::{Resolver, column, function, literal, not, pruned};
use crate::catalog::TableDefinition;
use crate::error::{Result, SqlError};
use crate::syntax::{self, Name};
use crate::tree::{
    AggregateCall, Bound, ColumnId, Duplicates, Expression, ExpressionKind, Frame, FrameUnit, JoinKind, NullHandling,
    Query, Relation, Rewrite, SubqueryKind, WindowCall,
};
use bedside_types::{Position, SqlType, Value};
use std::sync::Arc;

/// The table of a statement, in scope.
pub(super) struct Target {
    pub(super) table: Arc<TableDefinition>,
    pub(super) relation: Relation,
    pub(super) scope: Scope,
    /// The name that stands for it.
    pub(super) alias: String,
    columns: Vec<ColumnId>,
}

impl Resolver<'_> {
    pub(super) fn delete(&mut self, delete: &syntax::Delete) -> Result<Rewrite> {
        let target = self.target_in_scope(&delete.table, delete.alias.as_ref())?;
        let Some(filter) = &delete.filter else {
            return Err(SqlError::rule("DELETE must have a WHERE clause", delete.position)
                .with_hint("DELETE FROM t WHERE TRUE, or TRUNCATE TABLE t, deletes all rows"));
        };
        let context = Context::plain(&target.scope, None, "DELETE scope");
        let filter = condition(self.expression(filter, &context)?, "WHERE clause")?;
        let position = filter.position;
        let values = target.values();
        let mark = self.new_column();
        let relation = Self::project(target.relation, vec![(mark, is_true(filter, position))]);
        let rows = self.marked(relation, values, mark, None);
        Ok(Rewrite { table: target.table, rows, row_number: false })
    }

    pub(super) fn update(&mut self, update: &syntax::Update) -> Result<Rewrite> {
        let mut target = self.target_in_scope(&update.table, update.alias.as_ref())?;
        let Some(filter) = &update.filter else {
            return Err(SqlError::rule("UPDATE must have a WHERE clause", update.position)
                .with_hint("UPDATE t SET … WHERE TRUE updates all rows"));
        };
        let (relation, scope, mark, number) = match &update.from {
            None => {
                let context = Context::plain(&target.scope, None, "UPDATE scope");
                let filter = condition(self.expression(filter, &context)?, "WHERE clause")?;
                let (mark, position) = (self.new_column(), filter.position);
                let relation = std::mem::replace(&mut target.relation, Relation::OneRow);
                let relation = Self::project(relation, vec![(mark, is_true(filter, position))]);
                (relation, target.scope.clone(), mark, None)
            }
            Some(from) => self.with_sources(&mut target, from, filter)?,
        };
        let context = Context::plain(&scope, None, "UPDATE clause");
        let mut set = self.assignments(&target, &update.items, &context)?;
        let mut values = target.values();
        for (place, (_, kept)) in values.iter_mut().enumerate() {
            if let Some(mut value) = set.remove(&place) {
                let position = value.position;
                only_for(mark, &mut value);
                let old = std::mem::replace(kept, value.clone());
                let kind = ExpressionKind::Case {
                    arms: vec![(column(mark, SqlType::Bool, position), value)],
                    otherwise: Some(Box::new(old.clone())),
                };
                *kept = Expression { kind, sql_type: old.sql_type, position };
            }
        }
        let rows = self.marked(relation, values, mark, number);
        Ok(Rewrite { table: target.table, rows, row_number: number.is_some() })
    }

    /// The target's rows, each numbered and joined with the sources that the condition picks for it.
    fn with_sources(
        &mut self,
        target: &mut Target,
        from: &syntax::Table,
        filter: &syntax::Node,
    ) -> Result<(Relation, Scope, ColumnId, Option<ColumnId>)> {
        let position = filter.position;
        let (sources, source_scope) = self.from(from, None)?;
        if source_scope.ranges.contains_key(&target.alias.to_lowercase()) {
            let message = format!("Alias {} in the FROM clause was already defined as the UPDATE target", target.alias);
            return Err(SqlError::name(message, position));
        }
        let scope = target.scope.clone().join(source_scope, position)?;
        let context = Context::plain(&scope, None, "UPDATE scope");
        let filter = condition(self.expression(filter, &context)?, "WHERE clause")?;
        let (number, found, mark) = (self.new_column(), self.new_column(), self.new_column());
        let table = std::mem::replace(&mut target.relation, Relation::OneRow);
        let left = Relation::Window { input: Box::new(table), calls: vec![(number, row_number(position))] };
        let right = Self::project(sources, vec![(found, truth(position))]);
        let joined = Relation::Join {
            kind: JoinKind::Left,
            left: Box::new(left),
            right: Box::new(right),
            condition: Some(filter),
        };
        let missing = function("$is_null", vec![column(found, SqlType::Bool, position)], SqlType::Bool, position);
        let relation = Self::project(joined, vec![(mark, not(missing))]);
        Ok((relation, scope, mark, Some(number)))
    }

    pub(super) fn target_in_scope(&mut self, path: &[Name], alias: Option<&Name>) -> Result<Target> {
        let (_, table) = self.target(path)?;
        let position = path[0].position;
        let parts = super::statement::parts(path);
        let alias = alias.map_or_else(|| parts.last().cloned().unwrap_or_default(), |alias| alias.text.clone());
        let mut scanned = Vec::new();
        let mut star = Vec::new();
        for (index, schema) in table.schema.columns.iter().enumerate() {
            let id = self.new_column();
            scanned.push((index, id));
            let name = Some(schema.name.clone());
            star.push(ScopeColumn { name, id, field: None, sql_type: schema.sql_type.clone() });
        }
        let columns = scanned.iter().map(|(_, id)| *id).collect();
        let scope = Scope::of_range(Some(&alias), Range::new(star, None));
        let relation = Relation::Table { table: Arc::clone(&table.schema), columns: scanned, as_of: None, position };
        Ok(Target { table, relation, scope, alias, columns })
    }

    /// The query of a rewrite: the values, the mark, the number.
    fn marked(
        &mut self,
        relation: Relation,
        values: Vec<(String, Expression)>,
        mark: ColumnId,
        number: Option<ColumnId>,
    ) -> Query {
        let position = values.first().map_or(Position::new(1, 1), |(_, value)| value.position);
        let mut values = values;
        values.push(("$mark".to_owned(), column(mark, SqlType::Bool, position)));
        if let Some(number) = number {
            values.push(("$row".to_owned(), column(number, SqlType::Int64, position)));
        }
        pruned(self.output_of(relation, values))
    }
}

impl Target {
    /// The columns as they are.
    pub(super) fn values(&self) -> Vec<(String, Expression)> {
        let columns = self.table.columns.iter().zip(&self.columns);
        let position = match &self.relation {
            Relation::Table { position, .. } => *position,
            _ => Position::new(1, 1),
        };
        columns.map(|(rules, id)| (rules.name.clone(), column(*id, rules.sql_type.clone(), position))).collect()
    }

    /// The column at a place, as it is.
    pub(super) fn value(&self, place: usize, position: Position) -> Option<Expression> {
        let (rules, id) = (self.table.columns.get(place)?, self.columns.get(place)?);
        Some(column(*id, rules.sql_type.clone(), position))
    }
}

/// A subquery that may give several rows is looked at for marked rows only: elsewhere it has none.
pub(super) fn only_for(mark: ColumnId, value: &mut Expression) {
    if let ExpressionKind::Subquery { kind: SubqueryKind::Scalar, query } = &mut value.kind {
        let one_row = matches!(&query.root, Relation::Aggregate { keys, .. } if keys.is_empty());
        if !one_row {
            let kind = ExpressionKind::OuterColumn(mark);
            let predicate = Expression { kind, sql_type: SqlType::Bool, position: value.position };
            let input = Box::new(std::mem::replace(&mut query.root, Relation::OneRow));
            query.root = Relation::Filter { input, predicate };
        }
    }
    crate::walk::operands_mut(value, &mut |operand| only_for(mark, operand));
}

/// A condition that is never NULL.
pub(super) fn is_true(condition: Expression, position: Position) -> Expression {
    let no = literal(Value::Bool(false), SqlType::Bool, position);
    function("coalesce", vec![condition, no], SqlType::Bool, position)
}

pub(super) fn truth(position: Position) -> Expression {
    literal(Value::Bool(true), SqlType::Bool, position)
}

pub(super) fn row_number(position: Position) -> WindowCall {
    WindowCall {
        call: AggregateCall {
            function: "row_number",
            arguments: Vec::new(),
            sql_type: SqlType::Int64,
            duplicates: Duplicates::Kept,
            null_handling: NullHandling::Respect,
            order: Vec::new(),
            limit: None,
            having: None,
            position,
        },
        partition: Vec::new(),
        order: Vec::new(),
        frame: Frame { unit: FrameUnit::Rows, start: Bound::UnboundedPreceding, end: Bound::UnboundedFollowing },
    }
}
