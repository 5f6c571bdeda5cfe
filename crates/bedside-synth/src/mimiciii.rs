//! MIMIC-III: the same people, admissions, stays and courses of illness as in MIMIC-IV, written down in the 26 tables of
//! release 1.4 as the hospital's two bedside systems kept them: CareVue (items below 220000), then MetaVision.
//!
//! What a patient's rows look like follows from the patient's number: every eighth is a newborn, three in five of the
//! others come in CareVue's time. So both systems have their share however few patients there are.

mod billing;
pub(crate) mod dictionary;
mod flowsheet;
mod hospital;
mod infusion;
mod newborn;
mod note;
pub(crate) mod numbers;
mod output;
mod prescription;
mod procedure;
pub(crate) mod table;

use crate::admission::{self, Admission};
use crate::patient::{self, Patient, Setting};
use crate::random::{Random, Topic};
use crate::stay::Stay;
use crate::table::Sheets;
use crate::time::{DAY, HOUR, Time};
use crate::{culture, laboratory};
use numbers::{Book, MOST_PLACES};
use table::Table;

/// The system that a bedside was charted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum System {
    CareVue,
    MetaVision,
}

/// An admission with its identifiers.
#[derive(Debug)]
struct Visit<'a> {
    patient: &'a Patient,
    admission: &'a Admission,
    hadm: i64,
    /// Identifiers of the ICU stays, in their order.
    stays: Vec<i64>,
    /// Systems of each stay: one, or both.
    systems: Vec<&'static [System]>,
    /// Whether anything was charted.
    charted: bool,
}

/// A stretch of an ICU stay in one system.
#[derive(Clone, Copy, Debug)]
struct Bed<'a> {
    visit: &'a Visit<'a>,
    stay: &'a Stay,
    icustay: i64,
    system: System,
    begin: Time,
    end: Time,
}

impl Visit<'_> {
    /// The ICU stay of a time.
    fn stay_at(&self, time: Time) -> Option<i64> {
        let at = self.admission.stays.iter().position(|stay| time >= stay.begin && time < stay.end)?;
        Some(self.stays[at])
    }

    /// The stays, those of both systems in two halves.
    fn beds(&self) -> Vec<Bed<'_>> {
        let mut beds = Vec::new();
        for ((stay, icustay), systems) in self.admission.stays.iter().zip(&self.stays).zip(&self.systems) {
            let middle = (stay.begin + (stay.end - stay.begin) / 2).floor(HOUR);
            for (number, system) in systems.iter().enumerate() {
                let begin = if number == 0 { stay.begin } else { middle };
                let end = if number + 1 == systems.len() { stay.end } else { middle };
                beds.push(Bed { visit: self, stay, icustay: *icustay, system: *system, begin, end });
            }
        }
        beds
    }

    fn is_newborn(&self) -> bool {
        self.admission.kind == newborn::KIND
    }
}

impl<'a> Bed<'a> {
    fn patient(&self) -> &'a Patient {
        self.visit.patient
    }

    fn admission(&self) -> &'a Admission {
        self.visit.admission
    }

    /// A stream of randomness of this stretch.
    fn random(&self, topic: Topic) -> Random {
        let half = i64::from(self.begin != self.stay.begin) << 40;
        self.patient().random(topic, self.stay.id + half)
    }

    fn carevue(&self) -> bool {
        self.system == System::CareVue
    }

    fn holds(&self, time: Time) -> bool {
        time >= self.begin && time < self.end
    }
}

/// Makes one patient and writes all of their rows.
pub(crate) fn write(setting: &Setting, index: u64, sheets: &mut Sheets) {
    let mut patient = if index % 8 == 5 { newborn::person(setting, index) } else { adult(setting, index) };
    patient::die_later(&mut patient);
    let mut book = Book::new(sheets, setting.seed, setting.patients, index);
    patient.subject = book.subject;
    hospital::write_patient(&patient, &mut book);
    // Taken out while the patient hands out identifiers.
    let admissions = std::mem::take(&mut patient.admissions);
    let mut stays = 0;
    for (number, admission) in admissions.iter().enumerate() {
        let hadm = book.admission(number as u64);
        let infections = culture::write_mimiciii(&mut patient, admission, hadm, &mut book);
        laboratory::write_mimiciii(&mut patient, admission, hadm, &mut book);
        let visit = visit(&patient, admission, number as u64, &mut stays, &book);
        hospital::write(&visit, &mut book);
        billing::write(&visit, &mut book);
        prescription::write(&visit, &infections, &mut book);
        note::write(&visit, &mut book);
        for bed in visit.beds() {
            if visit.charted {
                flowsheet::write(bed, &mut book);
            }
            infusion::write(bed, &mut book);
            output::write(bed, &mut book);
            procedure::write(bed, &mut book);
        }
    }
    laboratory::write_clinic_mimiciii(&mut patient, &admissions, &mut book);
}

/// A grown-up patient with their admissions: nearly all with an ICU stay, for that is what MIMIC-III holds.
fn adult(setting: &Setting, index: u64) -> Patient {
    let mut patient = patient::person(setting, index);
    let mut random = patient.random(Topic::Admission, 0);
    let mut icu = admission::stays_per_admission(&mut random, i64::from(setting.stays_tenths));
    if random.chance(60) {
        let place = random.below(icu.len() as u64 + 1) as usize;
        icu.insert(place, 0);
    }
    let mut start = Time::of_year(patient.anchor_year) + random.between(0, 364) * DAY;
    let mut places = 0;
    for (number, stays) in icu.iter().enumerate() {
        places += stays.max(&1);
        if places > MOST_PLACES || patient.ids.places_left() < 8 + 3 * stays {
            break;
        }
        let admission = admission::one(&mut patient, number as i64, start, *stays);
        let over = admission.died();
        // Some come back within the day, a few while the last admission is still on the books.
        let pause = if admission.days() > 2 && random.chance(80) {
            random.between(0, 30) * HOUR
        } else {
            random.quantile(&admission::PAUSES) * DAY
        };
        start = admission.discharge + pause;
        patient.admissions.push(admission);
        if over {
            break;
        }
    }
    patient
}

fn visit<'a>(
    patient: &'a Patient,
    admission: &'a Admission,
    number: u64,
    stays: &mut u64,
    book: &Book<'_>,
) -> Visit<'a> {
    let mut random = patient.random(Topic::Admission, admission.hadm);
    let early = admission.kind == newborn::KIND || patient.index % 5 < 3;
    // Who came back years later met the new system.
    let early = early && (number == 0 || admission.kind == newborn::KIND || !random.chance(300));
    let mut visit = Visit {
        patient,
        admission,
        hadm: book.admission(number),
        stays: Vec::new(),
        systems: Vec::new(),
        charted: !admission.stays.is_empty() && (patient.index < 20 || !random.chance(25)),
    };
    for stay in &admission.stays {
        visit.stays.push(book.stay(*stays));
        *stays += 1;
        let both = patient.index % 40 == 7 && stay.end - stay.begin > 12 * HOUR;
        visit.systems.push(match (both, early) {
            (true, _) => &[System::CareVue, System::MetaVision],
            (false, true) => &[System::CareVue],
            (false, false) => &[System::MetaVision],
        });
    }
    visit
}

/// The caregiver of a thing in one shift of twelve hours.
fn caregiver(thing: i64, time: Time) -> i64 {
    crate::dictionary::provider::caregiver(thing, time.0 / (12 * HOUR))
}

/// Tables in which a row belongs to an admission.
fn start<'b>(book: &'b mut Book<'_>, table: Table, visit: &Visit<'_>) -> &'b mut crate::text::Rows {
    book.start(table).int(visit.hadm)
}
