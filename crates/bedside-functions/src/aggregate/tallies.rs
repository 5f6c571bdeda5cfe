//! COUNTIF, LOGICAL_AND, LOGICAL_OR, BIT_AND, BIT_OR, BIT_XOR, and MIN and MAX of doubles with NaN.

use crate::aggregate::exact::take;
use crate::aggregate::fold::{Fold, Output};
use crate::error::Result;
use arrow::array::{ArrayRef, BooleanArray, Float64Array, Int64Array};
use std::sync::Arc;

/// How many of each truth value.
#[derive(Clone, Debug, Default)]
pub(crate) struct Truth {
    yes: i64,
    no: i64,
}

impl Fold for Truth {
    type Array = BooleanArray;
    type Item = bool;

    fn item(array: &BooleanArray, row: usize) -> bool {
        array.value(row)
    }

    fn add(&mut self, item: bool) {
        *(if item { &mut self.yes } else { &mut self.no }) += 1;
    }

    fn retract(&mut self, item: bool) -> bool {
        *(if item { &mut self.yes } else { &mut self.no }) -= 1;
        true
    }

    fn merge(&mut self, other: &Self) {
        self.yes += other.yes;
        self.no += other.no;
    }

    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.yes.to_le_bytes());
        out.extend_from_slice(&self.no.to_le_bytes());
    }

    fn decode(bytes: &mut &[u8]) -> Option<Self> {
        Some(Self { yes: i64::from_le_bytes(take(bytes)?), no: i64::from_le_bytes(take(bytes)?) })
    }

    fn finish(states: &[Self], output: &Output) -> Result<ArrayRef> {
        if output.function == "countif" {
            return Ok(Arc::new(Int64Array::from_iter_values(states.iter().map(|state| state.yes))));
        }
        let all = output.function == "logical_and";
        let value = |state: &Self| if all { state.no == 0 } else { state.yes > 0 };
        let values = states.iter().map(|state| (state.yes + state.no > 0).then(|| value(state)));
        Ok(Arc::new(values.collect::<BooleanArray>()))
    }
}

/// Bits that all, one, or an odd number of values have.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bits {
    count: i64,
    missing: i64,
    any: i64,
    odd: i64,
}

impl Fold for Bits {
    type Array = Int64Array;
    type Item = i64;

    fn item(array: &Int64Array, row: usize) -> i64 {
        array.value(row)
    }

    fn add(&mut self, item: i64) {
        self.count += 1;
        self.missing |= !item;
        self.any |= item;
        self.odd ^= item;
    }

    fn retract(&mut self, _: i64) -> bool {
        false
    }

    fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.missing |= other.missing;
        self.any |= other.any;
        self.odd ^= other.odd;
    }

    fn encode(&self, out: &mut Vec<u8>) {
        for part in [self.count, self.missing, self.any, self.odd] {
            out.extend_from_slice(&part.to_le_bytes());
        }
    }

    fn decode(bytes: &mut &[u8]) -> Option<Self> {
        let mut part = || Some(i64::from_le_bytes(take(bytes)?));
        Some(Self { count: part()?, missing: part()?, any: part()?, odd: part()? })
    }

    fn finish(states: &[Self], output: &Output) -> Result<ArrayRef> {
        let value = |state: &Self| match output.function {
            "bit_and" => !state.missing,
            "bit_or" => state.any,
            _ => state.odd,
        };
        Ok(Arc::new(states.iter().map(|state| (state.count > 0).then(|| value(state))).collect::<Int64Array>()))
    }
}

/// The smallest and largest double; NaN if there is any.
#[derive(Clone, Debug, Default)]
pub(crate) struct Extremes {
    range: Option<(f64, f64)>,
    nan: bool,
}

impl Fold for Extremes {
    type Array = Float64Array;
    type Item = f64;

    fn item(array: &Float64Array, row: usize) -> f64 {
        array.value(row)
    }

    fn add(&mut self, item: f64) {
        self.nan |= item.is_nan();
        let (least, most) = self.range.unwrap_or((item, item));
        self.range = Some((least.min(item), most.max(item)));
    }

    fn retract(&mut self, _: f64) -> bool {
        false
    }

    fn merge(&mut self, other: &Self) {
        self.nan |= other.nan;
        if let Some((least, most)) = other.range {
            let (own_least, own_most) = self.range.unwrap_or((least, most));
            self.range = Some((own_least.min(least), own_most.max(most)));
        }
    }

    fn encode(&self, out: &mut Vec<u8>) {
        out.push(u8::from(self.nan) | u8::from(self.range.is_some()) << 1);
        let (least, most) = self.range.unwrap_or_default();
        out.extend_from_slice(&least.to_le_bytes());
        out.extend_from_slice(&most.to_le_bytes());
    }

    fn decode(bytes: &mut &[u8]) -> Option<Self> {
        let [flags] = take(bytes)?;
        let range = (f64::from_le_bytes(take(bytes)?), f64::from_le_bytes(take(bytes)?));
        Some(Self { range: (flags & 2 != 0).then_some(range), nan: flags & 1 != 0 })
    }

    fn finish(states: &[Self], output: &Output) -> Result<ArrayRef> {
        let value = |state: &Self| {
            let (least, most) = state.range?;
            Some(if state.nan {
                f64::NAN
            } else if output.function == "min" {
                least
            } else {
                most
            })
        };
        Ok(Arc::new(states.iter().map(value).collect::<Float64Array>()))
    }
}
