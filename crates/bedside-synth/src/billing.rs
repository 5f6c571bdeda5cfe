//! What is billed after discharge: diagnoses, procedures, groups (DRG) and services (HCPCS).

use crate::admission::Admission;
use crate::course::Organ;
use crate::dictionary::conditions::{CONDITIONS, Code};
use crate::dictionary::findings::{FINDINGS, PROCEDURES, SERVICES};
use crate::dictionary::{FILLERS, filler_code};
use crate::patient::Patient;
use crate::problem::{PROBLEMS, Trait};
use crate::random::{Random, Topic};
use crate::support::Method;
use crate::table::{Sheets, Table};
use crate::time::DAY;
use std::borrow::Cow;

/// Writes the bills of an admission.
pub(crate) fn write(patient: &Patient, admission: &Admission, sheets: &mut Sheets) {
    let mut random = patient.random(Topic::Billing, admission.hadm);
    diagnoses(patient, admission, &mut random, sheets);
    procedures(patient, admission, &mut random, sheets);
    groups(patient, admission, &mut random, sheets);
    services(patient, admission, &mut random, sheets);
}

fn diagnoses(patient: &Patient, admission: &Admission, random: &mut Random, sheets: &mut Sheets) {
    let nine = admission.icd == 9;
    // One admission in four hundred was never coded.
    if random.chance(3) {
        return;
    }
    let pick = |pair: (&'static str, &'static str)| if nine { pair.0 } else { pair.1 };
    let mut codes: Vec<Cow<'static, str>> = vec![pick(admission.problem.diagnosis).into()];
    let mut add = |code: Cow<'static, str>| {
        if !codes.contains(&code) {
            codes.push(code);
        }
    };
    for (organ, least, code_nine, code_ten) in FINDINGS {
        let coded = match organ {
            Organ::None => random.chance(60),
            organ => admission.course.peaks[*organ as usize] >= *least && random.chance(800),
        };
        if coded {
            add(if nine { code_nine.0 } else { code_ten.0 }.into());
        }
    }
    for condition in CONDITIONS {
        if patient.has(condition.chronic) && random.chance(900) {
            let list = if nine { condition.nine } else { condition.ten };
            // The first codes are the usual ones.
            for _ in 0..random.between(1, 2) {
                let at = if random.chance(500) { 0 } else { random.below(list.len() as u64) as usize };
                add(list[at].0.into());
            }
        }
    }
    let others = random.between(5, 13);
    for _ in 0..others {
        add(filler_code(random.below(FILLERS), admission.icd).into());
    }
    let rows = sheets.of(Table::DiagnosesIcd);
    for (number, code) in codes.into_iter().enumerate() {
        rows.int(patient.subject).int(admission.hadm).int(number as i64 + 1).text(&code).int(admission.icd).end();
    }
}

fn procedures(patient: &Patient, admission: &Admission, random: &mut Random, sheets: &mut Sheets) {
    let tube = admission.stays.iter().any(|stay| stay.breathing.iter().any(|part| part.kind.has_tube()));
    let long = admission
        .stays
        .iter()
        .any(|stay| stay.breathing.iter().any(|part| part.kind.has_tube() && part.end - part.begin > 4 * DAY));
    let cleaned = admission
        .stays
        .iter()
        .filter_map(|stay| stay.dialysis.as_ref())
        .any(|dialysis| dialysis.method != Method::Peritoneal);
    let has = |wanted| admission.problem.has(wanted);
    let icu = !admission.stays.is_empty();
    // In the order of the table: chance in thousandths.
    let chances = [
        if tube && !long { 700 } else { 0 },
        if long { 900 } else { 0 },
        if tube { 350 } else { 0 },
        if icu { 350 } else { 60 },
        if icu { 180 } else { 0 },
        if cleaned { 900 } else { 0 },
        if has(Trait::Bleeding) { 600 } else { 120 },
        if has(Trait::HeartSurgery) { 850 } else { 0 },
        if has(Trait::HeartSurgery) { 850 } else { 0 },
        if has(Trait::Bleeding) { 500 } else { 40 },
        if has(Trait::SkullPressure) { 250 } else { 0 },
        if has(Trait::Surgery) { 300 } else { 10 },
        if long { 250 } else { 0 },
        if icu { 90 } else { 10 },
        if has(Trait::Pump) { 500 } else { 30 },
        if icu { 60 } else { 10 },
    ];
    let rows = sheets.of(Table::ProceduresIcd);
    let mut number = 0;
    for ((nine, ten), chance) in PROCEDURES.iter().zip(chances) {
        let code: &Code = if admission.icd == 9 { nine } else { ten };
        if random.chance((chance * 19 / 10).min(960)) {
            number += 1;
            let day = admission.admit + random.between(0, admission.days() - 1) * DAY;
            rows.int(patient.subject).int(admission.hadm).int(number).date(day.min(admission.discharge));
            rows.text(code.0).int(admission.icd).end();
        }
    }
}

fn groups(patient: &Patient, admission: &Admission, random: &mut Random, sheets: &mut Sheets) {
    let (code, text) = admission.problem.drg;
    let rows = sheets.of(Table::Drgcodes);
    let severity = (admission.course.peaks.iter().sum::<i64>() / 900 + 1).clamp(1, 4);
    if random.chance(850) {
        rows.int(patient.subject).int(admission.hadm).text("HCFA");
        rows.text(code).text(text).null().null().end();
    }
    if random.chance(800) {
        rows.int(patient.subject).int(admission.hadm).text("APR");
        let place = PROBLEMS.iter().position(|(_, problem)| problem.name == admission.problem.name).unwrap_or_default();
        rows.int(100 + place as i64 * 7).text(admission.problem.name);
        rows.int(severity).int((severity + random.between(-1, 1)).clamp(1, 4)).end();
    }
}

fn services(patient: &Patient, admission: &Admission, random: &mut Random, sheets: &mut Sheets) {
    if !random.chance(150) {
        return;
    }
    let rows = sheets.of(Table::Hcpcsevents);
    for number in 1..=random.between(1, 2) {
        // The short codes are no services of their own.
        let (code, _, text) = SERVICES[random.below(SERVICES.len() as u64 - 3) as usize];
        rows.int(patient.subject).int(admission.hadm).date(admission.admit).text(code).int(number).text(text).end();
    }
}
