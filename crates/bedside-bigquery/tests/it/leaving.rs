//! Clients that go away.

use crate::fixture::{ENDLESS, PROJECT, Served};
use bedside_bigquery::Limits;
use bedside_service::{Job, JobFilter, JobState, Principal};
use tokio::io::AsyncWriteExt;

async fn jobs(served: &Served) -> Vec<Job> {
    let filter = JobFilter { most: 10, ..JobFilter::default() };
    served.service.jobs(&Principal::owner(), filter).await.unwrap().jobs
}

/// The only job, once it is in this state.
async fn once(served: &Served, state: JobState) -> Job {
    loop {
        if let Some(job) = jobs(served).await.into_iter().next().filter(|job| job.state == state) {
            return job;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_ends_with_the_connection_that_waits_for_it() {
    let served = Served::start(Limits::default()).await;
    let mut connection = served.connect().await;
    connection.write_all(&served.query(ENDLESS)).await.unwrap();
    once(&served, JobState::Running).await;
    drop(connection);
    let job = once(&served, JobState::Done).await;
    let error = job.error.unwrap();
    assert_eq!(error.reason, "stopped");
    assert!(error.message.contains("the client disconnected"), "{}", error.message);
    while served.service.engine().memory_in_use() > 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_was_inserted_goes_on_without_its_client() {
    let served = Served::start(Limits::default()).await;
    let mut connection = served.connect().await;
    let body = serde_json::json!({
        "jobReference": { "jobId": "mine" },
        "configuration": { "query": { "query": ENDLESS, "useLegacySql": false } },
    });
    let (head, body) = (served.head("POST", &format!("{PROJECT}/jobs")), body.to_string());
    let request = format!("{head}Content-Length: {}\r\n\r\n{body}", body.len());
    connection.write_all(request.as_bytes()).await.unwrap();
    let job = once(&served, JobState::Running).await;
    drop(connection);
    assert_eq!(served.get("/bigquery/v2/projects").await.0, 200);
    assert_eq!(jobs(&served).await[0].state, JobState::Running);
    let cancelled = served.service.cancel(&Principal::owner(), &job.key).await.unwrap();
    assert!(cancelled.error.unwrap().message.contains("User requested cancellation"));
}
