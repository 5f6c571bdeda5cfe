//! Guarantees block publication, expectations warn.

use crate::fixture::{Home, only_files, outcome, page};
use bedside_concepts::{Definitions, Report};
use tempfile::TempDir;

const SOUND: &str = "SELECT stay_id, subject_id, los FROM `physionet-data.mimiciv_icu.icustays`";
const COLUMNS: [&str; 3] = ["stay_id INT64", "subject_id INT64", "los FLOAT64"];

fn definitions(sql: &str, page: &str) -> (Definitions, TempDir) {
    only_files(&[("mine.sql", sql), ("mine.toml", page)])
}

/// Builds a sound table, then one in its place that breaks a guarantee.
fn check(sql: &str, bad_page: &str, expected: &str) -> Report {
    let home = Home::new();
    let (sound, _folder) = definitions(SOUND, &page(&["stay_id"], &COLUMNS));
    assert_eq!(outcome(&home.build(&sound, &[]), "mine"), "built");
    let before = home.table("mine").unwrap();
    let rows = home.rows("SELECT * FROM mimiciv_derived.mine ORDER BY 1");
    let (bad, _folder) = definitions(sql, bad_page);
    let report = home.build(&bad, &[]);
    let said = outcome(&report, "mine");
    assert!(said.starts_with("failed: ") && said.contains(expected), "{said}");
    assert_eq!(home.table("mine").unwrap(), before, "the old table stays");
    assert_eq!(home.rows("SELECT * FROM mimiciv_derived.mine ORDER BY 1"), rows);
    report
}

#[test]
fn a_key_with_duplicates_keeps_the_old_table_and_shows_at_most_ten() {
    let twice = format!("{SOUND} UNION ALL {SOUND}");
    let report =
        check(&twice, &page(&["stay_id"], &COLUMNS), "stay_id is said to be a key, but has duplicates: stay_id 3");
    let said = outcome(&report, "mine");
    assert_eq!(said.matches("comes 2 times").count(), 10, "{said}");
    assert!(report.failures().next().unwrap().1.hint().unwrap().contains("still in place"));
}

#[test]
fn nulls_in_a_key_are_one_value() {
    let sql = "SELECT NULLIF(stay_id, stay_id) AS stay_id, subject_id, los FROM `physionet-data.mimiciv_icu.icustays`";
    check(sql, &page(&["stay_id"], &COLUMNS), "stay_id NULL comes");
}

#[test]
fn a_missing_value_that_is_guaranteed() {
    let sql = "SELECT stay_id, subject_id, NULLIF(los, los) AS los FROM `physionet-data.mimiciv_icu.icustays`";
    let columns = ["stay_id INT64", "subject_id INT64", "los FLOAT64 not_null = true"];
    check(sql, &page(&["stay_id"], &columns), "los must have a value, but is NULL in 40 of 40 rows: stay_id 3");
}

#[test]
fn a_value_outside_its_range_is_a_warning() {
    let home = Home::new();
    let sql = "SELECT stay_id, subject_id, IF(MOD(stay_id, 2) = 0, -1.0, los) AS los FROM `physionet-data.mimiciv_icu.icustays`";
    let columns = ["stay_id INT64", "subject_id INT64", "los FLOAT64 range = [0, 1000]"];
    let (definitions, _folder) = definitions(sql, &page(&["stay_id"], &columns));
    let report = home.build(&definitions, &[]);
    assert_eq!(outcome(&report, "mine"), "built");
    let warnings = &report.concept("mine").unwrap().warnings;
    assert!(warnings[0].contains("of 40 values of los are not in 0 to 1000: they go from -1.0 to "), "{warnings:?}");
    assert_eq!(home.table("mine").unwrap().warnings, *warnings);
}

#[test]
fn a_table_without_rows_or_values_is_a_warning() {
    let home = Home::new();
    let columns = page(&["stay_id"], &COLUMNS);
    let (none, _folder) = definitions(&format!("{SOUND} WHERE los < 0"), &columns);
    assert_eq!(home.build(&none, &[]).concept("mine").unwrap().warnings, ["there are no rows"]);
    assert_eq!(home.rows("SELECT COUNT(*) FROM mimiciv_derived.mine"), ["0"]);
    let sql = SOUND.replace(" los ", " CAST(NULL AS FLOAT64) AS los ");
    let (empty, _folder) = definitions(&sql, &columns);
    assert_eq!(home.build(&empty, &[]).concept("mine").unwrap().warnings, ["no row has a value of los"]);
}
