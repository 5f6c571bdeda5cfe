//! Operators: arithmetic, comparisons, connectives, IN, BETWEEN, IS.

use super::scope::Context;
use super::{Resolver, collation, column, function, not_if, signature};
use crate::coerce;
use crate::error::{Result, SqlError};
use crate::registry;
use crate::syntax::{Binary, Node, NodeKind, Test};
use crate::tree::{ColumnId, Expression, ExpressionKind};
use bedside_types::{Position, SqlType};

impl Resolver<'_> {
    /// `-x`; the minus belongs to a number that follows, so that the smallest INT64 can be written.
    pub(super) fn negate(&mut self, operand: &Node, position: Position, context: &Context<'_>) -> Result<Expression> {
        if let NodeKind::Integer(text) = &operand.kind {
            return super::literal::integer(text, "-", position);
        }
        if let NodeKind::Float(text) = &operand.kind {
            return super::literal::float(&format!("-{text}"), position);
        }
        self.unary("-", "$negate", operand, position, context)
    }

    pub(super) fn unary(
        &mut self,
        symbol: &str,
        name: &'static str,
        operand: &Node,
        position: Position,
        context: &Context<'_>,
    ) -> Result<Expression> {
        let operand = vec![self.expression(operand, context)?];
        refuse_null(symbol, &operand)?;
        operator(symbol, name, operand, position)
    }

    pub(super) fn binary(
        &mut self,
        binary: Binary,
        left: &Node,
        right: &Node,
        position: Position,
        context: &Context<'_>,
    ) -> Result<Expression> {
        let operands = vec![self.expression(left, context)?, self.expression(right, context)?];
        refuse_null(binary.symbol, &operands)?;
        operator(binary.symbol, binary.function, operands, position)
    }

    pub(super) fn connective(
        &mut self,
        symbol: &'static str,
        name: &'static str,
        nodes: &[Node],
        position: Position,
        context: &Context<'_>,
    ) -> Result<Expression> {
        let mut operands = Vec::new();
        for node in nodes {
            let operand = self.expression(node, context)?;
            match operand.kind {
                // `(a AND b) AND c` is one AND of three.
                ExpressionKind::Call { function, arguments, .. } if function == name => operands.extend(arguments),
                _ => operands.push(operand),
            }
        }
        if operands.iter().any(|o| coerce::distance(o, &SqlType::Bool).is_none()) {
            return Err(no_operator(symbol, &operands.iter().collect::<Vec<_>>(), position));
        }
        let operands = operands.into_iter().map(|o| coerce::coerce(o, &SqlType::Bool)).collect::<Result<_>>()?;
        Ok(function(name, operands, SqlType::Bool, position))
    }

    pub(super) fn is_test(
        &mut self,
        operand: &Node,
        test: Test,
        negated: bool,
        position: Position,
        context: &Context<'_>,
    ) -> Result<Expression> {
        let operand = vec![self.expression(operand, context)?];
        let tested = match test {
            Test::Null => function("$is_null", operand, SqlType::Bool, position),
            Test::True => operator("IS TRUE", "$is_true", operand, position)?,
            Test::False => operator("IS FALSE", "$is_false", operand, position)?,
        };
        Ok(not_if(negated, tested))
    }

    pub(super) fn between(&mut self, operands: Vec<Expression>, position: Position) -> Result<Expression> {
        let wanted = coerce::supertype(operands.iter()).filter(coerce::is_orderable);
        let Some(wanted) = wanted else {
            return Err(no_operator("BETWEEN", &operands.iter().collect::<Vec<_>>(), position));
        };
        let mut operands = operands.into_iter().map(|o| coerce::coerce(o, &wanted)).collect::<Result<Vec<_>>>()?;
        let (Some(high), Some(low), Some(value)) = (operands.pop(), operands.pop(), operands.pop()) else {
            return Err(SqlError::internal("BETWEEN lost an operand", position));
        };
        let again = self.copy(&value)?;
        let above = function("$greater_or_equal", vec![value, low], SqlType::Bool, position);
        let below = function("$less_or_equal", vec![again, high], SqlType::Bool, position);
        Ok(function("$and", vec![above, below], SqlType::Bool, position))
    }
}

/// An operator by its signatures.
pub(super) fn operator(
    symbol: &str,
    name: &'static str,
    operands: Vec<Expression>,
    position: Position,
) -> Result<Expression> {
    let chosen = registry::lookup(name).and_then(|registered| signature::choose(&registered.signatures, &operands));
    let Some(chosen) = chosen else {
        return Err(no_operator(symbol, &operands.iter().collect::<Vec<_>>(), position));
    };
    let collated = collation::is_among(&operands);
    let operands = chosen.coerce(operands)?;
    let (operands, result) =
        if collated { collation::applied(name, operands, chosen.result, position)? } else { (operands, chosen.result) };
    Ok(function(name, operands, result, position))
}

pub(super) fn in_list(operands: Vec<Expression>, position: Position) -> Result<Expression> {
    let wanted = coerce::supertype(operands.iter()).filter(coerce::is_comparable);
    let Some(wanted) = wanted else {
        let values: Vec<String> = operands[1..].iter().map(argument_type).collect();
        let message = format!(
            "No matching signature for operator IN for argument types {} and {{{}}}",
            argument_type(&operands[0]),
            values.join(", ")
        );
        return Err(SqlError::types(message, position));
    };
    let operands = operands.into_iter().map(|o| coerce::coerce(o, &wanted)).collect::<Result<_>>()?;
    Ok(function("$in", operands, SqlType::Bool, position))
}

pub(super) fn in_array(operand: Expression, array: Expression, position: Position) -> Result<Expression> {
    if let ExpressionKind::Call { function: "$array", arguments, .. } = &array.kind
        && !arguments.is_empty()
    {
        let mut operands = vec![operand];
        operands.extend(arguments.iter().cloned());
        return in_list(operands, position);
    }
    let SqlType::Array(element) = &array.sql_type else {
        let message = format!("Second argument of IN UNNEST must be an array but was {}", array.sql_type);
        return Err(SqlError::types(message, array.position));
    };
    // The array's element is a value like a column's; a stand-in finds the common type.
    let stand_in = column(ColumnId(u32::MAX), (**element).clone(), array.position);
    let wanted = coerce::supertype([&operand, &stand_in]).filter(coerce::is_comparable);
    let Some(wanted) = wanted.filter(|w| **element == *w || matches!(array.kind, ExpressionKind::Literal(_))) else {
        let message = format!(
            "No matching signature for operator IN UNNEST for argument types: {}, {}",
            argument_type(&operand),
            array.sql_type
        );
        return Err(SqlError::types(message, position));
    };
    if wanted == SqlType::Collated {
        return Err(collation::refused("IN UNNEST over texts with a collation", position));
    }
    let operand = coerce::coerce(operand, &wanted)?;
    let array = coerce::coerce(array, &SqlType::Array(Box::new(wanted)))?;
    Ok(function("$in_array", vec![operand, array], SqlType::Bool, position))
}

/// An operator on the word NULL is always a slip; GoogleSQL refuses it.
pub(super) fn refuse_null(symbol: &str, operands: &[Expression]) -> Result<()> {
    match operands.iter().find(|o| coerce::is_null(o)) {
        Some(null) => {
            let message = format!("Operands of {symbol} cannot be literal NULL");
            Err(SqlError::types(message, null.position).with_hint("use IS NULL or IS NOT NULL"))
        }
        None => Ok(()),
    }
}

pub(super) fn no_operator(symbol: &str, operands: &[&Expression], position: Position) -> SqlError {
    let message = if let [operand] = operands {
        format!("No matching signature for operator {symbol} for argument types: {}", argument_type(operand))
    } else {
        format!("No matching signature for operator {symbol} for argument types: {}", argument_types(operands))
    };
    SqlError::types(message, position)
}

/// The types of arguments in messages.
pub(super) fn argument_types(arguments: &[&Expression]) -> String {
    arguments.iter().map(|a| argument_type(a)).collect::<Vec<_>>().join(", ")
}

fn argument_type(argument: &Expression) -> String {
    if coerce::is_null(argument) { "NULL".to_owned() } else { argument.sql_type.to_string() }
}
