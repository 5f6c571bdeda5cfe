//! Small releases made up for a test, and what a load makes of them.

use bedside_datasets::{Table, catalogue};
use bedside_load::source::{Access, Source};
use bedside_load::{Event, LoadOptions, Outcome, Report, load, plan};
use bedside_store::{Manifest, Warehouse};
use bedside_types::{ReleaseId, SqlType};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

/// The release that made-up files are loaded as.
pub(crate) const RELEASE: &str = "mimiciv-local-0000abcd";

/// The folder of the open demos beside the workspace, or `None` (said on stderr) where it is not there.
pub(crate) fn shared_data() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).map(|root| root.join("../shared"));
    let folder = std::env::var_os("BEDSIDE_SHARED").map(PathBuf::from).or_else(beside)?.join("data");
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: {} is not there", folder.display());
    None
}

pub(crate) fn options() -> LoadOptions {
    LoadOptions { release: Some(RELEASE.parse().unwrap()), ..LoadOptions::new(2, || "2026-01-01T00:00:00Z".to_owned()) }
}

pub(crate) fn source(folder: &Path) -> Source {
    Source::parse(folder.to_str().unwrap(), &Access::default()).unwrap()
}

/// Plans and loads a folder.
pub(crate) fn load_folder(folder: &Path, home: &Path, options: &LoadOptions) -> Report {
    load_watched(folder, home, options, &|_| {})
}

pub(crate) fn load_watched(
    folder: &Path,
    home: &Path,
    options: &LoadOptions,
    progress: &(dyn Fn(Event<'_>) + Sync),
) -> Report {
    let (source, warehouse) = (source(folder), Warehouse::open(home).unwrap());
    let plans = plan(&source, &warehouse, options).unwrap();
    load(&source, &plans, &warehouse, options, progress, &AtomicBool::new(false))
}

#[track_caller]
pub(crate) fn assert_complete(report: &Report) {
    assert!(report.is_complete(), "{:#?}", report.releases);
}

/// `loaded 5`, `there 5` or `failed: …` for a table.
pub(crate) fn outcome(report: &Report, table: &str) -> String {
    let tables = report.releases.iter().flat_map(|release| &release.tables);
    let Some(found) = tables.into_iter().find(|found| found.table == table) else { return "not in the report".into() };
    match &found.outcome {
        Outcome::Published => format!("loaded {}", found.rows),
        Outcome::AlreadyPublished => format!("there {}", found.rows),
        Outcome::Failed(error) => format!("failed: {error}"),
    }
}

pub(crate) fn manifest(home: &Path, release: &str) -> Manifest {
    let release: ReleaseId = release.parse().unwrap();
    Warehouse::open(home).unwrap().manifest(&release).unwrap().unwrap()
}

/// Every file of a home but for lock files, by path.
pub(crate) fn files(home: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![home.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(home).unwrap().to_str().unwrap().to_owned();
                if !name.starts_with("locks/") {
                    found.insert(name, fs::read(&path).unwrap());
                }
            }
        }
    }
    found
}

/// Writes a file, gzipped where its name says so.
pub(crate) fn write(folder: &Path, name: &str, content: impl AsRef<[u8]>) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let content = if path.extension().is_some_and(|extension| extension == "gz") {
        gzip(content.as_ref())
    } else {
        content.as_ref().to_vec()
    };
    fs::write(path, content).unwrap();
}

pub(crate) fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut encoder, content).unwrap();
    encoder.finish().unwrap()
}

/// A release of 150 patients in `folder`: five tables, `rows` rows in the largest two.
pub(crate) fn made_up_release(folder: &Path, rows: u64) {
    let schema = catalogue().schema("mimiciv", "2.2").unwrap();
    let tables = [
        ("hosp", "patients", 150),
        ("hosp", "admissions", 300),
        ("icu", "icustays", 400),
        ("icu", "d_items", 50),
        ("icu", "chartevents", rows),
        ("hosp", "labevents", rows),
    ];
    for (module, name, rows) in tables {
        let table = schema.table(module, name).unwrap();
        let file = if name == "labevents" { table.file.trim_end_matches(".gz") } else { &table.file };
        write(folder, file, csv(table, rows));
    }
}

/// Rows of a table with ids that refer to each other: subject s has admissions s and s + 150, stay t is of admission
/// t mod 300. Labs are not sorted by patient, and every text needs its quotes.
fn csv(table: &Table, rows: u64) -> String {
    let names: Vec<_> = table.columns.iter().map(|column| column.name.as_str()).collect();
    let mut text = names.join(",") + "\n";
    let mut random = 0x9e37_79b9_7f4a_7c15_u64 ^ rows;
    for row in 0..rows {
        for (place, column) in table.columns.iter().enumerate() {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            text.push_str(if place == 0 { "" } else { "," });
            match (column.name.as_str(), &column.sql_type) {
                ("subject_id", _) => write!(text, "{}", 10_000_000 + subject_of(row, table)).unwrap(),
                ("hadm_id", _) => write!(text, "{}", 20_000_000 + admission_of(row, table)).unwrap(),
                ("stay_id", _) => write!(text, "{}", 30_000_000 + stay_of(row, table)).unwrap(),
                ("itemid", _) if table.name == "d_items" => write!(text, "{}", 220_000 + row).unwrap(),
                ("itemid", _) => write!(text, "{}", 220_000 + random % 50).unwrap(),
                ("labevent_id", _) => write!(text, "{}", row + 1).unwrap(),
                (_, _) if column.nullable && random.is_multiple_of(7) => {}
                (_, SqlType::Int64) => write!(text, "{}", random % 5).unwrap(),
                (_, SqlType::Float64) => write!(text, "{}", (random % 100_000) as f64 / 7.0).unwrap(),
                (_, SqlType::Datetime) => {
                    write!(
                        text,
                        "21{:02}-{:02}-{:02} 0{}:00:00",
                        random % 90 + 10,
                        random % 12 + 1,
                        random % 28 + 1,
                        random % 9
                    )
                    .unwrap();
                }
                (_, SqlType::Date) => write!(text, "2150-01-{:02}", random % 28 + 1).unwrap(),
                _ => write!(text, "\"text, {} of \"\"{}\"\"\"", random % 1000, column.name).unwrap(),
            }
        }
        text.push('\n');
    }
    text
}

/// A fixed walk through the stays, so that the ids of one row belong together.
fn stay_of(row: u64, table: &Table) -> u64 {
    if table.name == "icustays" { row } else { row * 7919 % 400 }
}

fn admission_of(row: u64, table: &Table) -> u64 {
    if table.name == "admissions" { row } else { stay_of(row, table) % 300 }
}

fn subject_of(row: u64, table: &Table) -> u64 {
    if table.name == "patients" { row } else { admission_of(row, table) % 150 }
}
