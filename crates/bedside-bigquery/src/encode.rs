//! Rows of a result as BigQuery's JSON, straight from Arrow into bytes.
//!
//! A row is `{"f":[{"v":X},…]}`. Every scalar is a JSON string, NULL is `null`, an ARRAY is `[{"v":X},…]` (a NULL array is `[]`:
//! clients fail on anything else), a STRUCT is a row itself
//! (<https://cloud.google.com/bigquery/docs/reference/rest/v2/tabledata/list>).

mod number;
mod text;
mod time;

use crate::error::Failure;
use arrow::array::{
    Array, ArrayRef, AsArray, BinaryViewArray, BooleanArray, Decimal128Array, Decimal256Array, Float64Array,
    Int64Array, ListArray, PrimitiveArray, RecordBatch, StringViewArray, StructArray,
};
use arrow::compute::cast;
use arrow::datatypes::{
    Date32Type, Decimal128Type, Decimal256Type, Float64Type, Int64Type, IntervalMonthDayNanoType,
    Time64MicrosecondType, TimestampMicrosecondType,
};
use bedside_types::SqlType;
use std::ops::Range;

/// How TIMESTAMP values are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum TimestampForm {
    /// Seconds as a float: `1.577836800123456E9`. What clients get that ask for nothing.
    #[default]
    FloatSeconds,
    /// Microseconds as an integer: `1577836800123456`.
    Micros,
    /// `2020-01-01T00:00:00.123456Z`.
    Iso8601,
}

/// Appends rows of a batch as JSON objects with commas between them, the columns being of these types.
///
/// # Errors
/// [`Failure`] of our own where the batch does not hold what the types say.
pub(crate) fn push_rows(
    out: &mut Vec<u8>,
    types: &[SqlType],
    batch: &RecordBatch,
    rows: Range<usize>,
    timestamps: TimestampForm,
) -> Result<(), Failure> {
    let columns = columns(types, batch.columns(), timestamps)?;
    for row in rows.clone() {
        if row > rows.start {
            out.push(b',');
        }
        push_row(out, &columns, row);
    }
    Ok(())
}

/// A column of a batch by what its cells look like.
enum Column {
    Int64(Int64Array),
    Float64(Float64Array),
    Numeric(Decimal128Array),
    BigNumeric(Decimal256Array),
    Bool(BooleanArray),
    /// STRING and JSON.
    Text(StringViewArray),
    Bytes(BinaryViewArray),
    Date(PrimitiveArray<Date32Type>),
    Datetime(PrimitiveArray<TimestampMicrosecondType>),
    Timestamp(PrimitiveArray<TimestampMicrosecondType>, TimestampForm),
    Time(PrimitiveArray<Time64MicrosecondType>),
    Interval(PrimitiveArray<IntervalMonthDayNanoType>),
    Array(ListArray, Box<Column>),
    Struct(StructArray, Vec<Column>),
    Range(StructArray, Vec<Column>),
}

fn columns(types: &[SqlType], arrays: &[ArrayRef], timestamps: TimestampForm) -> Result<Vec<Column>, Failure> {
    if types.len() != arrays.len() {
        return Err(Failure::internal(format!("{} columns came where {} were announced", arrays.len(), types.len())));
    }
    types.iter().zip(arrays).map(|(sql_type, array)| column(sql_type, array, timestamps)).collect()
}

fn column(sql_type: &SqlType, array: &ArrayRef, timestamps: TimestampForm) -> Result<Column, Failure> {
    let nested = matches!(sql_type, SqlType::Array(_) | SqlType::Struct(_) | SqlType::Range(_));
    if !nested && *array.data_type() != sql_type.arrow() {
        let array = cast(array, &sql_type.arrow()).map_err(|_| mismatch(sql_type, array))?;
        return column(sql_type, &array, timestamps);
    }
    Ok(match sql_type {
        SqlType::Int64 => Column::Int64(array.as_primitive::<Int64Type>().clone()),
        SqlType::Float64 => Column::Float64(array.as_primitive::<Float64Type>().clone()),
        SqlType::Numeric => Column::Numeric(array.as_primitive::<Decimal128Type>().clone()),
        SqlType::BigNumeric => Column::BigNumeric(array.as_primitive::<Decimal256Type>().clone()),
        SqlType::Bool => Column::Bool(array.as_boolean().clone()),
        SqlType::String | SqlType::Collated | SqlType::Json => Column::Text(array.as_string_view().clone()),
        SqlType::Bytes => Column::Bytes(array.as_binary_view().clone()),
        SqlType::Date => Column::Date(array.as_primitive().clone()),
        SqlType::Datetime => Column::Datetime(array.as_primitive().clone()),
        SqlType::Timestamp => Column::Timestamp(array.as_primitive().clone(), timestamps),
        SqlType::Time => Column::Time(array.as_primitive().clone()),
        SqlType::Interval => Column::Interval(array.as_primitive().clone()),
        SqlType::Array(element) => {
            let list = array.as_list_opt::<i32>().ok_or_else(|| mismatch(sql_type, array))?;
            Column::Array(list.clone(), Box::new(column(element, list.values(), timestamps)?))
        }
        SqlType::Struct(fields) => {
            let values = array.as_struct_opt().ok_or_else(|| mismatch(sql_type, array))?;
            let types: Vec<SqlType> = fields.iter().map(|field| field.sql_type.clone()).collect();
            Column::Struct(values.clone(), columns(&types, values.columns(), timestamps)?)
        }
        SqlType::Range(element) => {
            let ends = array.as_struct_opt().ok_or_else(|| mismatch(sql_type, array))?;
            let types = [(**element).clone(), (**element).clone()];
            Column::Range(ends.clone(), columns(&types, ends.columns(), timestamps)?)
        }
    })
}

fn push_row(out: &mut Vec<u8>, columns: &[Column], row: usize) {
    out.extend_from_slice(b"{\"f\":[");
    for (place, column) in columns.iter().enumerate() {
        if place > 0 {
            out.push(b',');
        }
        push_cell(out, column, row);
    }
    out.extend_from_slice(b"]}");
}

fn push_cell(out: &mut Vec<u8>, column: &Column, row: usize) {
    out.extend_from_slice(b"{\"v\":");
    push_value(out, column, row);
    out.push(b'}');
}

fn push_value(out: &mut Vec<u8>, column: &Column, row: usize) {
    match column {
        Column::Array(list, elements) => return push_array(out, list, elements, row),
        _ if column.is_null(row) => return out.extend_from_slice(b"null"),
        Column::Struct(_, fields) => return push_row(out, fields, row),
        Column::Text(values) => return text::push_json_string(out, values.value(row)),
        _ => {}
    }
    out.push(b'"');
    push_text(out, column, row);
    out.push(b'"');
}

/// The text of a value that is not NULL.
fn push_text(out: &mut Vec<u8>, column: &Column, row: usize) {
    match column {
        Column::Int64(values) => number::push_integer(out, values.value(row)),
        Column::Float64(values) => number::push_float(out, values.value(row)),
        Column::Numeric(values) => number::push_decimal(out, values.value(row)),
        Column::BigNumeric(values) => number::push_wide_decimal(out, &values.value(row).to_string()),
        Column::Bool(values) => out.extend_from_slice(if values.value(row) { b"true" } else { b"false" }),
        Column::Bytes(values) => text::push_base64(out, values.value(row)),
        Column::Date(values) => time::push_date(out, i64::from(values.value(row))),
        Column::Datetime(values) => time::push_datetime(out, values.value(row)),
        Column::Timestamp(values, TimestampForm::Micros) => number::push_integer(out, values.value(row)),
        Column::Timestamp(values, TimestampForm::FloatSeconds) => {
            number::push_float(out, values.value(row) as f64 / 1e6);
        }
        Column::Timestamp(values, TimestampForm::Iso8601) => {
            time::push_datetime(out, values.value(row));
            out.push(b'Z');
        }
        Column::Time(values) => time::push_time(out, values.value(row)),
        Column::Interval(values) => {
            let value = values.value(row);
            time::push_interval(out, value.months, value.days, value.nanoseconds);
        }
        Column::Range(_, ends) => {
            for (end, before) in ends.iter().zip([b"[".as_slice(), b", "]) {
                out.extend_from_slice(before);
                if end.is_null(row) { out.extend_from_slice(b"UNBOUNDED") } else { push_text(out, end, row) }
            }
            out.push(b')');
        }
        Column::Text(_) | Column::Array(..) | Column::Struct(..) => {}
    }
}

fn push_array(out: &mut Vec<u8>, list: &ListArray, elements: &Column, row: usize) {
    out.push(b'[');
    if !list.is_null(row) {
        let offsets = list.value_offsets();
        for element in offsets[row]..offsets[row + 1] {
            if element > offsets[row] {
                out.push(b',');
            }
            push_cell(out, elements, element as usize);
        }
    }
    out.push(b']');
}

impl Column {
    fn is_null(&self, row: usize) -> bool {
        match self {
            Self::Int64(values) => values.is_null(row),
            Self::Float64(values) => values.is_null(row),
            Self::Numeric(values) => values.is_null(row),
            Self::BigNumeric(values) => values.is_null(row),
            Self::Bool(values) => values.is_null(row),
            Self::Text(values) => values.is_null(row),
            Self::Bytes(values) => values.is_null(row),
            Self::Date(values) => values.is_null(row),
            Self::Datetime(values) | Self::Timestamp(values, _) => values.is_null(row),
            Self::Time(values) => values.is_null(row),
            Self::Interval(values) => values.is_null(row),
            Self::Array(values, _) => values.is_null(row),
            Self::Struct(values, _) | Self::Range(values, _) => values.is_null(row),
        }
    }
}

fn mismatch(sql_type: &SqlType, array: &ArrayRef) -> Failure {
    Failure::internal(format!("a column of type {sql_type} came as {}", array.data_type()))
}

#[cfg(test)]
mod tests {
    use super::{TimestampForm, push_rows};
    use arrow::array::{
        ArrayRef, BinaryViewArray, BooleanArray, Date32Array, Decimal128Array, Decimal256Array, Float64Array,
        Int64Array, IntervalMonthDayNanoArray, ListArray, RecordBatch, StringArray, StringViewArray, StructArray,
        Time64MicrosecondArray, TimestampMicrosecondArray,
    };
    use arrow::datatypes::{DataType, Field, Fields, Int64Type, IntervalMonthDayNano, Schema, i256};
    use bedside_types::{SqlType, StructField};
    use std::sync::Arc;

    fn rows(sql_type: &SqlType, array: &ArrayRef, timestamps: TimestampForm) -> String {
        let schema = Arc::new(Schema::new(vec![Field::new("c", array.data_type().clone(), true)]));
        let batch = RecordBatch::try_new(schema, vec![Arc::clone(array)]).unwrap();
        let mut out = Vec::new();
        push_rows(&mut out, std::slice::from_ref(sql_type), &batch, 0..batch.num_rows(), timestamps).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[expect(clippy::needless_pass_by_value, reason = "the calls are easier to read")]
    fn check(sql_type: SqlType, array: ArrayRef, expected: &[&str]) {
        let wrapped: Vec<String> = expected.iter().map(|value| format!("{{\"f\":[{{\"v\":{value}}}]}}")).collect();
        assert_eq!(rows(&sql_type, &array, TimestampForm::Micros), wrapped.join(","), "{sql_type}");
    }

    #[test]
    fn a_range_is_one_text_with_ends_as_their_type_has_them() {
        let sql_type: SqlType = "RANGE<TIMESTAMP>".parse().unwrap();
        let DataType::Struct(fields) = sql_type.arrow() else { unreachable!() };
        let ends = |values: Vec<Option<i64>>| Arc::new(TimestampMicrosecondArray::from(values).with_timezone("UTC"));
        let columns: Vec<ArrayRef> = vec![ends(vec![Some(0), None, None]), ends(vec![Some(1_500_000), Some(7), None])];
        let nulls = Some(vec![true, true, false].into());
        let ranges: ArrayRef = Arc::new(StructArray::new(fields, columns, nulls));
        check(sql_type.clone(), Arc::clone(&ranges), &["\"[0, 1500000)\"", "\"[UNBOUNDED, 7)\"", "null"]);
        let text = rows(&sql_type, &ranges.slice(0, 1), TimestampForm::Iso8601);
        assert_eq!(text, "{\"f\":[{\"v\":\"[1970-01-01T00:00:00Z, 1970-01-01T00:00:01.500000Z)\"}]}");
    }

    #[test]
    fn every_scalar_is_a_string_and_null_is_null() {
        check(
            SqlType::Int64,
            Arc::new(Int64Array::from(vec![Some(i64::MIN), None])),
            &["\"-9223372036854775808\"", "null"],
        );
        check(
            SqlType::Float64,
            Arc::new(Float64Array::from(vec![1.5, f64::NAN, f64::NEG_INFINITY, 1e20])),
            &["\"1.5\"", "\"NaN\"", "\"-Infinity\"", "\"1.0E20\""],
        );
        check(SqlType::Bool, Arc::new(BooleanArray::from(vec![Some(true), None])), &["\"true\"", "null"]);
        let numeric = Decimal128Array::from(vec![1_500_000_000, -1]).with_precision_and_scale(38, 9).unwrap();
        check(SqlType::Numeric, Arc::new(numeric), &["\"1.5\"", "\"-0.000000001\""]);
        let wide = Decimal256Array::from(vec![i256::from_i128(15) * i256::from_i128(10_i128.pow(37))]);
        check(SqlType::BigNumeric, Arc::new(wide.with_precision_and_scale(76, 38).unwrap()), &["\"1.5\""]);
        let texts = StringViewArray::from(vec![Some("a\"\\\n\u{1}é😀"), Some(""), None]);
        check(SqlType::String, Arc::new(texts), &["\"a\\\"\\\\\\n\\u0001é😀\"", "\"\"", "null"]);
        check(SqlType::String, Arc::new(StringArray::from(vec!["other Arrow type"])), &["\"other Arrow type\""]);
        check(SqlType::Json, Arc::new(StringViewArray::from(vec!["{\"a\":1}"])), &["\"{\\\"a\\\":1}\""]);
        let bytes: [&[u8]; 3] = [b"", b"foo", &[0xff]];
        check(SqlType::Bytes, Arc::new(BinaryViewArray::from_iter_values(bytes)), &["\"\"", "\"Zm9v\"", "\"/w==\""]);
    }

    #[test]
    fn times_have_no_fraction_or_six_digits() {
        check(
            SqlType::Date,
            Arc::new(Date32Array::from(vec![-719_162, 2_932_896])),
            &["\"0001-01-01\"", "\"9999-12-31\""],
        );
        check(
            SqlType::Datetime,
            Arc::new(TimestampMicrosecondArray::from(vec![0, 1_500_000])),
            &["\"1970-01-01T00:00:00\"", "\"1970-01-01T00:00:01.500000\""],
        );
        check(SqlType::Time, Arc::new(Time64MicrosecondArray::from(vec![86_399_999_999])), &["\"23:59:59.999999\""]);
        let interval = IntervalMonthDayNanoArray::from(vec![IntervalMonthDayNano::new(14, -3, -1_500_000_000)]);
        check(SqlType::Interval, Arc::new(interval), &["\"1-2 -3 -0:0:1.500000\""]);
    }

    #[test]
    fn timestamps_have_the_form_that_the_client_asked_for() {
        let array: ArrayRef =
            Arc::new(TimestampMicrosecondArray::from(vec![1_577_836_800_123_456]).with_timezone("UTC"));
        for (form, expected) in [
            (TimestampForm::Micros, "1577836800123456"),
            (TimestampForm::FloatSeconds, "1.577836800123456E9"),
            (TimestampForm::Iso8601, "2020-01-01T00:00:00.123456Z"),
        ] {
            assert_eq!(rows(&SqlType::Timestamp, &array, form), format!("{{\"f\":[{{\"v\":\"{expected}\"}}]}}"));
        }
    }

    #[test]
    fn a_null_array_is_empty_and_a_struct_is_a_row() {
        let lists = ListArray::from_iter_primitive::<Int64Type, _, _>([Some(vec![Some(1), None]), Some(vec![]), None]);
        check(SqlType::Array(Box::new(SqlType::Int64)), Arc::new(lists), &["[{\"v\":\"1\"},{\"v\":null}]", "[]", "[]"]);
        let fields = [("a", SqlType::Int64), ("b", SqlType::String)];
        let arrow: Fields = fields.iter().map(|(name, t)| t.field(name, true)).collect::<Vec<_>>().into();
        let columns: Vec<ArrayRef> =
            vec![Arc::new(Int64Array::from(vec![1, 2])), Arc::new(StringViewArray::from(vec![Some("x"), None]))];
        let structs = StructArray::new(arrow, columns, Some(vec![true, false].into()));
        let fields = fields.into_iter().map(|(name, sql_type)| StructField { name: Some(name.into()), sql_type });
        check(SqlType::Struct(fields.collect()), Arc::new(structs), &["{\"f\":[{\"v\":\"1\"},{\"v\":\"x\"}]}", "null"]);
    }

    #[test]
    fn rows_of_the_middle_of_a_batch_are_separated_by_commas() {
        let schema = Arc::new(Schema::new(vec![SqlType::Int64.field("c", true)]));
        let batch = RecordBatch::try_new(schema, vec![Arc::new(Int64Array::from(vec![1, 2, 3, 4]))]).unwrap();
        let mut out = Vec::new();
        push_rows(&mut out, &[SqlType::Int64], &batch, 1..3, TimestampForm::Micros).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "{\"f\":[{\"v\":\"2\"}]},{\"f\":[{\"v\":\"3\"}]}");
        assert!(push_rows(&mut Vec::new(), &[], &batch, 0..1, TimestampForm::Micros).is_err());
    }
}
