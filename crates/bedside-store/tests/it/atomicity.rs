//! Crashes, concurrent writers, wrong rows and a full disk leave the old state or the new one.

use crate::fixture::{NOW, SPLITS, batch, columns, files, load, publish, release, spec, table, write};
use arrow::array::RecordBatch;
use bedside_store::{Error, LayoutName, LayoutWriter, Manifest, Warehouse};
use bedside_types::ErrorCode;
use std::fs;
use std::thread;
use tempfile::TempDir;

const FOLDER: &str = "releases/mimiciv-3.1/icu/chartevents/patient";

#[test]
fn what_is_written_but_not_finished_leaves_nothing() {
    let home = TempDir::new().unwrap();
    let warehouse = Warehouse::open(home.path()).unwrap();
    let lock = warehouse.lock_release(&release()).unwrap();
    let writer = LayoutWriter::new(&warehouse, &lock, spec(LayoutName::Patient), &SPLITS).unwrap();
    let mut open = writer.range(Some(0)).unwrap();
    open.write(&batch(10, 4_500)).unwrap();
    let mut complete = writer.range(Some(2)).unwrap();
    complete.write(&batch(300, 100)).unwrap();
    let complete = complete.finish().unwrap();
    let parts = files(&home.path().join(FOLDER));
    assert!(parts.len() == 2 && parts.keys().all(|name| name.contains("/.tmp-part-")), "{:?}", parts.keys());
    drop((open, complete, writer));
    assert_eq!(files(&home.path().join(FOLDER)).len(), 0);
    assert_eq!(warehouse.releases().unwrap(), []);
}

#[test]
fn a_load_after_a_crash_ends_as_one_without() {
    let (calm, crashed) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let warehouse = Warehouse::open(calm.path()).unwrap();
    load(&warehouse);
    // Killed after the files of one table were in place, while the manifest and another part were being written.
    let warehouse = Warehouse::open(crashed.path()).unwrap();
    let lock = warehouse.lock_release(&release()).unwrap();
    let written = write(&warehouse, &lock);
    let folder = crashed.path().join(&written.entry.files[0].path).parent().unwrap().to_owned();
    fs::write(folder.join(".tmp-part-00001.parquet"), b"PAR1 half").unwrap();
    fs::create_dir_all(crashed.path().join(FOLDER).join("0badcafe")).unwrap();
    fs::write(crashed.path().join(FOLDER).join("0badcafe/part-00000.parquet"), b"replaced").unwrap();
    fs::write(crashed.path().join("releases/mimiciv-3.1/.tmp-manifest.json"), b"{\"format\":").unwrap();
    fs::create_dir_all(warehouse.scratch_folder(&lock).unwrap().join("deep")).unwrap();
    drop(lock);
    assert_eq!(warehouse.releases().unwrap(), [], "nothing is published yet");
    load(&warehouse);
    assert_eq!(files(calm.path()), files(crashed.path()));
    assert!(!crashed.path().join(FOLDER).join("0badcafe").exists());
}

#[test]
fn a_sweep_keeps_what_is_published_and_says_what_it_took() {
    let home = TempDir::new().unwrap();
    let warehouse = Warehouse::open(home.path()).unwrap();
    load(&warehouse);
    let before = files(home.path());
    fs::write(home.path().join(FOLDER).join("left"), [0; 10]).unwrap();
    let lock = warehouse.lock_release(&release()).unwrap();
    let swept = warehouse.sweep(&lock).unwrap();
    assert_eq!((swept.files, swept.bytes), (1, 10));
    assert_eq!(files(home.path()), before);
}

#[test]
fn a_sweep_takes_nothing_where_the_manifest_is_not_understood() {
    let home = TempDir::new().unwrap();
    let warehouse = Warehouse::open(home.path()).unwrap();
    load(&warehouse);
    let path = home.path().join("releases/mimiciv-3.1/manifest.json");
    let lock = warehouse.lock_release(&release()).unwrap();
    for content in ["{\"format\": 2, \"tables\": []}", "{\"format\": 1", ""] {
        fs::write(&path, content).unwrap();
        let before = files(home.path());
        assert!(warehouse.sweep(&lock).is_err(), "{content}");
        assert_eq!(files(home.path()), before);
    }
}

#[test]
fn a_release_has_one_writer() {
    let home = TempDir::new().unwrap();
    let warehouse = Warehouse::open(home.path()).unwrap();
    let lock = warehouse.lock_release(&release()).unwrap();
    let error = warehouse.lock_release(&release()).unwrap_err();
    assert_eq!(error.to_string(), "release mimiciv-3.1 is being written by another program; nothing was changed");
    assert!(error.hint().is_some());
    assert!(matches!(warehouse.remove_release(&release()), Err(Error::UnknownRelease { .. })));
    publish(&warehouse, &lock, table(write(&warehouse, &lock), "chartevents"));
    assert!(matches!(warehouse.remove_release(&release()), Err(Error::Locked { .. })));
    // Other releases, and readers of this one, do not wait.
    warehouse.lock_release(&"mimiciv-2.2".parse().unwrap()).unwrap();
    assert_eq!(warehouse.releases().unwrap().len(), 1);
    drop(lock);
    warehouse.lock_release(&release()).unwrap();
}

#[test]
fn threads_that_share_the_lock_lose_no_table() {
    let home = TempDir::new().unwrap();
    let warehouse = Warehouse::open(home.path()).unwrap();
    let lock = warehouse.lock_release(&release()).unwrap();
    let entry = table(write(&warehouse, &lock), "chartevents");
    thread::scope(|scope| {
        for number in 0..8 {
            let (warehouse, lock, entry) = (&warehouse, &lock, &entry);
            scope.spawn(move || {
                let entry = bedside_store::TableEntry { name: format!("t{number}"), ..entry.clone() };
                publish(warehouse, lock, entry)
            });
        }
    });
    assert_eq!(warehouse.require(&release()).unwrap().tables.len(), 8);
}

#[test]
fn rows_that_break_a_promise_are_refused() {
    let home = TempDir::new().unwrap();
    let warehouse = Warehouse::open(home.path()).unwrap();
    let lock = warehouse.lock_release(&release()).unwrap();
    let writer = LayoutWriter::new(&warehouse, &lock, spec(LayoutName::Patient), &SPLITS).unwrap();
    let check = |range: u32, batches: &[RecordBatch], expected: &str| {
        let mut writer = writer.range(Some(range)).unwrap();
        let written =
            batches.iter().try_for_each(|batch| writer.write(batch)).and_then(|()| writer.finish().map(|_| ()));
        let error = written.unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
        assert_eq!(error.code(), ErrorCode::Internal);
    };
    check(
        0,
        &[batch(20, 50), batch(10, 50)],
        "row 51 of range Some(0) is not sorted by subject_id, stay_id, charttime",
    );
    check(1, &[batch(99, 100)], "subject 99 is in range 1, but belongs to range 0");
    check(0, &[batch(99, 100)], "subject 100 is in range 0, but belongs to range 1");
    check(0, &[batch(10, 50).project(&[0, 1]).unwrap()], "2 columns instead of 7");
    let swapped = batch(10, 50).project(&[0, 1, 2, 4, 3, 5, 6]).unwrap();
    check(0, &[swapped], "column itemid comes as Utf8 instead of Int64");
    let null = batch(10, 50).project(&[1, 1, 2, 3, 4, 5, 6]).unwrap();
    check(0, &[null], "column subject_id has a NULL but is declared without");
    assert!(writer.range(Some(3)).is_err(), "there are three ranges");
    assert!(writer.range(None).is_err());
    let (one, two) = (writer.range(Some(0)).unwrap(), writer.range(Some(1)).unwrap());
    let (one, two) = (one.finish().unwrap(), two.finish().unwrap());
    let written = writer.finish(vec![two, one]).unwrap();
    assert_eq!((written.rows, written.entry.files.len()), (0, 1), "an empty table has one file");
    let path = &written.entry.files[0].path;
    assert!(path.ends_with("/part-00000.parquet") && home.path().join(path).is_file(), "{path}");
}

#[test]
fn names_that_lead_elsewhere_are_refused() {
    let home = TempDir::new().unwrap();
    let warehouse = Warehouse::open(home.path()).unwrap();
    let lock = warehouse.lock_release(&release()).unwrap();
    for (module, name) in [("icu", "../../x"), ("..", "chartevents"), ("icu", "")] {
        let spec = bedside_store::LayoutSpec { module: module.into(), table: name.into(), ..spec(LayoutName::Patient) };
        assert!(LayoutWriter::new(&warehouse, &lock, spec, &SPLITS).is_err(), "{module}/{name}");
    }
    assert!(warehouse.create_quarantine(&lock, "../x").is_err());
    let order = vec!["charttime".to_owned()];
    let spec = bedside_store::LayoutSpec { order, ..spec(LayoutName::Item) };
    assert!(LayoutWriter::new(&warehouse, &lock, spec, &SPLITS).is_err(), "ranges need the subject in the order");
}

#[test]
fn a_table_loaded_again_from_other_bytes_gets_other_files() {
    let columns = columns();
    let name = |source: &str, splits: &[i64]| bedside_store::generation(source, &columns, splits);
    assert_eq!(name("a", &[1]), name("a", &[1]));
    assert_eq!(name("a", &[1]).len(), 8);
    assert_ne!(name("a", &[1]), name("b", &[1]));
    assert_ne!(name("a", &[1]), name("a", &[1, 2]));
    assert_ne!(name("a", &[1]), bedside_store::generation("a", &columns[1..], &[1]));
}

#[test]
fn a_table_put_again_forgets_what_was_known_of_the_old_one() {
    let home = TempDir::new().unwrap();
    let warehouse = Warehouse::open(home.path()).unwrap();
    let mut manifest = load(&warehouse);
    let fact = |table: &str| bedside_store::Dependency {
        table: table.to_owned(),
        generation: manifest.tables["icu.chartevents"].generation.clone(),
        determinant: "stay_id".into(),
        dependent: "subject_id".into(),
        map: None,
        holds: true,
        nulls: 0,
        unmapped: 0,
    };
    let facts = vec![fact("icu.chartevents"), fact("icu.other")];
    manifest.facts = facts;
    let old = manifest.tables["icu.chartevents"].clone();
    manifest.put_table(old.clone());
    assert_eq!(manifest.facts.len(), 2, "the same content");
    assert!(manifest.dependency("icu.chartevents", "stay_id", "subject_id").is_some());
    manifest.put_table(bedside_store::TableEntry { generation: "00000000".into(), ..old });
    assert_eq!(manifest.facts.len(), 1);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_named_and_the_old_state_stays() {
    let home = TempDir::new().unwrap();
    let warehouse = Warehouse::open(home.path()).unwrap();
    let before = load(&warehouse);
    let lock = warehouse.lock_release(&release()).unwrap();
    let full = |path: &str| std::os::unix::fs::symlink("/dev/full", home.path().join(path)).unwrap();
    full("releases/mimiciv-3.1/.tmp-manifest.json");
    let start = || Manifest::new(release(), "2.2", NOW);
    let error = warehouse.publish(&lock, start, |manifest| manifest.tables.clear()).unwrap_err();
    assert!(error.to_string().starts_with("no space left on the disk while trying to write "), "{error}");
    assert!(error.to_string().contains("manifest.json; nothing of it was published"), "{error}");
    assert_eq!(error.code(), ErrorCode::ResourcesExceeded);
    let folder = before.tables["icu.chartevents"].layouts[0].files[0].path.rsplit_once('/').unwrap().0;
    full(&format!("{folder}/.tmp-part-00001.parquet"));
    let writer = LayoutWriter::new(&warehouse, &lock, spec(LayoutName::Patient), &SPLITS).unwrap();
    let rows = batch(150, 1_000);
    let written =
        writer.range(Some(1)).and_then(|mut range| range.write(&rows).and_then(|()| range.finish().map(|_| ())));
    let error = written.unwrap_err();
    assert!(matches!(error, Error::DiskFull { .. }), "{error:?}");
    assert_eq!(warehouse.require(&release()).unwrap(), before);
}
