//! Reports of echocardiography, with a head that can be read line by line.

use super::prose;
use crate::patient::Patient;
use crate::random::Random;
use crate::time::{HOUR, MINUTE, Time};
use std::fmt::Write as _;

/// A report: the head as the laboratory's form has it, with what is missing or masked in some, then the findings.
pub(super) fn report(random: &mut Random, text: &mut String, patient: &Patient, time: Time, date: &str) {
    text.push_str("PATIENT/TEST INFORMATION:\n");
    _ = writeln!(text, "Indication: {}", random.any(&INDICATIONS));
    let measured = random.chance(850);
    if measured {
        size(random, text, patient);
    }
    let (systolic, diastolic) = (124 + random.bell(18), 66 + random.bell(9));
    match random.below(20) {
        0 => {}
        1 => text.push_str("BP (mm Hg): [**Numeric Identifier 1**]/67\n"),
        2 => _ = writeln!(text, "BP (mm Hg): {systolic}/{diastolic} "),
        _ => _ = writeln!(text, "BP (mm Hg): {systolic}/{diastolic}"),
    }
    match random.below(12) {
        0 => {}
        1 => text.push_str("HR (bpm): paced\n"),
        _ => _ = writeln!(text, "HR (bpm): {}", 82 + random.bell(15)),
    }
    _ = writeln!(text, "Status: {}", random.any(&["Inpatient", "Inpatient", "Outpatient", ""]));
    let clock = time.of_day();
    match random.below(25) {
        0 => {}
        1 => _ = writeln!(text, "Date/Time: {date} at {}:{:02}", clock / HOUR % 10, clock % HOUR / MINUTE),
        _ => _ = writeln!(text, "Date/Time: {date} at {:02}:{:02}", clock / HOUR, clock % HOUR / MINUTE),
    }
    _ = writeln!(
        text,
        "Test: {}",
        random.any(&["Portable TTE (Complete)", "TTE (Complete)", "TEE (Complete)", "Portable TTE (Focused views)"])
    );
    _ = writeln!(
        text,
        "Doppler: {}",
        random.any(&["Full Doppler and color Doppler", "Limited Doppler and color Doppler", ""])
    );
    _ = writeln!(text, "Contrast: {}", random.any(&["None", "None", "Saline", "Definity"]));
    _ = write!(text, "Technical Quality: {}", random.any(&["Adequate", "Suboptimal", "Good"]));
    // A report may end here, without a line's end.
    if random.chance(10) {
        return;
    }
    text.push_str("\n\n\nINTERPRETATION:\n\nFindings:\n\n");
    prose::findings(random, text, 14);
    text.push_str("\nConclusions:\n");
    prose::findings(random, text, 6);
}

fn size(random: &mut Random, text: &mut String, patient: &Patient) {
    let tenths = (patient.height * 100 + 127) / 254;
    match random.below(25) {
        0 => text.push_str("Height: (in) [**66**]\n"),
        1..4 => _ = writeln!(text, "Height: (in) {}.{}", tenths / 10, tenths % 10),
        4 => _ = writeln!(text, "Height: (in) {} ", tenths / 10),
        5 => {}
        _ => _ = writeln!(text, "Height: (in) {}", tenths / 10),
    }
    let pounds = patient.weight * 22_046 / 100_000 + random.bell(3);
    match random.below(25) {
        0 => _ = writeln!(text, "Weight (lb): {pounds}.5"),
        1 => _ = writeln!(text, "Weight (lb): {pounds} "),
        2 => {}
        _ => _ = writeln!(text, "Weight (lb): {pounds}"),
    }
    match random.below(12) {
        0 => text.push_str("BSA (m2): 2 m2\n"),
        1 => {}
        _ => _ = writeln!(text, "BSA (m2): 1.{:02} m2", 60 + patient.weight % 40),
    }
}

const INDICATIONS: [&str; 8] = [
    "Left ventricular function. Right ventricular function.",
    "Endocarditis.",
    "Congestive heart failure, shortness of breath.",
    "Coronary artery disease; \"preop\" evaluation.",
    "Pericardial effusion.",
    "Hypotension, ? tamponade",
    "Murmur. Atrial septal defect/patent foramen ovale in a newborn.",
    "Aortic valve disease",
];
