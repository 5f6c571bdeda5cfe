//! Wildcard tables: `` `dataset.prefix_*` `` is every table whose name begins so, one after the other, with what follows the
//! prefix as `_TABLE_SUFFIX`. What a WHERE says of the suffix alone leaves tables out before anything is read.

use super::scope::{Range, Scope, ScopeColumn};
use super::{Resolver, literal, query};
use crate::catalog::TableSchema;
use crate::error::{Result, SqlError};
use crate::tree::{ColumnId, Expression, ExpressionKind, OnError, Relation, SetOperationKind};
use crate::walk;
use bedside_types::{Position, SqlType, Value};
use std::sync::Arc;

/// The pseudo-column.
const SUFFIX: &str = "_TABLE_SUFFIX";

/// A union of tables by their names' ends.
#[derive(Clone, Debug)]
pub(super) struct Wildcard {
    suffix: ColumnId,
    /// In the order of the union's inputs.
    suffixes: Vec<String>,
}

impl Resolver<'_> {
    /// The tables of a path whose last part ends in `*`.
    pub(super) fn wildcard_table(
        &mut self,
        parts: &[String],
        alias: Option<&str>,
        position: Position,
    ) -> Result<(Relation, Scope)> {
        let tables = self.catalog.tables_with_prefix(parts).map_err(|unknown| {
            let near = unknown.nearest.as_ref().map(|near| format!("; Did you mean {near}?")).unwrap_or_default();
            SqlError::name(format!("{}{near}", unknown.message), position)
        })?;
        let Some((_, shape)) = tables.last().cloned() else {
            return Err(SqlError::name(format!("{} does not match any table.", parts.join(".")), position));
        };
        let columns: Vec<ColumnId> = (0..=shape.columns.len()).map(|_| self.new_column()).collect();
        let mut inputs = Vec::new();
        let mut suffixes = Vec::new();
        for (suffix, table) in tables {
            inputs.push(self.wildcard_input(table, &suffix, &shape, position)?);
            suffixes.push(suffix);
        }
        let mut star = Vec::new();
        for (schema, id) in shape.columns.iter().zip(&columns) {
            let name = Some(schema.name.clone());
            star.push(ScopeColumn { name, id: *id, field: None, sql_type: schema.sql_type.clone() });
        }
        let suffix = columns[columns.len() - 1];
        let hidden = ScopeColumn { name: Some(SUFFIX.to_owned()), id: suffix, field: None, sql_type: SqlType::String };
        self.wildcards.push(Wildcard { suffix, suffixes });
        let scope = Scope::of_range(alias, Range::new(star, None).with_hidden(hidden.clone())).with_hidden(&hidden);
        Ok((Relation::SetOperation { kind: SetOperationKind::UnionAll, inputs, columns }, scope))
    }

    /// One table with the columns of another, and its suffix behind them.
    fn wildcard_input(
        &mut self,
        table: Arc<TableSchema>,
        suffix: &str,
        shape: &TableSchema,
        position: Position,
    ) -> Result<(Relation, Vec<ColumnId>)> {
        let mut scanned = Vec::new();
        let mut computed = Vec::new();
        let mut ids = Vec::new();
        for wanted in &shape.columns {
            let id = self.new_column();
            let place = table.columns.iter().position(|own| own.name.eq_ignore_ascii_case(&wanted.name));
            match place.map(|place| (place, &table.columns[place].sql_type)) {
                Some((place, sql_type)) if *sql_type == wanted.sql_type => scanned.push((place, id)),
                Some((_, sql_type)) => {
                    let message = format!(
                        "Cannot read field '{}' of type {sql_type} as {} in table {}",
                        wanted.name, wanted.sql_type, table.path.table
                    );
                    return Err(SqlError::types(message, position));
                }
                None => computed.push((id, query::null(wanted.sql_type.clone(), position))),
            }
            ids.push(id);
        }
        let id = self.new_column();
        computed.push((id, literal(Value::String(suffix.to_owned()), SqlType::String, position)));
        ids.push(id);
        let relation = Relation::Table { table, columns: scanned, as_of: None, position };
        Ok((Self::project(relation, computed), ids))
    }

    /// Leaves out the tables whose suffix a condition on all rows rules out.
    pub(super) fn without_ruled_out(&self, relation: &mut Relation, predicate: &Expression) {
        for wildcard in &self.wildcards {
            let rules_out = |suffix: &str| rules_out(predicate, wildcard.suffix, suffix);
            if wildcard.suffixes.iter().any(|suffix| rules_out(suffix)) {
                narrow(relation, wildcard, &rules_out);
            }
        }
    }
}

fn narrow(relation: &mut Relation, wildcard: &Wildcard, rules_out: &dyn Fn(&str) -> bool) {
    if let Relation::SetOperation { inputs, columns, .. } = relation
        && columns.last() == Some(&wildcard.suffix)
        && inputs.len() == wildcard.suffixes.len()
    {
        let mut keep: Vec<bool> = wildcard.suffixes.iter().map(|suffix| !rules_out(suffix)).collect();
        if !keep.contains(&true) {
            // One has to give the columns; the condition leaves nothing of its rows.
            keep[0] = true;
        }
        let mut flags = keep.into_iter();
        inputs.retain(|_| flags.next().unwrap_or(true));
        return;
    }
    walk::inputs_mut(relation, &mut |input| narrow(input, wildcard, rules_out));
}

/// Whether a condition cannot be true for a suffix.
fn rules_out(condition: &Expression, column: ColumnId, suffix: &str) -> bool {
    let ExpressionKind::Call { function, arguments, on_error: OnError::Fail } = &condition.kind else { return false };
    match *function {
        "$and" => arguments.iter().any(|part| rules_out(part, column, suffix)),
        "$or" => arguments.iter().all(|part| rules_out(part, column, suffix)),
        _ => holds(function, arguments, column, suffix) == Some(false),
    }
}

/// Whether a comparison of the suffix with constants holds; `None` for anything else.
fn holds(function: &str, arguments: &[Expression], column: ColumnId, suffix: &str) -> Option<bool> {
    let text = |expression: &Expression| match &expression.kind {
        ExpressionKind::Column(id) if *id == column => Some(suffix.to_owned()),
        ExpressionKind::Literal(Value::String(text)) => Some(text.clone()),
        _ => None,
    };
    let texts: Vec<String> = arguments.iter().map(text).collect::<Option<_>>()?;
    let (first, rest) = texts.split_first()?;
    let second = rest.first()?;
    Some(match function {
        "$equal" => first == second,
        "$not_equal" => first != second,
        "$less" => first < second,
        "$less_or_equal" => first <= second,
        "$greater" => first > second,
        "$greater_or_equal" => first >= second,
        "$in" => rest.contains(first),
        "starts_with" => first.starts_with(second.as_str()),
        "ends_with" => first.ends_with(second.as_str()),
        _ => return None,
    })
}
