//! Statements run here: the one door to the engine for every command.

use crate::access::access;
use crate::arguments::PlaceArguments;
use crate::command::Context;
use crate::configuration::Configuration;
use crate::failure::Failure;
use crate::output::collect_texts;
use arrow::array::RecordBatch;
use bedside_engine::{Change, DEFAULT_PROJECT, Engine, EngineOptions, Error};
use bedside_service::{
    Buckets, DatasetReference, PlannedChange, PlannedQuery, Principal, Query, Service, ServiceOptions,
    Session as Temporaries, Statement, Submission, Text, Work,
};
use bedside_sql::Parameters;
use bedside_types::ReleaseKind;
use std::cell::OnceCell;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{SystemTime, UNIX_EPOCH};
use tokio::runtime::Runtime;

/// The front that jobs of the command line say they came by.
const FRONT: &str = "command line";

/// An engine on the home, the gate before it, and what its statements have in common.
///
/// What people type goes through the gate and becomes a job, and so do the statements by which commands count rows or look for
/// names.
pub(crate) struct Session {
    engine: Engine,
    /// Made when the first statement comes.
    gate: OnceCell<Service>,
    options: ServiceOptions,
    project: String,
    dataset: Option<String>,
    /// Temporary tables and functions of the statements so far.
    temporaries: Temporaries,
    /// Only waits for rows; the engine works on threads of its own.
    waiting: Runtime,
    stop: Arc<AtomicBool>,
}

/// A text on its way through the gate, statement by statement.
pub(crate) struct Script {
    inner: Text,
    text: String,
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
        let configuration = &context.configuration;
        let warehouse = context.warehouse()?;
        let waiting = tokio::runtime::Builder::new_current_thread().enable_time().build();
        let project = configuration.projects.first().map_or(DEFAULT_PROJECT, String::as_str);
        Ok(Self {
            engine: Engine::open(warehouse, options(configuration))?,
            gate: OnceCell::new(),
            options: service_options(configuration),
            project: project.to_owned(),
            dataset: dataset.map(str::to_owned),
            temporaries: Temporaries::default(),
            waiting: waiting.map_err(|error| Failure::internal(format!("no timer: {error}")))?,
            stop: context.stop.clone(),
        })
    }

    /// The same with places outside the home that its statements may read and write.
    pub(crate) fn reaching(mut self, context: &Context, places: &PlaceArguments) -> Result<Self, Failure> {
        reach(&mut self.options, context, places)?;
        Ok(self)
    }

    /// The same with the temporary tables and functions of another session, and the places that it may read and write.
    pub(crate) fn after(self, other: &Self) -> Self {
        Self { temporaries: other.temporaries.clone(), options: other.options.clone(), ..self }
    }

    /// The gate.
    pub(crate) fn gate(&self) -> Result<&Service, Failure> {
        if let Some(gate) = self.gate.get() {
            return Ok(gate);
        }
        let gate = Service::open(self.engine.clone(), self.options.clone())?;
        Ok(self.gate.get_or_init(|| gate))
    }

    /// Waits for what the gate answers.
    pub(crate) fn wait<T>(&self, answer: impl Future<Output = bedside_service::Result<T>>) -> Result<T, Failure> {
        Ok(self.waiting.block_on(answer)?)
    }

    /// Reads a text of any number of statements, which become a job of at most so many bytes billed.
    ///
    /// # Errors
    /// A fault of syntax, with its place.
    pub(crate) fn script(&self, text: &str, parameters: &Parameters, most: Option<u64>) -> Result<Script, Failure> {
        let submission = self.submission(text, parameters, most);
        let inner = self.gate()?.text(&Principal::owner(), &submission, &self.temporaries, &self.stop);
        Ok(Script { inner: inner.map_err(|error| gate_failure(error, text))?, text: text.to_owned() })
    }

    /// What a text would do and cost.
    ///
    /// # Errors
    /// What is wrong with it, with its place.
    pub(crate) fn estimate(
        &self,
        text: &str,
        parameters: &Parameters,
        most: Option<u64>,
    ) -> Result<bedside_service::Estimate, Failure> {
        let submission = self.submission(text, parameters, most);
        let estimate = self.gate()?.dry_run_blocking(&Principal::owner(), &submission);
        estimate.map_err(|error| gate_failure(error, text))
    }

    fn submission(&self, text: &str, parameters: &Parameters, most: Option<u64>) -> Submission {
        let default_dataset = self
            .dataset
            .as_ref()
            .map(|dataset| DatasetReference { project: self.project.clone(), dataset: dataset.clone() });
        // In the form that BigQuery's clients know, for those who look at the job by one of them.
        let configuration =
            serde_json::json!({ "jobType": "QUERY", "query": { "query": text, "useLegacySql": false } });
        Submission {
            configuration: configuration.to_string(),
            work: Work::Query(Query {
                text: text.to_owned(),
                parameters: parameters.clone(),
                default_dataset,
                maximum_bytes_billed: most,
                ..Query::default()
            }),
            ..Submission::query(&self.project, FRONT, "")
        }
    }

    /// A query that a command has of its own.
    pub(crate) fn query(&self, sql: &str) -> Result<(Script, PlannedQuery), Failure> {
        let mut script = self.script(sql, &Parameters::None, None)?;
        match script.next()? {
            Some(Statement::Query(query)) => Ok((script, query)),
            _ => Err(Failure::internal("a statement of a command's own gives no rows")),
        }
    }

    /// The rows of a statement of our own, as texts.
    pub(crate) fn texts(&self, sql: &str) -> Result<Vec<Vec<Option<String>>>, Failure> {
        let (mut script, query) = self.query(sql)?;
        let mut batches = Vec::new();
        script.run(query, None, |batch| {
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

    /// Whether it is more than one statement of SQL.
    pub(crate) fn is_script(&self) -> bool {
        self.inner.is_script()
    }

    /// The next statement, planned against what those before it left; `None` behind the last.
    pub(crate) fn next(&mut self) -> Result<Option<Statement>, Failure> {
        self.inner.next().map_err(|error| gate_failure(error, &self.text))
    }

    /// Does what a statement that gives no rows says; `None` where it failed and the text handles that.
    pub(crate) fn change(&mut self, change: PlannedChange) -> Result<Option<Change>, Failure> {
        self.inner.change(change).map_err(|error| gate_failure(error, &self.text))
    }

    /// Runs a query and gives its batches to `take`, at most `limit` rows of them.
    pub(crate) fn run(
        &mut self,
        query: PlannedQuery,
        limit: Option<u64>,
        mut take: impl FnMut(&RecordBatch) -> Result<(), Failure>,
    ) -> Result<Run, Failure> {
        let given = self.inner.rows::<Stopped>(query, limit, |batch| take(batch).map_err(Stopped::Outside));
        match given {
            Ok(given) => Ok(Run { rows: given.rows, cut: given.cut }),
            Err(Stopped::Inside(error)) => Err(gate_failure(error, &self.text)),
            Err(Stopped::Outside(failure)) => Err(failure),
        }
    }
}

/// Why rows end early: inside the gate, or where they go to.
enum Stopped {
    Inside(bedside_service::Error),
    Outside(Failure),
}

impl From<bedside_service::Error> for Stopped {
    fn from(error: bedside_service::Error) -> Self {
        Self::Inside(error)
    }
}

/// What has to be said about rows of releases of these kinds; nothing for those of full releases only.
pub(crate) fn provenance(kinds: &[ReleaseKind]) -> Option<Provenance> {
    match (kinds.contains(&ReleaseKind::Demo), kinds.contains(&ReleaseKind::Synthetic)) {
        (true, true) => Some(Provenance::DemoAndSynthetic),
        (true, false) => Some(Provenance::Demo),
        (false, true) => Some(Provenance::Synthetic),
        (false, false) => None,
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

/// How the gate runs by these settings.
pub(crate) fn service_options(configuration: &Configuration) -> ServiceOptions {
    let mut options = ServiceOptions::new(now, configuration.threads);
    if let Some(price) = configuration.price {
        options.price_per_tib = price;
    }
    options
}

/// The gate's error with the place in the text.
fn gate_failure(error: bedside_service::Error, text: &str) -> Failure {
    match error {
        bedside_service::Error::Engine(error) => failure(error, text),
        other => Failure::from(other),
    }
}

/// The gate before the engine of this home.
pub(crate) fn service(context: &Context) -> Result<Service, Failure> {
    serving(context, &PlaceArguments::default())
}

/// The same for clients, whose loads may read and whose extracts may write in these folders and buckets.
pub(crate) fn serving(context: &Context, places: &PlaceArguments) -> Result<Service, Failure> {
    let engine = Engine::open(context.warehouse()?, options(&context.configuration))?;
    let mut options = service_options(&context.configuration);
    reach(&mut options, context, places)?;
    Ok(Service::open(engine, options)?)
}

/// Allows places outside the home.
fn reach(options: &mut ServiceOptions, context: &Context, places: &PlaceArguments) -> Result<(), Failure> {
    options.folders.clone_from(&places.folder);
    if !places.bucket.is_empty() {
        options.buckets = Buckets { places: places.bucket.clone(), access: access(None, &context.stop)? };
    }
    Ok(())
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
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}
