//! Files, checksums, threads, and folders that are not empty.

use super::{csv, made, text};
use bedside_synth::{Error, MARKER, Options, Outcome, Progress, generate, generate_until};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use tempfile::TempDir;

fn hex(bytes: &[u8]) -> String {
    written(&Sha256::digest(bytes))
}

fn written(digest: &[u8]) -> String {
    digest.iter().fold(String::new(), |mut text, byte| {
        _ = write!(text, "{byte:02x}");
        text
    })
}

/// One digest of the uncompressed text of all files, in the order of the checksum file.
pub(crate) fn digest(folder: &Path) -> String {
    let mut digest = Sha256::new();
    for line in fs::read_to_string(folder.join("SHA256SUMS.txt")).unwrap().lines() {
        digest.update(text(&folder.join(&line[65..])));
    }
    written(&digest.finalize())
}

/// The content of generator 1. When a value changes on purpose, raise `GENERATOR` once a release was published.
#[test]
fn the_text_is_the_recorded_one() {
    assert_eq!(
        digest(made(&Options::new(12, 7)).path()),
        "9837e6877e31fe0175080b669316f2693d17084af2e64a2f9de63e4125bbb1ce"
    );
}

#[test]
fn any_number_of_threads_makes_the_same_files() {
    let sums = |threads| {
        let options = Options { threads: NonZeroUsize::new(threads).unwrap(), ..Options::new(20, 11) };
        fs::read_to_string(made(&options).path().join("SHA256SUMS.txt")).unwrap()
    };
    let one = sums(1);
    assert_eq!(one, sums(2));
    assert_eq!(one, sums(5));
}

#[test]
fn another_seed_or_number_of_stays_makes_other_patients() {
    let base = digest(made(&Options::new(6, 7)).path());
    assert_ne!(base, digest(made(&Options::new(6, 8)).path()));
    assert_ne!(base, digest(made(&Options { stays_per_patient: 5.0, ..Options::new(6, 7) }).path()));
}

#[test]
fn the_number_of_stays_is_the_one_asked_for() {
    for (asked, low, high) in [(0.5, 0.4, 0.6), (1.4, 1.2, 1.6), (2.5, 2.1, 2.9)] {
        let options = Options { stays_per_patient: asked, ..Options::new(150, 5) };
        let mut stays = 0;
        csv::each(&made(&options).path().join("icu/icustays.csv.gz"), |_| stays += 1);
        let found = f64::from(stays) / 150.0;
        assert!((low..high).contains(&found), "{asked} asked for, {found} made");
    }
}

#[test]
fn checksums_and_marker_are_right() {
    let folder = made(&Options::new(2, 9));
    let sums = fs::read_to_string(folder.path().join("SHA256SUMS.txt")).unwrap();
    assert_eq!(sums.lines().count(), 31);
    for line in sums.lines() {
        let (sum, file) = line.split_once(' ').unwrap();
        assert_eq!(sum, hex(&fs::read(folder.path().join(file)).unwrap()), "{file}");
    }
    assert_eq!(
        fs::read_to_string(folder.path().join(MARKER)).unwrap(),
        "{\"release\":\"mimiciv-synth-1-2-9\",\"generator\":1,\"patients\":2,\"seed\":9,\"schema\":\"mimiciv-3.1\",\
         \"stays_per_patient\":1.4}\n"
    );
}

#[test]
fn a_folder_is_written_once_and_never_over_something_else() {
    let folder = TempDir::new().unwrap();
    let target = folder.path().join("a/b");
    let options = Options::new(1, 1);
    let calls = Mutex::new(Vec::new());
    let first = generate(&options, &target, &|progress: Progress| calls.lock().unwrap().push(progress)).unwrap();
    assert_eq!(first.outcome, Outcome::Written);
    assert_eq!(first.tables.len(), 31);
    let last = *calls.lock().unwrap().last().unwrap();
    assert_eq!((last.patients, last.of), (1, 1));
    assert_eq!(last.bytes, first.tables.iter().map(|table| table.bytes).sum::<u64>());
    assert_eq!(fs::read_dir(folder.path().join("a")).unwrap().count(), 1, "nothing partial is left");

    let again = generate(&options, &target, &|_| {}).unwrap();
    assert_eq!(again.outcome, Outcome::AlreadyThere);

    let other = generate(&Options::new(1, 2), &target, &|_| {}).unwrap_err();
    assert!(other.to_string().ends_with("is not empty and holds mimiciv-synth-1-1-1"), "{other}");
    assert!(other.hint().is_some());

    let plain = folder.path().join("plain");
    fs::create_dir(&plain).unwrap();
    fs::write(plain.join("notes.txt"), "mine").unwrap();
    let error = generate(&options, &plain, &|_| {}).unwrap_err();
    assert!(matches!(error, Error::Occupied { held: None, .. }), "{error}");

    let file = folder.path().join("file");
    fs::write(&file, "mine").unwrap();
    assert!(matches!(generate(&options, &file, &|_| {}).unwrap_err(), Error::Occupied { held: None, .. }));
}

#[test]
fn what_a_killed_run_left_is_cleared_away() {
    let folder = TempDir::new().unwrap();
    let left = folder.path().join("out.partial/icu");
    fs::create_dir_all(&left).unwrap();
    fs::write(left.join("chartevents.csv.gz"), "half").unwrap();
    let target = folder.path().join("out");
    assert_eq!(generate(&Options::new(1, 1), &target, &|_| {}).unwrap().outcome, Outcome::Written);
    assert!(!folder.path().join("out.partial").exists());
}

#[test]
fn a_stopped_run_leaves_nothing() {
    let folder = TempDir::new().unwrap();
    let stop = AtomicBool::new(false);
    let after_the_first_block = |_: Progress| stop.store(true, Ordering::Relaxed);
    let target = folder.path().join("out");
    let error = generate_until(&Options::new(40, 1), &target, &after_the_first_block, &stop).unwrap_err();
    assert!(matches!(error, Error::Stopped), "{error}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_parent_that_is_a_file_is_said() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "mine").unwrap();
    let error = generate(&Options::new(1, 1), &file.join("out"), &|_| {}).unwrap_err();
    assert!(error.to_string().contains("file"), "{error}");
}
