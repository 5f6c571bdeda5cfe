//! The one type that Parquet has no place for: INTERVAL. Parquet's own has milliseconds; files keep a STRUCT of months, days
//! and microseconds instead, which every reader of Parquet understands.

use arrow::array::{
    Array, ArrayRef, AsArray, Int32Array, Int64Array, IntervalMonthDayNanoArray, ListArray, StructArray,
    new_empty_array,
};
use arrow::compute::cast;
use arrow::datatypes::{
    DataType, Field, FieldRef, Fields, Int32Type, Int64Type, IntervalMonthDayNano, IntervalMonthDayNanoType,
    IntervalUnit,
};
use arrow::error::ArrowError;
use std::sync::Arc;

const PARTS: [&str; 3] = ["months", "days", "microseconds"];
const INTERVAL: DataType = DataType::Interval(IntervalUnit::MonthDayNano);

/// A field as files have it.
pub fn field(field: &Field) -> Field {
    field.clone().with_data_type(data_type(field.data_type()))
}

/// A type as files have it.
pub fn data_type(logical: &DataType) -> DataType {
    match logical {
        DataType::Interval(_) => DataType::Struct(interval_fields()),
        DataType::List(element) => DataType::List(Arc::new(field(element))),
        DataType::Struct(fields) => DataType::Struct(fields.iter().map(|inner| Arc::new(field(inner))).collect()),
        other => other.clone(),
    }
}

/// Whether the fields are those of an INTERVAL in a file.
pub(crate) fn is_interval(fields: &Fields) -> bool {
    *fields == interval_fields()
}

fn interval_fields() -> Fields {
    let [months, days, microseconds] = PARTS;
    Fields::from(vec![
        Field::new(months, DataType::Int32, false),
        Field::new(days, DataType::Int32, false),
        Field::new(microseconds, DataType::Int64, false),
    ])
}

/// Values in the form that files have.
///
/// # Errors
/// Arrow's, for an array that is broken.
pub fn to_stored(array: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    let wanted = data_type(array.data_type());
    if wanted == *array.data_type() {
        return Ok(Arc::clone(array));
    }
    match array.data_type() {
        DataType::Interval(_) => {
            let values = array.as_primitive::<IntervalMonthDayNanoType>().values();
            let parts: Vec<ArrayRef> = vec![
                Arc::new(values.iter().map(|value| value.months).collect::<Int32Array>()),
                Arc::new(values.iter().map(|value| value.days).collect::<Int32Array>()),
                Arc::new(values.iter().map(|value| value.nanoseconds / 1_000).collect::<Int64Array>()),
            ];
            Ok(Arc::new(StructArray::try_new(interval_fields(), parts, array.nulls().cloned())?))
        }
        _ => rebuilt(array, &wanted, &|inner, _| to_stored(inner)),
    }
}

/// Values that were read, in the form that statements work with.
///
/// # Errors
/// Arrow's, for values that are not of that type.
pub fn from_stored(array: &ArrayRef, logical: &DataType) -> Result<ArrayRef, ArrowError> {
    if array.data_type() == logical {
        return Ok(Arc::clone(array));
    }
    match logical {
        DataType::Interval(_) => {
            let parts = array.as_struct_opt().filter(|parts| parts.num_columns() == PARTS.len());
            let Some(parts) = parts else {
                return Err(ArrowError::CastError(format!("an INTERVAL that is kept as {}", array.data_type())));
            };
            let months = parts.column(0).as_primitive::<Int32Type>();
            let days = parts.column(1).as_primitive::<Int32Type>();
            let micros = parts.column(2).as_primitive::<Int64Type>();
            let values = (0..parts.len()).map(|row| {
                IntervalMonthDayNano::new(months.value(row), days.value(row), micros.value(row).saturating_mul(1_000))
            });
            let values: Vec<_> = values.collect();
            let array = IntervalMonthDayNanoArray::new(values.into(), parts.nulls().cloned());
            Ok(Arc::new(array.with_data_type(INTERVAL)))
        }
        DataType::List(_) | DataType::Struct(_) => rebuilt(array, logical, &from_stored),
        _ => cast(array, logical),
    }
}

type Convert<'a> = &'a dyn Fn(&ArrayRef, &DataType) -> Result<ArrayRef, ArrowError>;

/// A list or struct with its inner arrays converted.
fn rebuilt(array: &ArrayRef, wanted: &DataType, convert: Convert<'_>) -> Result<ArrayRef, ArrowError> {
    match wanted {
        DataType::List(element) => {
            let list = array.as_list_opt::<i32>();
            let list = list.ok_or_else(|| ArrowError::CastError(format!("{} is no list", array.data_type())))?;
            let values = convert(list.values(), element.data_type())?;
            let (offsets, nulls) = (list.offsets().clone(), list.nulls().cloned());
            Ok(Arc::new(ListArray::try_new(Arc::clone(element), offsets, values, nulls)?))
        }
        DataType::Struct(fields) => {
            let parts = array.as_struct_opt().filter(|parts| parts.num_columns() == fields.len());
            let parts =
                parts.ok_or_else(|| ArrowError::CastError(format!("{} is another struct", array.data_type())))?;
            let columns = parts.columns().iter().zip(fields.iter());
            let columns = columns.map(|(column, field): (_, &FieldRef)| convert(column, field.data_type()));
            let columns = columns.collect::<Result<Vec<_>, _>>()?;
            Ok(Arc::new(StructArray::try_new(fields.clone(), columns, parts.nulls().cloned())?))
        }
        other if array.is_empty() => Ok(new_empty_array(other)),
        other => Err(ArrowError::CastError(format!("{} is not {other}", array.data_type()))),
    }
}
