//! Batches in the Arrow types that BigQuery has, as IPC messages.

use crate::error::Failure;
use arrow::array::{RecordBatch, RecordBatchOptions};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, FieldRef, Schema, SchemaRef};
use arrow::error::ArrowError;
use arrow::ipc::writer::StreamWriter;
use bytes::Bytes;
use std::sync::Arc;

/// The schema as clients get it: text and bytes plain instead of views, everything else as it is.
pub(crate) fn plain_schema(schema: &Schema) -> SchemaRef {
    let fields: Vec<FieldRef> = schema.fields().iter().map(plain_field).collect();
    Arc::new(Schema::new(fields))
}

fn plain_field(field: &FieldRef) -> FieldRef {
    let data_type = match field.data_type() {
        DataType::Utf8View => DataType::Utf8,
        DataType::BinaryView => DataType::Binary,
        DataType::List(element) => DataType::List(plain_field(element)),
        DataType::Struct(fields) => DataType::Struct(fields.iter().map(plain_field).collect()),
        other => other.clone(),
    };
    Arc::new(Field::new(field.name(), data_type, true).with_metadata(field.metadata().clone()))
}

/// Writes batches of one schema as messages that each stand alone.
pub(crate) struct Messages {
    schema: SchemaRef,
    serialized_schema: Bytes,
    writer: StreamWriter<Vec<u8>>,
}

impl Messages {
    pub(crate) fn new(schema: SchemaRef) -> Result<Self, Failure> {
        // The writer puts the schema before everything else.
        let mut writer = StreamWriter::try_new(Vec::new(), &schema).map_err(|error| defect(&error))?;
        let serialized_schema = std::mem::take(writer.get_mut()).into();
        Ok(Self { schema, serialized_schema, writer })
    }

    /// The message with the schema.
    pub(crate) fn schema(&self) -> Bytes {
        self.serialized_schema.clone()
    }

    /// The message with a batch.
    pub(crate) fn batch(&mut self, batch: &RecordBatch) -> Result<Bytes, Failure> {
        let plain = self.plain(batch).map_err(|error| defect(&error))?;
        self.writer.write(&plain).map_err(|error| defect(&error))?;
        Ok(std::mem::take(self.writer.get_mut()).into())
    }

    fn plain(&self, batch: &RecordBatch) -> Result<RecordBatch, ArrowError> {
        let pairs = batch.columns().iter().zip(self.schema.fields());
        let columns = pairs.map(|(array, field)| cast(array, field.data_type())).collect::<Result<_, _>>()?;
        let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
        RecordBatch::try_new_with_options(Arc::clone(&self.schema), columns, &options)
    }
}

fn defect(error: &ArrowError) -> Failure {
    Failure::internal(format!("the rows cannot be written as Arrow: {error}"))
}

#[cfg(test)]
mod tests {
    use super::{Messages, plain_schema};
    use arrow::array::{ArrayRef, AsArray, RecordBatch, StringViewArray};
    use arrow::datatypes::{DataType, Schema};
    use arrow::ipc::reader::StreamReader;
    use bedside_types::SqlType;
    use std::sync::Arc;

    #[test]
    fn a_schema_and_a_batch_are_a_stream() {
        let nested: SqlType = "ARRAY<STRUCT<a STRING, b BYTES>>".parse().unwrap();
        let schema = Schema::new(vec![nested.field("n", true), SqlType::Datetime.field("t", false)]);
        let types: Vec<String> = plain_schema(&schema).fields().iter().map(|f| f.data_type().to_string()).collect();
        assert!(types.iter().all(|name| !name.contains("View")), "{types:?}");
        let schema = Arc::new(Schema::new(vec![SqlType::String.field("s", true)]));
        let texts: ArrayRef = Arc::new(StringViewArray::from(vec![Some("a longer text than a view holds"), None]));
        let batch = RecordBatch::try_new(Arc::clone(&schema), vec![texts]).unwrap();
        let mut messages = Messages::new(plain_schema(&schema)).unwrap();
        for _ in 0..2 {
            let mut stream = messages.schema().to_vec();
            stream.extend_from_slice(&messages.batch(&batch).unwrap());
            let read = StreamReader::try_new(stream.as_slice(), None).unwrap().next().unwrap().unwrap();
            assert_eq!(read.column(0).data_type(), &DataType::Utf8);
            assert_eq!(read.column(0).as_string::<i32>().value(0), "a longer text than a view holds");
        }
    }
}
