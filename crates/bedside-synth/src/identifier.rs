//! Identifiers: unique in the whole release without any talk between patients, in MIMIC's ranges, and not in a pattern
//! that a join could lean on.

use crate::random::mix;

/// The most patients that a release may have: their admissions and transfers must fit the eight-digit ranges.
pub const MOST_PATIENTS: u64 = 300_000;

const SUBJECTS: u64 = 10_000_000;
const RANGE: u64 = 10_000_000;
/// Row identifiers stay below 2^31, as PostgreSQL's INTEGER in the public build scripts demands.
const ROWS: u64 = 2_100_000_000;
const MOST_ROWS_PER_PATIENT: u64 = 100_000;
const MOST_PLACES_PER_PATIENT: u64 = 400;

/// Numbers that are handed out once per patient and then counted up.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Counter {
    LabEvent,
    Specimen,
    MicroEvent,
    MicroSpecimen,
    Pharmacy,
    Order,
    ProcedureOrder,
}

/// The identifiers of one patient.
#[derive(Clone, Debug)]
pub(crate) struct Identifiers {
    seed: u64,
    index: u64,
    rows: u64,
    places: u64,
    admissions: u64,
    transfers: u64,
    counters: [u64; 7],
    /// The patient's own identifier, 10000000 to 19999999.
    pub(crate) subject: i64,
}

impl Identifiers {
    /// Identifiers of patient `index` of `patients`; subjects ascend with the index, with random gaps.
    pub(crate) fn new(seed: u64, patients: u64, index: u64) -> Self {
        let from = SUBJECTS * index / patients;
        let until = SUBJECTS * (index + 1) / patients;
        let gap = mix(seed ^ mix(index)) % (until - from);
        Self {
            seed,
            index,
            rows: (ROWS / patients).min(MOST_ROWS_PER_PATIENT),
            places: (RANGE / patients).min(MOST_PLACES_PER_PATIENT),
            admissions: 0,
            transfers: 0,
            counters: [0; 7],
            subject: (10_000_000 + from + gap) as i64,
        }
    }

    /// How many more transfers (and admissions) this patient may have.
    pub(crate) fn places_left(&self) -> u64 {
        self.places - self.transfers.max(self.admissions)
    }

    /// A new `hadm_id`, 20000000 to 29999999.
    pub(crate) fn admission(&mut self) -> i64 {
        self.admissions += 1;
        (20_000_000 + scatter(self.index * self.places + self.admissions - 1, self.seed ^ 0xad, RANGE)) as i64
    }

    /// A new `transfer_id`, 30000000 to 39999999.
    pub(crate) fn transfer(&mut self) -> i64 {
        self.transfers += 1;
        (30_000_000 + scatter(self.index * self.places + self.transfers - 1, self.seed ^ 0x7f, RANGE)) as i64
    }

    /// The next number of a counter; `None` when the patient has used up their share.
    pub(crate) fn next(&mut self, counter: Counter) -> Option<i64> {
        let used = &mut self.counters[counter as usize];
        if *used >= self.rows {
            return None;
        }
        *used += 1;
        Some((self.index * self.rows + *used) as i64)
    }
}

/// A permutation of 0 to `range` - 1: four Feistel rounds on 24 bits, walked until the result is in range.
pub(crate) fn scatter(number: u64, key: u64, range: u64) -> u64 {
    let mut word = number;
    loop {
        for round in 0..4 {
            let (left, right) = (word >> 12, word & 0xfff);
            word = (right << 12) | (left ^ (mix(key ^ (right << 8) ^ round) & 0xfff));
        }
        if word < range {
            return word;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Counter, Identifiers, MOST_PATIENTS, RANGE, scatter};
    use std::collections::HashSet;

    #[test]
    fn scatter_is_a_permutation_of_its_range() {
        for range in [RANGE, 1000] {
            let mut seen = vec![false; range as usize];
            for number in 0..range {
                let at = scatter(number, 99, range) as usize;
                assert!(!seen[at], "{number} of {range}");
                seen[at] = true;
            }
        }
    }

    #[test]
    fn subjects_ascend_and_stay_in_range_for_any_number_of_patients() {
        for patients in [1, 3, 100, MOST_PATIENTS] {
            let mut last = 9_999_999;
            for index in (0..patients).step_by(1 + (patients / 1000) as usize) {
                let subject = Identifiers::new(5, patients, index).subject;
                assert!(subject > last && subject < 20_000_000, "{subject}");
                last = subject;
            }
        }
    }

    #[test]
    fn neighbouring_patients_never_share_a_number() {
        let mut seen = HashSet::new();
        for index in 0..3 {
            let mut ids = Identifiers::new(5, MOST_PATIENTS, MOST_PATIENTS - 1 - index);
            let mut mine = 0;
            while let Some(number) = ids.next(Counter::LabEvent) {
                assert!(number < 1 << 31);
                assert!(seen.insert(number));
                mine += 1;
            }
            assert!(mine > 5000);
        }
    }
}
