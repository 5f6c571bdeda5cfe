//! Joins with a dictionary of items: which items its filter leaves is found out before the statement is planned.
//!
//! `JOIN d_items … WHERE label LIKE '%pressure%'` knows its items only when the join runs, too late to read the events in
//! item order. A dictionary has some thousand rows, so its filter is run first, and what it leaves is put above the scan of
//! the events as a list (`docs/decisions/0015`). The join stays as it is.

use crate::origin::{self, with_stored};
use crate::table::StoredTable;
use arrow::array::AsArray;
use arrow::datatypes::Int64Type;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, JoinType, NullEquality, Result, internal_datafusion_err};
use datafusion::execution::TaskContext;
use datafusion::execution::session_state::SessionState;
use datafusion::logical_expr::utils::disjunction;
use datafusion::logical_expr::{Expr, Filter, Join, LogicalPlan, LogicalPlanBuilder, in_list, lit};
use datafusion::physical_plan::collect;
use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Rows of a table that is looked up at most. `d_items` of MIMIC-III has 12,487.
const MOST_ROWS: u64 = 50_000;
/// Items of a list that DataFusion holds against the statistics of a page.
const LIST: usize = 20;
/// Lists that are looked through for a row at most.
const LISTS: usize = 5;
/// Stretches of items that stand for more.
const STRETCHES: usize = 16;

/// A side of a join whose key is an item of an event table, and the dictionary on the other side.
struct Lookup {
    events: Side,
    /// The item on that side.
    item: Column,
    /// The items of the dictionary that pass its filter.
    items: LogicalPlan,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

/// The plan with lists of items where they let events be read in item order.
pub(crate) async fn narrow(state: &SessionState, plan: LogicalPlan) -> Result<LogicalPlan> {
    let mut found: Vec<LogicalPlan> = Vec::new();
    plan.apply(|node| {
        if let Some(lookup) = lookup(node)?
            && !found.contains(&lookup.items)
        {
            found.push(lookup.items);
        }
        Ok(TreeNodeRecursion::Continue)
    })?;
    let mut known = Vec::with_capacity(found.len());
    for items in found {
        // What cannot be looked up now is for the join to find out, and to tell.
        if let Ok(values) = run(state, &items).await {
            known.push((items, values));
        }
    }
    if known.is_empty() {
        return Ok(plan);
    }
    let narrowed = plan.transform_down(|node| {
        let Some(lookup) = lookup(&node)? else { return Ok(Transformed::no(node)) };
        let Some((_, items)) = known.iter().find(|(items, _)| *items == lookup.items) else {
            return Ok(Transformed::no(node));
        };
        let LogicalPlan::Join(mut join) = node else { return Ok(Transformed::no(node)) };
        let side = match lookup.events {
            Side::Left => &mut join.left,
            Side::Right => &mut join.right,
        };
        *side = Arc::new(listed(Arc::unwrap_or_clone(Arc::clone(side)), &lookup.item, items)?);
        Ok(Transformed::yes(LogicalPlan::Join(join)))
    })?;
    Ok(narrowed.data)
}

/// What there is to look up for a join.
fn lookup(node: &LogicalPlan) -> Result<Option<Lookup>> {
    let LogicalPlan::Join(join) = node else { return Ok(None) };
    for (left, right) in &join.on {
        let (Expr::Column(left), Expr::Column(right)) = (left, right) else { continue };
        let ways = [(Side::Right, right, &join.left, left), (Side::Left, left, &join.right, right)];
        for (events, item, dictionary, key) in ways {
            if drops_unmatched(join, events)
                && is_filtered_dictionary(dictionary)?
                && reads_items(side(join, events), item)?
            {
                let keys = LogicalPlanBuilder::from(Arc::clone(dictionary)).project([Expr::Column(key.clone())])?;
                return Ok(Some(Lookup { events, item: item.clone(), items: keys.build()? }));
            }
        }
    }
    Ok(None)
}

fn side(join: &Join, side: Side) -> &LogicalPlan {
    match side {
        Side::Left => &join.left,
        Side::Right => &join.right,
    }
}

/// Whether rows of that side without a partner change nothing.
fn drops_unmatched(join: &Join, events: Side) -> bool {
    let dropped = match join.join_type {
        JoinType::Inner | JoinType::LeftSemi | JoinType::RightSemi => true,
        JoinType::Left => events == Side::Right,
        JoinType::Right => events == Side::Left,
        _ => false,
    };
    dropped && join.null_equality == NullEquality::NullEqualsNothing
}

/// Whether a plan is rows of one small table, and not all of them.
fn is_filtered_dictionary(plan: &LogicalPlan) -> Result<bool> {
    let (mut small, mut filtered) = (true, false);
    plan.apply(|node| {
        match node {
            LogicalPlan::TableScan(scan) => {
                let rows = |table: &StoredTable| table.rows().is_some_and(|rows| rows <= MOST_ROWS);
                small &= with_stored(scan, rows)?.unwrap_or(false);
            }
            LogicalPlan::Filter(filter) => {
                filtered = true;
                small &= !filter.predicate.is_volatile();
            }
            LogicalPlan::Projection(projection) => small &= !projection.expr.iter().any(Expr::is_volatile),
            _ => small = false,
        }
        Ok(if small { TreeNodeRecursion::Continue } else { TreeNodeRecursion::Stop })
    })?;
    Ok(small && filtered)
}

/// Whether a column of a plan is the item of an event table that is also kept by item, and only a list is missing for
/// reading it so.
fn reads_items(plan: &LogicalPlan, column: &Column) -> Result<bool> {
    match plan {
        LogicalPlan::TableScan(scan) => {
            let could = |table: &StoredTable| table.could_read_by_item(&scan.filters);
            Ok(column.name.eq_ignore_ascii_case("itemid") && with_stored(scan, could)?.unwrap_or(false))
        }
        _ => match below(plan, column) {
            Some((input, column)) => reads_items(input, &column),
            None => Ok(false),
        },
    }
}

/// Where a column of a node comes from, if it is passed on as it is and a filter on it may as well stand below the node.
fn below<'a>(plan: &'a LogicalPlan, column: &Column) -> Option<(&'a LogicalPlan, Column)> {
    match plan {
        LogicalPlan::Filter(filter) => Some((&filter.input, column.clone())),
        LogicalPlan::Projection(projection) => {
            let index = projection.schema.maybe_index_of_column(column)?;
            Some((&projection.input, origin::column(&projection.expr[index])?.clone()))
        }
        LogicalPlan::Join(join) => {
            let keeps_left =
                matches!(join.join_type, JoinType::Inner | JoinType::Left | JoinType::LeftSemi | JoinType::LeftAnti);
            let keeps_right =
                matches!(join.join_type, JoinType::Inner | JoinType::Right | JoinType::RightSemi | JoinType::RightAnti);
            if keeps_left && join.left.schema().has_column(column) {
                Some((&join.left, column.clone()))
            } else if keeps_right && join.right.schema().has_column(column) {
                Some((&join.right, column.clone()))
            } else {
                None
            }
        }
        _ => None,
    }
}

/// The plan with the scan that [`reads_items`] found reading these items only, where that lets it read in item order.
fn listed(plan: LogicalPlan, column: &Column, items: &BTreeSet<i64>) -> Result<LogicalPlan> {
    let place = |input: &mut Arc<LogicalPlan>, column: &Column| -> Result<()> {
        *input = Arc::new(listed(Arc::unwrap_or_clone(Arc::clone(input)), column, items)?);
        Ok(())
    };
    let source = below(&plan, column).map(|(_, column)| column);
    match (plan, source) {
        (LogicalPlan::TableScan(mut scan), _) => {
            let item = Expr::Column(column.clone());
            let list = in_list(item.clone(), items.iter().map(|item| lit(*item)).collect(), false);
            let filters: Vec<_> = scan.filters.iter().chain([&list]).cloned().collect();
            let reads = |table: &StoredTable| table.reads_by_item(&filters);
            if !with_stored(&scan, reads)?.unwrap_or(false) {
                return Ok(LogicalPlan::TableScan(scan));
            }
            scan.filters = filters;
            let shown = disjunction(selections(&item, items)).unwrap_or(list);
            Ok(LogicalPlan::Filter(Filter::try_new(shown, Arc::new(LogicalPlan::TableScan(scan)))?))
        }
        (LogicalPlan::Filter(mut filter), Some(column)) => {
            place(&mut filter.input, &column)?;
            Ok(LogicalPlan::Filter(filter))
        }
        (LogicalPlan::Projection(mut projection), Some(column)) => {
            place(&mut projection.input, &column)?;
            Ok(LogicalPlan::Projection(projection))
        }
        (LogicalPlan::Join(mut join), Some(column)) => {
            let left = join.left.schema().has_column(&column);
            place(if left { &mut join.left } else { &mut join.right }, &column)?;
            Ok(LogicalPlan::Join(join))
        }
        (plan, _) => Ok(plan),
    }
}

async fn run(state: &SessionState, items: &LogicalPlan) -> Result<BTreeSet<i64>> {
    let plan = state.query_planner().create_physical_plan(items, state).await?;
    let mut values = BTreeSet::new();
    for batch in collect(plan, Arc::new(TaskContext::from(state))).await? {
        let keys = batch.column(0).as_primitive_opt::<Int64Type>();
        values.extend(keys.ok_or_else(|| internal_datafusion_err!("items that are no INT64"))?.iter().flatten());
    }
    Ok(values)
}

/// Predicates one of which an item passes if it is among these, and maybe if not: the join decides on every row, these are for
/// pages.
fn selections(item: &Expr, items: &BTreeSet<i64>) -> Vec<Expr> {
    if items.len() > LIST * LISTS {
        return stretches(items).into_iter().map(|(first, last)| item.clone().between(lit(first), lit(last))).collect();
    }
    let items: Vec<Expr> = items.iter().map(|item| lit(*item)).collect();
    items.chunks(LIST).map(|list| in_list(item.clone(), list.to_vec(), false)).collect()
}

/// At most [`STRETCHES`] stretches, first and last, that hold all of these and as little else as can be.
fn stretches(items: &BTreeSet<i64>) -> Vec<(i64, i64)> {
    let items: Vec<i64> = items.iter().copied().collect();
    let mut gaps: Vec<usize> = (1..items.len()).collect();
    gaps.sort_by_key(|gap| Reverse(items[*gap].abs_diff(items[gap - 1])));
    gaps.truncate(STRETCHES - 1);
    gaps.sort_unstable();
    let starts = [0].into_iter().chain(gaps.iter().copied());
    let ends = gaps.iter().copied().chain([items.len()]);
    starts.zip(ends).filter(|(start, end)| start < end).map(|(start, end)| (items[start], items[end - 1])).collect()
}

#[cfg(test)]
mod tests {
    use super::{STRETCHES, stretches};
    use std::collections::BTreeSet;

    #[test]
    fn long_lists_become_stretches_at_their_widest_gaps() {
        assert_eq!(stretches(&BTreeSet::new()), []);
        assert_eq!(stretches(&BTreeSet::from([7])), [(7, 7)]);
        assert_eq!(stretches(&BTreeSet::from([i64::MIN, i64::MAX])), [(i64::MIN, i64::MIN), (i64::MAX, i64::MAX)]);
        let items: BTreeSet<i64> = (0..40).flat_map(|i| [i * i * 100, i * i * 100 + 1]).collect();
        let stretches = stretches(&items);
        assert_eq!(stretches.len(), STRETCHES);
        assert!(items.iter().all(|item| stretches.iter().any(|(first, last)| (first..=last).contains(&item))));
        assert_eq!(stretches.last(), Some(&(152_100, 152_101)));
    }
}
