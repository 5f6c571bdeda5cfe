//! What is computed once although several places read it.
//!
//! DataFusion writes a CTE out at every use. One that is used more than once becomes a part of its own, unless it is no more
//! than some columns and rows of a table: those are cheaper to read again, with what each use knows of the rows it wants.

use crate::error::Result;
use crate::lower::{Lowering, correlation, node};
use crate::shared::{Definition, SharedTable};
use bedside_sql::tree::{CteDefinition, ExpressionKind, Relation};
use datafusion::catalog::default_table_source::DefaultTableSource;
use datafusion::common::{Column, TableReference};
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder};
use std::sync::Arc;

impl<'a> Lowering<'a> {
    /// Makes a CTE known, and a part of its own if that pays.
    pub(super) fn define(&mut self, definition: &'a CteDefinition) -> Result<()> {
        let CteDefinition { cte, name, query, uses } = definition;
        self.ctes.insert(*cte, query);
        // One that refers to an enclosing query's row has other rows for each.
        let own =
            *uses > 1 && self.is_worth_sharing(&query.root) && correlation::of_query(query, &self.ctes).is_empty();
        if own && !self.shared_ctes.contains_key(cte) {
            let plan = self.relation(&query.root, None)?;
            let shared = self.share(name, plan);
            self.shared_ctes.insert(*cte, shared);
        }
        Ok(())
    }

    /// Makes a plan a part of its own.
    pub(super) fn share(&mut self, name: &str, plan: LogicalPlan) -> Arc<SharedTable> {
        let table = SharedTable {
            number: self.shared.len(),
            name: name.to_owned(),
            schema: Arc::new(plan.schema().as_arrow().clone()),
        };
        let table = Arc::new(table);
        self.shared.push(Definition { table: Arc::clone(&table), plan });
        table
    }

    /// Whether a relation does more than pass on columns and rows of one table.
    fn is_worth_sharing(&self, relation: &Relation) -> bool {
        let mut subqueries = Vec::new();
        let input = match relation {
            Relation::OneRow | Relation::Table { .. } => return false,
            Relation::Cte { cte, .. } => {
                let shared = self.shared_ctes.contains_key(cte);
                return !shared && self.ctes.get(cte).is_none_or(|query| self.is_worth_sharing(&query.root));
            }
            Relation::Project { input, computed } => {
                computed.iter().for_each(|(_, expression)| correlation::subqueries(expression, &mut subqueries));
                input
            }
            Relation::Filter { input, predicate } => {
                correlation::subqueries(predicate, &mut subqueries);
                input
            }
            // A list of constants.
            Relation::Unnest { input, array, .. } => {
                let list =
                    matches!(array.kind, ExpressionKind::Call { function: "$array", .. } | ExpressionKind::Literal(_));
                return !list || correlation::reads_row(array) || !matches!(**input, Relation::OneRow);
            }
            _ => return true,
        };
        !subqueries.is_empty() || self.is_worth_sharing(input)
    }
}

/// All columns of a shared part, under their names.
pub(super) fn scan(shared: &Arc<SharedTable>) -> Result<LogicalPlan> {
    let reference = TableReference::bare(format!("shared{}", shared.number));
    let columns: Vec<Expr> = shared
        .schema
        .fields()
        .iter()
        .map(|field| Expr::Column(Column::new(Some(reference.clone()), field.name())).alias(field.name()))
        .collect();
    let source = Arc::new(DefaultTableSource::new(Arc::clone(shared) as _));
    node::project(LogicalPlanBuilder::scan(reference, source, None)?.build()?, columns)
}
