//! Comparisons by IEEE rules, and GREATEST and LEAST.
//!
//! DataFusion's own comparisons put NaN above everything, make it equal to itself and tell -0 from 0. Lowering uses them
//! where that cannot matter (then filters prune) and these elsewhere.

use crate::call::{Call, some};
use crate::error::{Error, Result};
use crate::function::Spec;
use crate::scalar::interval::key;
use crate::span;
use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Float64Array, make_comparator};
use arrow::buffer::{BooleanBuffer, NullBuffer};
use arrow::compute::SortOptions;
use arrow::datatypes::{DataType, Float64Type, IntervalMonthDayNanoType};
use bedside_types::SqlType;
use std::cmp::Ordering;
use std::sync::Arc;

pub(super) const FUNCTIONS: &[Spec] = &[
    Spec::total("$equal", |call| compare(call, |x, y| x == y, Ordering::is_eq)),
    Spec::total("$not_equal", |call| compare(call, |x, y| x != y, Ordering::is_ne)),
    Spec::total("$less", |call| compare(call, |x, y| x < y, Ordering::is_lt)),
    Spec::total("$less_or_equal", |call| compare(call, |x, y| x <= y, Ordering::is_le)),
    Spec::total("$greater", |call| compare(call, |x, y| x > y, Ordering::is_gt)),
    Spec::total("$greater_or_equal", |call| compare(call, |x, y| x >= y, Ordering::is_ge)),
    Spec::total("$is_distinct_from", distinct),
    Spec::total("greatest", |call| extreme(call, Ordering::Greater)),
    Spec::total("least", |call| extreme(call, Ordering::Less)),
    Spec::total("$float_key", float_key),
    Spec::total("is_nan", |call| float_test(call, f64::is_nan)),
    Spec::total("is_inf", |call| float_test(call, f64::is_infinite)),
];

fn compare(call: &Call<'_>, floats: fn(&f64, &f64) -> bool, others: fn(Ordering) -> bool) -> Result<ArrayRef> {
    if matches!(call.argument_type(0)?, DataType::Float64) {
        let (a, b) = (call.float(0)?, call.float(1)?);
        let (left, right) = (a.array.values(), b.array.values());
        let values = BooleanBuffer::collect_bool(call.rows, |row| floats(&left[row * a.step], &right[row * b.step]));
        let nulls =
            NullBuffer::union(nulls(a.array, a.step, call.rows).as_ref(), nulls(b.array, b.step, call.rows).as_ref());
        return Ok(Arc::new(BooleanArray::new(values, nulls)));
    }
    let compared = call.argument_type(0)?;
    if matches!(compared, DataType::Struct(_))
        && !SqlType::is_range(compared)
        && (call.name == "$equal" || call.name == "$not_equal")
    {
        let (left, right) = (call.argument(0)?, call.argument(1)?);
        let unequal = call.name == "$not_equal";
        return call.flags(|row| Ok(equal(left.0, row * left.1, right.0, row * right.1)?.map(|same| same != unequal)));
    }
    let order = Comparator::new(call, 0, 1)?;
    call.flags(|row| Ok(order.compare(row).map(others)))
}

/// Whether two values are equal: of structs all fields, NULL where that depends on a NULL field.
fn equal(left: &ArrayRef, left_row: usize, right: &ArrayRef, right_row: usize) -> Result<Option<bool>> {
    if left.is_null(left_row) || right.is_null(right_row) {
        return Ok(None);
    }
    if let (Some(a), Some(b)) = (left.as_struct_opt(), right.as_struct_opt())
        && !SqlType::is_range(left.data_type())
    {
        let mut result = Some(true);
        for (x, y) in a.columns().iter().zip(b.columns()) {
            match equal(x, left_row, y, right_row)? {
                Some(false) => return Ok(Some(false)),
                None => result = None,
                Some(true) => {}
            }
        }
        return Ok(result);
    }
    if let (Some(a), Some(b)) = (left.as_primitive_opt::<Float64Type>(), right.as_primitive_opt::<Float64Type>()) {
        return Ok(Some(a.value(left_row) == b.value(right_row)));
    }
    Ok(Some(ordering(left, right)?(left_row, right_row).is_eq()))
}

/// The order of the values of two arrays of one type; of intervals by how long they are, of ranges by start and end.
pub(super) fn ordering(left: &ArrayRef, right: &ArrayRef) -> Result<arrow::array::DynComparator> {
    if SqlType::is_range(left.data_type()) {
        return Ok(make_comparator(&span::keys(left)?, &span::keys(right)?, SortOptions::default())?);
    }
    let intervals =
        (left.as_primitive_opt::<IntervalMonthDayNanoType>(), right.as_primitive_opt::<IntervalMonthDayNanoType>());
    if let (Some(a), Some(b)) = intervals {
        let (a, b) = (a.clone(), b.clone());
        return Ok(Box::new(move |left, right| key(a.value(left)).cmp(&key(b.value(right)))));
    }
    Ok(make_comparator(left, right, SortOptions::default())?)
}

/// An argument's NULLs spread over all rows.
fn nulls(array: &dyn Array, step: usize, rows: usize) -> Option<NullBuffer> {
    if step == 1 {
        return array.nulls().cloned();
    }
    array.is_null(0).then(|| NullBuffer::new_null(rows))
}

fn distinct(call: &Call<'_>) -> Result<ArrayRef> {
    if matches!(call.argument_type(0)?, DataType::Float64) {
        let (a, b) = (call.float(0)?, call.float(1)?);
        return call.flags(|row| {
            // Two NaNs are not distinct, as in GROUP BY.
            let same = match (a.get(row), b.get(row)) {
                (Some(x), Some(y)) => x == y || (x.is_nan() && y.is_nan()),
                (x, y) => x.is_none() && y.is_none(),
            };
            Ok(Some(!same))
        });
    }
    let order = Comparator::new(call, 0, 1)?;
    call.flags(|row| {
        let same = match order.compare(row) {
            Some(ordering) => ordering.is_eq(),
            None => order.both_null(row),
        };
        Ok(Some(!same))
    })
}

/// Two arguments of one type, compared by value.
struct Comparator<'a> {
    left: (&'a ArrayRef, usize),
    right: (&'a ArrayRef, usize),
    compare: arrow::array::DynComparator,
}

impl<'a> Comparator<'a> {
    fn new(call: &Call<'a>, left: usize, right: usize) -> Result<Self> {
        let (left, right) = (call.argument(left)?, call.argument(right)?);
        if left.0.data_type() != right.0.data_type() {
            return Err(Error::Internal(format!(
                "{} compares {} with {}",
                call.name,
                left.0.data_type(),
                right.0.data_type()
            )));
        }
        let compare = ordering(left.0, right.0)?;
        Ok(Self { left, right, compare })
    }

    /// `None` where either is NULL.
    fn compare(&self, row: usize) -> Option<Ordering> {
        let (left, right) = (row * self.left.1, row * self.right.1);
        (!self.left.0.is_null(left) && !self.right.0.is_null(right)).then(|| (self.compare)(left, right))
    }

    fn both_null(&self, row: usize) -> bool {
        self.left.0.is_null(row * self.left.1) && self.right.0.is_null(row * self.right.1)
    }
}

/// NULL if any argument is NULL, NaN if any is NaN.
fn extreme(call: &Call<'_>, wanted: Ordering) -> Result<ArrayRef> {
    if matches!(call.argument_type(0)?, DataType::Float64) {
        let arguments = (0..call.count()).map(|index| call.float(index)).collect::<Result<Vec<_>>>()?;
        return call.floats(|row| {
            let mut best = some!(arguments[0].get(row));
            for argument in &arguments[1..] {
                let value = some!(argument.get(row));
                if value.is_nan() || value.partial_cmp(&best) == Some(wanted) {
                    best = if best.is_nan() { best } else { value };
                }
            }
            Ok(Some(best))
        });
    }
    let arguments = (0..call.count()).map(|index| call.argument(index)).collect::<Result<Vec<_>>>()?;
    let count = arguments.len();
    let mut comparators = Vec::with_capacity(count * count);
    for (left, _) in &arguments {
        for (right, _) in &arguments {
            comparators.push(ordering(left, right)?);
        }
    }
    let at = |argument: usize, row: usize| row * arguments[argument].1;
    let choose = |row: usize| {
        if (0..count).any(|argument| arguments[argument].0.is_null(at(argument, row))) {
            return None;
        }
        Some((1..count).fold(0, |best, other| {
            let ordering = comparators[other * count + best](at(other, row), at(best, row));
            if ordering == wanted { other } else { best }
        }))
    };
    // `interleave` takes (array, index) pairs; the last array is a NULL for rows without a value.
    let null = arrow::array::new_null_array(call.result, 1);
    let arrays: Vec<&dyn Array> = arguments.iter().map(|(array, _)| array.as_ref()).chain([null.as_ref()]).collect();
    let picks: Vec<(usize, usize)> =
        (0..call.rows).map(|row| choose(row).map_or((count, 0), |argument| (argument, at(argument, row)))).collect();
    Ok(arrow::compute::interleave(&arrays, &picks)?)
}

/// Doubles with one form of zero and one of NaN.
fn float_key(call: &Call<'_>) -> Result<ArrayRef> {
    let values = call.float(0)?;
    let canonical: Float64Array = values.array.unary(|value| if value.is_nan() { f64::NAN } else { value + 0.0 });
    Ok(Arc::new(canonical))
}

fn float_test(call: &Call<'_>, test: fn(f64) -> bool) -> Result<ArrayRef> {
    let values = call.float(0)?;
    call.flags(|row| Ok(values.get(row).map(test)))
}
