//! Whole releases for tests that look at all derived tables: synthetic ones, and the open demo.

use crate::compare::Table;
use crate::fixture::Home;
use arrow::array::AsArray;
use arrow::datatypes::Int64Type;
use bedside_concepts::{Family, keep_code_list};
use bedside_engine::Request;
use bedside_store::{Manifest, TableEntry};
use bedside_synth::{Dataset, Options, generate};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

/// Two rows that fill every column.
const CODE_LIST: &str = "\
icd9_code,ccs_level1,ccs_group1,ccs_level2,ccs_group2,ccs_level3,ccs_group3,ccs_level4,ccs_group4
0383 ,1,Infectious diseases,1.1,Bacterial infection,1.1.2,Septicemia [2.],1.1.2.1,Other septicemia [2.]
4280 ,7,Diseases of the circulatory system,7.2,Diseases of the heart,7.2.11,Heart failure [108.],7.2.11.1,Heart failure
";

impl Home {
    /// A synthetic release, loaded, with a code list of two rows in its home; nothing is built.
    pub(crate) fn synthetic(family: Family, patients: u64, seed: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        make(family, patients, seed, folder.path());
        let home = Self::of_folder(folder.path(), None);
        home.give_code_list();
        home
    }

    /// Puts AHRQ's header and two rows where the real list would be.
    pub(crate) fn give_code_list(&self) {
        keep_code_list(self.engine.warehouse(), "ccs", "list.csv", CODE_LIST.as_bytes()).unwrap();
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
        warehouse.publish(&lock, || unreachable!(), publish).unwrap();
    }
}

/// Writes a synthetic release.
pub(crate) fn make(family: Family, patients: u64, seed: u64, folder: &Path) {
    let dataset = match family {
        Family::MimicIv => Dataset::MimicIv,
        Family::MimicIii => Dataset::MimicIii,
    };
    let threads = NonZeroUsize::new(2).unwrap();
    generate(&Options { dataset, threads, ..Options::new(patients, seed) }, folder, &|_| ()).unwrap();
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
