//! A person: who they are, which admissions they have, and everything that is written down about them.

use crate::admission::{self, Admission};
use crate::dictionary::conditions::{CONDITIONS, Chronic};
use crate::identifier::Identifiers;
use crate::random::{Random, Topic};
use crate::table::{Sheets, Table};
use crate::time::{DAY, Time};
use crate::{billing, chart, clinic, culture, dates, infusion, laboratory, order, output, procedure};

/// What is the same for all patients of a release.
#[derive(Clone, Debug)]
pub(crate) struct Setting {
    pub(crate) seed: u64,
    pub(crate) patients: u64,
    pub(crate) stays_tenths: u32,
}

/// A person.
#[derive(Debug)]
pub(crate) struct Patient {
    pub(crate) seed: u64,
    pub(crate) index: u64,
    pub(crate) ids: Identifiers,
    pub(crate) subject: i64,
    pub(crate) female: bool,
    pub(crate) anchor_age: i64,
    pub(crate) anchor_year: i64,
    pub(crate) anchor_group: &'static str,
    pub(crate) race: &'static str,
    pub(crate) language: &'static str,
    pub(crate) insurance: &'static str,
    pub(crate) marital: &'static str,
    /// Tenths of a centimetre.
    pub(crate) height: i64,
    /// Tenths of a kilogram.
    pub(crate) weight: i64,
    /// One bit per [`Chronic`].
    pub(crate) chronic: u64,
    pub(crate) died: Option<Time>,
    pub(crate) admissions: Vec<Admission>,
}

impl Patient {
    /// The stream of a topic; `part` tells admissions or stays apart.
    pub(crate) fn random(&self, topic: Topic, part: i64) -> Random {
        Random::stream(self.seed, self.index, topic, part as u64)
    }

    pub(crate) fn has(&self, chronic: Chronic) -> bool {
        self.chronic & (1 << chronic as u32) != 0
    }
}

/// Makes one patient and writes all of their rows.
pub(crate) fn write(setting: &Setting, index: u64, sheets: &mut Sheets) {
    let mut patient = person(setting, index);
    admission::plan(setting, &mut patient);
    die_later(&mut patient);
    write_person(&patient, sheets);

    let mut clerk = order::Clerk::default();
    // Taken out while the patient hands out identifiers.
    let admissions = std::mem::take(&mut patient.admissions);
    for admission in &admissions {
        admission::write(&patient, admission, sheets);
        billing::write(&patient, admission, sheets);
        let infections = culture::write(&mut patient, admission, sheets);
        laboratory::write_admission(&mut patient, admission, sheets);
        order::write(&mut patient, admission, &infections, &mut clerk, sheets);
        for stay in &admission.stays {
            chart::write(&patient, admission, stay, sheets);
            infusion::write(&mut patient, admission, stay, sheets);
            output::write(&patient, admission, stay, sheets);
            procedure::write(&mut patient, admission, stay, sheets);
            dates::write(&patient, admission, stay, sheets);
        }
    }
    clinic::write(&mut patient, &admissions, sheets);
}

/// A person without admissions.
pub(crate) fn person(setting: &Setting, index: u64) -> Patient {
    let mut random = Random::stream(setting.seed, index, Topic::Patient, 0);
    let ids = Identifiers::new(setting.seed, setting.patients, index);
    let female = random.chance(450);
    let age = random.quantile(&AGES);
    let height = if female { 1620 + random.bell(70) } else { 1760 + random.bell(75) };
    let mass_index = random.quantile(&MASS_INDEX);
    let mut patient = Patient {
        seed: setting.seed,
        index,
        subject: ids.subject,
        ids,
        female,
        // Every age above 89 is stored as 91.
        anchor_age: if age > 89 { 91 } else { age },
        anchor_year: random.between(2112, 2188),
        anchor_group: random.word(&ANCHOR_GROUPS),
        race: random.word(&RACES),
        language: random.word(&LANGUAGES),
        insurance: random.word(if age >= 65 { &INSURANCES_OLD } else { &INSURANCES_YOUNG }),
        marital: random.word(&MARITAL),
        height,
        weight: mass_index * height / 1000 * height / 10_000,
        chronic: 0,
        died: None,
        admissions: Vec::new(),
    };
    for condition in CONDITIONS {
        // Shares hold at 65 years; half of it at 35, half as much again at 85.
        let share = condition.share * (age + 5).clamp(20, 100) / 70;
        if random.chance(share) {
            patient.chronic |= 1 << condition.chronic as u32;
        }
    }
    if patient.has(Chronic::EndStageKidney) {
        patient.chronic |= 1 << Chronic::Kidney as u32;
    }
    patient
}

/// Deaths after the last discharge are known for one year.
pub(crate) fn die_later(patient: &mut Patient) {
    let mut random = patient.random(Topic::Patient, 1);
    let Some(last) = patient.admissions.last() else { return };
    if last.course.fatal {
        patient.died = Some(last.discharge);
    } else if random.chance(90 + patient.anchor_age * 2) {
        patient.died = Some(last.discharge + random.between(1, 364) * DAY);
    }
}

fn write_person(patient: &Patient, sheets: &mut Sheets) {
    let rows = sheets.of(Table::Patients);
    rows.int(patient.subject).text(if patient.female { "F" } else { "M" });
    rows.int(patient.anchor_age).int(patient.anchor_year).text(patient.anchor_group);
    match patient.died {
        Some(time) => rows.date(time),
        None => rows.null(),
    };
    rows.end();
}

/// Ages at every tenth of the distribution, 18 to 96.
const AGES: [i64; 11] = [18, 34, 47, 54, 59, 63, 67, 72, 78, 84, 96];
/// Body mass index at every fifth, in hundredths of kg/m².
const MASS_INDEX: [i64; 6] = [1700, 2250, 2550, 2850, 3300, 5200];

const ANCHOR_GROUPS: [(u32, &str); 5] =
    [(25, "2008 - 2010"), (22, "2011 - 2013"), (22, "2014 - 2016"), (18, "2017 - 2019"), (13, "2020 - 2022")];

const RACES: [(u32, &str); 16] = [
    (620, "WHITE"),
    (150, "BLACK/AFRICAN AMERICAN"),
    (50, "UNKNOWN"),
    (35, "OTHER"),
    (25, "ASIAN"),
    (15, "ASIAN - CHINESE"),
    (20, "WHITE - OTHER EUROPEAN"),
    (15, "HISPANIC OR LATINO"),
    (15, "HISPANIC/LATINO - PUERTO RICAN"),
    (10, "HISPANIC/LATINO - DOMINICAN"),
    (10, "BLACK/CAPE VERDEAN"),
    (10, "WHITE - RUSSIAN"),
    (8, "PORTUGUESE"),
    (8, "UNABLE TO OBTAIN"),
    (5, "PATIENT DECLINED TO ANSWER"),
    (4, "AMERICAN INDIAN/ALASKA NATIVE"),
];

const LANGUAGES: [(u32, &str); 9] = [
    (880, "English"),
    (35, "Spanish"),
    (20, "Russian"),
    (15, "Chinese"),
    (15, "Portuguese"),
    (8, "Haitian"),
    (8, "Kabuverdianu"),
    (10, "Other"),
    // Not recorded.
    (9, ""),
];

const INSURANCES_OLD: [(u32, &str); 5] =
    [(750, "Medicare"), (180, "Private"), (40, "Medicaid"), (20, "Other"), (10, "")];
const INSURANCES_YOUNG: [(u32, &str); 7] = [
    (480, "Private"),
    (270, "Medicaid"),
    (180, "Medicare"),
    (40, "Other"),
    (12, "Self-pay"),
    (6, "No charge"),
    (12, ""),
];

const MARITAL: [(u32, &str); 5] = [(440, "MARRIED"), (330, "SINGLE"), (110, "WIDOWED"), (80, "DIVORCED"), (40, "")];
