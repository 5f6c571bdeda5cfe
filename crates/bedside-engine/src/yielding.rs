//! Joins let others run, and notice that nobody wants their rows any more.
//!
//! DataFusion makes its sources give up their thread now and then, and counts on joins to read from a source often enough. A
//! join that multiplies rows does not: from one batch it makes millions, and until then a stopped statement holds its threads.
//!
//! The same node remembers what is known of its join's rows. DataFusion's rules ask for that at every node above, and each
//! time all nodes below work it out anew. So it is there while they choose and distribute joins, and at the end; between
//! these it would hide joins from projections.

use arrow::datatypes::SchemaRef;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode, TreeNodeRecursion};
use datafusion::common::{DataFusionError, Result, Statistics, internal_datafusion_err};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::coop::make_cooperative;
use datafusion::physical_plan::execution_plan::CardinalityEffect;
use datafusion::physical_plan::filter_pushdown::{
    ChildPushdownResult, FilterDescription, FilterPushdownPhase, FilterPushdownPropagation,
};
use datafusion::physical_plan::{
    ChildStats, ChildrenPropertiesMode, DisplayAs, DisplayFormatType, ExecutionPlan, PlanProperties,
    ReplaceChildrenOptions, StatisticsArgs,
};
use std::any::Any;
use std::fmt;
use std::sync::{Arc, OnceLock};

/// The rules: one puts the nodes there, one takes them away again for rules that look for what stands on a join.
#[derive(Clone, Copy, Debug)]
pub(crate) enum YieldBehindJoins {
    Begin,
    End,
}

impl PhysicalOptimizerRule for YieldBehindJoins {
    fn name(&self) -> &'static str {
        match self {
            Self::Begin => "yield_behind_joins",
            Self::End => "no_yield_behind_joins",
        }
    }

    fn schema_check(&self) -> bool {
        true
    }

    fn optimize(&self, plan: Arc<dyn ExecutionPlan>, _: &ConfigOptions) -> Result<Arc<dyn ExecutionPlan>> {
        plan.transform_up(|node| {
            Ok(match self {
                Self::Begin if multiplies(node.as_ref()) => Transformed::yes(YieldExec::behind(node)),
                Self::End => match (node.as_ref() as &dyn Any).downcast_ref::<YieldExec>() {
                    Some(yielding) => Transformed::yes(Arc::clone(&yielding.input)),
                    None => Transformed::no(node),
                },
                Self::Begin => Transformed::no(node),
            })
        })
        .data()
    }
}

fn multiplies(node: &dyn ExecutionPlan) -> bool {
    matches!(
        node.name(),
        "CrossJoinExec"
            | "HashJoinExec"
            | "LookupJoinExec"
            | "IntervalJoinExec"
            | "NestedLoopJoinExec"
            | "SortMergeJoinExec"
    )
}

/// Its input's rows, with a chance for others between two batches.
///
/// DataFusion's `CooperativeExec` does the same, but has properties of its own: whatever stands above it is then planned anew,
/// a tenth of a long statement's planning. This one has its input's.
#[derive(Debug)]
struct YieldExec {
    input: Arc<dyn ExecutionPlan>,
    /// Of all partitions together.
    statistics: OnceLock<Arc<Statistics>>,
}

impl YieldExec {
    fn behind(input: Arc<dyn ExecutionPlan>) -> Arc<dyn ExecutionPlan> {
        Arc::new(Self { input, statistics: OnceLock::new() })
    }
}

impl DisplayAs for YieldExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("YieldExec")
    }
}

impl ExecutionPlan for YieldExec {
    fn name(&self) -> &'static str {
        "YieldExec"
    }

    fn schema(&self) -> SchemaRef {
        self.input.schema()
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        self.input.properties()
    }

    fn maintains_input_order(&self) -> Vec<bool> {
        vec![true]
    }

    fn benefits_from_input_partitioning(&self) -> Vec<bool> {
        vec![false]
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.input]
    }

    fn apply_expressions(
        &self,
        _: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn replace_children(
        self: Arc<Self>,
        mut children: Vec<Arc<dyn ExecutionPlan>>,
        _: ReplaceChildrenOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        match (children.pop(), children.pop()) {
            (Some(input), None) => Ok(Self::behind(input)),
            _ => Err(one_input()),
        }
    }

    fn with_new_children(self: Arc<Self>, children: Vec<Arc<dyn ExecutionPlan>>) -> Result<Arc<dyn ExecutionPlan>> {
        self.replace_children(children, ReplaceChildrenOptions::new(ChildrenPropertiesMode::Recompute))
    }

    fn execute(&self, partition: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        Ok(make_cooperative(self.input.execute(partition, context)?))
    }

    fn child_stats_requests(&self, partition: Option<usize>) -> Vec<ChildStats> {
        match partition {
            None if self.statistics.get().is_some() => vec![ChildStats::Skip],
            _ => vec![ChildStats::At(partition)],
        }
    }

    fn statistics_from_inputs(&self, inputs: &[Arc<Statistics>], args: &StatisticsArgs) -> Result<Arc<Statistics>> {
        let [input] = inputs else { return Err(one_input()) };
        Ok(match args.partition() {
            None => Arc::clone(self.statistics.get_or_init(|| Arc::clone(input))),
            Some(_) => Arc::clone(input),
        })
    }

    fn supports_limit_pushdown(&self) -> bool {
        true
    }

    fn cardinality_effect(&self) -> CardinalityEffect {
        CardinalityEffect::Equal
    }

    fn gather_filters_for_pushdown(
        &self,
        _: FilterPushdownPhase,
        parent_filters: Vec<Arc<dyn PhysicalExpr>>,
        _: &ConfigOptions,
    ) -> Result<FilterDescription> {
        FilterDescription::from_children(parent_filters, &self.children())
    }

    fn handle_child_pushdown_result(
        &self,
        _: FilterPushdownPhase,
        result: ChildPushdownResult,
        _: &ConfigOptions,
    ) -> Result<FilterPushdownPropagation<Arc<dyn ExecutionPlan>>> {
        Ok(FilterPushdownPropagation::if_all(result))
    }
}

fn one_input() -> DataFusionError {
    internal_datafusion_err!("what yields has one input")
}
