//! The open demo of MIMIC-IV: every derived table holds what the community's definitions make of the same files.
//!
//! The gold tables lie beside the demo, in `shared/gold/mimiciv/`. They were made by another engine: its integers are of
//! any width and its decimals of any scale, so these are compared by value, and four averages that are NUMERIC here
//! (`first_day_vitalsign.temperature_mean`, `first_day_weight.weight_admit` and `.weight`, `oasis.temp`) are floating
//! there. No row of the demo depends on a tie that the specification leaves open, so there are no exceptions.

use crate::compare::{Table, Tolerance, differences};
use crate::fixture::Home;
use crate::release::shared;
use bedside_concepts::Definitions;
use bedside_types::SqlType;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::Path;

const DEMO: &str = "data/mimic-iv-clinical-database-demo-2.2";

#[test]
fn every_table_of_the_demo_equals_its_gold() {
    let (Some(demo), Some(gold)) = (shared(DEMO), shared("gold/mimiciv")) else { return };
    let home = Home::of_folder(&demo, None);
    let definitions = Definitions::embedded();
    let report = home.build(&definitions, &[]);
    let mut faults: Vec<String> =
        report.failures().map(|(concept, error)| format!("{}: {error}", concept.name)).collect();
    for definition in definitions.iter() {
        let found = home.select(&format!("SELECT * FROM mimiciv_derived.{}", definition.name));
        let key: Vec<&str> = definition.page.key.iter().map(String::as_str).collect();
        let expected = parquet(&gold.join(format!("{}.parquet", definition.name)), &found.columns);
        let lines = differences(&found, &expected, &key, Tolerance::Billionth);
        faults.extend(lines.into_iter().map(|line| format!("{}: {line}", definition.name)));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn there_is_a_definition_for_every_gold_table() {
    let Some(gold) = shared("gold/mimiciv") else { return };
    let files = fs::read_dir(gold).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let expected: BTreeSet<String> = files.filter_map(|file| Some(file.strip_suffix(".parquet")?.to_owned())).collect();
    let found: BTreeSet<String> = Definitions::embedded().iter().map(|definition| definition.name.clone()).collect();
    assert_eq!(found, expected);
}

/// The specification lists all columns of all tables: `| age | subject_id INT64, hadm_id INT64, … |`.
#[test]
fn columns_and_types_are_those_of_the_specification() {
    let Some(path) = shared("spec/mimiciv/dag.md") else { return };
    let mut expected: BTreeMap<String, Vec<(String, SqlType)>> = BTreeMap::new();
    for line in fs::read_to_string(path).unwrap().lines() {
        let Some((name, columns)) = line.strip_prefix("| ").and_then(|line| line.strip_suffix(" |")?.split_once(" | "))
        else {
            continue;
        };
        let columns: Option<Vec<_>> = columns.split(", ").map(column).collect();
        expected.extend(columns.map(|columns| (name.to_owned(), columns)));
    }
    assert_eq!(expected.len(), 65);
    for definition in Definitions::embedded().iter() {
        let found: Vec<_> =
            definition.page.columns.iter().map(|column| (column.name.clone(), column.sql_type.clone())).collect();
        assert_eq!(found, expected[&definition.name], "{}", definition.name);
    }
}

/// `subject_id INT64`.
fn column(text: &str) -> Option<(String, SqlType)> {
    let (name, sql_type) = text.split_once(' ')?;
    Some((name.to_owned(), sql_type.parse().ok()?))
}

/// A gold table, read as `columns`; under its own names where these are others.
fn parquet(path: &Path, columns: &[(String, SqlType)]) -> Table {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap();
    let names: Vec<String> = reader.schema().fields().iter().map(|field| field.name().clone()).collect();
    if !names.iter().eq(columns.iter().map(|(name, _)| name)) {
        let columns = names.into_iter().map(|name| (name, SqlType::Bool)).collect();
        return Table { columns, rows: Vec::new() };
    }
    let batches: Vec<_> = reader.build().unwrap().map(Result::unwrap).collect();
    Table::new(columns.to_vec(), &batches)
}
