//! What a job's configuration asks for, as the gate takes it.

mod extract;
pub(crate) mod load;

use crate::error::Failure;
use crate::request::job::{CopyConfiguration, JobConfiguration};
use crate::request::parameter::parameters;
use crate::request::query::QueryConfiguration;
use crate::request::{TableName, missing};
use bedside_service::{Copy, CreateDisposition, Destination, Priority, Query, Upload, Work, WriteDisposition};

/// The work of a configuration; `upload` is the file that came with it.
///
/// # Errors
/// 400 for what is missing, wrong or not done here.
pub(crate) fn work(configuration: &JobConfiguration, project: &str, upload: Option<Upload>) -> Result<Work, Failure> {
    if let Some(configuration) = &configuration.query {
        return query(configuration, project).map(Work::Query);
    }
    if let Some(configuration) = &configuration.load {
        return load::load(configuration, project, upload).map(Work::Load);
    }
    if let Some(configuration) = &configuration.copy {
        return copy(configuration, project).map(Work::Copy);
    }
    if let Some(configuration) = &configuration.extract {
        return extract::extract(configuration, project).map(Work::Extract);
    }
    Err(missing("configuration.query, .load, .copy or .extract"))
}

/// A query.
///
/// # Errors
/// 400 for what is missing, wrong or not done here.
pub(crate) fn query(configuration: &QueryConfiguration, project: &str) -> Result<Query, Failure> {
    let text = configuration.text()?.to_owned();
    let default_dataset = configuration.default_dataset.as_ref().filter(|dataset| dataset.dataset_id.is_some());
    let destination = configuration.destination_table.as_ref().filter(|table| table.table_id.is_some());
    let destination = destination
        .map(|table| {
            let (create, write) = (&configuration.create_disposition, &configuration.write_disposition);
            self::destination(Some(table), project, create.as_deref(), write.as_deref().unwrap_or("WRITE_EMPTY"))
        })
        .transpose()?;
    Ok(Query {
        text,
        parameters: parameters(configuration.parameter_mode.as_deref(), &configuration.query_parameters)?,
        default_dataset: default_dataset.map(|dataset| dataset.reference(project)).transpose()?,
        maximum_bytes_billed: configuration.maximum_bytes_billed,
        destination,
        priority: match configuration.priority.as_deref() {
            Some(word) if word.eq_ignore_ascii_case("BATCH") => Priority::Batch,
            _ => Priority::Interactive,
        },
    })
}

fn copy(configuration: &CopyConfiguration, project: &str) -> Result<Copy, Failure> {
    let operation = configuration.operation_type.as_deref().unwrap_or("COPY");
    if !matches!(operation, "COPY" | "OPERATION_TYPE_UNSPECIFIED" | "CLONE") {
        return Err(Failure::unsupported(format!("operationType {operation}")).at("operationType"));
    }
    let (create, write) = (&configuration.create_disposition, &configuration.write_disposition);
    let write = write.as_deref().unwrap_or("WRITE_EMPTY");
    Ok(Copy {
        sources: configuration.sources()?.iter().map(|table| table.reference(project)).collect::<Result<_, _>>()?,
        destination: destination(configuration.destination_table.as_ref(), project, create.as_deref(), write)?,
    })
}

/// Where rows go.
fn destination(
    table: Option<&TableName>,
    project: &str,
    create: Option<&str>,
    write: &str,
) -> Result<Destination, Failure> {
    let table = table.ok_or_else(|| missing("destinationTable"))?;
    let create = match create.unwrap_or("CREATE_IF_NEEDED") {
        "CREATE_IF_NEEDED" | "" => CreateDisposition::IfNeeded,
        "CREATE_NEVER" => CreateDisposition::Never,
        other => return Err(Failure::invalid(format!("Invalid createDisposition: {other}")).at("createDisposition")),
    };
    let write = match write {
        "WRITE_EMPTY" => WriteDisposition::Empty,
        "WRITE_APPEND" => WriteDisposition::Append,
        "WRITE_TRUNCATE" => WriteDisposition::Truncate,
        other => return Err(Failure::invalid(format!("Invalid writeDisposition: {other}")).at("writeDisposition")),
    };
    Ok(Destination { table: table.reference(project)?, create, write })
}

#[cfg(test)]
mod tests {
    use super::work;
    use crate::request::job::JobConfiguration;
    use bedside_service::{Priority, Work, WriteDisposition};
    use serde_json::{Value as Json, json};

    fn read(body: &Json) -> Result<Work, crate::error::Failure> {
        let configuration: JobConfiguration = crate::request::of_json(body)?;
        work(&configuration, "p", None)
    }

    #[test]
    fn defaults_are_bigquerys() {
        let table = json!({ "datasetId": "d", "tableId": "t" });
        let Ok(Work::Query(query)) = read(&json!({ "query": { "query": "SELECT 1", "destinationTable": table } }))
        else {
            panic!("no query")
        };
        let destination = query.destination.unwrap();
        assert_eq!((query.priority, destination.write), (Priority::Interactive, WriteDisposition::Empty));
        assert_eq!(destination.table.to_string(), "p:d.t");
        let load =
            json!({ "load": { "destinationTable": table, "sourceUris": ["gs://b/o.csv"], "fieldDelimiter": "\t" } });
        let Ok(Work::Load(load)) = read(&load) else { panic!("no load") };
        assert_eq!(load.destination.write, WriteDisposition::Append);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let table = json!({ "datasetId": "d", "tableId": "t" });
        for (body, part) in [
            (json!({}), "configuration"),
            (
                json!({ "query": { "query": "SELECT 1", "destinationTable": table, "writeDisposition": "X" } }),
                "writeDisposition",
            ),
            (json!({ "load": { "sourceUris": ["gs://b/o"] } }), "destinationTable"),
            (json!({ "load": { "destinationTable": table } }), "sourceUris"),
            (json!({ "load": { "destinationTable": table, "sourceUris": ["x"], "sourceFormat": "AVRO" } }), "AVRO"),
            (json!({ "copy": { "destinationTable": table } }), "sourceTables"),
            (
                json!({ "copy": { "destinationTable": { "datasetId": "../d", "tableId": "t" }, "sourceTable": table } }),
                "dataset ID",
            ),
            (json!({ "extract": { "sourceTable": table } }), "destinationUris"),
        ] {
            let failure = read(&body).unwrap_err();
            assert!(failure.message.contains(part) && failure.status == 400, "{body}: {failure:?}");
        }
    }
}
