//! Nodes of a plan, made as they stand. Every column has a name of its own, so nothing has to be looked up to tell which is
//! meant: the builder's look-ups walk the whole plan below for each expression.

use super::{names, of_name};
use crate::error::Result;
use datafusion::common::{JoinType, NullEquality};
use datafusion::logical_expr::{Aggregate, Expr, Filter, Join, JoinConstraint, LogicalPlan, Projection};
use std::sync::Arc;

pub(super) fn project(plan: LogicalPlan, output: Vec<Expr>) -> Result<LogicalPlan> {
    Ok(LogicalPlan::Projection(Projection::try_new(output, Arc::new(plan))?))
}

/// A plan with computed columns beside its own.
pub(super) fn extend(plan: LogicalPlan, computed: Vec<(String, Expr)>) -> Result<LogicalPlan> {
    if computed.is_empty() {
        return Ok(plan);
    }
    let own = names(&plan).into_iter().map(of_name);
    let output = own.chain(computed.into_iter().map(|(name, expr)| expr.alias(name))).collect();
    project(plan, output)
}

/// A plan of some columns under other names.
pub(super) fn renamed(plan: LogicalPlan, columns: impl IntoIterator<Item = (String, String)>) -> Result<LogicalPlan> {
    let column = |(old, new)| if old == new { of_name(old) } else { of_name(old).alias(new) };
    project(plan, columns.into_iter().map(column).collect())
}

pub(super) fn filter(plan: LogicalPlan, predicate: Expr) -> Result<LogicalPlan> {
    Ok(LogicalPlan::Filter(Filter::try_new(predicate, Arc::new(plan))?))
}

pub(super) fn aggregate(plan: LogicalPlan, groups: Vec<Expr>, calls: Vec<Expr>) -> Result<LogicalPlan> {
    Ok(LogicalPlan::Aggregate(Aggregate::try_new(Arc::new(plan), groups, calls)?))
}

/// The pairs of rows for which all the predicates hold.
pub(super) fn join(
    left: LogicalPlan,
    right: LogicalPlan,
    kind: JoinType,
    predicates: impl IntoIterator<Item = Expr>,
) -> Result<LogicalPlan> {
    let (left, right) = (Arc::new(left), Arc::new(right));
    let filter = predicates.into_iter().reduce(Expr::and);
    let (on, equality) = (JoinConstraint::On, NullEquality::NullEqualsNothing);
    Ok(LogicalPlan::Join(Join::try_new(left, right, Vec::new(), filter, kind, on, equality, false)?))
}
