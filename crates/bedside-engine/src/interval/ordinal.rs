//! Values as whole numbers in the same order, which are searched without regard to their type.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::buffer::{NullBuffer, ScalarBuffer};
use arrow::datatypes::{
    DataType, Date32Type, Float64Type, Int64Type, Time64MicrosecondType, TimeUnit, TimestampMicrosecondType,
};
use datafusion::common::{Result, internal_err};

/// Values of one column in their order. A NULL has no place in it, and neither has a NaN.
#[derive(Debug)]
pub(super) struct Ordinals {
    values: ScalarBuffer<i64>,
    nulls: Option<NullBuffer>,
}

impl Ordinals {
    /// Of a column whose type [`is_ordinal`].
    pub(super) fn of(array: &ArrayRef) -> Result<Self> {
        let nulls = array.logical_nulls().filter(|nulls| nulls.null_count() > 0);
        let values = match array.data_type() {
            DataType::Int64 => array.as_primitive::<Int64Type>().values().clone(),
            DataType::Timestamp(TimeUnit::Microsecond, _) => {
                array.as_primitive::<TimestampMicrosecondType>().values().clone()
            }
            DataType::Time64(TimeUnit::Microsecond) => array.as_primitive::<Time64MicrosecondType>().values().clone(),
            DataType::Date32 => array.as_primitive::<Date32Type>().values().iter().copied().map(i64::from).collect(),
            DataType::Float64 => {
                return Ok(Self::of_doubles(array.as_primitive::<Float64Type>().values(), nulls.as_ref()));
            }
            other => return internal_err!("there is no search by {other}"),
        };
        Ok(Self { values, nulls })
    }

    fn of_doubles(doubles: &[f64], nulls: Option<&NullBuffer>) -> Self {
        let values = doubles.iter().copied().map(of_double).collect();
        let nans: NullBuffer = doubles.iter().map(|value| !value.is_nan()).collect();
        let nans = (nans.null_count() > 0).then_some(nans);
        Self { values, nulls: NullBuffer::union(nulls, nans.as_ref()) }
    }

    /// The place of a row's value; `None` for NULL and NaN.
    pub(super) fn get(&self, row: usize) -> Option<i64> {
        match &self.nulls {
            Some(nulls) if nulls.is_null(row) => None,
            _ => self.values.get(row).copied(),
        }
    }
}

/// Whether values of a type can be searched.
pub(super) fn is_ordinal(data_type: &DataType) -> bool {
    matches!(
        data_type,
        DataType::Int64
            | DataType::Timestamp(TimeUnit::Microsecond, _)
            | DataType::Time64(TimeUnit::Microsecond)
            | DataType::Date32
            | DataType::Float64
    )
}

/// IEEE's order: -0 is 0.
fn of_double(value: f64) -> i64 {
    let bits = (value + 0.0).to_bits().cast_signed();
    bits ^ ((bits >> 63).cast_unsigned() >> 1).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::{Ordinals, of_double};
    use arrow::array::{ArrayRef, Float64Array};
    use std::sync::Arc;

    #[test]
    fn doubles_keep_their_order() {
        let ascending = [f64::NEG_INFINITY, -1e300, -1.5, -f64::MIN_POSITIVE, 0.0, 5e-324, 1.0, f64::INFINITY];
        assert!(ascending.windows(2).all(|pair| of_double(pair[0]) < of_double(pair[1])));
        assert_eq!(of_double(-0.0), of_double(0.0));
    }

    #[test]
    fn neither_null_nor_nan_has_a_place() {
        let array: ArrayRef = Arc::new(Float64Array::from(vec![Some(1.0), None, Some(f64::NAN)]));
        let ordinals = Ordinals::of(&array).unwrap();
        assert!(ordinals.get(0).is_some());
        assert_eq!((ordinals.get(1), ordinals.get(2)), (None, None));
    }
}
