//! HLL_COUNT.INIT, HLL_COUNT.MERGE, HLL_COUNT.MERGE_PARTIAL.

use crate::aggregate::fold::{Fold, Output};
use crate::error::{Error, Result, fail};
use crate::sketch::Sketch;
use arrow::array::{Array, ArrayRef, AsArray, BinaryViewBuilder, Int64Array};
use datafusion::common::ScalarValue;
use std::sync::Arc;

/// A sketch of values that come as hashes with the sketch's precision in the last bits, see `$hll_hash`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Distinct(Option<Sketch>);

/// The bits of a hash that hold the precision.
pub(crate) const PRECISION_BITS: i64 = 31;

impl Fold for Distinct {
    type Array = Int64Array;
    type Item = i64;

    fn item(array: &Int64Array, row: usize) -> i64 {
        array.value(row)
    }

    fn add(&mut self, item: i64) {
        let precision = (item & PRECISION_BITS) as u8;
        self.0.get_or_insert_with(|| Sketch::new(precision)).add((item & !PRECISION_BITS) as u64);
    }

    fn retract(&mut self, _: i64) -> bool {
        false
    }

    fn merge(&mut self, other: &Self) {
        match (&mut self.0, &other.0) {
            (Some(own), Some(other)) => own.merge(other),
            (own @ None, Some(other)) => *own = Some(other.clone()),
            (_, None) => {}
        }
    }

    fn encode(&self, out: &mut Vec<u8>) {
        if let Some(sketch) = &self.0 {
            sketch.encode(out);
        }
    }

    fn decode(bytes: &mut &[u8]) -> Option<Self> {
        if bytes.is_empty() { Some(Self(None)) } else { Sketch::decode(bytes).map(|sketch| Self(Some(sketch))) }
    }

    fn finish(states: &[Self], _: &Output) -> Result<ArrayRef> {
        let mut builder = BinaryViewBuilder::with_capacity(states.len());
        let mut bytes = Vec::new();
        for Self(sketch) in states {
            bytes.clear();
            sketch.iter().for_each(|sketch| sketch.encode(&mut bytes));
            builder.append_option(sketch.as_ref().map(|_| bytes.as_slice()));
        }
        Ok(Arc::new(builder.finish()))
    }

    fn heap(&self) -> usize {
        self.0.as_ref().map_or(0, Sketch::heap)
    }
}

/// All sketches as one, or about how many values they saw.
pub(crate) fn merged(output: &Output, values: &ArrayRef) -> Result<ScalarValue> {
    let Some(sketches) = values.as_binary_view_opt() else {
        return Err(Error::Internal(format!("{} of {}", output.function, values.data_type())));
    };
    let mut merged: Option<Sketch> = None;
    for bytes in sketches.iter().flatten() {
        let Some(sketch) = Sketch::decode(bytes) else {
            return fail(format!("Invalid or unsupported sketch in {}", output.function.to_uppercase()));
        };
        match &mut merged {
            Some(merged) => merged.merge(&sketch),
            None => merged = Some(sketch),
        }
    }
    if output.function == "hll_count.merge" {
        return Ok(ScalarValue::Int64(Some(merged.map_or(0, |sketch| sketch.estimate()))));
    }
    Ok(ScalarValue::BinaryView(merged.map(|sketch| {
        let mut bytes = Vec::new();
        sketch.encode(&mut bytes);
        bytes
    })))
}
