//! Functions that statements make: checked when they are made, put in place of their calls.

use super::call::refuse_modifiers;
use super::scope::{Aliases, Context, Scope};
use super::{Resolver, query};
use crate::catalog::FunctionDefinition;
use crate::coerce;
use crate::error::{Result, SqlError};
use crate::syntax::{Call, CreateFunction, CreateMode};
use crate::tree::{Change, Expression, ExpressionKind, OnError, Operation};
use crate::walk;
use bedside_types::{Position, SqlType};
use std::sync::Arc;

/// Functions inside functions that a call may go through.
const MAX_CALLS: usize = 32;

impl Resolver<'_> {
    pub(super) fn create_function(&mut self, create: &CreateFunction) -> Result<Change> {
        let position = create.name.position;
        let existing = self.catalog.function(&create.name.text).is_some();
        let operation = match (existing, create.mode) {
            (false, _) => Operation::Create,
            (true, CreateMode::Replace) => Operation::Replace,
            (true, CreateMode::IfNotExists) => Operation::Skip,
            (true, CreateMode::Plain) => {
                let message = format!("Already Exists: Function {}", create.name.text);
                return Err(SqlError::new(crate::SqlErrorKind::Exists, message, position));
            }
        };
        let returns = match &create.returns {
            Some(declared) if !declared.parameters.is_empty() => {
                let what = "A type with parameters here";
                return Err(SqlError::unsupported(what, declared.position));
            }
            declared => declared.as_ref().map(|declared| declared.sql_type.clone()),
        };
        let function = FunctionDefinition {
            name: create.name.text.clone(),
            parameters: create.parameters.clone(),
            returns,
            body: create.body.clone(),
        };
        // With parameters of any type the body means something only where types are known.
        if create.parameters.iter().all(|parameter| parameter.sql_type.is_some()) {
            let arguments = create.parameters.iter().map(|parameter| {
                let sql_type = parameter.sql_type.clone().unwrap_or(SqlType::Int64);
                // A column that nothing gives: a value of which only the type is known.
                Expression {
                    kind: ExpressionKind::Column(self.new_column()),
                    sql_type,
                    position: parameter.name.position,
                }
            });
            let arguments = arguments.collect::<Vec<_>>();
            self.inlined(&function, arguments, create.body.position)?;
        }
        Ok(Change::CreateFunction { operation, function: Arc::new(function) })
    }

    /// The function of that name; views see none.
    pub(super) fn made_function(&self, name: &str) -> Option<Arc<FunctionDefinition>> {
        if self.views.is_empty() { self.catalog.function(name) } else { None }
    }

    pub(super) fn call_made(
        &mut self,
        function: &FunctionDefinition,
        call: &Call,
        position: Position,
        context: &Context<'_>,
    ) -> Result<Expression> {
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
    fn inlined(
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
        // The body was written elsewhere: no CTE of this statement is meant by its names.
        let ctes = std::mem::take(&mut self.ctes);
        self.function_calls += 1;
        let value = self.expression(&function.body, &context);
        self.function_calls -= 1;
        self.ctes = ctes;
        let mut value = value?;
        value.position = position;
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
}

fn no_signature(function: &FunctionDefinition, arguments: &[Expression], given: usize, position: Position) -> SqlError {
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
