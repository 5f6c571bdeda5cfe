//! Rows that come sorted or at least gathered by keys, in stretches of whole keys.

use crate::shared::bytes_of;
use arrow::array::{ArrayRef, RecordBatch, make_comparator};
use arrow::compute::{SortOptions, concat_batches};
use datafusion::common::Result;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::execution::memory_pool::MemoryReservation;
use datafusion::physical_expr::PhysicalExpr;
use futures::StreamExt;
use std::sync::Arc;

/// NULLs first, as stored tables are sorted.
pub(crate) const ASCENDING: SortOptions = SortOptions { descending: false, nulls_first: true };

/// Reads an input in stretches of whole keys: a batch at a time, and more where a key goes on. What it holds is reserved.
pub(crate) struct Stretches {
    input: SendableRecordBatchStream,
    keys: Vec<Arc<dyn PhysicalExpr>>,
    /// Rows of the last key so far, which may go on.
    pending: Vec<RecordBatch>,
    ended: bool,
    reservation: MemoryReservation,
}

impl Stretches {
    /// Without keys, everything is one stretch.
    pub(crate) fn new(
        input: SendableRecordBatchStream,
        keys: Vec<Arc<dyn PhysicalExpr>>,
        reservation: MemoryReservation,
    ) -> Self {
        Self { input, keys, pending: Vec::new(), ended: false, reservation }
    }

    /// The next stretch, of at least one row. What was reserved for the one before is given back.
    pub(crate) async fn next(&mut self) -> Result<Option<RecordBatch>> {
        self.reservation.free();
        for batch in &self.pending {
            self.reservation.try_grow(bytes_of(batch)?)?;
        }
        while !self.ended {
            let Some(batch) = self.input.next().await.transpose()? else {
                self.ended = true;
                break;
            };
            if batch.num_rows() == 0 {
                continue;
            }
            self.reservation.try_grow(bytes_of(&batch)?)?;
            let whole = self.whole(&batch)?;
            if whole == 0 && self.goes_on(&batch)? {
                self.pending.push(batch);
                continue;
            }
            if whole > 0 {
                self.pending.push(batch.slice(0, whole));
            }
            let stretch = self.stretch()?;
            self.pending.push(batch.slice(whole, batch.num_rows() - whole));
            return Ok(Some(stretch));
        }
        if self.pending.is_empty() { Ok(None) } else { self.stretch().map(Some) }
    }

    /// Reserves what is computed beside the stretch, until the next one.
    pub(crate) fn reserve(&mut self, bytes: usize) -> Result<()> {
        self.reservation.try_grow(bytes)
    }

    /// How many rows stand before the last key of a batch.
    fn whole(&self, batch: &RecordBatch) -> Result<usize> {
        let keys = evaluated(&self.keys, batch)?;
        let (mut first, mut last) = (0, batch.num_rows() - 1);
        let end = last;
        if equal(&keys, 0, &keys, end)? {
            return Ok(0);
        }
        while first < last {
            let middle = first.midpoint(last);
            if equal(&keys, middle, &keys, end)? {
                last = middle;
            } else {
                first = middle + 1;
            }
        }
        Ok(first)
    }

    /// Whether a batch begins with the key that is pending.
    fn goes_on(&self, batch: &RecordBatch) -> Result<bool> {
        let Some(pending) = self.pending.last() else { return Ok(true) };
        let pending = evaluated(&self.keys, &pending.slice(0, 1))?;
        let keys = evaluated(&self.keys, &batch.slice(0, 1))?;
        equal(&pending, 0, &keys, 0)
    }

    fn stretch(&mut self) -> Result<RecordBatch> {
        let batches = std::mem::take(&mut self.pending);
        if let [batch] = batches.as_slice() {
            return Ok(batch.clone());
        }
        // For as long as it is copied, it is there twice.
        let bytes = batches.iter().map(bytes_of).sum::<Result<usize>>()?;
        self.reservation.try_grow(bytes)?;
        let stretch = concat_batches(&self.input.schema(), &batches);
        self.reservation.shrink(bytes);
        Ok(stretch?)
    }
}

/// The values of expressions.
pub(crate) fn evaluated(expressions: &[Arc<dyn PhysicalExpr>], batch: &RecordBatch) -> Result<Vec<ArrayRef>> {
    expressions.iter().map(|expression| expression.evaluate(batch)?.into_array(batch.num_rows())).collect()
}

fn equal(left: &[ArrayRef], l: usize, right: &[ArrayRef], r: usize) -> Result<bool> {
    for (left, right) in left.iter().zip(right) {
        if make_comparator(left.as_ref(), right.as_ref(), ASCENDING)?(l, r).is_ne() {
            return Ok(false);
        }
    }
    Ok(true)
}
