//! Wrong inputs: what, where, and the next command; exit code 1.

use crate::harness::{Place, write};

/// Runs a command that must fail by the user's fault.
fn fails(place: &Place, arguments: &[&str]) -> String {
    let transcript = place.transcript(arguments);
    assert!(transcript.contains("\nexit 1\n"), "{transcript}");
    assert!(!transcript.contains("--- stdout"), "an error is no data: {transcript}");
    transcript
}

#[test]
fn wrong_usage() {
    let place = Place::new();
    for (name, arguments) in [
        ("unknown-command", &["quary", "SELECT 1"][..]),
        ("no-command", &[]),
        ("unknown-option", &["load", "x", "--relase", "mimiciv-3.1"]),
        ("release-that-is-none", &["load", "x", "--release", "MIMIC 3.1"]),
        ("memory-that-is-none", &["status", "--memory", "lots"]),
        ("parameter-that-is-none", &["query", "SELECT @a", "--param", "a=1"]),
        ("no-patients", &["synth", "--patients", "0", "--out", "x"]),
        ("alias-without-release", &["alias", "mimiciv_icu"]),
    ] {
        insta::assert_snapshot!(format!("usage-{name}"), fails(&place, arguments));
    }
}

#[test]
fn an_empty_home() {
    let place = Place::new();
    for command in [&["datasets"][..], &["describe", "chartevents"], &["search", "lactate"], &["verify"]] {
        insta::assert_snapshot!(format!("empty-{}", command[0]), fails(&place, command));
    }
    for command in
        [&["remove", "mimiciv-3.1"][..], &["alias", "mimiciv_icu", "mimiciv-3.1"], &["verify", "mimiciv-3.1"]]
    {
        insta::assert_snapshot!(format!("empty-{}-release", command[0]), fails(&place, command));
    }
    insta::assert_snapshot!(place.transcript(&["status"]));
    assert_eq!(place.stdout(&["query", "--format", "csv", "SELECT 1 AS one"]), "one\n1\n");
}

#[test]
fn a_source_that_is_none() {
    let place = Place::new();
    write(&place, "notes/readme.txt", "no data\n");
    write(&place, "notes/measurements.csv", "id,name\n1,x\n");
    insta::assert_snapshot!("source-missing", fails(&place, &["load", "nowhere"]));
    insta::assert_snapshot!("source-no-mimic", fails(&place, &["load", "notes"]));
    insta::assert_snapshot!("source-netrc-missing", fails(&place, &["load", "notes", "--netrc", "none"]));
}

#[test]
fn wrong_sql_is_shown_with_its_place() {
    let place = Place::new();
    for (name, sql) in [
        ("syntax", "SELECT 1 +\nFROM x"),
        ("unknown-table", "SELECT *\nFROM mimiciv_icu.icustays"),
        ("unknown-function", "SELECT COALESC(1, 2)"),
        ("types", "SELECT 1 = '1'"),
        ("unclosed", "SELECT 'abc"),
        ("empty", "  -- nothing"),
    ] {
        insta::assert_snapshot!(format!("sql-{name}"), fails(&place, &["query", sql]));
    }
    insta::assert_snapshot!("sql-file-missing", fails(&place, &["query", "-f", "none.sql"]));
}

#[test]
fn output_that_cannot_be_written() {
    let place = Place::new();
    insta::assert_snapshot!(
        "output-folder-missing",
        fails(&place, &["query", "SELECT 1", "--output", "none/result.csv"])
    );
    insta::assert_snapshot!("output-nested-csv", fails(&place, &["query", "SELECT [1, 2] AS x", "--format", "csv"]));
    // A statement that fails while it runs leaves no file behind.
    let output = place.run(&["query", "SELECT 1 / (1 - x) FROM UNNEST([0, 1]) AS x", "--output", "result.csv"]);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(std::fs::read_dir(place.work()).unwrap().count(), 0);
}
