//! DataFusion as Bedside runs it: one memory budget, spilling into the home, and the settings that MIMIC's layout wants.

use crate::engine::EngineOptions;
use crate::error::{Error, Result};
use crate::guard::GuardConditions;
use crate::interval::ChooseIntervalJoin;
use crate::memory::{self, Budget, MergeLargeJoins, Thrift};
use crate::segment::UseSegmentWindows;
use crate::shared::Stages;
use crate::yielding::YieldBehindJoins;
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::execution::session_state::{SessionState, SessionStateBuilder};
use datafusion::logical_expr::execution_props::ExecutionProps;
use datafusion::optimizer::{Optimizer, OptimizerRule};
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_optimizer::ensure_coop::EnsureCooperative;
use datafusion::physical_optimizer::ensure_requirements::EnsureRequirements;
use datafusion::physical_optimizer::join_selection::JoinSelection;
use datafusion::physical_optimizer::optimizer::PhysicalOptimizer;
use datafusion::physical_optimizer::projection_pushdown::ProjectionPushdown;
use datafusion::prelude::SessionConfig;
use std::path::Path;
use std::sync::Arc;

/// What all statements of an engine share.
pub(crate) fn runtime(scratch: &Path, options: &EngineOptions) -> Result<Arc<RuntimeEnv>> {
    let pool = Budget::new(options.memory_bytes);
    let disk = DiskManagerBuilder::default()
        .with_mode(DiskManagerMode::Directories(vec![scratch.to_path_buf()]))
        // The disk itself is the limit.
        .with_max_temp_directory_size(u64::MAX);
    let runtime = RuntimeEnvBuilder::new().with_memory_pool(Arc::new(pool)).with_disk_manager_builder(disk).build();
    runtime.map(Arc::new).map_err(Error::from)
}

/// The state that one statement is planned and run in, of an engine's template.
pub(crate) fn state(template: &SessionState) -> SessionState {
    let mut state = template.clone();
    state.config_mut().set_extension(Arc::new(Stages::default()));
    *state.execution_props_mut() = ExecutionProps::new();
    state
}

/// What the states of an engine's statements have in common. Making one takes longer than planning a small statement.
pub(crate) fn template(runtime: &Arc<RuntimeEnv>, options: &EngineOptions, thrift: Thrift) -> SessionState {
    let threads = match thrift {
        Thrift::Usual => options.threads.max(1),
        Thrift::Most => 1,
    };
    let mut config = SessionConfig::new().with_target_partitions(threads);
    let settings = config.options_mut();
    settings.execution.parquet.pushdown_filters = true;
    settings.execution.parquet.reorder_filters = true;
    // A scan's ranges of patients are its partitions; splitting files would lose that.
    settings.optimizer.repartition_file_scans = false;
    settings.optimizer.max_passes = 1;
    // One key that partitions is enough: whoever groups by patient and time needs no shuffle.
    settings.optimizer.subset_repartition_threshold = 1;
    settings.optimizer.prefer_existing_sort = true;
    memory::proportion(settings, options.memory_bytes, threads);
    SessionStateBuilder::new()
        .with_config(config)
        .with_runtime_env(Arc::clone(runtime))
        .with_default_features()
        // Types are decided in the tree. What these rules would change is a defect to be seen, not mended.
        .with_analyzer_rules(vec![])
        .with_optimizer_rules(optimizer_rules())
        .with_physical_optimizer_rules(physical_rules(options.memory_bytes, thrift))
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

/// DataFusion's own rules once, those that find more to do in what the others made, then ours. DataFusion would go over all of
/// them until nothing changes: twice the time, and on the derived tables the same plans.
fn optimizer_rules() -> Vec<Arc<dyn OptimizerRule + Send + Sync>> {
    const AGAIN: [&str; 6] = [
        "simplify_expressions",
        "eliminate_join",
        "eliminate_filter",
        "push_down_filter",
        "common_sub_expression_eliminate",
        "optimize_projections",
    ];
    let mut rules = Optimizer::new().rules;
    let again: Vec<_> =
        AGAIN.into_iter().filter_map(|name| rules.iter().find(|rule| rule.name() == name).cloned()).collect();
    rules.extend(again);
    rules.push(Arc::new(GuardConditions));
    rules
}

/// DataFusion's own rules with ours among them: what joins are is decided before the rule that adds what operators require
/// of their inputs, and what becomes of window functions when there is nothing more to decide. Projections are pushed down
/// once, at the end, not twice: every time builds most of a plan anew.
fn physical_rules(memory_bytes: usize, thrift: Thrift) -> Vec<Arc<dyn PhysicalOptimizerRule + Send + Sync>> {
    let mut rules = PhysicalOptimizer::new().rules;
    let pushes = |rule: &Arc<dyn PhysicalOptimizerRule + Send + Sync>| rule.name() == ProjectionPushdown::new().name();
    if rules.iter().filter(|rule| pushes(rule)).count() > 1
        && let Some(first) = rules.iter().position(pushes)
    {
        rules.remove(first);
    }
    let mut before = |name: &str, rule: Arc<dyn PhysicalOptimizerRule + Send + Sync>| {
        let place = rules.iter().position(|rule| rule.name() == name).unwrap_or(rules.len());
        rules.insert(place, rule);
    };
    before(JoinSelection::new().name(), Arc::new(YieldBehindJoins::Begin));
    before(ProjectionPushdown::new().name(), Arc::new(YieldBehindJoins::End));
    before(EnsureRequirements::new().name(), Arc::new(ChooseIntervalJoin));
    before(EnsureRequirements::new().name(), Arc::new(MergeLargeJoins::new(memory_bytes, thrift)));
    before(EnsureCooperative::new().name(), Arc::new(UseSegmentWindows));
    rules.push(Arc::new(YieldBehindJoins::Begin));
    rules
}
