//! Merging sorted parts of one range.

use arrow::array::{Array, ArrayRef, RecordBatch};
use arrow::compute::interleave;
use arrow::row::{Row, Rows};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::keys::comparable_keys;
use crate::error::{Error, Result};

/// Rows in a merged batch.
const MERGED_ROWS: usize = 8 << 10;

/// Merges `parts`, each sorted by the columns `order`, into batches handed to `write`. Of equal rows those of the earlier
/// part come first. Holds one batch of every part, and those that rows waiting to be written are in.
pub(crate) fn merge<I>(parts: Vec<I>, order: &[usize], mut write: impl FnMut(&RecordBatch) -> Result<()>) -> Result<()>
where
    I: Iterator<Item = Result<RecordBatch>>,
{
    let mut output = Output { batches: Vec::new(), rows: Vec::with_capacity(MERGED_ROWS) };
    let mut cursors = Vec::with_capacity(parts.len());
    let mut heap = BinaryHeap::with_capacity(parts.len());
    for part in parts {
        let mut cursor = Cursor { part, keys: None, row: 0, slot: 0 };
        cursor.advance(order, &mut output)?;
        heap.extend(cursor.key().map(|key| Reverse((key.owned(), cursors.len()))));
        cursors.push(cursor);
    }
    while let Some(Reverse((_, first))) = heap.pop() {
        let next = heap.peek().map(|Reverse((key, part))| (key.row(), *part));
        let cursor = &mut cursors[first];
        // Rows of one part mostly come in stretches.
        while output.rows.len() < MERGED_ROWS
            && let Some(key) = cursor.key()
            && next.is_none_or(|next| (key, first) < next)
        {
            output.rows.push((cursor.slot, cursor.row));
            cursor.row += 1;
            if cursor.key().is_none() {
                cursor.advance(order, &mut output)?;
            }
        }
        heap.extend(cursor.key().map(|key| Reverse((key.owned(), first))));
        if output.rows.len() == MERGED_ROWS {
            write(&output.take()?)?;
            output.keep(&mut cursors);
        }
    }
    if !output.rows.is_empty() {
        write(&output.take()?)?;
    }
    Ok(())
}

/// Where one part is.
struct Cursor<I> {
    part: I,
    /// The keys of its current batch; `None` at the end.
    keys: Option<Rows>,
    row: usize,
    /// The place of its current batch in the output's list.
    slot: usize,
}

/// Rows chosen and the batches that they are in.
struct Output {
    batches: Vec<RecordBatch>,
    rows: Vec<(usize, usize)>,
}

impl<I: Iterator<Item = Result<RecordBatch>>> Cursor<I> {
    /// The key of the current row; `None` behind the last row of the current batch.
    fn key(&self) -> Option<Row<'_>> {
        self.keys.as_ref().filter(|keys| self.row < keys.num_rows()).map(|keys| keys.row(self.row))
    }

    /// Goes to the next batch that has rows.
    fn advance(&mut self, order: &[usize], output: &mut Output) -> Result<()> {
        self.keys = None;
        self.row = 0;
        while let Some(batch) = self.part.next().transpose()? {
            if batch.num_rows() > 0 {
                self.keys = Some(comparable_keys(&batch, order)?);
                self.slot = output.batches.len();
                output.batches.push(batch);
                return Ok(());
            }
        }
        Ok(())
    }
}

impl Output {
    fn take(&mut self) -> Result<RecordBatch> {
        let Some(first) = self.batches.first() else {
            return Err(Error::Internal("rows without a batch".to_owned()));
        };
        let schema = first.schema();
        let column = |index: usize| {
            let arrays: Vec<&dyn Array> = self.batches.iter().map(|batch| batch.column(index).as_ref()).collect();
            interleave(&arrays, &self.rows)
        };
        let arrays = (0..schema.fields().len()).map(column).collect::<Result<Vec<ArrayRef>, _>>()?;
        self.rows.clear();
        Ok(RecordBatch::try_new(schema, arrays)?)
    }

    /// Lets go of batches that no cursor stands in any more.
    fn keep<I>(&mut self, cursors: &mut [Cursor<I>]) {
        let mut kept = Vec::with_capacity(cursors.len());
        for cursor in cursors.iter_mut().filter(|cursor| cursor.keys.is_some()) {
            kept.push(self.batches[cursor.slot].clone());
            cursor.slot = kept.len() - 1;
        }
        self.batches = kept;
    }
}
