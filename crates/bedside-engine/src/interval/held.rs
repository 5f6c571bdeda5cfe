//! A buffered side that is small: all of it, found by a hash of its key.

use super::stream::Shape;
use super::window::Window;
use crate::shared::bytes_of;
use crate::stretch::evaluated;
use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, UInt32Array};
use arrow::compute::{concat_batches, max, min, take_record_batch};
use arrow::datatypes::{Int64Type, Schema};
use datafusion::common::{DataFusionError, HashMap, NullEquality, Result, ScalarValue};
use datafusion::execution::SendableRecordBatchStream;
use datafusion::execution::memory_pool::MemoryReservation;
use datafusion::logical_expr::Operator;
use datafusion::physical_expr::expressions::{BinaryExpr, DynamicFilterPhysicalExpr, InListExpr, lit};
use datafusion::physical_expr::{PhysicalExpr, conjunction};
use futures::StreamExt;
use std::sync::Arc;

/// In the place of a group that is not there.
pub(super) const NOWHERE: u32 = u32::MAX;

/// All rows of a side.
pub(super) struct Held {
    pub(super) window: Window,
    index: Index,
    _reservation: MemoryReservation,
}

/// The group of each key.
enum Index {
    /// One key, of INT64, where NULL is equal to nothing.
    Numbers(HashMap<i64, u32>),
    /// Keys as bytes.
    Bytes(HashMap<Box<[u8]>, u32>),
}

/// What the scan of the other side may leave out once a side is held.
#[derive(Clone, Debug)]
pub(super) struct Narrowing {
    pub(super) filter: Arc<DynamicFilterPhysicalExpr>,
    /// Distinct keys of the other side, where they are one column and that is known.
    pub(super) distinct: Option<usize>,
}

impl Held {
    /// Reads a side to its end.
    pub(super) async fn read(
        mut input: SendableRecordBatchStream,
        shape: &Shape,
        reservation: MemoryReservation,
    ) -> Result<Self> {
        let mut batches = Vec::new();
        while let Some(batch) = input.next().await.transpose()? {
            // Twice: while it is put together and sorted, it is there once more.
            reservation.try_grow(2 * bytes_of(&batch)?)?;
            batches.push(batch);
        }
        let batch = gathered(concat_batches(&input.schema(), &batches)?, shape)?;
        drop(batches);
        let keys = evaluated(&shape.buffered_keys, &batch)?;
        let window = Window::new(batch, shape)?;
        let index = Index::new(&window, &keys, shape);
        reservation.try_resize(bytes_of(&window.batch)? + window.index_bytes() + index.bytes())?;
        Ok(Self { window, index, _reservation: reservation })
    }

    /// The group of each row of the other side, by its keys.
    pub(super) fn groups(&self, keys: &[ArrayRef], shape: &Shape) -> Result<Vec<u32>> {
        let rows = keys.first().map_or(0, |key| key.len());
        let mut groups = Vec::with_capacity(rows);
        match &self.index {
            Index::Numbers(index) => {
                let keys = keys[0].as_primitive::<Int64Type>();
                // Events of a patient or a stay stand together.
                let mut last = None;
                for row in 0..rows {
                    let key = keys.is_valid(row).then(|| keys.value(row));
                    groups.push(match (key, last) {
                        (None, _) => NOWHERE,
                        (Some(key), Some((before, group))) if key == before => group,
                        (Some(key), _) => {
                            let group = index.get(&key).copied().unwrap_or(NOWHERE);
                            last = Some((key, group));
                            group
                        }
                    });
                }
            }
            Index::Bytes(index) => {
                let nulls = shape.nulls(keys);
                let keys = shape.encode(keys)?;
                for row in 0..rows {
                    let is_null = nulls.as_ref().is_some_and(|nulls| nulls.is_null(row));
                    let group = if is_null { None } else { index.get(keys.row(row).as_ref()).copied() };
                    groups.push(group.unwrap_or(NOWHERE));
                }
            }
        }
        Ok(groups)
    }

    /// Tells the scan of the other side which keys have partners here; `schema` is that side's.
    pub(super) fn narrow(&self, narrowing: &Narrowing, shape: &Shape, schema: &Schema) -> Result<()> {
        if shape.null_equality == NullEquality::NullEqualsNothing {
            narrowing.filter.update(self.keys_present(narrowing, shape, schema)?)?;
        }
        narrowing.filter.mark_complete();
        Ok(())
    }

    fn keys_present(&self, narrowing: &Narrowing, shape: &Shape, schema: &Schema) -> Result<Arc<dyn PhysicalExpr>> {
        let mut parts: Vec<Arc<dyn PhysicalExpr>> = Vec::new();
        let firsts = UInt32Array::from_iter_values(self.window.groups.iter().map(|group| group.row as u32));
        let held = evaluated(&shape.buffered_keys, &take_record_batch(&self.window.batch, &firsts)?)?;
        for (held, key) in held.iter().zip(&shape.streamed_keys) {
            let Some(numbers) = held.as_primitive_opt::<Int64Type>() else { continue };
            let (Some(least), Some(most)) = (min(numbers), max(numbers)) else { return Ok(lit(false)) };
            for (operator, bound) in [(Operator::GtEq, least), (Operator::LtEq, most)] {
                parts.push(Arc::new(BinaryExpr::new(Arc::clone(key), operator, lit(ScalarValue::from(bound)))));
            }
        }
        // A list is worth looking through where it leaves out most.
        if let ([held], [key]) = (held.as_slice(), shape.streamed_keys.as_slice())
            && narrowing.distinct.is_some_and(|distinct| 2 * held.len() < distinct)
        {
            parts.push(Arc::new(InListExpr::try_new_from_array(Arc::clone(key), Arc::clone(held), false, schema)?));
        }
        Ok(conjunction(parts))
    }
}

/// The rows with those of a key together.
fn gathered(batch: RecordBatch, shape: &Shape) -> Result<RecordBatch> {
    let keys = shape.encode(&evaluated(&shape.buffered_keys, &batch)?)?;
    let mut rows: Vec<u32> = (0..batch.num_rows() as u32).collect();
    let key = |row: &u32| keys.row(*row as usize);
    if rows.is_sorted_by_key(key) {
        return Ok(batch);
    }
    rows.sort_by(|a, b| key(a).cmp(&key(b)));
    take_record_batch(&batch, &UInt32Array::from(rows)).map_err(DataFusionError::from)
}

impl Index {
    fn new(window: &Window, keys: &[ArrayRef], shape: &Shape) -> Self {
        let nulls = shape.nulls(keys);
        let groups = window.groups.iter().zip(0..);
        let groups = groups.filter(|(group, _)| nulls.as_ref().is_none_or(|nulls| nulls.is_valid(group.row)));
        match keys {
            [key] if shape.null_equality == NullEquality::NullEqualsNothing => {
                if let Some(numbers) = key.as_primitive_opt::<Int64Type>() {
                    return Self::Numbers(groups.map(|(group, place)| (numbers.value(group.row), place)).collect());
                }
            }
            _ => {}
        }
        Self::Bytes(groups.map(|(group, place)| (window.keys.row(group.row).as_ref().into(), place)).collect())
    }

    fn bytes(&self) -> usize {
        match self {
            Self::Numbers(index) => index.capacity() * size_of::<(i64, u32)>(),
            Self::Bytes(index) => {
                index.capacity() * size_of::<(Box<[u8]>, u32)>() + index.keys().map(|key| key.len()).sum::<usize>()
            }
        }
    }
}
