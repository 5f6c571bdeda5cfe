//! Files and rows from outside, and tables into files.

use crate::fixture::{Home, PROJECT, table};
use crate::server::{Fault, Server};
use arrow::array::{ArrayRef, Int64Array, ListArray, RecordBatch, StringArray, TimestampNanosecondArray};
use arrow::datatypes::Int64Type;
use bedside_load::source::Access;
use bedside_service::{
    Buckets, ColumnDefinition, Compression, CreateDisposition, CsvOptions, Destination, Detection, Extract,
    ExtractFormat, Header, InvalidRows, JaggedRows, Job, Load, LoadFormat, LoadSource, Principal, QuotedNewlines,
    Submission, UnknownValues, Work, WriteDisposition,
};
use bedside_types::SqlType;
use parquet::arrow::ArrowWriter;
use serde_json::json;
use std::sync::Arc;

fn load(name: &str, format: LoadFormat) -> Load {
    Load {
        destination: Destination {
            table: table("mine", name),
            create: CreateDisposition::IfNeeded,
            write: WriteDisposition::Truncate,
        },
        source: LoadSource::Places(Vec::new()),
        format,
        columns: None,
        detection: Detection::On,
        unknown: UnknownValues::Refused,
        most_bad_records: 0,
    }
}

async fn run(home: &Home, content: &[u8], load: Load) -> Job {
    let upload = home.service.upload().await.unwrap();
    let (first, second) = content.split_at(content.len() / 2);
    upload.append(first).unwrap();
    upload.append(second).unwrap();
    assert_eq!(upload.bytes().unwrap(), content.len() as u64);
    let work = Work::Load(Load { source: LoadSource::Upload(upload), ..load });
    let job = home.submit(Submission { work, ..Submission::query(PROJECT, "test", "") }).await.unwrap();
    // What was sent goes when it was read.
    while std::fs::read_dir(home.path().join("scratch/uploads")).unwrap().count() > 0 {
        tokio::task::yield_now().await;
    }
    job
}

fn types(home: &Home, name: &str) -> Vec<String> {
    let found = home.service.table(&Principal::owner(), &table("mine", name)).unwrap();
    found.columns.iter().map(|column| format!("{} {}", column.name, column.sql_type)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn csv_is_read_as_bigquery_reads_it() {
    let home = Home::new();
    home.run("CREATE SCHEMA mine").await;
    let csv = || LoadFormat::Csv(CsvOptions::default());
    let text =
        "id,name,born,seen,weight,dead\n1,\"Ä, B\",2150-01-31,2150-01-31 10:00:00,71.5,true\n2,,,,,false\n3,\"\",,,,\n";
    let job = run(&home, text.as_bytes(), load("t", csv())).await;
    assert_eq!((job.error.clone(), job.statistics.rows), (None, Some(3)), "{:?}", job.error);
    let expected = ["id INT64", "name STRING", "born DATE", "seen DATETIME", "weight FLOAT64", "dead BOOL"];
    assert_eq!(types(&home, "t"), expected);
    assert_eq!(home.query("SELECT COUNT(name) FROM mine.t WHERE weight = 71.5 OR name = ''").await, [Some(2)]);
    // Without a header BigQuery makes names.
    run(&home, b"1,a\n2,b\n", load("u", csv())).await;
    assert_eq!(types(&home, "u"), ["int64_field_0 INT64", "string_field_1 STRING"]);
    for (text, why) in [
        ("1\n2,3\n", "Too many values in row. Expected 1 column(s) but got 2."),
        ("x\n", "Could not parse 'x' as INT64 for field n"),
        ("\"1", "close double quote"),
    ] {
        let columns = Some(vec![ColumnDefinition::plain("n", SqlType::Int64)]);
        let job = run(&home, text.as_bytes(), Load { columns, detection: Detection::Off, ..load("v", csv()) }).await;
        let error = job.error.unwrap();
        assert!(error.message.contains(why), "{text}: {}", error.message);
        assert_eq!((error.reason.as_str(), error.status), ("invalid", 400));
        let columns = Some(vec![ColumnDefinition::plain("n", SqlType::Int64)]);
        let lenient = Load { columns, detection: Detection::Off, most_bad_records: 1, ..load("w", csv()) };
        let job = run(&home, text.as_bytes(), lenient).await;
        assert_eq!((job.error, job.statistics.bad_records), (None, 1), "{text}");
    }
    let options = CsvOptions {
        delimiter: b'|',
        null_marker: "NA".to_owned(),
        skip_leading_rows: Some(1),
        quoted_newlines: QuotedNewlines::Allowed,
        jagged_rows: JaggedRows::Allowed,
        ..CsvOptions::default()
    };
    let columns = vec![ColumnDefinition::plain("a", SqlType::Int64), ColumnDefinition::plain("b", SqlType::String)];
    let other = Load {
        columns: Some(columns),
        detection: Detection::Off,
        unknown: UnknownValues::Ignored,
        ..load("x", LoadFormat::Csv(options))
    };
    let job = run(&home, b"head|er\nNA|\"two\nlines\"\n5\n6|x|more\n", other).await;
    assert_eq!((job.error, job.statistics.rows), (None, Some(3)));
    assert_eq!(home.query("SELECT SUM(a) FROM mine.x WHERE b IS NULL OR b = 'x' OR a IS NULL").await, [Some(11)]);
    let job = run(&home, b"1\n", Load { detection: Detection::Off, ..load("nothing", csv()) }).await;
    assert_eq!(job.error.unwrap().message, "No schema specified on job or table.");
}

#[tokio::test(flavor = "multi_thread")]
async fn json_lines_have_arrays_and_structs() {
    let home = Home::new();
    home.run("CREATE SCHEMA mine").await;
    let text = "{\"id\": 1, \"codes\": [\"a\", \"b\"], \"pos\": {\"x\": 1.5, \"day\": \"2150-01-31\"}}\n\n{\"ID\": 2, \"note\": \"n\"}\n";
    let job = run(&home, text.as_bytes(), load("t", LoadFormat::Ndjson)).await;
    assert_eq!((job.error, job.statistics.rows), (None, Some(2)));
    let mut found = types(&home, "t");
    found.sort();
    assert_eq!(found, ["codes ARRAY<STRING>", "id INT64", "note STRING", "pos STRUCT<day DATE, x FLOAT64>"]);
    assert_eq!(home.query("SELECT SUM(ARRAY_LENGTH(codes)) FROM mine.t WHERE pos.x = 1.5 OR id = 2").await, [Some(2)]);
    let wrong = run(&home, b"{\"id\": [1]}", Load { detection: Detection::Off, ..load("t", LoadFormat::Ndjson) }).await;
    assert!(wrong.error.unwrap().message.contains("Array specified for non-repeated field: id."));
    let broken = run(&home, b"{\"id\": 1", Load { detection: Detection::Off, ..load("t", LoadFormat::Ndjson) }).await;
    assert!(broken.error.unwrap().message.contains("JSON parsing error"));
    // A load that failed left the table as it was.
    assert_eq!(home.query("SELECT COUNT(*) FROM mine.t").await, [Some(2)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn parquet_comes_with_its_types_or_gets_those_of_the_table() {
    let home = Home::new();
    home.run("CREATE SCHEMA mine; CREATE TABLE mine.kept (t TIMESTAMP, n INT64)").await;
    let numbers: ArrayRef = Arc::new(Int64Array::from(vec![Some(1), None]));
    let texts: ArrayRef = Arc::new(StringArray::from(vec![Some("a"), None]));
    let times: ArrayRef = Arc::new(TimestampNanosecondArray::from(vec![Some(1_500_000), None]));
    let lists = ListArray::from_iter_primitive::<Int64Type, _, _>(vec![Some(vec![Some(1), Some(2)]), None]);
    let lists: ArrayRef = Arc::new(lists);
    let file = |columns: Vec<(&str, ArrayRef)>| {
        let batch = RecordBatch::try_from_iter(columns).unwrap();
        let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), None).unwrap();
        writer.write(&batch).unwrap();
        writer.into_inner().unwrap()
    };
    let content = file(vec![("n", numbers.clone()), ("s", texts), ("t", times.clone()), ("l", lists)]);
    let job = run(&home, &content, Load { detection: Detection::Off, ..load("t", LoadFormat::Parquet) }).await;
    assert_eq!((job.error, job.statistics.rows), (None, Some(2)));
    assert_eq!(types(&home, "t"), ["n INT64", "s STRING", "t DATETIME", "l ARRAY<INT64>"]);
    assert_eq!(home.query("SELECT SUM(ARRAY_LENGTH(l)) FROM mine.t").await, [Some(2)]);
    let mut append = Load { detection: Detection::Off, ..load("kept", LoadFormat::Parquet) };
    append.destination.write = WriteDisposition::Append;
    let job = run(&home, &file(vec![("n", numbers), ("t", times)]), append.clone()).await;
    assert_eq!(job.error, None);
    assert_eq!(home.query("SELECT UNIX_MICROS(t) FROM mine.kept WHERE n = 1").await, [Some(1500)]);
    let job = run(&home, b"PAR1 and nothing", append).await;
    assert!(job.error.unwrap().message.contains("no Parquet file"));
}

#[test]
fn rows_go_in_one_by_one_or_say_why_not() {
    let home = Home::new();
    let service = &home.service;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(
        home.run("CREATE SCHEMA mine; CREATE TABLE mine.t (n INT64 NOT NULL, seen TIMESTAMP, j JSON, b BYTES)"),
    );
    let insert = |rows: &[serde_json::Value], unknown, invalid| {
        service.insert_rows(&Principal::owner(), &table("mine", "t"), rows, unknown, invalid).unwrap()
    };
    let right = [
        json!({"n": 1, "seen": 1.5, "j": "{\"a\":1}", "b": "AA=="}),
        json!({"n": "2", "seen": "2020-01-01 00:00:00 UTC"}),
    ];
    assert_eq!(insert(&right, UnknownValues::Refused, InvalidRows::Refused), []);
    let count = || runtime.block_on(home.query("SELECT COUNT(*) FROM mine.t"));
    assert_eq!(count(), [Some(2)]);
    assert_eq!(runtime.block_on(home.query("SELECT UNIX_MICROS(seen) FROM mine.t WHERE n = 1")), [Some(1_500_000)]);
    let mixed = [json!({"n": 3}), json!({"n": "x"}), json!({"n": 4, "z": 1}), json!({"seen": null})];
    let faults = insert(&mixed, UnknownValues::Refused, InvalidRows::Refused);
    let told: Vec<_> = faults.iter().map(|f| (f.index, f.reason, f.message.as_str())).collect();
    assert_eq!(told[0], (0, "stopped", ""));
    assert!(told[1].2.contains("Could not parse 'x' as INT64") && told[2] == (2, "invalid", "no such field: z."));
    assert!(told[3].2.contains("Missing required field: n."));
    assert_eq!(count(), [Some(2)]);
    assert_eq!(insert(&mixed, UnknownValues::Ignored, InvalidRows::Skipped).len(), 2);
    assert_eq!(count(), [Some(4)]);
    let missing = service.insert_rows(
        &Principal::owner(),
        &table("mine", "none"),
        &[],
        UnknownValues::Refused,
        InvalidRows::Refused,
    );
    assert_eq!(missing.unwrap_err().status(), 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_extracted_loads_again() {
    let allowed = tempfile::tempdir().unwrap();
    let home = Home::with(|options| options.folders = vec![allowed.path().to_path_buf()]);
    home.run("CREATE SCHEMA mine").await;
    home.run(
        "CREATE TABLE mine.t AS SELECT 1 AS n, 'a,\"b\"\\nc' AS s, TIMESTAMP '2020-01-01 00:00:00.5+00' AS t, \
         DATETIME '2020-01-01 00:00:00' AS d, b'\\x01' AS b, NUMERIC '1.5' AS q UNION ALL \
         SELECT NULL, '', NULL, NULL, NULL, NULL",
    )
    .await;
    let csv = ExtractFormat::Csv { delimiter: b',', header: Header::Names };
    for (name, format, compression, read) in [
        ("t.csv", csv, Compression::None, true),
        ("t-*.csv.gz", csv, Compression::Gzip, true),
        ("t.json", ExtractFormat::Ndjson, Compression::None, false),
        ("t.parquet", ExtractFormat::Parquet, Compression::Snappy, false),
    ] {
        let place = allowed.path().join(name).display().to_string();
        let extract = Extract { source: table("mine", "t"), places: vec![place.clone()], format, compression };
        let submission = Submission { work: Work::Extract(extract), ..Submission::query(PROJECT, "test", "") };
        let job = home.submit(submission).await.unwrap();
        assert_eq!((job.error, job.statistics.files_written), (None, vec![1]), "{name}");
        let format = match format {
            ExtractFormat::Csv { .. } => LoadFormat::Csv(CsvOptions {
                skip_leading_rows: Some(1),
                quoted_newlines: QuotedNewlines::Allowed,
                ..CsvOptions::default()
            }),
            ExtractFormat::Ndjson => LoadFormat::Ndjson,
            ExtractFormat::Parquet => LoadFormat::Parquet,
        };
        home.run("CREATE OR REPLACE TABLE mine.u LIKE mine.t").await;
        let mut again = Load {
            source: LoadSource::Places(vec![place.replace('*', "000000000000")]),
            detection: Detection::Off,
            ..load("u", format)
        };
        again.destination.write = WriteDisposition::Append;
        let job = home.submit(Submission { work: Work::Load(again), ..Submission::query(PROJECT, "test", "") }).await;
        assert_eq!(job.unwrap().error, None, "{name}");
        let same =
            "SELECT COUNT(*) FROM (SELECT DISTINCT * FROM (SELECT * FROM mine.t UNION ALL SELECT * FROM mine.u))";
        assert_eq!(home.query(same).await, [Some(2)], "{name} {read}");
    }
    let outside = tempfile::tempdir().unwrap();
    for place in [
        outside.path().join("x.csv").display().to_string(),
        format!("{}/../x.csv", allowed.path().display()),
        "x.csv".to_owned(),
        "gs://bucket/x.csv".to_owned(),
        "ftp://host/x.csv".to_owned(),
    ] {
        let extract = Extract {
            source: table("mine", "t"),
            places: vec![place.clone()],
            format: csv,
            compression: Compression::None,
        };
        let submission = Submission { work: Work::Extract(extract), ..Submission::query(PROJECT, "test", "") };
        let error = home.submit(submission).await.unwrap().error.unwrap();
        assert!(matches!(error.reason.as_str(), "accessDenied" | "notImplemented"), "{place}: {}", error.message);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn statements_write_and_read_files_where_extracts_and_loads_may() {
    let allowed = tempfile::tempdir().unwrap();
    let place = |name: &str| allowed.path().join(name).display().to_string();
    let home = Home::with(|options| options.folders = vec![allowed.path().to_path_buf()]);
    home.run("CREATE SCHEMA mine; CREATE TABLE mine.t AS SELECT 1 AS n, 'a,b' AS s UNION ALL SELECT 2, NULL").await;
    for (options, name, first) in [
        ("format = 'CSV'", "plain-*.csv", "1,\"a,b\"\n2,\n"),
        ("format = 'csv', header = TRUE, field_delimiter = ';'", "head-*.csv", "n;s\n1;a,b\n2;\n"),
        ("format = 'JSON', compression = NULL", "lines-*.json", "{\"n\":1,\"s\":\"a,b\"}\n{\"n\":2,\"s\":null}\n"),
    ] {
        let uri = place(name);
        // Options are values: they may be put together.
        let uri = format!("CONCAT('{}', '{}')", &uri[..5], &uri[5..]);
        let text = format!("EXPORT DATA OPTIONS (uri = {uri}, {options}) AS SELECT * FROM mine.t ORDER BY n");
        let job = home.run(&text).await;
        assert_eq!((job.error.clone(), job.statistics.files_written.clone()), (None, vec![1]), "{name}");
        assert_eq!((job.statistics.rows, job.statistics.bytes_billed), (Some(2), 10 << 20), "{name}");
        assert_eq!(job.statistics.statement.unwrap().word(), "EXPORT_DATA");
        assert_eq!(std::fs::read_to_string(place(&name.replace('*', "000000000000"))).unwrap(), first);
        // What is there stays, unless the statement says otherwise.
        let error = home.run(&text).await.error.unwrap();
        assert!(error.message.contains("overwrite = true replaces them"), "{}", error.message);
        let again = text.replace("OPTIONS (", "OPTIONS (overwrite = TRUE, ");
        assert_eq!(home.run(&again).await.error, None);
    }
    let parquet = place("p-*.parquet");
    home.run(&format!(
        "EXPORT DATA OPTIONS (uri = '{parquet}', format = 'PARQUET', compression = 'ZSTD') AS SELECT * FROM mine.t"
    ))
    .await;
    let text = format!(
        "LOAD DATA INTO mine.csv FROM FILES (format = 'CSV', uris = ['{}'], field_delimiter = ';', skip_leading_rows = 1);\n\
         LOAD DATA OVERWRITE mine.json (n INT64, s STRING) FROM FILES (format = 'JSON', uris = ['{}']);\n\
         LOAD DATA INTO mine.parquet FROM FILES (format = 'PARQUET', uris = ['{parquet}', '{parquet}']);\n\
         LOAD DATA OVERWRITE mine.json FROM FILES (format = 'JSON', uris = ['{1}'])",
        place("head-*.csv"),
        place("lines-*.json")
    );
    let job = home.run(&text).await;
    assert_eq!(job.error, None);
    for (name, rows) in [("csv", 2), ("json", 2), ("parquet", 4)] {
        assert_eq!(types(&home, name), ["n INT64", "s STRING"], "{name}");
        let text =
            format!("SELECT COUNT(*) FROM mine.{name} JOIN mine.t USING (n) WHERE {name}.s IS NOT DISTINCT FROM t.s");
        assert_eq!(home.query(&text).await, [Some(rows)], "{name}");
    }
    assert_eq!(
        std::fs::read_dir(home.path().join("scratch/results")).unwrap().count(),
        3,
        "only rows of queries are kept"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn statements_reach_no_file_that_nobody_named() {
    let (allowed, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let home = Home::with(|options| options.folders = vec![allowed.path().to_path_buf()]);
    home.run("CREATE SCHEMA mine").await;
    std::fs::write(outside.path().join("x.csv"), "n\n1\n").unwrap();
    let export = |uri: &str| format!("EXPORT DATA OPTIONS (uri = '{uri}', format = 'CSV') AS SELECT 1 AS n");
    let load = |uri: &str| format!("LOAD DATA INTO mine.x FROM FILES (uris = ['{uri}'], format = 'CSV')");
    let out = |name: &str| outside.path().join(name).display().to_string();
    let (star, file) = (out("*.csv"), out("x.csv"));
    let dots = format!("{}/../*.csv", allowed.path().display());
    for text in [export(&star), export(&dots), export("*.csv"), export("gs://b/*.csv"), load(&file), load("s3://b/x")] {
        let error = home.run_with(&text, |_| {}).await.unwrap_err();
        assert_eq!(error.code().bigquery().0, "accessDenied", "{text}: {error}");
        assert!(error.hint().unwrap().contains("--folder FOLDER, --bucket gs://bucket/place"), "{text}");
    }
    assert_eq!(std::fs::read_dir(outside.path()).unwrap().count(), 1);
    // A handler of the text sees it.
    let handled = format!("BEGIN {}; EXCEPTION WHEN ERROR THEN SELECT LENGTH(@@error.message) > 0; END", export(&star));
    assert_eq!(home.run(&handled).await.error, None);
    let inside = |name: &str| allowed.path().join(name).display().to_string();
    for (text, why) in [
        (export(&inside("x.csv")), "must have one '*'"),
        (export(&inside("*-*.csv")), "must have one '*'"),
        (export(&inside("*.csv")).replace("'CSV'", "'AVRO'"), "the format AVRO is not supported"),
        (export(&inside("*.csv")).replace(", format = 'CSV'", ""), "Option format is required"),
        (load(&inside("*.csv")), "Not found"),
        ("EXPORT DATA OPTIONS (format = 'CSV') AS SELECT 1".to_owned(), "Option uri is required at [1:1]"),
        ("EXPORT DATA OPTIONS (url = 'x') AS SELECT 1".to_owned(), "Unknown option: url; Did you mean uri? at [1:22]"),
        ("EXPORT DATA OPTIONS (uri = 1) AS SELECT 1".to_owned(), "expected type: STRING, got INT64"),
        ("EXPORT DATA OPTIONS (uri = (SELECT 'x')) AS SELECT 1".to_owned(), "a subquery in OPTIONS"),
        ("LOAD DATA INTO mimiciv_icu.t FROM FILES (uris = ['x'], format = 'CSV')".to_owned(), "read-only"),
        ("LOAD DATA INTO mine.t FROM FILES (uris = ['x'], time_zone = 'UTC')".to_owned(), "The option time_zone"),
        (format!("BEGIN TRANSACTION; {}; COMMIT", load(&inside("x.csv"))), "LOAD DATA inside a transaction"),
    ] {
        let message = match home.run_with(&text, |_| {}).await {
            Ok(job) => job.error.unwrap().message,
            Err(error) => error.to_string(),
        };
        assert!(message.contains(why), "{text}: {message}");
    }
}

/// A home that may use one place of a bucket of either cloud, which a server on loopback stands for.
fn with_bucket(scheme: &str) -> (Home, Server) {
    let server = Server::start(
        "results",
        &[("icu/in-1.csv", b"n\n1\n"), ("icu/in-2.csv", b"n\n2\n"), ("secret.csv", b"n\n3\n")],
    );
    let address = server.url("").trim_end_matches('/').to_owned();
    let key = json!({ "disable_oauth": true, "gcs_base_url": address, "client_email": "", "private_key": "", "private_key_id": "" });
    let options = [
        ("AWS_ENDPOINT_URL", &address[..]),
        ("AWS_ACCESS_KEY_ID", "ann"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
        ("GOOGLE_BASE_URL", &address),
        ("GOOGLE_SERVICE_ACCOUNT_KEY", &key.to_string()),
    ];
    let bucket_options = options.map(|(key, value)| (key.to_owned(), value.to_owned())).to_vec();
    let access = Access { bucket_options, ..Access::default() };
    let home =
        Home::with(|options| options.buckets = Buckets { places: vec![format!("{scheme}://results/icu/")], access });
    (home, server)
}

#[tokio::test(flavor = "multi_thread")]
async fn buckets_that_are_allowed_are_read_and_written() {
    for scheme in ["s3", "gs"] {
        let (home, server) = with_bucket(scheme);
        home.run("CREATE SCHEMA mine").await;
        let csv = LoadFormat::Csv(CsvOptions { skip_leading_rows: Some(1), ..CsvOptions::default() });
        let load_of = |place: &str| {
            let load = Load { source: LoadSource::Places(vec![place.to_owned()]), ..load("t", csv.clone()) };
            Submission { work: Work::Load(load), ..Submission::query(PROJECT, "test", "") }
        };
        let job = home.submit(load_of(&format!("{scheme}://results/icu/in-*.csv"))).await.unwrap();
        assert_eq!((job.error, job.statistics.rows, job.statistics.input_files), (None, Some(2), 2), "{scheme}");
        assert_eq!(home.query("SELECT SUM(n) FROM mine.t").await, [Some(3)]);
        let extract_to = |place: &str| {
            let format = ExtractFormat::Csv { delimiter: b',', header: Header::Names };
            let places = vec![place.to_owned()];
            let extract = Extract { source: table("mine", "t"), places, format, compression: Compression::None };
            Submission { work: Work::Extract(extract), ..Submission::query(PROJECT, "test", "") }
        };
        let job = home.submit(extract_to(&format!("{scheme}://results/icu/out/t-*.csv"))).await.unwrap();
        assert_eq!(job.error, None, "{scheme}");
        assert_eq!(server.content().files["results/icu/out/t-000000000000.csv"], b"n\n1\n2\n");
        let text = format!(
            "EXPORT DATA OPTIONS (uri = '{scheme}://results/icu/sql/t-*.csv', format = 'CSV') AS SELECT n FROM mine.t \
             ORDER BY n; LOAD DATA INTO mine.u FROM FILES (uris = ['{scheme}://results/icu/sql/t-*.csv'], format = 'CSV')"
        );
        assert_eq!(home.run(&text).await.error, None, "{scheme}");
        assert_eq!(server.content().files["results/icu/sql/t-000000000000.csv"], b"1\n2\n");
        assert_eq!(home.query("SELECT SUM(int64_field_0) FROM mine.u").await, [Some(3)]);
        // What was fetched and what was written here first is gone.
        assert_eq!(std::fs::read_dir(home.path().join("scratch/uploads")).unwrap().count(), 0);
        let asked = server.content().log.len();
        for place in ["secret.csv", "icu/../secret.csv", "icuother/x.csv", "icu//x.csv", "icu"] {
            for submission in
                [load_of(&format!("{scheme}://results/{place}")), extract_to(&format!("{scheme}://results/{place}"))]
            {
                let error = home.submit(submission).await.unwrap().error.unwrap();
                assert_eq!((error.reason.as_str(), error.status), ("accessDenied", 403), "{place}: {}", error.message);
            }
        }
        assert_eq!(server.content().log.len(), asked, "what is not allowed is not asked for");
        server.faults("results/icu/no.csv", [Fault::Status(403, None)]);
        for (place, reason) in
            [("icu/none.csv", "notFound"), ("icu/no.csv", "accessDenied"), ("icu/none-*.csv", "notFound")]
        {
            let error = home.submit(load_of(&format!("{scheme}://results/{place}"))).await.unwrap().error.unwrap();
            assert_eq!(error.reason, reason, "{place}: {}", error.message);
        }
    }
}
