//! Two families in one home: each definition belongs to the one whose tables it reads, and a query may read both.

use crate::fixture::{Home, add_files, built, outcome, page};
use bedside_concepts::Family::{MimicIii, MimicIv};
use bedside_concepts::{Definitions, Family};
use bedside_types::ReleaseId;

#[test]
fn a_folder_s_definitions_go_to_the_family_whose_tables_they_read() {
    let one = page(&["subject_id"], &["subject_id INT64"]);
    let files = [
        ("four.sql", "SELECT subject_id FROM `physionet-data.mimiciv_hosp.patients`"),
        ("four.toml", &one),
        ("three.sql", "SELECT subject_id FROM `physionet-data.mimiciii_clinical.patients`"),
        ("three.toml", &one),
        ("both.sql", "SELECT subject_id FROM mimiciv_hosp.patients JOIN mimiciii_derived.three USING (subject_id)"),
        ("both.toml", &one),
        ("neither.sql", "SELECT 1 AS subject_id"),
        ("neither.toml", &one),
    ];
    for (family, expected) in [(MimicIv, ["four", "neither"]), (MimicIii, ["neither", "three"])] {
        let mut definitions = Definitions::new(family);
        let _folder = add_files(&mut definitions, &files);
        let names: Vec<&str> = definitions.iter().map(|definition| definition.name.as_str()).collect();
        assert_eq!(names, expected);
        let faults: Vec<String> = definitions.faults().map(|(_, fault)| fault.to_string()).collect();
        assert!(faults.len() == 1 && faults[0].ends_with("it reads tables of MIMIC-IV and of MIMIC-III"), "{faults:?}");
    }
}

#[test]
fn names_tell_the_family() {
    for (dataset, family) in [
        ("mimiciv_derived", Some(MimicIv)),
        ("mimiciv_3_1_derived", Some(MimicIv)),
        ("mimiciii_derived", Some(MimicIii)),
        ("mimiciii_demo_1_4_derived", Some(MimicIii)),
        ("mimiciii_clinical", None),
        ("mine_derived", None),
    ] {
        assert_eq!(Family::of_derived(dataset), family, "{dataset}");
    }
    let of = |release: &str| Family::of(&release.parse::<ReleaseId>().unwrap());
    assert_eq!(
        (of("mimiciii-demo-1.4"), of("mimiciv-3.1"), of("mimiciv-ed-2.2")),
        (Some(MimicIii), Some(MimicIv), None)
    );
}

#[test]
fn both_families_are_built_in_one_home_and_joined() {
    let home = Home::new();
    let three = home.with_mimiciii();
    let one = page(&["icustay_id"], &["icustay_id INT64", "los FLOAT64"]);
    let mut definitions = Definitions::new(MimicIii);
    let sql = "SELECT icustay_id, los FROM `physionet-data.mimiciii_clinical.icustays`";
    let _folder = add_files(&mut definitions, &[("height.sql", sql), ("height.toml", &one)]);
    assert_eq!(built(&three.build(&definitions, &[])), ["height"]);
    // Of the same name as one of MIMIC-IV.
    assert_eq!(outcome(&home.build(&Definitions::embedded(MimicIv), &["height"]), "height"), "built");
    assert_eq!(home.rows("SELECT COUNT(*) FROM mimiciii_derived.height"), ["2"]);
    assert_eq!(home.rows("SELECT COUNT(*) FROM mimiciii_1_4_derived.height"), ["2"]);
    let joined = "SELECT COUNT(DISTINCT iii.icustay_id), COUNT(DISTINCT iv.stay_id) > 2
                  FROM mimiciii_derived.height AS iii
                  JOIN mimiciv_icu.icustays AS iv ON iv.los <> iii.los
                  JOIN mimiciii_clinical.icustays USING (icustay_id)";
    assert_eq!(home.rows(joined), ["2|true"]);
    // The alias holds the release's own tables alone.
    assert_eq!(home.rows("SELECT COUNT(*) FROM mimiciii.INFORMATION_SCHEMA.TABLES WHERE table_name = 'height'"), ["0"]);
    assert_eq!(home.rows("SELECT COUNT(*) FROM mimiciii.icustays"), ["2"]);
    let described = "SELECT description FROM mimiciii_derived.INFORMATION_SCHEMA.COLUMN_FIELD_PATHS
                     WHERE table_name = 'height' AND column_name = 'los'";
    assert_eq!(home.rows(described), ["A los."]);
    let layout = three.table("height").unwrap();
    assert_eq!(layout.main_layout().unwrap().order, ["icustay_id"]);
}
