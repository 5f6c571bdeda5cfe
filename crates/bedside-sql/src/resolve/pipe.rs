//! Pipe operators, each made of what ordinary clauses are made of: rows and the names in sight go in, others come out.

use super::from::{scope_of, value_range};
use super::query::{condition, ordinal, sort_key};
use super::scope::{Allowed, Calls, Context, Range, Scope, ScopeColumn, ambiguous};
use super::select::{Source, has_call, window_definitions};
use super::{Resolver, RowColumn, Rows, column};
use crate::coerce;
use crate::error::{Result, SqlError};
use crate::syntax::{Name, Node, OrderItem, Pipe, PipeKind, Select};
use crate::tree::{ColumnId, CteDefinition, Expression, ExpressionKind, Relation};
use bedside_types::Position;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

impl Resolver<'_> {
    /// The rows behind the last operator. CTEs that operators bring in sight are added to `definitions`.
    pub(super) fn piped(
        &mut self,
        mut input: (Relation, Scope),
        pipes: &[Pipe],
        definitions: &mut Vec<CteDefinition>,
        outer: Option<&Context<'_>>,
    ) -> Result<Rows> {
        for pipe in pipes {
            input = self.pipe(input, pipe, definitions, outer)?;
        }
        let position = pipes.last().map_or(Position::new(1, 1), |pipe| pipe.position);
        Ok(self.rows_of(input.0, &input.1, position))
    }

    fn pipe(
        &mut self,
        (relation, scope): (Relation, Scope),
        pipe: &Pipe,
        definitions: &mut Vec<CteDefinition>,
        outer: Option<&Context<'_>>,
    ) -> Result<(Relation, Scope)> {
        let position = pipe.position;
        match &pipe.kind {
            PipeKind::Select(select) => {
                let rows = self.select_over((relation, scope), Source::Pipe, select, &[], outer)?;
                let scope = scope_of(&rows, None);
                Ok((rows.relation, scope))
            }
            PipeKind::Extend(select) => self.extended((relation, scope), select, "pipe EXTEND", outer),
            PipeKind::Window(select) => self.extended((relation, scope), select, "pipe WINDOW", outer),
            PipeKind::Set(items) => self.set_columns((relation, scope), items, outer),
            PipeKind::Drop(names) => without_columns(scope, names, position).map(|scope| (relation, scope)),
            PipeKind::Rename(names) => renamed_columns(scope, names).map(|scope| (relation, scope)),
            PipeKind::As(name) => Ok((relation, under_alias(scope, name))),
            PipeKind::Where(node) => {
                let (mut relation, predicate) = self.over_rows(relation, &scope, node, "pipe WHERE clause", outer)?;
                let predicate = condition(predicate, "WHERE clause")?;
                if !matches!(relation, Relation::Window { .. }) {
                    self.without_ruled_out(&mut relation, &predicate);
                }
                Ok((Relation::Filter { input: Box::new(relation), predicate }, scope))
            }
            PipeKind::Limit(limit) => Ok((self.limit(relation, Some(limit))?, scope)),
            PipeKind::Order(items) => Ok((self.ordered(relation, &scope, items, outer)?, scope)),
            PipeKind::Aggregate(aggregate) => self.pipe_aggregate((relation, scope), aggregate, outer),
            PipeKind::Distinct => self.distinct_rows(relation, &scope, position),
            PipeKind::Join { kind, right, condition } => {
                self.join_with(*kind, (relation, scope), right, condition, position, outer)
            }
            PipeKind::Operation { operation, matching, inputs, position } => {
                let first = self.rows_of(relation, &scope, *position);
                let mut resolved = vec![(first, *position)];
                for query in inputs {
                    resolved.push((self.query(query, outer)?, query.position));
                }
                let rows = self.set_operation(*operation, matching, resolved, *position)?;
                let scope = scope_of(&rows, None);
                Ok((rows.relation, scope))
            }
            PipeKind::Sample(sample) => Ok((self.sampled(relation, sample)?, scope)),
            PipeKind::Pivot(pivot, alias) => self.pivot(relation, &scope, pivot, alias.as_ref(), outer),
            PipeKind::Unpivot(unpivot, alias) => self.unpivot(relation, &scope, unpivot, alias.as_ref()),
            PipeKind::Call(call, alias) => {
                let input = self.rows_of(relation, &scope, position);
                self.table_call(call, alias.as_ref(), Some(input))
            }
            PipeKind::With(with) => {
                definitions.extend(self.with(with, position, self.ctes.len(), outer)?);
                Ok((relation, scope))
            }
        }
    }

    /// What `*` stands for, as rows; a row of a value table that other columns stand beside is one column.
    pub(super) fn rows_of(&mut self, relation: Relation, scope: &Scope, position: Position) -> Rows {
        if let Some((id, sql_type)) = scope.sole_value() {
            let columns = vec![RowColumn { name: None, id, sql_type, literal: None, row: false }];
            return Rows { relation, columns, value_table: true };
        }
        let mut computed = Vec::new();
        let mut columns = Vec::new();
        let mut place = 0;
        while let Some(column) = scope.star.get(place) {
            if let Some((row, width)) = scope.row_at(place) {
                columns.push(row);
                place += width;
            } else {
                let value = column.expression(position);
                columns.push(self.row_column(column.name.clone(), value, &mut computed));
                place += 1;
            }
        }
        Rows { relation: Self::project(relation, computed), columns, value_table: false }
    }

    /// A column of that value: its own where it is one, else a computed one.
    pub(super) fn row_column(
        &mut self,
        name: Option<String>,
        value: Expression,
        computed: &mut Vec<(ColumnId, Expression)>,
    ) -> RowColumn {
        let sql_type = value.sql_type.clone();
        let id = if let ExpressionKind::Column(id) = value.kind {
            id
        } else {
            let id = self.new_column();
            computed.push((id, value));
            id
        };
        RowColumn { name, id, sql_type, literal: None, row: false }
    }

    /// EXTEND and WINDOW: columns beside the others.
    fn extended(
        &mut self,
        (relation, mut scope): (Relation, Scope),
        select: &Select,
        clause: &'static str,
        outer: Option<&Context<'_>>,
    ) -> Result<(Relation, Scope)> {
        let calls = Calls { named: window_definitions(select)?, ..Calls::default() };
        let context =
            Context { calls: Some(&calls), allowed: Allowed::Windows, ..Context::plain(&scope, outer, clause) };
        let items = self.items(select, Source::Pipe, &context)?;
        if clause == "pipe WINDOW"
            && let Some(item) = items.iter().find(|item| !has_call(&item.expression, &calls))
        {
            let message = "Pipe WINDOW expression must include a window function call (with an OVER clause)";
            return Err(SqlError::rule(message, item.expression.position));
        }
        let (relation, columns, _) = self.list(with_windows(relation, calls), items);
        for column in &columns {
            scope.add_column(ScopeColumn::of(column));
        }
        Ok((relation, scope))
    }

    fn set_columns(
        &mut self,
        (relation, scope): (Relation, Scope),
        items: &[(Name, Node)],
        outer: Option<&Context<'_>>,
    ) -> Result<(Relation, Scope)> {
        let calls = Calls::default();
        let clause = "pipe SET clause";
        let context =
            Context { calls: Some(&calls), allowed: Allowed::Windows, ..Context::plain(&scope, outer, clause) };
        refuse_repeated(items.iter().map(|(name, _)| name), "SET")?;
        let mut computed = Vec::new();
        let mut star = scope.star.clone();
        for (name, node) in items {
            let place = one_column(&scope, name, "SET", "SET can only update columns")?;
            let value = self.expression(node, &context)?;
            let id = self.new_column();
            star[place] =
                ScopeColumn { name: star[place].name.clone(), id, field: None, sql_type: value.sql_type.clone() };
            computed.push((id, value));
        }
        let relation = Self::project(with_windows(relation, calls), computed);
        let names = items.iter().map(|(name, _)| name);
        Ok((relation, hide_values(scope, names).with_star(star)))
    }

    /// An expression over the rows, and the rows with what its window functions give.
    fn over_rows(
        &mut self,
        relation: Relation,
        scope: &Scope,
        node: &Node,
        clause: &'static str,
        outer: Option<&Context<'_>>,
    ) -> Result<(Relation, Expression)> {
        let calls = Calls::default();
        let context =
            Context { calls: Some(&calls), allowed: Allowed::Windows, ..Context::plain(scope, outer, clause) };
        let value = self.expression(node, &context)?;
        Ok((with_windows(relation, calls), value))
    }

    fn ordered(
        &mut self,
        mut relation: Relation,
        scope: &Scope,
        items: &[OrderItem],
        outer: Option<&Context<'_>>,
    ) -> Result<Relation> {
        let mut keys = Vec::new();
        for item in items {
            let key = if let Some(index) = ordinal(&item.node, scope.star.len(), "ORDER BY")? {
                scope.star[index].expression(item.node.position)
            } else {
                let (input, key) = self.over_rows(relation, scope, &item.node, "pipe ORDER BY clause", outer)?;
                relation = input;
                key
            };
            keys.push(sort_key(item, key)?);
        }
        Ok(Relation::Sort { input: Box::new(relation), keys })
    }

    /// DISTINCT: tables keep those of their columns that are left.
    fn distinct_rows(&mut self, relation: Relation, scope: &Scope, position: Position) -> Result<(Relation, Scope)> {
        let mut keys: Vec<(ColumnId, Expression)> = Vec::new();
        let mut ids: HashMap<ColumnId, ColumnId> = HashMap::new();
        let wholes = scope.star.iter().map(|column| match &column.field {
            Some(field) => (column.id, field.whole.clone()),
            None => (column.id, column.sql_type.clone()),
        });
        for (id, sql_type) in wholes {
            if !coerce::is_groupable(&sql_type) {
                let message = format!("Column of type {sql_type} cannot be used in SELECT DISTINCT");
                return Err(SqlError::types(message, position));
            }
            if let Entry::Vacant(free) = ids.entry(id) {
                let new = *free.insert(self.new_column());
                keys.push((new, column(id, sql_type, position)));
            }
        }
        let moved = |column: &ScopeColumn| ids.get(&column.id).map(|id| ScopeColumn { id: *id, ..column.clone() });
        let star = scope.star.iter().filter_map(moved).collect();
        let mut result = Scope::default().with_star(star);
        for (name, range) in &scope.ranges {
            let columns = range.columns.iter().filter_map(moved).collect();
            let value = range.value.as_ref().and_then(moved);
            let mut left = Range::new(columns, value);
            left.weak = range.weak;
            result.ranges.insert(name.clone(), left);
        }
        Ok((Relation::Aggregate { input: Box::new(relation), keys, aggregates: Vec::new(), sets: None }, result))
    }
}

/// The rows with what window functions give.
fn with_windows(relation: Relation, calls: Calls) -> Relation {
    let windows = calls.windows.into_inner();
    if windows.is_empty() { relation } else { Relation::Window { input: Box::new(relation), calls: windows } }
}

fn refuse_repeated<'n>(names: impl Iterator<Item = &'n Name>, operator: &str) -> Result<()> {
    let mut seen = std::collections::HashSet::new();
    for name in names {
        if !seen.insert(name.text.to_lowercase()) {
            let message = format!("Duplicate column name in pipe {operator}: {}", name.text);
            return Err(SqlError::name(message, name.position));
        }
    }
    Ok(())
}

/// The places of the columns of that name; there must be one, and it must be a column.
fn places(scope: &Scope, name: &Name, operator: &str, only: &str) -> Result<Vec<usize>> {
    let is = |column: &ScopeColumn| column.name.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(&name.text));
    let places: Vec<usize> = (0..scope.star.len()).filter(|place| is(&scope.star[*place])).collect();
    if places.is_empty() {
        let near = bedside_types::nearest(&name.text, scope.star.iter().filter_map(|column| column.name.as_deref()));
        let message = format!("Column name in pipe {operator} not found in input table: {}", name.text);
        let error = SqlError::name(message, name.position);
        return Err(match near {
            Some(near) => error.with_hint(format!("did you mean {near}?")),
            None => error,
        });
    }
    if places.iter().any(|place| scope.star[*place].field.is_some()) {
        let message = format!("Name in pipe {operator} is a field inside a value table; {only}: {}", name.text);
        return Err(SqlError::name(message, name.position));
    }
    Ok(places)
}

fn one_column(scope: &Scope, name: &Name, operator: &str, only: &str) -> Result<usize> {
    match places(scope, name, operator, only)?.as_slice() {
        [place] => Ok(*place),
        [] => Err(ambiguous(name)),
        _ => {
            let message = format!("Column name in pipe {operator} exists more than once in input table: {}", name.text);
            Err(SqlError::name(message, name.position))
        }
    }
}

fn without_columns(scope: Scope, names: &[Name], position: Position) -> Result<Scope> {
    refuse_repeated(names.iter(), "DROP")?;
    let mut gone = Vec::new();
    for name in names {
        gone.extend(places(&scope, name, "DROP", "DROP can only drop columns")?);
    }
    let star: Vec<ScopeColumn> =
        (0..scope.star.len()).filter(|place| !gone.contains(place)).map(|place| scope.star[place].clone()).collect();
    if star.is_empty() {
        return Err(SqlError::rule("Pipe DROP dropped all columns in the input table", position));
    }
    Ok(hide_values(scope, names.iter()).with_star(star))
}

fn renamed_columns(scope: Scope, names: &[(Name, Name)]) -> Result<Scope> {
    refuse_repeated(names.iter().map(|(name, _)| name), "RENAME")?;
    let mut star = scope.star.clone();
    for (name, new) in names {
        let place = one_column(&scope, name, "RENAME", "RENAME can only rename columns")?;
        let value = scope.range(name).and_then(|range| range.value.as_ref());
        if value.is_some_and(|value| value.id == star[place].id) {
            let message =
                format!("Name in pipe RENAME is a table alias; RENAME can only rename columns: {}", name.text);
            return Err(SqlError::name(message, name.position));
        }
        star[place].name = Some(new.text.clone());
    }
    Ok(scope.with_star(star))
}

/// A value that a table's alias names goes with the column that it is.
fn hide_values<'n>(mut scope: Scope, names: impl Iterator<Item = &'n Name>) -> Scope {
    for name in names {
        if scope.range(name).is_some_and(|range| range.value.is_some()) {
            scope.ranges.remove(&name.text.to_lowercase());
        }
    }
    scope
}

/// AS: one table has all columns.
fn under_alias(scope: Scope, name: &Name) -> Scope {
    let alias = Some(name.text.as_str());
    match scope.sole_value() {
        Some((id, sql_type)) => Scope::of_range(alias, value_range(id, &sql_type, alias)),
        None => Scope::of_range(alias, Range::new(scope.star, None)),
    }
}
