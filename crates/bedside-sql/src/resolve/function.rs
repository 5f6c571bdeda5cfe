//! Functions that statements make: checked when they are made, put in place of their calls.

use super::call::refuse_modifiers;
use super::scope::{Aliases, Context, Scope};
use super::statement::parts;
use super::{Resolver, query};
use crate::catalog::{FunctionDefinition, Routine};
use crate::coerce;
use crate::error::{Result, SqlError};
use crate::syntax::{Call, Name};
use crate::tree::{Expression, ExpressionKind, OnError};
use crate::walk;
use bedside_types::Position;
use std::sync::Arc;

/// Functions inside functions that a call may go through.
const MAX_CALLS: usize = 32;

impl Resolver<'_> {
    /// The function of that path: a session's, which views do not see, or a dataset's.
    pub(super) fn made_function(&self, path: &[Name]) -> Option<Arc<FunctionDefinition>> {
        match path {
            [name] if !name.text.contains('.') => {
                if self.views.is_empty() {
                    self.catalog.function(&name.text)
                } else {
                    None
                }
            }
            _ => match self.catalog.routine(&parts(path)) {
                Some(Routine::Function(function)) => Some(function),
                _ => None,
            },
        }
    }

    pub(super) fn call_made(
        &mut self,
        function: &FunctionDefinition,
        call: &Call,
        position: Position,
        context: &Context<'_>,
    ) -> Result<Expression> {
        if function.aggregate {
            return self.call_made_aggregate(function, call, position, context);
        }
        refuse_modifiers(call, &function.name.to_ascii_uppercase(), position)?;
        if let Some((name, _)) = call.named.first() {
            return Err(SqlError::unsupported("A named argument of a function made by a statement", name.position));
        }
        if call.star || call.arguments.len() != function.parameters.len() {
            return Err(no_signature(function, &[], call.arguments.len(), position));
        }
        let resolved = self.expressions(&call.arguments, context)?;
        let mut arguments = Vec::new();
        for (argument, parameter) in resolved.iter().zip(&function.parameters) {
            arguments.push(match &parameter.sql_type {
                None => argument.clone(),
                Some(sql_type) if coerce::is_null(argument) => query::null(sql_type.clone(), argument.position),
                Some(sql_type) if coerce::distance(argument, sql_type).is_some() => {
                    coerce::coerce(argument.clone(), sql_type)?
                }
                Some(_) => return Err(no_signature(function, &resolved, resolved.len(), position)),
            });
        }
        if arguments.iter().any(holds_volatile) {
            let what = format!("A random argument of the function {}", function.name);
            return Err(SqlError::unsupported(what, position).with_hint("compute it in a subquery first"));
        }
        self.inlined(function, arguments, position)
    }

    /// The body with its parameters' values, as a value of the declared type.
    pub(super) fn inlined(
        &mut self,
        function: &FunctionDefinition,
        arguments: Vec<Expression>,
        position: Position,
    ) -> Result<Expression> {
        if self.function_calls >= MAX_CALLS {
            let message = format!("Function {} is nested too deeply: more than {MAX_CALLS} levels", function.name);
            return Err(SqlError::too_large(message, position));
        }
        let mut aliases = Aliases::default();
        for (parameter, argument) in function.parameters.iter().zip(arguments) {
            aliases.add(Some(&parameter.name.text), argument);
        }
        let scope = Scope::default();
        let clause = "SQL function body for non-AGGREGATE function";
        let context = Context { aliases: Some(&aliases), ..Context::plain(&scope, None, clause) };
        let value = self.elsewhere(function, |resolver| resolver.expression(&function.body, &context));
        let mut value = value?;
        value.position = position;
        returned(function, value, position)
    }

    /// A step over a body, which was written elsewhere: no CTE, parameter or variable of this statement is meant by its names,
    /// and bare names in one that is kept are of the dataset that was the default then.
    pub(super) fn elsewhere<T>(
        &mut self,
        function: &FunctionDefinition,
        step: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        let ctes = std::mem::take(&mut self.ctes);
        self.function_calls += 1;
        self.views.extend(function.kept.clone());
        let done = step(self);
        self.views.truncate(self.views.len() - usize::from(function.kept.is_some()));
        self.function_calls -= 1;
        self.ctes = ctes;
        done
    }
}

/// A body's value as one of the declared type.
pub(super) fn returned(function: &FunctionDefinition, value: Expression, position: Position) -> Result<Expression> {
    let Some(returns) = &function.returns else { return Ok(value) };
    if coerce::distance(&value, returns).is_none() {
        let message = format!(
            "Function declared to return {returns} but the function body produces incompatible type {}",
            value.sql_type
        );
        return Err(SqlError::types(message, position));
    }
    if coerce::is_null(&value) {
        return Ok(query::null(returns.clone(), position));
    }
    let value = coerce::coerce(value, returns)?;
    Ok(match value.kind {
        // A literal would go on adapting to what stands around the call.
        ExpressionKind::Literal(_) => {
            let sql_type = value.sql_type.clone();
            let kind = ExpressionKind::Cast { operand: Box::new(value), on_error: OnError::Fail };
            Expression { kind, sql_type, position }
        }
        _ => value,
    })
}

pub(super) fn no_signature(
    function: &FunctionDefinition,
    arguments: &[Expression],
    given: usize,
    position: Position,
) -> SqlError {
    let types: Vec<String> = arguments.iter().map(|argument| argument.sql_type.to_string()).collect();
    let parameters = function.parameters.iter().map(|parameter| match &parameter.sql_type {
        Some(sql_type) => sql_type.to_string(),
        None => "ANY".to_owned(),
    });
    let parameters: Vec<String> = parameters.collect();
    let found = match (types.is_empty(), given) {
        (_, 0) => "with no arguments".to_owned(),
        (true, given) => format!("with {given} argument{}", if given == 1 { "" } else { "s" }),
        (false, _) => format!("for argument types: {}", types.join(", ")),
    };
    let name = &function.name;
    let message = format!(
        "No matching signature for function {name} {found}. Supported signature: {name}({})",
        parameters.join(", ")
    );
    SqlError::types(message, position)
}

pub(super) fn holds_volatile(expression: &Expression) -> bool {
    if let ExpressionKind::Call { function, .. } = &expression.kind
        && walk::is_volatile(function)
    {
        return true;
    }
    let mut found = false;
    walk::operands(expression, &mut |operand| found |= holds_volatile(operand));
    found
}
