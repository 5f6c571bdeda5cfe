//! Laboratory results: specimens by the clock of ward and ICU, panels on specimens, values by the state of the organs.

mod mimiciii;
mod tests;

pub(crate) use mimiciii::{MIMICIII, STATEMENTS_MIMICIII, in_mimiciii, write_clinic_mimiciii, write_mimiciii};
pub(crate) use tests::{PANELS, STATEMENTS};

use crate::admission::Admission;
use crate::course::Organ;
use crate::dictionary::conditions::Chronic;
use crate::dictionary::provider;
use crate::identifier::Counter;
use crate::patient::Patient;
use crate::problem::Trait;
use crate::random::{Random, Topic};
use crate::table::{Sheets, Table};
use crate::text::Rows;
use crate::time::{DAY, HOUR, MINUTE, Time};
use tests::{
    CARDIAC, CHEMISTRY, CLOTTING, COUNT, DIFFERENTIAL, GAS, GAS_COMMENTS, HOLD, INTUBATED, LIVER, Panel, SPECIAL,
    SPECIMEN_TYPE, Statement, Test, URINE, URINE_LENGTH, URINE_STATEMENTS,
};

/// Results of an admission, from the emergency room to the discharge.
pub(crate) fn write_admission(patient: &mut Patient, admission: &Admission, sheets: &mut Sheets) {
    let random = patient.random(Topic::Laboratory, admission.hadm);
    let rows = sheets.of(Table::Labevents);
    let mut bench =
        Bench { patient, admission: Some(admission), random, ledger: Ledger::MimicIv(rows), drawn: Vec::new() };
    if let Some((begin, _)) = admission.emergency {
        // Some of the results before admission are not tied to it.
        let tied = !bench.random.chance(120);
        bench.draw(begin + 40 * MINUTE, Draw::First, tied);
    } else {
        bench.draw(admission.admit + 70 * MINUTE, Draw::First, true);
    }
    for time in blood_times(&mut bench.random, admission) {
        bench.draw(time, if admission.in_icu(time) { Draw::Icu } else { Draw::Ward }, true);
    }
    gases(&mut bench, admission);
}

/// Results of a visit to the clinic: no admission.
pub(crate) fn write_visit(
    patient: &mut Patient,
    near: Option<&Admission>,
    time: Time,
    random: &mut Random,
    sheets: &mut Sheets,
) {
    let seeded = Random::stream(random.bits(), patient.index, Topic::Laboratory, 0);
    let rows = sheets.of(Table::Labevents);
    let mut bench =
        Bench { patient, admission: near, random: seeded, ledger: Ledger::MimicIv(rows), drawn: Vec::new() };
    bench.draw(time, Draw::Clinic, false);
}

/// Why blood is taken.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Draw {
    First,
    Ward,
    Icu,
    Clinic,
}

/// When blood is taken: in the small hours on the ward, every six to eight hours in the ICU.
fn blood_times(random: &mut Random, admission: &Admission) -> Vec<Time> {
    let mut times = Vec::new();
    let mut day = admission.admit.midnight() + DAY;
    while day < admission.discharge {
        let morning = day + random.between(240, 420) * MINUTE;
        if random.chance(610) || admission.in_icu(morning) {
            times.push(morning);
        }
        if random.chance(80) {
            times.push(day + random.between(13 * 60, 19 * 60) * MINUTE);
        }
        day = day + DAY;
    }
    for stay in &admission.stays {
        let mut time = stay.begin + random.between(5, 60) * MINUTE;
        while time < stay.end {
            times.push(time);
            time = time + random.between(13 * 60, 29 * 60) * MINUTE;
        }
    }
    times.retain(|time| *time < admission.discharge);
    times.sort_unstable();
    times
}

/// Blood gases while a machine breathes, or an artery is at hand.
fn gases(bench: &mut Bench<'_>, admission: &Admission) {
    for stay in &admission.stays {
        let mut time = stay.begin + bench.random.between(10, 90) * MINUTE;
        while time < stay.end {
            let ventilated = stay.breathing_at(time).is_some_and(|part| part.kind.ventilated());
            let chance = match (ventilated, stay.arterial) {
                (true, true) => 820,
                (true, false) => 550,
                (false, true) => 300,
                (false, false) => 90,
            };
            if bench.random.chance(chance) {
                bench.gas(time, stay.arterial, stay.tube_at(time));
            }
            let ill = admission.course.level(Organ::Circulation, time);
            let step = if ill > 600 { 210 } else { 380 };
            time = time + bench.random.between(step / 2, step * 3 / 2) * MINUTE;
        }
    }
}

/// Runs panels on specimens of one patient.
struct Bench<'a> {
    patient: &'a mut Patient,
    admission: Option<&'a Admission>,
    random: Random,
    ledger: Ledger<'a>,
    /// Results of the specimen so far, for those that follow from others.
    drawn: Vec<(i64, i64)>,
}

/// Where results are written down.
enum Ledger<'a> {
    MimicIv(&'a mut Rows),
    MimicIii(mimiciii::Ledger<'a>),
}

/// What all rows of one specimen share.
#[derive(Clone, Copy)]
struct Specimen {
    id: i64,
    hadm: Option<i64>,
    time: Time,
    stored: Time,
    stat: bool,
}

impl Bench<'_> {
    /// One venipuncture with the tubes that its reason calls for.
    fn draw(&mut self, time: Time, draw: Draw, tied: bool) {
        let clinic = draw == Draw::Clinic;
        let first = draw == Draw::First;
        let icu = draw == Draw::Icu;
        let stat = icu || first || self.random.chance(150);
        self.run(&[&CHEMISTRY], time, tied, stat);
        self.draw_mimiciii(time, tied);
        let differential = self.random.chance(if first || clinic { 640 } else { 220 });
        if self.random.chance(940) {
            self.run(if differential { &[&COUNT, &DIFFERENTIAL] } else { &[&COUNT] }, time, tied, stat);
        }
        let liver = self.level(Organ::Liver, time);
        if self.random.chance(if clinic { 260 } else { 470 + liver / 3 }) {
            self.run(&[&CLOTTING], time, tied, stat);
        }
        if self.random.chance(if first || clinic { 500 } else { 240 + liver / 2 }) {
            self.run(&[&LIVER], time, tied, stat);
        }
        let heart = self.level(Organ::Heart, time);
        if !clinic && self.random.chance(if first { 350 } else { 20 + heart / 4 }) {
            self.run(&[&CARDIAC], time, tied, stat);
        }
        if self.random.chance(if clinic { 250 } else { 70 }) {
            self.run(&[&SPECIAL], time, tied, false);
        }
        if self.random.chance(if first { 600 } else { 110 }) {
            self.urine(time + 20 * MINUTE, tied);
        }
        if self.random.chance(200) {
            let specimen = self.specimen(time, tied, false);
            if let Some(specimen) = specimen {
                self.statement(&HOLD, specimen);
            }
        }
    }

    fn level(&self, organ: Organ, time: Time) -> i64 {
        self.admission.map_or(0, |admission| admission.course.level(organ, time))
    }

    fn specimen(&mut self, time: Time, tied: bool, stat: bool) -> Option<Specimen> {
        self.drawn.clear();
        let id = self.patient.ids.next(Counter::Specimen)?;
        let hadm = self.admission.filter(|_| tied).map(|admission| admission.hadm);
        Some(Specimen { id, hadm, time, stored: time + self.random.between(25, 130) * MINUTE, stat })
    }

    fn run(&mut self, panels: &[&Panel], time: Time, tied: bool, stat: bool) {
        let Some(specimen) = self.specimen(time, tied, stat) else { return };
        for panel in panels {
            for test in panel.tests {
                if self.random.chance(test.share) {
                    self.test(test, specimen);
                }
            }
        }
    }

    fn gas(&mut self, time: Time, artery: bool, tube: bool) {
        let stat = self.random.chance(600);
        let Some(specimen) = self.specimen(time, true, stat) else { return };
        if matches!(self.ledger, Ledger::MimicIii(_)) {
            self.gas_mimiciii(specimen, artery, tube);
            return;
        }
        if !self.random.chance(40) {
            let kind =
                if artery && self.random.chance(850) { "ART." } else { self.random.weighted(SPECIMEN_TYPE.results) };
            self.say(&SPECIMEN_TYPE, kind, specimen);
        }
        for test in GAS.tests {
            if self.random.chance(test.share) {
                self.test(test, specimen);
            }
        }
        if tube && self.random.chance(300) {
            self.statement(&INTUBATED, specimen);
        }
        if self.random.chance(15) {
            self.statement(&GAS_COMMENTS, specimen);
        }
    }

    fn urine(&mut self, time: Time, tied: bool) {
        let Some(specimen) = self.specimen(time, tied, false) else { return };
        for statement in URINE_STATEMENTS {
            self.statement(statement, specimen);
        }
        for test in URINE.tests {
            if self.random.chance(test.share) {
                self.test(test, specimen);
            }
        }
        if self.random.chance(400) {
            self.statement(&URINE_LENGTH, specimen);
        }
    }

    fn test(&mut self, test: &Test, specimen: Specimen) {
        if matches!(self.ledger, Ledger::MimicIii(_)) && !in_mimiciii(test.id) {
            return;
        }
        let value = self.value(test, specimen.time);
        self.drawn.push((test.id, value));
        let value = if self.random.chance(1) && self.random.chance(300) { slip(test).unwrap_or(value) } else { value };
        let smear = test.unit == "N/A";
        let fate = self.random.below(1000);
        // Below the limit of detection, or the sample was spoilt: no number.
        let no_number = smear || fate < 6;
        let bits = self.random.bits();
        let rows = match &mut self.ledger {
            Ledger::MimicIv(rows) => rows,
            Ledger::MimicIii(ledger) => {
                ledger.test(test, specimen, (!no_number).then_some(value), bits);
                return;
            }
        };
        let Some(event) = self.patient.ids.next(Counter::LabEvent) else { return };
        start(rows, event, self.patient.subject, specimen, test.id);
        match (no_number, test.remark.is_empty()) {
            (true, _) => rows.null().null(),
            (false, true) => rows.decimal(value, test.places).decimal(value, test.places),
            (false, false) => rows.text("___").decimal(value, test.places),
        };
        // A unit of a single blank stands beside the empty field.
        rows.text(if test.unit.is_empty() && bits.is_multiple_of(8) { " " } else { test.unit });
        match test.range {
            Some((low, high)) => rows.decimal(low, test.places).decimal(high, test.places),
            None => rows.null().null(),
        };
        let abnormal = !no_number && test.range.is_some_and(|(low, high)| value < low || value > high);
        rows.maybe_text(abnormal.then_some("abnormal"));
        finish(rows, specimen);
        match (no_number, fate) {
            (true, 0..3) if !smear => rows.text("UNABLE TO REPORT, HEMOLYZED."),
            (true, _) if !smear => rows.text("<DETECTABLE."),
            _ => rows.text(test.remark),
        };
        rows.end();
    }

    fn statement(&mut self, statement: &Statement, specimen: Specimen) {
        let text = *self.random.weighted(statement.results);
        self.say(statement, text, specimen);
    }

    fn say(&mut self, statement: &Statement, text: &str, specimen: Specimen) {
        let rows = match &mut self.ledger {
            Ledger::MimicIv(rows) => rows,
            Ledger::MimicIii(ledger) => {
                if in_mimiciii(statement.id) {
                    ledger.statement(statement, specimen, text);
                }
                return;
            }
        };
        let Some(event) = self.patient.ids.next(Counter::LabEvent) else { return };
        start(rows, event, self.patient.subject, specimen, statement.id);
        rows.text(text).null().text(statement.unit).null().null().null();
        finish(rows, specimen);
        rows.text(if text.is_empty() || statement.remark == "___" { statement.remark } else { "" }).end();
    }

    /// The result by organ state, by other results where it follows from them.
    fn value(&mut self, test: &Test, time: Time) -> i64 {
        let level = self.level(test.organ, time);
        let change = if test.steep { test.slope * level / 1000 * level / 1000 } else { test.slope * level / 1000 };
        let noise = self.random.bell(test.spread + change.abs() / 9);
        let mut value = test.centre + change + noise + self.lasting(test, time);
        let known = |id: i64| self.drawn.iter().find(|(known, _)| *known == id).map(|(_, value)| *value);
        match test.id {
            50868 => {
                if let (Some(sodium), Some(chloride), Some(bicarbonate)) = (known(50983), known(50902), known(50882)) {
                    // With potassium, as this laboratory reports it.
                    value = sodium + 4 - chloride - bicarbonate;
                }
            }
            // Whole per cents; one in thirty is a fraction.
            50816 => value = if self.random.chance(33) { value / 100 } else { value.clamp(2100, 10_000) / 100 * 100 },
            51222 => value = known(51221).map_or(value, |hematocrit| hematocrit * 33 / 100 + noise / 4),
            51279 => value = known(51221).map_or(value, |hematocrit| hematocrit * 109 / 100 + noise / 4),
            // A share of a hundred; the gradient of pure oxygen at sea level.
            51256 => value = value.min(980),
            50801 => value = value.min(680),
            51237 => value = known(51274).map_or(value, |time| (time * 10 + 57) / 115),
            _ => {}
        }
        if matches!(test.id, 50802 | 50868) { value } else { value.max(floor(test)) }
    }

    /// How much of the first day's trouble is left, in per cent.
    fn first_day(&self, time: Time) -> i64 {
        let hours = self.admission.map_or(0, |admission| (time - admission.admit) / HOUR);
        (100 - hours.max(0) * 4).max(0)
    }

    /// What a person's lasting conditions add.
    fn lasting(&self, test: &Test, time: Time) -> i64 {
        let has = |chronic| self.patient.has(chronic);
        let problem = self.admission.map(|admission| admission.problem);
        let keto = problem.is_some_and(|problem| problem.has(Trait::Ketoacidosis));
        let no_marrow = problem.is_some_and(|problem| problem.service == "OMED");
        match test.id {
            50912 if has(Chronic::EndStageKidney) => 32,
            50912 if has(Chronic::Kidney) => 8,
            51006 if has(Chronic::Kidney) => 16,
            // Sugar and acid of ketoacidosis fall over a day.
            50931 | 50809 if keto => 40 + 400 * self.first_day(time) / 100,
            50882 if keto => -12 * self.first_day(time) / 100,
            50820 if keto => -18 * self.first_day(time) / 100,
            50931 | 50809 if has(Chronic::Diabetes) || has(Chronic::DiabetesComplicated) => 55,
            53231 if has(Chronic::Diabetes) => 18,
            51301 if no_marrow => -82,
            51265 if no_marrow => -90,
            51265 if has(Chronic::LiverSevere) => -90,
            50885 if has(Chronic::LiverSevere) => 14,
            51221 if self.patient.female => -15,
            50818 if has(Chronic::Lungs) => 6,
            _ => 0,
        }
    }
}

/// A gross error, far out of what a body can hold: of the tests whose derived tables leave such results out.
fn slip(test: &Test) -> Option<i64> {
    const BOUNDED: [i64; 16] = [
        50809, 50810, 50813, 50817, 50862, 50868, 50882, 50893, 50902, 50912, 50930, 50931, 50971, 50976, 50983, 51006,
    ];
    BOUNDED.contains(&test.id).then(|| 20_000 * 10_i64.pow(test.places))
}

/// Most results are above zero; some may be zero.
fn floor(test: &Test) -> i64 {
    i64::from(!matches!(test.range, Some((0, _))))
}

fn start(rows: &mut Rows, event: i64, subject: i64, specimen: Specimen, item: i64) {
    rows.int(event).int(subject).maybe_int(specimen.hadm).int(specimen.id).int(item);
    if specimen.id % 6 == 0 {
        provider::of(specimen.id, 1, rows);
    } else {
        rows.null();
    }
    rows.time(specimen.time).maybe_time((specimen.id % 113 != 0).then_some(specimen.stored));
}

fn finish(rows: &mut Rows, specimen: Specimen) {
    match (specimen.id % 11, specimen.stat) {
        (0, _) => rows.null(),
        (_, true) => rows.text("STAT"),
        (_, false) => rows.text("ROUTINE"),
    };
}
