//! Which type adapts to which. Literals and parameters adapt to more than columns do
//! (<https://cloud.google.com/bigquery/docs/reference/standard-sql/conversion_rules>).

use crate::calendar;
use crate::decimal;
use crate::error::{Result, SqlError};
use crate::tree::{ColumnId, Expression, ExpressionKind, OnError};
use bedside_types::{Position, SqlType, StructField, Value};

/// How far a value is from a type; exact ones are 0. Signatures are compared by their columns first, then their literals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Distance {
    columns: u32,
    literals: u32,
}

impl std::ops::AddAssign for Distance {
    fn add_assign(&mut self, other: Self) {
        self.columns += other.columns;
        self.literals += other.literals;
    }
}

pub(crate) fn is_null(expression: &Expression) -> bool {
    matches!(expression.kind, ExpressionKind::Literal(Value::Null))
}

/// How far an expression is from a type; `None` where it does not adapt.
pub(crate) fn distance(expression: &Expression, to: &SqlType) -> Option<Distance> {
    if is_null(expression) || expression.sql_type == *to {
        return Some(Distance::default());
    }
    match (&expression.kind, &expression.sql_type, to) {
        (ExpressionKind::Literal(_), from, to) if adapts(from) => {
            literal_steps(from, to).map(|literals| Distance { columns: 0, literals })
        }
        // Constructors adapt value by value.
        (ExpressionKind::Call { function: "$array", arguments, .. }, _, SqlType::Array(element)) => {
            let mut total = Distance { columns: 0, literals: 1 };
            for argument in arguments {
                total += distance(argument, element)?;
            }
            Some(total)
        }
        (ExpressionKind::Call { function: "$struct", arguments, .. }, _, SqlType::Struct(fields))
            if arguments.len() == fields.len() =>
        {
            let mut total = Distance { columns: 0, literals: 1 };
            for (argument, field) in arguments.iter().zip(fields) {
                total += distance(argument, &field.sql_type)?;
            }
            Some(total)
        }
        (_, from, to) => steps(from, to).map(|columns| Distance { columns, literals: 0 }),
    }
}

/// The expression as a value of the type; the type must be one that it adapts to.
pub(crate) fn coerce(expression: Expression, to: &SqlType) -> Result<Expression> {
    if expression.sql_type == *to {
        return Ok(expression);
    }
    let Expression { kind, sql_type, position } = expression;
    let kind = match (kind, to) {
        (ExpressionKind::Literal(value), _) => ExpressionKind::Literal(convert(value, to, position)?),
        (ExpressionKind::Call { function: "$array", arguments, on_error }, SqlType::Array(element)) => {
            let arguments = arguments.into_iter().map(|a| coerce(a, element)).collect::<Result<_>>()?;
            ExpressionKind::Call { function: "$array", arguments, on_error }
        }
        (ExpressionKind::Call { function: "$struct", arguments, on_error }, SqlType::Struct(fields))
            if arguments.len() == fields.len() =>
        {
            let pairs = arguments.into_iter().zip(fields);
            let arguments = pairs.map(|(a, field)| coerce(a, &field.sql_type)).collect::<Result<_>>()?;
            ExpressionKind::Call { function: "$struct", arguments, on_error }
        }
        (kind, _) => {
            let operand = Box::new(Expression { kind, sql_type, position });
            ExpressionKind::Cast { operand, on_error: OnError::Fail }
        }
    };
    Ok(Expression { kind, sql_type: to.clone(), position })
}

/// The type that all adapt to; INT64 where all are NULL.
pub(crate) fn supertype<'e>(expressions: impl IntoIterator<Item = &'e Expression>) -> Option<SqlType> {
    let expressions: Vec<&Expression> = expressions.into_iter().collect();
    let fits = |to: &SqlType| expressions.iter().all(|e| distance(e, to).is_some());
    let is_literal =
        |e: &&Expression| is_null(e) || matches!(e.kind, ExpressionKind::Literal(_)) && adapts(&e.sql_type);
    let join = |types: &mut dyn Iterator<Item = &'e Expression>| {
        let mut sum = types.next()?.sql_type.clone();
        for next in types {
            sum = common(&sum, &next.sql_type)?;
        }
        Some(sum)
    };
    let mut known = expressions.iter().copied().filter(|e| !is_null(e)).peekable();
    if known.peek().is_none() {
        return Some(expressions.first().map_or(SqlType::Int64, |e| e.sql_type.clone()));
    }
    if let Some(SqlType::Struct(fields)) = known.peek().map(|e| &e.sql_type) {
        return struct_supertype(fields, &known.collect::<Vec<_>>());
    }
    // Columns decide; literals adapt to them where they can.
    if let Some(columns) = join(&mut expressions.iter().copied().filter(|e| !is_literal(e)))
        && fits(&columns)
    {
        return Some(columns);
    }
    if let Some(all) = join(&mut known)
        && fits(&all)
    {
        return Some(all);
    }
    expressions.iter().filter(|e| !is_null(e)).map(|e| &e.sql_type).find(|t| fits(t)).cloned()
}

/// The struct that all adapt to, field by field; the first one's names are its names.
fn struct_supertype(first: &[StructField], expressions: &[&Expression]) -> Option<SqlType> {
    let mut fields = Vec::with_capacity(first.len());
    for (index, field) in first.iter().enumerate() {
        let mut values = Vec::with_capacity(expressions.len());
        for expression in expressions {
            let SqlType::Struct(fields) = &expression.sql_type else { return None };
            if fields.len() != first.len() {
                return None;
            }
            values.push(match &expression.kind {
                ExpressionKind::Call { function: "$struct", arguments, .. } => arguments[index].clone(),
                _ => Expression {
                    kind: ExpressionKind::Column(ColumnId(u32::MAX)),
                    sql_type: fields[index].sql_type.clone(),
                    position: expression.position,
                },
            });
        }
        fields.push(StructField { name: field.name.clone(), sql_type: supertype(values.iter())? });
    }
    Some(SqlType::Struct(fields))
}

/// The type that values of both types adapt to.
pub(crate) fn common(a: &SqlType, b: &SqlType) -> Option<SqlType> {
    // A text with a collation gives it to one without.
    if is_text(a) && is_text(b) && a != b {
        return Some(SqlType::Collated);
    }
    if steps(a, b).is_some() {
        return Some(b.clone());
    }
    if steps(b, a).is_some() {
        return Some(a.clone());
    }
    match (a, b) {
        (SqlType::Struct(x), SqlType::Struct(y)) if x.len() == y.len() => {
            let fields = x.iter().zip(y).map(|(f, g)| {
                let name = f.name.clone().or_else(|| g.name.clone());
                common(&f.sql_type, &g.sql_type).map(|sql_type| StructField { name, sql_type })
            });
            fields.collect::<Option<_>>().map(SqlType::Struct)
        }
        _ => None,
    }
}

/// How far a type is from another that its values adapt to. INT64 is nearer to FLOAT64 than to NUMERIC, so that `SQRT` and
/// `ROUND` of an integer give FLOAT64; a NUMERIC argument still decides for NUMERIC, as FLOAT64 is far from it.
fn steps(from: &SqlType, to: &SqlType) -> Option<u32> {
    if from == to {
        return Some(0);
    }
    Some(match (from, to) {
        (SqlType::Int64, SqlType::Float64) | (SqlType::Date, SqlType::Datetime) => 1,
        (a, b) if is_text(a) && is_text(b) => 1,
        (SqlType::Array(a), SqlType::Array(b)) if is_text(a) && is_text(b) => 1,
        (SqlType::Int64, SqlType::Numeric) => 2,
        (SqlType::Int64, SqlType::BigNumeric) => 3,
        (SqlType::Numeric, SqlType::BigNumeric) => 4,
        (SqlType::Numeric | SqlType::BigNumeric, SqlType::Float64) => 6,
        (SqlType::Struct(a), SqlType::Struct(b)) if a.len() == b.len() => {
            let mut total = 1;
            for (x, y) in a.iter().zip(b) {
                total += steps(&x.sql_type, &y.sql_type)?;
            }
            total
        }
        _ => return None,
    })
}

fn is_text(sql_type: &SqlType) -> bool {
    matches!(sql_type, SqlType::String | SqlType::Collated)
}

/// Whether literals of a type adapt more freely than columns. Those that name their type (`NUMERIC '1'`) do not.
fn adapts(sql_type: &SqlType) -> bool {
    matches!(sql_type, SqlType::Int64 | SqlType::Float64 | SqlType::String)
}

fn literal_steps(from: &SqlType, to: &SqlType) -> Option<u32> {
    Some(match (from, to) {
        (SqlType::Float64, SqlType::BigNumeric) => 3,
        // Equally near, so that the first signature wins: TIMESTAMP_ADD('2020-01-01', …) is about a TIMESTAMP.
        (SqlType::Float64, SqlType::Numeric)
        | (SqlType::String, SqlType::Date | SqlType::Datetime | SqlType::Timestamp | SqlType::Time) => 2,
        _ => return steps(from, to),
    })
}

/// A literal as a literal of another type.
fn convert(value: Value, to: &SqlType, position: Position) -> Result<Value> {
    let fail = |text: &str| SqlError::value(format!("Could not cast literal \"{text}\" to type {to}"), position);
    Ok(match (value, to) {
        (Value::Null, _) => Value::Null,
        (Value::Int64(v), SqlType::Float64) => Value::Float64(v as f64),
        (Value::Int64(v), SqlType::Numeric) => Value::Numeric(i128::from(v) * decimal::NUMERIC_SCALE),
        (Value::Int64(v), SqlType::BigNumeric) => Value::BigNumeric(v.to_string()),
        (Value::Float64(v), SqlType::Numeric) => {
            let text = format!("{v}");
            Value::Numeric(decimal::numeric(&text, decimal::Digits::Rounded).ok_or_else(|| fail(&text))?)
        }
        (Value::Float64(v), SqlType::BigNumeric) => {
            let text = format!("{v}");
            Value::BigNumeric(decimal::big_numeric(&text).ok_or_else(|| fail(&text))?)
        }
        (Value::Numeric(v), SqlType::BigNumeric) => Value::BigNumeric(decimal::text(v)),
        (Value::Numeric(v), SqlType::Float64) => {
            let text = decimal::text(v);
            Value::Float64(text.parse().map_err(|_| fail(&text))?)
        }
        (Value::BigNumeric(text), SqlType::Float64) => Value::Float64(text.parse().map_err(|_| fail(&text))?),
        (Value::Date(days), SqlType::Datetime) => Value::Datetime(i64::from(days) * calendar::DAY),
        (Value::String(text), SqlType::Date) => Value::Date(calendar::date(&text).ok_or_else(|| fail(&text))?),
        (Value::String(text), SqlType::Datetime) => {
            Value::Datetime(calendar::datetime(&text).ok_or_else(|| fail(&text))?)
        }
        (Value::String(text), SqlType::Time) => Value::Time(calendar::time(&text).ok_or_else(|| fail(&text))?),
        (Value::String(text), SqlType::Timestamp) => {
            Value::Timestamp(calendar::timestamp(&text).ok_or_else(|| fail(&text))?)
        }
        (Value::Array(values), SqlType::Array(element)) => {
            Value::Array(values.into_iter().map(|v| convert(v, element, position)).collect::<Result<_>>()?)
        }
        (Value::Struct(values), SqlType::Struct(fields)) => {
            let pairs = values.into_iter().zip(fields);
            Value::Struct(pairs.map(|(v, field)| convert(v, &field.sql_type, position)).collect::<Result<_>>()?)
        }
        (same, _) => same,
    })
}

/// Whether CAST goes from one type to the other
/// (<https://cloud.google.com/bigquery/docs/reference/standard-sql/conversion_rules#casting>).
pub(crate) fn castable(from: &SqlType, to: &SqlType) -> bool {
    use SqlType as T;
    let number = |t: &T| matches!(t, T::Int64 | T::Float64 | T::Numeric | T::BigNumeric);
    match (from, to) {
        (T::Collated, to) => castable(&T::String, to),
        (T::Array(a), T::Array(b)) => castable(a, b),
        (T::Struct(a), T::Struct(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(x, y)| castable(&x.sql_type, &y.sql_type))
        }
        (T::Array(_) | T::Struct(_), _) | (_, T::Array(_) | T::Struct(_)) => false,
        (a, b) if a == b || number(a) && number(b) => true,
        (T::Json, _) | (_, T::Json) => false,
        (T::String, _)
        | (_, T::String)
        | (T::Bool, T::Int64)
        | (T::Int64, T::Bool)
        | (T::Date, T::Datetime | T::Timestamp) => true,
        (T::Datetime | T::Timestamp, b) => matches!(b, T::Date | T::Time | T::Datetime | T::Timestamp),
        _ => false,
    }
}

/// Whether values can be compared with `=`.
pub(crate) fn is_comparable(sql_type: &SqlType) -> bool {
    match sql_type {
        SqlType::Array(_) | SqlType::Json => false,
        // Fields are compared by bytes.
        SqlType::Struct(fields) => fields.iter().all(|f| is_comparable(&f.sql_type) && f.sql_type != SqlType::Collated),
        _ => true,
    }
}

/// Whether values have an order.
pub(crate) fn is_orderable(sql_type: &SqlType) -> bool {
    !matches!(sql_type, SqlType::Array(_) | SqlType::Struct(_) | SqlType::Json)
}

/// Whether values can be grouped and made distinct.
pub(crate) fn is_groupable(sql_type: &SqlType) -> bool {
    match sql_type {
        SqlType::Json => false,
        SqlType::Array(element) => is_groupable(element) && **element != SqlType::Collated,
        SqlType::Struct(fields) => fields.iter().all(|f| is_groupable(&f.sql_type) && f.sql_type != SqlType::Collated),
        _ => true,
    }
}
