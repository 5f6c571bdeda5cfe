//! Cultures as the table microbiologyevents of MIMIC-III has them: no test, no comments, text in quotes.

use super::{Infection, Laboratory, Ledger as Either, Sample, Sensitivity};
use crate::admission::Admission;
use crate::mimiciii::numbers::{Book, Lines};
use crate::mimiciii::table::Table;
use crate::patient::Patient;
use crate::random::Topic;

/// Writes the cultures of an admission; the infections that antibiotics follow.
pub(crate) fn write_mimiciii(
    patient: &mut Patient,
    admission: &Admission,
    hadm: i64,
    book: &mut Book<'_>,
) -> Vec<Infection> {
    let random = patient.random(Topic::Culture, admission.hadm);
    let ledger = Either::MimicIii(Ledger { lines: book.lines(Table::Microbiologyevents), hadm });
    let mut laboratory = Laboratory { patient, random, ledger, until: admission.discharge };
    laboratory.admission(admission)
}

/// Rows of one admission.
pub(super) struct Ledger<'a> {
    lines: Lines<'a>,
    hadm: i64,
}

impl Ledger<'_> {
    pub(super) fn row(
        &mut self,
        sample: &Sample<'_>,
        organism: Option<(i64, &str)>,
        isolate: Option<i64>,
        sensitivity: Option<&Sensitivity>,
    ) {
        let rows = self.lines.start();
        rows.int(self.hadm).time(sample.time.midnight()).maybe_time(sample.timed.then_some(sample.time));
        rows.int(sample.specimen.id).quoted(sample.specimen.name);
        match organism {
            Some((id, name)) => rows.int(id).quoted(name),
            // Here and there the name of nothing is an empty text.
            None if sample.id % 97 == 0 => rows.null().empty_text(),
            None => rows.null().null(),
        };
        rows.maybe_int(isolate);
        let Some(sensitivity) = sensitivity else {
            rows.null().null().null().null().null().null().end();
            return;
        };
        rows.int(sensitivity.id).quoted(sensitivity.name);
        match sensitivity.dilution {
            None => rows.null().null().null(),
            Some((sign, quarters)) => {
                let mut text = sign.as_bytes().to_vec();
                crate::text::put_decimal(&mut text, quarters * 25, 2);
                rows.raw(b"\"").raw(&text).raw(b"\",");
                rows.quoted(if sign.is_empty() { "=" } else { sign }).decimal(quarters * 25, 2)
            }
        };
        rows.quoted(sensitivity.call).end();
    }
}
