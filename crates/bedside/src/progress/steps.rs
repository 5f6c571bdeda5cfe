//! Progress of named steps, several at a time: one bar and the names of those at work, or a line a minute.

use super::{Pace, style};
use crate::notice::say;
use crate::terminal::Terminal;
use indicatif::{ProgressBar, ProgressDrawTarget};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// Progress of steps that take very different times.
#[derive(Debug)]
pub(crate) struct Steps {
    noun: &'static str,
    total: AtomicU64,
    done: AtomicU64,
    show: Show,
}

#[derive(Debug)]
enum Show {
    Bar { bar: ProgressBar, running: Mutex<BTreeSet<String>> },
    Lines(Pace),
}

impl Steps {
    /// Nothing to do yet.
    pub(crate) fn begin(noun: &'static str) -> Self {
        let show = if Terminal::stderr().is_terminal() {
            let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr_with_hz(10));
            bar.set_style(style("{bar:20} {pos}/{len} {prefix}  {elapsed} gone  {wide_msg}"));
            bar.set_prefix(noun);
            Show::Bar { bar, running: Mutex::default() }
        } else {
            Show::Lines(Pace::begin())
        };
        Self { noun, total: AtomicU64::new(0), done: AtomicU64::new(0), show }
    }

    /// So many more steps are to be done.
    pub(crate) fn expect(&self, steps: u64) {
        self.total.fetch_add(steps, Ordering::Relaxed);
        if let Show::Bar { bar, .. } = &self.show {
            bar.inc_length(steps);
        }
    }

    /// A step is begun.
    pub(crate) fn step_begun(&self, name: &str) {
        self.change(|running| {
            running.insert(name.to_owned());
        });
    }

    /// A step is done, well or not.
    pub(crate) fn step_done(&self, name: &str) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        self.change(|running| {
            running.remove(name);
        });
        match &self.show {
            Show::Bar { bar, .. } => bar.set_position(done),
            Show::Lines(pace) => {
                if pace.is_due() {
                    say(&format!("{done} of {} {}", self.total.load(Ordering::Relaxed), self.noun));
                }
            }
        }
    }

    /// A line above the bar.
    pub(crate) fn say(&self, line: &str) {
        match &self.show {
            Show::Bar { bar, .. } => bar.println(line),
            Show::Lines(_) => say(line),
        }
    }

    /// Takes the bar away.
    pub(crate) fn finish(self) {
        if let Show::Bar { bar, .. } = self.show {
            bar.finish_and_clear();
        }
    }

    fn change(&self, change: impl FnOnce(&mut BTreeSet<String>)) {
        if let Show::Bar { bar, running } = &self.show {
            let mut running = running.lock().unwrap_or_else(PoisonError::into_inner);
            change(&mut running);
            bar.set_message(running.iter().map(String::as_str).collect::<Vec<_>>().join(", "));
        }
    }
}
