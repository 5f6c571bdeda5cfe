//! Hospital admissions: when, why and where, with their services and transfers.

use crate::course::{Course, ORGANS};
use crate::dictionary::conditions::Chronic;
use crate::dictionary::provider;
use crate::patient::{Patient, Setting};
use crate::problem::{PROBLEMS, Problem, Trait, UNITS};
use crate::random::{Random, Topic};
use crate::stay::{self, Stay};
use crate::table::{Sheets, Table};
use crate::time::{DAY, HOUR, MINUTE, Time};

/// One hospital admission.
#[derive(Debug)]
pub(crate) struct Admission {
    pub(crate) hadm: i64,
    pub(crate) admit: Time,
    /// Also the time of death of those who die.
    pub(crate) discharge: Time,
    pub(crate) kind: &'static str,
    pub(crate) origin: &'static str,
    pub(crate) destination: &'static str,
    pub(crate) emergency: Option<(Time, Time)>,
    pub(crate) problem: &'static Problem,
    pub(crate) course: Course,
    pub(crate) services: Vec<(Time, &'static str)>,
    pub(crate) transfers: Vec<Transfer>,
    pub(crate) stays: Vec<Stay>,
    /// ICD version of its codes.
    pub(crate) icd: i64,
}

/// One place of a patient.
#[derive(Debug)]
pub(crate) struct Transfer {
    pub(crate) id: i64,
    pub(crate) event: &'static str,
    pub(crate) unit: &'static str,
    pub(crate) begin: Time,
    pub(crate) end: Option<Time>,
}

impl Admission {
    pub(crate) fn died(&self) -> bool {
        self.course.fatal
    }

    /// Length in whole days, at least 1.
    pub(crate) fn days(&self) -> i64 {
        ((self.discharge - self.admit + DAY - 1) / DAY).max(1)
    }

    pub(crate) fn in_icu(&self, time: Time) -> bool {
        self.stays.iter().any(|stay| time >= stay.begin && time < stay.end)
    }
}

/// Decides on all admissions of a patient, in their order.
pub(crate) fn plan(setting: &Setting, patient: &mut Patient) {
    let mut random = patient.random(Topic::Admission, 0);
    let mut icu = stays_per_admission(&mut random, i64::from(setting.stays_tenths));
    let wards = random.quantile(&WARD_ADMISSIONS).min(12);
    // Admissions without ICU stay fall anywhere among those with one.
    for _ in 0..wards {
        let place = random.below(icu.len() as u64 + 1) as usize;
        icu.insert(place, 0);
    }
    let mut start = Time::of_year(patient.anchor_year) + random.between(0, 364) * DAY;
    for (number, stays) in icu.iter().enumerate() {
        // An emergency visit, the admission, the ICU with a second unit, wards and the discharge take up to eight places.
        if patient.ids.places_left() < 8 + 3 * stays {
            break;
        }
        let admission = one(patient, number as i64, start, *stays);
        let over = admission.died();
        start = admission.discharge + random.quantile(&PAUSES) * DAY;
        patient.admissions.push(admission);
        if over {
            break;
        }
    }
}

/// ICU stays of each admission that has one; on average `tenths` / 10 in all.
pub(crate) fn stays_per_admission(random: &mut Random, tenths: i64) -> Vec<u64> {
    let more = (tenths - 10).max(0);
    let mut count = if tenths >= 10 { 1 } else { i64::from(random.chance(tenths * 100)) };
    // The rest has a geometric tail with mean `more` tenths; deaths cut some of it off, which the factor makes up for.
    let more = more * 135 / 100;
    while count > 0 && count < 40 && random.below((10 + more) as u64) < more as u64 {
        count += 1;
    }
    let mut admissions: Vec<u64> = Vec::new();
    for _ in 0..count {
        match admissions.last_mut() {
            // Three in ten of the further stays are returns in the same admission.
            Some(last) if random.chance(300) => *last += 1,
            _ => admissions.push(1),
        }
    }
    admissions
}

/// One admission with `stays` ICU stays.
pub(crate) fn one(patient: &mut Patient, number: i64, start: Time, stays: u64) -> Admission {
    let mut random = patient.random(Topic::Admission, number + 1);
    let problem = reason(patient, &mut random);
    let elective = random.chance(problem.elective);
    let mut admit = start.midnight() + random.quantile(&ADMIT_HOURS) * MINUTE;
    if elective {
        admit = start.midnight() + random.between(6 * 60, 9 * 60) * MINUTE;
    }
    let kind = kind(&mut random, elective, problem, stays > 0);
    let by_emergency = matches!(kind, "EW EMER." | "EU OBSERVATION" | "OBSERVATION ADMIT");
    let through_emergency = random.chance(if by_emergency { 920 } else { 180 }) && !elective;
    let emergency =
        through_emergency.then(|| (admit - random.between(90, 600) * MINUTE, admit + random.between(10, 120) * MINUTE));

    let severity = 500 + random.between(0, 700) + random.bell(120);
    let scale = if stays > 0 { severity } else { severity * 2 / 5 };
    let mut peaks = [0; ORGANS];
    for (peak, mean) in peaks.iter_mut().zip(problem.peaks) {
        *peak = (mean * scale / 850 + random.bell(110)).clamp(0, 1000);
    }
    let mortality = problem.mortality * severity / 850 * severity / 850 * (40 + patient.anchor_age) / 105;
    let fatal = random.chance(if stays > 0 { mortality } else { mortality / 12 });

    let hadm = patient.ids.admission();
    let plan = stay::plan(&mut random, admit, stays, severity, fatal, problem);
    let course = Course {
        begin: admit,
        peak: plan.first().map_or(admit + DAY, |first| first.begin + random.between(2, 30) * HOUR),
        end: admit,
        peaks,
        floors: floors(patient),
        fatal,
    };
    let last = plan.last().map_or(admit, |last| last.end);
    let discharge = if fatal && !plan.is_empty() && random.chance(800) {
        last
    } else if plan.is_empty() {
        admit + random.quantile(&WARD_HOURS) * HOUR + random.between(0, 59) * MINUTE
    } else {
        (last + random.quantile(&HOURS_AFTER_ICU) * HOUR).midnight() + DAY + random.between(10 * 60, 19 * 60) * MINUTE
    };
    let course =
        Course { peak: course.peak.0.min((discharge - HOUR).0.max(admit.0 + HOUR)).into(), end: discharge, ..course };

    let mut admission = Admission {
        hadm,
        admit,
        discharge,
        kind,
        origin: origin(&mut random, through_emergency, elective),
        destination: destination(&mut random, fatal, stays > 0),
        emergency,
        problem,
        course,
        services: Vec::new(),
        transfers: Vec::new(),
        stays: Vec::new(),
        // The hospital changed its coding in October 2015; a share of the middle band had already.
        icd: match patient.anchor_group {
            "2008 - 2010" | "2011 - 2013" => 9,
            "2014 - 2016" => *random.pick(&[9, 9, 10]),
            _ => 10,
        },
    };
    services(&mut random, &mut admission, plan.first().map(|first| first.begin));
    transfers(patient, &mut random, &mut admission, plan);
    stay::equip(patient, &mut random, &mut admission);
    admission
}

impl From<i64> for Time {
    fn from(seconds: i64) -> Self {
        Self(seconds)
    }
}

fn reason(patient: &Patient, random: &mut Random) -> &'static Problem {
    loop {
        let problem = random.weighted(PROBLEMS);
        let possible = match problem.service {
            "OBS" => patient.female && patient.anchor_age < 48,
            "GYN" => patient.female,
            _ => true,
        };
        if possible {
            return problem;
        }
    }
}

/// What chronic illness leaves behind.
fn floors(patient: &Patient) -> [i64; ORGANS] {
    let mut floors = [0; ORGANS];
    let marks = [
        (Chronic::Kidney, 2, 330),
        (Chronic::EndStageKidney, 2, 680),
        (Chronic::LiverMild, 3, 150),
        (Chronic::LiverSevere, 3, 420),
        (Chronic::Lungs, 1, 180),
        (Chronic::HeartFailure, 6, 220),
        (Chronic::BloodCancer, 4, 420),
        (Chronic::Cancer, 4, 200),
        (Chronic::Dementia, 5, 180),
    ];
    for (chronic, organ, floor) in marks {
        if patient.has(chronic) {
            floors[organ] = floor.max(floors[organ]);
        }
    }
    floors
}

fn kind(random: &mut Random, elective: bool, problem: &Problem, icu: bool) -> &'static str {
    if elective {
        // Concepts ask for exactly ELECTIVE.
        return random.word(&[(450, "ELECTIVE"), (500, "SURGICAL SAME DAY ADMISSION"), (50, "URGENT")]);
    }
    if problem.has(Trait::HeartSurgery) {
        return random.word(&[(600, "URGENT"), (400, "OBSERVATION ADMIT")]);
    }
    if icu { random.word(&KINDS_ICU) } else { random.word(&KINDS_WARD) }
}

fn origin(random: &mut Random, emergency: bool, elective: bool) -> &'static str {
    if emergency {
        random.word(&[(880, "EMERGENCY ROOM"), (70, "WALK-IN/SELF REFERRAL"), (50, "TRANSFER FROM HOSPITAL")])
    } else if elective {
        random.word(&[(850, "PHYSICIAN REFERRAL"), (100, "CLINIC REFERRAL"), (50, "PROCEDURE SITE")])
    } else {
        random.word(&[
            (450, "TRANSFER FROM HOSPITAL"),
            (300, "PHYSICIAN REFERRAL"),
            (80, "CLINIC REFERRAL"),
            (60, "TRANSFER FROM SKILLED NURSING FACILITY"),
            (40, "PROCEDURE SITE"),
            (40, "PACU"),
            (10, "INTERNAL TRANSFER TO OR FROM PSYCH"),
            (10, "AMBULATORY SURGERY TRANSFER"),
            (10, "INFORMATION NOT AVAILABLE"),
        ])
    }
}

fn destination(random: &mut Random, fatal: bool, icu: bool) -> &'static str {
    match (fatal, icu) {
        (true, _) => "DIED",
        (false, true) => random.word(&[
            (260, "HOME"),
            (290, "HOME HEALTH CARE"),
            (210, "SKILLED NURSING FACILITY"),
            (90, "REHAB"),
            (60, "CHRONIC/LONG TERM ACUTE CARE"),
            (35, "HOSPICE"),
            (15, "PSYCH FACILITY"),
            (15, "ACUTE HOSPITAL"),
            (10, "AGAINST ADVICE"),
            (15, ""),
        ]),
        (false, false) => random.word(&[
            (430, "HOME"),
            (190, "HOME HEALTH CARE"),
            (80, "SKILLED NURSING FACILITY"),
            (15, "HOSPICE"),
            (15, "AGAINST ADVICE"),
            (10, "OTHER FACILITY"),
            (260, ""),
        ]),
    }
}

fn services(random: &mut Random, admission: &mut Admission, icu: Option<Time>) {
    let first = admission.problem.service;
    admission.services.push((admission.admit + random.between(0, 60), first));
    let others = ["MED", "SURG", "CMED", "OMED", "NMED", "CSURG", "VSURG", "NSURG", "TSURG", "DENT", "EYE", "ORTHO"];
    if random.chance(140) {
        let next = random.any(&others);
        let from = icu.unwrap_or(admission.admit);
        if next != first && from + HOUR < admission.discharge {
            admission.services.push((from + random.between(60, 3000), next));
        }
    }
}

/// Places the patient: emergency room, wards and ICUs without gaps, then the discharge.
fn transfers(patient: &mut Patient, random: &mut Random, admission: &mut Admission, plan: Vec<stay::Window>) {
    let ids = &mut patient.ids;
    let mut places = Vec::new();
    let mut stays = Vec::new();
    if let Some((begin, end)) = admission.emergency {
        places.push(Transfer { id: ids.transfer(), event: "ED", unit: "Emergency Department", begin, end: Some(end) });
    }
    let ward = random.word(&WARDS);
    let mut now = admission.admit;
    let mut event = "admit";
    for window in plan {
        if window.begin > now {
            places.push(Transfer { id: ids.transfer(), event, unit: ward, begin: now, end: Some(window.begin) });
            event = "transfer";
        }
        let first = UNITS[if random.chance(780) { admission.problem.unit } else { other_unit(random) }].1;
        let id = ids.transfer();
        let moves = window.end - window.begin > 3 * DAY && random.chance(120);
        let middle =
            if moves { window.begin + random.between(DAY, window.end - window.begin - DAY) } else { window.end };
        places.push(Transfer { id, event, unit: first, begin: window.begin, end: Some(middle) });
        event = "transfer";
        let mut last = first;
        if moves {
            last = UNITS[other_unit(random)].1;
            places.push(Transfer { id: ids.transfer(), event, unit: last, begin: middle, end: Some(window.end) });
        }
        stays.push(Stay::new(id, first, last, window.begin, window.end));
        now = window.end;
    }
    if admission.discharge > now {
        let from = now;
        if admission.discharge - from > 2 * DAY && random.chance(250) {
            now = from + random.between(DAY, admission.discharge - from - DAY / 2);
            places.push(Transfer { id: ids.transfer(), event, unit: ward, begin: from, end: Some(now) });
            event = "transfer";
        }
        let unit = random.word(&WARDS);
        places.push(Transfer { id: ids.transfer(), event, unit, begin: now, end: Some(admission.discharge) });
    }
    places.push(Transfer { id: ids.transfer(), event: "discharge", unit: "", begin: admission.discharge, end: None });
    admission.transfers = places;
    admission.stays = stays;
}

fn other_unit(random: &mut Random) -> usize {
    let total: u64 = UNITS.iter().map(|(weight, _)| u64::from(*weight)).sum();
    let mut rest = random.below(total);
    UNITS
        .iter()
        .position(|(weight, _)| match rest.checked_sub(u64::from(*weight)) {
            Some(left) => {
                rest = left;
                false
            }
            None => true,
        })
        .unwrap_or_default()
}

/// The rows of admissions, services, transfers and icustays.
pub(crate) fn write(patient: &Patient, admission: &Admission, sheets: &mut Sheets) {
    write_admission(patient, admission, sheets);
    let mut before = None;
    for (time, service) in &admission.services {
        let rows = sheets.of(Table::Services);
        rows.int(patient.subject).int(admission.hadm).time(*time).maybe_text(before).text(service).end();
        before = Some(service);
    }
    for place in &admission.transfers {
        let rows = sheets.of(Table::Transfers);
        rows.int(patient.subject).int(admission.hadm).int(place.id).text(place.event).text(place.unit);
        rows.time(place.begin).maybe_time(place.end).end();
    }
    for stay in &admission.stays {
        let rows = sheets.of(Table::Icustays);
        rows.int(patient.subject).int(admission.hadm).int(stay.id).text(stay.first_unit).text(stay.last_unit);
        rows.time(stay.begin).time(stay.end).decimal(days(stay.end - stay.begin), DAYS_PLACES).end();
    }
}

/// Length of stay is published in days with sixteen places; the ICU years of one stay fit.
const DAYS_PLACES: u32 = 14;

fn days(seconds: i64) -> i64 {
    (i128::from(seconds) * 10_i128.pow(DAYS_PLACES) / i128::from(DAY)) as i64
}

fn write_admission(patient: &Patient, admission: &Admission, sheets: &mut Sheets) {
    let rows = sheets.of(Table::Admissions);
    rows.int(patient.subject).int(admission.hadm).time(admission.admit).time(admission.discharge);
    rows.maybe_time(admission.died().then_some(admission.discharge)).text(admission.kind);
    provider::of(admission.hadm, 0, rows);
    rows.text(admission.origin).text(admission.destination);
    rows.text(patient.insurance).text(patient.language).text(patient.marital).text(patient.race);
    rows.maybe_time(admission.emergency.map(|(begin, _)| begin));
    rows.maybe_time(admission.emergency.map(|(_, end)| end));
    rows.int(i64::from(admission.died())).end();
}

/// Admissions without ICU stay per patient, at every tenth.
const WARD_ADMISSIONS: [i64; 11] = [0, 0, 0, 0, 0, 1, 1, 2, 3, 6, 14];
/// Days between admissions, at every tenth.
pub(crate) const PAUSES: [i64; 11] = [2, 9, 20, 35, 60, 100, 160, 240, 380, 640, 1500];
/// Minutes after midnight at which people are admitted, at every tenth.
const ADMIT_HOURS: [i64; 11] = [0, 120, 420, 700, 840, 960, 1080, 1170, 1260, 1350, 1439];
/// Hours in hospital without ICU, at every tenth.
const WARD_HOURS: [i64; 11] = [6, 20, 30, 44, 58, 76, 98, 125, 165, 250, 700];
/// Hours on the ward after the ICU, at every tenth.
const HOURS_AFTER_ICU: [i64; 11] = [0, 20, 36, 52, 70, 90, 115, 145, 190, 270, 700];

const KINDS_ICU: [(u32, &str); 6] = [
    (540, "EW EMER."),
    (210, "OBSERVATION ADMIT"),
    (160, "URGENT"),
    (70, "DIRECT EMER."),
    (15, "SURGICAL SAME DAY ADMISSION"),
    (5, "DIRECT OBSERVATION"),
];

const KINDS_WARD: [(u32, &str); 7] = [
    (380, "EW EMER."),
    (230, "EU OBSERVATION"),
    (130, "OBSERVATION ADMIT"),
    (90, "URGENT"),
    (50, "DIRECT EMER."),
    (70, "DIRECT OBSERVATION"),
    (50, "AMBULATORY OBSERVATION"),
];

const WARDS: [(u32, &str); 14] = [
    (150, "Medicine"),
    (120, "Med/Surg"),
    (110, "Medicine/Cardiology"),
    (90, "Neurology"),
    (80, "Transplant"),
    (80, "Cardiac Surgery"),
    (70, "Hematology/Oncology"),
    (60, "Med/Surg/Trauma"),
    (60, "PACU"),
    (50, "Vascular"),
    (40, "Med/Surg/GYN"),
    (40, "Discharge Lounge"),
    (30, "Surgery/Trauma"),
    (20, "Psychiatry"),
];
