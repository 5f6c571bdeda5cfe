//! Variances, standard deviations, covariances and correlation, from exact sums of values and products.
//!
//! With exact sums, `n·Σx² - (Σx)²` has no cancellation, and the result does not depend on the order of the rows.

use crate::aggregate::exact::{ExactSum, ratio, take};
use crate::aggregate::fold::Output;
use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{DataType, Decimal128Type, Float64Type};
use datafusion::common::ScalarValue;
use datafusion::logical_expr::Accumulator;
use num_bigint::BigInt;
use num_traits::Zero;

/// The sums over pairs; a function of one value has both sides equal.
#[derive(Clone, Debug)]
pub(crate) struct Spread {
    count: i64,
    x: ExactSum,
    y: ExactSum,
    xx: ExactSum,
    yy: ExactSum,
    xy: ExactSum,
    output: Output,
    sliding: bool,
}

/// Units of the exact sums' integers.
const UNIT: i32 = -2200;

impl Spread {
    pub(crate) fn new(output: Output, sliding: bool) -> Self {
        let zero = ExactSum::default;
        Self { count: 0, x: zero(), y: zero(), xx: zero(), yy: zero(), xy: zero(), output, sliding }
    }

    fn apply(&mut self, values: &[ArrayRef], add: bool) {
        let columns: Vec<Vec<Option<f64>>> = values.iter().map(doubles).collect();
        let pairs = columns.len() > 1;
        for (x, y) in columns[0].iter().zip(&columns[usize::from(pairs)]) {
            let (Some(x), Some(y)) = (*x, *y) else { continue };
            self.count += if add { 1 } else { -1 };
            put(&mut self.x, x, add);
            product(&mut self.xx, x, x, add);
            if pairs {
                put(&mut self.y, y, add);
                product(&mut self.yy, y, y, add);
                product(&mut self.xy, x, y, add);
            }
        }
    }

    fn value(&self) -> Option<f64> {
        let count = BigInt::from(self.count);
        let sample = matches!(self.output.function, "stddev_samp" | "var_samp" | "covar_samp");
        if self.count == 0 || (sample && self.count == 1) {
            return None;
        }
        if [&self.x, &self.y].iter().any(|sum| sum.not_finite().is_some()) {
            return Some(f64::NAN);
        }
        let moment = |products: &ExactSum, a: &ExactSum, b: &ExactSum| {
            // Units: products in 2^UNIT, a·b in 2^(2·UNIT).
            ((&count * products.total()) << (-UNIT) as usize) - a.total() * b.total()
        };
        let divisor = &count * (&count - i64::from(sample));
        let spread = |moment: &BigInt| ratio(moment, &divisor, 2 * UNIT);
        match self.output.function {
            "var_samp" | "var_pop" => Some(spread(&moment(&self.xx, &self.x, &self.x))),
            "stddev_samp" | "stddev_pop" => {
                let moment = moment(&self.xx, &self.x, &self.x);
                let variance = spread(&moment);
                if variance.is_finite() {
                    return Some(variance.sqrt());
                }
                // The variance is beyond doubles, its root is not.
                let half = 2_f64.powi(512);
                Some(ratio(&moment, &divisor, 2 * UNIT - 2048).sqrt() * half * half)
            }
            "covar_samp" | "covar_pop" => Some(spread(&moment(&self.xy, &self.x, &self.y))),
            _ => {
                let (xx, yy) = (moment(&self.xx, &self.x, &self.x), moment(&self.yy, &self.y, &self.y));
                if self.count < 2 || xx.is_zero() || yy.is_zero() {
                    return if self.count < 2 { None } else { Some(f64::NAN) };
                }
                let root =
                    ratio(&xx, &BigInt::from(1), 2 * UNIT).sqrt() * ratio(&yy, &BigInt::from(1), 2 * UNIT).sqrt();
                Some((ratio(&moment(&self.xy, &self.x, &self.y), &BigInt::from(1), 2 * UNIT) / root).clamp(-1.0, 1.0))
            }
        }
    }
}

fn doubles(array: &ArrayRef) -> Vec<Option<f64>> {
    if let Some(values) = array.as_primitive_opt::<Decimal128Type>() {
        return values.iter().map(|value| value.map(crate::numeric::to_float)).collect();
    }
    array.as_primitive_opt::<Float64Type>().map(|values| values.iter().collect()).unwrap_or_default()
}

fn put(sum: &mut ExactSum, value: f64, add: bool) {
    if add { sum.add(value) } else { sum.subtract(value) }
}

/// Adds a product exactly: the rounded product and what rounding lost.
fn product(sum: &mut ExactSum, x: f64, y: f64, add: bool) {
    let rounded = x * y;
    if rounded.is_finite() || !x.is_finite() || !y.is_finite() {
        put(sum, rounded, add);
    }
    if rounded.is_finite() {
        put(sum, x.mul_add(y, -rounded), add);
    } else if x.is_finite() && y.is_finite() {
        sum.add_large_product(x, y, if add { 1 } else { -1 });
    }
}

impl Accumulator for Spread {
    fn update_batch(&mut self, values: &[ArrayRef]) -> datafusion::common::Result<()> {
        self.apply(values, true);
        Ok(())
    }

    fn retract_batch(&mut self, values: &[ArrayRef]) -> datafusion::common::Result<()> {
        self.apply(values, false);
        Ok(())
    }

    fn supports_retract_batch(&self) -> bool {
        self.sliding
    }

    fn evaluate(&mut self) -> datafusion::common::Result<ScalarValue> {
        let value = self.value();
        Ok(match &self.output.result {
            DataType::Decimal128(precision, scale) => {
                ScalarValue::Decimal128(value.and_then(crate::numeric::from_float), *precision, *scale)
            }
            _ => ScalarValue::Float64(value),
        })
    }

    fn size(&self) -> usize {
        size_of::<Self>() + [&self.x, &self.y, &self.xx, &self.yy, &self.xy].iter().map(|sum| sum.heap()).sum::<usize>()
    }

    fn state(&mut self) -> datafusion::common::Result<Vec<ScalarValue>> {
        let mut bytes = self.count.to_le_bytes().to_vec();
        for sum in [&self.x, &self.y, &self.xx, &self.yy, &self.xy] {
            sum.encode(&mut bytes);
        }
        Ok(vec![ScalarValue::Binary(Some(bytes))])
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> datafusion::common::Result<()> {
        let states = states[0].as_binary::<i32>();
        for row in 0..states.len() {
            let mut bytes = states.value(row);
            merge(self, &mut bytes)
                .ok_or_else(|| crate::Error::Internal("the state of an aggregate is damaged".to_owned()))?;
        }
        Ok(())
    }
}

fn merge(spread: &mut Spread, bytes: &mut &[u8]) -> Option<()> {
    spread.count += i64::from_le_bytes(take(bytes)?);
    for sum in [&mut spread.x, &mut spread.y, &mut spread.xx, &mut spread.yy, &mut spread.xy] {
        sum.merge(&ExactSum::decode(bytes)?);
    }
    Some(())
}
