//! People and where they are: patients, admissions, services, transfers, icustays and callout.

use super::newborn;
use super::numbers::Book;
use super::table::Table;
use super::{System, Visit, start};
use crate::patient::Patient;
use crate::random::{Random, Topic, mix};
use crate::text::Rows;
use crate::time::{DAY, HOUR, MINUTE, Time};
use bedside_types::date_of;

/// The row of patients.
pub(super) fn write_patient(patient: &Patient, book: &mut Book<'_>) {
    let mut random = patient.random(Topic::Patient, 2);
    let first = patient.admissions.first().map_or(Time::of_year(patient.anchor_year), |first| first.admit);
    let birth = match patient.anchor_age {
        0 => first.midnight(),
        // The birth of everyone over 89 is moved to 300 years before the first admission.
        90.. => first.midnight() - 109_575 * DAY,
        age => {
            let (year, ..) = date_of(first.0.div_euclid(DAY));
            Time::of_year(year - age) + random.between(0, 364) * DAY
        }
    };
    let rows = book.start(Table::Patients);
    rows.quoted(if patient.female { "F" } else { "M" }).time(birth);
    let in_hospital = patient.admissions.last().is_some_and(crate::admission::Admission::died);
    let died = patient.died.map(Time::midnight);
    let hospital = died.filter(|_| in_hospital);
    let security = died.filter(|_| !in_hospital || random.chance(700));
    rows.maybe_time(died).maybe_time(hospital).maybe_time(security).int(i64::from(died.is_some())).end();
}

/// The rows of an admission and of where its patient was.
pub(super) fn write(visit: &Visit<'_>, book: &mut Book<'_>) {
    let mut random = visit.patient.random(Topic::Clinic, visit.admission.hadm);
    admission(visit, &mut random, book);
    services(visit, book);
    transfers(visit, book);
    stays(visit, &mut random, book);
    callout(visit, book);
}

fn admission(visit: &Visit<'_>, random: &mut Random, book: &mut Book<'_>) {
    let (patient, admission) = (visit.patient, visit.admission);
    let died = admission.died();
    let newborn = visit.is_newborn();
    // Language, religion and the like stay a person's; ethnicity is asked for at every admission.
    let mut person = patient.random(Topic::Patient, 3);
    let rows = start(book, Table::Admissions, visit);
    rows.time(admission.admit).time(admission.discharge).maybe_time(died.then_some(admission.discharge));
    rows.quoted(kind(admission.kind)).quoted(origin(random, admission.origin, newborn));
    rows.quoted(destination(random, died, admission.destination));
    rows.quoted(insurance(patient.insurance));
    let language = person.word(&[
        (420, ""),
        (430, "ENGL"),
        (50, "SPAN"),
        (30, "RUSS"),
        (30, "PTUN"),
        (20, "CANT"),
        (20, "PORT"),
        (10, "HAIT"),
    ]);
    rows.quoted(language).quoted(person.word(&RELIGIONS));
    rows.quoted(match patient.marital {
        "" if newborn => "",
        "" => person.word(&[(600, "UNKNOWN (DEFAULT)"), (250, ""), (100, "SEPARATED"), (50, "LIFE PARTNER")]),
        known => known,
    });
    // The rarer ones go round, so that each occurs.
    let usual = person.word(&ETHNICITIES);
    let turn = patient.index as usize;
    let ethnicity = if turn % 3 == 1 { RARE_ETHNICITIES[turn / 3 % RARE_ETHNICITIES.len()] } else { usual };
    rows.quoted(if random.chance(40) { "UNKNOWN/NOT SPECIFIED" } else { ethnicity });
    rows.maybe_time(admission.emergency.map(|(begin, _)| begin)).maybe_time(admission.emergency.map(|(_, end)| end));
    let reason = admission.problem.name.to_uppercase();
    match random.below(20) {
        0 => rows.quoted(&format!("{reason};TELEMETRY")),
        1 => rows.quoted(&format!("{reason}, ? \"RULE OUT\"\\{reason}")),
        2 if random.chance(20) => rows.null(),
        _ => rows.quoted(&reason),
    };
    rows.int(i64::from(died)).int(i64::from(visit.charted)).end();
}

fn kind(kind: &str) -> &'static str {
    match kind {
        "ELECTIVE" | "SURGICAL SAME DAY ADMISSION" => "ELECTIVE",
        "URGENT" => "URGENT",
        newborn::KIND => newborn::KIND,
        _ => "EMERGENCY",
    }
}

fn origin(random: &mut Random, origin: &str, newborn: bool) -> &'static str {
    match origin {
        _ if newborn => random.word(&[(700, "PHYS REFERRAL/NORMAL DELI"), (300, "CLINIC REFERRAL/PREMATURE")]),
        "EMERGENCY ROOM" | "WALK-IN/SELF REFERRAL" => "EMERGENCY ROOM ADMIT",
        "TRANSFER FROM HOSPITAL" => "TRANSFER FROM HOSP/EXTRAM",
        "TRANSFER FROM SKILLED NURSING FACILITY" => "TRANSFER FROM SKILLED NUR",
        "CLINIC REFERRAL" | "PROCEDURE SITE" => "CLINIC REFERRAL/PREMATURE",
        "PHYSICIAN REFERRAL" => "PHYS REFERRAL/NORMAL DELI",
        "INTERNAL TRANSFER TO OR FROM PSYCH" => "TRSF WITHIN THIS FACILITY",
        "INFORMATION NOT AVAILABLE" => "** INFO NOT AVAILABLE **",
        "PACU" => "TRANSFER FROM OTHER HEALT",
        _ => "HMO REFERRAL/SICK",
    }
}

fn destination(random: &mut Random, died: bool, destination: &str) -> &'static str {
    match destination {
        _ if died => "DEAD/EXPIRED",
        "HOME" => "HOME",
        "HOME HEALTH CARE" => "HOME HEALTH CARE",
        "SKILLED NURSING FACILITY" => "SNF",
        "REHAB" => "REHAB/DISTINCT PART HOSP",
        "CHRONIC/LONG TERM ACUTE CARE" => "LONG TERM CARE HOSPITAL",
        "HOSPICE" => random.any(&["HOSPICE-HOME", "HOSPICE-MEDICAL FACILITY"]),
        "PSYCH FACILITY" => "DISCH-TRAN TO PSYCH HOSP",
        "AGAINST ADVICE" => "LEFT AGAINST MEDICAL ADVI",
        "ACUTE HOSPITAL" => "SHORT TERM HOSPITAL",
        _ => random.any(&["ICF", "OTHER FACILITY", "HOME WITH HOME IV PROVIDR"]),
    }
}

fn insurance(insurance: &str) -> &'static str {
    match insurance {
        "Medicare" => "Medicare",
        "Medicaid" => "Medicaid",
        "Self-pay" | "No charge" => "Self Pay",
        "Other" => "Government",
        _ => "Private",
    }
}

fn services(visit: &Visit<'_>, book: &mut Book<'_>) {
    let mut before = "";
    for (time, service) in &visit.admission.services {
        start(book, Table::Services, visit).time(*time).quoted(before).quoted(service).end();
        before = service;
    }
}

/// The short name of an ICU (empty for a ward) and the number of the ward.
fn ward(unit: &str) -> (&'static str, i64) {
    let number = |wards: &[i64]| wards[(mix(unit.len() as u64) % wards.len() as u64) as usize];
    match unit {
        newborn::UNIT => (newborn::UNIT, 56),
        "NWARD" => ("NWARD", 29),
        "Medical Intensive Care Unit (MICU)" => ("MICU", 52),
        "Medical/Surgical Intensive Care Unit (MICU/SICU)" => ("MICU", 50),
        "Coronary Care Unit (CCU)" => ("CCU", 7),
        "Cardiac Vascular Intensive Care Unit (CVICU)" => ("CSRU", 14),
        "Surgical Intensive Care Unit (SICU)" => ("SICU", 33),
        "Trauma SICU (TSICU)" => ("TSICU", 23),
        _ if unit.starts_with("Neuro") && unit != "Neurology" => ("SICU", 57),
        _ => ("", number(&[2, 3, 10, 17, 24, 27, 36, 45, 55])),
    }
}

fn transfers(visit: &Visit<'_>, book: &mut Book<'_>) {
    let mut before: Option<(&str, i64)> = None;
    for place in visit.admission.transfers.iter().filter(|place| place.event != "ED") {
        let (unit, number) = ward(place.unit);
        let stay = visit.stay_at(place.begin).filter(|_| !unit.is_empty() && unit != "NWARD");
        let rows = start(book, Table::Transfers, visit);
        rows.maybe_int(stay).quoted(source(visit, stay)).quoted(place.event);
        rows.quoted(before.map_or("", |before| before.0)).quoted(unit);
        rows.maybe_int(before.map(|before| before.1));
        rows.maybe_int((place.event != "discharge").then_some(number));
        rows.time(place.begin).maybe_time(place.end);
        match place.end {
            // Hours with two places.
            Some(end) => rows.decimal((end - place.begin) * 100 / HOUR, 2),
            None => rows.null(),
        };
        rows.end();
        before = Some((unit, number));
    }
}

/// As in the columns dbsource; empty outside the ICU.
fn source(visit: &Visit<'_>, stay: Option<i64>) -> &'static str {
    let Some(at) = visit.stays.iter().position(|id| Some(*id) == stay) else { return "" };
    match visit.systems[at] {
        [System::CareVue] => "carevue",
        [System::MetaVision] => "metavision",
        _ => "both",
    }
}

fn stays(visit: &Visit<'_>, random: &mut Random, book: &mut Book<'_>) {
    for (stay, id) in visit.admission.stays.iter().zip(&visit.stays) {
        let (first, last) = (ward(stay.first_unit), ward(stay.last_unit));
        // The end of a stay in some hundreds was never recorded.
        let known = !random.chance(5);
        let rows = start(book, Table::Icustays, visit);
        rows.int(*id).quoted(source(visit, Some(*id))).quoted(first.0).quoted(last.0).int(first.1).int(last.1);
        rows.time(stay.begin).maybe_time(known.then_some(stay.end));
        if known {
            rows.decimal((stay.end - stay.begin) * 10_000 / DAY, 4).end();
        } else {
            rows.null().end();
        }
    }
}

/// Requests to move a patient out of the ICU.
fn callout(visit: &Visit<'_>, book: &mut Book<'_>) {
    let mut random = visit.patient.random(Topic::Callout, visit.admission.hadm);
    for stay in &visit.admission.stays {
        let died = visit.admission.died() && stay.end + HOUR >= visit.admission.discharge;
        if died || visit.is_newborn() || !random.chance(600) {
            continue;
        }
        let length = (stay.end - stay.begin) / MINUTE;
        let mut made = stay.end - random.between(60, 1200).min(length - 1) * MINUTE + random.between(0, 59);
        for _ in 0..random.round(1120) {
            let cancelled = random.chance(100);
            request(visit, &mut random, book, (stay.last_unit, made, stay.end.max(made)), cancelled);
            made = made + random.between(10, 90) * MINUTE;
        }
    }
}

fn request(
    visit: &Visit<'_>,
    random: &mut Random,
    book: &mut Book<'_>,
    (unit, made, end): (&str, Time, Time),
    cancelled: bool,
) {
    let (unit, number) = ward(unit);
    let service = visit.admission.services.last().map_or("MED", |service| service.1);
    let seen = !random.chance(60);
    let rows = start(book, Table::Callout, visit);
    if random.chance(900) {
        rows.int(number).quoted(unit);
    } else {
        rows.int(number).null();
    }
    rows.int(number).quoted(unit).int(1).quoted(if service == "CMED" { "CCU" } else { service });
    for chance in [420, 40, 60, 120, 50] {
        rows.int(i64::from(random.chance(chance)));
    }
    rows.quoted(if random.chance(995) { "Inactive" } else { "Active" });
    rows.quoted(if cancelled { "Cancelled" } else { "Discharged" });
    rows.maybe_int((!cancelled).then(|| random.between(0, 57)));
    rows.quoted(match (seen, cancelled) {
        (false, _) => "Unacknowledged",
        (true, true) => "Revised",
        (true, false) => random.word(&[(940, "Acknowledged"), (60, "Reactivated")]),
    });
    optional_times(rows, random, (made, end), seen);
    rows.end();
}

/// Made, changed, answered, over, and the beds reserved.
fn optional_times(rows: &mut Rows, random: &mut Random, (made, end): (Time, Time), seen: bool) {
    let changed = made + random.between(0, ((end - made) / MINUTE).max(0)) * MINUTE;
    rows.time(made).time(changed);
    rows.maybe_time(seen.then(|| made + random.between(60, 14_000))).time(end);
    let reserved = random.chance(50);
    rows.maybe_time(reserved.then_some(changed));
    rows.maybe_time((reserved && random.chance(400)).then_some(end));
}

const RELIGIONS: [(u32, &str); 12] = [
    (360, "CATHOLIC"),
    (200, "NOT SPECIFIED"),
    (140, "UNOBTAINABLE"),
    (120, "PROTESTANT QUAKER"),
    (90, "JEWISH"),
    (45, "OTHER"),
    (15, "EPISCOPALIAN"),
    (8, "GREEK ORTHODOX"),
    (7, "CHRISTIAN SCIENTIST"),
    (5, "BUDDHIST"),
    (4, "MUSLIM"),
    // Not recorded.
    (6, ""),
];

const ETHNICITIES: [(u32, &str); 8] = [
    (720, "WHITE"),
    (95, "BLACK/AFRICAN AMERICAN"),
    (75, "UNKNOWN/NOT SPECIFIED"),
    (30, "HISPANIC OR LATINO"),
    (25, "OTHER"),
    (25, "ASIAN"),
    (15, "UNABLE TO OBTAIN"),
    (10, "PATIENT DECLINED TO ANSWER"),
];

const RARE_ETHNICITIES: [&str; 33] = [
    "WHITE - RUSSIAN",
    "WHITE - OTHER EUROPEAN",
    "WHITE - BRAZILIAN",
    "WHITE - EASTERN EUROPEAN",
    "BLACK/CAPE VERDEAN",
    "BLACK/HAITIAN",
    "BLACK/AFRICAN",
    "CARIBBEAN ISLAND",
    "HISPANIC/LATINO - PUERTO RICAN",
    "HISPANIC/LATINO - DOMINICAN",
    "HISPANIC/LATINO - GUATEMALAN",
    "HISPANIC/LATINO - CUBAN",
    "HISPANIC/LATINO - SALVADORAN",
    "HISPANIC/LATINO - CENTRAL AMERICAN (OTHER)",
    "HISPANIC/LATINO - MEXICAN",
    "HISPANIC/LATINO - COLOMBIAN",
    "HISPANIC/LATINO - HONDURAN",
    "ASIAN - CHINESE",
    "ASIAN - ASIAN INDIAN",
    "ASIAN - VIETNAMESE",
    "ASIAN - FILIPINO",
    "ASIAN - CAMBODIAN",
    "ASIAN - OTHER",
    "ASIAN - KOREAN",
    "ASIAN - JAPANESE",
    "ASIAN - THAI",
    "AMERICAN INDIAN/ALASKA NATIVE",
    "AMERICAN INDIAN/ALASKA NATIVE FEDERALLY RECOGNIZED TRIBE",
    "MULTI RACE ETHNICITY",
    "PORTUGUESE",
    "MIDDLE EASTERN",
    "NATIVE HAWAIIAN OR OTHER PACIFIC ISLANDER",
    "SOUTH AMERICAN",
];
