//! Writing one subject range of a table in all its layouts.

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, RecordBatch, UInt32Array};
use arrow::compute::{concat, filter_record_batch, take_record_batch};
use arrow::datatypes::{Int64Type, SchemaRef};
use bedside_store::{LayoutWriter, WrittenRange};
use std::collections::HashSet;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use super::buckets::Bucket;
use super::keys::sorted_rows;
use super::merge::merge;
use super::spill::{Segment, SpillFile};
use crate::error::{Error, Result};

/// Rows handed to a writer at once.
const WRITE_ROWS: usize = 64 << 10;
/// Rows in a batch of a spilled part: small, as a merge holds one batch of every part.
const PART_ROWS: usize = 4 << 10;

/// One layout to write.
#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) writer: LayoutWriter,
    /// Indices of the columns to sort by; empty to keep the file's order.
    pub(crate) order: Vec<usize>,
}

/// What all ranges of a table share.
#[derive(Debug)]
pub(crate) struct Task<'a> {
    pub(crate) targets: &'a [Target],
    pub(crate) spill: Option<&'a SpillFile>,
    /// The columns to write; a batch may have a line number as one more column.
    pub(crate) columns: usize,
    /// Lines whose rows are left out, where batches have line numbers.
    pub(crate) dropped: &'a HashSet<u64>,
    /// Where parts of a large range are spilled.
    pub(crate) folder: &'a Path,
    /// Bytes of rows to hold at a time.
    pub(crate) memory: usize,
    pub(crate) stop: &'a AtomicBool,
}

/// Writes the rows of `bucket` as range `range` of every target, in the order of the targets.
pub(crate) fn write_range(task: &Task<'_>, range: Option<u32>, bucket: Bucket) -> Result<Vec<WrittenRange>> {
    let mut rows =
        Rows { task, segments: bucket.segments.into_iter(), current: None, tail: bucket.tail.into_iter(), ahead: None };
    if task.targets.iter().all(|target| target.order.is_empty()) {
        return task.targets.iter().map(|target| copy(task, target, range, &mut rows)).collect();
    }
    let loaded = rows.load()?;
    if rows.is_at_end()? {
        return task.targets.iter().map(|target| write_loaded(task, target, range, loaded.as_ref())).collect();
    }
    write_in_parts(task, range, loaded, &mut rows)
}

/// Sorts and spills one part of the range after the other, then merges the parts.
fn write_in_parts(
    task: &Task<'_>,
    range: Option<u32>,
    mut loaded: Option<RecordBatch>,
    rows: &mut Rows<'_>,
) -> Result<Vec<WrittenRange>> {
    let mut spill = SpillFile::create(task.folder)?;
    let mut parts: Vec<Vec<Segment>> = task.targets.iter().map(|_| Vec::new()).collect();
    while let Some(batch) = loaded {
        for (target, parts) in task.targets.iter().zip(&mut parts) {
            let order = sorted_rows(&batch, &target.order)?;
            parts.push(spill.write(pieces(&batch, order.as_deref(), PART_ROWS))?);
        }
        // Let go before the next part is loaded, so that one part at most is in memory.
        drop(batch);
        loaded = rows.load()?;
    }
    let merged = task.targets.iter().zip(parts).map(|(target, parts)| {
        let mut writer = target.writer.range(range)?;
        let parts = parts.into_iter().map(|part| spill.read(part)).collect::<Result<Vec<_>>>()?;
        merge(parts, &target.order, |batch| {
            task.check_stop()?;
            Ok(writer.write(batch)?)
        })?;
        Ok(writer.finish()?)
    });
    merged.collect()
}

fn copy(task: &Task<'_>, target: &Target, range: Option<u32>, rows: &mut Rows<'_>) -> Result<WrittenRange> {
    let mut writer = target.writer.range(range)?;
    while let Some(batch) = rows.next()? {
        task.check_stop()?;
        writer.write(&batch)?;
    }
    Ok(writer.finish()?)
}

fn write_loaded(
    task: &Task<'_>,
    target: &Target,
    range: Option<u32>,
    loaded: Option<&RecordBatch>,
) -> Result<WrittenRange> {
    let mut writer = target.writer.range(range)?;
    if let Some(batch) = loaded {
        let order = sorted_rows(batch, &target.order)?;
        for piece in pieces(batch, order.as_deref(), WRITE_ROWS) {
            task.check_stop()?;
            writer.write(&piece?)?;
        }
    }
    Ok(writer.finish()?)
}

/// The rows of `batch` in the given order, in batches of `size` rows.
fn pieces<'a>(
    batch: &'a RecordBatch,
    order: Option<&'a [u32]>,
    size: usize,
) -> impl Iterator<Item = Result<RecordBatch>> + 'a {
    (0..batch.num_rows()).step_by(size).map(move |start| {
        let end = (start + size).min(batch.num_rows());
        match order {
            None => Ok(batch.slice(start, end - start)),
            Some(order) => Ok(take_record_batch(batch, &UInt32Array::from(order[start..end].to_vec()))?),
        }
    })
}

impl Task<'_> {
    fn check_stop(&self) -> Result<()> {
        if self.stop.load(Ordering::Relaxed) { Err(Error::Stopped) } else { Ok(()) }
    }

    /// The batch without rows that are left out and without their line numbers.
    fn clean(&self, batch: RecordBatch) -> Result<RecordBatch> {
        if batch.num_columns() == self.columns {
            return Ok(batch);
        }
        let kept = if self.dropped.is_empty() {
            batch
        } else {
            let lines = batch.column(self.columns).as_primitive::<Int64Type>();
            let keep: BooleanArray =
                lines.values().iter().map(|line| Some(!self.dropped.contains(&(*line as u64)))).collect();
            filter_record_batch(&batch, &keep)?
        };
        Ok(kept.project(&(0..self.columns).collect::<Vec<_>>())?)
    }
}

/// The rows of a bucket in file order.
struct Rows<'a> {
    task: &'a Task<'a>,
    segments: std::vec::IntoIter<Segment>,
    current: Option<Box<dyn Iterator<Item = Result<RecordBatch>>>>,
    tail: std::vec::IntoIter<RecordBatch>,
    /// A batch that was looked at before its turn.
    ahead: Option<RecordBatch>,
}

impl Rows<'_> {
    fn is_at_end(&mut self) -> Result<bool> {
        self.ahead = self.next()?;
        Ok(self.ahead.is_none())
    }

    fn next(&mut self) -> Result<Option<RecordBatch>> {
        if let Some(batch) = self.ahead.take() {
            return Ok(Some(batch));
        }
        loop {
            if let Some(batch) = self.current.as_mut().and_then(Iterator::next) {
                return self.task.clean(batch?).map(Some);
            }
            let Some((segment, spill)) = self.segments.next().zip(self.task.spill) else { break };
            self.current = Some(Box::new(spill.read(segment)?));
        }
        self.tail.next().map(|batch| self.task.clean(batch)).transpose()
    }

    /// As many of the next rows as fit the memory, as one batch.
    fn load(&mut self) -> Result<Option<RecordBatch>> {
        let mut loaded = Vec::new();
        let mut bytes = 0;
        while bytes < self.task.memory
            && let Some(batch) = self.next()?
        {
            self.task.check_stop()?;
            bytes += batch.get_array_memory_size();
            loaded.push(batch);
        }
        match loaded.len() {
            0 | 1 => Ok(loaded.pop()),
            _ => Ok(Some(join(loaded)?)),
        }
    }
}

/// One batch of many, column by column, so that no more than one column is there twice.
fn join(batches: Vec<RecordBatch>) -> Result<RecordBatch> {
    let schema: SchemaRef = batches[0].schema();
    let mut columns: Vec<Vec<ArrayRef>> = schema.fields().iter().map(|_| Vec::with_capacity(batches.len())).collect();
    for batch in batches {
        let (_, arrays, _) = batch.into_parts();
        for (column, array) in columns.iter_mut().zip(arrays) {
            column.push(array);
        }
    }
    let mut joined = Vec::with_capacity(columns.len());
    for column in columns {
        let parts: Vec<&dyn Array> = column.iter().map(AsRef::as_ref).collect();
        joined.push(concat(&parts)?);
    }
    Ok(RecordBatch::try_new(schema, joined)?)
}
