//! Names with dots, fields and subscripts.

use super::scope::{Context, ambiguous};
use super::{Resolver, function, query};
use crate::coerce;
use crate::error::{Result, SqlError};
use crate::syntax::{Access, Name, Node};
use crate::tree::{Expression, ExpressionKind, OnError};
use bedside_types::{SqlType, StructField, Value, nearest};

impl Resolver<'_> {
    pub(super) fn path(&mut self, path: &[Name], context: &Context<'_>) -> Result<Expression> {
        let Some((mut expression, used)) = self.path_start(path, context)? else {
            return nothing_named(path, context);
        };
        for name in &path[used..] {
            expression = field(expression, name)?;
        }
        Ok(expression)
    }

    /// What the first parts of a path mean, and how many parts that took.
    fn path_start(&mut self, path: &[Name], context: &Context<'_>) -> Result<Option<(Expression, usize)>> {
        let first = &path[0];
        let mut here = Some(context);
        let mut level = 0;
        while let Some(place) = here {
            if let Some(value) = self.local(first, place)? {
                let value = if level == 0 { value } else { super::local::outward(value) };
                return Ok(Some((value, 1)));
            }
            let found = self.path_start_here(path, place)?;
            if let Some((expression, used)) = found {
                let expression = if level == 0 { expression } else { outward(expression, first)? };
                return Ok(Some((expression, used)));
            }
            here = place.outer;
            level += 1;
        }
        match self.table_function_argument(path)? {
            Some(found) => Ok(Some(found)),
            None => Ok(self.variable(path)),
        }
    }

    fn path_start_here(&mut self, path: &[Name], place: &Context<'_>) -> Result<Option<(Expression, usize)>> {
        let first = &path[0];
        let position = first.position;
        if let Some(aliases) = place.aliases {
            // A table's alias before a dot is the table's, whatever the list calls its columns.
            let qualified = path.len() > 1 && place.scope.range(first).is_some();
            if let (false, Some(index)) = (qualified, aliases.get(first)?) {
                let mut expression = self.copy(&aliases.items[index])?;
                expression.position = position;
                return Ok(Some((expression, 1)));
            }
        }
        // `FROM `project.dataset.age`` gives `age` only as a qualifier; a column of that name is meant where it stands alone.
        let alone = path.len() == 1 && place.scope.range(first).is_some_and(|range| range.weak);
        if alone && let Some(column) = place.scope.column(first)? {
            return Ok(Some((column.expression(position), 1)));
        }
        if let Some(range) = place.scope.range(first) {
            let scalar = range.value.as_ref().is_some_and(|value| !matches!(value.sql_type, SqlType::Struct(_)));
            if let Some(second) = path.get(1).filter(|_| !scalar) {
                if let Some(column) = range.column(second)? {
                    return Ok(Some((column.expression(position), 2)));
                }
                if range.value.is_none() {
                    let near = nearest(&second.text, range.columns.iter().filter_map(|c| c.name.as_deref()));
                    let near = near.map(|n| format!("; Did you mean {n}?")).unwrap_or_default();
                    let message = format!("Name {} not found inside {}{near}", second.text, first.text);
                    return Err(SqlError::name(message, second.position));
                }
            }
            return Ok(Some((range.row(position), 1)));
        }
        Ok(place.scope.column(first)?.map(|column| (column.expression(position), 1)))
    }

    pub(super) fn subscript(
        &mut self,
        array: &Node,
        access: Access,
        index: &Node,
        context: &Context<'_>,
    ) -> Result<Expression> {
        let position = array.position;
        let array = self.expression(array, context)?;
        let index = self.expression(index, context)?;
        let (name, written) = match access {
            Access::Plain | Access::Offset => ("$array_at_offset", "OFFSET"),
            Access::SafeOffset => ("$safe_array_at_offset", "SAFE_OFFSET"),
            Access::Ordinal => ("$array_at_ordinal", "ORDINAL"),
            Access::SafeOrdinal => ("$safe_array_at_ordinal", "SAFE_ORDINAL"),
        };
        if array.sql_type == SqlType::Json && access == Access::Plain {
            return json_subscript(array, index);
        }
        if let (SqlType::Struct(fields), ExpressionKind::Literal(Value::Int64(number))) = (&array.sql_type, &index.kind)
        {
            let first = i64::from(matches!(access, Access::Ordinal | Access::SafeOrdinal));
            let safe = matches!(access, Access::SafeOffset | Access::SafeOrdinal);
            let found =
                usize::try_from(number - first).ok().and_then(|at| fields.get(at).map(|field| (at, field.clone())));
            if let (false, Some((at, field))) = (safe, found) {
                let kind = ExpressionKind::Field { operand: Box::new(array), index: at };
                return Ok(Expression { kind, sql_type: field.sql_type, position });
            }
        }
        let SqlType::Array(element) = array.sql_type.clone() else {
            let subscript = if access == Access::Plain {
                format!("[{}]", index.sql_type)
            } else {
                format!("[{written}({})]", index.sql_type)
            };
            let message =
                format!("Subscript access using {subscript} is not supported on values of type {}", array.sql_type);
            return Err(SqlError::types(message, position));
        };
        if coerce::distance(&index, &SqlType::Int64).is_none() {
            let message =
                format!("Array position in [] must be coercible to INT64 type, but has type {}", index.sql_type);
            return Err(SqlError::types(message, index.position));
        }
        let index = coerce::coerce(index, &SqlType::Int64)?;
        Ok(function(name, vec![array, index], *element, position))
    }
}

/// A name that no table has: CURRENT_DATE and its like are functions without parentheses.
fn nothing_named(path: &[Name], context: &Context<'_>) -> Result<Expression> {
    let first = &path[0];
    let name = first.text.to_ascii_lowercase();
    let clock = ["current_date", "current_datetime", "current_time", "current_timestamp"];
    if path.len() == 1 && clock.contains(&name.as_str()) {
        return super::call::named_function(&name, Vec::new(), OnError::Fail, first.position);
    }
    Err(context.unrecognized(first))
}

/// A column of an enclosing query, seen from inside a subquery.
fn outward(mut expression: Expression, name: &Name) -> Result<Expression> {
    match expression.kind {
        ExpressionKind::Column(id) => expression.kind = ExpressionKind::OuterColumn(id),
        ExpressionKind::Field { ref mut operand, .. } => {
            let inner = std::mem::replace(&mut **operand, query::null(SqlType::Int64, name.position));
            **operand = outward(inner, name)?;
        }
        ExpressionKind::Call { function: "$struct", ref mut arguments, .. } => {
            for argument in arguments {
                let inner = std::mem::replace(argument, query::null(SqlType::Int64, name.position));
                *argument = outward(inner, name)?;
            }
        }
        ExpressionKind::OuterColumn(_) | ExpressionKind::Literal(_) => {}
        _ => {
            let what = format!("The alias {} inside a subquery", name.text);
            return Err(SqlError::unsupported(what, name.position));
        }
    }
    Ok(expression)
}

/// `json['name']` and `json[0]`.
fn json_subscript(json: Expression, index: Expression) -> Result<Expression> {
    let position = json.position;
    if coerce::distance(&index, &SqlType::Int64).is_some() && index.sql_type != SqlType::String {
        let index = coerce::coerce(index, &SqlType::Int64)?;
        return Ok(function("$json_element", vec![json, index], SqlType::Json, position));
    }
    if index.sql_type == SqlType::String {
        return Ok(function("$json_member", vec![json, index], SqlType::Json, position));
    }
    let message = format!("Subscript access using [{}] is not supported on values of type JSON", index.sql_type);
    Err(SqlError::types(message, position))
}

/// A field of a struct, or a member of JSON, by name.
pub(super) fn field(operand: Expression, name: &Name) -> Result<Expression> {
    if operand.sql_type == SqlType::Json {
        let position = operand.position;
        let member = super::literal(Value::String(name.text.clone()), SqlType::String, name.position);
        return Ok(function("$json_member", vec![operand, member], SqlType::Json, position));
    }
    let SqlType::Struct(fields) = &operand.sql_type else {
        let message = format!("Cannot access field {} on a value with type {}", name.text, operand.sql_type);
        return Err(SqlError::types(message, name.position));
    };
    let has_name = |f: &StructField| f.name.as_ref().is_some_and(|n| n.eq_ignore_ascii_case(&name.text));
    let mut matching = fields.iter().enumerate().filter(|(_, f)| has_name(f));
    let Some((index, found)) = matching.next() else {
        let message = format!("Field name {} does not exist in {}", name.text, operand.sql_type);
        return Err(SqlError::name(message, name.position));
    };
    if matching.next().is_some() {
        return Err(ambiguous(name));
    }
    let (sql_type, position) = (found.sql_type.clone(), operand.position);
    Ok(Expression { kind: ExpressionKind::Field { operand: Box::new(operand), index }, sql_type, position })
}
