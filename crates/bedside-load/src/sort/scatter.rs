//! Dealing rows to their subject ranges.

use arrow::array::{Array, AsArray, RecordBatch, UInt32Array};
use arrow::compute::take_record_batch;
use arrow::datatypes::Int64Type;

use crate::error::{Error, Result};

/// Splits `batch` by subject range, file order kept within each; ranges without rows are left out. `subject` is the index of
/// the subject column, `splits` are the release's split points; rows without a subject belong to range 0.
pub(crate) fn scatter(batch: RecordBatch, subject: usize, splits: &[i64]) -> Result<Vec<(usize, RecordBatch)>> {
    if batch.num_rows() == 0 {
        return Ok(Vec::new());
    }
    let Some(subjects) = batch.column(subject).as_primitive_opt::<Int64Type>() else {
        return Err(Error::Internal(format!("subject column {subject} is no INT64")));
    };
    let mut rows: Vec<Vec<u32>> = vec![Vec::new(); splits.len() + 1];
    // Neighbours mostly share a subject.
    let mut last = (i64::MIN, range_of(splits, i64::MIN));
    for row in 0..subjects.len() {
        let value = if subjects.is_valid(row) { subjects.value(row) } else { i64::MIN };
        if value != last.0 {
            last = (value, range_of(splits, value));
        }
        rows[last.1].push(row as u32);
    }
    if let Some(only) = rows.iter().position(|rows| rows.len() == batch.num_rows()) {
        return Ok(vec![(only, batch)]);
    }
    let ranges = rows.into_iter().enumerate().filter(|(_, rows)| !rows.is_empty());
    ranges.map(|(range, rows)| Ok((range, take_record_batch(&batch, &UInt32Array::from(rows))?))).collect()
}

/// As [`bedside_store::Manifest::range_of`].
fn range_of(splits: &[i64], subject: i64) -> usize {
    splits.partition_point(|split| *split <= subject)
}

#[cfg(test)]
mod tests {
    use super::scatter;
    use arrow::array::{ArrayRef, AsArray, Int64Array, RecordBatch};
    use arrow::datatypes::Int64Type;
    use std::sync::Arc;

    fn deal(subjects: &[Option<i64>], splits: &[i64]) -> Vec<(usize, Vec<i64>)> {
        let rows: ArrayRef = Arc::new((0..subjects.len() as i64).collect::<Int64Array>());
        let subjects: ArrayRef = Arc::new(subjects.iter().copied().collect::<Int64Array>());
        let batch = RecordBatch::try_from_iter([("subject_id", subjects), ("row", rows)]).unwrap();
        let parts = scatter(batch, 0, splits).unwrap();
        parts
            .into_iter()
            .map(|(range, part)| (range, part.column(1).as_primitive::<Int64Type>().values().to_vec()))
            .collect()
    }

    #[test]
    fn rows_go_to_the_range_of_their_subject_in_file_order() {
        let subjects = [Some(20), Some(5), None, Some(19), Some(10), Some(25)];
        assert_eq!(deal(&subjects, &[10, 20]), [(0, vec![1, 2]), (1, vec![3, 4]), (2, vec![0, 5])]);
        assert_eq!(deal(&subjects, &[]), [(0, vec![0, 1, 2, 3, 4, 5])]);
        assert_eq!(deal(&[Some(20), Some(30)], &[10, 20]), [(2, vec![0, 1])]);
        assert_eq!(deal(&[], &[10]), []);
    }
}
