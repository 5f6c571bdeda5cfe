//! Every kind of bad input: what is said, what is published, what is set aside.

use super::fixture::{RELEASE, assert_complete, gzip, load_folder, manifest, options, outcome, source, write};
use bedside_load::{BadRows, Error, LoadOptions, Outcome, Report, plan};
use bedside_store::{RowState, Warehouse};
use sha2::Digest;
use std::fs;
use std::path::Path;

const PATIENTS: &str = "subject_id,gender,anchor_age,anchor_year,anchor_year_group,dod\n\
    10000001,F,50,2150,2011 - 2013,\n10000002,M,60,2151,2011 - 2013,2160-01-02\n";
/// Declared key: hadm_id, transfertime, curr_service.
const SERVICES: &str = "subject_id,hadm_id,transfertime,prev_service,curr_service\n\
    10000001,20000001,2150-01-01 00:00:00,,MED\n10000002,20000002,2151-01-01 00:00:00,MED,SURG\n";

const FILE: &str = "hosp/services.csv";

/// Loads patients beside `content` as the file `name`.
fn load_with(name: &str, content: &[u8], options: &LoadOptions) -> (tempfile::TempDir, Report) {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "hosp/patients.csv", PATIENTS);
    fs::write(folder.path().join(name), content).unwrap();
    let home = tempfile::tempdir().unwrap();
    let report = load_folder(folder.path(), home.path(), options);
    assert_eq!(outcome(&report, "hosp.patients"), "loaded 2", "the other table is published in any case");
    (home, report)
}

fn keep_going() -> LoadOptions {
    LoadOptions { bad_rows: BadRows::Quarantine, ..options() }
}

/// A file whose table is not published, and what is said.
#[track_caller]
fn refused(name: &str, content: &[u8], expected: &str) {
    let (home, report) = load_with(name, content, &options());
    assert_eq!(outcome(&report, "hosp.services"), format!("failed: {expected}"));
    let (_, error) = report.failures().next().unwrap();
    assert_eq!(error.code().exit(), 1);
    assert!(error.hint().is_some(), "{error}");
    assert!(manifest(home.path(), RELEASE).table("hosp", "services").is_none());
    assert!(!home.path().join("releases").join(RELEASE).join("hosp/services").join("patient").join("x").exists());
}

/// A row that stops the table, or is set aside alone with `--keep-going`.
#[track_caller]
fn bad_row(row: &str, line: u64, expected: &str) {
    let content = format!("{SERVICES}{row}\n10000003,20000003,2152-01-01 00:00:00,,MED\n");
    refused(FILE, content.as_bytes(), &format!("{FILE}, line {line}: {expected}"));
    let (home, report) = load_with(FILE, content.as_bytes(), &keep_going());
    assert_complete(&report);
    assert_eq!(outcome(&report, "hosp.services"), "loaded 3");
    let table = report.releases[0].tables.iter().find(|table| table.table == "hosp.services").unwrap();
    assert_eq!(table.quarantined, 1);
    let path = format!("quarantine/{RELEASE}/hosp.services.csv");
    assert_eq!(table.quarantine.as_deref(), Some(path.as_str()));
    let quarantine = fs::read_to_string(home.path().join(path)).unwrap();
    let header = SERVICES.lines().next().unwrap();
    let reason = expected.replace('"', "\"\"");
    assert_eq!(quarantine, format!("reason,line,{header}\n\"{reason}\",{line},{row}\n"));
    let entry = manifest(home.path(), RELEASE).table("hosp", "services").unwrap().clone();
    assert_eq!((entry.rows, entry.quarantined), (3, 1));
}

#[test]
fn bad_rows() {
    let time = "2150-02-01 00:00:00";
    bad_row(&format!("x1,20000009,{time},,MED"), 4, "column subject_id: `x1` is no INT64");
    bad_row(
        &format!("1,99999999999999999999,{time},,MED"),
        4,
        "column hadm_id: `99999999999999999999` is no INT64 (out of range)",
    );
    bad_row(
        "1,2,2150-02-30 00:00:00,,MED",
        4,
        "column transfertime: `2150-02-30 00:00:00` is no DATETIME (no such day)",
    );
    bad_row("1,2,yesterday,,MED", 4, "column transfertime: `yesterday` is no DATETIME");
    bad_row(&format!("1,2,{time},MED"), 4, "too few fields: 4 where the header has 5");
    bad_row(&format!("1,2,{time},,MED,more"), 4, "too many fields: 6 where the header has 5");
    bad_row(
        &format!("1,2,{time},5\" x,MED"),
        4,
        "column prev_service: a quote that neither opens nor closes the field",
    );
    bad_row("", 4, "an empty line between rows");
    // As in line 2.
    let repeat = "10000001,20000001,2150-01-01 00:00:00,X,MED";
    let content = format!("{SERVICES}{repeat}\n");
    refused(
        FILE,
        content.as_bytes(),
        "hosp/services.csv: key (hadm_id, transfertime, curr_service) is not unique: \
        1 row repeats a key: line 4: same as line 2",
    );
    let (home, report) = load_with(FILE, content.as_bytes(), &keep_going());
    assert_eq!(outcome(&report, "hosp.services"), "loaded 2");
    let quarantine = fs::read_to_string(home.path().join(format!("quarantine/{RELEASE}/hosp.services.csv"))).unwrap();
    assert!(quarantine.ends_with(&format!("that of an earlier row\",4,{repeat}\n")), "{quarantine}");
}

#[test]
fn quotes_that_never_close() {
    let open = "1,2,2150-02-01 00:00:00,\"MED,MED";
    let (at_end, looked) = (format!("{SERVICES}{open}\n"), "\"MED,MED\n".len());
    refused(
        FILE,
        at_end.as_bytes(),
        &format!("{FILE}, line 4: a quote opens here and does not close within {looked} bytes"),
    );
    // Far more than the look-ahead follows; only the line with the quote is lost.
    let mut long = at_end.into_bytes();
    for row in 0..500_000 {
        long.extend_from_slice(format!("1,{row},2150-02-01 00:00:00,,MED\n").as_bytes());
    }
    let (_, report) = load_with(FILE, &long, &options());
    let text = outcome(&report, "hosp.services");
    assert!(text.starts_with("failed: hosp/services.csv, line 4: a quote opens here"), "{text}");
    let (_, report) = load_with(FILE, &long, &keep_going());
    assert_eq!(outcome(&report, "hosp.services"), "loaded 500002");
}

#[test]
fn files_that_cannot_be_read() {
    let packed = gzip(SERVICES.as_bytes());
    let name = "hosp/services.csv.gz";
    refused(FILE, b"", "hosp/services.csv: the file is empty, not even a header");
    refused(name, &packed[..packed.len() - 9], "hosp/services.csv.gz: it ends in the middle; a part of it is missing");
    refused(name, SERVICES.as_bytes(), "hosp/services.csv.gz: it is damaged: it is named .gz, but is no gzip file");
    refused(
        FILE,
        b"subject_id,hadm_id\n1,2\n",
        "hosp/services.csv: columns missing: transfertime, prev_service, curr_service",
    );
    let twice = SERVICES
        .replacen("prev_service", "subject_id,prev_service", 1)
        .replace(",,MED", ",9,,MED")
        .replace(",MED,", ",9,MED,");
    refused(FILE, twice.as_bytes(), "hosp/services.csv, line 1: column subject_id appears twice");
    let malformed = SERVICES.replacen("subject_id,hadm_id", "\"subject_id, \"hadm_id\"", 1);
    refused(FILE, malformed.as_bytes(), "hosp/services.csv, line 1: malformed header: a stray quote in field 1");
    refused(
        FILE,
        &SERVICES.as_bytes().iter().map(|b| if *b == b'D' { 0 } else { *b }).collect::<Vec<_>>(),
        "hosp/services.csv, line 2: column curr_service: a NUL byte",
    );
    refused(
        FILE,
        &SERVICES.as_bytes().iter().map(|b| if *b == b'D' { 0xff } else { *b }).collect::<Vec<_>>(),
        "hosp/services.csv, line 2: column curr_service: `ME\u{fffd}` is not UTF-8",
    );
}

/// A file that is loaded, with these warnings.
#[track_caller]
fn accepted(content: &str, rows: u64, warnings: &[&str]) {
    let (home, report) = load_with(FILE, content.as_bytes(), &options());
    assert_complete(&report);
    assert_eq!(outcome(&report, "hosp.services"), format!("loaded {rows}"));
    let entry = manifest(home.path(), RELEASE).table("hosp", "services").unwrap().clone();
    assert_eq!(entry.warnings, warnings);
    assert_eq!(entry.row_state, RowState::Unknown);
}

#[test]
fn oddities_that_are_accepted() {
    accepted(SERVICES, 2, &[]);
    accepted(&format!("\u{feff}{}", SERVICES.replace('\n', "\r\n")), 2, &[]);
    accepted(&SERVICES.replacen("subject_id,hadm_id", "\"SUBJECT_ID\", Hadm_ID ", 1), 2, &[]);
    accepted(SERVICES.lines().next().unwrap(), 0, &[]);
    accepted(&format!("{SERVICES}\n\n"), 2, &[]);
    let header = "\"subject_id, \"hadm_id\", \"transfertime\", \"prev_service\", \"curr_service\"\n";
    accepted(header, 0, &["malformed header (a stray quote in field 1), but the file has no rows"]);
    let more = SERVICES
        .replace(",curr_service\n", ",curr_service,floor\n")
        .replace("MED\n", "MED,5\n")
        .replace("SURG\n", "SURG,\n");
    accepted(
        &more,
        2,
        &["column floor is not in mimiciv-2.2; loaded as STRING"].map(newest).each_ref().map(String::as_str),
    );
    let without = format!("{SERVICES},20000003,2150-01-01 00:00:00,,MED\n");
    accepted(&without, 3, &["column subject_id is NOT NULL but has 1 NULL, the first in line 4"]);
}

/// Local copies follow the newest schema.
fn newest(text: &str) -> String {
    text.replace("mimiciv-2.2", "mimiciv-3.1")
}

#[test]
fn checksums_are_compared() {
    let sum = sha256;
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "hosp/patients.csv", PATIENTS);
    write(folder.path(), FILE, SERVICES);
    let list = |services: &str| format!("{}  hosp/patients.csv\n{}  {FILE}\n", sum(PATIENTS), sum(services));
    write(folder.path(), "SHA256SUMS.txt", list("other"));
    let home = tempfile::tempdir().unwrap();
    let report = load_folder(folder.path(), home.path(), &options());
    assert_eq!(
        outcome(&report, "hosp.services"),
        format!("failed: {FILE}: wrong checksum: expected {}, found {}", sum("other"), sum(SERVICES))
    );
    assert_eq!(outcome(&report, "hosp.patients"), "loaded 2");
    // Once the list fits, only the missing table is loaded.
    write(folder.path(), "SHA256SUMS.txt", list(SERVICES));
    let report = load_folder(folder.path(), home.path(), &options());
    assert_eq!(outcome(&report, "hosp.services"), "loaded 2");
    assert_eq!(outcome(&report, "hosp.patients"), "there 2");
    // A truncated download is above all not the published file.
    let packed = gzip(SERVICES.as_bytes());
    fs::remove_file(folder.path().join(FILE)).unwrap();
    fs::write(folder.path().join("hosp/services.csv.gz"), &packed[..packed.len() - 4]).unwrap();
    write(folder.path(), "SHA256SUMS.txt", format!("{}  hosp/services.csv.gz\n", sum("x")));
    let text = outcome(&load_folder(folder.path(), home.path(), &options()), "hosp.services");
    assert!(text.contains("wrong checksum"), "{text}");
    // What was published before stays.
    assert_eq!(manifest(home.path(), RELEASE).table("hosp", "services").unwrap().rows, 2);
}

#[test]
fn row_counts_are_compared_with_the_published_ones() {
    let options = LoadOptions { release: Some("mimiciv-2.2".parse().unwrap()), ..options() };
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), FILE, SERVICES);
    let home = tempfile::tempdir().unwrap();
    assert_complete(&load_folder(folder.path(), home.path(), &options));
    let entry = manifest(home.path(), "mimiciv-2.2").table("hosp", "services").unwrap().clone();
    assert_eq!(entry.row_state, RowState::NotAsPublished);
    assert!(entry.warnings[0].starts_with("rows: not as published: 2, "), "{:?}", entry.warnings);
    // With a checksum that says it is the published file, it is an error.
    let sum = sha256(SERVICES);
    write(folder.path(), "SHA256SUMS.txt", format!("{sum}  {FILE}\n"));
    let home = tempfile::tempdir().unwrap();
    let text = outcome(&load_folder(folder.path(), home.path(), &options), "hosp.services");
    assert!(text.contains("2 rows, but the published file has"), "{text}");
}

#[test]
fn keys_that_are_only_observed_are_warned_of() {
    // hadm_id, drg_type.
    let drg =
        "subject_id,hadm_id,drg_type,drg_code,description,drg_severity,drg_mortality\n1,2,HCFA,1,x,,\n1,2,HCFA,2,y,,\n";
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "hosp/drgcodes.csv", drg);
    write(folder.path(), "hosp/patients.csv", PATIENTS);
    let home = tempfile::tempdir().unwrap();
    assert_complete(&load_folder(folder.path(), home.path(), &options()));
    let entry = manifest(home.path(), RELEASE).table("hosp", "drgcodes").unwrap().clone();
    assert_eq!(entry.warnings, ["key (hadm_id, drg_type) repeats in 1 rows: line 3: same as line 2"]);
}

#[test]
fn folders_that_are_no_release() {
    let check = |files: &[(&str, &str)], expected: &str| {
        let folder = tempfile::tempdir().unwrap();
        for (name, content) in files {
            write(folder.path(), name, content);
        }
        let home = tempfile::tempdir().unwrap();
        let warehouse = Warehouse::open(home.path()).unwrap();
        let options = LoadOptions { release: None, ..options() };
        let error = plan(&source(folder.path()), &warehouse, &options).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
        assert_eq!(error.code().exit(), 1);
        assert!(error.hint().is_some());
    };
    check(&[("notes.txt", "x"), ("sheet.csv", "a,b\n")], "no table of MIMIC");
    check(&[("hosp/patients.csv", PATIENTS), ("hosp/patients.csv.gz", PATIENTS)], "patients");
    let callout = "ROW_ID,SUBJECT_ID\n";
    check(&[("emar.csv", "subject_id,emar_id\n"), ("CALLOUT.csv", callout)], "mixed");
}

#[test]
fn the_same_table_in_two_folders_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    for part in ["a", "b"] {
        write(&folder.path().join(part), "hosp/patients.csv", PATIENTS);
    }
    let home = tempfile::tempdir().unwrap();
    let error = plan(&source(folder.path()), &Warehouse::open(home.path()).unwrap(), &options()).unwrap_err();
    assert!(matches!(error, Error::TableTwice { .. }), "{error}");
    assert_eq!(
        error.to_string(),
        format!("{RELEASE}: table hosp.patients is there twice: a/hosp/patients.csv and b/hosp/patients.csv")
    );
}

#[test]
fn a_file_that_changes_while_it_is_read_is_not_published() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), FILE, SERVICES);
    let path = folder.path().join(FILE);
    let home = tempfile::tempdir().unwrap();
    let report = super::fixture::load_watched(folder.path(), home.path(), &options(), &|event| {
        // Again and again: a file that grows for ever must not be read for ever.
        if let bedside_load::Event::BytesRead { .. } = event {
            append(&path);
        }
    });
    let text = outcome(&report, "hosp.services");
    assert!(text.contains("changed while it was read"), "{text}");
}

fn sha256(text: &str) -> String {
    let digest = sha2::Sha256::digest(text.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}

fn append(path: &Path) {
    let mut content = fs::read(path).unwrap();
    content.extend_from_slice(b"10000003,20000003,2152-01-01 00:00:00,,MED\n");
    fs::write(path, content).unwrap();
}

#[cfg(unix)]
#[test]
fn a_home_without_write_permission_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), FILE, SERVICES);
    let home = tempfile::tempdir().unwrap();
    let warehouse = Warehouse::open(home.path()).unwrap();
    let plans = plan(&source(folder.path()), &warehouse, &options()).unwrap();
    fs::set_permissions(home.path(), fs::Permissions::from_mode(0o500)).unwrap();
    if fs::write(home.path().join("probe"), "").is_ok() {
        eprintln!("skipped: this user may write everywhere");
        return;
    }
    let stop = std::sync::atomic::AtomicBool::new(false);
    let report = bedside_load::load(&source(folder.path()), &plans, &warehouse, &options(), &|_| {}, &stop);
    fs::set_permissions(home.path(), fs::Permissions::from_mode(0o700)).unwrap();
    let error = report.releases[0].error.as_ref().unwrap();
    assert!(error.to_string().contains("no permission"), "{error}");
}

#[test]
fn too_little_space_is_told_before_anything_is_written() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), FILE, SERVICES);
    let home = tempfile::tempdir().unwrap();
    let warehouse = Warehouse::open(home.path()).unwrap();
    let mut plans = plan(&source(folder.path()), &warehouse, &options()).unwrap();
    plans[0].needed_bytes = u64::MAX;
    let stop = std::sync::atomic::AtomicBool::new(false);
    let report = bedside_load::load(&source(folder.path()), &plans, &warehouse, &options(), &|_| {}, &stop);
    assert!(matches!(report.releases[0].error, Some(Error::NoSpace { .. })));
    assert!(report.releases[0].tables.iter().all(|table| matches!(table.outcome, Outcome::Failed(_))));
    assert!(warehouse.releases().unwrap().is_empty());
}
