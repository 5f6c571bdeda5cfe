//! What is billed after discharge: diagnoses, procedures, groups (DRG) and services by CPT.

use super::dictionary::codes::{GROUPS, PRINCIPAL, SECONDARY};
use super::dictionary::{FILLERS, SERVICES, filler_code};
use super::numbers::Book;
use super::table::Table;
use super::{Visit, start};
use crate::course::Organ;
use crate::dictionary::conditions::CONDITIONS;
use crate::dictionary::findings::{FINDINGS, PROCEDURES};
use crate::problem::Trait;
use crate::random::{Random, Topic};
use crate::support::Method;
use crate::time::DAY;

/// Writes the bills of an admission.
pub(super) fn write(visit: &Visit<'_>, book: &mut Book<'_>) {
    let mut random = visit.patient.random(Topic::Billing, visit.admission.hadm);
    // One admission in a hundred has no diagnosis but a row that says so.
    if random.chance(10) {
        start(book, Table::DiagnosesIcd, visit).null().null().end();
    } else if !random.chance(8) {
        diagnoses(visit, &mut random, book);
    }
    procedures(visit, &mut random, book);
    groups(visit, &mut random, book);
    services(visit, &mut random, book);
}

/// Diagnoses by what is wrong, and in turn those that some definition looks for, so that each of them occurs.
fn diagnoses(visit: &Visit<'_>, random: &mut Random, book: &mut Book<'_>) {
    let (patient, admission) = (visit.patient, visit.admission);
    let mut codes: Vec<String> = Vec::new();
    let mut add = |code: &str| {
        if !codes.iter().any(|known| known == code) {
            codes.push(code.to_owned());
        }
    };
    let turn = patient.index as usize;
    if !visit.is_newborn() && turn.is_multiple_of(2) && random.chance(900) {
        add(PRINCIPAL[turn / 2 * 7 % PRINCIPAL.len()].0);
    }
    add(admission.problem.diagnosis.0);
    for (organ, least, nine, _) in FINDINGS {
        let coded = match organ {
            Organ::None => random.chance(60),
            organ => admission.course.peaks[*organ as usize] >= *least && random.chance(800),
        };
        if coded && !visit.is_newborn() {
            add(nine.0);
        }
    }
    for condition in CONDITIONS {
        if patient.has(condition.chronic) && random.chance(900) {
            for _ in 0..random.between(1, 2) {
                let at = if random.chance(500) { 0 } else { random.below(condition.nine.len() as u64) as usize };
                add(condition.nine[at].0);
            }
        }
    }
    for number in 0..4 {
        add(SECONDARY[(turn * 4 + number) % SECONDARY.len()].0);
    }
    for number in 0..2 {
        add(PRINCIPAL[(turn * 2 + number) % PRINCIPAL.len()].0);
    }
    for _ in 0..random.between(1, 7) {
        add(&filler_code(random.below(FILLERS)));
    }
    for (number, code) in codes.iter().enumerate() {
        let rows = start(book, Table::DiagnosesIcd, visit);
        rows.int(number as i64 + 1).quoted(code).end();
    }
}

fn procedures(visit: &Visit<'_>, random: &mut Random, book: &mut Book<'_>) {
    let admission = visit.admission;
    let tube = |least: i64| {
        admission
            .stays
            .iter()
            .flat_map(|stay| &stay.breathing)
            .any(|part| part.kind.has_tube() && part.end - part.begin >= least)
    };
    let cleaned = admission
        .stays
        .iter()
        .filter_map(|stay| stay.dialysis.as_ref())
        .any(|dialysis| dialysis.method != Method::Peritoneal);
    let has = |wanted| admission.problem.has(wanted);
    let icu = !admission.stays.is_empty();
    let share = |condition: bool, chance: i64| if condition { chance } else { 0 };
    let mut codes: Vec<(&str, i64)> = vec![
        ("9670", share(tube(0), 60)),
        ("9671", share(tube(0) && !tube(4 * DAY), 700)),
        ("9672", share(tube(4 * DAY), 900)),
        ("9604", share(tube(0), 450)),
        ("3893", share(icu, 600)),
        ("3891", share(icu, 400)),
        ("3995", share(cleaned, 900)),
        ("8914", share(has(Trait::SkullPressure) || tube(5 * DAY), 300)),
        ("9904", if has(Trait::Bleeding) { 800 } else { 250 }),
        ("3615", share(has(Trait::HeartSurgery), 850)),
        ("3961", share(has(Trait::HeartSurgery), 850)),
        ("4513", share(has(Trait::Bleeding), 500)),
        ("311", share(tube(5 * DAY), 350)),
        ("8856", share(has(Trait::Pump), 600)),
    ];
    codes.extend(PROCEDURES.iter().map(|(nine, _)| (nine.0, 90)));
    let mut done: Vec<&str> = Vec::new();
    for (code, chance) in codes {
        if random.chance(chance) && !done.contains(&code) {
            done.push(code);
            start(book, Table::ProceduresIcd, visit).int(done.len() as i64).quoted(code).end();
        }
    }
}

fn groups(visit: &Visit<'_>, random: &mut Random, book: &mut Book<'_>) {
    let admission = visit.admission;
    let severity = (admission.course.peaks.iter().sum::<i64>() / 900 + 1).clamp(1, 4);
    // The scheme changed in October 2007, while both systems were at the bedside.
    let (_, text) = admission.problem.drg;
    if random.chance(930) {
        let turn = visit.patient.index as usize;
        let listed = (turn % 2 == 1).then(|| GROUPS[turn / 2 % GROUPS.len()]);
        let usual = (if random.chance(600) { "HCFA" } else { "MS" }, "475", text);
        let (scheme, code, text) = listed.filter(|_| random.chance(800)).unwrap_or(usual);
        start(book, Table::Drgcodes, visit).quoted(scheme).quoted(code).quoted(text).null().null().end();
    }
    if random.chance(520) {
        for (code, blank) in [(random.between(1, 950), true), (random.between(1, 950), false)] {
            if blank || random.chance(600) {
                let rows = start(book, Table::Drgcodes, visit);
                // The scheme's name has a blank behind it, as published.
                rows.quoted("APR ").quoted(&format!("{code}")).quoted(&admission.problem.name.to_uppercase());
                rows.int(severity).int((severity + random.between(-1, 1)).clamp(1, 4)).end();
            }
        }
    }
}

/// Visits and procedures, and the ventilation of each day.
fn services(visit: &Visit<'_>, random: &mut Random, book: &mut Book<'_>) {
    if visit.admission.stays.is_empty() || random.chance(200) {
        return;
    }
    let mut ticket = 0;
    for day in 0..visit.admission.days() {
        for _ in 0..random.round(900) {
            ticket += 1;
            let service = random.weighted(SERVICES);
            let rows = start(book, Table::Cptevents, visit);
            rows.quoted("ICU").null().quoted(service.code).int(service.number).quoted(service.suffix).int(ticket);
            rows.quoted(service.section).quoted(service.subsection).null().end();
        }
        let date = (visit.admission.admit + day * DAY).midnight();
        let noon = date + DAY / 2;
        let machine =
            visit.admission.stays.iter().filter_map(|stay| stay.breathing_at(noon)).find(|part| part.kind.ventilated());
        if let Some(part) = machine {
            let (code, text) = match (part.kind.has_tube(), noon - part.begin < DAY) {
                (true, true) => (94_002, "VENT MGMT, 1ST DAY (INVASIVE)"),
                (true, false) => (94_003, "VENT MGMT;SUBSQ DAYS(INVASIVE)"),
                (false, true) => (94_002, "VENT MGMT,1ST DAY (NIV)"),
                (false, false) => (94_003, "VENT MGMT;SUBSQ DAYS(NIV)"),
            };
            let rows = start(book, Table::Cptevents, visit);
            rows.quoted("Resp").time(date).quoted(&code.to_string()).int(code).null().null();
            rows.quoted("Medicine").quoted("Pulmonary").quoted(text).end();
        }
    }
}
