//! HLL_COUNT.EXTRACT, and the hashes that HLL_COUNT.INIT counts.

use crate::aggregate::PRECISION_BITS;
use crate::call::{Call, some};
use crate::error::{Result, fail};
use crate::function::Spec;
use crate::scalar::value_text::cast_text;
use crate::sketch::{PRECISIONS, Sketch};
use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{DataType, Int64Type};

pub(super) const FUNCTIONS: &[Spec] =
    &[Spec::fallible("$hll_hash", hash), Spec::fallible("hll_count.extract", extract)];

/// A value's hash with the precision of its sketch in the last bits. Decimals are hashed by their text, which does not depend on
/// how they are held.
fn hash(call: &Call<'_>) -> Result<ArrayRef> {
    let (array, step) = call.argument(0)?;
    let precision = call.int(1)?;
    call.ints(|row| {
        let precision = some!(precision.get(row));
        if !PRECISIONS.contains(&precision) {
            let (least, most) = (PRECISIONS.start(), PRECISIONS.end());
            return fail(format!(
                "The precision of HLL_COUNT.INIT must be between {least} and {most}, but is {precision}"
            ));
        }
        let row = row * step;
        if array.is_null(row) {
            return Ok(None);
        }
        let hash = match array.data_type() {
            DataType::Int64 => farmhash::fingerprint64(&array.as_primitive::<Int64Type>().value(row).to_le_bytes()),
            DataType::BinaryView => farmhash::fingerprint64(array.as_binary_view().value(row)),
            DataType::Utf8View => farmhash::fingerprint64(array.as_string_view().value(row).as_bytes()),
            _ => farmhash::fingerprint64(cast_text(array, row)?.unwrap_or_default().as_bytes()),
        };
        Ok(Some(hash as i64 & !PRECISION_BITS | precision))
    })
}

/// About how many different values a sketch saw; 0 for NULL.
fn extract(call: &Call<'_>) -> Result<ArrayRef> {
    let a = call.blob(0)?;
    call.ints(|row| {
        let Some(bytes) = a.get(row) else { return Ok(Some(0)) };
        match Sketch::decode(bytes) {
            Some(sketch) => Ok(Some(sketch.estimate())),
            None => fail("Invalid or unsupported sketch in HLL_COUNT.EXTRACT"),
        }
    })
}
