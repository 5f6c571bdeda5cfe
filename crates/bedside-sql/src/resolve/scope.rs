//! What names mean at one place of a statement.

use super::{RowColumn, column, function};
use crate::error::{Result, SqlError};
use crate::syntax::{Name, WindowSpec};
use crate::tree::{AggregateCall, ColumnId, Expression, ExpressionKind, WindowCall};
use bedside_types::{Position, SqlType, StructField, nearest};
use std::cell::RefCell;
use std::collections::HashMap;

/// The names that the items of a FROM give.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    /// What `*` is, in order.
    pub(super) star: Vec<ScopeColumn>,
    /// Columns by name in lower case; `None` for a name that several have.
    columns: HashMap<String, Option<ScopeColumn>>,
    /// Table aliases by name in lower case.
    pub(super) ranges: HashMap<String, Range>,
}

/// A column, or a field of a column whose value is the row.
#[derive(Clone, Debug)]
pub(super) struct ScopeColumn {
    pub(super) name: Option<String>,
    pub(super) id: ColumnId,
    pub(super) field: Option<RowField>,
    pub(super) sql_type: SqlType,
}

/// Which field of a row a column is.
#[derive(Clone, Debug)]
pub(super) struct RowField {
    pub(super) index: usize,
    /// The row's type.
    pub(super) whole: SqlType,
    /// What the row is called.
    pub(super) of: Option<String>,
}

/// What a table alias stands for.
#[derive(Clone, Debug)]
pub(super) struct Range {
    pub(super) columns: Vec<ScopeColumn>,
    by_name: HashMap<String, Option<usize>>,
    /// The row's one value, for UNNEST and for `SELECT AS STRUCT`.
    pub(super) value: Option<ScopeColumn>,
    /// `_TABLE_SUFFIX`, which is not in `*`.
    hidden: Option<ScopeColumn>,
    /// Whether the name is only the last word inside a quoted path, and yields to a column of that name.
    pub(super) weak: bool,
}

/// Everything that decides what a name or a call means at one place.
pub(super) struct Context<'c> {
    pub(super) scope: &'c Scope,
    /// The enclosing query's place, where this one is inside a subquery.
    pub(super) outer: Option<&'c Context<'c>>,
    /// SELECT aliases, where they are in sight; they win over columns.
    pub(super) aliases: Option<&'c Aliases>,
    /// What `WITH(name AS value, …)` names, the innermost first; they win over everything.
    pub(super) locals: Option<&'c Local<'c>>,
    /// Where aggregates and window functions go; `None` where there may be neither.
    pub(super) calls: Option<&'c Calls>,
    /// What there may be of them.
    pub(super) allowed: Allowed,
    /// The clause, for messages: `WHERE clause`.
    pub(super) clause: &'static str,
}

/// A value that `WITH(name AS value, …)` names.
pub(super) struct Local<'c> {
    pub(super) name: &'c Name,
    pub(super) value: Expression,
    /// The clause that it stands in.
    pub(super) clause: &'static str,
    /// Where its WITH stands.
    pub(super) with: Position,
    pub(super) next: Option<&'c Local<'c>>,
}

/// Which calls that look at several rows may stand at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Allowed {
    /// Neither kind.
    Neither,
    /// Aggregates only.
    Aggregates,
    /// Window functions only.
    Windows,
    /// Aggregates and window functions.
    Both,
}

/// SELECT items by alias.
#[derive(Debug, Default)]
pub(super) struct Aliases {
    by_name: HashMap<String, Option<usize>>,
    pub(super) items: Vec<Expression>,
}

/// Aggregates and window functions found in a SELECT, each with the column that stands for it.
#[derive(Debug, Default)]
pub(super) struct Calls {
    pub(super) aggregates: RefCell<Vec<(ColumnId, AggregateCall)>>,
    pub(super) windows: RefCell<Vec<(ColumnId, WindowCall)>>,
    /// Arguments of GROUPING.
    pub(super) groupings: RefCell<Vec<(ColumnId, Expression)>>,
    /// `WINDOW` clause by name in lower case.
    pub(super) named: HashMap<String, WindowSpec>,
}

impl ScopeColumn {
    pub(super) fn of(row: &RowColumn) -> Self {
        Self { name: row.name.clone(), id: row.id, field: None, sql_type: row.sql_type.clone() }
    }

    pub(super) fn expression(&self, position: Position) -> Expression {
        match &self.field {
            None => column(self.id, self.sql_type.clone(), position),
            Some(RowField { index, whole, .. }) => {
                let operand = Box::new(column(self.id, whole.clone(), position));
                let kind = ExpressionKind::Field { operand, index: *index };
                Expression { kind, sql_type: self.sql_type.clone(), position }
            }
        }
    }
}

impl Range {
    pub(super) fn new(columns: Vec<ScopeColumn>, value: Option<ScopeColumn>) -> Self {
        let mut by_name = HashMap::new();
        for (index, column) in columns.iter().enumerate() {
            if let Some(name) = &column.name {
                by_name.entry(name.to_lowercase()).and_modify(|slot| *slot = None).or_insert(Some(index));
            }
        }
        Self { columns, by_name, value, hidden: None, weak: false }
    }

    /// With a column that can be named but is not in `*`.
    pub(super) fn with_hidden(self, column: ScopeColumn) -> Self {
        Self { hidden: Some(column), ..self }
    }

    /// The column of that name: `None` for none, an error where several have it.
    pub(super) fn column(&self, name: &Name) -> Result<Option<&ScopeColumn>> {
        let is = |column: &&ScopeColumn| column.name.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(&name.text));
        if let Some(hidden) = self.hidden.as_ref().filter(is) {
            return Ok(Some(hidden));
        }
        match self.by_name.get(&name.text.to_lowercase()) {
            None => Ok(None),
            Some(None) => Err(ambiguous(name)),
            Some(Some(index)) => Ok(Some(&self.columns[*index])),
        }
    }

    /// The whole row as one value.
    pub(super) fn row(&self, position: Position) -> Expression {
        if let Some(value) = &self.value {
            return value.expression(position);
        }
        let fields = self.columns.iter();
        let fields = fields.map(|c| StructField { name: c.name.clone(), sql_type: c.sql_type.clone() }).collect();
        let values = self.columns.iter().map(|c| c.expression(position)).collect();
        function("$struct", values, SqlType::Struct(fields), position)
    }
}

impl Scope {
    /// One FROM item.
    pub(super) fn of_range(alias: Option<&str>, range: Range) -> Self {
        let mut scope = Self { star: range.columns.clone(), ..Self::default() };
        for column in &range.columns {
            scope.add_name(column);
        }
        if let Some(alias) = alias {
            scope.ranges.insert(alias.to_lowercase(), range);
        }
        scope
    }

    fn add_name(&mut self, column: &ScopeColumn) {
        if let Some(name) = &column.name {
            let slot = self.columns.entry(name.to_lowercase());
            slot.and_modify(|slot| *slot = None).or_insert_with(|| Some(column.clone()));
        }
    }

    /// A further column that can be named but is not in `*`.
    pub(super) fn with_hidden(mut self, column: &ScopeColumn) -> Self {
        self.add_name(column);
        self
    }

    /// A further column beside the others (`WITH OFFSET`).
    pub(super) fn add_column(&mut self, column: ScopeColumn) {
        self.add_name(&column);
        self.star.push(column);
    }

    /// The same tables with other columns in place of `*`: only these can be named alone.
    pub(super) fn with_star(mut self, star: Vec<ScopeColumn>) -> Self {
        self.columns.clear();
        for column in &star {
            self.add_name(column);
        }
        self.star = star;
        self
    }

    /// The same names for other columns.
    pub(super) fn with_ids(mut self, ids: &HashMap<ColumnId, ColumnId>) -> Self {
        let renamed = |column: &mut ScopeColumn| {
            if let Some(id) = ids.get(&column.id) {
                column.id = *id;
            }
        };
        self.star.iter_mut().for_each(renamed);
        self.columns.values_mut().flatten().for_each(renamed);
        for range in self.ranges.values_mut() {
            range.columns.iter_mut().chain(&mut range.value).for_each(renamed);
        }
        self
    }

    /// The value that a row is, where one table gives it and nothing else, with a name or without.
    pub(super) fn sole_value(&self) -> Option<(ColumnId, SqlType)> {
        if let Some((row, width)) = self.row_at(0) {
            return (width == self.star.len()).then_some((row.id, row.sql_type));
        }
        let mut ranges = self.ranges.values();
        let range = ranges.next()?;
        let value = range.value.as_ref()?;
        let own = self.star.len() == range.columns.len() && self.star.iter().all(|column| column.id == value.id);
        (own && ranges.next().is_none() && !self.star.is_empty()).then(|| (value.id, value.sql_type.clone()))
    }

    /// The row whose fields `*` gives from that place on, all of them and in order, and how many these are.
    pub(super) fn row_at(&self, place: usize) -> Option<(RowColumn, usize)> {
        let first = self.star.get(place)?;
        let RowField { whole, of, .. } = first.field.as_ref()?;
        let SqlType::Struct(fields) = whole else { return None };
        let columns = self.star.get(place..place + fields.len())?;
        let is = |(index, column): (usize, &ScopeColumn)| {
            column.id == first.id && column.field.as_ref().is_some_and(|field| field.index == index)
        };
        let row = RowColumn { name: of.clone(), id: first.id, sql_type: whole.clone(), literal: None, row: true };
        columns.iter().enumerate().all(is).then_some((row, fields.len()))
    }

    /// This and what another item of the same FROM gives.
    pub(super) fn join(mut self, right: Self, position: Position) -> Result<Self> {
        self.star.extend(right.star);
        for (name, column) in right.columns {
            self.columns.entry(name).and_modify(|slot| *slot = None).or_insert(column);
        }
        for (name, range) in right.ranges {
            if self.ranges.insert(name.clone(), range).is_some() {
                let message = format!("Duplicate table alias {name} in the same FROM clause");
                return Err(SqlError::name(message, position));
            }
        }
        Ok(self)
    }

    /// After USING: the merged columns stand first and alone have their names.
    pub(super) fn merge(mut self, merged: Vec<(ScopeColumn, [ColumnId; 2])>) -> Self {
        let gone: Vec<(ColumnId, String)> = merged
            .iter()
            .flat_map(|(column, ids)| ids.map(|id| (id, column.name.clone().unwrap_or_default().to_lowercase())))
            .collect();
        self.star.retain(|column| {
            let name = column.name.as_deref().map(str::to_lowercase).unwrap_or_default();
            !gone.iter().any(|(id, gone)| column.id == *id && *gone == name)
        });
        for (column, _) in &merged {
            if let Some(name) = &column.name {
                self.columns.insert(name.to_lowercase(), Some(column.clone()));
            }
        }
        let mut star: Vec<ScopeColumn> = merged.into_iter().map(|(column, _)| column).collect();
        star.append(&mut self.star);
        self.star = star;
        self
    }

    /// An unqualified column: `None` for none, an error where several have the name.
    pub(super) fn column(&self, name: &Name) -> Result<Option<&ScopeColumn>> {
        match self.columns.get(&name.text.to_lowercase()) {
            None => Ok(None),
            Some(None) => Err(ambiguous(name)),
            Some(Some(column)) => Ok(Some(column)),
        }
    }

    pub(super) fn range(&self, name: &Name) -> Option<&Range> {
        self.ranges.get(&name.text.to_lowercase())
    }

    /// Whether a column comes from this FROM.
    pub(super) fn has(&self, id: ColumnId) -> bool {
        self.all().any(|column| column.id == id)
    }

    pub(super) fn name_of(&self, id: ColumnId) -> Option<&str> {
        self.all().find(|column| column.id == id)?.name.as_deref()
    }

    fn all(&self) -> impl Iterator<Item = &ScopeColumn> {
        let ranges =
            self.ranges.values().flat_map(|range| range.columns.iter().chain(&range.value).chain(&range.hidden));
        self.star.iter().chain(ranges)
    }

    /// Every name in sight, for the nearest one.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let columns = self.star.iter().filter_map(|c| c.name.as_deref());
        columns.chain(self.ranges.keys().map(String::as_str))
    }
}

impl Aliases {
    pub(super) fn add(&mut self, name: Option<&str>, item: Expression) {
        if let Some(name) = name {
            let index = self.items.len();
            let slot = self.by_name.entry(name.to_lowercase());
            slot.and_modify(|slot| *slot = None).or_insert(Some(index));
        }
        self.items.push(item);
    }

    /// The item of that alias: `None` for none, an error where several items with different values have it.
    pub(super) fn get(&self, name: &Name) -> Result<Option<usize>> {
        match self.by_name.get(&name.text.to_lowercase()) {
            None => Ok(None),
            Some(None) => Err(ambiguous(name)),
            Some(Some(index)) => Ok(Some(*index)),
        }
    }
}

impl<'c> Context<'c> {
    /// A place that sees a FROM's columns and nothing that looks at several rows.
    pub(super) fn plain(scope: &'c Scope, outer: Option<&'c Context<'c>>, clause: &'static str) -> Self {
        Self { scope, outer, aliases: None, locals: None, calls: None, allowed: Allowed::Neither, clause }
    }

    /// The same place, for the arguments of an aggregate: no aliases, no further aggregates.
    pub(super) fn inside_aggregate(&self) -> Context<'c> {
        Context { locals: self.locals, ..Context::plain(self.scope, self.outer, "an aggregate function's arguments") }
    }

    /// The same place, inside a window function.
    pub(super) fn inside_window(&self) -> Context<'c> {
        if self.allowed == Allowed::Windows {
            return Context { locals: self.locals, ..Context::plain(self.scope, self.outer, self.clause) };
        }
        Context { allowed: Allowed::Aggregates, clause: "an analytic function's arguments", ..*self }
    }

    /// In GoogleSQL's words, with the nearest name in sight.
    pub(super) fn unrecognized(&self, name: &Name) -> SqlError {
        let mut context = Some(self);
        while let Some(here) = context {
            let aliases = here.aliases.iter().flat_map(|a| a.by_name.keys().map(String::as_str));
            if let Some(near) = nearest(&name.text, here.scope.names().chain(aliases)) {
                let message = format!("Unrecognized name: {}; Did you mean {near}?", name.text);
                return SqlError::name(message, name.position);
            }
            context = here.outer;
        }
        SqlError::name(format!("Unrecognized name: {}", name.text), name.position)
    }
}

pub(super) fn ambiguous(name: &Name) -> SqlError {
    SqlError::name(format!("Column name {} is ambiguous", name.text), name.position)
        .with_hint(format!("write which table's column is meant: alias.{}", name.text))
}
