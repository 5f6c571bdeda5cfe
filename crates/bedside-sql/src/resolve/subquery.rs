//! Subqueries as values.

use super::scope::Context;
use super::{Resolver, RowColumn, Rows, collation, column};
use crate::coerce;
use crate::error::{Result, SqlError};
use crate::syntax::{Node, Query};
use crate::tree::{ColumnId, Expression, ExpressionKind, SubqueryKind};
use bedside_types::{Position, SqlType};

impl Resolver<'_> {
    pub(super) fn scalar(&mut self, query: &Query, position: Position, context: &Context<'_>) -> Result<Expression> {
        let rows = self.query(query, Some(context))?;
        let sql_type = only_column(&rows, "Scalar", position)?;
        Ok(subquery(SubqueryKind::Scalar, rows, sql_type, position))
    }

    pub(super) fn exists(&mut self, query: &Query, position: Position, context: &Context<'_>) -> Result<Expression> {
        let rows = self.query(query, Some(context))?;
        Ok(subquery(SubqueryKind::Exists, rows, SqlType::Bool, position))
    }

    pub(super) fn array_query(
        &mut self,
        element: Option<&SqlType>,
        query: &Query,
        position: Position,
        context: &Context<'_>,
    ) -> Result<Expression> {
        let rows = self.query(query, Some(context))?;
        let found = only_column(&rows, "ARRAY", position)?;
        if matches!(found, SqlType::Array(_)) {
            let message = "Cannot use array subquery with column of type ARRAY because nested arrays are not supported";
            return Err(SqlError::types(message, position));
        }
        let rows = match element {
            Some(wanted) if *wanted != found => self.coerced(rows, std::slice::from_ref(wanted), position)?,
            _ => rows,
        };
        let element = rows.columns[0].sql_type.clone();
        Ok(subquery(SubqueryKind::Array, rows, SqlType::Array(Box::new(element)), position))
    }

    pub(super) fn in_query(
        &mut self,
        operand: &Node,
        query: &Query,
        position: Position,
        context: &Context<'_>,
    ) -> Result<Expression> {
        let operand = self.expression(operand, context)?;
        let rows = self.query(query, Some(context))?;
        if rows.columns.len() != 1 {
            return Err(SqlError::rule("Subquery of type IN must have only one output column", query.position));
        }
        let inner = rows.columns[0].sql_type.clone();
        let stand_in = column(ColumnId(u32::MAX), inner.clone(), position);
        let wanted = coerce::supertype([&operand, &stand_in]).filter(coerce::is_comparable);
        let Some(wanted) = wanted else {
            let message =
                format!("Cannot execute IN subquery with uncomparable types {} and {inner}", operand.sql_type);
            return Err(SqlError::types(message, position));
        };
        let mut operand = coerce::coerce(operand, &wanted)?;
        let mut rows = self.coerced(rows, std::slice::from_ref(&wanted), position)?;
        if wanted == SqlType::Collated {
            operand = collation::key(operand);
            rows = self.keyed(rows, position);
        }
        let operand = Box::new(operand);
        Ok(subquery(SubqueryKind::In(operand), rows, SqlType::Bool, position))
    }
}

impl Resolver<'_> {
    /// The keys of a column of texts with a collation.
    fn keyed(&mut self, mut rows: Rows, position: Position) -> Rows {
        let id = self.new_column();
        let key = collation::key(rows.columns[0].expression(position));
        rows.columns[0] = RowColumn { name: None, id, sql_type: SqlType::String, literal: None, row: false };
        rows.relation = Self::project(rows.relation, vec![(id, key)]);
        rows
    }
}

fn subquery(kind: SubqueryKind, rows: Rows, sql_type: SqlType, position: Position) -> Expression {
    let query = Box::new(rows.into_query());
    Expression { kind: ExpressionKind::Subquery { kind, query }, sql_type, position }
}

fn only_column(rows: &Rows, what: &str, position: Position) -> Result<SqlType> {
    if let [column] = rows.columns.as_slice() {
        return Ok(column.sql_type.clone());
    }
    let message = format!(
        "{what} subquery cannot have more than one column unless using SELECT AS STRUCT to build STRUCT values"
    );
    Err(SqlError::rule(message, position))
}
