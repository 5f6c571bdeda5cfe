//! Jobs as resources (<https://cloud.google.com/bigquery/docs/reference/rest/v2/Job>).

use super::{LOCATION, number, table};
use crate::agent::AnonymousTable;
use crate::schema;
use bedside_service::{
    Accuracy, Column, Ddl, DdlTarget, Estimate, Job, JobError, JobKey, JobKind, JobStatistics, StatementType,
};
use serde_json::{Map, Value as Json, json};

/// A job.
pub(crate) fn job(job: &Job, anonymous: AnonymousTable) -> Json {
    let mut resource = json!({
        "kind": "bigquery#job",
        "etag": format!("{}.{:?}", job.key.id, job.state),
        "id": id(&job.key),
        "selfLink": format!("/bigquery/v2/projects/{}/jobs/{}?location={LOCATION}", job.key.project, job.key.id),
        "user_email": job.principal,
        "principal_subject": format!("user:{}", job.principal),
        "jobReference": reference(&job.key),
        "configuration": configuration(job, anonymous),
        "status": status(job),
        "statistics": statistics(job),
    });
    if let Some(error) = &job.error {
        resource["errorResult"] = error_proto(error);
    }
    resource
}

/// A job in a list: its state stands outside, too.
pub(crate) fn listed(listed: &Job, anonymous: AnonymousTable) -> Json {
    let mut resource = job(listed, anonymous);
    resource["state"] = json!(listed.state.word());
    resource
}

/// The job that a dry run would have been.
pub(crate) fn dry_run(project: &str, configuration: &Json, estimate: &Estimate) -> Json {
    let facts = &estimate.statistics;
    let bytes = number(facts.bytes_processed);
    let accuracy = match estimate.accuracy {
        Accuracy::Precise => "PRECISE",
        Accuracy::LowerBound => "LOWER_BOUND",
    };
    let mut query = json!({
        "statementType": facts.statement.map_or("SELECT", StatementType::word),
        "totalBytesProcessed": bytes,
        "totalBytesProcessedAccuracy": accuracy,
        "totalBytesBilled": "0",
        "cacheHit": false,
        "referencedTables": facts.tables.iter().map(table::reference).collect::<Json>(),
    });
    if let Some(columns) = &facts.schema {
        query["schema"] = result_schema(columns);
    }
    put_ddl(&mut query, facts.ddl.as_ref());
    json!({
        "kind": "bigquery#job",
        "configuration": configuration,
        "jobReference": { "projectId": project, "location": LOCATION },
        "status": { "state": "DONE" },
        "statistics": { "creationTime": "0", "totalBytesProcessed": bytes, "query": query },
    })
}

/// The `schema` of a result.
pub(crate) fn result_schema(columns: &[Column]) -> Json {
    schema::of_result(columns.iter().map(|column| (column.name.as_str(), &column.sql_type)))
}

/// `jobReference`.
pub(crate) fn reference(key: &JobKey) -> Json {
    json!({ "projectId": key.project, "jobId": key.id, "location": LOCATION })
}

/// How many rows a statement changed, `None` for others than DML.
pub(crate) fn changed_rows(statistics: &JobStatistics) -> Option<u64> {
    statistics.changed.map(bedside_service::ChangedRows::total)
}

/// `ErrorProto`.
fn error_proto(error: &JobError) -> Json {
    let mut proto = json!({ "reason": error.reason, "message": error.message });
    if let Some(location) = &error.location {
        proto["location"] = json!(location);
    }
    proto
}

fn id(key: &JobKey) -> String {
    format!("{}:{LOCATION}.{}", key.project, key.id)
}

/// What was asked for, with the table that the rows are in, where the client shall know it.
fn configuration(job: &Job, anonymous: AnonymousTable) -> Json {
    let mut configuration = serde_json::from_str(&job.configuration).unwrap_or_else(|_| json!({}));
    if !configuration.is_object() {
        configuration = json!({});
    }
    configuration["jobType"] = json!(job.kind.word());
    if job.kind == JobKind::Query {
        if !configuration["query"].is_object() {
            // Came through another front.
            configuration["query"] = json!({ "query": job.text, "useLegacySql": false });
        }
        if let Some(result) = &job.result
            && (!result.anonymous || anonymous.is_named(job.text.as_deref()))
        {
            configuration["query"]["destinationTable"] = table::reference(&result.table);
            for (key, value) in [("createDisposition", "CREATE_IF_NEEDED"), ("writeDisposition", "WRITE_TRUNCATE")] {
                if result.anonymous && configuration["query"][key].is_null() {
                    configuration["query"][key] = json!(value);
                }
            }
        }
    }
    configuration
}

fn status(job: &Job) -> Json {
    let mut status = json!({ "state": job.state.word() });
    if let Some(error) = &job.error {
        status["errorResult"] = error_proto(error);
        status["errors"] = json!([error_proto(error)]);
    }
    status
}

fn statistics(job: &Job) -> Json {
    let mut statistics = Map::new();
    let mut put = |name: &str, value: Json| drop(statistics.insert(name.to_owned(), value));
    put("creationTime", number(job.created));
    if let Some(started) = job.started {
        put("startTime", number(started));
    }
    if let Some(ended) = job.ended {
        put("endTime", number(ended));
        let slot_ms = ended.saturating_sub(job.started.unwrap_or(ended)).max(0);
        put("totalSlotMs", number(slot_ms));
    }
    let facts = &job.statistics;
    if let Some(parent) = &job.parent {
        put("parentJobId", json!(parent));
        put("scriptStatistics", json!({ "evaluationKind": facts.evaluation, "stackFrames": [] }));
    }
    if facts.children > 0 {
        put("numChildJobs", number(facts.children));
    }
    match job.kind {
        JobKind::Query => {
            put("totalBytesProcessed", number(facts.bytes_processed));
            put("query", query_statistics(facts));
        }
        JobKind::Load => put(
            "load",
            json!({
                "inputFiles": number(facts.input_files),
                "inputFileBytes": number(facts.input_bytes),
                "outputRows": number(facts.rows.unwrap_or(0)),
                "outputBytes": number(facts.output_bytes),
                "badRecords": number(facts.bad_records),
            }),
        ),
        JobKind::Copy => put("copy", json!({ "copiedRows": number(facts.rows.unwrap_or(0)) })),
        JobKind::Extract => put(
            "extract",
            json!({
                "destinationUriFileCounts": facts.files_written.iter().map(number).collect::<Json>(),
                "inputBytes": number(facts.bytes_processed),
            }),
        ),
    }
    Json::Object(statistics)
}

fn query_statistics(facts: &JobStatistics) -> Json {
    let mut query = json!({
        // Read by bq whatever the statement is.
        "statementType": facts.statement.map_or("SELECT", StatementType::word),
        "totalBytesProcessed": number(facts.bytes_processed),
        "totalBytesBilled": number(facts.bytes_billed),
        "cacheHit": facts.cache_hit,
        "referencedTables": facts.tables.iter().map(table::reference).collect::<Json>(),
    });
    if let Some(columns) = &facts.schema {
        query["schema"] = result_schema(columns);
    }
    if let Some(changed) = &facts.changed {
        query["numDmlAffectedRows"] = number(changed.total());
        query["dmlStats"] = json!({
            "insertedRowCount": number(changed.inserted),
            "updatedRowCount": number(changed.updated),
            "deletedRowCount": number(changed.deleted),
        });
    }
    if facts.statement == Some(StatementType::ExportData) {
        query["exportDataStatistics"] = json!({
            "fileCount": number(facts.files_written.iter().sum::<u64>()),
            "rowCount": number(facts.rows.unwrap_or(0)),
        });
    }
    put_ddl(&mut query, facts.ddl.as_ref());
    query
}

fn put_ddl(query: &mut Json, ddl: Option<&Ddl>) {
    let Some(ddl) = ddl else { return };
    query["ddlOperationPerformed"] = json!(ddl.operation.word());
    match &ddl.target {
        DdlTarget::Table(table) => query["ddlTargetTable"] = table::reference(table),
        DdlTarget::Dataset(dataset) => {
            query["ddlTargetDataset"] = json!({ "projectId": dataset.project, "datasetId": dataset.dataset });
        }
        DdlTarget::Routine(name) => query["ddlTargetRoutine"] = json!({ "routineId": name }),
    }
}
