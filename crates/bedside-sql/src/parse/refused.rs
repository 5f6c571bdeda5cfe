//! Statements that BigQuery has and this program has not: refused by name, with the reason.

use super::{Parser, Token, is_reserved};
use crate::error::{Result, SqlError};
use bedside_types::Position;

const NO_SERVICE: &str = "it is about BigQuery as a service; here statements run on this machine";
const NO_RIGHTS: &str = "who may read what is not decided in SQL: whoever runs the program may read all that it holds";
const NO_OUTSIDE: &str = "SQL reads no files and no services of others: load the data into a table of your own";
const NO_MODELS: &str = "models are trained elsewhere: take the rows out with bedside query --format parquet";
const NO_INDEX: &str = "leave it out: results do not depend on it";

/// What CREATE, ALTER and DROP may be about, and why not here.
const OBJECTS: &[(&str, &str)] = &[
    ("ALL ROW ACCESS POLICIES", NO_RIGHTS),
    ("ASSIGNMENT", NO_SERVICE),
    ("BI_CAPACITY", NO_SERVICE),
    ("CAPACITY", NO_SERVICE),
    ("CONNECTION", NO_OUTSIDE),
    ("DATA_POLICY", NO_RIGHTS),
    ("EXTERNAL SCHEMA", NO_OUTSIDE),
    ("EXTERNAL TABLE", NO_OUTSIDE),
    ("FUNCTION", "drop it and make it anew: CREATE OR REPLACE FUNCTION"),
    ("MODEL", NO_MODELS),
    ("ORGANIZATION", NO_SERVICE),
    ("PROCEDURE", "make it anew: CREATE OR REPLACE PROCEDURE"),
    ("PROJECT", NO_SERVICE),
    ("PROPERTY GRAPH", "graph queries are not supported"),
    ("RESERVATION", NO_SERVICE),
    ("ROW ACCESS POLICY", NO_RIGHTS),
    ("SEARCH INDEX", NO_INDEX),
    ("VECTOR INDEX", NO_INDEX),
    // Other systems have these.
    ("DATABASE", "a dataset is a SCHEMA"),
    ("INDEX", NO_INDEX),
    ("TABLE FUNCTION", "make it anew: CREATE OR REPLACE TABLE FUNCTION"),
    ("USER", NO_RIGHTS),
];

/// Statements by their first word.
const STATEMENTS: &[(&str, &str)] = &[
    ("ANALYZE", "statistics are taken when tables are written"),
    ("EXPORT", NO_MODELS),
    ("GRANT", NO_RIGHTS),
    ("REVOKE", NO_RIGHTS),
    ("UNDROP", "what was dropped is gone"),
];

impl Parser {
    /// Refuses what CREATE, ALTER or DROP is about.
    pub(super) fn other_object<T>(&self, statement: &str, position: Position) -> Result<T> {
        let is_here = |object: &str| object.split(' ').enumerate().all(|(ahead, word)| self.is_word_at(ahead, word));
        if let Some((object, why)) = OBJECTS.iter().find(|(object, _)| is_here(object)) {
            return Err(SqlError::unsupported(format!("{statement} {object}"), position).with_hint(*why));
        }
        match self.peek() {
            Token::Word(word) if !is_reserved(word) => {
                let message = format!("{} is not a supported object type", word.to_ascii_uppercase());
                Err(SqlError::syntax(message, self.position()))
            }
            _ => Err(self.unexpected()),
        }
    }

    /// The refusal of a statement by its first word, where it is one that is known.
    pub(super) fn other_statement(&self, word: &str) -> Option<SqlError> {
        let (statement, why) = STATEMENTS.iter().find(|(statement, _)| *statement == word)?;
        Some(SqlError::unsupported(format!("The statement {statement}"), self.position()).with_hint(*why))
    }
}
