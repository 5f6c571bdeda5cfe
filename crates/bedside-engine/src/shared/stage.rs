//! One computation and its readers.

use super::buffer::Buffer;
use super::read::{Reader, Wakers};
use arrow::datatypes::SchemaRef;
use datafusion::common::{Result, Statistics, internal_datafusion_err};
use datafusion::execution::memory_pool::{MemoryConsumer, MemoryReservation};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_plan::execution_plan::reset_plan_states;
use datafusion::physical_plan::metrics::{BaselineMetrics, ExecutionPlanMetricsSet, MetricsSet, SpillMetrics};
use datafusion::physical_plan::{
    ExecutionPlan, ExecutionPlanProperties, SpillManager, StatisticsArgs, StatisticsContext,
};
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// The stages of one statement that is being planned, by the number of their part.
#[derive(Debug, Default)]
pub(crate) struct Stages(Mutex<BTreeMap<usize, Arc<Stage>>>);

impl Stages {
    pub(super) fn get(&self, number: usize) -> Option<Arc<Stage>> {
        locked(&self.0).get(&number).cloned()
    }

    pub(super) fn put(&self, number: usize, stage: Stage) {
        locked(&self.0).insert(number, Arc::new(stage));
    }

    /// Takes all, in the order of their numbers, so that the next plan starts without.
    pub(super) fn take(&self) -> Vec<Arc<Stage>> {
        std::mem::take(&mut *locked(&self.0)).into_values().collect()
    }
}

/// One computation that several leaves of a plan read.
pub(crate) struct Stage {
    pub(crate) name: String,
    pub(crate) producer: Arc<dyn ExecutionPlan>,
    /// What the producer's columns are, by their place in the part's table.
    pub(super) columns: Vec<usize>,
    parts: Vec<Part>,
    registered: AtomicUsize,
    /// The readers that are left in the finished plan; unknown for as long as it is being planned.
    live: OnceLock<Vec<bool>>,
    /// Memory of all partitions.
    reservation: OnceLock<Arc<MemoryReservation>>,
    metrics: ExecutionPlanMetricsSet,
    /// What is known of the rows, of all or of one partition: rules ask again and again.
    statistics: Mutex<HashMap<Option<usize>, Arc<Statistics>>>,
    /// Plans for readers that start anew, by reader and how often it did.
    again: Mutex<HashMap<(usize, usize), Arc<dyn ExecutionPlan>>>,
}

/// One partition of it.
pub(super) struct Part {
    /// Held by the reader that computes. Nobody waits for it.
    pub(super) source: Mutex<Source>,
    pub(super) buffer: Mutex<Option<Buffer>>,
    pub(super) wakers: Arc<Wakers>,
}

/// Where batches come from.
pub(super) enum Source {
    Idle,
    Running(SendableRecordBatchStream),
    Ended,
}

impl Stage {
    pub(super) fn new(name: &str, producer: Arc<dyn ExecutionPlan>, columns: Vec<usize>) -> Self {
        let count = producer.output_partitioning().partition_count();
        let part = || Part { source: Mutex::new(Source::Idle), buffer: Mutex::default(), wakers: Arc::default() };
        Self {
            name: name.to_owned(),
            producer,
            columns,
            parts: (0..count).map(|_| part()).collect(),
            registered: AtomicUsize::new(0),
            live: OnceLock::new(),
            reservation: OnceLock::new(),
            metrics: ExecutionPlanMetricsSet::new(),
            statistics: Mutex::default(),
            again: Mutex::default(),
        }
    }

    /// A number for one more reader.
    pub(super) fn register(&self) -> usize {
        self.registered.fetch_add(1, Ordering::Relaxed)
    }

    /// Says which of the registered readers the finished plan has.
    pub(super) fn seal(&self, readers: &[usize]) {
        let live = (0..self.registered.load(Ordering::Relaxed)).map(|reader| readers.contains(&reader)).collect();
        // A plan is finished once.
        let _ = self.live.set(live);
    }

    pub(super) fn part(&self, partition: usize) -> Result<&Part> {
        let part = self.parts.get(partition);
        part.ok_or_else(|| internal_datafusion_err!("the part {} has no partition {partition}", self.name))
    }

    /// What is known of the rows before they are there, of all or of one partition.
    pub(super) fn statistics(&self, args: &StatisticsArgs) -> Result<Arc<Statistics>> {
        if let Some(known) = locked(&self.statistics).get(&args.partition()) {
            return Ok(Arc::clone(known));
        }
        let statistics = StatisticsContext::new().compute(self.producer.as_ref(), args)?;
        locked(&self.statistics).insert(args.partition(), Arc::clone(&statistics));
        Ok(statistics)
    }

    /// The rows of one partition for one reader. A reader that reads for the first time shares; one that starts again, as
    /// joins that run out of memory do, computes for itself, for the first batches may be gone.
    pub(super) fn read(
        self: &Arc<Self>,
        reader: usize,
        partition: usize,
        columns: &[usize],
        schema: SchemaRef,
        metrics: &ExecutionPlanMetricsSet,
        context: &Arc<TaskContext>,
    ) -> Result<SendableRecordBatchStream> {
        let mut buffer = locked(&self.part(partition)?.buffer);
        let buffer = buffer.get_or_insert_with(|| self.buffer(partition, context));
        let times = buffer.claim(reader);
        let metrics = BaselineMetrics::new(metrics, partition);
        let reader = if times == 0 {
            Reader::shared(Arc::clone(self), reader, partition, Arc::clone(context))
        } else {
            let mut again = locked(&self.again);
            let plan = match again.get(&(reader, times)) {
                Some(plan) => Arc::clone(plan),
                None => {
                    let plan = reset_plan_states(Arc::clone(&self.producer))?;
                    again.insert((reader, times), Arc::clone(&plan));
                    plan
                }
            };
            Reader::alone(plan.execute(partition, Arc::clone(context))?)
        };
        Ok(Box::pin(reader.of(columns.to_vec(), schema, metrics)))
    }

    /// What has been done so far, spilling included.
    pub(super) fn measured(&self) -> MetricsSet {
        self.metrics.clone_inner().aggregate_by_name()
    }

    fn buffer(&self, partition: usize, context: &TaskContext) -> Buffer {
        let reservation = self.reservation.get_or_init(|| {
            let consumer = MemoryConsumer::new(format!("shared {}", self.name)).with_can_spill(true);
            Arc::new(consumer.register(context.memory_pool()))
        });
        let spill = SpillManager::new(
            context.runtime_env(),
            SpillMetrics::new(&self.metrics, partition),
            self.producer.schema(),
        )
        .with_compression_type(context.session_config().spill_compression());
        let readers = self.registered.load(Ordering::Relaxed);
        let live = self.live.get().cloned().unwrap_or_else(|| vec![true; readers]);
        Buffer::new(live, Arc::clone(reservation), spill)
    }
}

impl fmt::Debug for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Stage({})", self.name)
    }
}

/// What a lock protects. A thread that died while it held the lock has ended the statement; there is nothing more to it.
pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
