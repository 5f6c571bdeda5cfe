//! The file of one subject range.

use super::chunks::Chunks;
use super::order::OrderCheck;
use super::{Plan, Statistics, rows_error};
use crate::disk;
use crate::error::{Error, Result};
use crate::manifest::{FileEntry, range_of};
use crate::statistics::{ColumnStatistics, ItemCounts};
use crate::stored;
use arrow::array::{Array, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Int64Type};
use arrow::error::ArrowError;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use std::fmt;
use std::fs::File;
use std::hash::Hasher;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;
use twox_hash::XxHash64;

/// Writes the file of one subject range under a temporary name. Dropped before [`RangeWriter::finish`], it leaves nothing.
pub struct RangeWriter {
    plan: Arc<Plan>,
    range: Option<u32>,
    writer: ArrowWriter<HashedFile>,
    file: TemporaryFile,
    chunks: Chunks,
    order: OrderCheck,
    statistics: Vec<Option<ColumnStatistics>>,
    items: ItemCounts,
    rows: u64,
}

/// A complete, synced file that still has a temporary name. Dropped before [`super::LayoutWriter::finish`] takes it, it is
/// deleted.
#[derive(Debug)]
pub struct WrittenRange {
    pub(super) range: Option<u32>,
    pub(super) rows: u64,
    pub(super) statistics: Vec<Option<ColumnStatistics>>,
    pub(super) items: ItemCounts,
    entry: FileEntry,
    file: TemporaryFile,
}

impl RangeWriter {
    pub(super) fn new(plan: Arc<Plan>, range: Option<u32>) -> Result<Self> {
        let (_, temporary, target) = plan.part(range);
        let open = disk::create_file(&temporary)?;
        let file = TemporaryFile { temporary, target, state: State::Temporary };
        let options = ArrowWriterOptions::new()
            .with_properties(plan.properties.as_ref().clone())
            // Types as other programs see them; ours come from the manifest.
            .with_skip_arrow_metadata(true);
        let hashed = HashedFile { file: open, hash: XxHash64::with_seed(0), bytes: 0 };
        let writer = ArrowWriter::try_new_with_options(hashed, Arc::clone(&plan.schema), options)
            .map_err(|error| Error::encode(&file.target, error))?;
        let gather = |index: &usize| plan.spec.statistics == Statistics::Gather || plan.order.contains(index);
        let new = |index: usize| gather(&index).then(|| ColumnStatistics::new(&plan.spec.columns[index].sql_type));
        Ok(Self {
            statistics: (0..plan.spec.columns.len()).map(new).collect(),
            chunks: Chunks::new(Arc::clone(&plan.schema)),
            order: OrderCheck::default(),
            items: ItemCounts::default(),
            rows: 0,
            plan,
            range,
            writer,
            file,
        })
    }

    /// Adds rows, sorted after those before. The columns come in the order of the spec and in the types' Arrow forms; STRING
    /// may come as Utf8, `LargeUtf8`, Utf8View or a dictionary of these, any integer as INT64.
    ///
    /// # Errors
    /// [`Error::Rows`] where the rows are not sorted, have another type, or a NULL where none may be; [`Error::DiskFull`],
    /// [`Error::Io`], [`Error::Encode`].
    pub fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        let batch = self.in_arrow_form(batch)?;
        self.chunks.add(batch);
        while let Some(chunk) = self.chunks.next().map_err(|error| self.encode_error(&error))? {
            self.write_chunk(&chunk)?;
        }
        Ok(())
    }

    /// Bytes of memory that this writer holds for rows not written to disk yet.
    pub fn memory_bytes(&self) -> usize {
        self.writer.memory_size()
    }

    /// Ends the file and syncs it.
    ///
    /// # Errors
    /// [`Error::Rows`] where a subject does not belong to the range; otherwise as [`RangeWriter::write`].
    pub fn finish(mut self) -> Result<WrittenRange> {
        if let Some(chunk) = self.chunks.rest().map_err(|error| self.encode_error(&error))? {
            self.write_chunk(&chunk)?;
        }
        self.check_subjects()?;
        self.writer.finish().map_err(|error| Error::encode(&self.file.target, error))?;
        let hashed = self.writer.inner();
        hashed.file.sync_all().map_err(|error| Error::io("write", &self.file.target, error))?;
        let ordered = |which: fn(&ColumnStatistics) -> Option<String>| {
            self.plan.order.iter().map(|index| self.statistics[*index].as_ref().and_then(which)).collect()
        };
        let entry = FileEntry {
            path: self.plan.part(self.range).0,
            rows: self.rows,
            bytes: hashed.bytes,
            xxh64: format!("{:016x}", hashed.hash.finish()),
            range: self.range,
            minima: ordered(ColumnStatistics::min),
            maxima: ordered(ColumnStatistics::max),
        };
        if self.plan.spec.statistics == Statistics::OrderOnly {
            self.statistics.clear();
        }
        Ok(WrittenRange {
            range: self.range,
            rows: self.rows,
            statistics: self.statistics,
            items: self.items,
            entry,
            file: self.file,
        })
    }

    /// The batch with this writer's schema.
    fn in_arrow_form(&self, batch: &RecordBatch) -> Result<RecordBatch> {
        let columns = &self.plan.spec.columns;
        let error = |why| rows_error(&self.plan.spec, why);
        if batch.num_columns() != columns.len() {
            return Err(error(format!("{} columns instead of {}", batch.num_columns(), columns.len())));
        }
        let mut arrays = Vec::with_capacity(columns.len());
        for (column, array) in columns.iter().zip(batch.columns()) {
            let wanted = column.sql_type.arrow();
            let array = if *array.data_type() == wanted {
                Arc::clone(array)
            } else if is_other_form(array.data_type(), &wanted) {
                cast(array, &wanted).map_err(|error| self.encode_error(&error))?
            } else {
                return Err(error(format!(
                    "column {} comes as {} instead of {wanted}",
                    column.name,
                    array.data_type()
                )));
            };
            if !column.nullable && array.null_count() > 0 {
                return Err(error(format!("column {} has a NULL but is declared without", column.name)));
            }
            arrays.push(stored::to_stored(&array).map_err(|error| self.encode_error(&error))?);
        }
        RecordBatch::try_new(Arc::clone(&self.plan.schema), arrays).map_err(|error| self.encode_error(&error))
    }

    fn write_chunk(&mut self, chunk: &RecordBatch) -> Result<()> {
        if let Some(row) = self.order.check(chunk, &self.plan.order).map_err(|error| self.encode_error(&error))? {
            let row = self.rows + row as u64 + 1;
            let why =
                format!("row {row} of range {:?} is not sorted by {}", self.range, self.plan.spec.order.join(", "));
            return Err(rows_error(&self.plan.spec, why));
        }
        for (statistics, array) in self.statistics.iter_mut().zip(chunk.columns()) {
            if let Some(statistics) = statistics {
                statistics.add(array);
            }
        }
        if let Some(item) = self.plan.item {
            self.items.add(chunk.column(item).as_primitive::<Int64Type>());
        }
        self.rows += chunk.num_rows() as u64;
        self.writer.write(chunk).map_err(|error| Error::encode(&self.file.target, error))
    }

    /// A subject in a file of another range would be lost to every query that goes by ranges.
    fn check_subjects(&self) -> Result<()> {
        let (Some(subject), Some(range)) = (self.plan.subject, self.range) else { return Ok(()) };
        let Some(statistics) = &self.statistics[subject] else { return Ok(()) };
        if self.rows > 0 && statistics.has_nulls() && range != 0 {
            return Err(rows_error(
                &self.plan.spec,
                format!("a row without subject_id is in range {range}, not in range 0"),
            ));
        }
        let Some((min, max)) = statistics.integer_bounds() else { return Ok(()) };
        for subject in [min, max] {
            let right = range_of(&self.plan.splits, subject);
            if right != range {
                let why = format!("subject {subject} is in range {range}, but belongs to range {right}");
                return Err(rows_error(&self.plan.spec, why));
            }
        }
        Ok(())
    }

    fn encode_error(&self, error: &ArrowError) -> Error {
        Error::Encode { path: self.file.target.clone(), why: error.to_string() }
    }
}

impl fmt::Debug for RangeWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RangeWriter").field("file", &self.file).field("rows", &self.rows).finish_non_exhaustive()
    }
}

impl WrittenRange {
    /// Its rows.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Gives the file its name. The folder is for the caller to sync.
    pub(super) fn put_in_place(mut self) -> Result<FileEntry> {
        disk::rename(&self.file.temporary, &self.file.target)?;
        self.file.state = State::InPlace;
        Ok(self.entry)
    }
}

/// Whether an array of type `given` holds the same values as one of type `wanted` in another form.
fn is_other_form(given: &DataType, wanted: &DataType) -> bool {
    match (given, wanted) {
        (DataType::Dictionary(_, value), _) => **value == *wanted || is_other_form(value, wanted),
        (DataType::Utf8 | DataType::LargeUtf8, DataType::Utf8View)
        | (DataType::Binary | DataType::LargeBinary, DataType::BinaryView) => true,
        (given, DataType::Int64) => given.is_integer() && *given != DataType::UInt64,
        _ => false,
    }
}

/// A file that is deleted unless it gets its name.
#[derive(Debug)]
struct TemporaryFile {
    temporary: PathBuf,
    target: PathBuf,
    state: State,
}

#[derive(Debug, PartialEq, Eq)]
enum State {
    Temporary,
    InPlace,
}

impl Drop for TemporaryFile {
    fn drop(&mut self) {
        if self.state == State::Temporary {
            // What stays is swept by the next writer.
            let _ = disk::remove(&self.temporary);
        }
    }
}

/// A file that knows the size and the hash of what was written.
struct HashedFile {
    file: File,
    hash: XxHash64,
    bytes: u64,
}

impl Write for HashedFile {
    fn write(&mut self, content: &[u8]) -> io::Result<usize> {
        let written = self.file.write(content)?;
        self.hash.write(&content[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
