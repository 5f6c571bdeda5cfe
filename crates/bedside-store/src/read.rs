//! Reading the files that this crate wrote: integer columns as a whole, rows by position.

use crate::error::{Error, Result};
use crate::manifest::{ColumnEntry, FileEntry};
use crate::stored;
use crate::warehouse::Warehouse;
use arrow::array::{Int64Array, RecordBatch, RecordBatchOptions};
use arrow::datatypes::{Schema, SchemaRef};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::file::metadata::PageIndexPolicy;
use std::fs::File;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

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

impl Warehouse {
    /// Rows of a table by position: its files one after the other, each in its own order. `places` are the columns that are
    /// wanted, `columns` all of the table's; batches have the columns' logical types. Pages of the files that hold none of
    /// the rows are not read.
    ///
    /// # Errors
    /// [`Error::Damaged`], [`Error::AccessDenied`], [`Error::Io`].
    pub fn rows(
        &self,
        files: &[FileEntry],
        columns: &[&ColumnEntry],
        places: &[usize],
        rows: Range<u64>,
    ) -> Result<Vec<RecordBatch>> {
        let fields = places.iter().filter_map(|place| columns.get(*place));
        let fields: Vec<_> = fields.map(|column| column.sql_type.field(&column.name, true)).collect();
        let schema = Arc::new(Schema::new(fields));
        let mut batches = Vec::new();
        let mut before = 0;
        for file in files {
            let (start, end) = (rows.start.max(before), rows.end.min(before + file.rows));
            if start < end {
                let within = (start - before) as usize..(end - before) as usize;
                part(&self.path(&file.path), &schema, places, within, &mut batches)?;
            }
            before += file.rows;
        }
        Ok(batches)
    }
}

fn part(
    path: &Path,
    schema: &SchemaRef,
    places: &[usize],
    rows: Range<usize>,
    batches: &mut Vec<RecordBatch>,
) -> Result<()> {
    let file = File::open(path).map_err(|error| Error::io("read", path, error))?;
    let options = ArrowReaderOptions::new().with_page_index_policy(PageIndexPolicy::Optional);
    let builder = ParquetRecordBatchReaderBuilder::try_new_with_options(file, options);
    let builder = builder.map_err(|error| Error::decode(path, error))?;
    let mask = ProjectionMask::roots(builder.parquet_schema(), places.iter().copied());
    let reader = builder
        .with_projection(mask)
        .with_batch_size(rows.len().min(crate::PAGE_ROWS))
        .with_offset(rows.start)
        .with_limit(rows.len())
        .build()
        .map_err(|error| Error::decode(path, error))?;
    for batch in reader {
        let batch = batch.map_err(|error| Error::decode(path, error))?;
        let columns = batch.columns().iter().zip(schema.fields());
        let columns = columns.map(|(column, field)| stored::from_stored(column, field.data_type()));
        let columns = columns.collect::<Result<Vec<_>, _>>().map_err(|error| Error::decode(path, error))?;
        let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
        let batch = RecordBatch::try_new_with_options(Arc::clone(schema), columns, &options);
        batches.push(batch.map_err(|error| Error::decode(path, error))?);
    }
    Ok(())
}
