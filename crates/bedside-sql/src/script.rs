//! Texts of several statements, and the procedural language: each statement is resolved when those before it have been run.
//!
//! A [`Script`] is a text read as a whole and turned into instructions (`program.rs`); a [`Machine`] goes through them
//! (`machine.rs`). Neither runs SQL: whoever owns the machine does, and tells it how that went.

mod failure;
mod frame;
mod machine;
mod procedure;
mod program;
mod ready;
mod system;
mod variables;

use crate::error::Result;
use crate::parameters::Parameters;
use crate::{parse, stack};
use program::{Action, Program};
use std::sync::Arc;

pub(crate) use frame::Out;
pub use machine::{Machine, Order};
pub use procedure::ProcedureDefinition;
pub(crate) use procedure::check as check_procedure;
pub use ready::Ready;
pub use system::System;
pub(crate) use variables::Surroundings;

/// A text, read as a whole: a syntax error anywhere in it is found before anything runs.
#[derive(Clone, Debug)]
pub struct Script {
    program: Arc<Program>,
}

impl Script {
    /// Reads a text; one of blanks and comments has no statements.
    ///
    /// # Errors
    /// The first fault of syntax, of labels, jumps and variables, with its place.
    pub fn parse(text: &str) -> Result<Self> {
        let program = stack::with_known_stack(|| Program::of_text(text, parse::script(text)?))?;
        Ok(Self { program: Arc::new(program) })
    }

    /// Whether a text ends inside the statements of another one, behind BEGIN, THEN or DO: more is to come.
    pub fn is_open(text: &str) -> bool {
        stack::with_known_stack(|| Ok(parse::is_open(text))).unwrap_or(false)
    }

    /// Whether there are no statements.
    pub fn is_empty(&self) -> bool {
        self.program.instructions.is_empty()
    }

    /// How many statements of SQL there are, those inside others included.
    pub fn len(&self) -> usize {
        let is_statement = |action: &Action| matches!(action, Action::Statement(_));
        self.program.instructions.iter().filter(|instruction| is_statement(&instruction.action)).count()
    }

    /// How many of them are queries, whose rows go out.
    pub fn queries(&self) -> usize {
        self.program.queries
    }

    /// Whether it is more than one statement of SQL: several, or any of the procedural language.
    pub fn is_script(&self) -> bool {
        self.program.controls || self.program.instructions.len() > 1
    }

    /// The text on its way, with values for `@name` and `?` and what is known of system variables.
    pub fn run(&self, parameters: &Parameters, system: System) -> Machine {
        Machine::new(Arc::clone(&self.program), parameters.clone(), system)
    }
}
