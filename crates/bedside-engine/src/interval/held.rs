//! A buffered side that is small: all of it, found by a hash of its key.

use super::pairs::Keep;
use super::stream::Shape;
use super::window::Window;
use crate::shared::bytes_of;
use crate::stretch::evaluated;
use arrow::array::{Array, ArrayRef, AsArray, Int64Array, RecordBatch, UInt32Array};
use arrow::buffer::NullBuffer;
use arrow::compute::{concat_batches, take_record_batch};
use arrow::datatypes::Int64Type;
use arrow::row::Rows;
use datafusion::common::{HashMap, NullEquality, Result};
use datafusion::execution::SendableRecordBatchStream;
use datafusion::execution::memory_pool::MemoryReservation;
use futures::StreamExt;
use std::cmp::Ordering;

/// In the place of a group that is not there.
pub(super) const NOWHERE: u32 = u32::MAX;

/// All rows of a side, those of a key together.
pub(super) struct Held {
    pub(super) rows: RecordBatch,
    /// The first row of each key.
    pub(super) starts: Vec<u32>,
    index: Index,
    /// How rows of a key are searched; `None` where each key has one row, or its rows do not matter, and nothing else is asked.
    pub(super) window: Option<Window>,
    _reservation: MemoryReservation,
}

/// The place of each key among all.
enum Index {
    Numbers(HashMap<i64, u32>),
    Bytes(HashMap<Box<[u8]>, u32>),
}

/// The keys of rows.
enum Keys {
    /// One, of INT64, where NULL is equal to nothing.
    Numbers(Int64Array),
    Bytes(Rows, Option<NullBuffer>),
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
        let rows = concat_batches(&input.schema(), &batches)?;
        drop(batches);
        let (rows, keys) = gathered(rows, shape)?;
        let starts: Vec<u32> = (0..rows.num_rows())
            .filter(|row| *row == 0 || keys.compare(row - 1, *row).is_ne())
            .map(|row| row as u32)
            .collect();
        let index = Index::new(&keys, &starts);
        drop(keys);
        let asks_keys_alone = shape.condition.whole.is_none()
            && (starts.len() == rows.num_rows() || matches!(shape.keep, Keep::Matched | Keep::Lone));
        let window = if asks_keys_alone { None } else { Some(Window::new(rows.clone(), shape)?) };
        let beside = window.as_ref().map_or(0, Window::index_bytes) + size_of_val(starts.as_slice()) + index.bytes();
        reservation.try_resize(bytes_of(&rows)? + beside)?;
        Ok(Self { rows, starts, index, window, _reservation: reservation })
    }

    /// The group of each row of the other side, by its keys.
    pub(super) fn groups(&self, keys: &[ArrayRef], shape: &Shape) -> Result<Vec<u32>> {
        let rows = keys.first().map_or(0, Array::len);
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
}

/// The rows with those of a key together, and their keys.
fn gathered(rows: RecordBatch, shape: &Shape) -> Result<(RecordBatch, Keys)> {
    let keys = Keys::of(&evaluated(&shape.buffered_keys, &rows)?, shape)?;
    let mut order: Vec<u32> = (0..rows.num_rows() as u32).collect();
    let compare = |a: &u32, b: &u32| keys.compare(*a as usize, *b as usize);
    if order.is_sorted_by(|a, b| compare(a, b).is_le()) {
        return Ok((rows, keys));
    }
    order.sort_by(compare);
    let rows = take_record_batch(&rows, &UInt32Array::from(order))?;
    let keys = Keys::of(&evaluated(&shape.buffered_keys, &rows)?, shape)?;
    Ok((rows, keys))
}

impl Keys {
    fn of(keys: &[ArrayRef], shape: &Shape) -> Result<Self> {
        if let [key] = keys
            && shape.null_equality == NullEquality::NullEqualsNothing
            && let Some(numbers) = key.as_primitive_opt::<Int64Type>()
        {
            return Ok(Self::Numbers(numbers.clone()));
        }
        Ok(Self::Bytes(shape.encode(keys)?, shape.nulls(keys)))
    }

    fn compare(&self, a: usize, b: usize) -> Ordering {
        match self {
            Self::Numbers(numbers) => {
                let key = |row: usize| numbers.is_valid(row).then(|| numbers.value(row));
                key(a).cmp(&key(b))
            }
            Self::Bytes(rows, _) => rows.row(a).cmp(&rows.row(b)),
        }
    }
}

impl Index {
    fn new(keys: &Keys, starts: &[u32]) -> Self {
        let groups = starts.iter().map(|start| *start as usize).zip(0..);
        match keys {
            Keys::Numbers(numbers) => {
                let known = groups.filter(|(row, _)| numbers.is_valid(*row));
                Self::Numbers(known.map(|(row, group)| (numbers.value(row), group)).collect())
            }
            Keys::Bytes(rows, nulls) => {
                let known = groups.filter(|(row, _)| nulls.as_ref().is_none_or(|nulls| nulls.is_valid(*row)));
                Self::Bytes(known.map(|(row, group)| (rows.row(row).as_ref().into(), group)).collect())
            }
        }
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
