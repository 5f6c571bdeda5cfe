//! CAST and SAFE_CAST, with patterns and with types that have parameters.

use super::definition::type_parameters;
use super::scope::Context;
use super::{Resolver, function, literal};
use crate::catalog::TypeParameters;
use crate::coerce;
use crate::decimal;
use crate::error::{Result, SqlError};
use crate::syntax::{CastFormat, Declared, Node, NodeKind};
use crate::tree::{Expression, ExpressionKind, OnError};
use bedside_types::{Position, SqlType, Value};

/// `SAFE_CAST` makes an error NULL.
pub(super) const fn on_error(safe: bool) -> OnError {
    if safe { OnError::Null } else { OnError::Fail }
}

impl Resolver<'_> {
    pub(super) fn cast(
        &mut self,
        operand: &Node,
        to: &Declared,
        on_error: OnError,
        format: Option<&CastFormat>,
        position: Position,
        context: &Context<'_>,
    ) -> Result<Expression> {
        let value = match format {
            Some(format) => self.cast_by_format(operand, &to.sql_type, on_error, format, position, context)?,
            None => self.plain_cast(operand, &to.sql_type, on_error, position, context)?,
        };
        Ok(match type_parameters(to)? {
            TypeParameters::None => value,
            TypeParameters::Length(most) => limited("$limit_length", value, &[most], position),
            TypeParameters::Digits { precision, scale } => {
                limited("$limit_digits", value, &[precision.into(), scale.into()], position)
            }
        })
    }

    fn plain_cast(
        &mut self,
        operand: &Node,
        to: &SqlType,
        on_error: OnError,
        position: Position,
        context: &Context<'_>,
    ) -> Result<Expression> {
        if let NodeKind::Float(text) = &operand.kind
            && let Some(value) = decimal_of_digits(text, to)
        {
            return Ok(literal(value, to.clone(), position));
        }
        let operand = self.expression(operand, context)?;
        if !coerce::is_null(&operand) && !coerce::castable(&operand.sql_type, to) {
            let empty = matches!(&operand.kind, ExpressionKind::Call { function: "$array", arguments, .. } if arguments.is_empty());
            if !(empty && matches!(to, SqlType::Array(_))) {
                let message = format!("Invalid cast from {} to {to}", operand.sql_type);
                return Err(SqlError::types(message, operand.position));
            }
            return coerce::coerce(operand, to);
        }
        // A cast of a NULL literal to its own type must not look like a literal again: it has a type now.
        if operand.sql_type == *to && !matches!(operand.kind, ExpressionKind::Literal(_)) {
            return Ok(Expression { position, ..operand });
        }
        let kind = ExpressionKind::Cast { operand: Box::new(operand), on_error };
        Ok(Expression { kind, sql_type: to.clone(), position })
    }

    /// `CAST(value AS type FORMAT pattern AT TIME ZONE zone)`.
    fn cast_by_format(
        &mut self,
        operand: &Node,
        to: &SqlType,
        on_error: OnError,
        format: &CastFormat,
        position: Position,
        context: &Context<'_>,
    ) -> Result<Expression> {
        let operand = self.expression(operand, context)?;
        let pattern = self.expression(&format.pattern, context)?;
        if !coerce::is_null(&pattern) && pattern.sql_type != SqlType::String {
            let message = format!("CAST FORMAT must be STRING, but is {}", pattern.sql_type);
            return Err(SqlError::types(message, pattern.position));
        }
        let from = &operand.sql_type;
        if !takes_format(from, to) {
            let message = format!("FORMAT is not allowed for cast from {from} to {to}");
            return Err(SqlError::types(message, pattern.position));
        }
        if coerce::is_null(&operand) {
            return Ok(literal_null(to, position));
        }
        let zone = match &format.zone {
            Some(zone) if *from == SqlType::Timestamp || *to == SqlType::Timestamp => {
                let zone = self.expression(zone, context)?;
                if !coerce::is_null(&zone) && zone.sql_type != SqlType::String {
                    let message = format!("AT TIME ZONE must be STRING, but is {}", zone.sql_type);
                    return Err(SqlError::types(message, zone.position));
                }
                coerce::coerce(zone, &SqlType::String)?
            }
            Some(zone) => {
                let message = format!("AT TIME ZONE is not allowed for cast from {from} to {to}");
                return Err(SqlError::types(message, zone.position));
            }
            None => literal(Value::String("UTC".to_owned()), SqlType::String, position),
        };
        let reads_time = *from == SqlType::String && *to != SqlType::Bytes;
        let mut arguments = vec![operand, coerce::coerce(pattern, &SqlType::String)?, zone];
        if reads_time {
            arguments.push(function("current_date", Vec::new(), SqlType::Date, position));
        }
        let kind = ExpressionKind::Call { function: "$cast_format", arguments, on_error };
        Ok(Expression { kind, sql_type: to.clone(), position })
    }
}

fn literal_null(sql_type: &SqlType, position: Position) -> Expression {
    let operand = Box::new(literal(Value::Null, SqlType::Int64, position));
    let kind = ExpressionKind::Cast { operand, on_error: OnError::Fail };
    Expression { kind, sql_type: sql_type.clone(), position }
}

/// Which casts go by a pattern
/// (<https://cloud.google.com/bigquery/docs/reference/standard-sql/conversion_functions#formatting_syntax>).
fn takes_format(from: &SqlType, to: &SqlType) -> bool {
    use SqlType as T;
    match (from, to) {
        (T::String, T::Bytes | T::Date | T::Datetime | T::Time | T::Timestamp) => true,
        (from, T::String) => matches!(
            from,
            T::Bytes
                | T::Date
                | T::Datetime
                | T::Time
                | T::Timestamp
                | T::Int64
                | T::Float64
                | T::Numeric
                | T::BigNumeric
        ),
        _ => false,
    }
}

/// A value held to the parameters of its type; SAFE_CAST does not make it NULL where it is too long.
fn limited(function: &'static str, value: Expression, parameters: &[u64], position: Position) -> Expression {
    let sql_type = value.sql_type.clone();
    let number = |parameter: &u64| Value::Int64(i64::try_from(*parameter).unwrap_or(i64::MAX));
    let mut arguments = vec![value];
    arguments.extend(parameters.iter().map(|parameter| literal(number(parameter), SqlType::Int64, position)));
    super::function(function, arguments, sql_type, position)
}

/// A FLOAT64 literal cast to an exact type is what its digits say, not the double nearest to them.
fn decimal_of_digits(text: &str, to: &SqlType) -> Option<Value> {
    match to {
        SqlType::Numeric => decimal::numeric(text, decimal::Digits::Rounded).map(Value::Numeric),
        SqlType::BigNumeric => decimal::big_numeric(text).map(Value::BigNumeric),
        _ => None,
    }
}
