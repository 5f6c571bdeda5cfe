//! What a join is, without its inputs.

use super::condition::Condition;
use super::pairs::{Keep, Place};
use super::stream::Shape;
use arrow::datatypes::SchemaRef;
use datafusion::common::{JoinSide, JoinType, NullEquality, Result, internal_err};
use datafusion::physical_expr::PhysicalExprRef;
use datafusion::physical_plan::joins::JoinOn;
use datafusion::physical_plan::joins::utils::{ColumnIndex, build_join_schema};
use std::fmt;

/// A join on equal keys and a range.
#[derive(Clone, Debug)]
#[expect(clippy::struct_field_names, reason = "the names are DataFusion's")]
pub(super) struct Join {
    pub(super) on: JoinOn,
    pub(super) null_equality: NullEquality,
    pub(super) join_type: JoinType,
    pub(super) condition: Condition,
    /// The columns of the result among those of both sides.
    pub(super) projection: Option<Vec<usize>>,
}

impl Join {
    pub(super) fn keys(&self, side: JoinSide) -> Vec<PhysicalExprRef> {
        let key = |(left, right): &(PhysicalExprRef, PhysicalExprRef)| match side {
            JoinSide::Left => left.clone(),
            _ => right.clone(),
        };
        self.on.iter().map(key).collect()
    }

    /// Where the columns of the result come from.
    pub(super) fn output(&self, left: &SchemaRef, right: &SchemaRef) -> Vec<ColumnIndex> {
        let (_, all) = build_join_schema(left, right, &self.join_type);
        match &self.projection {
            Some(columns) => columns.iter().map(|column| all[*column].clone()).collect(),
            None => all,
        }
    }

    /// What all partitions need to know; `schema` is the result's.
    pub(super) fn shape(
        &self,
        left: &SchemaRef,
        right: &SchemaRef,
        schema: SchemaRef,
        batch_rows: usize,
    ) -> Result<Shape> {
        let streamed = self.condition.streamed;
        let streamed_keys = self.keys(streamed);
        let keep = match self.join_type {
            JoinType::Inner => Keep::Pairs,
            JoinType::Left | JoinType::Right => Keep::All,
            JoinType::LeftSemi | JoinType::RightSemi => Keep::Matched,
            JoinType::LeftAnti | JoinType::RightAnti => Keep::Lone,
            other => return internal_err!("an interval join cannot be {other}"),
        };
        let output = self.output(left, right);
        Ok(Shape {
            encoder: Shape::encoder(&streamed_keys, if streamed == JoinSide::Left { left } else { right })?,
            streamed_keys,
            buffered_keys: self.keys(streamed.negate()),
            null_equality: self.null_equality,
            condition: self.condition.clone(),
            keep,
            output: output.into_iter().map(|column| Place { side: column.side, index: column.index }).collect(),
            schema,
            batch_rows,
        })
    }

    /// As EXPLAIN shows it; `schema` is the result's.
    pub(super) fn show(&self, schema: &SchemaRef, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let on: Vec<String> = self.on.iter().map(|(left, right)| format!("({left}, {right})")).collect();
        let streamed = if self.condition.streamed == JoinSide::Left { "left" } else { "right" };
        write!(f, "join_type={:?}, on=[{}], ", self.join_type, on.join(", "))?;
        let Condition { lower, upper, rest, whole, .. } = &self.condition;
        if lower.is_some() || upper.is_some() {
            write!(f, "range={}, ", self.condition)?;
        }
        write!(f, "streamed={streamed}")?;
        let checked = if lower.is_none() && upper.is_none() { whole } else { rest };
        if let Some(checked) = checked {
            write!(f, ", filter={}", checked.expression())?;
        }
        if self.projection.is_some() {
            let columns: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
            write!(f, ", projection=[{}]", columns.join(", "))?;
        }
        Ok(())
    }
}
