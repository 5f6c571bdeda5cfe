//! From nothing to answers, on a very small synthetic release.

use crate::harness::{Place, without_numbers, write};
use std::io::Read;

/// A home with five synthetic patients.
fn loaded() -> Place {
    let place = Place::new();
    place.stdout(&["synth", "--patients", "5", "--seed", "3", "--out", "synthetic"]);
    place.stdout(&["load", "synthetic", "--no-concepts"]);
    place
}

#[test]
fn synth_and_load() {
    let place = Place::new();
    let synth = ["synth", "--patients", "5", "--seed", "3", "--out", "synthetic"];
    insta::assert_snapshot!("synth", without_numbers(&place.transcript(&synth)));
    insta::assert_snapshot!("synth-again", place.transcript(&synth));
    insta::assert_snapshot!("load-dry-run", without_numbers(&place.transcript(&["load", "synthetic", "--dry-run"])));
    assert!(place.stdout(&["status", "--format", "ndjson"]).is_empty(), "a dry run loads nothing");
    insta::assert_snapshot!("load", without_numbers(&place.transcript(&["load", "synthetic"])));
    insta::assert_snapshot!("load-again", without_numbers(&place.transcript(&["load", "synthetic"])));
    insta::assert_snapshot!("status", without_numbers(&place.transcript(&["status", "--format", "table"])));
}

#[test]
fn what_is_there() {
    let place = loaded();
    let shown = |arguments: &[&str]| {
        let mut arguments = arguments.to_vec();
        arguments.extend(["--format", "table"]);
        without_numbers(&place.transcript(&arguments))
    };
    insta::assert_snapshot!("datasets", shown(&["datasets"]));
    insta::assert_snapshot!("describe-dataset", shown(&["describe", "mimiciv_icu"]));
    insta::assert_snapshot!("describe-table", shown(&["describe", "icustays"]));
    insta::assert_snapshot!("describe-column", shown(&["describe", "los"]));
    insta::assert_snapshot!("describe-item", shown(&["describe", "220045"]));
    insta::assert_snapshot!("describe-unknown", place.transcript(&["describe", "chartevent"]));
    insta::assert_snapshot!("describe-unknown-item", place.transcript(&["describe", "1"]));
    insta::assert_snapshot!("search", shown(&["search", "lactate"]));
    insta::assert_snapshot!("search-nothing", place.transcript(&["search", "xyzzy"]));
    insta::assert_snapshot!("verify", shown(&["verify"]));
}

#[test]
fn derived_tables_are_built_explained_and_compared() {
    let place = loaded();
    let shown = |arguments: &[&str]| without_numbers(&place.transcript(arguments));
    insta::assert_snapshot!("concepts-build", shown(&["concepts", "build", "--only", "first_day_height,icp"]));
    insta::assert_snapshot!("concepts-build-again", shown(&["concepts", "build", "--only", "first_day_height"]));
    insta::assert_snapshot!("concepts-show", place.transcript(&["concepts", "show", "first_day_height"]));
    insta::assert_snapshot!("concepts-graph", place.transcript(&["concepts", "graph", "meld"]));
    insta::assert_snapshot!("describe-derived", shown(&["describe", "mimiciv_derived.height", "--format", "table"]));
    let itself = ["mimiciv_derived", "mimiciv_synth_1_5_3_derived"];
    insta::assert_snapshot!("concepts-diff", shown(&["concepts", "diff", itself[0], itself[1], "--format", "table"]));
    insta::assert_snapshot!("concepts-unknown", place.transcript(&["concepts", "build", "--only", "sofaa"]));
    write(&place, "mine/tall.sql", "SELECT stay_id\nFROM mimiciv_derived.hight\nWHERE height > 180\n");
    let page = "row = 'A stay.'\nkey = ['stay_id']\nliterature = []\ncaveats = []\n\n[[column]]\nname = 'stay_id'\n\
                type = 'INT64'\nmeaning = 'The stay.'\n";
    write(&place, "mine/tall.toml", page);
    let build = ["concepts", "build", "--only", "tall", "--with", "mine"];
    insta::assert_snapshot!("concepts-own-faulty", shown(&build));
    write(&place, "mine/tall.sql", "SELECT stay_id\nFROM mimiciv_derived.first_day_height\nWHERE height > 180\n");
    assert_eq!(place.run(&build).status.code(), Some(0));
    place.stdout(&["query", "SELECT stay_id FROM mimiciv_derived.tall"]);
}

#[test]
fn every_spelling_of_a_name_answers() {
    let place = loaded();
    let expected = place.stdout(&["query", "SELECT COUNT(*) AS n FROM mimiciv_icu.icustays"]);
    for name in [
        "`physionet-data.mimiciv_icu.icustays`",
        "`physionet-data`.mimiciv_icu.icustays",
        "physionet-data.mimiciv_icu.icustays",
        "mimiciv_synth_1_5_3_icu.icustays",
    ] {
        assert_eq!(place.stdout(&["query", &format!("SELECT COUNT(*) AS n FROM {name}")]), expected, "{name}");
    }
    let by_default = ["query", "--dataset", "mimiciv_icu", "SELECT COUNT(*) AS n FROM icustays"];
    assert_eq!(place.stdout(&by_default), expected);
}

#[test]
fn mistakes_in_names_come_with_the_nearest() {
    let place = loaded();
    for (name, sql) in [
        ("table", "SELECT * FROM mimiciv_icu.icustay"),
        ("column", "SELECT subject_idd\nFROM mimiciv_icu.icustays"),
        ("dataset", "SELECT * FROM mimiciv_icv.icustays"),
    ] {
        insta::assert_snapshot!(format!("nearest-{name}"), place.transcript(&["query", sql]));
    }
}

#[test]
fn results_say_that_they_are_synthetic() {
    let place = loaded();
    let output = place.run(&["query", "SELECT COUNT(*) AS n FROM mimiciv_icu.icustays"]);
    assert!(String::from_utf8(output.stderr).unwrap().contains("synthetic data"));
    let output = place.run(&["query", "SELECT 1 AS n"]);
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}

#[test]
fn csv_is_what_the_source_was() {
    let place = loaded();
    let source = std::fs::File::open(place.work().join("synthetic/hosp/patients.csv.gz")).unwrap();
    let mut expected = String::new();
    flate2::read::MultiGzDecoder::new(source).read_to_string(&mut expected).unwrap();
    let csv = place.stdout(&["query", "SELECT * FROM mimiciv_hosp.patients", "--format", "csv"]);
    let sorted = |text: &str| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines[1..].sort();
        lines
    };
    assert_eq!(sorted(&csv), sorted(&expected));
}

#[test]
fn names_move_only_where_they_may() {
    let place = loaded();
    place.stdout(&["synth", "--patients", "6", "--seed", "4", "--out", "other"]);
    place.stdout(&["load", "other", "--no-concepts"]);
    insta::assert_snapshot!("alias-rule", place.transcript(&["alias", "--format", "table"]));
    insta::assert_snapshot!("alias-set", place.transcript(&["alias", "mimiciv_icu", "mimiciv-synth-1-5-3"]));
    insta::assert_snapshot!("alias-list", place.transcript(&["alias", "--format", "table"]));
    insta::assert_snapshot!(
        "alias-fixed",
        place.transcript(&["alias", "mimiciv_synth_1_5_3_icu", "mimiciv-synth-1-5-3"])
    );
    insta::assert_snapshot!("alias-unknown", place.transcript(&["alias", "mimiciv_icv", "mimiciv-synth-1-5-3"]));
    insta::assert_snapshot!("alias-unset", place.transcript(&["alias", "--unset", "mimiciv_icu"]));
    insta::assert_snapshot!("alias-unset-again", place.transcript(&["alias", "--unset", "mimiciv_icu"]));
}

#[test]
fn removing_asks_first() {
    let place = loaded();
    insta::assert_snapshot!("remove-unasked", without_numbers(&place.transcript(&["remove", "mimiciv-synth-1-5-3"])));
    place.stdout(&["datasets"]);
    insta::assert_snapshot!("remove", without_numbers(&place.transcript(&["remove", "mimiciv-synth-1-5-3", "--yes"])));
    assert_eq!(place.run(&["datasets"]).status.code(), Some(1));
}

#[test]
fn the_demo_is_quick_the_second_time() {
    let place = Place::new();
    let first = place.run(&["demo", "--patients", "10", "--no-serve"]);
    assert!(first.status.success(), "{}", String::from_utf8_lossy(&first.stderr));
    let second = place.run(&["demo", "--patients", "10", "--no-serve"]);
    assert!(second.status.success(), "{}", String::from_utf8_lossy(&second.stderr));
    let (said_first, said_second) =
        (String::from_utf8(first.stderr).unwrap(), String::from_utf8(second.stderr).unwrap());
    assert!(said_first.contains("making 10 synthetic patients"), "{said_first}");
    assert!(said_second.contains("is loaded already"), "{said_second}");
    let answers = String::from_utf8(first.stdout).unwrap();
    assert_eq!(answers, String::from_utf8(second.stdout).unwrap(), "the same data give the same answers");
    assert_eq!(answers.matches("\nQuestion ").count(), 3, "{answers}");
}

#[test]
fn a_damaged_file_is_found() {
    let place = loaded();
    let release = place.home().join("releases/mimiciv-synth-1-5-3");
    let mut folders = vec![release];
    let mut damaged = None;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "parquet")
                && path.to_string_lossy().contains("d_labitems")
            {
                damaged = Some(path);
            }
        }
    }
    let path = damaged.unwrap();
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let transcript = place.transcript(&["verify"]);
    assert!(
        transcript.contains("exit 1") && transcript.contains("has other bytes than were published"),
        "{transcript}"
    );
}
