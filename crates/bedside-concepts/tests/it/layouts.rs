//! The same rows, whatever the number of threads: every file of every table has the same bytes.

use crate::fixture::Home;
use bedside_concepts::Family::{MimicIii, MimicIv};
use bedside_concepts::{Definitions, Family};
use std::collections::BTreeMap;

/// The files of all tables that a build writes.
fn files(home: &Home, family: Family) -> BTreeMap<String, Vec<String>> {
    let report = home.build(&Definitions::embedded(family), &[]);
    assert_eq!(report.failures().count(), 0, "{report:?}");
    let manifest = home.manifest();
    let derived = manifest.tables.values().filter(|table| table.derivation.is_some());
    derived
        .map(|table| {
            let files = table.layouts.iter().flat_map(|layout| &layout.files);
            (table.name.clone(), files.map(|file| format!("{} {}", file.path, file.xxh64)).collect())
        })
        .collect()
}

#[test]
fn neither_threads_nor_memory_change_what_is_written() {
    for (family, tables) in [(MimicIv, 65), (MimicIii, 85)] {
        let home = || Home::synthetic(family, 12, 7);
        let one = files(&home().with_threads(1), family);
        let four = files(&home().with_threads(4), family);
        // Less than the largest tables take.
        let small = files(&home().with_memory(16 << 20), family);
        assert_eq!(one.len(), tables);
        for (name, files) in &one {
            assert_eq!(files, &four[name], "{name}, four threads");
            assert_eq!(files, &small[name], "{name}, little memory");
        }
    }
}

#[test]
fn tables_with_patients_are_split_like_those_of_the_release() {
    let home = Home::new();
    home.build(&Definitions::embedded(MimicIv), &["vitalsign", "sofa"]);
    let manifest = home.manifest();
    let vitalsign = home.table("vitalsign").unwrap();
    let layout = vitalsign.main_layout().unwrap();
    assert_eq!(layout.order, ["subject_id", "stay_id", "charttime"]);
    assert!(layout.files.len() > 1, "{layout:?}");
    for file in &layout.files {
        let first: i64 = file.minima[0].as_ref().unwrap().parse().unwrap();
        assert_eq!(Some(manifest.range_of(first)), file.range);
    }
    assert_eq!(home.table("sofa").unwrap().main_layout().unwrap().files.len(), 1);
    assert!(manifest.dependency("derived.vitalsign", "stay_id", "subject_id").is_some_and(|fact| fact.holds));
}
