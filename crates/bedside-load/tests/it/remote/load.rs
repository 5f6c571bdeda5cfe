//! A whole load of the MIMIC-IV demo from each kind of source, through servers that misbehave: the warehouse must come
//! out as that of the folder, byte for byte.

use super::server::{Fault, Logged, Server};
use super::{access, noise};
use bedside_load::source::{Access, Signing, Source};
use bedside_load::{Event, LoadOptions, Report, load, plan};
use bedside_store::{Manifest, Warehouse};
use bedside_types::ReleaseId;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, Weak};
use tempfile::TempDir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const FOLDER: &str = "mimic-iv-clinical-database-demo-2.2";
const RELEASE: &str = "mimiciv-demo-2.2";
const CHART: &str = "icu/chartevents.csv.gz";

/// The demo beside the workspace, or `None` (said on stderr) where it is not there.
fn demo() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).map(|root| root.join("../shared"));
    let shared = std::env::var_os("BEDSIDE_SHARED").map(PathBuf::from).or_else(beside)?;
    let folder = shared.join("data").join(FOLDER);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: {} is not there", folder.display());
    None
}

/// The demo's files by path.
fn files(demo: &Path) -> Vec<(String, Vec<u8>)> {
    let source = Source::parse(demo.to_str().unwrap(), &access()).unwrap();
    let read = |path: String| (path.clone(), fs::read(demo.join(path)).unwrap());
    source.list().unwrap().into_iter().map(|file| read(file.path)).collect()
}

/// A home and what was loaded into it.
struct Home {
    folder: TempDir,
}

impl Home {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn downloads(&self) -> PathBuf {
        self.folder.path().join("scratch/downloads")
    }

    fn load(&self, source: &Source, stop: &AtomicBool, progress: impl Fn(Event<'_>) + Sync) -> Report {
        let warehouse = Warehouse::open(self.folder.path()).unwrap();
        let options = LoadOptions::new(2, || "2026-01-01T00:00:00Z".to_owned());
        let plans = plan(source, &warehouse, &options).unwrap();
        assert_eq!(plans.iter().map(|plan| plan.release.to_string()).collect::<Vec<_>>(), [RELEASE]);
        load(source, &plans, &warehouse, &options, &progress, stop)
    }

    #[track_caller]
    fn load_all(&self, source: &Source) {
        let report = self.load(source, &AtomicBool::new(false), |_| {});
        assert!(report.is_complete(), "{:?}", report.failures().collect::<Vec<_>>());
    }

    /// The manifest, and every file that it names.
    fn content(&self) -> (Manifest, BTreeMap<String, Vec<u8>>) {
        let warehouse = Warehouse::open(self.folder.path()).unwrap();
        let mut manifest = warehouse.manifest(&RELEASE.parse::<ReleaseId>().unwrap()).unwrap().unwrap();
        let files = manifest.paths().map(|path| (path.to_owned(), fs::read(warehouse.path(path)).unwrap())).collect();
        for table in manifest.tables.values_mut() {
            // A zip has a folder around its files.
            table.source.file = table.source.file.trim_start_matches(FOLDER).trim_start_matches('/').to_owned();
        }
        (manifest, files)
    }

    #[track_caller]
    fn check_equals(&self, other: &Self) {
        let ((manifest, files), (other_manifest, other_files)) = (self.content(), other.content());
        assert_eq!(manifest.tables.len(), 31);
        assert_eq!(manifest, other_manifest);
        assert!(files == other_files, "the files differ");
        let left = fs::read_dir(self.downloads()).map_or(0, Iterator::count);
        assert_eq!(left, 0, "downloads of published tables are kept");
    }
}

/// What all others must equal: the folder, loaded once for the tests that run at the same time.
fn from_folder(demo: &Path) -> Arc<Home> {
    static HOME: Mutex<Weak<Home>> = Mutex::new(Weak::new());
    let mut shared = HOME.lock().unwrap();
    if let Some(home) = shared.upgrade() {
        return home;
    }
    let home = Arc::new(Home::new());
    home.load_all(&Source::parse(demo.to_str().unwrap(), &access()).unwrap());
    *shared = Arc::downgrade(&home);
    home
}

fn serve(root: &str, files: &[(String, Vec<u8>)]) -> Server {
    let files: Vec<_> = files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect();
    Server::start(root, &files)
}

/// Every kind of fault, spread over the tables.
fn misbehave(server: &Server, root: &str, files: &[(String, Vec<u8>)]) {
    let zero = || Some(("retry-after", "0".to_owned()));
    let kinds = [
        vec![Fault::None, Fault::Cut(30_000), Fault::Cut(20_000), Fault::Cut(10_000)],
        vec![Fault::Status(429, zero()), Fault::Cut(5_000), Fault::Status(503, None)],
        vec![Fault::Cut(1_000), Fault::Whole(2_000), Fault::Status(416, None), Fault::Short(100)],
        vec![Fault::Status(500, None), Fault::None, Fault::Cut(0), Fault::Whole(usize::MAX)],
    ];
    for ((path, _), faults) in files.iter().zip(kinds.iter().cycle()) {
        server.faults(&format!("{root}/{path}"), faults.iter().cloned());
    }
    server.faults(&format!("{root}/{CHART}"), [Fault::None].into_iter().chain(vec![Fault::Cut(300_000); 20]));
}

#[test]
fn every_source_loads_the_same_warehouse_however_its_server_misbehaves() {
    let Some(demo) = demo() else { return };
    let expected = from_folder(&demo);
    let files = files(&demo);
    let root = "files/mimic-iv-demo/2.2";
    for scheme in ["http", "s3", "gs"] {
        let server = serve(root, &files);
        misbehave(&server, root, &files);
        let address = server.url("").trim_end_matches('/').to_owned();
        let options = [("AWS_ENDPOINT_URL", &address), ("GOOGLE_BASE_URL", &address)];
        let bucket_options = options.map(|(key, value)| (key.to_owned(), value.clone())).to_vec();
        let access = Access { bucket_options, signing: Signing::Anonymous, ..access() };
        let text = if scheme == "http" { server.url(root) } else { format!("{scheme}://{root}") };
        let home = Home::new();
        home.load_all(&Source::parse(&text, &access).unwrap().with_cache(home.downloads()));
        home.check_equals(&expected);
        let resumed = server.gets(&format!("{root}/{CHART}")).iter().filter(|get| get.range.is_some()).count();
        assert!(resumed > 5, "{scheme}: {resumed} requests went on in the middle of {CHART}");
    }
}

#[test]
fn a_zip_loads_the_same_warehouse() {
    let Some(demo) = demo() else { return };
    let home = Home::new();
    let path = home.folder.path().join("download.zip");
    let mut zip = ZipWriter::new(File::create(&path).unwrap());
    for (path, bytes) in files(&demo) {
        zip.start_file(format!("{FOLDER}/{path}"), SimpleFileOptions::default()).unwrap();
        zip.write_all(&bytes).unwrap();
    }
    zip.finish().unwrap();
    home.load_all(&Source::parse(path.to_str().unwrap(), &access()).unwrap());
    home.check_equals(&from_folder(&demo));
}

#[test]
fn a_load_that_is_stopped_in_the_middle_of_a_file_fetches_only_the_rest() {
    let Some(demo) = demo() else { return };
    let files = files(&demo);
    let whole = files.iter().find(|(path, _)| path == CHART).unwrap().1.len() as u64;
    let root = "files/mimic-iv-demo/2.2";
    let server = serve(root, &files);
    let home = Home::new();
    let stop = Arc::new(AtomicBool::new(false));
    let open = |stop: &Arc<AtomicBool>| {
        let access = Access { stop: Some(Arc::clone(stop)), ..access() };
        Source::parse(&server.url(root), &access).unwrap().with_cache(home.downloads())
    };
    let read = AtomicU64::new(0);
    let report = home.load(&open(&stop), &stop, |event| {
        if let Event::BytesRead { table: "icu.chartevents", more } = event
            && read.fetch_add(more, Ordering::Relaxed) + more > whole / 2
        {
            stop.store(true, Ordering::Relaxed);
        }
    });
    assert!(!report.is_complete());
    let before = server.gets(&format!("{root}/{CHART}")).len();
    home.load_all(&open(&Arc::new(AtomicBool::new(false))));
    home.check_equals(&from_folder(&demo));
    let after = server.gets(&format!("{root}/{CHART}")).split_off(before);
    let from = |logged: &Logged| logged.range.as_ref()?.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok();
    let fetched: Vec<Option<u64>> = after.iter().map(from).collect();
    assert!(fetched.iter().all(|from| *from > Some(whole / 2)), "{fetched:?} of {whole}");

    // Once more: nothing is loaded, and a look at the headers leaves nothing.
    home.load_all(&open(&Arc::new(AtomicBool::new(false))));
    home.check_equals(&from_folder(&demo));
}

#[test]
fn a_file_that_is_not_what_the_list_says_is_not_published_and_fetched_anew() {
    let Some(demo) = demo() else { return };
    let files = files(&demo);
    let root = "files/mimic-iv-demo/2.2";
    let server = serve(root, &files);
    let path = format!("{root}/hosp/d_labitems.csv.gz");
    let right = server.content().files[&path].clone();
    server.content().files.insert(path.clone(), noise(5, right.len()));
    let home = Home::new();
    let open = || Source::parse(&server.url(root), &access()).unwrap().with_cache(home.downloads());
    let report = home.load(&open(), &AtomicBool::new(false), |_| {});
    let failed: Vec<_> = report.failures().map(|(table, _)| table.table.clone()).collect();
    assert_eq!(failed, ["hosp.d_labitems"]);
    server.content().files.insert(path, right);
    home.load_all(&open());
    home.check_equals(&from_folder(&demo));
}
