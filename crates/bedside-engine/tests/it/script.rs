//! Texts of statements: what is known before they run, who may write, what others see meanwhile.

use crate::fixture::Home;
use bedside_engine::{Change, ChangeKind, Error, Request, Session, Step, Writes};
use std::sync::atomic::AtomicBool;

/// Nobody stops anything.
static STOP: AtomicBool = AtomicBool::new(false);

fn changes(home: &Home, text: &str) -> Vec<Change> {
    let mut script =
        home.engine.script(&Request { text, ..Request::default() }, &Session::default(), Writes::Allowed).unwrap();
    let mut changes = Vec::new();
    while let Some(step) = script.next(&STOP).unwrap() {
        if let Step::Change(change) = step {
            changes.push(change.execute(&AtomicBool::new(false)).unwrap());
        }
    }
    changes
}

#[test]
fn what_a_statement_reads_and_writes_is_known_before_it_runs() {
    let home = Home::new();
    changes(&home, "CREATE SCHEMA mine");
    let text = "CREATE TABLE mine.t AS SELECT stay_id, los FROM mimiciv_icu.icustays";
    let request = Request { text, ..Request::default() };
    let mut script = home.engine.script(&request, &Session::default(), Writes::Allowed).unwrap();
    let Some(Step::Change(change)) = script.next(&STOP).unwrap() else { panic!("no change") };
    assert_eq!(change.words(), "CREATE TABLE mine.t");
    let read = &change.tables()[0];
    assert_eq!((read.path.table.as_str(), read.columns.join(",")), ("icustays", "stay_id,los".to_owned()));
    assert_eq!(change.logical_bytes(), 3 * 16);
    let written = change.writes().unwrap();
    assert_eq!(
        (written.project.as_str(), written.dataset.as_str(), written.table.as_str()),
        ("my-project", "mine", "t")
    );
    assert!(home.rows("SELECT * FROM mine.t").is_err(), "it did not run yet");
    let done = change.execute(&AtomicBool::new(false)).unwrap();
    assert_eq!((done.kind, done.target.as_str(), done.rows), (ChangeKind::Created, "mine.t", Some(3)));
}

#[test]
fn what_a_table_function_reads_is_what_its_call_reads() {
    let home = Home::new();
    changes(
        &home,
        "CREATE SCHEMA mine;
         CREATE TABLE FUNCTION mine.of_patient(patient INT64, more ANY TABLE) AS
         SELECT stay_id, los FROM mimiciv_icu.icustays JOIN more USING (stay_id) WHERE subject_id = patient",
    );
    let text = "SELECT los FROM mine.of_patient(1, (SELECT stay_id FROM mimiciv_icu.inputevents))";
    let prepared = home.prepare(text).unwrap();
    let read: Vec<_> = prepared.tables().iter().map(|t| (t.path.table.as_str(), t.columns.join(","))).collect();
    let expected = [("icustays", "subject_id,stay_id,los".to_owned()), ("inputevents", "stay_id".to_owned())];
    assert_eq!(read, expected);
    assert!(prepared.logical_bytes() >= 3 * 24);
}

#[test]
fn who_may_only_read_cannot_write() {
    let home = Home::new();
    let text = "SELECT 1; CREATE SCHEMA mine";
    let request = Request { text, ..Request::default() };
    let mut script = home.engine.script(&request, &Session::default(), Writes::Refused).unwrap();
    assert!(matches!(script.next(&STOP), Ok(Some(Step::Query(_)))));
    let error = script.next(&STOP).unwrap_err();
    assert!(matches!(error, Error::ReadOnly(_)), "{error}");
    assert_eq!(error.to_string(), "CREATE SCHEMA mine writes, and only reading is allowed here");
    let text = "CREATE TEMP TABLE t AS SELECT 1 AS x; CREATE TEMP FUNCTION f() AS (1)";
    let request = Request { text, ..Request::default() };
    let mut script = home.engine.script(&request, &Session::default(), Writes::Refused).unwrap();
    while let Some(step) = script.next(&STOP).unwrap() {
        let Step::Change(change) = step else { panic!("a query") };
        change.execute(&AtomicBool::new(false)).unwrap();
    }
    assert!(home.engine.prepare(&Request { text: "CREATE SCHEMA x", ..Request::default() }).is_err());
}

#[test]
fn a_reader_keeps_what_it_began_with() {
    let home = Home::new();
    changes(&home, "CREATE SCHEMA mine; CREATE TABLE mine.t AS SELECT x FROM UNNEST([1, 2, 3]) AS x");
    let prepared = home.prepare("SELECT SUM(x) FROM mine.t").unwrap();
    changes(&home, "UPDATE mine.t SET x = x * 10 WHERE TRUE; DELETE FROM mine.t WHERE x = 10");
    let mut total = prepared.execute().unwrap();
    let batch = total.next().unwrap().unwrap();
    assert_eq!(format!("{:?}", batch.column(0)).matches("6,").count(), 1, "{batch:?}");
    assert_eq!(home.rows("SELECT SUM(x) FROM mine.t").unwrap(), [[Some("50".to_owned())]]);
}

#[test]
fn what_a_statement_means_is_looked_at_again_where_others_wrote_meanwhile() {
    let home = Home::new();
    changes(&home, "CREATE SCHEMA mine; CREATE TABLE mine.t AS SELECT 1 AS x");
    let prepare = |text: &str| {
        let request = Request { text, ..Request::default() };
        let mut script = home.engine.script(&request, &Session::default(), Writes::Allowed).unwrap();
        match script.next(&STOP).unwrap() {
            Some(Step::Change(change)) => change,
            other => panic!("{other:?}"),
        }
    };
    let (insert, delete) = (prepare("INSERT INTO mine.t VALUES (2)"), prepare("DELETE FROM mine.t WHERE x = 3"));
    let create = prepare("CREATE TABLE mine.u (a INT64)");
    changes(&home, "INSERT INTO mine.t VALUES (3); CREATE TABLE mine.u (b STRING)");
    assert_eq!(insert.execute(&AtomicBool::new(false)).unwrap().rows, Some(1));
    assert_eq!(delete.execute(&AtomicBool::new(false)).unwrap().rows, Some(1));
    assert!(create.execute(&AtomicBool::new(false)).unwrap_err().to_string().starts_with("Already Exists"));
    assert_eq!(home.rows("SELECT SUM(x), COUNT(*) FROM mine.t").unwrap(), [["3", "2"].map(|s| Some(s.to_owned()))]);
}

#[test]
fn a_statement_that_is_stopped_or_locked_out_changes_nothing() {
    let home = Home::new();
    changes(&home, "CREATE SCHEMA mine; CREATE TABLE mine.t AS SELECT 1 AS x");
    let request = Request { text: "INSERT INTO mine.t VALUES (2)", ..Request::default() };
    let mut script = home.engine.script(&request, &Session::default(), Writes::Allowed).unwrap();
    let Some(Step::Change(insert)) = script.next(&STOP).unwrap() else { panic!("no change") };
    assert!(matches!(insert.execute(&AtomicBool::new(true)), Err(Error::Stopped)));
    let lock = home.engine.warehouse().lock_dataset("my-project", "mine").unwrap();
    assert!(matches!(insert.execute(&AtomicBool::new(true)), Err(Error::Stopped)), "it waits for the lock");
    drop(lock);
    assert_eq!(home.rows("SELECT COUNT(*) FROM mine.t").unwrap(), [[Some("1".to_owned())]]);
    insert.execute(&AtomicBool::new(false)).unwrap();
    assert_eq!(home.rows("SELECT COUNT(*) FROM mine.t").unwrap(), [[Some("2".to_owned())]]);
}

#[test]
fn many_inserts_do_not_become_many_files() {
    let home = Home::new();
    changes(&home, "CREATE SCHEMA mine; CREATE TABLE mine.t (x INT64)");
    let text = "INSERT INTO mine.t VALUES (1);".repeat(70);
    assert!(changes(&home, &text).iter().all(|change| change.rows == Some(1)));
    assert_eq!(home.rows("SELECT COUNT(*), SUM(x) FROM mine.t").unwrap(), [["70", "70"].map(|s| Some(s.to_owned()))]);
    let dataset = home.engine.warehouse().personal_dataset("my-project", "mine").unwrap().unwrap();
    assert!(dataset.tables["t"].files.len() < 64, "{}", dataset.tables["t"].files.len());
}

#[test]
fn temporary_tables_go_with_their_session() {
    let home = Home::new();
    let session = Session::default();
    home.run("CREATE TEMP TABLE t AS SELECT 1 AS x", &session).unwrap();
    let folder = home.engine.warehouse().home().join("personal/_session");
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1);
    assert!(home.rows("SELECT * FROM t").is_err(), "other sessions do not see it");
    assert!(home.rows("SELECT * FROM `_session.temp_0.t`").is_err());
    drop(session);
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
}

#[test]
fn personal_tables_are_plain_parquet_for_their_owner() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::new();
    changes(&home, "CREATE SCHEMA Mine; CREATE TABLE Mine.`Weird näme` AS SELECT INTERVAL 1 DAY AS iv, 'x' AS s");
    let dataset = home.engine.warehouse().personal_dataset("my-project", "Mine").unwrap().unwrap();
    let path = home.engine.warehouse().home().join(&dataset.tables["Weird näme"].files[0].path);
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(std::fs::metadata(path.parent().unwrap()).unwrap().permissions().mode() & 0o777, 0o700);
    assert!(home.rows("SELECT * FROM Mine.`Weird näme` WHERE s = 'x' AND iv = INTERVAL 1 DAY").unwrap().len() == 1);
    assert!(home.rows("SELECT * FROM mine.`Weird näme`").is_err(), "names of datasets have their case");
}
