//! What the scan of the streamed side is told once the other side is held.

use super::held::{Held, NOWHERE};
use super::stream::Shape;
use crate::stretch::evaluated;
use arrow::array::{ArrayRef, AsArray, BooleanArray, RecordBatch, UInt32Array};
use arrow::compute::{max, min, take_record_batch};
use arrow::datatypes::{DataType, Int64Type, Schema};
use datafusion::common::{NullEquality, Result, ScalarValue};
use datafusion::logical_expr::{ColumnarValue, Operator};
use datafusion::physical_expr::expressions::{BinaryExpr, DynamicFilterPhysicalExpr, InListExpr, lit};
use datafusion::physical_expr::{PhysicalExpr, conjunction};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// Keys of a list that DataFusion holds against the statistics of a page.
const LIST: usize = 20;

/// A filter in the scan that learns which keys are held.
#[derive(Clone, Debug)]
pub(super) struct Narrowing {
    pub(super) filter: Arc<DynamicFilterPhysicalExpr>,
    /// Distinct keys of the scan, where they are one column and that is known.
    pub(super) distinct: Option<usize>,
}

impl Narrowing {
    /// Tells the scan; `schema` is that of the streamed side.
    pub(super) fn tell(&self, held: &Arc<Held>, shape: &Arc<Shape>, schema: &Schema) -> Result<()> {
        if shape.null_equality == NullEquality::NullEqualsNothing {
            self.filter.update(self.present(held, shape, schema)?)?;
        }
        self.filter.mark_complete();
        Ok(())
    }

    /// What streamed rows fulfil whose keys are held; it is for pages first, then for rows.
    fn present(&self, held: &Arc<Held>, shape: &Arc<Shape>, schema: &Schema) -> Result<Arc<dyn PhysicalExpr>> {
        let starts = UInt32Array::from(held.starts.clone());
        let keys = evaluated(&shape.buffered_keys, &take_record_batch(&held.rows, &starts)?)?;
        let mut parts: Vec<Arc<dyn PhysicalExpr>> = Vec::new();
        for (held, key) in keys.iter().zip(&shape.streamed_keys) {
            let Some(numbers) = held.as_primitive_opt::<Int64Type>() else { continue };
            let (Some(least), Some(most)) = (min(numbers), max(numbers)) else { return Ok(lit(false)) };
            for (operator, bound) in [(Operator::GtEq, least), (Operator::LtEq, most)] {
                parts.push(Arc::new(BinaryExpr::new(Arc::clone(key), operator, lit(ScalarValue::from(bound)))));
            }
        }
        if let ([held], [key]) = (keys.as_slice(), shape.streamed_keys.as_slice())
            && held.len() <= LIST
        {
            parts.push(Arc::new(InListExpr::try_new_from_array(Arc::clone(key), Arc::clone(held), false, schema)?));
        } else if self.distinct.is_none_or(|distinct| 2 * held.starts.len() < distinct) {
            let (held, shape) = (Arc::clone(held), Arc::clone(shape));
            parts.push(Arc::new(IsHeld { keys: shape.streamed_keys.clone(), held, shape }));
        }
        Ok(conjunction(parts))
    }
}

/// Whether a row's keys are among those of a side.
struct IsHeld {
    keys: Vec<Arc<dyn PhysicalExpr>>,
    held: Arc<Held>,
    shape: Arc<Shape>,
}

impl PhysicalExpr for IsHeld {
    fn data_type(&self, _: &Schema) -> Result<DataType> {
        Ok(DataType::Boolean)
    }

    fn nullable(&self, _: &Schema) -> Result<bool> {
        Ok(false)
    }

    fn evaluate(&self, batch: &RecordBatch) -> Result<ColumnarValue> {
        let groups = self.held.groups(&evaluated(&self.keys, batch)?, &self.shape)?;
        let present: BooleanArray = groups.into_iter().map(|group| Some(group != NOWHERE)).collect();
        Ok(ColumnarValue::Array(Arc::new(present) as ArrayRef))
    }

    fn children(&self) -> Vec<&Arc<dyn PhysicalExpr>> {
        self.keys.iter().collect()
    }

    fn with_new_children(self: Arc<Self>, keys: Vec<Arc<dyn PhysicalExpr>>) -> Result<Arc<dyn PhysicalExpr>> {
        Ok(Arc::new(Self { keys, held: Arc::clone(&self.held), shape: Arc::clone(&self.shape) }))
    }

    fn fmt_sql(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl PartialEq for IsHeld {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.held, &other.held) && self.keys == other.keys
    }
}

impl Eq for IsHeld {}

impl Hash for IsHeld {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.held).hash(state);
        self.keys.hash(state);
    }
}

/// Values of keys are not shown.
impl fmt::Display for IsHeld {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys: Vec<String> = self.keys.iter().map(ToString::to_string).collect();
        write!(f, "is_held({})", keys.join(", "))
    }
}

impl fmt::Debug for IsHeld {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
