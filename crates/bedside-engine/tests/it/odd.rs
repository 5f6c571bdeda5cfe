//! Statements that are right and odd: very long, very wide, very nested. They are planned and run like any other.

use crate::fixture::Home;

/// The one cell of a statement's result.
fn cell(home: &Home, text: &str) -> String {
    let shown: String = text.chars().take(120).collect();
    let rows = home.rows(text).unwrap_or_else(|error| panic!("{shown}: {error}"));
    assert_eq!((rows.len(), rows[0].len()), (1, 1), "{shown}");
    rows[0][0].clone().unwrap_or_else(|| "NULL".to_owned())
}

#[test]
fn long_and_wide_statements_run() {
    let home = Home::new();
    let repeat = |piece: &str, times: usize, separator: &str| vec![piece; times].join(separator);
    let numbers = |count: usize, separator: &str, piece: &dyn Fn(usize) -> String| {
        (0..count).map(piece).collect::<Vec<_>>().join(separator)
    };
    for (text, expected) in [
        (format!("SELECT COUNT(*) FROM ({})", repeat("SELECT 1 AS x", 3_000, " UNION ALL ")), "3000"),
        (
            format!(
                "SELECT COUNT(*) FROM ({})",
                numbers(300, " UNION DISTINCT ", &|n| format!("SELECT {} AS x", n % 7))
            ),
            "7",
        ),
        (
            format!(
                "SELECT COUNT(*) FROM chartevents WHERE itemid IN ({}, 220045)",
                numbers(10_000, ", ", &|n| n.to_string())
            ),
            "8",
        ),
        (
            format!(
                "SELECT COUNT(*) FROM chartevents WHERE value NOT IN ({})",
                numbers(10_000, ", ", &|n| format!("'{n}x'"))
            ),
            "11",
        ),
        (format!("SELECT MAX(LENGTH({})) FROM mimiciv_hosp.patients", repeat("gender", 5_000, " || ")), "5000"),
        (format!("SELECT COUNT(*) FROM d_items WHERE {}", numbers(5_000, " OR ", &|n| format!("itemid = {n}"))), "0"),
        (format!("SELECT COUNT(*) FROM d_items WHERE {}", numbers(5_000, " AND ", &|n| format!("itemid != {n}"))), "4"),
        (
            format!(
                "SELECT MAX(CASE {} ELSE -1 END) FROM d_items",
                numbers(2_000, " ", &|n| format!("WHEN itemid = {n} THEN {n}"))
            ),
            "-1",
        ),
        (format!("SELECT MAX(COALESCE({}, stay_id)) FROM icustays", repeat("NULL", 1_000, ", ")), "3001"),
        (format!("SELECT MAX({}) FROM d_items", repeat("1", 900, " + ")), "900"),
        (
            format!(
                "SELECT c999 FROM (SELECT {} FROM d_items LIMIT 1)",
                numbers(1_000, ", ", &|n| format!("{n} AS c{n}"))
            ),
            "999",
        ),
        (
            format!(
                "SELECT COUNT(*) FROM icustays AS i0 {}",
                numbers(10, " ", &|n| format!("JOIN icustays AS i{} USING (stay_id)", n + 1))
            ),
            "3",
        ),
        (format!("SELECT ARRAY_LENGTH([{}])", repeat("1", 5_000, ", ")), "5000"),
        (format!("SELECT {}", "(SELECT ".repeat(60) + "7" + &")".repeat(60)), "7"),
        (format!("SELECT MAX(x) FROM {}", "(SELECT * FROM ".repeat(70) + "(SELECT 5 AS x)" + &")".repeat(70)), "5"),
        (
            format!(
                "WITH c0 AS (SELECT 1 AS x){} SELECT x FROM c150",
                numbers(150, "", &|n| format!(", c{} AS (SELECT x + 0 AS x FROM c{n})", n + 1))
            ),
            "1",
        ),
        (
            format!(
                "WITH c0 AS (SELECT 1 AS x){} SELECT x FROM c4",
                numbers(4, "", &|n| format!(", c{} AS (SELECT a.x FROM c{n} AS a JOIN c{n} AS b ON a.x = b.x)", n + 1))
            ),
            "1",
        ),
        (
            format!(
                "SELECT COUNT(*) FROM (SELECT {} FROM icustays) WHERE {} > 0",
                numbers(20, ", ", &|n| format!("SUM(los) OVER (ORDER BY stay_id + {n}) AS w{n}")),
                numbers(20, " + ", &|n| format!("w{n}"))
            ),
            "3",
        ),
        (format!("SELECT LENGTH('{}')", "é".repeat(100_000)), "100000"),
    ] {
        assert_eq!(cell(&home, &text), expected);
    }
}
