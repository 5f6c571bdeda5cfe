//! The operator as DataFusion plans it.

use super::function::{Function, Segments};
use crate::stretch::{Stretches, evaluated};
use arrow::array::{Array, ArrayRef, RecordBatch, UInt32Array};
use arrow::compute::{partition, take_record_batch};
use arrow::datatypes::SchemaRef;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{Result, Statistics, internal_err};
use datafusion::execution::memory_pool::MemoryConsumer;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::expressions::Column;
use datafusion::physical_expr::window::WindowExpr;
use datafusion::physical_expr::{Distribution, OrderingRequirements, PhysicalExpr};
use datafusion::physical_plan::execution_plan::CardinalityEffect;
use datafusion::physical_plan::metrics::{BaselineMetrics, ExecutionPlanMetricsSet, MetricsSet};
use datafusion::physical_plan::statistics::ChildStats;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{
    ChildrenPropertiesMode, DisplayAs, DisplayFormatType, ExecutionPlan, InputDistributionRequirements, PlanProperties,
    ReplaceChildrenOptions, StatisticsArgs,
};
use futures::stream;
use std::collections::{BTreeSet, VecDeque};
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// Window functions a whole partition at a time; see [`super`]. What it asks of its input and says of its output is what
/// DataFusion's operator does, in whose place it stands.
pub(super) struct SegmentWindowExec {
    stock: Arc<dyn ExecutionPlan>,
    calls: Vec<Arc<dyn WindowExpr>>,
    functions: Vec<Function>,
    given: Given,
    metrics: ExecutionPlanMetricsSet,
}

/// Which rows come out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Given {
    Every,
    /// The first of each partition.
    OneOfEach,
}

impl SegmentWindowExec {
    /// In the place of an operator that computes these calls.
    pub(super) fn new(stock: Arc<dyn ExecutionPlan>, calls: Vec<Arc<dyn WindowExpr>>, input: &SchemaRef) -> Self {
        let functions = calls.iter().map(|call| Function::new(call, input)).collect();
        Self { stock, calls, functions, given: Given::Every, metrics: ExecutionPlanMetricsSet::new() }
    }

    /// The same with one row a partition, if these columns have one value in each.
    pub(super) fn one_row_each(&self, columns: &BTreeSet<usize>) -> Option<Self> {
        let keys = self.keys();
        let is_key =
            |column: usize| keys.iter().filter_map(|key| key.downcast_ref::<Column>()).any(|key| key.index() == column);
        let own = self.schema().fields().len() - self.functions.len();
        let is_same = |column: usize| match column.checked_sub(own) {
            Some(function) => self.functions[function].is_of_partition(),
            None => is_key(column),
        };
        let same = !keys.is_empty() && columns.iter().all(|column| is_same(*column));
        same.then(|| Self {
            stock: Arc::clone(&self.stock),
            calls: self.calls.clone(),
            functions: self.functions.clone(),
            given: Given::OneOfEach,
            metrics: ExecutionPlanMetricsSet::new(),
        })
    }

    fn keys(&self) -> Vec<Arc<dyn PhysicalExpr>> {
        self.calls.first().map(|call| call.partition_by().to_vec()).unwrap_or_default()
    }
}

/// One partition of the operator's input.
struct Running {
    stretches: Stretches,
    keys: Vec<Arc<dyn PhysicalExpr>>,
    functions: Vec<Function>,
    given: Given,
    schema: SchemaRef,
    batch_rows: usize,
    /// What is computed and has yet to be given.
    ready: VecDeque<RecordBatch>,
    metrics: BaselineMetrics,
}

impl Running {
    async fn next(&mut self) -> Result<Option<RecordBatch>> {
        loop {
            if let Some(batch) = self.ready.pop_front() {
                self.metrics.record_output(batch.num_rows());
                return Ok(Some(batch));
            }
            let Some(stretch) = self.stretches.next().await? else { return Ok(None) };
            let time = self.metrics.elapsed_compute().clone();
            let timer = time.timer();
            let whole = self.computed(&stretch)?;
            for start in (0..whole.num_rows()).step_by(self.batch_rows) {
                self.ready.push_back(whole.slice(start, self.batch_rows.min(whole.num_rows() - start)));
            }
            timer.done();
        }
    }

    /// The rows of a stretch with the functions' values.
    fn computed(&mut self, stretch: &RecordBatch) -> Result<RecordBatch> {
        let partitions = partitions(&evaluated(&self.keys, stretch)?, stretch.num_rows())?;
        let segments = Segments::new(stretch, &partitions, &self.functions)?;
        let mut columns = stretch.columns().to_vec();
        for function in &self.functions {
            let values = function.values(&segments)?;
            self.stretches.reserve(values.get_array_memory_size())?;
            columns.push(values);
        }
        let every = RecordBatch::try_new(Arc::clone(&self.schema), columns)?;
        if self.given == Given::Every {
            return Ok(every);
        }
        let first = UInt32Array::from_iter_values(partitions.iter().map(|partition| partition.start as u32));
        Ok(take_record_batch(&every, &first)?)
    }
}

fn partitions(keys: &[ArrayRef], rows: usize) -> Result<Vec<Range<usize>>> {
    if keys.is_empty() {
        return Ok(std::iter::once(0..rows).collect());
    }
    Ok(partition(keys)?.ranges())
}

impl DisplayAs for SegmentWindowExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let calls: Vec<&str> = self.calls.iter().map(|call| call.name()).collect();
        let rows = if self.given == Given::OneOfEach { ", one row a partition" } else { "" };
        write!(f, "SegmentWindowExec: [{}]{rows}", calls.join(", "))
    }
}

impl fmt::Debug for SegmentWindowExec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SegmentWindowExec({:?})", self.calls)
    }
}

impl ExecutionPlan for SegmentWindowExec {
    fn name(&self) -> &'static str {
        "SegmentWindowExec"
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
        vec![true]
    }

    fn cardinality_effect(&self) -> CardinalityEffect {
        match self.given {
            Given::Every => CardinalityEffect::Equal,
            Given::OneOfEach => CardinalityEffect::LowerEqual,
        }
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
        let [child] = children.as_slice() else { return internal_err!("window functions have one input") };
        let input = child.schema();
        let stock = Arc::clone(&self.stock).replace_children(children, options)?;
        Ok(Arc::new(Self { given: self.given, ..Self::new(stock, self.calls.clone(), &input) }))
    }

    fn with_new_children(self: Arc<Self>, children: Vec<Arc<dyn ExecutionPlan>>) -> Result<Arc<dyn ExecutionPlan>> {
        self.replace_children(children, ReplaceChildrenOptions::new(ChildrenPropertiesMode::Recompute))
    }

    fn execute(&self, partition: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let children = self.stock.children();
        let [input] = children.as_slice() else { return internal_err!("window functions have one input") };
        let input = input.execute(partition, Arc::clone(&context))?;
        let consumer = MemoryConsumer::new(format!("SegmentWindowExec[{partition}]"));
        let running = Running {
            stretches: Stretches::new(input, self.keys(), consumer.register(context.memory_pool())),
            keys: self.keys(),
            functions: self.functions.clone(),
            given: self.given,
            schema: self.schema(),
            batch_rows: context.session_config().batch_size().max(1),
            ready: VecDeque::new(),
            metrics: BaselineMetrics::new(&self.metrics, partition),
        };
        let batches = stream::try_unfold(running, |mut running| async move {
            let batch = running.next().await?;
            Ok(batch.map(|batch| (batch, running)))
        });
        Ok(Box::pin(RecordBatchStreamAdapter::new(self.schema(), batches)))
    }

    fn metrics(&self) -> Option<MetricsSet> {
        Some(self.metrics.clone_inner())
    }

    fn child_stats_requests(&self, partition: Option<usize>) -> Vec<ChildStats> {
        self.stock.child_stats_requests(partition)
    }

    fn statistics_from_inputs(&self, inputs: &[Arc<Statistics>], args: &StatisticsArgs) -> Result<Arc<Statistics>> {
        let every = self.stock.statistics_from_inputs(inputs, args)?;
        Ok(match self.given {
            Given::Every => every,
            Given::OneOfEach => Arc::new(Arc::unwrap_or_clone(every).to_inexact()),
        })
    }
}
