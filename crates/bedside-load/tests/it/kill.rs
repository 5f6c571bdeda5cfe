//! A load that is killed leaves a warehouse that opens, and the next load ends in the same one as an undisturbed load.

use super::fixture::{RELEASE, assert_complete, files, load_folder, load_watched, made_up_release, manifest, options};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const CHILD_FOLDER: &str = "BEDSIDE_TEST_KILL_FOLDER";
const CHILD_HOME: &str = "BEDSIDE_TEST_KILL_HOME";

#[test]
fn a_killed_load_goes_on_to_the_same_warehouse() {
    let folder = tempfile::tempdir().unwrap();
    made_up_release(folder.path(), 30_000);
    let undisturbed = tempfile::tempdir().unwrap();
    assert_complete(&load_folder(folder.path(), undisturbed.path(), &options()));
    let (expected, expected_files) = (manifest(undisturbed.path(), RELEASE), files(undisturbed.path()));
    let events = count_events(folder.path());
    let mut random = 7_u64;
    for _ in 0..20 {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let after = (random >> 33) as usize % events;
        let home = tempfile::tempdir().unwrap();
        kill_after(after, folder.path(), home.path());
        // What it left is a warehouse, whole as far as it goes.
        let warehouse = bedside_store::Warehouse::open(home.path()).unwrap();
        for manifest in warehouse.releases().unwrap() {
            for path in manifest.paths() {
                assert_eq!(std::fs::read(warehouse.path(path)).unwrap(), expected_files[path], "{path}");
            }
        }
        assert_complete(&load_folder(folder.path(), home.path(), &options()));
        assert_eq!(manifest(home.path(), RELEASE), expected, "killed after {after} events");
        assert!(files(home.path()) == expected_files, "killed after {after} events");
    }
}

/// Not a test of its own: the load that is killed.
#[test]
fn child() {
    let variable = |name| std::env::var_os(name).map(PathBuf::from);
    let (Some(folder), Some(home)) = (variable(CHILD_FOLDER), variable(CHILD_HOME)) else { return };
    load_watched(&folder, &home, &options(), &|_| {
        let mut out = std::io::stdout().lock();
        // The parent is gone when it has seen enough.
        let _ = writeln!(out, "event").and_then(|()| out.flush());
    });
}

/// Starts a load and kills it soon after its event of that number, wherever it is then.
fn kill_after(events: usize, folder: &Path, home: &Path) {
    let mut child = start(folder, home);
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    lines.map_while(Result::ok).filter(|line| line.ends_with("event")).take(events + 1).for_each(drop);
    // It may have ended by itself.
    let _ = child.kill();
    child.wait().unwrap();
}

fn count_events(folder: &Path) -> usize {
    let home = tempfile::tempdir().unwrap();
    let mut child = start(folder, home.path());
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let events = lines.map_while(Result::ok).filter(|line| line.ends_with("event")).count();
    assert!(child.wait().unwrap().success());
    assert!(events > 20, "{events}");
    events
}

fn start(folder: &Path, home: &Path) -> std::process::Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "kill::child", "--nocapture"])
        .env(CHILD_FOLDER, folder)
        .env(CHILD_HOME, home)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}
