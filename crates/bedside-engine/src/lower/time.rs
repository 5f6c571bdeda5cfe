//! The time of FOR SYSTEM_TIME AS OF, computed while the statement is planned.

use super::{Lowering, internal};
use crate::error::Result;
use arrow::array::{RecordBatch, RecordBatchOptions};
use arrow::datatypes::Schema;
use bedside_sql::tree::Expression;
use datafusion::common::{DFSchema, ScalarValue};
use datafusion::logical_expr::execution_props::ExecutionProps;
use datafusion::logical_expr::physical_planning_context::PhysicalPlanningContext;
use datafusion::physical_expr::create_physical_expr;
use datafusion::physical_plan::ColumnarValue;
use std::sync::Arc;

impl<'a> Lowering<'a> {
    /// A TIMESTAMP that reads no row, in microseconds since 1970.
    pub(super) fn constant_time(&mut self, time: &'a Expression) -> Result<i64> {
        let value = self.expression(time)?;
        let value = create_physical_expr(
            &value,
            &DFSchema::empty(),
            &ExecutionProps::new(),
            &PhysicalPlanningContext::default(),
        )?;
        let options = RecordBatchOptions::new().with_row_count(Some(1));
        let row = RecordBatch::try_new_with_options(Arc::new(Schema::empty()), Vec::new(), &options)
            .map_err(datafusion::common::DataFusionError::from)?;
        let value = match value.evaluate(&row)? {
            ColumnarValue::Scalar(value) => value,
            ColumnarValue::Array(values) => ScalarValue::try_from_array(&values, 0)?,
        };
        match value {
            ScalarValue::TimestampMicrosecond(Some(micros), _) => Ok(micros),
            ScalarValue::TimestampMicrosecond(None, _) => {
                let message = "FOR SYSTEM_TIME AS OF expression cannot be NULL";
                Err(crate::error::Error::Constraint(message.to_owned()))
            }
            other => internal(format!("a time that is {}", other.data_type())),
        }
    }
}
