//! Reproducible randomness: whole-number arithmetic only, and one independent stream per patient, topic and part, so
//! that neither the order of work nor a change in one topic touches another.

/// What a stream is for. The number is part of every seed: never renumber, only add.
#[derive(Clone, Copy, Debug)]
#[repr(u64)]
pub(crate) enum Topic {
    Patient = 1,
    Admission = 2,
    Vitals = 4,
    Neurology = 5,
    Breathing = 6,
    Dialysis = 7,
    Assessment = 8,
    Measures = 9,
    Laboratory = 10,
    Drugs = 11,
    Infusion = 12,
    Output = 13,
    Procedure = 14,
    Culture = 15,
    Billing = 16,
    Clinic = 17,
    Dates = 18,
    Orders = 19,
    Lines = 20,
    Note = 21,
    Prescription = 22,
    Callout = 23,
}

/// xoshiro256++ (Blackman and Vigna, <https://prng.di.unimi.it/>), seeded by splitmix64.
#[derive(Clone, Debug)]
pub(crate) struct Random {
    state: [u64; 4],
}

impl Random {
    /// The stream of one topic of one patient; `part` tells admissions or stays apart.
    pub(crate) fn stream(seed: u64, patient: u64, topic: Topic, part: u64) -> Self {
        let mut mixed = mix(seed);
        for word in [patient, topic as u64, part] {
            mixed = mix(mixed ^ mix(word));
        }
        let mut state = [0; 4];
        for word in &mut state {
            mixed = mixed.wrapping_add(GOLDEN);
            *word = mix(mixed);
        }
        Self { state }
    }

    /// Sixty-four random bits.
    pub(crate) fn bits(&mut self) -> u64 {
        let s = &mut self.state;
        let result = s[0].wrapping_add(s[3]).rotate_left(23).wrapping_add(s[0]);
        let shifted = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= shifted;
        s[3] = s[3].rotate_left(45);
        result
    }

    /// A whole number from 0 to `limit` - 1; 0 where `limit` is 0.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(limit)) >> 64) as u64
    }

    /// A whole number from `low` to `high`, both included; `low` where the range is empty.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        if high <= low { low } else { low + self.below((high - low + 1) as u64) as i64 }
    }

    /// True `per_mille` times in a thousand.
    pub(crate) fn chance(&mut self, per_mille: i64) -> bool {
        (self.below(1000) as i64) < per_mille
    }

    /// A bell-shaped number around 0 with standard deviation `spread`: the sum of four uniform ones, so never beyond
    /// 3.5 spreads.
    pub(crate) fn bell(&mut self, spread: i64) -> i64 {
        let bits = self.bits();
        let sum: i64 = (0..4).map(|lane| ((bits >> (16 * lane)) & 0xffff) as i64).sum();
        // Four uniform numbers of 0..65535 have mean 131070 and standard deviation 37837.
        (sum - 131_070) * spread / 37_837
    }

    /// `whole` + 1 with the chance of the remainder: turns "2.4 a day" (2400 thousandths) into a count.
    pub(crate) fn round(&mut self, thousandths: i64) -> i64 {
        thousandths.div_euclid(1000) + i64::from(self.chance(thousandths.rem_euclid(1000)))
    }

    /// One of `items`, all alike.
    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len() as u64) as usize]
    }

    /// One of `items` by weight.
    pub(crate) fn weighted<'a, T>(&mut self, items: &'a [(u32, T)]) -> &'a T {
        let total: u64 = items.iter().map(|(weight, _)| u64::from(*weight)).sum();
        let mut rest = self.below(total);
        for (weight, item) in items {
            if rest < u64::from(*weight) {
                return item;
            }
            rest -= u64::from(*weight);
        }
        &items[items.len() - 1].1
    }

    /// One of several texts by weight.
    pub(crate) fn word(&mut self, words: &[(u32, &'static str)]) -> &'static str {
        self.weighted::<&'static str>(words)
    }

    /// One of several texts, all alike.
    pub(crate) fn any(&mut self, words: &[&'static str]) -> &'static str {
        self.pick::<&'static str>(words)
    }

    /// A value of the distribution whose evenly spaced quantiles (0 %, …, 100 %) are given.
    pub(crate) fn quantile(&mut self, quantiles: &[i64]) -> i64 {
        let steps = quantiles.len() as u64 - 1;
        let place = self.below(steps << 16);
        let (step, part) = ((place >> 16) as usize, (place & 0xffff) as i64);
        quantiles[step] + (quantiles[step + 1] - quantiles[step]) * part / 65_536
    }
}

const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// The finaliser of splitmix64: every input bit moves every output bit.
pub(crate) const fn mix(word: u64) -> u64 {
    let mut z = word.wrapping_add(GOLDEN);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::{Random, Topic};

    #[test]
    fn streams_are_reproducible_and_differ_by_each_part_of_their_name() {
        let first = |seed, patient, topic, part| Random::stream(seed, patient, topic, part).bits();
        let base = first(7, 1, Topic::Patient, 0);
        assert_eq!(base, first(7, 1, Topic::Patient, 0));
        for other in [
            first(8, 1, Topic::Patient, 0),
            first(7, 2, Topic::Patient, 0),
            first(7, 1, Topic::Output, 0),
            first(7, 1, Topic::Patient, 1),
        ] {
            assert_ne!(base, other);
        }
    }

    #[test]
    fn the_bell_has_the_spread_it_is_asked_for() {
        let mut random = Random::stream(1, 1, Topic::Vitals, 0);
        let values: Vec<i64> = (0..20_000).map(|_| random.bell(1000)).collect();
        let mean = values.iter().sum::<i64>() / 20_000;
        let variance = values.iter().map(|v| (v - mean) * (v - mean)).sum::<i64>() / 20_000;
        assert!(mean.abs() < 30, "{mean}");
        assert!((950_000..1_050_000).contains(&variance), "{variance}");
    }

    #[test]
    fn weights_and_chances_come_out_as_asked() {
        let mut random = Random::stream(1, 1, Topic::Vitals, 0);
        let rare = (0..10_000).filter(|_| *random.weighted(&[(1, 'a'), (9, 'b')]) == 'a').count();
        assert!((900..1100).contains(&rare), "{rare}");
        let rounded: i64 = (0..10_000).map(|_| random.round(2400)).sum();
        assert!((23_800..24_200).contains(&rounded), "{rounded}");
        let middle: i64 = (0..10_000).map(|_| random.quantile(&[0, 10, 100])).sum::<i64>() / 10_000;
        assert!((28..32).contains(&middle), "{middle}");
    }
}
