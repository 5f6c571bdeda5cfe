//! Procedures: what is kept of one, and how a call fits it.

use super::program::Program;
use crate::catalog::{Catalog, Routine};
use crate::error::{Result, SqlError};
use crate::parse;
use crate::syntax::{CreateProcedure, Mode, Name, Node, NodeKind, ProcedureParameter, Statement};
use bedside_types::{Position, SqlType};
use std::sync::Arc;

/// A procedure that was made by a statement.
#[derive(Clone, Debug, PartialEq)]
pub struct ProcedureDefinition {
    name: String,
    parameters: Vec<ProcedureParameter>,
    /// The text of the statement that made it.
    text: String,
    default_dataset: Option<String>,
}

/// The procedure that a call names.
pub(super) fn find(path: &[Name], catalog: &dyn Catalog) -> Result<Arc<ProcedureDefinition>> {
    let parts: Vec<String> = path.iter().flat_map(|name| name.text.split('.').map(str::to_owned)).collect();
    let position = path.first().map_or(Position::new(1, 1), |name| name.position);
    match catalog.routine(&parts) {
        Some(Routine::Procedure(procedure)) => Ok(procedure),
        Some(_) => {
            let message = format!("{} is a function, and CALL takes a procedure", parts.join("."));
            Err(SqlError::rule(message, position))
        }
        None => Err(SqlError::name(format!("Procedure is not found: {}", parts.join(".")), position)),
    }
}

/// What can be told of a procedure without running it: labels, jumps, variables.
pub(crate) fn check(create: &CreateProcedure) -> Result<()> {
    Program::of_procedure("", &create.parameters, create.body.clone()).map(drop)
}

impl ProcedureDefinition {
    /// What a CREATE PROCEDURE says; `name` is what the procedure is called in messages.
    ///
    /// # Errors
    /// Where the text is none.
    pub fn of_text(name: &str, text: &str, default_dataset: Option<&str>) -> Result<Self> {
        let parameters = match parse::parse(text)?.pop() {
            Some(Statement::CreateProcedure(create)) => create.parameters.clone(),
            _ => return Err(SqlError::internal("a procedure's text makes no procedure", Position::new(1, 1))),
        };
        let default_dataset = default_dataset.map(str::to_owned);
        Ok(Self { name: name.to_owned(), parameters, text: text.to_owned(), default_dataset })
    }

    /// What it is called in messages: `project.dataset.name`.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn default_dataset(&self) -> Option<&str> {
        self.default_dataset.as_deref()
    }

    pub(super) fn parameters(&self) -> &[ProcedureParameter] {
        &self.parameters
    }

    /// Its body, ready to run.
    pub(super) fn program(&self) -> Result<Program> {
        match parse::parse(&self.text)?.pop() {
            Some(Statement::CreateProcedure(create)) => {
                Program::of_procedure(&self.text, &self.parameters, create.body)
            }
            _ => Err(SqlError::internal("a procedure's text makes no procedure", Position::new(1, 1))),
        }
    }

    /// The places of arguments that have values, with the types that they are to have.
    pub(super) fn input_types(&self) -> Vec<(usize, Option<SqlType>)> {
        let parameters = self.parameters.iter().enumerate();
        let given = parameters.filter(|(_, parameter)| parameter.mode != Mode::Out);
        given.map(|(place, parameter)| (place, parameter.sql_type.clone())).collect()
    }

    /// Parameters that go out, and the variables that they go into.
    pub(super) fn outs(&self, arguments: &[Node]) -> Vec<(String, String)> {
        let pairs = self.parameters.iter().zip(arguments).filter(|(parameter, _)| parameter.mode != Mode::In);
        pairs
            .filter_map(|(parameter, node)| Some((parameter.name.text.clone(), variable(node)?.text.clone())))
            .collect()
    }

    pub(super) fn check_arguments(&self, arguments: &[Node], position: Position) -> Result<()> {
        if arguments.len() != self.parameters.len() {
            let message = format!(
                "Procedure {} takes {} argument{}, and the call has {}",
                self.name,
                self.parameters.len(),
                if self.parameters.len() == 1 { "" } else { "s" },
                arguments.len()
            );
            return Err(SqlError::rule(message, position));
        }
        for (parameter, argument) in self.parameters.iter().zip(arguments) {
            if parameter.mode != Mode::In && variable(argument).is_none() {
                let mode = if parameter.mode == Mode::Out { "OUT" } else { "INOUT" };
                let message = format!("The {mode} argument {} must be a variable", parameter.name.text);
                return Err(SqlError::rule(message, argument.position));
            }
        }
        Ok(())
    }
}

fn variable(node: &Node) -> Option<&Name> {
    match &node.kind {
        NodeKind::Path(path) if path.len() == 1 => path.first(),
        _ => None,
    }
}
