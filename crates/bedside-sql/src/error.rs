//! What is wrong with a statement, in BigQuery's words.

use crate::registry::RefusedFunctions;
use bedside_types::{ErrorCode, Position};
use std::fmt;

/// A statement that cannot be run, by what its writer can do about it.
///
/// The text is BigQuery's and ends with the place, line and column from 1: `Unrecognized name: foo; Did you mean food? at
/// [1:8]`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} at {position}")]
pub struct SqlError {
    /// What kind of fault it is.
    pub kind: SqlErrorKind,
    /// The message without the place.
    pub message: String,
    /// Where in the text.
    pub position: Position,
    pub(crate) hint: Option<String>,
}

/// Kinds of faults in a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SqlErrorKind {
    /// The text is no GoogleSQL.
    Syntax,
    /// A table, column, function or parameter does not exist, or a name has several meanings.
    Name,
    /// Types do not fit.
    Type,
    /// A statement of the text says so: RAISE.
    Raised,
    /// A rule of the language other than types: grouping, windows, constants.
    Rule,
    /// A constant has no value of its type: an impossible date, a number out of range.
    Value,
    /// The place cannot be written.
    Denied,
    /// Something of that name is there already.
    Exists,
    /// GoogleSQL has it, this program does not.
    Unsupported,
    /// Nesting or size beyond the bounds that keep every statement safe to plan.
    TooLarge,
    /// A defect of this program.
    Internal,
}

/// Shorthand for results of this crate.
pub(crate) type Result<T, E = SqlError> = std::result::Result<T, E>;

impl SqlError {
    pub(crate) fn new(kind: SqlErrorKind, message: impl Into<String>, position: Position) -> Self {
        Self { kind, message: message.into(), position, hint: None }
    }

    pub(crate) fn syntax(message: impl fmt::Display, position: Position) -> Self {
        Self::new(SqlErrorKind::Syntax, format!("Syntax error: {message}"), position)
    }

    pub(crate) fn name(message: impl Into<String>, position: Position) -> Self {
        Self::new(SqlErrorKind::Name, message, position)
    }

    pub(crate) fn types(message: impl Into<String>, position: Position) -> Self {
        Self::new(SqlErrorKind::Type, message, position)
    }

    pub(crate) fn rule(message: impl Into<String>, position: Position) -> Self {
        Self::new(SqlErrorKind::Rule, message, position)
    }

    pub(crate) fn value(message: impl Into<String>, position: Position) -> Self {
        Self::new(SqlErrorKind::Value, message, position)
    }

    pub(crate) fn unsupported(what: impl fmt::Display, position: Position) -> Self {
        Self::new(SqlErrorKind::Unsupported, format!("{what} is not supported"), position)
    }

    /// A function of BigQuery's that is refused by name.
    pub(crate) fn refused(name: &str, refused: &RefusedFunctions, position: Position) -> Self {
        let message = format!("{} is not supported: {}", name.to_ascii_uppercase(), refused.reason);
        let error = Self::new(SqlErrorKind::Unsupported, message, position);
        Self { hint: refused.instead.map(str::to_owned), ..error }
    }

    pub(crate) fn too_large(message: impl Into<String>, position: Position) -> Self {
        Self::new(SqlErrorKind::TooLarge, message, position)
    }

    pub(crate) fn internal(message: impl Into<String>, position: Position) -> Self {
        Self::new(SqlErrorKind::Internal, message, position)
    }

    pub(crate) fn raised(message: impl Into<String>, position: Position) -> Self {
        Self::new(SqlErrorKind::Raised, message, position)
    }

    /// The same fault of a text that a statement at `position` runs.
    pub(crate) fn inside(self, name: &str, position: Position) -> Self {
        let Position { line, column } = self.position;
        let message = format!("{} at [{name}:{line}:{column}]; called", self.message);
        Self { message, position, ..self }
    }

    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// What is wrong with a text that is kept, said where a statement names it: `view 'ds.v'`.
    pub(crate) fn inside_kept(self, what: &str, position: Position) -> Self {
        if matches!(self.kind, SqlErrorKind::TooLarge | SqlErrorKind::Internal) {
            return Self { position, ..self };
        }
        Self { message: format!("{self}; failed to parse {what}"), position, ..self }
    }

    /// The code that every front translates.
    pub fn code(&self) -> ErrorCode {
        match self.kind {
            SqlErrorKind::Name if self.message.starts_with("Not found") => ErrorCode::NotFound,
            SqlErrorKind::Syntax
            | SqlErrorKind::Type
            | SqlErrorKind::Rule
            | SqlErrorKind::Raised
            | SqlErrorKind::Name
            | SqlErrorKind::Value => ErrorCode::InvalidQuery,
            SqlErrorKind::Denied => ErrorCode::AccessDenied,
            SqlErrorKind::Exists => ErrorCode::AlreadyExists,
            SqlErrorKind::Unsupported => ErrorCode::Unsupported,
            SqlErrorKind::TooLarge => ErrorCode::ResourcesExceeded,
            SqlErrorKind::Internal => ErrorCode::Internal,
        }
    }

    /// What to do next, where there is something.
    pub fn hint(&self) -> Option<String> {
        self.hint.clone()
    }
}
