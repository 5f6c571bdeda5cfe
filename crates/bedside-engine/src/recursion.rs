//! A recursion goes on for so many rounds and no more, as on BigQuery: one that has no end must not take all there is.

use bedside_sql::tree::MAX_ROUNDS;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode, TreeNodeRecursion};
use datafusion::common::{Result, internal_err};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::recursive_query::RecursiveQueryExec;
use datafusion::physical_plan::{
    ChildrenPropertiesMode, DisplayAs, DisplayFormatType, ExecutionPlan, PlanProperties, ReplaceChildrenOptions,
};
use std::any::Any;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The rule; it stands at the end.
#[derive(Debug)]
pub(crate) struct BoundRounds;

impl PhysicalOptimizerRule for BoundRounds {
    fn name(&self) -> &'static str {
        "bound_rounds"
    }

    fn schema_check(&self) -> bool {
        true
    }

    fn optimize(&self, plan: Arc<dyn ExecutionPlan>, _: &ConfigOptions) -> Result<Arc<dyn ExecutionPlan>> {
        // Looking costs less than rebuilding, and most plans have none.
        if !plan.exists(|node| Ok(recursion_of(node).is_some()))? {
            return Ok(plan);
        }
        plan.transform_up(|node| {
            let Some(recursion) = recursion_of(&node) else { return Ok(Transformed::no(node)) };
            let step = Arc::clone(recursion.recursive_term());
            let step = Arc::new(RoundExec { step, rounds: Arc::default() });
            let base = Arc::clone(recursion.static_term());
            let options = ReplaceChildrenOptions::new(ChildrenPropertiesMode::Recompute);
            Arc::clone(&node).replace_children(vec![base, step], options).map(Transformed::yes)
        })
        .data()
    }
}

fn recursion_of(node: &Arc<dyn ExecutionPlan>) -> Option<&RecursiveQueryExec> {
    (node.as_ref() as &dyn Any).downcast_ref()
}

/// The step of a recursion, executed once a round.
#[derive(Debug)]
struct RoundExec {
    step: Arc<dyn ExecutionPlan>,
    /// Rounds begun, the same for the copies that each round makes of the plan.
    rounds: Arc<AtomicUsize>,
}

impl DisplayAs for RoundExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RoundExec: at most {MAX_ROUNDS}")
    }
}

impl ExecutionPlan for RoundExec {
    fn name(&self) -> &'static str {
        "RoundExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        self.step.properties()
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.step]
    }

    fn maintains_input_order(&self) -> Vec<bool> {
        vec![true]
    }

    fn apply_expressions(
        &self,
        _: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn replace_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
        _: ReplaceChildrenOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let Ok([step]) = <[Arc<dyn ExecutionPlan>; 1]>::try_from(children) else {
            return internal_err!("a round has one step");
        };
        Ok(Arc::new(Self { step, rounds: Arc::clone(&self.rounds) }))
    }

    fn with_new_children(self: Arc<Self>, children: Vec<Arc<dyn ExecutionPlan>>) -> Result<Arc<dyn ExecutionPlan>> {
        self.replace_children(children, ReplaceChildrenOptions::new(ChildrenPropertiesMode::Recompute))
    }

    fn execute(&self, partition: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        if self.rounds.fetch_add(1, Ordering::Relaxed) >= MAX_ROUNDS {
            let message = format!("A recursive CTE has reached the maximum number of iterations: {MAX_ROUNDS}");
            return Err(bedside_functions::Error::Evaluation(message).into());
        }
        self.step.execute(partition, context)
    }
}
