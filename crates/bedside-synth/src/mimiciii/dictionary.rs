//! Dictionaries of MIMIC-III: the items and codes that definitions name, and made-up fillers.

pub(super) mod chart_items;
pub(super) mod codes;
pub(super) mod fluid_items;
pub(super) mod items;

use super::table::Table;
use crate::chart::{FAMILIES, Family};
use crate::culture::{ANTIBIOTICS, CONTAMINANTS, NEGATIVE, ORGANISMS, SPECIMENS};
use crate::dictionary::conditions::CONDITIONS;
use crate::dictionary::findings::{FINDINGS, PROCEDURES};
use crate::dictionary::provider;
use crate::laboratory::{self, PANELS, STATEMENTS, STATEMENTS_MIMICIII};
use crate::problem::PROBLEMS;
use crate::table::Sheets;
use crate::text::Rows;
use codes::{PRINCIPAL, SECONDARY};
use std::collections::BTreeMap;

/// How many made-up diagnoses there are.
pub(super) const FILLERS: u64 = 400;

/// Made-up items of the flowsheet: those of MetaVision are the families', those of CareVue lie as far above this.
const CAREVUE_FAMILIES: i64 = 10_000;
const METAVISION_FAMILIES: i64 = 233_000;

/// Writes all dictionary tables; they are the same for every release of this generator.
pub(crate) fn write(sheets: &mut Sheets) {
    items(sheets.of(Table::DItems));
    lab_items(sheets.of(Table::DLabitems));
    diagnoses(sheets.of(Table::DIcdDiagnoses));
    procedures(sheets.of(Table::DIcdProcedures));
    services(sheets.of(Table::DCpt));
    caregivers(sheets.of(Table::Caregivers));
}

/// A made-up diagnosis code, outside all lists that definitions use.
pub(super) fn filler_code(number: u64) -> String {
    format!("V7{number:03}")
}

/// The first item of a family in a system.
pub(super) fn first_item(family: &Family, carevue: bool) -> i64 {
    if carevue { family.first - METAVISION_FAMILIES + CAREVUE_FAMILIES } else { family.first }
}

/// Begins a dictionary's row with its number.
fn begin(rows: &mut Rows) -> &mut Rows {
    let number = rows.count as i64 + 1;
    rows.int(number)
}

fn items(rows: &mut Rows) {
    for list in [
        chart_items::CAREVUE,
        chart_items::METAVISION,
        fluid_items::INPUT_CAREVUE,
        fluid_items::INPUT_METAVISION,
        fluid_items::OUTPUT,
        fluid_items::PROCEDURE,
        fluid_items::DATES,
    ] {
        for item in list.list {
            let metavision = item.id >= 220_000;
            begin(rows).int(item.id).quoted(item.label).quoted(if metavision { item.label } else { "" });
            rows.quoted(if metavision { "metavision" } else { "carevue" }).quoted(list.table).quoted(item.category);
            rows.quoted(item.unit).quoted(item.kind).null().end();
        }
    }
    for (carevue, source) in [(true, "carevue"), (false, "metavision")] {
        for family in FAMILIES {
            for (number, (item, part)) in family.items().enumerate() {
                let label = format!("{}: {part}", item.label);
                begin(rows).int(first_item(family, carevue) + number as i64).quoted(&label);
                rows.quoted(if carevue { "" } else { &label }).quoted(source).quoted("chartevents");
                rows.quoted(if carevue { "" } else { item.category }).quoted(item.unit);
                rows.quoted(if carevue { "" } else { item.kind.word() }).null().end();
            }
        }
    }
    let organisms = ORGANISMS.iter().chain(CONTAMINANTS).map(|(_, organism)| (organism.id, organism.name, "ORGANISM"));
    let specimens = SPECIMENS.iter().map(|specimen| (specimen.id, specimen.name, "SPECIMEN"));
    let antibiotics = ANTIBIOTICS.iter().map(|(id, name)| (*id, *name, "ANTIBACTERIUM"));
    let none = NEGATIVE.iter().map(|(id, name)| (*id, *name, "ORGANISM"));
    for (id, name, category) in organisms.chain(specimens).chain(antibiotics).chain(none) {
        begin(rows).int(id).quoted(name).null().quoted("hospital").quoted("microbiologyevents").quoted(category);
        rows.null().null().null().end();
    }
}

fn lab_items(rows: &mut Rows) {
    let fluid = |fluid: &str, id: i64| if id % 17 == 0 { fluid.to_uppercase() } else { fluid.to_owned() };
    for panel in PANELS.iter().copied().chain([&laboratory::MIMICIII]) {
        for test in panel.tests.iter().filter(|test| laboratory::in_mimiciii(test.id)) {
            begin(rows).int(test.id).quoted(test.label).quoted(&fluid(panel.fluid, test.id)).quoted(panel.category);
            loinc(rows, test.id);
        }
    }
    for statement in
        STATEMENTS.iter().chain(STATEMENTS_MIMICIII).filter(|statement| laboratory::in_mimiciii(statement.id))
    {
        begin(rows).int(statement.id).quoted(statement.label).quoted(&fluid(statement.fluid, statement.id));
        rows.quoted(statement.category);
        loinc(rows, statement.id);
    }
}

/// A made-up LOINC code where there is one.
fn loinc(rows: &mut Rows, id: i64) {
    if id % 9 == 0 {
        rows.null().end();
    } else {
        rows.quoted(&format!("{}-{}", 40_000 + id % 9973, id % 10)).end();
    }
}

fn diagnoses(rows: &mut Rows) {
    let mut codes: BTreeMap<&str, &str> = BTreeMap::new();
    for list in [PRINCIPAL, SECONDARY] {
        codes.extend(list.iter().copied());
    }
    for condition in CONDITIONS {
        for (code, title) in condition.nine {
            codes.entry(code).or_insert(title);
        }
    }
    for (_, _, (code, title), _) in FINDINGS {
        codes.entry(code).or_insert(title);
    }
    for (_, problem) in PROBLEMS {
        codes.entry(problem.diagnosis.0).or_insert(problem.name);
    }
    codes.insert("V3000", "Single liveborn, born in hospital");
    for (code, title) in codes {
        begin(rows).quoted(code).quoted(short(title)).quoted(title).end();
    }
    for number in 0..FILLERS {
        let title = format!("Other condition {number}, made up");
        begin(rows).quoted(&filler_code(number)).quoted(short(&title)).quoted(&title).end();
    }
}

/// Short titles have 24 characters at most.
fn short(title: &str) -> &str {
    title.char_indices().nth(24).map_or(title, |(at, _)| title[..at].trim_end())
}

fn procedures(rows: &mut Rows) {
    let others = [
        ("9670", "Continuous invasive mechanical ventilation of unspecified duration"),
        ("8914", "Electroencephalogram"),
    ];
    for (code, title) in PROCEDURES.iter().map(|(nine, _)| *nine).chain(others) {
        begin(rows).quoted(code).quoted(short(title)).quoted(title).end();
    }
}

/// A service by CPT.
#[derive(Debug)]
pub(super) struct Service {
    pub(super) code: &'static str,
    pub(super) number: i64,
    pub(super) suffix: &'static str,
    pub(super) section: &'static str,
    pub(super) subsection: &'static str,
}

macro_rules! cpt {
    ($($weight:literal $code:literal $number:literal $suffix:literal $section:literal $subsection:literal;)*) => {
        /// Services by weight.
        pub(super) const SERVICES: &[(u32, Service)] = &[$(($weight, Service {
            code: $code, number: $number, suffix: $suffix, section: $section, subsection: $subsection,
        }),)*];
    };
}

cpt! {
    520 "99232" 99232 "" "Evaluation and management" "Hospital inpatient services";
    150 "99233" 99233 "" "Evaluation and management" "Hospital inpatient services";
    60 "99223" 99223 "" "Evaluation and management" "Hospital inpatient services";
    230 "99291" 99291 "" "Evaluation and management" "Critical care services";
    60 "99254" 99254 "" "Evaluation and management" "Consultations";
    40 "99469" 99469 "" "Evaluation and management" "Inpatient neonatal intensive care services and pediatric and neonatal critical care services";
    35 "90935" 90935 "" "Medicine" "Dialysis";
    20 "33533" 33533 "" "Surgery" "Cardiovascular system";
    14 "31500" 31500 "" "Surgery" "Respiratory system";
    10 "43235" 43235 "" "Surgery" "Digestive system";
    6 "76937" 76937 "" "Radiology" "Diagnostic ultrasound";
    3 "0075T" 75 "T" "Emerging technology" "Emerging technology";
    2 "4048F" 4048 "F" "Performance measurement" "Therapeutic, preventive or other interventions";
}

/// Ranges of codes: section, its range, subsection, its first and last code, suffix, category.
const RANGES: &[(&str, &str, &str, i64, i64, &str, i64)] = &[
    ("Evaluation and management", "99201-99499", "Hospital inpatient services", 99_221, 99_239, "", 1),
    ("Evaluation and management", "99201-99499", "Consultations", 99_241, 99_255, "", 1),
    ("Evaluation and management", "99201-99499", "Critical care services", 99_291, 99_292, "", 1),
    (
        "Evaluation and management",
        "99201-99499",
        "Inpatient neonatal intensive care services and pediatric and neonatal critical care services",
        99_466,
        99_480,
        "",
        1,
    ),
    ("Surgery", "10021-69990", "Respiratory system", 30_000, 32_999, "", 1),
    ("Surgery", "10021-69990", "Cardiovascular system", 33_010, 37_799, "", 1),
    ("Surgery", "10021-69990", "Digestive system", 40_490, 49_999, "", 1),
    ("Radiology", "70010-79999", "Diagnostic ultrasound", 76_506, 76_999, "", 1),
    ("Medicine", "90281-99199; 99500-99607", "Dialysis", 90_935, 90_999, "", 1),
    ("Medicine", "90281-99199; 99500-99607", "Pulmonary", 94_002, 94_799, "", 1),
    ("Performance measurement", "0001F-7025F", "Therapeutic, preventive or other interventions", 4000, 4306, "F", 2),
    ("Emerging technology", "0016T-0207T", "Emerging technology", 16, 207, "T", 3),
];

fn services(rows: &mut Rows) {
    for (section, range, subsection, first, last, suffix, category) in RANGES {
        let width = if suffix.is_empty() { 5 } else { 4 };
        let subrange = format!("{first:0width$}{suffix}-{last:0width$}{suffix}");
        begin(rows).int(*category).quoted(range).quoted(section).quoted(&subrange).quoted(subsection);
        rows.quoted(suffix).int(*first).int(*last).end();
    }
}

fn caregivers(rows: &mut Rows) {
    let kinds = [
        ("RN", "RN"),
        ("RN", "RN"),
        ("RN", "RN"),
        ("MD", "Res/Fellow/PA/NP"),
        ("RRT", "Respiratory"),
        ("RO", "Read Only"),
        ("MDs", ""),
        ("PCT", "PCT/NA"),
        ("", ""),
    ];
    for (at, number) in provider::caregivers().into_iter().enumerate() {
        let (label, description) = kinds[at * 7 % kinds.len()];
        begin(rows).int(number).quoted(label).quoted(description).end();
    }
}
