//! Statements of the command line as jobs: what they cost, what is remembered, tokens.

use crate::harness::Place;

#[test]
fn a_dry_run_says_bytes_and_price_and_runs_nothing() {
    let place = Place::new();
    place.stdout(&["query", "CREATE SCHEMA mine; CREATE TABLE mine.t AS SELECT a FROM UNNEST([1, 2, 3]) AS a"]);
    let text = "SELECT a FROM mine.t";
    let dry = place.stdout(&["query", "--dry-run", text]);
    assert_eq!(dry, "statement,bytes_processed,bytes_billed,usd,tables\nSELECT,24,10485760,0.00006,mine.t\n");
    let config = place.work().join("config.toml");
    std::fs::write(&config, "price = 1000\n").unwrap();
    let priced =
        place.command(&["query", "--dry-run", "--format", "json", text]).env("BEDSIDE_CONFIG", config).output();
    let priced: serde_json::Value = serde_json::from_slice(&priced.unwrap().stdout).unwrap();
    assert_eq!(priced[0]["usd"], "0.00954");
    place.stdout(&["query", "--dry-run", "DROP TABLE mine.t"]);
    assert_eq!(place.stdout(&["query", "SELECT COUNT(*) AS n FROM mine.t"]), "n\n3\n");
    let wrong = place.run(&["query", "--dry-run", "SELECT b FROM mine.t"]);
    let stderr = String::from_utf8(wrong.stderr).unwrap();
    assert!(stderr.contains("Unrecognized name: b at [1:8]") && stderr.contains("1 | SELECT b"), "{stderr}");
}

#[test]
fn more_than_may_be_billed_is_refused() {
    let place = Place::new();
    place.stdout(&["query", "CREATE SCHEMA mine; CREATE TABLE mine.t AS SELECT 1 AS a"]);
    let refused = place.run(&["query", "--maximum-bytes-billed", "1MiB", "SELECT a FROM mine.t"]);
    let stderr = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        stderr.contains("Query exceeded limit for bytes billed: 1048576. 10485760 or higher required."),
        "{stderr}"
    );
    assert_eq!(place.stdout(&["query", "--maximum-bytes-billed", "10MiB", "SELECT a FROM mine.t"]), "a\n1\n");
}

#[test]
fn every_statement_is_a_job_that_can_be_looked_at() {
    let place = Place::new();
    place.stdout(&["query", "SELECT 1 AS one; SELECT 2 AS two"]);
    place.run(&["query", "SELECT nothing"]);
    let listed = place.stdout(&["jobs", "list", "--format", "json"]);
    let listed: serde_json::Value = serde_json::from_str(&listed).unwrap();
    let jobs = listed.as_array().unwrap();
    assert_eq!(jobs.len(), 2, "{listed}");
    assert!(jobs[0]["error"].as_str().unwrap().contains("Unrecognized name: nothing"));
    assert_eq!((jobs[1]["statement"].as_str(), jobs[1]["state"].as_str()), (Some("SCRIPT"), Some("DONE")));
    let id = jobs[1]["job"].as_str().unwrap();
    let shown = place.stdout(&["jobs", "show", id, "--format", "csv"]);
    for line in ["front,command line\n", "statements,2\n", "sql,SELECT 1 AS one; SELECT 2 AS two\n"] {
        assert!(shown.contains(line), "{shown}");
    }
    assert!(String::from_utf8(place.run(&["jobs", "cancel", id]).stderr).unwrap().contains("is done already"));
    let unknown = place.run(&["jobs", "show", "nothing"]);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(String::from_utf8(unknown.stderr).unwrap().contains("there is no job nothing"));
    assert!(place.stdout(&["jobs"]).lines().count() > 2);
}

#[test]
fn tokens_are_shown_once_and_can_be_revoked() {
    let place = Place::new();
    let token = place.stdout(&["token", "create", "laptop"]);
    let id = token.trim().strip_prefix("bedside_").unwrap().split('_').next().unwrap().to_owned();
    let listed = place.stdout(&["token", "list", "--format", "csv"]);
    assert!(listed.contains(&format!("\n{id},laptop,20")) && !listed.contains(token.trim()), "{listed}");
    place.stdout(&["token", "revoke", &id]);
    let revoked = place.stdout(&["token", "list", "--format", "json"]);
    let revoked: serde_json::Value = serde_json::from_str(&revoked).unwrap();
    assert!(revoked[0]["revoked"].is_string() && revoked[0]["last_used"].is_null(), "{revoked}");
    assert_eq!(place.run(&["token", "revoke", "0000"]).status.code(), Some(1));
    assert_eq!(place.run(&["token", "create", " "]).status.code(), Some(1));
}
