//! What is known before a statement runs, how it stops, and how faults come out.

use crate::fixture::Home;
use bedside_engine::Request;
use bedside_types::{ErrorCode, ReleaseKind, SqlType};

#[test]
fn a_prepared_statement_tells_its_columns_tables_and_bytes() {
    let home = Home::new();
    let text = "SELECT Stay_Id, COUNT(*) FROM `physionet-data.mimiciv_icu.chartevents` \
                WHERE itemid = (SELECT MAX(itemid) FROM mimiciv_icu.d_items) GROUP BY 1";
    let prepared = home.prepare(text).unwrap();
    let columns: Vec<_> = prepared.columns().iter().map(|c| (c.name.as_str(), c.sql_type.clone())).collect();
    assert_eq!(columns, [("Stay_Id", SqlType::Int64), ("f0_", SqlType::Int64)]);
    let tables: Vec<_> = prepared.tables().iter().map(|t| (t.path.table.as_str(), t.columns.join(" "))).collect();
    assert_eq!(tables, [("chartevents", "stay_id itemid".to_owned()), ("d_items", "itemid".to_owned())]);
    // 12 rows of two INT64 and 4 of one, 8 bytes each.
    assert_eq!(prepared.logical_bytes(), 12 * 16 + 4 * 8);
    assert_eq!(prepared.kinds(), [ReleaseKind::Demo]);
}

#[test]
fn faults_have_their_class_and_bigquerys_words() {
    let home = Home::new();
    for (text, code, message) in [
        ("SELECT 1 / 0", ErrorCode::InvalidQuery, "division by zero: 1 / 0"),
        ("SELECT CAST(value AS INT64) FROM chartevents", ErrorCode::InvalidQuery, "Bad int64 value: "),
        ("SELECT 1 FROM chartevents WHERE CAST(value AS INT64) = -7", ErrorCode::InvalidQuery, "Bad int64 value: "),
        ("SELECT 1 FROM chartevents WHERE REGEXP_CONTAINS(value, '(')", ErrorCode::InvalidQuery, "missing )"),
        (
            "SELECT 1 FROM chartevents WHERE 1 / (itemid - 220045) > 2",
            ErrorCode::InvalidQuery,
            "division by zero: 1 / 0",
        ),
        ("SELECT x FROM chartevents", ErrorCode::InvalidQuery, "Unrecognized name: x"),
        ("SELECT 1 FROM nowhere", ErrorCode::NotFound, "Not found"),
        ("SELECT (SELECT itemid FROM d_items)", ErrorCode::InvalidQuery, "more than one element"),
    ] {
        let request = Request { text, default_dataset: Some("mimiciv_icu"), ..Request::default() };
        let error = match home.engine.prepare(&request).and_then(|prepared| prepared.execute()) {
            Err(error) => error,
            Ok(mut rows) => rows.find_map(Result::err).unwrap_or_else(|| panic!("no error for {text}")),
        };
        assert_eq!(error.code(), code, "{text}: {error}");
        assert!(error.to_string().contains(message), "{text}: {error}");
    }
}

#[test]
fn rows_that_are_not_wanted_stop_the_statement() {
    let home = Home::new();
    let text = "SELECT a FROM UNNEST(GENERATE_ARRAY(1, 100000)) AS a CROSS JOIN UNNEST(GENERATE_ARRAY(1, 100000))";
    let mut rows = home.prepare(text).unwrap().execute().unwrap();
    // Ten thousand million rows are too many to wait for.
    assert!(rows.next().unwrap().is_ok());
    drop(rows);
    // The engine is free for the next one, and goes without waiting for the first.
    assert_eq!(home.rows("SELECT 1").unwrap(), [[Some("1".to_owned())]]);
}

#[test]
fn what_is_published_is_seen_by_the_next_statement() {
    let home = Home::new();
    let gone = "SELECT 1 FROM mimiciv_icu.icustays LIMIT 1";
    assert_eq!(home.rows(gone).unwrap().len(), 1);
    let warehouse = home.engine.warehouse();
    let release = "mimiciv-demo-2.2".parse().unwrap();
    let lock = warehouse.lock_release(&release).unwrap();
    warehouse
        .publish(
            &lock,
            || unreachable!(),
            |manifest| {
                manifest.tables.remove("icu.icustays");
            },
        )
        .unwrap();
    assert!(home.rows(gone).unwrap_err().contains("Not found"));
}

#[test]
fn what_statements_spilled_goes_with_the_engine() {
    let home = Home::with(2, 16 << 20);
    let scratch = home.engine.warehouse().home().join("scratch");
    let text = "WITH t AS (SELECT x, CONCAT('a text of some length ', CAST(x AS STRING)) AS s \
                FROM UNNEST(GENERATE_ARRAY(1, 400000)) AS x JOIN (SELECT 1 AS one) ON one <= x) \
                SELECT a.x, a.s FROM (SELECT MAX(x) AS x FROM t) AS b JOIN t AS a ON a.x <= b.x";
    let mut rows = home.prepare(text).unwrap().execute().unwrap();
    assert!(rows.next().unwrap().is_ok());
    assert!(scratch.read_dir().unwrap().next().is_some(), "nothing was spilled");
    let Home { engine, folder } = home;
    drop((rows, engine));
    // Threads of the engine may be at a batch still; what they write has no place any more.
    let is_empty = || scratch.read_dir().unwrap().next().is_none();
    assert!((0..10_000_000).any(|_| is_empty()), "{:?}", scratch.read_dir().unwrap().collect::<Vec<_>>());
    drop(folder);
}

#[test]
fn what_does_not_fit_is_tried_once_more_with_operators_that_spill() {
    // The join's size is not known before: its side comes out of arrays.
    let text = "SELECT COUNT(*), SUM(a.x), MAX(b.s) FROM UNNEST(GENERATE_ARRAY(1, 200000)) AS a_x \
                JOIN (SELECT x, CONCAT('a text of some length ', CAST(x AS STRING)) AS s FROM UNNEST(GENERATE_ARRAY(1, 200000)) AS x) AS b ON b.x = a_x \
                JOIN (SELECT y AS x FROM UNNEST(GENERATE_ARRAY(1, 200000)) AS y) AS a ON a.x = a_x";
    let expected = Home::with(2, 1 << 30).rows(text).unwrap();
    assert_eq!(Home::with(2, 16 << 20).rows(text).unwrap(), expected);
}

#[test]
fn what_cannot_be_spilled_is_refused_with_the_reason() {
    let home = Home::with(2, 4 << 20);
    let text = "SELECT MAX(c) FROM (SELECT COUNT(*) OVER () AS c, s FROM \
                (SELECT CONCAT('a text of some length ', CAST(x AS STRING)) AS s FROM UNNEST(GENERATE_ARRAY(1, 400000)) AS x)) WHERE s > ''";
    let error = home.rows(text).unwrap_err();
    assert!(error.starts_with("the query needs more memory than it may use: ") && error.contains(" wants "), "{error}");
    assert_eq!(home.rows("SELECT 1").unwrap().len(), 1);
}

#[test]
fn long_chains_do_not_overflow_the_stack() {
    let home = Home::new();
    for (operator, operand) in [(" + ", "1"), (" || ", "'a'"), (" OR ", "itemid = 1"), (" AND ", "itemid > 1")] {
        let chain = vec![operand; 3000].join(operator);
        let text = format!("SELECT {chain} FROM d_items LIMIT 1");
        match home.rows(&text) {
            Ok(rows) => assert_eq!(rows.len(), 1),
            Err(error) => assert!(error.contains("at ["), "{error}"),
        }
    }
}
