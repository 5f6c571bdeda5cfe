//! What becomes of the values that an aggregate collected.

use crate::aggregate::collected::{of_rank, one_form, rank, sorted};
use crate::aggregate::fold::{Fold, Output};
use crate::aggregate::sketches::{Distinct, merged};
use crate::aggregate::sums::{BigNumericSum, FloatSum, IntSum, IntervalSum, NumericSum};
use crate::aggregate::tallies::{Bits, Extremes, Truth};
use crate::aggregate::{fold, quantile_sketches, spread};
use crate::error::{Error, Result, fail};
use crate::numeric;
use crate::span;
use arrow::array::{
    Array, ArrayRef, AsArray, Float64Array, Int64Array, ListArray, StructArray, UInt32Array, new_empty_array,
};
use arrow::buffer::OffsetBuffer;
use arrow::compute::{concat, take};
use arrow::datatypes::{DataType, Decimal128Type, Float64Type, Int64Type};
use arrow::row::{RowConverter, SortField};
use bedside_types::SqlType;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::Accumulator;
use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

/// The aggregate's value over these argument columns, already filtered, ordered and cut.
pub(crate) fn finish(output: &Output, columns: &[ArrayRef]) -> Result<ScalarValue> {
    let values = &columns[0];
    let array = match output.function {
        "array_agg" => return list_of(output, values),
        "array_concat_agg" => return joined_lists(output, values),
        "string_agg" => return joined_texts(values, columns.get(1)),
        "count" | "approx_count_distinct" => {
            let count =
                if output.function == "count" { values.len() - values.null_count() } else { different(values)? };
            return Ok(ScalarValue::Int64(Some(count as i64)));
        }
        "min" | "max" if values.data_type() != &DataType::Float64 => extreme(values, output.function == "max")?,
        "any_value" => extreme(values, false)?,
        "approx_quantiles" => return quantiles(output, values, constant(columns, 1)?),
        "approx_top_count" => return top_count(output, values, constant(columns, 1)?),
        "approx_top_sum" => return top_sum(output, columns),
        "percentile_cont" | "percentile_disc" => percentile(output, columns)?,
        "hll_count.init" => folded::<Distinct>(output, values)?,
        "hll_count.merge" | "hll_count.merge_partial" => return merged(output, values),
        "kll_quantiles.init_int64" | "kll_quantiles.init_float64" => return quantile_sketches::begun(output, columns),
        name if name.starts_with("kll_quantiles.") => return quantile_sketches::merged(output, columns),
        "$single" => single(values)?,
        "countif" | "logical_and" | "logical_or" => folded::<Truth>(output, values)?,
        "bit_and" | "bit_or" | "bit_xor" => folded::<Bits>(output, values)?,
        "min" | "max" => folded::<Extremes>(output, values)?,
        "sum" | "avg" => match values.data_type() {
            DataType::Int64 => folded::<IntSum>(output, values)?,
            DataType::Float64 => folded::<FloatSum>(output, values)?,
            DataType::Decimal128(..) => folded::<NumericSum>(output, values)?,
            DataType::Decimal256(..) => folded::<BigNumericSum>(output, values)?,
            _ => folded::<IntervalSum>(output, values)?,
        },
        _ => {
            let mut spread = spread::Spread::new(output.clone(), false);
            spread.update_batch(columns).map_err(internal)?;
            return spread.evaluate().map_err(internal);
        }
    };
    ScalarValue::try_from_array(&array, 0).map_err(internal)
}

#[expect(clippy::needless_pass_by_value, reason = "it stands in map_err")]
fn internal(error: datafusion::common::DataFusionError) -> Error {
    Error::within(&error).unwrap_or_else(|| Error::Internal(error.to_string()))
}

fn folded<F: Fold>(output: &Output, values: &ArrayRef) -> Result<ArrayRef> {
    let mut state = fold::Single::<F>::new(output.clone());
    state.update_batch(std::slice::from_ref(values)).map_err(internal)?;
    state.evaluate().map_err(internal)?.to_array_of_size(1).map_err(internal)
}

/// A constant INT64 argument; NULL and empty input give none.
fn constant(columns: &[ArrayRef], index: usize) -> Result<Option<i64>> {
    let values = columns.get(index).and_then(|column| column.as_primitive_opt::<Int64Type>());
    let Some(values) = values else { return Err(Error::Internal("a constant argument is missing".to_owned())) };
    Ok((!values.is_empty() && values.is_valid(0)).then(|| values.value(0)))
}

/// One value; NULL for no row.
fn one(values: &ArrayRef, row: Option<u32>) -> Result<ArrayRef> {
    Ok(take(values, &UInt32Array::from(vec![row]), None)?)
}

fn single(values: &ArrayRef) -> Result<ArrayRef> {
    if values.len() > 1 {
        return fail("Scalar subquery produced more than one element");
    }
    one(values, (!values.is_empty()).then_some(0))
}

fn extreme(values: &ArrayRef, max: bool) -> Result<ArrayRef> {
    if SqlType::is_range(values.data_type()) {
        let keys: ArrayRef = Arc::new(span::keys(values)?);
        return one(values, extreme_row(&keys, max)?);
    }
    if values.data_type().is_nested() {
        return one(values, (0..values.len()).find(|row| values.is_valid(*row)).map(|row| row as u32));
    }
    one(values, extreme_row(values, max)?)
}

fn extreme_row(values: &ArrayRef, max: bool) -> Result<Option<u32>> {
    let options = arrow::compute::SortOptions { descending: max, nulls_first: false };
    let order = arrow::compute::sort_to_indices(values, Some(options), Some(1))?;
    Ok(order.values().first().copied())
}

fn list(output: &Output, values: ArrayRef) -> Result<ScalarValue> {
    let DataType::List(field) = &output.result else {
        return Err(Error::Internal(format!("{} gives {}", output.function, output.result)));
    };
    let offsets = OffsetBuffer::from_lengths([values.len()]);
    Ok(ScalarValue::List(Arc::new(ListArray::try_new(Arc::clone(field), offsets, values, None)?)))
}

fn no_list(output: &Output) -> Result<ScalarValue> {
    ScalarValue::try_new_null(&output.result).map_err(internal)
}

fn list_of(output: &Output, values: &ArrayRef) -> Result<ScalarValue> {
    if values.is_empty() { no_list(output) } else { list(output, Arc::clone(values)) }
}

fn joined_lists(output: &Output, values: &ArrayRef) -> Result<ScalarValue> {
    let lists = values.as_list::<i32>();
    let parts: Vec<ArrayRef> =
        (0..lists.len()).filter(|row| lists.is_valid(*row)).map(|row| lists.value(row)).collect();
    if parts.is_empty() {
        return no_list(output);
    }
    list(output, concat(&parts.iter().map(AsRef::as_ref).collect::<Vec<_>>())?)
}

fn joined_texts(values: &ArrayRef, delimiter: Option<&ArrayRef>) -> Result<ScalarValue> {
    if let Some(blobs) = values.as_binary_view_opt() {
        let delimiter =
            delimiter.and_then(|d| d.as_binary_view_opt()).filter(|d| !d.is_empty()).map_or(&b","[..], |d| d.value(0));
        let parts: Vec<&[u8]> = blobs.iter().flatten().collect();
        return Ok(ScalarValue::BinaryView((!parts.is_empty()).then(|| parts.join(delimiter))));
    }
    let Some(texts) = values.as_string_view_opt() else {
        return Err(Error::Internal(format!("STRING_AGG of {}", values.data_type())));
    };
    let delimiter =
        delimiter.and_then(|d| d.as_string_view_opt()).filter(|d| !d.is_empty()).map_or(",", |d| d.value(0));
    let parts: Vec<&str> = texts.iter().flatten().collect();
    Ok(ScalarValue::Utf8View((!parts.is_empty()).then(|| parts.join(delimiter))))
}

/// How often each value occurs, with the row where it is first.
fn frequencies(values: &ArrayRef) -> Result<Vec<(u32, Vec<usize>)>> {
    let rows =
        RowConverter::new(vec![SortField::new(values.data_type().clone())])?.convert_columns(&[one_form(values)])?;
    let mut places: HashMap<Vec<u8>, usize> = HashMap::new();
    let mut found: Vec<(u32, Vec<usize>)> = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let place = *places.entry(row.as_ref().to_vec()).or_insert_with(|| {
            found.push((at as u32, Vec::new()));
            found.len() - 1
        });
        found[place].1.push(at);
    }
    Ok(found)
}

fn different(values: &ArrayRef) -> Result<usize> {
    let valid = arrow::compute::filter(values, &arrow::compute::is_not_null(values)?)?;
    Ok(frequencies(&valid)?.len())
}

/// The element `k` of `n + 1` is the ceil(k/n·N)-th smallest, the first the smallest.
fn quantiles(output: &Output, values: &ArrayRef, parts: Option<i64>) -> Result<ScalarValue> {
    let order = sorted(values)?;
    let count = order.len() as i64;
    let Some(parts) = parts.filter(|_| count > 0) else { return no_list(output) };
    if parts < 1 {
        return fail("The second argument of APPROX_QUANTILES must be positive");
    }
    let places = (0..=parts).map(|k| {
        let place = (i128::from(k) * i128::from(count) + i128::from(parts) - 1) / i128::from(parts);
        order.value((place.max(1) - 1) as usize)
    });
    let places: UInt32Array = places.map(Some).collect();
    list(output, take(values, &places, None)?)
}

/// Rows of (value, weight), the heaviest first, as an array of structs.
fn top(
    output: &Output,
    values: &ArrayRef,
    firsts: &[u32],
    weights: &ArrayRef,
    most: Option<i64>,
) -> Result<ScalarValue> {
    let DataType::List(field) = &output.result else { return no_list(output) };
    let DataType::Struct(fields) = field.data_type() else { return no_list(output) };
    let options = arrow::compute::SortOptions { descending: true, nulls_first: false };
    let most = usize::try_from(most.unwrap_or(0)).unwrap_or(0);
    let keys = take(values, &UInt32Array::from(firsts.to_vec()), None)?;
    let order = arrow::compute::lexsort_to_indices(
        &[
            arrow::compute::SortColumn { values: Arc::clone(weights), options: Some(options) },
            arrow::compute::SortColumn { values: Arc::clone(&keys), options: None },
        ],
        Some(most),
    )?;
    let columns = vec![take(&keys, &order, None)?, take(weights, &order, None)?];
    list(output, Arc::new(StructArray::try_new(fields.clone(), columns, None)?))
}

fn top_count(output: &Output, values: &ArrayRef, most: Option<i64>) -> Result<ScalarValue> {
    if values.is_empty() {
        return no_list(output);
    }
    let found = frequencies(values)?;
    let firsts: Vec<u32> = found.iter().map(|(first, _)| *first).collect();
    let counts: ArrayRef = Arc::new(Int64Array::from_iter_values(found.iter().map(|(_, rows)| rows.len() as i64)));
    top(output, values, &firsts, &counts, most)
}

fn top_sum(output: &Output, columns: &[ArrayRef]) -> Result<ScalarValue> {
    let (values, weights) = (&columns[0], &columns[1]);
    if values.is_empty() {
        return no_list(output);
    }
    let sum = Output { function: "sum", result: weights.data_type().clone() };
    let found = frequencies(values)?;
    let mut sums = Vec::new();
    for (_, rows) in &found {
        let places: UInt32Array = rows.iter().map(|row| Some(*row as u32)).collect();
        sums.push(finish(&sum, &[take(weights, &places, None)?])?);
    }
    let sums = if sums.is_empty() {
        new_empty_array(&sum.result)
    } else {
        ScalarValue::iter_to_array(sums).map_err(internal)?
    };
    let firsts: Vec<u32> = found.iter().map(|(first, _)| *first).collect();
    top(output, values, &firsts, &sums, constant(columns, 2)?)
}

/// The place of a share, 0 to 1, among so many steps, and how far it is to the next: as exact as the share itself, so that 0.2
/// as FLOAT64, which is a little more than a fifth, lies behind the first of five. `None` for NULL.
fn place(share: &ArrayRef, steps: usize) -> Result<Option<(usize, f64)>> {
    const UNIT: i128 = 1_000_000_000;
    if share.is_empty() || share.is_null(0) {
        return Ok(None);
    }
    if let Some(share) = share.as_primitive_opt::<Decimal128Type>() {
        let product = percentage(share.value(0), 0..=UNIT)? * steps as i128;
        return Ok(Some(((product / UNIT) as usize, (product % UNIT) as f64 / UNIT as f64)));
    }
    let share = share.as_primitive_opt::<Float64Type>().map_or(f64::NAN, |share| share.value(0));
    let share = percentage(share, 0.0..=1.0)?;
    let product = share * steps as f64;
    let error = share.mul_add(steps as f64, -product);
    let low = product.floor();
    if product == low && error < 0.0 && low > 0.0 {
        return Ok(Some((low as usize - 1, 1.0 + error)));
    }
    Ok(Some((low as usize, (product - low + error).max(0.0))))
}

fn percentage<T: PartialOrd>(share: T, allowed: RangeInclusive<T>) -> Result<T> {
    if allowed.contains(&share) { Ok(share) } else { fail("The percentile must be between 0 and 1") }
}

/// PERCENTILE_CONT interpolates between neighbours, PERCENTILE_DISC takes a value that is there.
fn percentile(output: &Output, columns: &[ArrayRef]) -> Result<ArrayRef> {
    let [values, share, ..] = columns else { return one(&columns[0], None) };
    let count = values.len();
    let discrete = output.function == "percentile_disc";
    let Some((low, weight)) = place(share, if discrete { count } else { count.saturating_sub(1) })? else {
        return one(values, None);
    };
    if count == 0 {
        return one(values, None);
    }
    let high = if weight > 0.0 { low + 1 } else { low };
    if let Some(doubles) = values.as_primitive_opt::<Float64Type>() {
        let value = if discrete {
            neighbours(doubles, high.max(1) - 1).0
        } else {
            match neighbours(doubles, low) {
                (Some(low), Some(high)) if weight > 0.0 => Some(low * (1.0 - weight) + high * weight),
                (None, high) if weight > 0.0 => high,
                (low, _) => low,
            }
        };
        return Ok(Arc::new(Float64Array::from(vec![value])));
    }
    let order = sorted(values)?;
    if discrete {
        return one(values, Some(order.value(high.max(1) - 1)));
    }
    let (low_row, high_row) = (order.value(low) as usize, order.value(high) as usize);
    // A NULL neighbour counts only if it stands exactly at the place.
    let null = |row: usize| values.is_null(row);
    if low == high || null(low_row) || null(high_row) {
        let row = if low == high || (!null(low_row) && null(high_row)) { low_row } else { high_row };
        return one(values, Some(row as u32));
    }
    if let Some(values) = values.as_primitive_opt::<Decimal128Type>() {
        let (low, high) = (values.value(low_row), values.value(high_row));
        let part = numeric::from_float(weight).and_then(|weight| numeric::multiply(high - low, weight));
        let value = part.map(|part| low + part);
        let array = [value].into_iter().collect::<arrow::array::Decimal128Array>();
        return Ok(Arc::new(array.with_data_type(output.result.clone())));
    }
    Err(Error::Unsupported(format!("PERCENTILE_CONT of {}", values.data_type())))
}

/// The double that stands at a place when all are sorted, NULLs first, and the one behind it. The others are not sorted.
fn neighbours(doubles: &Float64Array, place: usize) -> (Option<f64>, Option<f64>) {
    let mut ranks: Vec<u64> = doubles.iter().map(rank).collect();
    let (_, at, behind) = ranks.select_nth_unstable(place);
    (of_rank(*at), behind.iter().min().and_then(|rank| of_rank(*rank)))
}
