//! Literals and parameters.

use super::{Resolver, literal};
use crate::calendar;
use crate::decimal::{self, Digits};
use crate::error::{Result, SqlError};
use crate::parameters::{Parameter, Parameters};
use crate::tree::Expression;
use crate::value_text::range_of_text;
use bedside_types::{Json, Position, SqlType, Value, WideNumbers, nearest};

/// An INT64 in decimal or hexadecimal digits, with the sign before it.
pub(super) fn integer(text: &str, sign: &str, position: Position) -> Result<Expression> {
    let value = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) => i64::from_str_radix(&format!("{sign}{digits}"), 16),
        None => format!("{sign}{text}").parse(),
    };
    match value {
        Ok(value) => Ok(literal(Value::Int64(value), SqlType::Int64, position)),
        Err(_) => Err(SqlError::value(format!("Invalid integer literal: {sign}{text}"), position)),
    }
}

pub(super) fn float(text: &str, position: Position) -> Result<Expression> {
    match text.parse::<f64>() {
        // What is too large is an infinity.
        Ok(value) => Ok(literal(Value::Float64(value), SqlType::Float64, position)),
        _ => Err(SqlError::value(format!("Invalid floating point literal: {text}"), position)),
    }
}

/// `DATE '2020-01-01'` and its like.
pub(super) fn typed(sql_type: &SqlType, text: &str, position: Position) -> Result<Expression> {
    let value = match sql_type {
        SqlType::Date => calendar::date(text).map(Value::Date),
        SqlType::Datetime => calendar::datetime(text).map(Value::Datetime),
        SqlType::Time => calendar::time(text).map(Value::Time),
        SqlType::Timestamp => calendar::timestamp(text).map(Value::Timestamp),
        SqlType::Json => {
            let json = Json::parse(text).and_then(|json| json.canonical(WideNumbers::Exact));
            let json = json.map_err(|error| SqlError::value(format!("Invalid JSON literal: {error}"), position))?;
            Some(Value::Json(json.text()))
        }
        SqlType::Numeric => decimal::numeric(text, Digits::Exact).map(Value::Numeric),
        SqlType::BigNumeric => decimal::big_numeric(text).map(Value::BigNumeric),
        SqlType::Range(element) => {
            let range = range_of_text(element, text);
            Some(range.map_err(|why| SqlError::value(format!("Invalid RANGE literal value: {why}"), position))?)
        }
        _ => return Err(SqlError::unsupported(format!("A {sql_type} literal"), position)),
    };
    match value {
        Some(value) => Ok(literal(value, sql_type.clone(), position)),
        None => Err(SqlError::value(format!("Invalid {sql_type} literal: \"{text}\""), position)),
    }
}

impl Resolver<'_> {
    pub(super) fn named_parameter(&self, name: &str, position: Position) -> Result<Expression> {
        self.refuse_in_definition(position)?;
        let parameters: &[(String, Parameter)] = match &self.surroundings.parameters {
            Parameters::Named(parameters) => parameters,
            _ => &[],
        };
        if let Some((_, parameter)) = parameters.iter().find(|(given, _)| given.eq_ignore_ascii_case(name)) {
            Ok(value_of(parameter, position))
        } else {
            let near = nearest(name, parameters.iter().map(|(given, _)| given.as_str()));
            let near = near.map(|n| format!("; Did you mean {n}?")).unwrap_or_default();
            Err(SqlError::name(format!("Query parameter '{name}' not found{near}"), position)
                .with_hint(format!("give it a value: --param {name}:STRING:value")))
        }
    }

    /// What is stored means the same whenever it is used.
    fn refuse_in_definition(&self, position: Position) -> Result<()> {
        if self.views.is_empty() && self.function_calls == 0 {
            return Ok(());
        }
        Err(SqlError::rule("Query parameters cannot be used in the definition of a view or function", position))
    }

    pub(super) fn positional_parameter(&self, index: usize, position: Position) -> Result<Expression> {
        self.refuse_in_definition(position)?;
        let parameters: &[Parameter] = match &self.surroundings.parameters {
            Parameters::Positional(parameters) => parameters,
            _ => &[],
        };
        if let Some(parameter) = parameters.get(index) {
            Ok(value_of(parameter, position))
        } else {
            let message =
                format!("Query parameter number {} is not defined ({} provided)", index + 1, parameters.len());
            Err(SqlError::name(message, position))
        }
    }
}

fn value_of(parameter: &Parameter, position: Position) -> Expression {
    literal(parameter.value.clone(), parameter.sql_type.clone(), position)
}
