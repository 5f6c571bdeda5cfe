//! Statements that make, change or drop something. Names are full, queries give exactly the columns that are written, and
//! every coercion of an assignment is in them.

use super::Query;
use crate::catalog::{ColumnDefinition, FunctionDefinition, TableDefinition, TablePath, ViewDefinition};
use std::sync::Arc;

/// What a statement does.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// `CREATE TABLE`.
    CreateTable(CreateTable),
    /// `CREATE VIEW`.
    CreateView(CreateView),
    /// `CREATE TEMP FUNCTION`.
    CreateFunction {
        /// What becomes of one that is there.
        operation: Operation,
        /// The function.
        function: Arc<FunctionDefinition>,
    },
    /// `CREATE FUNCTION`, `CREATE PROCEDURE` and their like that are kept.
    CreateRoutine(CreateRoutine),
    /// `CREATE SCHEMA`.
    CreateSchema(CreateSchema),
    /// `DROP`.
    Drop(Drop),
    /// `ALTER TABLE`.
    AlterTable(AlterTable),
    /// `ALTER VIEW … SET OPTIONS`, `ALTER SCHEMA … SET OPTIONS`.
    SetOptions(SetOptions),
    /// `INSERT`.
    Insert(Insert),
    /// `UPDATE`.
    Update(Rewrite),
    /// `DELETE`: the marked rows go.
    Delete(Rewrite),
    /// `MERGE`.
    Merge(Merge),
    /// `TRUNCATE TABLE`.
    Truncate(Arc<TableDefinition>),
}

/// What a CREATE or DROP does, given what is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// It makes what is not there.
    Create,
    /// It replaces what is there.
    Replace,
    /// Nothing: `IF NOT EXISTS` or `IF EXISTS` says so.
    Skip,
    /// It drops what is there.
    Drop,
}

/// How long a table lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifetime {
    /// Until it is dropped.
    Kept,
    /// Until the text or the session ends.
    Temporary,
}

/// `CREATE TABLE`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateTable {
    /// Its name.
    pub path: TablePath,
    /// How long it lives.
    pub lifetime: Lifetime,
    /// What becomes of one that is there.
    pub operation: Operation,
    /// The columns.
    pub columns: Vec<ColumnDefinition>,
    /// `PARTITION BY`, as written.
    pub partition: Option<String>,
    /// The column that `PARTITION BY` is about.
    pub partition_column: Option<String>,
    /// `CLUSTER BY`.
    pub cluster: Vec<String>,
    /// `OPTIONS`.
    pub options: Vec<TableOption>,
    /// Its first rows: exactly the columns.
    pub rows: Option<Query>,
}

/// An option of a table, view or dataset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableOption {
    /// The name in small letters.
    pub name: String,
    /// A STRING's value, the text of any other; `None` takes the option away.
    pub value: Option<String>,
}

/// `CREATE VIEW`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateView {
    /// What becomes of one that is there.
    pub operation: Operation,
    /// The view.
    pub view: ViewDefinition,
    /// The columns that it has now.
    pub columns: Vec<ColumnDefinition>,
    /// `OPTIONS`.
    pub options: Vec<TableOption>,
    /// The query as it stands now, for what it reads.
    pub query: Query,
}

/// A function or procedure that is kept in a dataset.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateRoutine {
    /// Its name.
    pub path: TablePath,
    /// What it is.
    pub kind: RoutineKind,
    /// What becomes of one that is there.
    pub operation: Operation,
    /// The statement's text.
    pub text: String,
    /// The body's text.
    pub body: String,
    /// Where bare table names in it are looked up.
    pub default_dataset: Option<String>,
    /// Its parameters in order.
    pub parameters: Vec<RoutineParameter>,
    /// The type of its values or rows, where it is declared or known.
    pub returns: Option<String>,
    /// `OPTIONS`.
    pub options: Vec<TableOption>,
}

/// What a routine is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoutineKind {
    /// It gives a value.
    Function,
    /// It gives a value for the rows of a group.
    AggregateFunction,
    /// It gives rows.
    TableFunction,
    /// It is called and runs statements.
    Procedure,
}

/// A parameter of a routine, for those who list them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoutineParameter {
    /// Its name.
    pub name: String,
    /// `IN`, `OUT` or `INOUT`; functions' have none.
    pub mode: Option<&'static str>,
    /// Its type, `ANY TYPE` where it takes any.
    pub sql_type: String,
}

impl RoutineKind {
    /// In statements and in INFORMATION_SCHEMA: `TABLE FUNCTION`.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Function => "FUNCTION",
            Self::AggregateFunction => "AGGREGATE FUNCTION",
            Self::TableFunction => "TABLE FUNCTION",
            Self::Procedure => "PROCEDURE",
        }
    }

    /// The kind of these words.
    pub fn of_words(words: &str) -> Option<Self> {
        [Self::Function, Self::AggregateFunction, Self::TableFunction, Self::Procedure]
            .into_iter()
            .find(|kind| kind.words() == words)
    }
}

/// `CREATE SCHEMA`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateSchema {
    /// The project.
    pub project: String,
    /// The dataset.
    pub dataset: String,
    /// Whether it is made.
    pub operation: Operation,
    /// `OPTIONS`.
    pub options: Vec<TableOption>,
}

/// `DROP`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drop {
    /// What kind of thing.
    pub kind: DropKind,
    /// Its name; of a dataset or function `table` or the rest is empty.
    pub path: TablePath,
    /// Whether there is something to drop.
    pub operation: Operation,
}

/// What can be dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DropKind {
    /// A table.
    Table,
    /// A view.
    View,
    /// A dataset with all that is in it.
    Schema,
    /// A function of a session or of a dataset.
    Function,
    /// A function that gives rows.
    TableFunction,
    /// A procedure.
    Procedure,
}

/// `ALTER TABLE`; its actions happen together.
#[derive(Clone, Debug, PartialEq)]
pub struct AlterTable {
    /// The table; `None` where `IF EXISTS` finds none.
    pub table: Option<Arc<TableDefinition>>,
    /// Its name.
    pub path: TablePath,
    /// The actions that are left to do, in order.
    pub actions: Vec<Alteration>,
    /// Where columns get other types: all columns that there were before, with their new types.
    pub rows: Option<Query>,
}

/// Options of a view or a dataset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetOptions {
    /// The view; of a dataset `table` is empty.
    pub path: TablePath,
    /// [`Operation::Replace`], or [`Operation::Skip`] where `IF EXISTS` finds nothing.
    pub operation: Operation,
    /// The options.
    pub options: Vec<TableOption>,
}

/// One action of `ALTER TABLE`. Columns are named as stored.
#[derive(Clone, Debug, PartialEq)]
pub enum Alteration {
    /// A column at the end, NULL in the rows that are there.
    AddColumn(ColumnDefinition),
    /// A column goes.
    DropColumn(String),
    /// A column gets another name.
    RenameColumn {
        /// Before.
        from: String,
        /// After.
        to: String,
    },
    /// The table gets another name in its dataset.
    RenameTo(String),
    /// Options of the table.
    SetOptions(Vec<TableOption>),
    /// A column's rules are replaced, and its type, where [`AlterTable::rows`] has another.
    SetRules(ColumnDefinition),
}

/// `INSERT`.
#[derive(Clone, Debug, PartialEq)]
pub struct Insert {
    /// The table.
    pub table: Arc<TableDefinition>,
    /// All columns of the table in order, defaults and NULLs filled in.
    pub rows: Query,
}

/// `UPDATE` or `DELETE`.
#[derive(Clone, Debug, PartialEq)]
pub struct Rewrite {
    /// The table.
    pub table: Arc<TableDefinition>,
    /// For every row of the table: all columns as they will be, then a BOOL, TRUE where the row is updated or deleted, then,
    /// where there is [`Rewrite::row_number`], an INT64 that numbers the table's rows from 1.
    pub rows: Query,
    /// Whether a row may come several times, once for every source row that it matches; more than one is an error.
    pub row_number: bool,
}

/// `MERGE`.
#[derive(Clone, Debug, PartialEq)]
pub struct Merge {
    /// The table.
    pub table: Arc<TableDefinition>,
    /// All columns as they will be, then an INT64 that says what becomes of the row (NULL: it stays, else one of
    /// [`MergedRow`]), then an INT64 that numbers the table's rows from 1, NULL for new ones. A row of the table that several
    /// source rows change comes several times, which is an error.
    pub rows: Query,
}

/// What MERGE does with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MergedRow {
    /// It is new.
    Inserted = 0,
    /// It has other values.
    Updated = 1,
    /// It goes.
    Deleted = 2,
}

impl Change {
    /// The query that gives the rows to write.
    pub fn query(&self) -> Option<&Query> {
        match self {
            Self::CreateTable(create) => create.rows.as_ref(),
            Self::CreateView(create) => Some(&create.query),
            Self::AlterTable(alter) => alter.rows.as_ref(),
            Self::Insert(insert) => Some(&insert.rows),
            Self::Update(rewrite) | Self::Delete(rewrite) => Some(&rewrite.rows),
            Self::Merge(merge) => Some(&merge.rows),
            _ => None,
        }
    }

    /// The query, an empty one being left in its place.
    pub fn take_query(&mut self) -> Option<Query> {
        let taken =
            |query: &mut Query| std::mem::replace(query, Query { root: super::Relation::OneRow, output: Vec::new() });
        match self {
            Self::CreateTable(create) => create.rows.take(),
            Self::CreateView(create) => Some(taken(&mut create.query)),
            Self::AlterTable(alter) => alter.rows.take(),
            Self::Insert(insert) => Some(taken(&mut insert.rows)),
            Self::Update(rewrite) | Self::Delete(rewrite) => Some(taken(&mut rewrite.rows)),
            Self::Merge(merge) => Some(taken(&mut merge.rows)),
            _ => None,
        }
    }

    /// The table, view or dataset that is written; `None` for functions. Of a dataset `table` is empty.
    pub fn written(&self) -> Option<TablePath> {
        Some(match self {
            Self::CreateTable(create) => create.path.clone(),
            Self::CreateView(create) => create.view.path.clone(),
            Self::CreateFunction { .. } => return None,
            // A function without a dataset is the session's.
            Self::Drop(Drop { kind: DropKind::Function, path, .. }) if path.dataset.is_empty() => return None,
            Self::CreateRoutine(create) => create.path.clone(),
            Self::CreateSchema(CreateSchema { project, dataset, .. }) => {
                TablePath { project: project.clone(), dataset: dataset.clone(), table: String::new() }
            }
            Self::Drop(drop) => drop.path.clone(),
            Self::AlterTable(alter) => alter.path.clone(),
            Self::SetOptions(set) => set.path.clone(),
            Self::Insert(insert) => insert.table.schema.path.clone(),
            Self::Update(rewrite) | Self::Delete(rewrite) => rewrite.table.schema.path.clone(),
            Self::Merge(merge) => merge.table.schema.path.clone(),
            Self::Truncate(table) => table.schema.path.clone(),
        })
    }

    /// The statement's first words with the name: `CREATE TABLE mine.cohort`.
    pub fn words(&self) -> String {
        let statement = match self {
            Self::CreateTable(create) if create.lifetime == Lifetime::Temporary => "CREATE TEMP TABLE",
            Self::CreateTable(_) => "CREATE TABLE",
            Self::CreateView(_) => "CREATE VIEW",
            Self::CreateFunction { function, .. } => return format!("CREATE TEMP FUNCTION {}", function.name),
            Self::CreateSchema(_) => "CREATE SCHEMA",
            Self::Drop(drop) => match drop.kind {
                DropKind::Table => "DROP TABLE",
                DropKind::View => "DROP VIEW",
                DropKind::Schema => "DROP SCHEMA",
                DropKind::Function if drop.path.dataset.is_empty() => {
                    return format!("DROP FUNCTION {}", drop.path.table);
                }
                DropKind::Function => "DROP FUNCTION",
                DropKind::TableFunction => "DROP TABLE FUNCTION",
                DropKind::Procedure => "DROP PROCEDURE",
            },
            Self::CreateRoutine(create) => match create.kind {
                RoutineKind::Function => "CREATE FUNCTION",
                RoutineKind::AggregateFunction => "CREATE AGGREGATE FUNCTION",
                RoutineKind::TableFunction => "CREATE TABLE FUNCTION",
                RoutineKind::Procedure => "CREATE PROCEDURE",
            },
            Self::AlterTable(_) => "ALTER TABLE",
            Self::SetOptions(set) if set.path.table.is_empty() => "ALTER SCHEMA",
            Self::SetOptions(_) => "ALTER VIEW",
            Self::Insert(_) => "INSERT INTO",
            Self::Update(_) => "UPDATE",
            Self::Delete(_) => "DELETE FROM",
            Self::Merge(_) => "MERGE",
            Self::Truncate(_) => "TRUNCATE TABLE",
        };
        match self.written() {
            Some(path) if path.table.is_empty() => format!("{statement} {}", path.dataset),
            Some(path) => format!("{statement} {}.{}", path.dataset, path.table),
            None => statement.to_owned(),
        }
    }
}
