//! Small tables that commands make themselves; they go out in the same forms as the rows of a query.

use super::layout::LongTexts;
use super::table::TableWriter;
use super::{Destination, ResultColumn, RowWriter, choose_format, column};
use crate::arguments::{FormatArgument, OutputArguments};
use crate::failure::Failure;
use crate::terminal::Terminal;
use arrow::array::{
    ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, RecordBatchOptions, StringViewArray,
};
use arrow::datatypes::Schema;
use bedside_types::{SqlType, Value};
use std::sync::Arc;

/// Rows of a few simple types: INT64, FLOAT64, BOOL, STRING.
#[derive(Clone, Debug)]
pub(crate) struct Listing {
    columns: Vec<ResultColumn>,
    rows: Vec<Vec<Value>>,
}

impl Listing {
    /// No rows yet of the columns named.
    pub(crate) fn new(columns: &[(&str, SqlType)]) -> Self {
        let columns = columns.iter().map(|(name, sql_type)| column(name, sql_type.clone()));
        Self { columns: columns.collect(), rows: Vec::new() }
    }

    /// Adds a row; its values stand in the columns' order and are of their types or NULL.
    pub(crate) fn push<const N: usize>(&mut self, row: [Value; N]) {
        self.rows.push(row.into());
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    fn batch(&self) -> Result<RecordBatch, Failure> {
        let fields: Vec<_> = self.columns.iter().map(|column| column.sql_type.field(&column.name, true)).collect();
        let arrays = self.columns.iter().enumerate().map(|(i, column)| -> ArrayRef {
            let values = self.rows.iter().map(|row| row.get(i).unwrap_or(&Value::Null));
            match column.sql_type {
                SqlType::Int64 => Arc::new(values.map(integer).collect::<Int64Array>()),
                SqlType::Float64 => Arc::new(values.map(float).collect::<Float64Array>()),
                SqlType::Bool => Arc::new(values.map(boolean).collect::<BooleanArray>()),
                _ => Arc::new(values.map(string).collect::<StringViewArray>()),
            }
        });
        let options = RecordBatchOptions::new().with_row_count(Some(self.rows.len()));
        RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), arrays.collect(), &options)
            .map_err(|error| Failure::internal(error.to_string()))
    }
}

/// Writes a listing where and how `arguments` say.
pub(crate) fn print_listing(listing: &Listing, arguments: &OutputArguments) -> Result<(), Failure> {
    let terminal = if arguments.output.is_none() { Terminal::stdout() } else { Terminal::plain(None) };
    let format = choose_format(arguments, terminal)?;
    let destination = Destination::of(arguments.output.as_deref())?;
    let mut writer = match format {
        FormatArgument::Table => RowWriter::Table(
            TableWriter::new(&listing.columns, destination, terminal).with_long_texts(LongTexts::Wrapped),
        ),
        _ => RowWriter::new(format, &listing.columns, destination, terminal)?,
    };
    writer.write(&listing.batch()?)?;
    writer.finish()?;
    Ok(())
}

/// An INT64 from a count.
pub(crate) fn count(value: u64) -> Value {
    Value::Int64(i64::try_from(value).unwrap_or(i64::MAX))
}

/// A STRING.
pub(crate) fn text(value: impl Into<String>) -> Value {
    Value::String(value.into())
}

fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Int64(value) => Some(*value),
        _ => None,
    }
}

fn float(value: &Value) -> Option<f64> {
    match value {
        Value::Float64(value) => Some(*value),
        _ => None,
    }
}

fn boolean(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(value) => Some(*value),
        _ => None,
    }
}

fn string(value: &Value) -> Option<&str> {
    match value {
        Value::String(value) => Some(value),
        _ => None,
    }
}
