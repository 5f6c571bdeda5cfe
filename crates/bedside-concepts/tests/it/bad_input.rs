//! Definitions that are wrong: the message names file, place and nearest name, and the others are built all the same.

use crate::fixture::{Home, only_files, outcome, page, with_files};
use bedside_concepts::Graph;
use bedside_types::ErrorCode;

const STAYS: &str = "SELECT stay_id FROM `physionet-data.mimiciv_icu.icustays`";

/// Builds a concept `mine` beside a sound one, and gives what came of it.
fn check(sql: &str, page: &str, code: ErrorCode, expected: &str) {
    let home = Home::new();
    let sound = crate::fixture::page(&["stay_id"], &["stay_id INT64"]);
    let (definitions, _folder) = only_files(&[
        ("own/mine.sql", sql),
        ("own/mine.toml", page),
        ("own/child.sql", "SELECT stay_id FROM mimiciv_derived.mine"),
        ("own/child.toml", &sound),
        ("own/sound.sql", STAYS),
        ("own/sound.toml", &sound),
    ]);
    let report = home.build(&definitions, &[]);
    let said = outcome(&report, "mine");
    assert!(said.starts_with("failed: ") && said.contains(expected), "{said}");
    assert!(said.contains("own/mine."), "the file is named: {said}");
    assert_eq!(report.failures().next().unwrap().1.code(), code, "{said}");
    assert_eq!(outcome(&report, "sound"), "built", "the others go on");
    assert_eq!(outcome(&report, "child"), "skipped: parent mine failed");
    assert!(home.table("mine").is_none() && home.table("sound").is_some());
}

#[test]
fn a_definition_that_is_no_statement() {
    let page = page(&["stay_id"], &["stay_id INT64"]);
    check("SELECT\nFROM x", &page, ErrorCode::InvalidQuery, "mine.sql:2:1: Syntax error");
    check("SELECT stay_id FORM `a.b`", &page, ErrorCode::InvalidQuery, "mine.sql:1:");
    check("SELECT 1 + TRUE AS stay_id", &page, ErrorCode::InvalidQuery, ": No matching signature");
}

#[test]
fn tables_and_columns_that_are_not_there() {
    let page = page(&["stay_id"], &["stay_id INT64"]);
    let near = |sql: &str, place: &str, nearest: &str| {
        let home = Home::new();
        let (definitions, _folder) = with_files(&[("mine.sql", sql), ("mine.toml", &page)]);
        let report = home.build(&definitions, &["mine"]);
        let (_, error) = report.failures().next().unwrap();
        assert!(error.to_string().contains(place), "{error}");
        assert!(format!("{error} {:?}", error.hint()).contains(nearest), "{error} {:?}", error.hint());
    };
    near("SELECT stay_id\nFROM mimiciv_icu.icustay", "mine.sql:2:6: Not found: Table", "mimiciv_icu.icustays");
    near("SELECT stay_id FROM mimiciv_icv.icustays", "mine.sql:1:21: Not found: Dataset", "mimiciv_icu");
    near(
        "SELECT stay_id FROM mimiciv_derived.sofaa",
        "mine.sql:1:21: no concept is called sofaa",
        "mimiciv_derived.sofa",
    );
    near("SELECT stay_idd AS stay_id FROM mimiciv_icu.icustays", "mine.sql:1:8: Unrecognized name", "stay_id");
}

#[test]
fn pages_that_are_not_sound() {
    let sound = page(&["stay_id"], &["stay_id INT64"]);
    check(
        STAYS,
        &sound.replace("literature = []", "literatur = []"),
        ErrorCode::InvalidQuery,
        "mine.toml:3:1: unknown field",
    );
    check(STAYS, &sound.replace("'INT64'", "'INT46'"), ErrorCode::InvalidQuery, "mine.toml:8:");
    check(STAYS, &sound.replace("stay_id\"]", "stayid\"]"), ErrorCode::InvalidQuery, "which is no column");
    let more = page(&["stay_id"], &["stay_id INT64", "los FLOAT64"]);
    check(STAYS, &more, ErrorCode::InvalidQuery, "the page has column los, which the definition does not give");
    let other = page(&["stay_id"], &["stay_id STRING"]);
    check(STAYS, &other, ErrorCode::InvalidQuery, "column 1 is stay_id INT64, but the page says stay_id STRING");
}

#[test]
fn files_without_their_other_half_and_names_that_no_table_can_have() {
    let sound = page(&["stay_id"], &["stay_id INT64"]);
    let (definitions, _folder) =
        only_files(&[("a.sql", STAYS), ("b.toml", &sound), ("Big-Name.sql", STAYS), ("Big-Name.toml", &sound)]);
    let faults: Vec<String> = definitions.faults().map(|(name, error)| format!("{name}: {error}")).collect();
    assert_eq!(faults.len(), 3, "{faults:?}");
    assert!(faults[0].contains("`Big-Name` cannot be the name of a table"), "{faults:?}");
    assert!(faults[1].contains("a.sql: there is no page beside it"), "{faults:?}");
    assert!(faults[2].contains("b.toml: a page without a definition"), "{faults:?}");
    assert!(definitions.faults().all(|(_, error)| error.hint().is_some()));
}

#[test]
fn two_files_of_one_name() {
    let sound = page(&["stay_id"], &["stay_id INT64"]);
    let (definitions, _folder) = with_files(&[("mine/age.sql", STAYS), ("mine/age.toml", &sound)]);
    let home = Home::new();
    let report = home.build(&definitions, &["age", "height", "charlson"]);
    let said = outcome(&report, "age");
    assert!(said.contains("age is defined twice: in concepts/mimiciv/demographics/age.sql and in "), "{said}");
    assert!(said.ends_with("mine/age.sql"), "{said}");
    assert_eq!(
        (outcome(&report, "height").as_str(), outcome(&report, "charlson").as_str()),
        ("built", "skipped: parent age failed")
    );
}

#[test]
fn a_cycle_is_named() {
    let sound = page(&["stay_id"], &["stay_id INT64"]);
    let from = |name: &str| format!("SELECT stay_id FROM mimiciv_derived.{name}");
    let (a, b, c, d) = (from("b"), from("c"), from("a"), from("a"));
    let (definitions, _folder) = with_files(&[
        ("a.sql", &a),
        ("a.toml", &sound),
        ("b.sql", &b),
        ("b.toml", &sound),
        ("c.sql", &c),
        ("c.toml", &sound),
        ("d.sql", &d),
        ("d.toml", &sound),
        ("e.sql", "SELECT stay_id FROM mimiciv_derived.e"),
        ("e.toml", &sound),
    ]);
    let graph = Graph::new(&definitions);
    assert!(
        graph.fault("a").unwrap().to_string().ends_with("a.sql: a, b and c need each other: a reads b reads c reads a")
    );
    assert!(graph.fault("e").unwrap().to_string().ends_with("e and itself need each other: e reads e"));
    let home = Home::new();
    let report = home.build(&definitions, &["a", "d", "e", "height"]);
    assert_eq!(outcome(&report, "d"), "skipped: parent a failed");
    assert_eq!(outcome(&report, "height"), "built");
}

#[test]
fn a_window_whose_order_leaves_ties() {
    let sql = "SELECT stay_id, ROW_NUMBER() OVER (ORDER BY intime) AS n\nFROM `physionet-data.mimiciv_icu.icustays`";
    check(
        sql,
        &page(&["stay_id"], &["stay_id INT64", "n INT64"]),
        ErrorCode::InvalidQuery,
        "mine.sql:1:17: ROW_NUMBER: ",
    );
}

#[test]
fn a_row_without_a_value() {
    let sql = "SELECT stay_id, 1 / 0 AS x FROM `physionet-data.mimiciv_icu.icustays`";
    check(sql, &page(&["stay_id"], &["stay_id INT64", "x FLOAT64"]), ErrorCode::InvalidQuery, "division by zero");
}
