//! Expressions of the procedural language as queries of one row, and variables where they are used.

use super::assign::assigned;
use super::{Resolver, literal, pruned, query, refuse_duplicates};
use crate::catalog::Catalog;
use crate::coerce;
use crate::error::{Result, SqlError};
use crate::script::{Out, Surroundings};
use crate::syntax::{self, Name, Node};
use crate::tree::{Expression, ExpressionKind, OnError, Query, Relation};
use bedside_types::{Position, SqlType};

/// An expression whose value a statement wants, and of which type; `None` takes any.
pub(crate) struct Value<'n> {
    pub(crate) node: &'n Node,
    pub(crate) sql_type: Option<SqlType>,
    /// What wants it, for messages.
    pub(crate) what: &'n str,
}

/// One row with a value for each expression.
pub(crate) fn values(values: &[Value<'_>], catalog: &dyn Catalog, surroundings: &Surroundings) -> Result<Query> {
    let mut resolver = Resolver::new(catalog, surroundings);
    let mut row = Vec::new();
    for (index, Value { node, sql_type, what }) in values.iter().enumerate() {
        let value = resolver.constant(node, "procedural statement")?;
        let value = match sql_type {
            None => value,
            Some(sql_type) => assigned(value, sql_type, |found| {
                format!("{what} expects a value of type {sql_type}, but the expression has type {found}")
            })?,
        };
        row.push((format!("v{index}"), value));
    }
    Ok(pruned(resolver.output_of(Relation::OneRow, row)))
}

/// One row with values for variables of these types, from one expression; several from a STRUCT's fields.
pub(crate) fn assigned_values(
    node: &Node,
    types: &[SqlType],
    catalog: &dyn Catalog,
    surroundings: &Surroundings,
) -> Result<Query> {
    let mut resolver = Resolver::new(catalog, surroundings);
    let value = resolver.constant(node, "SET statement")?;
    let values = match types {
        [_] => vec![value],
        _ => resolver.fields(value, types.len())?,
    };
    let refusal = |found: &SqlType, sql_type: &SqlType| {
        format!("Cannot assign a value of type {found} to a variable of type {sql_type}")
    };
    let row = values.into_iter().zip(types).enumerate();
    let row = row.map(|(index, (value, sql_type))| {
        Ok((format!("v{index}"), assigned(value, sql_type, |found| refusal(found, sql_type))?))
    });
    let row = row.collect::<Result<Vec<_>>>()?;
    Ok(pruned(resolver.output_of(Relation::OneRow, row)))
}

/// One row of values as these types.
pub(crate) fn converted(out: &Out, types: &[SqlType], position: Position) -> Result<Query> {
    let nothing = Surroundings::default();
    let mut resolver = Resolver::new(&Empty, &nothing);
    let mut row = Vec::new();
    for ((name, sql_type), (found, value)) in out.names.iter().zip(types).zip(out.types.iter().zip(&out.values)) {
        let value = settled(literal(value.clone(), found.clone(), position));
        let value = assigned(value, sql_type, |found| {
            format!("Cannot assign a value of type {found} to the variable {name}, which has type {sql_type}")
        })?;
        row.push((name.clone(), value));
    }
    Ok(resolver.output_of(Relation::OneRow, row))
}

/// The rows of a query that a script reads itself.
pub(crate) fn rows(syntax: &syntax::Query, catalog: &dyn Catalog, surroundings: &Surroundings) -> Result<Query> {
    let mut resolver = Resolver::new(catalog, surroundings);
    let rows = resolver.top_query(syntax)?;
    refuse_duplicates(&rows, syntax.position)?;
    Ok(pruned(rows.into_query()))
}

/// No table at all.
struct Empty;

impl Catalog for Empty {
    fn table(&self, path: &[String]) -> std::result::Result<std::sync::Arc<crate::TableSchema>, crate::UnknownTable> {
        Err(crate::UnknownTable { message: format!("Not found: Table {}", path.join(".")), nearest: None })
    }
}

impl Resolver<'_> {
    /// The variable that a path begins with, and how many parts of the path that takes: fields of its value are values, too.
    /// Views and functions see none.
    pub(super) fn variable(&self, path: &[Name]) -> Option<(Expression, usize)> {
        if !self.views.is_empty() || self.function_calls > 0 {
            return None;
        }
        let variable = self.surroundings.variable(&path.first()?.text)?;
        let (mut sql_type, mut value) = (&variable.sql_type, &variable.value);
        let mut used = 1;
        while let (Some(name), SqlType::Struct(fields), bedside_types::Value::Struct(values)) =
            (path.get(used), sql_type, value)
        {
            let has_name = |field: &&bedside_types::StructField| {
                field.name.as_ref().is_some_and(|known| known.eq_ignore_ascii_case(&name.text))
            };
            let mut matching = fields.iter().zip(values).filter(|(field, _)| has_name(field));
            let (Some((field, inner)), None) = (matching.next(), matching.next()) else { break };
            (sql_type, value, used) = (&field.sql_type, inner, used + 1);
        }
        Some((settled(literal(value.clone(), sql_type.clone(), path[0].position)), used))
    }

    pub(super) fn system_variable(&self, path: &[Name], position: Position) -> Result<Expression> {
        let name = path.iter().map(|part| part.text.as_str()).collect::<Vec<_>>().join(".");
        let (sql_type, value) = self.surroundings.system.value(&name, position)?;
        Ok(settled(literal(value, sql_type, position)))
    }

    /// A STRUCT's fields, so many.
    fn fields(&mut self, value: Expression, count: usize) -> Result<Vec<Expression>> {
        let position = value.position;
        if coerce::is_null(&value) {
            return Ok(std::iter::repeat_with(|| query::null(SqlType::Int64, position)).take(count).collect());
        }
        let SqlType::Struct(fields) = value.sql_type.clone() else {
            let message =
                format!("SET of several variables takes a STRUCT, but the expression has type {}", value.sql_type);
            return Err(SqlError::types(message, position));
        };
        if fields.len() != count {
            let message = format!(
                "SET names {count} variables, but the expression has {} fields: {}",
                fields.len(),
                value.sql_type
            );
            return Err(SqlError::types(message, position));
        }
        // Values that stand there adapt as they would alone.
        if let ExpressionKind::Call { function: "$struct", arguments, .. } = value.kind {
            return Ok(arguments);
        }
        let mut taken = Vec::new();
        for (index, field) in fields.into_iter().enumerate() {
            let operand = Box::new(self.copy(&value)?);
            let kind = ExpressionKind::Field { operand, index };
            taken.push(Expression { kind, sql_type: field.sql_type, position });
        }
        Ok(taken)
    }
}

/// A value that has its type: it does not adapt as a literal does.
pub(super) fn settled(value: Expression) -> Expression {
    let (sql_type, position) = (value.sql_type.clone(), value.position);
    let kind = ExpressionKind::Cast { operand: Box::new(value), on_error: OnError::Fail };
    Expression { kind, sql_type, position }
}
