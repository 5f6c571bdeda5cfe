//! Bounds: any text gives an answer or an error, soon, on any thread.

use crate::catalog::{Ward, query};
use bedside_sql::{Parameters, SqlErrorKind, resolve};
use std::fmt::Write;

#[test]
fn depth_that_is_allowed_can_be_used_and_dropped_on_a_small_stack() {
    for (open, close) in [
        ("(", ")"),
        ("ABS(", ")"),
        ("- ", ""),
        ("CASE WHEN TRUE THEN ", " END"),
        ("(SELECT ", ")"),
        ("IF(TRUE, ", ", 1)"),
        ("CAST(", " AS INT64)"),
    ] {
        let mut deepest = 0;
        for levels in [20, 60, 90, 140, 290] {
            let text = format!("SELECT {}1{} AS x", open.repeat(levels), close.repeat(levels));
            match query(&text) {
                Ok(found) => {
                    deepest = levels;
                    assert_eq!(found.clone(), found);
                    assert!(!found.to_string().is_empty());
                }
                Err(error) => assert_eq!(error.kind, SqlErrorKind::TooLarge, "{open}: {error}"),
            }
        }
        assert!(deepest >= 90, "{open}: {deepest}");
    }
}

#[test]
fn long_chains_are_no_depth() {
    for (text, least) in [
        (format!("SELECT i FROM types WHERE i = 0{}", " OR i = 1".repeat(20_000)), 1),
        (format!("SELECT s{} AS x FROM types", " || s".repeat(20_000)), 1),
        (format!("SELECT 1 AS x{}", " UNION ALL SELECT 1".repeat(3_000)), 1),
        (format!("SELECT i{} AS x FROM types", " + 1".repeat(900)), 1),
        (format!("SELECT i FROM types WHERE i IN (0{})", ", 1".repeat(50_000)), 1),
        (format!("FROM types{}", " |> EXTEND i + 1 AS j |> DROP j".repeat(140)), 1),
        (format!("SELECT i FROM types GROUP BY i{}", ", i".repeat(5_000)), 1),
    ] {
        let found = query(&text).unwrap();
        assert!(found.output.len() >= least);
        drop(found);
    }
}

#[test]
fn texts_of_a_megabyte_end_in_an_error_with_a_place() {
    let text = |piece: &str| piece.repeat((1 << 20) / piece.len());
    for piece in [
        "(",
        "SELECT (",
        "CASE ",
        "[",
        "CAST(",
        "1 + ",
        "a.",
        "'",
        "/* ",
        "NOT ",
        "f(",
        "\u{1}",
        "SELECT * FROM (",
        "x JOIN ",
        "- ",
    ] {
        let error = resolve(&text(piece), &Ward, &Parameters::default()).unwrap_err();
        assert!(error.position.line >= 1 && error.position.column >= 1, "{piece}: {error}");
    }
    assert_eq!(query(&" ".repeat(2 << 20)).unwrap_err().kind, SqlErrorKind::TooLarge);
}

/// Syntax that the tree writes twice must not double at every level.
#[test]
fn nesting_what_is_written_twice_does_not_explode() {
    for (open, close) in [
        ("(", " BETWEEN FALSE AND TRUE)"),
        ("(CASE ", " WHEN TRUE THEN TRUE END)"),
        ("CAST(CAST(", " 1 1 AS INT64) AS INT64)"),
        ("WITH(a AS flag AND (", "), a AND a AND a)"),
    ] {
        let text = format!("SELECT {}flag{} FROM types", open.repeat(90), close.repeat(90));
        let _ = query(&text);
    }
}

#[test]
fn a_statement_of_hundreds_of_lines_is_resolved() {
    let mut text = "WITH base AS (SELECT * FROM icustays)".to_owned();
    for n in 0..12 {
        write!(text, "\n, cte{n} AS (SELECT c.stay_id").unwrap();
        for item in 0..30 {
            write!(text, "\n, MAX(CASE WHEN c.itemid IN ({item}, 220045) AND c.valuenum > 0 THEN c.valuenum ELSE NULL END) AS v{item}").unwrap();
        }
        text += "\nFROM chartevents c INNER JOIN base b ON b.stay_id = c.stay_id AND c.charttime BETWEEN b.intime AND DATETIME_ADD(b.intime, INTERVAL '1' DAY)\nGROUP BY c.stay_id)";
    }
    text += "\nSELECT b.stay_id";
    for n in 0..12 {
        write!(text, ", cte{n}.v1 AS w{n}").unwrap();
    }
    text += " FROM base b";
    for n in 0..12 {
        write!(text, "\nLEFT JOIN cte{n} ON cte{n}.stay_id = b.stay_id").unwrap();
    }
    assert!(text.lines().count() > 400);
    assert_eq!(query(&text).unwrap().output.len(), 13);
}

#[test]
fn ten_thousand_levels_of_anything_end_in_an_error_with_a_place() {
    for (open, inner, close) in [
        ("(", "1", ")"),
        ("(SELECT ", "1", ")"),
        ("(WITH a AS (SELECT 1) SELECT ", "1", ")"),
        ("EXISTS (SELECT ", "1", ")"),
        ("1 IN (SELECT ", "1", ")"),
        ("1 IN (", "1", ")"),
        ("1 IN UNNEST([", "1", "])"),
        ("ARRAY(SELECT ", "1", ")"),
        ("[STRUCT(", "1", ")]"),
        ("ARRAY<INT64>[", "1", "]"),
        ("STRUCT(", "1", ")"),
        ("(1, ", "1", ")"),
        ("CASE WHEN ", "TRUE", " THEN TRUE END"),
        ("CASE ", "1", " WHEN 1 THEN 1 END"),
        ("CASE WHEN TRUE THEN ", "1", " END"),
        ("IF(TRUE, ", "1", ", 1)"),
        ("COALESCE(", "1", ")"),
        ("CAST(", "1", " AS INT64)"),
        ("SAFE_CAST(", "1", " AS INT64)"),
        ("EXTRACT(DAY FROM ", "d", ")"),
        ("DATE_ADD(", "d", ", INTERVAL 1 DAY)"),
        ("INTERVAL (", "1", ") DAY"),
        ("NOT ", "TRUE", ""),
        ("- ", "1", ""),
        ("~", "1", ""),
        ("ints[", "0", "]"),
        ("ints[OFFSET(", "0", ")]"),
        ("SUM(", "1", ")"),
        ("SUM(1) OVER (ORDER BY ", "1", ")"),
        ("STRING_AGG(s ORDER BY ", "s", ")"),
        ("1 BETWEEN 1 AND (", "1", ")"),
        ("s LIKE (", "s", ")"),
        ("s LIKE ANY (", "s", ")"),
        ("s LIKE ANY UNNEST(", "s", ")"),
        ("s LIKE ALL (SELECT ", "s", ")"),
        ("WITH(a AS ", "1", ", a)"),
        ("WITH(a AS 1, ", "a", ")"),
        ("1 + (", "1", ")"),
        ("st.", "a", ""),
        ("f(", "1", ")"),
    ] {
        let text = format!("SELECT {}{inner}{} FROM types", open.repeat(10_000), close.repeat(10_000));
        let error = query(&text).unwrap_err();
        assert_ne!(error.kind, SqlErrorKind::Internal, "{open}: {error}");
        assert!(error.position.line >= 1 && error.position.column >= 1, "{open}: {error}");
    }
    for (open, inner, close) in [
        ("SELECT * FROM (", "SELECT 1 AS x", ")"),
        ("SELECT * FROM (types JOIN (", "types", ") USING (i))"),
        ("(", "SELECT 1", ")"),
        ("(SELECT 1 UNION ALL ", "SELECT 1", ")"),
        ("WITH a AS (", "SELECT 1", ") SELECT 1"),
        ("SELECT CAST(NULL AS ARRAY<STRUCT<a ", "INT64", ">>)"),
        ("SELECT * FROM types PIVOT(SUM(i) FOR (", "s", ") IN ('x'))"),
        ("FROM (", "FROM types", ")"),
        ("SELECT 1 AS x |> UNION ALL (", "SELECT 1", ")"),
        ("WITH RECURSIVE a AS (", "SELECT 1", ") SELECT 1"),
        ("SELECT i FROM types GROUP BY CUBE((", "i", "))"),
    ] {
        let text = format!("{}{inner}{}", open.repeat(10_000), close.repeat(10_000));
        let error = query(&text).unwrap_err();
        assert_ne!(error.kind, SqlErrorKind::Internal, "{open}: {error}");
        assert!(error.position.line >= 1 && error.position.column >= 1, "{open}: {error}");
    }
}
