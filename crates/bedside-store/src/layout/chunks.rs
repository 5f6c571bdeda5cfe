//! Batches of whatever size in, batches of one size out, so that the bytes of a file do not depend on how the rows came.

use super::encoding::CHUNK_ROWS;
use arrow::array::RecordBatch;
use arrow::compute::concat_batches;
use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;
use std::collections::VecDeque;

/// Rows that do not fill a chunk yet.
#[derive(Debug)]
pub(crate) struct Chunks {
    schema: SchemaRef,
    waiting: VecDeque<RecordBatch>,
    rows: usize,
}

impl Chunks {
    pub(crate) fn new(schema: SchemaRef) -> Self {
        Self { schema, waiting: VecDeque::new(), rows: 0 }
    }

    pub(crate) fn add(&mut self, batch: RecordBatch) {
        if batch.num_rows() > 0 {
            self.rows += batch.num_rows();
            self.waiting.push_back(batch);
        }
    }

    /// The next full chunk.
    pub(crate) fn next(&mut self) -> Result<Option<RecordBatch>, ArrowError> {
        if self.rows < CHUNK_ROWS { Ok(None) } else { self.take(CHUNK_ROWS).map(Some) }
    }

    /// What is left when all full chunks are taken.
    pub(crate) fn rest(&mut self) -> Result<Option<RecordBatch>, ArrowError> {
        if self.rows == 0 { Ok(None) } else { self.take(self.rows).map(Some) }
    }

    fn take(&mut self, rows: usize) -> Result<RecordBatch, ArrowError> {
        self.rows -= rows;
        let mut parts = Vec::new();
        let mut missing = rows;
        while missing > 0 {
            let Some(first) = self.waiting.pop_front() else { break };
            if first.num_rows() > missing {
                self.waiting.push_front(first.slice(missing, first.num_rows() - missing));
                parts.push(first.slice(0, missing));
                missing = 0;
            } else {
                missing -= first.num_rows();
                parts.push(first);
            }
        }
        // One slice of a large batch, the usual case, is not copied.
        match parts.len() {
            1 => Ok(parts.swap_remove(0)),
            _ => concat_batches(&self.schema, &parts),
        }
    }
}
