//! The made release as a reader sees it: its files, keys, times and contents.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests of a made release")]

mod csv;
mod folder;
mod mimiciii;
mod schema;
mod specification;

use bedside_synth::{Options, generate};
use std::io::Read as _;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use tempfile::TempDir;

/// A release that several tests read: large enough for what is rare.
fn large() -> &'static Path {
    static RELEASE: OnceLock<TempDir> = OnceLock::new();
    RELEASE.get_or_init(|| made(&Options { threads: NonZeroUsize::new(2).unwrap(), ..Options::new(400, 7) })).path()
}

/// A release that tests read with every cell.
fn small() -> &'static Path {
    static RELEASE: OnceLock<TempDir> = OnceLock::new();
    RELEASE.get_or_init(|| made(&Options { threads: NonZeroUsize::new(2).unwrap(), ..Options::new(50, 3) })).path()
}

fn made(options: &Options) -> TempDir {
    let folder = TempDir::new().unwrap();
    generate(options, folder.path(), &|_| {}).unwrap();
    folder
}

/// The whole text of a file.
fn text(path: &Path) -> Vec<u8> {
    let mut text = Vec::new();
    csv::open(path).read_to_end(&mut text).unwrap();
    text
}

/// The open releases and specifications, where they lie beside the workspace.
fn shared(path: &str) -> Option<PathBuf> {
    let root = std::env::var_os("BEDSIDE_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let path = root.join(path);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: {} is not there", path.display());
    None
}
