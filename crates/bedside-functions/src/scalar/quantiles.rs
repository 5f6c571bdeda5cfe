//! `KLL_QUANTILES.EXTRACT_…`: what sketches of quantiles tell.

use crate::call::Call;
use crate::error::{Error, Result, fail};
use crate::function::Spec;
use crate::quantiles::{MOST_QUANTILES, Numbers, Summary, double};
use arrow::array::{Array, ArrayRef, AsArray, Float64Array, Int64Array, ListArray};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{DataType, Float64Type, Int64Type};
use std::sync::Arc;

pub(super) const FUNCTIONS: &[Spec] = &[
    Spec::fallible("kll_quantiles.extract_int64", extract),
    Spec::fallible("kll_quantiles.extract_float64", extract),
    Spec::fallible("kll_quantiles.extract_point_int64", extract),
    Spec::fallible("kll_quantiles.extract_point_float64", extract),
];

/// The sketch in bytes.
pub(crate) fn decoded(function: &str, bytes: &[u8]) -> Result<Summary> {
    let summary = Summary::decode(bytes);
    summary.map_or_else(|| fail(format!("Invalid or unsupported sketch in {}", function.to_uppercase())), Ok)
}

fn extract(call: &Call<'_>) -> Result<ArrayRef> {
    let sketches = call.blob(0)?;
    let (asked, step) = call.argument(1)?;
    let mut summaries = Vec::with_capacity(call.rows);
    for row in 0..call.rows {
        let summary = sketches.get(row).map(|bytes| decoded(call.name, bytes)).transpose();
        summaries.push(call.settle(summary)?);
    }
    let summaries: Vec<Option<&Summary>> = summaries.iter().map(Option::as_ref).collect();
    answer(call.name, call.result, &summaries, &|row| Some((asked, row * step)), &|outcome| call.settle(outcome))
}

type Asked<'a> = &'a dyn Fn(usize) -> Option<(&'a ArrayRef, usize)>;
type Settle<'a> = &'a dyn Fn(Result<Option<Vec<i64>>>) -> Result<Option<Vec<i64>>>;

/// For each summary its quantiles, as many as are asked for, or the one at the point that is asked for.
pub(crate) fn answer(
    function: &str,
    result: &DataType,
    summaries: &[Option<&Summary>],
    asked: Asked<'_>,
    settle: Settle<'_>,
) -> Result<ArrayRef> {
    let mut rows = Vec::with_capacity(summaries.len());
    for (row, summary) in summaries.iter().enumerate() {
        rows.push(settle(quantiles(function, *summary, asked(row)))?);
    }
    let values: Vec<Option<i64>> = match result {
        DataType::List(_) => rows.iter().flatten().flatten().copied().map(Some).collect(),
        _ => rows.iter().map(|row| row.as_ref().and_then(|row| row.first().copied())).collect(),
    };
    let values: ArrayRef = if function.ends_with("int64") {
        Arc::new(Int64Array::from(values))
    } else {
        Arc::new(values.into_iter().map(|value| value.map(double)).collect::<Float64Array>())
    };
    let DataType::List(field) = result else { return Ok(values) };
    let lengths = OffsetBuffer::from_lengths(rows.iter().map(|row| row.as_ref().map_or(0, Vec::len)));
    let valid: Vec<bool> = rows.iter().map(Option::is_some).collect();
    Ok(Arc::new(ListArray::try_new(Arc::clone(field), lengths, values, Some(valid.into()))?))
}

fn quantiles(function: &str, summary: Option<&Summary>, asked: Option<(&ArrayRef, usize)>) -> Result<Option<Vec<i64>>> {
    let (Some(summary), Some((asked, row))) = (summary, asked) else { return Ok(None) };
    let wanted = if function.ends_with("int64") { Numbers::Int64 } else { Numbers::Float64 };
    let upper = function.to_uppercase();
    if summary.numbers() != wanted {
        return fail(format!(
            "{upper} takes a sketch of {}, but it is one of {}",
            wanted.name(),
            summary.numbers().name()
        ));
    }
    if asked.is_null(row) {
        return Ok(None);
    }
    if let Some(parts) = asked.as_primitive_opt::<Int64Type>() {
        let parts = parts.value(row);
        if !(1..=MOST_QUANTILES).contains(&parts) {
            return fail(format!(
                "The number of quantiles of {upper} must be between 1 and {MOST_QUANTILES}, but is {parts}"
            ));
        }
        return Ok(Some(summary.quantiles(parts)));
    }
    let Some(points) = asked.as_primitive_opt::<Float64Type>() else {
        return Err(Error::Internal(format!("{upper} is asked for {}", asked.data_type())));
    };
    let point = points.value(row);
    if !(0.0..=1.0).contains(&point) {
        return fail(format!("The point of {upper} must be between 0 and 1, but is {point}"));
    }
    Ok(Some(vec![summary.quantile(point)]))
}
