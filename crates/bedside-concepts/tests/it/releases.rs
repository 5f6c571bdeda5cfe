//! Releases that lack something: a concept is skipped with the reason, not guessed.

use crate::fixture::{Home, built, outcome, page, with_files};
use bedside_concepts::Definitions;
use bedside_concepts::Family::MimicIv;
use bedside_store::Manifest;

/// Changes what is published, as if that were all that was loaded.
fn change(home: &Home, change: impl FnOnce(&mut Manifest)) {
    let warehouse = home.engine.warehouse();
    let lock = warehouse.lock_release(&home.release).unwrap();
    warehouse.publish(&lock, || unreachable!(), change).unwrap();
}

#[test]
fn a_table_that_is_not_loaded() {
    let home = Home::new();
    change(&home, |manifest| drop(manifest.tables.remove("icu.outputevents")));
    let report = home.build(&Definitions::embedded(MimicIv), &["urine_output", "first_day_urine_output", "height"]);
    assert_eq!(outcome(&report, "urine_output"), "skipped: mimiciv_icu.outputevents is not loaded");
    assert_eq!(outcome(&report, "first_day_urine_output"), "skipped: parent urine_output was skipped");
    assert_eq!(outcome(&report, "height"), "built");
}

#[test]
fn a_module_that_is_not_loaded() {
    let home = Home::new();
    let (definitions, _folder) = with_files(&[
        ("triaged.sql", "SELECT stay_id FROM `physionet-data.mimiciv_ed.triage`"),
        ("triaged.toml", &page(&["stay_id"], &["stay_id INT64"])),
    ]);
    let report = home.build(&definitions, &["triaged"]);
    assert_eq!(outcome(&report, "triaged"), "skipped: mimiciv_ed.triage is not loaded");
}

#[test]
fn a_table_and_a_column_that_the_release_never_had() {
    let home = Home::new();
    // hosp.provider came with 2.2.
    change(&home, |manifest| {
        manifest.schema_version = "2.0".to_owned();
        manifest.tables.remove("hosp.provider");
        let admissions = manifest.tables.get_mut("hosp.admissions").unwrap();
        admissions.columns.retain(|column| column.name != "admit_provider_id");
    });
    let (definitions, _folder) = with_files(&[
        ("providers.sql", "SELECT provider_id FROM mimiciv_hosp.provider"),
        ("providers.toml", &page(&["provider_id"], &["provider_id STRING"])),
        ("admitted.sql", "SELECT hadm_id, admit_provider_id FROM mimiciv_hosp.admissions"),
        ("admitted.toml", &page(&["hadm_id"], &["hadm_id INT64", "admit_provider_id STRING"])),
    ]);
    let report = home.build(&definitions, &["providers", "admitted"]);
    let (table, column) = (outcome(&report, "providers"), outcome(&report, "admitted"));
    assert_eq!(table, format!("skipped: release {} has no table mimiciv_hosp.provider", home.release));
    assert!(
        column.starts_with("skipped: release ") && column.contains("admitted.sql:1:17 names: Unrecognized name"),
        "{column}"
    );
}

#[test]
fn the_first_release_s_core_answers_to_hosp() {
    let home = Home::new();
    change(&home, |manifest| {
        manifest.schema_version = "1.0".to_owned();
        for name in ["admissions", "patients", "transfers"] {
            let mut entry = manifest.tables.remove(&format!("hosp.{name}")).unwrap();
            entry.module = "core".to_owned();
            manifest.tables.insert(entry.key(), entry);
        }
    });
    let report = home.build(&Definitions::embedded(MimicIv), &["age"]);
    assert_eq!(built(&report), ["age"], "{}", outcome(&report, "age"));
    assert_eq!(home.rows("SELECT COUNT(*) > 0 FROM mimic_derived.age"), ["true"]);
}

#[test]
fn names_mean_the_release_that_is_built() {
    let home = Home::new();
    let other = tempfile::tempdir().unwrap();
    let source = other.path().join("source");
    bedside_synth::generate(&bedside_synth::Options::new(3, 9), &source, &|_| ()).unwrap();
    crate::fixture::load_folder(&source, home.path(), None);
    // Whichever release the movable names mean, each is built from its own tables.
    for release in home.engine.warehouse().release_ids().unwrap() {
        let home = home.of_release(release.clone());
        home.build(&Definitions::embedded(MimicIv), &["icustay_detail"]);
        let name = release.as_str().replace(['-', '.'], "_");
        let own = home.rows(&format!("SELECT COUNT(*) FROM {name}_icu.icustays"));
        assert_eq!(home.rows(&format!("SELECT COUNT(*) FROM {name}_derived.icustay_detail")), own, "{release}");
    }
}

#[test]
fn definitions_are_those_of_the_release_s_family() {
    for (release, family) in [("mimiciv-ed-2.2", "mimiciv-ed"), ("mimiciii-1.4", "mimiciii")] {
        let home = Home::new();
        let home = home.of_release(release.parse().unwrap());
        let error = home.build_until(&Definitions::embedded(MimicIv), &[], &|_| (), &false.into()).unwrap_err();
        assert_eq!(error.to_string(), format!("there are no concepts for releases of the family {family}"));
    }
}
