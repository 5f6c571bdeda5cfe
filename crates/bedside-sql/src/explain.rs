//! The typed tree as text: one relation a line, inputs indented, columns as `#id`.

use crate::tree::{
    AggregateCall, Bound, Change, ColumnId, Direction, Duplicates, Expression, ExpressionKind, Extreme, Frame,
    FrameUnit, GroupingSets, JoinKind, NullHandling, Nulls, OnError, Query, Relation, SetOperationKind, SortKey,
    Statement, SubqueryKind, UnnestKind, WindowCall,
};
use bedside_types::Value;
use std::fmt::{self, Display, Formatter};

/// As [`Query`].
impl Display for Statement {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Query(query) | Self::Explain(query) => query.fmt(f),
            Self::Change(change) => change.fmt(f),
            Self::Export(export) => {
                writeln!(f, "EXPORT DATA")?;
                query(f, &export.options, 1)?;
                query(f, &export.rows, 1)
            }
            Self::Load(load) => {
                writeln!(f, "LOAD DATA {:?} {}.{}", load.mode, load.path.dataset, load.path.table)?;
                query(f, &load.options, 1)
            }
        }
    }
}

/// What is done, then the query that gives the rows, where there is one.
impl Display for Change {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.words())?;
        self.query().map_or(Ok(()), |rows| query(f, rows, 1))
    }
}

/// The result's columns, then the relations, the outermost first.
impl Display for Query {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        query(f, self, 0)
    }
}

/// `$add(#3, 1)`.
impl Display for Expression {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        expression(f, self, 0)
    }
}

fn query(f: &mut Formatter<'_>, query: &Query, depth: usize) -> fmt::Result {
    start(f, depth)?;
    f.write_str("output ")?;
    list(f, &query.output, |f, c| write!(f, "{} = #{} {}", c.name, c.column.0, c.sql_type))?;
    f.write_str("\n")?;
    relation(f, &query.root, depth)
}

fn relation(f: &mut Formatter<'_>, shown: &Relation, depth: usize) -> fmt::Result {
    start(f, depth)?;
    match shown {
        Relation::OneRow => f.write_str("one row")?,
        Relation::Table { table, columns, as_of, .. } => {
            write!(f, "table {}.{}.{} [", table.path.project, table.path.dataset, table.path.table)?;
            list(f, columns, |f, (index, id)| {
                let name = table.columns.get(*index).map_or("?", |c| c.name.as_str());
                write!(f, "{name} #{}", id.0)
            })?;
            f.write_str("]")?;
            if let Some(as_of) = as_of {
                f.write_str(" as of ")?;
                expression(f, as_of, depth)?;
            }
        }
        Relation::Cte { cte, columns } => {
            write!(f, "cte {} [", cte.0)?;
            list(f, columns, |f, (from, to)| write!(f, "#{} = #{}", to.0, from.0))?;
            f.write_str("]")?;
        }
        Relation::With { definitions, body } => {
            f.write_str("with\n")?;
            for definition in definitions {
                start(f, depth + 1)?;
                writeln!(f, "cte {} {} uses {}", definition.cte.0, definition.name, definition.uses)?;
                query(f, &definition.query, depth + 2)?;
            }
            return relation(f, body, depth + 1);
        }
        Relation::Project { computed, .. } => {
            f.write_str("project ")?;
            list(f, computed, |f, (id, e)| named(f, id.0, e, depth))?;
        }
        Relation::Filter { predicate, .. } => {
            f.write_str("filter ")?;
            expression(f, predicate, depth)?;
        }
        Relation::Join { kind, condition, .. } => {
            let kind = match kind {
                JoinKind::Inner => "inner",
                JoinKind::Left => "left",
                JoinKind::Right => "right",
                JoinKind::Full => "full",
            };
            write!(f, "{kind} join")?;
            if let Some(condition) = condition {
                f.write_str(" on ")?;
                expression(f, condition, depth)?;
            }
        }
        Relation::Aggregate { keys, aggregates, sets, .. } => {
            f.write_str("aggregate by [")?;
            list(f, keys, |f, (id, e)| named(f, id.0, e, depth))?;
            f.write_str("] ")?;
            sets.iter().try_for_each(|sets| grouping_sets(f, sets))?;
            list(f, aggregates, |f, (id, call)| {
                write!(f, "#{} = ", id.0)?;
                aggregate(f, call, depth)
            })?;
        }
        Relation::Window { calls, .. } => {
            f.write_str("window ")?;
            list(f, calls, |f, (id, call)| {
                write!(f, "#{} = ", id.0)?;
                window(f, call, depth)
            })?;
        }
        Relation::SetOperation { kind, inputs, columns } => {
            f.write_str(operation(*kind))?;
            ids(f, columns)?;
            f.write_str(" of")?;
            for (index, (_, columns)) in inputs.iter().enumerate() {
                f.write_str(if index > 0 { "," } else { "" })?;
                ids(f, columns)?;
            }
        }
        Relation::Recursion { cte, kind, base, step, columns } => {
            write!(f, "recursion {} {}", cte.0, operation(*kind))?;
            ids(f, columns)?;
            f.write_str(" of")?;
            ids(f, &base.1)?;
            f.write_str(" then")?;
            ids(f, &step.1)?;
        }
        Relation::Unnest { array, element, offset, kind, .. } => {
            let kind = if *kind == UnnestKind::Outer { "outer " } else { "" };
            write!(f, "{kind}unnest #{} ", element.0)?;
            if let Some(offset) = offset {
                write!(f, "offset #{} ", offset.0)?;
            }
            f.write_str("of ")?;
            expression(f, array, depth)?;
        }
        Relation::Sort { keys, .. } => {
            f.write_str("sort ")?;
            sort_keys(f, keys, depth)?;
        }
        Relation::Limit { count, offset, .. } => {
            f.write_str("limit")?;
            if let Some(count) = count {
                write!(f, " {count}")?;
            }
            if *offset > 0 {
                write!(f, " offset {offset}")?;
            }
        }
    }
    f.write_str("\n")?;
    let mut result = Ok(());
    crate::walk::inputs(shown, &mut |input| {
        if result.is_ok() {
            result = relation(f, input, depth + 1);
        }
    });
    result
}

fn expression(f: &mut Formatter<'_>, shown: &Expression, depth: usize) -> fmt::Result {
    match &shown.kind {
        ExpressionKind::Literal(Value::Null) => write!(f, "NULL {}", shown.sql_type),
        ExpressionKind::Literal(literal) => value(f, literal),
        ExpressionKind::Column(id) => write!(f, "#{}", id.0),
        ExpressionKind::OuterColumn(id) => write!(f, "outer #{}", id.0),
        ExpressionKind::Call { function, arguments, on_error } => {
            write!(f, "{}{function}(", if *on_error == OnError::Null { "safe " } else { "" })?;
            list(f, arguments, |f, e| expression(f, e, depth))?;
            f.write_str(")")
        }
        ExpressionKind::Cast { operand, on_error } => {
            f.write_str(if *on_error == OnError::Null { "safe_cast(" } else { "cast(" })?;
            expression(f, operand, depth)?;
            write!(f, " as {})", shown.sql_type)
        }
        ExpressionKind::Case { arms, otherwise } => {
            f.write_str("case(")?;
            list(f, arms, |f, (condition, result)| {
                expression(f, condition, depth)?;
                f.write_str(" => ")?;
                expression(f, result, depth)
            })?;
            if let Some(otherwise) = otherwise {
                f.write_str(", else ")?;
                expression(f, otherwise, depth)?;
            }
            f.write_str(")")
        }
        ExpressionKind::Field { operand, index } => {
            expression(f, operand, depth)?;
            write!(f, ".{index}")
        }
        ExpressionKind::Subquery { kind, query: inner } => {
            match kind {
                SubqueryKind::Scalar => f.write_str("scalar(\n")?,
                SubqueryKind::Exists => f.write_str("exists(\n")?,
                SubqueryKind::Array => f.write_str("array(\n")?,
                SubqueryKind::In(operand) => {
                    expression(f, operand, depth)?;
                    f.write_str(" in(\n")?;
                }
            }
            query(f, inner, depth + 2)?;
            start(f, depth)?;
            f.write_str(")")
        }
    }
}

fn operation(kind: SetOperationKind) -> &'static str {
    match kind {
        SetOperationKind::UnionAll => "union all",
        SetOperationKind::UnionDistinct => "union distinct",
        SetOperationKind::IntersectDistinct => "intersect distinct",
        SetOperationKind::ExceptDistinct => "except distinct",
    }
}

fn ids(f: &mut Formatter<'_>, ids: &[ColumnId]) -> fmt::Result {
    f.write_str(" [")?;
    list(f, ids, |f, id| write!(f, "#{}", id.0))?;
    f.write_str("]")
}

fn grouping_sets(f: &mut Formatter<'_>, sets: &GroupingSets) -> fmt::Result {
    f.write_str("sets [")?;
    list(f, &sets.sets, |f, places| {
        f.write_str("(")?;
        list(f, places, |f, place| write!(f, "{place}"))?;
        f.write_str(")")
    })?;
    f.write_str("] ")?;
    list(f, &sets.marks, |f, (id, place)| write!(f, "#{} = grouping {place}", id.0))?;
    f.write_str(" ")
}

fn aggregate(f: &mut Formatter<'_>, call: &AggregateCall, depth: usize) -> fmt::Result {
    write!(f, "{}(", call.function)?;
    if call.duplicates == Duplicates::Removed {
        f.write_str("distinct ")?;
    }
    list(f, &call.arguments, |f, e| expression(f, e, depth))?;
    if call.null_handling == NullHandling::Respect {
        f.write_str(" respect nulls")?;
    }
    if let Some((extreme, key)) = &call.having {
        f.write_str(if *extreme == Extreme::Max { " having max " } else { " having min " })?;
        expression(f, key, depth)?;
    }
    if !call.order.is_empty() {
        f.write_str(" order ")?;
        sort_keys(f, &call.order, depth)?;
    }
    if let Some(limit) = call.limit {
        write!(f, " limit {limit}")?;
    }
    write!(f, ") {}", call.sql_type)
}

fn window(f: &mut Formatter<'_>, call: &WindowCall, depth: usize) -> fmt::Result {
    aggregate(f, &call.call, depth)?;
    f.write_str(" over (by [")?;
    list(f, &call.partition, |f, e| expression(f, e, depth))?;
    f.write_str("] order [")?;
    sort_keys(f, &call.order, depth)?;
    f.write_str("] ")?;
    frame(f, &call.frame)?;
    f.write_str(")")
}

fn frame(f: &mut Formatter<'_>, frame: &Frame) -> fmt::Result {
    f.write_str(if frame.unit == FrameUnit::Rows { "rows " } else { "range " })?;
    bound(f, &frame.start)?;
    f.write_str("..")?;
    bound(f, &frame.end)
}

fn bound(f: &mut Formatter<'_>, bound: &Bound) -> fmt::Result {
    match bound {
        Bound::UnboundedPreceding => f.write_str("first"),
        Bound::Preceding(amount) => {
            f.write_str("-")?;
            value(f, amount)
        }
        Bound::CurrentRow => f.write_str("current"),
        Bound::Following(amount) => {
            f.write_str("+")?;
            value(f, amount)
        }
        Bound::UnboundedFollowing => f.write_str("last"),
    }
}

fn sort_keys(f: &mut Formatter<'_>, keys: &[SortKey], depth: usize) -> fmt::Result {
    list(f, keys, |f, key| {
        expression(f, &key.expression, depth)?;
        f.write_str(if key.direction == Direction::Descending { " desc" } else { " asc" })?;
        f.write_str(if key.nulls == Nulls::First { " nulls first" } else { " nulls last" })
    })
}

fn value(f: &mut Formatter<'_>, value: &Value) -> fmt::Result {
    match value {
        Value::Null => f.write_str("NULL"),
        Value::Bool(v) => write!(f, "{v}"),
        Value::Int64(v) => write!(f, "{v}"),
        Value::Float64(v) => write!(f, "{v:?}"),
        Value::Numeric(v) => write!(f, "NUMERIC {}", crate::decimal::text(*v)),
        Value::BigNumeric(text) => write!(f, "BIGNUMERIC {text}"),
        Value::String(text) => write!(f, "{text:?}"),
        Value::Bytes(bytes) => write!(f, "b\"{}\"", bytes.escape_ascii()),
        Value::Date(days) => write!(f, "DATE {days}"),
        Value::Datetime(micros) => write!(f, "DATETIME {micros}"),
        Value::Time(micros) => write!(f, "TIME {micros}"),
        Value::Timestamp(micros) => write!(f, "TIMESTAMP {micros}"),
        Value::Interval(i) => write!(f, "INTERVAL {}m {}d {}us", i.months, i.days, i.micros),
        Value::Json(text) => write!(f, "JSON {text:?}"),
        Value::Array(values) | Value::Struct(values) => {
            f.write_str("[")?;
            list(f, values, self::value)?;
            f.write_str("]")
        }
        Value::Range(ends) => {
            f.write_str("RANGE [")?;
            list(f, ends.as_slice(), self::value)?;
            f.write_str(")")
        }
    }
}

fn named(f: &mut Formatter<'_>, id: u32, shown: &Expression, depth: usize) -> fmt::Result {
    write!(f, "#{id} = ")?;
    expression(f, shown, depth)
}

fn list<T>(
    f: &mut Formatter<'_>,
    items: &[T],
    mut item: impl FnMut(&mut Formatter<'_>, &T) -> fmt::Result,
) -> fmt::Result {
    for (index, shown) in items.iter().enumerate() {
        if index > 0 {
            f.write_str(", ")?;
        }
        item(f, shown)?;
    }
    Ok(())
}

fn start(f: &mut Formatter<'_>, depth: usize) -> fmt::Result {
    write!(f, "{:width$}", "", width = depth * 2)
}
