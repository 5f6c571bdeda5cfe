//! The folder that one engine spills into.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// A folder of one engine's own in the home's `scratch`. It goes with the engine, even if statements are then still about to
/// stop.
#[derive(Debug)]
pub(crate) struct Scratch {
    folder: PathBuf,
}

impl Scratch {
    pub(crate) fn new(home: &Path) -> Self {
        static ENGINES: AtomicU32 = AtomicU32::new(0);
        let scratch = home.join("scratch");
        // Where it cannot be made, whoever makes the folder inside says so.
        let _ = fs::create_dir(&scratch);
        let engine = ENGINES.fetch_add(1, Ordering::Relaxed);
        Self { folder: scratch.join(format!("statements-{}-{engine}", std::process::id())) }
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Removes the folder with all that is in it.
    pub(crate) fn remove(&self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}
