//! Jobs that run by themselves: submitted, waited for, their rows kept.

use crate::active::Active;
use crate::error::{Error, Result};
use crate::principal::Principal;
use crate::queue::{Slot, Ticket, Weight};
use crate::service::{Begun, Service, Shared};
use crate::stop::Stop;
use crate::submission::{CreateDisposition, Destination, Priority, Query, Submission, Work, WriteDisposition};
use crate::tables::path;
use crate::text::{PlannedQuery, Statement, Text};
use crate::{copy, extract, load};
use bedside_engine::{Import, Missing, Present, Session};
use bedside_meta::{Job, JobResult, JobState};
use bedside_sql::ColumnDefinition;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;

/// Says that a job was planned, or why not.
type Answer = oneshot::Sender<Result<()>>;

impl Service {
    /// Accepts a job and answers once it is planned. It waits for a slot and runs by itself.
    ///
    /// # Errors
    /// What is known to be wrong without running it: a single statement that cannot be planned or reads too much, a job id that
    /// is taken ([`Error::State`]), too many jobs ([`Error::Busy`]). The job is then there all the same, and has failed.
    pub async fn submit(&self, principal: &Principal, submission: Submission) -> Result<Job> {
        self.run(principal, submission, Duration::ZERO).await
    }

    /// The same, and waits for so long for the job to be done. Dropping the future leaves the job alone.
    ///
    /// # Errors
    /// As [`Service::submit`]; a job that fails while it runs is no error of this.
    pub async fn run(&self, principal: &Principal, submission: Submission, wait: Duration) -> Result<Job> {
        match self.begun(principal, &submission).await? {
            Begun::Before(job) => self.shared.until_done_if_running(*job, wait).await,
            Begun::Now(active) => self.planned(principal, submission, active, wait).await,
        }
    }

    /// The same for a caller without whom nobody wants the job: dropping the future stops it.
    ///
    /// # Errors
    /// As [`Service::run`].
    pub async fn run_attended(&self, principal: &Principal, submission: Submission, wait: Duration) -> Result<Job> {
        match self.begun(principal, &submission).await? {
            Begun::Before(job) => self.shared.until_done_if_running(*job, wait).await,
            Begun::Now(active) => {
                let attended = self.cancel_on_drop(&active.job().key);
                let job = self.planned(principal, submission, active, wait).await;
                attended.keep();
                job
            }
        }
    }

    async fn begun(&self, principal: &Principal, submission: &Submission) -> Result<Begun> {
        self.watch();
        if submission.id.is_none() && submission.request.is_none() {
            return self.shared.begin(principal, submission, Stop::default());
        }
        // Whether it was made before, the file knows.
        let (shared, principal, submission) = (Arc::clone(&self.shared), principal.clone(), submission.clone());
        blocking(move || shared.begin(&principal, &submission, Stop::default())).await
    }

    /// Has a job planned and run on a thread of its own.
    async fn planned(
        &self,
        principal: &Principal,
        submission: Submission,
        active: Arc<Active>,
        wait: Duration,
    ) -> Result<Job> {
        let (answer, planned) = oneshot::channel();
        let (shared, principal, running) = (Arc::clone(&self.shared), principal.clone(), Arc::clone(&active));
        // Planning and running block, and need no more than a thread that waits.
        tokio::task::spawn_blocking(move || shared.accept(&principal, &submission.work, &running, answer));
        tokio::select! {
            biased;
            answer = planned => answer.map_err(|_| Error::Internal("the job was lost".to_owned()))??,
            () = active.abandoned() => {}
        }
        self.shared.until_done(&active, wait).await
    }
}

impl Shared {
    /// The job when it is done, or as it is when the time is over.
    pub(crate) async fn until_done(self: &Arc<Self>, active: &Arc<Active>, wait: Duration) -> Result<Job> {
        if !wait.is_zero() && tokio::time::timeout(wait, active.done()).await.is_ok() {
            return Ok((*active.job()).clone());
        }
        let (shared, active) = (Arc::clone(self), Arc::clone(active));
        blocking(move || Ok(shared.tell(&active))).await
    }

    /// The same for a job that was made before.
    async fn until_done_if_running(self: &Arc<Self>, job: Job, wait: Duration) -> Result<Job> {
        match self.running(&job.key) {
            Some(active) if !wait.is_zero() => self.until_done(&active, wait).await,
            _ => Ok(job),
        }
    }

    fn accept(self: &Arc<Self>, principal: &Principal, work: &Work, active: &Arc<Active>, answer: Answer) {
        match work {
            Work::Query(query) => self.query(principal, query, active, answer),
            other => {
                // Whoever asked may be gone; the job goes on.
                drop(answer.send(Ok(())));
                self.work(active, || match other {
                    Work::Copy(copy) => copy::run(self, principal, active, copy),
                    Work::Load(load) => load::run(self, principal, active, load),
                    Work::Extract(extract) => extract::run(self, principal, active, extract),
                    Work::Query(_) => Err(Error::Internal("a query is a text".to_owned())),
                });
            }
        }
    }

    /// Does what a job is about that is no text of SQL, and ends it.
    fn work(&self, active: &Active, run: impl FnOnce() -> Result<Job>) {
        match run() {
            Ok(done) => self.finish(active, |job| {
                job.statistics = done.statistics;
                job.started = done.started;
            }),
            Err(error) => self.finish(active, |job| job.error = Some(error.job_error())),
        }
    }

    /// Gives a job that is no query its slot, once there is one, and the job as it runs.
    pub(crate) fn started(&self, principal: &Principal, active: &Active, priority: Priority) -> Result<(Slot, Job)> {
        let ticket = Ticket { principal: principal.name().to_owned(), weight: Weight::Small, priority };
        let slot = self.queue.slot(ticket, &active.stop)?;
        let now = self.now();
        active.update(|job| {
            job.state = JobState::Running;
            job.started = Some(now);
        });
        Ok((slot, (*active.job()).clone()))
    }

    fn query(self: &Arc<Self>, principal: &Principal, query: &Query, active: &Arc<Active>, answer: Answer) {
        let queue = self.queue.clone();
        let session = Session::default();
        let text = Text::new(self, queue, principal, Arc::clone(active), query, &session);
        let mut text = match text {
            Ok(text) => text,
            Err(error) => {
                self.finish(active, |job| job.error = Some(error.job_error()));
                drop(answer.send(Err(error)));
                return;
            }
        };
        if query.destination.is_some() && text.is_script() {
            let error = Error::Invalid("configuration.query.destinationTable cannot be set for scripts".to_owned());
            text.fail(&error);
            drop(text);
            drop(answer.send(Err(error)));
            return;
        }
        let mut next = if text.is_script() {
            // What is wrong with a script's statements is the job's to say: others have to run before, and may for long.
            drop(answer.send(Ok(())));
            text.next()
        } else {
            match text.next() {
                Err(error) => {
                    drop(text);
                    drop(answer.send(Err(error)));
                    return;
                }
                Ok(first) => {
                    if let Some(first) = &first {
                        text.publish(first);
                    }
                    drop(answer.send(Ok(())));
                    Ok(first)
                }
            }
        };
        while let Ok(Some(statement)) = next {
            let done = match statement {
                Statement::Change(change) => text.change(change).map(drop),
                Statement::Query(rows) => match &query.destination {
                    Some(destination) => into_destination(&mut text, rows, destination),
                    None => self.keep(&mut text, rows),
                },
            };
            if let Err(error) = done {
                text.fail(&error);
                break;
            }
            next = text.next();
        }
    }
}

/// The rows of a query into the table that was named.
fn into_destination(text: &mut Text, rows: PlannedQuery, destination: &Destination) -> Result<()> {
    let columns = rows.columns().iter().map(|c| ColumnDefinition::plain(c.name.clone(), c.sql_type.clone()));
    let import = import(destination, columns.collect());
    let change = text.rows_into(rows, &import)?;
    let rows = change.rows.unwrap_or_default();
    let table = destination.table.clone();
    text.set_result(JobResult { table, anonymous: false, rows, bytes: 0, expires: None });
    Ok(())
}

/// Rows of these columns on their way to where a client wants them.
pub(crate) fn import(destination: &Destination, columns: Vec<ColumnDefinition>) -> Import {
    Import {
        path: path(&destination.table),
        columns,
        missing: match destination.create {
            CreateDisposition::IfNeeded => Missing::Create,
            CreateDisposition::Never => Missing::Refuse,
        },
        present: match destination.write {
            WriteDisposition::Empty => Present::RefuseRows,
            WriteDisposition::Append => Present::Append,
            WriteDisposition::Truncate => Present::Replace,
        },
        partition: None,
        cluster: Vec::new(),
        options: BTreeMap::new(),
    }
}

/// Runs what may wait for the disk where that keeps nobody else.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_| Error::Internal("a task of the server failed".to_owned()))?
}
