//! Dictionaries: items and codes that concepts name, with their labels, and made-up fillers.

pub(crate) mod chart_items;
pub(crate) mod conditions;
pub(crate) mod drugs;
pub(crate) mod findings;
pub(crate) mod fluid_items;
pub(crate) mod items;
pub(crate) mod provider;

use crate::chart::FAMILIES;
use crate::laboratory::{PANELS, STATEMENTS};
use crate::problem::PROBLEMS;
use crate::table::{Sheets, Table};
use conditions::CONDITIONS;
use findings::{FINDINGS, PROCEDURES, SERVICES};
use items::Item;
use std::collections::BTreeMap;

/// How many made-up diagnoses there are in each ICD version.
pub(crate) const FILLERS: u64 = 400;

/// Writes all dictionary tables; they are the same for every release of this generator.
pub(crate) fn write(sheets: &mut Sheets) {
    items(sheets);
    lab_items(sheets);
    diagnoses(sheets);
    procedures(sheets);
    services(sheets);
    provider::write_providers(sheets.of(Table::Provider));
    provider::write_caregivers(sheets.of(Table::Caregiver));
}

/// A made-up diagnosis code, outside all lists that concepts use.
pub(crate) fn filler_code(number: u64, version: i64) -> String {
    if version == 9 { format!("98{number:03}") } else { format!("X5{number:03}") }
}

fn items(sheets: &mut Sheets) {
    let rows = sheets.of(Table::DItems);
    let lists = [
        chart_items::CHART,
        fluid_items::INPUT,
        fluid_items::INGREDIENT,
        fluid_items::OUTPUT,
        fluid_items::PROCEDURE,
        fluid_items::DATES,
    ];
    let mut put = |item: &Item, label: &str| {
        rows.int(item.id).text(label).text(label).text(item.link.table()).text(item.category);
        rows.text(item.unit).text(item.kind.word()).null().null().end();
    };
    for item in lists.into_iter().flatten() {
        put(item, item.label);
    }
    for family in FAMILIES {
        for (item, part) in family.items() {
            put(&item, &format!("{}: {part}", item.label));
        }
    }
}

fn lab_items(sheets: &mut Sheets) {
    let rows = sheets.of(Table::DLabitems);
    for panel in PANELS {
        for test in panel.tests {
            rows.int(test.id).text(test.label).text(panel.fluid).text(panel.category).end();
        }
    }
    for statement in STATEMENTS {
        rows.int(statement.id).text(statement.label).text(statement.fluid).text(statement.category).end();
    }
}

fn diagnoses(sheets: &mut Sheets) {
    let mut codes = BTreeMap::new();
    for condition in CONDITIONS {
        codes.extend(condition.nine.iter().map(|(code, title)| ((*code, 9), *title)));
        codes.extend(condition.ten.iter().map(|(code, title)| ((*code, 10), *title)));
    }
    for (_, _, nine, ten) in FINDINGS {
        codes.insert((nine.0, 9), nine.1);
        codes.insert((ten.0, 10), ten.1);
    }
    for (_, problem) in PROBLEMS {
        codes.entry((problem.diagnosis.0, 9)).or_insert(problem.name);
        codes.entry((problem.diagnosis.1, 10)).or_insert(problem.name);
    }
    let rows = sheets.of(Table::DIcdDiagnoses);
    for ((code, version), title) in codes {
        rows.text(code).int(version).text(title).end();
    }
    for version in [9, 10] {
        for number in 0..FILLERS {
            rows.text(&filler_code(number, version)).int(version);
            rows.text(&format!("Other condition {number}, made up")).end();
        }
    }
}

fn procedures(sheets: &mut Sheets) {
    let rows = sheets.of(Table::DIcdProcedures);
    for (nine, ten) in PROCEDURES {
        rows.text(nine.0).int(9).text(nine.1).end();
        rows.text(ten.0).int(10).text(ten.1).end();
    }
}

fn services(sheets: &mut Sheets) {
    let rows = sheets.of(Table::DHcpcs);
    for (code, category, text) in SERVICES {
        // Padded to five characters, as published.
        rows.text(&format!("{code:<5}")).maybe_int(*category).text(text).text(text).end();
    }
}
