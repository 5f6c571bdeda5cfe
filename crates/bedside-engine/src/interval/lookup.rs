//! The operator for a side that is held as a whole.

use super::held::Held;
use super::join::Join;
use super::narrowing::Narrowing;
use super::probe::Probing;
use arrow::datatypes::SchemaRef;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{DataFusionError, Result, Statistics, internal_err};
use datafusion::execution::memory_pool::MemoryConsumer;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::{Distribution, OrderingRequirements, PhysicalExpr};
use datafusion::physical_plan::metrics::{BaselineMetrics, ExecutionPlanMetricsSet, MetricsSet};
use datafusion::physical_plan::statistics::ChildStats;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{
    ChildrenPropertiesMode, DisplayAs, DisplayFormatType, ExecutionPlan, InputDistributionRequirements, PlanProperties,
    ReplaceChildrenOptions, StatisticsArgs,
};
use futures::{TryStreamExt, stream};
use std::fmt;
use std::sync::Arc;
use tokio::sync::OnceCell;

/// A join whose left side is held as a whole; see [`super`]. What it asks of its inputs and says of its output is what
/// DataFusion's hash join does, in whose place it stands.
pub(super) struct LookupJoinExec {
    stock: Arc<dyn ExecutionPlan>,
    join: Join,
    narrowing: Option<Narrowing>,
    /// The left side, once it is read; all partitions share it, and what went wrong with it.
    held: Arc<OnceCell<Result<Arc<Held>, Arc<DataFusionError>>>>,
    metrics: ExecutionPlanMetricsSet,
}

impl LookupJoinExec {
    /// In the place of a hash join that collects its left side.
    pub(super) fn new(stock: Arc<dyn ExecutionPlan>, join: Join, narrowing: Option<Narrowing>) -> Self {
        Self { stock, join, narrowing, held: Arc::default(), metrics: ExecutionPlanMetricsSet::new() }
    }

    fn sides(&self) -> Result<[&Arc<dyn ExecutionPlan>; 2]> {
        match <[_; 2]>::try_from(self.stock.children()) {
            Ok(sides) => Ok(sides),
            Err(_) => internal_err!("an interval join has two inputs"),
        }
    }
}

impl DisplayAs for LookupJoinExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LookupJoinExec: ")?;
        self.join.show(&self.schema(), f)
    }
}

impl fmt::Debug for LookupJoinExec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LookupJoinExec({:?})", self.join)
    }
}

impl ExecutionPlan for LookupJoinExec {
    fn name(&self) -> &'static str {
        "LookupJoinExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        self.stock.properties()
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        self.stock.children()
    }

    fn input_distribution_requirements(&self) -> InputDistributionRequirements {
        self.stock.input_distribution_requirements()
    }

    fn required_input_distribution(&self) -> Vec<Distribution> {
        self.stock.input_distribution_requirements().into_per_child()
    }

    fn required_input_ordering(&self) -> Vec<Option<OrderingRequirements>> {
        self.stock.required_input_ordering()
    }

    fn maintains_input_order(&self) -> Vec<bool> {
        self.stock.maintains_input_order()
    }

    fn apply_expressions(
        &self,
        f: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        self.stock.apply_expressions(f)
    }

    fn replace_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
        options: ReplaceChildrenOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let stock = Arc::clone(&self.stock).replace_children(children, options)?;
        Ok(Arc::new(Self::new(stock, self.join.clone(), self.narrowing.clone())))
    }

    fn with_new_children(self: Arc<Self>, children: Vec<Arc<dyn ExecutionPlan>>) -> Result<Arc<dyn ExecutionPlan>> {
        self.replace_children(children, ReplaceChildrenOptions::new(ChildrenPropertiesMode::Recompute))
    }

    fn reset_state(self: Arc<Self>) -> Result<Arc<dyn ExecutionPlan>> {
        let stock = Arc::clone(&self.stock).reset_state()?;
        Ok(Arc::new(Self::new(stock, self.join.clone(), None)))
    }

    fn execute(&self, partition: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let [left, right] = self.sides()?;
        let (left, right_schema) = (Arc::clone(left), right.schema());
        let rows = context.session_config().batch_size();
        let shape = Arc::new(self.join.shape(&left.schema(), &right_schema, self.schema(), rows)?);
        let streamed = right.execute(partition, Arc::clone(&context))?;
        let metrics = BaselineMetrics::new(&self.metrics, partition);
        let (held, narrowing) = (Arc::clone(&self.held), self.narrowing.clone());
        let opened = async move {
            let read = || async {
                let reservation = MemoryConsumer::new("LookupJoinExec").register(context.memory_pool());
                let held = Held::read(left.execute(0, Arc::clone(&context))?, &shape, reservation).await?;
                let held = Arc::new(held);
                if let Some(narrowing) = &narrowing {
                    narrowing.tell(&held, &shape, &right_schema)?;
                }
                Ok(held)
            };
            let held = held.get_or_init(|| async { read().await.map_err(Arc::new) }).await;
            let held = held.clone().map_err(DataFusionError::Shared)?;
            Ok::<_, DataFusionError>(Probing::new(shape, held, streamed, metrics))
        };
        let batches = stream::once(opened).map_ok(|probing| {
            stream::try_unfold(probing, |mut probing| async move {
                let batch = probing.next().await?;
                Ok(batch.map(|batch| (batch, probing)))
            })
        });
        Ok(Box::pin(RecordBatchStreamAdapter::new(self.schema(), batches.try_flatten())))
    }

    fn metrics(&self) -> Option<MetricsSet> {
        Some(self.metrics.clone_inner())
    }

    fn child_stats_requests(&self, partition: Option<usize>) -> Vec<ChildStats> {
        self.stock.child_stats_requests(partition)
    }

    fn statistics_from_inputs(&self, inputs: &[Arc<Statistics>], args: &StatisticsArgs) -> Result<Arc<Statistics>> {
        self.stock.statistics_from_inputs(inputs, args)
    }

    fn schema(&self) -> SchemaRef {
        self.stock.schema()
    }
}
