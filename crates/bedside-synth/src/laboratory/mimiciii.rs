//! Results as the table labevents of MIMIC-III has them, and the tests that only MIMIC-III has.

use super::tests::{GAS, Panel, Statement, Test};
use super::{Bench, Draw, Ledger as Either, Specimen, blood_times, gases};
use crate::admission::Admission;
use crate::course::Organ;
use crate::mimiciii::numbers::{Book, Lines};
use crate::mimiciii::table::Table;
use crate::patient::Patient;
use crate::random::Topic;
use crate::time::{DAY, HOUR, MINUTE, Time};

/// Whether a test is one of MIMIC-III: the numbers of the two families agree up to here.
pub(crate) const fn in_mimiciii(id: i64) -> bool {
    id >= 50_800 && id <= 51_555
}

/// Results of an admission, from the emergency room to the discharge.
pub(crate) fn write_mimiciii(patient: &mut Patient, admission: &Admission, hadm: i64, book: &mut Book<'_>) {
    let mut random = patient.random(Topic::Laboratory, admission.hadm);
    let times = blood_times(&mut random, admission);
    let ledger = Either::MimicIii(Ledger { lines: book.lines(Table::Labevents), hadm });
    let mut bench = Bench { patient, admission: Some(admission), random, ledger, drawn: Vec::new() };
    let first = admission.emergency.map_or(admission.admit + 70 * MINUTE, |(begin, _)| begin + 40 * MINUTE);
    // Some of the results before admission are not tied to it.
    let tied = !bench.random.chance(60);
    bench.draw(first, Draw::First, tied);
    for time in times {
        bench.draw(time, if admission.in_icu(time) { Draw::Icu } else { Draw::Ward }, true);
    }
    for stay in &admission.stays {
        // The ends of the windows in which definitions look for results.
        for moment in [stay.begin - 6 * HOUR, stay.begin + DAY, stay.begin - 12 * HOUR, stay.end + 12 * HOUR] {
            if bench.random.chance(60) {
                bench.draw(moment, Draw::Ward, true);
            }
        }
    }
    gases(&mut bench, admission);
}

/// Results of visits to clinics, within a year of an admission: they belong to none.
pub(crate) fn write_clinic_mimiciii(patient: &mut Patient, admissions: &[Admission], book: &mut Book<'_>) {
    let mut random = patient.random(Topic::Clinic, 0);
    let died = patient.died;
    for admission in admissions {
        let ledger = Either::MimicIii(Ledger { lines: book.lines(Table::Labevents), hadm: 0 });
        let seeded = crate::random::Random::stream(random.bits(), patient.index, Topic::Laboratory, 0);
        let mut bench = Bench { patient, admission: None, random: seeded, ledger, drawn: Vec::new() };
        for _ in 0..*random.weighted(&[(350, 0), (250, 2), (250, 5), (150, 12)]) {
            let days = random.between(3, 330);
            let clock = random.between(8 * 60, 17 * 60) * MINUTE;
            let after = random.chance(500);
            let day = if after { admission.discharge + days * DAY } else { admission.admit - days * DAY };
            let time = day.midnight() + clock;
            let alive = died.is_none_or(|died| time < died) && patient_is_born(admissions, time);
            let inside = admissions.iter().any(|other| time > other.admit - DAY && time < other.discharge + DAY);
            if alive && !inside {
                bench.draw(time, Draw::Clinic, false);
            }
        }
    }
}

/// Newborns have no clinic before their birth.
fn patient_is_born(admissions: &[Admission], time: Time) -> bool {
    admissions.first().is_none_or(|first| first.kind != "NEWBORN" || time > first.admit)
}

/// Rows of one admission.
pub(super) struct Ledger<'a> {
    lines: Lines<'a>,
    hadm: i64,
}

impl Ledger<'_> {
    /// The columns before the value.
    fn start(&mut self, specimen: Specimen, item: i64) -> &mut crate::text::Rows {
        let hadm = specimen.hadm.map(|_| self.hadm);
        self.lines.start().maybe_int(hadm).int(item).time(specimen.time)
    }

    pub(super) fn test(&mut self, test: &Test, specimen: Specimen, value: Option<i64>, bits: u64) {
        let rows = self.start(specimen, test.id);
        match value {
            Some(value) => rows.quoted_decimal(value, test.places).decimal(value, test.places),
            None if bits.is_multiple_of(3) => rows.quoted("ERROR").null(),
            None if bits.is_multiple_of(2) => rows.quoted("GREATER THAN 1000").null(),
            None => rows.null().null(),
        };
        rows.quoted(test.unit);
        let abnormal = value.is_some_and(|value| test.range.is_some_and(|(low, high)| value < low || value > high));
        rows.quoted(match (abnormal, bits % 1024) {
            (_, 0) => "delta",
            (true, _) => "abnormal",
            _ => "",
        });
        rows.end();
    }

    pub(super) fn statement(&mut self, statement: &Statement, specimen: Specimen, text: &str) {
        let unit = statement.unit;
        self.start(specimen, statement.id).quoted(text).null().quoted(unit).null().end();
    }

    /// A statement that has a number as well, which is rare.
    fn numbered(&mut self, statement: &Statement, specimen: Specimen, text: &str, number: i64) {
        self.start(specimen, statement.id).quoted(text).int(number).null().null().end();
    }
}

impl Bench<'_> {
    /// A blood gas: what it was drawn from, then how the patient breathed, then the measures.
    pub(super) fn gas_mimiciii(&mut self, specimen: Specimen, artery: bool, tube: bool) {
        // Twice labelled gases are two samples at one moment.
        let labels = *self.random.weighted(&[(40, 0), (930, 1), (30, 2)]);
        for _ in 0..labels {
            let drawn = if artery && self.random.chance(850) { "ART" } else { self.random.weighted(SPECIMEN.results) };
            self.say(&SPECIMEN, drawn, specimen);
        }
        for test in GAS.tests.iter().chain(MIMICIII_GAS) {
            if self.random.chance(test.share) {
                self.test(test, specimen);
            }
        }
        if self.random.chance(15) {
            self.say(&COMMENTS, "GREEN TOP", specimen);
        }
        let tube = if tube { &["INTUBATED"] } else { &["NOT INTUBATED"] };
        let machine: &[&str] = if tube[0] == "INTUBATED" { &["CONTROLLED", "IMV"] } else { &["SPONTANEOUS"] };
        for (statement, words, share) in [(&INTUBATED, &tube[..], 300), (&VENTILATOR, machine, 120)] {
            if !self.random.chance(share) {
                continue;
            }
            let word = *self.random.pick(words);
            let numbered = self.random.chance(50);
            match &mut self.ledger {
                Either::MimicIii(ledger) if numbered => ledger.numbered(statement, specimen, word, 1),
                _ => self.say(statement, word, specimen),
            }
        }
    }

    /// What MIMIC-III's laboratory adds to a draw.
    pub(super) fn draw_mimiciii(&mut self, time: Time, tied: bool) {
        if matches!(self.ledger, Either::MimicIii(_)) {
            self.run(&[&MIMICIII], time, tied, false);
        }
    }
}

const fn test(id: i64, label: &'static str, unit: &'static str, places: u32) -> Test {
    Test {
        id,
        label,
        unit,
        places,
        range: None,
        centre: 0,
        spread: 0,
        organ: Organ::None,
        slope: 0,
        steep: false,
        share: 0,
        remark: "",
    }
}

/// Measures of gases that MIMIC-IV does not list.
const MIMICIII_GAS: &[Test] = &[
    Test { centre: 500, spread: 70, share: 110, ..test(50_826, "Tidal Volume", "", 0) },
    Test { centre: 16, spread: 4, share: 110, ..test(50_827, "Ventilation Rate", "", 0) },
    Test { centre: 24, spread: 3, share: 10, ..test(51_545, "CO2", "mEq/L", 0) },
];

/// Usual tests whose numbers MIMIC-IV's generator does not use.
pub(crate) const MIMICIII: Panel = Panel {
    fluid: "Blood",
    category: "Chemistry",
    tests: &[
        Test {
            range: Some((16, 26)),
            centre: 20,
            spread: 3,
            organ: Organ::Kidney,
            slope: 6,
            share: 820,
            ..test(50_960, "Magnesium", "mg/dL", 1)
        },
        Test {
            range: Some((27, 45)),
            centre: 33,
            spread: 8,
            organ: Organ::Kidney,
            slope: 40,
            steep: true,
            share: 780,
            ..test(50_970, "Phosphate", "mg/dL", 1)
        },
        Test { range: Some((30, 400)), centre: 260, spread: 120, share: 20, ..test(50_924, "Ferritin", "ng/mL", 0) },
        Test {
            range: Some((27, 420)),
            centre: 190,
            spread: 90,
            share: 25,
            ..test(50_993, "Thyroid Stimulating Hormone", "uIU/mL", 2)
        },
        Test {
            range: Some((100, 200)),
            centre: 170,
            spread: 50,
            organ: Organ::Kidney,
            slope: 60,
            share: 60,
            ..test(51_009, "Vancomycin", "ug/mL", 1)
        },
        Test { range: Some((0, 149)), centre: 130, spread: 40, share: 20, ..test(51_000, "Triglycerides", "mg/dL", 0) },
        Test {
            range: Some((0, 60)),
            centre: 34,
            spread: 14,
            organ: Organ::Inflammation,
            slope: 120,
            steep: true,
            share: 60,
            ..test(50_956, "Lipase", "IU/L", 0)
        },
    ],
};

/// Gas statements by the numbers that MIMIC-III has for them.
const SPECIMEN: Statement = statement(
    50_800,
    "SPECIMEN TYPE",
    &[(720, "ART"), (200, "VEN"), (35, "MIX"), (25, "CENTRAL VENOUS"), (20, "OTHER")],
);
const INTUBATED: Statement = statement(50_812, "Intubated", &[(1, "INTUBATED")]);
const VENTILATOR: Statement = statement(50_828, "Ventilator", &[(1, "CONTROLLED")]);
const COMMENTS: Statement = statement(50_807, "Comments", &[(1, "GREEN TOP")]);

const fn statement(id: i64, label: &'static str, results: &'static [(u32, &'static str)]) -> Statement {
    Statement { id, label, fluid: "Blood", category: "Blood Gas", unit: "", results, remark: "" }
}

/// Their statements and measures, for d_labitems.
pub(crate) const STATEMENTS_MIMICIII: &[&Statement] = &[
    &SPECIMEN,
    &INTUBATED,
    &VENTILATOR,
    &statement(50_826, "Tidal Volume", &[]),
    &statement(50_827, "Ventilation Rate", &[]),
    &statement(51_545, "CO2", &[]),
];
