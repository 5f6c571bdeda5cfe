//! Reading integer columns of the files that this crate wrote.

use crate::error::{Error, Result};
use arrow::array::{Int64Array, RecordBatch};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::fs::File;
use std::path::Path;

/// Calls `each` with batches of the INT64 columns of these names, in the order of the names.
pub(crate) fn integers(path: &Path, names: &[&str], mut each: impl FnMut(Vec<&Int64Array>)) -> Result<()> {
    let file = File::open(path).map_err(|error| Error::io("read", path, error))?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| Error::decode(path, error))?;
    let mask = ProjectionMask::columns(builder.parquet_schema(), names.iter().copied());
    let reader = builder
        .with_projection(mask)
        .with_batch_size(crate::PAGE_ROWS)
        .build()
        .map_err(|error| Error::decode(path, error))?;
    for batch in reader {
        let batch = batch.map_err(|error| Error::decode(path, error))?;
        each(names.iter().map(|name| integer_column(&batch, name, path)).collect::<Result<_>>()?);
    }
    Ok(())
}

fn integer_column<'a>(batch: &'a RecordBatch, name: &str, path: &Path) -> Result<&'a Int64Array> {
    let column = batch.column_by_name(name).and_then(|column| column.as_any().downcast_ref());
    column.ok_or_else(|| Error::decode(path, format_args!("it has no INT64 column {name}")))
}
