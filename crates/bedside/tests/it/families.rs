//! MIMIC-IV and MIMIC-III in one home: names that both have, items of both, the code list of one.

use crate::harness::{Place, without_numbers, write};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;

const LIST: &str = "\
icd9_code,ccs_level1,ccs_group1,ccs_level2,ccs_group2,ccs_level3,ccs_group3,ccs_level4,ccs_group4
4280 ,7,Diseases of the circulatory system,7.2,Diseases of the heart,7.2.11,Heart failure [108.],,
";

/// Five synthetic patients of MIMIC-IV and, by hand, one of MIMIC-III with heart rates of both bedside systems.
fn both() -> Place {
    let place = Place::new();
    place.stdout(&["synth", "--patients", "5", "--seed", "3", "--out", "four"]);
    place.stdout(&["load", "four", "--no-concepts"]);
    mimiciii(&place);
    place
}

fn mimiciii(place: &Place) {
    write(
        place,
        "three/D_ITEMS.csv",
        "ROW_ID,ITEMID,LABEL,ABBREVIATION,DBSOURCE,LINKSTO,CATEGORY,UNITNAME,PARAM_TYPE,CONCEPTID\n\
         1,211,Heart Rate,,carevue,chartevents,,,,\n\
         2,220045,Heart Rate,HR,metavision,chartevents,Routine Vital Signs,bpm,Numeric,\n",
    );
    write(
        place,
        "three/PATIENTS.csv",
        "ROW_ID,SUBJECT_ID,GENDER,DOB,DOD,DOD_HOSP,DOD_SSN,EXPIRE_FLAG\n1,7,F,2070-01-01 00:00:00,,,,0\n",
    );
    write(
        place,
        "three/CHARTEVENTS.csv",
        "ROW_ID,SUBJECT_ID,HADM_ID,ICUSTAY_ID,ITEMID,CHARTTIME,STORETIME,CGID,VALUE,VALUENUM,VALUEUOM,WARNING,ERROR,\
         RESULTSTATUS,STOPPED\n\
         1,7,100001,200001,211,2130-01-01 09:00:00,,,80,80,BPM,,,,NotStopd\n\
         2,7,100001,200001,211,2130-01-01 10:00:00,,,82,82,BPM,,,,NotStopd\n\
         3,7,100001,200001,220045,2130-01-01 11:00:00,,,84,84,bpm,0,0,,\n",
    );
    place.stdout(&["load", "three", "--release", "mimiciii-1.4", "--no-concepts"]);
}

#[test]
fn a_name_that_both_have_is_written_with_its_dataset() {
    let place = both();
    insta::assert_snapshot!("families-ambiguous", place.transcript(&["concepts", "show", "sofa"]));
    let only = |names: &'static str| ["concepts", "build", "--only", names];
    insta::assert_snapshot!("families-ambiguous-build", place.transcript(&only("height,sofa")));
    assert!(place.stdout(&["concepts", "show", "mimiciii_derived.sofa"]).contains("mimiciii_derived.labs_first_day"));
    assert!(place.stdout(&["concepts", "show", "mimiciv_derived.sofa"]).contains("mimiciv_icu.icustays"));
    // One that a single family has needs no dataset; a dataset to build decides too.
    assert!(place.stdout(&["concepts", "show", "sepsis3"]).contains("mimiciv_derived.sofa"));
    assert!(place.stdout(&["concepts", "graph", "labs_first_day"]).contains("mimiciii_clinical.labevents"));
    assert!(place.stdout(&["concepts", "graph", "mimiciii_derived"]).contains("pivoted_sofa\n"));
    let built = |arguments: &[&str]| without_numbers(&place.transcript(arguments));
    insta::assert_snapshot!(
        "families-build",
        built(&["concepts", "build", "mimiciv_derived", "--only", "code_status"])
    );
    insta::assert_snapshot!("families-build-skipped", built(&only("mimiciii_derived.pivoted_icp,ccs_dx")));
    insta::assert_snapshot!("families-unknown", place.transcript(&["concepts", "show", "mimiciii_derived.sepsis3"]));
    insta::assert_snapshot!("families-no-dataset", place.transcript(&["concepts", "show", "mimiciii_clinical.sofa"]));
}

#[test]
fn with_one_family_a_name_means_its_table() {
    let place = Place::new();
    mimiciii(&place);
    assert!(place.stdout(&["concepts", "show", "sofa"]).contains("mimiciii_derived.labs_first_day"));
    let listed = place.stdout(&["concepts", "list", "--format", "csv"]);
    assert_eq!(listed.lines().count(), 86, "{listed}");
    insta::assert_snapshot!("families-absent", place.transcript(&["concepts", "build", "--only", "sepsis3"]));
}

#[test]
fn items_of_both_are_found_with_their_system() {
    let place = both();
    let shown = |arguments: &[&str]| {
        let arguments = [arguments, &["--format", "table"]].concat();
        without_numbers(&place.transcript(&arguments))
    };
    insta::assert_snapshot!("families-search", shown(&["search", "heart", "rate"]));
    insta::assert_snapshot!("families-describe-item", shown(&["describe", "220045"]));
    insta::assert_snapshot!("families-describe-211", shown(&["describe", "211"]));
}

#[test]
fn a_query_reads_both() {
    let place = both();
    let sql = "SELECT COUNT(DISTINCT iii.subject_id) AS iii, COUNT(DISTINCT iv.subject_id) AS iv \
               FROM mimiciii_clinical.chartevents AS iii JOIN `physionet-data.mimiciv_icu.chartevents` AS iv USING (itemid)";
    assert_eq!(place.stdout(&["query", "--format", "csv", sql]), "iii,iv\n1,5\n");
}

#[test]
fn the_code_list_is_given_once() {
    let place = both();
    write(&place, "list.csv", LIST);
    let build = ["concepts", "build", "--only", "ccs_dx"];
    let shown = |arguments: &[&str]| without_numbers(&place.transcript(arguments));
    insta::assert_snapshot!("ccs-given", shown(&[&build[..], &["--ccs", "list.csv"]].concat()));
    std::fs::remove_file(place.work().join("list.csv")).unwrap();
    insta::assert_snapshot!("ccs-kept", shown(&build));
    let described = place.transcript(&["describe", "ccs_multi_dx", "--format", "table"]);
    assert!(described.contains("from the code list kept as lists/ccs.csv (SHA-256 "), "{described}");
}

#[test]
fn a_file_that_is_no_code_list() {
    let place = both();
    write(&place, "columns.csv", "code,label\n4280,Heart failure\n");
    write(&place, "row.csv", &format!("{LIST}4281 ,7\n"));
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(LIST.as_bytes()).unwrap();
    let packed = packed.finish().unwrap();
    std::fs::write(place.work().join("cut.csv.gz"), &packed[..packed.len() / 2]).unwrap();
    for (name, file) in [
        ("columns", "columns.csv"),
        ("row", "row.csv"),
        ("cut", "cut.csv.gz"),
        ("folder", "three"),
        ("missing", "nowhere.csv"),
        ("address", "https://example.org/"),
    ] {
        let transcript = place.transcript(&["load", "three", "--release", "mimiciii-1.4", "--ccs", file]);
        assert!(transcript.contains("\nexit 1\n"), "{transcript}");
        insta::assert_snapshot!(format!("ccs-{name}"), without_numbers(&transcript));
    }
}
