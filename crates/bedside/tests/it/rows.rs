//! Rows out: forms, parameters, streams.

use crate::harness::{Place, write};
use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

const EVERY_TYPE: &str = "SELECT 1 AS i, 0.5 AS f, NUMERIC '1.25' AS n, TRUE AS b, 'a,\"b\"' AS s, '' AS e, \
    CAST(NULL AS STRING) AS z, DATE '2150-01-31' AS d, DATETIME '2150-01-31 10:00:00' AS dt, \
    TIMESTAMP '2150-01-31 10:00:00 UTC' AS ts, TIME '10:00:00' AS t";

#[test]
fn every_form_of_text() {
    let place = Place::new();
    for format in ["table", "csv", "json", "ndjson"] {
        insta::assert_snapshot!(format!("rows-{format}"), place.transcript(&["query", "--format", format, EVERY_TYPE]));
    }
}

#[test]
fn columnar_files_hold_the_rows() {
    let place = Place::new();
    for (file, magic) in [("x.parquet", &b"PAR1"[..]), ("x.arrow", b"ARROW1")] {
        place.stdout(&["query", EVERY_TYPE, "--output", file]);
        let bytes = std::fs::read(place.work().join(file)).unwrap();
        assert!(bytes.starts_with(magic), "{file}");
    }
    let output = place.run(&["query", EVERY_TYPE, "--format", "arrow"]);
    assert!(output.stdout.starts_with(b"ARROW1"), "a pipe takes binary output");
}

#[test]
fn statements_come_from_arguments_files_and_standard_input() {
    let place = Place::new();
    write(&place, "one.sql", "SELECT 1 AS x");
    assert_eq!(place.stdout(&["query", "-f", "one.sql"]), "x\n1\n");
    for arguments in [&["query"][..], &["query", "-"], &["query", "-f", "-"]] {
        let mut child = place
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(b"SELECT 2 AS x").unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.stdout, b"x\n2\n", "{arguments:?}");
    }
}

#[test]
fn parameters_are_values() {
    let place = Place::new();
    let named =
        ["query", "SELECT @stay + 1 AS x, @name AS y", "--param", "stay:INT64:41", "--param", "name::O'Brien; --"];
    assert_eq!(place.stdout(&named), "x,y\n42,O'Brien; --\n");
    assert_eq!(place.stdout(&["query", "SELECT ? AS x", "--param", ":DATE:2150-01-31"]), "x\n2150-01-31\n");
}

#[test]
fn max_rows_says_that_there_are_more() {
    let place = Place::new();
    let sql = "SELECT x FROM UNNEST([1, 2, 3]) AS x ORDER BY x";
    insta::assert_snapshot!(place.transcript(&["query", sql, "--max-rows", "2", "--format", "table"]));
}

#[test]
fn a_reader_that_stops_early_is_no_error() {
    let place = Place::new();
    let sql = "SELECT x FROM UNNEST(GENERATE_ARRAY(1, 300000)) AS x";
    let mut child = place.command(&["query", sql]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert_eq!(lines.next().unwrap().unwrap(), "x");
    drop(lines);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_shell_runs_a_script() {
    let place = Place::new();
    let script = "SELECT 1 AS a;\nSELECT\n  'x;y' AS b;\n\\format json\nSELECT 2 AS c; SELECT nothing;\n\\nonsense\n";
    let mut child =
        place.command(&["shell"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    insta::assert_snapshot!(place.transcript_of(&["shell"], &output));
}
