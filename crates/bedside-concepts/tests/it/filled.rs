//! Synthetic data leave no table empty and no column without a value, and their values are as the pages expect.

use crate::fixture::Home;
use bedside_concepts::{Definitions, Family};

/// Enough for what is rare: of the thousandth part of the stays something is needed.
#[test]
fn every_table_has_rows_and_every_column_a_value() {
    Family::ALL.into_iter().for_each(|family| check(family, 150, 7));
}

/// The promise of the documentation, at full size.
#[test]
#[ignore = "takes most of a minute"]
fn every_table_has_rows_and_every_column_a_value_with_a_thousand_patients() {
    for family in Family::ALL {
        check(family, 1000, 7);
        check(family, 1000, 8);
    }
}

#[track_caller]
fn check(family: Family, patients: u64, seed: u64) {
    let home = Home::synthetic(family, patients, seed);
    let definitions = Definitions::embedded(family);
    let report = home.build(&definitions, &[]);
    let mut faults: Vec<String> =
        report.failures().map(|(concept, error)| format!("{}: {error}", concept.name)).collect();
    for concept in &report.concepts {
        // MIMIC-III's made-up readings are impossible now and then, as real ones are, and many of its definitions have no
        // bounds that would keep them out.
        let is_expected = |warning: &&String| family == Family::MimicIii && warning.contains(" are not in ");
        let warnings = concept.warnings.iter().filter(|warning| !is_expected(warning));
        faults.extend(warnings.map(|warning| format!("{}: {warning}", concept.name)));
    }
    let mut columns = 0;
    for definition in definitions.iter() {
        let names: Vec<&str> = definition.page.columns.iter().map(|column| column.name.as_str()).collect();
        columns += names.len();
        let counts: Vec<String> = names.iter().map(|name| format!("COUNT({name})")).collect();
        let counts = home.counts(&format!("SELECT {} FROM {}", counts.join(", "), definition.name));
        let empty = names.iter().zip(counts).filter(|(_, values)| *values == 0);
        faults.extend(empty.map(|(name, _)| format!("{}.{name} never has a value", definition.name)));
    }
    assert!(columns > 800, "{columns}");
    assert!(faults.is_empty(), "{family:?}, {patients} patients, seed {seed}:\n{}", faults.join("\n"));
}
