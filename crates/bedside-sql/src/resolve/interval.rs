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
        if let Some(to) = to {
            return self.interval_range(amount, part, to, position, context);
        }
        let part = part::of_name(part)?;
        let resolved = self.expression(amount, context)?;
        if let Some(value) = seconds_with_fraction(&resolved, &part) {
            return Ok(literal(Value::Interval(value), SqlType::Interval, position));
        }
        let amount = self.interval_amount(amount, context)?;
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

    /// `INTERVAL '1-2 3 4:5:6.7' YEAR TO SECOND`, any stretch of it.
    fn interval_range(
        &mut self,
        amount: &Node,
        from: &Name,
        to: &Name,
        position: Position,
        context: &Context<'_>,
    ) -> Result<Expression> {
        let amount = self.expression(amount, context)?;
        let ExpressionKind::Literal(Value::String(text)) = &amount.kind else {
            let message = "INTERVAL with a range of date parts requires a STRING literal";
            return Err(SqlError::types(message, amount.position));
        };
        let place = |name: &Name| RANGE_PARTS.iter().position(|part| part.eq_ignore_ascii_case(&name.text));
        let (Some(first), Some(last)) = (place(from), place(to)) else {
            let message = format!("Invalid interval literal: {} TO {}", from.text, to.text);
            return Err(SqlError::value(message, from.position));
        };
        match read_range(text, first, last) {
            Some(value) if first < last => Ok(literal(Value::Interval(value), SqlType::Interval, position)),
            _ => Err(SqlError::value(format!("Invalid INTERVAL value '{text}'"), amount.position)),
        }
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
        if matches!(operand.kind, ExpressionKind::Literal(Value::String(_))) {
            return Err(SqlError::types("EXTRACT does not support literal STRING arguments", position));
        }
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

/// `INTERVAL '1.5' SECOND`: only seconds have a fraction.
fn seconds_with_fraction(amount: &Expression, part: &Expression) -> Option<Interval> {
    match (&amount.kind, &part.kind) {
        (ExpressionKind::Literal(Value::String(text)), ExpressionKind::Literal(Value::String(word)))
            if word == "SECOND" && text.contains('.') =>
        {
            read_range(text, 5, 5)
        }
        _ => None,
    }
}

/// As [`crate::interval_of_text`].
pub(crate) fn of_text(text: &str) -> Option<Interval> {
    read_range(text.trim(), 0, RANGE_PARTS.len() - 1)
}

const RANGE_PARTS: [&str; 6] = ["YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"];

/// The text of an interval that has the parts from `first` to `last`: year and month are joined by `-`, hours, minutes and
/// seconds by `:`, the three groups by blanks; each group has a sign of its own.
fn read_range(text: &str, first: usize, last: usize) -> Option<Interval> {
    let mut interval = Interval::default();
    let mut pieces = text.split(' ');
    for (group, separator) in [(0..2, '-'), (2..3, ' '), (3..6, ':')] {
        let wanted: Vec<usize> = group.filter(|part| (first..=last).contains(part)).collect();
        if wanted.is_empty() {
            continue;
        }
        let piece = pieces.next()?;
        let sign = if piece.starts_with('-') { -1 } else { 1 };
        let values: Vec<&str> = piece.strip_prefix(['+', '-']).unwrap_or(piece).split(separator).collect();
        if values.len() != wanted.len() {
            return None;
        }
        for (part, value) in wanted.into_iter().zip(values) {
            let (whole, fraction) = if part == 5 { value.split_once('.').unwrap_or((value, "")) } else { (value, "") };
            let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
            if whole.is_empty() || whole.len() > 9 || fraction.len() > 6 || !digits(whole) || !digits(fraction) {
                return None;
            }
            let number = sign * whole.parse::<i64>().ok()?;
            match part {
                0 => interval.months += i32::try_from(number.checked_mul(12)?).ok()?,
                1 => interval.months = interval.months.checked_add(i32::try_from(number).ok()?)?,
                2 => interval.days = i32::try_from(number).ok()?,
                3 => interval.micros += number * 3_600_000_000,
                4 => interval.micros += number * 60_000_000,
                _ => {
                    let micros = format!("{fraction:0<6}").parse::<i64>().ok()?;
                    interval.micros += number * 1_000_000 + sign * micros;
                }
            }
        }
    }
    let inside = interval.months.abs() <= 120_000 && interval.days.abs() <= 3_660_000;
    (pieces.next().is_none() && inside).then_some(interval)
}

#[cfg(test)]
mod tests {
    use super::read_range;

    #[test]
    fn ranges_of_parts_are_read() {
        let read = |text, first, last| read_range(text, first, last).map(|i| (i.months, i.days, i.micros));
        assert_eq!(read("1-2", 0, 1), Some((14, 0, 0)));
        assert_eq!(read("-1-2 3 -4:5:6.7", 0, 5), Some((-14, 3, -14_706_700_000)));
        assert_eq!(read("1 2:3", 2, 4), Some((0, 1, 7_380_000_000)));
        assert_eq!(read("0:0:0.000001", 3, 5), Some((0, 0, 1)));
        for (text, first, last) in
            [("1", 0, 1), ("1-2-3", 0, 1), ("1-2 3", 0, 1), ("a-b", 0, 1), ("1:2", 3, 5), ("", 0, 1)]
        {
            assert_eq!(read(text, first, last), None, "{text}");
        }
    }
}
