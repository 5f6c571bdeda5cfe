//! The batches of one partition that some reader has yet to see, in memory as far as the budget allows and in files beyond.

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, RecordBatchOptions};
use arrow::datatypes::DataType;
use datafusion::common::{DataFusionError, Result};
use datafusion::execution::SendableRecordBatchStream;
use datafusion::execution::memory_pool::MemoryReservation;
use datafusion::execution::spill_file::SpillFile;
use datafusion::physical_plan::SpillManager;
use std::collections::VecDeque;
use std::sync::Arc;

/// What is held even where the budget is used up, so that a file is worth its opening.
const LEAST_BYTES: usize = 4 << 20;

/// Batches in the order in which they were computed; each has a number from 0.
pub(super) struct Buffer {
    /// The oldest first. Files stand before memory, as all of what is in memory is spilled at once.
    chunks: VecDeque<Chunk>,
    /// The number of the first batch that is held, and of the one that comes next.
    first: usize,
    next: usize,
    /// The number of the batch that each reader wants next; `usize::MAX` for one that wants no more.
    wanted: Vec<usize>,
    /// How often each reader has started; one more for those that were not to come at all.
    starts: Vec<usize>,
    end: Option<Result<(), Arc<DataFusionError>>>,
    in_memory: usize,
    reservation: Arc<MemoryReservation>,
    spill: SpillManager,
}

enum Chunk {
    Memory { batch: RecordBatch, bytes: usize },
    Spilled { file: Arc<dyn SpillFile>, batches: usize },
}

/// What there is for a reader.
pub(super) enum Found {
    Batch(RecordBatch),
    /// A file, and how many of its batches come before the wanted one.
    File(SendableRecordBatchStream, usize),
    /// It has yet to be computed.
    Nothing,
    End(Result<(), Arc<DataFusionError>>),
}

impl Buffer {
    /// For these readers; those that are not live will never come.
    pub(super) fn new(live: Vec<bool>, reservation: Arc<MemoryReservation>, spill: SpillManager) -> Self {
        Self {
            chunks: VecDeque::new(),
            first: 0,
            next: 0,
            starts: live.iter().map(|live| usize::from(!live)).collect(),
            wanted: live.into_iter().map(|live| if live { 0 } else { usize::MAX }).collect(),
            end: None,
            in_memory: 0,
            reservation,
            spill,
        }
    }

    /// How often this reader has started before; what is here is for the first time only.
    pub(super) fn claim(&mut self, reader: usize) -> usize {
        let Some(starts) = self.starts.get_mut(reader) else { return usize::MAX };
        *starts += 1;
        *starts - 1
    }

    /// The batch of that number for a reader.
    pub(super) fn get(&self, number: usize) -> Result<Found> {
        if number >= self.next {
            return Ok(self.end.clone().map_or(Found::Nothing, Found::End));
        }
        let mut first = self.first;
        for chunk in &self.chunks {
            match chunk {
                Chunk::Memory { batch, .. } if first == number => return Ok(Found::Batch(batch.clone())),
                Chunk::Memory { .. } => first += 1,
                Chunk::Spilled { file, batches } if number < first + batches => {
                    let stream = self.spill.read_spill_as_stream(Arc::clone(file), None)?;
                    return Ok(Found::File(stream, number - first));
                }
                Chunk::Spilled { batches, .. } => first += batches,
            }
        }
        Ok(Found::Nothing)
    }

    /// Whether the batch of that number, or the end, is known.
    pub(super) fn knows(&self, number: usize) -> bool {
        number < self.next || self.end.is_some()
    }

    /// Takes in the next batch, computed by a reader that has it already.
    pub(super) fn push(&mut self, batch: &RecordBatch, reader: usize) -> Result<()> {
        let number = self.next;
        self.next += 1;
        if let Some(wanted) = self.wanted.get_mut(reader) {
            *wanted = number + 1;
        }
        if self.wanted.iter().all(|wanted| *wanted > number) {
            self.release();
            self.first = self.next;
            return Ok(());
        }
        let batch = compact(batch)?;
        let bytes = bytes_of(&batch)?;
        let fits = self.reservation.try_grow(bytes).is_ok();
        if !fits {
            self.reservation.grow(bytes);
        }
        self.in_memory += bytes;
        self.chunks.push_back(Chunk::Memory { batch, bytes });
        if !fits && self.in_memory >= LEAST_BYTES {
            self.write_out()?;
        }
        Ok(())
    }

    pub(super) fn finish(&mut self, end: Result<(), Arc<DataFusionError>>) {
        self.end = Some(end);
    }

    /// A reader has had all batches before that number.
    pub(super) fn passed(&mut self, reader: usize, number: usize) {
        if let Some(wanted) = self.wanted.get_mut(reader)
            && *wanted < number
        {
            *wanted = number;
            self.release();
        }
    }

    /// Whether all readers have gone.
    pub(super) fn is_abandoned(&self) -> bool {
        self.wanted.iter().all(|wanted| *wanted == usize::MAX)
    }

    /// Drops what all readers have had.
    fn release(&mut self) {
        let slowest = self.wanted.iter().copied().min().unwrap_or(usize::MAX);
        while let Some(chunk) = self.chunks.front() {
            let batches = match chunk {
                Chunk::Memory { .. } => 1,
                Chunk::Spilled { batches, .. } => *batches,
            };
            if self.first + batches > slowest {
                break;
            }
            self.first += batches;
            if let Some(Chunk::Memory { bytes, .. }) = self.chunks.pop_front() {
                self.shrink(bytes);
            }
        }
    }

    /// Moves all that is in memory to one file.
    fn write_out(&mut self) -> Result<()> {
        let spilled = self.chunks.iter().take_while(|chunk| matches!(chunk, Chunk::Spilled { .. })).count();
        let batches: Vec<RecordBatch> = self
            .chunks
            .drain(spilled..)
            .filter_map(|chunk| match chunk {
                Chunk::Memory { batch, .. } => Some(batch),
                Chunk::Spilled { .. } => None,
            })
            .collect();
        let file = self.spill.spill_record_batch_and_finish(&batches, "a shared part")?;
        self.shrink(self.in_memory);
        self.chunks.extend(file.map(|file| Chunk::Spilled { file, batches: batches.len() }));
        Ok(())
    }

    fn shrink(&mut self, bytes: usize) {
        self.in_memory -= bytes;
        self.reservation.shrink(bytes);
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        self.reservation.shrink(self.in_memory);
    }
}

/// The batch without what its texts share with rows that are not in it.
fn compact(batch: &RecordBatch) -> Result<RecordBatch> {
    let columns: Vec<ArrayRef> = batch
        .columns()
        .iter()
        .map(|column| match column.data_type() {
            DataType::Utf8View => {
                let view = column.as_string_view();
                let wasteful = wasteful(view.data_buffers(), view.total_buffer_bytes_used());
                if wasteful { Arc::new(view.gc()) } else { Arc::clone(column) }
            }
            DataType::BinaryView => {
                let view = column.as_binary_view();
                let wasteful = wasteful(view.data_buffers(), view.total_buffer_bytes_used());
                if wasteful { Arc::new(view.gc()) } else { Arc::clone(column) }
            }
            _ => Arc::clone(column),
        })
        .collect();
    let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
    Ok(RecordBatch::try_new_with_options(batch.schema(), columns, &options)?)
}

fn wasteful(buffers: &[arrow::buffer::Buffer], used: usize) -> bool {
    buffers.iter().map(arrow::buffer::Buffer::capacity).sum::<usize>() > 2 * used
}

/// Bytes of a compact batch.
pub(crate) fn bytes_of(batch: &RecordBatch) -> Result<usize> {
    let mut bytes = 0;
    for column in batch.columns() {
        bytes += column.to_data().get_slice_memory_size()?;
        bytes += match column.data_type() {
            DataType::Utf8View => column.as_string_view().total_buffer_bytes_used(),
            DataType::BinaryView => column.as_binary_view().total_buffer_bytes_used(),
            _ => 0,
        };
    }
    Ok(bytes)
}
