//! The warehouse does not depend on threads or memory, and a stopped load leaves no temporary files.

use super::fixture::{RELEASE, assert_complete, files, load_folder, made_up_release, manifest, options, source};
use bedside_load::{Event, LoadOptions, Stage, load, plan};
use bedside_store::Warehouse;
use std::sync::atomic::{AtomicBool, Ordering};

#[test]
fn threads_and_memory_do_not_show() {
    let folder = tempfile::tempdir().unwrap();
    // More than twice what the smallest budget holds of one range of the charts.
    made_up_release(folder.path(), 150_000);
    let load = |threads, memory_bytes| {
        let home = tempfile::tempdir().unwrap();
        let options = LoadOptions { threads, memory_bytes, ..options() };
        assert_complete(&load_folder(folder.path(), home.path(), &options));
        (manifest(home.path(), RELEASE), files(home.path()))
    };
    let expected = load(2, 1 << 30);
    assert_eq!(expected.0.tables["icu.chartevents"].layouts.len(), 2);
    assert_eq!(expected.0.subject_splits.len(), 3);
    for (threads, memory) in [(1, 0), (4, 0)] {
        assert!(load(threads, memory) == expected, "{threads} threads, {memory} bytes");
    }
}

#[test]
fn a_second_load_has_nothing_to_do_and_an_addition_is_added() {
    let folder = tempfile::tempdir().unwrap();
    made_up_release(folder.path(), 1000);
    let later = tempfile::tempdir().unwrap();
    let chart = "icu/chartevents.csv.gz";
    std::fs::create_dir(later.path().join("icu")).unwrap();
    std::fs::rename(folder.path().join(chart), later.path().join(chart)).unwrap();
    let home = tempfile::tempdir().unwrap();
    assert_complete(&load_folder(folder.path(), home.path(), &options()));
    let first = manifest(home.path(), RELEASE);
    assert_eq!(first.tables.len(), 5);
    let again = load_folder(folder.path(), home.path(), &options());
    assert!(
        again.releases[0].tables.iter().all(|table| super::fixture::outcome(&again, &table.table).starts_with("there"))
    );
    assert_eq!(manifest(home.path(), RELEASE), first);
    // The split points of the first load hold for what comes later.
    assert_complete(&load_folder(later.path(), home.path(), &options()));
    let both = manifest(home.path(), RELEASE);
    assert_eq!((both.tables.len(), &both.subject_splits), (6, &first.subject_splits));
    assert!(both.dependency("icu.chartevents", "stay_id", "subject_id").unwrap().holds);
    assert_eq!(both.dependency("icu.chartevents", "stay_id", "subject_id").unwrap().unmapped, 0);
}

#[test]
fn a_stopped_load_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    made_up_release(folder.path(), 50_000);
    let home = tempfile::tempdir().unwrap();
    let (source, warehouse) = (source(folder.path()), Warehouse::open(home.path()).unwrap());
    let plans = plan(&source, &warehouse, &options()).unwrap();
    let stop = AtomicBool::new(false);
    let progress = |event: Event<'_>| {
        if let Event::StageStarted { table: "icu.chartevents", stage: Stage::Writing } = event {
            stop.store(true, Ordering::Relaxed);
        }
    };
    let report = load(&source, &plans, &warehouse, &options(), &progress, &stop);
    assert!(!report.is_complete());
    let published = manifest(home.path(), RELEASE);
    let expected: Vec<_> = published.paths().map(str::to_owned).collect();
    let data = files(home.path()).into_keys().filter(|path| path.ends_with(".parquet") || path.contains("tmp"));
    assert_eq!(data.collect::<Vec<_>>(), {
        let mut sorted = expected;
        sorted.sort();
        sorted
    });
    assert_complete(&load_folder(folder.path(), home.path(), &options()));
}
