//! What has to be looked after: jobs that run too long or that other programs stop, and what gets too old or too large.

use crate::active::Active;
use crate::error::Result;
use crate::service::{Service, Shared};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, SystemTime};

/// How often jobs that run are looked at.
const LOOK: Duration = Duration::from_millis(500);

/// Jobs after which old results and records go.
const CHORES_EVERY: u64 = 64;

/// Looks after which everything old goes, whatever was done: a minute.
const LOOKS_PER_CHORE: u32 = 120;

/// How much older than their lifetime files are that no record names, when they go.
const FORGOTTEN: Duration = Duration::from_hours(24);

impl Service {
    /// Has jobs looked after from now on, as long as the gate lives.
    pub(crate) fn watch(&self) {
        if self.shared.kept.swap(true, Ordering::SeqCst) {
            return;
        }
        let shared = Arc::downgrade(&self.shared);
        let watching = std::thread::Builder::new().name("bedside-watch".to_owned()).spawn(move || {
            let mut looks = 0_u32;
            loop {
                std::thread::sleep(LOOK);
                let Some(shared) = shared.upgrade() else { return };
                shared.look();
                if looks.is_multiple_of(LOOKS_PER_CHORE) {
                    said(&shared.chores());
                }
                looks = looks.wrapping_add(1);
            }
        });
        if let Err(error) = watching {
            tracing::warn!(%error, "nobody looks after running jobs");
        }
    }
}

impl Shared {
    /// A job was done.
    pub(crate) fn after_job(&self) {
        if self.ended.fetch_add(1, Ordering::Relaxed) % CHORES_EVERY == CHORES_EVERY - 1 {
            said(&self.delete_old());
        }
    }

    /// Results that expired or do not fit go, and records that are too old or too many.
    pub(crate) fn delete_old(&self) -> Result<()> {
        self.delete_old_results()?;
        let lifetime = i64::try_from(self.options.job_lifetime.as_millis()).unwrap_or(i64::MAX);
        self.database.forget_jobs(self.now().saturating_sub(lifetime), self.options.most_jobs)?;
        Ok(())
    }

    fn chores(&self) -> Result<()> {
        self.delete_old()?;
        let before = u64::try_from(self.now()).ok().map(Duration::from_millis);
        let before = before.and_then(|now| SystemTime::UNIX_EPOCH.checked_add(now));
        let before = before.and_then(|now| now.checked_sub(self.options.result_lifetime + FORGOTTEN));
        if let Some(before) = before {
            self.engine.warehouse().sweep_results(before)?;
        }
        Ok(())
    }

    pub(crate) fn look(&self) {
        let running = self.all_running();
        if running.is_empty() {
            return;
        }
        let now = (self.options.clock)();
        let mut stopped = false;
        for active in &running {
            // What takes longer than a moment is seen by other programs, and called failed should this one be killed.
            self.tell(active);
            if active.deadline.is_some_and(|deadline| deadline <= now) {
                self.stop(active, "Job execution was cancelled: Job timed out");
                stopped = true;
            }
            let most = i64::try_from(self.options.planning.as_micros()).unwrap_or(i64::MAX);
            if active.planning_since().is_some_and(|since| now.saturating_sub(since) > most) {
                self.abandon(active, &Active::planned_too_long());
            }
        }
        for key in self.database.asked_to_stop().unwrap_or_default() {
            if let Some(active) = self.running(&key) {
                self.stop(&active, "Job execution was cancelled: User requested cancellation");
                stopped = true;
            }
        }
        if stopped {
            self.wake();
        }
    }
}

fn said(chores: &Result<()>) {
    if let Err(error) = chores {
        tracing::warn!(%error, "old results cannot be deleted");
    }
}
