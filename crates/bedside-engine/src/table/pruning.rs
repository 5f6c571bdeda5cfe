//! Which files of a layout can hold rows that pass the filters, by the bounds that the manifest has of its order columns.

use super::statistics::scalar;
use bedside_store::LayoutEntry;
use datafusion::arrow::array::{ArrayRef, BooleanArray, UInt64Array};
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::Session;
use datafusion::common::pruning::PruningStatistics;
use datafusion::common::{Column, DFSchema, Result};
use datafusion::logical_expr::Expr;
use datafusion::logical_expr::utils::conjunction;
use datafusion::physical_optimizer::pruning::PruningPredicateBuilder;
use datafusion::prelude::col;
use datafusion::scalar::ScalarValue;
use std::collections::HashSet;
use std::sync::Arc;

/// For each file of the layout whether it may hold rows that pass.
pub(crate) fn files(
    state: &dyn Session,
    schema: &SchemaRef,
    layout: &LayoutEntry,
    filters: &[Expr],
) -> Result<Vec<bool>> {
    let all = vec![true; layout.files.len()];
    let Some(filter) = conjunction(filters.iter().cloned().map(unqualified).collect::<Result<Vec<_>>>()?) else {
        return Ok(all);
    };
    let named = DFSchema::try_from(Arc::clone(schema))?;
    let filter = state.create_physical_expr(filter, &named)?;
    // A predicate that the pruner cannot make sense of prunes nothing.
    let predicate = PruningPredicateBuilder::new().with_file_schema(Arc::clone(schema)).build(filter);
    predicate.map_or(Ok(all), |predicate| predicate.prune(&Bounds { schema, layout }))
}

fn unqualified(filter: Expr) -> Result<Expr> {
    use datafusion::common::tree_node::{Transformed, TreeNode as _};
    let strip = |expression| match expression {
        Expr::Column(column) => Ok(Transformed::yes(col(Column::new_unqualified(column.name)))),
        other => Ok(Transformed::no(other)),
    };
    filter.transform(strip).map(|changed| changed.data)
}

#[derive(Debug)]
struct Bounds<'a> {
    schema: &'a SchemaRef,
    layout: &'a LayoutEntry,
}

impl Bounds<'_> {
    fn of(&self, column: &Column, bound: impl Fn(usize, usize) -> Option<String>) -> Option<ArrayRef> {
        let place = self.layout.order.iter().position(|name| *name == column.name)?;
        let field = self.schema.field_with_name(&column.name).ok()?;
        let values = (0..self.layout.files.len()).map(|file| scalar(field, bound(file, place).as_deref()));
        ScalarValue::iter_to_array(values.collect::<Option<Vec<_>>>()?).ok()
    }
}

impl PruningStatistics for Bounds<'_> {
    fn min_values(&self, column: &Column) -> Option<ArrayRef> {
        self.of(column, |file, place| self.layout.files[file].minima.get(place).cloned().flatten())
    }

    fn max_values(&self, column: &Column) -> Option<ArrayRef> {
        self.of(column, |file, place| self.layout.files[file].maxima.get(place).cloned().flatten())
    }

    fn num_containers(&self) -> usize {
        self.layout.files.len()
    }

    fn null_counts(&self, _: &Column) -> Option<ArrayRef> {
        None
    }

    fn row_counts(&self) -> Option<ArrayRef> {
        Some(Arc::new(self.layout.files.iter().map(|file| Some(file.rows)).collect::<UInt64Array>()))
    }

    fn contained(&self, _: &Column, _: &HashSet<ScalarValue>) -> Option<BooleanArray> {
        None
    }
}
