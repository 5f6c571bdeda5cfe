//! What is left after the program died, and what many jobs leave.

use crate::fixture::{Home, PROJECT, open};
use bedside_service::{JobFilter, JobState, Principal, RowRange, Submission};

#[tokio::test(flavor = "multi_thread")]
async fn after_a_kill_what_was_done_is_there_and_what_ran_has_failed() {
    let home = Home::new();
    let owner = Principal::owner();
    let done = home.run("SELECT 7").await;
    let endless = "SELECT COUNT(*) FROM UNNEST(GENERATE_ARRAY(1, 100000)) AS a CROSS JOIN UNNEST(GENERATE_ARRAY(1, 100000)) AS b \
     WHERE MOD(a * b, 7) = 3";
    let running = home.service.submit(&owner, Submission::query(PROJECT, "test", endless)).await.unwrap();
    // A copy of the files as they are is what a killed program leaves: locks are none of them.
    let left = tempfile::tempdir().unwrap();
    copy(home.path(), left.path());
    let service = open(left.path(), |_| {}).unwrap();
    let again = service.job(&owner, &done.key).await.unwrap();
    assert_eq!(again, done);
    let page = service.rows_of(&owner, &again, RowRange { start: 0, most: 10 }).await.unwrap();
    assert_eq!(page.total, 1);
    let failed = service.job(&owner, &running.key).await.unwrap();
    let error = failed.error.unwrap();
    assert_eq!((failed.state, error.reason.as_str()), (JobState::Done, "stopped"));
    home.service.cancel(&owner, &running.key).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn thousands_of_queries_leave_as_much_as_they_may() {
    let home = Home::with(|options| {
        options.most_jobs = 200;
        options.result_bytes = 300_000;
    });
    for n in 0..1_000 {
        let job = home.run(&format!("SELECT {n}")).await;
        assert_eq!(job.error, None);
    }
    let filter = JobFilter { project: PROJECT.to_owned(), most: 10_000, ..JobFilter::default() };
    let jobs = home.service.jobs(&Principal::owner(), filter).await.unwrap().jobs;
    assert!((200..=264).contains(&jobs.len()), "{} jobs are left", jobs.len());
    let results = std::fs::read_dir(home.path().join("scratch/results")).unwrap().count();
    assert!(results < 500, "{results} results are left");
    assert!(std::fs::metadata(home.path().join("bedside.db")).unwrap().len() < 4 << 20);
    assert_eq!(home.service.engine().memory_in_use(), 0);
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            if entry.file_name() != "locks" {
                copy(&entry.path(), &target);
            }
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
