//! Jobs that are not done.

use crate::error::Error;
use crate::stop::Stop;
use bedside_meta::{Job, JobState};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::sync::watch;

/// A job that is not done, as it is now.
#[derive(Debug)]
pub(crate) struct Active {
    pub(crate) stop: Stop,
    /// When it has to be done, microseconds since 1970.
    pub(crate) deadline: Option<i64>,
    /// Held while the job is written down, so that its last state is the last one written: the state that was.
    pub(crate) recorded: Mutex<Option<JobState>>,
    now: watch::Sender<Arc<Job>>,
    /// Since when a statement of it is planned, microseconds since 1970; 0 while none is.
    planning: AtomicI64,
    /// Whether it was ended while a statement of it was planned.
    abandoned: AtomicBool,
    held: Held,
}

/// Jobs that somebody still works on: those that were ended while they were planned are among them until their planning ends,
/// so that nobody can pile them up.
#[derive(Clone, Debug, Default)]
pub(crate) struct Held {
    count: Arc<AtomicUsize>,
}

/// A statement is being planned, which nothing can interrupt.
#[derive(Debug)]
pub(crate) struct Planning<'a> {
    active: &'a Active,
}

impl Active {
    pub(crate) fn new(job: Job, stop: Stop, deadline: Option<i64>, held: &Held) -> Self {
        held.count.fetch_add(1, Ordering::SeqCst);
        Self {
            stop,
            deadline,
            recorded: Mutex::default(),
            now: watch::Sender::new(Arc::new(job)),
            planning: AtomicI64::new(0),
            abandoned: AtomicBool::new(false),
            held: held.clone(),
        }
    }

    /// As it is now.
    pub(crate) fn job(&self) -> Arc<Job> {
        Arc::clone(&self.now.borrow())
    }

    /// Changes it; who waits for it is told.
    pub(crate) fn update(&self, change: impl FnOnce(&mut Job)) {
        self.now.send_modify(|job| change(Arc::make_mut(job)));
    }

    /// Until it is done.
    pub(crate) async fn done(&self) {
        let mut receiver = self.now.subscribe();
        // The sender lives as long as this.
        drop(receiver.wait_for(|job| job.state == JobState::Done).await);
    }

    /// Until it is ended while it is planned.
    pub(crate) async fn abandoned(&self) {
        let mut receiver = self.now.subscribe();
        let is_abandoned = |job: &Arc<Job>| job.state == JobState::Done && self.abandoned.load(Ordering::SeqCst);
        drop(receiver.wait_for(is_abandoned).await);
    }

    /// Says that a statement is planned from `now` on, until what this gives is dropped.
    pub(crate) fn plans(&self, now: i64) -> Planning<'_> {
        self.planning.store(now.max(1), Ordering::SeqCst);
        Planning { active: self }
    }

    /// Since when a statement is planned, if one is.
    pub(crate) fn planning_since(&self) -> Option<i64> {
        Some(self.planning.load(Ordering::SeqCst)).filter(|since| *since > 0)
    }

    /// From now on the thread that plans it works for nobody.
    pub(crate) fn abandon(&self) {
        self.abandoned.store(true, Ordering::SeqCst);
    }

    /// What it is told that was stopped while it was planned.
    pub(crate) fn planned_too_long() -> Error {
        Error::Engine(bedside_engine::Error::Resources(
            "planning the query takes too long: it has too many subqueries, or is too complex".to_owned(),
        ))
    }
}

impl Drop for Active {
    fn drop(&mut self) {
        self.held.count.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Drop for Planning<'_> {
    fn drop(&mut self) {
        self.active.planning.store(0, Ordering::SeqCst);
    }
}

impl Held {
    pub(crate) fn count(&self) -> usize {
        self.count.load(Ordering::SeqCst)
    }
}
