//! What the resolver asks of places that statements write: tables with their rules, views, functions, datasets.

use super::{TablePath, TableSchema};
use crate::script::ProcedureDefinition;
use crate::syntax;
use crate::tree::RoutineKind;
use bedside_types::{SqlType, StructField};
use std::sync::Arc;

/// A table that can be written.
#[derive(Clone, Debug, PartialEq)]
pub struct TableDefinition {
    /// As a query sees it.
    pub schema: Arc<TableSchema>,
    /// The rules of its columns, in their order.
    pub columns: Vec<ColumnDefinition>,
}

/// A column with the rules that hold for its values.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnDefinition {
    /// The name, as typed.
    pub name: String,
    /// The type.
    pub sql_type: SqlType,
    /// What its values are limited to.
    pub parameters: TypeParameters,
    /// Whether NULL is refused.
    pub required: bool,
    /// The text of the expression that gives a value where a statement gives none.
    pub default: Option<String>,
    /// What it means.
    pub description: Option<String>,
}

/// Parameters of a type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TypeParameters {
    /// None.
    #[default]
    None,
    /// Characters of STRING, bytes of BYTES, at most.
    Length(u64),
    /// Digits of NUMERIC and BIGNUMERIC: in all, and after the point.
    Digits {
        /// In all.
        precision: u32,
        /// After the point; more are rounded.
        scale: u32,
    },
}

/// What stands where a statement writes.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// The full name.
    pub path: TablePath,
    /// Whether it goes with the text or session.
    pub lifetime: crate::tree::Lifetime,
    /// What is there now.
    pub found: Found,
}

/// What is at a place.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// Nothing.
    Nothing,
    /// A table.
    Table(Arc<TableDefinition>),
    /// A view.
    View(Arc<ViewDefinition>),
}

/// A dataset that a statement makes or drops.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schema {
    /// The project.
    pub project: String,
    /// The dataset.
    pub dataset: String,
    /// How many tables and views it has; `None` where there is no such dataset.
    pub objects: Option<usize>,
}

/// A stored query with a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewDefinition {
    /// Its name.
    pub path: TablePath,
    /// The query's text.
    pub text: String,
    /// Names for its columns, where the view has a list of them.
    pub columns: Option<Vec<String>>,
    /// Where its bare table names are looked up.
    pub default_dataset: Option<String>,
}

/// A function that a statement made.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::option_option, reason = "one that is kept may have been made without a default dataset")]
pub struct FunctionDefinition {
    /// Its name, as typed.
    pub name: String,
    pub(crate) parameters: Vec<syntax::Parameter>,
    pub(crate) returns: Option<SqlType>,
    pub(crate) body: syntax::Node,
    /// Whether it looks at the rows of a group.
    pub(crate) aggregate: bool,
    /// Of one that is kept: the dataset of bare table names in it.
    pub(crate) kept: Option<Option<String>>,
}

/// A function that gives rows.
#[derive(Clone, Debug, PartialEq)]
pub struct TableFunctionDefinition {
    /// Its name, as typed.
    pub name: String,
    pub(crate) parameters: Vec<syntax::TableParameter>,
    /// The columns of its rows, where they are declared.
    pub(crate) returns: Option<Vec<(syntax::Name, SqlType)>>,
    pub(crate) query: syntax::Query,
    /// The dataset of bare table names in it.
    pub(crate) default_dataset: Option<String>,
}

/// Something that is called, kept in a dataset.
#[derive(Clone, Debug, PartialEq)]
pub enum Routine {
    /// A function of values, or an aggregate function.
    Function(Arc<FunctionDefinition>),
    /// A function that gives rows.
    TableFunction(Arc<TableFunctionDefinition>),
    /// A procedure.
    Procedure(Arc<ProcedureDefinition>),
}

/// Where a statement makes or drops a routine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoutinePlace {
    /// The full name.
    pub path: TablePath,
    /// What is there now.
    pub found: Option<RoutineKind>,
}

/// Why a place cannot be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Which kind of fault it is.
    pub kind: RefusalKind,
    /// In BigQuery's words.
    pub message: String,
    /// What to do instead.
    pub hint: Option<String>,
}

/// Kinds of refusals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalKind {
    /// It does not exist.
    NotFound,
    /// It is read-only.
    ReadOnly,
    /// The name is none that can be made.
    InvalidName,
}

impl Refusal {
    /// A place that is read-only.
    pub fn read_only(message: impl Into<String>) -> Self {
        Self { kind: RefusalKind::ReadOnly, message: message.into(), hint: None }
    }

    /// A place that does not exist.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self { kind: RefusalKind::NotFound, message: message.into(), hint: None }
    }

    /// A name that cannot be.
    pub fn invalid_name(message: impl Into<String>) -> Self {
        Self { kind: RefusalKind::InvalidName, message: message.into(), hint: None }
    }

    /// With what to do instead.
    #[must_use]
    pub fn with_hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }
}

impl Drop for FunctionDefinition {
    /// What was read with a large stack needs one to be taken apart.
    fn drop(&mut self) {
        let kind = std::mem::replace(&mut self.body.kind, syntax::NodeKind::Null);
        drop(crate::stack::with_known_stack(move || {
            drop(kind);
            Ok(())
        }));
    }
}

impl ColumnDefinition {
    /// A column without rules.
    pub fn plain(name: impl Into<String>, sql_type: SqlType) -> Self {
        Self {
            name: name.into(),
            sql_type,
            parameters: TypeParameters::None,
            required: false,
            default: None,
            description: None,
        }
    }

    /// The type as declared: `STRING(10)`.
    pub fn declared(&self) -> String {
        match self.parameters {
            TypeParameters::None => self.sql_type.to_string(),
            TypeParameters::Length(length) => format!("{}({length})", self.sql_type),
            TypeParameters::Digits { precision, scale: 0 } => format!("{}({precision})", self.sql_type),
            TypeParameters::Digits { precision, scale } => format!("{}({precision}, {scale})", self.sql_type),
        }
    }
}

/// The first thing in a type that a table cannot keep.
pub(crate) fn unstorable(sql_type: &SqlType) -> Option<&'static str> {
    match sql_type {
        SqlType::Array(element) => unstorable(element),
        SqlType::Struct(fields) if fields.is_empty() => Some("a STRUCT without fields"),
        SqlType::Struct(fields) => fields.iter().enumerate().find_map(|(index, field)| match &field.name {
            None => Some("a STRUCT with a field that has no name"),
            Some(name) if has_name(&fields[..index], name) => Some("a STRUCT with two fields of the same name"),
            Some(_) => unstorable(&field.sql_type),
        }),
        _ => None,
    }
}

fn has_name(fields: &[StructField], name: &str) -> bool {
    fields.iter().any(|field| field.name.as_ref().is_some_and(|other| other.eq_ignore_ascii_case(name)))
}
