//! Jobs that are not done.

use crate::stop::Stop;
use bedside_meta::{Job, JobState};
use std::sync::{Arc, Mutex};
use tokio::sync::watch;

/// A job that is not done, as it is now.
#[derive(Debug)]
pub(crate) struct Active {
    pub(crate) stop: Stop,
    /// When it has to be done, microseconds since 1970.
    pub(crate) deadline: Option<i64>,
    /// Held while the job is written down, so that its last state is the last one written; whether it was.
    pub(crate) recorded: Mutex<bool>,
    now: watch::Sender<Arc<Job>>,
}

impl Active {
    pub(crate) fn new(job: Job, stop: Stop, deadline: Option<i64>) -> Self {
        Self { stop, deadline, recorded: Mutex::new(false), now: watch::Sender::new(Arc::new(job)) }
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
}
