//! The one way to run a statement.

use crate::catalog::StatementCatalog;
use crate::catalog::personal::definition;
use crate::error::{Error, Result};
use crate::inventory::Inventory;
use crate::lower::lower;
use crate::memory::{Budget, Thrift};
use crate::rows::{self, Ending, Rows};
use crate::scratch::Scratch;
use crate::session;
use crate::shared::{self, Plan, Planned};
use crate::touched;
use bedside_sql::tree::{Query, Statement};
use bedside_sql::{ColumnDefinition, Parameters, TablePath, TableSchema, UnorderedWindow, resolve, unordered_windows};
use bedside_store::{Manifest, Warehouse};
use bedside_types::{ReleaseKind, SqlType, Value};
use datafusion::catalog::default_table_source::DefaultTableSource;
use datafusion::execution::runtime_env::RuntimeEnv;
use datafusion::execution::session_state::SessionState;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder};
use datafusion::physical_plan::execute_stream;
use futures::StreamExt;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use tokio::runtime::Runtime;
use tokio::sync::mpsc;

/// Raised whenever the same statement gives other rows than before, so that derived tables are built anew.
pub const SEMANTICS_VERSION: u32 = 2;

/// Plans of deep expressions are walked by recursion; what the resolver lets through fits into this.
const PLANNING_STACK: usize = 256 << 20;
const WORKER_STACK: usize = 16 << 20;

/// How an engine runs.
#[derive(Clone, Debug)]
pub struct EngineOptions {
    /// Bytes that all statements together may hold; what can spill, does so beyond its share.
    pub memory_bytes: usize,
    /// Threads, and into how many parts a statement is divided.
    pub threads: usize,
    /// Project names beside `physionet-data` that the tables answer to.
    pub projects: Vec<String>,
    /// Microseconds since 1970-01-01 UTC, for CURRENT_TIMESTAMP and its like.
    pub clock: fn() -> i64,
}

/// Runs statements on a warehouse. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    shared: Arc<Shared>,
}

struct Shared {
    warehouse: Warehouse,
    options: EngineOptions,
    projects: Arc<[String]>,
    budget: Arc<Budget>,
    environment: Arc<RuntimeEnv>,
    template: SessionState,
    scratch: Scratch,
    /// Taken out when the engine goes, so that this never waits.
    workers: Option<Runtime>,
}

/// A statement with what it is resolved against.
#[derive(Clone, Debug, Default)]
pub struct Request<'a> {
    /// GoogleSQL.
    pub text: &'a str,
    /// Values for `@name` and `?`.
    pub parameters: Parameters,
    /// Where bare table names are looked up.
    pub default_dataset: Option<&'a str>,
    /// What the caller calls the project of people's own datasets, where it has a name of its own for it.
    pub project: Option<&'a str>,
    /// What unversioned dataset names mean, where not what is published: see [`Inventory::within`].
    pub within: Option<Arc<Manifest>>,
}

/// A statement that is right, with all that is known of it before it runs.
pub struct Prepared {
    engine: Engine,
    plan: Arc<Plan>,
    columns: Vec<ResultColumn>,
    tables: Vec<TouchedTable>,
}

/// A column of a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultColumn {
    /// Its name as written, `f0_`, `f1_`, … where the text gives none.
    pub name: String,
    /// Its type.
    pub sql_type: SqlType,
}

/// A table that a statement reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TouchedTable {
    /// Its name; the dataset is the one that was written.
    pub path: TablePath,
    /// The columns that the statement refers to, in the table's order.
    pub columns: Vec<String>,
    /// What kind of release it belongs to; `None` for tables that list names.
    pub kind: Option<ReleaseKind>,
    /// Bytes of these columns as BigQuery counts them.
    pub logical_bytes: u64,
}

impl Engine {
    /// An engine on a warehouse.
    ///
    /// # Errors
    /// [`Error::Internal`] if threads or the folder for spilled data cannot be had.
    pub fn open(warehouse: Warehouse, options: EngineOptions) -> Result<Self> {
        let scratch = Scratch::new(warehouse.home());
        let budget = Arc::new(Budget::new(options.memory_bytes));
        let environment = session::runtime(scratch.folder(), &budget, &options)?;
        let workers = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(options.threads.max(1))
            .thread_stack_size(WORKER_STACK)
            .thread_name("bedside-worker")
            .enable_all()
            .build()
            .map_err(|error| Error::Internal(format!("no threads: {error}")))?;
        let projects = options.projects.clone().into();
        let template = session::template(&environment, &budget, &options, Thrift::Usual);
        let workers = Some(workers);
        let shared = Shared { warehouse, options, projects, budget, environment, template, scratch, workers };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// The warehouse that it reads.
    pub fn warehouse(&self) -> &Warehouse {
        &self.shared.warehouse
    }

    /// Project names beside `physionet-data` that the tables answer to; people's own datasets belong to the first.
    pub fn projects(&self) -> &[String] {
        &self.shared.projects
    }

    /// The columns of a table of people's own, with their rules; `None` where there is no such table.
    pub fn definition(&self, path: &TablePath) -> Option<Vec<ColumnDefinition>> {
        let dataset = self.shared.warehouse.personal_dataset(&path.project, &path.dataset).ok()??;
        let table = dataset.tables.get(&path.table)?;
        Some(table.columns.iter().map(definition).collect())
    }

    /// Resolves and plans a text of one statement.
    ///
    /// # Errors
    /// [`Error::Sql`] with the place of the first fault; [`Error::Unsupported`]; [`Error::Store`].
    pub fn prepare(&self, request: &Request<'_>) -> Result<Prepared> {
        let mut prepared = self.prepare_all(request)?;
        match (prepared.pop(), prepared.is_empty()) {
            (Some(one), true) => Ok(one),
            (Some(_), false) => Err(Error::Unsupported("more than one statement at a time".to_owned())),
            (None, _) => Err(Error::Unsupported("a text without a statement".to_owned())),
        }
    }

    /// Resolves and plans every statement of a text, against one state of the warehouse.
    ///
    /// # Errors
    /// As [`Engine::prepare`].
    pub fn prepare_all(&self, request: &Request<'_>) -> Result<Vec<Prepared>> {
        let catalog = self.catalog(request)?;
        on_large_stack(|| {
            let statements = resolve(request.text, &catalog, &request.parameters)?;
            let plan = |statement: &Statement| match statement {
                Statement::Query(query) => self.plan(query, &catalog),
                Statement::Explain(query) => self.explained(query, &catalog),
                Statement::Change(change) => {
                    Err(Error::Unsupported(format!("{} where rows are asked for", change.words())))
                }
                Statement::Export(_) => Err(Error::Unsupported("EXPORT DATA where rows are asked for".to_owned())),
                Statement::Load(_) => Err(Error::Unsupported("LOAD DATA where rows are asked for".to_owned())),
            };
            statements.iter().map(plan).collect()
        })
    }

    /// The calls of a text that pick or line up rows by an order that leaves ties: their result depends on chance.
    ///
    /// # Errors
    /// [`Error::Sql`], [`Error::Store`].
    pub fn unordered_windows(&self, request: &Request<'_>) -> Result<Vec<UnorderedWindow>> {
        let catalog = self.catalog(request)?;
        let mut found = Vec::new();
        for statement in &resolve(request.text, &catalog, &request.parameters)? {
            if let Statement::Query(query) = statement {
                found.extend(unordered_windows(query)?);
            }
        }
        Ok(found)
    }

    /// What a statement sees.
    pub(crate) fn catalog(&self, request: &Request<'_>) -> Result<StatementCatalog> {
        let inventory = Inventory::read(&self.shared.warehouse)?;
        let inventory = Arc::new(match &request.within {
            Some(manifest) => inventory.within(manifest),
            None => inventory,
        });
        Ok(self.catalog_of(inventory, request))
    }

    /// What a statement sees of a home as it was.
    pub(crate) fn catalog_of(&self, inventory: Arc<Inventory>, request: &Request<'_>) -> StatementCatalog {
        let (warehouse, projects) = (self.shared.warehouse.clone(), Arc::clone(&self.shared.projects));
        let catalog = StatementCatalog::new(inventory, warehouse, projects, request.default_dataset);
        catalog.called(request.project)
    }

    /// Microseconds since 1970-01-01 UTC.
    pub(crate) fn now(&self) -> i64 {
        (self.shared.options.clock)()
    }

    /// The time as RFC 3339 text.
    pub fn now_text(&self) -> String {
        let time = arrow::temporal_conversions::timestamp_us_to_datetime(self.now());
        time.map_or_else(|| "1970-01-01T00:00:00Z".to_owned(), |time| time.format("%Y-%m-%dT%H:%M:%SZ").to_string())
    }

    /// A plan whose columns are those of a result.
    pub(crate) fn prepared(&self, plan: LogicalPlan, columns: Vec<ResultColumn>) -> Prepared {
        let plan = Arc::new(Plan { root: plan, shared: Vec::new() });
        Prepared { engine: self.clone(), plan, columns, tables: Vec::new() }
    }

    pub(crate) fn plan(&self, query: &Query, catalog: &StatementCatalog) -> Result<Prepared> {
        let now = (self.shared.options.clock)();
        let provider = |table: &TableSchema, as_of: Option<i64>| {
            as_of.map(|time| catalog.check_time(&table.path, time, now)).transpose()?;
            let name = || format!("the table {}.{}", table.path.dataset, table.path.table);
            catalog.provider(&table.path).ok_or_else(|| Error::Internal(format!("{} is not to be scanned", name())))
        };
        let plan = Arc::new(lower(query, &provider, now)?);
        let columns = query
            .output
            .iter()
            .map(|column| ResultColumn { name: column.name.clone(), sql_type: column.sql_type.clone() })
            .collect();
        let tables = touched::tables(query, catalog);
        Ok(Prepared { engine: self.clone(), plan, columns, tables })
    }

    /// The plan of a query as rows, a line each.
    pub(crate) fn explained(&self, query: &Query, catalog: &StatementCatalog) -> Result<Prepared> {
        let text = self.plan(query, catalog)?.explain()?;
        let rows: Vec<_> = text.lines().map(|line| vec![Value::String(line.to_owned())]).collect();
        let provider =
            crate::catalog::lines(&rows).ok_or_else(|| Error::Internal("a plan without lines".to_owned()))?;
        let plan = LogicalPlanBuilder::scan("plan", Arc::new(DefaultTableSource::new(provider)), None)?.build()?;
        Ok(self.prepared(plan, vec![ResultColumn { name: "plan".to_owned(), sql_type: SqlType::String }]))
    }

    /// Bytes that running statements hold of the budget.
    #[doc(hidden)]
    pub fn memory_in_use(&self) -> usize {
        self.shared.environment.memory_pool.reserved()
    }

    fn state(&self, thrift: Thrift) -> SessionState {
        match thrift {
            Thrift::Usual => session::state(&self.shared.template),
            Thrift::Most => {
                let Shared { environment, budget, options, .. } = &*self.shared;
                session::state(&session::template(environment, budget, options, thrift))
            }
        }
    }

    /// Plans a statement and begins to run it.
    fn start(&self, plan: &Plan, thrift: Thrift) -> Result<SendableRecordBatchStream> {
        let (state, plan) = self.physical(plan, thrift)?;
        let _inside = self.workers()?.enter();
        Ok(execute_stream(plan.root, Arc::new(TaskContext::from(&state)))?)
    }

    fn physical(&self, plan: &Plan, thrift: Thrift) -> Result<(SessionState, Planned)> {
        let workers = self.workers()?.handle().clone();
        on_large_stack(|| {
            let state = self.state(thrift);
            match workers.block_on(shared::physical(&state, plan)).map_err(Error::from) {
                Ok(plan) => Ok((state, plan)),
                // DataFusion's own check sometimes refuses what its rules made of orders over several partitions. Without
                // these orders there is nothing to refuse.
                Err(Error::Internal(reason)) => {
                    let state = session::plain(state);
                    let plan = workers.block_on(shared::physical(&state, plan));
                    plan.map(|plan| (state, plan)).map_err(|_| Error::Internal(reason))
                }
                Err(error) => Err(error),
            }
        })
    }

    pub(crate) fn workers(&self) -> Result<&Runtime> {
        self.shared.workers.as_ref().ok_or(Error::Stopped)
    }
}

impl Prepared {
    /// The result's columns.
    pub fn columns(&self) -> &[ResultColumn] {
        &self.columns
    }

    /// Every table that the statement reads, each once, by name.
    pub fn tables(&self) -> &[TouchedTable] {
        &self.tables
    }

    /// Bytes of all columns that the statement refers to, as BigQuery counts them.
    pub fn logical_bytes(&self) -> u64 {
        self.tables.iter().map(|table| table.logical_bytes).sum()
    }

    /// The kinds of releases that the rows come from, each once.
    pub fn kinds(&self) -> Vec<ReleaseKind> {
        let mut kinds: Vec<_> = self.tables.iter().filter_map(|table| table.kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    }

    /// The same rows sorted by these columns (counted from 0), ascending with NULLs first, whatever order the text asks for.
    ///
    /// # Errors
    /// [`Error::Internal`] for a column that the result has not.
    pub fn sorted_by(self, columns: &[usize]) -> Result<Self> {
        if columns.is_empty() {
            return Ok(self);
        }
        let all = self.plan.root.schema().columns();
        let key = |index: &usize| {
            let column = all.get(*index).cloned();
            column.map(|column| Expr::Column(column).sort(true, true))
        };
        let keys = columns.iter().map(key).collect::<Option<Vec<_>>>();
        let keys = keys.ok_or_else(|| Error::Internal("there is no such column to sort by".to_owned()))?;
        let root = LogicalPlanBuilder::from(self.plan.root.clone()).sort(keys)?.build()?;
        let plan = Arc::new(Plan { root, shared: self.plan.shared.clone() });
        Ok(Self { plan, ..self })
    }

    /// Runs the statement. Rows come while it runs; dropping them stops it.
    ///
    /// # Errors
    /// What goes wrong before the first row; later faults come among the rows.
    pub fn execute(&self) -> Result<Rows> {
        let schema = rows::schema(&self.columns);
        let (sender, receiver) = mpsc::channel(2);
        let workers = self.engine.workers()?;
        let batches = self.engine.start(&self.plan, Thrift::Usual)?;
        // Running statements do not keep an engine that is gone.
        let engine = Arc::downgrade(&self.engine.shared);
        let (plan, columns) = (Arc::clone(&self.plan), Arc::clone(&schema));
        let task = workers.spawn(async move {
            let Ending::Nothing(first) = rows::forward(batches, &columns, &sender).await else { return };
            // Once more, with operators that can spill all that they hold.
            let again = tokio::task::spawn_blocking(move || {
                let shared = engine.upgrade().ok_or(Error::Stopped)?;
                Engine { shared }.start(&plan, Thrift::Most)
            });
            let error = match again.await {
                Ok(Ok(batches)) => match rows::forward(batches, &columns, &sender).await {
                    Ending::Sent => return,
                    Ending::Nothing(error) => error,
                },
                // It cannot be planned otherwise.
                _ => first,
            };
            // A reader that is gone wants no reason.
            drop(sender.send(Err(error)).await);
        });
        Ok(Rows::new(schema, receiver, task))
    }

    /// How the statement is run, as DataFusion writes its plans: what it means, then what is done.
    ///
    /// # Errors
    /// As [`Prepared::execute`].
    pub fn explain(&self) -> Result<String> {
        let (_, plan) = self.engine.physical(&self.plan, Thrift::Usual)?;
        let mut text = self.plan.root.display_indent().to_string();
        for part in &self.plan.shared {
            text += &format!("\nshared {}:\n{}", part.table.name, part.plan.display_indent());
        }
        Ok(format!("{text}\n\n{plan}"))
    }

    /// Runs the statement, throws its rows away and gives the plans with what every operator did: rows, time, spilling.
    #[doc(hidden)]
    pub fn profile(&self) -> Result<String> {
        match self.profile_of(Thrift::Usual) {
            Err(Error::Resources(_)) => self.profile_of(Thrift::Most),
            profile => profile,
        }
    }

    fn profile_of(&self, thrift: Thrift) -> Result<String> {
        let (state, plan) = self.engine.physical(&self.plan, thrift)?;
        let context = Arc::new(TaskContext::from(&state));
        let root = Arc::clone(&plan.root);
        self.engine.workers()?.block_on(async move {
            let mut batches = execute_stream(root, context)?;
            while let Some(batch) = batches.next().await {
                batch?;
            }
            Ok::<(), Error>(())
        })?;
        Ok(plan.measured())
    }

    /// The types of the plan's columns as lowered, and after DataFusion's own coercion: they must be the same.
    #[doc(hidden)]
    pub fn types_before_and_after_coercion(&self) -> Result<(Vec<String>, Vec<String>)> {
        use datafusion::optimizer::AnalyzerRule;
        use datafusion::optimizer::analyzer::type_coercion::TypeCoercion;
        let types =
            |plan: &LogicalPlan| plan.schema().fields().iter().map(|f| f.data_type().to_string()).collect::<Vec<_>>();
        let (mut before, mut after) = (Vec::new(), Vec::new());
        for plan in self.plan.shared.iter().map(|part| &part.plan).chain([&self.plan.root]) {
            let coerced =
                TypeCoercion::new().analyze(plan.clone(), self.engine.state(Thrift::Usual).config_options())?;
            before.extend(types(plan));
            after.extend(types(&coerced));
        }
        Ok((before, after))
    }
}

/// Runs work that recurses deeply with room for it, on the caller's own stack where that has as much left.
pub(crate) fn on_large_stack<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    let work = || stacker::maybe_grow(PLANNING_STACK, PLANNING_STACK, work);
    let done = catch_unwind(AssertUnwindSafe(work));
    done.unwrap_or_else(|_| Err(Error::Internal("planning the statement failed".to_owned())))
}

impl Drop for Shared {
    fn drop(&mut self) {
        if let Some(workers) = self.workers.take() {
            workers.shutdown_background();
        }
        // Statements that have yet to notice would otherwise leave their files to a program that ends.
        self.scratch.remove();
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Engine({})", self.shared.warehouse.home().display())
    }
}

/// SQL text and values are sensitive; only the shape is shown.
impl fmt::Debug for Prepared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Prepared({} columns of {} tables)", self.columns.len(), self.tables.len())
    }
}
