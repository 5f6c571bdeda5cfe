//! Jobs in the file.

use bedside_meta::{
    Column, Database, FILE, Job, JobError, JobFilter, JobKey, JobKind, JobResult, JobState, StatementType,
    TableReference,
};
use bedside_types::SqlType;

fn key(id: &str) -> JobKey {
    JobKey { project: "mine".to_owned(), id: id.to_owned() }
}

fn done(id: &str, created: i64) -> Job {
    let mut job = Job::new(key(id), JobKind::Query, "owner", created);
    job.state = JobState::Done;
    job.ended = Some(created + 1);
    job
}

fn filter() -> JobFilter {
    JobFilter { project: "mine".to_owned(), most: 100, ..JobFilter::default() }
}

#[test]
fn a_job_comes_back_as_it_was_put() {
    let home = tempfile::tempdir().unwrap();
    let mut job = done("a", 10);
    job.parent = Some("script".to_owned());
    job.request = Some("r-1".to_owned());
    job.text = Some("SELECT 'ä'".to_owned());
    job.configuration = "{}".to_owned();
    job.labels.insert("team".to_owned(), "icu".to_owned());
    job.started = Some(11);
    job.statistics.statement = Some(StatementType::Select);
    job.statistics.bytes_processed = u64::MAX;
    job.statistics.schema = Some(vec![Column { name: "x".to_owned(), sql_type: SqlType::Numeric }]);
    job.error = Some(JobError {
        reason: "invalidQuery".to_owned(),
        message: "no".to_owned(),
        location: Some("query".to_owned()),
        status: 400,
    });
    let table = TableReference { project: "mine".to_owned(), dataset: "_1".to_owned(), table: "anon2".to_owned() };
    job.result = Some(JobResult { table, anonymous: true, rows: 3, bytes: 700, expires: Some(99) });
    {
        let database = Database::open(home.path(), 0).unwrap();
        database.put(&[&job]).unwrap();
        assert_eq!(database.kept_bytes().unwrap(), 700);
    }
    let database = Database::open(home.path(), 0).unwrap();
    assert_eq!(database.job(&key("a")).unwrap().unwrap(), job);
    assert_eq!(database.job(&key("b")).unwrap(), None);
    assert_eq!(database.job_of_request("mine", "r-1", 10).unwrap().unwrap(), job);
    assert_eq!(database.job_of_request("mine", "r-1", 11).unwrap(), None);
    let kept = database.oldest_kept(10).unwrap();
    assert_eq!((kept.len(), kept[0].expires), (1, 99));
    database.forget_kept(&kept).unwrap();
    assert_eq!((database.kept_bytes().unwrap(), database.kept("_1", "anon2").unwrap()), (0, None));
}

#[test]
fn pages_hold_every_job_once_the_newest_first() {
    let home = tempfile::tempdir().unwrap();
    let database = Database::open(home.path(), 0).unwrap();
    // Many at the same time, as scripts submit them.
    let jobs: Vec<Job> = (0..25).map(|n| done(&format!("job_{n:02}"), n / 10)).collect();
    database.put(&jobs.iter().collect::<Vec<_>>()).unwrap();
    let mut child = done("child", 50);
    child.parent = Some("job_07".to_owned());
    let mut running = done("running", 60);
    running.state = JobState::Running;
    database.put(&[&child, &running]).unwrap();

    let mut found = Vec::new();
    let mut page = None;
    loop {
        let got = database.jobs(&JobFilter { page, most: 7, ..filter() }).unwrap();
        found.extend(got.jobs.into_iter().map(|job| job.key.id));
        page = got.next;
        if page.is_none() {
            break;
        }
    }
    let mut expected: Vec<String> = (0..25).rev().map(|n| format!("job_{n:02}")).collect();
    expected.insert(0, "running".to_owned());
    assert_eq!(found, expected);

    let ids = |filter: JobFilter| -> Vec<String> {
        database.jobs(&filter).unwrap().jobs.into_iter().map(|job| job.key.id).collect()
    };
    assert_eq!(ids(JobFilter { parent: Some("job_07".to_owned()), ..filter() }), ["child"]);
    assert_eq!(ids(JobFilter { states: vec![JobState::Running, JobState::Pending], ..filter() }), ["running"]);
    assert_eq!(ids(JobFilter { created_from: Some(2), created_to: Some(2), ..filter() }).len(), 5);
    assert_eq!(ids(JobFilter { project: "other".to_owned(), ..filter() }).len(), 0);
    assert_eq!(ids(JobFilter { principal: Some("nobody".to_owned()), ..filter() }).len(), 0);
    assert!(database.jobs(&JobFilter { page: Some("x".to_owned()), ..filter() }).is_err());
}

#[test]
fn what_a_dead_program_left_has_failed_and_what_a_living_one_runs_has_not() {
    let home = tempfile::tempdir().unwrap();
    let mut running = done("a", 10);
    running.state = JobState::Running;
    running.ended = None;
    let database = Database::open(home.path(), 0).unwrap();
    database.put(&[&running, &done("b", 11)]).unwrap();
    // Another program opens the file while the first lives.
    let other = Database::open(home.path(), 50).unwrap();
    assert_eq!(other.job(&key("a")).unwrap().unwrap().state, JobState::Running);
    assert!(other.ask_to_stop(&key("a")).unwrap());
    assert!(!other.ask_to_stop(&key("b")).unwrap());
    assert_eq!(database.asked_to_stop().unwrap(), [key("a")]);
    assert_eq!(other.asked_to_stop().unwrap(), []);
    // The system takes the locks of a killed program back; so does dropping.
    drop(database);
    let next = Database::open(home.path(), 60).unwrap();
    let job = next.job(&key("a")).unwrap().unwrap();
    assert_eq!((job.state, job.ended), (JobState::Done, Some(60)));
    let error = job.error.unwrap();
    assert_eq!((error.reason.as_str(), error.status), ("stopped", 200));
    assert_eq!(next.job(&key("b")).unwrap().unwrap(), done("b", 11));
}

#[test]
fn old_jobs_are_forgotten() {
    let home = tempfile::tempdir().unwrap();
    let database = Database::open(home.path(), 0).unwrap();
    let jobs: Vec<Job> = (0..100).map(|n| done(&format!("{n}"), n)).collect();
    database.put(&jobs.iter().collect::<Vec<_>>()).unwrap();
    assert_eq!(database.forget_jobs(10, 1000).unwrap(), 10);
    assert_eq!(database.forget_jobs(0, 30).unwrap(), 60);
    assert_eq!(database.jobs(&filter()).unwrap().jobs.len(), 30);
    database.forget_job(&key("99")).unwrap();
    assert_eq!(database.job(&key("99")).unwrap(), None);
}

#[cfg(unix)]
#[test]
fn only_the_owner_reads_it() {
    use std::os::unix::fs::PermissionsExt;
    let home = tempfile::tempdir().unwrap();
    let database = Database::open(home.path(), 0).unwrap();
    database.put(&[&done("a", 0)]).unwrap();
    let mut seen = 0;
    for entry in std::fs::read_dir(home.path()).unwrap() {
        let entry = entry.unwrap();
        if entry.file_name().to_string_lossy().starts_with(FILE) {
            assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", entry.file_name());
            seen += 1;
        }
    }
    assert!(seen >= 2);
}

#[test]
fn a_file_of_a_newer_program_and_one_that_is_no_database_are_refused() {
    let home = tempfile::tempdir().unwrap();
    drop(Database::open(home.path(), 0).unwrap());
    let path = home.path().join(FILE);
    rusqlite::Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let error = Database::open(home.path(), 0).unwrap_err();
    assert!(error.to_string().contains("has version 99"), "{error}");
    for name in ["bedside.db", "bedside.db-wal", "bedside.db-shm"] {
        drop(std::fs::remove_file(home.path().join(name)));
    }
    std::fs::write(&path, [7_u8; 8192]).unwrap();
    let error = Database::open(home.path(), 0).unwrap_err();
    assert!(error.to_string().contains("damaged") && error.hint().is_some(), "{error}");
}
