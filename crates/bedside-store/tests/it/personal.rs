//! People's own datasets: what a crash leaves, what readers keep, who may write.

use arrow::array::{ArrayRef, Int64Array, IntervalMonthDayNanoArray, RecordBatch, StringArray};
use arrow::datatypes::{DataType, IntervalMonthDayNano};
use bedside_store::{
    DatasetLock, Error, PersonalColumn, PersonalDataset, PersonalTable, Warehouse, WrittenLayout, stored,
};
use bedside_types::{ErrorCode, SqlType};
use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;
use tempfile::TempDir;

const NOW: &str = "2026-01-01T00:00:00Z";
const HOUR: i64 = 3_600_000_000;

fn columns() -> Vec<PersonalColumn> {
    vec![PersonalColumn::new("x", SqlType::Int64), PersonalColumn::new("s", SqlType::String)]
}

fn batch(values: &[i64]) -> RecordBatch {
    let texts: StringArray = values.iter().map(|value| Some(format!("text {value}"))).collect();
    let arrays: Vec<(&str, ArrayRef)> =
        vec![("x", Arc::new(Int64Array::from(values.to_vec()))), ("s", Arc::new(texts))];
    RecordBatch::try_from_iter(arrays).unwrap()
}

fn write(warehouse: &Warehouse, lock: &DatasetLock, dataset: &PersonalDataset, values: &[i64]) -> WrittenLayout {
    let specs = columns().iter().map(PersonalColumn::spec).collect();
    let writer = warehouse.table_writer(lock, "t", &dataset.generation(), specs).unwrap();
    let mut range = writer.range(None).unwrap();
    range.write(&batch(values)).unwrap();
    writer.finish(vec![range.finish().unwrap()]).unwrap()
}

fn table(written: WrittenLayout) -> PersonalTable {
    let mut table = PersonalTable {
        created: NOW.to_owned(),
        updated: NOW.to_owned(),
        rows: 0,
        columns: columns(),
        partition: None,
        partition_column: None,
        cluster: vec![],
        options: BTreeMap::new(),
        files: vec![],
    };
    table.append(written);
    table
}

/// A dataset `mine` with a table `t` of three rows, written at time 0.
fn made(warehouse: &Warehouse) -> PersonalDataset {
    let lock = warehouse.lock_dataset("local", "mine").unwrap();
    let mut dataset = PersonalDataset::new("local", "mine", NOW);
    let written = write(warehouse, &lock, &dataset, &[1, 2, 3]);
    dataset.put_table("t", table(written), 0);
    warehouse.publish_dataset(&lock, dataset).unwrap()
}

#[test]
fn a_dataset_is_read_as_it_was_written() {
    let home = TempDir::new().unwrap();
    let warehouse = Warehouse::open(home.path()).unwrap();
    assert_eq!(warehouse.personal_datasets().unwrap(), vec![]);
    assert_eq!(warehouse.personal_dataset("local", "mine").unwrap(), None);
    let dataset = made(&warehouse);
    assert_eq!(warehouse.personal_dataset("local", "mine").unwrap().as_ref(), Some(&dataset));
    assert_eq!(warehouse.personal_datasets().unwrap(), vec![Arc::new(dataset.clone())]);
    assert_eq!((dataset.revision, dataset.tables["t"].rows), (1, 3));
    let statistics = &dataset.tables["t"].columns[0].entry;
    assert_eq!((statistics.min.as_deref(), statistics.max.as_deref()), (Some("1"), Some("3")));
    assert_eq!(dataset.tables["t"].logical_bytes(), 3 * 8 + 3 * 8);
    assert_eq!(warehouse.personal_dataset("local", "Mine").unwrap(), None, "names have their case");
}

#[test]
fn appended_rows_count_in_the_statistics() {
    let home = TempDir::new().unwrap();
    let warehouse = Warehouse::open(home.path()).unwrap();
    let mut dataset = made(&warehouse);
    let lock = warehouse.lock_dataset("local", "mine").unwrap();
    let written = write(&warehouse, &lock, &dataset, &[-5, 40]);
    let mut more = dataset.tables["t"].clone();
    more.append(written);
    dataset.put_table("t", more, 1);
    let dataset = warehouse.publish_dataset(&lock, dataset).unwrap();
    let table = &dataset.tables["t"];
    assert_eq!((table.rows, table.files.len(), dataset.retired.len()), (5, 2, 0));
    let statistics = &table.columns[0].entry;
    assert_eq!((statistics.min.as_deref(), statistics.max.as_deref()), (Some("-5"), Some("40")));
    assert_eq!(statistics.logical_bytes, 40);
}

#[test]
fn a_writer_that_dies_leaves_the_old_table() {
    let home = TempDir::new().unwrap();
    let warehouse = Warehouse::open(home.path()).unwrap();
    let before = made(&warehouse);
    let lock = warehouse.lock_dataset("local", "mine").unwrap();
    // Dead while writing, dead between the file and the manifest, dead while writing the manifest.
    let folder = home.path().join("personal/local/mine");
    fs::create_dir_all(folder.join("t/00000009")).unwrap();
    fs::write(folder.join("t/00000009/.tmp-part-00000.parquet"), "half").unwrap();
    write(&warehouse, &lock, &before, &[7]);
    fs::write(folder.join(".tmp-dataset.json"), "{").unwrap();
    drop(lock);
    assert_eq!(warehouse.personal_dataset("local", "mine").unwrap().as_ref(), Some(&before));
    let lock = warehouse.lock_dataset("local", "mine").unwrap();
    let swept = warehouse.sweep_dataset(&lock, 0).unwrap();
    assert_eq!(swept.files, 3);
    assert!(home.path().join(&before.tables["t"].files[0].path).is_file());
    assert_eq!(warehouse.sweep_dataset(&lock, 0).unwrap().files, 0);
}

#[test]
fn what_was_replaced_stays_for_an_hour() {
    let home = TempDir::new().unwrap();
    let warehouse = Warehouse::open(home.path()).unwrap();
    let mut dataset = made(&warehouse);
    let old = home.path().join(&dataset.tables["t"].files[0].path);
    let lock = warehouse.lock_dataset("local", "mine").unwrap();
    let written = write(&warehouse, &lock, &dataset, &[9]);
    dataset.put_table("t", table(written), 5 * HOUR);
    let dataset = warehouse.publish_dataset(&lock, dataset).unwrap();
    warehouse.sweep_dataset(&lock, 5 * HOUR + HOUR / 2).unwrap();
    assert!(old.is_file(), "a statement that began before may still read it");
    warehouse.sweep_dataset(&lock, 6 * HOUR).unwrap();
    assert!(!old.is_file());
    assert!(home.path().join(&dataset.tables["t"].files[0].path).is_file());
}

#[test]
fn one_writer_per_dataset() {
    let home = TempDir::new().unwrap();
    let warehouse = Warehouse::open(home.path()).unwrap();
    let lock = warehouse.lock_dataset("local", "mine").unwrap();
    let error = warehouse.lock_dataset("local", "mine").unwrap_err();
    assert_eq!(error.to_string(), "dataset local.mine is being written by another statement; nothing was changed");
    assert_eq!(error.code(), ErrorCode::Unavailable);
    warehouse.lock_dataset("local", "other").unwrap();
    warehouse.lock_dataset("other", "mine").unwrap();
    drop(lock);
    warehouse.lock_dataset("local", "mine").unwrap();
}

#[test]
fn a_dropped_dataset_is_gone_with_its_files() {
    let home = TempDir::new().unwrap();
    let warehouse = Warehouse::open(home.path()).unwrap();
    made(&warehouse);
    let lock = warehouse.lock_dataset("local", "mine").unwrap();
    assert!(warehouse.drop_dataset(&lock).unwrap() > 0);
    assert_eq!(warehouse.personal_datasets().unwrap(), vec![]);
    assert!(!home.path().join("personal/local/mine").exists());
    assert_eq!(warehouse.drop_dataset(&lock).unwrap(), 0);
}

#[test]
fn a_manifest_that_is_not_ours_is_refused() {
    let home = TempDir::new().unwrap();
    let warehouse = Warehouse::open(home.path()).unwrap();
    made(&warehouse);
    let path = home.path().join("personal/local/mine/dataset.json");
    let text = fs::read_to_string(&path).unwrap();
    for (from, to, expected) in [
        ("\"format\": 1", "\"format\": 3", "has format 3, but this program knows formats up to 2"),
        ("personal/local/mine/t/", "personal/local/mine/../../../etc/", "is outside the dataset"),
        ("\"name\": \"mine\"", "\"name\": \"yours\"", "is outside the dataset"),
        ("\"revision\": 1", "\"revision\": ", "is damaged"),
    ] {
        assert!(text.contains(from), "{from}");
        fs::write(&path, text.replace(from, to)).unwrap();
        let error = warehouse.personal_dataset("local", "mine").unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
        assert!(matches!(error, Error::Damaged { .. } | Error::NewerFormat { .. }));
        assert!(error.hint().is_some());
    }
}

#[test]
fn everything_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let home = TempDir::new().unwrap();
    let warehouse = Warehouse::open(home.path()).unwrap();
    let dataset = made(&warehouse);
    for (path, mode) in [
        ("personal/local/mine".to_owned(), 0o700),
        ("personal/local/mine/dataset.json".to_owned(), 0o600),
        (dataset.tables["t"].files[0].path.clone(), 0o600),
    ] {
        let found = fs::metadata(home.path().join(&path)).unwrap().permissions().mode() & 0o777;
        assert_eq!(found, mode, "{path}");
    }
}

#[test]
fn intervals_survive_the_form_of_files() {
    let values = [Some((14, -3, 4_500_000)), None, Some((0, 0, -1))].map(|value| {
        value.map(|(months, days, micros): (i32, i32, i64)| IntervalMonthDayNano::new(months, days, micros * 1_000))
    });
    let array: ArrayRef = Arc::new(values.into_iter().collect::<IntervalMonthDayNanoArray>());
    let kept = stored::to_stored(&array).unwrap();
    assert!(matches!(kept.data_type(), DataType::Struct(fields) if fields.len() == 3));
    assert_eq!(&stored::from_stored(&kept, array.data_type()).unwrap(), &array);
}
