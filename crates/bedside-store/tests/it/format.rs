//! The manifest's JSON. `manifest-1.json` is what format 1 looked like when it was released: it must stay readable for
//! ever, and be written byte for byte as long as format 1 is the newest.

use crate::fixture::{NOW, files, load, release};
use bedside_store::{Dependency, Derivation, DerivationInput, DerivedColumn, FORMAT, Manifest, MapEntry, Warehouse};
use bedside_types::ErrorCode;
use std::fs;
use tempfile::TempDir;

const FORMAT_1: &str = include_str!("manifest-1.json");

fn example(warehouse: &Warehouse) -> Manifest {
    let mut manifest = load(warehouse);
    let table = manifest.tables.get_mut("icu.chartevents").unwrap();
    table.warnings.push("column note is unknown and was loaded as STRING".to_owned());
    // The example is to outlive other ways of encoding.
    let generation = "fedcba98".to_owned();
    table.generation.clone_from(&generation);
    for file in &mut table.layouts[0].files {
        let part = file.range.unwrap();
        file.path = format!("releases/mimiciv-3.1/icu/chartevents/patient/{generation}/part-{part:05}.parquet");
        (file.bytes, file.xxh64) = (4_096, "fedcba9876543210".to_owned());
    }
    manifest.maps.insert(
        "stay_id".to_owned(),
        MapEntry {
            path: "releases/mimiciv-3.1/maps/stay_id-01234567.parquet".to_owned(),
            bytes: 321,
            xxh64: "0123456789abcdef".to_owned(),
            table: "icu.icustays".to_owned(),
            generation: "89abcdef".to_owned(),
            ids: 60,
            dependents: vec!["subject_id".to_owned(), "hadm_id".to_owned()],
        },
    );
    manifest.facts.push(Dependency {
        table: "icu.chartevents".to_owned(),
        generation,
        determinant: "stay_id".to_owned(),
        dependent: "subject_id".to_owned(),
        map: Some("0123456789abcdef".to_owned()),
        holds: true,
        nulls: 300,
        unmapped: 0,
    });
    manifest
}

#[test]
fn format_1_is_written_as_it_was_released() {
    let home = TempDir::new().unwrap();
    let warehouse = Warehouse::open(home.path()).unwrap();
    let example = example(&warehouse);
    let lock = warehouse.lock_release(&release()).unwrap();
    warehouse.publish(&lock, || unreachable!("there is one"), |manifest| *manifest = example).unwrap();
    let written = String::from_utf8(files(home.path()).remove("releases/mimiciv-3.1/manifest.json").unwrap()).unwrap();
    if std::env::var_os("BEDSIDE_ACCEPT").is_some() {
        fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/manifest-1.json"), &written).unwrap();
    }
    assert_eq!(FORMAT, 1, "keep the example of format 1 for reading, and add one of the new format");
    assert_eq!(written, FORMAT_1);
}

#[test]
fn format_1_is_read() {
    let home = TempDir::new().unwrap();
    let warehouse = Warehouse::open(home.path()).unwrap();
    let example = example(&warehouse);
    fs::write(home.path().join("releases/mimiciv-3.1/manifest.json"), FORMAT_1).unwrap();
    let read = warehouse.require(&release()).unwrap();
    assert_eq!(read, example);
    assert_eq!(read.created, NOW);
    assert_eq!(read.dependency("icu.chartevents", "stay_id", "subject_id").map(|fact| fact.holds), Some(true));
    let table = read.table("icu", "chartevents").unwrap();
    assert_eq!(table.main_layout().unwrap().files.iter().map(|file| file.rows).sum::<u64>(), table.rows);
    assert_eq!(table.logical_bytes(), table.columns.iter().map(|column| column.logical_bytes).sum::<u64>());
}

#[test]
fn a_derivation_is_an_optional_part_of_format_1() {
    assert!(!FORMAT_1.contains("derivation"), "tables of the release itself have none");
    let home = TempDir::new().unwrap();
    let warehouse = Warehouse::open(home.path()).unwrap();
    load(&warehouse);
    let column = DerivedColumn {
        name: "sofa".to_owned(),
        meaning: "The score.".to_owned(),
        unit: Some("{score}".to_owned()),
        not_null: true,
        range: Some((0.0, 24.0)),
    };
    let input = DerivationInput {
        release: "mimiciv-3.1".to_owned(),
        table: "icu.icustays".to_owned(),
        generation: "89abcdef".to_owned(),
    };
    let derivation = Derivation {
        file: "concepts/mimiciv/score/sofa.sql".to_owned(),
        sql: "SELECT 1".to_owned(),
        fingerprint: "0123456789abcdef".to_owned(),
        inputs: vec![input],
        bedside_version: "0.1.0".to_owned(),
        milliseconds: 1_234,
        checks: 3,
        row: "One row per ICU stay.".to_owned(),
        key: vec!["stay_id".to_owned()],
        key_note: None,
        literature: vec![],
        caveats: vec!["\"Quoted\".".to_owned()],
        columns: vec![column],
    };
    let lock = warehouse.lock_release(&release()).unwrap();
    let change = |manifest: &mut Manifest| {
        manifest.tables.values_mut().for_each(|table| table.derivation = Some(derivation.clone()));
    };
    let written = warehouse.publish(&lock, || unreachable!("there is one"), change).unwrap();
    let read = warehouse.require(&release()).unwrap();
    assert_eq!(read, written);
    assert!(read.tables.values().all(|table| table.derivation.as_ref() == Some(&derivation)));
}

#[test]
fn other_manifests_are_refused() {
    let home = TempDir::new().unwrap();
    let warehouse = Warehouse::open(home.path()).unwrap();
    load(&warehouse);
    let check = |text: &str, code: ErrorCode, expected: &str, hint: &str| {
        fs::write(home.path().join("releases/mimiciv-3.1/manifest.json"), text).unwrap();
        let error = warehouse.manifest(&release()).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
        assert_eq!(error.code(), code);
        assert!(error.hint().unwrap().contains(hint), "{:?}", error.hint());
        // Nothing is written over what is not understood.
        let lock = warehouse.lock_release(&release()).unwrap();
        assert!(warehouse.publish(&lock, || unreachable!(), |_| ()).is_err());
    };
    let newer = "manifest.json has format 2, but this program knows formats up to 1";
    check("{\"format\": 2, \"releases\": 7}", ErrorCode::Unsupported, newer, "newest bedside");
    let damaged = ErrorCode::InvalidData;
    let again = "bedside remove mimiciv-3.1";
    check("", damaged, "manifest.json is damaged: EOF while parsing a value at line 1 column 0", again);
    check(&FORMAT_1[..FORMAT_1.len() / 2], damaged, "EOF while parsing", again);
    check("{\"format\": 1}", damaged, "missing field `release`", again);
    check(&FORMAT_1.replace("\"mimiciv-3.1\"", "\"mimiciv-3.0\""), damaged, "it is of release mimiciv-3.0", again);
    for outside in ["../../../etc/passwd", "/etc/passwd", "releases/mimiciv-2.2/icu/x.parquet"] {
        let text = FORMAT_1.replace("releases/mimiciv-3.1/maps/stay_id-01234567.parquet", outside);
        check(&text, damaged, &format!("`{outside}` is outside the release"), again);
    }
}
