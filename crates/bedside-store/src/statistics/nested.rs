//! Bytes of values of any type as BigQuery counts them; those of ARRAY and STRUCT are those of the values in them
//! (<https://cloud.google.com/bigquery/docs/reference/standard-sql/data-types#data_type_sizes>).

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::DataType;
use bedside_types::SqlType;

/// Bytes of all values of an array that are not NULL, in the form that files or that results have.
pub(crate) fn logical_bytes(array: &ArrayRef) -> u64 {
    let present = (array.len() - array.null_count()) as u64;
    match array.data_type() {
        DataType::List(_) => {
            let list = array.as_list::<i32>();
            let rows = (0..list.len()).filter(|row| list.is_valid(*row));
            rows.map(|row| logical_bytes(&list.value(row))).sum()
        }
        DataType::Struct(fields) if crate::stored::is_interval(fields) => 16 * present,
        data_type @ DataType::Struct(_) if SqlType::is_range(data_type) => 16 * present,
        DataType::Struct(_) => array.as_struct().columns().iter().map(logical_bytes).sum(),
        DataType::Utf8View => {
            let texts = array.as_string_view();
            texts.iter().flatten().map(|text| 2 + text.len() as u64).sum()
        }
        DataType::BinaryView => {
            let values = array.as_binary_view();
            values.iter().flatten().map(|value| 2 + value.len() as u64).sum()
        }
        DataType::Boolean => present,
        DataType::Decimal128(..) | DataType::Interval(_) => 16 * present,
        DataType::Decimal256(..) => 32 * present,
        _ => 8 * present,
    }
}
