//! The keys of GROUP BY and the sets in which they group: ROLLUP, CUBE and GROUPING SETS written out.

use super::scope::{Allowed, Calls, Context};
use super::{Resolver, column, literal};
use crate::coerce;
use crate::error::{Result, SqlError};
use crate::registry;
use crate::syntax::{Call, GroupItem, GroupingSet, Node};
use crate::tree::{AggregateCall, ColumnId, Expression, GroupingSets, Relation};
use crate::walk;
use bedside_types::{Position, SqlType, Value};

/// BigQuery's bound on the sets of one GROUP BY.
const MAX_SETS: usize = 4_096;

/// Keys of a GROUP BY with sets: the engine numbers a row's set by a bit for each, beside the number of a set written twice.
const MAX_KEYS: usize = 50;

/// Resolved keys, each once, and the sets that they group in.
#[derive(Debug, Default)]
pub(super) struct Keys {
    pub(super) values: Vec<Expression>,
    /// Places of keys; `None` where all group together.
    pub(super) sets: Option<Vec<Vec<usize>>>,
    /// The place of every key as written.
    pub(super) written: Vec<usize>,
}

/// A grouping made of an input, and the column of every key.
pub(super) struct Grouped {
    pub(super) relation: Relation,
    pub(super) keys: Vec<(ColumnId, Expression)>,
}

impl Resolver<'_> {
    /// The items of a GROUP BY; `key` says what one means.
    pub(super) fn group_items<'i>(
        &mut self,
        items: impl IntoIterator<Item = &'i GroupItem>,
        key: &mut dyn FnMut(&mut Self, &Node) -> Result<Expression>,
    ) -> Result<Keys> {
        let mut found = Keys::default();
        let mut product: Vec<Vec<usize>> = vec![Vec::new()];
        let mut together = true;
        for item in items {
            let first = item.keys().first().map_or(Position::new(1, 1), |node| node.position);
            let sets = match item {
                GroupItem::Key(node) => vec![vec![self.group_key(node, key, &mut found)?]],
                GroupItem::Rollup(lists) => rollup(&self.key_lists(lists, key, &mut found)?),
                GroupItem::Cube(lists) => cube(&self.key_lists(lists, key, &mut found)?, first)?,
                GroupItem::Sets(sets) => {
                    let mut all = Vec::new();
                    for set in sets {
                        match set {
                            GroupingSet::Keys(nodes) => {
                                let places = nodes.iter().map(|node| self.group_key(node, key, &mut found));
                                all.push(places.collect::<Result<Vec<_>>>()?);
                            }
                            GroupingSet::Rollup(lists) => {
                                all.extend(rollup(&self.key_lists(lists, key, &mut found)?));
                            }
                            GroupingSet::Cube(lists) => {
                                all.extend(cube(&self.key_lists(lists, key, &mut found)?, first)?);
                            }
                        }
                    }
                    all
                }
            };
            together &= matches!(item, GroupItem::Key(_));
            if product.len().saturating_mul(sets.len()) > MAX_SETS {
                return Err(too_many_sets(first));
            }
            product = product.iter().flat_map(|left| sets.iter().map(|right| [&left[..], right].concat())).collect();
            if !together && found.values.len() > MAX_KEYS {
                let message = format!("More than {MAX_KEYS} keys in a GROUP BY with grouping sets");
                return Err(SqlError::too_large(message, first));
            }
        }
        if !together {
            for set in &mut product {
                let mut seen = std::collections::HashSet::new();
                set.retain(|place| seen.insert(*place));
            }
            found.sets = Some(product);
        }
        Ok(found)
    }

    fn key_lists(
        &mut self,
        lists: &[Vec<Node>],
        key: &mut dyn FnMut(&mut Self, &Node) -> Result<Expression>,
        found: &mut Keys,
    ) -> Result<Vec<Vec<usize>>> {
        lists.iter().map(|list| list.iter().map(|node| self.group_key(node, key, found)).collect()).collect()
    }

    fn group_key(
        &mut self,
        node: &Node,
        key: &mut dyn FnMut(&mut Self, &Node) -> Result<Expression>,
        found: &mut Keys,
    ) -> Result<usize> {
        let key = key(self, node)?;
        if !coerce::is_groupable(&key.sql_type) {
            let message = format!("Grouping by expressions of type {} is not allowed", key.sql_type);
            return Err(SqlError::types(message, node.position));
        }
        let known = found.values.iter().position(|earlier| walk::same(earlier, &key));
        let place = known.unwrap_or_else(|| {
            found.values.push(key);
            found.values.len() - 1
        });
        found.written.push(place);
        Ok(place)
    }

    /// `GROUPING(key)`: the column that stands for it.
    pub(super) fn grouping(&mut self, call: &Call, position: Position, context: &Context<'_>) -> Result<Expression> {
        let fault = |message: &str| Err(SqlError::rule(message, position));
        if call.over.is_some() {
            return fault("Aggregate function GROUPING does not support an OVER clause");
        }
        if call.distinct {
            return fault("Aggregate function GROUPING does not support DISTINCT in arguments");
        }
        let calls = context.aggregates("GROUPING", position)?;
        let mut arguments = self.expressions(&call.arguments, &context.inside_aggregate())?;
        if arguments.len() != 1 {
            let Some(registered) = registry::lookup("grouping") else { return fault("there is no GROUPING") };
            return Err(super::call::no_function("GROUPING", registered, &arguments, position));
        }
        let argument = arguments.remove(0);
        let id = self.new_column();
        calls.groupings.borrow_mut().push((id, Expression { position, ..argument }));
        Ok(column(id, SqlType::Int64, position))
    }

    /// Groups an input by keys.
    pub(super) fn grouped(
        &mut self,
        input: Relation,
        keys: Keys,
        aggregates: Vec<(ColumnId, AggregateCall)>,
        groupings: Vec<(ColumnId, Expression)>,
    ) -> Result<Grouped> {
        let mut marks = Vec::new();
        for (id, argument) in groupings {
            let Some(place) = keys.values.iter().position(|key| walk::same(key, &argument)) else {
                let message = "GROUPING must have an argument that exists within the group-by expression list.";
                return Err(SqlError::rule(message, argument.position));
            };
            marks.push((id, place));
        }
        let never = if keys.sets.is_none() { std::mem::take(&mut marks) } else { Vec::new() };
        let sets = keys.sets.map(|sets| GroupingSets { sets, marks });
        let keys: Vec<_> = keys.values.into_iter().map(|key| (self.new_column(), key)).collect();
        let input = Box::new(input);
        let relation = Relation::Aggregate { input, keys: keys.clone(), aggregates, sets };
        let zero = |id| (id, literal(Value::Int64(0), SqlType::Int64, Position::new(1, 1)));
        let relation = Self::project(relation, never.into_iter().map(|(id, _)| zero(id)).collect());
        Ok(Grouped { relation, keys })
    }
}

impl<'c> Context<'c> {
    /// Where a call of an aggregate goes.
    pub(super) fn aggregates(&self, written: &str, position: Position) -> Result<&'c Calls> {
        if let Some(calls) = self.calls.filter(|_| matches!(self.allowed, Allowed::Aggregates | Allowed::Both)) {
            return Ok(calls);
        }
        if self.clause == "an aggregate function's arguments" {
            return Err(SqlError::rule("Aggregations of aggregations are not allowed", position));
        }
        Err(SqlError::rule(format!("Aggregate function {written} not allowed in {}", self.clause), position))
    }
}

/// `(a, b)`, `(a)`, `()`.
fn rollup(lists: &[Vec<usize>]) -> Vec<Vec<usize>> {
    (0..=lists.len()).rev().map(|count| lists[..count].concat()).collect()
}

/// Every choice among the lists, the largest first.
fn cube(lists: &[Vec<usize>], position: Position) -> Result<Vec<Vec<usize>>> {
    if 1_usize.checked_shl(u32::try_from(lists.len()).unwrap_or(u32::MAX)).is_none_or(|sets| sets > MAX_SETS) {
        return Err(too_many_sets(position));
    }
    let choice = |bits: usize| (0..lists.len()).filter(move |at| bits >> at & 1 == 1).flat_map(|at| lists[at].clone());
    Ok((0..1_usize << lists.len()).rev().map(|bits| choice(bits).collect()).collect())
}

fn too_many_sets(position: Position) -> SqlError {
    SqlError::too_large(format!("Too many grouping sets, at most {MAX_SETS} grouping sets are allowed"), position)
}
