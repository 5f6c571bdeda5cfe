//! One text that is being run: the script's own, a procedure's, or one that was put together.

use super::failure::{Failure, Place};
use super::program::Program;
use super::variables::Variable;
use crate::parameters::Parameters;
use bedside_types::{Position, SqlType, Value};
use std::sync::Arc;

/// A text that is being run.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) program: Arc<Program>,
    pub(super) kind: Kind,
    /// The next instruction.
    pub(super) at: usize,
    /// The instruction at hand.
    current: Option<usize>,
    /// The innermost last; the first is the text's own.
    pub(super) scopes: Vec<Scope>,
    pub(super) parameters: Parameters,
    /// What has to be converted before it goes into variables.
    pub(super) outs: Option<Out>,
}

/// What kind of text it is.
#[derive(Debug)]
pub(super) enum Kind {
    /// The script's own.
    Text,
    /// Of EXECUTE IMMEDIATE, with the variables that its row goes into.
    Dynamic { into: Vec<String> },
    /// Of a procedure.
    Procedure {
        name: String,
        /// Parameters and the caller's variables that they go into.
        outs: Vec<(String, String)>,
        /// The caller's default dataset.
        dataset: Option<String>,
    },
}

/// Where variables live, up to an END.
#[derive(Debug, Default)]
pub(super) struct Scope {
    pub(super) variables: Vec<Arc<Variable>>,
    /// Where what goes wrong here is handled.
    pub(super) handler: Option<usize>,
    /// What is being handled here.
    pub(super) error: Option<Arc<Failure>>,
    /// The rows of a FOR loop that are left.
    pub(super) rows: Option<RowsLeft>,
}

/// The rows of a FOR loop that are left.
#[derive(Debug)]
pub(super) struct RowsLeft {
    pub(super) name: String,
    pub(super) sql_type: SqlType,
    pub(super) rows: std::vec::IntoIter<Vec<Value>>,
}

/// Values for variables, by name, with the types that they have.
#[derive(Clone, Debug)]
pub(crate) struct Out {
    pub(crate) names: Vec<String>,
    pub(crate) types: Vec<SqlType>,
    pub(crate) values: Vec<Value>,
}

impl Frame {
    pub(super) fn new(program: Arc<Program>, parameters: Parameters, kind: Kind) -> Self {
        let scopes = vec![Scope::default()];
        Self { program, kind, at: 0, current: None, scopes, parameters, outs: None }
    }

    /// Goes past the next instruction, which becomes the one at hand.
    pub(super) fn begin(&mut self) {
        self.current = Some(self.at);
        self.at += 1;
    }

    pub(super) fn current(&self) -> Option<usize> {
        self.current
    }

    /// The text of the statement at hand.
    pub(super) fn statement(&self) -> &str {
        let instruction = self.current.and_then(|at| self.program.instructions.get(at));
        instruction.and_then(|found| self.program.text.get(found.text.clone())).unwrap_or_default()
    }

    pub(super) fn place(&self) -> Place {
        let instruction = self.current.and_then(|at| self.program.instructions.get(at));
        let position = instruction.map_or(Position::new(1, 1), |found| found.position);
        let procedure = self.kind.name().map(str::to_owned);
        Place { position, procedure }
    }

    pub(super) fn declare(&mut self, name: &str, sql_type: SqlType, value: Value) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.variables.push(Arc::new(Variable { name: name.to_owned(), sql_type, value }));
        }
    }

    pub(super) fn variable(&mut self, name: &str) -> Option<&mut Arc<Variable>> {
        let lower = name.to_lowercase();
        let variables = self.scopes.iter_mut().rev().flat_map(|scope| scope.variables.iter_mut().rev());
        variables.into_iter().find(|variable| variable.name.to_lowercase() == lower)
    }

    pub(super) fn found(&self, name: &str) -> Option<&Arc<Variable>> {
        let lower = name.to_lowercase();
        let variables = self.scopes.iter().rev().flat_map(|scope| scope.variables.iter().rev());
        variables.into_iter().find(|variable| variable.name.to_lowercase() == lower)
    }

    /// The error that is being handled here.
    pub(super) fn error(&self) -> Option<&Arc<Failure>> {
        self.scopes.iter().rev().find_map(|scope| scope.error.as_ref())
    }

    /// Puts the next row of the innermost FOR loop into its variable; `false` where there is none left.
    pub(super) fn next_row(&mut self) -> bool {
        let Some(scope) = self.scopes.last_mut() else { return false };
        let Some(rows) = &mut scope.rows else { return false };
        let Some(row) = rows.rows.next() else { return false };
        let value = Value::Struct(row);
        scope.variables = vec![Arc::new(Variable { name: rows.name.clone(), sql_type: rows.sql_type.clone(), value })];
        true
    }
}

impl Kind {
    /// Whether it is a text that somebody wrote, as stack traces show them.
    pub(super) fn is_code(&self) -> bool {
        !matches!(self, Self::Dynamic { .. })
    }

    /// What the text is called.
    pub(super) fn name(&self) -> Option<&str> {
        match self {
            Self::Text => None,
            Self::Dynamic { .. } => Some("EXECUTE IMMEDIATE"),
            Self::Procedure { name, .. } => Some(name),
        }
    }
}
