//! Rows collected per subject range, in file order.

use arrow::array::RecordBatch;
use arrow::compute::concat_batches;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::spill::{Segment, SpillFile};
use crate::error::Result;

/// Small batches are joined into ones of at least this many rows.
const JOIN_ROWS: usize = 8 << 10;

/// Memory that files being read at the same time share.
#[derive(Debug)]
pub(crate) struct Pool {
    free: AtomicUsize,
}

/// The rows of all ranges of one table. What does not fit the memory goes to one spill file.
#[derive(Debug)]
pub(crate) struct Buckets {
    ranges: Vec<Bucket>,
    spill: Option<SpillFile>,
    folder: PathBuf,
    pool: Arc<Pool>,
    /// Bytes that this table may hold without asking the pool, so that a small share never means tiny segments.
    own: usize,
    held: usize,
    taken: usize,
}

/// The rows of one range: first those of the segments, then those in memory.
#[derive(Debug, Default)]
pub(crate) struct Bucket {
    pub(crate) segments: Vec<Segment>,
    pub(crate) tail: Vec<RecordBatch>,
    pub(crate) rows: u64,
    /// Rows in the last batches of `tail` that are not joined yet, and how many batches.
    loose: (usize, usize),
}

impl Pool {
    pub(crate) fn new(bytes: usize) -> Arc<Self> {
        Arc::new(Self { free: AtomicUsize::new(bytes) })
    }

    fn take(&self, bytes: usize) -> bool {
        self.free.fetch_update(Ordering::AcqRel, Ordering::Acquire, |free| free.checked_sub(bytes)).is_ok()
    }

    fn give_back(&self, bytes: usize) {
        self.free.fetch_add(bytes, Ordering::AcqRel);
    }
}

impl Buckets {
    /// Empty buckets for `ranges` ranges, spilling to `folder`.
    pub(crate) fn new(ranges: usize, folder: &Path, pool: Arc<Pool>, own: usize) -> Self {
        let ranges = (0..ranges).map(|_| Bucket::default()).collect();
        Self { ranges, spill: None, folder: folder.to_owned(), pool, own, held: 0, taken: 0 }
    }

    /// Adds the next rows of a range.
    pub(crate) fn push(&mut self, range: usize, batch: RecordBatch) -> Result<()> {
        let bytes = batch.get_array_memory_size();
        let beyond = (self.held + bytes).saturating_sub(self.own).saturating_sub(self.taken);
        if beyond > 0 {
            if self.pool.take(beyond) {
                self.taken += beyond;
            } else {
                self.spill()?;
            }
        }
        self.held += bytes;
        self.ranges[range].push(batch)
    }

    /// The buckets, and the file that their segments are in.
    pub(crate) fn finish(mut self) -> (Vec<Bucket>, Option<SpillFile>, Held) {
        let held = Held { pool: Arc::clone(&self.pool), taken: std::mem::take(&mut self.taken) };
        (std::mem::take(&mut self.ranges), self.spill.take(), held)
    }

    fn spill(&mut self) -> Result<()> {
        let spill = match &mut self.spill {
            Some(spill) => spill,
            none => none.insert(SpillFile::create(&self.folder)?),
        };
        for bucket in self.ranges.iter_mut().filter(|bucket| !bucket.tail.is_empty()) {
            bucket.join()?;
            let segment = spill.write(bucket.tail.drain(..).map(Ok))?;
            bucket.segments.push(segment);
        }
        self.pool.give_back(std::mem::take(&mut self.taken));
        self.held = 0;
        Ok(())
    }
}

impl Drop for Buckets {
    fn drop(&mut self) {
        self.pool.give_back(self.taken);
    }
}

/// Memory of the pool that finished buckets still hold; given back when dropped.
#[derive(Debug)]
pub(crate) struct Held {
    pool: Arc<Pool>,
    taken: usize,
}

impl Drop for Held {
    fn drop(&mut self) {
        self.pool.give_back(self.taken);
    }
}

impl Bucket {
    fn push(&mut self, batch: RecordBatch) -> Result<()> {
        self.rows += batch.num_rows() as u64;
        self.loose.0 += batch.num_rows();
        self.loose.1 += 1;
        self.tail.push(batch);
        if self.loose.0 >= JOIN_ROWS { self.join() } else { Ok(()) }
    }

    fn join(&mut self) -> Result<()> {
        let (_, count) = std::mem::take(&mut self.loose);
        if count > 1 {
            let loose = self.tail.split_off(self.tail.len() - count);
            self.tail.push(concat_batches(&loose[0].schema(), &loose)?);
        }
        Ok(())
    }
}
