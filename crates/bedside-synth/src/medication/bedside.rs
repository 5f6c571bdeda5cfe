//! What nurses gave, by barcode: emar and emar_detail.

use super::{Code, Prescription};
use crate::admission::Admission;
use crate::dictionary::drugs::Drug;
use crate::dictionary::provider;
use crate::order::Clerk;
use crate::patient::Patient;
use crate::random::Random;
use crate::table::{Sheets, Table};
use crate::text::Rows;
use crate::time::{DAY, HOUR, MINUTE, Time};

/// One dose at the bedside.
pub(super) struct Dose {
    time: Time,
    name: &'static str,
    drug: &'static Drug,
    pharmacy: i64,
    order: i64,
}

/// Times at which the doses of an order fall.
pub(super) fn doses(
    random: &mut Random,
    admission: &Admission,
    prescription: &Prescription,
    (pharmacy, order): (i64, i64),
    given: &mut Vec<Dose>,
) {
    let (begin, end, drug) = (prescription.begin, prescription.end, prescription.drug);
    let mut add = |time: Time| {
        let time = time.min(admission.discharge);
        given.push(Dose { time, name: prescription.name, drug, pharmacy, order });
    };
    if end < begin {
        return;
    }
    match drug.daily {
        -1 => {
            if random.chance(850) {
                add(begin + random.between(0, 90) * MINUTE);
            }
        }
        // As needed: now and then.
        0 => {
            let days = (end - begin) * 1000 / DAY;
            for _ in 0..random.round((days * 13 / 10).min(14_000)) {
                add(begin + random.between(0, (end - begin) / 60) * MINUTE);
            }
        }
        daily => {
            let step = DAY / daily;
            let mut time = begin + random.between(0, 60) * MINUTE;
            while time < end {
                add(time);
                time = time + step + random.bell(8) * MINUTE;
            }
        }
    }
}

/// Writes the doses in their order of time.
pub(super) fn write(
    patient: &Patient,
    admission: &Admission,
    random: &mut Random,
    mut given: Vec<Dose>,
    clerk: &mut Clerk,
    sheets: &mut Sheets,
) {
    given.sort_by_key(|dose| (dose.time, dose.pharmacy));
    for dose in &given {
        clerk.administrations += 1;
        let event = if dose.name.contains("Flush") {
            random.word(&[(710, "Flushed"), (285, "Not Flushed"), (5, "Flushed in Other Location")])
        } else if dose.drug.route == "IV DRIP" {
            random.word(&DRIP_EVENTS)
        } else if dose.drug.name == "Insulin" {
            random.word(&[(600, "Administered"), (400, "Not Given per Sliding Scale")])
        } else {
            random.word(&EVENTS)
        };
        administration(patient, admission, random, dose, event, clerk.administrations, sheets.of(Table::Emar));
        details(patient, random, dose, event, clerk.administrations, sheets.of(Table::EmarDetail));
    }
}

fn administration(
    patient: &Patient,
    admission: &Admission,
    random: &mut Random,
    dose: &Dose,
    event: &str,
    number: i64,
    rows: &mut Rows,
) {
    let known = !random.chance(180);
    // Doses given before the bed was ready are not tied to the admission.
    let tied = dose.order % 36 != 0;
    rows.int(patient.subject)
        .maybe_int(tied.then_some(admission.hadm))
        .sequence_id(patient.subject, number)
        .int(number);
    rows.sequence_id(patient.subject, dose.order).maybe_int(known.then_some(dose.pharmacy));
    if random.chance(80) {
        provider::of(admission.hadm, 3, rows);
    } else {
        rows.null();
    }
    let stored = dose.time + random.between(0, 2) * random.between(0, 20) * MINUTE;
    rows.time(dose.time);
    if random.chance(45) {
        rows.null();
    } else {
        rows.text(dose.name);
    }
    rows.text(event).time(dose.time.floor(if dose.drug.daily > 0 { HOUR } else { MINUTE })).time(stored).end();
}

/// The line of the dose due, then one for each product scanned.
fn details(patient: &Patient, random: &mut Random, dose: &Dose, event: &str, number: i64, rows: &mut Rows) {
    let drug = dose.drug;
    let given = event.starts_with("Administered") || event == "Flushed" || event == "Started" || event == "Applied";
    let kind = match (drug.route, drug.name) {
        ("IV DRIP", _) => "IV Infusion",
        ("TD", _) => "Transdermal Patch",
        (_, "Insulin") => "Insulin SC Sliding Scale",
        (_, name) if name.contains("Flush") => "IV Flush",
        _ => "Standard Maintenance Medication",
    };
    start(patient, number, None, rows);
    rows.text(kind).null().null();
    rows.text(if random.chance(25) { "Barcode Damaged" } else { "" }).text(if given { "No" } else { "" });
    rows.text(drug.dose).text(drug.unit);
    if given {
        rows.text(drug.dose).text(drug.unit).text("No");
    } else {
        rows.null().null().null();
    }
    for _ in 0..11 {
        rows.null();
    }
    let infusing = drug.route == "IV DRIP";
    rows.text(if infusing && random.chance(300) { "N" } else { "" }).null().text(if infusing { "Y" } else { "" });
    rows.null().text(if drug.daily == 0 && random.chance(50) { "PRN" } else { "" });
    rows.text(if drug.route == "SC" { random.any(&["Left", "Right", "Center"]) } else { "" });
    rows.text(if drug.route == "SC" { random.any(&["Abdomen", "Arm, upper", "Thigh"]) } else { "" }).null().end();
    if !random.chance(910) {
        return;
    }
    let products = *random.weighted(&[(86, 1), (11, 2), (3, 3)]);
    for product in 1..=products {
        scanned(patient, random, dose, number, product, given, rows);
    }
}

fn scanned(
    patient: &Patient,
    random: &mut Random,
    dose: &Dose,
    number: i64,
    product: i64,
    given: bool,
    rows: &mut Rows,
) {
    let drug = dose.drug;
    start(patient, number, Some(product), rows);
    rows.null();
    let known = !random.chance(25);
    rows.maybe_int(known.then_some(dose.pharmacy));
    rows.text(match drug.route {
        "IV" | "IV DRIP" if drug.form == "BAG" => "iv",
        _ if random.chance(15) => "bc",
        _ => "if",
    });
    rows.null().null().null().null();
    if given {
        rows.text(if random.chance(20) { "___" } else { drug.dose }).text(drug.unit).null().text("1").text(drug.form);
        rows.raw(Code::of(drug.name, 11).text()).raw(b",").text(dose.name);
    } else {
        rows.null().null().null().null().null().null().null();
    }
    for _ in 0..15 {
        rows.null();
    }
    rows.end();
}

fn start(patient: &Patient, number: i64, product: Option<i64>, rows: &mut Rows) {
    rows.int(patient.subject).sequence_id(patient.subject, number).int(number);
    match product {
        Some(product) => rows.raw(b"1.").int(product),
        None => rows.null(),
    };
}

const EVENTS: [(u32, &str); 10] = [
    (800, "Administered"),
    (95, "Not Given"),
    (60, "Confirmed"),
    (12, "Assessed"),
    (8, "Hold Dose"),
    (6, "Delayed Administered"),
    // With and without a blank at the end, both occur.
    (3, "Delayed "),
    (2, "Partial Administered"),
    (2, "Administered in Other Location"),
    (12, ""),
];
const DRIP_EVENTS: [(u32, &str); 8] = [
    (300, "Started"),
    (180, "Stopped"),
    (200, "Administered"),
    (90, "Stopped - Unscheduled"),
    (120, "Infusion Reconciliation"),
    (60, "Restarted"),
    (30, "Administered Bolus from IV Drip"),
    (20, "Not Started"),
];
