//! The discovery document: `bq` reads it at every start and knows only the methods in it
//! (<https://developers.google.com/discovery/v1/reference/apis>).

use serde_json::{Map, Value as Json, json};

/// A method of the API.
struct Method {
    resource: &'static str,
    name: &'static str,
    verb: &'static str,
    path: &'static str,
    /// Names of query parameters; those that are integers end with `#`, booleans with `?`.
    query: &'static str,
    /// The schema of the body.
    body: Option<&'static str>,
    /// The schema of the answer.
    answer: Option<&'static str>,
}

const PAGES: &str = "maxResults# pageToken";

#[rustfmt::skip]
const METHODS: &[Method] = &[
    method("projects", "list", "GET", "projects", PAGES, None, Some("ProjectList")),
    method("projects", "getServiceAccount", "GET", "projects/{projectId}/serviceAccount", "", None, Some("GetServiceAccountResponse")),
    method("datasets", "list", "GET", "projects/{projectId}/datasets", "maxResults# pageToken all? filter", None, Some("DatasetList")),
    method("datasets", "get", "GET", "projects/{projectId}/datasets/{datasetId}", "accessPolicyVersion# datasetView", None, Some("Dataset")),
    method("datasets", "insert", "POST", "projects/{projectId}/datasets", "accessPolicyVersion#", Some("Dataset"), Some("Dataset")),
    method("datasets", "patch", "PATCH", "projects/{projectId}/datasets/{datasetId}", "accessPolicyVersion# updateMode", Some("Dataset"), Some("Dataset")),
    method("datasets", "update", "PUT", "projects/{projectId}/datasets/{datasetId}", "accessPolicyVersion# updateMode", Some("Dataset"), Some("Dataset")),
    method("datasets", "delete", "DELETE", "projects/{projectId}/datasets/{datasetId}", "deleteContents?", None, None),
    method("tables", "list", "GET", "projects/{projectId}/datasets/{datasetId}/tables", PAGES, None, Some("TableList")),
    method("tables", "get", "GET", "projects/{projectId}/datasets/{datasetId}/tables/{tableId}", "selectedFields view", None, Some("Table")),
    method("tables", "insert", "POST", "projects/{projectId}/datasets/{datasetId}/tables", "", Some("Table"), Some("Table")),
    method("tables", "patch", "PATCH", "projects/{projectId}/datasets/{datasetId}/tables/{tableId}", "autodetect_schema?", Some("Table"), Some("Table")),
    method("tables", "update", "PUT", "projects/{projectId}/datasets/{datasetId}/tables/{tableId}", "autodetect_schema?", Some("Table"), Some("Table")),
    method("tables", "delete", "DELETE", "projects/{projectId}/datasets/{datasetId}/tables/{tableId}", "", None, None),
    method("tabledata", "list", "GET", "projects/{projectId}/datasets/{datasetId}/tables/{tableId}/data", "maxResults# pageToken startIndex selectedFields formatOptions.useInt64Timestamp? formatOptions.timestampOutputFormat", None, Some("TableDataList")),
    method("tabledata", "insertAll", "POST", "projects/{projectId}/datasets/{datasetId}/tables/{tableId}/insertAll", "", Some("TableDataInsertAllRequest"), Some("TableDataInsertAllResponse")),
    method("jobs", "list", "GET", "projects/{projectId}/jobs", "allUsers? maxResults# pageToken parentJobId projection stateFilter minCreationTime maxCreationTime", None, Some("JobList")),
    method("jobs", "get", "GET", "projects/{projectId}/jobs/{jobId}", "location", None, Some("Job")),
    method("jobs", "insert", "POST", "projects/{projectId}/jobs", "", Some("Job"), Some("Job")),
    method("jobs", "cancel", "POST", "projects/{projectId}/jobs/{jobId}/cancel", "location", None, Some("JobCancelResponse")),
    method("jobs", "delete", "DELETE", "projects/{projectId}/jobs/{jobId}/delete", "location", None, None),
    method("jobs", "query", "POST", "projects/{projectId}/queries", "", Some("QueryRequest"), Some("QueryResponse")),
    method("jobs", "getQueryResults", "GET", "projects/{projectId}/queries/{jobId}", "location maxResults# pageToken startIndex timeoutMs# formatOptions.useInt64Timestamp? formatOptions.timestampOutputFormat", None, Some("GetQueryResultsResponse")),
    method("routines", "list", "GET", "projects/{projectId}/datasets/{datasetId}/routines", "maxResults# pageToken readMask filter", None, Some("ListRoutinesResponse")),
    method("models", "list", "GET", "projects/{projectId}/datasets/{datasetId}/models", PAGES, None, Some("ListModelsResponse")),
];

const fn method(
    resource: &'static str,
    name: &'static str,
    verb: &'static str,
    path: &'static str,
    query: &'static str,
    body: Option<&'static str>,
    answer: Option<&'static str>,
) -> Method {
    Method { resource, name, verb, path, query, body, answer }
}

/// The document of a server that is reached at `root`, as in `http://127.0.0.1:9050/`.
pub(crate) fn document(root: &str) -> Json {
    let mut resources = Map::new();
    let mut schemas = Map::new();
    for method in METHODS {
        let resource = resources.entry(method.resource).or_insert_with(|| json!({ "methods": {} }));
        resource["methods"][method.name] = described(method);
        for schema in method.body.iter().chain(&method.answer) {
            schemas.insert((*schema).to_owned(), json!({ "id": schema, "type": "object", "properties": {} }));
        }
    }
    json!({
        "kind": "discovery#restDescription",
        "discoveryVersion": "v1",
        "id": "bigquery:v2",
        "name": "bigquery",
        "version": "v2",
        "title": "BigQuery API",
        "protocol": "rest",
        "rootUrl": root,
        "servicePath": "bigquery/v2/",
        "basePath": "/bigquery/v2/",
        "baseUrl": format!("{root}bigquery/v2/"),
        "batchPath": "batch/bigquery/v2",
        "parameters": {
            "alt": { "type": "string", "location": "query", "default": "json" },
            "fields": { "type": "string", "location": "query" },
            "key": { "type": "string", "location": "query" },
            "prettyPrint": { "type": "boolean", "location": "query" },
            "quotaUser": { "type": "string", "location": "query" },
        },
        "schemas": schemas,
        "resources": resources,
    })
}

fn described(method: &Method) -> Json {
    let mut parameters = Map::new();
    let mut order = Vec::new();
    for part in method.path.split('/') {
        if let Some(name) = part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
            parameters.insert(name.to_owned(), json!({ "type": "string", "location": "path", "required": true }));
            order.push(name);
        }
    }
    for part in method.query.split_ascii_whitespace() {
        let (name, kind) = match (part.strip_suffix('#'), part.strip_suffix('?')) {
            (Some(name), _) => (name, "integer"),
            (_, Some(name)) => (name, "boolean"),
            _ => (part, "string"),
        };
        parameters.insert(name.to_owned(), json!({ "type": kind, "location": "query" }));
    }
    let mut described = json!({
        "id": format!("bigquery.{}.{}", method.resource, method.name),
        // Reserved expansion: a project may have a colon.
        "path": method.path.replace('{', "{+"),
        "flatPath": method.path,
        "httpMethod": method.verb,
        "parameters": parameters,
        "parameterOrder": order,
        "scopes": ["https://www.googleapis.com/auth/bigquery"],
    });
    if let Some(schema) = method.body {
        described["request"] = json!({ "$ref": schema });
    }
    if let Some(schema) = method.answer {
        described["response"] = json!({ "$ref": schema });
    }
    if (method.resource, method.name) == ("jobs", "insert") {
        let upload =
            |prefix: &str| json!({ "multipart": true, "path": format!("{prefix}upload/bigquery/v2/{}", method.path) });
        described["supportsMediaUpload"] = json!(true);
        described["mediaUpload"] = json!({
            "accept": ["*/*"],
            "protocols": { "simple": upload("/"), "resumable": upload("/resumable/") },
        });
    }
    described
}

#[cfg(test)]
mod tests {
    use super::document;

    #[test]
    fn bq_finds_what_it_looks_for() {
        let document = document("http://127.0.0.1:9050/");
        for key in ["kind", "name", "version", "rootUrl", "servicePath", "basePath", "baseUrl", "batchPath", "schemas"]
        {
            assert!(!document[key].is_null(), "{key}");
        }
        assert_eq!(document["baseUrl"], "http://127.0.0.1:9050/bigquery/v2/");
        let insert = &document["resources"]["jobs"]["methods"]["insert"];
        assert_eq!(
            insert["mediaUpload"]["protocols"]["simple"]["path"],
            "/upload/bigquery/v2/projects/{projectId}/jobs"
        );
        let get = &document["resources"]["datasets"]["methods"]["get"];
        assert_eq!(get["parameters"]["accessPolicyVersion"]["type"], "integer");
        assert_eq!(get["parameterOrder"], serde_json::json!(["projectId", "datasetId"]));
        assert_eq!(get["path"], "projects/{+projectId}/datasets/{+datasetId}");
    }
}
