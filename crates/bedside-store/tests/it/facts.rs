//! Maps and facts of published tables.

use crate::fixture::{NOW, files, load, publish, release, table};
use arrow::array::{ArrayRef, Int64Array, RecordBatch};
use bedside_store::{
    ColumnSpec, Dependency, IdMap, IdSource, LayoutName, LayoutSpec, LayoutWriter, Manifest, ReleaseLock, Statistics,
    TableEntry, Warehouse,
};
use bedside_types::SqlType;
use std::sync::Arc;
use tempfile::TempDir;

type Row = (Option<i64>, Option<i64>, Option<i64>);

/// Publishes a table with the columns `stay_id`, `hadm_id` and `subject_id`.
fn put(warehouse: &Warehouse, lock: &ReleaseLock, name: &str, generation: &str, rows: &[Row]) -> Manifest {
    let columns: Vec<_> = ["stay_id", "hadm_id", "subject_id"]
        .map(|name| ColumnSpec { name: name.into(), sql_type: SqlType::Int64, nullable: true })
        .to_vec();
    let spec = LayoutSpec {
        module: "icu".into(),
        table: name.into(),
        name: LayoutName::File,
        generation: generation.into(),
        columns,
        order: vec![],
        statistics: Statistics::Gather,
    };
    let writer = LayoutWriter::new(warehouse, lock, spec, &[]).unwrap();
    let mut range = writer.range(None).unwrap();
    let arrays: [(&str, ArrayRef); 3] = [
        ("stay_id", Arc::new(rows.iter().map(|row| row.0).collect::<Int64Array>())),
        ("hadm_id", Arc::new(rows.iter().map(|row| row.1).collect::<Int64Array>())),
        ("subject_id", Arc::new(rows.iter().map(|row| row.2).collect::<Int64Array>())),
    ];
    range.write(&RecordBatch::try_from_iter(arrays).unwrap()).unwrap();
    let range = range.finish().unwrap();
    let written = writer.finish(vec![range]).unwrap();
    publish(warehouse, lock, TableEntry { generation: generation.to_owned(), ..table(written, name) })
}

fn sources() -> Vec<IdSource> {
    vec![IdSource {
        id: "stay_id".into(),
        table: "icu.icustays".into(),
        dependents: vec!["subject_id".into(), "hadm_id".into()],
    }]
}

fn fact<'a>(manifest: &'a Manifest, table: &str, dependent: &str) -> &'a Dependency {
    manifest.dependency(table, "stay_id", dependent).unwrap()
}

#[test]
fn facts_follow_the_tables() {
    let home = TempDir::new().unwrap();
    let warehouse = Warehouse::open(home.path()).unwrap();
    let lock = warehouse.lock_release(&release()).unwrap();
    let good = [(Some(30), Some(20), Some(10)), (Some(30), Some(20), Some(10)), (None, Some(20), Some(11))];
    // Without icustays there is no map, and what holds inside a table is told apart.
    put(&warehouse, &lock, "inputevents", "00000001", &good);
    let manifest = warehouse.refresh_facts(&lock, &sources(), 2, NOW).unwrap();
    let found = fact(&manifest, "icu.inputevents", "subject_id");
    assert_eq!((found.holds, found.nulls, found.unmapped, &found.map), (true, 1, 2, &None));
    assert_eq!(warehouse.open_map(&manifest, "stay_id").unwrap(), None);

    let stays = [(Some(31), Some(21), Some(11)), (Some(30), Some(20), Some(10)), (Some(32), None, Some(12))];
    put(&warehouse, &lock, "icustays", "00000001", &stays);
    put(&warehouse, &lock, "outputevents", "00000001", &[(Some(31), Some(99), Some(11)), (Some(77), None, Some(5))]);
    let manifest = warehouse.refresh_facts(&lock, &sources(), 2, NOW).unwrap();
    assert!(
        manifest.dependency("icu.inputevents", "stay_id", "subject_id").is_some_and(|f| f.holds && f.unmapped == 0)
    );
    assert!(fact(&manifest, "icu.outputevents", "subject_id").holds);
    assert_eq!(fact(&manifest, "icu.outputevents", "subject_id").unmapped, 1);
    assert!(!fact(&manifest, "icu.outputevents", "hadm_id").holds, "the map says 21");
    assert!(fact(&manifest, "icu.icustays", "hadm_id").holds);
    let map = warehouse.open_map(&manifest, "stay_id").unwrap().unwrap();
    assert_eq!(map.ids().values(), &[30, 31, 32]);
    assert_eq!(map.get(31, "subject_id"), Some(Some(11)));
    assert_eq!(map.get(32, "hadm_id"), Some(None));
    assert_eq!(map.get(33, "hadm_id"), None);
    assert_eq!(manifest, warehouse.require(&release()).unwrap());

    // Nothing new: nothing is written, nothing lost in a sweep.
    let before = files(home.path());
    let later = warehouse.refresh_facts(&lock, &sources(), 1, "2027-01-01T00:00:00Z").unwrap();
    warehouse.sweep(&lock).unwrap();
    assert_eq!((later, files(home.path())), (manifest, before));

    // Another icustays: another map, and the findings that were compared with the old one are made again.
    put(&warehouse, &lock, "icustays", "00000002", &[(Some(30), Some(20), Some(99)), (Some(31), Some(99), Some(11))]);
    let manifest = warehouse.require(&release()).unwrap();
    assert!(manifest.maps.is_empty() && manifest.dependency("icu.inputevents", "stay_id", "subject_id").is_none());
    let manifest = warehouse.refresh_facts(&lock, &sources(), 2, NOW).unwrap();
    assert!(!fact(&manifest, "icu.inputevents", "subject_id").holds);
    assert!(fact(&manifest, "icu.outputevents", "hadm_id").holds);
    assert_eq!(warehouse.open_map(&manifest, "stay_id").unwrap().unwrap().get(30, "subject_id"), Some(Some(99)));

    // An id that is no key gives no map.
    put(&warehouse, &lock, "icustays", "00000003", &[(Some(30), Some(20), Some(10)), (Some(30), Some(20), Some(11))]);
    let manifest = warehouse.refresh_facts(&lock, &sources(), 2, NOW).unwrap();
    assert!(manifest.maps.is_empty());
    assert!(!fact(&manifest, "icu.icustays", "subject_id").holds);
}

#[test]
fn ranges_are_checked_as_one_table_whatever_the_threads() {
    let home = TempDir::new().unwrap();
    let warehouse = Warehouse::open(home.path()).unwrap();
    load(&warehouse);
    let lock = warehouse.lock_release(&release()).unwrap();
    let sources =
        [IdSource { id: "stay_id".into(), table: "icu.icustays".into(), dependents: vec!["subject_id".into()] }];
    let manifest = warehouse.refresh_facts(&lock, &sources, 8, NOW).unwrap();
    // 60 patients with 50 rows each, of which 5 have no stay.
    let found = fact(&manifest, "icu.chartevents", "subject_id");
    assert_eq!((found.holds, found.nulls, found.unmapped), (true, 300, 2_700));
}

#[test]
fn a_map_takes_ids_in_any_order() {
    let ids = Int64Array::from(vec![Some(3), None, Some(1), Some(3)]);
    let values = Int64Array::from(vec![Some(30), Some(99), None, Some(30)]);
    let map = IdMap::new("stay_id", &["subject_id"], &ids, std::slice::from_ref(&values)).unwrap();
    assert_eq!(
        (map.ids().values().as_ref(), map.values("SUBJECT_ID").map(|v| v.iter().collect())),
        (&[1, 3][..], Some(vec![None, Some(30)]))
    );
    let conflict = Int64Array::from(vec![Some(30), Some(99), None, None]);
    assert_eq!(IdMap::new("stay_id", &["subject_id"], &ids, &[conflict]), None);
}
