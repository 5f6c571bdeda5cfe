//! Set operations: columns by place, types by supertype.

use super::{Resolver, RowColumn, Rows, collation, literal};
use crate::coerce;
use crate::error::{Result, SqlError};
use crate::syntax::{MatchBy, Matching, SetOperation};
use crate::tree::{Expression, Relation, SetOperationKind};
use bedside_types::{Position, SqlType};

impl Resolver<'_> {
    /// Inputs, each with the place where it begins, put together.
    pub(super) fn set_operation(
        &mut self,
        operation: SetOperation,
        matching: &Matching,
        resolved: Vec<(Rows, Position)>,
        position: Position,
    ) -> Result<Rows> {
        let places: Vec<Position> = resolved.iter().map(|(_, place)| *place).collect();
        let mut resolved: Vec<Rows> = resolved.into_iter().map(|(rows, _)| rows).collect();
        if matching.by != MatchBy::Position {
            resolved = self.matched(matching, resolved, &places, position)?;
        }
        same_width(operation, &resolved, position)?;
        let types = common_types(operation, &resolved, position)?;
        let names: Vec<Option<String>> = resolved[0].columns.iter().map(|c| c.name.clone()).collect();
        let value_table = resolved.iter().all(|rows| rows.value_table);
        let mut relations = Vec::new();
        for rows in resolved {
            let rows = self.coerced(rows, &types, position)?;
            let ids = rows.columns.iter().map(|c| c.id).collect();
            relations.push((rows.relation, ids));
        }
        let columns: Vec<RowColumn> = types
            .into_iter()
            .zip(names)
            .map(|(sql_type, name)| RowColumn { name, id: self.new_column(), sql_type, literal: None, row: false })
            .collect();
        let ids = columns.iter().map(|c| c.id).collect();
        let relation = Relation::SetOperation { kind: kind_of(operation), inputs: relations, columns: ids };
        Ok(Rows { relation, columns, value_table })
    }

    /// Rows whose columns have the types; casts are added where they have not.
    pub(super) fn coerced(&mut self, mut rows: Rows, types: &[SqlType], position: Position) -> Result<Rows> {
        let mut computed = Vec::new();
        for (column, wanted) in rows.columns.iter_mut().zip(types) {
            if column.sql_type == *wanted {
                continue;
            }
            let expression = value_of(column, position);
            if coerce::distance(&expression, wanted).is_none() {
                let message = format!("Cannot coerce column of type {} to {wanted}", column.sql_type);
                return Err(SqlError::types(message, position));
            }
            let expression = coerce::coerce(expression, wanted)?;
            let id = self.new_column();
            computed.push((id, expression));
            let name = column.name.take();
            *column = RowColumn { name, id, sql_type: wanted.clone(), literal: None, row: false };
        }
        rows.relation = Self::project(rows.relation, computed);
        Ok(rows)
    }
}

/// The inputs' numbers of columns must be equal.
pub(super) fn same_width(operation: SetOperation, inputs: &[Rows], position: Position) -> Result<()> {
    let width = inputs[0].columns.len();
    let Some((index, other)) = inputs.iter().enumerate().find(|(_, rows)| rows.columns.len() != width) else {
        return Ok(());
    };
    let count = |n: usize| if n == 1 { "1 column".to_owned() } else { format!("{n} columns") };
    let message = format!(
        "Queries in {} have mismatched column count; query 1 has {}, query {} has {}",
        operation.words(),
        count(width),
        index + 1,
        count(other.columns.len())
    );
    Err(SqlError::rule(message, position))
}

fn common_types(operation: SetOperation, inputs: &[Rows], position: Position) -> Result<Vec<SqlType>> {
    let distinct = operation != SetOperation::UnionAll;
    let mut types = Vec::new();
    for index in 0..inputs[0].columns.len() {
        let values: Vec<Expression> = inputs.iter().map(|rows| value_of(&rows.columns[index], position)).collect();
        let Some(wanted) = coerce::supertype(values.iter()) else {
            let found: Vec<String> = values.iter().map(|v| v.sql_type.to_string()).collect();
            let message =
                format!("Column {} in {} has incompatible types: {}", index + 1, operation.words(), found.join(", "));
            return Err(SqlError::types(message, position));
        };
        if distinct && wanted == SqlType::Collated {
            return Err(collation::refused(&format!("{} of texts with a collation", operation.words()), position));
        }
        if distinct && !coerce::is_groupable(&wanted) {
            let message = format!(
                "Column {} in {} has type that does not support set operation comparisons: {wanted}",
                index + 1,
                operation.words()
            );
            return Err(SqlError::types(message, position));
        }
        types.push(wanted);
    }
    Ok(types)
}

pub(super) fn kind_of(operation: SetOperation) -> SetOperationKind {
    match operation {
        SetOperation::UnionAll => SetOperationKind::UnionAll,
        SetOperation::UnionDistinct => SetOperationKind::UnionDistinct,
        SetOperation::IntersectDistinct => SetOperationKind::IntersectDistinct,
        SetOperation::ExceptDistinct => SetOperationKind::ExceptDistinct,
    }
}

/// A column as a value, literal where it is one.
pub(super) fn value_of(column: &RowColumn, position: Position) -> Expression {
    match &column.literal {
        Some(value) => literal(value.clone(), column.sql_type.clone(), position),
        None => column.expression(position),
    }
}
