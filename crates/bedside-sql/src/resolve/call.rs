//! Function calls.

use super::arguments::{Arranged, arranged};
use super::operator::argument_types;
use super::scope::Context;
use super::{Resolver, collation, part, range};
use crate::coerce;
use crate::error::{Result, SqlError};
use crate::registry::{self, FunctionKind, Registered, Template};
use crate::syntax::{Call, Name, Node, NodeKind};
use crate::tree::{Expression, ExpressionKind, OnError};
use bedside_types::{Position, SqlType, Value};

impl Resolver<'_> {
    pub(super) fn call(&mut self, call: &Call, position: Position, context: &Context<'_>) -> Result<Expression> {
        let (name, on_error) = match call.path.as_slice() {
            [name] => (name.text.clone(), OnError::Fail),
            [prefix, path @ ..] if prefix.text.eq_ignore_ascii_case("SAFE") => (dotted(path), OnError::Null),
            path => (dotted(path), OnError::Fail),
        };
        if let Some(function) = self.made_function(&call.path) {
            return self.call_made(&function, call, position, context);
        }
        let lower = name.to_ascii_lowercase();
        if lower == "grouping" && on_error == OnError::Fail {
            return self.grouping(call, position, context);
        }
        let registered = match registry::lookup(&lower) {
            Some(registered) if !lower.starts_with('$') && lower != "count_star" && lower != "extract" => registered,
            _ => return Err(unknown_function(&name, call)),
        };
        let upper = name.to_ascii_uppercase();
        if call.star && lower != "count" {
            return Err(SqlError::rule("Argument * can only be used in COUNT(*)", position));
        }
        let arranged = match arranged(call, registered)? {
            Arranged::AsWritten => None,
            Arranged::Filled(call) => Some(call),
            Arranged::NoSignature => {
                let arguments = self.arguments(registered, &call.arguments, context)?;
                return Err(no_function(&lower, registered, &arguments, position));
            }
        };
        let call = arranged.as_deref().unwrap_or(call);
        match registered.function.kind {
            FunctionKind::Scalar => {
                refuse_modifiers(call, &upper, position)?;
                if lower == "if" {
                    return self.if_call(&call.arguments, position, context);
                }
                let arguments = self.arguments(registered, &call.arguments, context)?;
                named_function(&lower, arguments, on_error, position)
            }
            FunctionKind::Aggregate | FunctionKind::Window if on_error == OnError::Null => {
                let message = format!("Function {upper} does not support SAFE error mode");
                Err(SqlError::rule(message, position))
            }
            FunctionKind::Aggregate if call.over.is_none() => self.aggregate(call, registered, position, context),
            FunctionKind::Aggregate | FunctionKind::Window => self.window(call, registered, position, context),
        }
    }

    /// Arguments, date parts as texts in capitals and `INTERVAL n part` as two.
    pub(super) fn arguments(
        &mut self,
        registered: &Registered,
        nodes: &[Node],
        context: &Context<'_>,
    ) -> Result<Vec<Expression>> {
        let takes_part = |index: usize| {
            let mut parameters = registered.signatures.iter().filter_map(|s| s.parameters.get(index));
            parameters.any(|p| p.template == Template::Part)
        };
        let mut arguments = Vec::new();
        for node in nodes {
            let index = arguments.len();
            match &node.kind {
                NodeKind::Interval { amount, part, to: None } if takes_part(index + 1) => {
                    arguments.push(self.interval_amount(amount, context)?);
                    arguments.push(part::of_name(part)?);
                }
                _ if takes_part(index) => {
                    if let Some(part) = part::of_node(node)? {
                        arguments.push(part);
                    } else {
                        let found = part::written(node);
                        let message = format!("A valid date part name is required but found {found}");
                        return Err(SqlError::name(message, node.position));
                    }
                }
                NodeKind::Path(path) if index == 1 && registered.function.name.starts_with("normalize") => {
                    arguments.push(normal_form(&path[0])?);
                }
                _ => arguments.push(self.expression(node, context)?),
            }
        }
        Ok(arguments)
    }

    fn if_call(&mut self, nodes: &[Node], position: Position, context: &Context<'_>) -> Result<Expression> {
        let arguments = self.expressions(nodes, context)?;
        let registered = registry::lookup("if");
        let chosen = registered.and_then(|r| super::signature::choose(&r.signatures, &arguments));
        let (Some(registered), Some(chosen)) = (registered, chosen) else {
            let types = argument_types(&arguments.iter().collect::<Vec<_>>());
            let message = format!(
                "No matching signature for function IF for argument types: {types}. Supported signature: IF(BOOL, ANY, ANY)"
            );
            return Err(SqlError::types(message, position));
        };
        let mut arguments = chosen.coerce(arguments)?;
        match (arguments.pop(), arguments.pop(), arguments.pop()) {
            (Some(otherwise), Some(result), Some(condition)) => {
                let kind =
                    ExpressionKind::Case { arms: vec![(condition, result)], otherwise: Some(Box::new(otherwise)) };
                Ok(Expression { kind, sql_type: chosen.result, position })
            }
            _ => Err(no_function("if", registered, &arguments, position)),
        }
    }
}

/// `NET.HOST`.
fn dotted(path: &[Name]) -> String {
    path.iter().map(|name| name.text.as_str()).collect::<Vec<_>>().join(".")
}

/// A scalar function with its arguments resolved.
pub(super) fn named_function(
    name: &str,
    arguments: Vec<Expression>,
    on_error: OnError,
    position: Position,
) -> Result<Expression> {
    let Some(registered) = registry::lookup(name) else {
        return Err(SqlError::internal(format!("no function {name}"), position));
    };
    let arguments = if registered.function.name == "concat" { as_text(arguments) } else { arguments };
    // A double, even a literal one, is no operand of these unless a NUMERIC one makes it one.
    let double = |e: &Expression| e.sql_type == SqlType::Float64;
    let exact = |e: &Expression| matches!(e.sql_type, SqlType::Numeric | SqlType::BigNumeric);
    let no_double = match registered.function.name {
        "mod" | "div" => true,
        // With a rounding mode.
        "round" => arguments.len() > 2,
        _ => false,
    };
    if no_double && arguments.iter().any(double) && !arguments.iter().any(exact) {
        return Err(no_function(name, registered, &arguments, position));
    }
    if registered.function.name == "array_concat" && arguments.iter().any(coerce::is_null) {
        let message = "The argument to ARRAY_CONCAT (or ARRAY_CONCAT_AGG) must be an array type but was NULL";
        return Err(SqlError::types(message, position));
    }
    range::check(registered.function.name, &arguments, position)?;
    let Some(chosen) = super::signature::choose(&registered.signatures, &arguments) else {
        return Err(no_function(name, registered, &arguments, position));
    };
    let written = arguments.first().map(|first| first.sql_type.clone());
    let collated = collation::is_among(&arguments);
    let arguments = chosen.coerce(arguments)?;
    part::check(registered.function.name, &name.to_ascii_uppercase(), written.as_ref(), &arguments)?;
    let function = match registered.function.name {
        // The type is known before any row is.
        "typeof" => {
            let name = written.map_or_else(String::new, |sql_type| sql_type.to_string());
            return Ok(super::literal(Value::String(name), SqlType::String, position));
        }
        "collate" => return collation::collate(arguments, position),
        "ifnull" => "coalesce",
        "safe_add" => return Ok(safe("$add", arguments, chosen.result, position)),
        "safe_subtract" => return Ok(safe("$subtract", arguments, chosen.result, position)),
        "safe_multiply" => return Ok(safe("$multiply", arguments, chosen.result, position)),
        "safe_divide" => return Ok(safe("$divide", arguments, chosen.result, position)),
        "safe_negate" => return Ok(safe("$negate", arguments, chosen.result, position)),
        other => other,
    };
    let (arguments, sql_type) = if collated {
        collation::applied(function, arguments, chosen.result, position)?
    } else {
        (arguments, chosen.result)
    };
    Ok(Expression { kind: ExpressionKind::Call { function, arguments, on_error }, sql_type, position })
}

/// `NFC` and its like, which stand as bare words.
fn normal_form(name: &Name) -> Result<Expression> {
    let upper = name.text.to_ascii_uppercase();
    if !["NFC", "NFD", "NFKC", "NFKD"].contains(&upper.as_str()) {
        let message = format!("A valid normalization mode is required but found {}", name.text);
        return Err(SqlError::name(message, name.position).with_hint("write NFC, NFD, NFKC or NFKD"));
    }
    Ok(super::literal(Value::String(upper), SqlType::String, name.position))
}

fn safe(function: &'static str, arguments: Vec<Expression>, sql_type: SqlType, position: Position) -> Expression {
    Expression { kind: ExpressionKind::Call { function, arguments, on_error: OnError::Null }, sql_type, position }
}

/// `CONCAT` and `||` write numbers, booleans and times as text where there is no BYTES or ARRAY.
pub(super) fn as_text(operands: Vec<Expression>) -> Vec<Expression> {
    let castable = |e: &Expression| coerce::castable(&e.sql_type, &SqlType::String);
    if !operands.iter().all(castable) || operands.iter().any(|e| e.sql_type == SqlType::Bytes) {
        return operands;
    }
    let text = |operand: Expression| {
        if matches!(operand.sql_type, SqlType::String | SqlType::Collated) || coerce::is_null(&operand) {
            return operand;
        }
        let position = operand.position;
        let kind = ExpressionKind::Cast { operand: Box::new(operand), on_error: OnError::Fail };
        Expression { kind, sql_type: SqlType::String, position }
    };
    operands.into_iter().map(text).collect()
}

/// An INT64 constant argument's value.
pub(super) fn constant_integer(argument: &Expression) -> Option<i64> {
    match argument.kind {
        ExpressionKind::Literal(Value::Int64(value)) => Some(value),
        _ => None,
    }
}

pub(super) fn refuse_modifiers(call: &Call, upper: &str, position: Position) -> Result<()> {
    let refused = if call.distinct {
        format!("Non-aggregate function {upper} cannot be called with DISTINCT")
    } else if call.ignore_nulls.is_some() {
        format!("IGNORE NULLS and RESPECT NULLS are not supported on scalar function {upper}")
    } else if !call.order.is_empty() || call.limit.is_some() || call.having.is_some() {
        format!("ORDER BY, LIMIT and HAVING in arguments are not supported on scalar function {upper}")
    } else if call.over.is_some() {
        format!("Analytic function call is not supported for scalar function {upper}")
    } else {
        return Ok(());
    };
    Err(SqlError::rule(refused, position))
}

fn unknown_function(name: &str, call: &Call) -> SqlError {
    let position = call.path[0].position;
    if let Some(refused) = registry::refused_function(name) {
        return SqlError::refused(name, refused, position);
    }
    let near = registry::nearest_function(name);
    if let Some(hint) = elsewhere(&name.to_ascii_lowercase()) {
        return SqlError::name(format!("Function not found: {name}"), position).with_hint(hint);
    }
    let known = near.map(|n| format!("; Did you mean {n}?")).unwrap_or_default();
    SqlError::name(format!("Function not found: {name}{known}"), position)
}

/// Functions that people bring from other dialects.
fn elsewhere(name: &str) -> Option<&'static str> {
    Some(match name {
        "generate_series" => "GoogleSQL has GENERATE_ARRAY, with UNNEST",
        "to_char" => "GoogleSQL has FORMAT_DATE, FORMAT_DATETIME, FORMAT_TIMESTAMP",
        "to_timestamp" => "GoogleSQL has PARSE_TIMESTAMP",
        "to_date" => "GoogleSQL has PARSE_DATE",
        "quantile_cont" => "GoogleSQL has PERCENTILE_CONT(x, p) OVER ()",
        "date_part" | "datepart" => "GoogleSQL has EXTRACT(part FROM x)",
        "age" => "GoogleSQL has DATETIME_DIFF(a, b, part)",
        "now" | "getdate" => "GoogleSQL has CURRENT_DATETIME and CURRENT_TIMESTAMP",
        "nvl" | "isnull" => "GoogleSQL has IFNULL and COALESCE",
        "len" => "GoogleSQL has LENGTH",
        "median" => "GoogleSQL has PERCENTILE_CONT(x, 0.5) OVER () and APPROX_QUANTILES(x, 2)[OFFSET(1)]",
        "group_concat" | "listagg" => "GoogleSQL has STRING_AGG",
        "mode" => "GoogleSQL has APPROX_TOP_COUNT(x, 1)[OFFSET(0)].value",
        "percentile" => "GoogleSQL has APPROX_QUANTILES(x, 100)[OFFSET(n)]",
        "first" | "last" => "GoogleSQL has ARRAY_AGG(x ORDER BY … LIMIT 1)[OFFSET(0)] and FIRST_VALUE",
        "string_to_array" => "GoogleSQL has SPLIT",
        "dateadd" => "GoogleSQL has DATETIME_ADD(x, INTERVAL n part)",
        "datediff" => "GoogleSQL has DATETIME_DIFF(later, earlier, part)",
        "to_number" => "GoogleSQL has SAFE_CAST(x AS NUMERIC)",
        "charindex" | "position" => "GoogleSQL has STRPOS",
        "width_bucket" => "GoogleSQL has RANGE_BUCKET",
        _ => return None,
    })
}

pub(super) fn no_function(
    name: &str,
    registered: &Registered,
    arguments: &[Expression],
    position: Position,
) -> SqlError {
    let upper = name.to_ascii_uppercase();
    let kind = if registered.function.kind == FunctionKind::Scalar { "" } else { "aggregate " };
    let kind = if registered.function.kind == FunctionKind::Window { "analytic " } else { kind };
    let types = if arguments.is_empty() {
        "with no arguments".to_owned()
    } else {
        format!("for argument types: {}", argument_types(&arguments.iter().collect::<Vec<_>>()))
    };
    let supported: Vec<String> = registered.function.signatures.iter().map(|s| written(&upper, s)).collect();
    let plural = if supported.len() == 1 { "" } else { "s" };
    let message = format!(
        "No matching signature for {kind}function {upper} {types}. Supported signature{plural}: {}",
        supported.join("; ")
    );
    SqlError::types(message, position)
}

/// A signature as in messages: `SUBSTR(STRING, INT64, [INT64])`.
fn written(upper: &str, signature: &str) -> String {
    let arguments = signature.split("->").next().unwrap_or_default().trim();
    let arguments: Vec<String> = arguments
        .split(", ")
        .map(|argument| {
            let argument = argument.replace("const ", "");
            // What stands for an argument that is left out is not part of its type.
            let argument = match argument.split_once(" = ") {
                Some((named, _)) => format!("[{}]", named.trim_start_matches('[')),
                None => argument,
            };
            let (letters, rest) = (["T", "U", "O", "E"], argument.trim_matches(['[', ']', '.']));
            if letters.contains(&rest) {
                argument.replace(rest, "ANY")
            } else {
                argument.replace("PART", "DATE_TIME_PART")
            }
        })
        .collect();
    format!("{upper}({})", arguments.join(", "))
}
