//! How far long work is: a bar on a terminal, a line a minute otherwise.

mod files;
mod steps;

pub(crate) use files::FilesProgress;
pub(crate) use steps::Steps;

use crate::notice::{grouped, say};
use crate::terminal::Terminal;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Between two lines where there is no terminal.
const INTERVAL: Duration = Duration::from_mins(1);

/// Progress of work that is counted in one unit.
#[derive(Debug)]
pub(crate) struct Progress {
    noun: &'static str,
    total: u64,
    show: Show,
}

#[derive(Debug)]
enum Show {
    Bar(ProgressBar),
    Lines(Pace),
}

impl Progress {
    /// Work of `total` things called `noun`.
    pub(crate) fn counting(noun: &'static str, total: u64) -> Self {
        let show = if Terminal::stderr().is_terminal() {
            let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr_with_hz(10));
            bar.set_style(style("{bar:30} {human_pos}/{human_len} {msg}  {elapsed} gone, {eta} left"));
            bar.set_message(noun);
            Show::Bar(bar)
        } else {
            Show::Lines(Pace::begin())
        };
        Self { noun, total, show }
    }

    /// So many are done.
    pub(crate) fn advance_to(&self, done: u64) {
        match &self.show {
            Show::Bar(bar) => bar.set_position(done),
            Show::Lines(pace) => {
                if pace.is_due() {
                    let left = pace.left(done, self.total);
                    say(&format!("{} of {} {}{left}", grouped(done), grouped(self.total), self.noun));
                }
            }
        }
    }

    /// Takes the bar away.
    pub(crate) fn finish(self) {
        if let Show::Bar(bar) = self.show {
            bar.finish_and_clear();
        }
    }
}

/// When the next line is due, and how long the rest may take.
#[derive(Debug)]
struct Pace {
    start: Instant,
    last: Mutex<Instant>,
}

impl Pace {
    fn begin() -> Self {
        let now = Instant::now();
        Self { start: now, last: Mutex::new(now) }
    }

    fn is_due(&self) -> bool {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let due = last.elapsed() >= INTERVAL;
        if due {
            *last = Instant::now();
        }
        due
    }

    /// `, about 3 min left`, once enough is done to tell.
    fn left(&self, done: u64, total: u64) -> String {
        remaining(self.start.elapsed(), done, total)
            .map_or_else(String::new, |left| format!(", about {} left", span(left)))
    }
}

/// How long the rest takes at the pace so far.
fn remaining(elapsed: Duration, done: u64, total: u64) -> Option<Duration> {
    if done == 0 || done > total {
        return None;
    }
    Some(elapsed.mul_f64((total - done) as f64 / done as f64))
}

/// `40 s`, `3 min`, `2 h 10 min`.
fn span(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        0..=99 => format!("{seconds} s"),
        100..=5999 => format!("{} min", (seconds + 30) / 60),
        _ => format!("{} h {} min", seconds / 3600, seconds / 60 % 60),
    }
}

/// A style from a template; the default one should the template be wrong, which a test excludes.
fn style(template: &str) -> ProgressStyle {
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    style.progress_chars("━╸─")
}

#[cfg(test)]
mod tests {
    use super::{remaining, span};
    use std::time::Duration;

    #[test]
    fn the_rest_is_told_from_the_pace_so_far() {
        let minute = Duration::from_mins(1);
        assert_eq!(remaining(minute, 0, 10), None);
        assert_eq!(remaining(minute, 5, 10), Some(minute));
        assert_eq!(remaining(minute, 10, 10), Some(Duration::ZERO));
        for (seconds, expected) in [(40, "40 s"), (170, "3 min"), (7_800, "2 h 10 min")] {
            assert_eq!(span(Duration::from_secs(seconds)), expected);
        }
    }
}
