//! Writing a result while its rows come.

use super::{ENTRY, Entry, FORMAT, ResultName};
use crate::disk;
use crate::error::{Error, Result};
use crate::place;
use crate::statistics::logical_bytes;
use crate::warehouse::Warehouse;
use arrow::array::{Array, ArrayRef, AsArray, ListArray, RecordBatch, RecordBatchOptions, StructArray};
use arrow::buffer::OffsetBuffer;
use arrow::compute::BatchCoalescer;
use arrow::datatypes::{DataType, SchemaRef};
use arrow::error::ArrowError;
use arrow::ipc::writer::FileWriter;
use std::fmt;
use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;
use std::sync::Arc;

/// Rows of a batch in the file: a page of a few rows reads no more than this.
const BATCH_ROWS: usize = 4096;

/// Writes one result. Nothing has its name before [`ResultWriter::finish`], and nothing is left when it is dropped before.
pub struct ResultWriter {
    warehouse: Warehouse,
    name: ResultName,
    temporary: PathBuf,
    file: Option<FileWriter<BufWriter<File>>>,
    coalescer: BatchCoalescer,
    entry: Entry,
    held: u64,
}

/// A result that is in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrittenResult {
    /// Its rows.
    pub rows: u64,
    /// Size of its file.
    pub bytes: u64,
    /// Bytes as BigQuery counts them, all columns.
    pub logical_bytes: u64,
}

impl ResultWriter {
    /// A writer of rows of this schema.
    ///
    /// # Errors
    /// [`Error::DiskFull`], [`Error::AccessDenied`], [`Error::Io`].
    pub fn new(warehouse: &Warehouse, name: ResultName, schema: &SchemaRef) -> Result<Self> {
        let temporary = warehouse.path(&place::temporary(&place::result(&name.table)));
        let file = match disk::create_file(&temporary) {
            // The first result of a home.
            Err(Error::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => {
                disk::create_folder(&warehouse.path(place::RESULTS))?;
                disk::create_file(&temporary)?
            }
            other => other?,
        };
        let file = FileWriter::try_new_buffered(file, schema).map_err(|error| fault(&temporary, error))?;
        let columns = schema.fields().len();
        let entry = Entry {
            format: FORMAT,
            dataset: name.dataset.clone(),
            rows: 0,
            starts: Vec::new(),
            bytes: vec![0; columns],
            nulls: vec![0; columns],
        };
        let coalescer = BatchCoalescer::new(Arc::clone(schema), BATCH_ROWS);
        Ok(Self { warehouse: warehouse.clone(), name, temporary, file: Some(file), coalescer, entry, held: 0 })
    }

    /// Adds rows.
    ///
    /// # Errors
    /// [`Error::DiskFull`], [`Error::Io`].
    pub fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        for ((column, bytes), nulls) in batch.columns().iter().zip(&mut self.entry.bytes).zip(&mut self.entry.nulls) {
            *bytes += logical_bytes(column);
            *nulls += column.null_count() as u64;
        }
        self.held += batch.num_rows() as u64;
        if batch.num_columns() == 0 {
            return self.put(batch);
        }
        self.coalescer.push_batch(batch.clone()).map_err(|error| fault(&self.temporary, error))?;
        while let Some(batch) = self.coalescer.next_completed_batch() {
            self.put(&batch)?;
        }
        Ok(())
    }

    /// Bytes so far, as BigQuery counts them.
    pub fn logical_bytes(&self) -> u64 {
        self.entry.bytes.iter().sum()
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    /// [`Error::DiskFull`], [`Error::Io`].
    pub fn finish(mut self) -> Result<WrittenResult> {
        self.coalescer.finish_buffered_batch().map_err(|error| fault(&self.temporary, error))?;
        while let Some(batch) = self.coalescer.next_completed_batch() {
            self.put(&batch)?;
        }
        let Some(mut file) = self.file.take() else { return Err(encode(&self.temporary, "it is closed")) };
        let entry = serde_json::to_string(&self.entry).map_err(|error| encode(&self.temporary, error))?;
        file.write_metadata(ENTRY, entry);
        let file = file.into_inner().map_err(|error| fault(&self.temporary, error))?;
        let file = file.into_inner().map_err(|error| Error::io("write", &self.temporary, error.into_error()))?;
        let bytes = file.metadata().map_err(|error| Error::io("write", &self.temporary, error))?.len();
        // Not synced: after a power cut a result may be gone, and its query is asked again.
        disk::rename(&self.temporary, &self.warehouse.result_path(&self.name))?;
        Ok(WrittenResult { rows: self.entry.rows, bytes, logical_bytes: self.entry.bytes.iter().sum() })
    }

    fn put(&mut self, batch: &RecordBatch) -> Result<()> {
        let Some(file) = &mut self.file else { return Err(encode(&self.temporary, "it is closed")) };
        let columns = batch.columns().iter().map(compacted).collect::<Result<Vec<_>, _>>();
        let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
        let written = columns
            .and_then(|columns| RecordBatch::try_new_with_options(batch.schema(), columns, &options))
            .and_then(|batch| file.write(&batch));
        written.map_err(|error| fault(&self.temporary, error))?;
        self.entry.starts.push(self.entry.rows);
        self.entry.rows += batch.num_rows() as u64;
        Ok(())
    }
}

impl Drop for ResultWriter {
    fn drop(&mut self) {
        if self.file.take().is_some() {
            // What stays is swept away within two days.
            drop(disk::remove(&self.temporary));
        }
    }
}

impl fmt::Debug for ResultWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ResultWriter({} rows)", self.held)
    }
}

/// An array that holds no more than its own values: views may look into buffers of many times their size, which would all be
/// written.
fn compacted(array: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    Ok(match array.data_type() {
        DataType::Utf8View => Arc::new(array.as_string_view().gc()),
        DataType::BinaryView => Arc::new(array.as_binary_view().gc()),
        DataType::List(element) => {
            let list = array.as_list::<i32>();
            let offsets = list.offsets();
            let (first, last) = (offsets[0], offsets[offsets.len() - 1]);
            let values = compacted(&list.values().slice(first as usize, (last - first) as usize))?;
            let offsets = OffsetBuffer::from_lengths(offsets.windows(2).map(|pair| (pair[1] - pair[0]) as usize));
            Arc::new(ListArray::try_new(Arc::clone(element), offsets, values, list.nulls().cloned())?)
        }
        DataType::Struct(fields) => {
            let parts = array.as_struct();
            let columns = parts.columns().iter().map(compacted).collect::<Result<Vec<_>, _>>()?;
            let length = parts.len();
            let nulls = parts.nulls().cloned();
            Arc::new(StructArray::try_new_with_length(fields.clone(), columns, nulls, length)?)
        }
        _ => Arc::clone(array),
    })
}

fn encode(path: &std::path::Path, why: impl fmt::Display) -> Error {
    Error::Encode { path: path.to_path_buf(), why: why.to_string() }
}

fn fault(path: &std::path::Path, error: ArrowError) -> Error {
    match error {
        ArrowError::IoError(_, source) => Error::io("write", path, source),
        other => encode(path, other),
    }
}
