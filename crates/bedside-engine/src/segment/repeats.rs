//! Windows of which one row a partition is enough.
//!
//! GoogleSQL has percentiles as window functions alone, so that they are written `SELECT DISTINCT k, PERCENTILE_CONT(v, 0.5) OVER
//! (PARTITION BY k)`. All rows of a partition are equal there, and all but one would be dropped above.

use super::exec::SegmentWindowExec;
use datafusion::common::Result;
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::aggregate::AggregateFunctionExpr;
use datafusion::physical_expr::utils::collect_columns;
use datafusion::physical_expr_common::physical_expr::is_volatile;
use datafusion::physical_plan::aggregates::{AggregateExec, AggregateInputMode};
use datafusion::physical_plan::projection::ProjectionExec;
use datafusion::physical_plan::{ChildrenPropertiesMode, ExecutionPlan, ReplaceChildrenOptions};
use std::any::Any;
use std::collections::BTreeSet;
use std::sync::Arc;

/// An aggregate with windows below it that give one row a partition; `None` where that would be another result, or is not
/// to be had.
pub(super) fn without_repeats(node: &Arc<dyn ExecutionPlan>) -> Result<Option<Arc<dyn ExecutionPlan>>> {
    let Some(aggregate) = (node.as_ref() as &dyn Any).downcast_ref::<AggregateExec>() else { return Ok(None) };
    let reads_rows = aggregate.mode().input_mode() == AggregateInputMode::Raw;
    if !reads_rows || !aggregate.aggr_expr().iter().all(|call| passes_repeats_over(call)) {
        return Ok(None);
    }
    let mut read = BTreeSet::new();
    let keys = aggregate.group_expr().input_exprs();
    let arguments = aggregate.aggr_expr().iter().flat_map(|call| call.expressions());
    let filters = aggregate.filter_expr().iter().flatten().cloned();
    for expression in keys.into_iter().chain(arguments).chain(filters) {
        if is_volatile(&expression) {
            return Ok(None);
        }
        read.extend(columns(&expression));
    }
    let Some(input) = one_row_each(aggregate.input(), &read)? else { return Ok(None) };
    over(node, input).map(Some)
}

/// Whether an aggregate gives the same for values that come once and that come again.
fn passes_repeats_over(call: &AggregateFunctionExpr) -> bool {
    call.order_bys().is_empty() && (call.is_distinct() || matches!(call.fun().name(), "min" | "max" | "any_value"))
}

/// A plan that gives one row for every partition of its window functions, if the columns that are read are the same in all.
fn one_row_each(plan: &Arc<dyn ExecutionPlan>, read: &BTreeSet<usize>) -> Result<Option<Arc<dyn ExecutionPlan>>> {
    let any = plan.as_ref() as &dyn Any;
    if let Some(window) = any.downcast_ref::<SegmentWindowExec>() {
        return Ok(window.one_row_each(read).map(|window| Arc::new(window) as Arc<dyn ExecutionPlan>));
    }
    let Some(projection) = any.downcast_ref::<ProjectionExec>() else { return Ok(None) };
    let mut below = BTreeSet::new();
    for index in read {
        let made = &projection.expr()[*index].expr;
        if is_volatile(made) {
            return Ok(None);
        }
        below.extend(columns(made));
    }
    let Some(input) = one_row_each(projection.input(), &below)? else { return Ok(None) };
    over(plan, input).map(Some)
}

/// The same operator over an input with the same properties.
fn over(node: &Arc<dyn ExecutionPlan>, input: Arc<dyn ExecutionPlan>) -> Result<Arc<dyn ExecutionPlan>> {
    Arc::clone(node).replace_children(vec![input], ReplaceChildrenOptions::new(ChildrenPropertiesMode::Recompute))
}

fn columns(expression: &Arc<dyn PhysicalExpr>) -> impl Iterator<Item = usize> {
    collect_columns(expression).into_iter().map(|column| column.index())
}
