//! A use of a shared part: a table for the logical plan, a leaf of the physical one.

use super::stage::{Stage, Stages};
use arrow::datatypes::SchemaRef;
use async_trait::async_trait;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{Result, Statistics, internal_datafusion_err};
use datafusion::datasource::TableType;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown};
use datafusion::physical_expr::projection::ProjectionMapping;
use datafusion::physical_expr::{EquivalenceProperties, PhysicalExpr};
use datafusion::physical_plan::coop::make_cooperative;
use datafusion::physical_plan::execution_plan::SchedulingType;
use datafusion::physical_plan::metrics::{ExecutionPlanMetricsSet, MetricsSet};
use datafusion::physical_plan::{
    ChildrenPropertiesMode, DisplayAs, DisplayFormatType, ExecutionPlan, ExecutionPlanProperties, PlanProperties,
    ReplaceChildrenOptions, StatisticsArgs,
};
use std::any::Any;
use std::fmt;
use std::sync::Arc;

/// A shared part as something to scan. What it is made of is found, when it is planned, in the session's [`Stages`].
#[derive(Debug)]
pub(crate) struct SharedTable {
    /// Its place among the statement's parts.
    pub(crate) number: usize,
    /// The CTE's name, or what the part is for.
    pub(crate) name: String,
    pub(crate) schema: SchemaRef,
}

#[async_trait]
impl TableProvider for SharedTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::Temporary
    }

    fn supports_filters_pushdown(&self, filters: &[&Expr]) -> Result<Vec<TableProviderFilterPushDown>> {
        // The scan only takes note of them, for the part itself to keep what any use keeps.
        Ok(vec![TableProviderFilterPushDown::Inexact; filters.len()])
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        _: &[Expr],
        _: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let stages = state.config().get_extension::<Stages>();
        let stage = stages.and_then(|stages| stages.get(self.number));
        let stage = stage.ok_or_else(|| internal_datafusion_err!("the part {} is not planned", self.name))?;
        let columns = projection.cloned().unwrap_or_else(|| (0..self.schema.fields().len()).collect());
        Ok(Arc::new(SharedExec::new(stage, &self.schema, &columns)?))
    }
}

/// Reads what a [`Stage`] computes, partition by partition.
#[derive(Debug)]
pub(super) struct SharedExec {
    pub(super) stage: Arc<Stage>,
    /// Which of the stage's readers this is.
    pub(super) reader: usize,
    /// The columns, by their place in what the stage gives.
    columns: Vec<usize>,
    properties: Arc<PlanProperties>,
    metrics: ExecutionPlanMetricsSet,
}

/// The plan whose rows a node reads, if it is a use of a shared part.
pub(crate) fn producer(node: &Arc<dyn ExecutionPlan>) -> Option<&Arc<dyn ExecutionPlan>> {
    let shared = (node.as_ref() as &dyn Any).downcast_ref::<SharedExec>();
    shared.map(|shared| &shared.stage.producer)
}

impl SharedExec {
    fn new(stage: Arc<Stage>, table: &SchemaRef, columns: &[usize]) -> Result<Self> {
        let schema = Arc::new(table.project(columns)?);
        let columns: Vec<usize> = columns
            .iter()
            .map(|column| stage.columns.iter().position(|held| held == column))
            .collect::<Option<_>>()
            .ok_or_else(|| internal_datafusion_err!("the part {} lacks a column that is read", stage.name))?;
        let producer = Arc::clone(&stage.producer);
        let mapping = ProjectionMapping::from_indices(&columns, &producer.schema())?;
        let equivalence: &EquivalenceProperties = producer.equivalence_properties();
        let partitioning = producer.output_partitioning().project(&mapping, equivalence);
        let equivalence = equivalence.project(&mapping, schema);
        // Cooperative as it is: else DataFusion puts a node on top that does this, and plans all that stands above anew.
        let properties =
            PlanProperties::new(equivalence, partitioning, producer.pipeline_behavior(), producer.boundedness())
                .with_scheduling_type(SchedulingType::Cooperative);
        let reader = stage.register();
        Ok(Self { stage, reader, columns, properties: Arc::new(properties), metrics: ExecutionPlanMetricsSet::new() })
    }
}

impl DisplayAs for SharedExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let schema = self.schema();
        let columns: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
        write!(f, "SharedExec: {}, columns=[{}]", self.stage.name, columns.join(", "))
    }
}

impl ExecutionPlan for SharedExec {
    fn name(&self) -> &'static str {
        "SharedExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    /// None: the stage is planned by itself, and what the planner does with one of its uses must not change it.
    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![]
    }

    fn apply_expressions(
        &self,
        _: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn replace_children(
        self: Arc<Self>,
        _: Vec<Arc<dyn ExecutionPlan>>,
        _: ReplaceChildrenOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        Ok(self)
    }

    fn with_new_children(self: Arc<Self>, children: Vec<Arc<dyn ExecutionPlan>>) -> Result<Arc<dyn ExecutionPlan>> {
        self.replace_children(children, ReplaceChildrenOptions::new(ChildrenPropertiesMode::Recompute))
    }

    fn execute(&self, partition: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let rows = self.stage.read(self.reader, partition, &self.columns, self.schema(), &self.metrics, &context)?;
        Ok(make_cooperative(rows))
    }

    fn metrics(&self) -> Option<MetricsSet> {
        Some(self.metrics.clone_inner())
    }

    fn statistics_from_inputs(&self, _: &[Arc<Statistics>], args: &StatisticsArgs) -> Result<Arc<Statistics>> {
        let all = self.stage.statistics(args)?;
        Ok(Arc::new(Arc::unwrap_or_clone(all).project(Some(&self.columns))))
    }
}
