//! Jobs for those who ask for them.

use crate::error::{Error, Result};
use crate::principal::{Action, Principal};
use crate::run::blocking;
use crate::service::{Service, Shared};
use bedside_meta::{Job, JobFilter, JobKey, JobPage, JobState};
use std::fmt;
use std::sync::{Arc, Weak};
use std::time::Duration;

/// What a job is told that somebody cancelled.
const CANCELLED: &str = "Job execution was cancelled: User requested cancellation";

/// How long a cancelled job is waited for, and how often one of another program is looked at.
const CANCELLING: Duration = Duration::from_secs(3);
const LOOK: Duration = Duration::from_millis(100);

/// Cancels a job when dropped, unless it is done by then.
pub struct CancelOnDrop {
    shared: Weak<Shared>,
    key: Option<JobKey>,
}

impl Service {
    /// A job as it is now.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn job(&self, principal: &Principal, key: &JobKey) -> Result<Job> {
        let (shared, key) = (Arc::clone(&self.shared), key.clone());
        let job = blocking(move || shared.find(&key)).await?;
        principal.may(&Action::Job(&job))?;
        Ok(job)
    }

    /// A job when it is done, or as it is when the time is over. Dropping the future leaves the job alone.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn wait(&self, principal: &Principal, key: &JobKey, timeout: Duration) -> Result<Job> {
        match self.shared.running(key) {
            Some(active) => {
                principal.may(&Action::Job(&active.job()))?;
                self.shared.until_done(&active, timeout).await
            }
            None => self.job(principal, key).await,
        }
    }

    /// A page of the principal's jobs, the newest first; jobs of other programs on the same home are among them.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a page that was never given.
    pub async fn jobs(&self, principal: &Principal, filter: JobFilter) -> Result<JobPage> {
        let filter = JobFilter { principal: Some(principal.name().to_owned()), ..filter };
        let shared = Arc::clone(&self.shared);
        blocking(move || {
            for active in shared.all_running() {
                shared.tell(&active);
            }
            match shared.database.jobs(&filter) {
                Err(bedside_meta::Error::Damaged(_)) if filter.page.is_some() => {
                    Err(Error::Invalid("Invalid page token".to_owned()))
                }
                other => Ok(other?),
            }
        })
        .await
    }

    /// The principal's jobs of that id, whatever project they are in.
    ///
    /// # Errors
    /// [`Error::State`].
    pub async fn jobs_called(&self, principal: &Principal, id: &str) -> Result<Vec<Job>> {
        let (shared, id) = (Arc::clone(&self.shared), id.to_owned());
        let mut jobs = blocking(move || Ok(shared.database.jobs_called(&id)?)).await?;
        jobs.retain(|job| principal.may(&Action::Job(job)).is_ok());
        Ok(jobs)
    }

    /// Stops a job, and waits a little for it to be done. One that is done already stays as it is.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn cancel(&self, principal: &Principal, key: &JobKey) -> Result<Job> {
        if let Some(active) = self.shared.running(key) {
            principal.may(&Action::Job(&active.job()))?;
            self.shared.stop(&active, CANCELLED);
            self.shared.wake();
            return self.shared.until_done(&active, CANCELLING).await;
        }
        let mut job = self.job(principal, key).await?;
        if job.state != JobState::Done {
            // Another program runs it.
            let (shared, asked) = (Arc::clone(&self.shared), key.clone());
            blocking(move || Ok(shared.database.ask_to_stop(&asked)?)).await?;
            for _ in 0..CANCELLING.as_millis() / LOOK.as_millis() {
                if job.state == JobState::Done {
                    break;
                }
                tokio::time::sleep(LOOK).await;
                job = self.job(principal, key).await?;
            }
        }
        Ok(job)
    }

    /// Forgets a job that is done, with the statements of a script. Its rows go when they expire.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Invalid`] for one that is not done.
    pub async fn delete_job(&self, principal: &Principal, key: &JobKey) -> Result<()> {
        let job = self.job(principal, key).await?;
        if job.state != JobState::Done {
            return Err(Error::Invalid(format!("Job {key} is running; it has to be done before it is deleted")));
        }
        let (shared, key) = (Arc::clone(&self.shared), key.clone());
        blocking(move || Ok(shared.database.forget_job(&key)?)).await
    }

    /// Something to hold while a caller is connected for whom alone the job runs.
    pub fn cancel_on_drop(&self, key: &JobKey) -> CancelOnDrop {
        CancelOnDrop { shared: Arc::downgrade(&self.shared), key: Some(key.clone()) }
    }

    /// Takes nothing new, waits for so long for what runs, then stops it.
    pub async fn shut_down(&self, grace: Duration) {
        self.shared.close();
        let running = self.shared.all_running();
        let all = async {
            for active in &running {
                active.done().await;
            }
        };
        if tokio::time::timeout(grace, all).await.is_err() {
            for active in &running {
                self.shared.stop(active, "Job execution was cancelled: the server is shutting down");
            }
            self.shared.wake();
            let all = futures::future::join_all(running.iter().map(|active| active.done()));
            // What does not stop by then, the next start finds and calls failed.
            drop(tokio::time::timeout(CANCELLING, all).await);
        }
    }
}

impl Shared {
    fn find(&self, key: &JobKey) -> Result<Job> {
        if let Some(active) = self.running(key) {
            return Ok(self.tell(&active));
        }
        self.database.job(key)?.ok_or_else(|| Error::no_job(key))
    }

    /// Who waits for a slot looks whether to stop.
    pub(crate) fn wake(&self) {
        self.queue.wake();
        self.streams.wake();
    }
}

impl CancelOnDrop {
    /// The job shall go on.
    pub fn keep(mut self) {
        self.key = None;
    }
}

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        if let (Some(key), Some(shared)) = (self.key.take(), self.shared.upgrade())
            && let Some(active) = shared.running(&key)
        {
            shared.stop(&active, "Job execution was cancelled: the client disconnected");
            shared.wake();
        }
    }
}

impl fmt::Debug for CancelOnDrop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CancelOnDrop({:?})", self.key)
    }
}
