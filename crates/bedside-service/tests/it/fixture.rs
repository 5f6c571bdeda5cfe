//! A home with one small release and a gate before it.

use arrow::array::{ArrayRef, AsArray, Int64Array, RecordBatch, StringViewArray};
use arrow::datatypes::Int64Type;
use bedside_engine::{Engine, EngineOptions};
use bedside_service::{
    Error, Job, JobState, Principal, Query, RowPage, RowRange, Service, ServiceOptions, Submission, TableReference,
    Work,
};
use bedside_store::{
    ChecksumState, ColumnSpec, LayoutName, LayoutSpec, LayoutWriter, Manifest, RowState, SourceEntry, Statistics,
    TableEntry, Warehouse, generation,
};
use bedside_types::SqlType;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use tempfile::TempDir;

/// Rows of `mimiciv_icu.d_items` in the fixture: more than one page of its file.
pub(crate) const ITEMS: i64 = 30_000;

/// 2026-01-02 03:04:05 UTC, microseconds.
const START: i64 = 1_767_323_045_000_000;

pub(crate) const PROJECT: &str = "my-project";

static NOW: AtomicI64 = AtomicI64::new(START);

/// Time does not go by itself.
pub(crate) fn clock() -> i64 {
    NOW.load(Ordering::SeqCst)
}

pub(crate) struct Home {
    pub(crate) service: Service,
    pub(crate) folder: TempDir,
}

impl Home {
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    /// With other options.
    pub(crate) fn with(change: impl FnOnce(&mut ServiceOptions)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        publish(folder.path());
        let service = open(folder.path(), change).unwrap();
        Self { service, folder }
    }

    /// Runs a text to its end.
    pub(crate) async fn run(&self, text: &str) -> Job {
        self.run_with(text, |_| {}).await.unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    /// The same with other wishes.
    pub(crate) async fn run_with(&self, text: &str, change: impl FnOnce(&mut Query)) -> Result<Job, Error> {
        let mut submission = Submission::query(PROJECT, "test", text);
        if let Work::Query(query) = &mut submission.work {
            change(query);
        }
        self.submit(submission).await
    }

    /// Runs a job to its end.
    pub(crate) async fn submit(&self, submission: Submission) -> Result<Job, Error> {
        let job = self.service.run(&Principal::owner(), submission, Duration::from_mins(1)).await?;
        assert_eq!(job.state, JobState::Done);
        Ok(job)
    }

    /// The first column of the rows of a job, of type INT64.
    pub(crate) async fn numbers(&self, job: &Job) -> Vec<Option<i64>> {
        let range = RowRange { start: 0, most: 1_000_000 };
        numbers(&self.service.rows_of(&Principal::owner(), job, range).await.unwrap())
    }

    /// The numbers that a query gives.
    pub(crate) async fn query(&self, text: &str) -> Vec<Option<i64>> {
        let job = self.run(text).await;
        assert_eq!(job.error, None, "{text}");
        self.numbers(&job).await
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Home {
    /// A test that fails does not wait for its endless statements.
    fn drop(&mut self) {
        if tokio::runtime::Handle::try_current().is_ok() {
            futures::executor::block_on(self.service.shut_down(Duration::ZERO));
        }
    }
}

pub(crate) fn numbers(page: &RowPage) -> Vec<Option<i64>> {
    page.batches.iter().flat_map(|batch| batch.column(0).as_primitive::<Int64Type>().iter()).collect()
}

pub(crate) fn table(dataset: &str, table: &str) -> TableReference {
    TableReference { project: PROJECT.to_owned(), dataset: dataset.to_owned(), table: table.to_owned() }
}

/// A gate on a home that is there.
pub(crate) fn open(home: &Path, change: impl FnOnce(&mut ServiceOptions)) -> Result<Service, Error> {
    let warehouse = Warehouse::open(home)?;
    let options = EngineOptions { memory_bytes: 256 << 20, threads: 2, projects: Vec::new(), clock };
    let mut service = ServiceOptions::new(clock, 2);
    change(&mut service);
    Service::open(Engine::open(warehouse, options)?, service)
}

/// The items of MIMIC-IV's demo, with numbers for labels.
fn publish(home: &Path) {
    let warehouse = Warehouse::open(home).unwrap();
    let release = "mimiciv-demo-2.2".parse().unwrap();
    let lock = warehouse.lock_release(&release).unwrap();
    let column = |name: &str, sql_type| ColumnSpec { name: name.to_owned(), sql_type, nullable: true };
    let columns = vec![column("itemid", SqlType::Int64), column("label", SqlType::String)];
    let generation = generation("fixture", &columns, &[]);
    let spec = LayoutSpec {
        module: "icu".to_owned(),
        table: "d_items".to_owned(),
        name: LayoutName::File,
        generation: generation.clone(),
        columns,
        order: Vec::new(),
        statistics: Statistics::Gather,
    };
    let writer = LayoutWriter::new(&warehouse, &lock, spec, &[]).unwrap();
    let mut range = writer.range(None).unwrap();
    let ids: ArrayRef = Arc::new((0..ITEMS).map(Some).collect::<Int64Array>());
    let labels: ArrayRef = Arc::new((0..ITEMS).map(|n| Some(format!("{n:05}"))).collect::<StringViewArray>());
    let batch = RecordBatch::try_from_iter_with_nullable([("itemid", ids, true), ("label", labels, true)]).unwrap();
    range.write(&batch).unwrap();
    let written = writer.finish(vec![range.finish().unwrap()]).unwrap();
    let now = "2026-01-02T03:04:05Z";
    let entry = TableEntry {
        module: "icu".to_owned(),
        name: "d_items".to_owned(),
        generation,
        rows: written.rows,
        expected_rows: None,
        row_state: RowState::Unknown,
        quarantined: 0,
        warnings: Vec::new(),
        source: SourceEntry {
            file: "icu/d_items.csv".to_owned(),
            bytes: 0,
            sha256: "0".repeat(64),
            checksum: ChecksumState::NotListed,
        },
        loaded_at: now.to_owned(),
        columns: written.columns,
        item_counts: written.item_counts,
        layouts: vec![written.entry],
        derivation: None,
    };
    let publish = |manifest: &mut Manifest| manifest.put_table(entry);
    warehouse.publish(&lock, || Manifest::new(release.clone(), "2.2", now), publish).unwrap();
}
