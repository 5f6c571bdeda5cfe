//! CSV as BigQuery reads it.

use super::column::{Fault, of_texts};
use super::{
    BATCH_ROWS, BadRows, CsvOptions, Detection, JaggedRows, Load, QuotedNewlines, Read, UnknownValues, detect, line,
    source, until_fault,
};
use crate::error::{Error, Result};
use arrow::array::{ArrayRef, BooleanArray, RecordBatch, RecordBatchOptions};
use arrow::compute::filter_record_batch;
use arrow::datatypes::Schema;
use bedside_sql::ColumnDefinition;
use std::borrow::Cow;
use std::io::BufRead;
use std::sync::Arc;

/// Rows that detection looks at.
const DETECTED_ROWS: usize = 500;

/// A value as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) text: String,
    pub(crate) quoted: bool,
}

/// Rows of a file, one after the other.
pub(crate) struct Rows {
    input: Box<dyn BufRead>,
    options: CsvOptions,
    line: u64,
}

/// Why there is no row.
pub(crate) enum Broken {
    /// This one is wrong; the next may be right.
    Row(String),
    /// The file cannot be read.
    File(Error),
}

impl From<Broken> for Error {
    fn from(broken: Broken) -> Self {
        match broken {
            Broken::Row(why) => Self::Rows(format!("Error while reading data, error message: {why}")),
            Broken::File(error) => error,
        }
    }
}

/// Rows as batches.
struct Batches {
    rows: Rows,
    columns: Vec<ColumnDefinition>,
    unknown: UnknownValues,
    bad: BadRows,
}

/// The rows of a file.
pub(crate) fn read(
    file: &source::File,
    options: &CsvOptions,
    load: &Load,
    known: Option<Vec<ColumnDefinition>>,
    bad: &BadRows,
) -> Result<Read> {
    let mut skip = options.skip_leading_rows.unwrap_or_default();
    let columns = match known {
        Some(columns) if load.detection == Detection::Off || options.skip_leading_rows.is_some() => columns,
        known if load.detection == Detection::On => {
            let mut sample = Rows::new(file.open()?, options.clone());
            let rows = std::iter::from_fn(|| sample.next()).take(DETECTED_ROWS);
            let rows = rows.collect::<Result<Vec<_>, Broken>>()?;
            let rows = &rows[rows.len().min(usize::try_from(skip.saturating_sub(1)).unwrap_or_default())..];
            let found = detect::csv(rows, options);
            // A header that was said to be there counts as one.
            skip = skip.max(found.header);
            known.unwrap_or(found.columns)
        }
        _ => return Err(Error::Invalid("No schema specified on job or table.".to_owned())),
    };
    let mut rows = Rows::new(file.open()?, options.clone());
    for _ in 0..skip {
        if rows.next().transpose()?.is_none() {
            break;
        }
    }
    let mut batches = Batches { rows, columns: columns.clone(), unknown: load.unknown, bad: bad.clone() };
    Ok(Read { columns, batches: until_fault(move || batches.batch()) })
}

impl Rows {
    pub(crate) fn new(input: Box<dyn BufRead>, options: CsvOptions) -> Self {
        Self { input, options, line: 0 }
    }

    /// The next row; lines without anything are none.
    pub(crate) fn next(&mut self) -> Option<Result<Vec<Field>, Broken>> {
        let mut text = Vec::new();
        loop {
            let before = text.len();
            match line(&mut *self.input, &mut text) {
                Ok(0) if before == 0 => return None,
                Ok(0) => return Some(Err(self.fault("Missing close double quote (\") character."))),
                Ok(_) => self.line += 1,
                Err(error) => return Some(Err(Broken::File(error))),
            }
            if self.line == 1 && text.starts_with(b"\xef\xbb\xbf") {
                text.drain(..3);
            }
            if before == 0 && matches!(text.as_slice(), b"\n" | b"\r\n") {
                text.clear();
                continue;
            }
            match split(&text, &self.options) {
                Some(Ok(fields)) => return Some(Ok(fields)),
                Some(Err(why)) => return Some(Err(self.fault(why))),
                None if self.options.quoted_newlines == QuotedNewlines::Refused => {
                    return Some(Err(self.fault("Missing close double quote (\") character.")));
                }
                None => {}
            }
        }
    }

    fn fault(&self, why: &str) -> Broken {
        Broken::Row(format!("line {}: {why}", self.line))
    }
}

/// A row's values; `None` where a quote is still open at its end.
fn split(row: &[u8], options: &CsvOptions) -> Option<Result<Vec<Field>, &'static str>> {
    let row = row.strip_suffix(b"\n").map_or(row, |row| row.strip_suffix(b"\r").unwrap_or(row));
    let mut fields = Vec::new();
    let mut at = 0;
    loop {
        let mut text = Vec::new();
        let quoted = options.quote.is_some() && row.get(at).copied() == options.quote;
        if quoted {
            at += 1;
            loop {
                let byte = *row.get(at)?;
                at += 1;
                if Some(byte) != options.quote {
                    text.push(byte);
                } else if row.get(at).copied() == options.quote {
                    text.push(byte);
                    at += 1;
                } else {
                    break;
                }
            }
            if row.get(at).is_some_and(|byte| *byte != options.delimiter) {
                return Some(Err("Data between close double quote (\") and field separator."));
            }
        } else {
            let end = row[at..].iter().position(|byte| *byte == options.delimiter).map_or(row.len(), |end| at + end);
            text.extend_from_slice(&row[at..end]);
            at = end;
        }
        match String::from_utf8(text) {
            Ok(text) => fields.push(Field { text, quoted }),
            Err(_) => return Some(Err("Bad character (not UTF-8).")),
        }
        if at >= row.len() {
            return Some(Ok(fields));
        }
        at += 1;
    }
}

impl Batches {
    fn batch(&mut self) -> Result<Option<RecordBatch>> {
        let mut rows: Vec<Vec<Field>> = Vec::with_capacity(BATCH_ROWS);
        while rows.len() < BATCH_ROWS {
            let Some(row) = self.rows.next() else { break };
            match row {
                Ok(row) => match self.shape(&row) {
                    None => rows.push(row),
                    Some(why) => self.bad.add(&format!("line {}: {why}", self.rows.line))?,
                },
                Err(Broken::Row(why)) => self.bad.add(&why)?,
                Err(Broken::File(error)) => return Err(error),
            }
        }
        if rows.is_empty() {
            return Ok(None);
        }
        let mut faults = Vec::new();
        let mut arrays: Vec<ArrayRef> = Vec::with_capacity(self.columns.len());
        for (at, column) in self.columns.iter().enumerate() {
            let texts: Vec<_> = rows.iter().map(|row| self.value(row.get(at)?)).collect();
            arrays.push(of_texts(&column.name, &column.sql_type, &texts, &mut faults)?);
        }
        finished(&self.columns, arrays, rows.len(), &faults, &self.bad).map(Some)
    }

    fn value<'a>(&self, field: &'a Field) -> Option<Cow<'a, str>> {
        let is_null = !field.quoted && field.text == self.rows.options.null_marker;
        (!is_null).then_some(Cow::Borrowed(field.text.as_str()))
    }

    /// What is wrong with a row's number of values.
    fn shape(&self, row: &[Field]) -> Option<String> {
        let wanted = self.columns.len();
        if row.len() > wanted && self.unknown == UnknownValues::Refused {
            return Some(format!("Too many values in row. Expected {wanted} column(s) but got {}.", row.len()));
        }
        if row.len() < wanted && self.rows.options.jagged_rows == JaggedRows::Refused {
            return Some(format!("Missing values in row. Expected {wanted} column(s) but got {}.", row.len()));
        }
        None
    }
}

/// A batch without the rows that are wrong.
pub(super) fn finished(
    columns: &[ColumnDefinition],
    arrays: Vec<ArrayRef>,
    rows: usize,
    faults: &[Fault],
    bad: &BadRows,
) -> Result<RecordBatch> {
    let broken = |error| Error::Internal(format!("rows cannot be built: {error}"));
    let fields: Vec<_> = columns.iter().map(|column| column.sql_type.field(&column.name, true)).collect();
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    let batch = RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), arrays, &options).map_err(broken)?;
    if faults.is_empty() {
        return Ok(batch);
    }
    let mut keep = vec![true; rows];
    for fault in faults {
        if std::mem::replace(&mut keep[fault.row], false) {
            bad.add(&fault.message)?;
        }
    }
    filter_record_batch(&batch, &BooleanArray::from(keep)).map_err(broken)
}

#[cfg(test)]
mod tests {
    use super::{CsvOptions, Error, Field, QuotedNewlines, Rows};
    use std::io::Cursor;

    fn rows(text: &'static str, options: CsvOptions) -> Vec<Result<Vec<String>, String>> {
        let mut rows = Rows::new(Box::new(Cursor::new(text)), options);
        let show = |field: Field| if field.quoted { format!("<{}>", field.text) } else { field.text };
        std::iter::from_fn(|| rows.next())
            .map(|row| {
                row.map(|row| row.into_iter().map(show).collect()).map_err(|broken| Error::from(broken).to_string())
            })
            .collect()
    }

    #[test]
    fn quotes_delimiters_and_lines() {
        let plain = CsvOptions::default;
        let many = || CsvOptions { quoted_newlines: QuotedNewlines::Allowed, ..plain() };
        for (text, options, expected) in [
            ("a,b\n\n1,2", plain(), vec![vec!["a", "b"], vec!["1", "2"]]),
            ("\u{feff}a\r\nb\r\n", plain(), vec![vec!["a"], vec!["b"]]),
            ("\"a,\"\"b\"\"\",\"\",\n", plain(), vec![vec!["<a,\"b\">", "<>", ""]]),
            ("\"a\nb\",c\n", many(), vec![vec!["<a\nb>", "c"]]),
            ("a\tb", CsvOptions { delimiter: b'\t', ..plain() }, vec![vec!["a", "b"]]),
            ("\"a", CsvOptions { quote: None, ..plain() }, vec![vec!["\"a"]]),
        ] {
            let expected: Vec<_> =
                expected.into_iter().map(|row| Ok(row.into_iter().map(str::to_owned).collect())).collect();
            assert_eq!(rows(text, options), expected, "{text:?}");
        }
        for text in ["x\n\"a\nb\"", "x\n\"a\"b,c"] {
            let found = rows(text, plain());
            let error = found[1].as_ref().unwrap_err();
            assert!(error.contains("line 2: ") && error.contains("close double quote"), "{error}");
        }
    }
}
