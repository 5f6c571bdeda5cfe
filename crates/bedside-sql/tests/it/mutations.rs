//! Broken statements: whatever the text, an answer or an error with a place, never a panic.

use crate::statements::Desk;
use bedside_sql::{Parameters, SqlErrorKind, resolve};
use proptest::prelude::*;

const SEEDS: &[&str] = &[
    "SELECT c.stay_id, DATETIME_TRUNC(c.charttime, HOUR) AS hr, AVG(c.valuenum) FROM chartevents c GROUP BY 1, 2 ORDER BY hr DESC LIMIT 10",
    "WITH a AS (SELECT stay_id, ROW_NUMBER() OVER (PARTITION BY subject_id ORDER BY intime) AS rn FROM icustays) SELECT * EXCEPT (rn) FROM a WHERE rn = 1",
    "SELECT i, e FROM types, UNNEST(ints) AS e WITH OFFSET AS o WHERE e IN UNNEST([1, 2]) QUALIFY RANK() OVER (ORDER BY e) < 3",
    "SELECT COALESCE(a.stay_id, b.stay_id) FROM icustays a FULL JOIN chartevents b USING (stay_id) WHERE NOT EXISTS (SELECT 1 FROM types WHERE i = a.stay_id)",
    "SELECT CASE WHEN flag THEN 'x' ELSE CAST(n AS STRING) END, STRUCT(i AS a, [1, 2.5])[OFFSET(0)], INTERVAL '1' DAY + dt FROM types UNION ALL SELECT NULL, NULL, NULL",
    "SELECT * FROM (SELECT s, i, f FROM types) PIVOT(SUM(i) AS a, MAX(f) AS b FOR s IN ('x', 'y' AS z)) AS p",
    "CREATE OR REPLACE TABLE mine.t (a INT64 NOT NULL OPTIONS(description='x'), b NUMERIC(5, 2) DEFAULT 1.5, c ARRAY<STRING>) PARTITION BY DATE(d) CLUSTER BY a OPTIONS(labels=[('a', 'b')]) AS SELECT 1, 2, ['x']",
    "INSERT INTO mine.t (i, s) VALUES (1, 'a'), (DEFAULT, NULL), ((SELECT MAX(i) FROM mine.t), CONCAT('a', 'b')); TRUNCATE TABLE mine.t",
    "UPDATE mine.t AS x SET x.i = u.i + 1, s = (SELECT s FROM types WHERE i = x.i) FROM types AS u JOIN icustays ON stay_id = u.i WHERE u.s = x.s",
    "DELETE FROM mine.t WHERE i IN (SELECT stay_id FROM icustays) OR s IS NULL; DROP TABLE IF EXISTS mine.t; DROP SCHEMA mine CASCADE",
    "ALTER TABLE IF EXISTS mine.t ADD COLUMN IF NOT EXISTS z STRUCT<a INT64>, DROP COLUMN s, RENAME COLUMN i TO j, SET OPTIONS (description='x'), ALTER COLUMN j SET DEFAULT 3",
    "CREATE TEMP FUNCTION f(x INT64, y ANY TYPE) RETURNS FLOAT64 AS (x + (SELECT COUNT(*) FROM types WHERE i = x)); CREATE VIEW mine.v (a, b) AS SELECT i, s FROM types; CREATE TEMP TABLE q LIKE types",
    "SELECT i, s, SUM(f), GROUPING(s) AS g FROM types GROUP BY i, ROLLUP(s, (d, dt)), GROUPING SETS ((n), CUBE(flag), ()) HAVING GROUPING(i) = 0 ORDER BY g",
    "WITH RECURSIVE a AS (SELECT 1 AS n, 'x' AS t UNION ALL SELECT n + i, s FROM a JOIN types ON i = n WHERE n < 5), b AS (SELECT n FROM a UNION DISTINCT SELECT n + 1 FROM b) SELECT WITH(x AS n, y AS x * x, x + y) AS r FROM b",
    "SELECT * FROM types UNPIVOT INCLUDE NULLS ((v, w) FOR k IN ((i, s) AS 'a', (stay, t) 'b')) AS u TABLESAMPLE SYSTEM (10 PERCENT) WHERE s LIKE ANY ('a%', 'b') OR s NOT LIKE ALL UNNEST(strings)",
    "SELECT i, s FROM types FULL OUTER UNION ALL BY NAME ON (i, f) SELECT f, i FROM types FOR SYSTEM_TIME AS OF TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 1 HOUR) AS old",
    "FROM types AS t JOIN icustays USING (i) |> WHERE i > 1 |> EXTEND i + 1 AS j, RANK() OVER (ORDER BY i) AS r |> SET s = UPPER(s) |> DROP dt |> RENAME i AS k |> AS u |> SELECT u.k, *, j |> DISTINCT |> ORDER BY k |> LIMIT 5 OFFSET 1",
    "FROM types |> AGGREGATE SUM(f) AS total DESC, COUNT(*) AS n GROUP AND ORDER BY s AS name, ROLLUP(i) |> UNION ALL (SELECT 'x', 1, 2.5, 3), (FROM types |> SELECT s, i, f, i) |> CROSS JOIN UNNEST([1, 2]) AS e |> PIVOT(SUM(n) FOR name IN ('a', 'b' AS c)) |> WITH z AS (SELECT 1) |> LEFT JOIN z ON TRUE",
    "SELECT @{hint = 1, a.b = 'x'} i FROM types @{c = [1, (2)]} GROUP BY ALL",
    "SELECT SUM(f) OVER w, LAST_VALUE(s IGNORE NULLS) OVER (w ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM types WINDOW w AS (PARTITION BY i ORDER BY dt)",
];

/// Many where the code is fast.
const CASES: u32 = if cfg!(debug_assertions) { 2_000 } else { 100_000 };

/// A statement with a few pieces cut out, doubled, swapped or replaced.
fn mutated() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "(",
        ")",
        ",",
        "SELECT",
        "FROM",
        "AS",
        "NULL",
        "OVER",
        "*",
        "1",
        "'",
        "`",
        ".",
        "[",
        "]",
        "CASE",
        "END",
        "UNION ALL",
        "ORDER BY",
        "GROUP BY",
        "@p",
        "?",
        "\\",
        "/*",
        "\u{e9}",
        "WITH",
        "INTERVAL",
        "CAST",
        "UNNEST",
        "-",
        "0x",
        "1e9999",
        "stay_id",
        "types",
        "9223372036854775808",
        "IN",
        "NOT",
        ";",
        "b'",
        "|>",
        "SET",
        "VALUES",
        "OPTIONS",
        "DEFAULT",
        "IF EXISTS",
        "TABLE",
        "RECURSIVE",
        "ROLLUP",
        "GROUPING SETS",
        "|> SELECT",
        "|> AGGREGATE",
        "|> EXTEND",
        "|> DROP",
        "UNPIVOT",
        "LIKE ANY",
        "BY NAME",
        "FULL",
        "WITH(a AS 1, a)",
        "@{",
        "}",
    ]);
    let edit = (0usize..400, 0usize..12, words, 0u8..4);
    (prop::sample::select(SEEDS), prop::collection::vec(edit, 1..6)).prop_map(|(seed, edits)| {
        let mut text: Vec<char> = seed.chars().collect();
        for (at, length, word, kind) in edits {
            let at = at % (text.len() + 1);
            let end = (at + length).min(text.len());
            match kind {
                0 => drop(text.drain(at..end)),
                1 => drop(text.splice(at..end, format!(" {word} ").chars())),
                2 => {
                    let piece: Vec<char> = text[at..end].to_vec();
                    drop(text.splice(at..at, piece));
                }
                _ => drop(text.splice(at..at, word.chars())),
            }
        }
        text.into_iter().collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_mutation_is_answered(text in mutated()) {
        if let Err(error) = resolve(&text, &Desk, &Parameters::default()) {
            prop_assert!(error.kind != SqlErrorKind::Internal, "{text}: {error}");
            prop_assert!(error.position.line >= 1 && error.position.column >= 1);
        }
    }

    #[test]
    fn any_text_is_answered(text in "\\PC{0,200}") {
        if let Err(error) = resolve(&text, &Desk, &Parameters::default()) {
            prop_assert!(error.kind != SqlErrorKind::Internal, "{text}: {error}");
        }
    }
}
