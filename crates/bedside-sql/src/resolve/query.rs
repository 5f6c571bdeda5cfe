//! Queries: CTEs, and order and limit above a body.

use super::from::scope_of;
use super::recursion::Kind;
use super::scope::{Context, Scope, ScopeColumn};
use super::{Cte, Resolver, RowColumn, Rows, literal};
use crate::coerce;
use crate::error::{Result, SqlError};
use crate::syntax::{Body, Limit, Name, Node, NodeKind, OrderItem, Query, With};
use crate::tree::{CteDefinition, CteId, Direction, Expression, ExpressionKind, Nulls, Relation, SortKey};
use bedside_types::{Position, SqlType, Value};

impl Resolver<'_> {
    pub(super) fn query(&mut self, query: &Query, outer: Option<&Context<'_>>) -> Result<Rows> {
        let visible = self.ctes.len();
        let mut definitions = self.with(&query.with, query.position, visible, outer)?;
        let mut rows = if let Body::From(table) = &query.body {
            let input = self.from(table, outer)?;
            self.piped(input, &query.pipes, &mut definitions, outer)?
        } else {
            let mut rows = self.body(&query.body, &query.order, outer)?;
            rows.relation = self.limit(rows.relation, query.limit.as_ref())?;
            if query.pipes.is_empty() {
                rows
            } else {
                let scope = scope_of(&rows, None);
                self.piped((rows.relation, scope), &query.pipes, &mut definitions, outer)?
            }
        };
        self.ctes.truncate(visible);
        if !definitions.is_empty() {
            rows.relation = Relation::With { definitions, body: Box::new(rows.relation) };
        }
        Ok(rows)
    }

    /// The CTEs of a WITH, those before `visible` being of enclosing queries.
    pub(super) fn with(
        &mut self,
        with: &With,
        position: Position,
        visible: usize,
        outer: Option<&Context<'_>>,
    ) -> Result<Vec<CteDefinition>> {
        for (index, cte) in with.ctes.iter().enumerate() {
            let here = self.ctes[visible..].iter().map(|earlier| earlier.name.as_str());
            let mut names = here.chain(with.ctes[..index].iter().map(|earlier| earlier.name.text.as_str()));
            if names.any(|earlier| earlier.eq_ignore_ascii_case(&cte.name.text)) {
                let message = format!("Duplicate alias {} for WITH subquery", cte.name.text);
                return Err(SqlError::name(message, cte.name.position));
            }
        }
        let mut definitions = Vec::new();
        for (cte, kind) in super::recursion::in_order(with, position)? {
            let rows = match kind {
                Kind::Plain => self.query(&cte.query, outer)?,
                Kind::Recursive => self.recursive(cte)?,
            };
            definitions.push(self.define(cte.name.text.clone(), rows));
        }
        Ok(definitions)
    }

    /// Brings a CTE in sight.
    pub(super) fn define(&mut self, name: String, rows: Rows) -> CteDefinition {
        let id = self.new_cte();
        let (columns, value_table) = (rows.columns.clone(), rows.value_table);
        self.ctes.push(Cte { id, name: name.clone(), columns, value_table });
        CteDefinition { cte: id, name, query: rows.into_query(), uses: 0 }
    }

    pub(super) fn new_cte(&mut self) -> CteId {
        self.next_cte += 1;
        CteId(self.next_cte - 1)
    }

    pub(super) fn body(&mut self, body: &Body, order: &[OrderItem], outer: Option<&Context<'_>>) -> Result<Rows> {
        let rows = match body {
            Body::Select(select) => return self.select(select, order, outer),
            Body::Nested(query) => self.query(query, outer)?,
            Body::From(table) => {
                let (relation, scope) = self.from(table, outer)?;
                self.rows_of(relation, &scope, Position::new(1, 1))
            }
            Body::Set { operation, matching, inputs, position } => {
                let resolved = inputs.iter().map(|input| Ok((self.body(input, &[], outer)?, place_of(input))));
                let resolved = resolved.collect::<Result<Vec<_>>>()?;
                self.set_operation(*operation, matching, resolved, *position)?
            }
        };
        self.order_of_result(rows, order, outer)
    }

    /// ORDER BY above a set operation or a query in parentheses: it sees the result's columns only.
    fn order_of_result(&mut self, mut rows: Rows, order: &[OrderItem], outer: Option<&Context<'_>>) -> Result<Rows> {
        if order.is_empty() {
            return Ok(rows);
        }
        let columns = rows.columns.iter().map(ScopeColumn::of).collect();
        let scope = Scope::of_range(None, super::scope::Range::new(columns, None));
        let context = Context::plain(&scope, outer, "ORDER BY clause");
        let mut keys = Vec::new();
        for item in order {
            let expression = match ordinal(&item.node, rows.columns.len(), "ORDER BY")? {
                Some(index) => rows.columns[index].expression(item.node.position),
                None => self.expression(&item.node, &context)?,
            };
            keys.push(sort_key(item, expression)?);
        }
        rows.relation = Relation::Sort { input: Box::new(rows.relation), keys };
        Ok(rows)
    }

    pub(super) fn limit(&mut self, input: Relation, limit: Option<&Limit>) -> Result<Relation> {
        let Some(limit) = limit else { return Ok(input) };
        let count = Some(self.row_count(&limit.count)?);
        let offset = limit.offset.as_ref().map(|node| self.row_count(node)).transpose()?.unwrap_or(0);
        Ok(Relation::Limit { input: Box::new(input), count, offset })
    }

    /// A constant number of rows.
    pub(super) fn row_count(&mut self, node: &Node) -> Result<u64> {
        let scope = Scope::default();
        let expression = self.expression(node, &Context::plain(&scope, None, "LIMIT"))?;
        let fault = |message: &str| Err(SqlError::rule(message, node.position));
        if expression.sql_type != SqlType::Int64 {
            return fault(&format!("LIMIT ... OFFSET ... expects INT64, got {}", expression.sql_type));
        }
        match expression.kind {
            ExpressionKind::Literal(Value::Int64(count)) => {
                u64::try_from(count).or_else(|_| fault("Limit requires non-negative count and offset"))
            }
            _ => fault("LIMIT expects an integer literal or parameter"),
        }
    }

    /// A reference to a CTE in sight; each has column ids of its own.
    pub(super) fn cte_reference(&mut self, name: &Name) -> Option<Rows> {
        let cte = self.ctes.iter().rev().find(|cte| cte.name.eq_ignore_ascii_case(&name.text))?.clone();
        if let Some((_, references)) = self.recursions.iter_mut().find(|(id, _)| *id == cte.id) {
            references.push(name.position);
        }
        let mut pairs = Vec::new();
        let mut columns = Vec::new();
        for column in cte.columns {
            let id = self.new_column();
            pairs.push((column.id, id));
            columns.push(RowColumn { id, literal: None, ..column });
        }
        let relation = Relation::Cte { cte: cte.id, columns: pairs };
        Some(Rows { relation, columns, value_table: cte.value_table })
    }
}

/// Where an input of a set operation begins.
pub(super) fn place_of(body: &Body) -> Position {
    match body {
        Body::Select(select) => select.position,
        Body::Nested(query) => query.position,
        Body::Set { position, .. } => *position,
        Body::From(_) => Position::new(1, 1),
    }
}

/// The index that an integer in GROUP BY or ORDER BY stands for; `None` where there is no integer.
pub(super) fn ordinal(node: &Node, columns: usize, clause: &str) -> Result<Option<usize>> {
    if let NodeKind::Negate(operand) = &node.kind
        && let NodeKind::Integer(text) = &operand.kind
    {
        let message = format!(
            "{clause} column number item is out of range. Column numbers must be greater than or equal to one. Found : -{text}"
        );
        return Err(SqlError::rule(message, node.position));
    }
    let NodeKind::Integer(text) = &node.kind else {
        let constant = matches!(
            node.kind,
            NodeKind::Null | NodeKind::Bool(_) | NodeKind::Float(_) | NodeKind::String(_) | NodeKind::Bytes(_)
        );
        if constant {
            return Err(SqlError::rule(format!("Cannot {clause} literal values"), node.position));
        }
        return Ok(None);
    };
    match text.parse::<usize>() {
        Ok(number) if (1..=columns).contains(&number) => Ok(Some(number - 1)),
        _ => {
            let message = format!("{clause} is out of SELECT column number range: {text}");
            Err(SqlError::rule(message, node.position))
        }
    }
}

/// A sort key, NULLs where GoogleSQL puts them: first going up, last going down.
pub(super) fn sort_key(item: &OrderItem, expression: Expression) -> Result<SortKey> {
    if !coerce::is_orderable(&expression.sql_type) {
        let message = format!("ORDER BY does not support expressions of type {}", expression.sql_type);
        return Err(SqlError::types(message, item.node.position));
    }
    let direction = if item.descending { Direction::Descending } else { Direction::Ascending };
    let nulls = if item.nulls_first.unwrap_or(!item.descending) { Nulls::First } else { Nulls::Last };
    Ok(SortKey { expression, direction, nulls })
}

/// BOOL, as WHERE and its like demand.
pub(super) fn condition(expression: Expression, clause: &str) -> Result<Expression> {
    if coerce::distance(&expression, &SqlType::Bool).is_none() {
        let message = format!("{clause} should return type BOOL, but returns {}", expression.sql_type);
        return Err(SqlError::types(message, expression.position));
    }
    coerce::coerce(expression, &SqlType::Bool)
}

/// TRUE, for conditions that are none.
pub(super) fn is_true(expression: &Expression) -> bool {
    matches!(expression.kind, ExpressionKind::Literal(Value::Bool(true)))
}

/// NULL of a type.
pub(super) fn null(sql_type: SqlType, position: Position) -> Expression {
    literal(Value::Null, sql_type, position)
}
