//! Rows that follow from rows: DataFusion's recursive query, and the table of the round before that its step reads.

use super::{Lowering, name_of, node, of_id, of_name};
use crate::error::Result;
use arrow::datatypes::{DataType, Field, Schema};
use bedside_sql::tree::{ColumnId, CteId, Relation, SetOperationKind};
use bedside_types::SqlType;
use datafusion::catalog::cte_worktable::CteWorkTable;
use datafusion::catalog::default_table_source::DefaultTableSource;
use datafusion::common::{Column, TableReference};
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, RecursiveQuery};
use std::sync::Arc;

impl<'a> Lowering<'a> {
    pub(super) fn recursion(
        &mut self,
        cte: CteId,
        kind: SetOperationKind,
        base: &'a (Relation, Vec<ColumnId>),
        step: &'a (Relation, Vec<ColumnId>),
        columns: &[ColumnId],
    ) -> Result<LogicalPlan> {
        let name = format!("recursion{}", cte.0);
        let base = self.recursion_side(base, columns, kind)?;
        // Whether a column can be NULL is known of the base alone.
        let fields: Vec<Field> =
            base.schema().fields().iter().map(|field| field.as_ref().clone().with_nullable(true)).collect();
        self.rounds.insert(cte, Arc::new(CteWorkTable::new(&name, Arc::new(Schema::new(fields)))));
        let step = self.recursion_side(step, columns, kind)?;
        self.rounds.remove(&cte);
        let distinct = kind == SetOperationKind::UnionDistinct;
        let query = RecursiveQuery::try_new(name, Arc::new(base), Arc::new(step), distinct)?;
        let output = columns.iter().map(|column| of_name(round_name(*column)).alias(name_of(*column)));
        node::project(LogicalPlan::RecursiveQuery(query), output.collect())
    }

    /// All columns of the round before, under their names; `None` where the CTE is no recursion at hand.
    pub(super) fn round_before(&self, cte: CteId) -> Result<Option<LogicalPlan>> {
        let Some(table) = self.rounds.get(&cte) else { return Ok(None) };
        let reference = TableReference::bare(table.name());
        let columns: Vec<Expr> = table
            .schema()
            .fields()
            .iter()
            .map(|field| {
                let column = Expr::Column(Column::new(Some(reference.clone()), field.name()));
                column.alias(field.name().trim_start_matches("round_"))
            })
            .collect();
        let source = Arc::new(DefaultTableSource::new(Arc::clone(table) as _));
        node::project(LogicalPlanBuilder::scan(reference, source, None)?.build()?, columns).map(Some)
    }

    fn recursion_side(
        &mut self,
        (relation, own): &'a (Relation, Vec<ColumnId>),
        columns: &[ColumnId],
        kind: SetOperationKind,
    ) -> Result<LogicalPlan> {
        let plan = self.relation(relation, None)?;
        let mut output = Vec::with_capacity(own.len());
        for (own, column) in own.iter().zip(columns) {
            let double = kind == SetOperationKind::UnionDistinct
                && plan.schema().field_with_unqualified_name(&name_of(*own))?.data_type() == &DataType::Float64;
            let value = if double {
                self.call_function("$float_key", vec![of_id(*own)], &SqlType::Float64)?
            } else {
                of_id(*own)
            };
            output.push(value.alias(round_name(*column)));
        }
        node::project(plan, output)
    }
}

/// What a column is called between the rounds: no name that a relation of the step has.
fn round_name(column: ColumnId) -> String {
    format!("round_{}", name_of(column))
}
