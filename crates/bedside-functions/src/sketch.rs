//! HyperLogLog++: about how many different values, in a few kilobytes that can be merged.
//!
//! Registers as in S. Heule, M. Nunkesser, A. Hall, "HyperLogLog in Practice" (2013), sparse while few are set; the estimate by
//! O. Ertl, "New cardinality estimation algorithms for HyperLogLog sketches" (2017), which needs no tables of biases. The bytes
//! of a sketch are this program's own and no other's.

use std::collections::BTreeMap;

/// Precisions that a sketch may have: 2 to the power of them is the number of registers.
pub(crate) const PRECISIONS: std::ops::RangeInclusive<i64> = 10..=24;

/// The first byte of every sketch.
const VERSION: u8 = 1;
const SPARSE: u8 = 0;
const DENSE: u8 = 1;

/// Registers of a sketch.
#[derive(Clone, Debug)]
pub(crate) struct Sketch {
    precision: u8,
    registers: Registers,
}

#[derive(Clone, Debug)]
enum Registers {
    /// Registers that are set.
    Sparse(BTreeMap<u32, u8>),
    Dense(Vec<u8>),
}

impl Sketch {
    pub(crate) fn new(precision: u8) -> Self {
        Self { precision, registers: Registers::Sparse(BTreeMap::new()) }
    }

    /// Adds a value by its hash, whose upper bits count.
    pub(crate) fn add(&mut self, hash: u64) {
        let index = (hash >> (64 - self.precision)) as u32;
        let rest = hash << self.precision;
        // As if a one stood behind the last bit.
        let rank = rest.leading_zeros().min(64 - u32::from(self.precision)) as u8 + 1;
        self.set(index, rank);
    }

    fn set(&mut self, index: u32, rank: u8) {
        match &mut self.registers {
            Registers::Dense(registers) => {
                let register = &mut registers[index as usize];
                *register = rank.max(*register);
            }
            Registers::Sparse(set) => {
                let register = set.entry(index).or_default();
                *register = rank.max(*register);
                if set.len() > 1 << (self.precision - 4) {
                    let mut registers = vec![0; 1 << self.precision];
                    for (index, rank) in set {
                        registers[*index as usize] = *rank;
                    }
                    self.registers = Registers::Dense(registers);
                }
            }
        }
    }

    /// Takes another sketch in; the result has the lower precision of both.
    pub(crate) fn merge(&mut self, other: &Self) {
        if other.precision < self.precision {
            let mut lower = Self::new(other.precision);
            self.each(|index, rank| lower.set_reduced(index, rank, self.precision));
            *self = lower;
        }
        other.each(|index, rank| self.set_reduced(index, rank, other.precision));
    }

    /// Sets the register of a sketch of higher precision.
    fn set_reduced(&mut self, index: u32, rank: u8, from: u8) {
        let dropped = from - self.precision;
        let bits = index & ((1_u32 << dropped) - 1);
        let rank = if bits == 0 { rank + dropped } else { dropped - bits.ilog2() as u8 };
        self.set(index >> dropped, rank);
    }

    fn each(&self, mut f: impl FnMut(u32, u8)) {
        match &self.registers {
            Registers::Sparse(set) => set.iter().for_each(|(index, rank)| f(*index, *rank)),
            Registers::Dense(registers) => {
                registers.iter().enumerate().filter(|(_, rank)| **rank > 0).for_each(|(i, rank)| f(i as u32, *rank));
            }
        }
    }

    /// About how many different values were added.
    pub(crate) fn estimate(&self) -> i64 {
        let (count, most) = (1_u64 << self.precision, usize::from(65 - self.precision));
        let mut with_rank = vec![0_u64; most + 1];
        self.each(|_, rank| with_rank[usize::from(rank).min(most)] += 1);
        with_rank[0] = count - with_rank.iter().sum::<u64>();
        let registers = count as f64;
        let mut z = registers * tau(1.0 - with_rank[most] as f64 / registers);
        for rank in (1..most).rev() {
            z = 0.5 * (z + with_rank[rank] as f64);
        }
        z += registers * sigma(with_rank[0] as f64 / registers);
        (registers / (2.0 * std::f64::consts::LN_2) * registers / z).round() as i64
    }

    pub(crate) fn encode(&self, out: &mut Vec<u8>) {
        out.extend([VERSION, self.precision]);
        match &self.registers {
            Registers::Sparse(set) => {
                out.push(SPARSE);
                set.iter().for_each(|(index, rank)| out.extend((index << 6 | u32::from(*rank)).to_le_bytes()));
            }
            Registers::Dense(registers) => {
                out.push(DENSE);
                out.extend(registers);
            }
        }
    }

    /// The sketch of such bytes; `None` for any others.
    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        let [VERSION, precision, form, rest @ ..] = bytes else { return None };
        if !PRECISIONS.contains(&i64::from(*precision)) {
            return None;
        }
        let (count, most) = (1_usize << precision, 65 - precision);
        let registers = match *form {
            SPARSE if rest.len() % 4 == 0 => {
                let read = |entry: &[u8]| {
                    let entry = u32::from_le_bytes(entry.try_into().ok()?);
                    let (index, rank) = (entry >> 6, (entry & 63) as u8);
                    ((index as usize) < count && (1..=most).contains(&rank)).then_some((index, rank))
                };
                Registers::Sparse(rest.chunks(4).map(read).collect::<Option<_>>()?)
            }
            DENSE if rest.len() == count && rest.iter().all(|rank| *rank <= most) => Registers::Dense(rest.to_vec()),
            _ => return None,
        };
        Some(Self { precision: *precision, registers })
    }

    /// Bytes on the heap.
    pub(crate) fn heap(&self) -> usize {
        match &self.registers {
            Registers::Sparse(set) => set.len() * 16,
            Registers::Dense(registers) => registers.capacity(),
        }
    }
}

fn sigma(mut x: f64) -> f64 {
    if x >= 1.0 {
        return f64::INFINITY;
    }
    let (mut y, mut z) = (1.0, x);
    loop {
        x *= x;
        let before = z;
        z += x * y;
        y += y;
        if z == before {
            return z;
        }
    }
}

fn tau(mut x: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return 0.0;
    }
    let (mut y, mut z) = (1.0, 1.0 - x);
    loop {
        x = x.sqrt();
        let before = z;
        y *= 0.5;
        z -= (1.0 - x) * (1.0 - x) * y;
        if z == before {
            return z / 3.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Sketch;

    fn of(values: std::ops::Range<u64>, precision: u8) -> Sketch {
        let mut sketch = Sketch::new(precision);
        values.for_each(|value| sketch.add(farmhash::fingerprint64(&value.to_le_bytes())));
        sketch
    }

    #[test]
    fn estimates_are_near_at_every_size_and_precision() {
        for (count, precision) in [(0, 15), (1, 15), (100, 15), (5_000, 15), (200_000, 15), (50_000, 10), (50_000, 12)]
        {
            let estimate = of(0..count, precision).estimate() as f64;
            // Three standard errors of 1.04 / sqrt(registers).
            let most = 3.0 * 1.04 / f64::from(1_u32 << precision).sqrt() * count as f64;
            assert!((estimate - count as f64).abs() <= most.max(0.5), "{count} {precision}: {estimate}");
        }
    }

    #[test]
    fn merging_is_as_if_all_had_been_added_to_one() {
        for (first, second) in [(15, 15), (15, 11), (11, 15)] {
            let mut merged = of(0..30_000, first);
            merged.merge(&of(20_000..50_000, second));
            assert_eq!(merged.estimate(), of(0..50_000, first.min(second)).estimate(), "{first} {second}");
        }
    }

    #[test]
    fn bytes_are_read_back_and_others_refused() {
        for count in [0, 3, 100_000] {
            let sketch = of(0..count, 12);
            let mut bytes = Vec::new();
            sketch.encode(&mut bytes);
            assert_eq!(Sketch::decode(&bytes).unwrap().estimate(), sketch.estimate());
            assert!(Sketch::decode(&bytes[..bytes.len() - 1]).is_none());
        }
        assert!(Sketch::decode(b"").is_none() && Sketch::decode(&[1, 15, 0, 255, 255, 255, 255]).is_none());
    }
}
