//! One column of one block while it is being parsed.

use arrow::array::{
    ArrayRef, BooleanArray, BooleanBufferBuilder, Date32Array, Decimal128Array, Float64Array, Int64Array, StringArray,
    TimestampMicrosecondArray,
};
use arrow::buffer::{BooleanBuffer, Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow::error::ArrowError;
use bedside_types::SqlType;
use std::sync::Arc;

use super::number::{self, Why};
use super::plain::{self, LastDay};
use super::time;

/// Values of one column. A row that turns out to be bad is taken back with [`ColumnBuilder::truncate`].
#[derive(Debug)]
pub(crate) struct ColumnBuilder {
    values: Values,
    valid: Validity,
}

/// What an empty field without quotes is in a text column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Empty {
    /// NULL.
    Null,
    /// The empty text, as the column has no NULLs.
    Text,
}

#[derive(Debug)]
enum Values {
    Int64(Vec<i64>),
    Float64(Vec<f64>),
    Numeric(Vec<i128>),
    Bool(Vec<bool>),
    Date(Vec<i32>),
    Datetime(Vec<i64>),
    Text { ends: Vec<i32>, bytes: Vec<u8> },
}

impl ColumnBuilder {
    /// A builder for about `rows` values; `None` for a type that no MIMIC file has.
    pub(crate) fn new(sql_type: &SqlType, rows: usize) -> Option<Self> {
        let values = match sql_type {
            SqlType::Int64 => Values::Int64(Vec::with_capacity(rows)),
            SqlType::Float64 => Values::Float64(Vec::with_capacity(rows)),
            SqlType::Numeric => Values::Numeric(Vec::with_capacity(rows)),
            SqlType::Bool => Values::Bool(Vec::with_capacity(rows)),
            SqlType::Date => Values::Date(Vec::with_capacity(rows)),
            SqlType::Datetime => Values::Datetime(Vec::with_capacity(rows)),
            SqlType::String => Values::Text { ends: Vec::with_capacity(rows), bytes: Vec::new() },
            _ => return None,
        };
        Some(Self { values, valid: Validity::default() })
    }

    /// Appends the value that `text` stands for.
    #[inline]
    pub(crate) fn append(&mut self, text: &[u8]) -> Result<(), Why> {
        match &mut self.values {
            Values::Int64(values) => values.push(number::int64(text)?),
            Values::Float64(values) => values.push(number::float64(text)?),
            Values::Numeric(values) => values.push(number::numeric(text)?),
            Values::Bool(values) => values.push(boolean(text)?),
            Values::Date(values) => values.push(time::date(text)?),
            Values::Datetime(values) => values.push(time::datetime(text)?),
            Values::Text { ends, bytes } => {
                bytes.extend_from_slice(text);
                // A block is far smaller than 2 GiB.
                ends.push(bytes.len() as i32);
            }
        }
        self.valid.append_valid();
        Ok(())
    }

    /// Appends the plain field that begins at `at`, and gives the place of the delimiter behind it; `None` where the field is
    /// not plain, with nothing appended. `empty` says what a text field without a byte and without quotes is.
    #[inline]
    pub(crate) fn append_plain(&mut self, block: &[u8], at: usize, empty: Empty, day: &mut LastDay) -> Option<usize> {
        if plain::is_empty(block, at) && !(matches!(self.values, Values::Text { .. }) && empty == Empty::Text) {
            self.append_null();
            return Some(at);
        }
        let end = match &mut self.values {
            Values::Int64(values) => taken(values, plain::int64(block, at)?),
            Values::Float64(values) => taken(values, plain::float64(block, at)?),
            Values::Date(values) => taken(values, day.date(block, at)?),
            Values::Datetime(values) => taken(values, day.datetime(block, at)?),
            Values::Text { ends, bytes } => {
                let (text, end) = plain::text(block, at)?;
                bytes.extend_from_slice(text);
                ends.push(bytes.len() as i32);
                end
            }
            Values::Numeric(_) | Values::Bool(_) => return None,
        };
        self.valid.append_valid();
        Some(end)
    }

    /// Appends NULL.
    #[inline]
    pub(crate) fn append_null(&mut self) {
        match &mut self.values {
            Values::Int64(values) | Values::Datetime(values) => values.push(0),
            Values::Float64(values) => values.push(0.0),
            Values::Numeric(values) => values.push(0),
            Values::Bool(values) => values.push(false),
            Values::Date(values) => values.push(0),
            Values::Text { ends, bytes } => ends.push(bytes.len() as i32),
        }
        self.valid.append_null();
    }

    /// Takes back every value after the first `rows`.
    pub(crate) fn truncate(&mut self, rows: usize) {
        match &mut self.values {
            Values::Int64(values) | Values::Datetime(values) => values.truncate(rows),
            Values::Float64(values) => values.truncate(rows),
            Values::Numeric(values) => values.truncate(rows),
            Values::Bool(values) => values.truncate(rows),
            Values::Date(values) => values.truncate(rows),
            Values::Text { ends, bytes } => {
                ends.truncate(rows);
                bytes.truncate(ends.last().map_or(0, |end| *end as usize));
            }
        }
        self.valid.truncate(rows);
    }

    /// The Arrow array. Texts are `Utf8`, whose bytes must be UTF-8.
    pub(crate) fn finish(self) -> Result<ArrayRef, ArrowError> {
        let nulls = self.valid.finish();
        Ok(match self.values {
            Values::Int64(values) => Arc::new(Int64Array::try_new(ScalarBuffer::from(values), nulls)?),
            Values::Float64(values) => Arc::new(Float64Array::try_new(ScalarBuffer::from(values), nulls)?),
            Values::Numeric(values) => {
                let array = Decimal128Array::try_new(ScalarBuffer::from(values), nulls)?;
                Arc::new(array.with_precision_and_scale(38, 9)?)
            }
            Values::Bool(values) => Arc::new(BooleanArray::new(BooleanBuffer::from(values), nulls)),
            Values::Date(values) => Arc::new(Date32Array::try_new(ScalarBuffer::from(values), nulls)?),
            Values::Datetime(values) => {
                Arc::new(TimestampMicrosecondArray::try_new(ScalarBuffer::from(values), nulls)?)
            }
            Values::Text { ends, bytes } => {
                let offsets: ScalarBuffer<i32> = std::iter::once(0).chain(ends).collect();
                Arc::new(StringArray::try_new(OffsetBuffer::new(offsets), Buffer::from_vec(bytes), nulls)?)
            }
        })
    }
}

#[inline]
fn taken<T>(values: &mut Vec<T>, (value, end): (T, usize)) -> usize {
    values.push(value);
    end
}

/// As BigQuery's CSV loads take BOOL; the files of MIMIC write 0 and 1 into INT64 columns.
fn boolean(text: &[u8]) -> Result<bool, Why> {
    match text.trim_ascii().to_ascii_lowercase().as_slice() {
        b"true" | b"t" | b"yes" | b"y" | b"1" => Ok(true),
        b"false" | b"f" | b"no" | b"n" | b"0" => Ok(false),
        _ => Err(""),
    }
}

/// Which values are not NULL. Bits are kept from the first NULL on only.
#[derive(Debug, Default)]
struct Validity {
    length: usize,
    bits: Option<BooleanBufferBuilder>,
}

impl Validity {
    #[inline]
    fn append_valid(&mut self) {
        if let Some(bits) = &mut self.bits {
            bits.append(true);
        }
        self.length += 1;
    }

    #[inline]
    fn append_null(&mut self) {
        let length = self.length;
        let bits = self.bits.get_or_insert_with(|| {
            let mut bits = BooleanBufferBuilder::new(length + 1024);
            bits.append_n(length, true);
            bits
        });
        bits.append(false);
        self.length += 1;
    }

    fn truncate(&mut self, length: usize) {
        if length < self.length {
            if let Some(bits) = &mut self.bits {
                bits.truncate(length);
            }
            self.length = length;
        }
    }

    fn finish(self) -> Option<NullBuffer> {
        self.bits.map(|mut bits| NullBuffer::new(bits.finish())).filter(|nulls| nulls.null_count() > 0)
    }
}
