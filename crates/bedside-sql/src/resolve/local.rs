//! `WITH(name AS value, …, result)`: values with names, in sight of those after them and of the result.

use super::Resolver;
use super::function::holds_volatile;
use super::scope::{Context, Local};
use crate::error::{Result, SqlError};
use crate::syntax::{Name, Node};
use crate::tree::{Expression, ExpressionKind, OnError};
use crate::walk;
use bedside_types::Position;

impl Resolver<'_> {
    pub(super) fn with_expression(
        &mut self,
        values: &[(Name, Node)],
        result: &Node,
        with: Position,
        context: &Context<'_>,
    ) -> Result<Expression> {
        let Some(((name, node), rest)) = values.split_first() else { return self.expression(result, context) };
        let mut value = self.expression(node, context)?;
        if matches!(value.kind, ExpressionKind::Literal(_)) {
            // A literal would go on adapting to what stands around the name.
            let (sql_type, position) = (value.sql_type.clone(), value.position);
            let kind = ExpressionKind::Cast { operand: Box::new(value), on_error: OnError::Fail };
            value = Expression { kind, sql_type, position };
        }
        if holds_volatile(&value) {
            return Err(SqlError::unsupported("A random value in WITH(…)", node.position)
                .with_hint("compute it in a subquery first"));
        }
        let local = Local { name, value, clause: context.clause, with, next: context.locals };
        let inside = Context {
            scope: context.scope,
            outer: context.outer,
            aliases: context.aliases,
            locals: Some(&local),
            calls: context.calls,
            allowed: context.allowed,
            clause: context.clause,
        };
        self.with_expression(rest, result, with, &inside)
    }

    /// The value that a WITH gives a name at a place, where one does.
    pub(super) fn local(&mut self, name: &Name, place: &Context<'_>) -> Result<Option<Expression>> {
        let is = |local: &Local<'_>| local.name.text.eq_ignore_ascii_case(&name.text);
        let mut here = place.locals;
        while let Some(local) = here {
            if !is(local) {
                here = local.next;
                continue;
            }
            let mut before = local.next;
            while let Some(other) = before.filter(|other| other.with == local.with) {
                if is(other) {
                    return Err(super::scope::ambiguous(name));
                }
                before = other.next;
            }
            if local.clause != place.clause {
                let message = format!(
                    "Column '{}' is introduced by WITH. Columns introduced by WITH cannot be used in the arguments to aggregate or analytic functions.",
                    name.text
                );
                return Err(SqlError::rule(message, name.position));
            }
            let mut value = self.copy(&local.value)?;
            value.position = name.position;
            return Ok(Some(value));
        }
        Ok(None)
    }
}

/// A value of an enclosing query's row, seen from inside a subquery.
pub(super) fn outward(mut value: Expression) -> Expression {
    fn turn(expression: &mut Expression) {
        if let ExpressionKind::Column(id) = expression.kind {
            expression.kind = ExpressionKind::OuterColumn(id);
        }
        walk::operands_mut(expression, &mut turn);
    }
    turn(&mut value);
    value
}
