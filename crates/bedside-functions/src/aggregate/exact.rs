//! A sum of doubles that is exact, so that it is the same in any order and on any number of threads.
//!
//! The sum is an integer times a power of two. 128 bits hold the sums of what medicine measures; what spans more goes to
//! an integer of any size. Rounded once, at the end.

use arrow::buffer::NullBuffer;
use num_bigint::BigInt;
use num_traits::{One, Signed, ToPrimitive, Zero};

/// An exact sum in progress.
#[derive(Clone, Debug, Default)]
pub(crate) struct ExactSum {
    mantissa: i128,
    /// The power of two that the mantissa counts; meaningless while the mantissa is 0.
    exponent: i32,
    rare: Option<Box<Rare>>,
}

/// What few sums ever see.
#[derive(Clone, Debug, Default)]
struct Rare {
    /// In units of 2^-[`FRACTION_BITS`].
    sum: BigInt,
    nan: i64,
    positive_infinity: i64,
    negative_infinity: i64,
}

/// Below the last bit of the smallest product of two doubles.
const FRACTION_BITS: i32 = 2200;

impl ExactSum {
    #[inline]
    pub(crate) fn add(&mut self, value: f64) {
        self.accumulate(value, 1);
    }

    /// Adds many.
    pub(crate) fn add_all(&mut self, values: &[f64]) {
        for chunk in values.chunks(CHUNK) {
            match in_two(chunk) {
                Some(parts) => parts.into_iter().for_each(|part| self.add(part)),
                None => chunk.iter().for_each(|value| self.add(*value)),
            }
        }
    }

    /// Adds those that are valid.
    pub(crate) fn add_valid(&mut self, values: &[f64], valid: &NullBuffer) {
        let mut words = valid.inner().bit_chunks().iter_padded();
        let mut chunk = [0.0; CHUNK];
        for values in values.chunks(CHUNK) {
            let mut any = 0;
            // A zero adds nothing, and takes less than leaving a value out.
            for (chunk, values) in chunk.chunks_mut(64).zip(values.chunks(64)) {
                let word = words.next().unwrap_or_default();
                any |= word;
                for (bit, (slot, value)) in chunk.iter_mut().zip(values).enumerate() {
                    *slot = if word >> bit & 1 == 1 { *value } else { 0.0 };
                }
            }
            if any != 0 {
                self.add_all(&chunk[..values.len()]);
            }
        }
    }

    /// Takes back what was added.
    #[inline]
    pub(crate) fn subtract(&mut self, value: f64) {
        self.accumulate(value, -1);
    }

    /// Adds the product of two finite doubles that is itself beyond doubles, or with the sign -1 takes it back.
    pub(crate) fn add_large_product(&mut self, x: f64, y: f64, sign: i128) {
        // Both are at least 1, so that their last bits are no subnormal ones.
        let parts = |value: f64| {
            let bits = value.to_bits();
            let mantissa = ((bits & ((1 << 52) - 1)) | 1 << 52) as i128;
            (if value < 0.0 { -mantissa } else { mantissa }, ((bits >> 52) & 0x7ff) as i32 - 1075)
        };
        let ((a, left), (b, right)) = (parts(x), parts(y));
        self.overflow(sign * a * b, left + right);
    }

    #[inline]
    fn accumulate(&mut self, value: f64, sign: i128) {
        let bits = value.to_bits();
        let biased = ((bits >> 52) & 0x7ff) as i32;
        let fraction = (bits & ((1 << 52) - 1)) as i128;
        if biased == 0x7ff {
            return self.special(value, sign as i64);
        }
        let (mantissa, exponent) = if biased == 0 { (fraction, -1074) } else { (fraction | 1 << 52, biased - 1075) };
        let mantissa = if (bits >> 63 == 1) == (sign == 1) { -mantissa } else { mantissa };
        if mantissa != 0 {
            self.add_small(mantissa, exponent);
        }
    }

    /// Adds a mantissa of a double.
    #[inline]
    fn add_small(&mut self, mantissa: i128, exponent: i32) {
        let shift = exponent - self.exponent;
        // So far 53 bits can be moved in any case.
        if (0..=72).contains(&shift)
            && let Some(sum) = self.mantissa.checked_add(mantissa << shift)
        {
            self.mantissa = sum;
        } else {
            self.add_scaled(mantissa, exponent);
        }
    }

    fn add_scaled(&mut self, mantissa: i128, exponent: i32) {
        if self.mantissa == 0 {
            (self.mantissa, self.exponent) = (mantissa, exponent);
            return;
        }
        let shift = exponent - self.exponent;
        let sum = if shift >= 0 {
            shifted(mantissa, shift).and_then(|mantissa| self.mantissa.checked_add(mantissa))
        } else {
            shifted(self.mantissa, -shift).and_then(|own| {
                let sum = own.checked_add(mantissa)?;
                self.exponent = exponent;
                Some(sum)
            })
        };
        match sum {
            Some(sum) => self.mantissa = sum,
            None => self.overflow(mantissa, exponent),
        }
    }

    #[cold]
    fn overflow(&mut self, mantissa: i128, exponent: i32) {
        let own = big(self.mantissa, self.exponent);
        let rare = self.rare.get_or_insert_default();
        rare.sum += own + big(mantissa, exponent);
        self.mantissa = 0;
    }

    #[cold]
    fn special(&mut self, value: f64, count: i64) {
        let rare = self.rare.get_or_insert_default();
        if value.is_nan() {
            rare.nan += count;
        } else if value > 0.0 {
            rare.positive_infinity += count;
        } else {
            rare.negative_infinity += count;
        }
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        if other.mantissa != 0 {
            self.add_scaled(other.mantissa, other.exponent);
        }
        if let Some(theirs) = &other.rare {
            let rare = self.rare.get_or_insert_default();
            rare.sum += &theirs.sum;
            rare.nan += theirs.nan;
            rare.positive_infinity += theirs.positive_infinity;
            rare.negative_infinity += theirs.negative_infinity;
        }
    }

    /// NaN or an infinity where the input had one.
    pub(crate) fn not_finite(&self) -> Option<f64> {
        let rare = self.rare.as_ref()?;
        match (rare.nan > 0, rare.positive_infinity > 0, rare.negative_infinity > 0) {
            (true, ..) | (_, true, true) => Some(f64::NAN),
            (_, true, _) => Some(f64::INFINITY),
            (_, _, true) => Some(f64::NEG_INFINITY),
            _ => None,
        }
    }

    /// The sum rounded to the nearest double; infinite where it is too large.
    pub(crate) fn value(&self) -> f64 {
        if let Some(value) = self.not_finite() {
            return value;
        }
        match &self.rare {
            Some(rare) if !rare.sum.is_zero() => to_double(&self.total(), -FRACTION_BITS),
            _ => scaled(self.mantissa as f64, self.exponent),
        }
    }

    /// The sum divided by a count, rounded once more.
    pub(crate) fn mean(&self, count: i64) -> f64 {
        let value = self.value();
        if value.is_infinite() && self.not_finite().is_none() {
            // The sum is too large for a double, the mean is not.
            return to_double(&(self.total() / BigInt::from(count)), -FRACTION_BITS);
        }
        value / count as f64
    }

    /// The sum in units of 2^-[`FRACTION_BITS`].
    pub(crate) fn total(&self) -> BigInt {
        let own = big(self.mantissa, self.exponent);
        self.rare.as_ref().map_or_else(|| own.clone(), |rare| &own + &rare.sum)
    }

    pub(crate) fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.mantissa.to_le_bytes());
        out.extend_from_slice(&self.exponent.to_le_bytes());
        let Some(rare) = &self.rare else {
            out.extend_from_slice(&0_u32.to_le_bytes());
            return;
        };
        let sum = rare.sum.to_signed_bytes_le();
        out.extend_from_slice(&(sum.len() as u32).to_le_bytes());
        out.extend_from_slice(&sum);
        for count in [rare.nan, rare.positive_infinity, rare.negative_infinity] {
            out.extend_from_slice(&count.to_le_bytes());
        }
    }

    pub(crate) fn decode(bytes: &mut &[u8]) -> Option<Self> {
        let mantissa = i128::from_le_bytes(take(bytes)?);
        let exponent = i32::from_le_bytes(take(bytes)?);
        let length = u32::from_le_bytes(take(bytes)?) as usize;
        if length == 0 {
            return Some(Self { mantissa, exponent, rare: None });
        }
        let (sum, rest) = bytes.split_at_checked(length)?;
        let sum = BigInt::from_signed_bytes_le(sum);
        *bytes = rest;
        let mut count = || Some(i64::from_le_bytes(take(bytes)?));
        let rare = Rare { sum, nan: count()?, positive_infinity: count()?, negative_infinity: count()? };
        Some(Self { mantissa, exponent, rare: Some(Box::new(rare)) })
    }

    /// Bytes on the heap.
    pub(crate) fn heap(&self) -> usize {
        self.rare.as_ref().map_or(0, |rare| size_of::<Rare>() + rare.sum.bits() as usize / 8)
    }
}

/// Values that are added up as doubles first.
const CHUNK: usize = 512;
/// Doubles that the processor adds side by side.
const LANES: usize = 4;

/// The sum of a chunk as two doubles, exactly, if its last bits are at most some eighty below its first, as those of
/// measurements are. Twice, the part of each value above a certain bit is split off, so few bits that their sum needs no
/// rounding (Rump, Ogita and Oishi, Accurate floating-point summation I, 2008, algorithm 3.2); nothing may be left then.
fn in_two(chunk: &[f64]) -> Option<[f64; 2]> {
    let most = chunk.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
    // NaN is no greatest value; it comes to light in the sum. Far from the ends of doubles, nothing overflows or vanishes.
    if !(1e-200..1e200).contains(&most) {
        return None;
    }
    let above = f64::from_bits((most.to_bits() >> 52 << 52) + (1 << 52));
    let unit = (2 * CHUNK) as f64;
    let high = above * unit;
    let low = high * f64::EPSILON / 2.0 * unit;
    let (mut highs, mut lows, mut left) = ([0.0; LANES], [0.0; LANES], [0.0; LANES]);
    let (lanes, rest) = chunk.as_chunks::<LANES>();
    let mut last = [0.0; LANES];
    last[..rest.len()].copy_from_slice(rest);
    for values in lanes.iter().chain([&last]) {
        for lane in 0..LANES {
            let first = (high + values[lane]) - high;
            let rest = values[lane] - first;
            let second = (low + rest) - low;
            highs[lane] += first;
            lows[lane] += second;
            left[lane] += (rest - second).abs();
        }
    }
    let sum = |lanes: [f64; LANES]| lanes.into_iter().sum::<f64>();
    let (high, low) = (sum(highs), sum(lows));
    (sum(left) == 0.0 && high.is_finite()).then_some([high, low])
}

pub(crate) fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (head, rest) = bytes.split_first_chunk::<N>()?;
    *bytes = rest;
    Some(*head)
}

/// `mantissa << shift` if it fits with a bit to spare.
#[inline]
fn shifted(mantissa: i128, shift: i32) -> Option<i128> {
    let free = mantissa.unsigned_abs().leading_zeros() as i32 - 2;
    (shift <= free).then(|| mantissa << shift)
}

fn big(mantissa: i128, exponent: i32) -> BigInt {
    BigInt::from(mantissa) << (exponent + FRACTION_BITS) as usize
}

/// `value * 2^exponent`.
fn scaled(value: f64, exponent: i32) -> f64 {
    if value == 0.0 {
        return 0.0;
    }
    let mut value = value;
    let mut left = exponent;
    while left != 0 {
        let step = left.clamp(-1000, 1000);
        value *= f64::from(step).exp2();
        left -= step;
    }
    value
}

/// An integer times a power of two as the nearest double.
pub(crate) fn to_double(value: &BigInt, exponent: i32) -> f64 {
    let bits = value.bits() as i32;
    if bits <= 62 {
        return value.to_i64().map_or(0.0, |value| scaled(value as f64, exponent));
    }
    // 62 bits and a sticky one decide the rounding.
    let drop = bits - 62;
    let magnitude = value.abs();
    let high = (&magnitude >> drop as usize).to_i64().unwrap_or_default();
    let sticky = i64::from(magnitude.trailing_zeros().is_some_and(|zeros| (zeros as i32) < drop));
    let rounded = scaled((high << 1 | sticky) as f64, exponent + drop - 1);
    if value.is_negative() { -rounded } else { rounded }
}

/// The quotient of two integers as a double, with 120 bits of the quotient before rounding.
pub(crate) fn ratio(value: &BigInt, divisor: &BigInt, exponent: i32) -> f64 {
    if divisor.is_zero() {
        return f64::NAN;
    }
    let shift = (120 + divisor.bits() as i64 - value.bits() as i64).max(0) as usize;
    let scaled = value << shift;
    let quotient = &scaled / divisor;
    let exact = (&quotient * divisor) == scaled;
    let quotient = if exact { quotient << 1_usize } else { (quotient << 1_usize) + BigInt::one() };
    to_double(&quotient, exponent - shift as i32 - 1)
}

#[cfg(test)]
mod tests {
    use super::{ExactSum, FRACTION_BITS, ratio, to_double};
    use arrow::buffer::NullBuffer;
    use num_bigint::BigInt;

    fn sum(values: &[f64]) -> f64 {
        let mut sum = ExactSum::default();
        values.iter().for_each(|value| sum.add(*value));
        sum.value()
    }

    #[test]
    fn the_sum_is_exact_in_any_order() {
        let mut values = vec![1e308, 1.0, -1e308, 1e-300, 0.1, 0.2, 0.3, -5e-324, 1e16, 3.0, -1e16];
        let expected = sum(&values);
        assert_eq!(expected, 4.6);
        for _ in 0..values.len() {
            values.rotate_left(3);
            assert_eq!(sum(&values).to_bits(), expected.to_bits());
            let (left, right) = values.split_at(4);
            let mut parts = [ExactSum::default(), ExactSum::default()];
            left.iter().for_each(|value| parts[0].add(*value));
            right.iter().for_each(|value| parts[1].add(*value));
            let mut bytes = Vec::new();
            parts[1].encode(&mut bytes);
            parts[0].merge(&ExactSum::decode(&mut bytes.as_slice()).unwrap());
            assert_eq!(parts[0].value().to_bits(), expected.to_bits());
        }
        assert_eq!(sum(&[0.1; 10]), 1.0);
        assert_eq!(sum(&[f64::MAX, f64::MAX]), f64::INFINITY);
        assert!(sum(&[f64::INFINITY, f64::NEG_INFINITY]).is_nan());
        assert_eq!(sum(&[5e-324, 5e-324]), 1e-323);
    }

    #[test]
    fn many_are_added_as_one_by_one() {
        let mut state = 7_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as f64
        };
        let odd = [f64::NAN, f64::INFINITY, -0.0, 5e-324, 1e308, 1e-250, 0.0];
        for spread in [0, 3, 20, 60, 400] {
            for count in [1, 5, 511, 512, 513, 3000] {
                let mut values: Vec<f64> = (0..count)
                    .map(|i| (next() - 1e9) / 1000.0 * f64::from((i % (spread + 1)) - spread / 2).exp2())
                    .collect();
                for replaced in [None, Some(0), Some(1), Some(2), Some(3), Some(4), Some(5), Some(6)] {
                    if let Some(index) = replaced {
                        values[(count / 2) as usize] = odd[index];
                    }
                    let mut all = ExactSum::default();
                    all.add_all(&values);
                    assert_eq!(all.value().to_bits(), sum(&values).to_bits(), "{spread} {count} {replaced:?}");
                    assert_eq!(all.total(), {
                        let mut single = ExactSum::default();
                        values.iter().for_each(|value| single.add(*value));
                        single.total()
                    });
                }
            }
        }
    }

    #[test]
    fn what_is_not_valid_is_left_out() {
        for count in [1, 63, 64, 65, 511, 512, 513, 2000] {
            // What stands behind a NULL may be anything.
            let values: Vec<f64> =
                (0..count).map(|i| if i % 3 == 0 { f64::NAN } else { f64::from(i) / 10.0 }).collect();
            for offset in [0, 1, 7, 64] {
                let valid: NullBuffer = (0..offset + count).map(|i| (i - offset) % 3 != 0).collect();
                let mut all = ExactSum::default();
                all.add_valid(&values, &valid.slice(offset as usize, count as usize));
                let left: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
                assert_eq!(all.value().to_bits(), sum(&left).to_bits(), "{count} {offset}");
            }
        }
    }

    #[test]
    fn what_was_added_can_be_taken_back() {
        let mut exact = ExactSum::default();
        for value in [1e300, 0.1, f64::NAN, 7.5] {
            exact.add(value);
        }
        for value in [1e300, f64::NAN, 0.1] {
            exact.subtract(value);
        }
        assert_eq!(exact.value(), 7.5);
    }

    #[test]
    fn big_integers_round_to_nearest() {
        assert_eq!(to_double(&((BigInt::from(1) << 100_usize) + 1), 0), 100_f64.exp2());
        assert_eq!(to_double(&((BigInt::from((1_u64 << 53) + 1)) << 64_usize), -64), ((1_u64 << 53) + 1) as f64);
        assert_eq!(ratio(&BigInt::from(1), &BigInt::from(3), 0), 1.0 / 3.0);
        assert_eq!(ratio(&BigInt::from(-7), &BigInt::from(2), 1), -7.0);
        let mut exact = ExactSum::default();
        exact.add(0.75);
        assert_eq!(to_double(&exact.total(), -FRACTION_BITS), 0.75);
    }
}
