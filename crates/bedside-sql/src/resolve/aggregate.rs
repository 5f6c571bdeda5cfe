//! Aggregates over groups.

use super::call::{constant_integer, no_function};
use super::query::sort_key;
use super::scope::Context;
use super::{Resolver, column};
use crate::coerce;
use crate::error::{Result, SqlError};
use crate::registry::Registered;
use crate::syntax::Call;
use crate::tree::{AggregateCall, Duplicates, Expression, ExpressionKind, Extreme, NullHandling};
use bedside_types::{Position, SqlType, Value};

impl Resolver<'_> {
    /// An aggregate call: the column that stands for it, the call itself going to the SELECT's list.
    pub(super) fn aggregate(
        &mut self,
        call: &Call,
        registered: &Registered,
        position: Position,
        context: &Context<'_>,
    ) -> Result<Expression> {
        let upper = call.path[0].text.to_ascii_uppercase();
        let calls = context.aggregates(&upper, position)?;
        let resolved = self.aggregate_call(call, registered, position, &context.inside_aggregate())?;
        let sql_type = resolved.sql_type.clone();
        let same = |other: &AggregateCall| crate::walk::same_aggregate(other, &resolved);
        let known = calls.aggregates.borrow().iter().find(|(_, other)| same(other)).map(|(id, _)| *id);
        let id = known.unwrap_or_else(|| {
            let id = self.new_column();
            calls.aggregates.borrow_mut().push((id, resolved));
            id
        });
        Ok(column(id, sql_type, position))
    }

    /// The call with its modifiers, also for windows.
    pub(super) fn aggregate_call(
        &mut self,
        call: &Call,
        registered: &Registered,
        position: Position,
        context: &Context<'_>,
    ) -> Result<AggregateCall> {
        let written = call.path[call.path.len() - 1].text.to_ascii_uppercase();
        if call.star {
            if call.distinct {
                return Err(SqlError::rule("COUNT(*) cannot be used with DISTINCT", position));
            }
            refuse_modifiers(call, "COUNT(*)", Takes::default(), position)?;
            return Ok(bare("count_star", Vec::new(), SqlType::Int64, position));
        }
        let name = registered.function.name;
        refuse_modifiers(call, &written, Takes::of(name), position)?;
        let arguments = self.arguments(registered, &call.arguments, context)?;
        let Some(chosen) = super::signature::choose(&registered.signatures, &arguments) else {
            return Err(no_function(&written, registered, &arguments, position));
        };
        let arguments = chosen.coerce(arguments)?;
        check_constants(&written, registered, &arguments)?;
        let arguments = if name == "hll_count.init" { vec![hashed(arguments, position)] } else { arguments };
        let mut result = bare(name, arguments, chosen.result, position);
        result.null_handling = match call.ignore_nulls {
            Some(true) => NullHandling::Ignore,
            Some(false) => NullHandling::Respect,
            None => default_null_handling(name),
        };
        if call.distinct {
            let groupable = result.arguments.first().is_none_or(|a| coerce::is_groupable(&a.sql_type));
            if !groupable {
                let message = format!(
                    "Aggregate functions with DISTINCT cannot be used with arguments of type {}",
                    result.arguments[0].sql_type
                );
                return Err(SqlError::types(message, position));
            }
            result.duplicates = Duplicates::Removed;
        }
        for item in &call.order {
            let key = self.expression(&item.node, context)?;
            if call.distinct && !result.arguments.iter().any(|argument| crate::walk::same(argument, &key)) {
                let message = "An aggregate function that has both DISTINCT and ORDER BY arguments can only ORDER BY \
                               expressions that are arguments to the function";
                return Err(SqlError::rule(message, key.position));
            }
            result.order.push(sort_key(item, key)?);
        }
        if let Some(limit) = &call.limit {
            result.limit = Some(self.row_count(limit)?);
        }
        if let Some((max, node)) = &call.having {
            let extreme = if *max { Extreme::Max } else { Extreme::Min };
            result.having = Some((extreme, Box::new(self.expression(node, context)?)));
        }
        if matches!(name, "max_by" | "min_by") {
            let by = result.arguments.pop();
            let extreme = if name == "max_by" { Extreme::Max } else { Extreme::Min };
            result.function = "any_value";
            result.having = by.map(|by| (extreme, Box::new(by)));
        }
        if let Some((_, key)) = result.having.as_ref().filter(|(_, key)| !coerce::is_orderable(&key.sql_type)) {
            let message = format!("HAVING modifier does not support expressions of type {}", key.sql_type);
            return Err(SqlError::types(message, key.position));
        }
        Ok(result)
    }
}

fn bare(function: &'static str, arguments: Vec<Expression>, sql_type: SqlType, position: Position) -> AggregateCall {
    AggregateCall {
        function,
        arguments,
        sql_type,
        duplicates: Duplicates::Kept,
        null_handling: NullHandling::Ignore,
        order: Vec::new(),
        limit: None,
        having: None,
        position,
    }
}

/// A sketch is made of hashes that say its precision.
fn hashed(arguments: Vec<Expression>, position: Position) -> Expression {
    super::function("$hll_hash", arguments, SqlType::Int64, position)
}

/// NULLs stay for functions that pick or collect values.
fn default_null_handling(name: &str) -> NullHandling {
    match name {
        "array_agg" | "any_value" | "first_value" | "last_value" | "nth_value" | "lag" | "lead" => {
            NullHandling::Respect
        }
        _ => NullHandling::Ignore,
    }
}

/// Which modifiers a function takes: DISTINCT, IGNORE NULLS, ORDER BY and LIMIT, HAVING
/// (<https://cloud.google.com/bigquery/docs/reference/standard-sql/aggregate_functions>).
#[derive(Clone, Copy, Default)]
#[allow(clippy::struct_excessive_bools)] // a row of a table, one column per modifier
struct Takes {
    distinct: bool,
    nulls: bool,
    order: bool,
    having: bool,
}

impl Takes {
    fn of(name: &str) -> Self {
        let distinct = !matches!(
            name,
            "any_value"
                | "approx_count_distinct"
                | "approx_top_count"
                | "approx_top_sum"
                | "array_concat_agg"
                | "corr"
                | "covar_pop"
                | "covar_samp"
                | "hll_count.init"
                | "hll_count.merge"
                | "hll_count.merge_partial"
                | "kll_quantiles.init_float64"
                | "kll_quantiles.init_int64"
                | "kll_quantiles.merge_float64"
                | "kll_quantiles.merge_int64"
                | "kll_quantiles.merge_partial"
                | "kll_quantiles.merge_point_float64"
                | "kll_quantiles.merge_point_int64"
                | "max_by"
                | "min_by"
        );
        let collects = matches!(name, "array_agg" | "string_agg" | "array_concat_agg");
        let picks = matches!(name, "first_value" | "last_value" | "nth_value" | "percentile_cont" | "percentile_disc");
        Self {
            distinct: distinct && !picks,
            nulls: picks || matches!(name, "array_agg" | "approx_quantiles"),
            order: collects,
            having: !picks && !matches!(name, "max_by" | "min_by"),
        }
    }
}

fn refuse_modifiers(call: &Call, written: &str, takes: Takes, position: Position) -> Result<()> {
    let refused = if call.distinct && !takes.distinct {
        format!("Aggregate function {written} does not support DISTINCT in arguments")
    } else if call.ignore_nulls.is_some() && !takes.nulls {
        let kind = if call.over.is_some() { "analytic" } else { "aggregate" };
        format!("IGNORE NULLS and RESPECT NULLS are not allowed for {kind} function {written}")
    } else if !call.order.is_empty() && !takes.order {
        format!("Aggregate function {written} does not support ORDER BY in arguments")
    } else if call.limit.is_some() && !takes.order {
        format!("Aggregate function {written} does not support LIMIT in arguments")
    } else if call.having.is_some() && !takes.having {
        return Err(SqlError::unsupported(format!("HAVING in the arguments of {written}"), position));
    } else {
        return Ok(());
    };
    Err(SqlError::rule(refused, position))
}

/// Arguments that must be literals or parameters, and in range.
fn check_constants(written: &str, registered: &Registered, arguments: &[Expression]) -> Result<()> {
    for (index, argument) in arguments.iter().enumerate() {
        let constant = registered.signatures.iter().filter_map(|s| s.parameters.get(index)).any(|p| p.constant);
        if !constant {
            continue;
        }
        let ExpressionKind::Literal(value) = &argument.kind else {
            let message = format!("Argument {} to {written} must be a literal or query parameter", index + 1);
            return Err(SqlError::rule(message, argument.position));
        };
        let least = match registered.function.name {
            "lag" | "lead" => 0,
            _ => 1,
        };
        let number = argument.sql_type == SqlType::Int64;
        if *value == Value::Null || number && constant_integer(argument).is_none_or(|v| v < least) {
            let message = match least {
                0 => format!("Argument {} to {written} must be a non-negative integer", index + 1),
                _ => format!("Argument {} to {written} must be positive and not NULL", index + 1),
            };
            return Err(SqlError::value(message, argument.position));
        }
        if matches!(registered.function.name, "percentile_cont" | "percentile_disc") {
            let inside = match value {
                Value::Float64(p) => (0.0..=1.0).contains(p),
                Value::Numeric(p) => (0..=crate::decimal::NUMERIC_SCALE).contains(p),
                _ => true,
            };
            if !inside {
                let message = format!("Argument {} to {written} must be between 0 and 1", index + 1);
                return Err(SqlError::value(message, argument.position));
            }
        }
    }
    Ok(())
}
