//! A block of text into one Arrow batch.

use arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions};
use arrow::datatypes::{DataType, Field as ArrowField, Schema, SchemaRef, TimeUnit};
use bedside_types::SqlType;
use std::sync::Arc;

use super::column::{ColumnBuilder, Empty};
use super::fault::{Fault, excerpt};
use super::plain::LastDay;
use super::record::{Field, Quotes, Quoting, read_record, undouble};
use super::split::{Block, Place, trim_line_ending};
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
    /// For each place in the file the index of its column and what an empty text is there; empty where a place has none, so
    /// that no record is plain.
    places: Vec<(usize, Empty)>,
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
        let place = |place: usize| {
            let index = columns.iter().position(|column| column.place == place)?;
            Some((index, if columns[index].nullable { Empty::Null } else { Empty::Text }))
        };
        let places = (0..names.len()).map(place).collect::<Option<Vec<_>>>().unwrap_or_default();
        Ok(Self { columns, names, places, schema: Arc::new(Schema::new(fields)) })
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
            day: LastDay::default(),
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
    day: LastDay,
}

impl Rows<'_> {
    fn read(&mut self, block: &Block) {
        let bytes = &block.bytes;
        let mut fields = Vec::with_capacity(self.parser.names.len());
        let mut at = 0;
        let mut line = block.line;
        while at < bytes.len() {
            if let Some(next) = self.append_plain(bytes, at) {
                self.lines.push(line);
                at = next;
                line += 1;
                continue;
            }
            let record = read_record(bytes, at, self.quotes, &mut fields);
            let raw = &bytes[at..record.next];
            let fault = match record.stray {
                Some(place) => Some(Fault::StrayQuote { column: self.parser.name_at(place) }),
                None => self.append(bytes, &fields, raw).err(),
            };
            match fault {
                None => self.lines.push(line),
                // Empty lines at the end of a file are no rows.
                Some(Fault::Blank) if block.place == Place::End && bytes[at..].trim_ascii().is_empty() => return,
                Some(fault) => self.set_aside(line, fault, raw),
            }
            at = record.next;
            line += u64::from(record.lines);
        }
    }

    /// Appends the record that begins at `at` where all its fields are plain, and gives the place of the next.
    #[inline]
    fn append_plain(&mut self, block: &[u8], mut at: usize) -> Option<usize> {
        let places = &self.parser.places;
        if self.suspect || places.is_empty() {
            return None;
        }
        for (place, (index, empty)) in places.iter().enumerate() {
            let expected = if place + 1 == places.len() { b'\n' } else { b',' };
            let end = self.builders[*index].append_plain(block, at, *empty, &mut self.day);
            match end.filter(|end| block[*end] == expected) {
                Some(end) => at = end + 1,
                None => {
                    self.take_back();
                    return None;
                }
            }
        }
        Some(at)
    }

    /// Removes what was appended of a record that is not complete.
    fn take_back(&mut self) {
        for builder in &mut self.builders {
            builder.truncate(self.lines.len());
        }
    }

    fn set_aside(&mut self, line: u64, fault: Fault, raw: &[u8]) {
        self.take_back();
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

#[cfg(test)]
mod tests {
    use super::{FileColumn, Parser};
    use crate::csv::split::{Block, Piece, Place, Splitter};
    use arrow::array::{Array, AsArray, RecordBatch};
    use arrow::util::display::array_value_to_string;
    use bedside_types::SqlType;
    use proptest::prelude::*;

    fn parser(columns: &[(&str, SqlType, bool)]) -> Parser {
        let names = columns.iter().map(|column| column.0.to_owned()).collect();
        let column = |(place, (name, sql_type, nullable)): (usize, &(&str, SqlType, bool))| FileColumn {
            name: (*name).to_owned(),
            sql_type: sql_type.clone(),
            nullable: *nullable,
            place,
        };
        Parser::new(columns.iter().enumerate().map(column).collect(), names).unwrap()
    }

    /// Rows as text, NULL as `-`; then the bad rows as `line: fault`.
    fn parse(parser: &Parser, text: &[u8]) -> (Vec<String>, Vec<String>) {
        let parsed = parser.parse(&Block { bytes: text.to_vec(), line: 2, place: Place::End }).unwrap();
        assert_eq!(parsed.lines.len(), parsed.batch.num_rows());
        let bad = parsed.bad.iter().map(|bad| format!("{}: {}", bad.line, bad.fault)).collect();
        (rows(&parsed.batch), bad)
    }

    fn rows(batch: &RecordBatch) -> Vec<String> {
        let cell = |row: usize, column: &dyn Array| {
            if column.is_null(row) { "-".to_owned() } else { array_value_to_string(column, row).unwrap() }
        };
        let row = |row: usize| batch.columns().iter().map(|column| cell(row, column)).collect::<Vec<_>>().join("|");
        (0..batch.num_rows()).map(row).collect()
    }

    fn events() -> Parser {
        parser(&[
            ("id", SqlType::Int64, false),
            ("time", SqlType::Datetime, true),
            ("value", SqlType::Float64, true),
            ("text", SqlType::String, true),
            ("name", SqlType::String, false),
        ])
    }

    #[test]
    fn values_of_every_dress_are_read() {
        for (text, expected) in [
            ("1,2150-01-02 03:04:05,1.5,a,b\n", "1|2150-01-02T03:04:05|1.5|a|b"),
            ("1,2150-01-02 03:04:05,1.5,a,b\r\n", "1|2150-01-02T03:04:05|1.5|a|b"),
            ("1,2150-01-02 03:04:05,1.5,a,b", "1|2150-01-02T03:04:05|1.5|a|b"),
            ("\"1\",\"2150-01-02 03:04:05\",\"1.5\",\"a\",\"b\"\r\n", "1|2150-01-02T03:04:05|1.5|a|b"),
            // NULL and the empty string.
            ("1,,,,\n", "1|-|-|-|"),
            ("1,\"\",\"\",\"\",\"\"\n", "1|-|-||"),
            // Blanks are kept in texts only.
            (" 1 ,,  2 , a  , None \n", "1|-|2.0| a  | None "),
            ("1,,,\"a, \"\"b\"\"\r\nc\",d\n", "1|-|-|a, \"b\"\r\nc|d"),
            ("1,,,\u{e9}\u{1f600},?\n", "1|-|-|\u{e9}\u{1f600}|?"),
        ] {
            assert_eq!(parse(&events(), text.as_bytes()), (vec![expected.to_owned()], vec![]), "{text:?}");
        }
    }

    #[test]
    fn bad_rows_are_told_with_line_column_and_value() {
        for (row, fault) in [
            (&b"x,,,,b"[..], "column id: `x` is no INT64"),
            (b"9223372036854775808,,,,b", "column id: `9223372036854775808` is no INT64 (out of range)"),
            (b"1.0,,,,b", "column id: `1.0` is no INT64"),
            (b"1,2150-02-30 00:00:00,,,b", "column time: `2150-02-30 00:00:00` is no DATETIME (no such day)"),
            (b"1,,high,,b", "column value: `high` is no FLOAT64"),
            (b"1,,", "too few fields: 3 where the header has 5"),
            (b"1,,,,b,", "too many fields: 6 where the header has 5"),
            (b"", "an empty line between rows"),
            (b"1,,,5\" tube,b", "column text: a quote that neither opens nor closes the field"),
            (b"1,,,\"a\"b,c", "column text: a quote that neither opens nor closes the field"),
            (b"1,,,a\0,b", "column text: a NUL byte"),
            (b"1,,,a\xff,b", "column text: `a\u{fffd}` is not UTF-8"),
        ] {
            let text = [b"7,,,\"two\nlines\",b\n", row, b"\n8,,,,b\n"].concat();
            let expected = (vec!["7|-|-|two\nlines|b".to_owned(), "8|-|-|-|b".to_owned()], vec![format!("4: {fault}")]);
            assert_eq!(parse(&events(), &text), expected, "{}", String::from_utf8_lossy(row));
        }
    }

    #[test]
    fn a_long_value_is_cut_in_messages() {
        let (_, bad) = parse(&events(), format!("{},,,,b\n", "9".repeat(1000)).as_bytes());
        assert!(bad[0].contains(&format!("`{}…`", "9".repeat(80))), "{bad:?}");
    }

    #[test]
    fn empty_lines_at_the_end_are_no_rows_but_nulls_of_a_single_column() {
        assert_eq!(parse(&events(), b"1,,,,b\n\n\r\n"), (vec!["1|-|-|-|b".to_owned()], vec![]));
        let single = parser(&[("id", SqlType::Int64, true)]);
        assert_eq!(parse(&single, b"1\n\n2\n"), (vec!["1".to_owned(), "-".to_owned(), "2".to_owned()], vec![]));
    }

    #[test]
    fn a_bad_value_late_in_a_row_takes_back_the_early_ones() {
        let text = b"1,,,first,b\n2,2150-01-01,1,gone,\"b\n\0\"\n3,,x,gone,b\n4,,,last,b\n";
        let parsed = events().parse(&Block { bytes: text.to_vec(), line: 10, place: Place::End }).unwrap();
        assert_eq!(rows(&parsed.batch), ["1|-|-|first|b", "4|-|-|last|b"]);
        assert_eq!(parsed.lines, [10, 14]);
        let raw: Vec<_> = parsed.bad.iter().map(|bad| (bad.line, bad.raw.as_slice())).collect();
        assert_eq!(raw, [(11, &b"2,2150-01-01,1,gone,\"b\n\0\""[..]), (13, &b"3,,x,gone,b"[..])]);
    }

    proptest! {
        /// Whatever another program writes as CSV comes back as it reads it, in blocks of any size.
        #[test]
        fn texts_are_read_as_the_csv_crate_reads_them(
            records in prop::collection::vec(prop::array::uniform3("[a\u{e9}\", \n\r]{0,6}"), 1..30),
            quoting in prop_oneof![Just(csv::QuoteStyle::Always), Just(csv::QuoteStyle::Necessary)],
            crlf: bool,
            block in 1..200_usize,
        ) {
            let terminator = if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
            let mut writer = csv::WriterBuilder::new().quote_style(quoting).terminator(terminator).from_writer(Vec::new());
            for record in &records {
                writer.write_record(record).unwrap();
            }
            let text = writer.into_inner().unwrap();
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_slice());
            let expected: Vec<Vec<String>> =
                reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect();

            let parser = parser(&[("a", SqlType::String, false), ("b", SqlType::String, false), ("c", SqlType::String, false)]);
            let mut splitter = Splitter::new(text.as_slice(), block, 1 << 20);
            let mut found = Vec::new();
            let mut line = 1;
            while let Some(piece) = splitter.next().unwrap() {
                let Piece::Block(block) = piece else { panic!("a quote is open") };
                prop_assert_eq!(block.line, line);
                line += memchr::memchr_iter(b'\n', &block.bytes).count() as u64;
                let parsed = parser.parse(&block).unwrap();
                prop_assert!(parsed.bad.is_empty(), "{:?}", parsed.bad);
                for row in 0..parsed.batch.num_rows() {
                    let cell = |column: usize| parsed.batch.column(column).as_string::<i32>().value(row).to_owned();
                    found.push((0..3).map(cell).collect::<Vec<_>>());
                }
            }
            prop_assert_eq!(found, expected);
        }

        /// Nothing in any bytes is lost: every line is in a row, in a bad row, or an empty line at the end of a block.
        #[test]
        fn any_bytes_are_rows_or_bad_rows(text in prop::collection::vec(prop_oneof![
            Just(b'"'), Just(b','), Just(b'\n'), Just(b'\r'), Just(b'1'), Just(0), Just(0xff),
        ], 0..200), block in 1..50_usize) {
            let parser = parser(&[("a", SqlType::Int64, true), ("b", SqlType::String, true)]);
            let mut splitter = Splitter::new(text.as_slice(), block, 1 << 10);
            let mut read = 0;
            while let Some(piece) = splitter.next().unwrap() {
                match piece {
                    Piece::Block(block) => {
                        read += block.bytes.len();
                        let parsed = parser.parse(&block).unwrap();
                        let rows = parsed.batch.num_rows() + parsed.bad.len();
                        prop_assert!(rows > 0 || block.place == Place::End && block.bytes.trim_ascii().is_empty());
                    }
                    Piece::OpenQuote { bytes, .. } => read += bytes.len(),
                }
            }
            prop_assert!(read <= text.len());
        }
    }
}
