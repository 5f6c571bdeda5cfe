//! UNPIVOT, as an array of what becomes rows, unnested.

use super::scope::{Context, Range, Scope, ScopeColumn};
use super::{Resolver, column, function, literal};
use crate::error::{Result, SqlError};
use crate::syntax::{Name, NodeKind, Unpivot, UnpivotColumns};
use crate::tree::{ColumnId, Expression, ExpressionKind, Relation, UnnestKind};
use bedside_types::{Position, SqlType, StructField, Value};
use std::collections::HashSet;

impl Resolver<'_> {
    pub(super) fn unpivot(
        &mut self,
        relation: Relation,
        scope: &Scope,
        unpivot: &Unpivot,
        alias: Option<&Name>,
    ) -> Result<(Relation, Scope)> {
        if scope.ranges.values().any(|range| range.value.is_some()) {
            return Err(SqlError::rule("UNPIVOT is not allowed on value tables", unpivot.position));
        }
        let groups = self.unpivot_columns(scope, unpivot)?;
        let labels = labels(unpivot)?;
        let label_type = labels[0].sql_type.clone();
        let value_types: Vec<SqlType> = groups[0].iter().map(|column| column.sql_type.clone()).collect();
        let used: HashSet<ColumnId> = groups.iter().flatten().filter_map(column_of).collect();
        let position = unpivot.position;

        let types = std::iter::once(&label_type).chain(&value_types);
        let fields = types.map(|sql_type| StructField { name: None, sql_type: sql_type.clone() }).collect();
        let row_type = SqlType::Struct(fields);
        let rows = labels.into_iter().zip(groups).map(|(label, values)| {
            let parts = std::iter::once(label).chain(values).collect();
            function("$struct", parts, row_type.clone(), position)
        });
        let array = function("$array", rows.collect(), SqlType::Array(Box::new(row_type.clone())), position);
        let element = self.new_column();
        let kind = UnnestKind::Inner;
        let relation = Relation::Unnest { input: Box::new(relation), array, element, offset: None, kind };

        let row = column(element, row_type, position);
        let mut computed = Vec::new();
        let mut columns: Vec<ScopeColumn> =
            scope.star.iter().filter(|column| !used.contains(&column.id)).cloned().collect();
        let mut part = |index: usize, name: &Name, sql_type: SqlType| {
            let id = self.new_column();
            let kind = ExpressionKind::Field { operand: Box::new(row.clone()), index };
            computed.push((id, Expression { kind, sql_type: sql_type.clone(), position }));
            ScopeColumn { name: Some(name.text.clone()), id, field: None, sql_type }
        };
        let mut values = Vec::new();
        for (index, (name, sql_type)) in unpivot.values.iter().zip(value_types).enumerate() {
            values.push(part(index + 1, name, sql_type));
        }
        let label = part(0, &unpivot.name, label_type);
        let mut relation = Self::project(relation, computed);
        if !unpivot.nulls {
            let known = values.iter().map(|value| {
                let missing = function("$is_null", vec![value.expression(position)], SqlType::Bool, position);
                super::not(missing)
            });
            let mut known: Vec<Expression> = known.collect();
            let predicate = match known.len() {
                1 => known.remove(0),
                _ => function("$or", known, SqlType::Bool, position),
            };
            relation = Relation::Filter { input: Box::new(relation), predicate };
        }
        columns.extend(values);
        columns.push(label);
        Ok((relation, Scope::of_range(alias.map(|alias| alias.text.as_str()), Range::new(columns, None))))
    }

    /// The columns of IN, group by group.
    fn unpivot_columns(&mut self, scope: &Scope, unpivot: &Unpivot) -> Result<Vec<Vec<Expression>>> {
        let context = Context::plain(scope, None, "UNPIVOT");
        let mut seen = HashSet::new();
        let mut groups: Vec<Vec<Expression>> = Vec::new();
        for group in &unpivot.columns {
            if group.columns.len() != unpivot.values.len() {
                let message = "The number of new columns introduced as value columns must be the same as the number of columns in the column groups of UNPIVOT IN clause";
                return Err(SqlError::rule(message, unpivot.values[0].position));
            }
            let mut values = Vec::new();
            for (place, path) in group.columns.iter().enumerate() {
                let position = path[0].position;
                let value = self.path(path, &context)?;
                let Some(id) = column_of(&value) else {
                    let message = "UNPIVOT IN clause cannot have expressions, only column names are allowed";
                    return Err(SqlError::rule(message, position));
                };
                if !seen.insert(id) {
                    let message = "Column names in UNPIVOT IN clause cannot be repeated";
                    return Err(SqlError::rule(message, position));
                }
                if let Some(first) = groups.first().filter(|first| first[place].sql_type != value.sql_type) {
                    let message = format!(
                        "The datatype of column does not match with other datatypes in the IN clause. Expected {}, Found {}",
                        first[place].sql_type, value.sql_type
                    );
                    return Err(SqlError::types(message, position));
                }
                values.push(value);
            }
            groups.push(values);
        }
        Ok(groups)
    }
}

/// What the rows are called: text unless every label is a whole number.
fn labels(unpivot: &Unpivot) -> Result<Vec<Expression>> {
    let is_number =
        |group: &UnpivotColumns| matches!(&group.label, Some(label) if matches!(label.kind, NodeKind::Integer(_)));
    let numbers = is_number(&unpivot.columns[0]);
    let mut labels = Vec::new();
    for group in &unpivot.columns {
        let first = &group.columns[0];
        let position = first[0].position;
        if is_number(group) != numbers {
            let message = "All UNPIVOT labels must be the same type; when non-string labels are present then all labels must be explicitly provided";
            return Err(SqlError::types(message, position));
        }
        labels.push(match group.label.as_ref().map(|label| (&label.kind, label.position)) {
            Some((NodeKind::Integer(text), at)) => super::literal::integer(text, "", at)?,
            Some((NodeKind::String(text), at)) => text_of(text.clone(), at),
            _ => {
                let names = group.columns.iter().filter_map(|path| path.last()).map(|name| name.text.as_str());
                text_of(names.collect::<Vec<_>>().join("_"), position)
            }
        });
    }
    Ok(labels)
}

fn text_of(text: String, position: Position) -> Expression {
    literal(Value::String(text), SqlType::String, position)
}

fn column_of(expression: &Expression) -> Option<ColumnId> {
    match expression.kind {
        ExpressionKind::Column(id) => Some(id),
        _ => None,
    }
}
