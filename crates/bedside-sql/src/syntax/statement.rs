//! Statements other than queries.

use super::{Control, CreateProcedure, Merge, Name, Node, Query, Table};
use bedside_types::{Position, SqlType};

/// A statement.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Statement {
    Query(Query),
    /// `EXPLAIN query`.
    Explain(Query),
    CreateTable(Box<CreateTable>),
    CreateView(Box<CreateView>),
    CreateFunction(Box<CreateFunction>),
    CreateTableFunction(Box<CreateTableFunction>),
    Export(Box<super::Export>),
    Load(Box<super::Load>),
    CreateProcedure(Box<CreateProcedure>),
    CreateSchema(CreateSchema),
    Drop(Drop),
    AlterTable(AlterTable),
    /// `ALTER VIEW v SET OPTIONS`, `ALTER SCHEMA s SET OPTIONS`.
    AlterOptions(AlterOptions),
    Insert(Box<Insert>),
    Update(Box<Update>),
    Delete(Box<Delete>),
    Merge(Box<Merge>),
    Truncate(Vec<Name>),
    Control(Box<Control>),
}

/// What becomes of an object of the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CreateMode {
    /// It is an error.
    Plain,
    /// `OR REPLACE`.
    Replace,
    /// `IF NOT EXISTS`.
    IfNotExists,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CreateTable {
    pub(crate) position: Position,
    pub(crate) mode: CreateMode,
    pub(crate) temporary: bool,
    pub(crate) name: Vec<Name>,
    pub(crate) columns: Option<Vec<ColumnDefinition>>,
    pub(crate) origin: Option<Origin>,
    /// The expression and its text.
    pub(crate) partition: Option<(Node, String)>,
    pub(crate) cluster: Vec<Name>,
    pub(crate) options: Vec<OptionItem>,
    pub(crate) query: Option<Query>,
}

/// `LIKE t`, `COPY t`, `CLONE t`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Origin {
    pub(crate) kind: OriginKind,
    pub(crate) table: Vec<Name>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OriginKind {
    /// Its columns.
    Like,
    /// Its columns and rows.
    Copy,
}

/// A column as declared.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ColumnDefinition {
    pub(crate) name: Name,
    pub(crate) declared: Declared,
    pub(crate) required: bool,
    /// The expression and its text.
    pub(crate) default: Option<(Node, String)>,
    pub(crate) options: Vec<OptionItem>,
}

/// A type with its parameters: `STRING(10)`, `NUMERIC(5, 2)`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Declared {
    pub(crate) sql_type: SqlType,
    pub(crate) parameters: Vec<u64>,
    pub(crate) position: Position,
}

/// `name = value` in OPTIONS.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OptionItem {
    pub(crate) name: Name,
    pub(crate) value: Node,
    /// The value's text.
    pub(crate) text: String,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CreateView {
    pub(crate) mode: CreateMode,
    pub(crate) name: Vec<Name>,
    pub(crate) columns: Option<Vec<Name>>,
    pub(crate) options: Vec<OptionItem>,
    pub(crate) query: Query,
    /// The query's text.
    pub(crate) text: String,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CreateFunction {
    pub(crate) mode: CreateMode,
    pub(crate) temporary: bool,
    pub(crate) aggregate: bool,
    pub(crate) name: Vec<Name>,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) returns: Option<Declared>,
    pub(crate) body: Node,
    pub(crate) options: Vec<OptionItem>,
    pub(crate) text: RoutineText,
}

/// `CREATE TABLE FUNCTION`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CreateTableFunction {
    pub(crate) mode: CreateMode,
    pub(crate) name: Vec<Name>,
    pub(crate) parameters: Vec<TableParameter>,
    /// The columns of its rows, where they are declared.
    pub(crate) returns: Option<Vec<(Name, SqlType)>>,
    pub(crate) query: Query,
    pub(crate) options: Vec<OptionItem>,
    pub(crate) text: RoutineText,
}

/// What is kept of a statement that makes a routine.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RoutineText {
    /// The whole statement.
    pub(crate) statement: String,
    /// The body, without what stands around it.
    pub(crate) body: String,
}

/// A parameter of a function; without a type it is `ANY TYPE`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Parameter {
    pub(crate) name: Name,
    pub(crate) sql_type: Option<SqlType>,
    /// `NOT AGGREGATE`: the same value for all rows.
    pub(crate) constant: bool,
}

/// A parameter of a function that gives rows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TableParameter {
    pub(crate) name: Name,
    pub(crate) takes: Takes,
}

/// What a parameter of a function that gives rows may be.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Takes {
    /// A value; without a type it is `ANY TYPE`.
    Value(Option<SqlType>),
    /// A table with these columns, or any.
    Table(Option<Vec<(Name, SqlType)>>),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CreateSchema {
    pub(crate) mode: CreateMode,
    pub(crate) name: Vec<Name>,
    pub(crate) options: Vec<OptionItem>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Drop {
    pub(crate) kind: DropKind,
    pub(crate) name: Vec<Name>,
    pub(crate) if_exists: bool,
    /// `CASCADE`; schemas only.
    pub(crate) cascade: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DropKind {
    Table,
    View,
    Schema,
    Function,
    TableFunction,
    Procedure,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct AlterOptions {
    pub(crate) kind: DropKind,
    pub(crate) name: Vec<Name>,
    pub(crate) if_exists: bool,
    pub(crate) options: Vec<OptionItem>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct AlterTable {
    pub(crate) table: Vec<Name>,
    pub(crate) if_exists: bool,
    pub(crate) actions: Vec<Alteration>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Alteration {
    AddColumn { column: ColumnDefinition, if_not_exists: bool },
    DropColumn { name: Name, if_exists: bool },
    RenameColumn { name: Name, to: Name, if_exists: bool },
    RenameTo(Vec<Name>),
    SetOptions(Vec<OptionItem>),
    SetDataType { name: Name, declared: Declared, if_exists: bool },
    DropNotNull { name: Name, if_exists: bool },
    SetDefault { name: Name, default: Option<(Node, String)>, if_exists: bool },
    SetColumnOptions { name: Name, options: Vec<OptionItem>, if_exists: bool },
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Insert {
    pub(crate) table: Vec<Name>,
    pub(crate) columns: Option<Vec<Name>>,
    pub(crate) rows: InsertRows,
}

#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "a statement has one")]
pub(crate) enum InsertRows {
    Query(Query),
    /// Each row with its place; `None` is DEFAULT.
    Values(Vec<(Position, Vec<Option<Node>>)>),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Update {
    pub(crate) position: Position,
    pub(crate) table: Vec<Name>,
    pub(crate) alias: Option<Name>,
    /// What is set, and to what; `None` is DEFAULT.
    pub(crate) items: Vec<(Vec<Name>, Option<Node>)>,
    pub(crate) from: Option<Table>,
    pub(crate) filter: Option<Node>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Delete {
    pub(crate) position: Position,
    pub(crate) table: Vec<Name>,
    pub(crate) alias: Option<Name>,
    pub(crate) filter: Option<Node>,
}
