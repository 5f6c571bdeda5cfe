//! Jobs: what they say of themselves, the same one twice, scripts, cancelling, many at once.

use crate::fixture::{Home, PROJECT, table};
use bedside_service::{
    ChangedRows, DdlOperation, DdlTarget, Error, JobFilter, JobKey, JobState, Principal, RowRange, Session, Statement,
    StatementType, Submission, TableRead,
};
use bedside_types::ErrorCode;
use futures::StreamExt;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

/// Ten thousand million rows: it runs until it is stopped.
const ENDLESS: &str = "SELECT COUNT(*) FROM UNNEST(GENERATE_ARRAY(1, 100000)) AS a CROSS JOIN UNNEST(GENERATE_ARRAY(1, 100000)) AS b \
     WHERE MOD(a * b, 7) = 3";

fn key(id: &str) -> JobKey {
    JobKey { project: PROJECT.to_owned(), id: id.to_owned() }
}

fn filter() -> JobFilter {
    JobFilter { project: PROJECT.to_owned(), most: 100, ..JobFilter::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_says_what_it_is_and_what_it_read() {
    let home = Home::new();
    let job = home.run("SELECT itemid FROM `physionet-data.mimiciv_icu.d_items` WHERE itemid < 3 ORDER BY 1").await;
    assert_eq!((job.error.clone(), job.parent.clone()), (None, None));
    let statistics = &job.statistics;
    assert_eq!(statistics.statement, Some(StatementType::Select));
    assert_eq!((statistics.bytes_processed, statistics.bytes_billed), (8 * 30_000, 10 << 20));
    assert_eq!(statistics.rows, Some(3));
    assert_eq!(statistics.tables.len(), 1);
    assert_eq!(statistics.tables[0].to_string(), "physionet-data:mimiciv_demo_2_2_icu.d_items");
    assert_eq!(statistics.schema.as_ref().unwrap()[0].name, "itemid");
    assert!(job.started.is_some() && job.ended.is_some());
    assert_eq!(home.numbers(&job).await, [Some(0), Some(1), Some(2)]);
    let again = home.service.job(&Principal::owner(), &job.key).await.unwrap();
    assert_eq!(again, job);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_said_at_once_and_remembered() {
    let home = Home::new();
    for (text, code, message) in [
        ("SELECT", ErrorCode::InvalidQuery, "Syntax error"),
        ("SELECT x", ErrorCode::InvalidQuery, "Unrecognized name: x at [1:8]"),
        ("SELECT 1 FROM mimiciv_icu.nothing", ErrorCode::NotFound, "Not found: Table"),
        ("SELECT 1 FROM nowhere.thing", ErrorCode::NotFound, "Not found"),
        ("-- nothing", ErrorCode::InvalidQuery, "Syntax error"),
    ] {
        let error = home.run_with(text, |_| {}).await.unwrap_err();
        assert_eq!(error.code(), code, "{text}: {error}");
        assert!(error.to_string().contains(message), "{text}: {error}");
    }
    let failed = home.service.jobs(&Principal::owner(), filter()).await.unwrap().jobs;
    assert_eq!(failed.len(), 5);
    assert!(failed.iter().all(|job| job.state == JobState::Done && job.error.is_some()));
    // What comes up while it runs is the job's to say.
    let job = home.run("SELECT 1 / (itemid - itemid) FROM mimiciv_icu.d_items").await;
    let error = job.error.clone().unwrap();
    assert_eq!((error.reason.as_str(), error.status, error.location.as_deref()), ("invalidQuery", 400, Some("query")));
    let range = RowRange { start: 0, most: 1 };
    let refused = home.service.rows_of(&Principal::owner(), &job, range).await.unwrap_err();
    assert!(matches!(refused, Error::Job(_)), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_request_makes_one_job_and_a_taken_id_is_refused() {
    let home = Home::new();
    let submission =
        || Submission { request: Some("r-1".to_owned()), ..Submission::query(PROJECT, "test", "SELECT 1") };
    let first = home.submit(submission()).await.unwrap();
    assert_eq!(home.submit(submission()).await.unwrap().key, first.key);
    let named = || Submission { id: Some("mine".to_owned()), ..Submission::query(PROJECT, "test", "SELECT 1") };
    assert_eq!(home.submit(named()).await.unwrap().key, key("mine"));
    let error = home.submit(named()).await.unwrap_err();
    assert_eq!((error.code(), error.status()), (ErrorCode::AlreadyExists, 409));
    assert_eq!(error.to_string(), "Already Exists: Job my-project:mine");
    for id in ["", "../x", "a b", "ä"] {
        let submission = Submission { id: Some(id.to_owned()), ..Submission::query(PROJECT, "test", "SELECT 1") };
        assert_eq!(home.submit(submission).await.unwrap_err().code(), ErrorCode::InvalidQuery, "{id}");
    }
    let missing = home.service.job(&Principal::owner(), &key("none")).await.unwrap_err();
    assert_eq!((missing.status(), missing.to_string().as_str()), (404, "Not found: Job my-project:none"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_is_a_job_with_jobs_for_its_statements() {
    let home = Home::new();
    let text = "CREATE SCHEMA mine; CREATE TABLE mine.t AS SELECT 1 AS x; INSERT INTO mine.t VALUES (2), (3); \
                SELECT COUNT(*) FROM mine.t; UPDATE mine.t SET x = x + 1 WHERE x > 1; SELECT SUM(x) FROM mine.t";
    let job = home.run(text).await;
    assert_eq!(job.error, None);
    assert_eq!((job.statistics.statement, job.statistics.children), (Some(StatementType::Script), 6));
    // Its rows are those of its last query.
    assert_eq!(home.numbers(&job).await, [Some(8)]);
    let children = JobFilter { parent: Some(job.key.id.clone()), ..filter() };
    let mut children = home.service.jobs(&Principal::owner(), children).await.unwrap().jobs;
    children.reverse();
    let kinds: Vec<_> = children.iter().map(|child| child.statistics.statement.unwrap().word()).collect();
    assert_eq!(kinds, ["CREATE_SCHEMA", "CREATE_TABLE_AS_SELECT", "INSERT", "SELECT", "UPDATE", "SELECT"]);
    let ddl = children[1].statistics.ddl.clone().unwrap();
    assert_eq!((ddl.operation, ddl.target), (DdlOperation::Create, DdlTarget::Table(table("mine", "t"))));
    assert_eq!(children[2].statistics.changed, Some(ChangedRows { inserted: 2, ..ChangedRows::default() }));
    assert_eq!(children[4].statistics.changed, Some(ChangedRows { updated: 2, ..ChangedRows::default() }));
    assert_eq!(home.numbers(&children[3]).await, [Some(3)]);
    // Only the script is in the list.
    let listed = home.service.jobs(&Principal::owner(), filter()).await.unwrap().jobs;
    assert!(listed.iter().all(|listed| listed.parent.is_none()) && listed.iter().any(|listed| listed.key == job.key));
    // The first fault ends it; what ran before it stays.
    let job = home.run("INSERT INTO mine.t VALUES (9); SELECT nothing; DELETE FROM mine.t WHERE TRUE").await;
    assert!(job.error.unwrap().message.contains("Unrecognized name: nothing"));
    assert_eq!(home.query("SELECT COUNT(*) FROM mine.t").await, [Some(4)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_job_ends_and_frees_its_slot() {
    let home = Home::with(|options| {
        (options.slots, options.heavy_slots) = (1, 1);
    });
    let owner = Principal::owner();
    let job = home.service.submit(&owner, Submission::query(PROJECT, "test", ENDLESS)).await.unwrap();
    assert_ne!(job.state, JobState::Done);
    // It has its slot when it is planned.
    while home.service.job(&owner, &job.key).await.unwrap().state != JobState::Running {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let waits = home.service.submit(&owner, Submission::query(PROJECT, "test", "SELECT 1")).await.unwrap();
    assert_eq!(waits.state, JobState::Pending);
    let cancelled = home.service.cancel(&owner, &job.key).await.unwrap();
    let error = cancelled.error.unwrap();
    assert_eq!((cancelled.state, error.reason.as_str()), (JobState::Done, "stopped"));
    assert!(error.message.contains("User requested cancellation"), "{}", error.message);
    let ran = home.service.wait(&owner, &waits.key, Duration::from_secs(30)).await.unwrap();
    assert_eq!((ran.state, ran.error), (JobState::Done, None));
    // One that waits is cancelled as well.
    let job = home.service.submit(&owner, Submission::query(PROJECT, "test", ENDLESS)).await.unwrap();
    let waits = home.service.submit(&owner, Submission::query(PROJECT, "test", "SELECT 1")).await.unwrap();
    assert_eq!(home.service.cancel(&owner, &waits.key).await.unwrap().error.unwrap().reason, "stopped");
    // So is one whose caller went away, where that was asked for.
    home.service.cancel_on_drop(&waits.key).keep();
    drop(home.service.cancel_on_drop(&job.key));
    let gone = home.service.wait(&owner, &job.key, Duration::from_secs(30)).await.unwrap();
    assert!(gone.error.unwrap().message.contains("disconnected"));
    // What is done stays as it is.
    assert_eq!(home.service.cancel(&owner, &ran.key).await.unwrap().error, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn heavy_statements_keep_no_small_one_waiting() {
    let home = Home::with(|options| {
        (options.slots, options.heavy_slots, options.heavy_bytes) = (3, 2, 1_000);
    });
    let owner = Principal::owner();
    let heavy = "SELECT COUNT(*) FROM mimiciv_icu.d_items AS a CROSS JOIN UNNEST(GENERATE_ARRAY(1, 100000)) AS b \
                 WHERE MOD(a.itemid * b, 7) = 3";
    let mut jobs = Vec::new();
    for _ in 0..4 {
        jobs.push(home.service.submit(&owner, Submission::query(PROJECT, "test", heavy)).await.unwrap().key);
    }
    for n in 0..20 {
        assert_eq!(home.query(&format!("SELECT {n}")).await, [Some(n)]);
    }
    let mut states = Vec::new();
    for key in &jobs {
        states.push(home.service.job(&owner, key).await.unwrap().state);
    }
    states.sort_by_key(|state| state.word());
    assert_eq!(states, [JobState::Pending, JobState::Pending, JobState::Running, JobState::Running]);
    for key in &jobs {
        assert_eq!(home.service.cancel(&owner, key).await.unwrap().state, JobState::Done);
    }
    while home.service.engine().memory_in_use() > 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_callers_at_once_get_their_own_rows() {
    let home = Arc::new(Home::new());
    home.run("CREATE SCHEMA mine; CREATE TABLE mine.t (n INT64)").await;
    let mut callers = tokio::task::JoinSet::new();
    for n in 0..50_i64 {
        let home = Arc::clone(&home);
        callers.spawn(async move {
            for round in 0..4 {
                let text = match (n + round) % 4 {
                    0 => format!("SELECT {n}"),
                    1 => format!("SELECT itemid FROM mimiciv_icu.d_items WHERE itemid = {n}"),
                    2 => format!("SELECT COUNT(*) - 30000 + {n} FROM mimiciv_icu.d_items"),
                    _ => format!("SELECT MAX(a) FROM UNNEST(GENERATE_ARRAY(0, {n})) AS a"),
                };
                assert_eq!(home.query(&text).await, [Some(n)], "{text}");
            }
        });
    }
    callers.join_all().await;
    assert_eq!(home.service.engine().memory_in_use(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_gives_its_rows_to_whoever_holds_it() {
    let home = Home::new();
    let (owner, session, stop) = (Principal::owner(), Session::default(), Arc::new(AtomicBool::new(false)));
    let submission =
        Submission::query(PROJECT, "command line", "CREATE TEMP TABLE t AS SELECT 7 AS x; SELECT x FROM t");
    let (job, rows) = tokio::task::spawn_blocking({
        let service = home.service.clone();
        move || {
            let mut text = service.text(&owner, &submission, &session, &stop).unwrap();
            let job = text.key();
            let mut rows = 0;
            while let Some(statement) = text.next().unwrap() {
                match statement {
                    Statement::Change(change) => drop(text.change(change).unwrap()),
                    Statement::Query(query) => {
                        text.rows::<Error>(query, None, |batch| {
                            rows += batch.num_rows();
                            Ok(())
                        })
                        .unwrap();
                    }
                }
            }
            (job, rows)
        }
    })
    .await
    .unwrap();
    assert_eq!(rows, 1);
    let job = home.service.job(&Principal::owner(), &job).await.unwrap();
    assert_eq!((job.state, job.error, job.result), (JobState::Done, None, None));
    assert_eq!((job.front.as_str(), job.statistics.children), ("command line", 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_is_read_as_a_stream_under_a_condition() {
    let home = Home::new();
    let owner = Principal::owner();
    let read = |restriction: Option<&str>| TableRead {
        project: PROJECT.to_owned(),
        table: bedside_service::TableReference {
            project: "physionet-data".to_owned(),
            dataset: "mimiciv_icu".to_owned(),
            table: "d_items".to_owned(),
        },
        columns: Some(vec!["label".to_owned()]),
        restriction: restriction.map(str::to_owned),
    };
    let mut rows = 0;
    let mut stream = home.service.read(&owner, read(Some("itemid < 10 -- few"))).await.unwrap();
    assert_eq!(stream.columns()[0].name, "label");
    while let Some(batch) = stream.next().await {
        rows += batch.unwrap().num_rows();
    }
    assert_eq!(rows, 10);
    for restriction in ["itemid <", "TRUE); SELECT (1", "nothing = 1"] {
        assert!(home.service.read(&owner, read(Some(restriction))).await.is_err(), "{restriction}");
    }
    // One that nobody reads on is stopped.
    drop(home.service.read(&owner, read(None)).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_ends_takes_nothing_new_and_stops_what_does_not_end() {
    let home = Home::new();
    let owner = Principal::owner();
    let job = home.service.submit(&owner, Submission::query(PROJECT, "test", ENDLESS)).await.unwrap();
    home.service.shut_down(Duration::from_millis(10)).await;
    let stopped = home.service.job(&owner, &job.key).await.unwrap();
    assert_eq!(stopped.error.unwrap().reason, "stopped");
    assert!(matches!(home.run_with("SELECT 1", |_| {}).await, Err(Error::Closing)));
}
