//! json (one array of objects) and ndjson (one object a line), cells as `TO_JSON_STRING` writes them.

use super::destination::write_failure;
use super::{Destination, Omitted, ResultColumn, cells};
use crate::failure::Failure;
use arrow::array::RecordBatch;
use bedside_types::write_json_text;
use std::io::Write;

/// Writes json or ndjson.
pub(crate) struct JsonWriter {
    columns: Vec<ResultColumn>,
    /// `"name":` per column, made once.
    keys: Vec<String>,
    destination: Destination,
    shape: Shape,
    rows: u64,
}

/// What stands around the objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Array,
    Lines,
}

impl JsonWriter {
    /// One array; an object a line inside it.
    pub(crate) fn array(columns: &[ResultColumn], destination: Destination) -> Self {
        Self::new(columns, destination, Shape::Array)
    }

    /// An object a line.
    pub(crate) fn lines(columns: &[ResultColumn], destination: Destination) -> Self {
        Self::new(columns, destination, Shape::Lines)
    }

    fn new(columns: &[ResultColumn], destination: Destination, shape: Shape) -> Self {
        let keys = columns.iter().map(|column| {
            let mut key = String::new();
            write_json_text(&mut key, &column.name);
            key + ":"
        });
        Self { columns: columns.to_vec(), keys: keys.collect(), destination, shape, rows: 0 }
    }

    /// Writes the rows of a batch.
    pub(crate) fn write(&mut self, batch: &RecordBatch) -> Result<(), Failure> {
        let cells = cells(&self.columns, batch)?;
        let mut buffer = String::new();
        for row in 0..batch.num_rows() {
            buffer.push_str(match (self.shape, self.rows) {
                (Shape::Lines, _) => "",
                (Shape::Array, 0) => "[\n",
                (Shape::Array, _) => ",\n",
            });
            self.rows += 1;
            for (i, (key, column)) in self.keys.iter().zip(&cells).enumerate() {
                buffer.push(if i == 0 { '{' } else { ',' });
                buffer.push_str(key);
                column.push_json(row, &mut buffer);
            }
            buffer.push_str(if self.shape == Shape::Lines { "}\n" } else { "}" });
        }
        self.put(&buffer)
    }

    /// Ends the output.
    pub(crate) fn finish(mut self) -> Result<Omitted, Failure> {
        match (self.shape, self.rows) {
            (Shape::Lines, _) => {}
            (Shape::Array, 0) => self.put("[]\n")?,
            (Shape::Array, _) => self.put("\n]\n")?,
        }
        self.destination.finish()?;
        Ok(Omitted::default())
    }

    fn put(&mut self, text: &str) -> Result<(), Failure> {
        self.destination.write_all(text.as_bytes()).map_err(|error| write_failure(&error))
    }
}

#[cfg(test)]
mod tests {
    use super::JsonWriter;
    use crate::output::{Destination, ResultColumn, column};
    use arrow::array::{ArrayRef, Int64Array, RecordBatch};
    use bedside_types::SqlType;
    use std::sync::Arc;

    fn written(rows: &[i64], make: impl Fn(&[ResultColumn], Destination) -> JsonWriter) -> String {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("x");
        let columns = [column("a \"b\"", SqlType::Int64)];
        let mut writer = make(&columns, Destination::file(&path).unwrap());
        for row in rows {
            let array: ArrayRef = Arc::new(Int64Array::from(vec![*row]));
            writer.write(&RecordBatch::try_from_iter([("x", array)]).unwrap()).unwrap();
        }
        writer.finish().unwrap();
        std::fs::read_to_string(path).unwrap()
    }

    #[test]
    fn an_array_is_one_document_and_lines_are_one_each() {
        let array = |columns: &[ResultColumn], to| JsonWriter::array(columns, to);
        let lines = |columns: &[ResultColumn], to| JsonWriter::lines(columns, to);
        assert_eq!(written(&[], array), "[]\n");
        assert_eq!(written(&[1, 2], array), "[\n{\"a \\\"b\\\"\":1},\n{\"a \\\"b\\\"\":2}\n]\n");
        assert_eq!(written(&[], lines), "");
        assert_eq!(written(&[1, 2], lines), "{\"a \\\"b\\\"\":1}\n{\"a \\\"b\\\"\":2}\n");
        serde_json::from_str::<serde_json::Value>(&written(&[1, 2], array)).unwrap();
    }
}
