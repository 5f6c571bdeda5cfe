//! Columns that are read again and again, kept as they were decoded.
//!
//! A notebook asks the same tables all day, and most of what a short statement takes is unpacking them. What stands in a
//! file never changes, so its columns may stay in memory as long as nothing else wants the room: they count towards the
//! engine's budget, and operators that ask for more get it at once (`docs/decisions/0016`).
//!
//! A column of a file is kept when it is read a second time, so that a statement that reads everything once, and there are
//! many such, neither pays for keeping nor drives out what others use. When there is no room, it takes the place only of
//! columns that were last read before its own last reading: of columns that do not all fit, read in turn, some then stay,
//! where otherwise each would drive out the next.

mod decode;
mod scan;
mod source;
#[cfg(test)]
mod tests;

pub(crate) use source::CachedSource;

use datafusion::arrow::array::{Array, ArrayRef};
use parquet::arrow::arrow_reader::ArrowReaderMetadata;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Decoded columns of files, by the file's path and the column's place in it.
#[derive(Debug, Default)]
pub(crate) struct ColumnCache {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Readings so far.
    clock: u64,
    bytes: usize,
    files: HashMap<String, CachedFile>,
}

#[derive(Debug, Default)]
struct CachedFile {
    footer: Option<Footer>,
    columns: HashMap<usize, CachedColumn>,
}

/// A column of a file; without chunks only the memory that it was read.
#[derive(Debug, Default)]
struct CachedColumn {
    last_read: u64,
    bytes: usize,
    /// By their number in the file.
    chunks: Vec<Option<ArrayRef>>,
}

/// What reading a file begins with.
#[derive(Clone, Debug)]
pub(crate) enum Footer {
    /// Its columns decode to the table's types.
    Fits(ArrowReaderMetadata),
    /// They do not, so the file is left to the reader that converts.
    Differs,
}

/// What is known of a file when columns of it are to be read.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) footer: Option<Footer>,
    /// When the one of the columns was last read whose last reading is longest ago; `None` if one never was.
    pub(crate) last_read: Option<u64>,
}

impl ColumnCache {
    fn state(&self) -> MutexGuard<'_, State> {
        // Whoever died here left at worst a column that is counted twice.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Bytes of all columns that are kept.
    #[cfg(test)]
    fn bytes(&self) -> usize {
        self.state().bytes
    }

    /// Notes that these columns of a file are being read.
    fn read(&self, file: &str, columns: &[usize]) -> Known {
        let mut state = self.state();
        state.clock += 1;
        let now = state.clock;
        let known = state.files.entry(file.to_owned()).or_default();
        let mut last_read = Some(u64::MAX);
        for column in columns {
            let column = known.columns.entry(*column).or_default();
            let before = Some(column.last_read).filter(|read| *read > 0);
            last_read = last_read.min(before);
            column.last_read = now;
        }
        Known { footer: known.footer.clone(), last_read }
    }

    fn set_footer(&self, file: &str, footer: Footer) {
        if let Some(known) = self.state().files.get_mut(file) {
            known.footer = Some(footer);
        }
    }

    /// For each of the columns those of the chunks that are kept.
    fn chunks(&self, file: &str, columns: &[usize], numbers: &[usize]) -> Vec<Vec<Option<ArrayRef>>> {
        let state = self.state();
        let known = state.files.get(file);
        let chunks_of = |column: &usize| {
            let column = known.and_then(|file| file.columns.get(column));
            let chunk = |number: &usize| column.and_then(|column| column.chunks.get(*number).cloned().flatten());
            numbers.iter().map(chunk).collect()
        };
        columns.iter().map(chunks_of).collect()
    }

    /// Whether `wanted` bytes more may be kept within `room` in all; columns that were last read before `last_read` make
    /// place.
    fn admits(&self, wanted: usize, room: usize, last_read: u64) -> bool {
        let mut state = self.state();
        let excess = (state.bytes + wanted).saturating_sub(room);
        excess == 0 || state.evict(excess, Some(last_read))
    }

    /// Keeps a chunk of a column, if there is still room: others may have been let in, or operators have grown, since.
    fn insert(&self, file: &str, column: usize, number: usize, chunk: &ArrayRef, room: usize) {
        let bytes = chunk.get_buffer_memory_size();
        let mut state = self.state();
        if state.bytes + bytes > room {
            return;
        }
        let known = state.files.get_mut(file).map(|file| file.columns.entry(column).or_default());
        let Some(column) = known else { return };
        if column.chunks.len() <= number {
            column.chunks.resize(number + 1, None);
        }
        // Two statements may have decoded the same.
        if column.chunks[number].is_none() {
            column.chunks[number] = Some(ArrayRef::clone(chunk));
            column.bytes += bytes;
            state.bytes += bytes;
        }
    }

    /// Gives up columns, those first that were not read for longest, until at most `bytes` are kept.
    pub(crate) fn shrink(&self, bytes: usize) {
        let mut state = self.state();
        let excess = state.bytes.saturating_sub(bytes);
        if excess > 0 {
            state.evict(excess, None);
        }
    }
}

impl State {
    /// Gives up columns of at least `excess` bytes, and none if those last read before `before` do not suffice.
    fn evict(&mut self, excess: usize, before: Option<u64>) -> bool {
        let columns = self.files.values_mut().flat_map(|file| file.columns.values_mut());
        let mut columns: Vec<_> = columns
            .filter(|column| column.bytes > 0 && before.is_none_or(|before| column.last_read < before))
            .collect();
        columns.sort_by_key(|column| column.last_read);
        if before.is_some() && columns.iter().map(|column| column.bytes).sum::<usize>() < excess {
            return false;
        }
        let mut freed = 0;
        for column in columns {
            if freed >= excess {
                break;
            }
            freed += column.bytes;
            column.bytes = 0;
            column.chunks = Vec::new();
        }
        self.bytes -= freed;
        true
    }
}
