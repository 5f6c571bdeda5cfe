//! Small tables made of values: what is listed rather than stored.

use bedside_types::{SqlType, Value};
use datafusion::arrow::array::{ArrayRef, RecordBatch, new_empty_array};
use datafusion::arrow::datatypes::{Schema, SchemaRef};
use datafusion::catalog::{MemTable, TableProvider};
use datafusion::scalar::ScalarValue;
use std::sync::Arc;

/// The columns of a listing.
pub(crate) type Columns = &'static [(&'static str, SqlType)];

/// A table in memory; `None` if a value does not have its column's type, which tests rule out.
pub(crate) fn table(columns: Columns, rows: &[Vec<Value>]) -> Option<Arc<dyn TableProvider>> {
    let fields: Vec<_> = columns.iter().map(|(name, sql_type)| sql_type.field(name, true)).collect();
    let schema: SchemaRef = Arc::new(Schema::new(fields));
    let arrays = columns
        .iter()
        .enumerate()
        .map(|(at, (_, sql_type))| array(sql_type, rows.iter().map(|row| row.get(at))))
        .collect::<Option<Vec<_>>>()?;
    let batch = RecordBatch::try_new(Arc::clone(&schema), arrays).ok()?;
    Some(Arc::new(MemTable::try_new(schema, vec![vec![batch]]).ok()?))
}

/// An RFC 3339 text as TIMESTAMP; NULL if it is none.
pub(crate) fn timestamp(text: &str) -> Value {
    let nanos = datafusion::arrow::compute::kernels::cast_utils::string_to_timestamp_nanos(text);
    nanos.map_or(Value::Null, |nanos| Value::Timestamp(nanos / 1_000))
}

fn array<'a>(sql_type: &SqlType, values: impl Iterator<Item = Option<&'a Value>>) -> Option<ArrayRef> {
    let null = ScalarValue::try_from(&sql_type.arrow()).ok()?;
    let scalars = values
        .map(|value| {
            Some(match value? {
                Value::Null => null.clone(),
                Value::String(text) => ScalarValue::Utf8View(Some(text.clone())),
                Value::Int64(value) => ScalarValue::Int64(Some(*value)),
                Value::Timestamp(micros) => ScalarValue::TimestampMicrosecond(Some(*micros), Some("UTC".into())),
                _ => return None,
            })
        })
        .collect::<Option<Vec<_>>>()?;
    if scalars.is_empty() {
        return Some(new_empty_array(&sql_type.arrow()));
    }
    ScalarValue::iter_to_array(scalars).ok()
}
