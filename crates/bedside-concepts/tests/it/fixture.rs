//! A home with a small synthetic release, made once and copied for every test, and builds in it.

use arrow::record_batch::RecordBatch;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use bedside_concepts::Family::MimicIv;
use bedside_concepts::{BuildOptions, ConceptReport, Definitions, Event, Family, Outcome, Report, build};
use bedside_engine::{Engine, EngineOptions, Request};
use bedside_load::source::{Access, Source};
use bedside_load::{LoadOptions, load, plan};
use bedside_store::{Manifest, TableEntry, Warehouse};
use bedside_types::ReleaseId;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;
use std::sync::atomic::AtomicBool;
use tempfile::TempDir;

pub(crate) const NOW: &str = "2026-01-02T03:04:05Z";

/// Bytes that more than suffice.
const MEMORY: usize = 512 << 20;

/// Patients of the release that most tests share.
const PATIENTS: u64 = 30;

/// Its home, loaded once.
static LOADED: LazyLock<TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("source");
    bedside_synth::generate(&bedside_synth::Options::new(PATIENTS, 7), &source, &|_| ()).unwrap();
    load_folder(&source, &folder.path().join("home"), None);
    fs::remove_dir_all(source).unwrap();
    folder
});

/// A home folder with an engine on it.
pub(crate) struct Home {
    pub(crate) engine: Engine,
    pub(crate) release: ReleaseId,
    folder: Folder,
}

/// Where a home is.
enum Folder {
    Own(TempDir),
    Of(std::path::PathBuf),
}

impl Home {
    /// The shared synthetic release, in a home of the test's own.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy(&LOADED.path().join("home"), folder.path());
        Self::open(folder, 2)
    }

    /// A folder in PhysioNet's layout, loaded; as `release` where the folder does not tell.
    #[allow(dead_code, reason = "for comparisons with other data")]
    pub(crate) fn of_folder(source: &Path, release: Option<&str>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        load_folder(source, folder.path(), release);
        Self::open(folder, 2)
    }

    /// A home with a MIMIC-III of two stays and nothing else.
    pub(crate) fn mimiciii() -> Self {
        let folder = tempfile::tempdir().unwrap();
        load_mimiciii(folder.path());
        Self::open(folder, 2)
    }

    /// The same home, for a MIMIC-III of two stays that is loaded beside what is there.
    pub(crate) fn with_mimiciii(&self) -> Self {
        load_mimiciii(self.path());
        self.of_release("mimiciii-1.4".parse().unwrap())
    }

    fn open(folder: TempDir, threads: usize) -> Self {
        let warehouse = Warehouse::open(folder.path()).unwrap();
        let release = warehouse.release_ids().unwrap().remove(0);
        Self { engine: engine(warehouse, threads, MEMORY), release, folder: Folder::Own(folder) }
    }

    /// The same home, for another of its releases.
    pub(crate) fn of_release(&self, release: ReleaseId) -> Self {
        Self { engine: self.engine.clone(), release, folder: Folder::Of(self.path().to_path_buf()) }
    }

    /// The family of its release.
    pub(crate) fn family(&self) -> Family {
        Family::of(&self.release).unwrap()
    }

    /// The same home, divided into so many parts.
    pub(crate) fn with_threads(self, threads: usize) -> Self {
        let warehouse = Warehouse::open(self.path()).unwrap();
        Self { engine: engine(warehouse, threads, MEMORY), ..self }
    }

    /// The same home, with a budget of so many bytes.
    pub(crate) fn with_memory(self, bytes: usize) -> Self {
        let warehouse = Warehouse::open(self.path()).unwrap();
        Self { engine: engine(warehouse, 2, bytes), ..self }
    }

    pub(crate) fn path(&self) -> &Path {
        match &self.folder {
            Folder::Own(folder) => folder.path(),
            Folder::Of(path) => path,
        }
    }

    pub(crate) fn manifest(&self) -> Manifest {
        self.engine.warehouse().require(&self.release).unwrap()
    }

    pub(crate) fn table(&self, name: &str) -> Option<TableEntry> {
        self.manifest().table("derived", name).cloned()
    }

    /// Builds these concepts and what they need; all for none.
    pub(crate) fn build(&self, definitions: &Definitions, only: &[&str]) -> Report {
        self.build_until(definitions, only, &|_| (), &AtomicBool::new(false)).unwrap()
    }

    pub(crate) fn build_until(
        &self,
        definitions: &Definitions,
        only: &[&str],
        progress: &(dyn Fn(Event<'_>) + Sync),
        stop: &AtomicBool,
    ) -> bedside_concepts::Result<Report> {
        let only = only.iter().map(|name| (*name).to_owned()).collect();
        let options = BuildOptions { only, threads: 2, now: || NOW.to_owned() };
        build(&self.engine, &self.release, definitions, &options, progress, stop)
    }

    /// The rows as texts, in the order of the statement.
    pub(crate) fn rows(&self, text: &str) -> Vec<String> {
        let prepared = self.engine.prepare(&Request { text, ..Request::default() }).unwrap();
        prepared.execute().unwrap().flat_map(|batch| lines(&batch.unwrap())).collect()
    }
}

/// The program's definitions and those of files given as `(path, text)`.
pub(crate) fn with_files(files: &[(&str, &str)]) -> (Definitions, TempDir) {
    let mut definitions = Definitions::embedded(MimicIv);
    let folder = add_files(&mut definitions, files);
    (definitions, folder)
}

/// Only the definitions of these files.
pub(crate) fn only_files(files: &[(&str, &str)]) -> (Definitions, TempDir) {
    let mut definitions = Definitions::new(MimicIv);
    let folder = add_files(&mut definitions, files);
    (definitions, folder)
}

pub(crate) fn add_files(definitions: &mut Definitions, files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    definitions.add_folder(folder.path()).unwrap();
    folder
}

/// A page: the key, and columns as `name TYPE`.
pub(crate) fn page(key: &[&str], columns: &[&str]) -> String {
    let mut text = format!("row = 'One row.'\nkey = {key:?}\nliterature = []\ncaveats = []\n");
    if key.is_empty() {
        text.push_str("key_note = 'There is none.'\n");
    }
    for column in columns {
        let (name, sql_type) = column.split_once(' ').unwrap();
        let (sql_type, more) = sql_type.split_once(' ').unwrap_or((sql_type, ""));
        text.push_str(&format!("\n[[column]]\nname = '{name}'\ntype = '{sql_type}'\nmeaning = 'A {name}.'\n{more}\n"));
    }
    text
}

/// `built`, `unchanged`, `skipped: reason`, `failed: error` of a concept.
pub(crate) fn outcome(report: &Report, name: &str) -> String {
    shown(report.concept(name).unwrap_or_else(|| panic!("{name} is not in the report")))
}

pub(crate) fn shown(concept: &ConceptReport) -> String {
    match &concept.outcome {
        Outcome::Built => "built".to_owned(),
        Outcome::Unchanged => "unchanged".to_owned(),
        Outcome::Skipped(reason) => format!("skipped: {reason}"),
        Outcome::Failed(error) => format!("failed: {error}"),
    }
}

/// The names of the concepts that were built.
pub(crate) fn built(report: &Report) -> Vec<&str> {
    let built = report.concepts.iter().filter(|concept| matches!(concept.outcome, Outcome::Built));
    let mut names: Vec<_> = built.map(|concept| concept.name.as_str()).collect();
    names.sort_unstable();
    names
}

fn engine(warehouse: Warehouse, threads: usize, memory_bytes: usize) -> Engine {
    let options = EngineOptions { memory_bytes, threads, projects: vec![], clock: || 0 };
    Engine::open(warehouse, options).unwrap()
}

pub(crate) fn load_folder(source: &Path, home: &Path, release: Option<&str>) {
    let source = Source::parse(&source.to_string_lossy(), &Access::default()).unwrap();
    let warehouse = Warehouse::open(home).unwrap();
    let release = release.map(|release| release.parse().unwrap());
    let options = LoadOptions { release, ..LoadOptions::new(2, || NOW.to_owned()) };
    let plans = plan(&source, &warehouse, &options).unwrap();
    let report = load(&source, &plans, &warehouse, &options, &|_| (), &AtomicBool::new(false));
    assert!(report.is_complete(), "{report:?}");
}

/// Loads three tables of MIMIC-III as `mimiciii-1.4`.
fn load_mimiciii(home: &Path) {
    let source = tempfile::tempdir().unwrap();
    for (name, text) in [
        (
            "PATIENTS.csv",
            "ROW_ID,SUBJECT_ID,GENDER,DOB,DOD,DOD_HOSP,DOD_SSN,EXPIRE_FLAG\n1,7,F,2070-01-01 00:00:00,,,,0\n",
        ),
        (
            "ADMISSIONS.csv",
            "ROW_ID,SUBJECT_ID,HADM_ID,ADMITTIME,DISCHTIME,DEATHTIME,ADMISSION_TYPE,ADMISSION_LOCATION,DISCHARGE_LOCATION,\
             INSURANCE,LANGUAGE,RELIGION,MARITAL_STATUS,ETHNICITY,EDREGTIME,EDOUTTIME,DIAGNOSIS,HOSPITAL_EXPIRE_FLAG,\
             HAS_CHARTEVENTS_DATA\n\
             1,7,100001,2130-01-01 08:00:00,2130-01-05 12:00:00,,EMERGENCY,CLINIC,HOME,Medicare,,,,WHITE,,,SEPSIS,0,1\n",
        ),
        (
            "ICUSTAYS.csv",
            "ROW_ID,SUBJECT_ID,HADM_ID,ICUSTAY_ID,DBSOURCE,FIRST_CAREUNIT,LAST_CAREUNIT,FIRST_WARDID,LAST_WARDID,INTIME,\
             OUTTIME,LOS\n\
             1,7,100001,200001,carevue,MICU,MICU,1,1,2130-01-01 09:00:00,2130-01-02 09:00:00,1.0\n\
             2,7,100001,200002,metavision,SICU,SICU,2,2,2130-01-03 09:00:00,2130-01-05 09:00:00,2.0\n",
        ),
    ] {
        fs::write(source.path().join(name), text).unwrap();
    }
    load_folder(source.path(), home, Some("mimiciii-1.4"));
}

fn lines(batch: &RecordBatch) -> Vec<String> {
    let options = FormatOptions::default().with_null("NULL");
    let formats: Vec<_> =
        batch.columns().iter().map(|column| ArrayFormatter::try_new(column.as_ref(), &options).unwrap()).collect();
    let line = |row| formats.iter().map(|format| format.value(row).to_string()).collect::<Vec<_>>().join("|");
    (0..batch.num_rows()).map(line).collect()
}

pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
