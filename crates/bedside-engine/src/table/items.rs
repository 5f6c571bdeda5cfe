//! What filters say about items and patients.

use datafusion::logical_expr::utils::split_conjunction;
use datafusion::logical_expr::{BinaryExpr, Expr, Operator};
use datafusion::scalar::ScalarValue;
use std::collections::BTreeSet;

/// The items that rows must have to pass; `None` if the filters do not bound them.
pub(crate) fn selected(filters: &[Expr]) -> Option<BTreeSet<i64>> {
    filters
        .iter()
        .flat_map(split_conjunction)
        .filter_map(|filter| values(filter, "itemid"))
        .reduce(|a, b| a.intersection(&b).copied().collect())
}

/// Whether the filters pick single patients, stays or admissions.
pub(crate) fn picks_patient(filters: &[Expr]) -> bool {
    const IDS: [&str; 4] = ["subject_id", "stay_id", "icustay_id", "hadm_id"];
    let mut conjuncts = filters.iter().flat_map(split_conjunction);
    conjuncts.any(|filter| IDS.iter().any(|id| values(filter, id).is_some()))
}

/// The values of `column` for which a predicate can be true, where it lists them: `=`, `IN` and `OR` of those.
fn values(predicate: &Expr, column: &str) -> Option<BTreeSet<i64>> {
    match predicate {
        Expr::BinaryExpr(BinaryExpr { left, op: Operator::Eq, right }) => match (&**left, &**right) {
            (Expr::Column(c), literal) | (literal, Expr::Column(c)) if is(&c.name, column) => {
                Some(BTreeSet::from([integer(literal)?]))
            }
            _ => None,
        },
        Expr::BinaryExpr(BinaryExpr { left, op: Operator::Or, right }) => {
            let mut all = values(left, column)?;
            all.extend(values(right, column)?);
            Some(all)
        }
        Expr::InList(list) if !list.negated => match &*list.expr {
            Expr::Column(c) if is(&c.name, column) => list.list.iter().map(integer).collect(),
            _ => None,
        },
        _ => None,
    }
}

fn is(name: &str, column: &str) -> bool {
    name.eq_ignore_ascii_case(column)
}

fn integer(literal: &Expr) -> Option<i64> {
    match literal {
        Expr::Literal(ScalarValue::Int64(Some(value)), _) => Some(*value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{picks_patient, selected};
    use datafusion::logical_expr::{Expr, col, in_list, lit};

    #[test]
    fn items_are_read_from_equality_lists_and_alternatives() {
        let check = |filters: &[Expr], expected: Option<&[i64]>| {
            assert_eq!(selected(filters), expected.map(|items| items.iter().copied().collect()), "{filters:?}");
        };
        let item = || col("itemid");
        check(&[item().eq(lit(7i64))], Some(&[7]));
        check(&[lit(7i64).eq(item()).or(item().eq(lit(8i64)))], Some(&[7, 8]));
        check(&[in_list(item(), vec![lit(1i64), lit(2i64)], false)], Some(&[1, 2]));
        check(&[in_list(item(), vec![lit(1i64), lit(2i64)], false).and(item().eq(lit(2i64)))], Some(&[2]));
        check(&[in_list(item(), vec![lit(1i64)], true)], None);
        check(&[item().eq(lit(7i64)).or(col("valuenum").gt(lit(1.0)))], None);
        check(&[item().gt(lit(7i64))], None);
        check(&[], None);
        assert!(picks_patient(&[item().eq(lit(7i64)).and(col("stay_id").eq(lit(3i64)))]));
        assert!(!picks_patient(&[item().eq(lit(7i64)), col("stay_id").gt(lit(3i64))]));
    }
}
