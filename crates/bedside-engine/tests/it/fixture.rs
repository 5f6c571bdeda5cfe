//! A warehouse of four made-up patients, written through `bedside-store` with the schema of MIMIC-IV 2.2.

mod tables;

use crate::logic::Outcome;
use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::{DataType, Schema};
use bedside_datasets::catalogue;
use bedside_engine::{Engine, EngineOptions, Prepared, Request, Session, Step, Writes};
use bedside_sql::{Parameter, Parameters};
use bedside_store::{
    ChecksumState, ColumnSpec, IdSource, LayoutName, LayoutSpec, LayoutWriter, Manifest, ReleaseLock, RowState,
    SourceEntry, Statistics, TableEntry, Warehouse, generation,
};
use bedside_types::{SqlType, Value};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use tables::TABLES;
use tempfile::TempDir;

/// Range 0 holds patient 1, range 1 patient 2, range 2 the others.
const SPLITS: [i64; 2] = [2, 3];

/// 2150-03-01 11:00:00.
const SINCE: i64 = 5_685_418_800_000_000;

const NOW: &str = "2026-01-02T03:04:05Z";

/// A home folder with an engine on it.
pub(crate) struct Home {
    pub(crate) engine: Engine,
    pub(crate) folder: TempDir,
}

impl Home {
    /// The fixture as the demo of MIMIC-IV 2.2.
    pub(crate) fn new() -> Self {
        Self::with(2, 256 << 20)
    }

    /// The same with so many threads and bytes of memory.
    pub(crate) fn with(threads: usize, memory_bytes: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let warehouse = Warehouse::open(folder.path()).unwrap();
        let release = "mimiciv-demo-2.2".parse().unwrap();
        let lock = warehouse.lock_release(&release).unwrap();
        let tables: Vec<TableEntry> = TABLES.iter().map(|table| write(&warehouse, &lock, *table)).collect();
        let publish = |manifest: &mut Manifest| {
            manifest.subject_splits = SPLITS.to_vec();
            tables.into_iter().for_each(|table| manifest.put_table(table));
        };
        warehouse.publish(&lock, || Manifest::new(release.clone(), "2.2", NOW), publish).unwrap();
        let key = |id: &str, table: &str, dependents: &[&str]| IdSource {
            id: id.to_owned(),
            table: table.to_owned(),
            dependents: dependents.iter().map(|id| (*id).to_owned()).collect(),
        };
        let keys = [
            key("stay_id", "icu.icustays", &["subject_id", "hadm_id"]),
            key("hadm_id", "hosp.admissions", &["subject_id"]),
        ];
        warehouse.refresh_facts(&lock, &keys, 1, NOW).unwrap();
        drop(lock);
        // 2026-01-02 03:04:05.678901 UTC.
        let options = EngineOptions {
            memory_bytes,
            threads,
            projects: vec!["my-project".to_owned()],
            clock: || 1_767_323_045_678_901,
        };
        Self { engine: Engine::open(warehouse, options).unwrap(), folder }
    }

    pub(crate) fn prepare(&self, text: &str) -> Result<Prepared, String> {
        // For the statements that have them: @stay and @since.
        let parameter = |sql_type, value| Parameter { sql_type, value };
        let parameters = Parameters::Named(vec![
            ("stay".to_owned(), parameter(SqlType::Int64, Value::Int64(1001))),
            ("since".to_owned(), parameter(SqlType::Datetime, Value::Datetime(SINCE))),
        ]);
        let request = Request { text, parameters, default_dataset: Some("mimiciv_icu"), ..Request::default() };
        self.engine.prepare(&request).map_err(|error| error.to_string())
    }

    /// Runs a text of statements, in a session that goes on.
    pub(crate) fn run(&self, text: &str, session: &Session) -> Result<Outcome, String> {
        let request = Request { text, default_dataset: Some("mimiciv_icu"), ..Request::default() };
        let mut outcome = Outcome::default();
        let mut script = self.engine.script(&request, session, Writes::Allowed).map_err(|error| error.to_string())?;
        let stop = AtomicBool::new(false);
        while let Some(step) = script.next(&stop).map_err(|error| error.to_string())? {
            let ran = match step {
                Step::Query(query) => batches_of(&query).map(|batches| outcome.rows = cells_of(&batches)),
                Step::Change(change) => change.execute(&stop).map(|done| {
                    outcome.count = done.rows;
                    script.ran(done.rows);
                }),
                Step::Transfer(transfer) => Err(bedside_engine::Error::Unsupported(transfer.words())),
                Step::Evaluation(query) => batches_of(&query).and_then(|batches| script.answer(&batches)),
            };
            if let Err(error) = ran
                && !script.caught(&error)
            {
                return Err(error.to_string());
            }
        }
        Ok(outcome)
    }

    /// The rows as text: what CAST to STRING gives, arrays and structs as JSON.
    pub(crate) fn rows(&self, text: &str) -> Result<Vec<Vec<Option<String>>>, String> {
        rows_of(&self.prepare(text)?)
    }
}

fn rows_of(prepared: &Prepared) -> Result<Vec<Vec<Option<String>>>, String> {
    batches_of(prepared).map(|batches| cells_of(&batches)).map_err(|error| error.to_string())
}

fn batches_of(prepared: &Prepared) -> bedside_engine::Result<Vec<RecordBatch>> {
    prepared.execute()?.collect()
}

fn cells_of(batches: &[RecordBatch]) -> Vec<Vec<Option<String>>> {
    let mut rows = Vec::new();
    for batch in batches {
        for row in 0..batch.num_rows() {
            rows.push(batch.columns().iter().map(|column| cell(column, row)).collect());
        }
    }
    rows
}

fn cell(column: &ArrayRef, row: usize) -> Option<String> {
    if column.is_null(row) {
        return None;
    }
    match column.data_type() {
        range if SqlType::is_range(range) => bedside_functions::cast_text(column, row).unwrap(),
        DataType::List(_) | DataType::Struct(_) | DataType::BinaryView => {
            let mut out = String::new();
            bedside_functions::write_json(&mut out, column, row, false).unwrap();
            Some(out)
        }
        _ => bedside_functions::cast_text(column, row).unwrap(),
    }
}

/// The folder that holds `crates/` and `tests/`.
pub(crate) fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_path_buf()
}

fn write(
    warehouse: &Warehouse,
    lock: &ReleaseLock,
    (module, name, header, rows): (&str, &str, &str, &[&str]),
) -> TableEntry {
    let facts = catalogue().schema("mimiciv", "2.2").unwrap().table(module, name).unwrap();
    let columns: Vec<ColumnSpec> = facts
        .columns
        .iter()
        .map(|column| ColumnSpec { name: column.name.clone(), sql_type: column.sql_type.clone(), nullable: true })
        .collect();
    let header: Vec<&str> = header.split('|').collect();
    let cells: Vec<Vec<&str>> = rows.iter().map(|row| row.split('|').collect()).collect();
    let generation = generation("fixture", &columns, &[]);
    let mut layouts = vec![];
    let patient = !facts.order.patient.is_empty();
    let main = if patient { LayoutName::Patient } else { LayoutName::File };
    layouts.push((main, facts.order.patient.clone(), Statistics::Gather));
    if !facts.order.item.is_empty() {
        layouts.push((LayoutName::Item, facts.order.item.clone(), Statistics::OrderOnly));
    }
    let mut written = Vec::new();
    for (layout, order, statistics) in layouts {
        let spec = LayoutSpec {
            module: module.to_owned(),
            table: name.to_owned(),
            name: layout,
            generation: generation.clone(),
            columns: columns.clone(),
            order: order.clone(),
            statistics,
        };
        let writer = LayoutWriter::new(warehouse, lock, spec, &SPLITS).unwrap();
        let subject = header.iter().position(|column| *column == "subject_id");
        let ranges: Vec<Option<u32>> = if patient { (0..=SPLITS.len() as u32).map(Some).collect() } else { vec![None] };
        let mut parts = Vec::new();
        for range in ranges {
            let mine: Vec<&Vec<&str>> = cells
                .iter()
                .filter(|row| {
                    let Some(range) = range else { return true };
                    let id: i64 = row[subject.unwrap()].parse().unwrap();
                    SPLITS.partition_point(|split| *split <= id) as u32 == range
                })
                .collect();
            let mut part = writer.range(range).unwrap();
            if !mine.is_empty() {
                part.write(&sorted(&batch(&columns, &header, &mine), &order)).unwrap();
            }
            parts.push(part.finish().unwrap());
        }
        written.push(writer.finish(parts).unwrap());
    }
    TableEntry {
        module: module.to_owned(),
        name: name.to_owned(),
        generation,
        rows: rows.len() as u64,
        expected_rows: None,
        row_state: RowState::Unknown,
        quarantined: 0,
        warnings: vec![],
        source: SourceEntry {
            file: format!("{module}/{name}.csv.gz"),
            bytes: 1,
            sha256: "0".repeat(64),
            checksum: ChecksumState::NotListed,
        },
        loaded_at: NOW.to_owned(),
        columns: written[0].columns.clone(),
        item_counts: written[0].item_counts.clone(),
        layouts: written.into_iter().map(|layout| layout.entry).collect(),
        derivation: None,
    }
}

/// Texts become typed columns through our own casts; columns that the header does not have are NULL.
fn batch(columns: &[ColumnSpec], header: &[&str], rows: &[&Vec<&str>]) -> RecordBatch {
    let fields: Vec<_> = columns.iter().map(|column| column.sql_type.field(&column.name, true)).collect();
    let arrays = columns
        .iter()
        .map(|column| {
            let place = header.iter().position(|name| *name == column.name);
            let texts: arrow::array::StringViewArray =
                rows.iter().map(|row| place.map(|place| row[place]).filter(|cell| !cell.is_empty())).collect();
            let texts: ArrayRef = Arc::new(texts);
            // Arrow reads plain dates, times and numbers as we do.
            arrow::compute::cast(&texts, &column.sql_type.arrow()).unwrap()
        })
        .collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).unwrap()
}

fn sorted(batch: &RecordBatch, order: &[String]) -> RecordBatch {
    if order.is_empty() {
        return batch.clone();
    }
    let keys: Vec<_> = order
        .iter()
        .map(|name| arrow::compute::SortColumn {
            values: Arc::clone(batch.column_by_name(name).unwrap()),
            options: Some(arrow::compute::SortOptions { descending: false, nulls_first: true }),
        })
        .collect();
    let places = arrow::compute::lexsort_to_indices(&keys, None).unwrap();
    arrow::compute::take_record_batch(batch, &places).unwrap()
}
