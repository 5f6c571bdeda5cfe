//! Planning a statement with its shared parts.

use super::scan::SharedExec;
use super::stage::{Stage, Stages};
use super::{Definition, SharedTable};
use crate::eager::group_early;
use crate::guard::may_fail;
use crate::lookup::narrow;
use crate::numbers::number_texts;
use crate::widen::widen;
use datafusion::catalog::TableProvider;
use datafusion::catalog::default_table_source::source_as_provider;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, Result, internal_datafusion_err};
use datafusion::execution::session_state::SessionState;
use datafusion::logical_expr::utils::{conjunction, disjunction};
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder};
use datafusion::physical_plan::display::DisplayableExecutionPlan;
use datafusion::physical_plan::{ExecutionPlan, displayable};
use std::any::Any;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

/// A lowered statement: its plan and the parts that it shares, each after those that it reads.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) root: LogicalPlan,
    pub(crate) shared: Vec<Definition>,
}

/// A statement that is ready to run.
#[derive(Clone, Debug)]
pub(crate) struct Planned {
    pub(crate) root: Arc<dyn ExecutionPlan>,
    stages: Vec<Arc<Stage>>,
}

/// What the uses of a part ask of it.
#[derive(Default)]
struct Wanted {
    uses: usize,
    columns: BTreeSet<usize>,
    /// The rows that each use keeps.
    filters: Vec<Expr>,
    /// Some use keeps all.
    all: bool,
}

/// A statement as DataFusion runs it. The session must have [`Stages`] of its own.
pub(crate) async fn physical(state: &SessionState, plan: &Plan) -> Result<Planned> {
    let stages = state.config().get_extension::<Stages>();
    let stages = stages.ok_or_else(|| internal_datafusion_err!("a session without stages"))?;
    // Left over from an attempt that failed.
    drop(stages.take());
    let root = optimized(state, &plan.root).await?;
    let mut parts: Vec<(&Definition, Vec<usize>, LogicalPlan)> = Vec::new();
    for definition in plan.shared.iter().rev() {
        let mut wanted = Wanted::default();
        for reading in parts.iter().map(|(_, _, plan)| plan).chain([&root]) {
            wanted.by(reading, &definition.table)?;
        }
        if wanted.uses > 0 {
            let (columns, plan) = wanted.restrict(definition)?;
            parts.push((definition, columns, optimized(state, &plan).await?));
        }
    }
    let planner = state.query_planner();
    let mut planned = Vec::with_capacity(parts.len());
    for (definition, columns, plan) in parts.into_iter().rev() {
        let producer = planner.create_physical_plan(&plan, state).await?;
        planned.push(Arc::clone(&producer));
        stages.put(definition.table.number, Stage::new(&definition.table.name, producer, columns));
    }
    let root = planner.create_physical_plan(&root, state).await?;
    let stages = stages.take();
    for stage in &stages {
        let mut readers = Vec::new();
        for plan in planned.iter().chain([&root]) {
            readers_of(stage, plan, &mut readers)?;
        }
        stage.seal(&readers);
    }
    Ok(Planned { root, stages })
}

/// A logical plan after DataFusion's rules and those of ours that look into tables.
async fn optimized(state: &SessionState, plan: &LogicalPlan) -> Result<LogicalPlan> {
    let plan = narrow(state, state.optimize(plan)?).await?;
    number_texts(widen(group_early(state, plan).await?)?)
}

impl Wanted {
    /// Adds what a plan asks of a table.
    fn by(&mut self, plan: &LogicalPlan, table: &SharedTable) -> Result<()> {
        plan.apply_with_subqueries(|node| {
            let LogicalPlan::TableScan(scan) = node else { return Ok(TreeNodeRecursion::Continue) };
            let provider = source_as_provider(&scan.source)?;
            let shared = (provider.as_ref() as &dyn Any).downcast_ref::<SharedTable>();
            if shared.is_some_and(|shared| shared.number == table.number) {
                self.uses += 1;
                match &scan.projection {
                    Some(columns) => self.columns.extend(columns),
                    None => self.columns.extend(0..table.schema.fields().len()),
                }
                let sound = scan.filters.iter().filter(|filter| !filter.is_volatile() && !may_fail(filter));
                match conjunction(sound.cloned()) {
                    Some(filter) => {
                        let filter = unqualified(filter)?;
                        if !self.filters.contains(&filter) {
                            self.filters.push(filter);
                        }
                    }
                    None => self.all = true,
                }
            }
            Ok(TreeNodeRecursion::Continue)
        })?;
        Ok(())
    }

    /// The part with no more than what its uses ask, and which columns of its table that leaves.
    fn restrict(self, definition: &Definition) -> Result<(Vec<usize>, LogicalPlan)> {
        let mut columns: Vec<usize> = self.columns.into_iter().collect();
        if columns.is_empty() {
            // Rows without columns cannot be spilled.
            columns.push(0);
        }
        let mut plan = LogicalPlanBuilder::from(definition.plan.clone());
        if !self.all
            && let Some(filter) = disjunction(self.filters)
        {
            plan = plan.filter(filter)?;
        }
        let schema = definition.table.schema();
        let kept = columns.iter().map(|column| {
            let name = schema.field(*column).name();
            Expr::Column(Column::new_unqualified(name))
        });
        let plan = plan.project(kept.collect::<Vec<_>>())?.build()?;
        Ok((columns, plan))
    }
}

/// A filter of a scan in the terms of the part itself.
fn unqualified(filter: Expr) -> Result<Expr> {
    let strip = |expression| match expression {
        Expr::Column(column) => Ok(Transformed::yes(Expr::Column(Column::new_unqualified(column.name)))),
        other => Ok(Transformed::no(other)),
    };
    filter.transform(strip).map(|changed| changed.data)
}

/// Collects the readers of a stage that a plan has.
fn readers_of(stage: &Arc<Stage>, plan: &Arc<dyn ExecutionPlan>, found: &mut Vec<usize>) -> Result<()> {
    plan.apply(|node| {
        if let Some(shared) = (node.as_ref() as &dyn Any).downcast_ref::<SharedExec>()
            && Arc::ptr_eq(&shared.stage, stage)
        {
            found.push(shared.reader);
        }
        Ok(TreeNodeRecursion::Continue)
    })?;
    Ok(())
}

impl Planned {
    /// The plans with what was measured while they ran.
    pub(crate) fn measured(&self) -> String {
        let shown = |plan: &Arc<dyn ExecutionPlan>| {
            DisplayableExecutionPlan::with_metrics(plan.as_ref()).indent(false).to_string()
        };
        let parts = self
            .stages
            .iter()
            .map(|stage| format!("shared {}, metrics=[{}]:\n{}", stage.name, stage.measured(), shown(&stage.producer)));
        std::iter::once(shown(&self.root)).chain(parts).collect()
    }
}

/// The statement's plan, then those of its parts.
impl fmt::Display for Planned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", displayable(self.root.as_ref()).indent(false))?;
        for stage in &self.stages {
            write!(f, "shared {}:\n{}", stage.name, displayable(stage.producer.as_ref()).indent(false))?;
        }
        Ok(())
    }
}
