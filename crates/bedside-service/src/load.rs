//! Files and rows from outside into tables of people's own.

mod column;
mod csv;
mod detect;
mod insert;
mod json;
mod parquet;
mod source;

pub use insert::{InvalidRows, RowFault};
pub use source::Upload;

use crate::active::Active;
use crate::error::{Error, Result};
use crate::principal::{Action, Principal};
use crate::run::import;
use crate::service::Shared;
use crate::submission::{Destination, Priority, WriteDisposition};
use crate::tables::{TableKind, check_columns};
use arrow::array::RecordBatch;
use bedside_meta::{Job, JobStatistics};
use bedside_sql::ColumnDefinition;
use std::cell::RefCell;
use std::io::{BufRead, Read as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Rows that are read before they are written.
pub(crate) const BATCH_ROWS: usize = 4096;

/// The longest row, bytes (<https://cloud.google.com/bigquery/quotas#load_jobs>).
const LONGEST_ROW: usize = 100 << 20;

/// Files into a table.
#[derive(Clone, Debug)]
pub struct Load {
    /// Where the rows go.
    pub destination: Destination,
    /// Where they come from.
    pub source: LoadSource,
    /// How they are written.
    pub format: LoadFormat,
    /// The columns; those of the table, of a Parquet file or what is detected where they are not given.
    pub columns: Option<Vec<ColumnDefinition>>,
    /// Whether columns are detected in CSV and JSON.
    pub detection: Detection,
    /// What becomes of values that no column takes.
    pub unknown: UnknownValues,
    /// Rows that may be wrong; they are left out.
    pub most_bad_records: u64,
}

/// Where a load reads.
#[derive(Clone, Debug)]
pub enum LoadSource {
    /// What a client sent.
    Upload(Upload),
    /// Files in folders and buckets that are allowed; a `*` in a name stands for any text.
    Places(Vec<String>),
}

/// How rows are written in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoadFormat {
    /// Comma-separated values.
    Csv(CsvOptions),
    /// A JSON object a line.
    Ndjson,
    /// Parquet.
    Parquet,
}

/// How CSV is written; the default is BigQuery's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CsvOptions {
    /// What stands between values.
    pub delimiter: u8,
    /// What stands around a value; `None` where quotes are nothing special.
    pub quote: Option<u8>,
    /// Lines that are no rows; with detection `None` finds out whether there is a header.
    pub skip_leading_rows: Option<u64>,
    /// The text that is NULL unless it is quoted.
    pub null_marker: String,
    /// Whether a quoted value may have several lines.
    pub quoted_newlines: QuotedNewlines,
    /// Whether a row may have fewer values than there are columns.
    pub jagged_rows: JaggedRows,
}

/// Whether a quoted value may have several lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum QuotedNewlines {
    /// It must not.
    #[default]
    Refused,
    /// It may.
    Allowed,
}

/// Whether a row may have fewer values than there are columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum JaggedRows {
    /// It must not.
    #[default]
    Refused,
    /// What is missing at the end is NULL.
    Allowed,
}

/// Whether columns are detected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detection {
    /// They are given or known.
    #[default]
    Off,
    /// From the first rows.
    On,
}

/// What becomes of values that no column takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnknownValues {
    /// The row is wrong.
    #[default]
    Refused,
    /// They are left out.
    Ignored,
}

/// Rows of a file as they are read, and how many were wrong.
pub(crate) struct Read {
    pub(crate) columns: Vec<ColumnDefinition>,
    pub(crate) batches: Box<dyn Iterator<Item = Result<RecordBatch>>>,
}

/// Rows that were wrong, over all files of a load.
#[derive(Clone, Debug)]
pub(crate) struct BadRows {
    most: u64,
    seen: Arc<AtomicU64>,
}

impl Default for CsvOptions {
    fn default() -> Self {
        Self {
            delimiter: b',',
            quote: Some(b'"'),
            skip_leading_rows: None,
            null_marker: String::new(),
            quoted_newlines: QuotedNewlines::Refused,
            jagged_rows: JaggedRows::Refused,
        }
    }
}

impl BadRows {
    fn new(most: u64) -> Self {
        Self { most, seen: Arc::default() }
    }

    /// Counts one more.
    ///
    /// # Errors
    /// The fault itself, once there are more than may be.
    pub(crate) fn add(&self, why: &str) -> Result<()> {
        let seen = self.seen.fetch_add(1, Ordering::Relaxed) + 1;
        if seen > self.most {
            return Err(Error::Rows(format!("Error while reading data, error message: {why}")));
        }
        Ok(())
    }
}

/// Puts files into a table.
pub(crate) fn run(shared: &Arc<Shared>, principal: &Principal, active: &Arc<Active>, load: &Load) -> Result<Job> {
    principal.may(&Action::Write)?;
    let (_slot, mut job) = shared.started(principal, active, Priority::Interactive)?;
    into_table(shared, active, load, &mut job.statistics)?;
    Ok(job)
}

/// Puts the rows of files into a table, and what came of it into the statistics.
pub(crate) fn into_table(shared: &Shared, active: &Active, load: &Load, statistics: &mut JobStatistics) -> Result<()> {
    let files = source::files(shared, &load.source, &active.stop)?;
    let known = shared.known_columns(load)?;
    let bad = BadRows::new(load.most_bad_records);
    let first = files.first().ok_or_else(|| Error::Invalid("Required parameter is missing: sourceUris".to_owned()))?;
    let columns = read(load, first, known, &bad)?.columns;
    check_columns(&columns)?;
    let again = BadRows::new(load.most_bad_records);
    let import = import(&load.destination, columns.clone());
    // What is wrong with the files comes out as it is, round the engine.
    let fault = RefCell::new(None);
    let outside = |error: Error| {
        fault.replace(Some(error));
        bedside_engine::Error::Stopped
    };
    let done = shared.engine.import(&import, active.stop.flag(), || {
        let reads = files.iter().map(|file| read(load, file, Some(columns.clone()), &again));
        let reads = reads.collect::<Result<Vec<_>>>().map_err(outside)?;
        Ok(reads.into_iter().flat_map(|read| read.batches).map(|batch| batch.map_err(outside)))
    });
    let done = done.map_err(|error| match (fault.take(), error) {
        (Some(fault), _) => fault,
        (None, bedside_engine::Error::Stopped) => active.stop.error(),
        (None, other) => other.into(),
    })?;
    statistics.rows = done.rows;
    statistics.input_files = files.len() as u64;
    statistics.input_bytes = files.iter().map(|file| file.bytes).sum();
    statistics.bad_records = again.seen.load(Ordering::Relaxed);
    if let Ok(table) = shared.table(&load.destination.table) {
        statistics.output_bytes = table.bytes;
    }
    Ok(())
}

fn read(load: &Load, file: &source::File, known: Option<Vec<ColumnDefinition>>, bad: &BadRows) -> Result<Read> {
    match &load.format {
        LoadFormat::Csv(options) => csv::read(file, options, load, known, bad),
        LoadFormat::Ndjson => json::read(file, load, known, bad),
        LoadFormat::Parquet => parquet::read(file, known),
    }
}

/// The next line with its end; 0 bytes behind the last. What never ends is no row, and is not held.
fn line(input: &mut dyn BufRead, text: &mut Vec<u8>) -> Result<usize> {
    let most = LONGEST_ROW.saturating_sub(text.len()) as u64;
    let read = input.take(most + 1).read_until(b'\n', text);
    let read = read.map_err(|error| Error::Rows(format!("the file cannot be read: {error}")))?;
    if text.len() > LONGEST_ROW {
        return Err(Error::Rows(format!(
            "Error while reading data, error message: a row has more than {LONGEST_ROW} bytes"
        )));
    }
    Ok(read)
}

/// Batches up to the end or the first fault.
fn until_fault(
    mut next: impl FnMut() -> Result<Option<RecordBatch>> + 'static,
) -> Box<dyn Iterator<Item = Result<RecordBatch>>> {
    let mut ended = false;
    Box::new(std::iter::from_fn(move || {
        let batch = if ended { None } else { next().transpose() };
        ended = !matches!(batch, Some(Ok(_)));
        batch
    }))
}

impl Shared {
    /// The columns that are given, or those of a table that stays.
    fn known_columns(&self, load: &Load) -> Result<Option<Vec<ColumnDefinition>>> {
        if load.columns.is_some() {
            return Ok(load.columns.clone());
        }
        if load.destination.write == WriteDisposition::Truncate && load.detection == Detection::On {
            return Ok(None);
        }
        match self.table(&load.destination.table) {
            Ok(table) if table.kind == TableKind::Table => {
                let stays = load.destination.write != WriteDisposition::Truncate;
                let detected = load.detection == Detection::On || load.format == LoadFormat::Parquet;
                Ok((stays || !detected).then_some(table.columns))
            }
            Ok(_) | Err(Error::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
