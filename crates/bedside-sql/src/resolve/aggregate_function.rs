//! Aggregate functions that statements make: the body with the arguments in place of its parameters, resolved where it is called.

use super::Resolver;
use super::call::refuse_modifiers;
use super::function::{no_signature, returned};
use super::scope::{Allowed, Calls, Context, Range, Scope, ScopeColumn};
use crate::catalog::FunctionDefinition;
use crate::coerce;
use crate::error::{Result, SqlError};
use crate::syntax::{Call, CastFormat, Declared, Node, NodeKind};
use crate::tree::Expression;
use bedside_types::{Position, SqlType};

impl Resolver<'_> {
    /// A call. Its arguments are looked at first, as rows' values; then they stand in the body, which is resolved at the place
    /// of the call.
    pub(super) fn call_made_aggregate(
        &mut self,
        function: &FunctionDefinition,
        call: &Call,
        position: Position,
        context: &Context<'_>,
    ) -> Result<Expression> {
        if call.over.is_some() {
            let what = format!("The aggregate function {} with OVER", function.name);
            return Err(
                SqlError::unsupported(what, position).with_hint("write its expression with OVER at each aggregate")
            );
        }
        refuse_modifiers(call, &function.name.to_ascii_uppercase(), position)?;
        if call.star || !call.named.is_empty() || call.arguments.len() != function.parameters.len() {
            return Err(no_signature(function, &[], call.arguments.len(), position));
        }
        let inside = context.inside_aggregate();
        let resolved = self.expressions(&call.arguments, &inside)?;
        let mut arguments = Vec::new();
        for ((argument, parameter), node) in resolved.iter().zip(&function.parameters).zip(&call.arguments) {
            let sql_type = match &parameter.sql_type {
                None => argument.sql_type.clone(),
                Some(sql_type) if coerce::distance(argument, sql_type).is_some() => sql_type.clone(),
                Some(_) => return Err(no_signature(function, &resolved, resolved.len(), position)),
            };
            let kind = if argument.sql_type == sql_type {
                node.kind.clone()
            } else {
                let to = Declared { sql_type, parameters: Vec::new(), position };
                NodeKind::Cast { operand: Box::new(node.clone()), to, safe: false, format: None }
            };
            arguments.push((parameter.name.text.to_lowercase(), Node { kind, position }));
        }
        let body = substituted(&function.body, &arguments, position)?;
        let mut value = self.expression(&body, context)?;
        value.position = position;
        returned(function, value, position)
    }

    /// The type of a body whose parameters have declared types.
    pub(super) fn check_aggregate(&mut self, function: &FunctionDefinition, position: Position) -> Result<SqlType> {
        let columns = function.parameters.iter().map(|parameter| ScopeColumn {
            name: Some(parameter.name.text.clone()),
            id: self.new_column(),
            field: None,
            sql_type: parameter.sql_type.clone().unwrap_or(SqlType::Int64),
        });
        let scope = Scope::of_range(None, Range::new(columns.collect(), None));
        let calls = Calls::default();
        let clause = "SQL function body";
        let context =
            Context { calls: Some(&calls), allowed: Allowed::Aggregates, ..Context::plain(&scope, None, clause) };
        let value = self.elsewhere(function, |resolver| resolver.expression(&function.body, &context))?;
        Ok(returned(function, value, position)?.sql_type)
    }
}

/// A body with nodes in place of the names of its parameters, all of it at one place.
fn substituted(node: &Node, arguments: &[(String, Node)], position: Position) -> Result<Node> {
    let one = |node: &Node| substituted(node, arguments, position);
    let boxed = |node: &Node| one(node).map(Box::new);
    let all = |nodes: &[Node]| nodes.iter().map(one).collect::<Result<Vec<_>>>();
    let kind = match &node.kind {
        NodeKind::Path(path) => {
            let first = path.first().map(|name| name.text.to_lowercase()).unwrap_or_default();
            let Some((_, argument)) = arguments.iter().find(|(name, _)| *name == first) else {
                return Ok(Node { kind: node.kind.clone(), position });
            };
            let fields = path.iter().skip(1);
            return Ok(fields.fold(argument.clone(), |node, name| Node {
                kind: NodeKind::Field(Box::new(node), name.clone()),
                position,
            }));
        }
        NodeKind::Null
        | NodeKind::Bool(_)
        | NodeKind::Integer(_)
        | NodeKind::Float(_)
        | NodeKind::String(_)
        | NodeKind::Bytes(_)
        | NodeKind::Typed(..) => node.kind.clone(),
        NodeKind::Field(operand, name) => NodeKind::Field(boxed(operand)?, name.clone()),
        NodeKind::Subscript(array, access, index) => NodeKind::Subscript(boxed(array)?, *access, boxed(index)?),
        NodeKind::Negate(operand) => NodeKind::Negate(boxed(operand)?),
        NodeKind::Plus(operand) => NodeKind::Plus(boxed(operand)?),
        NodeKind::BitNot(operand) => NodeKind::BitNot(boxed(operand)?),
        NodeKind::Not(operand) => NodeKind::Not(boxed(operand)?),
        NodeKind::Binary(binary, left, right) => NodeKind::Binary(*binary, boxed(left)?, boxed(right)?),
        NodeKind::And(operands) => NodeKind::And(all(operands)?),
        NodeKind::Or(operands) => NodeKind::Or(all(operands)?),
        NodeKind::Concat(operands) => NodeKind::Concat(all(operands)?),
        NodeKind::Is { operand, test, negated } => {
            NodeKind::Is { operand: boxed(operand)?, test: *test, negated: *negated }
        }
        NodeKind::Like { operand, pattern, negated } => {
            NodeKind::Like { operand: boxed(operand)?, pattern: boxed(pattern)?, negated: *negated }
        }
        NodeKind::Between { operand, low, high, negated } => {
            NodeKind::Between { operand: boxed(operand)?, low: boxed(low)?, high: boxed(high)?, negated: *negated }
        }
        NodeKind::InList { operand, values, negated } => {
            NodeKind::InList { operand: boxed(operand)?, values: all(values)?, negated: *negated }
        }
        NodeKind::Case { operand, arms, otherwise } => NodeKind::Case {
            operand: operand.as_deref().map(boxed).transpose()?,
            arms: arms.iter().map(|(when, then)| Ok((one(when)?, one(then)?))).collect::<Result<_>>()?,
            otherwise: otherwise.as_deref().map(boxed).transpose()?,
        },
        NodeKind::Cast { operand, to, safe, format } => NodeKind::Cast {
            operand: boxed(operand)?,
            to: to.clone(),
            safe: *safe,
            format: format
                .as_deref()
                .map(|f| {
                    Ok(Box::new(CastFormat { pattern: one(&f.pattern)?, zone: f.zone.as_ref().map(one).transpose()? }))
                })
                .transpose()?,
        },
        NodeKind::Struct { declared, values } => {
            let values = values.iter().map(|(value, name)| Ok((one(value)?, name.clone())));
            NodeKind::Struct { declared: declared.clone(), values: values.collect::<Result<_>>()? }
        }
        NodeKind::Array { element, values } => NodeKind::Array { element: element.clone(), values: all(values)? },
        NodeKind::Call(call) => {
            let mut call = call.as_ref().clone();
            call.arguments = all(&call.arguments)?;
            for (_, value) in &mut call.named {
                *value = one(value)?;
            }
            for item in &mut call.order {
                item.node = one(&item.node)?;
            }
            if let Some((_, value)) = &mut call.having {
                *value = one(value)?;
            }
            NodeKind::Call(Box::new(call))
        }
        _ => {
            return Err(SqlError::unsupported("This expression in the body of an aggregate function", position)
                .with_hint("its body may have aggregates, operators, CASE, CAST, IN (…) and calls of functions"));
        }
    };
    Ok(Node { kind, position })
}
