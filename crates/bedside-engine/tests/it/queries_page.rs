//! `docs/reference/queries.md` says of every clause whether it is there: the example of every row must run, or be refused.

use crate::fixture::{Home, workspace};
use bedside_engine::Session;
use std::collections::BTreeSet;

/// What the examples call.
const MADE: &str = "
CREATE SCHEMA mine;
CREATE TABLE FUNCTION mine.stays_of(patient INT64) AS
SELECT stay_id, los FROM mimiciv_icu.icustays WHERE subject_id = patient;
CREATE TABLE FUNCTION mine.longer(stays TABLE<stay_id INT64, los FLOAT64>, days FLOAT64) AS
SELECT * FROM stays WHERE los > days";

/// The sections of BigQuery's pages on query syntax and pipe syntax, each in the words that the page begins a row with.
const SECTIONS: &[&str] = &[
    "SELECT list",
    "SELECT *",
    "SELECT expression.*",
    "SELECT DISTINCT",
    "SELECT ALL",
    "SELECT AS STRUCT",
    "SELECT AS VALUE",
    "SELECT WITH DIFFERENTIAL_PRIVACY",
    "SELECT WITH AGGREGATION_THRESHOLD",
    "FROM table",
    "FROM wildcard table",
    "FROM subquery",
    "FROM table function",
    "FOR SYSTEM_TIME AS OF",
    "UNNEST",
    "TABLESAMPLE SYSTEM",
    "PIVOT",
    "UNPIVOT",
    "MATCH_RECOGNIZE",
    "INNER JOIN",
    "CROSS JOIN",
    "comma cross join",
    "FULL OUTER JOIN",
    "LEFT OUTER JOIN",
    "RIGHT OUTER JOIN",
    "ON",
    "USING",
    "correlated join",
    "WHERE",
    "GROUP BY",
    "GROUP BY ALL",
    "GROUP BY ROLLUP",
    "GROUP BY CUBE",
    "GROUP BY GROUPING SETS",
    "HAVING",
    "ORDER BY",
    "QUALIFY",
    "WINDOW",
    "UNION",
    "INTERSECT",
    "EXCEPT",
    "BY NAME",
    "CORRESPONDING",
    "LIMIT and OFFSET",
    "WITH",
    "WITH RECURSIVE",
    "aliases",
    "value tables",
    "|> SELECT",
    "|> EXTEND",
    "|> SET",
    "|> DROP",
    "|> RENAME",
    "|> AS",
    "|> WHERE",
    "|> AGGREGATE",
    "|> DISTINCT",
    "|> JOIN",
    "|> CALL",
    "|> ORDER BY",
    "|> LIMIT",
    "|> UNION, INTERSECT, EXCEPT",
    "|> TABLESAMPLE",
    "|> WITH",
    "|> PIVOT",
    "|> UNPIVOT",
    "|> MATCH_RECOGNIZE",
];

#[test]
fn every_clause_is_as_its_page_says() {
    let page = std::fs::read_to_string(workspace().join("docs/reference/queries.md")).unwrap();
    let home = Home::new();
    home.run(MADE, &Session::default()).unwrap();
    let mut clauses = BTreeSet::new();
    for line in page.lines().filter(|line| line.starts_with("| ") && !line.contains("| here |")) {
        let line = line.replace("\\|", "\u{1}");
        let cells: Vec<String> =
            line.trim_matches('|').split('|').map(|cell| cell.trim().replace('\u{1}', "|")).collect();
        let [clause, here, example, notes] = cells.as_slice() else { panic!("{line}") };
        let example = example.trim_matches('`').trim();
        let outcome = home.prepare(example).and_then(|prepared| {
            prepared
                .execute()
                .map_err(|error| error.to_string())?
                .try_for_each(|batch| batch.map(drop))
                .map_err(|e| e.to_string())
        });
        match here.as_str() {
            "supported" | "different" => outcome.unwrap_or_else(|error| panic!("{clause}: {error}")),
            "refused" => {
                let error = outcome.expect_err(clause);
                assert!(error.contains("not supported") && error.contains(" at ["), "{clause}: {error}");
            }
            other => panic!("{clause}: {other}"),
        }
        assert!(here == "supported" || !notes.is_empty(), "{clause}: neither how nor why");
        assert!(clauses.insert(clause.clone()), "{clause} stands twice");
    }
    let missing: Vec<_> = SECTIONS.iter().filter(|section| !clauses.contains(**section)).collect();
    assert!(missing.is_empty(), "the page lacks {missing:?}");
}
