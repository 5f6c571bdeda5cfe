//! DataFusion as Bedside runs it: one memory budget, spilling into the home, and the settings that MIMIC's layout wants.

use crate::engine::EngineOptions;
use crate::error::{Error, Result};
use crate::guard::GuardConditions;
use crate::interval::{ChooseIntervalJoin, HoldSmallSides};
use crate::memory::{self, Budget, MergeLargeJoins, Thrift};
use crate::recursion::BoundRounds;
use crate::sealed::SealCases;
use crate::segment::UseSegmentWindows;
use crate::shared::Stages;
use crate::yielding::YieldBehindJoins;
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::execution::session_state::{SessionState, SessionStateBuilder};
use datafusion::logical_expr::execution_props::ExecutionProps;
use datafusion::optimizer::OptimizerRule;
use datafusion::optimizer::common_subexpr_eliminate::CommonSubexprEliminate;
use datafusion::optimizer::eliminate_cross_join::EliminateCrossJoin;
use datafusion::optimizer::eliminate_duplicated_expr::EliminateDuplicatedExpr;
use datafusion::optimizer::eliminate_filter::EliminateFilter;
use datafusion::optimizer::eliminate_group_by_constant::EliminateGroupByConstant;
use datafusion::optimizer::eliminate_join::EliminateJoin;
use datafusion::optimizer::eliminate_limit::EliminateLimit;
use datafusion::optimizer::eliminate_outer_join::EliminateOuterJoin;
use datafusion::optimizer::extract_equijoin_predicate::ExtractEquijoinPredicate;
use datafusion::optimizer::optimize_projections::OptimizeProjections;
use datafusion::optimizer::optimize_unions::OptimizeUnions;
use datafusion::optimizer::propagate_empty_relation::PropagateEmptyRelation;
use datafusion::optimizer::push_down_filter::PushDownFilter;
use datafusion::optimizer::push_down_limit::PushDownLimit;
use datafusion::optimizer::replace_distinct_aggregate::ReplaceDistinctWithAggregate;
use datafusion::optimizer::simplify_expressions::SimplifyExpressions;
use datafusion::optimizer::single_distinct_to_groupby::SingleDistinctToGroupBy;
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_optimizer::ensure_coop::EnsureCooperative;
use datafusion::physical_optimizer::ensure_requirements::EnsureRequirements;
use datafusion::physical_optimizer::join_selection::JoinSelection;
use datafusion::physical_optimizer::optimizer::PhysicalOptimizer;
use datafusion::physical_optimizer::projection_pushdown::ProjectionPushdown;
use datafusion::prelude::SessionConfig;
use std::path::Path;
use std::sync::Arc;

/// The share of the memory that footers of files may have, beside what statements hold.
const FOOTERS: usize = 16;

/// What all statements of an engine share.
pub(crate) fn runtime(scratch: &Path, budget: &Arc<Budget>, options: &EngineOptions) -> Result<Arc<RuntimeEnv>> {
    let disk = DiskManagerBuilder::default()
        .with_mode(DiskManagerMode::Directories(vec![scratch.to_path_buf()]))
        // The disk itself is the limit.
        .with_max_temp_directory_size(u64::MAX);
    let runtime = RuntimeEnvBuilder::new()
        .with_memory_pool(Arc::<Budget>::clone(budget))
        .with_disk_manager_builder(disk)
        .with_metadata_cache_limit(options.memory_bytes / FOOTERS)
        .build();
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
pub(crate) fn template(
    runtime: &Arc<RuntimeEnv>,
    budget: &Arc<Budget>,
    options: &EngineOptions,
    thrift: Thrift,
) -> SessionState {
    let threads = match thrift {
        Thrift::Usual => options.threads.max(1),
        Thrift::Most => 1,
    };
    let mut config = SessionConfig::new().with_target_partitions(threads).with_extension(Arc::clone(budget));
    let settings = config.options_mut();
    settings.execution.parquet.pushdown_filters = true;
    settings.execution.parquet.reorder_filters = true;
    // A scan's ranges of patients are its partitions; splitting files would lose that.
    settings.optimizer.repartition_file_scans = false;
    settings.optimizer.max_passes = 1;
    // One key that partitions is enough: whoever groups by patient and time needs no shuffle.
    settings.optimizer.subset_repartition_threshold = 1;
    settings.optimizer.prefer_existing_sort = true;
    // Stays, admissions and patients of a full release: one table for all threads costs less than moving both sides' rows.
    settings.optimizer.hash_join_single_partition_threshold = (options.memory_bytes / 64).clamp(1 << 20, 64 << 20);
    settings.optimizer.hash_join_single_partition_threshold_rows = 1 << 20;
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

/// Of DataFusion's own rules those that find something to do in what lowering makes, once, then those that find more in what
/// the others made, then ours. DataFusion would go over all of its rules until nothing changes: twice the time, and on the
/// derived tables the same plans. Left out are rules for subqueries and set comparisons, which lowering has written as joins,
/// and those for fields of structs in files, which have none.
fn optimizer_rules() -> Vec<Arc<dyn OptimizerRule + Send + Sync>> {
    vec![
        Arc::new(OptimizeUnions::new()),
        Arc::new(SimplifyExpressions::new()),
        Arc::new(ReplaceDistinctWithAggregate::new()),
        Arc::new(EliminateJoin::new()),
        Arc::new(ExtractEquijoinPredicate::new()),
        Arc::new(EliminateDuplicatedExpr::new()),
        Arc::new(EliminateFilter::new()),
        Arc::new(EliminateCrossJoin::new()),
        Arc::new(EliminateLimit::new()),
        Arc::new(PropagateEmptyRelation::new()),
        Arc::new(EliminateOuterJoin::new()),
        Arc::new(PushDownLimit::new()),
        Arc::new(PushDownFilter::new()),
        Arc::new(SingleDistinctToGroupBy::new()),
        Arc::new(EliminateGroupByConstant::new()),
        Arc::new(CommonSubexprEliminate::new()),
        Arc::new(OptimizeProjections::new()),
        Arc::new(SimplifyExpressions::new()),
        Arc::new(EliminateJoin::new()),
        Arc::new(EliminateFilter::new()),
        Arc::new(PushDownFilter::new()),
        Arc::new(CommonSubexprEliminate::new()),
        Arc::new(OptimizeProjections::new()),
        Arc::new(GuardConditions),
    ]
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
    rules.insert(0, Arc::new(SealCases));
    rules.push(Arc::new(HoldSmallSides));
    rules.push(Arc::new(YieldBehindJoins::Begin));
    rules.push(Arc::new(BoundRounds));
    rules
}
