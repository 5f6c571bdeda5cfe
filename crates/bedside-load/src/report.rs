//! What a load did.

use bedside_types::ReleaseId;
use std::time::Duration;

use crate::error::Error;

/// What a load did, release by release.
#[derive(Debug, Default)]
pub struct Report {
    /// The releases, in the order of the plans.
    pub releases: Vec<ReleaseReport>,
}

/// What a load did with one release.
#[derive(Debug)]
pub struct ReleaseReport {
    /// The release.
    pub release: ReleaseId,
    /// Its tables, by name.
    pub tables: Vec<TableReport>,
    /// Why the release as a whole was given up, or why its facts could not be brought up to date; tables that were
    /// published before stay.
    pub error: Option<Error>,
    /// From start to end.
    pub elapsed: Duration,
}

/// What a load did with one table.
#[derive(Debug)]
pub struct TableReport {
    /// `hosp.admissions`.
    pub table: String,
    /// Path in the source.
    pub file: String,
    /// How it ended.
    pub outcome: Outcome,
    /// Rows that the publisher states.
    pub expected_rows: Option<u64>,
    /// Rows in the warehouse now; 0 where the table failed.
    pub rows: u64,
    /// Rows set aside.
    pub quarantined: u64,
    /// Where they are, relative to the home.
    pub quarantine: Option<String>,
    /// From start to end.
    pub elapsed: Duration,
    /// Size of the file as stored; what was read of it where the table failed.
    pub source_bytes: u64,
    /// What to know about the table all the same.
    pub warnings: Vec<String>,
}

/// How a table ended.
#[derive(Debug)]
pub enum Outcome {
    /// Loaded and published.
    Published,
    /// The same file was published before; nothing was done.
    AlreadyPublished,
    /// Not published; what was published of it before stays.
    Failed(Error),
}

impl Report {
    /// Tables that were not published, with why.
    pub fn failures(&self) -> impl Iterator<Item = (&TableReport, &Error)> {
        self.releases.iter().flat_map(|release| &release.tables).filter_map(|table| match &table.outcome {
            Outcome::Failed(error) => Some((table, error)),
            _ => None,
        })
    }

    /// Whether every table is in the warehouse and every release is whole.
    pub fn is_complete(&self) -> bool {
        self.failures().next().is_none() && self.releases.iter().all(|release| release.error.is_none())
    }
}

impl TableReport {
    /// Megabytes (10^6) of the source per second; `None` where nothing was read or no time passed.
    pub fn megabytes_per_second(&self) -> Option<f64> {
        let seconds = self.elapsed.as_secs_f64();
        let read = !matches!(self.outcome, Outcome::AlreadyPublished);
        (read && seconds > 0.0).then(|| self.source_bytes as f64 / 1e6 / seconds)
    }
}
