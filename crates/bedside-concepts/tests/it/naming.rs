//! Tables that share their name with one of their columns, as `age`, `gcs` and `height` do.

use crate::fixture::{Home, only_files, outcome, page};

#[test]
fn a_column_may_have_the_name_of_its_table() {
    let sql = "SELECT subject_id, anchor_age AS age FROM `physionet-data.mimiciv_hosp.patients`";
    let page = page(&["subject_id"], &["subject_id INT64", "age INT64 range = [200, 300]"]);
    let (definitions, _folder) = only_files(&[("age.sql", sql), ("age.toml", &page)]);
    let report = Home::new().build(&definitions, &[]);
    assert_eq!(outcome(&report, "age"), "built");
    let warnings = &report.concept("age").unwrap().warnings;
    assert!(warnings.len() == 1 && warnings[0].contains("values of age are not in 200 to 300"), "{warnings:?}");
}

#[test]
fn a_broken_key_of_the_name_of_its_table_is_shown() {
    let sql = "SELECT 1 AS age FROM `physionet-data.mimiciv_hosp.patients`";
    let (definitions, _folder) = only_files(&[("age.sql", sql), ("age.toml", &page(&["age"], &["age INT64"]))]);
    let found = outcome(&Home::new().build(&definitions, &[]), "age");
    assert!(found.starts_with("failed: ") && found.contains("age is said to be a key, but has duplicates"), "{found}");
}
