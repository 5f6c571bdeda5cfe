//! UNNEST: arrays as tables.

use super::from::value_range;
use super::query::{condition, is_true};
use super::scope::{Context, Scope, ScopeColumn};
use super::{Resolver, column, function};
use crate::error::{Result, SqlError};
use crate::syntax::{Condition, Join, Name, Node, NodeKind};
use crate::tree::{ColumnId, Expression, ExpressionKind, OutputColumn, Query, Relation, SubqueryKind, UnnestKind};
use crate::walk;
use bedside_types::{Position, SqlType, StructField};
use std::collections::HashMap;

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
        if let (Join::Left, Condition::On(node)) = (kind, on)
            && !keeps_left_only
            && reads_row(&array)
        {
            return self.unnest_matching((left, left_scope), array, alias, offset, node, outer);
        }
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

    /// `LEFT JOIN UNNEST(array) ON condition`, the array being of the row: the elements that match are an array of their own.
    fn unnest_matching(
        &mut self,
        (left, left_scope): (Relation, Scope),
        array: Expression,
        alias: Option<&Name>,
        offset: Option<&Name>,
        on: &Node,
        outer: Option<&Context<'_>>,
    ) -> Result<(Relation, Scope)> {
        let position = on.position;
        let (inner, right_scope) =
            self.unnest(Relation::OneRow, super::local::outward(array), alias, offset, UnnestKind::Inner)?;
        let Relation::Unnest { element, offset, array, .. } = &inner else {
            return Err(SqlError::internal("an UNNEST that is none", position));
        };
        let own: Vec<(ColumnId, SqlType)> = match &array.sql_type {
            SqlType::Array(sql_type) => std::iter::once((*element, (**sql_type).clone()))
                .chain(offset.map(|offset| (offset, SqlType::Int64)))
                .collect(),
            _ => Vec::new(),
        };
        let scope = left_scope.join(right_scope, position)?;
        let context = Context::plain(&scope, outer, "JOIN ON clause");
        let mut predicate = condition(self.expression(on, &context)?, "JOIN ON clause")?;
        outward_but(&mut predicate, &own);
        let fields = own.iter().map(|(_, sql_type)| StructField { name: None, sql_type: sql_type.clone() });
        let row_type = SqlType::Struct(fields.collect());
        let values = own.iter().map(|(id, sql_type)| column(*id, sql_type.clone(), position)).collect();
        let row = self.new_column();
        let root = Relation::Filter { input: Box::new(inner), predicate };
        let root = Self::project(root, vec![(row, function("$struct", values, row_type.clone(), position))]);
        let output = vec![OutputColumn { name: "f0_".to_owned(), column: row, sql_type: row_type.clone() }];
        let kind = ExpressionKind::Subquery { kind: SubqueryKind::Array, query: Box::new(Query { root, output }) };
        let matching = Expression { kind, sql_type: SqlType::Array(Box::new(row_type.clone())), position };
        let found = self.new_column();
        let relation = Relation::Unnest {
            input: Box::new(left),
            array: matching,
            element: found,
            offset: None,
            kind: UnnestKind::Outer,
        };
        // Outside the columns have ids of their own.
        let mut renamed = HashMap::new();
        let mut computed = Vec::new();
        for (index, (id, sql_type)) in own.into_iter().enumerate() {
            let outside = self.new_column();
            let operand = Box::new(column(found, row_type.clone(), position));
            let kind = ExpressionKind::Field { operand, index };
            computed.push((outside, Expression { kind, sql_type, position }));
            renamed.insert(id, outside);
        }
        Ok((Self::project(relation, computed), scope.with_ids(&renamed)))
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

/// Columns become those of an enclosing query's row, but for a subquery's own.
fn outward_but(expression: &mut Expression, own: &[(ColumnId, SqlType)]) {
    if let ExpressionKind::Column(id) = expression.kind
        && own.iter().all(|(known, _)| *known != id)
    {
        expression.kind = ExpressionKind::OuterColumn(id);
    }
    walk::operands_mut(expression, &mut |operand| outward_but(operand, own));
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
