//! The cells of one column of a batch, and the text of each in the forms that are written.

use super::value_text as text;
use crate::failure::Failure;
use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{
    Date32Type, Decimal128Type, Decimal256Type, Float64Type, Int64Type, IntervalMonthDayNanoType,
    Time64MicrosecondType, TimestampMicrosecondType,
};
use bedside_types::{SqlType, write_json_text};
use data_encoding::BASE64;
use std::fmt::Write;

/// Integers to this size on either side of zero are exact as JSON numbers (IEEE doubles).
const EXACT_IN_DOUBLE: i64 = 1 << 53;

/// One column of a batch, in the Arrow form that its GoogleSQL type has inside.
#[derive(Debug)]
pub(crate) struct Cells {
    sql_type: SqlType,
    array: ArrayRef,
    children: Vec<(String, Cells)>,
}

impl Cells {
    /// The column `array` of type `sql_type`; other Arrow forms of that type (small integers, dictionaries) are converted.
    ///
    /// # Errors
    /// A defect of ours if the array cannot hold the type.
    pub(crate) fn new(sql_type: &SqlType, array: &ArrayRef) -> Result<Self, Failure> {
        let children = match sql_type {
            SqlType::Array(element) => {
                let list = array.as_list_opt::<i32>().ok_or_else(|| mismatch(sql_type, array))?;
                vec![(String::new(), Self::new(element, list.values())?)]
            }
            SqlType::Range(element) => {
                let ends = array.as_struct_opt().filter(|ends| ends.num_columns() == 2);
                let ends = ends.ok_or_else(|| mismatch(sql_type, array))?;
                let named = ["start", "end"].into_iter().zip(ends.columns());
                named
                    .map(|(name, end)| Ok((name.to_owned(), Self::new(element, end)?)))
                    .collect::<Result<_, Failure>>()?
            }
            SqlType::Struct(fields) => {
                let columns = array.as_struct_opt().ok_or_else(|| mismatch(sql_type, array))?;
                let names = columns.column_names();
                let named = fields.iter().zip(names).zip(columns.columns());
                named
                    .map(|((field, name), column)| Ok((name.to_owned(), Self::new(&field.sql_type, column)?)))
                    .collect::<Result<_, Failure>>()?
            }
            _ => Vec::new(),
        };
        let wanted = sql_type.arrow();
        let array = if children.is_empty() && *array.data_type() != wanted {
            cast(array, &wanted).map_err(|_| mismatch(sql_type, array))?
        } else {
            array.clone()
        };
        Ok(Self { sql_type: sql_type.clone(), array, children })
    }

    /// Whether the cell is NULL.
    pub(crate) fn is_null(&self, row: usize) -> bool {
        self.array.is_null(row)
    }

    /// Appends the cell as `TO_JSON_STRING` writes it
    /// (<https://cloud.google.com/bigquery/docs/reference/standard-sql/json_functions#json_encodings>).
    pub(crate) fn push_json(&self, row: usize, out: &mut String) {
        if self.is_null(row) {
            out.push_str("null");
            return;
        }
        match &self.sql_type {
            SqlType::Int64 => {
                let value = self.array.as_primitive::<Int64Type>().value(row);
                push_number(out, &value.to_string(), (-EXACT_IN_DOUBLE..=EXACT_IN_DOUBLE).contains(&value));
            }
            SqlType::Float64 => match self.array.as_primitive::<Float64Type>().value(row) {
                value if value.is_nan() => out.push_str("\"NaN\""),
                f64::INFINITY => out.push_str("\"Infinity\""),
                f64::NEG_INFINITY => out.push_str("\"-Infinity\""),
                value => out.push_str(&text::float(value)),
            },
            SqlType::Numeric | SqlType::BigNumeric => {
                let value = self.text(row);
                let exact = value.parse::<i64>().is_ok_and(|v| (-EXACT_IN_DOUBLE..=EXACT_IN_DOUBLE).contains(&v));
                push_number(out, &value, exact);
            }
            SqlType::Bool | SqlType::Json => out.push_str(&self.text(row)),
            SqlType::String | SqlType::Collated => write_json_text(out, self.array.as_string_view().value(row)),
            SqlType::Datetime => write_json_text(out, &text::datetime(self.micros(row), 'T')),
            SqlType::Timestamp => write_json_text(out, &(text::datetime(self.micros(row), 'T') + "Z")),
            SqlType::Bytes | SqlType::Date | SqlType::Time | SqlType::Interval => {
                write_json_text(out, &self.text(row));
            }
            SqlType::Array(_) => {
                let offsets = self.array.as_list::<i32>().value_offsets();
                for (i, element) in (offsets[row]..offsets[row + 1]).enumerate() {
                    out.push(if i == 0 { '[' } else { ',' });
                    self.children[0].1.push_json(element as usize, out);
                }
                out.push_str(if offsets[row] == offsets[row + 1] { "[]" } else { "]" });
            }
            SqlType::Struct(_) | SqlType::Range(_) => {
                out.push('{');
                for (i, (name, field)) in self.children.iter().enumerate() {
                    out.push_str(if i == 0 { "" } else { "," });
                    write_json_text(out, name);
                    out.push(':');
                    field.push_json(row, out);
                }
                out.push('}');
            }
        }
    }

    /// The cell as BigQuery's CSV export writes it, before quoting. Meaningless for NULL, arrays and structs.
    pub(crate) fn csv(&self, row: usize) -> String {
        match &self.sql_type {
            SqlType::Datetime => text::datetime(self.micros(row), 'T'),
            SqlType::Timestamp => text::datetime(self.micros(row), ' ') + " UTC",
            SqlType::Range(_) => self.range(row, Self::csv),
            SqlType::Float64 => match self.array.as_primitive::<Float64Type>().value(row) {
                value if value.is_nan() => "NaN".to_owned(),
                f64::INFINITY => "Infinity".to_owned(),
                f64::NEG_INFINITY => "-Infinity".to_owned(),
                value => text::float(value),
            },
            _ => self.text(row),
        }
    }

    /// The cell for a reader, as `FORMAT('%t', x)` writes it; arrays and structs as JSON. `NULL` for NULL.
    pub(crate) fn display(&self, row: usize) -> String {
        if self.is_null(row) {
            return "NULL".to_owned();
        }
        match &self.sql_type {
            SqlType::Float64 => {
                let text = text::float(self.array.as_primitive::<Float64Type>().value(row));
                if text.bytes().all(|b| b.is_ascii_digit() || b == b'-') { text + ".0" } else { text }
            }
            SqlType::Datetime => text::datetime(self.micros(row), ' '),
            SqlType::Timestamp => text::datetime(self.micros(row), ' ') + "+00",
            SqlType::Array(_) | SqlType::Struct(_) => {
                let mut out = String::new();
                self.push_json(row, &mut out);
                out
            }
            _ => self.text(row),
        }
    }

    fn micros(&self, row: usize) -> i64 {
        self.array.as_primitive::<TimestampMicrosecondType>().value(row)
    }

    /// The text that all forms share.
    fn text(&self, row: usize) -> String {
        let mut out = String::new();
        match &self.sql_type {
            SqlType::Int64 => {
                let _ = write!(out, "{}", self.array.as_primitive::<Int64Type>().value(row));
            }
            SqlType::Float64 => out = text::float(self.array.as_primitive::<Float64Type>().value(row)),
            SqlType::Numeric => {
                out = text::decimal(&self.array.as_primitive::<Decimal128Type>().value(row).to_string(), 9);
            }
            SqlType::BigNumeric => {
                out = text::decimal(&self.array.as_primitive::<Decimal256Type>().value(row).to_string(), 38);
            }
            SqlType::Bool => out.push_str(if self.array.as_boolean().value(row) { "true" } else { "false" }),
            SqlType::String | SqlType::Collated | SqlType::Json => out.push_str(self.array.as_string_view().value(row)),
            SqlType::Bytes => out = BASE64.encode(self.array.as_binary_view().value(row)),
            SqlType::Date => out = text::date(i64::from(self.array.as_primitive::<Date32Type>().value(row))),
            SqlType::Datetime => out = text::datetime(self.micros(row), ' '),
            SqlType::Timestamp => out = text::datetime(self.micros(row), ' ') + "+00",
            SqlType::Time => out = text::time(self.array.as_primitive::<Time64MicrosecondType>().value(row)),
            SqlType::Interval => {
                let value = self.array.as_primitive::<IntervalMonthDayNanoType>().value(row);
                out = text::interval(value.months, value.days, value.nanoseconds);
            }
            SqlType::Range(_) => out = self.range(row, Self::text),
            SqlType::Array(_) | SqlType::Struct(_) => self.push_json(row, &mut out),
        }
        out
    }

    /// `[start, end)`, the ends in one of the forms.
    fn range(&self, row: usize, form: fn(&Self, usize) -> String) -> String {
        let ends =
            self.children.iter().map(|(_, end)| if end.is_null(row) { "UNBOUNDED".to_owned() } else { form(end, row) });
        format!("[{})", ends.collect::<Vec<_>>().join(", "))
    }
}

fn push_number(out: &mut String, number: &str, exact: bool) {
    if exact {
        out.push_str(number);
    } else {
        write_json_text(out, number);
    }
}

fn mismatch(sql_type: &SqlType, array: &ArrayRef) -> Failure {
    Failure::internal(format!("a column of type {sql_type} came as {}", array.data_type()))
}

#[cfg(test)]
mod tests {
    use super::Cells;
    use arrow::array::{
        ArrayRef, BinaryViewArray, BooleanArray, Date32Array, Decimal128Array, Decimal256Array, Float64Array,
        Int32Array, Int64Array, IntervalMonthDayNanoArray, ListArray, StringArray, StringViewArray, StructArray,
        Time64MicrosecondArray, TimestampMicrosecondArray,
    };
    use arrow::datatypes::{DataType, Field, Fields, Int64Type, IntervalMonthDayNano, i256};
    use bedside_types::{SqlType, StructField};
    use std::sync::Arc;

    #[expect(clippy::needless_pass_by_value, reason = "the calls are easier to read")]
    fn check(sql_type: &SqlType, array: ArrayRef, expected: &[(&str, &str, &str)]) {
        let cells = Cells::new(sql_type, &array).unwrap();
        for (row, (json, csv, display)) in expected.iter().enumerate() {
            let mut out = String::new();
            cells.push_json(row, &mut out);
            assert_eq!((out.as_str(), cells.display(row).as_str()), (*json, *display), "{sql_type} row {row}");
            if !cells.is_null(row) {
                assert_eq!(cells.csv(row), *csv, "{sql_type} row {row}");
            }
        }
    }

    #[test]
    fn numbers_are_as_google_sql_writes_them() {
        let exact = 1_i64 << 53;
        check(
            &SqlType::Int64,
            Arc::new(Int64Array::from(vec![Some(exact), Some(-exact - 1), None])),
            &[
                ("9007199254740992", "9007199254740992", "9007199254740992"),
                ("\"-9007199254740993\"", "-9007199254740993", "-9007199254740993"),
                ("null", "", "NULL"),
            ],
        );
        check(&SqlType::Int64, Arc::new(Int32Array::from(vec![7])), &[("7", "7", "7")]);
        check(
            &SqlType::Float64,
            Arc::new(Float64Array::from(vec![1.0, 0.1, f64::NAN, f64::INFINITY, 1e20])),
            &[
                ("1", "1", "1.0"),
                ("0.1", "0.1", "0.1"),
                ("\"NaN\"", "NaN", "nan"),
                ("\"Infinity\"", "Infinity", "inf"),
                ("1e+20", "1e+20", "1e+20"),
            ],
        );
        let numeric = Decimal128Array::from(vec![123_560_000_000, -1_000_000_000]).with_precision_and_scale(38, 9);
        check(&SqlType::Numeric, Arc::new(numeric.unwrap()), &[("\"123.56\"", "123.56", "123.56"), ("-1", "-1", "-1")]);
        let big = Decimal256Array::from(vec![i256::from_i128(15) * i256::from_i128(10_i128.pow(37))]);
        check(
            &SqlType::BigNumeric,
            Arc::new(big.with_precision_and_scale(76, 38).unwrap()),
            &[("\"1.5\"", "1.5", "1.5")],
        );
        check(&SqlType::Bool, Arc::new(BooleanArray::from(vec![true])), &[("true", "true", "true")]);
    }

    #[test]
    fn ranges_have_their_ends_in_the_form_of_the_output() {
        let sql_type: SqlType = "RANGE<DATETIME>".parse().unwrap();
        let DataType::Struct(fields) = sql_type.arrow() else { unreachable!() };
        let ends = |values: Vec<Option<i64>>| Arc::new(TimestampMicrosecondArray::from(values)) as ArrayRef;
        let nulls = Some(vec![true, false].into());
        let ranges = StructArray::new(fields, vec![ends(vec![Some(0), None]), ends(vec![None, None])], nulls);
        let expected = (
            "{\"start\":\"1970-01-01T00:00:00\",\"end\":null}",
            "[1970-01-01T00:00:00, UNBOUNDED)",
            "[1970-01-01 00:00:00, UNBOUNDED)",
        );
        check(&sql_type, Arc::new(ranges), &[expected, ("null", "", "NULL")]);
    }

    #[test]
    fn texts_bytes_and_json() {
        check(
            &SqlType::String,
            Arc::new(StringArray::from(vec![Some("a\"b"), Some(""), None])),
            &[("\"a\\\"b\"", "a\"b", "a\"b"), ("\"\"", "", ""), ("null", "", "NULL")],
        );
        check(
            &SqlType::Json,
            Arc::new(StringViewArray::from(vec!["{\"a\":1}"])),
            &[("{\"a\":1}", "{\"a\":1}", "{\"a\":1}")],
        );
        let bytes = BinaryViewArray::from_iter_values([b"foo"]);
        check(&SqlType::Bytes, Arc::new(bytes), &[("\"Zm9v\"", "Zm9v", "Zm9v")]);
    }

    #[test]
    fn times_differ_by_form() {
        let micros = 5_680_317_600_000_000;
        check(&SqlType::Date, Arc::new(Date32Array::from(vec![0])), &[("\"1970-01-01\"", "1970-01-01", "1970-01-01")]);
        check(
            &SqlType::Datetime,
            Arc::new(TimestampMicrosecondArray::from(vec![micros])),
            &[("\"2150-01-01T10:00:00\"", "2150-01-01T10:00:00", "2150-01-01 10:00:00")],
        );
        check(
            &SqlType::Timestamp,
            Arc::new(TimestampMicrosecondArray::from(vec![micros]).with_timezone("UTC")),
            &[("\"2150-01-01T10:00:00Z\"", "2150-01-01 10:00:00 UTC", "2150-01-01 10:00:00+00")],
        );
        check(
            &SqlType::Time,
            Arc::new(Time64MicrosecondArray::from(vec![1_000])),
            &[("\"00:00:00.001\"", "00:00:00.001", "00:00:00.001")],
        );
        check(
            &SqlType::Interval,
            Arc::new(IntervalMonthDayNanoArray::from(vec![IntervalMonthDayNano::new(1, 2, 0)])),
            &[("\"0-1 2 0:0:0\"", "0-1 2 0:0:0", "0-1 2 0:0:0")],
        );
    }

    #[test]
    fn arrays_and_structs_are_json() {
        let list = ListArray::from_iter_primitive::<Int64Type, _, _>([
            Some(vec![Some(1), None]),
            Some(vec![]),
            None,
            Some(vec![Some(3)]),
        ]);
        check(
            &SqlType::Array(Box::new(SqlType::Int64)),
            Arc::new(list),
            &[("[1,null]", "[1,null]", "[1,null]"), ("[]", "[]", "[]"), ("null", "", "NULL"), ("[3]", "[3]", "[3]")],
        );
        let fields = [("a", SqlType::Int64), ("b", SqlType::String)];
        let arrow: Fields = fields.iter().map(|(name, t)| t.field(name, true)).collect::<Vec<Field>>().into();
        let columns: Vec<ArrayRef> =
            vec![Arc::new(Int64Array::from(vec![1])), Arc::new(StringViewArray::from(vec!["x"]))];
        let sql_type = SqlType::Struct(
            fields.into_iter().map(|(name, sql_type)| StructField { name: Some(name.into()), sql_type }).collect(),
        );
        let json = "{\"a\":1,\"b\":\"x\"}";
        check(&sql_type, Arc::new(StructArray::new(arrow, columns, None)), &[(json, json, json)]);
    }
}
