//! Checking that rows come sorted: the engine relies on it without looking.

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, make_comparator};
use arrow::compute::SortOptions;
use arrow::datatypes::{DataType, Int64Type, TimestampMicrosecondType};
use arrow::error::ArrowError;
use std::cmp::Ordering;

const ASCENDING: SortOptions = SortOptions { descending: false, nulls_first: true };

/// The last row so far, to compare the next chunk's first with.
#[derive(Debug, Default)]
pub(crate) struct OrderCheck {
    last: Option<Vec<ArrayRef>>,
}

impl OrderCheck {
    /// The first row of `chunk` that should stand before the one above it, if any. `order` are the indices of the columns.
    pub(crate) fn check(&mut self, chunk: &RecordBatch, order: &[usize]) -> Result<Option<usize>, ArrowError> {
        let rows = chunk.num_rows();
        if rows == 0 || order.is_empty() {
            return Ok(None);
        }
        let columns: Vec<&ArrayRef> = order.iter().map(|index| chunk.column(*index)).collect();
        if let Some(last) = &self.last {
            let mut ordering = Ordering::Equal;
            for (last, column) in last.iter().zip(&columns) {
                ordering = ordering.then(make_comparator(last, column, ASCENDING)?(0, 0));
            }
            if ordering == Ordering::Greater {
                return Ok(Some(0));
            }
        }
        // Pairs of neighbours that are equal so far; only these are looked at in the next column.
        let mut equal = vec![true; rows - 1];
        for column in &columns {
            if let Some(row) = check_column(column, &mut equal)? {
                return Ok(Some(row));
            }
        }
        self.last = Some(columns.iter().map(|column| column.slice(rows - 1, 1)).collect());
        Ok(None)
    }
}

/// Finds the first wrong row among the pairs marked equal and leaves those marked that this column does not tell apart.
fn check_column(column: &ArrayRef, equal: &mut [bool]) -> Result<Option<usize>, ArrowError> {
    if column.null_count() == 0 {
        match column.data_type() {
            DataType::Int64 => return Ok(check_integers(column.as_primitive::<Int64Type>().values(), equal)),
            DataType::Timestamp(..) => {
                return Ok(check_integers(column.as_primitive::<TimestampMicrosecondType>().values(), equal));
            }
            _ => {}
        }
    }
    let compare = make_comparator(column, column, ASCENDING)?;
    for (pair, equal) in equal.iter_mut().enumerate() {
        if *equal {
            match compare(pair, pair + 1) {
                Ordering::Greater => return Ok(Some(pair + 1)),
                ordering => *equal = ordering == Ordering::Equal,
            }
        }
    }
    Ok(None)
}

fn check_integers(values: &[i64], equal: &mut [bool]) -> Option<usize> {
    let mut wrong = 0;
    // No way out of this loop, so that it is compiled to vector instructions.
    for (pair, equal) in values.windows(2).zip(equal.iter_mut()) {
        *equal &= pair[1] <= pair[0];
        wrong |= u8::from(*equal) & u8::from(pair[1] < pair[0]);
    }
    // A wrong pair is left marked, as is an equal one.
    (wrong != 0).then(|| {
        values
            .windows(2)
            .zip(equal.iter())
            .position(|(pair, equal)| *equal && pair[1] < pair[0])
            .map_or(0, |pair| pair + 1)
    })
}

#[cfg(test)]
mod tests {
    use super::OrderCheck;
    use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringViewArray};
    use std::sync::Arc;

    type Row = (Option<i64>, &'static str, i64);

    #[test]
    fn the_first_row_out_of_order_is_found() {
        let cases: [(&[Row], Option<usize>); 7] = [
            (&[(None, "b", 9), (None, "c", 0), (Some(1), "a", 1), (Some(1), "a", 1), (Some(1), "a", 2)], None),
            (&[(Some(1), "a", 1), (None, "a", 1)], Some(1)),
            (&[(Some(1), "b", 1), (Some(1), "a", 1)], Some(1)),
            (&[(Some(1), "a", 1), (Some(1), "a", 2), (Some(1), "a", 1)], Some(2)),
            (&[(Some(1), "a", 5), (Some(2), "a", 1), (Some(2), "b", 0), (Some(1), "c", 9)], Some(3)),
            (&[(Some(1), "a", 1)], None),
            (&[], None),
        ];
        for (rows, expected) in cases {
            let batch = batch(rows);
            assert_eq!(OrderCheck::default().check(&batch, &[0, 1, 2]).unwrap(), expected, "{rows:?}");
            // The same when every row comes in a chunk of its own.
            let mut check = OrderCheck::default();
            let found = (0..rows.len()).find(|row| check.check(&batch.slice(*row, 1), &[0, 1, 2]).unwrap().is_some());
            assert_eq!(found, expected, "{rows:?}");
        }
    }

    fn batch(rows: &[Row]) -> RecordBatch {
        let columns: [(&str, ArrayRef); 3] = [
            ("a", Arc::new(rows.iter().map(|row| row.0).collect::<Int64Array>())),
            ("b", Arc::new(rows.iter().map(|row| Some(row.1)).collect::<StringViewArray>())),
            ("c", Arc::new(rows.iter().map(|row| Some(row.2)).collect::<Int64Array>())),
        ];
        RecordBatch::try_from_iter(columns).unwrap()
    }
}
