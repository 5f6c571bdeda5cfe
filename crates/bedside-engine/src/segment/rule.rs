//! When window functions are computed a partition at a time.

use super::exec::SegmentWindowExec;
use super::repeats::without_repeats;
use datafusion::common::Result;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode};
use datafusion::physical_expr::window::WindowExpr;
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::windows::{BoundedWindowAggExec, WindowAggExec};
use datafusion::physical_plan::{ExecutionPlan, InputOrderMode};
use std::any::Any;
use std::sync::Arc;

/// The rule. It stands where plans have got the order that their operators require.
#[derive(Debug)]
pub(crate) struct UseSegmentWindows;

impl PhysicalOptimizerRule for UseSegmentWindows {
    fn optimize(&self, plan: Arc<dyn ExecutionPlan>, _: &ConfigOptions) -> Result<Arc<dyn ExecutionPlan>> {
        plan.transform_up(|node| {
            if let Some(aggregate) = without_repeats(&node)? {
                return Ok(Transformed::yes(aggregate));
            }
            let Some((calls, input)) = replaceable(&node) else { return Ok(Transformed::no(node)) };
            let (calls, input) = (calls.to_vec(), input.schema());
            Ok(Transformed::yes(Arc::new(SegmentWindowExec::new(node, calls, &input)) as Arc<dyn ExecutionPlan>))
        })
        .data()
    }

    fn name(&self) -> &'static str {
        "use_segment_windows"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

/// The calls of a window operator, and its input.
type Window<'a> = (&'a [Arc<dyn WindowExpr>], &'a Arc<dyn ExecutionPlan>);

/// The calls of an operator whose rows come gathered by partition. One that goes on over all rows with a bounded frame holds
/// little: it stays.
fn replaceable(node: &Arc<dyn ExecutionPlan>) -> Option<Window<'_>> {
    let any = node.as_ref() as &dyn Any;
    if let Some(window) = any.downcast_ref::<WindowAggExec>() {
        return Some((window.window_expr(), window.input()));
    }
    let window = any.downcast_ref::<BoundedWindowAggExec>()?;
    let partitioned = window.window_expr().first().is_some_and(|call| !call.partition_by().is_empty());
    (partitioned && window.input_order_mode == InputOrderMode::Sorted && window.state_observer().is_none())
        .then(|| (window.window_expr(), window.input()))
}
