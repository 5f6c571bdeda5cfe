//! INSERT.

use super::assign::{assigned, of_row};
use super::definition::find;
use super::{Resolver, function, pruned};
use crate::catalog::{ColumnDefinition, TableDefinition};
use crate::error::{Result, SqlError};
use crate::syntax::{self, InsertRows, Node};
use crate::tree::{Expression, ExpressionKind, Insert, Query, Relation, SetOperationKind, UnnestKind};
use bedside_types::{Position, SqlType, StructField};
use std::sync::Arc;

/// Rows of VALUES that become a relation each; more become one array.
const MOST_UNITED: usize = 8;

type Row = (Position, Vec<Option<Node>>);

impl Resolver<'_> {
    pub(super) fn insert(&mut self, insert: &syntax::Insert) -> Result<Insert> {
        let (_, table) = self.target(&insert.table)?;
        let wanted = wanted(insert.columns.as_deref(), &table)?;
        let rows = match &insert.rows {
            InsertRows::Query(query) => self.insert_query(query, &table, &wanted)?,
            InsertRows::Values(rows) => self.insert_values(rows, &table, &wanted)?,
        };
        Ok(Insert { table, rows: pruned(rows) })
    }

    fn insert_query(&mut self, query: &syntax::Query, table: &Arc<TableDefinition>, wanted: &[usize]) -> Result<Query> {
        let rows = self.top_query(query)?;
        check_count(rows.columns.len(), wanted.len(), query.position)?;
        let mut values: Vec<Option<Expression>> = vec![None; table.columns.len()];
        for (index, (row, place)) in rows.columns.iter().zip(wanted).enumerate() {
            let column = &table.columns[*place];
            let value = assigned(of_row(row, query.position), &column.sql_type, |found| {
                format!(
                    "Query column {} has type {found} which cannot be inserted into column {}, which has type {}",
                    index + 1,
                    column.name,
                    column.sql_type
                )
            })?;
            values[*place] = Some(value);
        }
        let values = self.completed(values, table, query.position)?;
        Ok(self.output_of(rows.relation, values))
    }

    fn insert_values(&mut self, rows: &[Row], table: &Arc<TableDefinition>, wanted: &[usize]) -> Result<Query> {
        let mut resolved = Vec::new();
        for row in rows {
            resolved.push(self.value_row(row, table, wanted)?);
        }
        let position = rows.first().map_or(Position::new(1, 1), |(position, _)| *position);
        if resolved.len() <= MOST_UNITED || resolved.iter().flatten().any(|(_, value)| holds_subquery(value)) {
            return Ok(self.united(resolved));
        }
        Ok(self.unnested(resolved, &table.columns, position))
    }

    fn value_row(
        &mut self,
        (position, nodes): &Row,
        table: &Arc<TableDefinition>,
        wanted: &[usize],
    ) -> Result<Vec<(String, Expression)>> {
        check_count(nodes.len(), wanted.len(), *position)?;
        let mut values: Vec<Option<Expression>> = vec![None; table.columns.len()];
        for (node, place) in nodes.iter().zip(wanted) {
            let column = &table.columns[*place];
            values[*place] = Some(match node {
                None => self.default_value(column, *position)?,
                Some(node) => assigned(self.constant(node, "INSERT VALUES")?, &column.sql_type, |found| {
                    format!(
                        "Value has type {found} which cannot be inserted into column {}, which has type {}",
                        column.name, column.sql_type
                    )
                })?,
            });
        }
        self.completed(values, table, *position)
    }

    /// Every column's value: those not given have their default.
    pub(super) fn completed(
        &mut self,
        values: Vec<Option<Expression>>,
        table: &TableDefinition,
        position: Position,
    ) -> Result<Vec<(String, Expression)>> {
        let mut completed = Vec::new();
        for (value, column) in values.into_iter().zip(&table.columns) {
            let value = match value {
                Some(value) => value,
                None => self.default_value(column, position)?,
            };
            completed.push((column.name.clone(), value));
        }
        Ok(completed)
    }

    /// A few rows, one after the other.
    fn united(&mut self, rows: Vec<Vec<(String, Expression)>>) -> Query {
        let mut queries: Vec<Query> = rows.into_iter().map(|row| self.output_of(Relation::OneRow, row)).collect();
        if queries.len() == 1 {
            return queries.remove(0);
        }
        let mut output = queries[0].output.clone();
        let inputs = queries.into_iter().map(|query| {
            let columns = query.output.iter().map(|column| column.column).collect();
            (query.root, columns)
        });
        let inputs = inputs.collect();
        for column in &mut output {
            column.column = self.new_column();
        }
        let columns = output.iter().map(|column| column.column).collect();
        Query { root: Relation::SetOperation { kind: SetOperationKind::UnionAll, inputs, columns }, output }
    }

    /// Many rows: an array of structs, taken apart.
    fn unnested(&mut self, rows: Vec<Vec<(String, Expression)>>, columns: &[ColumnDefinition], at: Position) -> Query {
        let fields = columns.iter().enumerate();
        let fields = fields
            .map(|(index, column)| StructField { name: Some(format!("v{index}")), sql_type: column.sql_type.clone() });
        let row_type = SqlType::Struct(fields.collect());
        let rows = rows.into_iter().map(|row| {
            let values = row.into_iter().map(|(_, value)| value).collect();
            function("$struct", values, row_type.clone(), at)
        });
        let array = function("$array", rows.collect(), SqlType::Array(Box::new(row_type.clone())), at);
        let element = self.new_column();
        let relation = Relation::Unnest {
            input: Box::new(Relation::OneRow),
            array,
            element,
            offset: None,
            kind: UnnestKind::Inner,
        };
        let whole = super::column(element, row_type, at);
        let values = columns.iter().enumerate().map(|(index, column)| {
            let kind = ExpressionKind::Field { operand: Box::new(whole.clone()), index };
            (column.name.clone(), Expression { kind, sql_type: column.sql_type.clone(), position: at })
        });
        self.output_of(relation, values.collect())
    }
}

/// The places of the columns that values are given for.
pub(super) fn wanted(names: Option<&[syntax::Name]>, table: &TableDefinition) -> Result<Vec<usize>> {
    let Some(names) = names else { return Ok((0..table.columns.len()).collect()) };
    let mut wanted = Vec::new();
    for name in names {
        let found = find(&table.columns, &name.text);
        let place = found.and_then(|found| table.columns.iter().position(|column| std::ptr::eq(column, found)));
        let Some(place) = place else {
            let near = bedside_types::nearest(&name.text, table.columns.iter().map(|column| column.name.as_str()));
            let near = near.map(|near| format!("; Did you mean {near}?")).unwrap_or_default();
            let message = format!("Column {} is not present in table {}{near}", name.text, shown(table));
            return Err(SqlError::name(message, name.position));
        };
        if wanted.contains(&place) {
            let message = format!("INSERT has columns with duplicate name: {}", name.text);
            return Err(SqlError::name(message, name.position));
        }
        wanted.push(place);
    }
    Ok(wanted)
}

fn shown(table: &TableDefinition) -> String {
    format!("{}.{}", table.schema.path.dataset, table.schema.path.table)
}

pub(super) fn check_count(found: usize, wanted: usize, position: Position) -> Result<()> {
    if found == wanted {
        return Ok(());
    }
    Err(SqlError::rule(format!("Inserted row has wrong column count; Has {found}, expected {wanted}"), position))
}

fn holds_subquery(expression: &Expression) -> bool {
    let mut found = matches!(expression.kind, ExpressionKind::Subquery { .. });
    crate::walk::operands(expression, &mut |operand| found |= holds_subquery(operand));
    found
}
