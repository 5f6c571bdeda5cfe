//! Expressions.

use crate::error::{Error, Result};
use crate::guard::{lazily, may_fail};
use crate::lower::literal::literal;
use crate::lower::{Lowering, alternatives, internal, of_id};
use arrow::datatypes::DataType;
use bedside_functions as functions;
use bedside_sql::tree::{Expression, ExpressionKind, OnError};
use bedside_types::{SqlType, StructField, Value, Zone, ZoneError};
use datafusion::common::ScalarValue;
use datafusion::functions::core::expr_ext::FieldAccessor;
use datafusion::logical_expr::expr::{Case, Cast, Like, ScalarFunction};
use datafusion::logical_expr::utils::{conjunction, disjunction};
use datafusion::logical_expr::{Expr, lit};

impl<'a> Lowering<'a> {
    /// An expression over columns that the plan has; its subqueries are attached before.
    pub(super) fn expression(&mut self, expression: &'a Expression) -> Result<Expr> {
        match &expression.kind {
            ExpressionKind::Literal(value) => literal(value, &expression.sql_type),
            ExpressionKind::Column(id) | ExpressionKind::OuterColumn(id) => Ok(of_id(*id)),
            ExpressionKind::Call { function, arguments, on_error } => {
                self.call(function, arguments, *on_error, &expression.sql_type)
            }
            ExpressionKind::Cast { operand, on_error } => {
                let from = &operand.sql_type;
                let operand = self.expression(operand)?;
                cast(operand, from, &expression.sql_type, *on_error)
            }
            ExpressionKind::Case { arms, otherwise } => {
                let mut pairs = Vec::with_capacity(arms.len());
                for (condition, result) in arms {
                    pairs.push((self.expression(condition)?, self.expression(result)?));
                }
                let otherwise = match otherwise {
                    Some(otherwise) => self.expression(otherwise)?,
                    None => literal(&Value::Null, &expression.sql_type)?,
                };
                let risky = pairs.iter().any(|(condition, result)| may_fail(condition) || may_fail(result));
                if expression.sql_type == SqlType::Bool && (risky || may_fail(&otherwise)) {
                    return Ok(lazily(pairs, otherwise));
                }
                let pairs =
                    pairs.into_iter().map(|(condition, result)| (Box::new(condition), Box::new(result))).collect();
                Ok(Expr::Case(Case::new(None, pairs, Some(Box::new(otherwise)))))
            }
            ExpressionKind::Field { operand, index } => {
                let DataType::Struct(fields) = operand.sql_type.arrow() else {
                    return internal(format!("a field of {}", operand.sql_type));
                };
                let Some(field) = fields.get(*index) else { return internal("a field that is not there") };
                let duplicate = fields.iter().filter(|other| other.name() == field.name()).count() > 1;
                if duplicate {
                    return Err(Error::Unsupported(format!("access to one of several fields named {}", field.name())));
                }
                Ok(self.expression(operand)?.field(field.name().as_str()))
            }
            ExpressionKind::Subquery { .. } => {
                let address = std::ptr::from_ref(expression) as usize;
                self.subqueries
                    .get(&address)
                    .cloned()
                    .ok_or_else(|| Error::Unsupported("a subquery in this place".to_owned()))
            }
        }
    }

    pub(super) fn expressions(&mut self, expressions: &'a [Expression]) -> Result<Vec<Expr>> {
        expressions.iter().map(|expression| self.expression(expression)).collect()
    }

    fn call(
        &mut self,
        function: &'static str,
        arguments: &'a [Expression],
        on_error: OnError,
        result: &SqlType,
    ) -> Result<Expr> {
        if let Some(comparison) = self.comparison(function, arguments)? {
            return Ok(comparison);
        }
        match function {
            "$in" => return self.in_list(arguments),
            "$like" => {
                if let Some(like) = self.plain_like(arguments)? {
                    return Ok(like);
                }
            }
            "current_date" | "current_datetime" | "current_time" | "current_timestamp" => {
                return self.clock(function, arguments, result);
            }
            _ => {}
        }
        let mut values = self.expressions(arguments)?;
        let one = |values: &mut Vec<Expr>| values.pop().map_or_else(|| internal(format!("{function} of nothing")), Ok);
        Ok(match function {
            "$and" => in_turn(values, |all| conjunction(all).unwrap_or_else(|| lit(true)), false),
            "$or" => in_turn(alternatives::joined(values), |all| disjunction(all).unwrap_or_else(|| lit(false)), true),
            "$not" => Expr::Not(Box::new(one(&mut values)?)),
            "$is_null" => one(&mut values)?.is_null(),
            "$is_true" => one(&mut values)?.is_true(),
            "$is_false" => one(&mut values)?.is_false(),
            "coalesce" if values.len() == 1 => one(&mut values)?,
            "coalesce" | "ifnull" => datafusion::functions::core::expr_fn::coalesce(values),
            "nullif" => {
                let Some(equal) = self.comparison("$equal", arguments)? else {
                    return internal("there is no equality");
                };
                either(equal, literal(&Value::Null, result)?, values.swap_remove(0))
            }
            "nullifzero" => {
                let value = one(&mut values)?;
                let zero = self.call_function("$equal", vec![value.clone(), zero(result)?], &SqlType::Bool)?;
                either(zero, literal(&Value::Null, result)?, value)
            }
            "zeroifnull" => {
                let value = one(&mut values)?;
                either(value.clone().is_null(), zero(result)?, value)
            }
            "if" => match <[Expr; 3]>::try_from(values) {
                Ok([condition, yes, no]) => either(condition, yes, no),
                Err(_) => return internal("IF of other than three values"),
            },
            _ => {
                let on_error = on_error_of(on_error);
                let mut types = Vec::with_capacity(values.len());
                for (argument, value) in arguments.iter().zip(&mut values) {
                    let mut data_type = argument.sql_type.arrow();
                    // Arrays and structs keep a JSON's text as it is; their fields say what it is.
                    if argument.sql_type == SqlType::Json && !matches!(function, "$array" | "$struct") {
                        (*value, data_type) = self.boxed(value.clone())?;
                    }
                    types.push((data_type, value.as_literal().cloned()));
                }
                functions::check(function, &result.arrow(), &types)?;
                let Some(udf) = functions::scalar(function, &result.arrow(), on_error) else {
                    return Err(Error::Unsupported(format!("the function {}", function.to_uppercase())));
                };
                Expr::ScalarFunction(ScalarFunction::new_udf(udf, values))
            }
        })
    }

    /// A JSON argument as functions want it, and its type: Arrow alone does not tell it from STRING.
    fn boxed(&self, value: Expr) -> Result<(Expr, DataType)> {
        let field = StructField { name: Some(functions::JSON_BOX.to_owned()), sql_type: SqlType::Json };
        let sql_type = SqlType::Struct(vec![field]);
        Ok((self.call_function("$struct", vec![value], &sql_type)?, sql_type.arrow()))
    }

    /// A call of one of our functions that fails on errors.
    #[expect(clippy::unused_self, reason = "it stands beside the other ways to lower a call")]
    pub(super) fn call_function(&self, function: &'static str, values: Vec<Expr>, result: &SqlType) -> Result<Expr> {
        let Some(udf) = functions::scalar(function, &result.arrow(), functions::OnError::Fail) else {
            return Err(Error::Unsupported(format!("the function {}", function.to_uppercase())));
        };
        Ok(Expr::ScalarFunction(ScalarFunction::new_udf(udf, values)))
    }

    /// LIKE with a constant pattern without escapes is DataFusion's, which knows prefixes and prunes by them.
    fn plain_like(&mut self, arguments: &'a [Expression]) -> Result<Option<Expr>> {
        let [text, pattern] = arguments else { return internal("LIKE of other than two values") };
        let ExpressionKind::Literal(Value::String(constant)) = &pattern.kind else { return Ok(None) };
        if constant.contains('\\') || text.sql_type != SqlType::String {
            return Ok(None);
        }
        let (text, pattern) = (self.expression(text)?, self.expression(pattern)?);
        Ok(Some(Expr::Like(Like::new(false, Box::new(text), Box::new(pattern), None, false))))
    }

    /// The statement's own moment, the same in all places.
    fn clock(&self, function: &str, arguments: &[Expression], result: &SqlType) -> Result<Expr> {
        const DAY: i64 = 86_400_000_000;
        let zone = match arguments.first().map(|zone| &zone.kind) {
            None => Zone::UTC,
            Some(ExpressionKind::Literal(Value::String(zone))) => {
                zone.parse().map_err(|e: ZoneError| functions::Error::Evaluation(e.to_string()))?
            }
            Some(ExpressionKind::Literal(Value::Null)) => {
                return literal(&Value::Null, result);
            }
            Some(_) => return Err(Error::Unsupported("a time zone that is no constant here".to_owned())),
        };
        let civil = zone.civil(self.now);
        let value = match function {
            "current_date" => ScalarValue::Date32(Some(civil.div_euclid(DAY) as i32)),
            "current_datetime" => ScalarValue::TimestampMicrosecond(Some(civil), None),
            "current_time" => ScalarValue::Time64Microsecond(Some(civil.rem_euclid(DAY))),
            _ => ScalarValue::TimestampMicrosecond(Some(self.now), Some("UTC".into())),
        };
        Ok(Expr::Literal(value, None))
    }
}

pub(super) fn on_error_of(on_error: OnError) -> functions::OnError {
    match on_error {
        OnError::Fail => functions::OnError::Fail,
        OnError::Null => functions::OnError::Null,
    }
}

pub(super) fn either(condition: Expr, yes: Expr, no: Expr) -> Expr {
    Expr::Case(Case::new(None, vec![(Box::new(condition), Box::new(yes))], Some(Box::new(no))))
}

/// AND (`decided` by FALSE) or OR (by TRUE): operands that may fail are evaluated only where those before do not decide.
fn in_turn(values: Vec<Expr>, join: fn(Vec<Expr>) -> Expr, decided: bool) -> Expr {
    match values.iter().skip(1).position(may_fail) {
        None => join(values),
        Some(first) => {
            let before = join(values[..=first].to_vec());
            let rest = in_turn(values[first + 1..].to_vec(), join, decided);
            let condition = if decided { before.clone().is_true() } else { before.clone().is_false() };
            lazily(vec![(condition, lit(decided))], join(vec![before, rest]))
        }
    }
}

fn zero(sql_type: &SqlType) -> Result<Expr> {
    let value = match sql_type {
        SqlType::Float64 => Value::Float64(0.0),
        SqlType::Numeric => Value::Numeric(0),
        SqlType::BigNumeric => Value::BigNumeric("0".to_owned()),
        _ => Value::Int64(0),
    };
    literal(&value, sql_type)
}

/// A conversion. DataFusion's own cast is used where it cannot fail and gives the same values, so that filters prune.
fn cast(operand: Expr, from: &SqlType, to: &SqlType, on_error: OnError) -> Result<Expr> {
    if from == to || from.arrow() == to.arrow() && *to != SqlType::Json && *from != SqlType::Json {
        return Ok(operand);
    }
    let result = to.arrow();
    let native = matches!(
        (from, to),
        (SqlType::Int64, SqlType::Float64 | SqlType::Numeric)
            | (SqlType::Date | SqlType::Timestamp, SqlType::Datetime)
            | (SqlType::Datetime, SqlType::Timestamp)
    );
    if native {
        return Ok(Expr::Cast(Cast::new(Box::new(operand), result)));
    }
    if let Expr::Literal(value, _) = &operand
        && value.is_null()
    {
        return literal(&Value::Null, to);
    }
    let Some(udf) = functions::scalar("$cast", &result, on_error_of(on_error)) else {
        return internal("there is no cast");
    };
    Ok(Expr::ScalarFunction(ScalarFunction::new_udf(udf, vec![operand])))
}
