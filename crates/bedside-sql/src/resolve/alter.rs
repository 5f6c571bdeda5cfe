//! ALTER TABLE.

use super::Resolver;
use super::definition::{TABLE_OPTIONS, check_column_name, find, same_name};
use super::statement::{exists, missing, not_allowed, parts};
use crate::catalog::{ColumnDefinition, Found, Place};
use crate::error::{Result, SqlError};
use crate::syntax::{self, Name};
use crate::tree::{AlterTable, Alteration, Lifetime};
use bedside_types::nearest;

impl Resolver<'_> {
    pub(super) fn alter_table(&mut self, alter: &syntax::AlterTable) -> Result<AlterTable> {
        let position = alter.table[0].position;
        let place = self.place(&alter.table, Lifetime::Kept)?;
        let table = match &place.found {
            Found::Table(table) => table.clone(),
            Found::View(_) => return Err(not_allowed(&place.path, "VIEW", position)),
            Found::Nothing if alter.if_exists => {
                return Ok(AlterTable { table: None, path: place.path, actions: Vec::new() });
            }
            Found::Nothing => return Err(missing(&place.path, position)),
        };
        // Later actions see what earlier ones did.
        let mut columns = table.columns.clone();
        let mut actions = Vec::new();
        for action in &alter.actions {
            if let Some(action) = self.alteration(action, &place, &mut columns)? {
                actions.push(action);
            }
        }
        if columns.is_empty() {
            return Err(SqlError::rule("ALTER TABLE DROP COLUMN cannot drop the last column of a table", position));
        }
        Ok(AlterTable { table: Some(table), path: place.path, actions })
    }

    /// What an action comes to; `None` where its IF says that there is nothing to do.
    fn alteration(
        &mut self,
        action: &syntax::Alteration,
        place: &Place,
        columns: &mut Vec<ColumnDefinition>,
    ) -> Result<Option<Alteration>> {
        use syntax::Alteration as Written;
        Ok(Some(match action {
            Written::AddColumn { column, if_not_exists } => {
                if find(columns, &column.name.text).is_some() {
                    if *if_not_exists {
                        return Ok(None);
                    }
                    return Err(taken(&column.name));
                }
                let resolved = self.column_definition(column)?;
                if resolved.required {
                    let message = format!("Cannot add required column {} to an existing table", resolved.name);
                    return Err(SqlError::rule(message, column.name.position)
                        .with_hint("add it without NOT NULL: rows that are there have no value for it"));
                }
                if resolved.default.is_some() {
                    let message = "Add column with default value to an existing table schema is not supported";
                    return Err(SqlError::rule(message, column.name.position)
                        .with_hint("add the column first, then ALTER COLUMN … SET DEFAULT"));
                }
                columns.push(resolved.clone());
                Alteration::AddColumn(resolved)
            }
            Written::DropColumn { name, if_exists } => {
                let Some(column) = known(columns, name, *if_exists)? else { return Ok(None) };
                columns.retain(|other| other.name != column.name);
                Alteration::DropColumn(column.name)
            }
            Written::RenameColumn { name, to, if_exists } => {
                let Some(column) = known(columns, name, *if_exists)? else { return Ok(None) };
                if columns.iter().any(|other| other.name != column.name && same_name(&other.name, &to.text)) {
                    return Err(taken(to));
                }
                check_column_name(&to.text, to.position)?;
                for other in columns.iter_mut().filter(|other| other.name == column.name) {
                    other.name.clone_from(&to.text);
                }
                Alteration::RenameColumn { from: column.name, to: to.text.clone() }
            }
            Written::RenameTo(path) => Alteration::RenameTo(self.new_table_name(path, place)?),
            Written::SetOptions(options) => Alteration::SetOptions(self.options(options, TABLE_OPTIONS)?),
            Written::DropNotNull { name, if_exists } => {
                let Some(column) = known(columns, name, *if_exists)? else { return Ok(None) };
                changed(columns, ColumnDefinition { required: false, ..column })
            }
            Written::SetDefault { name, default, if_exists } => {
                let Some(column) = known(columns, name, *if_exists)? else { return Ok(None) };
                if let Some((node, _)) = default {
                    self.check_default(node, &column.sql_type)?;
                }
                let default = default.as_ref().map(|(_, text)| text.clone());
                changed(columns, ColumnDefinition { default, ..column })
            }
            Written::SetColumnOptions { name, options, if_exists } => {
                let Some(column) = known(columns, name, *if_exists)? else { return Ok(None) };
                let options = self.options(options, &["description", "rounding_mode"])?;
                let set = options.into_iter().find(|option| option.name == "description");
                let description = set.map_or(column.description.clone(), |option| option.value);
                changed(columns, ColumnDefinition { description, ..column })
            }
        }))
    }

    /// `RENAME TO`: a name alone, or one in the same dataset.
    fn new_table_name(&mut self, path: &[Name], place: &Place) -> Result<String> {
        let position = path[0].position;
        let mut whole = parts(path);
        if whole.len() > 1 {
            let other = self.place(path, Lifetime::Kept)?;
            if other.path.dataset != place.path.dataset || other.path.project != place.path.project {
                let message = "ALTER TABLE RENAME TO cannot move a table to another dataset";
                return Err(SqlError::rule(message, position).with_hint("CREATE TABLE other.t COPY t; DROP TABLE t"));
            }
        }
        let name = whole.pop().unwrap_or_default();
        let target = vec![place.path.project.clone(), place.path.dataset.clone(), name.clone()];
        let there = self.catalog.place(&target, place.lifetime);
        let there = there.map_err(|refusal| super::statement::refused(refusal, position))?;
        if there.found != Found::Nothing {
            return Err(exists(&there.path, position));
        }
        Ok(name)
    }
}

fn changed(columns: &mut [ColumnDefinition], column: ColumnDefinition) -> Alteration {
    for other in columns.iter_mut().filter(|other| other.name == column.name) {
        *other = column.clone();
    }
    Alteration::SetRules(column)
}

fn known(columns: &[ColumnDefinition], name: &Name, if_exists: bool) -> Result<Option<ColumnDefinition>> {
    match find(columns, &name.text) {
        Some(column) => Ok(Some(column.clone())),
        None if if_exists => Ok(None),
        None => {
            let near = nearest(&name.text, columns.iter().map(|column| column.name.as_str()));
            let near = near.map(|near| format!("; Did you mean {near}?")).unwrap_or_default();
            Err(SqlError::name(format!("Column not found: {}{near}", name.text), name.position))
        }
    }
}

fn taken(name: &Name) -> SqlError {
    SqlError::name(format!("Column already exists: {}", name.text), name.position)
}
