//! `LIKE ANY`, `LIKE SOME` and `LIKE ALL`.

use super::scope::Context;
use super::{Resolver, collation, function, literal, not_if, operator};
use crate::coerce;
use crate::error::{Result, SqlError};
use crate::syntax::{Node, NodeKind, Quantifier};
use crate::tree::Expression;
use bedside_types::{Position, SqlType, Value};

impl Resolver<'_> {
    /// Patterns written one by one.
    pub(super) fn like_list(
        &mut self,
        operand: &Node,
        patterns: &[Node],
        quantifier: Quantifier,
        negated: bool,
        position: Position,
        context: &Context<'_>,
    ) -> Result<Expression> {
        let operand = self.expression(operand, context)?;
        let patterns = self.expressions(patterns, context)?;
        self.like_each(&operand, patterns, quantifier, negated, position)
    }

    /// Patterns in an array; one that is written out is a list.
    pub(super) fn like_array(
        &mut self,
        operand: &Node,
        patterns: &Node,
        quantifier: Quantifier,
        negated: bool,
        position: Position,
        context: &Context<'_>,
    ) -> Result<Expression> {
        if let NodeKind::Array { element: None, values } = &patterns.kind
            && !values.is_empty()
        {
            return self.like_list(operand, values, quantifier, negated, position, context);
        }
        let operand = self.expression(operand, context)?;
        let patterns = self.expression(patterns, context)?;
        let SqlType::Array(element) = &patterns.sql_type else {
            let message = format!(
                "Values referenced in UNNEST must be arrays. UNNEST contains expression of type {}",
                patterns.sql_type
            );
            return Err(SqlError::types(message, patterns.position));
        };
        if collation::is_among(&[operand.clone(), patterns.clone()]) {
            return Err(collation::refused("LIKE over an array of texts with a collation", position));
        }
        let wanted = if **element == SqlType::Bytes { SqlType::Bytes } else { SqlType::String };
        let array = SqlType::Array(Box::new(wanted.clone()));
        if coerce::distance(&operand, &wanted).is_none() || coerce::distance(&patterns, &array).is_none() {
            let message = format!(
                "No matching signature for operator {} for argument types: {}, {}",
                words(quantifier),
                operand.sql_type,
                patterns.sql_type
            );
            return Err(SqlError::types(message, position));
        }
        // No pattern fails to match where every one matches.
        let name = match (quantifier, negated) {
            (Quantifier::Any, false) | (Quantifier::All, true) => "$like_any",
            (Quantifier::All, false) | (Quantifier::Any, true) => "$like_all",
        };
        let operands = vec![coerce::coerce(operand, &wanted)?, coerce::coerce(patterns, &array)?];
        Ok(not_if(negated, function(name, operands, SqlType::Bool, position)))
    }

    fn like_each(
        &mut self,
        operand: &Expression,
        patterns: Vec<Expression>,
        quantifier: Quantifier,
        negated: bool,
        position: Position,
    ) -> Result<Expression> {
        if coerce::is_null(operand) {
            return Ok(literal(Value::Null, SqlType::Bool, position));
        }
        let mut matches = Vec::with_capacity(patterns.len());
        for pattern in patterns {
            let operands = vec![self.copy(operand)?, pattern];
            // NOT belongs to each: `x NOT LIKE ANY (a, b)` is true where one of them does not match.
            matches.push(not_if(negated, operator::operator(words(quantifier), "$like", operands, position)?));
        }
        let connective = if quantifier == Quantifier::Any { "$or" } else { "$and" };
        Ok(match matches.len() {
            1 => matches.remove(0),
            _ => function(connective, matches, SqlType::Bool, position),
        })
    }
}

const fn words(quantifier: Quantifier) -> &'static str {
    match quantifier {
        Quantifier::Any => "LIKE ANY|SOME",
        Quantifier::All => "LIKE ALL",
    }
}
