//! Newborns: every eighth patient of MIMIC-III, in an ICU of their own.

use crate::admission::{Admission, Transfer};
use crate::course::Course;
use crate::patient::{self, Patient, Setting};
use crate::problem::Problem;
use crate::random::{Random, Topic};
use crate::stay::{self, Stay};
use crate::time::{DAY, HOUR, MINUTE, Time};

/// Their kind of admission.
pub(super) const KIND: &str = "NEWBORN";

/// Their ICU, as the short name of a unit.
pub(super) const UNIT: &str = "NICU";

const PREMATURE: Problem = Problem {
    name: "Newborn",
    service: "NB",
    unit: 0,
    peaks: [150, 450, 60, 220, 220, 60, 60, 220],
    mortality: 25,
    ventilated: 420,
    infected: 400,
    elective: 0,
    diagnosis: ("V3000", "Z3800"),
    drg: ("790", "EXTREME IMMATURITY OR RESPIRATORY DISTRESS SYNDROME, NEONATE"),
    traits: &[],
};

/// A newborn with the admission of the birth; a few come back within the year.
pub(super) fn person(setting: &Setting, index: u64) -> Patient {
    let mut patient = patient::person(setting, index);
    let mut random = patient.random(Topic::Admission, 0);
    patient.anchor_age = 0;
    patient.chronic = 0;
    patient.marital = "";
    patient.insurance = random.word(&[(650, "Private"), (300, "Medicaid"), (30, "Self-pay"), (20, "Other")]);
    // Tenths of a centimetre and of a kilogram.
    patient.weight = random.quantile(&[6, 11, 16, 20, 24, 30, 42]);
    patient.height = 300 + patient.weight * 5;
    let birth = Time::of_year(patient.anchor_year) + random.between(0, 364 * 24 * 60) * MINUTE;
    let stays = if random.chance(60) { 2 } else { 1 };
    let admission = admission(&mut patient, &mut random, birth, stays);
    patient.admissions.push(admission);
    patient
}

fn admission(patient: &mut Patient, random: &mut Random, birth: Time, stays: u64) -> Admission {
    let fatal = random.chance(if patient.weight < 10 { 180 } else { 12 });
    let mut begin = birth + random.between(5, 240) * MINUTE;
    let mut list = Vec::new();
    let mut transfers = Vec::new();
    let mut now = birth;
    let mut event = "admit";
    for _ in 0..stays {
        // The smaller, the longer: days at every fifth of the distribution.
        let days = random.quantile(&[1, 2, 5, 14, 40, 90]) * 12 / patient.weight.max(6);
        let end = begin + days.min(100) * DAY + random.between(4 * 60, 30 * 60) * MINUTE;
        transfers.push(place(patient, event, "NWARD", now, Some(begin)));
        transfers.push(place(patient, "transfer", UNIT, begin, Some(end)));
        event = "transfer";
        list.push(Stay::new(patient.ids.transfer(), UNIT, UNIT, begin, end));
        now = end;
        begin = end + random.between(10, 60) * HOUR;
    }
    let discharge = if fatal { now } else { now.midnight() + DAY + random.between(600, 1100) * MINUTE };
    if discharge > now {
        transfers.push(place(patient, "transfer", "NWARD", now, Some(discharge)));
    }
    transfers.push(place(patient, "discharge", "", discharge, None));
    let mut peaks = PREMATURE.peaks;
    for peak in &mut peaks {
        *peak = (*peak * (60 - patient.weight).max(10) / 40 + random.bell(80)).clamp(0, 1000);
    }
    let first = list.first().map_or(birth, |stay: &Stay| stay.begin);
    let mut admission = Admission {
        hadm: patient.ids.admission(),
        admit: birth,
        discharge,
        kind: KIND,
        origin: "",
        destination: if fatal { "DIED" } else { "HOME" },
        emergency: None,
        problem: &PREMATURE,
        course: Course { begin: birth, peak: first + 20 * HOUR, end: discharge, peaks, floors: [0; 8], fatal },
        services: vec![(birth, random.word(&[(800, "NB"), (200, "NBB")]))],
        transfers,
        stays: list,
        icd: 9,
    };
    stay::equip(patient, random, &mut admission);
    admission
}

fn place(patient: &mut Patient, event: &'static str, unit: &'static str, begin: Time, end: Option<Time>) -> Transfer {
    Transfer { id: patient.ids.transfer(), event, unit, begin, end }
}
