//! RANGE values in arrays. A span counts in the unit of its ends: days for DATE, microseconds for the others.

use crate::error::{Error, Result, fail};
use crate::text;
use arrow::array::{Array, ArrayRef, AsArray, Date32Array, Decimal128Array, PrimitiveArray, StructArray};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{DataType, Date32Type, TimestampMicrosecondType};
use bedside_types::range_ends;
use std::sync::Arc;

/// From its start to before its end; the least and the greatest number are no ends at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: i64,
    pub(crate) end: i64,
}

/// The days or times of an array.
pub(crate) enum Times<'a> {
    Days(&'a PrimitiveArray<Date32Type>),
    Micros(&'a PrimitiveArray<TimestampMicrosecondType>),
}

/// The RANGE values of an array.
pub(crate) struct Spans<'a> {
    array: &'a StructArray,
    start: Times<'a>,
    end: Times<'a>,
}

impl Span {
    pub(crate) const FIRST: i64 = i64::MIN;
    pub(crate) const LAST: i64 = i64::MAX;

    /// # Errors
    /// A start that is not before the end.
    pub(crate) fn new(start: i64, end: i64) -> Result<Self> {
        if start < end {
            Ok(Self { start, end })
        } else {
            fail("Range start element must be smaller than range end element")
        }
    }

    /// Reads `[start, end)`, the ends being of that type.
    pub(crate) fn parse(written: &str, element: &DataType) -> Result<Self> {
        let [start, end] = range_ends(written).map_err(|error| Error::Evaluation(error.to_string()))?;
        let read = |end: Option<&str>, unbounded: i64| end.map_or(Ok(unbounded), |end| parse_end(end, element));
        Self::new(read(start, Self::FIRST)?, read(end, Self::LAST)?)
    }

    pub(crate) fn has(self, time: i64) -> bool {
        (self.start..self.end).contains(&time)
    }

    /// What both have in common; `None` where nothing is.
    pub(crate) fn common(self, other: Self) -> Option<Self> {
        let (start, end) = (self.start.max(other.start), self.end.min(other.end));
        (start < end).then_some(Self { start, end })
    }

    /// A number by which spans are in their order: by start, then by end.
    fn key(self) -> i128 {
        const BEYOND: i64 = 1 << 60;
        let within = |end: i64| i128::from(end.clamp(-BEYOND, BEYOND));
        (within(self.start) << 62) + within(self.end)
    }
}

fn parse_end(written: &str, element: &DataType) -> Result<i64> {
    let (value, what) = match element {
        DataType::Date32 => (text::parse_date(written), "date"),
        DataType::Timestamp(_, None) => (text::parse_datetime(written), "datetime"),
        _ => (text::parse_timestamp(written), "timestamp"),
    };
    value.map_or_else(|| fail(format!("Invalid {what}: '{written}'")), Ok)
}

impl<'a> Times<'a> {
    pub(crate) fn of(array: &'a ArrayRef) -> Result<Self> {
        if let Some(days) = array.as_primitive_opt() {
            return Ok(Self::Days(days));
        }
        let micros = array.as_primitive_opt();
        micros.map(Self::Micros).ok_or_else(|| Error::Internal(format!("an end of a RANGE is {}", array.data_type())))
    }

    pub(crate) fn get(&self, row: usize) -> Option<i64> {
        match self {
            Self::Days(array) => array.is_valid(row).then(|| i64::from(array.value(row))),
            Self::Micros(array) => array.is_valid(row).then(|| array.value(row)),
        }
    }
}

impl<'a> Spans<'a> {
    pub(crate) fn of(array: &'a ArrayRef) -> Result<Self> {
        match array.as_struct_opt().filter(|array| array.num_columns() == 2) {
            Some(array) => Ok(Self { array, start: Times::of(array.column(0))?, end: Times::of(array.column(1))? }),
            None => Err(Error::Internal(format!("{} is no RANGE", array.data_type()))),
        }
    }

    pub(crate) fn get(&self, row: usize) -> Option<Span> {
        self.array.is_valid(row).then(|| Span {
            start: self.start.get(row).unwrap_or(Span::FIRST),
            end: self.end.get(row).unwrap_or(Span::LAST),
        })
    }
}

/// Spans as an array of a RANGE's type.
pub(crate) fn array_of(spans: &[Option<Span>], data_type: &DataType) -> Result<ArrayRef> {
    let DataType::Struct(fields) = data_type else {
        return Err(Error::Internal(format!("{data_type} is no RANGE")));
    };
    let start = spans.iter().map(|span| span.map(|span| span.start).filter(|start| *start != Span::FIRST));
    let end = spans.iter().map(|span| span.map(|span| span.end).filter(|end| *end != Span::LAST));
    let columns = vec![times(start, fields[0].data_type()), times(end, fields[1].data_type())];
    let nulls: NullBuffer = spans.iter().map(Option::is_some).collect::<Vec<_>>().into();
    Ok(Arc::new(StructArray::try_new(fields.clone(), columns, Some(nulls))?))
}

/// Days or microseconds as an array of the type.
pub(crate) fn times(values: impl Iterator<Item = Option<i64>>, data_type: &DataType) -> ArrayRef {
    if matches!(data_type, DataType::Date32) {
        return Arc::new(values.map(|value| value.map(|days| days as i32)).collect::<Date32Array>());
    }
    let micros: PrimitiveArray<TimestampMicrosecondType> = values.collect();
    Arc::new(micros.with_data_type(data_type.clone()))
}

/// Numbers by which the RANGE values of an array are in their order.
pub(crate) fn keys(array: &ArrayRef) -> Result<Decimal128Array> {
    let spans = Spans::of(array)?;
    let keys: Decimal128Array = (0..array.len()).map(|row| spans.get(row).map(Span::key)).collect();
    Ok(keys.with_precision_and_scale(38, 9)?)
}
