//! What a load tells while it runs.

use bedside_types::ReleaseId;

use crate::report::TableReport;

/// One thing that happened. Tables are named `hosp.admissions`.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A release begins.
    ReleaseStarted {
        /// The release.
        release: &'a ReleaseId,
        /// Tables to load.
        tables: usize,
        /// Bytes to read, as stored in the source, as far as known.
        bytes: u64,
    },
    /// A file begins to be read.
    FileStarted {
        /// The table.
        table: &'a str,
        /// Path in the source.
        file: &'a str,
        /// Its size as stored, where known.
        bytes: Option<u64>,
    },
    /// More of a file was read.
    BytesRead {
        /// The table.
        table: &'a str,
        /// Bytes as stored, since the last event of this kind.
        more: u64,
    },
    /// More rows of a file were parsed.
    RowsRead {
        /// The table.
        table: &'a str,
        /// Rows since the last event of this kind.
        more: u64,
    },
    /// A table entered its next stage.
    StageStarted {
        /// The table.
        table: &'a str,
        /// The stage.
        stage: Stage,
    },
    /// A table is done: published, found published, or failed.
    TableDone {
        /// The table's part of the report.
        report: &'a TableReport,
    },
    /// Keys and dependencies between ids are being checked, which ends the release.
    FactsStarted {
        /// The release.
        release: &'a ReleaseId,
    },
}

/// What is being done with a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Computing a checksum, to see whether it is published already.
    Comparing,
    /// Reading, unpacking, parsing, dealing to ranges.
    Reading,
    /// Sorting, encoding, writing.
    Writing,
}

/// Where events go. Called from several threads; it should return soon.
pub type Progress<'a> = &'a (dyn Fn(Event<'_>) + Sync);
