//! A text of several statements, each resolved when those before it have been run.

use crate::catalog::Catalog;
use crate::error::Result;
use crate::parameters::Parameters;
use crate::syntax::Statement;
use crate::{parse, resolve, stack, tree};

/// A text, read as a whole: a syntax error anywhere in it is found before anything runs.
#[derive(Debug)]
pub struct Script {
    statements: Vec<Statement>,
}

impl Script {
    /// Reads a text; one of blanks and comments has no statements.
    ///
    /// # Errors
    /// The first fault of syntax, with its place.
    pub fn parse(text: &str) -> Result<Self> {
        Ok(Self { statements: stack::with_known_stack(|| parse::parse(text))? })
    }

    /// How many statements there are.
    pub fn len(&self) -> usize {
        self.statements.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.statements.is_empty()
    }

    /// How many of them are queries, whose rows go out.
    pub fn queries(&self) -> usize {
        self.statements.iter().filter(|statement| matches!(statement, Statement::Query(_))).count()
    }

    /// The statement of that place, from 0, resolved against the catalogue as it is now; `None` behind the last.
    ///
    /// # Errors
    /// Its first fault, with its place in the whole text.
    pub fn resolve(
        &self,
        index: usize,
        catalog: &dyn Catalog,
        parameters: &Parameters,
    ) -> Result<Option<tree::Statement>> {
        let Some(statement) = self.statements.get(index) else { return Ok(None) };
        stack::with_known_stack(|| resolve::statement(statement, catalog, parameters)).map(Some)
    }
}

impl Drop for Script {
    /// What was read with a large stack needs one to be taken apart.
    fn drop(&mut self) {
        let statements = std::mem::take(&mut self.statements);
        // A thread that cannot be had takes the statements apart here.
        drop(stack::with_known_stack(move || {
            drop(statements);
            Ok(())
        }));
    }
}
