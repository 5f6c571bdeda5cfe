//! ALTER TABLE.

use super::definition::{SCHEMA_OPTIONS, TABLE_OPTIONS, check_column_name, find, same_name, type_parameters};
use super::statement::{exists, missing, not_allowed, parts, refused};
use super::{Resolver, column};
use crate::TablePath;
use crate::catalog::{ColumnDefinition, Found, Place, TableDefinition, TypeParameters};
use crate::coerce;
use crate::error::{Result, SqlError};
use crate::syntax::{self, Name};
use crate::tree::{AlterTable, Alteration, Lifetime, Operation, Query, Relation, SetOptions};
use bedside_types::{Position, SqlType, nearest};
use std::sync::Arc;

impl Resolver<'_> {
    pub(super) fn alter_table(&mut self, alter: &syntax::AlterTable) -> Result<AlterTable> {
        let position = alter.table[0].position;
        let place = self.place(&alter.table, Lifetime::Kept)?;
        let table = match &place.found {
            Found::Table(table) => table.clone(),
            Found::View(_) => return Err(not_allowed(&place.path, "VIEW", position)),
            Found::Nothing if alter.if_exists => {
                return Ok(AlterTable { table: None, path: place.path, actions: Vec::new(), rows: None });
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
        let rows = self.retyped(&table, &actions, position)?;
        Ok(AlterTable { table: Some(table), path: place.path, actions, rows })
    }

    /// The table's rows where actions give its columns other types.
    fn retyped(
        &mut self,
        table: &TableDefinition,
        actions: &[Alteration],
        position: Position,
    ) -> Result<Option<Query>> {
        let new_type = |name: &str| {
            actions.iter().rev().find_map(|action| match action {
                Alteration::SetRules(rules) if rules.name == name => Some(&rules.sql_type),
                _ => None,
            })
        };
        let is_new = |column: &ColumnDefinition| new_type(&column.name).is_some_and(|new| *new != column.sql_type);
        if !table.columns.iter().any(is_new) {
            return Ok(None);
        }
        let mut scanned = Vec::new();
        let mut values = Vec::new();
        for (index, rules) in table.columns.iter().enumerate() {
            let id = self.new_column();
            scanned.push((index, id));
            let value = column(id, rules.sql_type.clone(), position);
            let wanted = new_type(&rules.name).unwrap_or(&rules.sql_type);
            values.push((rules.name.clone(), coerce::coerce(value, wanted)?));
        }
        let relation = Relation::Table { table: Arc::clone(&table.schema), columns: scanned, as_of: None, position };
        Ok(Some(self.output_of(relation, values)))
    }

    pub(super) fn alter_options(&mut self, alter: &syntax::AlterOptions) -> Result<SetOptions> {
        let position = alter.name[0].position;
        let (path, there, known) = if alter.kind == syntax::DropKind::Schema {
            let schema = self.catalog.schema(&parts(&alter.name)).map_err(|refusal| refused(refusal, position))?;
            let path = TablePath { project: schema.project, dataset: schema.dataset, table: String::new() };
            (path, schema.objects.is_some(), SCHEMA_OPTIONS)
        } else {
            let place = self.place(&alter.name, Lifetime::Kept)?;
            if let Found::Table(_) = place.found {
                return Err(not_allowed(&place.path, "TABLE", position));
            }
            (place.path, place.found != Found::Nothing, TABLE_OPTIONS)
        };
        let operation = match (there, alter.if_exists) {
            (true, _) => Operation::Replace,
            (false, true) => Operation::Skip,
            (false, false) if path.table.is_empty() => {
                let message = format!("Not found: Dataset {}:{}", path.project, path.dataset);
                return Err(SqlError::name(message, position));
            }
            (false, false) => return Err(missing(&path, position)),
        };
        let options = self.options(&alter.options, known)?;
        Ok(SetOptions { path, operation, options })
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
            Written::SetDataType { name, declared, if_exists } => {
                let Some(column) = known(columns, name, *if_exists)? else { return Ok(None) };
                let (sql_type, parameters) = (declared.sql_type.clone(), type_parameters(declared)?);
                if !widens(&column, &sql_type, parameters) {
                    let new = ColumnDefinition { sql_type, parameters, ..column.clone() };
                    let message = format!(
                        "ALTER TABLE ALTER COLUMN SET DATA TYPE requires that the existing column type ({}) is assignable \
                         to the new type ({})",
                        column.declared(),
                        new.declared()
                    );
                    return Err(SqlError::types(message, name.position)
                        .with_hint("CREATE OR REPLACE TABLE t AS SELECT * REPLACE (CAST(x AS …) AS x) FROM t"));
                }
                changed(columns, ColumnDefinition { sql_type, parameters, ..column })
            }
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
        let there = there.map_err(|refusal| refused(refusal, position))?;
        if there.found != Found::Nothing {
            return Err(exists(&there.path, position));
        }
        Ok(name)
    }
}

/// Whether every value of a column is one of the type, too.
fn widens(column: &ColumnDefinition, to: &SqlType, parameters: TypeParameters) -> bool {
    if column.sql_type == *to {
        return match (column.parameters, parameters) {
            (_, TypeParameters::None) => true,
            (TypeParameters::Length(old), TypeParameters::Length(new)) => new >= old,
            (
                TypeParameters::Digits { precision: old, scale: old_scale },
                TypeParameters::Digits { precision: new, scale: new_scale },
            ) => new_scale >= old_scale && new.saturating_sub(new_scale) >= old.saturating_sub(old_scale),
            _ => false,
        };
    }
    let wider = matches!(
        (&column.sql_type, to),
        (SqlType::Int64, SqlType::Numeric | SqlType::BigNumeric | SqlType::Float64)
            | (SqlType::Numeric, SqlType::BigNumeric | SqlType::Float64)
            | (SqlType::BigNumeric, SqlType::Float64)
    );
    wider && parameters == TypeParameters::None
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
