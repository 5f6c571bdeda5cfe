//! Conditions that may fail are evaluated only for rows that pass all others.
//!
//! `WHERE REGEXP_CONTAINS(value, r'^\d+$') AND CAST(value AS INT64) > 5` must not fail for a row that the first condition
//! drops. DataFusion reorders conditions, merges those of nested queries and moves them down. So, once it is done, every
//! condition that may fail is put behind the others of its filter: `a AND CASE TRUE WHEN a THEN b ELSE FALSE END`, where `a`
//! still prunes. Below joins such a condition may run on rows that the join would drop; it is as on BigQuery then.

use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::expr::Case;
use datafusion::logical_expr::utils::{conjunction, split_conjunction};
use datafusion::logical_expr::{Expr, Filter, LogicalPlan, lit};
use datafusion::optimizer::{ApplyOrder, OptimizerConfig, OptimizerRule};

/// The rule; it stands at the end of the optimizer's.
#[derive(Debug, Default)]
pub(crate) struct GuardConditions;

impl OptimizerRule for GuardConditions {
    fn name(&self) -> &'static str {
        "guard_conditions"
    }

    fn apply_order(&self) -> Option<ApplyOrder> {
        Some(ApplyOrder::TopDown)
    }

    fn rewrite(&self, plan: LogicalPlan, _: &dyn OptimizerConfig) -> Result<Transformed<LogicalPlan>> {
        let LogicalPlan::Filter(filter) = plan else { return Ok(Transformed::no(plan)) };
        match guarded(&filter.predicate) {
            Some(predicate) => Ok(Transformed::yes(LogicalPlan::Filter(Filter::try_new(predicate, filter.input)?))),
            None => Ok(Transformed::no(LogicalPlan::Filter(filter))),
        }
    }
}

/// The predicate with what may fail behind what may not; `None` if that changes nothing.
fn guarded(predicate: &Expr) -> Option<Expr> {
    let (risky, safe): (Vec<&Expr>, Vec<&Expr>) =
        split_conjunction(predicate).into_iter().partition(|part| may_fail(part));
    if risky.is_empty() || safe.is_empty() || risky.iter().all(|part| is_guard(part)) {
        return None;
    }
    let guard = conjunction(safe.iter().copied().cloned())?;
    let mut parts: Vec<Expr> = safe.into_iter().cloned().collect();
    for part in risky {
        parts.push(if is_guard(part) { part.clone() } else { behind(&guard, part.clone()) });
    }
    conjunction(parts)
}

fn behind(guard: &Expr, part: Expr) -> Expr {
    lazily(vec![(guard.clone(), part)], lit(false))
}

/// A CASE of BOOL whose arms are evaluated only where they are taken. DataFusion turns a CASE of BOOL into ANDs and ORs,
/// which it evaluates as it likes; not so `CASE TRUE WHEN …`.
pub(crate) fn lazily(arms: Vec<(Expr, Expr)>, otherwise: Expr) -> Expr {
    let arms = arms.into_iter().map(|(condition, result)| (Box::new(condition), Box::new(result))).collect();
    Expr::Case(Case::new(Some(Box::new(lit(true))), arms, Some(Box::new(otherwise))))
}

/// Whether a condition is of the form that this rule makes.
fn is_guard(part: &Expr) -> bool {
    matches!(part, Expr::Case(case) if case.expr.is_some()
        && case.when_then_expr.len() == 1
        && matches!(case.else_expr.as_deref(), Some(Expr::Literal(ScalarValue::Boolean(Some(false)), _))))
}

/// Whether a condition calls a function that fails for some values.
pub(crate) fn may_fail(expression: &Expr) -> bool {
    let mut found = false;
    let walked = expression.apply(|part| {
        if let Expr::ScalarFunction(call) = part {
            let constants: Vec<Option<&ScalarValue>> = call.args.iter().map(Expr::as_literal).collect();
            found |= bedside_functions::may_fail(&call.func, &constants);
        }
        Ok(if found { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
    });
    found || walked.is_err()
}

#[cfg(test)]
mod tests {
    use super::guarded;
    use arrow::datatypes::DataType;
    use datafusion::logical_expr::expr::ScalarFunction;
    use datafusion::logical_expr::{Expr, col, lit};

    #[test]
    fn what_may_fail_comes_last_and_once() {
        let cast = bedside_functions::scalar("$cast", &DataType::Int64, bedside_functions::OnError::Fail).unwrap();
        let risky = Expr::ScalarFunction(ScalarFunction::new_udf(cast, vec![col("v")])).gt(lit(5_i64));
        let safe = col("i").eq(lit(1_i64));
        let once = guarded(&risky.clone().and(safe.clone())).unwrap();
        let text = once.to_string();
        assert!(text.starts_with("i = Int64(1) AND CASE Boolean(true) WHEN i = Int64(1) THEN "), "{text}");
        assert_eq!(guarded(&once), None);
        assert_eq!(guarded(&risky), None);
        assert_eq!(guarded(&safe), None);
    }
}
