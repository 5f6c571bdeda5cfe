//! `KLL_QUANTILES.INIT_…`, `MERGE_…` and `MERGE_PARTIAL`, over the values that were collected.

use crate::aggregate::fold::Output;
use crate::error::{Error, Result, fail};
use crate::quantiles::{Numbers, PRECISIONS, Point, Summary, ordinal};
use crate::scalar::quantiles::{answer, decoded};
use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{Float64Type, Int64Type};
use datafusion::common::ScalarValue;

/// A summary of values; their columns are the values, the precision and the weights. NULLs and what has no weight are passed over.
pub(crate) fn begun(output: &Output, columns: &[ArrayRef]) -> Result<ScalarValue> {
    let [values, precision, weights] = columns else {
        return Err(Error::Internal(format!("{} of {} columns", output.function, columns.len())));
    };
    let (precision, weights) = (precision.as_primitive::<Int64Type>(), weights.as_primitive::<Int64Type>());
    let integers = values.as_primitive_opt::<Int64Type>();
    let numbers = if integers.is_some() { Numbers::Int64 } else { Numbers::Float64 };
    let mut points = Vec::with_capacity(values.len());
    for row in (0..values.len()).filter(|row| values.is_valid(*row) && weights.is_valid(*row)) {
        let weight = weights.value(row);
        if weight < 0 {
            return fail(format!("The weight of {} must not be negative", output.function.to_uppercase()));
        }
        let value = match integers {
            Some(integers) => integers.value(row),
            None => ordinal(values.as_primitive::<Float64Type>().value(row)),
        };
        points.extend((weight > 0).then_some(Point { value, weight: weight as u64 }));
    }
    if points.is_empty() {
        return Ok(ScalarValue::BinaryView(None));
    }
    let precision = Some(precision).filter(|precision| precision.is_valid(0)).map(|precision| precision.value(0));
    let Some(precision) = precision.filter(|precision| PRECISIONS.contains(precision)) else {
        let (least, most) = (PRECISIONS.start(), PRECISIONS.end());
        let name = output.function.to_uppercase();
        return fail(format!("The precision of {name} must be between {least} and {most}"));
    };
    Ok(ScalarValue::BinaryView(Summary::of(numbers, precision as u32, points).map(|summary| summary.encode())))
}

/// All sketches as one, or what it answers to the second column.
pub(crate) fn merged(output: &Output, columns: &[ArrayRef]) -> Result<ScalarValue> {
    let Some(sketches) = columns[0].as_binary_view_opt() else {
        return Err(Error::Internal(format!("{} of {}", output.function, columns[0].data_type())));
    };
    let summaries = sketches.iter().flatten().map(|bytes| decoded(output.function, bytes));
    let merged = Summary::merged(summaries.collect::<Result<_>>()?)?;
    if output.function == "kll_quantiles.merge_partial" {
        return Ok(ScalarValue::BinaryView(merged.map(|summary| summary.encode())));
    }
    let asked = columns.get(1).filter(|asked| !asked.is_empty()).map(|asked| (asked, 0));
    let array = answer(output.function, &output.result, &[merged.as_ref()], &|_| asked, &|outcome| outcome)?;
    ScalarValue::try_from_array(&array, 0).map_err(|error| Error::Internal(error.to_string()))
}
