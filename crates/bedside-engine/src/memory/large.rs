//! Joins whose smaller side is not expected to fit.
//!
//! A hash join holds one side as a whole and cannot spill it. A merge join sorts both sides, which spills, and holds the rows
//! of one key. Outer joins with a condition beside their keys are merged by our own operator, by [`interval::merged`].

use super::Thrift;
use crate::interval;
use crate::stretch::ASCENDING;
use arrow::datatypes::{DataType, Schema};
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode};
use datafusion::common::{JoinType, Result};
use datafusion::physical_expr::expressions::Column;
use datafusion::physical_expr::projection::ProjectionExpr;
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::joins::{HashJoinExec, SortMergeJoinExec};
use datafusion::physical_plan::projection::ProjectionExec;
use datafusion::physical_plan::{ExecutionPlan, StatisticsArgs, StatisticsContext};
use std::any::Any;
use std::sync::Arc;

/// The part of the budget that the side of one join may take.
const PART: usize = 8;

/// What a value of a type without a fixed width is taken for.
const USUAL_WIDTH: usize = 32;

/// The rule that makes merge joins of them. It stands where interval joins have been chosen.
#[derive(Debug)]
pub(crate) struct MergeLargeJoins {
    most_bytes: usize,
}

impl MergeLargeJoins {
    pub(crate) fn new(budget: usize, thrift: Thrift) -> Self {
        let most_bytes = match thrift {
            Thrift::Usual => budget / PART,
            Thrift::Most => 0,
        };
        Self { most_bytes }
    }
}

impl PhysicalOptimizerRule for MergeLargeJoins {
    fn optimize(&self, plan: Arc<dyn ExecutionPlan>, _: &ConfigOptions) -> Result<Arc<dyn ExecutionPlan>> {
        plan.transform_up(|node| {
            let join = (node.as_ref() as &dyn Any).downcast_ref::<HashJoinExec>();
            let Some(join) = join.filter(|join| !join.null_aware && join.fetch().is_none()) else {
                return Ok(Transformed::no(node));
            };
            if held_bytes(join)?.is_none_or(|bytes| bytes <= self.most_bytes) && self.most_bytes > 0 {
                return Ok(Transformed::no(node));
            }
            Ok(match merged(join)? {
                Some(merged) => Transformed::yes(merged),
                None => Transformed::no(node),
            })
        })
        .data()
    }

    fn name(&self) -> &'static str {
        "merge_large_joins"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

/// About how many bytes a hash join holds; `None` if nothing is known of its rows.
pub(crate) fn held_bytes(join: &HashJoinExec) -> Result<Option<usize>> {
    let statistics = StatisticsContext::new().compute(join.left().as_ref(), &StatisticsArgs::new())?;
    // Beside the rows a table of their hashes.
    let row = width(&join.left().schema()) + 24;
    Ok(statistics.num_rows.get_value().map(|rows| rows.saturating_mul(row)))
}

fn width(schema: &Schema) -> usize {
    let of = |data_type: &DataType| data_type.primitive_width().unwrap_or(USUAL_WIDTH);
    schema.fields().iter().map(|field| of(field.data_type())).sum()
}

/// `None` for joins that stay as they are.
fn merged(join: &HashJoinExec) -> Result<Option<Arc<dyn ExecutionPlan>>> {
    // DataFusion 55's merge join gives wrong rows for outer joins with a condition: `interval/tests.rs` would show it.
    if join.filter().is_some() && matches!(join.join_type(), JoinType::Left | JoinType::Right | JoinType::Full) {
        return interval::merged(join);
    }
    let merge: Arc<dyn ExecutionPlan> = Arc::new(SortMergeJoinExec::try_new(
        Arc::clone(join.left()),
        Arc::clone(join.right()),
        join.on().to_vec(),
        join.filter().cloned(),
        *join.join_type(),
        vec![ASCENDING; join.on().len()],
        join.null_equality(),
    )?);
    let Some(projection) = &join.projection else { return Ok(Some(merge)) };
    let schema = merge.schema();
    let column = |index: &usize| {
        let name = schema.field(*index).name();
        ProjectionExpr { expr: Arc::new(Column::new(name, *index)), alias: name.clone() }
    };
    Ok(Some(Arc::new(ProjectionExec::try_new(projection.iter().map(column), merge)?)))
}
