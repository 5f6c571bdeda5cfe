//! What SET gives to columns in UPDATE and MERGE, and to fields of columns.

use super::Resolver;
use super::assign::assigned;
use super::definition::{same_name, unrecognized};
use super::rewrite::Target;
use super::scope::Context;
use crate::error::{Result, SqlError};
use crate::syntax::{self, Name};
use crate::tree::{Expression, ExpressionKind, OnError};
use bedside_types::{Position, SqlType, StructField, nearest};
use std::collections::{BTreeMap, HashMap};

/// What is set of a value.
enum Setting {
    /// All of it.
    Whole(Expression),
    /// Fields of a STRUCT, by their place; the others stay.
    Fields(BTreeMap<usize, Setting>),
}

impl Resolver<'_> {
    /// What SET gives to columns, by their place.
    pub(super) fn assignments(
        &mut self,
        target: &Target,
        items: &[(Vec<Name>, Option<syntax::Node>)],
        context: &Context<'_>,
    ) -> Result<HashMap<usize, Expression>> {
        let mut settings: BTreeMap<usize, Setting> = BTreeMap::new();
        for (path, node) in items {
            let (place, fields) = target.place_of(path)?;
            let definition = &target.table.columns[place];
            let (places, sql_type) = field_places(&definition.sql_type, fields)?;
            let position = path[path.len() - 1].position;
            let value = match node {
                None if !fields.is_empty() => {
                    return Err(SqlError::rule("A field of a STRUCT cannot be set to DEFAULT", position));
                }
                None => self.default_value(definition, position)?,
                Some(node) => {
                    let value = self.expression(node, context)?;
                    assigned(value, sql_type, |found| {
                        let name = fields.iter().fold(definition.name.clone(), |name, field| name + "." + &field.text);
                        format!("Value of type {found} cannot be assigned to {name}, which has type {sql_type}")
                    })?
                }
            };
            if !put(&mut settings, place, &places, value) {
                let name = path.iter().map(|name| name.text.as_str()).collect::<Vec<_>>().join(".");
                let message = format!("Update item {name} assigned more than once");
                return Err(SqlError::name(message, position));
            }
        }
        let mut set = HashMap::new();
        for (place, setting) in settings {
            let position = items.first().map_or(Position::new(1, 1), |(path, _)| path[0].position);
            let old = target.value(place, position);
            let old = old.ok_or_else(|| SqlError::internal("a column that is set has no value", position))?;
            set.insert(place, built(old, setting));
        }
        Ok(set)
    }
}

impl Target {
    /// The column that an item of SET names, and the fields inside of it.
    fn place_of<'p>(&self, path: &'p [Name]) -> Result<(usize, &'p [Name])> {
        let columns = &self.table.columns;
        let find = |name: &Name| columns.iter().position(|column| same_name(&column.name, &name.text));
        if let [qualifier, name, fields @ ..] = path
            && same_name(&qualifier.text, &self.alias)
        {
            match (find(name), find(qualifier)) {
                (Some(place), _) => return Ok((place, fields)),
                (None, None) => return Err(unrecognized(name, columns)),
                // A column that has the table's name.
                (None, Some(_)) => {}
            }
        }
        let nothing = || SqlError::internal("an UPDATE item without a name", Position::new(1, 1));
        let (name, fields) = path.split_first().ok_or_else(nothing)?;
        find(name).map(|place| (place, fields)).ok_or_else(|| unrecognized(name, columns))
    }
}

/// Where a path of fields leads: their places, and the type of the last.
fn field_places<'t>(mut sql_type: &'t SqlType, path: &[Name]) -> Result<(Vec<usize>, &'t SqlType)> {
    let mut places = Vec::new();
    for name in path {
        let SqlType::Struct(fields) = sql_type else {
            let message = format!("Cannot access field {} on a value with type {sql_type}", name.text);
            return Err(SqlError::types(message, name.position));
        };
        let is = |field: &StructField| field.name.as_ref().is_some_and(|own| same_name(own, &name.text));
        let Some(place) = fields.iter().position(is) else {
            let near = nearest(&name.text, fields.iter().filter_map(|field| field.name.as_deref()));
            let near = near.map(|near| format!("; Did you mean {near}?")).unwrap_or_default();
            let message = format!("Field name {} does not exist in {sql_type}{near}", name.text);
            return Err(SqlError::name(message, name.position));
        };
        places.push(place);
        sql_type = &fields[place].sql_type;
    }
    Ok((places, sql_type))
}

/// Notes what is set; not where it is set already, in whole or in part.
fn put(settings: &mut BTreeMap<usize, Setting>, place: usize, fields: &[usize], value: Expression) -> bool {
    let Some((field, rest)) = fields.split_first() else {
        return match settings.entry(place) {
            std::collections::btree_map::Entry::Vacant(free) => {
                free.insert(Setting::Whole(value));
                true
            }
            std::collections::btree_map::Entry::Occupied(_) => false,
        };
    };
    match settings.entry(place).or_insert_with(|| Setting::Fields(BTreeMap::new())) {
        Setting::Whole(_) => false,
        Setting::Fields(inner) => put(inner, *field, rest, value),
    }
}

/// The value as it will be. A STRUCT that is NULL becomes one whose other fields are NULL.
fn built(old: Expression, setting: Setting) -> Expression {
    let mut settings = match setting {
        Setting::Whole(value) => return value,
        Setting::Fields(settings) => settings,
    };
    let (sql_type, position) = (old.sql_type.clone(), old.position);
    let SqlType::Struct(fields) = &sql_type else { return old };
    let values = fields.iter().enumerate().map(|(index, field)| {
        let kind = ExpressionKind::Field { operand: Box::new(old.clone()), index };
        let kept = Expression { kind, sql_type: field.sql_type.clone(), position };
        match settings.remove(&index) {
            Some(setting) => built(kept, setting),
            None => kept,
        }
    });
    let arguments = values.collect();
    let kind = ExpressionKind::Call { function: "$struct", arguments, on_error: OnError::Fail };
    Expression { kind, sql_type, position }
}
