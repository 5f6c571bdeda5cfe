//! Rows out: batches of Arrow go in, a table, csv, json, ndjson, Parquet or Arrow IPC comes out.
//!
//! Nothing is gathered but what a form cannot do without: a table holds its first rows back to size its columns, Parquet
//! holds one row group. Cells are as GoogleSQL's `TO_JSON_STRING` in json and ndjson, as BigQuery's export in csv, as
//! `FORMAT('%t', x)` in tables.

mod cell;
mod columnar;
mod delimited;
mod destination;
mod json;
mod layout;
mod listing;
mod table;
mod value_text;

use cell::Cells;
pub(crate) use destination::{Destination, is_closed_pipe};
pub(crate) use layout::{Alignment, Layout, shorten};
pub(crate) use listing::{Listing, count, print_listing, text};
use table::TableWriter;

use crate::arguments::{FormatArgument, OutputArguments};
use crate::failure::Failure;
use crate::terminal::Terminal;
use arrow::array::RecordBatch;
use bedside_engine::ResultColumn;
use bedside_types::{ErrorCode, SqlType};
use std::path::Path;

/// A column of that name and type.
fn column(name: &str, sql_type: SqlType) -> ResultColumn {
    ResultColumn { name: name.to_owned(), sql_type }
}

/// What was left out of what a person sees.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Omitted {
    /// Columns that did not fit the terminal.
    pub(crate) columns: usize,
}

/// Writes the rows of one result in one form.
pub(crate) enum RowWriter {
    Table(TableWriter),
    Csv(delimited::CsvWriter),
    Json(json::JsonWriter),
    Parquet(columnar::ParquetWriter),
    Arrow(columnar::ArrowWriter),
}

impl RowWriter {
    /// A writer of `columns` to `destination`.
    ///
    /// # Errors
    /// A form that cannot hold a column's type, or that is no text and would go to a terminal.
    pub(crate) fn new(
        format: FormatArgument,
        columns: &[ResultColumn],
        destination: Destination,
        terminal: Terminal,
    ) -> Result<Self, Failure> {
        Ok(match format {
            FormatArgument::Table => Self::Table(TableWriter::new(columns, destination, terminal)),
            FormatArgument::Csv => Self::Csv(delimited::CsvWriter::new(columns, destination)?),
            FormatArgument::Json => Self::Json(json::JsonWriter::array(columns, destination)),
            FormatArgument::Ndjson => Self::Json(json::JsonWriter::lines(columns, destination)),
            FormatArgument::Parquet => Self::Parquet(columnar::ParquetWriter::new(columns, destination)?),
            FormatArgument::Arrow => Self::Arrow(columnar::ArrowWriter::new(columns, destination)?),
        })
    }

    /// Writes the rows of a batch.
    pub(crate) fn write(&mut self, batch: &RecordBatch) -> Result<(), Failure> {
        match self {
            Self::Table(writer) => writer.write(batch),
            Self::Csv(writer) => writer.write(batch),
            Self::Json(writer) => writer.write(batch),
            Self::Parquet(writer) => writer.write(batch),
            Self::Arrow(writer) => writer.write(batch),
        }
    }

    /// Writes what is held back and puts a file in its place. Dropped without this, a file never appears.
    pub(crate) fn finish(self) -> Result<Omitted, Failure> {
        match self {
            Self::Table(writer) => writer.finish(),
            Self::Csv(writer) => writer.finish(),
            Self::Json(writer) => writer.finish(),
            Self::Parquet(writer) => writer.finish(),
            Self::Arrow(writer) => writer.finish(),
        }
    }
}

/// The form that was asked for, or that fits where the rows go: by the file's ending, else a table for a terminal and csv
/// for everything else.
///
/// # Errors
/// A binary form for a terminal.
pub(crate) fn choose_format(arguments: &OutputArguments, terminal: Terminal) -> Result<FormatArgument, Failure> {
    let by_ending = arguments.output.as_deref().and_then(format_of_ending);
    let fallback =
        if arguments.output.is_none() && terminal.is_terminal() { FormatArgument::Table } else { FormatArgument::Csv };
    let format = arguments.format.or(by_ending).unwrap_or(fallback);
    let binary = matches!(format, FormatArgument::Parquet | FormatArgument::Arrow);
    if binary && arguments.output.is_none() && terminal.is_terminal() {
        return Err(Failure::usage("binary output is not written to a terminal")
            .with_hint("add --output FILE, or send the output to a file or another program"));
    }
    Ok(format)
}

/// Seconds since 1970 as `2026-01-31T10:00:00Z`.
pub(crate) fn rfc3339(seconds: u64) -> String {
    value_text::datetime(i64::try_from(seconds).unwrap_or_default().saturating_mul(1_000_000), 'T') + "Z"
}

/// The rows of batches as texts, `None` for NULL.
pub(crate) fn collect_texts(batches: &[RecordBatch]) -> Result<Vec<Vec<Option<String>>>, Failure> {
    let mut rows = Vec::new();
    for batch in batches {
        let types = batch.schema().fields().iter().map(|field| SqlType::of_field(field)).collect::<Option<Vec<_>>>();
        let types = types.ok_or_else(|| Failure::internal("a column of no GoogleSQL type"))?;
        let columns = types.iter().zip(batch.columns()).map(|(sql_type, array)| Cells::new(sql_type, array));
        let columns = columns.collect::<Result<Vec<_>, _>>()?;
        let cell = |column: &Cells, row: usize| (!column.is_null(row)).then(|| column.csv(row));
        rows.extend((0..batch.num_rows()).map(|row| columns.iter().map(|column| cell(column, row)).collect()));
    }
    Ok(rows)
}

/// Refuses types that a form has no way to hold.
fn refuse<'a>(
    columns: &'a [ResultColumn],
    form: &str,
    refused: impl Fn(&SqlType) -> bool,
    hint: impl Fn(&str) -> String,
) -> Result<&'a [ResultColumn], Failure> {
    match columns.iter().find(|column| refused(&column.sql_type)) {
        None => Ok(columns),
        Some(ResultColumn { name, sql_type }) => {
            Err(Failure::new(ErrorCode::Unsupported, format!("{form} cannot hold column `{name}` of type {sql_type}"))
                .with_hint(hint(name)))
        }
    }
}

fn format_of_ending(path: &Path) -> Option<FormatArgument> {
    Some(match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "csv" => FormatArgument::Csv,
        "json" => FormatArgument::Json,
        "ndjson" | "jsonl" => FormatArgument::Ndjson,
        "parquet" => FormatArgument::Parquet,
        "arrow" | "feather" => FormatArgument::Arrow,
        "txt" => FormatArgument::Table,
        _ => return None,
    })
}

/// The columns of a batch, ready to be read cell by cell.
fn cells(columns: &[ResultColumn], batch: &RecordBatch) -> Result<Vec<Cells>, Failure> {
    if columns.len() != batch.num_columns() {
        let (expected, found) = (columns.len(), batch.num_columns());
        return Err(Failure::internal(format!("a batch of {found} columns where {expected} were announced")));
    }
    columns.iter().zip(batch.columns()).map(|(column, array)| Cells::new(&column.sql_type, array)).collect()
}

#[cfg(test)]
mod tests {
    use super::choose_format;
    use crate::arguments::{FormatArgument, OutputArguments};
    use crate::terminal::Terminal;

    #[test]
    fn the_form_follows_the_flag_then_the_ending_then_the_terminal() {
        let (terminal, pipe) = (Terminal::plain(Some(80)), Terminal::plain(None));
        for (format, output, place, expected) in [
            (None, None, terminal, Some(FormatArgument::Table)),
            (None, None, pipe, Some(FormatArgument::Csv)),
            (None, Some("x.parquet"), terminal, Some(FormatArgument::Parquet)),
            (None, Some("x.PARQUET"), pipe, Some(FormatArgument::Parquet)),
            (None, Some("x"), terminal, Some(FormatArgument::Csv)),
            (Some(FormatArgument::Json), Some("x.csv"), pipe, Some(FormatArgument::Json)),
            (Some(FormatArgument::Arrow), None, pipe, Some(FormatArgument::Arrow)),
            (Some(FormatArgument::Arrow), None, terminal, None),
        ] {
            let arguments = OutputArguments { format, output: output.map(Into::into) };
            assert_eq!(choose_format(&arguments, place).ok(), expected, "{format:?} {output:?}");
        }
    }
}
