//! A block of text into one Arrow batch.

use arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions};
use arrow::datatypes::{DataType, Field as ArrowField, Schema, SchemaRef, TimeUnit};
use bedside_types::SqlType;
use std::sync::Arc;

use super::column::ColumnBuilder;
use super::fault::{Fault, excerpt};
use super::record::{Field, Quotes, Quoting, read_record, undouble};
use super::split::{Block, trim_line_ending};
use crate::error::{Error, Result};

/// A column as a file has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FileColumn {
    /// Its name in the table.
    pub(crate) name: String,
    /// Its type.
    pub(crate) sql_type: SqlType,
    /// Whether NULL is expected in it.
    pub(crate) nullable: bool,
    /// Its place in the file.
    pub(crate) place: usize,
}

/// Parses blocks of one file; shared by threads.
#[derive(Debug)]
pub(crate) struct Parser {
    columns: Vec<FileColumn>,
    /// For each place in the file the column of the table.
    names: Vec<String>,
    schema: SchemaRef,
}

/// What a block holds.
#[derive(Debug)]
pub(crate) struct ParsedBlock {
    /// The good rows in file order.
    pub(crate) batch: RecordBatch,
    /// The line where each good row begins, from 1.
    pub(crate) lines: Vec<u64>,
    /// The other rows in file order.
    pub(crate) bad: Vec<BadRow>,
}

/// A row that cannot be taken.
#[derive(Debug)]
pub(crate) struct BadRow {
    /// The line where it begins, from 1.
    pub(crate) line: u64,
    /// What is wrong with it.
    pub(crate) fault: Fault,
    /// The row as it stands in the file, without its line ending.
    pub(crate) raw: Vec<u8>,
}

impl Parser {
    /// A parser of files with these columns. `names` are all columns of the file in its order.
    pub(crate) fn new(columns: Vec<FileColumn>, names: Vec<String>) -> Result<Self> {
        let fields = columns.iter().map(field).collect::<Result<Vec<_>>>()?;
        Ok(Self { columns, names, schema: Arc::new(Schema::new(fields)) })
    }

    /// The schema of the batches: every column nullable, texts as `Utf8`.
    pub(crate) fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// Parses one block.
    pub(crate) fn parse(&self, block: &Block) -> Result<ParsedBlock> {
        let bytes = &block.bytes;
        let mut rows = Rows {
            parser: self,
            quotes: if memchr::memchr(b'"', bytes).is_some() { Quotes::Some } else { Quotes::None },
            // Both are rare; where a whole block is clean its rows need no look.
            suspect: memchr::memchr(0, bytes).is_some() || std::str::from_utf8(bytes).is_err(),
            builders: self.builders(bytes.len() / 64)?,
            lines: Vec::with_capacity(bytes.len() / 64),
            bad: Vec::new(),
            owned: Vec::new(),
        };
        rows.read(block);
        let Rows { builders, lines, bad, .. } = rows;
        let arrays = builders.into_iter().map(ColumnBuilder::finish).collect::<Result<Vec<ArrayRef>, _>>()?;
        let options = RecordBatchOptions::new().with_row_count(Some(lines.len()));
        let batch = RecordBatch::try_new_with_options(Arc::clone(&self.schema), arrays, &options)?;
        Ok(ParsedBlock { batch, lines, bad })
    }

    fn builders(&self, rows: usize) -> Result<Vec<ColumnBuilder>> {
        let builder = |column: &FileColumn| {
            ColumnBuilder::new(&column.sql_type, rows)
                .ok_or_else(|| Error::Internal(format!("no parser for {} of {}", column.sql_type, column.name)))
        };
        self.columns.iter().map(builder).collect()
    }

    fn name_at(&self, place: usize) -> String {
        self.names.get(place).cloned().unwrap_or_else(|| format!("number {}", place + 1))
    }
}

/// The Arrow field that holds a column while it is loaded. Texts are `Utf8`, as copies of rows then copy the bytes and
/// never hold on to the block that they came from.
fn field(column: &FileColumn) -> Result<ArrowField> {
    let data_type = match column.sql_type {
        SqlType::String => DataType::Utf8,
        SqlType::Datetime => DataType::Timestamp(TimeUnit::Microsecond, None),
        SqlType::Int64 | SqlType::Float64 | SqlType::Numeric | SqlType::Bool | SqlType::Date => column.sql_type.arrow(),
        _ => return Err(Error::Internal(format!("no parser for {} of {}", column.sql_type, column.name))),
    };
    Ok(ArrowField::new(&column.name, data_type, true))
}

/// The rows of one block while it is read.
struct Rows<'a> {
    parser: &'a Parser,
    quotes: Quotes,
    suspect: bool,
    builders: Vec<ColumnBuilder>,
    lines: Vec<u64>,
    bad: Vec<BadRow>,
    owned: Vec<u8>,
}

impl Rows<'_> {
    fn read(&mut self, block: &Block) {
        let bytes = &block.bytes;
        let mut fields = Vec::with_capacity(self.parser.names.len());
        let mut at = 0;
        let mut line = block.line;
        while at < bytes.len() {
            let record = read_record(bytes, at, self.quotes, &mut fields);
            let raw = &bytes[at..record.next];
            let fault = match record.stray {
                Some(place) => Some(Fault::StrayQuote { column: self.parser.name_at(place) }),
                None => self.append(bytes, &fields, raw).err(),
            };
            match fault {
                None => self.lines.push(line),
                // Empty lines at the end of a file are no rows; the splitter gives them in the last block only.
                Some(Fault::Blank) if bytes[at..].trim_ascii().is_empty() => return,
                Some(fault) => self.set_aside(line, fault, raw),
            }
            at = record.next;
            line += u64::from(record.lines);
        }
    }

    fn set_aside(&mut self, line: u64, fault: Fault, raw: &[u8]) {
        for builder in &mut self.builders {
            builder.truncate(self.lines.len());
        }
        let mut raw = raw.to_vec();
        trim_line_ending(&mut raw);
        self.bad.push(BadRow { line, fault, raw });
    }

    fn append(&mut self, block: &[u8], fields: &[Field], raw: &[u8]) -> Result<(), Fault> {
        let expected = self.parser.names.len();
        if fields.len() != expected {
            return Err(match fields {
                [only] if only.start == only.end && only.quoting == Quoting::Bare => Fault::Blank,
                _ => Fault::FieldCount { found: fields.len(), expected },
            });
        }
        if self.suspect {
            self.check_text(block, fields, raw)?;
        }
        for (column, builder) in self.parser.columns.iter().zip(&mut self.builders) {
            let field = fields[column.place];
            let text = &block[field.start..field.end];
            if text.is_empty() {
                let is_text = column.sql_type == SqlType::String;
                if is_text && (field.quoting != Quoting::Bare || !column.nullable) {
                    builder.append(text).map_err(|why| Fault::value(&column.name, text, SqlType::String, why))?;
                } else {
                    builder.append_null();
                }
                continue;
            }
            let text = if field.quoting == Quoting::Doubled {
                undouble(text, &mut self.owned);
                self.owned.as_slice()
            } else {
                text
            };
            builder.append(text).map_err(|why| Fault::value(&column.name, text, column.sql_type.clone(), why))?;
        }
        Ok(())
    }

    fn check_text(&self, block: &[u8], fields: &[Field], raw: &[u8]) -> Result<(), Fault> {
        if memchr::memchr(0, raw).is_none() && std::str::from_utf8(raw).is_ok() {
            return Ok(());
        }
        for (place, field) in fields.iter().enumerate() {
            let text = &block[field.start..field.end];
            let column = || self.parser.name_at(place);
            if memchr::memchr(0, text).is_some() {
                return Err(Fault::Nul { column: column() });
            }
            if std::str::from_utf8(text).is_err() {
                return Err(Fault::Utf8 { column: column(), value: excerpt(text) });
            }
        }
        Ok(())
    }
}
