//! The procedural language through the gate: what is a job, who is told, how it is stopped.

use crate::fixture::{Home, PROJECT};
use bedside_meta::{Evaluation, JobFilter, JobState};
use bedside_service::{Principal, Submission};
use std::time::Duration;

async fn children(home: &Home, parent: &str) -> Vec<bedside_meta::Job> {
    let filter =
        JobFilter { project: PROJECT.to_owned(), parent: Some(parent.to_owned()), most: 100, ..JobFilter::default() };
    let mut children = home.service.jobs(&Principal::owner(), filter).await.unwrap().jobs;
    children.reverse();
    children
}

#[tokio::test(flavor = "multi_thread")]
async fn what_reads_tables_is_a_job_with_its_text() {
    let home = Home::new();
    let text = "DECLARE n INT64 DEFAULT 1;\n\
                SET n = (SELECT COUNT(*) FROM mimiciv_icu.d_items);\n\
                IF n > 0 THEN SELECT n; END IF;\n\
                SELECT @@script.num_child_jobs, @@row_count";
    let job = home.run(text).await;
    assert_eq!(job.error, None);
    let children = children(&home, &job.key.id).await;
    let shown: Vec<_> = children
        .iter()
        .map(|child| (child.text.clone().unwrap(), child.statistics.evaluation, child.statistics.bytes_processed > 0))
        .collect();
    let shown: Vec<_> = shown.iter().map(|(text, evaluation, reads)| (text.as_str(), *evaluation, *reads)).collect();
    assert_eq!(
        shown,
        [
            ("SET n = (SELECT COUNT(*) FROM mimiciv_icu.d_items)", Evaluation::Expression, false),
            ("SELECT n", Evaluation::Statement, false),
            ("SELECT @@script.num_child_jobs, @@row_count", Evaluation::Statement, false),
        ]
    );
    assert_eq!(home.numbers(&job).await, [Some(2)]);
    assert_eq!(job.statistics.children, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handler_keeps_the_job_from_failing_and_its_statement_failed() {
    let home = Home::new();
    let text = "BEGIN SELECT 1 / (itemid - itemid) FROM mimiciv_icu.d_items; \
                EXCEPTION WHEN ERROR THEN SELECT 7; END";
    let job = home.run(text).await;
    assert_eq!((job.state, job.error.clone()), (JobState::Done, None));
    assert_eq!(home.numbers(&job).await, [Some(7)]);
    let children = children(&home, &job.key.id).await;
    assert!(children[0].error.as_ref().unwrap().message.contains("division by zero"));
    assert_eq!((children.len(), children[1].error.clone()), (2, None));
    let job = home.run("RAISE USING MESSAGE = 'mine'").await;
    assert!(job.error.unwrap().message.starts_with("mine"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_loop_without_statements_is_cancelled() {
    let home = Home::new();
    let owner = Principal::owner();
    for text in [
        "LOOP END LOOP",
        "DECLARE i INT64 DEFAULT 0; BEGIN WHILE TRUE DO SET i = i + 1; END WHILE; EXCEPTION WHEN ERROR THEN SELECT 1; END",
    ] {
        let job = home.service.submit(&owner, Submission::query(PROJECT, "test", text)).await.unwrap();
        assert_ne!(job.state, JobState::Done, "{text}");
        let cancelled = home.service.cancel(&owner, &job.key).await.unwrap();
        assert_eq!((cancelled.state, cancelled.error.unwrap().reason.as_str()), (JobState::Done, "stopped"), "{text}");
        let done = home.service.wait(&owner, &job.key, Duration::from_secs(10)).await.unwrap();
        assert_eq!(done.state, JobState::Done);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_goes_as_far_as_it_can_be_told() {
    let home = Home::new();
    let owner = Principal::owner();
    let dry = |text: &str| {
        let submission = Submission::query(PROJECT, "test", text);
        let (service, owner) = (home.service.clone(), owner.clone());
        async move { service.dry_run(&owner, &submission).await.unwrap() }
    };
    let sure = dry("DECLARE n INT64 DEFAULT 2; IF n = 2 THEN SELECT itemid FROM mimiciv_icu.d_items; END IF").await;
    assert_eq!((sure.accuracy, sure.statistics.bytes_processed > 0), (bedside_service::Accuracy::Precise, true));
    for text in [
        "IF EXISTS (SELECT itemid FROM mimiciv_icu.d_items) THEN SELECT 1; END IF",
        "LOOP END LOOP",
        "LOOP SELECT 1; END LOOP",
    ] {
        assert_eq!(dry(text).await.accuracy, bedside_service::Accuracy::LowerBound, "{text}");
    }
}
