//! UNNEST: arrays as tables.

use super::Resolver;
use super::from::value_range;
use super::query::{condition, is_true};
use super::scope::{Context, Scope, ScopeColumn};
use crate::error::{Result, SqlError};
use crate::syntax::{Condition, Join, Name, Node, NodeKind};
use crate::tree::{Expression, ExpressionKind, Relation, UnnestKind};
use crate::walk;
use bedside_types::{Position, SqlType};

impl Resolver<'_> {
    /// An array with nothing before it in FROM.
    pub(super) fn unnest_alone(
        &mut self,
        array: &Node,
        alias: Option<&Name>,
        offset: Option<&Name>,
        outer: Option<&Context<'_>>,
    ) -> Result<(Relation, Scope)> {
        let nothing = Scope::default();
        let array = self.expression(array, &Context::plain(&nothing, outer, "UNNEST"))?;
        self.unnest(Relation::OneRow, array, alias, offset, UnnestKind::Inner)
    }

    /// An array that may refer to what stands before it.
    pub(super) fn unnest_join(
        &mut self,
        kind: Join,
        (left, left_scope): (Relation, Scope),
        (array, alias, offset): (&Node, Option<&Name>, Option<&Name>),
        on: &Condition,
        position: Position,
        outer: Option<&Context<'_>>,
    ) -> Result<(Relation, Scope)> {
        let array = self.expression(array, &Context::plain(&left_scope, outer, "UNNEST"))?;
        let keeps_left_only = matches!(kind, Join::Cross | Join::Inner) || kind == Join::Left && has_no_condition(on);
        if !keeps_left_only || matches!(on, Condition::Using(_)) {
            if reads_row(&array) {
                let what = "An outer join or USING with an UNNEST that refers to the tables before it";
                return Err(SqlError::unsupported(what, position));
            }
            let right = self.unnest(Relation::OneRow, array, alias, offset, UnnestKind::Inner)?;
            return self.joined(kind, (left, left_scope), right, on, position, outer);
        }
        let how = if kind == Join::Left { UnnestKind::Outer } else { UnnestKind::Inner };
        let (relation, right_scope) = self.unnest(left, array, alias, offset, how)?;
        let scope = left_scope.join(right_scope, position)?;
        let node = match on {
            Condition::None | Condition::Using(_) => return Ok((relation, scope)),
            Condition::On(node) => node,
        };
        let context = Context::plain(&scope, outer, "JOIN ON clause");
        let predicate = condition(self.expression(node, &context)?, "JOIN ON clause")?;
        if is_true(&predicate) {
            return Ok((relation, scope));
        }
        Ok((Relation::Filter { input: Box::new(relation), predicate }, scope))
    }

    fn unnest(
        &mut self,
        input: Relation,
        array: Expression,
        alias: Option<&Name>,
        offset: Option<&Name>,
        kind: UnnestKind,
    ) -> Result<(Relation, Scope)> {
        let SqlType::Array(element_type) = array.sql_type.clone() else {
            let message = format!(
                "Values referenced in UNNEST must be arrays. UNNEST contains expression of type {}",
                array.sql_type
            );
            return Err(SqlError::types(message, array.position));
        };
        let element = self.new_column();
        let called = alias.map(|a| a.text.as_str());
        let mut scope = Scope::of_range(called, value_range(element, &element_type, called));
        if let Some(name) = offset.filter(|name| called.is_some_and(|alias| alias.eq_ignore_ascii_case(&name.text))) {
            return Err(SqlError::name(format!("Duplicate alias {} found", name.text), name.position));
        }
        let offset = offset.map(|name| {
            let id = self.new_column();
            let name = Some(name.text.clone());
            scope.add_column(ScopeColumn { name, id, field: None, sql_type: SqlType::Int64 });
            id
        });
        Ok((Relation::Unnest { input: Box::new(input), array, element, offset, kind }, scope))
    }
}

fn has_no_condition(on: &Condition) -> bool {
    match on {
        Condition::None => true,
        Condition::On(node) => node.kind == NodeKind::Bool(true),
        Condition::Using(_) => false,
    }
}

/// Whether an expression refers to a column of its own row; a subquery that refers to any outer one is taken to.
fn reads_row(expression: &Expression) -> bool {
    let mut found = match &expression.kind {
        ExpressionKind::Column(_) => true,
        ExpressionKind::Subquery { query, .. } => walk::reads_outer_column(&query.root),
        _ => false,
    };
    walk::operands(expression, &mut |operand| found = found || reads_row(operand));
    found
}
