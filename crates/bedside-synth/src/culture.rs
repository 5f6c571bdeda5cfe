//! Microbiology: cultures at the start of an infection, screens on arrival at the ICU, organisms and what kills them.

mod mimiciii;
mod tables;

use crate::admission::Admission;
use crate::course::Organ;
use crate::dictionary::provider;
use crate::identifier::Counter;
use crate::patient::Patient;
use crate::random::{Random, Topic};
use crate::table::{Sheets, Table};
use crate::text::Rows;
use crate::time::{DAY, HOUR, MINUTE, Time};
use tables::{COMMENTS, Organism, Specimen};

pub(crate) use mimiciii::write_mimiciii;
pub(crate) use tables::{ANTIBIOTICS, CONTAMINANTS, NEGATIVE, ORGANISMS, SPECIMENS};

/// An infection that is treated: cultures were taken around `time`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Infection {
    pub(crate) time: Time,
}

/// Writes the cultures of an admission; the infections that antibiotics follow.
pub(crate) fn write(patient: &mut Patient, admission: &Admission, sheets: &mut Sheets) -> Vec<Infection> {
    let random = patient.random(Topic::Culture, admission.hadm);
    let rows = sheets.of(Table::Microbiologyevents);
    let ledger = Ledger::MimicIv(rows);
    let mut laboratory = Laboratory { patient, random, ledger, until: admission.discharge };
    laboratory.admission(admission)
}

/// A culture of a visit to the clinic.
pub(crate) fn write_visit(patient: &mut Patient, time: Time, random: &mut Random, sheets: &mut Sheets) {
    let seeded = Random::stream(random.bits(), patient.index, Topic::Culture, 0);
    let rows = sheets.of(Table::Microbiologyevents);
    let mut laboratory = Laboratory { patient, random: seeded, ledger: Ledger::MimicIv(rows), until: time + DAY };
    let specimen = *laboratory.random.weighted(&[(500, 1), (250, 4), (150, 5), (60, 9), (40, 3)]);
    laboratory.specimen(&SPECIMENS[specimen], time, None, 150);
}

struct Laboratory<'a> {
    patient: &'a mut Patient,
    random: Random,
    ledger: Ledger<'a>,
    /// Nothing is taken from here on.
    until: Time,
}

/// Where results are written down.
enum Ledger<'a> {
    MimicIv(&'a mut Rows),
    MimicIii(mimiciii::Ledger<'a>),
}

/// What all rows of one specimen share.
struct Sample<'a> {
    id: i64,
    hadm: Option<i64>,
    time: Time,
    timed: bool,
    done: Time,
    specimen: &'a Specimen,
}

impl Laboratory<'_> {
    /// The cultures of an admission, and the infections that they were taken for.
    fn admission(&mut self, admission: &Admission) -> Vec<Infection> {
        let mut infections = Vec::new();
        let hadm = Some(admission.hadm);

        if self.random.chance(admission.problem.infected) {
            let time = if self.random.chance(700) {
                admission.admit + self.random.between(-60, 300) * MINUTE
            } else {
                admission.course.peak - self.random.between(0, 10) * HOUR
            };
            infections.push(Infection { time });
        }
        for stay in &admission.stays {
            // A new infection in the ICU, the likelier the longer the stay.
            if self.random.chance((stay.length() / 25).min(450)) {
                let time =
                    stay.begin + self.random.between(12 * 60, ((stay.end - stay.begin) / 60).max(13 * 60)) * MINUTE;
                infections.push(Infection { time: time.min(stay.end - HOUR).max(stay.begin) });
            }
            if self.random.chance(650) {
                let at = stay.begin + self.random.between(5, 400) * MINUTE;
                self.specimen(&SPECIMENS[2], at, hadm, 0);
            }
        }
        for infection in &infections {
            self.work_up(infection.time, hadm, admission.course.level(Organ::Inflammation, infection.time));
        }
        // Cultures without an infection.
        for _ in 0..self.random.round(admission.days() * 190) {
            let time = admission.admit + self.random.between(0, (admission.discharge - admission.admit) / 60) * MINUTE;
            let specimen = self.random.weighted(tables::BY_CHANCE);
            self.specimen(&SPECIMENS[*specimen], time, hadm, 90);
        }
        infections.retain(|infection| infection.time < admission.discharge);
        infections
    }

    /// Blood twice, urine, and what the chest gives.
    fn work_up(&mut self, time: Time, hadm: Option<i64>, level: i64) {
        let grows = 120 + level / 6;
        for bottle in 0..2 {
            self.specimen(&SPECIMENS[0], time + bottle * 20 * MINUTE, hadm, grows * 6 / 10);
        }
        if self.random.chance(300) {
            let at = time + self.random.between(20, 40) * HOUR;
            self.specimen(&SPECIMENS[0], at, hadm, grows / 3);
        }
        if self.random.chance(780) {
            self.specimen(&SPECIMENS[1], time + 50 * MINUTE, hadm, grows * 9 / 10);
        }
        if self.random.chance(380) {
            let chest = *self.random.weighted(&[(70, 3), (20, 6), (10, 10)]);
            let at = time + self.random.between(1, 10) * HOUR;
            self.specimen(&SPECIMENS[chest], at, hadm, grows * 16 / 10);
        }
        if self.random.chance(300) {
            let other = *self.random.weighted(tables::BY_CHANCE);
            let at = time + self.random.between(1, 20) * HOUR;
            self.specimen(&SPECIMENS[other], at, hadm, grows);
        }
    }

    fn specimen(&mut self, specimen: &Specimen, time: Time, hadm: Option<i64>, grows: i64) {
        if time >= self.until {
            return;
        }
        let Some(id) = self.patient.ids.next(Counter::MicroSpecimen) else { return };
        let done = time + self.random.between(24, 130) * HOUR + self.random.between(0, 3599);
        // The time of one specimen in sixteen is not known, only its date.
        let sample = Sample { id, hadm, time, timed: !self.random.chance(62), done, specimen };
        for (sequence, (test, name, culture)) in specimen.tests.iter().enumerate() {
            let sequence = sequence as i64 + 1;
            if sequence > 1 && !self.random.chance(600) {
                continue;
            }
            if *culture && self.random.chance(grows) {
                for isolate in 1..=*self.random.weighted(&[(80, 1), (15, 2), (5, 3)]) {
                    self.organism(&sample, sequence, *test, name, isolate);
                }
            } else if self.random.chance(6) {
                self.row(
                    &sample,
                    sequence,
                    *test,
                    name,
                    Some(NEGATIVE[0]),
                    None,
                    None,
                    "Duplicate order,\nnot processed.  ",
                );
            } else if *culture && self.random.chance(4) {
                self.row(&sample, sequence, *test, name, Some(NEGATIVE[1]), None, None, "");
            } else {
                let comment = *self.random.weighted(COMMENTS);
                self.row(&sample, sequence, *test, name, None, None, None, comment);
            }
        }
    }

    /// One organism with a row for each antibiotic that it was tested against.
    fn organism(&mut self, sample: &Sample<'_>, sequence: i64, test: i64, name: &str, isolate: i64) {
        let organism = self.random.weighted(ORGANISMS);
        let contaminated = self.random.chance(160);
        let organism = if contaminated { self.random.weighted(CONTAMINANTS) } else { organism };
        let grown = Some((organism.id, organism.name));
        if organism.panel.is_empty() || contaminated || self.random.chance(330) {
            let comment = if self.random.chance(600) { "SPARSE GROWTH, \"mixed\" flora.  " } else { "" };
            self.row(sample, sequence, test, name, grown, Some(isolate), None, comment);
            return;
        }
        for antibiotic in organism.panel {
            self.row(sample, sequence, test, name, grown, Some(isolate), Some((*antibiotic, organism)), "");
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the fields of one row")]
    fn row(
        &mut self,
        sample: &Sample<'_>,
        sequence: i64,
        test: i64,
        name: &str,
        organism: Option<(i64, &str)>,
        isolate: Option<i64>,
        antibiotic: Option<(usize, &Organism)>,
        comment: &str,
    ) {
        let rows = match &mut self.ledger {
            Ledger::MimicIv(rows) => rows,
            Ledger::MimicIii(ledger) => {
                let call = antibiotic.map(|(which, organism)| Sensitivity::of(&mut self.random, which, organism));
                ledger.row(sample, organism, isolate, call.as_ref());
                return;
            }
        };
        let Some(event) = self.patient.ids.next(Counter::MicroEvent) else { return };
        rows.int(event).int(self.patient.subject).maybe_int(sample.hadm).int(sample.id);
        if sample.id % 9 == 0 {
            provider::of(sample.id, 2, rows);
        } else {
            rows.null();
        }
        rows.time(sample.time.midnight()).maybe_time(sample.timed.then_some(sample.time));
        rows.int(sample.specimen.id);
        // Now and then the description is empty: text all the same, not NULL.
        if sample.id % 499 == 0 {
            rows.empty_text();
        } else {
            rows.text(sample.specimen.name);
        }
        rows.int(sequence);
        let known = sample.id % 170 != 0;
        rows.maybe_time(known.then(|| sample.done.midnight()))
            .maybe_time(known.then_some(sample.done))
            .int(test)
            .text(name);
        match organism {
            Some((id, name)) => rows.int(id).text(name),
            None => rows.null().null(),
        };
        rows.maybe_int(isolate).null();
        match antibiotic {
            Some((which, organism)) => sensitivity(&mut self.random, rows, which, organism),
            None => {
                rows.null().null().null().null().null().null();
            }
        }
        rows.text(comment).end();
    }
}

/// How an organism stands against an antibiotic.
struct Sensitivity {
    id: i64,
    name: &'static str,
    /// Sign and quarters of a microgram; none where a disc was used.
    dilution: Option<(&'static str, i64)>,
    /// `S`, `I` or `R`.
    call: &'static str,
}

impl Sensitivity {
    fn of(random: &mut Random, which: usize, organism: &Organism) -> Self {
        let (id, name) = ANTIBIOTICS[which];
        let call = *random.weighted(if organism.resistant {
            &[(45, "S"), (10, "I"), (45, "R")]
        } else {
            &[(88, "S"), (3, "I"), (9, "R")]
        });
        if random.chance(120) {
            return Self { id, name, dilution: None, call };
        }
        let quarters = match call {
            "S" => *random.pick(&[1, 2, 4, 4, 4, 8, 16]),
            "I" => *random.pick(&[8, 16, 32]),
            _ => *random.pick(&[64, 128, 256]),
        };
        let sign = match call {
            "S" if random.chance(800) => "<=",
            "R" if random.chance(800) => "=>",
            _ => "",
        };
        Self { id, name, dilution: Some((sign, quarters)), call }
    }
}

/// Antibiotic, dilution in its parts, and the call. The comparison is padded to ten characters.
fn sensitivity(random: &mut Random, rows: &mut Rows, which: usize, organism: &Organism) {
    let Sensitivity { id, name, dilution, call } = Sensitivity::of(random, which, organism);
    rows.int(id).text(name);
    match dilution {
        None => rows.null().null().null(),
        Some((sign, quarters)) => {
            let padded = match sign {
                "<=" => "<=        ",
                "=>" => "=>        ",
                _ => "=         ",
            };
            let mut text = sign.as_bytes().to_vec();
            crate::text::put_decimal(&mut text, quarters * 25, 2);
            rows.raw(&text).raw(b",").text(padded).decimal(quarters * 25, 2)
        }
    };
    rows.text(call);
}
