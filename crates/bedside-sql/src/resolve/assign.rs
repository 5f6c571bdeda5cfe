//! Values on their way into columns: what is coerced and what is refused.

use super::scope::{Context, Scope};
use super::{Resolver, RowColumn, query};
use crate::catalog::ColumnDefinition;
use crate::coerce;
use crate::error::{Result, SqlError};
use crate::parse;
use crate::syntax::Node;
use crate::tree::Expression;
use bedside_types::{Position, SqlType, Value};

impl Resolver<'_> {
    /// What a column holds where a statement gives it no value.
    pub(super) fn default_value(&mut self, column: &ColumnDefinition, position: Position) -> Result<Expression> {
        let Some(text) = &column.default else { return Ok(query::null(column.sql_type.clone(), position)) };
        let node = parse::expression(text)?;
        let mut value = self.constant(&node, "column default expression")?;
        value.position = position;
        coerce::coerce(value, &column.sql_type)
    }

    /// An expression that refers to no row.
    pub(super) fn constant(&mut self, node: &Node, clause: &'static str) -> Result<Expression> {
        let scope = Scope::default();
        self.expression(node, &Context::plain(&scope, None, clause))
    }
}

/// A value as one of the column's type; `refusal` says that it does not fit, given its type.
pub(super) fn assigned(
    value: Expression,
    sql_type: &SqlType,
    refusal: impl FnOnce(&SqlType) -> String,
) -> Result<Expression> {
    if coerce::is_null(&value) {
        return Ok(query::null(sql_type.clone(), value.position));
    }
    if coerce::distance(&value, sql_type).is_none() {
        return Err(SqlError::types(refusal(&value.sql_type), value.position));
    }
    coerce::coerce(value, sql_type)
}

/// A query's column as a value to assign: its literals no longer adapt, but for NULL.
pub(super) fn of_row(column: &RowColumn, position: Position) -> Expression {
    match column.literal {
        Some(Value::Null) => query::null(column.sql_type.clone(), position),
        _ => column.expression(position),
    }
}
