//! The gate itself: what all jobs share, and how a job begins and ends.

use crate::active::{Active, Held};
use crate::error::{Error, Result};
use crate::names::Names;
use crate::options::ServiceOptions;
use crate::principal::{Action, Principal};
use crate::queue::{Bounds, Queue};
use crate::stop::Stop;
use crate::submission::{Submission, Work};
use bedside_engine::Engine;
use bedside_meta::{Database, Job, JobKey, JobState, TableReference};
use data_encoding::HEXLOWER;
use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How long the same request makes the same job, milliseconds.
const SAME_REQUEST: i64 = 15 * 60_000;

/// The longest job id, bytes.
const LONGEST_ID: usize = 1024;

/// The gate. Cheap to clone.
#[derive(Clone)]
pub struct Service {
    pub(crate) shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub(crate) engine: Engine,
    pub(crate) database: Database,
    pub(crate) options: ServiceOptions,
    pub(crate) queue: Queue,
    /// For rows that clients read while they are made.
    pub(crate) streams: Queue,
    active: Mutex<HashMap<JobKey, Arc<Active>>>,
    held: Held,
    closing: AtomicBool,
    /// Jobs that were done, for chores that come round now and then.
    pub(crate) ended: AtomicU64,
    /// Whether somebody looks after jobs that run for long.
    pub(crate) kept: AtomicBool,
}

impl Service {
    /// A gate before an engine, with the state of the engine's home. Jobs that a dead program left have failed from now on.
    ///
    /// # Errors
    /// [`Error::State`].
    pub fn open(engine: Engine, options: ServiceOptions) -> Result<Self> {
        let database = Database::open(engine.warehouse().home(), (options.clock)() / 1_000)?;
        let bounds = |slots, heavy| Bounds { slots, heavy, waiting: options.waiting };
        let queue = Queue::new(bounds(options.slots, options.heavy_slots));
        let streams = Queue::new(bounds(options.streams, options.streams));
        let shared = Shared {
            engine,
            database,
            options,
            queue,
            streams,
            active: Mutex::default(),
            held: Held::default(),
            closing: AtomicBool::new(false),
            ended: AtomicU64::new(0),
            kept: AtomicBool::new(false),
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// The engine behind the gate, for what is no statement: the warehouse and its inventory.
    pub fn engine(&self) -> &Engine {
        &self.shared.engine
    }

    /// How it runs.
    pub fn options(&self) -> &ServiceOptions {
        &self.shared.options
    }
}

impl Shared {
    /// Milliseconds since 1970.
    pub(crate) fn now(&self) -> i64 {
        (self.options.clock)() / 1_000
    }

    pub(crate) fn names(&self, client: &str) -> Names {
        Names::new(client, self.engine.projects())
    }

    /// # Errors
    /// [`Error::NotFound`] for an anonymous table of somebody else.
    pub(crate) fn may_read(&self, principal: &Principal, table: &TableReference) -> Result<()> {
        if bedside_store::ResultName::new(&table.dataset, &table.table).is_none() {
            return principal.may(&Action::Read);
        }
        let kept = self.database.kept(&table.dataset, &table.table)?;
        let kept = kept.ok_or_else(|| Error::NotFound(format!("Not found: Table {table}")))?;
        principal.may(&Action::ReadResult(&kept.principal))
    }

    /// Makes a job of a submission, unless the client made it before: then that job is given.
    pub(crate) fn begin(&self, principal: &Principal, submission: &Submission, stop: Stop) -> Result<Begun> {
        if self.closing.load(Ordering::SeqCst) {
            return Err(Error::Closing);
        }
        let now = self.now();
        if let Some(request) = &submission.request
            && let Some(job) = self.job_of_request(&submission.project, request, now)?
        {
            principal.may(&Action::Job(&job))?;
            return Ok(Begun::Before(Box::new(job)));
        }
        let id = match &submission.id {
            Some(id) => checked_id(id)?.to_owned(),
            None => format!("job_{}", random::<16>()?),
        };
        let key = JobKey { project: submission.project.clone(), id };
        let mut job = Job::new(key.clone(), submission.work.kind(), principal.name(), now);
        job.request.clone_from(&submission.request);
        submission.front.clone_into(&mut job.front);
        job.configuration.clone_from(&submission.configuration);
        job.labels.clone_from(&submission.labels);
        if let Work::Query(query) = &submission.work {
            job.text = Some(query.text.clone());
        }
        let deadline = submission.timeout.map(|timeout| {
            (self.options.clock)().saturating_add(i64::try_from(timeout.as_micros()).unwrap_or(i64::MAX))
        });
        if self.held.count() >= self.options.waiting + self.options.slots + self.options.streams {
            return Err(Error::Busy);
        }
        let active = Arc::new(Active::new(job, stop, deadline, &self.held));
        let mut jobs = self.active();
        // A job leaves the map once it is in the file, so one of the two knows it.
        if jobs.contains_key(&key) || (submission.id.is_some() && self.database.job(&key)?.is_some()) {
            return Err(Error::State(bedside_meta::Error::Exists(key)));
        }
        jobs.insert(key, Arc::clone(&active));
        Ok(Begun::Now(active))
    }

    /// Ends a job, unless it has ended: it is recorded, then those who wait for it are told.
    pub(crate) fn finish(&self, active: &Active, change: impl FnOnce(&mut Job)) {
        let recorded = active.recorded.lock().unwrap_or_else(PoisonError::into_inner);
        let mut job = (*active.job()).clone();
        if job.state == JobState::Done {
            return;
        }
        change(&mut job);
        job.state = JobState::Done;
        job.ended = Some(self.now());
        let key = job.key.clone();
        self.record(&job);
        active.update(|now| *now = job);
        drop(recorded);
        self.active().remove(&key);
        self.after_job();
    }

    /// Stops a job. What runs looks whether it shall; planning does not, so a job that is planned ends here, and the thread that
    /// plans it learns of that when it comes to its end.
    pub(crate) fn stop(&self, active: &Active, why: &str) {
        active.stop.set(why);
        if active.planning_since().is_some() {
            self.abandon(active, &active.stop.error());
        }
    }

    /// Ends a job while it is planned.
    pub(crate) fn abandon(&self, active: &Active, error: &Error) {
        active.stop.set(&error.to_string());
        active.abandon();
        self.finish(active, |job| job.error = Some(error.job_error()));
    }

    /// Writes a job down.
    pub(crate) fn record(&self, job: &Job) {
        if let Err(error) = self.database.put(&[job]) {
            tracing::warn!(job = %job.key, %error, "a job could not be recorded");
        }
    }

    /// The job of that name that is not done.
    pub(crate) fn running(&self, key: &JobKey) -> Option<Arc<Active>> {
        self.active().get(key).cloned()
    }

    /// All jobs that are not done.
    pub(crate) fn all_running(&self) -> Vec<Arc<Active>> {
        self.active().values().cloned().collect()
    }

    /// From now on nothing new begins.
    pub(crate) fn close(&self) {
        self.closing.store(true, Ordering::SeqCst);
    }

    /// Before others are told of a job that is not done, it is written down: then they can ask for it whatever happens.
    pub(crate) fn tell(&self, active: &Active) -> Job {
        let mut recorded = active.recorded.lock().unwrap_or_else(PoisonError::into_inner);
        let job = (*active.job()).clone();
        if job.state != JobState::Done && *recorded != Some(job.state) {
            self.record(&job);
            *recorded = Some(job.state);
        }
        job
    }

    fn job_of_request(&self, project: &str, request: &str, now: i64) -> Result<Option<Job>> {
        let running = self
            .active()
            .values()
            .map(|active| active.job())
            .find(|job| job.key.project == project && job.request.as_deref() == Some(request));
        match running {
            Some(job) => Ok(Some((*job).clone())),
            None => Ok(self.database.job_of_request(project, request, now - SAME_REQUEST)?),
        }
    }

    fn active(&self) -> MutexGuard<'_, HashMap<JobKey, Arc<Active>>> {
        self.active.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How a submission began.
pub(crate) enum Begun {
    /// As a new job.
    Now(Arc<Active>),
    /// Earlier.
    Before(Box<Job>),
}

/// Random bytes in hexadecimal.
pub(crate) fn random<const BYTES: usize>() -> Result<String> {
    let mut bytes = [0_u8; BYTES];
    getrandom::fill(&mut bytes).map_err(|_| Error::Internal("the system gives no random numbers".to_owned()))?;
    Ok(HEXLOWER.encode(&bytes))
}

fn checked_id(id: &str) -> Result<&str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if id.is_empty() || id.len() > LONGEST_ID || !id.chars().all(plain) {
        return Err(Error::Invalid(format!(
            "Invalid job ID \"{}\". Job IDs must be alphanumeric (plus underscores and dashes) and must be at most \
             {LONGEST_ID} characters long.",
            id.chars().take(100).collect::<String>()
        )));
    }
    Ok(id)
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Service({:?})", self.shared.engine)
    }
}

#[cfg(test)]
mod tests {
    use super::{Begun, Service};
    use crate::error::Error;
    use crate::options::ServiceOptions;
    use crate::principal::Principal;
    use crate::stop::Stop;
    use crate::submission::Submission;
    use bedside_engine::{Engine, EngineOptions};
    use bedside_meta::JobState;
    use bedside_store::Warehouse;
    use std::time::Duration;

    const NOW: i64 = 1_000_000;

    /// A gate that takes one job at a time.
    fn gate(home: &std::path::Path) -> Service {
        let options = EngineOptions { memory_bytes: 64 << 20, threads: 1, projects: Vec::new(), clock: || NOW };
        let engine = Engine::open(Warehouse::open(home).unwrap(), options).unwrap();
        let bounds = ServiceOptions {
            slots: 1,
            waiting: 0,
            streams: 0,
            planning: Duration::ZERO,
            ..ServiceOptions::new(|| NOW, 1)
        };
        Service::open(engine, bounds).unwrap()
    }

    #[tokio::test]
    async fn a_job_ends_while_it_is_planned_and_counts_until_that_ends() {
        let home = tempfile::tempdir().unwrap();
        let (service, owner) = (gate(home.path()), Principal::owner());
        let submission = Submission::query("p", "test", "SELECT 1");
        let begin = || service.shared.begin(&owner, &submission, Stop::default());
        let Ok(Begun::Now(active)) = begin() else { panic!("it did not begin") };
        let planning = active.plans(NOW);
        let job = service.cancel(&owner, &active.job().key).await.unwrap();
        assert_eq!((job.state, job.error.unwrap().reason.as_str()), (JobState::Done, "stopped"));
        active.abandoned().await;
        assert!(matches!(begin(), Err(Error::Busy)));
        drop(planning);
        drop(active);
        assert!(matches!(begin(), Ok(Begun::Now(_))));
    }

    #[tokio::test]
    async fn planning_has_an_end() {
        let home = tempfile::tempdir().unwrap();
        let (service, owner) = (gate(home.path()), Principal::owner());
        let submission = Submission::query("p", "test", "SELECT 1");
        let Ok(Begun::Now(active)) = service.shared.begin(&owner, &submission, Stop::default()) else { panic!() };
        service.shared.look();
        assert_eq!(active.job().state, JobState::Pending, "it waits, which may take long");
        let _planning = active.plans(NOW - 1);
        service.shared.look();
        assert_eq!(active.job().error.as_ref().unwrap().reason, "resourcesExceeded");
    }
}
