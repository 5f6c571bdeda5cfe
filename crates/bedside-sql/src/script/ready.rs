//! A statement or expression of a script with all that it sees, to be resolved when it is its turn.

use super::frame::Out;
use super::program::{Action, Instruction, Program};
use super::variables::Surroundings;
use crate::catalog::Catalog;
use crate::error::{Result, SqlError};
use crate::resolve::{self, Value as Expected};
use crate::syntax::{Node, Query, Statement};
use crate::{stack, tree};
use bedside_types::{Position, SqlType};
use std::fmt;
use std::sync::Arc;

/// A statement or expression with all that it sees. Cheap to clone; it may be resolved more than once.
#[derive(Clone)]
pub struct Ready {
    program: Option<Arc<Program>>,
    at: usize,
    wanted: Wanted,
    surroundings: Arc<Surroundings>,
}

/// What is wanted of an instruction.
#[derive(Clone, Debug)]
pub(crate) enum Wanted {
    /// It is to be run.
    Statement,
    /// Its query's rows.
    Query,
    /// The rows of a FOR loop.
    Rows,
    /// The value of a declared variable.
    Default,
    /// Values for variables.
    Assigned,
    /// The value of a system variable.
    Setting,
    /// A condition's value.
    Condition,
    /// The number of an arm.
    Number,
    /// The message of RAISE.
    Message,
    /// A text, and what its parameters are.
    Dynamic,
    /// Arguments for parameters of these types; `None` takes any.
    Arguments(Vec<(usize, Option<SqlType>)>),
    /// Values as the variables' types.
    Converted(Out),
}

impl Ready {
    pub(super) fn new(program: Arc<Program>, at: usize, wanted: Wanted, surroundings: Arc<Surroundings>) -> Self {
        Self { program: Some(program), at, wanted, surroundings }
    }

    pub(super) fn nothing() -> Self {
        Self { program: None, at: 0, wanted: Wanted::Statement, surroundings: Arc::default() }
    }

    /// What it means against the catalogue as it is now.
    ///
    /// # Errors
    /// Its first fault, with its place in its text.
    pub fn resolve(&self, catalog: &dyn Catalog) -> Result<tree::Statement> {
        stack::with_known_stack(|| self.resolved(catalog))
    }

    /// The dataset that bare table names are of.
    pub fn default_dataset(&self) -> Option<String> {
        self.surroundings.system.default_dataset()
    }

    /// The text of the whole statement.
    pub fn text(&self) -> &str {
        let (Some(program), Some(instruction)) = (&self.program, self.instruction()) else { return "" };
        program.text.get(instruction.text.clone()).unwrap_or_default()
    }

    fn instruction(&self) -> Option<&Instruction> {
        self.program.as_ref()?.instructions.get(self.at)
    }

    fn resolved(&self, catalog: &dyn Catalog) -> Result<tree::Statement> {
        let nothing = || SqlError::internal("an instruction without what is wanted of it", Position::new(1, 1));
        let instruction = self.instruction().ok_or_else(nothing)?;
        let statement = |statement: &Statement| resolve::statement(statement, catalog, &self.surroundings);
        let query = |query: &Query| resolve::rows(query, catalog, &self.surroundings);
        let values = |values: &[Expected<'_>]| resolve::values(values, catalog, &self.surroundings);
        let one = |node, sql_type: Option<SqlType>, what| values(&[Expected { node, sql_type, what }]);
        let query = match (&self.wanted, &instruction.action) {
            (Wanted::Statement, Action::Statement(found)) => return statement(found),
            (Wanted::Query, Action::Statement(Statement::Query(found)))
            | (Wanted::Rows, Action::For { query: found, .. }) => query(found)?,
            (Wanted::Default, Action::Declare { declared, default: Some(node), .. }) => {
                one(node, declared.as_ref().map(|declared| declared.sql_type.clone()), "DEFAULT")?
            }
            (Wanted::Assigned, Action::Set { targets, value }) => {
                let types = targets.iter().map(|name| self.type_of(&name.text)).collect::<Option<Vec<_>>>();
                let types = types.ok_or_else(nothing)?;
                resolve::assigned_values(value, &types, catalog, &self.surroundings)?
            }
            (Wanted::Setting, Action::SetSystem { value, .. }) => one(value, Some(SqlType::String), "SET")?,
            (Wanted::Condition, Action::Unless { condition, clause, .. }) => {
                one(condition, Some(SqlType::Bool), clause)?
            }
            (Wanted::Condition, Action::Assert { condition, .. }) => one(condition, Some(SqlType::Bool), "ASSERT")?,
            (Wanted::Number, Action::Choose { number, .. }) => one(number, Some(SqlType::Int64), "CASE statement")?,
            (Wanted::Message, Action::Raise(Some(node))) => one(node, Some(SqlType::String), "RAISE")?,
            (Wanted::Dynamic, Action::Execute(execute)) => {
                let text = Expected { node: &execute.text, sql_type: Some(SqlType::String), what: "EXECUTE IMMEDIATE" };
                let using = execute.using.iter().map(|(node, _)| Expected { node, sql_type: None, what: "USING" });
                values(&std::iter::once(text).chain(using).collect::<Vec<_>>())?
            }
            (Wanted::Arguments(types), Action::Call { arguments, .. }) => {
                let expected = types.iter().filter_map(|(place, sql_type)| {
                    let node: &Node = arguments.get(*place)?;
                    Some(Expected { node, sql_type: sql_type.clone(), what: "CALL" })
                });
                values(&expected.collect::<Vec<_>>())?
            }
            (Wanted::Converted(out), _) => {
                let types = out.names.iter().map(|name| self.type_of(name)).collect::<Option<Vec<_>>>();
                resolve::converted(out, &types.ok_or_else(nothing)?, instruction.position)?
            }
            _ => return Err(nothing()),
        };
        Ok(tree::Statement::Query(query))
    }

    fn type_of(&self, name: &str) -> Option<SqlType> {
        self.surroundings.variable(name).map(|variable| variable.sql_type.clone())
    }
}

/// SQL text and values are sensitive; only the shape is shown.
impl fmt::Debug for Ready {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ready(instruction {})", self.at)
    }
}
