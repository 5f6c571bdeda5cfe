//! The operator as DataFusion plans it.

use super::join::Join;
use super::stream::joined;
use super::window::Windows;
use crate::stretch::ASCENDING;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{JoinSide, JoinType, Result, Statistics, internal_err};
use datafusion::execution::memory_pool::MemoryConsumer;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::equivalence::{ProjectionMapping, join_equivalence_properties};
use datafusion::physical_expr::{LexOrdering, OrderingRequirements, Partitioning, PhysicalExpr, PhysicalSortExpr};
use datafusion::physical_plan::execution_plan::{Boundedness, EmissionType};
use datafusion::physical_plan::joins::SortMergeJoinExec;
use datafusion::physical_plan::joins::utils::{JoinFilter, adjust_right_output_partitioning, build_join_schema};
use datafusion::physical_plan::metrics::{BaselineMetrics, ExecutionPlanMetricsSet, MetricsSet};
use datafusion::physical_plan::projection::{EmbeddedProjection, ProjectionExec, try_embed_projection};
use datafusion::physical_plan::statistics::ChildStats;
use datafusion::physical_plan::{
    ChildrenPropertiesMode, DisplayAs, DisplayFormatType, Distribution, ExecutionPlan, ExecutionPlanProperties,
    InputDistributionRequirements, PlanProperties, ReplaceChildrenOptions, StatisticsArgs,
};
use std::fmt;
use std::sync::Arc;

/// A join on equal keys and a range; see [`super`].
#[derive(Clone, Debug)]
pub(super) struct IntervalJoinExec {
    left: Arc<dyn ExecutionPlan>,
    right: Arc<dyn ExecutionPlan>,
    join: Join,
    properties: Arc<PlanProperties>,
    metrics: ExecutionPlanMetricsSet,
}

impl IntervalJoinExec {
    pub(super) fn try_new(left: Arc<dyn ExecutionPlan>, right: Arc<dyn ExecutionPlan>, join: Join) -> Result<Self> {
        let (schema, _) = build_join_schema(&left.schema(), &right.schema(), &join.join_type);
        let schema = Arc::new(schema);
        let streams_left = join.condition.streamed == JoinSide::Left;
        let mut equivalence = join_equivalence_properties(
            left.equivalence_properties().clone(),
            right.equivalence_properties().clone(),
            &join.join_type,
            Arc::clone(&schema),
            &[streams_left, !streams_left],
            // The partners of a row come in the order of the range, whatever order their side has.
            None,
            &join.on,
        )?;
        let mut partitioning = match (join.condition.streamed, join.join_type) {
            (JoinSide::Left, _) => left.output_partitioning().clone(),
            (_, JoinType::RightSemi | JoinType::RightAnti) => right.output_partitioning().clone(),
            _ => adjust_right_output_partitioning(right.output_partitioning(), left.schema().fields().len())?,
        };
        if let Some(columns) = &join.projection {
            let mapping = ProjectionMapping::from_indices(columns, &schema)?;
            partitioning = partitioning.project(&mapping, &equivalence);
            equivalence = equivalence.project(&mapping, Arc::new(schema.project(columns)?));
        }
        let (emission, bounded) = (EmissionType::Incremental, Boundedness::Bounded);
        let properties = PlanProperties::new(equivalence, partitioning, emission, bounded);
        let (properties, metrics) = (Arc::new(properties), ExecutionPlanMetricsSet::new());
        Ok(Self { left, right, join, properties, metrics })
    }

    /// The places of the keys that both sides are partitioned by already, in the same way.
    fn shared_partitioning(&self) -> Option<Vec<usize>> {
        let place = |expression: &Arc<dyn PhysicalExpr>, side: JoinSide| {
            self.join.keys(side).iter().position(|key| key.eq(expression))
        };
        let places = |plan: &Arc<dyn ExecutionPlan>, side: JoinSide| match plan.output_partitioning() {
            Partitioning::Range(range) => range.ordering().iter().map(|key| place(&key.expr, side)).collect(),
            Partitioning::Hash(keys, _) => keys.iter().map(|key| place(key, side)).collect(),
            _ => None,
        };
        let left: Vec<usize> = places(&self.left, JoinSide::Left)?;
        let right = places(&self.right, JoinSide::Right)?;
        (left == right && left.len() < self.join.on.len()).then_some(left)
    }
}

impl EmbeddedProjection for IntervalJoinExec {
    fn with_projection(&self, projection: Option<Vec<usize>>) -> Result<Self> {
        let projection = match (&self.join.projection, projection) {
            (Some(own), Some(columns)) => Some(columns.iter().map(|column| own[*column]).collect()),
            (own, columns) => columns.or_else(|| own.clone()),
        };
        let join = Join { projection, ..self.join.clone() };
        Self::try_new(Arc::clone(&self.left), Arc::clone(&self.right), join)
    }
}

impl DisplayAs for IntervalJoinExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IntervalJoinExec: ")?;
        self.join.show(&self.schema(), f)
    }
}

impl ExecutionPlan for IntervalJoinExec {
    fn name(&self) -> &'static str {
        "IntervalJoinExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.left, &self.right]
    }

    fn input_distribution_requirements(&self) -> InputDistributionRequirements {
        let (mut left, mut right) = (self.join.keys(JoinSide::Left), self.join.keys(JoinSide::Right));
        if let Some(places) = self.shared_partitioning() {
            left = places.iter().map(|place| Arc::clone(&left[*place])).collect();
            right = places.iter().map(|place| Arc::clone(&right[*place])).collect();
        }
        InputDistributionRequirements::co_partitioned(vec![
            Distribution::KeyPartitioned(left),
            Distribution::KeyPartitioned(right),
        ])
    }

    fn required_input_distribution(&self) -> Vec<Distribution> {
        self.input_distribution_requirements().into_per_child()
    }

    fn required_input_ordering(&self) -> Vec<Option<OrderingRequirements>> {
        let order = |side| {
            let keys = self.join.keys(side).into_iter().map(|key| PhysicalSortExpr::new(key, ASCENDING));
            LexOrdering::new(keys).map(OrderingRequirements::from)
        };
        vec![order(JoinSide::Left), order(JoinSide::Right)]
    }

    fn maintains_input_order(&self) -> Vec<bool> {
        vec![self.join.condition.streamed == JoinSide::Left, self.join.condition.streamed == JoinSide::Right]
    }

    fn apply_expressions(
        &self,
        f: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        let keys = self.join.on.iter().flat_map(|(left, right)| [left, right]);
        datafusion::physical_plan::execution_plan::apply_expression_roots(
            keys.chain(self.join.condition.whole.iter().map(JoinFilter::expression)),
            f,
        )
    }

    fn replace_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
        _: ReplaceChildrenOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        match <[_; 2]>::try_from(children) {
            Ok([left, right]) => Ok(Arc::new(Self::try_new(left, right, self.join.clone())?)),
            Err(_) => internal_err!("an interval join has two inputs"),
        }
    }

    fn with_new_children(self: Arc<Self>, children: Vec<Arc<dyn ExecutionPlan>>) -> Result<Arc<dyn ExecutionPlan>> {
        self.replace_children(children, ReplaceChildrenOptions::new(ChildrenPropertiesMode::Recompute))
    }

    fn execute(&self, partition: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let rows = context.session_config().batch_size();
        let shape = Arc::new(self.join.shape(&self.left.schema(), &self.right.schema(), self.schema(), rows)?);
        let (streamed, buffered) = match self.join.condition.streamed {
            JoinSide::Left => (&self.left, &self.right),
            _ => (&self.right, &self.left),
        };
        let streamed = streamed.execute(partition, Arc::clone(&context))?;
        let buffered = buffered.execute(partition, Arc::clone(&context))?;
        let reservation = MemoryConsumer::new(format!("IntervalJoinExec[{partition}]")).register(context.memory_pool());
        let windows = Windows::new(buffered, Arc::clone(&shape), reservation);
        Ok(joined(shape, streamed, windows, BaselineMetrics::new(&self.metrics, partition)))
    }

    fn metrics(&self) -> Option<MetricsSet> {
        Some(self.metrics.clone_inner())
    }

    fn child_stats_requests(&self, partition: Option<usize>) -> Vec<ChildStats> {
        vec![ChildStats::At(partition), ChildStats::At(partition)]
    }

    /// What DataFusion thinks of a join on the keys alone.
    fn statistics_from_inputs(&self, inputs: &[Arc<Statistics>], args: &StatisticsArgs) -> Result<Arc<Statistics>> {
        let merge = SortMergeJoinExec::try_new(
            Arc::clone(&self.left),
            Arc::clone(&self.right),
            self.join.on.clone(),
            None::<JoinFilter>,
            self.join.join_type,
            vec![ASCENDING; self.join.on.len()],
            self.join.null_equality,
        )?;
        let statistics = merge.statistics_from_inputs(inputs, args)?;
        Ok(Arc::new(Arc::unwrap_or_clone(statistics).project(self.join.projection.as_ref())))
    }

    fn try_swapping_with_projection(&self, projection: &ProjectionExec) -> Result<Option<Arc<dyn ExecutionPlan>>> {
        if self.join.projection.is_some() {
            return Ok(None);
        }
        try_embed_projection(projection, self)
    }
}
