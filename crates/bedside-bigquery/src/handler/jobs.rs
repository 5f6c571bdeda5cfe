//! Jobs: insert, get, list, cancel, delete.

use super::Answer;
use crate::call::{Call, WholeBody};
use crate::error::Failure;
use crate::front::Front;
use crate::request;
use crate::request::job::{JobConfiguration, JobReference, JobRequest};
use crate::resource::job as resource;
use crate::work::work;
use axum::extract::State;
use axum::http::StatusCode;
use bedside_service::{JobFilter, JobKey, JobState, Submission, Upload};
use serde_json::{Value as Json, json};
use std::time::Duration;

/// What a front is called in the records of the gate.
pub(crate) const FRONT: &str = "bigquery";
/// How long the answer to jobs.insert waits for the job: those that are done at once need no second request, which `bq` would
/// send a second later.
const FIRST_LOOK: Duration = Duration::from_millis(250);
/// Jobs on a page where nothing is said.
const JOBS: usize = 50;
/// Jobs on a page at most.
const MOST_JOBS: usize = 1000;

/// POST projects/P/jobs.
pub(crate) async fn insert(State(front): State<Front>, call: Call, WholeBody(body): WholeBody) -> Answer {
    let request: Json = request::read(&body)?;
    submit(&front, &call, &request, None).await
}

/// A job from its resource, and the file that came with it.
///
/// # Errors
/// 400 for what is wrong; the gate's refusals.
pub(crate) async fn submit(front: &Front, call: &Call, request: &Json, upload: Option<Upload>) -> Answer {
    let JobRequest { job_reference, configuration } = request::of_json(request)?;
    let echo = request.get("configuration").cloned().unwrap_or_else(|| json!({}));
    let submission = submission(call, &job_reference, &configuration, &echo, upload)?;
    if configuration.dry_run == Some(true) {
        let estimate = front.service.dry_run(&call.principal, &submission).await?;
        return Ok(axum::Json(resource::dry_run(call.project(), &with_type(echo), &estimate)));
    }
    let job = front.service.run(&call.principal, submission, FIRST_LOOK).await?;
    Ok(axum::Json(resource::job(&job, call.anonymous)))
}

fn submission(
    call: &Call,
    reference: &JobReference,
    configuration: &JobConfiguration,
    echo: &Json,
    upload: Option<Upload>,
) -> Result<Submission, Failure> {
    if let Some(id) = reference.job_id.as_deref().filter(|id| !id.is_empty()) {
        crate::identifier::job(id)?;
    }
    if let Some(project) = reference.project_id.as_deref()
        && project != call.project()
    {
        let message = format!("Value {project} in content does not agree with value {} in the address", call.project());
        return Err(Failure::invalid(message).at("jobReference.projectId"));
    }
    Ok(Submission {
        project: call.project().to_owned(),
        id: reference.job_id.clone().filter(|id| !id.is_empty()),
        request: None,
        front: FRONT,
        configuration: echo.to_string(),
        labels: configuration.labels.clone(),
        timeout: configuration.job_timeout_ms.filter(|ms| *ms > 0).map(Duration::from_millis),
        work: work(configuration, call.project(), upload)?,
    })
}

/// A configuration with `jobType`, which clients need not send and expect back.
fn with_type(mut configuration: Json) -> Json {
    if configuration.is_object() {
        configuration["jobType"] = json!("QUERY");
    }
    configuration
}

/// GET projects/P/jobs/J.
pub(crate) async fn get(State(front): State<Front>, call: Call) -> Answer {
    let job = front.service.job(&call.principal, &call.job()).await?;
    Ok(axum::Json(resource::job(&job, call.anonymous)))
}

/// POST projects/P/jobs/J/cancel.
pub(crate) async fn cancel(State(front): State<Front>, call: Call) -> Answer {
    let job = front.service.cancel(&call.principal, &call.job()).await?;
    Ok(axum::Json(json!({ "kind": "bigquery#jobCancelResponse", "job": resource::job(&job, call.anonymous) })))
}

/// DELETE projects/P/jobs/J/delete.
pub(crate) async fn delete(State(front): State<Front>, call: Call) -> Result<StatusCode, Failure> {
    let key: JobKey = call.job();
    front.service.delete_job(&call.principal, &key).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// GET projects/P/jobs.
pub(crate) async fn list(State(front): State<Front>, call: Call) -> Answer {
    let states = call.texts("stateFilter").map(|word| match word.to_ascii_lowercase().as_str() {
        "pending" => Ok(JobState::Pending),
        "running" => Ok(JobState::Running),
        "done" => Ok(JobState::Done),
        _ => Err(Failure::invalid("Invalid value for stateFilter: done, pending or running").at("stateFilter")),
    });
    let filter = JobFilter {
        project: call.project().to_owned(),
        states: states.collect::<Result<_, _>>()?,
        parent: call.text("parentJobId").map(str::to_owned),
        created_from: call.number("minCreationTime")?,
        created_to: call.number("maxCreationTime")?,
        page: call.text("pageToken").map(str::to_owned),
        most: call.number::<usize>("maxResults")?.filter(|most| *most > 0).unwrap_or(JOBS).min(MOST_JOBS),
        principal: None,
    };
    let page = front.service.jobs(&call.principal, filter).await?;
    let mut answer = json!({ "kind": "bigquery#jobList" });
    if !page.jobs.is_empty() {
        answer["jobs"] = page.jobs.iter().map(|job| resource::listed(job, call.anonymous)).collect();
    }
    if let Some(next) = page.next {
        answer["nextPageToken"] = json!(next);
    }
    Ok(axum::Json(answer))
}
