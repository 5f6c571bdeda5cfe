//! Functions that give rows: checked when they are made, put in place of their calls. A value that is an argument stands wherever
//! the body names the parameter; a table that is one is a CTE of the body.

use super::from::scope_of;
use super::function::holds_volatile;
use super::scope::{Context, Scope};
use super::statement::parts;
use super::value::settled;
use super::{Resolver, Rows, column, query, refuse_duplicates};
use crate::catalog::{Routine, TableFunctionDefinition};
use crate::coerce;
use crate::error::{Result, SqlError};
use crate::syntax::{Name, Node, NodeKind, Table, TableArgument, TableCall, TableParameter, Takes};
use crate::tree::{Expression, Relation};
use bedside_types::{Position, SqlType};
use std::sync::Arc;

/// Calls inside calls that a statement may go through.
const MAX_CALLS: usize = 16;

/// A call that the text at hand is the body of.
#[derive(Clone, Debug)]
pub(super) struct TableFunctionCall {
    /// The function's full name.
    name: String,
    /// Parameters that are values, by name in lower case.
    values: Vec<(String, Expression)>,
    /// How deep in views and functions the body is: what it calls does not see its parameters.
    views: usize,
    function_calls: usize,
}

/// What stands for the parameters in a body.
#[derive(Debug, Default)]
struct Arguments {
    values: Vec<(String, Expression)>,
    tables: Vec<(String, Rows)>,
}

impl Resolver<'_> {
    /// A call in FROM; `input` is the table that `|> CALL` hands over.
    pub(super) fn table_call(
        &mut self,
        call: &TableCall,
        alias: Option<&Name>,
        input: Option<Rows>,
    ) -> Result<(Relation, Scope)> {
        let position = call.path[0].position;
        let function = self.table_function(&call.path)?;
        let arguments = self.table_call_arguments(&function, call, input)?;
        let what = format!("table function '{}'", function.name);
        let rows = self.table_function_rows(&function, arguments, position);
        let rows = rows.map_err(|error| error.inside_kept(&what, position))?;
        let scope = scope_of(&rows, alias.map(|alias| alias.text.as_str()));
        Ok((rows.relation, scope))
    }

    /// Looks at a body whose parameters have declared types; gives the columns of its rows. With parameters of any type it means
    /// something only where types are known.
    pub(super) fn check_table_function(
        &mut self,
        function: &TableFunctionDefinition,
        position: Position,
    ) -> Result<Option<Rows>> {
        let mut arguments = Arguments::default();
        for TableParameter { name, takes } in &function.parameters {
            let key = name.text.to_lowercase();
            match takes {
                Takes::Value(Some(sql_type)) => {
                    arguments.values.push((key, settled(query::null(sql_type.clone(), name.position))));
                }
                Takes::Table(Some(columns)) => {
                    let nulls = columns.iter().map(|(column, sql_type)| {
                        (column.text.clone(), query::null(sql_type.clone(), column.position))
                    });
                    let nulls = self.computed_rows(Relation::OneRow, nulls.collect());
                    arguments.tables.push((key, nulls));
                }
                Takes::Value(None) | Takes::Table(None) => return Ok(None),
            }
        }
        self.table_function_rows(function, arguments, position).map(Some)
    }

    /// The value that the call at hand gives a parameter, and how many parts of the path that takes.
    pub(super) fn table_function_argument(&mut self, path: &[Name]) -> Result<Option<(Expression, usize)>> {
        let (views, function_calls) = (self.views.len(), self.function_calls);
        let here = |call: &&TableFunctionCall| call.views == views && call.function_calls == function_calls;
        let Some(call) = self.table_function_calls.last().filter(here) else { return Ok(None) };
        let name = path[0].text.to_lowercase();
        let Some((_, value)) = call.values.iter().find(|(parameter, _)| *parameter == name) else { return Ok(None) };
        let value = value.clone();
        let mut value = self.copy(&value)?;
        value.position = path[0].position;
        Ok(Some((value, 1)))
    }

    fn table_function(&self, path: &[Name]) -> Result<Arc<TableFunctionDefinition>> {
        let found = self.catalog.routine(&self.table_parts(path));
        let hint = match found {
            Some(Routine::TableFunction(function)) => return Ok(function),
            Some(Routine::Function(function)) => Some(format!("{} gives a value: SELECT {0}(…)", function.name)),
            Some(Routine::Procedure(procedure)) => Some(format!("{0} is a procedure: CALL {0}(…)", procedure.name())),
            None if path[0].text.eq_ignore_ascii_case("generate_series") => {
                Some("GoogleSQL has UNNEST(GENERATE_ARRAY(from, to))".to_owned())
            }
            None => None,
        };
        let error =
            SqlError::name(format!("Table-valued function not found: {}", parts(path).join(".")), path[0].position);
        Err(match hint {
            Some(hint) => error.with_hint(hint),
            None => error,
        })
    }

    fn table_call_arguments(
        &mut self,
        function: &TableFunctionDefinition,
        call: &TableCall,
        mut input: Option<Rows>,
    ) -> Result<Arguments> {
        let position = call.path[0].position;
        let is_table = |parameter: &TableParameter| matches!(parameter.takes, Takes::Table(_));
        if input.is_some() && !function.parameters.iter().any(is_table) {
            let message =
                format!("Pipe CALL needs a function with a parameter that is a table: {}", signature(function));
            return Err(SqlError::rule(message, position).with_hint("call it in FROM or JOIN"));
        }
        let wanted = function.parameters.len() - usize::from(input.is_some());
        if call.arguments.len() != wanted {
            return Err(no_signature(function, call.arguments.len(), position));
        }
        let mut given = call.arguments.iter();
        let mut arguments = Arguments::default();
        for (place, TableParameter { name, takes }) in function.parameters.iter().enumerate() {
            let name = name.text.to_lowercase();
            match takes {
                Takes::Table(columns) => {
                    let (rows, at) = match (input.take(), given.len()) {
                        (Some(rows), _) => (rows, position),
                        (None, _) => self.table_argument(function, place, given.next(), position)?,
                    };
                    let rows = match columns {
                        Some(columns) => self.declared_columns(rows, columns, |column| missing(column, place), at)?,
                        None => rows,
                    };
                    arguments.tables.push((name, rows));
                }
                Takes::Value(sql_type) => {
                    let Some(TableArgument::Value(node)) = given.next() else {
                        return Err(not_a_value(function, place, position));
                    };
                    arguments.values.push((name, self.value_argument(function, place, sql_type.as_ref(), node)?));
                }
            }
        }
        Ok(arguments)
    }

    /// A table given as `TABLE name` or as a query, and where it stands.
    fn table_argument(
        &mut self,
        function: &TableFunctionDefinition,
        place: usize,
        given: Option<&TableArgument>,
        position: Position,
    ) -> Result<(Rows, Position)> {
        match given {
            Some(TableArgument::Table(table)) => {
                let at = match table {
                    Table::Path { path, .. } => path[0].position,
                    _ => position,
                };
                let (relation, scope) = self.from(table, None)?;
                Ok((self.rows_of(relation, &scope, at), at))
            }
            Some(TableArgument::Value(Node { kind: NodeKind::Scalar(query), position })) => {
                Ok((self.query(query, None)?, *position))
            }
            other => {
                let at = match other {
                    Some(TableArgument::Value(node)) => node.position,
                    _ => position,
                };
                let message = format!("Argument {} of {} must be a table", place + 1, signature(function));
                Err(SqlError::types(message, at)
                    .with_hint("write TABLE my_dataset.my_table, or a query in parentheses"))
            }
        }
    }

    /// A value; it sees no columns.
    fn value_argument(
        &mut self,
        function: &TableFunctionDefinition,
        place: usize,
        sql_type: Option<&SqlType>,
        node: &Node,
    ) -> Result<Expression> {
        let scope = Scope::default();
        let context = Context::plain(&scope, None, "table function argument");
        let value = self.expression(node, &context).map_err(|error| {
            let names_column = error.message.starts_with("Unrecognized name");
            let hint = "arguments of a table function see no columns: constants, parameters, subqueries";
            if names_column { error.with_hint(hint) } else { error }
        })?;
        if holds_volatile(&value) {
            let what = format!("A random value as an argument of {}", function.name);
            return Err(SqlError::unsupported(what, node.position).with_hint("make a table of it first"));
        }
        let value = match sql_type {
            None => value,
            Some(sql_type) if coerce::is_null(&value) => query::null(sql_type.clone(), node.position),
            Some(sql_type) if coerce::distance(&value, sql_type).is_some() => coerce::coerce(value, sql_type)?,
            Some(sql_type) => {
                let message = format!(
                    "Argument {} of {} has type {}, which does not go into {sql_type}",
                    place + 1,
                    signature(function),
                    value.sql_type
                );
                return Err(SqlError::types(message, node.position));
            }
        };
        Ok(settled(value))
    }

    /// The body's rows with these arguments; what is wrong with it has its place in its own text.
    fn table_function_rows(
        &mut self,
        function: &TableFunctionDefinition,
        arguments: Arguments,
        position: Position,
    ) -> Result<Rows> {
        if self.table_function_calls.iter().any(|call| call.name == function.name) {
            let message = format!("Table function {} calls itself, which is not supported", function.name);
            return Err(SqlError::rule(message, position).with_hint("WITH RECURSIVE repeats a query"));
        }
        if self.table_function_calls.len() >= MAX_CALLS {
            let message =
                format!("Table function {} is nested too deeply: more than {MAX_CALLS} levels", function.name);
            return Err(SqlError::too_large(message, position));
        }
        let ctes = std::mem::take(&mut self.ctes);
        self.views.push(function.default_dataset.clone());
        let Arguments { values, tables } = arguments;
        let (name, views, function_calls) = (function.name.clone(), self.views.len(), self.function_calls);
        self.table_function_calls.push(TableFunctionCall { name, values, views, function_calls });
        let definitions: Vec<_> = tables.into_iter().map(|(name, rows)| self.define(name, rows)).collect();
        let rows = self.top_query(&function.query);
        self.table_function_calls.pop();
        self.views.pop();
        self.ctes = ctes;
        let mut rows = self.returned_rows(function, rows?)?;
        if !definitions.is_empty() {
            rows.relation = Relation::With { definitions, body: Box::new(rows.relation) };
        }
        Ok(rows)
    }

    /// A body's rows as the function declares them, or with a name for each column.
    fn returned_rows(&mut self, function: &TableFunctionDefinition, mut rows: Rows) -> Result<Rows> {
        let position = function.query.position;
        if let Some(columns) = &function.returns {
            let missing = |column: &str| {
                format!("Required column name {column} not returned from SQL body of CREATE TABLE FUNCTION statement")
            };
            return self.declared_columns(rows, columns, missing, position);
        }
        if rows.columns.iter().any(|column| column.name.is_none()) {
            let message = "Table-valued function SQL body without a RETURNS TABLE clause is missing one or more \
                           explicit output column names";
            return Err(SqlError::name(message, position).with_hint("give each column a name with AS"));
        }
        refuse_duplicates(&rows, position)?;
        for column in &mut rows.columns {
            column.literal = None;
        }
        Ok(rows)
    }

    /// Columns found by name, in this order and of these types; others are left out.
    fn declared_columns(
        &mut self,
        rows: Rows,
        columns: &[(Name, SqlType)],
        missing: impl Fn(&str) -> String,
        position: Position,
    ) -> Result<Rows> {
        let rows = self.without_value_table(rows, position);
        let mut taken = Vec::new();
        for (name, sql_type) in columns {
            let is = |own: &String| own.eq_ignore_ascii_case(&name.text);
            let found = rows.columns.iter().find(|column| column.name.as_ref().is_some_and(is));
            let found = found.ok_or_else(|| SqlError::name(missing(&name.text), position))?;
            let value = column(found.id, found.sql_type.clone(), position);
            let literal = found.literal.clone().map(|value| super::literal(value, found.sql_type.clone(), position));
            let adapts = literal.as_ref().is_some_and(coerce::is_null);
            let value = if adapts { query::null(sql_type.clone(), position) } else { value };
            if coerce::distance(literal.as_ref().unwrap_or(&value), sql_type).is_none() {
                let message = format!("Column {} must have type {sql_type}, but has {}", name.text, found.sql_type);
                return Err(SqlError::types(message, position));
            }
            let value = match literal {
                Some(literal) if value.sql_type != *sql_type => literal,
                _ => value,
            };
            taken.push((name.text.clone(), coerce::coerce(value, sql_type)?));
        }
        Ok(self.computed_rows(rows.relation, taken))
    }

    /// Rows of values with names.
    fn computed_rows(&mut self, input: Relation, values: Vec<(String, Expression)>) -> Rows {
        let mut computed = Vec::new();
        let columns = values.into_iter().map(|(name, value)| self.row_column(Some(name), value, &mut computed));
        let columns = columns.collect();
        Rows { relation: Self::project(input, computed), columns, value_table: false }
    }
}

/// `ds.f(INT64, ANY TYPE, TABLE<a INT64>)`.
fn signature(function: &TableFunctionDefinition) -> String {
    let parameters: Vec<String> = function.parameters.iter().map(|parameter| taken(&parameter.takes)).collect();
    format!("{}({})", function.name, parameters.join(", "))
}

/// What a parameter takes, as it is declared.
pub(super) fn taken(takes: &Takes) -> String {
    match takes {
        Takes::Value(Some(sql_type)) => sql_type.to_string(),
        Takes::Value(None) => "ANY TYPE".to_owned(),
        Takes::Table(None) => "ANY TABLE".to_owned(),
        Takes::Table(Some(columns)) => {
            super::routine::table_type(columns.iter().map(|(name, sql_type)| (name.text.as_str(), sql_type)))
        }
    }
}

fn no_signature(function: &TableFunctionDefinition, given: usize, position: Position) -> SqlError {
    let found = match given {
        0 => "with no arguments".to_owned(),
        1 => "with 1 argument".to_owned(),
        given => format!("with {given} arguments"),
    };
    let message = format!(
        "No matching signature for table-valued function {} {found}. Supported signature: {}",
        function.name,
        signature(function)
    );
    SqlError::types(message, position)
}

fn not_a_value(function: &TableFunctionDefinition, place: usize, position: Position) -> SqlError {
    let message = format!("Argument {} of {} must be a value, not a table", place + 1, signature(function));
    SqlError::types(message, position)
}

fn missing(column: &str, place: usize) -> String {
    format!("Required column \"{column}\" not found in table passed as argument {} of the function", place + 1)
}
