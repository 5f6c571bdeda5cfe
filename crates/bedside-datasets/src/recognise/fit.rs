//! How well files fit the schema of a release.

use crate::catalogue;
use crate::model::{Release, Table};
use crate::path::{is_table, module_folder, stem};
use std::cmp::Reverse;

/// A csv file, as far as it is evidence.
#[derive(Clone, Debug)]
pub(super) struct CsvFile<'a> {
    /// Its place in the evidence.
    pub(super) index: usize,
    pub(super) path: &'a str,
    /// The table that its name gives, lower case.
    pub(super) stem: String,
    /// The module that its folder gives.
    folder: Option<String>,
    columns: Option<Vec<String>>,
    pub(super) rows: Option<u64>,
}

impl<'a> CsvFile<'a> {
    /// `None` for a file that is no csv. The header may be as broken as that of the MIMIC-III demo's NOTEEVENTS.csv, where a
    /// quote is missing and fields run together: no column name has a comma, quote or blank in it.
    pub(super) fn new(index: usize, path: &'a str, columns: Option<&[String]>, rows: Option<u64>) -> Option<Self> {
        let split = |columns: &[String]| -> Vec<String> {
            let joined = columns.join(",").replace('"', "");
            joined.split(',').map(|name| name.trim().trim_start_matches('\u{feff}').to_ascii_lowercase()).collect()
        };
        let forward = path.replace('\\', "/");
        let (stem, folder) = (stem(&forward)?, module_folder(&forward));
        Some(Self { index, path, stem, folder, columns: columns.map(split), rows })
    }

    pub(super) fn is_table(&self) -> bool {
        is_table(&self.stem)
    }

    /// Columns that the table has and the file lacks.
    pub(super) fn missing<'t>(&self, table: &'t Table) -> impl Iterator<Item = &'t str> {
        let names = table.columns.iter().map(|column| column.name.as_str());
        names.filter(|name| {
            self.columns.as_ref().is_some_and(|have| !have.iter().any(|own| own.eq_ignore_ascii_case(name)))
        })
    }

    fn unknown(&self, table: &Table) -> usize {
        let own = self.columns.iter().flatten();
        own.filter(|name| !name.is_empty() && table.column(name).is_none()).count()
    }
}

/// What is wrong with files as those of a release, the gravest first. All zero: they fit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Misfit {
    /// Tables that the release does not have.
    foreign: usize,
    /// Tables in a folder named as another module.
    misplaced: usize,
    /// Columns that the release has and the file lacks.
    missing: usize,
    /// Columns that the release does not have.
    unknown: usize,
}

impl Misfit {
    pub(super) fn of(release: &Release, files: &[&CsvFile<'_>]) -> Self {
        let mut sum = Self::default();
        for file in files {
            let Some(table) = table(release, file) else {
                sum.foreign += 1;
                continue;
            };
            sum.misplaced += usize::from(file.folder.as_ref().is_some_and(|folder| *folder != table.module));
            sum.missing += file.missing(table).count();
            sum.unknown += file.unknown(table);
        }
        sum
    }

    pub(super) fn fits(self) -> bool {
        self == Self::default()
    }
}

/// The release's table that the file's name gives; table names are unique in a release.
pub(super) fn table<'r>(release: &'r Release, file: &CsvFile<'_>) -> Option<&'r Table> {
    release.tables.iter().find(|table| table.name == file.stem)
}

/// The full release of a family whose schema fits best, the newest of equals.
pub(super) fn nearest_schema(family: &str, files: &[&CsvFile<'_>]) -> Option<&'static Release> {
    let releases =
        catalogue().family(family)?.releases.iter().enumerate().filter(|(_, release)| release.kind_is_full());
    let best = releases.min_by_key(|(place, release)| (Misfit::of(release, files), Reverse(*place)));
    best.map(|(_, release)| release)
}

/// The releases of all families that a single file fits, or where none does those that have a table of its name.
pub(super) fn possible(file: &CsvFile<'_>) -> Vec<&'static Release> {
    let fitting: Vec<_> = catalogue().releases().filter(|release| Misfit::of(release, &[file]).fits()).collect();
    if fitting.is_empty() {
        catalogue().releases().filter(|release| table(release, file).is_some()).collect()
    } else {
        fitting
    }
}
