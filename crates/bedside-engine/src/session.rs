//! DataFusion as Bedside runs it: one memory budget, spilling into the home, and the settings that MIMIC's layout wants.

use crate::engine::EngineOptions;
use crate::error::{Error, Result};
use crate::guard::GuardConditions;
use crate::interval::ChooseIntervalJoin;
use crate::shared::Stages;
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::{FairSpillPool, TrackConsumersPool};
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::execution::session_state::{SessionState, SessionStateBuilder};
use datafusion::optimizer::{Optimizer, OptimizerRule};
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_optimizer::ensure_requirements::EnsureRequirements;
use datafusion::physical_optimizer::optimizer::PhysicalOptimizer;
use datafusion::prelude::SessionConfig;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;

/// What all statements of an engine share.
pub(crate) fn runtime(home: &Path, options: &EngineOptions) -> Result<Arc<RuntimeEnv>> {
    let largest = NonZeroUsize::new(3).unwrap_or(NonZeroUsize::MIN);
    let pool = TrackConsumersPool::new(FairSpillPool::new(options.memory_bytes), largest);
    let scratch = home.join("scratch");
    let disk = DiskManagerBuilder::default().with_mode(DiskManagerMode::Directories(vec![scratch]));
    let runtime = RuntimeEnvBuilder::new().with_memory_pool(Arc::new(pool)).with_disk_manager_builder(disk).build();
    runtime.map(Arc::new).map_err(Error::from)
}

/// The state that one statement is planned and run in.
pub(crate) fn state(runtime: &Arc<RuntimeEnv>, options: &EngineOptions) -> SessionState {
    let mut config = SessionConfig::new().with_target_partitions(options.threads.max(1));
    config.set_extension(Arc::new(Stages::default()));
    let settings = config.options_mut();
    settings.execution.parquet.pushdown_filters = true;
    settings.execution.parquet.reorder_filters = true;
    // A scan's ranges of patients are its partitions; splitting files would lose that.
    settings.optimizer.repartition_file_scans = false;
    // One key that partitions is enough: whoever groups by patient and time needs no shuffle.
    settings.optimizer.subset_repartition_threshold = 1;
    settings.optimizer.prefer_existing_sort = true;
    SessionStateBuilder::new()
        .with_config(config)
        .with_runtime_env(Arc::clone(runtime))
        .with_default_features()
        // Types are decided in the tree. What these rules would change is a defect to be seen, not mended.
        .with_analyzer_rules(vec![])
        .with_optimizer_rules(optimizer_rules())
        .with_physical_optimizer_rules(physical_rules())
        .build()
}

/// The same state for plans that sort once, at the end, whatever order their parts have.
pub(crate) fn plain(state: SessionState) -> SessionState {
    let mut config = state.config().clone();
    let settings = config.options_mut();
    settings.execution.target_partitions = 1;
    settings.optimizer.repartition_sorts = false;
    settings.optimizer.prefer_existing_sort = false;
    SessionStateBuilder::new_from_existing(state).with_config(config).build()
}

/// DataFusion's own rules, then ours.
fn optimizer_rules() -> Vec<Arc<dyn OptimizerRule + Send + Sync>> {
    let mut rules = Optimizer::new().rules;
    rules.push(Arc::new(GuardConditions));
    rules
}

/// DataFusion's own rules with ours before the one that adds what operators require of their inputs.
fn physical_rules() -> Vec<Arc<dyn PhysicalOptimizerRule + Send + Sync>> {
    let mut rules = PhysicalOptimizer::new().rules;
    let place = rules.iter().position(|rule| rule.name() == EnsureRequirements::new().name()).unwrap_or(rules.len());
    rules.insert(place, Arc::new(ChooseIntervalJoin));
    rules
}
