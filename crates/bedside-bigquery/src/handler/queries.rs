//! Queries and their rows: jobs.query and jobs.getQueryResults.

use super::jobs::FRONT;
use crate::call::{Call, WholeBody};
use crate::encode::TimestampForm;
use crate::error::Failure;
use crate::front::Front;
use crate::request;
use crate::request::query::{QueryConfiguration, QueryRequest};
use crate::resource::rows::{EncodedRows, STEP};
use crate::resource::{job as resource, number};
use crate::work;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use bedside_service::{Job, JobKey, JobState, RowRange, Submission, Work};
use serde_json::{Map, Value as Json, json};
use std::time::Duration;

/// How long an answer waits where the client does not say.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long it waits at most.
const MOST_PATIENCE: Duration = Duration::from_secs(200);

/// What of a result is wanted.
#[derive(Clone, Copy, Debug)]
struct Wanted {
    start: u64,
    most: Option<u64>,
    timestamps: TimestampForm,
}

/// POST projects/P/queries.
pub(crate) async fn query(
    State(front): State<Front>,
    call: Call,
    WholeBody(body): WholeBody,
) -> Result<Response, Failure> {
    let document: Json = request::read(&body)?;
    let request: QueryRequest = request::of_json(&document)?;
    let configuration: QueryConfiguration = request::of_json(&document)?;
    let wanted = Wanted { start: 0, most: request.max_results, timestamps: request.format_options.timestamps()? };
    let submission = submission(&call, &request, &configuration, document)?;
    if request.dry_run == Some(true) {
        let estimate = front.service.dry_run(&call.principal, &submission).await?;
        let answer = json!({
            "kind": "bigquery#queryResponse",
            "jobReference": { "projectId": call.project(), "location": super::super::resource::LOCATION },
            "jobComplete": true,
            "schema": estimate.statistics.schema.as_deref().map(resource::result_schema),
            "totalBytesProcessed": number(estimate.statistics.bytes_processed),
            "cacheHit": false,
        });
        return Ok(axum::Json(answer).into_response());
    }
    // Until it has heard of the job, a client that goes away leaves nobody who waits for it.
    let job = front.service.run_attended(&call.principal, submission, patience(request.timeout_ms)).await?;
    answer(&front, &call, &job, "bigquery#queryResponse", wanted).await
}

/// GET projects/P/queries/J.
pub(crate) async fn results(State(front): State<Front>, call: Call) -> Result<Response, Failure> {
    let key = call.job();
    let start = match call.text("pageToken") {
        Some(token) => front.pages.place(&scope(&key), token)?,
        None => call.number("startIndex")?.unwrap_or(0),
    };
    let wanted = Wanted { start, most: call.number("maxResults")?, timestamps: call.timestamps()? };
    let job = front.service.wait(&call.principal, &key, patience(call.number("timeoutMs")?)).await?;
    answer(&front, &call, &job, "bigquery#getQueryResultsResponse", wanted).await
}

fn submission(
    call: &Call,
    request: &QueryRequest,
    configuration: &QueryConfiguration,
    document: Json,
) -> Result<Submission, Failure> {
    Ok(Submission {
        project: call.project().to_owned(),
        id: None,
        request: request.request_id.clone().filter(|id| !id.is_empty()),
        front: FRONT,
        configuration: echo(document).to_string(),
        labels: request.labels.clone(),
        timeout: request.job_timeout_ms.filter(|ms| *ms > 0).map(Duration::from_millis),
        work: Work::Query(work::query(configuration, call.project())?),
    })
}

/// The configuration that a jobs.insert with the same content would have had.
fn echo(document: Json) -> Json {
    const OUTSIDE: [&str; 8] = [
        "kind",
        "maxResults",
        "timeoutMs",
        "jobTimeoutMs",
        "requestId",
        "formatOptions",
        "location",
        "jobCreationMode",
    ];
    let Json::Object(mut query) = document else { return json!({}) };
    OUTSIDE.iter().for_each(|field| drop(query.remove(*field)));
    let mut configuration = Map::new();
    for field in ["labels", "dryRun"] {
        if let Some(value) = query.remove(field) {
            configuration.insert(field.to_owned(), value);
        }
    }
    query.insert("useLegacySql".to_owned(), json!(false));
    query.entry("priority").or_insert_with(|| json!("INTERACTIVE"));
    configuration.insert("query".to_owned(), Json::Object(query));
    Json::Object(configuration)
}

fn patience(milliseconds: Option<u64>) -> Duration {
    milliseconds.map_or(PATIENCE, Duration::from_millis).min(MOST_PATIENCE)
}

fn scope(key: &JobKey) -> String {
    format!("rows of {}:{}", key.project, key.id)
}

/// The state of a job, or its error, or a page of its rows.
async fn answer(front: &Front, call: &Call, job: &Job, kind: &str, wanted: Wanted) -> Result<Response, Failure> {
    let mut head = json!({ "kind": kind, "jobReference": resource::reference(&job.key), "queryId": job.key.id });
    if job.state != JobState::Done {
        head["jobComplete"] = json!(false);
        return Ok(axum::Json(head).into_response());
    }
    if let Some(error) = &job.error {
        return Err(Failure::of_job(error));
    }
    let facts = &job.statistics;
    head["jobComplete"] = json!(true);
    head["totalBytesProcessed"] = number(facts.bytes_processed);
    head["totalBytesBilled"] = number(facts.bytes_billed);
    head["cacheHit"] = json!(facts.cache_hit);
    head["creationTime"] = number(job.created);
    if let Some(changed) = resource::changed_rows(facts) {
        head["numDmlAffectedRows"] = number(changed);
    }
    let (Some(columns), Some(result)) = (&facts.schema, &job.result) else {
        // No rows and no count: where clients find one, they look for the table.
        return Ok(axum::Json(head).into_response());
    };
    head["schema"] = resource::result_schema(columns);
    head["totalRows"] = number(result.rows);
    // Without the field where no rows are asked for: clients take an empty one for the whole result.
    if wanted.most == Some(0) && result.rows > 0 {
        return Ok(axum::Json(head).into_response());
    }
    let rows = rows(front, call, job, result.rows, wanted).await?;
    let end = wanted.start.saturating_add(rows.rows());
    if end < result.rows && rows.rows() > 0 {
        head["pageToken"] = json!(front.pages.token(&scope(&job.key), end));
    }
    Ok(rows.response(&head))
}

/// Rows from a place on, as many as are wanted and go on a page.
async fn rows(front: &Front, call: &Call, job: &Job, total: u64, wanted: Wanted) -> Result<EncodedRows, Failure> {
    let mut encoded = EncodedRows::default();
    let end = wanted.start.saturating_add(wanted.most.unwrap_or(u64::MAX)).min(total);
    while wanted.start + encoded.rows() < end && !encoded.is_full() {
        let start = wanted.start + encoded.rows();
        let most = usize::try_from(end - start).unwrap_or(STEP).min(STEP);
        let page = front.service.rows_of(&call.principal, job, RowRange { start, most }).await?;
        let before = encoded.rows();
        encoded = super::blocking(move || {
            encoded.push(&page, wanted.timestamps)?;
            Ok(encoded)
        })
        .await?;
        if encoded.rows() == before {
            break;
        }
    }
    Ok(encoded)
}
