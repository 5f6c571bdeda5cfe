//! Loading one table: read, check, write, publish.

mod check;
mod columns;
mod publish;
mod write;

use bedside_store::{ReleaseLock, Warehouse};
use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use crate::csv::{BadRow, Fault};
use crate::duplicate::{KeyCheck, Lines};
use crate::error::{Error, Result};
use crate::event::{Event, Progress, Stage};
use crate::ingest::{Ingested, Prepared, Reading, ingest};
use crate::input::Digested;
use crate::options::{BadRows, LoadOptions, Shares};
use crate::plan::{ReleasePlan, TablePlan, TableState};
use crate::quarantine::Quarantine;
use crate::report::{Outcome, TableReport};
use crate::scan::visit_rows;
use crate::sort::{Bucket, Buckets, Held, Pool, SpillFile};
use crate::source::Source;

use check::Found;
use columns::Columns;
pub(crate) use write::Slots;

/// What all tables of a release share while it is loaded.
pub(crate) struct Session<'a> {
    pub(crate) source: &'a Source,
    pub(crate) warehouse: &'a Warehouse,
    pub(crate) lock: &'a ReleaseLock,
    pub(crate) plan: &'a ReleasePlan,
    pub(crate) splits: &'a [i64],
    pub(crate) options: &'a LoadOptions,
    pub(crate) shares: Shares,
    pub(crate) pool: Arc<Pool>,
    pub(crate) slots: Slots,
    /// Where temporary files go.
    pub(crate) scratch: &'a Path,
    pub(crate) progress: Progress<'a>,
    pub(crate) stop: &'a AtomicBool,
}

impl Session<'_> {
    /// Loads and publishes a table, and tells how it went. Tables do not depend on each other.
    pub(crate) fn load_table(&self, table: &TablePlan) -> TableReport {
        let start = Instant::now();
        let mut report = TableReport {
            table: table.name(),
            file: table.file.path.clone(),
            outcome: Outcome::AlreadyPublished,
            expected_rows: table.expected_rows,
            rows: 0,
            quarantined: 0,
            quarantine: None,
            elapsed: start.elapsed(),
            source_bytes: table.file.bytes.unwrap_or_default(),
            warnings: Vec::new(),
        };
        match self.load(table, &mut report) {
            Ok(outcome) => report.outcome = outcome,
            Err(error) => {
                if matches!(error, Error::Checksum { .. } | Error::Changed { .. } | Error::Compressed { .. }) {
                    // What a cache holds of it would fail again.
                    let _ = self.source.discard(&table.file);
                }
                report.rows = 0;
                report.outcome = Outcome::Failed(error);
            }
        }
        report.elapsed = start.elapsed();
        (self.progress)(Event::TableDone { report: &report });
        report
    }

    fn load(&self, table: &TablePlan, report: &mut TableReport) -> Result<Outcome> {
        let name = table.name();
        let reading = self.reading(table, &name);
        reading.check_stop()?;
        if let Some(published) = self.already_published(table, reading)? {
            report.rows = published.rows;
            report.quarantined = published.quarantined;
            report.warnings = published.warnings;
            return Ok(Outcome::AlreadyPublished);
        }
        (self.progress)(Event::FileStarted { table: &name, file: &table.file.path, bytes: table.file.bytes });
        (self.progress)(Event::StageStarted { table: &name, stage: Stage::Reading });
        let header = match reading.header() {
            Err(error @ Error::Compressed { .. }) => return Err(check::explain(error, table, &reading.digest()?)),
            header => header?.ok_or_else(|| Error::Empty { file: table.file.path.clone() })?,
        };
        let columns = Columns::of(table, &header)?;
        let mut found = self.read(table, &columns, &header, reading)?;
        report.source_bytes = found.digested.bytes;
        report.quarantined = found.quarantine.rows();
        let lines = check::check_rows(self, table, &columns, &mut found)?;
        if !lines.is_empty() {
            set_repeats_aside(&columns, reading, &lines, &mut found)?;
        }
        check::check_counts(self, table, lines.len() as u64, &mut found)?;
        reading.check_stop()?;
        (self.progress)(Event::StageStarted { table: &name, stage: Stage::Writing });
        let rows = found.rows - lines.len() as u64;
        report.quarantined = found.quarantine.rows();
        let entry = self.write(table, &columns, found, &lines)?;
        if entry.entry.rows != rows {
            return Err(Error::Internal(format!("{name}: {rows} rows were read, but {} written", entry.entry.rows)));
        }
        report.rows = rows;
        report.warnings.clone_from(&entry.entry.warnings);
        report.quarantine.clone_from(&entry.quarantine);
        self.publish(entry.entry)?;
        // Only a cache is tidied; the table is published.
        let _ = self.source.discard(&table.file);
        Ok(Outcome::Published)
    }

    fn reading<'b>(&'b self, table: &'b TablePlan, name: &'b str) -> Reading<'b> {
        Reading { source: self.source, file: &table.file, table: name, progress: self.progress, stop: self.stop }
    }

    /// The table as it is published, where it was made from the same bytes in the same way.
    fn already_published(&self, table: &TablePlan, reading: Reading<'_>) -> Result<Option<bedside_store::TableEntry>> {
        let TableState::Compare(entry) = &table.state else {
            return Ok(match &table.state {
                TableState::Published(entry) => Some((**entry).clone()),
                _ => None,
            });
        };
        (self.progress)(Event::StageStarted { table: reading.table, stage: Stage::Comparing });
        Ok((reading.digest()?.sha256 == entry.source.sha256).then(|| (**entry).clone()))
    }

    /// Reads the file into buckets.
    fn read<'b>(
        &'b self,
        table: &'b TablePlan,
        columns: &'b Columns,
        header: &[u8],
        reading: Reading<'_>,
    ) -> Result<Found<'b>> {
        let shape = columns.shape(self.splits, self.options.bad_rows)?;
        let ranges = if columns.has_ranges() { self.splits.len() + 1 } else { 1 };
        let lines = match self.options.bad_rows {
            BadRows::Stop => Lines::Counted,
            BadRows::Quarantine => Lines::Kept,
        };
        let mut collector = Collector {
            file: &table.file.path,
            columns,
            bad_rows: self.options.bad_rows,
            buckets: Buckets::new(ranges, self.scratch, Arc::clone(&self.pool), self.shares.own),
            quarantine: Quarantine::new(self.warehouse, self.lock, &table.name(), header),
            keys: columns.keys.iter().map(|key| KeyCheck::new(&key.names, lines, self.scratch)).collect(),
            nulls: vec![(0, 0); columns.all.len()],
            rows: 0,
        };
        let Ingested { digested, outcome } =
            ingest(reading, &shape, header, self.shares.parsers, |block| collector.add(block))?;
        let outcome = outcome.and_then(|()| check::check_source(self, table, &digested));
        if let Err(error) = outcome {
            return Err(check::explain(error, table, &digested));
        }
        collector.finish(digested)
    }
}

/// Reads the file once more for the rows that repeat a declared key, as they stand there.
fn set_repeats_aside(
    columns: &Columns,
    reading: Reading<'_>,
    lines: &HashSet<u64>,
    found: &mut Found<'_>,
) -> Result<()> {
    let declared = columns.keys.iter().find(|key| key.is_declared());
    let fault = Fault::Duplicate { columns: declared.map(|key| key.names.clone()).unwrap_or_default() };
    let aside = |line, raw: &[u8]| {
        if lines.contains(&line) { found.quarantine.add(line, &fault, raw) } else { Ok(()) }
    };
    visit_rows(reading, aside)
}

/// Takes blocks in file order.
struct Collector<'a> {
    file: &'a str,
    columns: &'a Columns,
    bad_rows: BadRows,
    buckets: Buckets,
    quarantine: Quarantine<'a>,
    keys: Vec<KeyCheck>,
    /// NULLs of each column, and the line of the first.
    nulls: Vec<(u64, u64)>,
    rows: u64,
}

impl<'a> Collector<'a> {
    fn add(&mut self, block: Prepared) -> Result<()> {
        if let Some(why) = &self.columns.malformed
            && (block.rows > 0 || !block.bad.is_empty())
        {
            return Err(Error::Header { file: self.file.to_owned(), why: why.clone() });
        }
        for BadRow { line, fault, raw } in block.bad {
            match self.bad_rows {
                BadRows::Stop => return Err(Error::Row { file: self.file.to_owned(), line, fault }),
                BadRows::Quarantine => self.quarantine.add(line, &fault, &raw)?,
            }
        }
        for (total, (count, line)) in self.nulls.iter_mut().zip(&block.nulls) {
            if total.0 == 0 {
                total.1 = *line;
            }
            total.0 += count;
        }
        for (check, values) in self.keys.iter_mut().zip(&block.keys) {
            check.add(values, &block.lines)?;
        }
        for (range, batch) in block.parts {
            self.buckets.push(range, batch)?;
        }
        self.rows += block.rows;
        Ok(())
    }

    fn finish(self, digested: Digested) -> Result<Found<'a>> {
        let repeats = self.keys.into_iter().map(KeyCheck::finish).collect::<Result<Vec<_>>>()?;
        let (buckets, spill, held) = self.buckets.finish();
        Ok(Found {
            rows: self.rows,
            digested,
            nulls: self.nulls,
            repeats,
            quarantine: self.quarantine,
            rows_read: RowsRead { buckets, spill, held },
            warnings: Vec::new(),
        })
    }
}

/// The rows of a table, by range.
struct RowsRead {
    buckets: Vec<Bucket>,
    spill: Option<SpillFile>,
    held: Held,
}
