//! Parquet and Arrow IPC files. Views of text and bytes are written as plain columns, which every reader knows.

use super::{Destination, Omitted, ResultColumn, refuse};
use crate::failure::Failure;
use arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, FieldRef, Fields, Schema, SchemaRef};
use arrow::error::ArrowError;
use arrow::ipc::writer::FileWriter;
use bedside_types::SqlType;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use std::sync::Arc;

/// Rows that are held back before a row group is written.
const ROW_GROUP_ROWS: usize = 122_880;
/// Bytes after which a row group is written even with fewer rows.
const ROW_GROUP_BYTES: usize = 64 << 20;

/// Writes Parquet, compressed with zstd.
pub(crate) struct ParquetWriter {
    schema: SchemaRef,
    writer: parquet::arrow::ArrowWriter<Destination>,
}

/// Writes an Arrow IPC file.
pub(crate) struct ArrowWriter {
    schema: SchemaRef,
    writer: FileWriter<Destination>,
}

impl ParquetWriter {
    /// A writer of `columns`.
    ///
    /// # Errors
    /// A column that is or holds an INTERVAL: Parquet's own is to the millisecond only.
    pub(crate) fn new(columns: &[ResultColumn], destination: Destination) -> Result<Self, Failure> {
        refuse(columns, "parquet", holds_interval, |name| format!("select CAST({name} AS STRING) instead"))?;
        let schema = plain_schema(columns);
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
            .build();
        let writer = parquet::arrow::ArrowWriter::try_new(destination, schema.clone(), Some(properties));
        Ok(Self { schema, writer: writer.map_err(parquet_failure)? })
    }

    /// Writes the rows of a batch.
    pub(crate) fn write(&mut self, batch: &RecordBatch) -> Result<(), Failure> {
        self.writer.write(&plain_batch(&self.schema, batch)?).map_err(parquet_failure)?;
        if self.writer.in_progress_size() > ROW_GROUP_BYTES {
            self.writer.flush().map_err(parquet_failure)?;
        }
        Ok(())
    }

    /// Writes the footer.
    pub(crate) fn finish(self) -> Result<Omitted, Failure> {
        self.writer.into_inner().map_err(parquet_failure)?.finish()?;
        Ok(Omitted::default())
    }
}

impl ArrowWriter {
    /// A writer of `columns`.
    pub(crate) fn new(columns: &[ResultColumn], destination: Destination) -> Result<Self, Failure> {
        let schema = plain_schema(columns);
        let writer = FileWriter::try_new(destination, &schema).map_err(arrow_failure)?;
        Ok(Self { schema, writer })
    }

    /// Writes the rows of a batch.
    pub(crate) fn write(&mut self, batch: &RecordBatch) -> Result<(), Failure> {
        self.writer.write(&plain_batch(&self.schema, batch)?).map_err(arrow_failure)
    }

    /// Writes the footer.
    pub(crate) fn finish(self) -> Result<Omitted, Failure> {
        self.writer.into_inner().map_err(arrow_failure)?.finish()?;
        Ok(Omitted::default())
    }
}

fn holds_interval(sql_type: &SqlType) -> bool {
    match sql_type {
        SqlType::Interval => true,
        SqlType::Array(element) => holds_interval(element),
        SqlType::Struct(fields) => fields.iter().any(|field| holds_interval(&field.sql_type)),
        _ => false,
    }
}

fn plain_schema(columns: &[ResultColumn]) -> SchemaRef {
    let fields = columns.iter().map(|column| plain_field(&column.sql_type.field(&column.name, true)));
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

fn plain_field(field: &Field) -> FieldRef {
    let data_type = match field.data_type() {
        DataType::Utf8View => DataType::Utf8,
        DataType::BinaryView => DataType::Binary,
        DataType::List(element) => DataType::List(plain_field(element)),
        DataType::Struct(fields) => DataType::Struct(fields.iter().map(|f| plain_field(f)).collect::<Fields>()),
        other => other.clone(),
    };
    Arc::new(field.clone().with_data_type(data_type))
}

fn plain_batch(schema: &SchemaRef, batch: &RecordBatch) -> Result<RecordBatch, Failure> {
    let columns = batch
        .columns()
        .iter()
        .zip(schema.fields())
        .map(|(array, field)| cast(array, field.data_type()))
        .collect::<Result<Vec<ArrayRef>, _>>();
    // A result without columns still has rows.
    let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
    columns
        .and_then(|columns| RecordBatch::try_new_with_options(schema.clone(), columns, &options))
        .map_err(arrow_failure)
}

fn arrow_failure(error: ArrowError) -> Failure {
    match error {
        ArrowError::IoError(_, error) => super::destination::write_failure(&error),
        other => Failure::internal(other.to_string()),
    }
}

fn parquet_failure(error: ParquetError) -> Failure {
    match error {
        ParquetError::External(error) => match error.downcast::<std::io::Error>() {
            Ok(error) => super::destination::write_failure(&error),
            Err(error) => Failure::internal(error.to_string()),
        },
        other => Failure::internal(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::{ArrowWriter, ParquetWriter};
    use crate::output::{Destination, ResultColumn, column};
    use arrow::array::{Array, ArrayRef, AsArray, Int64Array, RecordBatch, StringViewArray};
    use arrow::ipc::reader::FileReader;
    use bedside_types::SqlType;
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
    use std::fs::File;
    use std::sync::Arc;

    fn columns() -> [ResultColumn; 2] {
        [column("n", SqlType::Int64), column("t", SqlType::String)]
    }

    fn batch() -> RecordBatch {
        let numbers: ArrayRef = Arc::new(Int64Array::from(vec![Some(1), None]));
        let texts: ArrayRef = Arc::new(StringViewArray::from(vec![Some("a text that does not fit a view"), None]));
        RecordBatch::try_from_iter_with_nullable([("n", numbers, true), ("t", texts, true)]).unwrap()
    }

    fn check(read: &RecordBatch) {
        assert_eq!(read.num_rows(), 2);
        assert_eq!(read.column(1).as_string::<i32>().value(0), "a text that does not fit a view");
        assert!(read.column(0).is_null(1) && read.column(1).is_null(1));
    }

    #[test]
    fn what_is_written_reads_back() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("x.parquet");
        let mut writer = ParquetWriter::new(&columns(), Destination::file(&path).unwrap()).unwrap();
        writer.write(&batch()).unwrap();
        writer.finish().unwrap();
        let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(&path).unwrap()).unwrap().build().unwrap();
        check(&reader.map(Result::unwrap).next().unwrap());

        let path = folder.path().join("x.arrow");
        let mut writer = ArrowWriter::new(&columns(), Destination::file(&path).unwrap()).unwrap();
        writer.write(&batch()).unwrap();
        writer.finish().unwrap();
        check(&FileReader::try_new(File::open(&path).unwrap(), None).unwrap().next().unwrap().unwrap());
    }

    #[test]
    fn parquet_refuses_intervals_wherever_they_are() {
        let nested = SqlType::Array(Box::new(SqlType::Interval));
        for sql_type in [SqlType::Interval, nested] {
            let columns = [column("los", sql_type)];
            let failure = ParquetWriter::new(&columns, Destination::Memory(Vec::new())).err().unwrap();
            assert!(failure.message.starts_with("parquet cannot hold column `los`"), "{}", failure.message);
        }
    }
}
