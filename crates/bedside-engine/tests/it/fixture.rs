//! A warehouse of four made-up patients, written through `bedside-store` with the schema of MIMIC-IV 2.2.

use crate::logic::Outcome;
use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::{DataType, Schema};
use bedside_datasets::catalogue;
use bedside_engine::{Engine, EngineOptions, Prepared, Request, Session, Step, Writes};
use bedside_store::{
    ChecksumState, ColumnSpec, LayoutName, LayoutSpec, LayoutWriter, Manifest, ReleaseLock, RowState, SourceEntry,
    Statistics, TableEntry, Warehouse, generation,
};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use tempfile::TempDir;

/// Cells are separated by `|`; an empty one is NULL.
const TABLES: [(&str, &str, &str, &[&str]); 7] = [
    (
        "hosp",
        "patients",
        "subject_id|gender|anchor_age|anchor_year|anchor_year_group|dod",
        &[
            "1|M|60|2150|2014 - 2016|2150-03-05",
            "2|F|45|2160|2011 - 2013|",
            "3|F|80|2170|2014 - 2016|",
            "4|M|30|2180|2008 - 2010|",
        ],
    ),
    (
        "hosp",
        "admissions",
        "subject_id|hadm_id|admittime|dischtime|deathtime|admission_type|insurance|race|hospital_expire_flag",
        &[
            "1|101|2150-03-01 08:00:00|2150-03-05 10:30:00|2150-03-05 10:30:00|EW EMER.|Medicare|WHITE|1",
            "2|201|2160-12-30 22:15:00|2161-01-03 12:00:00||URGENT|Other|BLACK/AFRICAN AMERICAN|0",
            "2|202|2161-06-01 07:00:00|2161-06-02 18:00:00||ELECTIVE|Other|BLACK/AFRICAN AMERICAN|0",
            "3|301|2170-02-28 23:59:59|2170-03-10 09:00:00||EW EMER.|Medicaid|ASIAN|0",
        ],
    ),
    (
        "icu",
        "icustays",
        "subject_id|hadm_id|stay_id|first_careunit|last_careunit|intime|outtime|los",
        &[
            "1|101|1001|Medical Intensive Care Unit (MICU)|Medical Intensive Care Unit (MICU)|2150-03-01 10:00:00|2150-03-03 10:00:00|2",
            "2|201|2001|Surgical Intensive Care Unit (SICU)|Surgical Intensive Care Unit (SICU)|2160-12-31 01:00:00|2161-01-01 13:00:00|1.5",
            "3|301|3001|Coronary Care Unit (CCU)|Medical Intensive Care Unit (MICU)|2170-03-01 00:30:00|2170-03-04 06:30:00|3.25",
        ],
    ),
    (
        "icu",
        "d_items",
        "itemid|label|abbreviation|linksto|category|unitname|param_type",
        &[
            "220045|Heart Rate|HR|chartevents|Routine Vital Signs|bpm|Numeric",
            "220210|Respiratory Rate|RR|chartevents|Respiratory|insp/min|Numeric",
            "223761|Temperature Fahrenheit|Temperature F|chartevents|Routine Vital Signs|°F|Numeric",
            "224650|Ectopy Type 1|Ectopy Type 1|chartevents|Routine Vital Signs||Text",
        ],
    ),
    (
        "icu",
        "chartevents",
        "subject_id|hadm_id|stay_id|charttime|itemid|value|valuenum|valueuom|warning",
        &[
            "1|101|1001|2150-03-01 10:05:00|220045|88|88|bpm|0",
            "1|101|1001|2150-03-01 10:30:00|220210|18|18|insp/min|0",
            "1|101|1001|2150-03-01 11:00:00|220045|92|92|bpm|0",
            "1|101|1001|2150-03-01 11:00:00|223761|98.6|98.6|°F|0",
            "1|101|1001|2150-03-01 12:00:00|220045|110|110|bpm|1",
            "1|101|1001|2150-03-01 12:00:00|224650|None|||0",
            "2|201|2001|2160-12-31 01:10:00|220045|75|75|bpm|0",
            "2|201|2001|2160-12-31 23:59:00|220045|71|71|bpm|0",
            "2|201|2001|2161-01-01 00:01:00|220045|69|69|bpm|0",
            "3|301|3001|2170-03-01 00:45:00|220045|101|101|bpm|0",
            "3|301|3001|2170-03-01 01:45:00|220045||||1",
            "3|301|3001|2170-03-01 02:45:00|223761|101.3|101.3|°F|1",
        ],
    ),
    (
        "hosp",
        "d_labitems",
        "itemid|label|fluid|category",
        &[
            "50813|Lactate|Blood|Blood Gas",
            "50912|Creatinine|Blood|Chemistry",
            "51301|White Blood Cells|Blood|Hematology",
        ],
    ),
    (
        "hosp",
        "labevents",
        "labevent_id|subject_id|hadm_id|specimen_id|itemid|charttime|value|valuenum|valueuom|flag",
        &[
            "11|1|101|1|50813|2150-03-01 09:10:00|4.2|4.2|mmol/L|abnormal",
            "12|1|101|2|50813|2150-03-01 15:10:00|2.1|2.1|mmol/L|abnormal",
            "13|1|101|3|50912|2150-03-01 09:10:00|1.3|1.3|mg/dL|abnormal",
            "21|2|201|4|50912|2160-12-31 02:00:00|0.8|0.8|mg/dL|",
            "22|2||5|50912|2161-03-01 08:00:00|0.9|0.9|mg/dL|",
            "31|3|301|6|50813|2170-03-01 00:15:00|<1.0|||",
            "32|3|301|7|51301|2170-03-01 00:15:00|12.5|12.5|K/uL|abnormal",
        ],
    ),
];

/// Range 0 holds patient 1, range 1 patient 2, range 2 the others.
const SPLITS: [i64; 2] = [2, 3];

const NOW: &str = "2026-01-02T03:04:05Z";

/// A home folder with an engine on it.
pub(crate) struct Home {
    pub(crate) engine: Engine,
    _folder: TempDir,
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
        drop(lock);
        // 2026-01-02 03:04:05.678901 UTC.
        let options = EngineOptions {
            memory_bytes,
            threads,
            projects: vec!["my-project".to_owned()],
            clock: || 1_767_323_045_678_901,
        };
        Self { engine: Engine::open(warehouse, options).unwrap(), _folder: folder }
    }

    pub(crate) fn prepare(&self, text: &str) -> Result<Prepared, String> {
        let request = Request { text, default_dataset: Some("mimiciv_icu"), ..Request::default() };
        self.engine.prepare(&request).map_err(|error| error.to_string())
    }

    /// Runs a text of statements, in a session that goes on.
    pub(crate) fn run(&self, text: &str, session: &Session) -> Result<Outcome, String> {
        let request = Request { text, default_dataset: Some("mimiciv_icu"), ..Request::default() };
        let mut outcome = Outcome::default();
        let mut script = self.engine.script(&request, session, Writes::Allowed).map_err(|error| error.to_string())?;
        while let Some(step) = script.next().map_err(|error| error.to_string())? {
            match step {
                Step::Query(query) => outcome.rows = rows_of(&query)?,
                Step::Change(change) => {
                    let done = change.execute(&AtomicBool::new(false)).map_err(|error| error.to_string())?;
                    outcome.count = done.rows;
                }
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
    let mut rows = Vec::new();
    for batch in prepared.execute().map_err(|error| error.to_string())? {
        let batch = batch.map_err(|error| error.to_string())?;
        for row in 0..batch.num_rows() {
            rows.push(batch.columns().iter().map(|column| cell(column, row)).collect());
        }
    }
    Ok(rows)
}

fn cell(column: &ArrayRef, row: usize) -> Option<String> {
    if column.is_null(row) {
        return None;
    }
    match column.data_type() {
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
