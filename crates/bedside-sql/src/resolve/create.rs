//! CREATE TABLE, VIEW and SCHEMA.

use super::assign::{assigned, of_row};
use super::definition::{self, SCHEMA_OPTIONS, TABLE_OPTIONS, check_column_name, check_storable, same_name};
use super::statement::{exists, not_allowed, parts, refused};
use super::{Resolver, Rows, pruned};
use crate::catalog::{ColumnDefinition, Found, Place, ViewDefinition};
use crate::error::{Result, SqlError, SqlErrorKind};
use crate::syntax::{self, CreateMode, OriginKind};
use crate::tree::{self, CreateSchema, CreateTable, CreateView, Lifetime, Operation, OutputColumn, Query};
use bedside_types::Position;

impl Resolver<'_> {
    pub(super) fn create_table(&mut self, create: &syntax::CreateTable) -> Result<CreateTable> {
        let lifetime = if create.temporary { Lifetime::Temporary } else { Lifetime::Kept };
        let place = self.place(&create.name, lifetime)?;
        let operation = operation(create.mode, &place, "VIEW", create.name[0].position)?;
        let (columns, rows) = self.contents(create)?;
        let partition_column = match &create.partition {
            Some((node, _)) => self.partition(node, &columns)?,
            None => None,
        };
        let cluster = definition::cluster(&create.cluster, &columns)?;
        let options = self.options(&create.options, TABLE_OPTIONS)?;
        let partition = create.partition.as_ref().map(|(_, text)| text.clone());
        let (path, lifetime) = (place.path, place.lifetime);
        Ok(CreateTable { path, lifetime, operation, columns, partition, partition_column, cluster, options, rows })
    }

    /// The columns of a new table and its first rows.
    fn contents(&mut self, create: &syntax::CreateTable) -> Result<(Vec<ColumnDefinition>, Option<Query>)> {
        let position = create.name[0].position;
        let mut declared = Vec::new();
        for column in create.columns.iter().flatten() {
            let resolved = self.column_definition(column)?;
            if definition::find(&declared, &resolved.name).is_some() {
                let message = format!("Duplicate column name {} in CREATE TABLE", resolved.name);
                return Err(SqlError::name(message, column.name.position));
            }
            declared.push(resolved);
        }
        if let Some(origin) = &create.origin {
            let (table, mut rows) = self.whole_table(&origin.table)?;
            if create.columns.is_some() {
                return Err(SqlError::unsupported("A column list with LIKE, COPY or CLONE", position));
            }
            if origin.kind == OriginKind::Like {
                rows = match &create.query {
                    Some(query) => Some(self.rows_for(query, &table, Mismatch::Like)?),
                    None => None,
                };
            } else if let Some(query) = &create.query {
                return Err(SqlError::rule("CREATE TABLE COPY cannot have a query", query.position));
            }
            return Ok((table, rows));
        }
        match (&create.query, declared.is_empty()) {
            (None, true) => Err(SqlError::rule("No column definitions in CREATE TABLE", position)),
            (None, false) => Ok((declared, None)),
            (Some(query), false) => {
                let rows = self.rows_for(query, &declared, Mismatch::Declared)?;
                Ok((declared, Some(rows)))
            }
            (Some(query), true) => {
                let rows = self.top_query(query)?;
                let columns = named_columns(&rows, "CREATE TABLE", query.position)?;
                Ok((columns, Some(pruned(rows.into_query()))))
            }
        }
    }

    /// The rules and the rows of a table that another is made after.
    fn whole_table(&mut self, path: &[syntax::Name]) -> Result<(Vec<ColumnDefinition>, Option<Query>)> {
        let (relation, scope) =
            self.from(&syntax::Table::Path { path: path.to_vec(), alias: None, offset: None, as_of: None }, None)?;
        let output = scope.star.iter().map(|column| OutputColumn {
            name: column.name.clone().unwrap_or_default(),
            column: column.id,
            sql_type: column.sql_type.clone(),
        });
        let output: Vec<OutputColumn> = output.collect();
        let stored = self.catalog.place(&parts(path), Lifetime::Kept).map(|place| place.found);
        let columns = match stored {
            Ok(Found::Table(table)) => table.columns.clone(),
            _ => output.iter().map(|c| ColumnDefinition::plain(&c.name, c.sql_type.clone())).collect(),
        };
        Ok((columns, Some(pruned(Query { root: relation, output }))))
    }

    /// A query's rows as rows of these columns.
    fn rows_for(&mut self, query: &syntax::Query, columns: &[ColumnDefinition], mismatch: Mismatch) -> Result<Query> {
        let rows = self.top_query(query)?;
        if rows.columns.len() != columns.len() {
            let message = match mismatch {
                Mismatch::Declared => {
                    "The number of columns in the column definition list does not match the number of columns produced \
                     by the query"
                }
                Mismatch::Like => {
                    "The number of columns in the LIKE table does not match the number of columns produced by the query"
                }
            };
            return Err(SqlError::rule(message, query.position));
        }
        let mut values = Vec::new();
        for (row, column) in rows.columns.iter().zip(columns) {
            let value = assigned(of_row(row, query.position), &column.sql_type, |found| {
                format!(
                    "Column '{}' has type {} which cannot be coerced from query output type {found}",
                    column.name, column.sql_type
                )
            })?;
            values.push((column.name.clone(), value));
        }
        Ok(pruned(self.output_of(rows.relation, values)))
    }

    /// A query that gives these values for every row of a relation.
    pub(super) fn output_of(&mut self, relation: tree::Relation, values: Vec<(String, tree::Expression)>) -> Query {
        let mut computed = Vec::new();
        let mut output = Vec::new();
        for (name, value) in values {
            let sql_type = value.sql_type.clone();
            let column = match value.kind {
                tree::ExpressionKind::Column(id) => id,
                _ => {
                    let id = self.new_column();
                    computed.push((id, value));
                    id
                }
            };
            output.push(OutputColumn { name, column, sql_type });
        }
        Query { root: Self::project(relation, computed), output }
    }

    pub(super) fn create_view(&mut self, create: &syntax::CreateView) -> Result<CreateView> {
        let place = self.place(&create.name, Lifetime::Kept)?;
        let position = create.name[0].position;
        let operation = operation(create.mode, &place, "TABLE", position)?;
        let names = create.columns.as_ref().map(|names| names.iter().map(|n| n.text.clone()).collect::<Vec<_>>());
        // As it will be read: without what lives only as long as this text.
        self.views.push(self.catalog.default_dataset().map(str::to_owned));
        let rows = self.top_query(&create.query);
        let default_dataset = self.views.pop().flatten();
        let mut rows = rows?;
        if let Some(names) = &names {
            rename(&mut rows, names, create.query.position)?;
        }
        let columns = named_columns(&rows, "CREATE VIEW", create.query.position)?;
        let options = self.options(&create.options, TABLE_OPTIONS)?;
        let view = ViewDefinition { path: place.path, text: create.text.clone(), columns: names, default_dataset };
        Ok(CreateView { operation, view, columns, options, query: pruned(rows.into_query()) })
    }

    pub(super) fn create_schema(&mut self, create: &syntax::CreateSchema) -> Result<CreateSchema> {
        let position = create.name[0].position;
        let schema = self.catalog.schema(&parts(&create.name)).map_err(|refusal| refused(refusal, position))?;
        let operation = match (schema.objects, create.mode) {
            (None, _) => Operation::Create,
            (Some(_), CreateMode::IfNotExists) => Operation::Skip,
            (Some(_), _) => {
                let message = format!("Already Exists: Dataset {}:{}", schema.project, schema.dataset);
                return Err(SqlError::new(SqlErrorKind::Exists, message, position));
            }
        };
        let options = self.options(&create.options, SCHEMA_OPTIONS)?;
        Ok(CreateSchema { project: schema.project, dataset: schema.dataset, operation, options })
    }
}

/// Which list of columns a query does not match.
#[derive(Clone, Copy)]
enum Mismatch {
    Declared,
    Like,
}

/// What becomes of what is there; `other` is the kind that the name may be taken by.
fn operation(mode: CreateMode, place: &Place, other: &str, position: Position) -> Result<Operation> {
    let same_kind = match &place.found {
        Found::Nothing => return Ok(Operation::Create),
        Found::Table(_) => other == "VIEW",
        Found::View(_) => other == "TABLE",
    };
    match mode {
        CreateMode::IfNotExists => Ok(Operation::Skip),
        CreateMode::Replace if same_kind => Ok(Operation::Replace),
        CreateMode::Replace => Err(not_allowed(&place.path, other, position)),
        CreateMode::Plain => Err(exists(&place.path, position)),
    }
}

/// The columns of a query that becomes a table or view: all named, all differently.
fn named_columns(rows: &Rows, statement: &str, position: Position) -> Result<Vec<ColumnDefinition>> {
    let mut columns: Vec<ColumnDefinition> = Vec::new();
    for (index, row) in rows.columns.iter().enumerate() {
        let Some(name) = &row.name else {
            let message = format!("{statement} columns must be named, but column {} has no name", index + 1);
            return Err(SqlError::name(message, position).with_hint("give it a name with AS"));
        };
        if columns.iter().any(|column| same_name(&column.name, name)) {
            let message = format!("{statement} has columns with duplicate name {name}");
            return Err(SqlError::name(message, position));
        }
        check_column_name(name, position)?;
        check_storable(name, &row.sql_type, position)?;
        columns.push(ColumnDefinition::plain(name, row.sql_type.clone()));
    }
    Ok(columns)
}

/// Gives a view's columns the names of its list.
pub(super) fn rename(rows: &mut Rows, names: &[String], position: Position) -> Result<()> {
    if names.len() != rows.columns.len() {
        let message = format!(
            "The number of view column names ({}) must be equal to the number of columns from the view query ({})",
            names.len(),
            rows.columns.len()
        );
        return Err(SqlError::rule(message, position));
    }
    for (row, name) in rows.columns.iter_mut().zip(names) {
        row.name = Some(name.clone());
    }
    Ok(())
}
