//! A text of several statements: each is prepared against what those before it left, and run before the next is.

use crate::change::PreparedChange;
use crate::engine::{Engine, Prepared, Request, on_large_stack};
use crate::error::{Error, Result};
use crate::temporary::Session;
use bedside_sql::Parameters;
use bedside_sql::tree::Statement;
use bedside_store::Manifest;
use std::sync::Arc;

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
#[derive(Debug)]
pub struct Script {
    engine: Engine,
    recipe: Recipe,
    writes: Writes,
    next: usize,
}

/// A statement that is right, to be executed before the next one is asked for.
#[derive(Debug)]
#[allow(clippy::large_enum_variant, reason = "there is one at a time")]
pub enum Step {
    /// It gives rows.
    Query(Prepared),
    /// It makes, changes or drops something.
    Change(Box<PreparedChange>),
}

/// What a statement is prepared from.
#[derive(Clone, Debug)]
pub(crate) struct Recipe {
    text: Arc<bedside_sql::Script>,
    parameters: Parameters,
    default_dataset: Option<String>,
    project: Option<String>,
    within: Option<Arc<Manifest>>,
    session: Session,
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
    /// let mut script =
    ///     engine.script(&Request { text, ..Request::default() }, &Session::default(), Writes::Allowed)?;
    /// while let Some(step) = script.next()? {
    ///     match step {
    ///         Step::Query(query) => query.execute()?.for_each(drop),
    ///         Step::Change(change) => drop(change.execute(&AtomicBool::new(false))?),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Sql`] with the place of the first fault of syntax.
    pub fn script(&self, request: &Request<'_>, session: &Session, writes: Writes) -> Result<Script> {
        let recipe = Recipe {
            text: Arc::new(bedside_sql::Script::parse(request.text)?),
            parameters: request.parameters.clone(),
            default_dataset: request.default_dataset.map(str::to_owned),
            project: request.project.map(str::to_owned),
            within: request.within.clone(),
            session: session.clone(),
        };
        Ok(Script { engine: self.clone(), recipe, writes, next: 0 })
    }
}

impl Script {
    /// How many statements the text has.
    pub fn len(&self) -> usize {
        self.recipe.text.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.recipe.text.is_empty()
    }

    /// How many of them are queries, whose rows go out.
    pub fn queries(&self) -> usize {
        self.recipe.text.queries()
    }

    /// Prepares the next statement against the warehouse as it is now; `None` behind the last.
    ///
    /// # Errors
    /// As [`Engine::prepare`]; [`Error::ReadOnly`] for a statement that writes where the caller must not. The next call goes on
    /// behind the statement.
    #[allow(clippy::should_implement_trait, reason = "an iterator cannot fail and end in one value")]
    pub fn next(&mut self) -> Result<Option<Step>> {
        let index = self.next;
        if index >= self.len() {
            return Ok(None);
        }
        self.next += 1;
        let step = self.recipe.prepare(&self.engine, index)?;
        if let (Step::Change(change), Writes::Refused) = (&step, self.writes)
            && change.writes().is_some()
        {
            return Err(Error::ReadOnly(change.words().to_owned()));
        }
        Ok(Some(step))
    }
}

impl Recipe {
    /// The session that the statement belongs to.
    pub(crate) fn session(&self) -> &Session {
        &self.session
    }

    /// Resolves and plans the statement of that place, against the warehouse as it is now.
    pub(crate) fn prepare(&self, engine: &Engine, index: usize) -> Result<Step> {
        let (default_dataset, within) = (self.default_dataset.as_deref(), self.within.clone());
        let project = self.project.as_deref();
        let catalog = engine.catalog(&Request { default_dataset, project, within, ..Request::default() })?;
        let catalog = catalog.with(self.session.temporaries());
        on_large_stack(|| {
            let Some(statement) = self.text.resolve(index, &catalog, &self.parameters)? else {
                return Err(Error::Internal("a statement behind the last".to_owned()));
            };
            match statement {
                Statement::Query(query) => engine.plan(&query, &catalog).map(Step::Query),
                Statement::Change(mut change) => {
                    let rows = change.take_query().map(|query| engine.plan(&query, &catalog)).transpose()?;
                    let change = PreparedChange::new(engine, *change, rows, &catalog, self.clone(), index);
                    Ok(Step::Change(Box::new(change)))
                }
            }
        })
    }
}
