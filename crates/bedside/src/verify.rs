//! Checks of what is loaded, against the manifest and against the catalogue.

pub(crate) mod files;
pub(crate) mod keys;
pub(crate) mod references;

use crate::notice::{counted, grouped};
use bedside_store::{Manifest, RowState, TableEntry};
use bedside_types::ReleaseId;

/// What a check found; the worst last.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Outcome {
    /// As it should be.
    Good,
    /// Not as the rule says, but as the published release is known to be.
    Expected(String),
    /// Not as it should be.
    Bad(String),
}

impl Outcome {
    /// The word in listings.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Expected(_) => "as known",
            Self::Bad(_) => "BAD",
        }
    }
}

/// The checks of one table.
#[derive(Clone, Debug)]
pub(crate) struct TableChecks {
    pub(crate) release: ReleaseId,
    /// `hosp.admissions`.
    pub(crate) table: String,
    pub(crate) row_count: u64,
    pub(crate) files: Vec<Outcome>,
    pub(crate) rows: Vec<Outcome>,
    pub(crate) keys: Vec<Outcome>,
    pub(crate) references: Vec<Outcome>,
}

impl TableChecks {
    /// All of them.
    pub(crate) fn outcomes(&self) -> impl Iterator<Item = &Outcome> {
        [&self.files, &self.rows, &self.keys, &self.references].into_iter().flatten()
    }
}

/// Whether the rows are as many as published, and none were set aside.
pub(crate) fn rows(table: &TableEntry) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    match (table.row_state, table.expected_rows) {
        (RowState::NotAsPublished, Some(expected)) => {
            outcomes.push(Outcome::Bad(format!("{}, published are {}", counted(table.rows, "row"), grouped(expected))));
        }
        (RowState::Unknown, _) | (_, None) => {}
        _ => outcomes.push(Outcome::Good),
    }
    if table.quarantined > 0 {
        outcomes.push(Outcome::Bad(format!("{} set aside", counted(table.quarantined, "row"))));
    }
    outcomes
}

/// The table's name in SQL, by its release's own dataset: `` `mimiciv_demo_2_2_hosp`.`admissions` ``.
fn sql_name(manifest: &Manifest, module: &str, table: &str) -> Option<String> {
    let rules = bedside_datasets::dataset_names(&manifest.release, &manifest.schema_version);
    let rule = rules.into_iter().find(|rule| !rule.movable && rule.modules.iter().any(|known| known == module))?;
    Some(format!("`{}`.`{table}`", rule.name))
}

/// Column names for SQL, quoted.
fn quoted(columns: &[String]) -> Vec<String> {
    columns.iter().map(|column| format!("`{column}`")).collect()
}
