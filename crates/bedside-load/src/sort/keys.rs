//! The order of rows by their key columns, ascending, NULLs first.

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::buffer::NullBuffer;
use arrow::compute::SortOptions;
use arrow::datatypes::{DataType, Date32Type, Int64Type, TimeUnit, TimestampMicrosecondType};
use arrow::row::{RowConverter, Rows, SortField};

use crate::error::Result;

/// The rows of `batch` in the order of the columns `order`, equal ones in place order; `None` where they are in order
/// already.
pub(crate) fn sorted_rows(batch: &RecordBatch, order: &[usize]) -> Result<Option<Vec<u32>>> {
    if let Some(mut packed) = packed_keys(batch, order) {
        // Row numbers are part of the packed keys, so that no two are equal.
        if packed.keys.is_sorted() {
            return Ok(None);
        }
        packed.keys.sort_unstable();
        let mask = (1_u128 << packed.row_bits) - 1;
        return Ok(Some(packed.keys.into_iter().map(|key| (key & mask) as u32).collect()));
    }
    let keys = comparable_keys(batch, order)?;
    let mut rows: Vec<u32> = (0..batch.num_rows() as u32).collect();
    if rows.is_sorted_by_key(|row| keys.row(*row as usize)) {
        return Ok(None);
    }
    rows.sort_by(|a, b| keys.row(*a as usize).cmp(&keys.row(*b as usize)));
    Ok(Some(rows))
}

/// The keys of all rows as bytes that compare as the rows do, also with those of other batches of the same table.
pub(crate) fn comparable_keys(batch: &RecordBatch, order: &[usize]) -> Result<Rows> {
    let options = SortOptions { descending: false, nulls_first: true };
    let columns: Vec<ArrayRef> = order.iter().map(|index| ArrayRef::clone(batch.column(*index))).collect();
    let fields =
        columns.iter().map(|column| SortField::new_with_options(column.data_type().clone(), options)).collect();
    Ok(RowConverter::new(fields)?.convert_columns(&columns)?)
}

/// Keys and row numbers packed into one number each.
struct Packed {
    keys: Vec<u128>,
    row_bits: u32,
}

/// Packs keys where their columns are numbers or times in ranges that leave room: the ids of a subject range, stays,
/// microseconds of a century and a million rows need some 120 bits.
fn packed_keys(batch: &RecordBatch, order: &[usize]) -> Option<Packed> {
    let rows = batch.num_rows();
    let row_bits = bits_of(rows as u64);
    let columns = order.iter().map(|index| Integers::of(batch.column(*index))).collect::<Option<Vec<_>>>()?;
    let ranges = columns.iter().map(Integers::range).collect::<Option<Vec<_>>>()?;
    if ranges.iter().map(|(_, bits)| bits).sum::<u32>() + row_bits > u128::BITS {
        return None;
    }
    let mut keys = vec![0_u128; rows];
    for (column, (lowest, bits)) in columns.iter().zip(ranges) {
        for (row, key) in keys.iter_mut().enumerate() {
            *key = *key << bits | u128::from(column.get(row).map_or(0, |value| value.abs_diff(lowest) + 1));
        }
    }
    for (row, key) in keys.iter_mut().enumerate() {
        *key = *key << row_bits | row as u128;
    }
    Some(Packed { keys, row_bits })
}

/// A column of numbers or times.
struct Integers<'a> {
    values: Values<'a>,
    nulls: Option<&'a NullBuffer>,
}

enum Values<'a> {
    Long(&'a [i64]),
    Short(&'a [i32]),
}

impl<'a> Integers<'a> {
    fn of(column: &'a ArrayRef) -> Option<Self> {
        let values = match column.data_type() {
            DataType::Int64 => Values::Long(column.as_primitive::<Int64Type>().values()),
            DataType::Timestamp(TimeUnit::Microsecond, _) => {
                Values::Long(column.as_primitive::<TimestampMicrosecondType>().values())
            }
            DataType::Date32 => Values::Short(column.as_primitive::<Date32Type>().values()),
            _ => return None,
        };
        Some(Self { values, nulls: column.nulls() })
    }

    #[inline]
    fn get(&self, row: usize) -> Option<i64> {
        if self.nulls.is_some_and(|nulls| nulls.is_null(row)) {
            return None;
        }
        Some(match self.values {
            Values::Long(values) => values[row],
            Values::Short(values) => i64::from(values[row]),
        })
    }

    fn len(&self) -> usize {
        match self.values {
            Values::Long(values) => values.len(),
            Values::Short(values) => values.len(),
        }
    }

    /// The lowest value, and the bits that NULL and all values need; `None` where these are more than 64.
    fn range(&self) -> Option<(i64, u32)> {
        let values = (0..self.len()).filter_map(|row| self.get(row));
        let (low, high) = values.fold((i64::MAX, i64::MIN), |(low, high), value| (low.min(value), high.max(value)));
        if low > high {
            return Some((0, 0));
        }
        Some((low, bits_of(high.abs_diff(low).checked_add(1)?)))
    }
}

/// Bits that hold `number`.
fn bits_of(number: u64) -> u32 {
    u64::BITS - number.leading_zeros()
}

#[cfg(test)]
mod tests {
    use super::{packed_keys, sorted_rows};
    use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
    use proptest::prelude::*;
    use std::sync::Arc;

    type Row = (Option<i64>, Option<i64>, Option<String>);

    fn batch(rows: &[Row]) -> RecordBatch {
        let columns: [(&str, ArrayRef); 3] = [
            ("a", Arc::new(rows.iter().map(|row| row.0).collect::<Int64Array>())),
            ("b", Arc::new(rows.iter().map(|row| row.1).collect::<Int64Array>())),
            ("c", Arc::new(rows.iter().map(|row| row.2.clone()).collect::<StringArray>())),
        ];
        RecordBatch::try_from_iter(columns).unwrap()
    }

    fn check(rows: &[Row], order: &[usize]) {
        let key = |row: &u32| {
            let row = &rows[*row as usize];
            order
                .iter()
                .map(|column| match column {
                    0 => (row.0, None),
                    1 => (row.1, None),
                    _ => (None, row.2.as_deref().map(str::as_bytes)),
                })
                .collect::<Vec<_>>()
        };
        let unsorted: Vec<u32> = (0..rows.len() as u32).collect();
        let mut expected = unsorted.clone();
        expected.sort_by_key(key);
        let found = sorted_rows(&batch(rows), order).unwrap();
        assert_eq!(found.is_none(), expected == unsorted);
        assert_eq!(found.unwrap_or(unsorted), expected);
    }

    #[test]
    fn numbers_are_packed_where_they_fit() {
        let near = [(Some(10), None, None), (Some(7), Some(4_000_000_000_000_000), None)];
        assert!(packed_keys(&batch(&near), &[0, 1]).is_some());
        let far = [(Some(i64::MIN), Some(i64::MIN), None), (Some(i64::MAX), Some(i64::MAX), None)];
        assert!(packed_keys(&batch(&far), &[0, 1]).is_none());
        assert!(packed_keys(&batch(&near), &[0, 2]).is_none());
    }

    proptest! {
        #[test]
        fn any_rows_are_ordered(rows in prop::collection::vec(
            (prop::option::of(-3..3_i64), prop::option::of(prop_oneof![any::<i64>(), 0..9_i64]), prop::option::of("[ab\u{e9}]{0,3}")),
            0..80,
        )) {
            for order in [&[0_usize] as &[usize], &[0, 1], &[1, 0], &[0, 2], &[2, 1, 0]] {
                check(&rows, order);
            }
        }
    }
}
