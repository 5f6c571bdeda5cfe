//! PIVOT, as grouping by what is left over and one aggregate per value with a condition.

use super::scope::{Context, Range, Scope, ScopeColumn};
use super::{Resolver, function};
use crate::coerce;
use crate::error::{Result, SqlError};
use crate::registry::{self, FunctionKind};
use crate::syntax::{Name, Node, NodeKind, Pivot};
use crate::tree::{AggregateCall, ColumnId, Expression, ExpressionKind, NullHandling, Relation};
use crate::walk;
use bedside_types::{SqlType, Value};
use std::collections::HashSet;

impl Resolver<'_> {
    pub(super) fn pivot(
        &mut self,
        relation: Relation,
        scope: &Scope,
        pivot: &Pivot,
        alias: Option<&Name>,
        outer: Option<&Context<'_>>,
    ) -> Result<(Relation, Scope)> {
        let context = Context::plain(scope, outer, "PIVOT");
        let input = self.expression(&pivot.input, &context)?;
        let values = self.pivot_values(&input, pivot, &context)?;
        let mut calls = Vec::new();
        for (node, name) in &pivot.aggregates {
            calls.push((self.pivot_aggregate(node, &context)?, name.as_ref()));
        }
        if calls.len() > 1 && calls.iter().filter(|(_, name)| name.is_none()).count() > 0 {
            let message = "PIVOT with several aggregates needs an alias for each of them";
            return Err(SqlError::rule(message, pivot.position));
        }
        let mut used = HashSet::new();
        mark(&input, &mut used);
        for (call, _) in &calls {
            walk::of_aggregate(call, &mut |e| mark(e, &mut used));
        }
        let mut keys = Vec::new();
        let mut columns = Vec::new();
        for item in scope.star.iter().filter(|c| !used.contains(&c.id)) {
            let id = self.new_column();
            keys.push((id, item.expression(pivot.position)));
            columns.push(ScopeColumn { name: item.name.clone(), id, field: None, sql_type: item.sql_type.clone() });
        }
        let mut aggregates = Vec::new();
        for (value, value_name) in &values {
            for (call, name) in &calls {
                let id = self.new_column();
                let call = self.conditional(call, &input, value)?;
                let shown = name.map_or_else(|| alone(value_name), |n| format!("{}_{value_name}", n.text));
                columns.push(ScopeColumn { name: Some(shown), id, field: None, sql_type: call.sql_type.clone() });
                aggregates.push((id, call));
            }
        }
        let relation = Relation::Aggregate { input: Box::new(relation), keys, aggregates, sets: None };
        Ok((relation, Scope::of_range(alias.map(|a| a.text.as_str()), Range::new(columns, None))))
    }

    /// The values of IN, of the input's type, each with the name that its columns end in.
    fn pivot_values(
        &mut self,
        input: &Expression,
        pivot: &Pivot,
        context: &Context<'_>,
    ) -> Result<Vec<(Expression, String)>> {
        let mut values = Vec::new();
        for (node, name) in &pivot.values {
            let value = self.expression(node, context)?;
            if !matches!(value.kind, ExpressionKind::Literal(_)) {
                return Err(SqlError::rule("PIVOT IN expression must be constant", node.position));
            }
            let name = match (name, default_name(&value)) {
                (Some(name), _) => name.text.clone(),
                (None, Some(name)) => name,
                (None, None) => {
                    let message = "PIVOT IN value needs an alias: AS name";
                    return Err(SqlError::rule(message, node.position));
                }
            };
            if coerce::distance(&value, &input.sql_type).is_none() {
                let message = format!(
                    "PIVOT IN list item must be comparable to PIVOT FOR expression: {} and {}",
                    value.sql_type, input.sql_type
                );
                return Err(SqlError::types(message, node.position));
            }
            values.push((coerce::coerce(value, &input.sql_type)?, name));
        }
        Ok(values)
    }

    fn pivot_aggregate(&mut self, node: &Node, context: &Context<'_>) -> Result<AggregateCall> {
        let NodeKind::Call(call) = &node.kind else {
            return Err(SqlError::rule("PIVOT expression must be an aggregate function call", node.position));
        };
        let registered = match call.path.as_slice() {
            [name] => registry::lookup(&name.text),
            _ => None,
        };
        match registered {
            Some(registered) if registered.function.kind == FunctionKind::Aggregate && call.over.is_none() => {
                self.aggregate_call(call, registered, node.position, &context.inside_aggregate())
            }
            _ => Err(SqlError::rule("PIVOT expression must be an aggregate function call", node.position)),
        }
    }

    /// The aggregate over the rows whose input is the value. Rows that are out give NULL, so the function must pass NULLs
    /// over; those that keep them cannot be written so.
    fn conditional(&mut self, call: &AggregateCall, input: &Expression, value: &Expression) -> Result<AggregateCall> {
        let position = call.position;
        let test = function("$is_distinct_from", vec![self.copy(input)?, value.clone()], SqlType::Bool, position);
        let inside = super::not(test);
        if call.function == "count_star" {
            return Ok(AggregateCall { function: "countif", arguments: vec![inside], ..call.clone() });
        }
        let passes_over = call.null_handling == NullHandling::Ignore || call.function == "any_value";
        if !passes_over || call.having.is_some() || call.limit.is_some() {
            let what = format!("{} in PIVOT", call.function.to_ascii_uppercase());
            return Err(SqlError::unsupported(what, position)
                .with_hint("write it as an aggregate over IF(input = value, x, NULL) with GROUP BY"));
        }
        let mut call = call.clone();
        if call.function == "any_value" {
            call.null_handling = NullHandling::Ignore;
        }
        if let Some(first) = call.arguments.first_mut() {
            let sql_type = first.sql_type.clone();
            let result = std::mem::replace(first, super::query::null(sql_type.clone(), position));
            let kind = ExpressionKind::Case { arms: vec![(inside, result)], otherwise: None };
            *first = Expression { kind, sql_type, position };
        }
        Ok(call)
    }
}

/// Columns that an expression refers to.
fn mark(expression: &Expression, used: &mut HashSet<ColumnId>) {
    if let ExpressionKind::Column(id) = expression.kind {
        used.insert(id);
    }
    walk::operands(expression, &mut |operand| mark(operand, used));
}

/// A value's name as a whole column's: no name starts with a digit.
fn alone(name: &str) -> String {
    if name.starts_with(|c: char| c.is_ascii_digit()) { format!("_{name}") } else { name.to_owned() }
}

/// The name that a value gives its column
/// (<https://cloud.google.com/bigquery/docs/reference/standard-sql/query-syntax#pivot_operator>).
fn default_name(value: &Expression) -> Option<String> {
    let ExpressionKind::Literal(value) = &value.kind else { return None };
    Some(match value {
        Value::Null => "NULL".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Int64(value) => value.to_string().replace('-', "minus_"),
        Value::Numeric(value) => crate::decimal::text(*value).replace('-', "minus_").replace('.', "_point_"),
        Value::String(text) => text.clone(),
        _ => return None,
    })
}
