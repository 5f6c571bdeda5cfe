//! TABLESAMPLE and FOR SYSTEM_TIME AS OF: some of a table's rows, and those of another time.

use super::query::null;
use super::scope::{Context, Scope};
use super::{Resolver, column, function, literal};
use crate::coerce;
use crate::error::{Result, SqlError};
use crate::syntax::{Node, Sample};
use crate::tree::{Expression, ExpressionKind, Relation};
use bedside_types::{SqlType, Value};

impl Resolver<'_> {
    /// Every row with the same chance. BigQuery takes or leaves blocks of rows, and which ones is not decided there either.
    pub(super) fn sampled(&mut self, input: Relation, sample: &Sample) -> Result<Relation> {
        let scope = Scope::default();
        let position = sample.percent.position;
        let percent = self.expression(&sample.percent, &Context::plain(&scope, None, "TABLESAMPLE"))?;
        let refused = |message: &str| Err(SqlError::rule(message, position));
        if coerce::distance(&percent, &SqlType::Float64).is_none() {
            let message = format!("PERCENT expects a number, got {}", percent.sql_type);
            return Err(SqlError::types(message, position));
        }
        let ExpressionKind::Literal(Value::Float64(percent)) = coerce::coerce(percent, &SqlType::Float64)?.kind else {
            return refused("PERCENT expects a numeric literal or parameter");
        };
        if !(0.0..=100.0).contains(&percent) {
            return refused("PERCENT value must be in the range [0, 100]");
        }
        if percent >= 100.0 {
            return Ok(input);
        }
        // A column of its own, so that no rule takes the chance of all rows for one.
        let id = self.new_column();
        let chance = function("rand", Vec::new(), SqlType::Float64, position);
        let input = Box::new(Self::project(input, vec![(id, chance)]));
        let share = literal(Value::Float64(percent / 100.0), SqlType::Float64, position);
        let operands = vec![column(id, SqlType::Float64, position), share];
        Ok(Relation::Filter { input, predicate: function("$less", operands, SqlType::Bool, position) })
    }

    /// The time of FOR SYSTEM_TIME AS OF: a TIMESTAMP that depends on no row.
    pub(super) fn as_of(&mut self, node: &Node) -> Result<Expression> {
        let scope = Scope::default();
        let time = self.expression(node, &Context::plain(&scope, None, "FOR SYSTEM_TIME AS OF"))?;
        if holds_subquery(&time) {
            let message = "FOR SYSTEM_TIME AS OF expression must not contain a subquery";
            return Err(SqlError::rule(message, time.position));
        }
        if coerce::is_null(&time) {
            return Ok(null(SqlType::Timestamp, time.position));
        }
        if coerce::distance(&time, &SqlType::Timestamp).is_none() {
            let message = format!("FOR SYSTEM_TIME AS OF must be of type TIMESTAMP but was of type {}", time.sql_type);
            return Err(SqlError::types(message, time.position));
        }
        coerce::coerce(time, &SqlType::Timestamp)
    }
}

/// Only stored tables have times.
pub(super) fn refuse_as_of(as_of: Option<&Expression>, what: &str) -> Result<()> {
    match as_of {
        None => Ok(()),
        Some(time) => Err(SqlError::unsupported(format!("FOR SYSTEM_TIME AS OF with {what}"), time.position)
            .with_hint("name the tables that it reads, each with the time")),
    }
}

fn holds_subquery(expression: &Expression) -> bool {
    let mut found = matches!(expression.kind, ExpressionKind::Subquery { .. });
    crate::walk::operands(expression, &mut |operand| found = found || holds_subquery(operand));
    found
}
