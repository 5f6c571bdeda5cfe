//! Statements run here: the one door to the engine for every command.

use crate::command::Context;
use crate::configuration::Configuration;
use crate::failure::Failure;
use crate::output::collect_texts;
use crate::stop;
use arrow::array::RecordBatch;
use bedside_engine::{
    Change, Engine, EngineOptions, Error, PreparedChange, Request, ResultColumn, Session as Temporaries, Writes,
};
use bedside_sql::Parameters;
use bedside_types::ReleaseKind;
use futures::StreamExt;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::runtime::Runtime;

/// How often a running statement looks whether it shall stop.
const LOOK: Duration = Duration::from_millis(50);

/// An engine on the home, and what its statements have in common.
pub(crate) struct Session {
    engine: Engine,
    dataset: Option<String>,
    /// Temporary tables and functions of the statements so far.
    temporaries: Temporaries,
    /// Only waits for rows; the engine works on threads of its own.
    waiting: Runtime,
    stop: Arc<AtomicBool>,
}

/// A statement that is right.
pub(crate) struct Prepared {
    inner: bedside_engine::Prepared,
    /// Kept to show the place of a fault that comes up while rows are made.
    text: String,
}

/// A text on its way through, statement by statement.
pub(crate) struct Script {
    inner: bedside_engine::Script,
    text: String,
}

/// A statement of a text.
#[allow(clippy::large_enum_variant, reason = "there is one at a time")]
pub(crate) enum Step {
    /// It gives rows.
    Query(Prepared),
    /// It makes, changes or drops something.
    Change(Box<PreparedChange>),
}

/// What a result has to say about where it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Provenance {
    /// Some of it is from a demo.
    Demo,
    /// Some of it is synthetic.
    Synthetic,
    /// Both.
    DemoAndSynthetic,
}

/// How a statement ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Run {
    /// Rows given out.
    pub(crate) rows: u64,
    /// Whether there were more than asked for.
    pub(crate) cut: bool,
}

impl Session {
    /// A session in which tables that are named without a dataset are of `dataset`.
    pub(crate) fn open(context: &Context, dataset: Option<&str>) -> Result<Self, Failure> {
        let options = options(&context.configuration);
        let warehouse = context.warehouse()?;
        let waiting = tokio::runtime::Builder::new_current_thread().enable_time().build();
        Ok(Self {
            engine: Engine::open(warehouse, options)?,
            dataset: dataset.map(str::to_owned),
            temporaries: Temporaries::default(),
            waiting: waiting.map_err(|error| Failure::internal(format!("no timer: {error}")))?,
            stop: context.stop.clone(),
        })
    }

    /// The same with the temporary tables and functions of another session.
    pub(crate) fn after(self, other: &Self) -> Self {
        Self { temporaries: other.temporaries.clone(), ..self }
    }

    /// Reads a text of any number of statements.
    ///
    /// # Errors
    /// A fault of syntax, with its place.
    pub(crate) fn script(&self, text: &str, parameters: &Parameters) -> Result<Script, Failure> {
        let request = Request {
            text,
            parameters: parameters.clone(),
            default_dataset: self.dataset.as_deref(),
            ..Request::default()
        };
        let script = self.engine.script(&request, &self.temporaries, Writes::Allowed);
        Ok(Script { inner: script.map_err(|error| failure(error, text))?, text: text.to_owned() })
    }

    /// Does what a statement that gives no rows says.
    pub(crate) fn change(&self, script: &Script, change: &PreparedChange) -> Result<Change, Failure> {
        change.execute(&self.stop).map_err(|error| failure(error, &script.text))
    }

    /// Resolves and plans one statement.
    ///
    /// # Errors
    /// With the place in the text where that is known.
    pub(crate) fn prepare(&self, text: &str, parameters: &Parameters) -> Result<Prepared, Failure> {
        let dataset = self.dataset.as_deref();
        let request = Request { text, parameters: parameters.clone(), default_dataset: dataset, ..Request::default() };
        let inner = self.engine.prepare(&request).map_err(|error| failure(error, text))?;
        stop::check(&self.stop)?;
        Ok(Prepared { inner, text: text.to_owned() })
    }

    /// Runs a statement and gives its batches to `take`, at most `limit` rows of them.
    pub(crate) fn run(
        &self,
        prepared: &Prepared,
        limit: Option<u64>,
        mut take: impl FnMut(&RecordBatch) -> Result<(), Failure>,
    ) -> Result<Run, Failure> {
        let mut rows = prepared.inner.execute().map_err(|error| failure(error, &prepared.text))?;
        let mut run = Run::default();
        loop {
            let batch = self.waiting.block_on(async {
                let mut look = tokio::time::interval(LOOK);
                loop {
                    tokio::select! {
                        batch = StreamExt::next(&mut rows) => return Ok::<_, Failure>(batch),
                        _ = look.tick() => stop::check(&self.stop)?,
                    }
                }
            })?;
            let Some(batch) = batch else { return Ok(run) };
            let batch = batch.map_err(|error| failure(error, &prepared.text))?;
            let left = limit.map_or(u64::MAX, |limit| limit - run.rows);
            let taken = batch.num_rows().min(usize::try_from(left).unwrap_or(usize::MAX));
            take(&batch.slice(0, taken))?;
            run.rows += taken as u64;
            if taken < batch.num_rows() {
                return Ok(Run { cut: true, ..run });
            }
            stop::check(&self.stop)?;
        }
    }

    /// The rows of a statement of our own, as texts.
    pub(crate) fn texts(&self, sql: &str) -> Result<Vec<Vec<Option<String>>>, Failure> {
        let prepared = self.prepare(sql, &Parameters::None)?;
        let mut batches = Vec::new();
        self.run(&prepared, None, |batch| {
            batches.push(batch.clone());
            Ok(())
        })?;
        collect_texts(&batches)
    }

    /// The one number that a statement of our own gives.
    pub(crate) fn count(&self, sql: &str) -> Result<u64, Failure> {
        let rows = self.texts(sql)?;
        let cell = rows.first().and_then(|row| row.first()).and_then(Option::as_deref);
        cell.and_then(|text| text.parse().ok()).ok_or_else(|| Failure::internal("a count gave no number"))
    }
}

impl Script {
    /// How many statements of it are queries, whose rows go out.
    pub(crate) fn queries(&self) -> usize {
        self.inner.queries()
    }

    /// How many statements it has.
    pub(crate) fn len(&self) -> usize {
        self.inner.len()
    }

    /// The next statement, prepared against what those before it left; `None` behind the last.
    pub(crate) fn next(&mut self) -> Result<Option<Step>, Failure> {
        let step = self.inner.next().map_err(|error| failure(error, &self.text))?;
        Ok(step.map(|step| match step {
            bedside_engine::Step::Query(inner) => Step::Query(Prepared { inner, text: self.text.clone() }),
            bedside_engine::Step::Change(change) => Step::Change(change),
        }))
    }
}

impl Prepared {
    /// The result's columns.
    pub(crate) fn columns(&self) -> &[ResultColumn] {
        self.inner.columns()
    }

    /// How the statement would be run.
    pub(crate) fn explain(&self) -> Result<String, Failure> {
        self.inner.explain().map_err(|error| failure(error, &self.text))
    }

    /// What has to be said about the rows; nothing for those of full releases only.
    pub(crate) fn provenance(&self) -> Option<Provenance> {
        let kinds = self.inner.kinds();
        match (kinds.contains(&ReleaseKind::Demo), kinds.contains(&ReleaseKind::Synthetic)) {
            (true, true) => Some(Provenance::DemoAndSynthetic),
            (true, false) => Some(Provenance::Demo),
            (false, true) => Some(Provenance::Synthetic),
            (false, false) => None,
        }
    }
}

/// How the engine runs by these settings.
pub(crate) fn options(configuration: &Configuration) -> EngineOptions {
    EngineOptions {
        memory_bytes: configuration.query_memory().0 as usize,
        threads: configuration.threads,
        projects: configuration.projects.clone(),
        clock: now,
    }
}

/// The engine's error with the place in the text.
fn failure(error: Error, text: &str) -> Failure {
    let position = match &error {
        Error::Sql(error) => Some(error.position),
        _ => None,
    };
    let failure = Failure::from(error);
    match position {
        Some(position) => failure.at(text, position),
        None => failure,
    }
}

/// Microseconds since 1970-01-01 UTC.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}
