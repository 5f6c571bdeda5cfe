//! Events grouped before their dictionary is joined to them.
//!
//! `GROUP BY c.itemid, d.label` over `chartevents AS c JOIN d_items AS d` sends every event through the join and groups it by
//! number and text. An item has one row in the dictionary, so the label says nothing that the item does not: grouped by item
//! first, only the groups pass the join. (Yan and Larson, "Eager aggregation and lazy aggregation", VLDB 1995: this is the
//! case in which the groups are the same before and after.)

use crate::guard::may_fail;
use crate::origin::{self, with_stored};
use crate::table::StoredTable;
use arrow::array::AsArray;
use arrow::datatypes::Int64Type;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, JoinType, NullEquality, Result};
use datafusion::execution::TaskContext;
use datafusion::execution::session_state::SessionState;
use datafusion::logical_expr::{Aggregate, Expr, LogicalPlan, LogicalPlanBuilder};
use datafusion::physical_plan::collect;
use std::collections::HashSet;
use std::sync::Arc;

/// How many times as many events there must be as there are rows in the dictionary, which is looked through while planning.
const TIMES: u64 = 3;
/// Rows of a dictionary at most.
const MOST_ENTRIES: u64 = 1_000_000;

/// An aggregate over a join that could as well stand below it.
struct Early {
    /// The events with their columns as the aggregate names them.
    events: LogicalPlan,
    /// The column of the events that is looked up, one of the aggregate's keys.
    reference: Column,
    /// The dictionary with its columns as the aggregate names them.
    dictionary: LogicalPlan,
    /// Its key.
    key: Column,
    /// The aggregate's keys among the events' columns.
    keys: Vec<Expr>,
    calls: Vec<Expr>,
}

/// The plan with events grouped first where that gives the same groups.
pub(crate) async fn group_early(state: &SessionState, plan: LogicalPlan) -> Result<LogicalPlan> {
    let mut dictionaries: Vec<LogicalPlan> = Vec::new();
    plan.apply(|node| {
        if let Some(early) = early(node)? {
            let keys = early.keys_of_dictionary()?;
            if !dictionaries.contains(&keys) {
                dictionaries.push(keys);
            }
        }
        Ok(TreeNodeRecursion::Continue)
    })?;
    let mut unique = Vec::new();
    for keys in dictionaries {
        // What cannot be read now is for the join to find out, and to tell.
        if is_unique(state, &keys).await.unwrap_or(false) {
            unique.push(keys);
        }
    }
    if unique.is_empty() {
        return Ok(plan);
    }
    let grouped = plan.transform_up(|node| match early(&node)? {
        Some(early) if unique.contains(&early.keys_of_dictionary()?) => {
            let columns = node.schema().columns().into_iter().map(Expr::Column);
            let joined = LogicalPlanBuilder::from(early.joined()?);
            Ok(Transformed::yes(joined.project(columns)?.build()?))
        }
        _ => Ok(Transformed::no(node)),
    })?;
    Ok(grouped.data)
}

impl Early {
    fn keys_of_dictionary(&self) -> Result<LogicalPlan> {
        LogicalPlanBuilder::from(self.dictionary.clone()).project([Expr::Column(self.key.clone())])?.build()
    }

    fn joined(self) -> Result<LogicalPlan> {
        let groups = Aggregate::try_new(Arc::new(self.events), self.keys, self.calls)?;
        let on = (vec![self.reference], vec![self.key]);
        LogicalPlanBuilder::from(LogicalPlan::Aggregate(groups))
            .join(self.dictionary, JoinType::Inner, on, None)?
            .build()
    }
}

/// What there is to group early in a node.
fn early(node: &LogicalPlan) -> Result<Option<Early>> {
    let LogicalPlan::Aggregate(aggregate) = node else { return Ok(None) };
    let (made, join) = match aggregate.input.as_ref() {
        LogicalPlan::Join(join) => (join.schema.columns().into_iter().map(Expr::Column).collect(), join),
        LogicalPlan::Projection(projection) => match projection.input.as_ref() {
            LogicalPlan::Join(join) => (projection.expr.clone(), join),
            _ => return Ok(None),
        },
        _ => return Ok(None),
    };
    let is_plain = join.join_type == JoinType::Inner
        && join.filter.is_none()
        && join.null_equality == NullEquality::NullEqualsNothing;
    let [(Expr::Column(left), Expr::Column(right))] = join.on.as_slice() else { return Ok(None) };
    if !is_plain {
        return Ok(None);
    }
    for (events, reference, dictionary, key) in
        [(&join.left, left, &join.right, right), (&join.right, right, &join.left, left)]
    {
        if is_worthwhile(events, dictionary)?
            && let Some(early) = split(aggregate, &made, Side::new(events, reference), Side::new(dictionary, key))?
        {
            return Ok(Some(early));
        }
    }
    Ok(None)
}

/// A side of a join, of which the aggregate reads these columns.
struct Side<'a> {
    plan: &'a Arc<LogicalPlan>,
    key: &'a Column,
    made: Vec<Expr>,
    /// The key as the aggregate names it, where it reads it.
    own_key: Option<Column>,
}

impl<'a> Side<'a> {
    fn new(plan: &'a Arc<LogicalPlan>, key: &'a Column) -> Self {
        Self { plan, key, made: Vec::new(), own_key: None }
    }

    /// Whether an expression can be computed below the join, where there are rows that the join drops.
    fn has(&self, expression: &Expr) -> bool {
        let schema = self.plan.schema();
        let is_within = expression.column_refs().iter().all(|column| schema.has_column(column));
        is_within && !may_fail(expression) && !expression.is_volatile()
    }

    fn push(&mut self, name: &Column, expression: &Expr) {
        if origin::column(expression) == Some(self.key) {
            self.own_key = Some(name.clone());
        }
        self.made.push(expression.clone());
    }

    /// The side with these columns and its key, and that key.
    fn finish(mut self) -> Result<(LogicalPlan, Column)> {
        let key = self.own_key.unwrap_or_else(|| {
            self.made.push(Expr::Column(self.key.clone()));
            self.key.clone()
        });
        Ok((LogicalPlanBuilder::from(Arc::clone(self.plan)).project(self.made)?.build()?, key))
    }
}

/// Tells the columns of both sides apart; `made` is what the aggregate's input is made of. `None` where it cannot stand below.
fn split(
    aggregate: &Aggregate,
    made: &[Expr],
    mut events: Side<'_>,
    mut dictionary: Side<'_>,
) -> Result<Option<Early>> {
    let is_column = |key: &Expr| matches!(key, Expr::Column(_));
    if !aggregate.group_expr.iter().all(is_column) || !aggregate.aggr_expr.iter().all(never_fails) {
        return Ok(None);
    }
    let arguments: HashSet<&Column> = aggregate.aggr_expr.iter().flat_map(Expr::column_refs).collect();
    let (mut keys, mut has_reference) = (Vec::new(), false);
    for (index, expression) in made.iter().enumerate() {
        let name = Column::from(aggregate.input.schema().qualified_field(index));
        let (key, is_argument) = (Expr::Column(name.clone()), arguments.contains(&name));
        let is_key = aggregate.group_expr.contains(&key);
        if !is_key && !is_argument {
            continue;
        }
        let source = origin::column(expression);
        has_reference |= is_key && (source == Some(events.key) || source == Some(dictionary.key));
        if events.has(expression) {
            events.push(&name, expression);
            keys.extend(is_key.then_some(key));
        } else if !is_argument && dictionary.has(expression) {
            dictionary.push(&name, expression);
        } else {
            return Ok(None);
        }
    }
    if !has_reference {
        return Ok(None);
    }
    let (events, reference) = events.finish()?;
    let (dictionary, key) = dictionary.finish()?;
    let by_reference = Expr::Column(reference.clone());
    if !keys.contains(&by_reference) {
        keys.push(by_reference);
    }
    Ok(Some(Early { events, reference, dictionary, key, keys, calls: aggregate.aggr_expr.clone() }))
}

/// Whether a call gives a value for whatever rows: it will be computed for rows that the join drops, too.
fn never_fails(call: &Expr) -> bool {
    const SAFE: [&str; 5] = ["count", "countif", "min", "max", "avg"];
    match call {
        Expr::Alias(alias) => never_fails(&alias.expr),
        Expr::AggregateFunction(function) => {
            SAFE.contains(&function.func.name()) && !may_fail(call) && !call.is_volatile()
        }
        _ => false,
    }
}

/// Whether there are far more events than dictionary, and the join would not have dropped most of them.
fn is_worthwhile(events: &LogicalPlan, dictionary: &LogicalPlan) -> Result<bool> {
    let (mut rows, mut is_listed) = (0, false);
    events.apply(|node| {
        if let LogicalPlan::TableScan(scan) = node {
            let of = |table: &StoredTable| (table.rows().unwrap_or(0), table.reads_by_item(&scan.filters));
            let (more, listed) = with_stored(scan, of)?.unwrap_or_default();
            rows = rows.max(more);
            is_listed |= listed;
        }
        Ok(TreeNodeRecursion::Continue)
    })?;
    let Some(entries) = entries(dictionary, is_listed)? else { return Ok(false) };
    Ok(entries <= MOST_ENTRIES && rows >= entries.saturating_mul(TIMES))
}

/// Rows of the one table that a dictionary is; filtered only where the events are known to be of the items that pass.
fn entries(dictionary: &LogicalPlan, may_be_filtered: bool) -> Result<Option<u64>> {
    match dictionary {
        LogicalPlan::TableScan(scan) if (may_be_filtered || scan.filters.is_empty()) && scan.fetch.is_none() => {
            Ok(with_stored(scan, StoredTable::rows)?.flatten())
        }
        LogicalPlan::Filter(filter) if may_be_filtered && !filter.predicate.is_volatile() => {
            entries(&filter.input, may_be_filtered)
        }
        LogicalPlan::Projection(projection) if !projection.expr.iter().any(Expr::is_volatile) => {
            entries(&projection.input, may_be_filtered)
        }
        _ => Ok(None),
    }
}

/// Whether no key comes twice.
async fn is_unique(state: &SessionState, keys: &LogicalPlan) -> Result<bool> {
    let plan = state.query_planner().create_physical_plan(keys, state).await?;
    let mut seen = HashSet::new();
    for batch in collect(plan, Arc::new(TaskContext::from(state))).await? {
        let Some(keys) = batch.column(0).as_primitive_opt::<Int64Type>() else { return Ok(false) };
        if !keys.iter().flatten().all(|key| seen.insert(key)) {
            return Ok(false);
        }
    }
    Ok(true)
}
