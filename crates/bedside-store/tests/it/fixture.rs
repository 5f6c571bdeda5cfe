//! A small event table and ways to write it.

use arrow::array::{
    ArrayRef, Date32Array, Float64Array, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use bedside_store::{
    ChecksumState, ColumnSpec, LayoutName, LayoutSpec, LayoutWriter, Manifest, ReleaseLock, RowState, SourceEntry,
    Statistics, TableEntry, Warehouse, WrittenLayout,
};
use bedside_types::{ReleaseId, SqlType};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

pub(crate) const NOW: &str = "2026-01-01T00:00:00Z";
pub(crate) const SPLITS: [i64; 2] = [100, 200];

pub(crate) fn release() -> ReleaseId {
    "mimiciv-3.1".parse().unwrap()
}

pub(crate) fn columns() -> Vec<ColumnSpec> {
    [
        ("subject_id", SqlType::Int64, false),
        ("stay_id", SqlType::Int64, true),
        ("charttime", SqlType::Datetime, false),
        ("itemid", SqlType::Int64, false),
        ("value", SqlType::String, true),
        ("valuenum", SqlType::Float64, true),
        ("day", SqlType::Date, true),
    ]
    .into_iter()
    .map(|(name, sql_type, nullable)| ColumnSpec { name: name.to_owned(), sql_type, nullable })
    .collect()
}

pub(crate) fn spec(name: LayoutName) -> LayoutSpec {
    let order: &[&str] = match name {
        LayoutName::Patient => &["subject_id", "stay_id", "charttime"],
        LayoutName::Item => &["itemid", "subject_id", "charttime"],
        LayoutName::File => &[],
    };
    LayoutSpec {
        module: "icu".to_owned(),
        table: "chartevents".to_owned(),
        name,
        generation: bedside_store::generation("source", &columns(), &SPLITS),
        columns: columns(),
        order: order.iter().map(|name| (*name).to_owned()).collect(),
        statistics: Statistics::Gather,
    }
}

/// `rows` rows of the patients from `first` on, sorted for the patient layout: 50 rows a patient.
pub(crate) fn batch(first: i64, rows: i64) -> RecordBatch {
    let integers = |value: &dyn Fn(i64) -> Option<i64>| (0..rows).map(value).collect::<Int64Array>();
    let arrays: Vec<ArrayRef> = vec![
        Arc::new(integers(&|row| Some(first + row / 50))),
        Arc::new(integers(&|row| (row % 50 >= 5).then_some(30_000_000 + first + row / 50))),
        Arc::new(
            (0..rows).map(|row| Some(4_102_444_800_000_000 + row * 60_000_000)).collect::<TimestampMicrosecondArray>(),
        ),
        Arc::new(integers(&|row| Some(220_045 + row * 7 % 13))),
        Arc::new((0..rows).map(|row| (row % 11 != 0).then(|| format!("value {}", row % 300))).collect::<StringArray>()),
        Arc::new((0..rows).map(|row| (row % 3 != 0).then_some(row as f64 / 8.0)).collect::<Float64Array>()),
        Arc::new((0..rows).map(|row| (row % 5 != 0).then_some(60_000 + row as i32 / 100)).collect::<Date32Array>()),
    ];
    let names = columns().into_iter().map(|column| column.name).collect::<Vec<_>>();
    RecordBatch::try_from_iter_with_nullable(names.into_iter().zip(arrays).map(|(name, array)| (name, array, true)))
        .unwrap()
}

/// The whole table: the batch of each range.
pub(crate) fn ranges() -> Vec<(u32, RecordBatch)> {
    vec![(0, batch(10, 1_000)), (2, batch(300, 2_000))]
}

pub(crate) fn write(warehouse: &Warehouse, lock: &ReleaseLock) -> WrittenLayout {
    let writer = LayoutWriter::new(warehouse, lock, spec(LayoutName::Patient), &SPLITS).unwrap();
    let written = ranges()
        .into_iter()
        .map(|(range, batch)| {
            let mut writer = writer.range(Some(range)).unwrap();
            writer.write(&batch).unwrap();
            writer.finish().unwrap()
        })
        .collect();
    writer.finish(written).unwrap()
}

pub(crate) fn table(written: WrittenLayout, name: &str) -> TableEntry {
    TableEntry {
        module: "icu".to_owned(),
        name: name.to_owned(),
        generation: bedside_store::generation("source", &columns(), &SPLITS),
        rows: written.rows,
        expected_rows: Some(3_000),
        row_state: RowState::AsPublished,
        quarantined: 0,
        warnings: vec![],
        source: SourceEntry {
            file: format!("icu/{name}.csv.gz"),
            bytes: 12_345,
            sha256: "ab".repeat(32),
            checksum: ChecksumState::Matched,
        },
        loaded_at: NOW.to_owned(),
        columns: written.columns,
        item_counts: written.item_counts,
        layouts: vec![written.entry],
        derivation: None,
    }
}

pub(crate) fn publish(warehouse: &Warehouse, lock: &ReleaseLock, table: TableEntry) -> Manifest {
    let start = || Manifest::new(lock.release().clone(), "2.2", NOW);
    let change = |manifest: &mut Manifest| {
        manifest.subject_splits = SPLITS.to_vec();
        manifest.put_table(table);
    };
    warehouse.publish(lock, start, change).unwrap()
}

/// Writes and publishes the table.
pub(crate) fn load(warehouse: &Warehouse) -> Manifest {
    let lock = warehouse.lock_release(&release()).unwrap();
    warehouse.sweep(&lock).unwrap();
    publish(warehouse, &lock, table(write(warehouse, &lock), "chartevents"))
}

/// Every file below a folder with its content, by relative path.
pub(crate) fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn walk(root: &Path, folder: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(root, &path, found);
            } else {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(folder, folder, &mut found);
    found
}
