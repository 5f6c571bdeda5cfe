//! Comparisons: DataFusion's own where they give GoogleSQL's answer, so that filters prune, and ours elsewhere.
//!
//! DataFusion orders doubles totally: NaN is the largest and equals itself, and -0 is less than 0. Against a constant, for
//! operands that hold no NaN, its operators can be used if zero is compared on the right side.

use crate::error::Result;
use crate::lower::Lowering;
use bedside_sql::tree::{Expression, ExpressionKind};
use bedside_types::{SqlType, Value};
use datafusion::common::ScalarValue;
use datafusion::logical_expr::{Expr, Operator, binary_expr};

impl<'a> Lowering<'a> {
    /// A comparison operator of the registry; `None` if the name is none.
    pub(super) fn comparison(&mut self, function: &'static str, arguments: &'a [Expression]) -> Result<Option<Expr>> {
        let Some(operator) = operator(function) else { return Ok(None) };
        let [left, right] = arguments else {
            return super::internal(format!("{function} of {} values", arguments.len()));
        };
        let (l, r) = (self.rank(left)?, self.rank(right)?);
        if !contains_float(&left.sql_type) && !is_nested(&left.sql_type) && left.sql_type != SqlType::Interval {
            return Ok(Some(binary_expr(l, operator, r)));
        }
        if left.sql_type == SqlType::Float64
            && operator != Operator::IsDistinctFrom
            && let Some(plain) = self.plain_float(operator, (left, &l), (right, &r))
        {
            return Ok(Some(plain));
        }
        self.call_function(function, vec![l, r], &SqlType::Bool).map(Some)
    }

    /// A comparison of doubles as DataFusion has it, where that is exact.
    fn plain_float(&self, operator: Operator, left: (&Expression, &Expr), right: (&Expression, &Expr)) -> Option<Expr> {
        if let Some(constant) = float_literal(right.0)
            && !self.may_be_nan(left.0)
        {
            return Some(against_constant(left.1.clone(), operator, constant));
        }
        if let Some(constant) = float_literal(left.0)
            && !self.may_be_nan(right.0)
        {
            return Some(against_constant(right.1.clone(), operator.swap()?, constant));
        }
        None
    }

    /// `x IN (a, b, …)`.
    pub(super) fn in_list(&mut self, arguments: &'a [Expression]) -> Result<Expr> {
        let Some((operand, list)) = arguments.split_first() else { return super::internal("IN without an operand") };
        let ours = contains_float(&operand.sql_type) || is_nested(&operand.sql_type);
        if !ours && operand.sql_type != SqlType::Interval {
            let value = self.rank(operand)?;
            let list = list.iter().map(|element| self.rank(element)).collect::<Result<Vec<_>>>()?;
            return Ok(value.in_list(list, false));
        }
        let value = self.expression(operand)?;
        let mut any: Option<Expr> = None;
        for element in list {
            let other = self.expression(element)?;
            let equal = match self.plain_float(Operator::Eq, (operand, &value), (element, &other)) {
                Some(plain) if operand.sql_type == SqlType::Float64 => plain,
                _ => self.call_function("$equal", vec![value.clone(), other], &SqlType::Bool)?,
            };
            any = Some(match any {
                Some(any) => any.or(equal),
                None => equal,
            });
        }
        any.map_or_else(|| super::internal("IN without values"), Ok)
    }

    /// A value as it is compared, ordered and joined by: of a RANGE a number, of a text with a collation a key.
    pub(super) fn rank(&mut self, expression: &'a Expression) -> Result<Expr> {
        let value = self.expression(expression)?;
        match expression.sql_type {
            SqlType::Range(_) => self.call_function("$range_key", vec![value], &SqlType::Numeric),
            SqlType::Collated => self.call_function("$collation_key", vec![value], &SqlType::String),
            _ => Ok(value),
        }
    }

    /// A value to group, partition or join by. DataFusion tells doubles apart by their bits; 0 and -0 are one value, and so
    /// are all NaNs.
    pub(super) fn key(&mut self, expression: &'a Expression) -> Result<Expr> {
        let value = self.expression(expression)?;
        let whole =
            matches!(&expression.kind, ExpressionKind::Cast { operand, .. } if operand.sql_type == SqlType::Int64);
        if expression.sql_type != SqlType::Float64 || whole {
            return Ok(value);
        }
        self.call_function("$float_key", vec![value], &SqlType::Float64)
    }

    /// Whether a FLOAT64 expression may give NaN. Facts say of a column that all its values are finite, and operations
    /// fail rather than give what is not.
    pub(super) fn may_be_nan(&self, expression: &Expression) -> bool {
        if expression.sql_type != SqlType::Float64 {
            return false;
        }
        match &expression.kind {
            ExpressionKind::Literal(value) => {
                !matches!(value, Value::Null) && !matches!(value, Value::Float64(v) if v.is_finite())
            }
            ExpressionKind::Column(id) | ExpressionKind::OuterColumn(id) => self.fact(*id).may_be_nan,
            ExpressionKind::Cast { operand, .. } => {
                !matches!(operand.sql_type, SqlType::Int64 | SqlType::Numeric | SqlType::BigNumeric)
                    && self.may_be_nan_or_other(operand)
            }
            ExpressionKind::Case { arms, otherwise } => {
                arms.iter().any(|(_, result)| self.may_be_nan(result))
                    || otherwise.as_ref().is_some_and(|otherwise| self.may_be_nan(otherwise))
            }
            ExpressionKind::Call { function, arguments, .. } => {
                let keeps = matches!(
                    *function,
                    "$add"
                        | "$subtract"
                        | "$multiply"
                        | "$divide"
                        | "$negate"
                        | "abs"
                        | "round"
                        | "trunc"
                        | "ceil"
                        | "floor"
                        | "coalesce"
                        | "greatest"
                        | "least"
                        | "nullif"
                        | "nullifzero"
                        | "zeroifnull"
                        | "sqrt"
                        | "exp"
                        | "ln"
                        | "log"
                        | "log10"
                        | "pow"
                        | "safe_divide"
                        | "safe_add"
                        | "safe_subtract"
                        | "safe_multiply"
                );
                !keeps || arguments.iter().any(|argument| self.may_be_nan(argument))
            }
            ExpressionKind::Field { .. } | ExpressionKind::Subquery { .. } => true,
        }
    }

    fn may_be_nan_or_other(&self, operand: &Expression) -> bool {
        operand.sql_type != SqlType::Float64 || self.may_be_nan(operand)
    }
}

fn operator(function: &str) -> Option<Operator> {
    Some(match function {
        "$equal" => Operator::Eq,
        "$not_equal" => Operator::NotEq,
        "$less" => Operator::Lt,
        "$less_or_equal" => Operator::LtEq,
        "$greater" => Operator::Gt,
        "$greater_or_equal" => Operator::GtEq,
        "$is_distinct_from" => Operator::IsDistinctFrom,
        _ => return None,
    })
}

fn float_literal(expression: &Expression) -> Option<f64> {
    match expression.kind {
        ExpressionKind::Literal(Value::Float64(value)) if !value.is_nan() => Some(value),
        _ => None,
    }
}

/// The total order's form of an IEEE comparison with a constant; only zero needs care.
fn against_constant(operand: Expr, operator: Operator, constant: f64) -> Expr {
    let literal = |value: f64| Expr::Literal(ScalarValue::Float64(Some(value)), None);
    if constant != 0.0 {
        return binary_expr(operand, operator, literal(constant));
    }
    match operator {
        Operator::Lt | Operator::GtEq => binary_expr(operand, operator, literal(-0.0)),
        Operator::Gt | Operator::LtEq => binary_expr(operand, operator, literal(0.0)),
        Operator::NotEq => binary_expr(operand.clone(), Operator::Lt, literal(-0.0)).or(binary_expr(
            operand,
            Operator::Gt,
            literal(0.0),
        )),
        _ => binary_expr(operand.clone(), Operator::GtEq, literal(-0.0)).and(binary_expr(
            operand,
            Operator::LtEq,
            literal(0.0),
        )),
    }
}

pub(super) fn contains_float(sql_type: &SqlType) -> bool {
    match sql_type {
        SqlType::Float64 => true,
        SqlType::Array(element) => contains_float(element),
        SqlType::Struct(fields) => fields.iter().any(|field| contains_float(&field.sql_type)),
        _ => false,
    }
}

pub(super) fn is_nested(sql_type: &SqlType) -> bool {
    matches!(sql_type, SqlType::Array(_) | SqlType::Struct(_))
}
