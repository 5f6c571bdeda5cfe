//! Identifiers of MIMIC-III: unique in the whole release without any talk between patients.

use super::table::Table;
use crate::identifier::scatter;
use crate::random::mix;
use crate::table::Sheets;
use crate::text::Rows;

/// Up to this many patients identifiers have the published length: 100000 to 199999 for admissions, 200000 to 299999 for
/// stays. For more, they get two digits more.
const FEW_PATIENTS: u64 = 5_000;
const SHORT: u64 = 100_000;
const LONG: u64 = 10_000_000;
/// Admissions, and as many stays, that the shortest range leaves for every patient.
pub(super) const MOST_PLACES: u64 = 20;

/// Row identifiers per patient and table: above what the longest illness needs.
const CHART_ROWS: i64 = 1 << 20;
const ROWS: i64 = 1 << 17;

/// The identifiers of one patient, and the sheets that their rows go to.
#[derive(Debug)]
pub(crate) struct Book<'a> {
    sheets: &'a mut Sheets,
    seed: u64,
    index: u64,
    range: u64,
    rows: [i64; 26],
    /// The patient's own identifier.
    pub(super) subject: i64,
}

impl<'a> Book<'a> {
    /// Identifiers of patient `index` of `patients`; subjects ascend with the index, with random gaps.
    pub(super) fn new(sheets: &'a mut Sheets, seed: u64, patients: u64, index: u64) -> Self {
        let range = if patients <= FEW_PATIENTS { SHORT } else { LONG };
        let (from, until) = (range * index / patients, range * (index + 1) / patients);
        let subject = (from + mix(seed ^ mix(index)) % (until - from)).max(1) as i64;
        Self { sheets, seed, index, range, rows: [0; 26], subject }
    }

    /// The identifier of the patient's admission with this number, from 0.
    pub(super) fn admission(&self, number: u64) -> i64 {
        (self.range + scatter(self.index * MOST_PLACES + number, self.seed ^ 0xad, self.range)) as i64
    }

    /// The identifier of the patient's ICU stay with this number, from 0.
    pub(super) fn stay(&self, number: u64) -> i64 {
        (2 * self.range + scatter(self.index * MOST_PLACES + number, self.seed ^ 0x1c, self.range)) as i64
    }

    /// The patient's part of a table.
    pub(crate) fn lines(&mut self, table: Table) -> Lines<'_> {
        let share = match table {
            Table::Patients => 1,
            Table::Chartevents => CHART_ROWS,
            _ => ROWS,
        };
        Lines {
            rows: self.sheets.of(table),
            used: &mut self.rows[table as usize],
            before: self.index as i64 * share,
            subject: self.subject,
        }
    }

    /// Begins a row: its identifier and the patient's.
    pub(super) fn start(&mut self, table: Table) -> &mut Rows {
        self.lines(table).begin()
    }
}

/// One patient's part of a table.
#[derive(Debug)]
pub(crate) struct Lines<'a> {
    rows: &'a mut Rows,
    used: &'a mut i64,
    /// Rows of the patients before.
    before: i64,
    subject: i64,
}

impl<'a> Lines<'a> {
    /// Begins a row: its identifier and the patient's.
    pub(crate) fn start(&mut self) -> &mut Rows {
        *self.used += 1;
        self.rows.int(self.before + *self.used).int(self.subject)
    }

    /// The rows, to go on with one.
    pub(super) fn rows(&mut self) -> &mut Rows {
        self.rows
    }

    fn begin(self) -> &'a mut Rows {
        *self.used += 1;
        self.rows.int(self.before + *self.used).int(self.subject)
    }
}

#[cfg(test)]
mod tests {
    use super::{Book, MOST_PLACES};
    use crate::mimiciii::table::Table;
    use crate::table::Sheets;
    use std::collections::HashSet;

    #[test]
    fn no_two_patients_share_a_number() {
        for patients in [7, 5_000, 5_001] {
            let mut seen = HashSet::new();
            let mut last = 0;
            for index in patients - 7..patients {
                let mut sheets = Sheets::new(Table::ALL.len());
                let mut book = Book::new(&mut sheets, 3, patients, index);
                assert!(book.subject > last, "{} {last}", book.subject);
                last = book.subject;
                for number in 0..MOST_PLACES {
                    assert!(seen.insert(book.admission(number)) && seen.insert(book.stay(number)));
                }
                book.start(Table::Callout).end();
            }
        }
    }
}
