//! Between admissions: visits to clinics with their blood tests, cultures and the outpatient record (omr).

use crate::admission::Admission;
use crate::dictionary::conditions::Chronic;
use crate::patient::Patient;
use crate::random::{Random, Topic};
use crate::table::{Sheets, Table};
use crate::text::put_int;
use crate::time::{DAY, MINUTE, Time};
use crate::{culture, laboratory};

/// Writes the visits of a patient.
pub(crate) fn write(patient: &mut Patient, admissions: &[Admission], sheets: &mut Sheets) {
    let mut random = patient.random(Topic::Clinic, 0);
    let Some(first) = admissions.first() else { return };
    let start = first.admit - 300 * DAY;
    let last = admissions.last().map_or(start, |last| last.discharge) + 150 * DAY;
    let last = patient.died.map_or(last, |died| died.min(last));
    // A fifth of all patients are never seen outside.
    if random.chance(200) {
        return;
    }
    let pause = random.quantile(&[14, 38, 70, 120, 220, 500]);
    let mut time = start + random.between(0, 90) * DAY;
    let mut previous = Time(0);
    while time < last {
        let visit = time.midnight() + random.between(8 * 60, 17 * 60) * MINUTE;
        let inside = admissions.iter().any(|stay| visit > stay.admit - DAY && visit < stay.discharge + DAY);
        if !inside && visit.midnight() != previous {
            self::visit(patient, admissions, visit, &mut random, sheets);
            previous = visit.midnight();
        }
        time = time + random.between(pause / 2, pause * 3 / 2).max(1) * DAY;
    }
}

fn visit(patient: &mut Patient, admissions: &[Admission], time: Time, random: &mut Random, sheets: &mut Sheets) {
    // An illness leaves its mark on the results of the weeks around it.
    let near = admissions.iter().rfind(|stay| time > stay.discharge && time - stay.discharge < 20 * DAY);
    if random.chance(680) {
        laboratory::write_visit(patient, near, time, random, sheets);
    }
    if random.chance(240) {
        culture::write_visit(patient, time, random, sheets);
    }
    if random.chance(60) && patient.ids.places_left() > 0 {
        emergency(patient, time, random, sheets);
    }
    if random.chance(780) {
        outpatient(patient, time, random, sheets);
    }
}

/// A visit to the emergency room that ends at home.
fn emergency(patient: &mut Patient, time: Time, random: &mut Random, sheets: &mut Sheets) {
    let id = patient.ids.transfer();
    let end = time + random.between(90, 700) * MINUTE;
    let rows = sheets.of(Table::Transfers);
    rows.int(patient.subject).null().int(id).text("ED").text("Emergency Department").time(time).time(end).end();
}

fn outpatient(patient: &Patient, time: Time, random: &mut Random, sheets: &mut Sheets) {
    let rows = sheets.of(Table::Omr);
    let mut put = |sequence: i64, name: &str, value: &[u8]| {
        rows.int(patient.subject).date(time).int(sequence).text(name).raw(value).raw(b",").end();
    };
    let number = |value: i64| {
        let mut text = Vec::new();
        put_int(&mut text, value);
        text
    };
    // Tenths of a kilogram to pounds, tenths of a centimetre to inches.
    let pounds = patient.weight * 2205 / 10_000 + random.bell(6);
    let inches = patient.height / 25;
    let mass_index = patient.weight * 100_000 / (patient.height * patient.height / 100);
    let pressure = {
        let systolic = 124 + if patient.has(Chronic::Hypertension) { 12 } else { 0 } + random.bell(12);
        let mut text = number(systolic);
        text.push(b'/');
        put_int(&mut text, systolic * 58 / 100 + random.bell(5));
        text
    };
    for sequence in 1..=*random.weighted(&[(85, 1), (12, 2), (3, 3)]) {
        put(sequence, "Blood Pressure", &pressure);
    }
    if random.chance(25) {
        let name = random.any(&[
            "Blood Pressure Lying",
            "Blood Pressure Sitting",
            "Blood Pressure Standing",
            "Blood Pressure Standing (1 min)",
            "Blood Pressure Standing (3 mins)",
        ]);
        put(1, name, &pressure);
    }
    put(1, "Weight (Lbs)", &number(pounds.max(60)));
    if random.chance(400) {
        put(1, "Height (Inches)", &number(inches));
    }
    if random.chance(800) {
        let mut text = Vec::new();
        crate::text::put_decimal(&mut text, mass_index, 2);
        put(1, "BMI (kg/m2)", &text);
    }
    if random.chance(60) {
        put(1, "eGFR", if random.chance(500) { b">60" } else { b"42" });
    }
}
