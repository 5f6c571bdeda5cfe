//! When an interval join takes the place of a hash join.

use super::condition::Condition;
use super::exec::IntervalJoinExec;
use super::join::Join;
use super::lookup::LookupJoinExec;
use super::narrowing::Narrowing;
use crate::memory::held_bytes;
use crate::shared;
use arrow::datatypes::DataType;
use arrow::row::{RowConverter, SortField};
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode, TreeNodeRecursion};
use datafusion::common::{DataFusionError, JoinSide, JoinType, Result, Statistics};
use datafusion::physical_expr::PhysicalExprRef;
use datafusion::physical_expr::expressions::{Column, DynamicFilterPhysicalExpr};
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::joins::{HashJoinExec, JoinOn, PartitionMode};
use datafusion::physical_plan::unnest::UnnestExec;
use datafusion::physical_plan::{ExecutionPlan, ExecutionPlanProperties, StatisticsArgs, StatisticsContext};
use std::any::Any;
use std::sync::Arc;

/// How many pairs of equal keys there must be for every row. A hash join looks at all of them; an interval join sorts the rows
/// if they are not, which costs about as much as looking at so many pairs.
const LEAST_PAIRS_PER_ROW: f64 = 4.0;

/// Bytes of a side that is held rather than merged, whatever the pairs.
const SMALL: usize = 64 << 20;

/// The rule. It stands between the selection of joins and the enforcement of what operators require.
#[derive(Debug)]
pub(crate) struct ChooseIntervalJoin;

impl PhysicalOptimizerRule for ChooseIntervalJoin {
    fn optimize(&self, plan: Arc<dyn ExecutionPlan>, _: &ConfigOptions) -> Result<Arc<dyn ExecutionPlan>> {
        plan.transform_up(|node| {
            let join = (node.as_ref() as &dyn Any).downcast_ref::<HashJoinExec>();
            match join.map(interval_join).transpose()?.flatten() {
                Some(join) => Ok(Transformed::yes(Arc::new(join) as Arc<dyn ExecutionPlan>)),
                None => Ok(Transformed::no(node)),
            }
        })
        .data()
    }

    fn name(&self) -> &'static str {
        "choose_interval_join"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

fn interval_join(join: &HashJoinExec) -> Result<Option<IntervalJoinExec>> {
    let is_small = || Ok::<_, DataFusionError>(held_bytes(join)?.is_some_and(|bytes| bytes <= SMALL));
    if join.null_aware || join.fetch().is_some() || !comparable(join)? || (may_hold(join)? && is_small()?) {
        return Ok(None);
    }
    let Some(condition) = condition(join)? else { return Ok(None) };
    if !is_worthwhile(join)? {
        return Ok(None);
    }
    let on = in_order(join, condition.streamed);
    let join_of = Join { on, ..join_of(join, condition) };
    IntervalJoinExec::try_new(Arc::clone(join.left()), Arc::clone(join.right()), join_of).map(Some)
}

/// A left or right join that merges its sides, whatever its condition; `None` where that is not to be had.
pub(crate) fn merged(join: &HashJoinExec) -> Result<Option<Arc<dyn ExecutionPlan>>> {
    let streamed = match join.join_type() {
        JoinType::Left => JoinSide::Left,
        JoinType::Right => JoinSide::Right,
        _ => return Ok(None),
    };
    let Some(filter) = join.filter().filter(|_| !join.null_aware && join.fetch().is_none()) else { return Ok(None) };
    if !comparable(join)? {
        return Ok(None);
    }
    let (left, right) = (join.left().schema(), join.right().schema());
    let condition = Condition::of(filter, streamed, &left, &right)?;
    let condition = condition.unwrap_or_else(|| Condition::without_range(Some(filter), streamed));
    let join_of = Join { on: in_order(join, streamed), ..join_of(join, condition) };
    Ok(Some(Arc::new(IntervalJoinExec::try_new(Arc::clone(join.left()), Arc::clone(join.right()), join_of)?)))
}

fn join_of(join: &HashJoinExec, condition: Condition) -> Join {
    Join {
        on: join.on().to_vec(),
        null_equality: join.null_equality(),
        join_type: *join.join_type(),
        condition,
        projection: join.projection.as_ref().map(|columns| columns.to_vec()),
    }
}

/// The rule for joins that hold their left side. It stands where nothing more is decided: what the scan of the right side
/// will learn from the left one has been arranged between them.
#[derive(Debug)]
pub(crate) struct HoldSmallSides;

impl PhysicalOptimizerRule for HoldSmallSides {
    fn optimize(&self, plan: Arc<dyn ExecutionPlan>, _: &ConfigOptions) -> Result<Arc<dyn ExecutionPlan>> {
        plan.transform_up(|node| match holding(&node)? {
            Some(join) => Ok(Transformed::yes(Arc::new(join) as Arc<dyn ExecutionPlan>)),
            None => Ok(Transformed::no(node)),
        })
        .data()
    }

    fn name(&self) -> &'static str {
        "hold_small_sides"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

fn holding(node: &Arc<dyn ExecutionPlan>) -> Result<Option<LookupJoinExec>> {
    let Some(join) = (node.as_ref() as &dyn Any).downcast_ref::<HashJoinExec>() else { return Ok(None) };
    if join.null_aware || join.fetch().is_some() || !may_hold(join)? {
        return Ok(None);
    }
    let narrowing = dynamic_filter(join).map(|filter| {
        let distinct = distinct_keys(join)?;
        Ok::<_, DataFusionError>(Narrowing { filter, distinct })
    });
    let narrowing = narrowing.transpose()?;
    let join = join_of(join, held_condition(join)?);
    Ok(Some(LookupJoinExec::new(Arc::clone(node), join, narrowing)))
}

/// Whether a hash join's left side is small, and what it finds there for a row of the right side is all that it has to know.
fn may_hold(join: &HashJoinExec) -> Result<bool> {
    let keeps_right =
        matches!(join.join_type(), JoinType::Inner | JoinType::Right | JoinType::RightSemi | JoinType::RightAnti);
    let collects = *join.partition_mode() == PartitionMode::CollectLeft;
    Ok(collects && keeps_right && is_by_numbers(join)? && !multiplies(join.left())?)
}

/// Whether keys are ids. The scan of the right side can be told those as well as DataFusion would; of others it tells more.
fn is_by_numbers(join: &HashJoinExec) -> Result<bool> {
    let (left, right) = (join.left().schema(), join.right().schema());
    for (l, r) in join.on() {
        if l.data_type(&left)? != DataType::Int64 || r.data_type(&right)? != DataType::Int64 {
            return Ok(false);
        }
    }
    Ok(true)
}

fn held_condition(join: &HashJoinExec) -> Result<Condition> {
    let range = match join.filter() {
        Some(filter) => Condition::of(filter, JoinSide::Right, &join.left().schema(), &join.right().schema())?,
        None => None,
    };
    Ok(range.unwrap_or_else(|| Condition::without_range(join.filter(), JoinSide::Right)))
}

/// What a hash join arranged with the scan of its right side.
fn dynamic_filter(join: &HashJoinExec) -> Option<Arc<DynamicFilterPhysicalExpr>> {
    Arc::downcast(join.dynamic_expressions_produced().into_iter().next()?).ok()
}

/// How many keys the right side has, as far as is known.
fn distinct_keys(join: &HashJoinExec) -> Result<Option<usize>> {
    let [(_, key)] = join.on() else { return Ok(None) };
    let Some(key) = key.downcast_ref::<Column>() else { return Ok(None) };
    let statistics = StatisticsContext::new().compute(join.right().as_ref(), &StatisticsArgs::new())?;
    Ok(statistics.column_statistics.get(key.index()).and_then(|column| column.distinct_count.get_value().copied()))
}

/// The condition with the side that is streamed: the one that the join keeps; of an inner join, the one whose rows have the
/// two bounds.
fn condition(join: &HashJoinExec) -> Result<Option<Condition>> {
    let Some(filter) = join.filter() else { return Ok(None) };
    let (left, right) = (join.left().schema(), join.right().schema());
    let of = |side| Condition::of(filter, side, &left, &right);
    match join.join_type() {
        JoinType::Left | JoinType::LeftSemi | JoinType::LeftAnti => of(JoinSide::Left),
        JoinType::Right | JoinType::RightSemi | JoinType::RightAnti => of(JoinSide::Right),
        JoinType::Inner => {
            let by_right = of(JoinSide::Right)?;
            if by_right.as_ref().is_some_and(Condition::is_containment) { Ok(by_right) } else { of(JoinSide::Left) }
        }
        _ => Ok(None),
    }
}

/// Whether the keys of both sides can be compared by their bytes. Doubles cannot: 0 is -0.
fn comparable(join: &HashJoinExec) -> Result<bool> {
    let (left, right) = (join.left().schema(), join.right().schema());
    let mut fields = Vec::new();
    for (l, r) in join.on() {
        let data_type = l.data_type(&left)?;
        if data_type != r.data_type(&right)? || data_type == DataType::Float64 || data_type.is_nested() {
            return Ok(false);
        }
        fields.push(SortField::new(data_type));
    }
    Ok(RowConverter::supports_fields(&fields))
}

/// Whether there are many pairs of equal keys, as far as is known.
fn is_worthwhile(join: &HashJoinExec) -> Result<bool> {
    let context = StatisticsContext::new();
    let of = |plan: &Arc<dyn ExecutionPlan>, keys: Vec<&PhysicalExprRef>| {
        let statistics = context.compute(plan.as_ref(), &StatisticsArgs::new())?;
        Ok::<_, DataFusionError>(if multiplies(plan)? { Size::UNKNOWN } else { Size::of(&statistics, &keys) })
    };
    let left = of(join.left(), join.on().iter().map(|on| &on.0).collect())?;
    let right = of(join.right(), join.on().iter().map(|on| &on.1).collect())?;
    let (Some(left_rows), Some(right_rows)) = (left.rows, right.rows) else {
        // Keys that are known not to repeat have few pairs, however many rows there are.
        return Ok(![left, right].iter().any(|side| side.repeats().is_some_and(|repeats| repeats < 2.0)));
    };
    let Some(keys) = left.keys.into_iter().chain(right.keys).reduce(f64::max) else { return Ok(true) };
    Ok(left_rows * right_rows / keys.max(1.0) >= LEAST_PAIRS_PER_ROW * (left_rows + right_rows))
}

/// Whether a plan makes rows of arrays: DataFusion takes each array for one row.
fn multiplies(plan: &Arc<dyn ExecutionPlan>) -> Result<bool> {
    let mut found = false;
    plan.apply(|node| {
        found |= (node.as_ref() as &dyn Any).is::<UnnestExec>();
        if let Some(producer) = shared::producer(node) {
            found |= multiplies(producer)?;
        }
        Ok(if found { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
    })?;
    Ok(found)
}

/// What is known of one side.
#[derive(Clone, Copy)]
struct Size {
    rows: Option<f64>,
    /// Distinct keys.
    keys: Option<f64>,
}

impl Size {
    const UNKNOWN: Self = Self { rows: None, keys: None };

    fn of(statistics: &Statistics, keys: &[&PhysicalExprRef]) -> Self {
        let distinct = keys.iter().filter_map(|key| {
            let column = statistics.column_statistics.get(key.downcast_ref::<Column>()?.index())?;
            column.distinct_count.get_value().map(|count| *count as f64)
        });
        Self { rows: statistics.num_rows.get_value().map(|rows| *rows as f64), keys: distinct.reduce(f64::max) }
    }

    fn repeats(&self) -> Option<f64> {
        Some(self.rows? / self.keys?.max(1.0))
    }
}

/// The keys in the order that the streamed side's rows have already, if they have one.
fn in_order(join: &HashJoinExec, streamed: JoinSide) -> JoinOn {
    let plan = if streamed == JoinSide::Left { join.left() } else { join.right() };
    let mut on = join.on().to_vec();
    let Some(order) = plan.output_ordering() else { return on };
    on.sort_by_key(|(left, right)| {
        let key = if streamed == JoinSide::Left { left } else { right };
        order.iter().position(|sorted| sorted.expr.eq(key)).unwrap_or(usize::MAX)
    });
    on
}
