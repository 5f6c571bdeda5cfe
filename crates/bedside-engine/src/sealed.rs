//! Long expressions that plans are rebuilt around, not taken apart.
//!
//! DataFusion's rules make a projection anew whenever something below it changes, and each time look every part of every
//! expression up among those that are known to be equal: each look-up hashes the part with all that is in it. For the nested
//! CASEs of a score that is a fifth of the planning, and nothing is ever found: of a CASE neither order nor equality is known.
//! A sealed expression shows the columns that it reads, and remembers its hash.

use arrow::array::{BooleanArray, RecordBatch};
use arrow::datatypes::{DataType, FieldRef, Schema};
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode, TreeNodeRecursion};
use datafusion::common::{Result, internal_datafusion_err};
use datafusion::logical_expr::ColumnarValue;
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::expressions::{CaseExpr, Column};
use datafusion::physical_expr::projection::ProjectionExpr;
use datafusion::physical_expr_common::physical_expr::is_volatile;
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::projection::ProjectionExec;
use std::any::Any;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// The rule: seals what projections make with CASE.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SealCases;

impl PhysicalOptimizerRule for SealCases {
    fn name(&self) -> &'static str {
        "seal_cases"
    }

    fn schema_check(&self) -> bool {
        true
    }

    fn optimize(&self, plan: Arc<dyn ExecutionPlan>, _: &ConfigOptions) -> Result<Arc<dyn ExecutionPlan>> {
        plan.transform_up(|node| {
            let Some(projection) = (node.as_ref() as &dyn Any).downcast_ref::<ProjectionExec>() else {
                return Ok(Transformed::no(node));
            };
            if !projection.expr().iter().any(|made| may_be_sealed(&made.expr)) {
                return Ok(Transformed::no(node));
            }
            let sealed = projection.expr().iter().map(|made| {
                let expr = Arc::clone(&made.expr);
                let expr = if may_be_sealed(&expr) { SealedExpr::around(expr)? } else { expr };
                Ok(ProjectionExpr::new(expr, made.alias.clone()))
            });
            let sealed = sealed.collect::<Result<Vec<_>>>()?;
            let input = Arc::clone(projection.input());
            let projection = ProjectionExec::try_new_with_schema_metadata(sealed, input, &projection.schema())?;
            Ok(Transformed::yes(Arc::new(projection)))
        })
        .data()
    }
}

/// Whether nothing is lost: with a CASE in it an expression has no order that follows from its inputs'.
fn may_be_sealed(expr: &Arc<dyn PhysicalExpr>) -> bool {
    !expr.is::<SealedExpr>() && expr.exists(|part| Ok(part.is::<CaseExpr>())).unwrap_or(false) && !is_volatile(expr)
}

/// What its inner expression is; its children are the columns in there, each as often as it stands there.
#[derive(Debug)]
struct SealedExpr {
    inner: Arc<dyn PhysicalExpr>,
    columns: Vec<Arc<dyn PhysicalExpr>>,
    hash: u64,
}

impl SealedExpr {
    fn around(inner: Arc<dyn PhysicalExpr>) -> Result<Arc<dyn PhysicalExpr>> {
        let mut columns = Vec::new();
        inner.apply(|part| {
            if part.is::<Column>() {
                columns.push(Arc::clone(part));
            }
            Ok(TreeNodeRecursion::Continue)
        })?;
        let mut hasher = DefaultHasher::new();
        inner.hash(&mut hasher);
        Ok(Arc::new(Self { inner, columns, hash: hasher.finish() }))
    }
}

impl PartialEq for SealedExpr {
    fn eq(&self, other: &Self) -> bool {
        self.hash == other.hash && (Arc::ptr_eq(&self.inner, &other.inner) || *self.inner == *other.inner)
    }
}

impl Eq for SealedExpr {}

impl Hash for SealedExpr {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.hash.hash(state);
    }
}

impl fmt::Display for SealedExpr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}

impl PhysicalExpr for SealedExpr {
    fn data_type(&self, input: &Schema) -> Result<DataType> {
        self.inner.data_type(input)
    }

    fn nullable(&self, input: &Schema) -> Result<bool> {
        self.inner.nullable(input)
    }

    fn return_field(&self, input: &Schema) -> Result<FieldRef> {
        self.inner.return_field(input)
    }

    fn evaluate(&self, batch: &RecordBatch) -> Result<ColumnarValue> {
        self.inner.evaluate(batch)
    }

    fn evaluate_selection(&self, batch: &RecordBatch, selection: &BooleanArray) -> Result<ColumnarValue> {
        self.inner.evaluate_selection(batch, selection)
    }

    fn children(&self) -> Vec<&Arc<dyn PhysicalExpr>> {
        self.columns.iter().collect()
    }

    fn with_new_children(self: Arc<Self>, children: Vec<Arc<dyn PhysicalExpr>>) -> Result<Arc<dyn PhysicalExpr>> {
        let mut children = children.into_iter();
        let inner = Arc::clone(&self.inner).transform_down(|part| {
            if !part.is::<Column>() {
                return Ok(Transformed::no(part));
            }
            let child = children.next().ok_or_else(|| internal_datafusion_err!("a sealed column without its child"))?;
            // What stands there now is not looked into: it may be made of other columns.
            Ok(Transformed::new(child, true, TreeNodeRecursion::Jump))
        });
        Self::around(inner.data()?)
    }

    fn fmt_sql(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt_sql(f)
    }
}

#[cfg(test)]
mod tests {
    use super::SealedExpr;
    use datafusion::logical_expr::Operator;
    use datafusion::physical_expr::PhysicalExpr;
    use datafusion::physical_expr::expressions::{Column, binary, case, lit};
    use std::hash::{DefaultHasher, Hash, Hasher};
    use std::sync::Arc;

    fn column(name: &str, index: usize) -> Arc<dyn PhysicalExpr> {
        Arc::new(Column::new(name, index))
    }

    /// `CASE WHEN a > b THEN a ELSE 1 END`.
    fn sealed(limit: i64) -> Arc<dyn PhysicalExpr> {
        let fields = ["a", "b"].map(|name| arrow::datatypes::Field::new(name, arrow::datatypes::DataType::Int64, true));
        let schema = arrow::datatypes::Schema::new(fields.to_vec());
        let condition = binary(column("a", 0), Operator::Gt, column("b", 1), &schema).unwrap();
        SealedExpr::around(case(None, vec![(condition, column("a", 0))], Some(lit(limit))).unwrap()).unwrap()
    }

    fn hash(expr: &Arc<dyn PhysicalExpr>) -> u64 {
        let mut hasher = DefaultHasher::new();
        expr.hash(&mut hasher);
        hasher.finish()
    }

    #[test]
    fn columns_are_replaced_where_they_stand() {
        let shown: Vec<String> = sealed(1).children().iter().map(ToString::to_string).collect();
        assert_eq!(shown, ["a@0", "b@1", "a@0"]);
        // An expression in the place of a column is not looked into for the next one.
        let sum = SealedExpr::around(Arc::clone(&sealed(2))).unwrap();
        let moved = sealed(1).with_new_children(vec![column("x", 4), sum, column("z", 6)]).unwrap();
        let expected = "CASE WHEN x@4 > CASE WHEN a@0 > b@1 THEN a@0 ELSE 2 END THEN z@6 ELSE 1 END";
        assert_eq!(moved.to_string(), expected);
        let shown: Vec<String> = moved.children().iter().map(ToString::to_string).collect();
        assert_eq!(shown, ["x@4", "a@0", "b@1", "a@0", "z@6"]);
    }

    #[test]
    fn what_is_the_same_is_equal() {
        assert!(sealed(1) == sealed(1));
        assert_eq!(hash(&sealed(1)), hash(&sealed(1)));
        assert!(sealed(1) != sealed(2));
    }
}
