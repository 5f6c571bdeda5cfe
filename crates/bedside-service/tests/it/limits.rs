//! Bytes, prices and limits; what a dry run says.

use crate::fixture::{Home, PROJECT};
use bedside_service::{Accuracy, Error, Estimate, Principal, StatementType, Submission, Work};
use bedside_types::ErrorCode;

const MIB: u64 = 1 << 20;

async fn estimate(home: &Home, text: &str) -> Result<Estimate, Error> {
    home.service.dry_run(&Principal::owner(), &Submission::query(PROJECT, "test", text)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_tells_every_kind_of_statement_and_runs_none() {
    let home = Home::new();
    home.run("CREATE SCHEMA mine; CREATE TABLE mine.t AS SELECT 1 AS x, 'abc' AS s; CREATE VIEW mine.v AS SELECT x FROM mine.t")
        .await;
    let items = "physionet-data.mimiciv_icu.d_items";
    for (text, statement, processed, billed, columns) in [
        ("SELECT 1 AS one".to_owned(), StatementType::Select, 0, 0, Some(1)),
        (format!("SELECT itemid FROM `{items}`"), StatementType::Select, 240_000, 10 * MIB, Some(1)),
        // Two bytes and five digits.
        (format!("SELECT * FROM `{items}`"), StatementType::Select, 450_000, 10 * MIB, Some(2)),
        (format!("SELECT COUNT(*) FROM `{items}`"), StatementType::Select, 0, 0, Some(1)),
        (format!("SELECT x, itemid FROM `{items}`, mine.t"), StatementType::Select, 240_008, 20 * MIB, Some(2)),
        ("SELECT x FROM mine.v".to_owned(), StatementType::Select, 8, 10 * MIB, Some(1)),
        ("INSERT INTO mine.t (x) SELECT 2".to_owned(), StatementType::Insert, 0, 0, None),
        ("UPDATE mine.t SET x = 3 WHERE TRUE".to_owned(), StatementType::Update, 13, 10 * MIB, None),
        ("DELETE FROM mine.t WHERE x = 1".to_owned(), StatementType::Delete, 13, 10 * MIB, None),
        ("TRUNCATE TABLE mine.t".to_owned(), StatementType::TruncateTable, 0, 0, None),
        ("CREATE TABLE mine.u (x INT64)".to_owned(), StatementType::CreateTable, 0, 0, None),
        (
            format!("CREATE TABLE mine.u AS SELECT itemid FROM `{items}`"),
            StatementType::CreateTableAsSelect,
            240_000,
            10 * MIB,
            None,
        ),
        (format!("CREATE VIEW mine.w AS SELECT * FROM `{items}`"), StatementType::CreateView, 0, 0, None),
        ("CREATE SCHEMA other".to_owned(), StatementType::CreateSchema, 0, 0, None),
        ("CREATE TEMP FUNCTION f(a INT64) AS (a)".to_owned(), StatementType::CreateFunction, 0, 0, None),
        ("ALTER TABLE mine.t ADD COLUMN y INT64".to_owned(), StatementType::AlterTable, 0, 0, None),
        ("DROP TABLE mine.t".to_owned(), StatementType::DropTable, 0, 0, None),
        ("DROP VIEW mine.v".to_owned(), StatementType::DropView, 0, 0, None),
        ("DROP SCHEMA mine CASCADE".to_owned(), StatementType::DropSchema, 0, 0, None),
    ] {
        let found = estimate(&home, &text).await.unwrap_or_else(|error| panic!("{text}: {error}"));
        let statistics = found.statistics;
        assert_eq!(statistics.statement, Some(statement), "{text}");
        assert_eq!((statistics.bytes_processed, statistics.bytes_billed), (processed, billed), "{text}");
        assert_eq!(statistics.schema.map(|schema| schema.len()), columns, "{text}");
        assert_eq!(found.accuracy, Accuracy::Precise, "{text}");
    }
    assert_eq!(home.query("SELECT x FROM mine.t").await, [Some(1)]);
    let error = estimate(&home, "SELECT * FROM mine.nothing").await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_is_estimated_as_far_as_it_can_be() {
    let home = Home::new();
    let items = "SELECT itemid FROM `physionet-data.mimiciv_icu.d_items`";
    let found = estimate(&home, &format!("{items}; {items}")).await.unwrap();
    assert_eq!((found.statistics.bytes_billed, found.accuracy), (20 * MIB, Accuracy::Precise));
    assert_eq!(found.statistics.statement, Some(StatementType::Script));
    let text = format!("CREATE TEMP TABLE t AS {items}; SELECT * FROM t; {items}");
    let found = estimate(&home, &text).await.unwrap();
    assert_eq!((found.statistics.bytes_processed, found.accuracy), (480_000, Accuracy::LowerBound));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_price_follows_what_is_billed() {
    let home = Home::with(|options| options.price_per_tib = 1024.0 * 1024.0);
    let found = estimate(&home, "SELECT itemid FROM mimiciv_icu.d_items").await.unwrap();
    assert_eq!(found.price, 10.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_may_be_billed_is_refused_in_bigquerys_words() {
    let home = Home::new();
    let text = "SELECT itemid FROM mimiciv_icu.d_items";
    let limited = |limit| move |query: &mut bedside_service::Query| query.maximum_bytes_billed = Some(limit);
    let error = home.run_with(text, limited(1000)).await.unwrap_err();
    assert_eq!(error.to_string(), "Query exceeded limit for bytes billed: 1000. 10485760 or higher required.");
    assert_eq!((error.reason(), error.status()), ("bytesBilledLimitExceeded", 400));
    assert_eq!(home.run_with(text, limited(10 * MIB)).await.unwrap().error, None);
    let mut submission = Submission::query(PROJECT, "test", text);
    if let Work::Query(query) = &mut submission.work {
        query.maximum_bytes_billed = Some(0);
    }
    let error = home.service.dry_run(&Principal::owner(), &submission).await.unwrap_err();
    assert!(matches!(error, Error::BytesBilled { limit: 0, .. }), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_takes_too_long_is_stopped() {
    let home = Home::new();
    let text = "SELECT COUNT(*) FROM UNNEST(GENERATE_ARRAY(1, 100000)) AS a CROSS JOIN UNNEST(GENERATE_ARRAY(1, 100000)) AS b \
     WHERE MOD(a * b, 7) = 3";
    let timeout = Some(std::time::Duration::ZERO);
    let job = home.submit(Submission { timeout, ..Submission::query(PROJECT, "test", text) }).await.unwrap();
    let error = job.error.unwrap();
    assert_eq!(error.reason, "stopped");
    assert!(error.message.contains("Job timed out"), "{}", error.message);
}
