use super::{Evidence, FileEvidence, MARKER_FILE, RecognitionError, recognise, tables_to_count};
use crate::catalogue;
use crate::model::Release;
use bedside_types::ErrorCode;

fn release(id: &str) -> &'static Release {
    catalogue().release(&id.parse().unwrap()).unwrap()
}

/// Files as published, headers included, rows not counted.
fn files(id: &str) -> Vec<FileEvidence> {
    let tables = release(id).tables.iter();
    tables
        .map(|table| FileEvidence {
            path: table.file.clone(),
            columns: Some(table.columns.iter().map(|column| column.name.clone()).collect()),
            rows: None,
        })
        .collect()
}

fn evidence(names: &[&str], files: Vec<FileEvidence>) -> Evidence<'static> {
    let names = names.iter().map(|name| (*name).to_owned()).collect();
    Evidence { names, files, fingerprint: "1a2b3c4d".to_owned(), ..Evidence::default() }
}

/// Fills in the published counts of a release for the tables that are asked for, as a caller who counts would.
fn count(evidence: &mut Evidence<'_>, id: &str) {
    for index in tables_to_count(evidence) {
        let file = &mut evidence.files[index];
        let table = release(id).tables.iter().find(|table| table.file == file.path).unwrap();
        file.rows = table.rows.as_ref().map(|count| count.rows);
    }
}

/// Expected: release, schema and reason.
fn check(evidence: &Evidence<'_>, id: &str, schema: &str, reason: &str) {
    let found = recognise(evidence).unwrap();
    assert_eq!((found.release.as_str(), found.schema.id.as_str(), found.reason.as_str()), (id, schema, reason));
}

fn check_error(evidence: &Evidence<'_>, text: &str, code: ErrorCode) -> RecognitionError {
    let error = recognise(evidence).unwrap_err();
    assert_eq!((error.to_string().as_str(), error.code()), (text, code));
    assert!(error.hint().is_some());
    error
}

#[test]
fn every_release_is_recognised_by_its_published_folder_name() {
    for (name, id) in [
        ("mimic-iii-clinical-database-1.4", "mimiciii-1.4"),
        ("mimic-iii-clinical-database-demo-1.4", "mimiciii-demo-1.4"),
        ("mimiciv/1.0", "mimiciv-1.0"),
        ("mimiciv/2.0", "mimiciv-2.0"),
        ("mimiciv/2.1", "mimiciv-2.1"),
        ("mimic-iv-2.2", "mimiciv-2.2"),
        ("mimic-iv-3.0", "mimiciv-3.0"),
        ("mimic-iv-3.1", "mimiciv-3.1"),
        ("mimic-iv-clinical-database-demo-2.2", "mimiciv-demo-2.2"),
        ("mimic-iv-ed/1.0", "mimiciv-ed-1.0"),
        ("mimic-iv-ed-2.0", "mimiciv-ed-2.0"),
        ("mimic-iv-ed-2.2", "mimiciv-ed-2.2"),
        ("mimic-iv-ed-demo-2.2", "mimiciv-ed-demo-2.2"),
        ("mimic-iv-note-2.2", "mimiciv-note-2.2"),
    ] {
        let evidence = evidence(&["/data", name], files(id));
        check(&evidence, id, id, &format!("folder name {name}"));
        let found = recognise(&evidence).unwrap();
        assert_eq!(found.files.len(), release(id).tables.len(), "{id}");
        assert_eq!((found.ignored, found.hint), (vec![], None), "{id}");
        assert_eq!(tables_to_count(&evidence), [0; 0], "{id}");
    }
}

#[test]
fn every_release_is_recognised_by_content_and_row_counts_alone() {
    for release in catalogue().releases() {
        let id = release.id.as_str();
        let mut evidence = evidence(&["/data/unnamed"], files(id));
        count(&mut evidence, id);
        let found = recognise(&evidence).unwrap();
        assert_eq!(found.release.as_str(), id, "{}", found.reason);
        assert_eq!(found.hint, None, "{id}");
    }
}

#[test]
fn a_release_with_columns_of_its_own_needs_no_counts() {
    check(&evidence(&["x"], files("mimiciv-1.0")), "mimiciv-1.0", "mimiciv-1.0", "tables and columns");
    check(&evidence(&["x"], files("mimiciv-note-2.2")), "mimiciv-note-2.2", "mimiciv-note-2.2", "tables and columns");
    check(&evidence(&["x"], files("mimiciv-ed-1.0")), "mimiciv-ed-1.0", "mimiciv-ed-1.0", "tables and columns");
}

#[test]
fn releases_that_share_a_schema_are_told_apart_by_counts_or_load_as_a_local_copy() {
    let mut same = evidence(&["/data/mimic"], files("mimiciv-3.0"));
    let several = "tables, columns and row counts fit mimiciv-2.2, mimiciv-3.0, mimiciv-3.1, mimiciv-demo-2.2";
    check(&same, "mimiciv-local-1a2b3c4d", "mimiciv-3.1", several);
    assert!(recognise(&same).unwrap().hint.unwrap().contains("--release mimiciv-"));
    let asked: Vec<_> = tables_to_count(&same).into_iter().map(|index| same.files[index].path.clone()).collect();
    let small = ["hosp/d_labitems.csv.gz", "hosp/drgcodes.csv.gz", "hosp/patients.csv.gz", "icu/icustays.csv.gz"];
    assert_eq!(asked, small);
    count(&mut same, "mimiciv-3.0");
    let counts =
        "row counts of hosp.d_labitems (1650), hosp.drgcodes (761860), hosp.patients (364627), icu.icustays (94458)";
    check(&same, "mimiciv-3.0", "mimiciv-3.0", counts);

    // Without drgcodes 3.0 and 3.1 are the same as far as small tables tell.
    same.files.retain(|file| !file.path.contains("drgcodes"));
    let both = "tables, columns and row counts fit mimiciv-3.0, mimiciv-3.1";
    check(&same, "mimiciv-local-1a2b3c4d", "mimiciv-3.1", both);
    assert_eq!(
        recognise(&same).unwrap().hint.as_deref(),
        Some("if it is a published release, name it, for example --release mimiciv-3.1")
    );

    // A copy scaled a hundred times.
    let mut scaled = evidence(&["/data/mimic-iv-demo-x100"], files("mimiciv-demo-2.2"));
    for index in tables_to_count(&scaled) {
        scaled.files[index].rows = Some(14_000);
    }
    let none =
        "tables and columns fit mimiciv-2.2, mimiciv-3.0, mimiciv-3.1, mimiciv-demo-2.2, row counts none of them";
    check(&scaled, "mimiciv-local-1a2b3c4d", "mimiciv-3.1", none);
}

#[test]
fn a_changed_copy_takes_the_nearest_schema() {
    let mut changed = evidence(&[], files("mimiciv-1.0"));
    changed.files[0].columns.as_mut().unwrap().push("my_flag".to_owned());
    let reason = "tables and columns fit no published release; mimiciv-1.0 is nearest";
    check(&changed, "mimiciv-local-1a2b3c4d", "mimiciv-1.0", reason);
    let mut changed = evidence(&[], files("mimiciv-2.2"));
    changed.files[3].columns.as_mut().unwrap().push("my_flag".to_owned());
    let reason = "tables and columns fit no published release; mimiciv-3.1 is nearest";
    check(&changed, "mimiciv-local-1a2b3c4d", "mimiciv-3.1", reason);
}

#[test]
fn evidence_is_heard_in_order() {
    let marker = r#"{"release":"mimiciv-synth-1-100-7","generator":1,"patients":100,"seed":7,"schema":"mimiciv-2.2"}"#;
    let changelog = Some("# MIMIC-IV v3.0\n# MIMIC-IV v2.2\n");
    let mut all = evidence(&["mimic-iv-2.2"], files("mimiciv-2.2"));
    (all.wanted, all.marker, all.changelog) = (Some("mimiciv-3.1".parse().unwrap()), Some(marker), changelog);
    count(&mut all, "mimiciv-2.2");
    check(&all, "mimiciv-3.1", "mimiciv-3.1", "--release");
    all.wanted = None;
    check(&all, "mimiciv-synth-1-100-7", "mimiciv-2.2", &format!("marker file {MARKER_FILE}"));
    all.marker = None;
    check(&all, "mimiciv-2.2", "mimiciv-2.2", "folder name mimic-iv-2.2");
    all.names = vec!["mimic".to_owned()];
    check(&all, "mimiciv-3.0", "mimiciv-3.0", "CHANGELOG.txt");
    all.changelog = Some("nothing");
    count(&mut all, "mimiciv-2.2");
    assert_eq!(recognise(&all).unwrap().release.as_str(), "mimiciv-2.2");
}

#[test]
fn the_user_may_name_a_release_of_any_kind() {
    for (wanted, id, schema) in [
        ("mimiciv-2.2", "mimiciv-3.1", "mimiciv-2.2"),
        ("mimiciv-demo-2.2", "mimiciv-3.1", "mimiciv-demo-2.2"),
        ("mimiciv-local-feedbeef", "mimiciv-1.0", "mimiciv-1.0"),
        ("mimiciv-local-feedbeef", "mimiciv-2.2", "mimiciv-3.1"),
        ("mimiciv-synth-1-5-7", "mimiciv-2.2", "mimiciv-3.1"),
        ("mimiciv-ed-local-feedbeef", "mimiciv-ed-2.0", "mimiciv-ed-2.2"),
    ] {
        let mut evidence = evidence(&[], files(id));
        evidence.wanted = Some(wanted.parse().unwrap());
        let found = recognise(&evidence).unwrap();
        assert_eq!((found.release.as_str(), found.schema.id.as_str()), (wanted, schema));
        assert_eq!(tables_to_count(&evidence), [0; 0]);
    }
}

#[test]
fn a_name_that_the_files_contradict_is_kept_and_said() {
    let reason = "folder name mimic-iv-3.1, but core/admissions.csv.gz has no column admit_provider_id";
    let old = evidence(&["mimic-iv-3.1"], files("mimiciv-1.0"));
    check(&old, "mimiciv-3.1", "mimiciv-3.1", reason);
    let hint = "the columns are those of mimiciv-1.0: if it is that, load it with --release mimiciv-1.0";
    assert_eq!(recognise(&old).unwrap().hint.as_deref(), Some(hint));

    let mut lacking = evidence(&["mimic-iv-3.1"], files("mimiciv-3.1"));
    lacking.files[1].columns.as_mut().unwrap().remove(0);
    check(
        &lacking,
        "mimiciv-3.1",
        "mimiciv-3.1",
        "folder name mimic-iv-3.1, but hosp/d_hcpcs.csv.gz has no column code",
    );
    assert_eq!(recognise(&lacking).unwrap().hint, None);
}

#[test]
fn names_of_another_family_or_of_no_release_do_not_count() {
    let mut ed = evidence(&["/data/mimic-iv-3.1"], files("mimiciv-ed-2.2"));
    ed.changelog = Some("# MIMIC-IV v2.0");
    count(&mut ed, "mimiciv-ed-2.2");
    check(&ed, "mimiciv-ed-2.2", "mimiciv-ed-2.2", "row counts of ed.edstays (425087)");

    let newer = evidence(&["mimic-iv-9.9"], files("mimiciv-1.0"));
    let reason = "tables and columns, and folder name mimic-iv-9.9 is no release that is known";
    check(&newer, "mimiciv-1.0", "mimiciv-1.0", reason);

    let mut later = evidence(&[], files("mimiciv-3.1"));
    later.changelog = Some("# v4.0\n# v3.1\n");
    assert_eq!(recognise(&later).unwrap().release.as_str(), "mimiciv-local-1a2b3c4d");
}

#[test]
fn a_demo_without_a_version_is_the_demo_unless_counts_say_otherwise() {
    let mut demo = evidence(&["mimic-iv-demo"], files("mimiciv-demo-2.2"));
    check(&demo, "mimiciv-demo-2.2", "mimiciv-demo-2.2", "folder name mimic-iv-demo");
    let patients = demo.files.iter_mut().find(|file| file.path.contains("patients")).unwrap();
    patients.rows = Some(10_000);
    let reason = "tables and columns fit mimiciv-demo-2.2, row counts none of them";
    check(&demo, "mimiciv-local-1a2b3c4d", "mimiciv-3.1", reason);
}

/// Paths alone, as from a listing: no headers.
fn bare(paths: &[&str]) -> Vec<FileEvidence> {
    paths.iter().map(|path| FileEvidence { path: (*path).to_owned(), ..FileEvidence::default() }).collect()
}

#[test]
fn files_are_matched_in_any_case_at_any_depth() {
    let found = recognise(&evidence(
        &["mimic-iv-3.1"],
        bare(&[
            "LICENSE.txt",
            "a/HOSP/ADMISSIONS.CSV",
            "b\\icu\\chartevents.csv.gz",
            "demo_subject_id.csv",
            "hosp/mine.csv",
        ]),
    ))
    .unwrap();
    let owned = |index, module: &str, table: &str| (index, module.to_owned(), table.to_owned());
    assert_eq!(found.files, [owned(1, "hosp", "admissions"), owned(2, "icu", "chartevents")]);
    assert_eq!(found.ignored, [4]);

    // In 1.0 the same table is in core.
    let found = recognise(&evidence(&["mimiciv/1.0"], bare(&["x/patients.csv"]))).unwrap();
    assert_eq!(found.files, [owned(0, "core", "patients")]);
    // MIMIC-III and IV share names; capitals tell, then a name.
    let found = recognise(&evidence(&[], bare(&["PATIENTS.csv", "ADMISSIONS.csv"]))).unwrap();
    assert_eq!(found.schema.id.as_str(), "mimiciii-1.4");
    let found = recognise(&evidence(&["mimiciii/1.4"], bare(&["patients.csv", "admissions.csv"]))).unwrap();
    assert_eq!(found.release.as_str(), "mimiciii-1.4");
    let found = recognise(&evidence(&[], bare(&["patients.csv", "admissions.csv"]))).unwrap();
    assert_eq!(found.schema.id.as_str(), "mimiciv-3.1");
}

#[test]
fn a_header_with_a_broken_quote_still_fits() {
    let mut demo = evidence(&[], files("mimiciii-demo-1.4"));
    let notes = demo.files.iter_mut().find(|file| file.path == "NOTEEVENTS.csv").unwrap();
    let header = [
        "row_id, subject_id\"",
        " \"hadm_id\"",
        " \"chartdate\"",
        " \"charttime\"",
        " \"storetime\"",
        " \"category\"",
        " \"description\"",
        " \"cgid\"",
        " \"iserror\"",
        " \"text\"",
    ];
    notes.columns = Some(header.map(str::to_owned).to_vec());
    count(&mut demo, "mimiciii-demo-1.4");
    let reason = "row counts of clinical.admissions (129), clinical.icustays (136), clinical.patients (100)";
    check(&demo, "mimiciii-demo-1.4", "mimiciii-demo-1.4", reason);
}

#[test]
fn what_is_no_single_release_is_refused() {
    let none = evidence(&["/home/a"], bare(&["a.csv", "notes.txt", "b.csv", "c.csv"]));
    check_error(&none, "no table of MIMIC among 4 files (a.csv, notes.txt, b.csv, …)", ErrorCode::InvalidData);
    check_error(&evidence(&[], vec![]), "no table of MIMIC among 0 files", ErrorCode::InvalidData);

    let twice = evidence(&["mimic-iv-3.1"], bare(&["hosp/omr.csv", "hosp/omr.csv.gz"]));
    let text = "table hosp.omr comes twice: hosp/omr.csv and hosp/omr.csv.gz";
    check_error(&twice, text, ErrorCode::InvalidData);

    let mixed = evidence(&["mimic-iv-3.1"], bare(&["emar.csv", "poe.csv", "CALLOUT.csv"]));
    let text =
        "files of two releases are mixed: emar.csv is of MIMIC-IV, CALLOUT.csv is of MIMIC-III Clinical Database";
    check_error(&mixed, text, ErrorCode::InvalidData);

    let mut versions = files("mimiciv-2.2");
    versions.retain(|file| file.path.starts_with("icu/"));
    let mut old = files("mimiciv-1.0");
    old.retain(|file| file.path.contains("admissions"));
    versions.extend(old);
    let text = "files of two releases are mixed: icu/caregiver.csv.gz is of mimiciv-2.2 to mimiciv-3.1, \
                core/admissions.csv.gz is of mimiciv-1.0";
    check_error(&evidence(&["x"], versions), text, ErrorCode::InvalidData);

    let mut iii = files("mimiciii-1.4");
    iii.retain(|file| file.path == "PATIENTS.csv.gz");
    iii.extend(files("mimiciv-2.2").into_iter().filter(|file| file.path == "hosp/omr.csv.gz"));
    let text = "files of two releases are mixed: PATIENTS.csv.gz is of mimiciii-1.4, hosp/omr.csv.gz is of mimiciv-2.0 to \
                mimiciv-3.1";
    check_error(&evidence(&["x"], iii), text, ErrorCode::InvalidData);
}

#[test]
fn a_wrong_demand_is_refused_with_the_nearest_name() {
    let mut asked = evidence(&[], files("mimiciv-3.1"));
    for (wanted, text, code, hint) in [
        (
            "mimiciv-3.2",
            "release `mimiciv-3.2` does not exist",
            ErrorCode::NotFound,
            "did you mean --release mimiciv-3.1?",
        ),
        (
            "omop-5",
            "release `omop-5` does not exist",
            ErrorCode::NotFound,
            "known are mimiciii-1.4, mimiciii-demo-1.4, mimiciv-1.0, mimiciv-2.0, mimiciv-2.1, mimiciv-2.2, mimiciv-3.0, \
             mimiciv-3.1, mimiciv-demo-2.2, mimiciv-ed-1.0, mimiciv-ed-2.0, mimiciv-ed-2.2, mimiciv-ed-demo-2.2, \
             mimiciv-note-2.2; a copy of your own is --release <family>-local-<8 hex digits>",
        ),
        (
            "mimiciv-ed-2.2",
            "none of the files is a table of mimiciv-ed-2.2: they are hosp/admissions.csv.gz, hosp/d_hcpcs.csv.gz, \
             hosp/diagnoses_icd.csv.gz, …",
            ErrorCode::InvalidQuery,
            "leave --release out to have it recognised",
        ),
    ] {
        asked.wanted = Some(wanted.parse().unwrap());
        let error = check_error(&asked, text, code);
        assert_eq!(error.hint().as_deref(), Some(hint));
        assert_eq!(tables_to_count(&asked), [0; 0]);
    }
}

#[test]
fn a_damaged_marker_is_refused() {
    for (marker, why) in [
        ("", "EOF while parsing a value at line 1 column 0"),
        ("{}", "missing field `release` at line 1 column 2"),
        (r#"{"release":"mimiciv-3.1"}"#, "`mimiciv-3.1` is no synthetic release"),
        (r#"{"release":"mimiciv-synth-1-5-7","schema":"mimiciv-9"}"#, "schema `mimiciv-9` is no published release"),
    ] {
        let mut damaged = evidence(&[], files("mimiciv-2.2"));
        damaged.marker = Some(marker);
        check_error(&damaged, &format!("the marker file {MARKER_FILE} is damaged: {why}"), ErrorCode::InvalidData);
    }
    let mut whole = evidence(&["mimic-iv-2.2"], files("mimiciv-2.2"));
    whole.marker = Some(r#"{"release":"mimiciv-synth-1-5-7"}"#);
    check(&whole, "mimiciv-synth-1-5-7", "mimiciv-3.1", &format!("marker file {MARKER_FILE}"));
}
