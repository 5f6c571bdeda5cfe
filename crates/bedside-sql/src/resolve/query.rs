//! Queries: CTEs, and order and limit above a body.

use super::scope::{Context, Scope, ScopeColumn};
use super::{Cte, Resolver, RowColumn, Rows, literal};
use crate::coerce;
use crate::error::{Result, SqlError};
use crate::syntax::{Body, Name, Node, NodeKind, OrderItem, Query};
use crate::tree::{CteDefinition, CteId, Direction, Expression, ExpressionKind, Nulls, Relation, SortKey};
use bedside_types::{Position, SqlType, Value};

impl Resolver<'_> {
    pub(super) fn query(&mut self, query: &Query, outer: Option<&Context<'_>>) -> Result<Rows> {
        let visible = self.ctes.len();
        let mut definitions = Vec::new();
        for cte in &query.ctes {
            if self.ctes[visible..].iter().any(|earlier| earlier.name.eq_ignore_ascii_case(&cte.name.text)) {
                let message = format!("Duplicate alias {} for WITH subquery", cte.name.text);
                return Err(SqlError::name(message, cte.name.position));
            }
            let rows = self.query(&cte.query, outer)?;
            let id = CteId(self.next_cte);
            self.next_cte += 1;
            let name = cte.name.text.clone();
            let (columns, value_table) = (rows.columns.clone(), rows.value_table);
            self.ctes.push(Cte { id, name: name.clone(), columns, value_table });
            definitions.push(CteDefinition { cte: id, name, query: rows.into_query(), uses: 0 });
        }
        let mut rows = self.body(&query.body, &query.order, outer)?;
        rows.relation = self.limit(rows.relation, query)?;
        self.ctes.truncate(visible);
        if !definitions.is_empty() {
            rows.relation = Relation::With { definitions, body: Box::new(rows.relation) };
        }
        Ok(rows)
    }

    fn body(&mut self, body: &Body, order: &[OrderItem], outer: Option<&Context<'_>>) -> Result<Rows> {
        let rows = match body {
            Body::Select(select) => return self.select(select, order, outer),
            Body::Nested(query) => self.query(query, outer)?,
            Body::Set { operation, inputs, position } => self.set_operation(*operation, inputs, *position, outer)?,
        };
        self.order_of_result(rows, order, outer)
    }

    /// One input of a set operation.
    pub(super) fn operand_query(&mut self, body: &Body, outer: Option<&Context<'_>>) -> Result<Rows> {
        self.body(body, &[], outer)
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

    fn limit(&mut self, input: Relation, query: &Query) -> Result<Relation> {
        if query.limit.is_none() && query.offset.is_none() {
            return Ok(input);
        }
        let count = query.limit.as_ref().map(|node| self.row_count(node)).transpose()?;
        let offset = query.offset.as_ref().map(|node| self.row_count(node)).transpose()?.unwrap_or(0);
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
