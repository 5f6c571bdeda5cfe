//! Which statement it is, and what its names are about.

use super::{Resolver, query};
use crate::catalog::{Catalog, Found, Place, Refusal, RefusalKind, TableDefinition};
use crate::error::{Result, SqlError, SqlErrorKind};
use crate::script::Surroundings;
use crate::syntax::{self, DropKind, Name};
use crate::tree::{self, Change, Lifetime, Operation, Statement};
use crate::{TablePath, tree::Drop};
use bedside_types::Position;
use std::sync::Arc;

/// A statement, resolved; its queries are pruned to the columns that they depend on.
pub(crate) fn statement(
    syntax: &syntax::Statement,
    catalog: &dyn Catalog,
    surroundings: &Surroundings,
) -> Result<Statement> {
    let mut resolver = Resolver::new(catalog, surroundings);
    let change = match syntax {
        syntax::Statement::Query(syntax) => return query(syntax, &mut resolver).map(Statement::Query),
        syntax::Statement::Explain(syntax) => return query(syntax, &mut resolver).map(Statement::Explain),
        syntax::Statement::Export(export) => return resolver.export(export).map(|e| Statement::Export(Box::new(e))),
        syntax::Statement::Load(load) => return resolver.load(load).map(|load| Statement::Load(Box::new(load))),
        syntax::Statement::CreateTable(create) => Change::CreateTable(resolver.create_table(create)?),
        syntax::Statement::CreateView(create) => Change::CreateView(resolver.create_view(create)?),
        syntax::Statement::CreateFunction(create) => resolver.create_function(create)?,
        syntax::Statement::CreateTableFunction(create) => resolver.create_table_function(create)?,
        syntax::Statement::CreateProcedure(create) => resolver.create_procedure(create)?,
        syntax::Statement::CreateSchema(create) => Change::CreateSchema(resolver.create_schema(create)?),
        syntax::Statement::Drop(drop) => Change::Drop(resolver.drop_object(drop)?),
        syntax::Statement::AlterTable(alter) => Change::AlterTable(resolver.alter_table(alter)?),
        syntax::Statement::AlterOptions(alter) => Change::SetOptions(resolver.alter_options(alter)?),
        syntax::Statement::Insert(insert) => Change::Insert(resolver.insert(insert)?),
        syntax::Statement::Update(update) => Change::Update(resolver.update(update)?),
        syntax::Statement::Delete(delete) => Change::Delete(resolver.delete(delete)?),
        syntax::Statement::Merge(merge) => Change::Merge(resolver.merge(merge)?),
        syntax::Statement::Truncate(path) => Change::Truncate(resolver.target(path)?.1),
        syntax::Statement::Control(_) => {
            let position = Position::new(1, 1);
            return Err(SqlError::unsupported("The procedural language where one statement is asked for", position));
        }
    };
    Ok(Statement::Change(Box::new(change)))
}

impl Resolver<'_> {
    /// The parts of a table's path, whole paths in backticks taken apart; a bare name inside a view is of the view's dataset.
    pub(super) fn table_parts(&self, path: &[Name]) -> Vec<String> {
        let mut parts = parts(path);
        if let (1, Some(Some(dataset))) = (parts.len(), self.views.last()) {
            parts.splice(0..0, dataset.split('.').map(str::to_owned));
        }
        parts
    }

    /// What lives only as long as a text cannot be part of a view.
    pub(super) fn check_in_view(&self, parts: &[String], position: Position) -> Result<()> {
        match parts {
            _ if self.views.is_empty() => Ok(()),
            [table] => {
                let message = format!("Table \"{table}\" must be qualified with a dataset (e.g. dataset.table)");
                Err(SqlError::name(message, position))
            }
            [dataset, ..] if dataset.eq_ignore_ascii_case("_SESSION") => {
                Err(SqlError::rule("A view cannot refer to a temporary table", position))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn place(&self, path: &[Name], lifetime: Lifetime) -> Result<Place> {
        self.catalog.place(&parts(path), lifetime).map_err(|refusal| refused(refusal, path[0].position))
    }

    /// The table that a statement changes; it must be there.
    pub(super) fn target(&self, path: &[Name]) -> Result<(Place, Arc<TableDefinition>)> {
        let position = path[0].position;
        let place = self.place(path, Lifetime::Kept)?;
        let table = match &place.found {
            Found::Table(table) => Arc::clone(table),
            Found::View(_) => return Err(not_allowed(&place.path, "VIEW", position)),
            Found::Nothing => return Err(missing(&place.path, position)),
        };
        Ok((place, table))
    }

    fn drop_object(&mut self, drop: &syntax::Drop) -> Result<Drop> {
        let position = drop.name[0].position;
        let (kind, path, there) = match drop.kind {
            DropKind::Table | DropKind::View => {
                let place = self.place(&drop.name, Lifetime::Kept);
                let place = match place {
                    // A dataset that is not there holds no table.
                    Err(error) if drop.if_exists && error.message.starts_with("Not found: Dataset") => {
                        let kind =
                            if drop.kind == DropKind::Table { tree::DropKind::Table } else { tree::DropKind::View };
                        return Ok(Drop { kind, path: rough_path(&drop.name), operation: Operation::Skip });
                    }
                    other => other?,
                };
                match (drop.kind, &place.found) {
                    (DropKind::Table, Found::View(_)) => return Err(not_allowed(&place.path, "VIEW", position)),
                    (DropKind::View, Found::Table(_)) => return Err(not_allowed(&place.path, "TABLE", position)),
                    (DropKind::Table, found) => (tree::DropKind::Table, place.path, *found != Found::Nothing),
                    (_, found) => (tree::DropKind::View, place.path, *found != Found::Nothing),
                }
            }
            DropKind::Schema => {
                let schema = self.catalog.schema(&parts(&drop.name)).map_err(|r| refused(r, position))?;
                let (project, dataset) = (schema.project, schema.dataset);
                if schema.objects.is_some_and(|objects| objects > 0) && !drop.cascade {
                    let message = format!("Dataset {project}:{dataset} is still in use");
                    return Err(SqlError::rule(message, position)
                        .with_hint(format!("DROP SCHEMA {dataset} CASCADE drops it with all tables in it")));
                }
                let path = TablePath { project, dataset, table: String::new() };
                (tree::DropKind::Schema, path, schema.objects.is_some())
            }
            DropKind::Function | DropKind::TableFunction | DropKind::Procedure => {
                self.dropped_routine(drop.kind, &drop.name)?
            }
        };
        let operation = match (there, drop.if_exists) {
            (true, _) => Operation::Drop,
            (false, true) => Operation::Skip,
            (false, false) => {
                let error = match kind {
                    tree::DropKind::Function if path.dataset.is_empty() => {
                        SqlError::name(format!("Not found: Function {}", path.table), position)
                    }
                    tree::DropKind::Function | tree::DropKind::TableFunction | tree::DropKind::Procedure => {
                        let TablePath { project, dataset, table } = &path;
                        SqlError::name(format!("Not found: Routine {project}:{dataset}.{table}"), position)
                    }
                    tree::DropKind::Schema => {
                        SqlError::name(format!("Not found: Dataset {}:{}", path.project, path.dataset), position)
                    }
                    _ => missing(&path, position),
                };
                return Err(error);
            }
        };
        Ok(Drop { kind, path, operation })
    }
}

/// The parts of a path, whole paths in backticks taken apart.
pub(super) fn parts(path: &[Name]) -> Vec<String> {
    path.iter().flat_map(|name| name.text.split('.').map(str::to_owned)).collect()
}

fn rough_path(name: &[Name]) -> TablePath {
    let mut parts = parts(name).into_iter().rev();
    let table = parts.next().unwrap_or_default();
    let dataset = parts.next().unwrap_or_default();
    TablePath { project: parts.next().unwrap_or_default(), dataset, table }
}

pub(super) fn refused(refusal: Refusal, position: Position) -> SqlError {
    let kind = match refusal.kind {
        RefusalKind::NotFound => SqlErrorKind::Name,
        RefusalKind::ReadOnly => SqlErrorKind::Denied,
        RefusalKind::InvalidName => SqlErrorKind::Rule,
    };
    let error = SqlError::new(kind, refusal.message, position);
    match refusal.hint {
        Some(hint) => error.with_hint(hint),
        None => error,
    }
}

pub(super) fn missing(path: &TablePath, position: Position) -> SqlError {
    SqlError::name(format!("Not found: Table {}:{}.{}", path.project, path.dataset, path.table), position)
}

pub(super) fn exists(path: &TablePath, position: Position) -> SqlError {
    let message = format!("Already Exists: Table {}:{}.{}", path.project, path.dataset, path.table);
    SqlError::new(SqlErrorKind::Exists, message, position)
}

pub(super) fn not_allowed(path: &TablePath, kind: &str, position: Position) -> SqlError {
    let TablePath { project, dataset, table } = path;
    let message =
        format!("{project}:{dataset}.{table} is not allowed for this operation because it is currently a {kind}.");
    SqlError::rule(message, position)
}
