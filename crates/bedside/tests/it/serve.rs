//! `bedside serve` as a program: what a kill leaves, what it may read and write.

use crate::harness::{Place, write};
use crate::server::{Server, ask};
use serde_json::{Value as Json, json};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Ten thousand million rows: it runs until it is stopped.
const ENDLESS: &str = "SELECT COUNT(*) FROM UNNEST(GENERATE_ARRAY(1, 100000)) AS a CROSS JOIN \
     UNNEST(GENERATE_ARRAY(1, 100000)) AS b WHERE MOD(a * b, 7) = 3";

fn job(id: &str, text: &str) -> Json {
    let query = json!({ "query": text, "useLegacySql": false });
    json!({ "jobReference": { "jobId": id }, "configuration": { "query": query } })
}

#[test]
fn a_server_that_is_killed_under_load_goes_on_where_it_was() {
    let place = Place::new();
    place.stdout(&["query", "CREATE SCHEMA mine; CREATE TABLE mine.t AS SELECT 1 AS x"]);
    let server = Server::start(&place, &[]);
    for n in 0..2 {
        assert_eq!(server.ask("POST", "/jobs", Some(&job(&format!("endless-{n}"), ENDLESS))).0, 200);
    }
    // Others query and write all the while, and note what they were told is done.
    let told: Arc<Mutex<Vec<(String, usize)>>> = Arc::default();
    let killed = Arc::new(AtomicBool::new(false));
    let load: Vec<_> = (0..6)
        .map(|client| {
            let (address, told, killed) = (server.address.clone(), Arc::clone(&told), Arc::clone(&killed));
            std::thread::spawn(move || {
                for n in 0.. {
                    let id = format!("load-{client}-{n}");
                    let text = if client == 0 {
                        format!("INSERT INTO mine.t VALUES ({n})")
                    } else {
                        format!("SELECT x FROM UNNEST(GENERATE_ARRAY(1, {n})) AS x")
                    };
                    let (mut status, mut answer) = ask(&address, "POST", "/jobs", Some(&job(&id, &text)));
                    while status == 200 && answer["status"]["state"] != "DONE" {
                        std::thread::sleep(Duration::from_millis(2));
                        (status, answer) = ask(&address, "GET", &format!("/jobs/{id}"), None);
                    }
                    if status != 200 && killed.load(Ordering::SeqCst) {
                        return;
                    }
                    assert_eq!((status, &answer["status"]), (200, &json!({ "state": "DONE" })), "{answer}");
                    told.lock().unwrap().push((id, n));
                }
            })
        })
        .collect();
    while told.lock().unwrap().len() < 100 {
        std::thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(server.ask("GET", "/jobs/endless-0", None).1["status"]["state"], "RUNNING");
    killed.store(true, Ordering::SeqCst);
    server.kill();
    load.into_iter().for_each(|client| client.join().unwrap());

    let server = Server::start(&place, &[]);
    assert_eq!(server.rows("SELECT 1"), [[json!("1")]]);
    for n in 0..2 {
        let (status, found) = server.ask("GET", &format!("/jobs/endless-{n}"), None);
        let error = &found["status"]["errorResult"];
        assert_eq!((status, &found["status"]["state"], &error["reason"]), (200, &json!("DONE"), &json!("stopped")));
        assert!(error["message"].as_str().unwrap().contains("ended before the job was done"), "{error}");
    }
    let told = told.lock().unwrap();
    let mut inserted = 0;
    for (id, n) in told.iter() {
        let (status, found) = server.ask("GET", &format!("/jobs/{id}"), None);
        assert_eq!((status, &found["status"]), (200, &json!({ "state": "DONE" })), "{id}");
        if id.starts_with("load-0-") {
            inserted += 1;
        } else {
            let (status, rows) = server.ask("GET", &format!("/queries/{id}"), None);
            assert_eq!((status, rows["totalRows"].as_str()), (200, Some(n.to_string().as_str())), "{id}");
        }
    }
    let rows: usize = server.rows("SELECT COUNT(*) FROM mine.t")[0][0].as_str().unwrap().parse().unwrap();
    assert!(rows > inserted, "{rows} rows after {inserted} inserts into a table of one");
    // No job is left that says it runs.
    let (_, running) = server.ask("GET", "/jobs?stateFilter=running&stateFilter=pending", None);
    assert!(running["jobs"].is_null(), "{running}");
}

#[test]
fn files_are_read_and_written_where_that_is_allowed_alone() {
    let place = Place::new();
    write(&place, "in/t.csv", "n,s\n1,a\n2,\n");
    let folder = place.work().join("in").display().to_string();
    place.stdout(&["query", "CREATE SCHEMA mine"]);
    let server = Server::start(&place, &["--folder", &folder]);
    let run = |configuration: Json| {
        let (status, made) = server.ask("POST", "/jobs", Some(&json!({ "configuration": configuration })));
        assert_eq!(status, 200, "{made}");
        let path = format!("/jobs/{}", made["jobReference"]["jobId"].as_str().unwrap());
        loop {
            let (_, found) = server.ask("GET", &path, None);
            if found["status"]["state"] == "DONE" {
                return found;
            }
        }
    };
    let table = json!({ "projectId": "local", "datasetId": "mine", "tableId": "t" });
    let load =
        |place: &str| run(json!({ "load": { "destinationTable": table, "sourceUris": [place], "autodetect": true } }));
    let extract = |place: &str| run(json!({ "extract": { "sourceTable": table, "destinationUris": [place] } }));
    let loaded = load(&format!("{folder}/*.csv"));
    assert_eq!(loaded["statistics"]["load"]["outputRows"], "2", "{loaded}");
    assert_eq!(server.rows("SELECT n, s FROM mine.t ORDER BY n"), [[json!("1"), json!("a")], [json!("2"), Json::Null]]);
    assert_eq!(extract(&format!("{folder}/out-*.csv"))["status"], json!({ "state": "DONE" }));
    let written = std::fs::read_to_string(place.work().join("in/out-000000000000.csv")).unwrap();
    assert_eq!(written, "n,s\n1,a\n2,\n");
    for denied in ["/etc/passwd", &format!("{folder}/../t.csv"), "gs://bucket/t.csv", "s3://bucket/t.csv", "t.csv"] {
        for job in [load(denied), extract(denied)] {
            assert_eq!(job["status"]["errorResult"]["reason"], "accessDenied", "{denied}: {job}");
        }
    }
    let wrong = place.run(&["serve", "--bucket", "https://bucket/x"]);
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("gs://bucket"), "{wrong:?}");
}
