//! Whole releases for tests that look at all derived tables: synthetic ones, and the open demo.

use crate::compare::Table;
use crate::fixture::{Home, NOW};
use arrow::array::AsArray;
use arrow::datatypes::Int64Type;
use bedside_engine::Request;
use bedside_store::{Manifest, TableEntry};
use bedside_synth::{Options, generate};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

impl Home {
    /// A synthetic release, loaded; nothing is built.
    pub(crate) fn synthetic(patients: u64, seed: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = Options { threads: NonZeroUsize::new(2).unwrap(), ..Options::new(patients, seed) };
        generate(&options, folder.path(), &|_| ()).unwrap();
        Self::of_folder(folder.path(), None)
    }

    /// All rows of a query. Tables without a dataset are derived ones.
    pub(crate) fn select(&self, text: &str) -> Table {
        let request = Request { text, default_dataset: Some(self.family().dataset()), ..Request::default() };
        let prepared = self.engine.prepare(&request).unwrap_or_else(|error| panic!("{error}\n{text}"));
        let columns = prepared.columns().iter().map(|column| (column.name.clone(), column.sql_type.clone())).collect();
        let batches: Vec<_> = prepared
            .execute()
            .and_then(Iterator::collect::<Result<_, _>>)
            .unwrap_or_else(|error| panic!("{error}\n{text}"));
        Table::new(columns, &batches)
    }

    /// The one row of a query of whole numbers.
    pub(crate) fn counts(&self, text: &str) -> Vec<i64> {
        let request = Request { text, default_dataset: Some(self.family().dataset()), ..Request::default() };
        let prepared = self.engine.prepare(&request).unwrap_or_else(|error| panic!("{error}\n{text}"));
        let batches: Vec<_> = prepared
            .execute()
            .and_then(|rows| {
                rows.filter(|batch| batch.as_ref().is_ok_and(|batch| batch.num_rows() > 0)).collect::<Result<_, _>>()
            })
            .unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert!(batches.len() == 1 && batches[0].num_rows() == 1, "not one row: {text}");
        batches[0].columns().iter().map(|column| column.as_primitive::<Int64Type>().value(0)).collect()
    }

    /// Publishes the release's own tables changed.
    pub(crate) fn change(&self, change: impl Fn(&mut TableEntry)) {
        let warehouse = self.engine.warehouse();
        let lock = warehouse.lock_release(&self.release).unwrap();
        let publish = |manifest: &mut Manifest| manifest.tables.values_mut().for_each(&change);
        warehouse.publish(&lock, || Manifest::new(self.release.clone(), "3.1", NOW), publish).unwrap();
    }
}

/// What lies at a path of the folder `shared` beside the workspace, or `None` (said on stdout) where it is not there.
pub(crate) fn shared(path: &str) -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let path = std::env::var_os("BEDSIDE_SHARED").map_or_else(beside, PathBuf::from).join(path);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: {} is not there", path.display());
    None
}
