//! csv as BigQuery exports it: a header, `,` between cells, quotes where needed, `\n` at line ends. An empty cell is NULL
//! and `""` the empty string, which is also how `bedside load` reads them back.

use super::destination::write_failure;
use super::{Destination, Omitted, ResultColumn, cells, refuse};
use crate::failure::Failure;
use arrow::array::RecordBatch;
use bedside_types::SqlType;
use std::io::Write;

/// Writes csv.
pub(crate) struct CsvWriter {
    columns: Vec<ResultColumn>,
    destination: Destination,
    buffer: String,
}

impl CsvWriter {
    /// A writer of `columns`. The header goes out with the first rows, so that a statement that fails before them writes
    /// nothing.
    ///
    /// # Errors
    /// A column that is an array or a struct: csv has no form for it, in BigQuery neither.
    pub(crate) fn new(columns: &[ResultColumn], destination: Destination) -> Result<Self, Failure> {
        let nested = |sql_type: &SqlType| matches!(sql_type, SqlType::Array(_) | SqlType::Struct(_));
        refuse(columns, "csv", nested, |name| format!("use --format ndjson, or select TO_JSON_STRING({name})"))?;
        let mut buffer = String::new();
        for (i, column) in columns.iter().enumerate() {
            buffer.push_str(if i == 0 { "" } else { "," });
            push_field(&mut buffer, &column.name);
        }
        buffer.push('\n');
        Ok(Self { columns: columns.to_vec(), destination, buffer })
    }

    /// Writes the rows of a batch.
    pub(crate) fn write(&mut self, batch: &RecordBatch) -> Result<(), Failure> {
        let cells = cells(&self.columns, batch)?;
        for row in 0..batch.num_rows() {
            for (i, column) in cells.iter().enumerate() {
                self.buffer.push_str(if i == 0 { "" } else { "," });
                if !column.is_null(row) {
                    push_field(&mut self.buffer, &column.csv(row));
                }
            }
            self.buffer.push('\n');
        }
        self.flush_buffer()
    }

    /// Ends the output.
    pub(crate) fn finish(mut self) -> Result<Omitted, Failure> {
        self.flush_buffer()?;
        self.destination.finish()?;
        Ok(Omitted::default())
    }

    fn flush_buffer(&mut self) -> Result<(), Failure> {
        self.destination.write_all(self.buffer.as_bytes()).map_err(|error| write_failure(&error))?;
        self.buffer.clear();
        Ok(())
    }
}

/// Appends a field that is not NULL, quoted where its text would be read otherwise.
fn push_field(out: &mut String, text: &str) {
    if text.is_empty() || text.contains([',', '"', '\n', '\r']) {
        out.push('"');
        out.push_str(&text.replace('"', "\"\""));
        out.push('"');
    } else {
        out.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use super::CsvWriter;
    use crate::output::{Destination, column};
    use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringViewArray};
    use bedside_types::SqlType;
    use std::sync::Arc;

    #[test]
    fn null_and_empty_differ_and_quotes_are_doubled() {
        let numbers: ArrayRef = Arc::new(Int64Array::from(vec![Some(1), None, Some(3)]));
        let texts: ArrayRef = Arc::new(StringViewArray::from(vec![Some(""), None, Some("a,\"b\"\nc")]));
        let batch = RecordBatch::try_from_iter_with_nullable([("n", numbers, true), ("t,x", texts, true)]).unwrap();
        let columns = [column("n", SqlType::Int64), column("t,x", SqlType::String)];
        let mut writer = CsvWriter::new(&columns, Destination::Memory(Vec::new())).unwrap();
        writer.write(&batch).unwrap();
        let Destination::Memory(bytes) = writer.destination else { panic!("written elsewhere") };
        assert_eq!(String::from_utf8(bytes).unwrap(), "n,\"t,x\"\n1,\"\"\n,\n3,\"a,\"\"b\"\"\nc\"\n");
    }

    #[test]
    fn arrays_are_refused_by_name() {
        let columns = [column("codes", SqlType::Array(Box::new(SqlType::String)))];
        let failure = CsvWriter::new(&columns, Destination::Memory(Vec::new())).err().unwrap();
        assert_eq!(failure.message, "csv cannot hold column `codes` of type ARRAY<STRING>");
    }
}
