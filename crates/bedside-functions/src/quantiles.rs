//! Summaries of many numbers that tell about any quantile: evenly spaced ones of the sorted numbers, each with how many it stands
//! for. What BigQuery keeps in a KLL sketch.
//!
//! A summary holds four points for each unit of its precision, or every number where there are no more. Reducing numbers to
//! points moves a rank by at most half of what one point stands for, an eighth of a unit of precision; merging adds as much once
//! more. A summary is made of all its numbers at once, and so does not depend on their order. Its bytes are this program's own.

use crate::error::{Result, fail};

/// Precisions that a summary may have; ranks are off by at most one part of so many.
pub(crate) const PRECISIONS: std::ops::RangeInclusive<i64> = 1..=100_000;

/// Quantiles that can be asked for at once.
pub(crate) const MOST_QUANTILES: i64 = 100_000;

const POINTS_OF_PRECISION: usize = 4;

/// The first bytes of every summary, the last of them its version.
const HEAD: [u8; 3] = [b'K', b'Q', 1];

/// What a summary's numbers are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Numbers {
    Int64,
    Float64,
}

/// Points in ascending order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Summary {
    numbers: Numbers,
    precision: u32,
    least: i64,
    greatest: i64,
    points: Vec<Point>,
}

/// A number, doubles as [`ordinal`] has them, and how many it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Point {
    pub(crate) value: i64,
    pub(crate) weight: u64,
}

/// An integer that is ordered as doubles are, with 0 and -0 the same.
pub(crate) fn ordinal(value: f64) -> i64 {
    ordered(value + 0.0)
}

/// An integer that is ordered as doubles are, with -0 before 0. Bits of negative ones fall while the numbers rise.
pub(crate) fn ordered(value: f64) -> i64 {
    let bits = value.to_bits() as i64;
    bits ^ ((bits >> 63) as u64 >> 1) as i64
}

/// The double of an [`ordinal`] or [`ordered`].
pub(crate) fn double(ordinal: i64) -> f64 {
    f64::from_bits((ordinal ^ ((ordinal >> 63) as u64 >> 1) as i64) as u64)
}

impl Numbers {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Int64 => "INT64",
            Self::Float64 => "FLOAT64",
        }
    }
}

impl Summary {
    /// A summary of numbers; `None` of none.
    pub(crate) fn of(numbers: Numbers, precision: u32, mut points: Vec<Point>) -> Option<Self> {
        points.sort_unstable();
        let (least, greatest) = (points.first()?.value, points.last()?.value);
        let points = reduced(points, POINTS_OF_PRECISION * precision as usize);
        Some(Self { numbers, precision, least, greatest, points })
    }

    /// All summaries as one of the lowest precision among them.
    ///
    /// # Errors
    /// Summaries of integers and of doubles.
    pub(crate) fn merged(summaries: Vec<Self>) -> Result<Option<Self>> {
        let Some(first) = summaries.first() else { return Ok(None) };
        let mut merged = Self { points: Vec::new(), ..first.clone() };
        for summary in summaries {
            if summary.numbers != merged.numbers {
                let (own, other) = (merged.numbers.name(), summary.numbers.name());
                return fail(format!("KLL sketches of {own} and of {other} cannot be merged"));
            }
            merged.precision = merged.precision.min(summary.precision);
            merged.least = merged.least.min(summary.least);
            merged.greatest = merged.greatest.max(summary.greatest);
            merged.points.extend(summary.points);
        }
        merged.points.sort_unstable();
        merged.points = reduced(merged.points, POINTS_OF_PRECISION * merged.precision as usize);
        Ok(Some(merged))
    }

    pub(crate) fn numbers(&self) -> Numbers {
        self.numbers
    }

    /// The number that so large a part is not above: the least at 0, the greatest at 1.
    pub(crate) fn quantile(&self, part: f64) -> i64 {
        let total = self.total();
        // The rank, from 1.
        let rank = ((part * total as f64).ceil() as u64).clamp(1, total);
        if part <= 0.0 || rank == 1 {
            return self.least;
        }
        if rank == total {
            return self.greatest;
        }
        let mut below = 0;
        let found = self.points.iter().find(|point| {
            below += point.weight;
            below >= rank
        });
        found.map_or(self.greatest, |point| point.value)
    }

    /// The ends of so many parts of equal size, the least and the greatest number among them.
    pub(crate) fn quantiles(&self, parts: i64) -> Vec<i64> {
        (0..=parts).map(|part| self.quantile(part as f64 / parts as f64)).collect()
    }

    fn total(&self) -> u64 {
        self.points.iter().map(|point| point.weight).sum()
    }

    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(HEAD.len() + 21 + 16 * self.points.len());
        out.extend(HEAD);
        out.push(u8::from(self.numbers == Numbers::Float64));
        out.extend(self.precision.to_le_bytes());
        for value in [self.least, self.greatest] {
            out.extend(value.to_le_bytes());
        }
        for point in &self.points {
            out.extend(point.value.to_le_bytes());
            out.extend(point.weight.to_le_bytes());
        }
        out
    }

    /// `None` for bytes that are no summary.
    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        let (kind, bytes) = bytes.strip_prefix(HEAD.as_slice())?.split_first()?;
        let numbers = match kind {
            0 => Numbers::Int64,
            1 => Numbers::Float64,
            _ => return None,
        };
        let (precision, bytes) = bytes.split_first_chunk()?;
        let precision = u32::from_le_bytes(*precision);
        let (words, rest) = bytes.as_chunks::<8>();
        let [least, greatest, points @ ..] = words else { return None };
        let points: Vec<Point> = points
            .chunks_exact(2)
            .map(|pair| Point { value: i64::from_le_bytes(pair[0]), weight: u64::from_le_bytes(pair[1]) })
            .collect();
        let total = points.iter().try_fold(0_u64, |total, point| total.checked_add(point.weight))?;
        let sound = rest.is_empty()
            && words.len() % 2 == 0
            && total > 0
            && PRECISIONS.contains(&i64::from(precision))
            && points.is_sorted_by_key(|point| point.value);
        let (least, greatest) = (i64::from_le_bytes(*least), i64::from_le_bytes(*greatest));
        sound.then_some(Self { numbers, precision, least, greatest, points })
    }
}

/// At most so many points for sorted ones: the numbers are cut into stretches of equal weight, and each stretch is stood for by
/// the number in its middle.
fn reduced(points: Vec<Point>, most: usize) -> Vec<Point> {
    if points.len() <= most {
        return points;
    }
    let total: u128 = points.iter().map(|point| u128::from(point.weight)).sum();
    let cut = |index: usize| total * index as u128 / most as u128;
    let mut kept = Vec::with_capacity(most);
    let mut points = points.into_iter();
    let (mut value, mut passed) = (0, 0_u128);
    for index in 0..most {
        let (start, end) = (cut(index), cut(index + 1));
        // The number whose weight covers the middle of the stretch.
        while passed <= start + (end - start) / 2 {
            let Some(point) = points.next() else { break };
            value = point.value;
            passed += u128::from(point.weight);
        }
        kept.push(Point { value, weight: (end - start) as u64 });
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::{Numbers, Point, Summary, double, ordinal};

    fn summary(precision: u32, values: impl Iterator<Item = i64>) -> Summary {
        let points = values.map(|value| Point { value, weight: 1 }).collect();
        Summary::of(Numbers::Int64, precision, points).unwrap()
    }

    /// Numbers in an order that is none.
    fn shuffled(count: i64) -> impl Iterator<Item = i64> {
        (0..count).map(move |at| at * 7919 % count + 1)
    }

    #[test]
    fn few_numbers_are_exact() {
        let few = summary(10, [5, 1, 4, 2, 3].into_iter());
        assert_eq!(few.quantiles(4), [1, 2, 3, 4, 5]);
        assert_eq!((few.quantile(0.0), few.quantile(0.5), few.quantile(1.0)), (1, 3, 5));
        let weighted = vec![Point { value: 1, weight: 9 }, Point { value: 2, weight: 1 }];
        let weighted = Summary::of(Numbers::Int64, 10, weighted).unwrap();
        assert_eq!((weighted.quantile(0.9), weighted.quantile(0.91)), (1, 2));
        assert_eq!(Summary::of(Numbers::Int64, 10, Vec::new()), None);
    }

    #[test]
    fn ranks_are_off_by_less_than_the_precision_says_after_merging_too() {
        const COUNT: i64 = 100_003;
        for precision in [10_u32, 100, 1000] {
            let one = summary(precision, shuffled(COUNT));
            let parts = (0..7).map(|part| summary(precision, shuffled(COUNT).filter(move |value| value % 7 == part)));
            let merged = Summary::merged(parts.collect()).unwrap().unwrap();
            for summary in [one, merged] {
                assert!(summary.points.len() <= 4 * precision as usize);
                assert_eq!(summary.total(), COUNT as u64);
                for step in 0..=1000 {
                    let part = f64::from(step) / 1000.0;
                    let off = (summary.quantile(part) as f64 / COUNT as f64 - part).abs();
                    assert!(off <= 1.0 / f64::from(precision), "{precision} {part} {off}");
                }
                assert_eq!((summary.quantile(0.0), summary.quantile(1.0)), (1, COUNT));
            }
        }
    }

    #[test]
    fn bytes_are_read_back_and_no_others_are() {
        let whole = summary(100, shuffled(5000));
        let bytes = whole.encode();
        assert_eq!(Summary::decode(&bytes), Some(whole));
        for end in 0..bytes.len() {
            assert_ne!(Summary::decode(&bytes[..end]).as_ref().map(Summary::total), Some(5000), "{end}");
        }
        assert_eq!(Summary::decode(b"KQ\x02"), None);
        let mixed = vec![summary(10, 0..3), Summary { numbers: Numbers::Float64, ..summary(10, 0..3) }];
        assert!(Summary::merged(mixed).is_err());
    }

    #[test]
    fn doubles_keep_their_order() {
        let values = [f64::NEG_INFINITY, -1e308, -1.5, -5e-324, 0.0, 5e-324, 1.5, f64::INFINITY];
        assert!(values.map(ordinal).is_sorted());
        assert_eq!(values.map(ordinal).map(double), values);
        assert_eq!(ordinal(-0.0), ordinal(0.0));
    }
}
