//! The manifest's statistics as DataFusion's. They are exact: the manifest counted while the files were written.

use bedside_store::{ColumnEntry, FileEntry, LayoutEntry, PersonalTable, TableEntry, value_of_text};
use bedside_types::{SqlType, Value};
use datafusion::arrow::datatypes::Field;
use datafusion::common::stats::Precision;
use datafusion::common::{ColumnStatistics, Statistics};
use datafusion::scalar::ScalarValue;

/// All rows of a table.
pub(crate) fn of_table(table: &TableEntry) -> Statistics {
    Statistics {
        num_rows: Precision::Exact(table.rows as usize),
        total_byte_size: Precision::Inexact(table.logical_bytes() as usize),
        column_statistics: table.columns.iter().map(of_column).collect(),
    }
}

/// A table of people's own.
pub(crate) fn of_personal(table: &PersonalTable) -> Statistics {
    Statistics {
        num_rows: Precision::Exact(table.rows as usize),
        total_byte_size: Precision::Inexact(table.logical_bytes() as usize),
        column_statistics: table.columns.iter().map(|column| of_column(&column.entry)).collect(),
    }
}

/// The files that are left of a layout: exact in rows, an estimate in everything else.
pub(crate) fn of_some_files(table: Statistics, layout: &LayoutEntry, kept: &[bool]) -> Statistics {
    let rows = layout.files.iter().zip(kept).filter(|(_, kept)| **kept).map(|(file, _)| file.rows).sum::<u64>();
    Statistics { num_rows: Precision::Exact(rows as usize), ..table.to_inexact() }
}

/// One file: its rows, and the bounds of the columns it is ordered by.
pub(crate) fn of_file(table: &TableEntry, layout: &LayoutEntry, file: &FileEntry) -> Statistics {
    let bounds = |column: &ColumnEntry| {
        let field = column.sql_type.field(&column.name, column.nullable);
        let place = layout.order.iter().position(|name| *name == column.name);
        let bound = |texts: &[Option<String>]| {
            let value = place.and_then(|place| scalar(&field, texts.get(place)?.as_deref()));
            value.map_or(Precision::Absent, Precision::Exact)
        };
        ColumnStatistics {
            min_value: bound(&file.minima),
            max_value: bound(&file.maxima),
            ..ColumnStatistics::new_unknown()
        }
    };
    Statistics {
        num_rows: Precision::Exact(file.rows as usize),
        total_byte_size: Precision::Absent,
        column_statistics: table.columns.iter().map(bounds).collect(),
    }
}

/// A bound's text as a value of the column; a NULL where there is no bound. `None` for types without bounds, text among
/// them, as the bounds of long texts are cut.
pub(crate) fn scalar(field: &Field, text: Option<&str>) -> Option<ScalarValue> {
    match text {
        Some(text) => scalar_of(&value_of_text(&SqlType::of_field(field)?, text)?),
        None => ScalarValue::try_from(field.data_type()).ok(),
    }
}

fn of_column(column: &ColumnEntry) -> ColumnStatistics {
    let bound = |value: Option<Value>| value.as_ref().and_then(scalar_of).map_or(Precision::Absent, Precision::Exact);
    // A NaN is neither above nor below anything, so bounds of a column that holds one would prune it wrongly.
    let bounded = column.nans == 0;
    ColumnStatistics {
        null_count: Precision::Exact(column.nulls as usize),
        min_value: if bounded { bound(column.min_value()) } else { Precision::Absent },
        max_value: if bounded { bound(column.max_value()) } else { Precision::Absent },
        distinct_count: Precision::Inexact(column.distinct as usize),
        ..ColumnStatistics::new_unknown()
    }
}

fn scalar_of(value: &Value) -> Option<ScalarValue> {
    Some(match value {
        Value::Int64(value) => ScalarValue::Int64(Some(*value)),
        Value::Float64(value) => ScalarValue::Float64(Some(*value)),
        Value::Date(days) => ScalarValue::Date32(Some(*days)),
        Value::Datetime(micros) => ScalarValue::TimestampMicrosecond(Some(*micros), None),
        _ => return None,
    })
}
