//! INTERVAL and EXTRACT.

use super::scope::Context;
use super::{Resolver, function, literal, part};
use crate::coerce;
use crate::error::{Result, SqlError};
use crate::syntax::{Name, Node};
use crate::tree::{Expression, ExpressionKind, OnError};
use bedside_types::{Interval, Position, SqlType, Value};

impl Resolver<'_> {
    /// How many: an INT64, or a quoted integer.
    pub(super) fn interval_amount(&mut self, node: &Node, context: &Context<'_>) -> Result<Expression> {
        let amount = self.expression(node, context)?;
        let position = amount.position;
        if let ExpressionKind::Literal(Value::String(text)) = &amount.kind {
            let fail = || SqlError::value(format!("Could not cast literal \"{text}\" to type INT64"), position);
            let value = text.trim().parse().map_err(|_| fail())?;
            return Ok(literal(Value::Int64(value), SqlType::Int64, position));
        }
        if coerce::distance(&amount, &SqlType::Int64).is_none() {
            let message = "Interval value must be coercible to INT64 type";
            return Err(SqlError::types(message, position).with_hint("write INTERVAL CAST(… AS INT64) …"));
        }
        coerce::coerce(amount, &SqlType::Int64)
    }

    /// An INTERVAL as a value of its own.
    pub(super) fn interval(
        &mut self,
        amount: &Node,
        part: &Name,
        to: Option<&Name>,
        position: Position,
        context: &Context<'_>,
    ) -> Result<Expression> {
        if to.is_some() {
            return Err(SqlError::unsupported("INTERVAL … TO …", position));
        }
        let amount = self.interval_amount(amount, context)?;
        let part = part::of_name(part)?;
        let ExpressionKind::Literal(Value::String(word)) = &part.kind else {
            return Err(SqlError::internal("a date part is no text", position));
        };
        let unit = |months: i64, days: i64, micros: i64| Some((months, days, micros));
        let unit = match word.as_str() {
            "YEAR" => unit(12, 0, 0),
            "QUARTER" => unit(3, 0, 0),
            "MONTH" => unit(1, 0, 0),
            "WEEK" => unit(0, 7, 0),
            "DAY" => unit(0, 1, 0),
            "HOUR" => unit(0, 0, 3_600_000_000),
            "MINUTE" => unit(0, 0, 60_000_000),
            "SECOND" => unit(0, 0, 1_000_000),
            "MILLISECOND" => unit(0, 0, 1_000),
            "MICROSECOND" => unit(0, 0, 1),
            _ => None,
        };
        let Some((months, days, micros)) = unit else {
            let message = format!("Unsupported date part {word} in INTERVAL");
            return Err(SqlError::types(message, part.position));
        };
        let ExpressionKind::Literal(Value::Int64(count)) = amount.kind else {
            return Ok(function("$interval", vec![amount, part], SqlType::Interval, position));
        };
        // 10,000 years, the bound that GoogleSQL sets for each of the three.
        let scaled = |unit: i64, bound: i64| count.checked_mul(unit).filter(|v| v.abs() <= bound);
        let value = match (scaled(months, 120_000), scaled(days, 3_660_000), scaled(micros, 316_224_000_000_000_000)) {
            (Some(months), Some(days), Some(micros)) => Interval { months: months as i32, days: days as i32, micros },
            _ => return Err(SqlError::value(format!("Interval value {count} {word} is out of range"), position)),
        };
        Ok(literal(Value::Interval(value), SqlType::Interval, position))
    }

    pub(super) fn extract(
        &mut self,
        part: &Node,
        operand: &Node,
        zone: Option<&Node>,
        position: Position,
        context: &Context<'_>,
    ) -> Result<Expression> {
        let operand = self.expression(operand, context)?;
        let Some(part) = part::of_node(part)? else {
            return Err(SqlError::name("A valid date part name is required", part.position));
        };
        let word = match &part.kind {
            ExpressionKind::Literal(Value::String(word)) => word.clone(),
            _ => String::new(),
        };
        let mut arguments = vec![operand, part];
        if let Some(zone) = zone {
            arguments.push(self.expression(zone, context)?);
        }
        let mut extracted = super::call::named_function("extract", arguments, OnError::Fail, position)?;
        extracted.sql_type = match word.as_str() {
            "DATE" => SqlType::Date,
            "TIME" => SqlType::Time,
            "DATETIME" => SqlType::Datetime,
            _ => SqlType::Int64,
        };
        Ok(extracted)
    }
}
