//! Parquet files.

use super::{BATCH_ROWS, Read, source};
use crate::error::{Error, Result};
use crate::place::fault;
use arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions, new_null_array};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{Schema, SchemaRef};
use bedside_sql::ColumnDefinition;
use bedside_types::SqlType;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::fs;
use std::sync::Arc;

/// The rows of a file: its own columns, or those that are known, by their names.
pub(crate) fn read(file: &source::File, known: Option<Vec<ColumnDefinition>>) -> Result<Read> {
    let opened = fs::File::open(&file.path).map_err(|error| fault("read", &file.path, &error))?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(opened).map_err(|error| damaged(&error))?;
    let found = Arc::clone(builder.schema());
    let columns = match known {
        Some(columns) => columns,
        None => own_columns(&found)?,
    };
    let reader = builder.with_batch_size(BATCH_ROWS).build().map_err(|error| damaged(&error))?;
    if let Some(extra) =
        found.fields().iter().find(|field| !columns.iter().any(|column| column.name.eq_ignore_ascii_case(field.name())))
    {
        return Err(Error::Rows(format!("Provided Schema does not match the file: no such field: {}.", extra.name())));
    }
    let wanted = columns.clone();
    let batches = reader.map(move |batch| converted(&batch.map_err(|error| damaged(&error))?, &wanted));
    Ok(Read { columns, batches: Box::new(batches) })
}

fn own_columns(schema: &SchemaRef) -> Result<Vec<ColumnDefinition>> {
    let column = |field: &Arc<arrow::datatypes::Field>| {
        let sql_type = SqlType::of_field(field).ok_or_else(|| {
            Error::Rows(format!(
                "Parquet column '{}' has type {}, which is not supported",
                field.name(),
                field.data_type()
            ))
        })?;
        Ok(ColumnDefinition::plain(field.name().clone(), sql_type))
    };
    schema.fields().iter().map(column).collect()
}

fn converted(batch: &RecordBatch, columns: &[ColumnDefinition]) -> Result<RecordBatch> {
    let options = CastOptions { safe: false, ..CastOptions::default() };
    let schema = batch.schema();
    let mut arrays: Vec<ArrayRef> = Vec::with_capacity(columns.len());
    for column in columns {
        let wanted = column.sql_type.arrow();
        let place = schema.fields().iter().position(|field| field.name().eq_ignore_ascii_case(&column.name));
        arrays.push(match place {
            None => new_null_array(&wanted, batch.num_rows()),
            Some(place) => cast_with_options(batch.column(place), &wanted, &options).map_err(|error| {
                let found = batch.column(place).data_type();
                Error::Rows(format!(
                    "Parquet column '{}' of type {found} cannot be read as {}: {error}",
                    column.name, column.sql_type
                ))
            })?,
        });
    }
    let fields: Vec<_> = columns.iter().map(|column| column.sql_type.field(&column.name, true)).collect();
    let count = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
    RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), arrays, &count)
        .map_err(|error| Error::Internal(format!("rows cannot be built: {error}")))
}

fn damaged(error: &dyn std::fmt::Display) -> Error {
    Error::Rows(format!("Error while reading data, error message: the file is no Parquet file, or damaged: {error}"))
}
