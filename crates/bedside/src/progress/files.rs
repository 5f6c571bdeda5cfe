//! Progress of a load: one bar per file that is being read and one for all, or a line a minute.

use super::{Pace, style};
use crate::notice::{counted, say, size};
use crate::terminal::Terminal;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// Progress of reading files, in bytes as stored.
#[derive(Debug)]
pub(crate) struct FilesProgress {
    files: AtomicU64,
    bytes: AtomicU64,
    done_files: AtomicU64,
    done_bytes: AtomicU64,
    show: Show,
}

#[derive(Debug)]
enum Show {
    Bars { all: MultiProgress, total: ProgressBar, files: Mutex<HashMap<String, ProgressBar>> },
    Lines(Pace),
}

impl FilesProgress {
    /// Nothing to do yet.
    pub(crate) fn begin() -> Self {
        let show = if Terminal::stderr().is_terminal() {
            let all = MultiProgress::with_draw_target(ProgressDrawTarget::stderr_with_hz(10));
            let total = all.add(ProgressBar::new(0));
            total.set_style(style(
                "{msg:26} {bar:20} {decimal_bytes:>9} of {decimal_total_bytes:9} {decimal_bytes_per_sec:>12}, {eta} left",
            ));
            Show::Bars { all, total, files: Mutex::new(HashMap::new()) }
        } else {
            Show::Lines(Pace::begin())
        };
        let zero = || AtomicU64::new(0);
        Self { files: zero(), bytes: zero(), done_files: zero(), done_bytes: zero(), show }
    }

    /// So many more files of so many bytes are to be read.
    pub(crate) fn expect(&self, files: u64, bytes: u64) {
        self.files.fetch_add(files, Ordering::Relaxed);
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        if let Show::Bars { total, .. } = &self.show {
            total.inc_length(bytes);
            total.set_message(self.headline());
        }
    }

    /// A file is begun.
    pub(crate) fn file_begun(&self, name: &str, bytes: u64) {
        if let Show::Bars { all, total, files } = &self.show {
            let bar = all.insert_before(total, ProgressBar::new(bytes));
            bar.set_style(style("{prefix:26} {bar:20} {decimal_bytes:>9} of {decimal_total_bytes:9} {msg}"));
            bar.set_prefix(name.to_owned());
            files.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), bar);
        }
    }

    /// A file's stage: `comparing`, `writing`; empty while it is read.
    pub(crate) fn file_stage(&self, name: &str, stage: &'static str) {
        if let Show::Bars { files, .. } = &self.show
            && let Some(bar) = files.lock().unwrap_or_else(PoisonError::into_inner).get(name)
        {
            bar.set_message(stage);
        }
    }

    /// So many more bytes of a file are read.
    pub(crate) fn file_read(&self, name: &str, more: u64) {
        let done = self.done_bytes.fetch_add(more, Ordering::Relaxed) + more;
        match &self.show {
            Show::Bars { total, files, .. } => {
                total.set_position(done);
                if let Some(bar) = files.lock().unwrap_or_else(PoisonError::into_inner).get(name) {
                    bar.inc(more);
                }
            }
            Show::Lines(pace) => {
                if pace.is_due() {
                    let bytes = self.bytes.load(Ordering::Relaxed);
                    let left = pace.left(done, bytes);
                    say(&format!("{}, {} of {} read{left}", self.headline(), size(done), size(bytes)));
                }
            }
        }
    }

    /// A file is done, well or not.
    pub(crate) fn file_done(&self, name: &str) {
        self.done_files.fetch_add(1, Ordering::Relaxed);
        if let Show::Bars { total, files, .. } = &self.show {
            total.set_message(self.headline());
            if let Some(bar) = files.lock().unwrap_or_else(PoisonError::into_inner).remove(name) {
                bar.finish_and_clear();
            }
        }
    }

    /// A line above the bars.
    pub(crate) fn say(&self, line: &str) {
        match &self.show {
            // The message is lost only where the terminal is gone.
            Show::Bars { all, .. } => drop(all.println(line)),
            Show::Lines(_) => say(line),
        }
    }

    /// Takes the bars away.
    pub(crate) fn finish(self) {
        if let Show::Bars { all, total, .. } = self.show {
            total.finish_and_clear();
            drop(all.clear());
        }
    }

    fn headline(&self) -> String {
        let (done, files) = (self.done_files.load(Ordering::Relaxed), self.files.load(Ordering::Relaxed));
        format!("{done} of {} done", counted(files, "file"))
    }
}
