//! The pipe operator AGGREGATE: keys first, then aggregates, each named on the spot.

use super::group::Grouping;
use super::query::{ordinal, sort_key};
use super::scope::{Allowed, Calls, Context, Range, Scope, ScopeColumn};
use super::select::{has_call, implied_name};
use super::{Resolver, column};
use crate::error::{Result, SqlError};
use crate::syntax::{GroupItem, Node, NodeKind, OrderItem, PipeAggregate, PipeKey};
use crate::tree::{Expression, Relation, SortKey};

impl Resolver<'_> {
    pub(super) fn pipe_aggregate(
        &mut self,
        (relation, scope): (Relation, Scope),
        aggregate: &PipeAggregate,
        outer: Option<&Context<'_>>,
    ) -> Result<(Relation, Scope)> {
        let plain = Context::plain(&scope, outer, "GROUP BY");
        let items = aggregate.keys.as_deref().unwrap_or_default();
        let mut key = |resolver: &mut Self, node: &Node| {
            if ordinal(node, usize::MAX, "GROUP BY")?.is_some() {
                let message = "GROUP BY ordinal not allowed in pipe AGGREGATE";
                return Err(SqlError::rule(message, node.position));
            }
            resolver.expression(node, &plain)
        };
        let keys = self.group_items(items.iter().map(|item| &item.item), &mut key)?;
        let written = keys.written.clone();

        let calls = Calls::default();
        let context = Context {
            calls: Some(&calls),
            allowed: Allowed::Aggregates,
            ..Context::plain(&scope, outer, "pipe AGGREGATE")
        };
        let mut values = Vec::new();
        for item in &aggregate.aggregates {
            let GroupItem::Key(node) = &item.item else {
                return Err(SqlError::syntax("Unexpected grouping set in pipe AGGREGATE", item.position));
            };
            let value = self.expression(node, &context)?;
            if !has_call(&value, &calls) {
                let message = "Pipe AGGREGATE cannot include non-aggregate expressions";
                return Err(SqlError::rule(message, node.position));
            }
            values.push(value);
        }

        let (aggregates, groupings) = (calls.aggregates.into_inner(), calls.groupings.into_inner());
        let own = aggregates.iter().map(|(id, _)| *id).chain(groupings.iter().map(|(id, _)| *id));
        let over_nothing = Grouping::new(&[], own.collect::<Vec<_>>().into_iter(), &scope).only_aggregates();
        for value in &mut values {
            over_nothing.apply(value, "AGGREGATE list")?;
        }
        let grouped = self.grouped(relation, keys, aggregates, groupings)?;
        let keys = written.into_iter().map(|place| &grouped.keys[place]);
        let mut columns = Vec::new();
        for ((id, key), (node, item)) in keys.zip(written_keys(items)) {
            let name = item.alias.as_ref().map(|alias| alias.text.clone()).or_else(|| implied_name(node));
            columns.push(ScopeColumn { name, id: *id, field: None, sql_type: key.sql_type.clone() });
        }
        let first = columns.len();
        let mut computed = Vec::new();
        for (item, value) in aggregate.aggregates.iter().zip(values) {
            let name = item.alias.as_ref().map(|alias| alias.text.clone());
            let (id, sql_type) = (self.new_column(), value.sql_type.clone());
            computed.push((id, value));
            columns.push(ScopeColumn { name, id, field: None, sql_type });
        }
        let relation = Self::project(grouped.relation, computed);

        let on_keys = columns.iter().zip(written_keys(items)).map(|(column, (_, item))| (column, item));
        let on_keys = on_keys.filter(|(_, item)| aggregate.ordered || item.order.is_some());
        let on_values = columns[first..].iter().zip(&aggregate.aggregates).filter(|(_, item)| item.order.is_some());
        let sort: Vec<SortKey> = on_keys.chain(on_values).map(|(c, item)| order(c, item)).collect::<Result<_>>()?;
        let relation =
            if sort.is_empty() { relation } else { Relation::Sort { input: Box::new(relation), keys: sort } };
        Ok((relation, Scope::of_range(None, Range::new(columns, None))))
    }
}

/// Every key of GROUP BY, with the item that it stands in.
fn written_keys(items: &[PipeKey]) -> impl Iterator<Item = (&Node, &PipeKey)> {
    items.iter().flat_map(|item| item.item.keys().into_iter().map(move |node| (node, item)))
}

fn order(of: &ScopeColumn, item: &PipeKey) -> Result<SortKey> {
    let (descending, nulls_first) = item.order.unwrap_or((false, None));
    let node = Node { kind: NodeKind::Null, position: item.position };
    let value: Expression = column(of.id, of.sql_type.clone(), item.position);
    sort_key(&OrderItem { node, descending, nulls_first }, value)
}
