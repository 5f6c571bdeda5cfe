//! A text of statements on its way through the gate: each is planned, decided on, held against the limits, given a slot, run and
//! recorded, one after the other.

mod child;

use crate::active::Active;
use crate::error::{Error, Result};
use crate::facts;
use crate::names::Names;
use crate::principal::{Action, Principal};
use crate::queue::{Queue, Slot, Ticket, Weight};
use crate::service::Shared;
use crate::stop::Stop;
use crate::submission::{Priority, Query};
use crate::transfer::Transfer;
use arrow::array::RecordBatch;
use bedside_engine::{Change, Import, Prepared, PreparedChange, Request, ResultColumn, Rows, Session, Writes};
use bedside_meta::{Job, JobError, JobKey, JobResult, JobState, JobStatistics, StatementType};
use bedside_types::ReleaseKind;
use futures::StreamExt;
use futures::future::{Either, select};
use std::fmt;
use std::pin::pin;
use std::sync::Arc;

/// A text whose statements are run by whoever holds it, and whose rows go straight to them. Its job is done when it is dropped.
pub struct Text {
    shared: Arc<Shared>,
    queue: Queue,
    principal: Principal,
    names: Names,
    active: Arc<Active>,
    script: bedside_engine::Script,
    maximum: Option<u64>,
    priority: Priority,
    /// Statements that were planned.
    planned: u64,
    /// Statements that ran.
    ran: u64,
    /// Whether there are no more.
    ended: bool,
    statistics: JobStatistics,
    /// The statement of a script that ran last.
    child: Option<Job>,
    result: Option<JobResult>,
    error: Option<JobError>,
}

/// A statement that may run.
#[derive(Debug)]
#[allow(clippy::large_enum_variant, reason = "there is one at a time")]
pub enum Statement {
    /// It gives rows: [`Text::rows`].
    Query(PlannedQuery),
    /// It makes, changes or drops something: [`Text::change`].
    Change(PlannedChange),
}

/// A query that may run.
#[derive(Debug)]
pub struct PlannedQuery {
    prepared: Prepared,
    statistics: JobStatistics,
}

/// A statement that writes and may run.
#[derive(Debug)]
pub struct PlannedChange {
    work: Work,
    statistics: JobStatistics,
}

/// What a statement without rows does.
#[derive(Debug)]
enum Work {
    /// It changes what is kept.
    Change(Box<PreparedChange>),
    /// It takes rows out into files, or brings them in.
    Transfer(Box<Transfer>),
}

/// What one query gave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Given {
    /// Rows.
    pub rows: u64,
    /// Whether there were more than asked for.
    pub cut: bool,
    /// Whether it failed, and the text goes on with what it has for that case.
    pub handled: bool,
}

impl Text {
    pub(crate) fn new(
        shared: &Arc<Shared>,
        queue: Queue,
        principal: &Principal,
        active: Arc<Active>,
        query: &Query,
        session: &Session,
    ) -> Result<Self> {
        let names = shared.names(&active.job().key.project);
        let default_dataset =
            query.default_dataset.as_ref().map(|found| format!("{}.{}", found.project, found.dataset));
        let request = Request {
            text: &query.text,
            parameters: query.parameters.clone(),
            default_dataset: default_dataset.as_deref(),
            project: Some(&names.client),
            ..Request::default()
        };
        let planning = active.plans((shared.options.clock)());
        let script = shared.engine.script(&request, session, Writes::Allowed);
        drop(planning);
        active.stop.check()?;
        let mut script = script?;
        script.system().job = Some(active.job().key.id.clone());
        if script.is_empty() {
            return Err(Error::Invalid("Syntax error: Unexpected end of statement".to_owned()));
        }
        Ok(Self {
            shared: Arc::clone(shared),
            queue,
            principal: principal.clone(),
            names,
            active,
            script,
            maximum: query.maximum_bytes_billed,
            priority: query.priority,
            planned: 0,
            ran: 0,
            ended: false,
            statistics: JobStatistics::default(),
            child: None,
            result: None,
            error: None,
        })
    }

    /// The job's name.
    pub fn key(&self) -> JobKey {
        self.active.job().key.clone()
    }

    /// How many statements of SQL the text has, those inside others included.
    pub fn len(&self) -> usize {
        self.script.len()
    }

    /// Whether it is more than one statement of SQL: several, or any of the procedural language.
    pub fn is_script(&self) -> bool {
        self.script.is_script()
    }

    /// Whether it has none; such a text is none of these.
    pub fn is_empty(&self) -> bool {
        self.script.is_empty()
    }

    /// How many of them are queries.
    pub fn queries(&self) -> usize {
        self.script.queries()
    }

    /// Plans the next statement against what those before it left, and decides whether it may run. `None` behind the last.
    ///
    /// # Errors
    /// What is wrong with it, with its place; [`Error::BytesBilled`]; [`Error::Stopped`].
    #[allow(clippy::should_implement_trait, reason = "an iterator cannot fail and end in one value")]
    pub fn next(&mut self) -> Result<Option<Statement>> {
        let planned = self.plan();
        self.noted(planned)
    }

    /// Runs a query and gives its batches to `take`, at most `most` rows of them. Blocks.
    ///
    /// # Errors
    /// What goes wrong while it runs, and what `take` gives.
    pub fn rows<E: From<Error>>(
        &mut self,
        query: PlannedQuery,
        most: Option<u64>,
        mut take: impl FnMut(&RecordBatch) -> Result<(), E>,
    ) -> Result<Given, E> {
        let mut given = Given::default();
        let mut run = || -> Result<(), Fault<E>> {
            for batch in self.open(&query)? {
                let batch = batch?;
                let left = most.map_or(u64::MAX, |most| most - given.rows);
                let taken = batch.num_rows().min(usize::try_from(left).unwrap_or(usize::MAX));
                take(&batch.slice(0, taken)).map_err(Fault::Theirs)?;
                given.rows += taken as u64;
                if taken < batch.num_rows() {
                    given.cut = true;
                    return Ok(());
                }
            }
            Ok(())
        };
        match run() {
            Ok(()) => {
                self.ran(JobStatistics { rows: Some(given.rows), ..query.statistics });
                Ok(given)
            }
            Err(Fault::Ours(error)) => match self.handled(error) {
                None => Ok(Given { handled: true, ..given }),
                Some(error) => Err(E::from(error)),
            },
            // What that means for the job, they know.
            Err(Fault::Theirs(error)) => Err(error),
        }
    }

    /// Runs a query and puts its rows into a table. Blocks.
    pub(crate) fn rows_into(&mut self, query: PlannedQuery, import: &Import) -> Result<Change> {
        // The slot comes first: whoever held the dataset and waited for a slot would keep those waiting who have one.
        let done = self.slot(&query.statistics).and_then(|slot| {
            let stop = self.active.stop.clone();
            let done = self.shared.engine.import(import, self.active.stop.flag(), || {
                let rows = OpenRows { rows: query.prepared.execute()?, stop, _slot: slot };
                Ok(rows.map(|batch| batch.map_err(engine_error)))
            });
            done.map_err(|error| self.why(error.into()))
        });
        let done = self.noted(done)?;
        self.ran(JobStatistics { rows: done.rows, ..query.statistics });
        Ok(done)
    }

    /// Does what a statement says that gives no rows; `None` where it failed and the text goes on with what it has for that case.
    /// Blocks.
    ///
    /// # Errors
    /// What goes wrong while it runs.
    pub fn change(&mut self, change: PlannedChange) -> Result<Option<Change>> {
        let PlannedChange { work, mut statistics } = change;
        let run = |statistics: &mut JobStatistics| {
            let _slot = self.slot(statistics)?;
            let done = match &work {
                Work::Change(change) => change.execute(self.active.stop.flag()).map_err(Error::from),
                Work::Transfer(transfer) => {
                    transfer.run(&self.shared, &self.names, &self.principal, &self.active, statistics)
                }
            };
            done.map_err(|error| self.why(error))
        };
        match run(&mut statistics) {
            Ok(done) => {
                facts::did(&mut statistics, &done);
                self.ran(statistics);
                Ok(Some(done))
            }
            Err(error) => self.handled(error).map_or(Ok(None), Err),
        }
    }

    /// Where the rows of the query that ran last are kept.
    pub(crate) fn set_result(&mut self, result: JobResult) {
        if let Some(child) = &mut self.child {
            child.result = Some(result.clone());
        }
        self.result = Some(result);
    }

    /// What is known of the job so far, to those who look.
    pub(crate) fn publish(&self, statement: &Statement) {
        if !self.is_script() {
            let statistics = statement.statistics().clone();
            self.active.update(|job| job.statistics = statistics);
        }
    }

    /// What went wrong outside.
    pub(crate) fn fail(&mut self, error: &Error) {
        self.error.get_or_insert_with(|| error.job_error());
    }

    pub(crate) fn principal(&self) -> &Principal {
        &self.principal
    }

    pub(crate) fn names(&self) -> &Names {
        &self.names
    }

    fn plan(&mut self) -> Result<Option<Statement>> {
        loop {
            self.record_child();
            self.active.stop.check()?;
            let planning = self.active.plans((self.shared.options.clock)());
            let step = self.script.next(self.active.stop.flag());
            drop(planning);
            // What was stopped while it was planned does not run.
            self.active.stop.check()?;
            self.ended = matches!(step, Ok(None));
            self.planned += u64::from(!self.ended);
            let Some(step) = step.map_err(|error| self.why(error.into()))? else { return Ok(None) };
            let step = match step {
                bedside_engine::Step::Evaluation(prepared) => Err(prepared),
                other => Ok(other),
            };
            match step.map(|step| self.decided(step)) {
                Ok(Ok(statement)) => return Ok(Some(statement)),
                Ok(Err(error)) => self.handled(error).map_or(Ok(()), Err)?,
                Err(prepared) => self.evaluate(prepared)?,
            }
        }
    }

    /// Whether a statement may run.
    fn decided(&mut self, step: bedside_engine::Step) -> Result<Statement> {
        let statement = match step {
            bedside_engine::Step::Query(prepared) | bedside_engine::Step::Evaluation(prepared) => {
                self.may_read(prepared.tables())?;
                let statistics = facts::of_query(&prepared, &self.names);
                Statement::Query(PlannedQuery { prepared, statistics })
            }
            bedside_engine::Step::Change(change) => {
                self.may_read(change.tables())?;
                if change.writes().is_some() {
                    self.principal.may(&Action::Write)?;
                }
                let statistics = facts::of_change(&change, &self.names);
                Statement::Change(PlannedChange { work: Work::Change(change), statistics })
            }
            bedside_engine::Step::Transfer(prepared) => {
                self.may_read(prepared.tables())?;
                let statistics = facts::of_transfer(&prepared, &self.names);
                let transfer = Transfer::new(*prepared, &self.names)?;
                transfer.check(&self.shared, &self.principal)?;
                Statement::Change(PlannedChange { work: Work::Transfer(Box::new(transfer)), statistics })
            }
        };
        let needed = self.statistics.bytes_billed + statement.statistics().bytes_billed;
        match self.maximum {
            Some(limit) if needed > limit => Err(Error::BytesBilled { limit, needed }),
            _ => Ok(statement),
        }
    }

    fn may_read(&self, tables: &[bedside_engine::TouchedTable]) -> Result<()> {
        for table in tables {
            self.shared.may_read(&self.principal, &self.names.table(&table.path))?;
        }
        Ok(())
    }

    fn ticket(&self, statistics: &JobStatistics) -> Ticket {
        let heavy = statistics.bytes_processed >= self.shared.options.heavy_bytes;
        let weight = if heavy { Weight::Heavy } else { Weight::Small };
        Ticket { principal: self.principal.name().to_owned(), weight, priority: self.priority }
    }

    /// It runs, if it did not before.
    fn started(&self) {
        if self.active.job().state == JobState::Pending {
            let now = self.shared.now();
            self.active.update(|job| {
                job.state = JobState::Running;
                job.started = Some(now);
            });
        }
    }

    fn open(&self, query: &PlannedQuery) -> Result<OpenRows> {
        let slot = self.slot(&query.statistics)?;
        let planning = self.active.plans((self.shared.options.clock)());
        let rows = query.prepared.execute();
        drop(planning);
        Ok(OpenRows { rows: rows?, stop: self.active.stop.clone(), _slot: slot })
    }

    /// Waits for the right to run.
    fn slot(&self, statistics: &JobStatistics) -> Result<Slot> {
        let slot = self.queue.slot(self.ticket(statistics), &self.active.stop)?;
        self.started();
        Ok(slot)
    }

    /// What was stopped says why.
    fn why(&self, error: Error) -> Error {
        match error {
            Error::Engine(bedside_engine::Error::Stopped) => self.active.stop.error(),
            other => other,
        }
    }
}

/// Rows as they come, until they end or the job shall stop.
struct OpenRows {
    rows: Rows,
    stop: Stop,
    _slot: Slot,
}

/// A fault of ours, or one of who takes the rows.
enum Fault<E> {
    Ours(Error),
    Theirs(E),
}

impl Iterator for OpenRows {
    type Item = Result<RecordBatch>;

    fn next(&mut self) -> Option<Self::Item> {
        futures::executor::block_on(async {
            match select(pin!(self.stop.stopped()), StreamExt::next(&mut self.rows)).await {
                Either::Left(_) => Some(Err(self.stop.error())),
                Either::Right((batch, _)) => batch.map(|batch| Ok(batch?)),
            }
        })
    }
}

impl<E> From<Error> for Fault<E> {
    fn from(error: Error) -> Self {
        Self::Ours(error)
    }
}

impl Statement {
    /// What is known of it.
    pub fn statistics(&self) -> &JobStatistics {
        match self {
            Self::Query(query) => &query.statistics,
            Self::Change(change) => &change.statistics,
        }
    }
}

impl PlannedQuery {
    /// The columns of its rows.
    pub fn columns(&self) -> &[ResultColumn] {
        self.prepared.columns()
    }

    /// The kinds of releases that the rows come from, each once.
    pub fn kinds(&self) -> Vec<ReleaseKind> {
        self.prepared.kinds()
    }

    /// How it would be run.
    ///
    /// # Errors
    /// What goes wrong while it is planned.
    pub fn explain(&self) -> Result<String> {
        Ok(self.prepared.explain()?)
    }
}

impl PlannedChange {
    /// Its first words with the name of what it is about: `CREATE TABLE mine.cohort`.
    pub fn words(&self) -> &str {
        match &self.work {
            Work::Change(change) => change.words(),
            Work::Transfer(transfer) => transfer.words(),
        }
    }

    /// How the query that gives its rows would be run; `None` where there is none.
    ///
    /// # Errors
    /// What goes wrong while it is planned.
    pub fn explain(&self) -> Result<Option<String>> {
        let rows = match &self.work {
            Work::Change(change) => change.rows(),
            Work::Transfer(transfer) => transfer.rows(),
        };
        Ok(rows.map(Prepared::explain).transpose()?)
    }
}

impl Drop for Text {
    /// Its job is done.
    fn drop(&mut self) {
        self.record_child();
        if !self.ended && self.ran < self.planned.max(1) {
            self.fail(&Error::Stopped("the statement was not run to its end".to_owned()));
        }
        let (mut statistics, result) = (std::mem::take(&mut self.statistics), self.result.take());
        if self.is_script() {
            statistics.statement = Some(StatementType::Script);
        }
        let error = self.error.take();
        self.shared.finish(&self.active, move |job| {
            if error.is_none() || statistics.statement.is_some() {
                job.statistics = statistics;
            }
            job.result = result.filter(|_| error.is_none());
            job.error = error;
        });
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text({}, {} statements)", self.key(), self.len())
    }
}

/// For code below the gate that takes rows from it.
pub(crate) fn engine_error(error: Error) -> bedside_engine::Error {
    match error {
        Error::Engine(error) => error,
        Error::Stopped(_) => bedside_engine::Error::Stopped,
        other => bedside_engine::Error::Constraint(other.to_string()),
    }
}
