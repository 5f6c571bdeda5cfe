//! Statements that write, from the command line.

use crate::harness::Place;

#[test]
fn a_script_makes_tables_that_stay() {
    let place = Place::new();
    place.stdout(&["synth", "--patients", "5", "--seed", "3", "--out", "synthetic"]);
    place.stdout(&["load", "synthetic"]);
    let script = "
        CREATE SCHEMA IF NOT EXISTS mine; -- where it goes
        CREATE TEMP FUNCTION half(x FLOAT64) AS (x / 2);
        CREATE TEMP TABLE picked AS SELECT subject_id FROM `physionet-data.mimiciv_hosp.patients` ORDER BY 1 LIMIT 3;
        CREATE OR REPLACE TABLE mine.cohort AS SELECT subject_id, half(3) AS h FROM picked;
        INSERT INTO mine.cohort VALUES (1, 2);
        SELECT COUNT(*) AS n, SUM(h) AS h FROM mine.cohort;
        DELETE FROM mine.cohort WHERE subject_id = 1;
        SELECT COUNT(*) AS n FROM mine.cohort";
    std::fs::write(place.work().join("make.sql"), script).unwrap();
    let output = place.run(&["query", "-f", "make.sql", "--format", "csv"]);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{stderr}");
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "n,h\n4,6.5\n\nn\n3\n");
    for line in [
        "created mine\n",
        "created half\n",
        "created picked with 3 rows\n",
        "created mine.cohort with 3 rows\n",
        "1 row inserted into mine.cohort\n",
        "1 row deleted from mine.cohort\n",
    ] {
        assert!(stderr.contains(line), "{line}: {stderr}");
    }
    // It is there for the next command, everywhere.
    assert_eq!(place.stdout(&["query", "SELECT COUNT(*) AS n FROM `local.mine.cohort`"]), "n\n3\n");
    assert!(place.stdout(&["datasets", "--format", "csv"]).contains("\nmine,,personal,,1,3\n"));
    assert!(place.stdout(&["describe", "mine", "--format", "csv"]).contains("cohort,table,3,2,"));
    assert!(place.stdout(&["describe", "mine.cohort", "--format", "csv"]).contains("subject_id,INT64,"));
    let status = String::from_utf8(place.run(&["status"]).stderr).unwrap();
    assert!(status.contains("yours    1 table in 1 personal dataset, "), "{status}");
    assert!(!place.run(&["query", "SELECT * FROM picked"]).status.success(), "what is temporary went with its text");
    assert!(!place.run(&["remove", "mine"]).status.success(), "nobody said yes");
    place.stdout(&["remove", "mine", "--yes"]);
    assert!(!place.run(&["query", "SELECT * FROM mine.cohort"]).status.success());
}

#[test]
fn files_are_written_and_read_in_the_folders_that_the_command_names() {
    let place = Place::new();
    let folder = place.work().join("out");
    std::fs::create_dir(&folder).unwrap();
    let folder = folder.canonicalize().unwrap().display().to_string();
    let text = format!(
        "CREATE SCHEMA mine; EXPORT DATA OPTIONS (uri = '{folder}/x-*.csv', format = 'CSV', header = TRUE) AS SELECT 1 AS n;
         LOAD DATA INTO mine.t FROM FILES (uris = ['{folder}/x-*.csv'], format = 'CSV'); SELECT * FROM mine.t"
    );
    let refused = place.run(&["query", &text]);
    let stderr = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(stderr.contains("it is in no folder that the configuration allows"), "{stderr}");
    assert!(stderr.contains("hint: whoever runs bedside names the places: --folder FOLDER"), "{stderr}");
    let text = text.replace("CREATE SCHEMA mine;", "");
    let output = place.run(&["query", "--folder", &folder, &text, "--format", "csv"]);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "n\n1\n", "{stderr}");
    assert!(stderr.contains("1 row exported to ") && stderr.contains("1 row loaded into mine.t"), "{stderr}");
    assert_eq!(std::fs::read_to_string(format!("{folder}/x-000000000000.csv")).unwrap(), "n\n1\n");
}

#[test]
fn what_goes_wrong_is_said_with_its_place_and_what_ran_before_stays() {
    let place = Place::new();
    let output = place
        .run(&["query", "CREATE SCHEMA mine; CREATE TABLE mine.t AS SELECT 1 AS x;\nINSERT INTO mine.t VALUES ('a')"]);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr.contains("which cannot be inserted into column x, which has type INT64 at [2:28]"), "{stderr}");
    assert!(stderr.contains("2 | INSERT INTO mine.t"), "{stderr}");
    assert_eq!(place.stdout(&["query", "SELECT * FROM mine.t"]), "x\n1\n");
    let refused = String::from_utf8(place.run(&["query", "DROP TABLE mimiciv_icu.icustays"]).stderr).unwrap();
    assert!(refused.contains("hint: write into a dataset of your own: CREATE SCHEMA my_dataset,"), "{refused}");
    let two = place.run(&["query", "SELECT 1; SELECT 2", "--output", "x.csv"]);
    assert!(String::from_utf8(two.stderr).unwrap().contains("the rows of 2 queries do not go into one file"));
}

#[test]
fn the_shell_keeps_temporary_tables() {
    use std::io::Write as _;
    use std::process::Stdio;
    let place = Place::new();
    let mut shell = place.command(&["shell"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let text = b"CREATE TEMP TABLE t AS SELECT 41 AS x;\nUPDATE t SET x = x + 1 WHERE TRUE;\nSELECT x FROM t;\n";
    shell.stdin.take().unwrap().write_all(text).unwrap();
    let output = shell.wait_with_output().unwrap();
    assert!(output.status.success());
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "x\n42\n");
}
