//! One call of a scalar function over a batch: typed access to its arguments and builders for its result.

use crate::error::{Error, Result};
use arrow::array::{
    Array, ArrayRef, ArrowPrimitiveType, AsArray, BinaryViewArray, BinaryViewBuilder, BooleanArray, BooleanBuilder,
    Int64Array, PrimitiveArray, PrimitiveBuilder, StringViewArray, StringViewBuilder,
};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Decimal256Type, Float64Type, Int64Type, IntervalMonthDayNano,
    IntervalMonthDayNanoType, Time64MicrosecondType, TimestampMicrosecondType,
};
use std::borrow::Cow;
use std::sync::Arc;

/// What an evaluation error of one row becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OnError {
    /// The statement fails.
    Fail,
    /// The row's value is NULL (`SAFE.`, `SAFE_CAST`).
    Null,
}

/// Arguments and what is wanted. Constant arguments are arrays of one element that every row reads.
pub(crate) struct Call<'a> {
    pub(crate) name: &'static str,
    pub(crate) arguments: &'a [ArrayRef],
    pub(crate) rows: usize,
    pub(crate) result: &'a DataType,
    pub(crate) on_error: OnError,
}

impl<'a> Call<'a> {
    pub(crate) fn count(&self) -> usize {
        self.arguments.len()
    }

    /// The array of one argument and the step from row to row in it, 0 for a constant.
    pub(crate) fn argument(&self, index: usize) -> Result<(&'a ArrayRef, usize)> {
        let array = self
            .arguments
            .get(index)
            .ok_or_else(|| Error::Internal(format!("{} was called with {} arguments", self.name, self.count())))?;
        Ok((array, usize::from(array.len() == self.rows && self.rows != 1)))
    }

    pub(crate) fn argument_type(&self, index: usize) -> Result<&'a DataType> {
        Ok(self.argument(index)?.0.data_type())
    }

    fn wrong<T>(&self, index: usize) -> Result<T> {
        let name = self.name.trim_start_matches('$').to_uppercase();
        Err(Error::Unsupported(format!("{name} with {} as argument {}", self.argument_type(index)?, index + 1)))
    }

    pub(crate) fn primitive<T: ArrowPrimitiveType>(&self, index: usize) -> Result<Numbers<'a, T>> {
        let (array, step) = self.argument(index)?;
        match array.as_primitive_opt::<T>() {
            Some(array) => Ok(Numbers { array, step }),
            None => self.wrong(index),
        }
    }

    pub(crate) fn int(&self, index: usize) -> Result<Numbers<'a, Int64Type>> {
        self.primitive(index)
    }

    pub(crate) fn float(&self, index: usize) -> Result<Numbers<'a, Float64Type>> {
        self.primitive(index)
    }

    pub(crate) fn numeric(&self, index: usize) -> Result<Numbers<'a, Decimal128Type>> {
        self.primitive(index)
    }

    pub(crate) fn big_numeric(&self, index: usize) -> Result<Numbers<'a, Decimal256Type>> {
        self.primitive(index)
    }

    pub(crate) fn date(&self, index: usize) -> Result<Numbers<'a, Date32Type>> {
        self.primitive(index)
    }

    /// DATETIME or TIMESTAMP.
    pub(crate) fn moment(&self, index: usize) -> Result<Numbers<'a, TimestampMicrosecondType>> {
        self.primitive(index)
    }

    pub(crate) fn time(&self, index: usize) -> Result<Numbers<'a, Time64MicrosecondType>> {
        self.primitive(index)
    }

    pub(crate) fn interval(&self, index: usize) -> Result<Numbers<'a, IntervalMonthDayNanoType>> {
        self.primitive(index)
    }

    pub(crate) fn text(&self, index: usize) -> Result<Texts<'a>> {
        let (array, step) = self.argument(index)?;
        match array.as_string_view_opt() {
            Some(array) => Ok(Texts { array, step }),
            None => self.wrong(index),
        }
    }

    pub(crate) fn blob(&self, index: usize) -> Result<Blobs<'a>> {
        let (array, step) = self.argument(index)?;
        match array.as_binary_view_opt() {
            Some(array) => Ok(Blobs { array, step }),
            None => self.wrong(index),
        }
    }

    pub(crate) fn flag(&self, index: usize) -> Result<Flags<'a>> {
        let (array, step) = self.argument(index)?;
        match array.as_boolean_opt() {
            Some(array) => Ok(Flags { array, step }),
            None => self.wrong(index),
        }
    }

    /// A constant word such as a date part; the same for all rows.
    pub(crate) fn word(&self, index: usize) -> Result<&'a str> {
        let texts = self.text(index)?;
        if texts.step != 0 || texts.array.is_empty() || texts.array.is_null(0) {
            return Err(Error::Unsupported(format!(
                "{} with an argument {} that is no constant",
                self.name,
                index + 1
            )));
        }
        Ok(texts.array.value(0))
    }

    /// A row's outcome under `SAFE.` rules.
    pub(crate) fn settle<T>(&self, outcome: Result<Option<T>>) -> Result<Option<T>> {
        match outcome {
            Err(Error::Evaluation(_)) if self.on_error == OnError::Null => Ok(None),
            other => other,
        }
    }

    pub(crate) fn numbers<T: ArrowPrimitiveType>(
        &self,
        mut row: impl FnMut(usize) -> Result<Option<T::Native>>,
    ) -> Result<ArrayRef> {
        let mut builder = PrimitiveBuilder::<T>::with_capacity(self.rows).with_data_type(self.result.clone());
        for index in 0..self.rows {
            builder.append_option(self.settle(row(index))?);
        }
        Ok(Arc::new(builder.finish()))
    }

    pub(crate) fn ints(&self, row: impl FnMut(usize) -> Result<Option<i64>>) -> Result<ArrayRef> {
        self.numbers::<Int64Type>(row)
    }

    /// INT64 from two numbers by what cannot fail, computed without looking for NULLs, which hide what comes of them.
    pub(crate) fn ints_of<T: ArrowPrimitiveType>(
        &self,
        (a, b): (&Numbers<'_, T>, &Numbers<'_, T>),
        of: impl Fn(T::Native, T::Native) -> i64,
    ) -> Result<ArrayRef> {
        let (Some(left), Some(right)) = (a.column(self.rows), b.column(self.rows)) else {
            return self.ints(|_| Ok(None));
        };
        let values: Vec<i64> = match (left, right) {
            (Side::Each(left), Side::Each(right)) => left.iter().zip(right).map(|(a, b)| of(*a, *b)).collect(),
            (Side::Each(left), Side::All(b)) => left.iter().map(|a| of(*a, b)).collect(),
            (Side::All(a), Side::Each(right)) => right.iter().map(|b| of(a, *b)).collect(),
            (Side::All(a), Side::All(b)) => vec![of(a, b); self.rows],
        };
        let nulls = |side: &Numbers<'_, T>| if side.step == 0 { None } else { side.array.nulls().cloned() };
        let nulls = NullBuffer::union(nulls(a).as_ref(), nulls(b).as_ref());
        Ok(Arc::new(Int64Array::new(values.into(), nulls)))
    }

    pub(crate) fn floats(&self, row: impl FnMut(usize) -> Result<Option<f64>>) -> Result<ArrayRef> {
        self.numbers::<Float64Type>(row)
    }

    pub(crate) fn intervals(&self, row: impl FnMut(usize) -> Result<Option<IntervalMonthDayNano>>) -> Result<ArrayRef> {
        self.numbers::<IntervalMonthDayNanoType>(row)
    }

    pub(crate) fn texts<'b>(&self, mut row: impl FnMut(usize) -> Result<Option<Cow<'b, str>>>) -> Result<ArrayRef> {
        let mut builder = StringViewBuilder::with_capacity(self.rows);
        for index in 0..self.rows {
            builder.append_option(self.settle(row(index))?);
        }
        Ok(Arc::new(builder.finish()))
    }

    pub(crate) fn blobs<'b>(&self, mut row: impl FnMut(usize) -> Result<Option<Cow<'b, [u8]>>>) -> Result<ArrayRef> {
        let mut builder = BinaryViewBuilder::with_capacity(self.rows);
        for index in 0..self.rows {
            builder.append_option(self.settle(row(index))?);
        }
        Ok(Arc::new(builder.finish()))
    }

    pub(crate) fn flags(&self, mut row: impl FnMut(usize) -> Result<Option<bool>>) -> Result<ArrayRef> {
        let mut builder = BooleanBuilder::with_capacity(self.rows);
        for index in 0..self.rows {
            builder.append_option(self.settle(row(index))?);
        }
        Ok(Arc::new(builder.finish()))
    }
}

/// An argument of a primitive type.
pub(crate) struct Numbers<'a, T: ArrowPrimitiveType> {
    pub(crate) array: &'a PrimitiveArray<T>,
    pub(crate) step: usize,
}

impl<T: ArrowPrimitiveType> Numbers<'_, T> {
    /// The value that every row reads, where it is one.
    pub(crate) fn constant(&self) -> Option<T::Native> {
        (self.step == 0 && self.array.len() == 1 && self.array.is_valid(0)).then(|| self.array.value(0))
    }

    pub(crate) fn get(&self, row: usize) -> Option<T::Native> {
        let index = row * self.step;
        (!self.array.is_null(index)).then(|| self.array.value(index))
    }

    /// What so many rows read; `None` where that is NULL for all.
    fn column(&self, rows: usize) -> Option<Side<'_, T::Native>> {
        match self.step {
            0 => self.get(0).map(Side::All),
            _ => Some(Side::Each(&self.array.values()[..rows])),
        }
    }
}

/// A value for each row, or one for all.
enum Side<'a, T> {
    Each(&'a [T]),
    All(T),
}

/// A STRING argument.
pub(crate) struct Texts<'a> {
    pub(crate) array: &'a StringViewArray,
    pub(crate) step: usize,
}

impl<'a> Texts<'a> {
    pub(crate) fn get(&self, row: usize) -> Option<&'a str> {
        let index = row * self.step;
        (!self.array.is_null(index)).then(|| self.array.value(index))
    }
}

/// A BYTES argument.
pub(crate) struct Blobs<'a> {
    array: &'a BinaryViewArray,
    step: usize,
}

impl<'a> Blobs<'a> {
    pub(crate) fn get(&self, row: usize) -> Option<&'a [u8]> {
        let index = row * self.step;
        (!self.array.is_null(index)).then(|| self.array.value(index))
    }
}

/// A BOOL argument.
pub(crate) struct Flags<'a> {
    array: &'a BooleanArray,
    step: usize,
}

impl Flags<'_> {
    pub(crate) fn get(&self, row: usize) -> Option<bool> {
        let index = row * self.step;
        (!self.array.is_null(index)).then(|| self.array.value(index))
    }
}

/// The value of an `Option` in a row closure; the row is NULL where there is none.
macro_rules! some {
    ($value:expr) => {
        match $value {
            Some(value) => value,
            None => return Ok(None),
        }
    };
}
pub(crate) use some;
