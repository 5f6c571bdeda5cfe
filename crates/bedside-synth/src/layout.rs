//! Which tables a family has, where their files lie, and who writes them.

use crate::patient::Setting;
use crate::table::{Sheets, Table};
use crate::{Dataset, dictionary, mimiciii, patient};

/// A family's tables and their writers.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    /// Folders of the release; none where the files lie at its root.
    pub(crate) folders: &'static [&'static str],
    /// In the order of [`crate::table::Place`].
    pub(crate) tables: Vec<TableFile>,
    /// Writes what is the same in every release.
    pub(crate) dictionary: fn(&mut Sheets),
    /// Writes one patient.
    pub(crate) patient: fn(&Setting, u64, &mut Sheets),
}

/// A table and its file.
#[derive(Clone, Debug)]
pub(crate) struct TableFile {
    pub(crate) module: &'static str,
    pub(crate) name: &'static str,
    /// Path below the root.
    pub(crate) file: String,
    /// The first line, without its end.
    pub(crate) header: String,
}

impl Layout {
    pub(crate) fn of(dataset: Dataset) -> Self {
        match dataset {
            Dataset::MimicIv => Self {
                folders: &["hosp", "icu"],
                tables: Table::ALL
                    .map(|table| TableFile {
                        module: table.module(),
                        name: table.name(),
                        file: table.file(),
                        header: table.header().to_owned(),
                    })
                    .into(),
                dictionary: dictionary::write,
                patient: patient::write,
            },
            Dataset::MimicIii => Self {
                folders: &[],
                tables: mimiciii::table::Table::ALL
                    .map(|table| TableFile {
                        module: table.module(),
                        name: table.name(),
                        file: table.file(),
                        header: table.header(),
                    })
                    .into(),
                dictionary: mimiciii::dictionary::write,
                patient: mimiciii::write,
            },
        }
    }
}
