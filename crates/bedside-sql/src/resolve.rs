//! Syntax tree → typed tree.
//!
//! [`Resolver`] carries what holds for a whole statement: the catalogue, the parameters, the next id, the CTEs in sight.
//! What a name means at one place is a [`scope::Context`]. Every file here is one kind of syntax.

mod aggregate;
mod aggregate_function;
mod alter;
mod arguments;
mod assign;
mod call;
mod cast;
mod collation;
mod create;
mod definition;
mod expression;
mod from;
mod function;
mod group;
mod grouping_sets;
mod insert;
mod interval;
mod like;
mod literal;
mod local;
mod matching;
mod merge;
mod operator;
mod part;
mod path;
mod pipe;
mod pipe_aggregate;
mod pivot;
mod query;
mod range;
mod recursion;
mod rewrite;
mod routine;
mod sample;
mod scope;
mod select;
mod set_items;
mod set_operation;
mod signature;
mod statement;
mod subquery;
mod table_function;
mod transfer;
mod unnest;
mod unpivot;
mod value;
mod view;
mod wildcard;
mod window;

use crate::catalog::Catalog;
use crate::error::{Result, SqlError};
use crate::script::Surroundings;
use crate::syntax;
use crate::tree::{ColumnId, CteId, Expression, ExpressionKind, OnError, OutputColumn, Query, Relation};
use crate::walk;
use bedside_types::{Position, SqlType};
use std::collections::HashMap;

/// Nodes that a statement may gain because its text names something twice (`BETWEEN`, an alias in ORDER BY). Without a
/// bound, nesting such syntax doubles the tree at every level.
const MAX_COPIED: usize = 200_000;

pub(crate) use interval::of_text as interval_of_text;
pub(crate) use routine::routine_of_text;
pub(crate) use statement::statement;
pub(crate) use value::{Value, assigned_values, converted, rows, values};

/// A query, resolved and pruned to the columns that it depends on.
fn query(syntax: &syntax::Query, resolver: &mut Resolver<'_>) -> Result<Query> {
    let rows = resolver.top_query(syntax)?;
    refuse_duplicates(&rows, syntax.position)?;
    Ok(pruned(rows.into_query()))
}

fn pruned(mut query: Query) -> Query {
    crate::prune::prune(&mut query);
    query
}

struct Resolver<'a> {
    catalog: &'a dyn Catalog,
    surroundings: &'a Surroundings,
    next_column: u32,
    next_cte: u32,
    /// Those in sight, the innermost last.
    ctes: Vec<Cte>,
    /// Recursive CTEs that the text at hand is inside of, by what they call their own rows, and where it refers to them.
    recursions: Vec<(CteId, Vec<Position>)>,
    /// Wildcard tables named so far.
    wildcards: Vec<wildcard::Wildcard>,
    copied: usize,
    /// The views that the text at hand is inside of, the innermost last, with the dataset of bare names there.
    views: Vec<Option<String>>,
    /// Calls of functions made by statements that the expression at hand is inside of.
    function_calls: usize,
    /// Calls of functions that give rows that the text at hand is inside of, the innermost last.
    table_function_calls: Vec<table_function::TableFunctionCall>,
}

/// A CTE in sight.
#[derive(Clone)]
struct Cte {
    id: CteId,
    name: String,
    columns: Vec<RowColumn>,
    value_table: bool,
}

/// A relation and what its columns are called.
#[derive(Clone, Debug)]
struct Rows {
    relation: Relation,
    columns: Vec<RowColumn>,
    /// Whether a row is one value without a name (`SELECT AS STRUCT`).
    value_table: bool,
}

/// A column of a query's result.
#[derive(Clone, Debug)]
struct RowColumn {
    /// As spelled; `None` where the text gives none.
    name: Option<String>,
    id: ColumnId,
    sql_type: SqlType,
    /// The value, where the column is a literal: set operations let it adapt.
    literal: Option<bedside_types::Value>,
    /// Whether it is a row of a value table beside other columns: `*` over it gives its fields.
    row: bool,
}

impl RowColumn {
    fn expression(&self, position: Position) -> Expression {
        Expression { kind: ExpressionKind::Column(self.id), sql_type: self.sql_type.clone(), position }
    }
}

impl Rows {
    /// The tree's form, unnamed columns being `f0_`, `f1_`, ….
    fn into_query(self) -> Query {
        let mut unnamed = 0;
        let output = self.columns.into_iter().map(|column| {
            let name = column.name.unwrap_or_else(|| {
                unnamed += 1;
                format!("f{}_", unnamed - 1)
            });
            OutputColumn { name, column: column.id, sql_type: column.sql_type }
        });
        Query { output: output.collect(), root: self.relation }
    }
}

impl<'a> Resolver<'a> {
    fn new(catalog: &'a dyn Catalog, surroundings: &'a Surroundings) -> Self {
        Self {
            catalog,
            surroundings,
            next_column: 0,
            next_cte: 0,
            ctes: Vec::new(),
            recursions: Vec::new(),
            wildcards: Vec::new(),
            copied: 0,
            views: Vec::new(),
            function_calls: 0,
            table_function_calls: Vec::new(),
        }
    }

    /// A statement's own query: rows of columns, whatever it selects.
    fn top_query(&mut self, syntax: &syntax::Query) -> Result<Rows> {
        let mut rows = self.query(syntax, None)?;
        for column in &mut rows.columns {
            column.row = false;
        }
        Ok(self.without_value_table(rows, syntax.position))
    }

    fn new_column(&mut self) -> ColumnId {
        self.next_column += 1;
        ColumnId(self.next_column - 1)
    }

    /// A copy of an expression that the text has once and the tree needs twice.
    fn copy(&mut self, expression: &Expression) -> Result<Expression> {
        self.copied += walk::size(expression);
        if self.copied > MAX_COPIED {
            let message = "The statement is too complex: expressions that are used several times grow too large";
            return Err(SqlError::too_large(message, expression.position));
        }
        Ok(expression.clone())
    }

    /// Adds computed columns to a relation; nothing where there are none.
    fn project(input: Relation, computed: Vec<(ColumnId, Expression)>) -> Relation {
        if computed.is_empty() { input } else { Relation::Project { input: Box::new(input), computed } }
    }

    /// At the top, the struct of `SELECT AS STRUCT` comes out as its fields.
    fn without_value_table(&mut self, rows: Rows, position: Position) -> Rows {
        let (true, Some(SqlType::Struct(fields))) =
            (rows.value_table, rows.columns.first().map(|c| c.sql_type.clone()))
        else {
            return rows;
        };
        let whole = rows.columns[0].expression(position);
        let mut computed = Vec::new();
        let mut columns = Vec::new();
        for (index, field) in fields.into_iter().enumerate() {
            let id = self.new_column();
            let kind = ExpressionKind::Field { operand: Box::new(whole.clone()), index };
            computed.push((id, Expression { kind, sql_type: field.sql_type.clone(), position }));
            columns.push(RowColumn { name: field.name, id, sql_type: field.sql_type, literal: None, row: false });
        }
        Rows { relation: Self::project(rows.relation, computed), columns, value_table: false }
    }
}

fn refuse_duplicates(rows: &Rows, position: Position) -> Result<()> {
    let mut seen = HashMap::new();
    let mut twice = Vec::new();
    for name in rows.columns.iter().filter_map(|c| c.name.as_ref()) {
        let count: &mut usize = seen.entry(name.to_lowercase()).or_default();
        *count += 1;
        if *count == 2 {
            twice.push(name.as_str());
        }
    }
    if twice.is_empty() {
        return Ok(());
    }
    let message =
        format!("Duplicate column names in the result are not supported. Found duplicate(s): {}", twice.join(", "));
    Err(SqlError::name(message, position).with_hint("give each column a name of its own with AS"))
}

fn literal(value: bedside_types::Value, sql_type: SqlType, position: Position) -> Expression {
    Expression { kind: ExpressionKind::Literal(value), sql_type, position }
}

fn column(id: ColumnId, sql_type: SqlType, position: Position) -> Expression {
    Expression { kind: ExpressionKind::Column(id), sql_type, position }
}

/// A call whose arguments have the right types already.
fn function(name: &'static str, arguments: Vec<Expression>, sql_type: SqlType, position: Position) -> Expression {
    Expression { kind: ExpressionKind::Call { function: name, arguments, on_error: OnError::Fail }, sql_type, position }
}

fn not(operand: Expression) -> Expression {
    let position = operand.position;
    function("$not", vec![operand], SqlType::Bool, position)
}

fn not_if(negated: bool, operand: Expression) -> Expression {
    if negated { not(operand) } else { operand }
}
