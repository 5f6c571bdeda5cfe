//! MERGE: the table and the source joined, every row with what becomes of it.

use super::assign::assigned;
use super::insert::{check_count, wanted};
use super::query::condition;
use super::rewrite::{Target, is_true, only_for, row_number, truth};
use super::scope::{Context, Scope};
use super::{Resolver, column, function, literal, not, pruned};
use crate::error::{Result, SqlError};
use crate::syntax::{self, Matched, MergeAction, When};
use crate::tree::{
    ColumnId, Direction, Expression, ExpressionKind, JoinKind, Merge, MergedRow, Nulls, Relation, SortKey, WindowCall,
};
use bedside_types::{Position, SqlType, Value};
use std::collections::HashMap;

/// The two sides joined, and what tells which of them a row has.
struct Sides {
    both: Scope,
    source: Scope,
    /// Whether the row has the table's side, and the source's: BOOL or NULL.
    found: [ColumnId; 2],
    number: ColumnId,
}

/// A WHEN clause that is decided: the column that says whether it is the row's, and the values that it gives.
struct Decided {
    mark: ColumnId,
    row: MergedRow,
    set: HashMap<usize, Expression>,
}

impl Resolver<'_> {
    pub(super) fn merge(&mut self, merge: &syntax::Merge) -> Result<Merge> {
        let mut target = self.target_in_scope(&merge.table, merge.alias.as_ref())?;
        let position = merge.condition.position;
        let (joined, sides) = self.sides(&mut target, merge)?;
        let (relation, marks) = self.marks(joined, &merge.clauses, &target, &sides)?;
        let mut decided = Vec::new();
        for (when, mark) in merge.clauses.iter().zip(marks) {
            decided.push(self.decided(when, mark, &target, &sides)?);
        }
        let action = action_of(&decided, position);
        let action_id = self.new_column();
        let relation = Self::project(relation, vec![(action_id, action)]);
        let relation = self.once(relation, merge, &sides, action_id, position);
        let mut values = target.values();
        for (place, (_, kept)) in values.iter_mut().enumerate() {
            let arms = decided.iter_mut().filter_map(|clause| {
                let mut value = clause.set.remove(&place)?;
                only_for(clause.mark, &mut value);
                Some((column(clause.mark, SqlType::Bool, value.position), value))
            });
            let arms: Vec<_> = arms.collect();
            if !arms.is_empty() {
                let sql_type = kept.sql_type.clone();
                let kind = ExpressionKind::Case { arms, otherwise: Some(Box::new(kept.clone())) };
                *kept = Expression { kind, sql_type, position };
            }
        }
        values.push(("$action".to_owned(), column(action_id, SqlType::Int64, position)));
        values.push(("$row".to_owned(), column(sides.number, SqlType::Int64, position)));
        Ok(Merge { table: target.table, rows: pruned(self.output_of(relation, values)) })
    }

    /// The table's rows, numbered, and the source's, each with a mark that is NULL where the other side stands alone.
    fn sides(&mut self, target: &mut Target, merge: &syntax::Merge) -> Result<(Relation, Sides)> {
        let position = merge.condition.position;
        let (source, source_scope) = self.from(&merge.source, None)?;
        if source_scope.ranges.contains_key(&target.alias.to_lowercase()) {
            let message = format!("Duplicate table alias {} in the target and source of MERGE", target.alias);
            return Err(SqlError::name(message, position));
        }
        let both = target.scope.clone().join(source_scope.clone(), position)?;
        let on = condition(
            self.expression(&merge.condition, &Context::plain(&both, None, "MERGE ON clause"))?,
            "MERGE ON clause",
        )?;
        let (number, left_found, right_found) = (self.new_column(), self.new_column(), self.new_column());
        let table = std::mem::replace(&mut target.relation, Relation::OneRow);
        let numbered = Relation::Window { input: Box::new(table), calls: vec![(number, row_number(position))] };
        let left = Self::project(numbered, vec![(left_found, truth(position))]);
        let right = Self::project(source, vec![(right_found, truth(position))]);
        let inserts = merge.clauses.iter().any(|when| when.matched == Matched::BySourceOnly);
        let joined = Relation::Join {
            kind: if inserts { JoinKind::Full } else { JoinKind::Left },
            left: Box::new(left),
            right: Box::new(right),
            condition: Some(on),
        };
        let found = [left_found, right_found];
        Ok((joined, Sides { both, source: source_scope, found, number }))
    }

    /// For each clause a column that says whether it is the first that a row meets.
    fn marks(
        &mut self,
        mut relation: Relation,
        clauses: &[When],
        target: &Target,
        sides: &Sides,
    ) -> Result<(Relation, Vec<ColumnId>)> {
        let mut marks: Vec<ColumnId> = Vec::new();
        for when in clauses {
            let position = when.position;
            let has = |side: usize| is_true(column(sides.found[side], SqlType::Bool, position), position);
            let mut conditions: Vec<Expression> =
                marks.iter().map(|mark| not(column(*mark, SqlType::Bool, position))).collect();
            conditions.extend(match when.matched {
                Matched::Both => [has(0), has(1)],
                Matched::BySourceOnly => [not(has(0)), has(1)],
                Matched::ByTargetOnly => [has(0), not(has(1))],
            });
            if let Some(node) = &when.condition {
                let context = Context::plain(sides.of(when.matched, target), None, "MERGE WHEN clause");
                let met = condition(self.expression(node, &context)?, "MERGE WHEN clause")?;
                conditions.push(is_true(met, node.position));
            }
            let all = function("$and", conditions, SqlType::Bool, position);
            // Only where the conditions before hold is the last one looked at.
            let kind = ExpressionKind::Case {
                arms: vec![(all, truth(position))],
                otherwise: Some(Box::new(literal(Value::Bool(false), SqlType::Bool, position))),
            };
            let mark = self.new_column();
            let expression = Expression { kind, sql_type: SqlType::Bool, position };
            relation = Self::project(relation, vec![(mark, expression)]);
            marks.push(mark);
        }
        Ok((relation, marks))
    }

    fn decided(&mut self, when: &When, mark: ColumnId, target: &Target, sides: &Sides) -> Result<Decided> {
        let context = Context::plain(sides.of(when.matched, target), None, "MERGE statement");
        let (row, set) = match &when.action {
            MergeAction::Delete => (MergedRow::Deleted, HashMap::new()),
            MergeAction::Update(items) => (MergedRow::Updated, self.assignments(target, items, &context)?),
            MergeAction::Insert { columns, values } => {
                let wanted = wanted(columns.as_deref(), &target.table)?;
                check_count(values.len(), wanted.len(), when.position)?;
                let given = values.iter().map(|node| match node {
                    None => Ok(None),
                    Some(node) => self.expression(node, &context).map(Some),
                });
                let given = given.collect::<Result<Vec<_>>>()?;
                (MergedRow::Inserted, self.inserted(given, &wanted, target, when.position)?)
            }
            MergeAction::InsertRow { columns } => {
                let wanted = wanted(columns.as_deref(), &target.table)?;
                let star = &sides.source.star;
                check_count(star.len(), wanted.len(), when.position)?;
                let given = star.iter().map(|column| Some(column.expression(when.position))).collect();
                (MergedRow::Inserted, self.inserted(given, &wanted, target, when.position)?)
            }
        };
        Ok(Decided { mark, row, set })
    }

    /// The values of a new row; `None` is a default.
    fn inserted(
        &mut self,
        given: Vec<Option<Expression>>,
        wanted: &[usize],
        target: &Target,
        position: Position,
    ) -> Result<HashMap<usize, Expression>> {
        let mut values: Vec<Option<Expression>> = vec![None; target.table.columns.len()];
        for (value, place) in given.into_iter().zip(wanted) {
            let column = &target.table.columns[*place];
            values[*place] = Some(match value {
                None => self.default_value(column, position)?,
                Some(value) => assigned(value, &column.sql_type, |found| {
                    format!(
                        "Value has type {found} which cannot be inserted into column {}, which has type {}",
                        column.name, column.sql_type
                    )
                })?,
            });
        }
        let completed = self.completed(values, &target.table, position)?;
        Ok(completed.into_iter().map(|(_, value)| value).enumerate().collect())
    }

    /// Leaves out source rows that nothing becomes of, and rows of the table that stay but for those of which nothing else
    /// came: once each.
    fn once(
        &mut self,
        mut relation: Relation,
        merge: &syntax::Merge,
        sides: &Sides,
        action: ColumnId,
        position: Position,
    ) -> Relation {
        let acted = || {
            let none = function("$is_null", vec![column(action, SqlType::Int64, position)], SqlType::Bool, position);
            not(none)
        };
        let mut stays = is_true(column(sides.found[0], SqlType::Bool, position), position);
        // Where every match is dealt with, rows that stay have none, and come once.
        let every = merge.clauses.iter().any(|when| when.matched == Matched::Both && when.condition.is_none());
        if !every {
            let place = self.new_column();
            let key = |expression, direction| SortKey { expression, direction, nulls: Nulls::Last };
            let call = WindowCall {
                partition: vec![column(sides.number, SqlType::Int64, position)],
                order: vec![key(column(action, SqlType::Int64, position), Direction::Ascending)],
                ..row_number(position)
            };
            relation = Relation::Window { input: Box::new(relation), calls: vec![(place, call)] };
            let one = literal(Value::Int64(1), SqlType::Int64, position);
            let first = vec![column(place, SqlType::Int64, position), one];
            let first = function("$equal", first, SqlType::Bool, position);
            stays = function("$and", vec![stays, first], SqlType::Bool, position);
        }
        let predicate = function("$or", vec![acted(), stays], SqlType::Bool, position);
        Relation::Filter { input: Box::new(relation), predicate }
    }
}

/// The number of what becomes of a row; NULL where it stays.
fn action_of(decided: &[Decided], position: Position) -> Expression {
    let arms = decided.iter().map(|clause| {
        let number = literal(Value::Int64(clause.row as i64), SqlType::Int64, position);
        (column(clause.mark, SqlType::Bool, position), number)
    });
    let kind = ExpressionKind::Case { arms: arms.collect(), otherwise: None };
    Expression { kind, sql_type: SqlType::Int64, position }
}

impl Sides {
    /// What a clause sees.
    fn of<'s>(&'s self, matched: Matched, target: &'s Target) -> &'s Scope {
        match matched {
            Matched::Both => &self.both,
            Matched::BySourceOnly => &self.source,
            Matched::ByTargetOnly => &target.scope,
        }
    }
}
