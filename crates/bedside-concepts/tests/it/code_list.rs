//! The table that is a code list: taken once, kept in the home, built for every release.

use crate::fixture::{Home, outcome};
use bedside_concepts::Family::MimicIii;
use bedside_concepts::{Definitions, keep_code_list};
use bedside_types::ErrorCode;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;

const HEADER: &str =
    "icd9_code,ccs_level1,ccs_group1,ccs_level2,ccs_group2,ccs_level3,ccs_group3,ccs_level4,ccs_group4";

fn list(rows: &[&str]) -> Vec<u8> {
    format!("{HEADER}\n{}\n", rows.join("\n")).into_bytes()
}

const TUBERCULOSIS: &str = "010  ,1,Infectious diseases,1.1,Bacterial infection,1.1.1,Tuberculosis [1.],,";
const CHOLERA: &str = "0010 ,1,Infectious diseases,1.3,Intestinal infection [135.],,,,";

#[test]
fn without_the_list_its_tables_are_skipped_with_the_reason() {
    let home = Home::mimiciii();
    let report = home.build(&Definitions::embedded(MimicIii), &["ccs_dx"]);
    assert_eq!(
        outcome(&report, "ccs_multi_dx"),
        "skipped: it is made of AHRQ's multi-level CCS of diagnoses (ccs_multi_dx.csv.gz), which is no part of MIMIC and not here: \
         bedside concepts build --ccs FILE takes it"
    );
    assert_eq!(outcome(&report, "ccs_dx"), "skipped: parent ccs_multi_dx was skipped");
    assert_eq!(report.failures().count(), 0);
}

#[test]
fn the_list_is_kept_and_another_one_makes_its_tables_stale() {
    let home = Home::mimiciii();
    let definitions = Definitions::embedded(MimicIii);
    let build = || home.build(&definitions, &["ccs_dx"]);
    let warehouse = home.engine.warehouse();
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(&list(&[TUBERCULOSIS, CHOLERA])).unwrap();
    let packed = packed.finish().unwrap();
    assert_eq!(keep_code_list(warehouse, "ccs", "list.csv.gz", &packed).unwrap(), 2);
    let report = build();
    assert_eq!((outcome(&report, "ccs_multi_dx"), outcome(&report, "ccs_dx")), ("built".into(), "built".into()));
    assert_eq!(
        home.rows("SELECT icd9_code, ccs_level2, ccs_group3, ccs_level4 FROM mimiciii_derived.ccs_multi_dx ORDER BY 1"),
        ["0010 |1.3|NULL|NULL", "010  |1.1|Tuberculosis [1.]|NULL"]
    );
    assert_eq!(
        home.rows("SELECT ccs_matched_id, ccs_name, ccs_id FROM mimiciii_derived.ccs_dx ORDER BY 1"),
        ["1.1.1|Tuberculosis |1", "1.3|Intestinal infection |135"]
    );
    // Where it comes from is with the table; the packed file and the plain one are one list.
    let source = home.table("ccs_multi_dx").unwrap().source;
    assert_eq!((source.file.as_str(), source.bytes), ("lists/ccs.csv", list(&[TUBERCULOSIS, CHOLERA]).len() as u64));
    keep_code_list(warehouse, "ccs", "list.csv", &list(&[TUBERCULOSIS, CHOLERA])).unwrap();
    let report = build();
    assert_eq!(
        (outcome(&report, "ccs_multi_dx"), outcome(&report, "ccs_dx")),
        ("unchanged".into(), "unchanged".into())
    );
    // Another list.
    keep_code_list(warehouse, "ccs", "list.csv", &list(&[CHOLERA])).unwrap();
    let report = build();
    assert_eq!((outcome(&report, "ccs_multi_dx"), outcome(&report, "ccs_dx")), ("built".into(), "built".into()));
    assert_eq!(home.rows("SELECT COUNT(*) FROM mimiciii_derived.ccs_dx"), ["1"]);
    assert_ne!(home.table("ccs_multi_dx").unwrap().source.sha256, source.sha256);
}

#[test]
fn a_file_that_is_no_such_list_leaves_the_one_that_is_kept() {
    let home = Home::mimiciii();
    let warehouse = home.engine.warehouse();
    keep_code_list(warehouse, "ccs", "list.csv", &list(&[CHOLERA])).unwrap();
    let error = keep_code_list(warehouse, "ccs", "list.csv", &list(&[CHOLERA, CHOLERA])).unwrap_err();
    assert_eq!(error.to_string(), "list.csv:3: icd9_code `0010 ` was in line 2 already");
    assert_eq!(error.code(), ErrorCode::InvalidData);
    assert_eq!(warehouse.code_list("ccs").unwrap(), Some(list(&[CHOLERA])));
}
