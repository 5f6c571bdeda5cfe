//! Expressions: paths, operators, conditionals, constructors.

use super::cast::on_error;
use super::scope::Context;
use super::{Resolver, function, literal, not_if, operator, path};
use crate::coerce;
use crate::error::{Result, SqlError};
use crate::syntax::{Name, Node, NodeKind};
use crate::tree::{Expression, ExpressionKind};
use bedside_types::{Position, SqlType, StructField, Value};

impl Resolver<'_> {
    pub(super) fn expression(&mut self, node: &Node, context: &Context<'_>) -> Result<Expression> {
        let position = node.position;
        match &node.kind {
            NodeKind::Null => Ok(literal(Value::Null, SqlType::Int64, position)),
            NodeKind::Bool(value) => Ok(literal(Value::Bool(*value), SqlType::Bool, position)),
            NodeKind::Integer(text) => super::literal::integer(text, "", position),
            NodeKind::Float(text) => super::literal::float(text, position),
            NodeKind::String(text) => Ok(literal(Value::String(text.clone()), SqlType::String, position)),
            NodeKind::Bytes(bytes) => Ok(literal(Value::Bytes(bytes.clone()), SqlType::Bytes, position)),
            NodeKind::Typed(sql_type, text) => super::literal::typed(sql_type, text, position),
            NodeKind::Parameter(name) => self.named_parameter(name, position),
            NodeKind::Positional(index) => self.positional_parameter(*index, position),
            NodeKind::System(names) => self.system_variable(names, position),
            NodeKind::Path(names) => self.path(names, context),
            NodeKind::Field(operand, name) => {
                let operand = self.expression(operand, context)?;
                path::field(operand, name)
            }
            NodeKind::Subscript(array, access, index) => self.subscript(array, *access, index, context),
            NodeKind::Negate(operand) => self.negate(operand, position, context),
            NodeKind::Plus(operand) => {
                let operand = self.expression(operand, context)?;
                let number = [SqlType::Int64, SqlType::Float64, SqlType::Numeric, SqlType::BigNumeric];
                if number.contains(&operand.sql_type) {
                    return Ok(operand);
                }
                Err(operator::no_operator("+", &[&operand], position))
            }
            NodeKind::BitNot(operand) => self.unary("~", "$bit_not", operand, position, context),
            NodeKind::Not(operand) => self.unary("NOT", "$not", operand, position, context),
            NodeKind::Binary(binary, left, right) => self.binary(*binary, left, right, position, context),
            NodeKind::And(operands) => self.connective("AND", "$and", operands, position, context),
            NodeKind::Or(operands) => self.connective("OR", "$or", operands, position, context),
            NodeKind::Concat(operands) => {
                let operands = self.expressions(operands, context)?;
                operator::refuse_null("||", &operands)?;
                operator::operator("||", "$concat", super::call::as_text(operands), position)
            }
            NodeKind::Is { operand, test, negated } => self.is_test(operand, *test, *negated, position, context),
            NodeKind::DistinctFrom { left, right, negated } => {
                let operands = vec![self.expression(left, context)?, self.expression(right, context)?];
                let found = operator::operator("IS DISTINCT FROM", "$is_distinct_from", operands, position)?;
                Ok(not_if(*negated, found))
            }
            NodeKind::Like { operand, pattern, negated } => {
                let operands = vec![self.expression(operand, context)?, self.expression(pattern, context)?];
                operator::refuse_null("LIKE", &operands)?;
                Ok(not_if(*negated, operator::operator("LIKE", "$like", operands, position)?))
            }
            NodeKind::LikeList { operand, patterns, quantifier, negated } => {
                self.like_list(operand, patterns, *quantifier, *negated, position, context)
            }
            NodeKind::LikeArray { operand, patterns, quantifier, negated } => {
                self.like_array(operand, patterns, *quantifier, *negated, position, context)
            }
            NodeKind::Between { operand, low, high, negated } => {
                let operands = [operand, low, high];
                let operands = operands.into_iter().map(|n| self.expression(n, context)).collect::<Result<Vec<_>>>()?;
                Ok(not_if(*negated, self.between(operands, position)?))
            }
            NodeKind::InList { operand, values, negated } => {
                let mut operands = vec![self.expression(operand, context)?];
                operands.extend(self.expressions(values, context)?);
                Ok(not_if(*negated, operator::in_list(operands, position)?))
            }
            NodeKind::InUnnest { operand, array, negated } => {
                let operand = self.expression(operand, context)?;
                let array = self.expression(array, context)?;
                Ok(not_if(*negated, operator::in_array(operand, array, position)?))
            }
            NodeKind::InQuery { operand, query, negated } => {
                let found = self.in_query(operand, query, position, context)?;
                Ok(not_if(*negated, found))
            }
            NodeKind::Exists(query) => self.exists(query, position, context),
            NodeKind::Scalar(query) => self.scalar(query, position, context),
            NodeKind::ArrayQuery { element, query } => self.array_query(element.as_ref(), query, position, context),
            NodeKind::Case { operand, arms, otherwise } => {
                self.case(operand.as_deref(), arms, otherwise.as_deref(), position, context)
            }
            NodeKind::Cast { operand, to, safe, format } => {
                self.cast(operand, to, on_error(*safe), format.as_deref(), position, context)
            }
            NodeKind::Extract { part, operand, zone } => {
                self.extract(part, operand, zone.as_deref(), position, context)
            }
            NodeKind::Interval { amount, part, to } => self.interval(amount, part, to.as_ref(), position, context),
            NodeKind::Array { element, values } => self.array(element.as_ref(), values, position, context),
            NodeKind::Struct { declared, values } => self.structure(declared.as_ref(), values, position, context),
            NodeKind::Tuple(values) => {
                let values = self.expressions(values, context)?;
                let fields = values.iter().map(|v| StructField { name: None, sql_type: v.sql_type.clone() }).collect();
                Ok(function("$struct", values, SqlType::Struct(fields), position))
            }
            NodeKind::With(values, result) => self.with_expression(values, result, position, context),
            NodeKind::Call(call) => self.call(call, position, context),
        }
    }

    pub(super) fn expressions(&mut self, nodes: &[Node], context: &Context<'_>) -> Result<Vec<Expression>> {
        nodes.iter().map(|node| self.expression(node, context)).collect()
    }

    fn case(
        &mut self,
        operand: Option<&Node>,
        arms: &[(Node, Node)],
        otherwise: Option<&Node>,
        position: Position,
        context: &Context<'_>,
    ) -> Result<Expression> {
        let mut conditions = Vec::new();
        let mut results = Vec::new();
        for (condition, result) in arms {
            conditions.push(self.expression(condition, context)?);
            results.push(self.expression(result, context)?);
        }
        let conditions = if let Some(operand) = operand {
            let operand = self.expression(operand, context)?;
            self.case_of(operand, conditions, position)?
        } else {
            if let Some(bad) = conditions.iter().find(|c| coerce::distance(c, &SqlType::Bool).is_none()) {
                let message = format!(
                    "No matching signature for operator CASE; all WHEN argument types must be BOOL but found: {}",
                    bad.sql_type
                );
                return Err(SqlError::types(message, position));
            }
            conditions
        };
        if let Some(otherwise) = otherwise {
            results.push(self.expression(otherwise, context)?);
        }
        let Some(wanted) = coerce::supertype(results.iter()) else {
            let message = format!(
                "No matching signature for operator CASE; all THEN/ELSE arguments must be coercible to a common type but found: {}",
                operator::argument_types(&results.iter().collect::<Vec<_>>())
            );
            return Err(SqlError::types(message, position));
        };
        let mut results = results.into_iter().map(|r| coerce::coerce(r, &wanted)).collect::<Result<Vec<_>>>()?;
        let otherwise = if otherwise.is_some() { results.pop().map(Box::new) } else { None };
        let conditions = conditions.into_iter().map(|c| coerce::coerce(c, &SqlType::Bool));
        let arms = conditions.zip(results).map(|(c, r)| c.map(|c| (c, r))).collect::<Result<_>>()?;
        Ok(Expression { kind: ExpressionKind::Case { arms, otherwise }, sql_type: wanted, position })
    }

    /// The conditions of `CASE operand WHEN value`.
    fn case_of(&mut self, operand: Expression, values: Vec<Expression>, position: Position) -> Result<Vec<Expression>> {
        let all = std::iter::once(&operand).chain(&values);
        let Some(wanted) = coerce::supertype(all.clone()).filter(coerce::is_comparable) else {
            let types = operator::argument_types(&all.collect::<Vec<_>>());
            let message = format!("No matching signature for operator CASE for argument types: {types}");
            return Err(SqlError::types(message, position));
        };
        let operand = coerce::coerce(operand, &wanted)?;
        let mut conditions = Vec::new();
        for value in values {
            let at = value.position;
            let pair = vec![self.copy(&operand)?, coerce::coerce(value, &wanted)?];
            conditions.push(function("$equal", pair, SqlType::Bool, at));
        }
        Ok(conditions)
    }

    fn array(
        &mut self,
        element: Option<&SqlType>,
        values: &[Node],
        position: Position,
        context: &Context<'_>,
    ) -> Result<Expression> {
        let values = self.expressions(values, context)?;
        let wanted = match element {
            Some(element) => element.clone(),
            None => coerce::supertype(values.iter()).ok_or_else(|| {
                let types = operator::argument_types(&values.iter().collect::<Vec<_>>());
                let message = format!("Array elements of types {{{types}}} do not have a common supertype");
                SqlError::types(message, position)
            })?,
        };
        if matches!(wanted, SqlType::Array(_)) {
            let message = "Cannot construct array with element type ARRAY because nested arrays are not supported";
            return Err(SqlError::types(message, position));
        }
        for value in &values {
            if coerce::distance(value, &wanted).is_none() {
                let message = format!("Array element type {} does not coerce to {wanted}", value.sql_type);
                return Err(SqlError::types(message, value.position));
            }
        }
        let values = values.into_iter().map(|v| coerce::coerce(v, &wanted)).collect::<Result<_>>()?;
        Ok(function("$array", values, SqlType::Array(Box::new(wanted)), position))
    }

    fn structure(
        &mut self,
        declared: Option<&SqlType>,
        values: &[(Node, Option<Name>)],
        position: Position,
        context: &Context<'_>,
    ) -> Result<Expression> {
        let mut fields = Vec::new();
        let mut arguments = Vec::new();
        if let (Some(_), Some(name)) = (declared, values.iter().find_map(|(_, name)| name.as_ref())) {
            let message = "STRUCT constructors cannot specify both an explicit type and field names with AS";
            return Err(SqlError::rule(message, name.position));
        }
        for (node, name) in values {
            let value = self.expression(node, context)?;
            let implied = match &node.kind {
                NodeKind::Path(path) => path.last().map(|n| n.text.clone()),
                NodeKind::Field(_, name) => Some(name.text.clone()),
                _ => None,
            };
            let name = name.as_ref().map(|n| n.text.clone()).or(implied);
            fields.push(StructField { name, sql_type: value.sql_type.clone() });
            arguments.push(value);
        }
        let Some(SqlType::Struct(wanted)) = declared else {
            return Ok(function("$struct", arguments, SqlType::Struct(fields), position));
        };
        if wanted.len() != arguments.len() {
            let message =
                format!("STRUCT type has {} fields but constructor call has {} fields", wanted.len(), arguments.len());
            return Err(SqlError::types(message, position));
        }
        let mut coerced = Vec::new();
        for (index, (value, field)) in arguments.into_iter().zip(wanted).enumerate() {
            if coerce::distance(&value, &field.sql_type).is_none() {
                let message = format!(
                    "Struct field {} has type {} which does not coerce to {}",
                    index + 1,
                    value.sql_type,
                    field.sql_type
                );
                return Err(SqlError::types(message, value.position));
            }
            coerced.push(coerce::coerce(value, &field.sql_type)?);
        }
        Ok(function("$struct", coerced, SqlType::Struct(wanted.clone()), position))
    }
}
