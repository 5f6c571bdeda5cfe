//! How many different values a column has, estimated in 4 KiB: HyperLogLog with fixed hashes, so that the estimate is the
//! same on every machine, and Ertl's estimator, which needs no correction tables.
//!
//! O. Ertl, New cardinality estimation algorithms for HyperLogLog sketches, 2017, algorithm 6
//! (<https://arxiv.org/abs/1702.01284>). The standard error is 1.04 / sqrt(4096) = 1.6 %.

use twox_hash::XxHash64;

/// Bits of a hash that choose the register.
const PRECISION: u32 = 12;
const REGISTERS: usize = 1 << PRECISION;
/// The greatest value of a register: one more than the bits that are left.
const MOST: usize = (64 - PRECISION) as usize + 1;

/// A sketch of a set of values.
#[derive(Clone, Debug)]
pub(crate) struct Distinct {
    registers: Box<[u8]>,
}

impl Default for Distinct {
    fn default() -> Self {
        Self { registers: vec![0; REGISTERS].into_boxed_slice() }
    }
}

impl Distinct {
    /// Adds a value by its hash.
    #[inline]
    pub(crate) fn add(&mut self, hash: u64) {
        let register = &mut self.registers[(hash >> (64 - PRECISION)) as usize];
        // The bit set below ends the count where all bits left are zero.
        let rank = ((hash << PRECISION) | (1 << (PRECISION - 1))).leading_zeros() as u8 + 1;
        if rank > *register {
            *register = rank;
        }
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.registers.iter_mut().zip(&other.registers) {
            *mine = (*mine).max(*theirs);
        }
    }

    /// The estimated number of different values.
    pub(crate) fn estimate(&self) -> u64 {
        let mut counts = [0_u32; MOST + 1];
        for &register in &self.registers {
            counts[usize::from(register)] += 1;
        }
        let registers = REGISTERS as f64;
        let mut sum = registers * tau(1.0 - f64::from(counts[MOST]) / registers);
        for count in counts[1..MOST].iter().rev() {
            sum = 0.5 * (sum + f64::from(*count));
        }
        sum += registers * sigma(f64::from(counts[0]) / registers);
        // 1 / (2 ln 2) is the limit of the usual constant for many registers.
        (registers * registers / (2.0 * std::f64::consts::LN_2 * sum)).round() as u64
    }
}

/// The hash of an integer: splitmix64's mixing function (<https://prng.di.unimi.it/splitmix64.c>).
#[inline]
pub(crate) fn hash_integer(value: i64) -> u64 {
    let mut hash = (value as u64).wrapping_add(0x9e37_79b9_7f4a_7c15);
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

/// The hash of bytes.
#[inline]
pub(crate) fn hash_bytes(value: &[u8]) -> u64 {
    XxHash64::oneshot(0, value)
}

fn sigma(x: f64) -> f64 {
    if x >= 1.0 {
        return f64::INFINITY;
    }
    let (mut x, mut y, mut z) = (x, 1.0, x);
    loop {
        x *= x;
        let before = z;
        z += x * y;
        y += y;
        if z <= before {
            return z;
        }
    }
}

fn tau(x: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return 0.0;
    }
    let (mut x, mut y, mut z) = (x, 1.0, 1.0 - x);
    loop {
        x = x.sqrt();
        let before = z;
        y *= 0.5;
        z -= (1.0 - x) * (1.0 - x) * y;
        if z >= before {
            return z / 3.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Distinct, hash_bytes, hash_integer};

    #[test]
    fn estimates_are_within_four_standard_errors() {
        for count in [0_u64, 1, 2, 10, 100, 999, 5_000, 20_000, 300_000, 2_000_000] {
            let (mut integers, mut texts) = (Distinct::default(), Distinct::default());
            for value in 0..count {
                integers.add(hash_integer(30_000_000 + value as i64));
                integers.add(hash_integer(30_000_000 + value as i64));
                texts.add(hash_bytes(format!("P{value}").as_bytes()));
            }
            for estimate in [integers.estimate(), texts.estimate()] {
                let error = estimate.abs_diff(count) as f64;
                assert!(error <= 0.065 * count as f64, "{estimate} for {count}");
                assert!(count > 10 || error == 0.0, "{estimate} for {count}");
            }
        }
    }

    #[test]
    fn parts_merge_to_the_whole() {
        let (mut whole, mut even, mut odd) = (Distinct::default(), Distinct::default(), Distinct::default());
        for value in 0..10_000 {
            whole.add(hash_integer(value));
            if value % 2 == 0 { &mut even } else { &mut odd }.add(hash_integer(value));
        }
        odd.merge(&even);
        assert_eq!(odd.estimate(), whole.estimate());
    }
}
