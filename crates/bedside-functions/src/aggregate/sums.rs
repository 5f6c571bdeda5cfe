//! SUM and AVG of every numeric type.

use crate::aggregate::exact::{ExactSum, take};
use crate::aggregate::fold::{Fold, Output};
use crate::error::{Result, fail};
use crate::numeric;
use arrow::array::{
    Array, ArrayRef, ArrowPrimitiveType, Decimal128Array, Decimal256Array, Float64Array, Int64Array,
    IntervalMonthDayNanoArray, PrimitiveArray,
};
use arrow::datatypes::{Decimal128Type, Decimal256Type, IntervalMonthDayNano, IntervalMonthDayNanoType, i256};
use num_bigint::BigInt;
use num_traits::ToPrimitive;
use std::sync::Arc;

fn is_average(output: &Output) -> bool {
    output.function == "avg"
}

fn column<T: ArrowPrimitiveType>(
    output: &Output,
    values: impl Iterator<Item = Result<Option<T::Native>>>,
) -> Result<ArrayRef> {
    let values = values.collect::<Result<PrimitiveArray<T>>>()?;
    Ok(Arc::new(values.with_data_type(output.result.clone())))
}

/// SUM(INT64): the end decides whether it overflows, not the order of the rows.
#[derive(Clone, Debug, Default)]
pub(crate) struct IntSum {
    sum: i128,
    count: i64,
}

impl Fold for IntSum {
    type Array = Int64Array;
    type Item = i64;

    fn item(array: &Int64Array, row: usize) -> i64 {
        array.value(row)
    }

    fn add(&mut self, item: i64) {
        self.sum += i128::from(item);
        self.count += 1;
    }

    fn retract(&mut self, item: i64) -> bool {
        self.sum -= i128::from(item);
        self.count -= 1;
        true
    }

    fn merge(&mut self, other: &Self) {
        self.sum += other.sum;
        self.count += other.count;
    }

    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.sum.to_le_bytes());
        out.extend_from_slice(&self.count.to_le_bytes());
    }

    fn decode(bytes: &mut &[u8]) -> Option<Self> {
        Some(Self { sum: i128::from_le_bytes(take(bytes)?), count: i64::from_le_bytes(take(bytes)?) })
    }

    fn finish(states: &[Self], output: &Output) -> Result<ArrayRef> {
        column::<arrow::datatypes::Int64Type>(
            output,
            states.iter().map(|state| match i64::try_from(state.sum) {
                _ if state.count == 0 => Ok(None),
                Ok(sum) => Ok(Some(sum)),
                Err(_) => fail("int64 overflow"),
            }),
        )
    }
}

/// SUM and AVG of FLOAT64.
#[derive(Clone, Debug, Default)]
pub(crate) struct FloatSum {
    sum: ExactSum,
    count: i64,
}

impl Fold for FloatSum {
    type Array = Float64Array;
    type Item = f64;

    fn item(array: &Float64Array, row: usize) -> f64 {
        array.value(row)
    }

    fn add(&mut self, item: f64) {
        self.sum.add(item);
        self.count += 1;
    }

    fn add_all(&mut self, array: &Float64Array) {
        self.count += (array.len() - array.null_count()) as i64;
        match array.nulls().filter(|nulls| nulls.null_count() > 0) {
            None => self.sum.add_all(array.values()),
            Some(nulls) => self.sum.add_valid(array.values(), nulls),
        }
    }

    fn retract(&mut self, item: f64) -> bool {
        self.sum.subtract(item);
        self.count -= 1;
        true
    }

    fn merge(&mut self, other: &Self) {
        self.sum.merge(&other.sum);
        self.count += other.count;
    }

    fn encode(&self, out: &mut Vec<u8>) {
        self.sum.encode(out);
        out.extend_from_slice(&self.count.to_le_bytes());
    }

    fn decode(bytes: &mut &[u8]) -> Option<Self> {
        Some(Self { sum: ExactSum::decode(bytes)?, count: i64::from_le_bytes(take(bytes)?) })
    }

    fn finish(states: &[Self], output: &Output) -> Result<ArrayRef> {
        column::<arrow::datatypes::Float64Type>(
            output,
            states.iter().map(|state| {
                if state.count == 0 {
                    return Ok(None);
                }
                let value = if is_average(output) { state.sum.mean(state.count) } else { state.sum.value() };
                if value.is_infinite() && state.sum.not_finite().is_none() {
                    return fail("double overflow");
                }
                Ok(Some(value))
            }),
        )
    }

    fn heap(&self) -> usize {
        self.sum.heap()
    }
}

/// SUM and AVG of NUMERIC.
#[derive(Clone, Debug, Default)]
pub(crate) struct NumericSum {
    sum: i256,
    count: i64,
}

impl Fold for NumericSum {
    type Array = Decimal128Array;
    type Item = i128;

    fn item(array: &Decimal128Array, row: usize) -> i128 {
        array.value(row)
    }

    fn add(&mut self, item: i128) {
        self.sum = self.sum.wrapping_add(i256::from_i128(item));
        self.count += 1;
    }

    fn retract(&mut self, item: i128) -> bool {
        self.sum = self.sum.wrapping_sub(i256::from_i128(item));
        self.count -= 1;
        true
    }

    fn merge(&mut self, other: &Self) {
        self.sum = self.sum.wrapping_add(other.sum);
        self.count += other.count;
    }

    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.sum.to_le_bytes());
        out.extend_from_slice(&self.count.to_le_bytes());
    }

    fn decode(bytes: &mut &[u8]) -> Option<Self> {
        Some(Self { sum: i256::from_le_bytes(take(bytes)?), count: i64::from_le_bytes(take(bytes)?) })
    }

    fn finish(states: &[Self], output: &Output) -> Result<ArrayRef> {
        column::<Decimal128Type>(
            output,
            states.iter().map(|state| {
                if state.count == 0 {
                    return Ok(None);
                }
                let divisor = if is_average(output) { state.count } else { 1 };
                let value = match state.sum.to_i128() {
                    Some(sum) => Some(numeric::divide_rounded(sum, i128::from(divisor))),
                    None => numeric::divide_big(&numeric::wide(state.sum), &BigInt::from(divisor)).to_i128(),
                };
                numeric::checked(value).map_or_else(|| fail("numeric overflow"), |value| Ok(Some(value)))
            }),
        )
    }
}

/// SUM and AVG of BIGNUMERIC.
#[derive(Clone, Debug, Default)]
pub(crate) struct BigNumericSum {
    sum: BigInt,
    count: i64,
}

impl Fold for BigNumericSum {
    type Array = Decimal256Array;
    type Item = i256;

    fn item(array: &Decimal256Array, row: usize) -> i256 {
        array.value(row)
    }

    fn add(&mut self, item: i256) {
        self.sum += numeric::wide(item);
        self.count += 1;
    }

    fn retract(&mut self, item: i256) -> bool {
        self.sum -= numeric::wide(item);
        self.count -= 1;
        true
    }

    fn merge(&mut self, other: &Self) {
        self.sum += &other.sum;
        self.count += other.count;
    }

    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.count.to_le_bytes());
        out.extend_from_slice(&self.sum.to_signed_bytes_le());
    }

    fn decode(bytes: &mut &[u8]) -> Option<Self> {
        let count = i64::from_le_bytes(take(bytes)?);
        let sum = BigInt::from_signed_bytes_le(bytes);
        Some(Self { sum, count })
    }

    fn finish(states: &[Self], output: &Output) -> Result<ArrayRef> {
        column::<Decimal256Type>(
            output,
            states.iter().map(|state| {
                if state.count == 0 {
                    return Ok(None);
                }
                let divisor = if is_average(output) { state.count } else { 1 };
                let value = numeric::divide_big(&state.sum, &BigInt::from(divisor));
                numeric::narrow(&value).map_or_else(|| fail("BIGNUMERIC overflow"), |value| Ok(Some(value)))
            }),
        )
    }
}

/// SUM and AVG of INTERVAL: part by part; an average carries what remains downwards, 30 days a month.
#[derive(Clone, Debug, Default)]
pub(crate) struct IntervalSum {
    months: i64,
    days: i64,
    micros: i128,
    count: i64,
}

impl IntervalSum {
    fn apply(&mut self, item: IntervalMonthDayNano, sign: i64) {
        self.months += sign * i64::from(item.months);
        self.days += sign * i64::from(item.days);
        self.micros += i128::from(sign) * i128::from(item.nanoseconds / 1000);
        self.count += sign;
    }

    fn value(&self, divisor: i64) -> Option<IntervalMonthDayNano> {
        const DAY: i128 = crate::civil::MICROS_PER_DAY as i128;
        let days = self.days + self.months % divisor * 30;
        let micros = self.micros + i128::from(days % divisor) * DAY;
        let nanos = i64::try_from(micros / i128::from(divisor) * 1000).ok()?;
        let months = i32::try_from(self.months / divisor).ok()?;
        Some(IntervalMonthDayNano::new(months, i32::try_from(days / divisor).ok()?, nanos))
    }
}

impl Fold for IntervalSum {
    type Array = IntervalMonthDayNanoArray;
    type Item = IntervalMonthDayNano;

    fn item(array: &IntervalMonthDayNanoArray, row: usize) -> IntervalMonthDayNano {
        array.value(row)
    }

    fn add(&mut self, item: IntervalMonthDayNano) {
        self.apply(item, 1);
    }

    fn retract(&mut self, item: IntervalMonthDayNano) -> bool {
        self.apply(item, -1);
        true
    }

    fn merge(&mut self, other: &Self) {
        self.months += other.months;
        self.days += other.days;
        self.micros += other.micros;
        self.count += other.count;
    }

    fn encode(&self, out: &mut Vec<u8>) {
        for part in [self.months, self.days, self.count] {
            out.extend_from_slice(&part.to_le_bytes());
        }
        out.extend_from_slice(&self.micros.to_le_bytes());
    }

    fn decode(bytes: &mut &[u8]) -> Option<Self> {
        let mut part = || Some(i64::from_le_bytes(take(bytes)?));
        let (months, days, count) = (part()?, part()?, part()?);
        Some(Self { months, days, micros: i128::from_le_bytes(take(bytes)?), count })
    }

    fn finish(states: &[Self], output: &Output) -> Result<ArrayRef> {
        column::<IntervalMonthDayNanoType>(
            output,
            states.iter().map(|state| {
                if state.count == 0 {
                    return Ok(None);
                }
                let divisor = if is_average(output) { state.count } else { 1 };
                state.value(divisor).map_or_else(|| fail("Interval overflow"), |value| Ok(Some(value)))
            }),
        )
    }
}
