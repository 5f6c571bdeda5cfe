//! Values of the tree as DataFusion's scalars.

use crate::error::{Error, Result};
use crate::lower::internal;
use arrow::datatypes::IntervalMonthDayNano;
use bedside_types::{SqlType, Value};
use datafusion::common::ScalarValue;
use datafusion::common::scalar::ScalarStructBuilder;
use datafusion::logical_expr::{ColumnarValue, Expr, ScalarFunctionArgs};
use std::sync::Arc;

/// A constant.
pub(super) fn literal(value: &Value, sql_type: &SqlType) -> Result<Expr> {
    Ok(Expr::Literal(scalar(value, sql_type)?, None))
}

/// A value of a type as DataFusion holds it.
pub(super) fn scalar(value: &Value, sql_type: &SqlType) -> Result<ScalarValue> {
    Ok(match (value, sql_type) {
        (Value::Null, _) => ScalarValue::try_new_null(&sql_type.arrow())?,
        (Value::Bool(value), _) => ScalarValue::Boolean(Some(*value)),
        (Value::Int64(value), _) => ScalarValue::Int64(Some(*value)),
        (Value::Float64(value), _) => ScalarValue::Float64(Some(*value)),
        (Value::Numeric(value), _) => ScalarValue::Decimal128(Some(*value), 38, 9),
        (Value::BigNumeric(text), _) => big_numeric(text)?,
        (Value::String(text) | Value::Json(text), _) => ScalarValue::Utf8View(Some(text.clone())),
        (Value::Bytes(bytes), _) => ScalarValue::BinaryView(Some(bytes.clone())),
        (Value::Date(days), _) => ScalarValue::Date32(Some(*days)),
        (Value::Datetime(micros), _) => ScalarValue::TimestampMicrosecond(Some(*micros), None),
        (Value::Timestamp(micros), _) => ScalarValue::TimestampMicrosecond(Some(*micros), Some("UTC".into())),
        (Value::Time(micros), _) => ScalarValue::Time64Microsecond(Some(*micros)),
        (Value::Interval(interval), _) => {
            let Some(nanos) = interval.micros.checked_mul(1000) else {
                return Err(Error::Unsupported("an INTERVAL of more than 292 years of time".to_owned()));
            };
            let value = IntervalMonthDayNano::new(interval.months, interval.days, nanos);
            ScalarValue::IntervalMonthDayNano(Some(value))
        }
        (Value::Array(values), SqlType::Array(element)) => {
            let values = values.iter().map(|value| scalar(value, element)).collect::<Result<Vec<_>>>()?;
            ScalarValue::List(ScalarValue::new_list(&values, &element.arrow(), true))
        }
        (Value::Struct(values), SqlType::Struct(fields)) => {
            let mut builder = ScalarStructBuilder::new();
            let arrow::datatypes::DataType::Struct(names) = sql_type.arrow() else {
                return internal("a struct type without fields");
            };
            for ((value, field), name) in values.iter().zip(fields).zip(&names) {
                builder = builder.with_scalar(Arc::clone(name), scalar(value, &field.sql_type)?);
            }
            builder.build()?
        }
        (Value::Range(ends), SqlType::Range(element)) => {
            let arrow::datatypes::DataType::Struct(names) = sql_type.arrow() else {
                return internal("a range type without ends");
            };
            let mut builder = ScalarStructBuilder::new();
            for (end, name) in ends.iter().zip(&names) {
                builder = builder.with_scalar(Arc::clone(name), scalar(end, element)?);
            }
            builder.build()?
        }
        (value, sql_type) => return internal(format!("a literal of type {sql_type} is {value:?}")),
    })
}

/// BIGNUMERIC literals go through the cast from text, the one place that reads them.
fn big_numeric(text: &str) -> Result<ScalarValue> {
    let result = SqlType::BigNumeric.arrow();
    let Some(cast) = bedside_functions::scalar("$cast", &result, bedside_functions::OnError::Fail) else {
        return internal("there is no cast");
    };
    let args = ScalarFunctionArgs {
        args: vec![ColumnarValue::Scalar(ScalarValue::Utf8View(Some(text.to_owned())))],
        arg_fields: vec![Arc::new(SqlType::String.field("text", false))],
        number_rows: 1,
        return_field: Arc::new(SqlType::BigNumeric.field("value", true)),
        config_options: Arc::default(),
    };
    match cast.invoke_with_args(args)? {
        ColumnarValue::Scalar(value) => Ok(value),
        ColumnarValue::Array(_) => internal("a constant became an array"),
    }
}
