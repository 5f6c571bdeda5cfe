//! GoogleSQL text → a typed tree.
//!
//! [`resolve`] reads one or more statements and decides everything that can be decided without data: what every name
//! means, which type everything has, which coercions apply and which are refused, which function is called. What comes out
//! is [`tree::Statement`], the contract with the engine; what goes wrong is a [`SqlError`] in BigQuery's words with its
//! place in the text.
//!
//! ```
//! use bedside_sql::{Catalog, Parameters, TablePath, TableSchema, UnknownTable, resolve};
//! use std::sync::Arc;
//!
//! struct Nothing;
//! impl Catalog for Nothing {
//!     fn table(&self, path: &[String]) -> Result<Arc<TableSchema>, UnknownTable> {
//!         Err(UnknownTable { message: format!("Not found: Table {}", path.join(".")), nearest: None })
//!     }
//! }
//!
//! let statements = resolve("SELECT 7 / 2 AS half", &Nothing, &Parameters::default()).unwrap();
//! assert_eq!(statements.len(), 1);
//! let error = resolve("SELECT 1 = '1'", &Nothing, &Parameters::default()).unwrap_err();
//! assert_eq!(error.to_string(), "No matching signature for operator = for argument types: INT64, STRING at [1:8]");
//! ```
//!
//! Nothing here reads a file, a clock or the environment, and nothing knows DataFusion or MIMIC.

mod calendar;
mod catalog;
mod coerce;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops where it fails")]
mod coverage;
mod decimal;
mod error;
mod explain;
mod names;
mod order;
mod parameters;
mod parse;
mod prune;
mod registry;
mod resolve;
mod script;
mod stack;
mod syntax;
pub mod tree;
mod value_text;
mod walk;

use bedside_types::{Interval, SqlType, Value};

pub use catalog::{
    Catalog, ColumnDefinition, ColumnFacts, ColumnSchema, Found, FunctionDefinition, Place, Refusal, RefusalKind,
    Routine, RoutinePlace, Schema, TableDefinition, TableFunctionDefinition, TablePath, TableSchema, TypeParameters,
    UnknownTable, ViewDefinition,
};
pub use error::{SqlError, SqlErrorKind};
pub use names::{TableName, table_names};
pub use order::{UnorderedWindow, unordered_windows};
pub use parameters::{Parameter, Parameters};
pub use registry::{
    Function, FunctionKind, Note, RefusedFunctions, differences, forms, function, functions, nearest_function,
    refused_function, refused_functions,
};
pub use script::{Machine, Order, ProcedureDefinition, Ready, Script, System};
pub use syntax::Transaction;

/// The type that a text names, as in CAST: `ARRAY<STRUCT<a INT64, b STRING>>`.
///
/// # Errors
/// Where the text is no type.
pub fn type_of_text(text: &str) -> Result<SqlType, SqlError> {
    parse::parse_type(text)
}

/// The interval that a text in the form `Y-M D H:M:S.F` is, each group with its sign.
pub fn interval_of_text(text: &str) -> Option<Interval> {
    resolve::interval_of_text(text)
}

/// The value of a scalar type that a text is, as in CAST from STRING; `None` where it is none. BYTES, INTERVAL, ARRAY and STRUCT have
/// no one text.
pub fn value_of_text(sql_type: &SqlType, text: &str) -> Option<Value> {
    value_text::value_of_text(sql_type, text)
}

/// What the text of a statement that made a function or procedure makes. `name` is what messages call it; `default_dataset` is
/// where its bare table names are looked up.
///
/// # Errors
/// Where the text makes no routine.
pub fn routine_of_text(name: &str, text: &str, default_dataset: Option<&str>) -> Result<Routine, SqlError> {
    stack::with_known_stack(|| resolve::routine_of_text(name, text, default_dataset))
}

/// Every statement of a text, resolved against one state of the world; a text of blanks and comments has none. A text whose
/// statements depend on what the former did goes through [`Script`].
///
/// # Errors
/// The first fault, with its place.
pub fn resolve(text: &str, catalog: &dyn Catalog, parameters: &Parameters) -> Result<Vec<tree::Statement>, SqlError> {
    let surroundings = script::Surroundings::of(parameters);
    stack::with_known_stack(|| {
        let statements = parse::parse(text)?;
        statements.iter().map(|statement| resolve::statement(statement, catalog, &surroundings)).collect()
    })
}
