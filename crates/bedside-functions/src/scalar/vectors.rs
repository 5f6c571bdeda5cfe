//! COSINE_DISTANCE and EUCLIDEAN_DISTANCE, of vectors given whole or as index and value of what is not zero.

use crate::call::{Call, some};
use crate::error::{Error, Result, fail};
use crate::function::Spec;
use crate::scalar::arrays::Lists;
use crate::text::format_float;
use arrow::array::ArrayRef;
use arrow::array::{Array, AsArray, Float64Array};
use arrow::datatypes::{Float64Type, Int64Type};
use std::collections::BTreeMap;

pub(super) const FUNCTIONS: &[Spec] = &[
    Spec::fallible("cosine_distance", |call| distance(call, cosine)),
    Spec::fallible("euclidean_distance", |call| distance(call, euclidean)),
];

/// The distance of two vectors by pairs of their components.
type Metric = fn(&mut dyn Iterator<Item = (f64, f64)>) -> Result<f64>;

fn distance(call: &Call<'_>, metric: Metric) -> Result<ArrayRef> {
    let (left, right) = (Lists::of(call, 0)?, Lists::of(call, 1)?);
    if let (Some(a), Some(b)) =
        (left.values().as_primitive_opt::<Float64Type>(), right.values().as_primitive_opt::<Float64Type>())
    {
        return call.floats(|row| {
            let (x, y) = (some!(left.range(row)), some!(right.range(row)));
            let (x_length, y_length) = (x.1 - x.0, y.1 - y.0);
            if x_length != y_length {
                return fail(format!("Array length mismatch: {x_length} and {y_length}"));
            }
            no_nulls(a, x, "first")?;
            no_nulls(b, y, "second")?;
            metric(&mut (0..x_length).map(|at| (a.value(x.0 + at), b.value(y.0 + at)))).map(Some)
        });
    }
    let by_number = left.values().as_struct_opt().is_some_and(|fields| {
        fields.columns().first().is_some_and(|column| column.as_primitive_opt::<Int64Type>().is_some())
    });
    call.floats(|row| {
        let (x, y) = (some!(left.range(row)), some!(right.range(row)));
        if by_number {
            let (x, y) = (sparse(left.values(), x, number)?, sparse(right.values(), y, number)?);
            return metric(&mut pairs(&x, &y)).map(Some);
        }
        let (x, y) = (sparse(left.values(), x, word)?, sparse(right.values(), y, word)?);
        metric(&mut pairs(&x, &y)).map(Some)
    })
}

fn no_nulls(values: &Float64Array, (start, end): (usize, usize), which: &str) -> Result<()> {
    if (start..end).any(|at| values.is_null(at)) {
        return fail(format!("NULL array element in {which} argument"));
    }
    Ok(())
}

fn number(indexes: &ArrayRef, at: usize) -> Option<i64> {
    indexes.as_primitive_opt::<Int64Type>().map(|indexes| indexes.value(at))
}

fn word(indexes: &ArrayRef, at: usize) -> Option<String> {
    indexes.as_string_view_opt().map(|indexes| indexes.value(at).to_owned())
}

/// The components of a vector by their index.
fn sparse<K: Ord + std::fmt::Display>(
    values: &ArrayRef,
    (start, end): (usize, usize),
    key: fn(&ArrayRef, usize) -> Option<K>,
) -> Result<BTreeMap<K, f64>> {
    let internal = || Error::Internal(format!("a vector of {}", values.data_type()));
    let fields = values.as_struct_opt().ok_or_else(internal)?;
    let [indexes, components] = fields.columns() else { return Err(internal()) };
    let numbers = components.as_primitive_opt::<Float64Type>().ok_or_else(internal)?;
    let mut found = BTreeMap::new();
    for at in start..end {
        if fields.is_null(at) {
            return fail("NULL array element");
        }
        if indexes.is_null(at) || numbers.is_null(at) {
            return fail("NULL struct field");
        }
        let index = key(indexes, at).ok_or_else(internal)?;
        if found.contains_key(&index) {
            return fail(format!("Duplicate index {index} found in the input array"));
        }
        found.insert(index, numbers.value(at));
    }
    Ok(found)
}

/// Components of both by index; what one does not have is 0.
fn pairs<'a, K: Ord>(x: &'a BTreeMap<K, f64>, y: &'a BTreeMap<K, f64>) -> impl Iterator<Item = (f64, f64)> + 'a {
    let of = |vector: &BTreeMap<K, f64>, index: &K| vector.get(index).copied().unwrap_or(0.0);
    let first = x.iter().map(move |(index, value)| (*value, of(y, index)));
    first.chain(y.iter().filter(|(index, _)| !x.contains_key(index)).map(|(_, value)| (0.0, *value)))
}

fn product(a: f64, b: f64) -> Result<f64> {
    let product = a * b;
    if product.is_infinite() && a.is_finite() && b.is_finite() {
        return fail(format!("double overflow: {} * {}", format_float(a), format_float(b)));
    }
    Ok(product)
}

fn sum(a: f64, b: f64) -> Result<f64> {
    let sum = a + b;
    if sum.is_infinite() && a.is_finite() && b.is_finite() {
        return fail(format!("double overflow: {} + {}", format_float(a), format_float(b)));
    }
    Ok(sum)
}

fn cosine(pairs: &mut dyn Iterator<Item = (f64, f64)>) -> Result<f64> {
    let (mut dot, mut x_square, mut y_square) = (0.0, 0.0, 0.0);
    for (x, y) in pairs {
        dot = sum(dot, product(x, y)?)?;
        x_square = sum(x_square, product(x, x)?)?;
        y_square = sum(y_square, product(y, y)?)?;
    }
    if x_square == 0.0 || y_square == 0.0 {
        return fail("Cannot compute cosine distance against zero vector");
    }
    Ok(1.0 - dot / (x_square.sqrt() * y_square.sqrt()))
}

fn euclidean(pairs: &mut dyn Iterator<Item = (f64, f64)>) -> Result<f64> {
    let mut square = 0.0;
    for (x, y) in pairs {
        square = sum(square, product(x - y, x - y)?)?;
    }
    Ok(square.sqrt())
}
