//! A text of several statements: each is prepared against what those before it left, and run before the next is.
//!
//! What the procedural language decides is decided by [`bedside_sql::Machine`]. What it needs to know for that it asks for:
//! expressions without tables are evaluated here, queries are given out as [`Step::Evaluation`], so that whoever runs the
//! text sees every table that is read.

mod value;

use crate::catalog::StatementCatalog;
use crate::change::PreparedChange;
use crate::engine::{Engine, Prepared, Request, on_large_stack};
use crate::error::{Error, Result};
use crate::temporary::Session;
use crate::transfer::{PreparedTransfer, Transfer};
use arrow::record_batch::RecordBatch;
use bedside_sql::tree::{Expression, ExpressionKind, Load, Query, Relation, Statement};
use bedside_sql::{Machine, Order, Ready, SqlErrorKind, System};
use bedside_store::Manifest;
use bedside_types::{SqlType, Value};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Bytes of the rows that a FOR loop goes over.
const MOST_BYTES: usize = 256 << 20;

/// Whether a caller may write.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Writes {
    /// Statements that make, change or drop tables and views are refused before anything runs.
    #[default]
    Refused,
    /// They run.
    Allowed,
}

/// A text on its way through, statement by statement.
pub struct Script {
    engine: Engine,
    text: bedside_sql::Script,
    machine: Machine,
    place: Where,
    writes: Writes,
    /// What the last statement left, until the next one runs.
    catalog: Option<Arc<StatementCatalog>>,
    /// The columns that are asked for.
    asked: Vec<(String, SqlType)>,
    /// The text of the statement that was given out last.
    statement: String,
    /// Turns that are left, for those who only look.
    turns: Option<u32>,
}

/// A statement that is right, to be executed before the next one is asked for.
#[derive(Debug)]
#[allow(clippy::large_enum_variant, reason = "there is one at a time")]
pub enum Step {
    /// It gives rows.
    Query(Prepared),
    /// It makes, changes or drops something.
    Change(Box<PreparedChange>),
    /// It takes rows out into files, or brings them in.
    Transfer(Box<PreparedTransfer>),
    /// Its rows are the text's own: of a condition, a variable or a FOR loop. They go to [`Script::answer`].
    Evaluation(Prepared),
}

/// Where statements are resolved.
#[derive(Clone, Debug)]
struct Where {
    project: Option<String>,
    within: Option<Arc<Manifest>>,
    session: Session,
}

/// What a statement is prepared from.
#[derive(Clone, Debug)]
pub(crate) struct Recipe {
    ready: Ready,
    place: Where,
}

impl Engine {
    /// Reads a text of any number of statements; a fault of syntax anywhere in it is found here. Its temporary tables and
    /// functions are those of `session`, which may go on to the next text.
    ///
    /// ```no_run
    /// use bedside_engine::{Engine, Request, Session, Step, Writes};
    /// use std::sync::atomic::AtomicBool;
    ///
    /// # fn run(engine: &Engine) -> Result<(), bedside_engine::Error> {
    /// let text = "CREATE SCHEMA mine; CREATE TABLE mine.t AS SELECT 1 AS x; SELECT * FROM mine.t";
    /// let stop = AtomicBool::new(false);
    /// let mut script =
    ///     engine.script(&Request { text, ..Request::default() }, &Session::default(), Writes::Allowed)?;
    /// while let Some(step) = script.next(&stop)? {
    ///     match step {
    ///         Step::Query(query) => query.execute()?.for_each(drop),
    ///         Step::Change(change) => drop(change.execute(&stop)?),
    ///         // Which files may be written and read is not for an engine to say.
    ///         Step::Transfer(_) => {}
    ///         Step::Evaluation(query) => script.answer(&query.execute()?.collect::<Result<Vec<_>, _>>()?)?,
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Sql`] with the place of the first fault of syntax.
    pub fn script(&self, request: &Request<'_>, session: &Session, writes: Writes) -> Result<Script> {
        let text = bedside_sql::Script::parse(request.text)?;
        let place = Where {
            project: request.project.map(str::to_owned),
            within: request.within.clone(),
            session: session.clone(),
        };
        let own = || self.projects().first().map_or(crate::DEFAULT_PROJECT, String::as_str).to_owned();
        let mut system = System::new(place.project.clone().unwrap_or_else(own), self.now());
        system.set_default_dataset(request.default_dataset);
        let machine = text.run(&request.parameters, system);
        let (asked, statement) = (Vec::new(), String::new());
        Ok(Script { engine: self.clone(), text, machine, place, writes, catalog: None, asked, statement, turns: None })
    }
}

impl Script {
    /// How many statements of SQL the text has, those inside others included.
    pub fn len(&self) -> usize {
        self.text.len()
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// How many of its statements are queries, whose rows go out.
    pub fn queries(&self) -> usize {
        self.text.queries()
    }

    /// Whether it is more than one statement of SQL: several, or any of the procedural language.
    pub fn is_script(&self) -> bool {
        self.text.is_script()
    }

    /// The text of the statement that was given out last, or of the one that it is a part of.
    pub fn statement(&self) -> &str {
        &self.statement
    }

    /// System variables, for those who know what they are.
    pub fn system(&mut self) -> &mut System {
        self.machine.system()
    }

    /// The same for those who only look at its statements: it ends where it would go round for long, or where a decision needs
    /// rows.
    #[must_use]
    pub fn at_most(self, turns: u32) -> Self {
        Self { turns: Some(turns), ..self }
    }

    /// Whether it ended before its end because there were turns for no more.
    pub fn is_cut(&self) -> bool {
        self.turns == Some(0)
    }

    /// Prepares the next statement against the warehouse as it is now; `None` behind the last. While `stop` is set it ends with
    /// [`Error::Stopped`].
    ///
    /// # Errors
    /// As [`Engine::prepare`], unless the text itself handles it; [`Error::ReadOnly`] for a statement that writes where the
    /// caller must not. The next call goes on behind the statement.
    #[allow(clippy::should_implement_trait, reason = "an iterator cannot fail and end in one value")]
    pub fn next(&mut self, stop: &AtomicBool) -> Result<Option<Step>> {
        loop {
            if stop.load(Ordering::Relaxed) {
                return Err(Error::Stopped);
            }
            match &mut self.turns {
                Some(0) => return Ok(None),
                Some(turns) => *turns -= 1,
                None => {}
            }
            match self.step() {
                Ok(Next::Step(step)) => return Ok(Some(step)),
                Ok(Next::Again) => {}
                Ok(Next::End) => return Ok(None),
                Err(error) => {
                    let located = self.located(error);
                    if !self.caught(&located) {
                        return Err(located);
                    }
                }
            }
        }
    }

    /// The rows of an evaluation.
    ///
    /// # Errors
    /// Where they are not what the text wants, and what RAISE and ASSERT say, unless the text itself handles it.
    pub fn answer(&mut self, batches: &[RecordBatch]) -> Result<()> {
        let given = self.given(batches);
        match given.map_err(|error| self.located(error)) {
            Err(error) if !self.caught(&error) => Err(error),
            _ => Ok(()),
        }
    }

    /// The statement that was given out last ran; so many rows were changed, where it is one that changes rows.
    pub fn ran(&mut self, changed: Option<u64>) {
        self.machine.ran(changed);
    }

    /// The statement that was given out last failed. Whether the text handles that and goes on.
    pub fn caught(&mut self, error: &Error) -> bool {
        let position = self.machine.position();
        let message = match error {
            Error::Stopped | Error::Internal(_) | Error::ReadOnly(_) => return false,
            Error::Sql(error) if error.kind == SqlErrorKind::Raised => error.message.clone(),
            Error::Sql(error) => format!("Query error: {error}"),
            other => format!("Query error: {other} at {position}"),
        };
        self.catalog = None;
        self.machine.fail(&message)
    }

    /// The same for what went wrong outside of the engine.
    pub fn caught_outside(&mut self, message: &str) -> bool {
        let message = format!("Query error: {message} at {}", self.machine.position());
        self.catalog = None;
        self.machine.fail(&message)
    }

    fn given(&mut self, batches: &[RecordBatch]) -> Result<()> {
        let asked = std::mem::take(&mut self.asked);
        let rows = value::rows(batches, &asked, MOST_BYTES)?;
        Ok(self.machine.give(&asked, rows)?)
    }

    fn located(&self, error: Error) -> Error {
        match error {
            Error::Sql(error) => Error::Sql(self.machine.located(error)),
            other => other,
        }
    }

    fn step(&mut self) -> Result<Next> {
        let catalog = self.catalog()?;
        match self.machine.next(catalog.as_ref())? {
            Order::Run(ready) => {
                // What it does, the next statement sees.
                self.catalog = None;
                self.machine.ran(None);
                ready.text().clone_into(&mut self.statement);
                let step = Recipe { ready, place: self.place.clone() }.prepare(&self.engine)?;
                if let (Step::Change(change), Writes::Refused) = (&step, self.writes)
                    && change.writes().is_some()
                {
                    return Err(Error::ReadOnly(change.words().to_owned()));
                }
                if let (Step::Transfer(transfer), Writes::Refused) = (&step, self.writes) {
                    return Err(Error::ReadOnly(transfer.words()));
                }
                Ok(Next::Step(step))
            }
            Order::Evaluate(ready) => {
                ready.text().clone_into(&mut self.statement);
                self.evaluation(&ready, &catalog)
            }
            Order::Transaction(step) => {
                self.catalog = None;
                if self.turns.is_none() {
                    self.place.session.step(&self.engine, step)?;
                }
                Ok(Next::Again)
            }
            Order::Again => Ok(Next::Again),
            Order::End => Ok(Next::End),
        }
    }

    /// An expression that reads nothing is evaluated at once.
    fn evaluation(&mut self, ready: &Ready, catalog: &StatementCatalog) -> Result<Next> {
        let engine = &self.engine;
        let (prepared, is_plain) = on_large_stack(|| match ready.resolve(catalog)? {
            Statement::Query(query) => Ok((engine.plan(&query, catalog)?, is_plain(&query))),
            _ => Err(Error::Internal("an expression became a statement".to_owned())),
        })?;
        let columns = prepared.columns().iter();
        self.asked = columns.map(|column| (column.name.clone(), column.sql_type.clone())).collect();
        if !is_plain {
            self.catalog = None;
            return Ok(Next::Step(Step::Evaluation(prepared)));
        }
        let rows = prepared.execute()?.collect::<Result<Vec<_>>>()?;
        self.given(&rows)?;
        Ok(Next::Again)
    }

    fn catalog(&mut self) -> Result<Arc<StatementCatalog>> {
        if let Some(catalog) = &self.catalog {
            return Ok(Arc::clone(catalog));
        }
        let dataset = self.machine.system().default_dataset();
        let catalog = Arc::new(self.place.catalog(&self.engine, dataset.as_deref())?);
        self.catalog = Some(Arc::clone(&catalog));
        Ok(catalog)
    }
}

/// What came of asking the machine.
#[allow(clippy::large_enum_variant, reason = "there is one at a time")]
enum Next {
    Step(Step),
    Again,
    End,
}

impl Where {
    fn catalog(&self, engine: &Engine, default_dataset: Option<&str>) -> Result<StatementCatalog> {
        let (project, within) = (self.project.as_deref(), self.within.clone());
        let request = Request { default_dataset, project, within, ..Request::default() };
        let catalog = match self.session.inventory() {
            Some(inventory) => engine.catalog_of(inventory, &request),
            None => engine.catalog(&request)?,
        };
        Ok(catalog.with(self.session.temporaries()))
    }
}

impl Recipe {
    /// The session that the statement belongs to.
    pub(crate) fn session(&self) -> &Session {
        &self.place.session
    }

    /// Resolves and plans the statement, against the warehouse as it is now.
    pub(crate) fn prepare(&self, engine: &Engine) -> Result<Step> {
        let catalog = self.place.catalog(engine, self.ready.default_dataset().as_deref())?;
        on_large_stack(|| match self.ready.resolve(&catalog)? {
            Statement::Query(query) => engine.plan(&query, &catalog).map(Step::Query),
            Statement::Explain(query) => engine.explained(&query, &catalog).map(Step::Query),
            Statement::Change(mut change) => {
                let rows = change.take_query().map(|query| engine.plan(&query, &catalog)).transpose()?;
                let change = PreparedChange::new(engine, *change, rows, &catalog, self.clone());
                Ok(Step::Change(Box::new(change)))
            }
            Statement::Export(export) => {
                let options = options(engine, &export.options, &catalog)?;
                let rows = engine.plan(&export.rows, &catalog)?;
                let transfer = PreparedTransfer { options, kind: Transfer::Export(Box::new(rows)) };
                Ok(Step::Transfer(Box::new(transfer)))
            }
            Statement::Load(load) => {
                if self.session().inventory().is_some() {
                    return Err(Error::Unsupported("LOAD DATA inside a transaction".to_owned()));
                }
                let options = options(engine, &load.options, &catalog)?;
                let Load { path, mode, columns, .. } = *load;
                let transfer = PreparedTransfer { options, kind: Transfer::Load { path, mode, columns } };
                Ok(Step::Transfer(Box::new(transfer)))
            }
        })
    }
}

/// The values of options, by name.
fn options(engine: &Engine, query: &Query, catalog: &StatementCatalog) -> Result<Vec<(String, Value)>> {
    if !is_plain(query) {
        return Err(Error::Unsupported("a subquery in OPTIONS".to_owned()));
    }
    let prepared = engine.plan(query, catalog)?;
    let columns: Vec<(String, SqlType)> =
        prepared.columns().iter().map(|column| (column.name.clone(), column.sql_type.clone())).collect();
    let batches = prepared.execute()?.collect::<Result<Vec<_>>>()?;
    let row = value::rows(&batches, &columns, MOST_BYTES)?.pop().unwrap_or_default();
    Ok(columns.into_iter().map(|(name, _)| name).zip(row).collect())
}

/// Whether a query is one row of values without subqueries.
fn is_plain(query: &Query) -> bool {
    match &query.root {
        Relation::OneRow => true,
        Relation::Project { input, computed } => {
            matches!(**input, Relation::OneRow) && !computed.iter().any(|(_, value)| holds_subquery(value))
        }
        _ => false,
    }
}

fn holds_subquery(expression: &Expression) -> bool {
    match &expression.kind {
        ExpressionKind::Subquery { .. } => true,
        ExpressionKind::Literal(_) | ExpressionKind::Column(_) | ExpressionKind::OuterColumn(_) => false,
        ExpressionKind::Call { arguments, .. } => arguments.iter().any(holds_subquery),
        ExpressionKind::Cast { operand, .. } | ExpressionKind::Field { operand, .. } => holds_subquery(operand),
        ExpressionKind::Case { arms, otherwise } => {
            arms.iter().any(|(condition, result)| holds_subquery(condition) || holds_subquery(result))
                || otherwise.as_deref().is_some_and(holds_subquery)
        }
    }
}

/// SQL text and values are sensitive; only the shape is shown.
impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Script({} statements)", self.len())
    }
}
