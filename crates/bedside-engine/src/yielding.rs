//! Joins let others run, and notice that nobody wants their rows any more.
//!
//! DataFusion makes its sources give up their thread now and then, and counts on joins to read from a source often enough. A
//! join that multiplies rows does not: from one batch it makes millions, and until then a stopped statement holds its threads.

use datafusion::common::Result;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::coop::CooperativeExec;
use std::sync::Arc;

/// The rule; it stands behind DataFusion's own of that purpose.
#[derive(Debug, Default)]
pub(crate) struct YieldBehindJoins;

impl PhysicalOptimizerRule for YieldBehindJoins {
    fn name(&self) -> &'static str {
        "yield_behind_joins"
    }

    fn schema_check(&self) -> bool {
        true
    }

    fn optimize(&self, plan: Arc<dyn ExecutionPlan>, _: &ConfigOptions) -> Result<Arc<dyn ExecutionPlan>> {
        let wrap = |node: Arc<dyn ExecutionPlan>| {
            Ok(if multiplies(node.as_ref()) {
                Transformed::yes(Arc::new(CooperativeExec::new(node)) as Arc<dyn ExecutionPlan>)
            } else {
                Transformed::no(node)
            })
        };
        plan.transform_up(wrap).map(|plan| plan.data)
    }
}

fn multiplies(node: &dyn ExecutionPlan) -> bool {
    matches!(
        node.name(),
        "CrossJoinExec" | "HashJoinExec" | "IntervalJoinExec" | "NestedLoopJoinExec" | "SortMergeJoinExec"
    )
}
