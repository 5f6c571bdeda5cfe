//! The open demos: every derived table holds what the community's definitions make of the same files.
//!
//! The gold tables lie beside the demos, in `shared/gold/`. They were made by another engine: its integers are of any width
//! and its decimals of any scale, so these are compared by value, and four averages that are NUMERIC here
//! (`first_day_vitalsign.temperature_mean`, `first_day_weight.weight_admit` and `.weight`, `oasis.temp`) are floating there;
//! the case of its names is not that of the specification. No row of the demos depends on a tie that the specification
//! leaves open. Where that engine and the specification disagree, the specification is right, and the case is listed here.

use crate::compare::{Table, Tolerance, differences};
use crate::fixture::Home;
use crate::release::shared;
use bedside_concepts::Family::{MimicIii, MimicIv};
use bedside_concepts::{Definitions, Family, keep_code_list};
use bedside_types::SqlType;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::Path;

const DEMO_IV: &str = "data/mimic-iv-clinical-database-demo-2.2";
const DEMO_III: &str = "data/mimic-iii-clinical-database-demo-1.4";
const CODE_LIST: &str = "data/ahrq-ccs/ccs_multi_dx.csv.gz";

/// Columns in which the gold table is known to be wrong, in so many rows.
struct Exception {
    table: &'static str,
    columns: &'static [&'static str],
    rows: usize,
    /// What the specification says, and where.
    #[allow(dead_code, reason = "for readers")]
    reason: &'static str,
}

const EXCEPTIONS_III: [Exception; 0] = [];

#[test]
fn every_table_of_the_mimiciv_demo_equals_its_gold() {
    check(MimicIv, DEMO_IV, &[]);
}

#[test]
fn every_table_of_the_mimiciii_demo_equals_its_gold() {
    check(MimicIii, DEMO_III, &EXCEPTIONS_III);
}

fn check(family: Family, demo: &str, exceptions: &[Exception]) {
    let (Some(demo), Some(gold)) = (shared(demo), shared(&format!("gold/{}", family.name()))) else { return };
    let Some(list) = shared(CODE_LIST) else { return };
    let home = Home::of_folder(&demo, None);
    keep_code_list(home.engine.warehouse(), "ccs", CODE_LIST, &fs::read(list).unwrap()).unwrap();
    let definitions = Definitions::embedded(family);
    let report = home.build(&definitions, &[]);
    let mut faults: Vec<String> =
        report.failures().map(|(concept, error)| format!("{}: {error}", concept.name)).collect();
    for definition in definitions.iter().filter(|definition| home.table(&definition.name).is_some()) {
        let name = &definition.name;
        let found = home.select(&format!("SELECT * FROM {}.{name}", family.dataset()));
        let expected = parquet(&gold.join(format!("{name}.parquet")), &found.columns);
        let key: Vec<&str> = definition.page.key.iter().map(String::as_str).collect();
        let lines = match exceptions.iter().find(|exception| exception.table == name) {
            None => differences(&found, &expected, &key, Tolerance::Billionth),
            Some(exception) => known(exception, &found, &expected, &key),
        };
        faults.extend(lines.into_iter().map(|line| format!("{name}: {line}")));
    }
    assert_eq!(
        report.count(|outcome| matches!(outcome, bedside_concepts::Outcome::Built)),
        definitions.iter().count() as u64
    );
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// What differs beside the rows that are known to: these must be as many, and equal in the other columns.
fn known(exception: &Exception, found: &Table, expected: &Table, key: &[&str]) -> Vec<String> {
    let without = |table: &Table| table.without(exception.columns);
    let mut lines = differences(&without(found), &without(expected), key, Tolerance::Billionth);
    let all = differences(found, expected, key, Tolerance::Billionth);
    let unexpected = format!("; {} of them are not expected, {0} expected ones are missing", exception.rows);
    if !all.first().is_some_and(|line| line.ends_with(&unexpected)) {
        lines.push(format!(
            "{} rows are known to differ in {}, but: {all:?}",
            exception.rows,
            exception.columns.join(", ")
        ));
    }
    lines
}

#[test]
fn there_is_a_definition_for_every_gold_table() {
    for family in Family::ALL {
        let Some(gold) = shared(&format!("gold/{}", family.name())) else { return };
        let files = fs::read_dir(gold).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let expected: BTreeSet<String> =
            files.filter_map(|file| Some(file.strip_suffix(".parquet")?.to_owned())).collect();
        let found: BTreeSet<String> =
            Definitions::embedded(family).iter().map(|definition| definition.name.clone()).collect();
        assert_eq!(found, expected);
    }
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
    for definition in Definitions::embedded(MimicIv).iter() {
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

/// A gold table, read as `columns`; under its own names where these are others, but for their case.
fn parquet(path: &Path, columns: &[(String, SqlType)]) -> Table {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap();
    let names: Vec<String> = reader.schema().fields().iter().map(|field| field.name().clone()).collect();
    let same = names.len() == columns.len()
        && names.iter().zip(columns).all(|(name, (expected, _))| name.eq_ignore_ascii_case(expected));
    if !same {
        let columns = names.into_iter().map(|name| (name, SqlType::Bool)).collect();
        return Table { columns, rows: Vec::new() };
    }
    let batches: Vec<_> = reader.build().unwrap().map(Result::unwrap).collect();
    Table::new(columns.to_vec(), &batches)
}
