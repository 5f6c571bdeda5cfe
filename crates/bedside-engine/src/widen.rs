//! Keys with the patient added, where the key says who the patient is.
//!
//! Files are cut by ranges of patients, and a range is computed on one thread. `GROUP BY stay_id, charttime` and `PARTITION BY
//! stay_id ORDER BY charttime` would move all rows between threads and sort them anew, as DataFusion does not know that a stay
//! has one patient. Loading has checked that, table by table; where it holds, the patient joins the key, which changes no
//! group, and the rows stay where they are. A NULL is no stay: rows of several patients share it, so that a table with NULLs in
//! the key is left alone.

use crate::origin::{self, with_stored};
use crate::table::StoredTable;
use arrow::datatypes::{DataType, Field};
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode};
use datafusion::common::{Column, DFSchema, ExprSchema, Result};
use datafusion::logical_expr::{
    Aggregate, Expr, Filter, LogicalPlan, LogicalPlanBuilder, Projection, TableScan, TableScanBuilder, Union, Window,
};
use std::collections::HashMap;
use std::sync::Arc;

/// The plan with the patient in the keys of aggregates and windows.
pub(crate) fn widen(plan: LogicalPlan) -> Result<LogicalPlan> {
    let widened = plan.transform_up(|node| {
        let wide = match &node {
            // A single key is found faster alone, and its groups are few.
            LogicalPlan::Aggregate(aggregate) if aggregate.group_expr.len() > 1 => wide_aggregate(aggregate)?,
            LogicalPlan::Window(window) => wide_window(window)?,
            _ => None,
        };
        let Some(wide) = wide else { return Ok(Transformed::no(node)) };
        let columns = node.schema().columns().into_iter().map(Expr::Column);
        Ok(Transformed::yes(LogicalPlanBuilder::from(wide).project(columns)?.build()?))
    });
    widened.data()
}

fn wide_aggregate(aggregate: &Aggregate) -> Result<Option<LogicalPlan>> {
    let Some((input, patient)) = with_patient(&aggregate.input, &columns(&aggregate.group_expr))? else {
        return Ok(None);
    };
    let keys = aggregate.group_expr.iter().cloned().chain([Expr::Column(patient)]).collect();
    let wide = Aggregate::try_new(Arc::new(input), keys, aggregate.aggr_expr.clone())?;
    Ok(Some(LogicalPlan::Aggregate(wide)))
}

fn wide_window(window: &Window) -> Result<Option<LogicalPlan>> {
    let mut calls = Vec::with_capacity(window.window_expr.len());
    for call in &window.window_expr {
        let name = call.schema_name().to_string();
        let Expr::WindowFunction(function) = call.clone().unalias() else { return Ok(None) };
        calls.push((name, function));
    }
    let Some((_, first)) = calls.first() else { return Ok(None) };
    let mut keys = columns(&first.params.partition_by);
    keys.retain(|key| calls.iter().all(|(_, call)| columns(&call.params.partition_by).contains(key)));
    let Some((input, patient)) = with_patient(&window.input, &keys)? else { return Ok(None) };
    let wide = calls.into_iter().map(|(name, mut function)| {
        // First, as in the files' order.
        function.params.partition_by.insert(0, Expr::Column(patient.clone()));
        Expr::WindowFunction(function).alias(name)
    });
    Ok(Some(LogicalPlan::Window(Window::try_new(wide.collect(), Arc::new(input))?)))
}

/// The keys that are columns.
fn columns(keys: &[Expr]) -> Vec<Column> {
    keys.iter().filter_map(origin::column).cloned().collect()
}

/// A plan over one table, or several of which each stands alone, with the patient among its columns, and which that is, if one of the keys determines the patient and
/// none is the patient.
fn with_patient(plan: &LogicalPlan, keys: &[Column]) -> Result<Option<(LogicalPlan, Column)>> {
    match plan {
        LogicalPlan::TableScan(scan) => scan_with_patient(scan, keys),
        LogicalPlan::Filter(filter) => {
            let Some((input, patient)) = with_patient(&filter.input, keys)? else { return Ok(None) };
            let filter = Filter::try_new(filter.predicate.clone(), Arc::new(input))?;
            Ok(Some((LogicalPlan::Filter(filter), patient)))
        }
        LogicalPlan::Window(window) => {
            let Some((input, patient)) = with_patient(&window.input, keys)? else { return Ok(None) };
            let window = Window::try_new(window.window_expr.clone(), Arc::new(input))?;
            Ok(Some((LogicalPlan::Window(window), patient)))
        }
        LogicalPlan::Projection(projection) => {
            let indices = keys.iter().filter_map(|key| projection.schema.maybe_index_of_column(key));
            let below: Vec<Column> =
                indices.filter_map(|index| origin::column(&projection.expr[index]).cloned()).collect();
            let Some((input, patient)) = with_patient(&projection.input, &below)? else { return Ok(None) };
            let mut expressions = projection.expr.clone();
            let known = expressions.iter().position(|expression| origin::column(expression) == Some(&patient));
            let place = known.unwrap_or_else(|| {
                expressions.push(Expr::Column(patient));
                expressions.len() - 1
            });
            let projection = Projection::try_new(expressions, Arc::new(input))?;
            let patient = Column::from(projection.schema.qualified_field(place));
            Ok(Some((LogicalPlan::Projection(projection), patient)))
        }
        LogicalPlan::Union(union) => union_with_patient(union, keys),
        _ => Ok(None),
    }
}

/// Only where every part knows the patient. Parts that are cut by the same ranges of patients stay apart by these.
fn union_with_patient(union: &Union, keys: &[Column]) -> Result<Option<(LogicalPlan, Column)>> {
    // No column of a statement is called so.
    const NAME: &str = "$patient";
    let places: Vec<usize> = keys.iter().filter_map(|key| union.schema.maybe_index_of_column(key)).collect();
    // Another window above has asked before.
    let is_wide = union.schema.has_column_with_unqualified_name(NAME);
    let (mut inputs, mut may_be_null) = (Vec::with_capacity(union.inputs.len()), false);
    for input in &union.inputs {
        let own: Vec<Column> =
            places.iter().map(|place| Column::from(input.schema().qualified_field(*place))).collect();
        let Some((wide, patient)) = with_patient(input, &own)? else { return Ok(None) };
        if is_wide {
            continue;
        }
        may_be_null |= wide.schema().field_from_column(&patient)?.is_nullable();
        let columns = input.schema().columns().into_iter().map(Expr::Column);
        let columns = columns.chain([Expr::Column(patient).alias(NAME)]);
        inputs.push(Arc::new(LogicalPlanBuilder::from(wide).project(columns)?.build()?));
    }
    if is_wide {
        return Ok(Some((LogicalPlan::Union(union.clone()), Column::new_unqualified(NAME))));
    }
    let patient = Field::new(NAME, DataType::Int64, may_be_null);
    let patient = DFSchema::from_unqualified_fields(vec![patient].into(), HashMap::new())?;
    let schema = Arc::new(union.schema.join(&patient)?);
    Ok(Some((LogicalPlan::Union(Union { inputs, schema }), Column::new_unqualified(NAME))))
}

fn scan_with_patient(scan: &TableScan, keys: &[Column]) -> Result<Option<(LogicalPlan, Column)>> {
    const PATIENT: &str = "subject_id";
    let has = |name: &str| keys.iter().any(|key| key.name.eq_ignore_ascii_case(name));
    let told = |table: &StoredTable| keys.iter().any(|key| table.determines_patient(&key.name));
    if scan.fetch.is_some() || has(PATIENT) || !with_stored(scan, told)?.unwrap_or(false) {
        return Ok(None);
    }
    let schema = scan.source.schema();
    let place = schema.index_of(PATIENT)?;
    let projection = scan.projection.as_ref().map(|columns| {
        let missing = (!columns.contains(&place)).then_some(place);
        columns.iter().copied().chain(missing).collect()
    });
    let wide = TableScanBuilder::new(scan.table_name.clone(), Arc::clone(&scan.source))
        .with_projection(projection)
        .with_filters(scan.filters.clone())
        .build()?;
    let patient = Column::new(Some(scan.table_name.clone()), schema.field(place).name());
    Ok(Some((LogicalPlan::TableScan(wide), patient)))
}
