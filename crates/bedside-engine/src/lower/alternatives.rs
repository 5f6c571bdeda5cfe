//! Patterns joined by OR.
//!
//! `REGEXP_CONTAINS(drug, r'amox') OR REGEXP_CONTAINS(drug, r'cipro') OR …` is how lists of drugs, and of words in notes,
//! are written. One automaton finds all of them in one walk over the text.

use bedside_functions as functions;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::Expr;
use datafusion::logical_expr::expr::ScalarFunction;

/// The operands of an OR, with the searches of one text by constant patterns as one search in the place of the first.
pub(super) fn joined(mut operands: Vec<Expr>) -> Vec<Expr> {
    let mut first = 0;
    while first < operands.len() {
        if let Some((others, pattern)) = alternatives(&operands[first..]) {
            set_pattern(&mut operands[first], pattern);
            for other in others.into_iter().rev() {
                operands.remove(first + other);
            }
        }
        first += 1;
    }
    operands
}

/// Which of the operands search the text that the first one searches, and the pattern of all of them.
fn alternatives(operands: &[Expr]) -> Option<(Vec<usize>, String)> {
    let (text, pattern) = search(operands.first()?)?;
    let same = |(place, operand)| search(operand).filter(|found| found.0 == text).map(|found| (place, found.1));
    let (places, others): (Vec<usize>, Vec<&str>) = operands.iter().enumerate().skip(1).filter_map(same).unzip();
    if places.is_empty() {
        return None;
    }
    let patterns: Vec<&str> = std::iter::once(pattern).chain(others).collect();
    Some((places, functions::any_pattern(&patterns)?))
}

/// The text that is searched, unless it is made anew every time, and the constant pattern.
fn search(operand: &Expr) -> Option<(&Expr, &str)> {
    let Expr::ScalarFunction(ScalarFunction { func, args }) = operand else { return None };
    let [text, Expr::Literal(pattern, _)] = args.as_slice() else { return None };
    let pattern = pattern.try_as_str().flatten()?;
    (func.name() == "regexp_contains" && !text.is_volatile()).then_some((text, pattern))
}

fn set_pattern(search: &mut Expr, pattern: String) {
    if let Expr::ScalarFunction(ScalarFunction { args, .. }) = search
        && let Some(Expr::Literal(old, _)) = args.last_mut()
    {
        *old = ScalarValue::Utf8View(Some(pattern));
    }
}

#[cfg(test)]
mod tests {
    use super::joined;
    use arrow::datatypes::DataType;
    use bedside_functions::{OnError, scalar};
    use datafusion::common::ScalarValue;
    use datafusion::logical_expr::expr::ScalarFunction;
    use datafusion::logical_expr::{Expr, col, lit};

    fn search(text: Expr, pattern: &str) -> Expr {
        let function = scalar("regexp_contains", &DataType::Boolean, OnError::Fail).unwrap();
        let pattern = lit(ScalarValue::Utf8View(Some(pattern.to_owned())));
        Expr::ScalarFunction(ScalarFunction::new_udf(function, vec![text, pattern]))
    }

    #[test]
    fn searches_of_one_text_become_one() {
        let operands = vec![
            search(col("drug"), "amox"),
            col("given"),
            search(col("route"), "iv"),
            search(col("drug"), "^cipro"),
            search(col("route"), "im"),
        ];
        let expected =
            [search(col("drug"), "(?:amox)|(?:^cipro)"), col("given"), search(col("route"), "(?:iv)|(?:im)")];
        assert_eq!(joined(operands), expected);
    }

    #[test]
    fn what_cannot_be_joined_stays_as_it_is() {
        let drawn = || {
            let uuid = scalar("generate_uuid", &DataType::Utf8View, OnError::Fail).unwrap();
            Expr::ScalarFunction(ScalarFunction::new_udf(uuid, vec![]))
        };
        for operands in [
            vec![search(col("drug"), "amox"), col("given")],
            vec![search(col("drug"), "amox"), col("given"), search(col("drug"), "(")],
            vec![search(col("drug"), "amox"), search(col("route"), "amox")],
            vec![search(drawn(), "a"), search(drawn(), "b")],
        ] {
            assert_eq!(joined(operands.clone()), operands);
        }
    }
}
