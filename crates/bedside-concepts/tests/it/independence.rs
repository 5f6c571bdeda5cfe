//! The rows of a derived table depend neither on how many threads made them nor on the layouts that were read.

use crate::compare::{Tolerance, differences};
use crate::fixture::Home;
use bedside_concepts::{Definitions, Family};
use bedside_store::{LayoutName, Manifest};

#[test]
fn threads_and_layouts_do_not_change_a_bit() {
    Family::ALL.into_iter().for_each(check);
}

fn check(family: Family) {
    let home = Home::synthetic(family, 30, 5);
    let definitions = Definitions::embedded(family);
    let report = home.build(&definitions, &[]);
    assert_eq!(report.failures().count(), 0);
    assert!(home.manifest().subject_splits.len() >= 3, "a release of one part shows nothing");
    let has_item_layout = |manifest: &Manifest| {
        manifest.tables.values().any(|table| table.layouts.iter().any(|layout| layout.name == LayoutName::Item))
    };
    assert!(has_item_layout(&home.manifest()));

    // Whatever is asked for, few rows have it: every scan by item reads the item layout.
    let mut faults = Vec::new();
    let four = home.with_threads(4);
    four.change(|table| table.item_counts.iter_mut().flat_map(|counts| counts.values_mut()).for_each(|rows| *rows = 0));
    compare(&four, &definitions, "four threads, item layout", &mut faults);
    let one = four.with_threads(1);
    one.change(|table| table.layouts.retain(|layout| layout.name != LayoutName::Item));
    assert!(!has_item_layout(&one.manifest()));
    compare(&one, &definitions, "one thread, patient layout", &mut faults);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Runs every definition anew and holds its rows against the built table.
fn compare(home: &Home, definitions: &Definitions, how: &str, faults: &mut Vec<String>) {
    for definition in definitions.iter() {
        let built = home.select(&format!("SELECT * FROM {}.{}", home.family().dataset(), definition.name));
        let key: Vec<&str> = definition.page.key.iter().map(String::as_str).collect();
        let Some(sql) = definition.sql() else { continue };
        let lines = differences(&home.select(sql), &built, &key, Tolerance::None);
        faults.extend(lines.into_iter().map(|line| format!("{}, {how}: {line}", definition.name)));
    }
}
