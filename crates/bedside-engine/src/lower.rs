//! The typed tree as a DataFusion plan.
//!
//! Every column is named by its id (`c17`), so that names can neither clash nor be ambiguous; the output's names are put on
//! the batches afterwards. Functions, casts and orders are decided in the tree and written down as they are: DataFusion's
//! coercion has nothing to do and does not run.

mod aggregation;
mod alternatives;
mod comparison;
mod correlation;
mod expression;
mod literal;
mod node;
mod recursion;
mod relation;
mod share;
mod subquery;
mod time;

use crate::error::{Error, Result};
use crate::shared::{Definition, Plan, SharedTable};
use bedside_sql::tree::{ColumnId, CteId, Query};
use bedside_sql::{ColumnFacts, TableSchema};
use datafusion::catalog::TableProvider;
use datafusion::catalog::cte_worktable::CteWorkTable;
use datafusion::common::Column;
use datafusion::logical_expr::{Expr, LogicalPlan};
use std::collections::HashMap;
use std::sync::Arc;

/// Where the rows of a table come from, as they are or as they were so many microseconds after 1970.
pub(crate) type Tables<'a> = dyn Fn(&TableSchema, Option<i64>) -> Result<Arc<dyn TableProvider>> + 'a;

/// A query as a logical plan whose columns are the query's output in order, named `o0`, `o1`, ….
pub(crate) fn lower(query: &Query, tables: &Tables<'_>, now: i64) -> Result<Plan> {
    let mut lowering = Lowering {
        tables,
        now,
        ctes: HashMap::new(),
        facts: HashMap::new(),
        subqueries: HashMap::new(),
        names: 0,
        shared: Vec::new(),
        shared_ctes: HashMap::new(),
        rounds: HashMap::new(),
    };
    let plan = lowering.relation(&query.root, None)?;
    let output = query
        .output
        .iter()
        .enumerate()
        .map(|(index, column)| of_id(column.column).alias(format!("o{index}")))
        .collect::<Vec<_>>();
    let root = node::project(plan, output)?;
    Ok(Plan { root, shared: lowering.shared })
}

/// One statement on its way down.
struct Lowering<'a> {
    tables: &'a Tables<'a>,
    /// Microseconds since 1970, the same for the whole statement.
    now: i64,
    ctes: HashMap<CteId, &'a Query>,
    facts: HashMap<ColumnId, ColumnFacts>,
    /// The column that a subquery's value was put into, by the address of its expression in the tree.
    subqueries: HashMap<usize, Expr>,
    names: u32,
    /// What is computed once and read in several places, each after what it reads itself.
    shared: Vec<Definition>,
    /// The CTEs among them.
    shared_ctes: HashMap<CteId, Arc<SharedTable>>,
    /// The rows of the round before, of the recursions that the relation at hand is inside of.
    rounds: HashMap<CteId, Arc<CteWorkTable>>,
}

/// The rows of an enclosing query that a correlated subquery is evaluated for: its columns, without duplicates.
#[derive(Clone)]
struct Domain {
    plan: LogicalPlan,
    columns: Vec<ColumnId>,
}

impl Lowering<'_> {
    /// A column name that no other column has.
    fn fresh(&mut self) -> String {
        self.names += 1;
        format!("x{}", self.names)
    }

    fn fact(&self, id: ColumnId) -> ColumnFacts {
        self.facts.get(&id).copied().unwrap_or_default()
    }
}

fn name_of(id: ColumnId) -> String {
    format!("c{}", id.0)
}

fn of_id(id: ColumnId) -> Expr {
    of_name(name_of(id))
}

fn of_name(name: impl Into<String>) -> Expr {
    Expr::Column(Column::new_unqualified(name))
}

/// The names of a plan's columns.
fn names(plan: &LogicalPlan) -> Vec<String> {
    plan.schema().fields().iter().map(|field| field.name().clone()).collect()
}

fn internal<T>(what: impl Into<String>) -> Result<T> {
    Err(Error::Internal(what.into()))
}
