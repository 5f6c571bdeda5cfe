//! Functions over windows.

use super::query::sort_key;
use super::scope::{Allowed, Calls, Context};
use super::{Resolver, column};
use crate::coerce;
use crate::error::{Result, SqlError};
use crate::registry::{FunctionKind, Registered};
use crate::syntax::{BoundSpec, Call, FrameSpec, Node, Over, WindowSpec};
use crate::tree::{Bound, Expression, ExpressionKind, Frame, FrameUnit, SortKey, WindowCall};
use bedside_types::{Position, SqlType, Value};
use std::collections::HashMap;

impl Resolver<'_> {
    /// A call with OVER: the column that stands for it, the call itself going to the SELECT's list.
    pub(super) fn window(
        &mut self,
        call: &Call,
        registered: &Registered,
        position: Position,
        context: &Context<'_>,
    ) -> Result<Expression> {
        let written = call.path[call.path.len() - 1].text.to_ascii_uppercase();
        let Some(over) = &call.over else {
            let message = format!("Analytic function {written} cannot be called without an OVER clause");
            return Err(SqlError::rule(message, position));
        };
        let Some(calls) = context.calls.filter(|_| matches!(context.allowed, Allowed::Both | Allowed::Windows)) else {
            let message = format!("Analytic function not allowed in {}", context.clause);
            return Err(SqlError::rule(message, position));
        };
        let inside = context.inside_window();
        let resolved = self.aggregate_call(call, registered, position, &inside)?;
        if !resolved.order.is_empty() || resolved.limit.is_some() {
            let message = "ORDER BY in arguments is not supported on analytic functions";
            return Err(SqlError::rule(message, position));
        }
        let spec = specification(over, calls)?;
        let mut partition = Vec::new();
        for node in &spec.partition {
            let key = self.expression(node, &inside)?;
            let refused = matches!(key.sql_type, SqlType::Array(_) | SqlType::Float64);
            if refused || !coerce::is_groupable(&key.sql_type) {
                let message = format!("Partitioning by expressions of type {} is not allowed", key.sql_type);
                return Err(SqlError::types(message, key.position));
            }
            partition.push(key);
        }
        let mut order = Vec::new();
        for item in &spec.order {
            let key = self.expression(&item.node, &inside)?;
            order.push(sort_key(item, key)?);
        }
        check(registered, &written, call, &spec, position)?;
        let frame = self.frame(registered, spec.frame.as_ref(), &order)?;
        let sql_type = resolved.sql_type.clone();
        let id = self.new_column();
        calls.windows.borrow_mut().push((id, WindowCall { call: resolved, partition, order, frame }));
        Ok(column(id, sql_type, position))
    }

    fn frame(&mut self, registered: &Registered, spec: Option<&FrameSpec>, order: &[SortKey]) -> Result<Frame> {
        let Some(spec) = spec else {
            // Peers of the current row are in by default, and everything where there is no order.
            let framed = !order.is_empty() && takes_frame(registered);
            let (unit, end) = if framed {
                (FrameUnit::Range, Bound::CurrentRow)
            } else {
                (FrameUnit::Rows, Bound::UnboundedFollowing)
            };
            return Ok(Frame { unit, start: Bound::UnboundedPreceding, end });
        };
        let counted = |bound: &BoundSpec| matches!(bound, BoundSpec::Preceding(_) | BoundSpec::Following(_));
        let mut key_type = SqlType::Int64;
        if !spec.rows && (counted(&spec.start) || counted(&spec.end)) {
            let [key] = order else {
                let message = "A RANGE-based window with OFFSET PRECEDING or OFFSET FOLLOWING boundaries must have exactly one ORDER BY key";
                return Err(SqlError::rule(message, spec.position));
            };
            key_type = key.expression.sql_type.clone();
            let numeric =
                matches!(key_type, SqlType::Int64 | SqlType::Float64 | SqlType::Numeric | SqlType::BigNumeric);
            if !numeric {
                let message = format!(
                    "ORDER BY key must be numeric in a RANGE-based window with OFFSET PRECEDING or OFFSET FOLLOWING boundaries, but has type {key_type}"
                );
                return Err(SqlError::types(message, spec.position)
                    .with_hint("order by UNIX_SECONDS(CAST(x AS TIMESTAMP)) or DATETIME_DIFF"));
            }
        }
        check_order_of_bounds(spec)?;
        let unit = if spec.rows { FrameUnit::Rows } else { FrameUnit::Range };
        Ok(Frame { unit, start: self.bound(&spec.start, &key_type)?, end: self.bound(&spec.end, &key_type)? })
    }

    fn bound(&mut self, bound: &BoundSpec, key_type: &SqlType) -> Result<Bound> {
        Ok(match bound {
            BoundSpec::UnboundedPreceding => Bound::UnboundedPreceding,
            BoundSpec::CurrentRow => Bound::CurrentRow,
            BoundSpec::UnboundedFollowing => Bound::UnboundedFollowing,
            BoundSpec::Preceding(node) => Bound::Preceding(self.bound_value(node, key_type)?),
            BoundSpec::Following(node) => Bound::Following(self.bound_value(node, key_type)?),
        })
    }

    fn bound_value(&mut self, node: &Node, key_type: &SqlType) -> Result<Value> {
        let scope = super::scope::Scope::default();
        let value = self.expression(node, &Context::plain(&scope, None, "a window frame"))?;
        let position = value.position;
        if coerce::distance(&value, key_type).is_none() {
            let message =
                format!("Window framing expression has type {} that cannot coerce to {key_type}", value.sql_type);
            return Err(SqlError::types(message, position));
        }
        let negative = |value: &Value| match value {
            Value::Int64(v) => *v < 0,
            Value::Float64(v) => v.is_nan() || *v < 0.0,
            Value::Numeric(v) => *v < 0,
            Value::BigNumeric(text) => text.starts_with('-'),
            _ => true,
        };
        match coerce::coerce(value, key_type)?.kind {
            ExpressionKind::Literal(value) if negative(&value) => {
                Err(SqlError::value("Window framing expression must be a non-negative number, not NULL", position))
            }
            ExpressionKind::Literal(value) => Ok(value),
            _ => Err(SqlError::rule("Window framing expression must be a literal or query parameter", position)),
        }
    }
}

/// A window's definition with those that it names filled in.
pub(super) fn flatten(spec: &WindowSpec, named: &HashMap<String, WindowSpec>) -> Result<WindowSpec> {
    let Some(base) = &spec.base else { return Ok(spec.clone()) };
    let Some(base_spec) = named.get(&base.text.to_lowercase()) else {
        return Err(SqlError::name(format!("Unrecognized window alias {}", base.text), base.position));
    };
    let fault = |what: &str| {
        let message = format!("{what} cannot be given here because window {} has it already", base.text);
        Err(SqlError::rule(message, spec.position))
    };
    let mut whole = base_spec.clone();
    if !spec.partition.is_empty() {
        return fault("PARTITION BY");
    }
    if !spec.order.is_empty() {
        if !whole.order.is_empty() {
            return fault("ORDER BY");
        }
        whole.order.clone_from(&spec.order);
    }
    if whole.frame.is_some() && (!spec.order.is_empty() || spec.frame.is_some()) {
        return fault("A frame");
    }
    if spec.frame.is_some() {
        whole.frame.clone_from(&spec.frame);
    }
    whole.base = None;
    Ok(whole)
}

fn specification(over: &Over, calls: &Calls) -> Result<WindowSpec> {
    match over {
        Over::Spec(spec) => flatten(spec, &calls.named),
        Over::Named(name) => calls.named.get(&name.text.to_lowercase()).cloned().ok_or_else(|| {
            let near = bedside_types::nearest(&name.text, calls.named.keys().map(String::as_str));
            let near = near.map(|n| format!("; Did you mean {n}?")).unwrap_or_default();
            SqlError::name(format!("Unrecognized window alias {}{near}", name.text), name.position)
        }),
    }
}

/// Whether a function looks at a frame at all.
fn takes_frame(registered: &Registered) -> bool {
    registered.function.kind == FunctionKind::Aggregate
        || matches!(registered.function.name, "first_value" | "last_value" | "nth_value")
}

/// What a function demands of its window.
fn check(registered: &Registered, written: &str, call: &Call, spec: &WindowSpec, position: Position) -> Result<()> {
    let name = registered.function.name;
    let percentile = matches!(name, "percentile_cont" | "percentile_disc");
    let refused = if percentile && !spec.order.is_empty() {
        format!("Window ORDER BY is not allowed for analytic function {written}")
    } else if matches!(name, "rank" | "dense_rank" | "percent_rank" | "cume_dist" | "ntile" | "lag" | "lead")
        && spec.order.is_empty()
    {
        format!("Window ORDER BY is required for analytic function {written}")
    } else if spec.frame.is_some() && !takes_frame(registered) {
        format!("Window framing clause is not allowed for analytic function {written}")
    } else if call.distinct && call.arguments.is_empty() {
        "DISTINCT function call with no arguments not possible".to_owned()
    } else if call.distinct && !spec.order.is_empty() {
        "Window ORDER BY is not allowed if DISTINCT is specified".to_owned()
    } else if call.distinct && spec.frame.is_some() {
        "Window framing clause is not allowed if DISTINCT is specified".to_owned()
    } else if name.starts_with("approx_") {
        format!("Aggregate function {written} does not support an OVER clause")
    } else {
        return Ok(());
    };
    Err(SqlError::rule(refused, position))
}

fn check_order_of_bounds(spec: &FrameSpec) -> Result<()> {
    let rank = |bound: &BoundSpec| match bound {
        BoundSpec::UnboundedPreceding => 0,
        BoundSpec::Preceding(_) => 1,
        BoundSpec::CurrentRow => 2,
        BoundSpec::Following(_) => 3,
        BoundSpec::UnboundedFollowing => 4,
    };
    let words = ["UNBOUNDED PRECEDING", "OFFSET PRECEDING", "CURRENT ROW", "OFFSET FOLLOWING", "UNBOUNDED FOLLOWING"];
    let (start, end) = (rank(&spec.start), rank(&spec.end));
    let message = if start == 4 {
        "Starting window framing expression cannot be UNBOUNDED FOLLOWING".to_owned()
    } else if end == 0 {
        "Ending window framing expression cannot be UNBOUNDED PRECEDING".to_owned()
    } else if start > end {
        format!(
            "Ending window framing expression cannot be {} when the starting window framing expression is {}",
            words[end], words[start]
        )
    } else {
        return Ok(());
    };
    Err(SqlError::rule(message, spec.position))
}
