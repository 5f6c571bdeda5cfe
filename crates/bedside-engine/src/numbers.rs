//! Groups by long texts, found by numbers.
//!
//! Care units, drugs, labels: what people group by is a handful of texts in millions of rows, and to find a row's group its
//! texts are hashed and compared byte by byte. Loading has counted how many different ones a column has. Where they are few,
//! each gets a number (`bedside_functions::Numbering`), rows are grouped by these, and every group's texts are put back at the
//! end. `COUNT(DISTINCT text)` counts numbers, too. Texts of up to twelve bytes stand in the array itself and are compared
//! at once, so that numbers would only cost (`docs/decisions/0019`).

use crate::origin::{self, with_stored};
use crate::table::StoredTable;
use arrow::datatypes::DataType;
use bedside_functions::{self as functions, Modifiers, Numbering};
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, Result};
use datafusion::logical_expr::expr::AggregateFunction;
use datafusion::logical_expr::{Aggregate, Expr, LogicalPlan, LogicalPlanBuilder};
use std::sync::Arc;

/// The plan with numbers for the texts that rows are grouped by.
pub(crate) fn number_texts(plan: LogicalPlan) -> Result<LogicalPlan> {
    let numbered = plan.transform_up(|node| {
        let LogicalPlan::Aggregate(aggregate) = &node else { return Ok(Transformed::no(node)) };
        Ok(numbered(aggregate)?.map_or_else(|| Transformed::no(node), Transformed::yes))
    });
    numbered.data()
}

fn numbered(aggregate: &Aggregate) -> Result<Option<LogicalPlan>> {
    let input = Input::of(&aggregate.input)?;
    let mut calls = Vec::with_capacity(aggregate.aggr_expr.len());
    for call in &aggregate.aggr_expr {
        calls.push(counting_numbers(call, &input)?);
    }
    let mut keys = Vec::with_capacity(aggregate.group_expr.len());
    for key in &aggregate.group_expr {
        keys.push(numbering(key, &input)?);
    }
    if calls.iter().all(Option::is_none) && keys.iter().all(Option::is_none) {
        return Ok(None);
    }
    let of_key = |(key, numbering): (&Expr, &Option<Numbering>)| match numbering {
        Some(numbering) => numbering.number.call(vec![key.clone()]),
        None => key.clone(),
    };
    let new_keys = aggregate.group_expr.iter().zip(&keys).map(of_key).collect();
    let new_calls =
        aggregate.aggr_expr.iter().zip(calls).map(|(old, new)| new.unwrap_or_else(|| old.clone())).collect();
    let grouped = Aggregate::try_new(Arc::clone(&aggregate.input), new_keys, new_calls)?;
    let restored = (0..grouped.schema.fields().len()).map(|index| {
        let (qualifier, field) = aggregate.schema.qualified_field(index);
        let column = Expr::Column(Column::from(grouped.schema.qualified_field(index)));
        match keys.get(index).and_then(Option::as_ref) {
            Some(numbering) => numbering.text.call(vec![column]).alias_qualified(qualifier.cloned(), field.name()),
            None => column,
        }
    });
    let restored: Vec<Expr> = restored.collect();
    LogicalPlanBuilder::from(LogicalPlan::Aggregate(grouped)).project(restored)?.build().map(Some)
}

/// Numbers for a key that is a column of few texts.
fn numbering(key: &Expr, input: &Input<'_>) -> Result<Option<Numbering>> {
    Ok(match key {
        Expr::Column(column) if input.has_few_long_texts(column)? => Some(Numbering::new()),
        _ => None,
    })
}

/// A count of different texts as one of their numbers, under its name.
fn counting_numbers(call: &Expr, input: &Input<'_>) -> Result<Option<Expr>> {
    let (name, inner) = match call {
        Expr::Alias(alias) => (alias.name.clone(), alias.expr.as_ref()),
        other => (other.schema_name().to_string(), other),
    };
    let Expr::AggregateFunction(AggregateFunction { func, params }) = inner else { return Ok(None) };
    let [Expr::Column(column)] = params.args.as_slice() else { return Ok(None) };
    if !(params.distinct && func.name() == "count" && input.has_few_long_texts(column)?) {
        return Ok(None);
    }
    let modifiers = Modifiers { distinct: true, ..Modifiers::default() };
    let counter = functions::aggregate("count", &[DataType::Int64], &DataType::Int64, modifiers);
    let Some(counter) = counter else { return Ok(None) };
    let (func, mut params) = (counter.function, params.clone());
    params.args = vec![Numbering::new().number.call(vec![Expr::Column(column.clone())])];
    Ok(Some(Expr::AggregateFunction(AggregateFunction { func, params }).alias(name)))
}

/// What an aggregate reads.
struct Input<'a> {
    plan: &'a LogicalPlan,
    /// Of its largest table.
    rows: u64,
}

impl<'a> Input<'a> {
    fn of(plan: &'a LogicalPlan) -> Result<Self> {
        let mut rows = 0;
        plan.apply(|node| {
            if let LogicalPlan::TableScan(scan) = node {
                rows = rows.max(with_stored(scan, StoredTable::rows)?.flatten().unwrap_or(0));
            }
            Ok(TreeNodeRecursion::Continue)
        })?;
        Ok(Self { plan, rows })
    }

    /// Whether a column is one of a table of a release, and of texts that come again and again.
    fn has_few_long_texts(&self, column: &Column) -> Result<bool> {
        has_few_long_texts(self.plan, column, self.rows)
    }
}

fn has_few_long_texts(plan: &LogicalPlan, column: &Column, rows: u64) -> Result<bool> {
    match plan {
        LogicalPlan::TableScan(scan) => {
            Ok(with_stored(scan, |table: &StoredTable| table.has_few_long_texts(&column.name, rows))?.unwrap_or(false))
        }
        LogicalPlan::Projection(projection) => {
            let place = projection.schema.maybe_index_of_column(column);
            match place.and_then(|place| origin::column(&projection.expr[place])) {
                Some(below) => has_few_long_texts(&projection.input, below, rows),
                None => Ok(false),
            }
        }
        LogicalPlan::Union(union) => {
            let Some(place) = union.schema.maybe_index_of_column(column) else { return Ok(false) };
            for input in &union.inputs {
                if !has_few_long_texts(input, &Column::from(input.schema().qualified_field(place)), rows)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        LogicalPlan::Join(_) | LogicalPlan::Filter(_) | LogicalPlan::Window(_) => {
            let has = |input: &&&LogicalPlan| input.schema().has_column(column);
            plan.inputs().iter().find(has).map_or(Ok(false), |input| has_few_long_texts(input, column, rows))
        }
        _ => Ok(false),
    }
}
