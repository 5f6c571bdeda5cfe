//! FROM: tables, subqueries and joins.

use super::query::condition;
use super::sample::refuse_as_of;
use super::scope::{Context, Range, RowField, Scope, ScopeColumn};
use super::{Resolver, RowColumn, Rows, function};
use crate::coerce;
use crate::error::{Result, SqlError};
use crate::syntax::{Condition, Join, Name, Node, NodeKind, Table};
use crate::tree::{ColumnId, Expression, ExpressionKind, JoinKind, Relation};
use bedside_types::{Position, SqlType};

impl Resolver<'_> {
    pub(super) fn from(&mut self, table: &Table, outer: Option<&Context<'_>>) -> Result<(Relation, Scope)> {
        self.table(table, None, outer)
    }

    /// A FROM item; `left` is what stands before it, for arrays that refer to it.
    fn table(
        &mut self,
        table: &Table,
        left: Option<(&Relation, &Scope)>,
        outer: Option<&Context<'_>>,
    ) -> Result<(Relation, Scope)> {
        match table {
            Table::Path { path, alias, offset, as_of } => {
                if path.len() > 1 && outer_has(&path[0], left, outer) {
                    let array = Node { kind: NodeKind::Path(path.clone()), position: path[0].position };
                    let alias = alias.clone().or_else(|| path.last().cloned());
                    return self.unnest_alone(&array, alias.as_ref(), offset.as_ref(), outer);
                }
                if let Some(offset) = offset {
                    let message = "WITH OFFSET can only be used with array scans";
                    return Err(SqlError::rule(message, offset.position));
                }
                self.named_table(path, alias.as_ref(), as_of.as_ref())
            }
            Table::Query { query, alias, .. } => {
                let rows = self.query(query, outer)?;
                let scope = scope_of(&rows, alias.as_ref().map(|a| a.text.as_str()));
                Ok((rows.relation, scope))
            }
            Table::Unnest { array, alias, offset, .. } => {
                self.unnest_alone(array, alias.as_ref(), offset.as_ref(), outer)
            }
            Table::Join { kind, left, right, condition, position } => {
                self.join(*kind, left, right, condition, *position, outer)
            }
            Table::Pivot { input, pivot, alias } => {
                let (relation, scope) = self.table(input, left, outer)?;
                self.pivot(relation, &scope, pivot, alias.as_ref(), outer)
            }
            Table::Unpivot { input, unpivot, alias } => {
                let (relation, scope) = self.table(input, left, outer)?;
                self.unpivot(relation, &scope, unpivot, alias.as_ref())
            }
            Table::Sample { input, sample } => {
                let (relation, scope) = self.table(input, left, outer)?;
                Ok((self.sampled(relation, sample)?, scope))
            }
            Table::Function { call, alias } => self.table_call(call, alias.as_ref(), None),
        }
    }

    /// A CTE in sight, or a table of the catalogue.
    fn named_table(&mut self, path: &[Name], alias: Option<&Name>, as_of: Option<&Node>) -> Result<(Relation, Scope)> {
        let position = path[0].position;
        let as_of = as_of.map(|node| self.as_of(node)).transpose()?.map(Box::new);
        let called = |default: &str| alias.map_or_else(|| default.to_owned(), |a| a.text.clone());
        if let [name] = path
            && let Some(rows) = self.cte_reference(name)
        {
            refuse_as_of(as_of.as_deref(), "a WITH query")?;
            let scope = scope_of(&rows, Some(&called(&name.text)));
            return Ok((rows.relation, scope));
        }
        let parts = self.table_parts(path);
        self.check_in_view(&parts, position)?;
        if let Some(view) = self.catalog.view(&parts) {
            refuse_as_of(as_of.as_deref(), "a view")?;
            let rows = self.view(&view, position)?;
            let default = parts.last().cloned().unwrap_or_default();
            let scope = scope_of(&rows, Some(&called(&default)));
            return Ok((rows.relation, scope));
        }
        if parts.last().is_some_and(|table| table.ends_with('*')) {
            refuse_as_of(as_of.as_deref(), "a wildcard table")?;
            return self.wildcard_table(&parts, alias.map(|alias| alias.text.as_str()), position);
        }
        let table = self.catalog.table(&parts).map_err(|unknown| {
            let near = unknown.nearest.as_ref().map(|n| format!("; Did you mean {n}?")).unwrap_or_default();
            SqlError::name(format!("{}{near}", unknown.message), position)
        })?;
        let mut columns = Vec::new();
        let mut scope = Vec::new();
        for (index, schema) in table.columns.iter().enumerate() {
            let id = self.new_column();
            columns.push((index, id));
            let name = Some(schema.name.clone());
            scope.push(ScopeColumn { name, id, field: None, sql_type: schema.sql_type.clone() });
        }
        let default = parts.last().cloned().unwrap_or_default();
        let mut range = Range::new(scope, None);
        range.weak = alias.is_none() && path.last().is_some_and(|name| name.text.contains('.'));
        let scope = Scope::of_range(Some(&called(&default)), range);
        Ok((Relation::Table { table, columns, as_of, position }, scope))
    }

    fn join(
        &mut self,
        kind: Join,
        left: &Table,
        right: &Table,
        condition: &Condition,
        position: Position,
        outer: Option<&Context<'_>>,
    ) -> Result<(Relation, Scope)> {
        let left = self.table(left, None, outer)?;
        self.join_with(kind, left, right, condition, position, outer)
    }

    /// What stands before it joined with a table, or with an array that refers to what stands before it.
    pub(super) fn join_with(
        &mut self,
        kind: Join,
        (left, left_scope): (Relation, Scope),
        right: &Table,
        condition: &Condition,
        position: Position,
        outer: Option<&Context<'_>>,
    ) -> Result<(Relation, Scope)> {
        if let Some((array, alias, offset)) = array_of(right, &left_scope, outer) {
            let alias = alias.as_ref();
            return self.unnest_join(kind, (left, left_scope), (&array, alias, offset), condition, position, outer);
        }
        let right = self.table(right, Some((&left, &left_scope)), outer)?;
        self.joined(kind, (left, left_scope), right, condition, position, outer)
    }

    /// Two tables joined, neither of which refers to the other.
    pub(super) fn joined(
        &mut self,
        kind: Join,
        (left, left_scope): (Relation, Scope),
        (right, right_scope): (Relation, Scope),
        condition: &Condition,
        position: Position,
        outer: Option<&Context<'_>>,
    ) -> Result<(Relation, Scope)> {
        match condition {
            Condition::Using(names) => self.join_using(kind, (left, left_scope), (right, right_scope), names, position),
            Condition::On(node) => {
                let scope = left_scope.join(right_scope, position)?;
                let context = Context::plain(&scope, outer, "JOIN ON clause");
                let on = self::condition(self.expression(node, &context)?, "JOIN ON clause")?;
                Ok((join(join_kind(kind), left, right, Some(on)), scope))
            }
            Condition::None if kind == Join::Cross => {
                let scope = left_scope.join(right_scope, position)?;
                Ok((join(JoinKind::Inner, left, right, None), scope))
            }
            Condition::None => {
                let word = match kind {
                    Join::Inner | Join::Cross => "INNER",
                    Join::Left => "LEFT OUTER",
                    Join::Right => "RIGHT OUTER",
                    Join::Full => "FULL OUTER",
                };
                let message = format!("{word} JOIN must have an immediately following ON or USING clause");
                Err(SqlError::syntax(message, position))
            }
        }
    }

    fn join_using(
        &mut self,
        kind: Join,
        (left, left_scope): (Relation, Scope),
        (right, right_scope): (Relation, Scope),
        names: &[Name],
        position: Position,
    ) -> Result<(Relation, Scope)> {
        let mut conditions = Vec::new();
        let mut computed = Vec::new();
        let mut merged = Vec::new();
        for name in names {
            let (l, r) = (side(&left_scope, name, "left")?, side(&right_scope, name, "right")?);
            let (a, b) = (l.expression(name.position), r.expression(name.position));
            let wanted = coerce::supertype([&a, &b]).filter(coerce::is_comparable);
            let Some(wanted) = wanted else {
                let message = format!(
                    "Column '{}' in USING has incompatible types that cannot be directly compared using equality on either side of the join: {} and {}",
                    name.text, a.sql_type, b.sql_type
                );
                return Err(SqlError::types(message, name.position));
            };
            let (a, b) = (coerce::coerce(a, &wanted)?, coerce::coerce(b, &wanted)?);
            let pair = vec![a.clone(), b.clone()];
            conditions.push(function("$equal", pair, SqlType::Bool, name.position));
            let value = match kind {
                Join::Cross | Join::Inner | Join::Left => l.expression(name.position),
                Join::Right => r.expression(name.position),
                Join::Full => function("coalesce", vec![a, b], wanted, name.position),
            };
            let ids = [l.id, r.id];
            let shown = Some(l.name.clone().unwrap_or_else(|| name.text.clone()));
            merged.push((self.merged(shown, value, &mut computed), ids));
        }
        let on = match conditions.len() {
            1 => conditions.pop(),
            _ => Some(function("$and", conditions, SqlType::Bool, position)),
        };
        let scope = left_scope.join(right_scope, position)?.merge(merged);
        let relation = join(join_kind(kind), left, right, on);
        Ok((Self::project(relation, computed), scope))
    }

    /// A merged column: one side's own where it is that, else a computed one.
    fn merged(
        &mut self,
        name: Option<String>,
        value: Expression,
        computed: &mut Vec<(ColumnId, Expression)>,
    ) -> ScopeColumn {
        let sql_type = value.sql_type.clone();
        let id = if let ExpressionKind::Column(id) = value.kind {
            id
        } else {
            let id = self.new_column();
            computed.push((id, value));
            id
        };
        ScopeColumn { name, id, field: None, sql_type }
    }
}

fn side<'s>(scope: &'s Scope, name: &Name, which: &str) -> Result<&'s ScopeColumn> {
    scope.column(name)?.ok_or_else(|| {
        let message = format!("Column {} in USING clause not found on {which} side of join", name.text);
        SqlError::name(message, name.position)
    })
}

/// The array that the right side of a join is, where it is one: UNNEST, or a path that starts at a table's alias.
fn array_of<'t>(
    right: &'t Table,
    left: &Scope,
    outer: Option<&Context<'_>>,
) -> Option<(Node, Option<Name>, Option<&'t Name>)> {
    match right {
        Table::Unnest { array, alias, offset, .. } => Some((array.clone(), alias.clone(), offset.as_ref())),
        Table::Path { path, alias, offset, .. } if path.len() > 1 => {
            let known = left.range(&path[0]).is_some() || outer_has(&path[0], None, outer);
            let array = Node { kind: NodeKind::Path(path.clone()), position: path[0].position };
            let alias = alias.clone().or_else(|| path.last().cloned());
            known.then_some((array, alias, offset.as_ref()))
        }
        _ => None,
    }
}

fn outer_has(name: &Name, left: Option<(&Relation, &Scope)>, outer: Option<&Context<'_>>) -> bool {
    if left.is_some_and(|(_, scope)| scope.range(name).is_some()) {
        return true;
    }
    let mut here = outer;
    while let Some(context) = here {
        if context.scope.range(name).is_some() {
            return true;
        }
        here = context.outer;
    }
    false
}

fn join_kind(kind: Join) -> JoinKind {
    match kind {
        Join::Cross | Join::Inner => JoinKind::Inner,
        Join::Left => JoinKind::Left,
        Join::Right => JoinKind::Right,
        Join::Full => JoinKind::Full,
    }
}

fn join(kind: JoinKind, left: Relation, right: Relation, condition: Option<Expression>) -> Relation {
    Relation::Join { kind, left: Box::new(left), right: Box::new(right), condition }
}

/// The names that a subquery or a CTE gives.
pub(super) fn scope_of(rows: &Rows, alias: Option<&str>) -> Scope {
    if !rows.value_table {
        let columns = rows.columns.iter().flat_map(|column| {
            if column.row {
                value_range(column.id, &column.sql_type, column.name.as_deref()).columns
            } else {
                vec![ScopeColumn::of(column)]
            }
        });
        let columns = columns.collect();
        return Scope::of_range(alias, Range::new(columns, None));
    }
    let RowColumn { id, sql_type, .. } = &rows.columns[0];
    Scope::of_range(alias, value_range(*id, sql_type, alias))
}

/// The names of a row that is one value: a struct's fields, and the value itself by the table's alias.
pub(super) fn value_range(id: ColumnId, sql_type: &SqlType, alias: Option<&str>) -> Range {
    let whole = ScopeColumn { name: alias.map(str::to_owned), id, field: None, sql_type: sql_type.clone() };
    let columns = match sql_type {
        SqlType::Struct(fields) => fields
            .iter()
            .enumerate()
            .map(|(index, f)| ScopeColumn {
                name: f.name.clone(),
                id,
                field: Some(RowField { index, whole: sql_type.clone(), of: alias.map(str::to_owned) }),
                sql_type: f.sql_type.clone(),
            })
            .collect(),
        _ => vec![whole.clone()],
    };
    Range::new(columns, Some(whole))
}
