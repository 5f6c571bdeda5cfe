//! Aggregates and window functions.

use crate::error::{Error, Result};
use crate::lower::literal::scalar;
use crate::lower::node::{self, extend, renamed};
use crate::lower::{Domain, Lowering, correlation, internal, name_of, of_id, of_name};
use arrow::datatypes::DataType;
use bedside_functions::{self as functions, Modifiers};
use bedside_sql::ColumnFacts;
use bedside_sql::tree::{
    AggregateCall, Bound, ColumnId, Direction, Duplicates, Expression, Extreme, Frame, FrameUnit, GroupingSets,
    NullHandling, Nulls, Relation, SortKey, WindowCall,
};
use bedside_types::{SqlType, Value};
use datafusion::common::{JoinType, NullEquality, ScalarValue};
use datafusion::logical_expr::expr::{
    AggregateFunction, Cast, GroupingSet, NullTreatment, Sort, WindowFunction, WindowFunctionParams,
};
use datafusion::logical_expr::{
    Aggregate, Expr, LogicalPlan, LogicalPlanBuilder, Operator, WindowFrame, WindowFrameBound, WindowFrameUnits,
    WindowFunctionDefinition, binary_expr, lit,
};
use std::collections::HashMap;

/// An aggregate function with the arguments that it wants.
struct Chosen {
    function: functions::Aggregate,
    arguments: Vec<Expr>,
}

impl<'a> Lowering<'a> {
    /// GROUP BY. Under a domain, every row of it has its own groups, and without keys exactly one.
    pub(super) fn aggregate(
        &mut self,
        input: &'a Relation,
        keys: &'a [(ColumnId, Expression)],
        aggregates: &'a [(ColumnId, AggregateCall)],
        sets: Option<&GroupingSets>,
        domain: Option<&Domain>,
    ) -> Result<LogicalPlan> {
        let mut plan = self.relation(input, domain)?;
        plan = self.attach(plan, keys.iter().map(|(_, key)| key))?;
        plan = self.attach(plan, aggregates.iter().flat_map(|(_, call)| correlation::expressions_of_call(call)))?;
        let outer: Vec<ColumnId> = domain.map(|domain| domain.columns.clone()).unwrap_or_default();
        let mut groups: Vec<Expr> = outer.iter().map(|id| of_id(*id)).collect();
        let mut computed = Vec::new();
        let mut calls = Vec::new();
        for (id, key) in keys {
            let fact = ColumnFacts { may_be_null: true, may_be_nan: self.may_be_nan(key) };
            self.facts.insert(*id, fact);
            if key.sql_type == SqlType::Collated {
                if sets.is_some() {
                    return Err(Error::Unsupported("GROUPING SETS of texts with a collation".to_owned()));
                }
                // Texts that are equal make one group, which one of them stands for.
                let (text, rank) = (self.fresh(), self.fresh());
                computed.push((text.clone(), self.expression(key)?));
                computed.push((rank.clone(), self.rank(key)?));
                groups.push(of_name(&rank));
                calls.push(smallest(of_name(&text))?.alias(name_of(*id)));
                continue;
            }
            groups.push(of_id(*id));
            computed.push((name_of(*id), self.key(key)?));
        }
        plan = extend(plan, computed)?;
        for (id, call) in aggregates {
            let chosen = self.choose(call)?;
            let Chosen { function, arguments } = chosen;
            let call = AggregateFunction::new_udf(function.function, arguments, function.distinct, None, vec![], None);
            calls.push(Expr::AggregateFunction(call).alias(name_of(*id)));
        }
        for (id, call) in aggregates {
            let finite = call.arguments.first().is_some_and(|argument| !self.may_be_nan(argument));
            let keeps = matches!(call.function, "min" | "max" | "any_value" | "avg" | "sum");
            self.facts.insert(*id, ColumnFacts { may_be_null: true, may_be_nan: !(finite && keeps) });
        }
        if let Some(sets) = sets {
            return self.grouped_in_sets(plan, keys, sets, &outer, calls);
        }
        if groups.is_empty() && calls.is_empty() {
            calls.push(count_of_rows(&self.fresh())?);
        }
        match domain {
            Some(domain) if keys.is_empty() => self.one_group_each(plan, domain, aggregates, calls),
            _ => node::aggregate(plan, groups, calls),
        }
    }

    /// The groups of several sets of keys, beside what tells the sets apart.
    fn grouped_in_sets(
        &mut self,
        plan: LogicalPlan,
        keys: &[(ColumnId, Expression)],
        sets: &GroupingSets,
        outer: &[ColumnId],
        calls: Vec<Expr>,
    ) -> Result<LogicalPlan> {
        let columns = |set: &Vec<usize>| -> Vec<Expr> {
            let own = set.iter().filter_map(|place| keys.get(*place)).map(|(id, _)| *id);
            outer.iter().copied().chain(own).map(of_id).collect()
        };
        let sets_of_columns: Vec<Vec<Expr>> = sets.sets.iter().map(columns).collect();
        // DataFusion's columns are those of the sets, each where it stands first; a bit for each says whether it is left out, the
        // last column's being the lowest.
        let mut order: Vec<Expr> = Vec::new();
        for column in sets_of_columns.iter().flatten() {
            if !order.contains(column) {
                order.push(column.clone());
            }
        }
        let results: Vec<String> = calls.iter().map(|call| call.schema_name().to_string()).collect();
        // Where there are no rows there are no groups, not even that of all rows.
        let rows = self.fresh();
        let mut calls = calls;
        calls.push(count_of_rows(&rows)?);
        let groups = vec![Expr::GroupingSet(GroupingSet::GroupingSets(sets_of_columns))];
        let plan = node::aggregate(plan, groups, calls)?;
        let plan = node::filter(plan, of_name(&rows).gt(lit(0_i64)))?;
        let number = Expr::Cast(Cast::new(Box::new(of_name(Aggregate::INTERNAL_GROUPING_ID)), DataType::Int64));
        let mut output: Vec<Expr> = order.clone();
        output.extend(results.into_iter().map(of_name));
        for (id, place) in &sets.marks {
            let key = keys.get(*place).map(|(id, _)| of_id(*id));
            let Some(bit) = key.and_then(|key| order.iter().rev().position(|column| *column == key)) else {
                return internal("GROUPING of a key that is none");
            };
            let bit = i64::try_from(bit).unwrap_or_default();
            let shifted = binary_expr(number.clone(), Operator::BitwiseShiftRight, lit(bit));
            output.push(binary_expr(shifted, Operator::BitwiseAnd, lit(1_i64)).alias(name_of(*id)));
        }
        node::project(plan, output)
    }

    /// Aggregates without keys for every row of a domain, those without input rows included.
    fn one_group_each(
        &mut self,
        plan: LogicalPlan,
        domain: &Domain,
        aggregates: &[(ColumnId, AggregateCall)],
        calls: Vec<Expr>,
    ) -> Result<LogicalPlan> {
        let groups: Vec<Expr> = domain.columns.iter().map(|id| of_id(*id)).collect();
        let grouped = node::aggregate(plan, groups, calls)?;
        let marker = self.fresh();
        let mut right_names = HashMap::new();
        for id in &domain.columns {
            right_names.insert(name_of(*id), self.fresh());
        }
        let grouped = extend(grouped, vec![(marker.clone(), lit(true))])?;
        let columns = super::names(&grouped)
            .into_iter()
            .map(|name| (name.clone(), right_names.get(&name).cloned().unwrap_or(name)));
        let grouped = renamed(grouped, columns.collect::<Vec<_>>())?;
        let pairs: Vec<(String, String)> =
            domain.columns.iter().map(|id| (name_of(*id), right_names[&name_of(*id)].clone())).collect();
        let joined = join_on_equal(domain.plan.clone(), grouped, JoinType::Left, &pairs)?;
        let mut output: Vec<Expr> = domain.columns.iter().map(|id| of_id(*id)).collect();
        for (id, call) in aggregates {
            let value = of_id(*id);
            output.push(if matches!(call.function, "count" | "count_star" | "countif" | "approx_count_distinct") {
                super::expression::either(of_name(&marker).is_null(), lit(0_i64), value).alias(name_of(*id))
            } else {
                value
            });
        }
        node::project(joined, output)
    }

    /// The implementation of an aggregate call and its arguments.
    fn choose(&mut self, call: &'a AggregateCall) -> Result<Chosen> {
        if call.function == "count_star" {
            let function = functions::aggregate("count_star", &[], &DataType::Int64, Modifiers::default());
            let Some(function) = function else { return internal("there is no COUNT(*)") };
            return Ok(Chosen { function, arguments: vec![lit(1_i64)] });
        }
        let mut arguments = self.expressions(&call.arguments)?;
        let mut name = call.function;
        let mut extreme = None;
        if let Some(first) = call.arguments.first().filter(|first| first.sql_type == SqlType::Collated) {
            match name {
                "min" | "max" if call.having.is_none() => {
                    // The text that has the first or the last key.
                    extreme = Some((name == "max", self.rank(first)?));
                    name = "any_value";
                }
                "count" | "approx_count_distinct" => arguments[0] = self.rank(first)?,
                "approx_quantiles" | "approx_top_count" | "approx_top_sum" => {
                    return Err(Error::Unsupported(format!("{} of texts with a collation", name.to_uppercase())));
                }
                _ if call.duplicates == Duplicates::Removed => {
                    return Err(Error::Unsupported(format!(
                        "{}(DISTINCT …) of texts with a collation",
                        name.to_uppercase()
                    )));
                }
                _ => {}
            }
        }
        let mut types: Vec<DataType> = call.arguments.iter().map(|argument| argument.sql_type.arrow()).collect();
        let mut modifiers = Modifiers {
            distinct: call.duplicates == Duplicates::Removed,
            ignore_nulls: call.null_handling == NullHandling::Ignore,
            having_max: None,
            order: Vec::new(),
            limit: call.limit,
        };
        if let Some((extreme, value)) = &call.having {
            modifiers.having_max = Some(*extreme == Extreme::Max);
            arguments.push(self.rank(value)?);
            types.push(rank_type(&value.sql_type));
        }
        if let Some((max, rank)) = extreme {
            modifiers.having_max = Some(max);
            arguments.push(rank);
            types.push(SqlType::String.arrow());
        }
        for key in &call.order {
            modifiers.order.push((key.direction == Direction::Descending, key.nulls == Nulls::First));
            arguments.push(self.rank(&key.expression)?);
            types.push(rank_type(&key.expression.sql_type));
        }
        let plain =
            !modifiers.distinct && modifiers.having_max.is_none() && modifiers.order.is_empty() && call.limit.is_none();
        let finite = call.arguments.first().is_some_and(|a| a.sql_type == SqlType::Float64 && !self.may_be_nan(a));
        if plain
            && finite
            && let Some(function) = functions::plain_extreme(if name == "any_value" { "min" } else { name })
        {
            return Ok(Chosen { function: functions::Aggregate { function, distinct: false }, arguments });
        }
        let function = functions::aggregate(name, &types, &call.sql_type.arrow(), modifiers);
        let Some(function) = function else {
            return Err(Error::Unsupported(format!("the function {}", call.function.to_uppercase())));
        };
        // DataFusion's COUNT takes one argument; the modifiers' values are for ours alone.
        if function.function.name() == "count" || function.distinct {
            arguments.truncate(1);
        }
        Ok(Chosen { function, arguments })
    }

    /// Window functions beside the input's columns. Under a domain, every row of it has its own partitions.
    pub(super) fn window(
        &mut self,
        input: &'a Relation,
        calls: &'a [(ColumnId, WindowCall)],
        domain: Option<&Domain>,
    ) -> Result<LogicalPlan> {
        let mut plan = self.relation(input, domain)?;
        for (_, window) in calls {
            plan = self.attach(plan, correlation::expressions_of_call(&window.call))?;
            plan = self.attach(plan, window.partition.iter())?;
            plan = self.attach(plan, window.order.iter().map(|key| &key.expression))?;
        }
        let outer: Vec<Expr> =
            domain.map(|domain| domain.columns.iter().map(|id| of_id(*id)).collect()).unwrap_or_default();
        let own = super::names(&plan);
        let (mut expressions, mut output): (Vec<Expr>, Vec<Expr>) =
            (Vec::new(), own.into_iter().map(of_name).collect());
        for (id, window) in calls {
            let expression = self.window_call(window, &outer)?;
            let value = of_name(expression.schema_name().to_string());
            if !expressions.contains(&expression) {
                expressions.push(expression);
            }
            // Ranks come unsigned.
            let ranks = matches!(window.call.function, "row_number" | "rank" | "dense_rank" | "ntile");
            let value = if ranks { Expr::Cast(Cast::new(Box::new(value), DataType::Int64)) } else { value };
            output.push(value.alias(name_of(*id)));
            let finite = window.call.arguments.first().is_some_and(|argument| !self.may_be_nan(argument));
            let keeps = !matches!(window.call.function, "corr" | "stddev_samp" | "var_samp" | "stddev_pop" | "var_pop");
            self.facts.insert(*id, ColumnFacts { may_be_null: true, may_be_nan: !(finite && keeps) });
        }
        let plan = LogicalPlanBuilder::window_plan(plan, expressions)?;
        node::project(plan, output)
    }

    fn window_call(&mut self, window: &'a WindowCall, outer: &[Expr]) -> Result<Expr> {
        let call = &window.call;
        let mut partition_by = outer.to_vec();
        for key in &window.partition {
            partition_by.push(if key.sql_type == SqlType::Float64 { self.key(key)? } else { self.rank(key)? });
        }
        let order_by = if counts_by_value(&window.frame) {
            self.range_keys(window, &mut partition_by)?
        } else {
            self.sort_keys(&window.order)?
        };
        let mut frame = frame(&window.frame, &window.order)?;
        if let Some(udf) = functions::window(call.function) {
            let arguments = self.expressions(&call.arguments)?;
            let params = WindowFunctionParams {
                args: arguments,
                partition_by,
                order_by,
                window_frame: frame,
                filter: None,
                null_treatment: (call.null_handling == NullHandling::Ignore).then_some(NullTreatment::IgnoreNulls),
                distinct: false,
            };
            let fun = WindowFunctionDefinition::WindowUDF(udf);
            return Ok(Expr::WindowFunction(Box::new(WindowFunction { fun, params })));
        }
        if matches!(call.function, "percentile_cont" | "percentile_disc") {
            frame = WindowFrame::new(None);
        }
        let chosen = self.choose(call)?;
        let params = WindowFunctionParams {
            args: chosen.arguments,
            partition_by,
            order_by,
            window_frame: frame,
            filter: None,
            null_treatment: None,
            distinct: chosen.function.distinct,
        };
        let fun = WindowFunctionDefinition::AggregateUDF(chosen.function.function);
        Ok(Expr::WindowFunction(Box::new(WindowFunction { fun, params })))
    }

    /// The one key of a frame that is bounded by values. NaN stands where negative infinity does; where nothing reaches
    /// from numbers to NaNs, they are kept apart by the partition.
    fn range_keys(&mut self, window: &'a WindowCall, partition_by: &mut Vec<Expr>) -> Result<Vec<Sort>> {
        let [key] = window.order.as_slice() else { return self.sort_keys(&window.order) };
        if !self.may_be_nan(&key.expression) {
            return self.sort_keys(&window.order);
        }
        let value = self.expression(&key.expression)?;
        let nan = self.call_function("is_nan", vec![value.clone()], &SqlType::Bool)?;
        let open = |bound: &Bound| matches!(bound, Bound::UnboundedPreceding | Bound::UnboundedFollowing);
        if !open(&window.frame.start) && !open(&window.frame.end) {
            partition_by.push(nan.clone());
        }
        let value = super::expression::either(nan, lit(f64::NEG_INFINITY), value);
        Ok(vec![Sort::new(value, key.direction == Direction::Ascending, key.nulls == Nulls::First)])
    }

    /// Keys of an order. NaN stands before all numbers, after NULL: a key of its own sees to that where there may be one.
    pub(super) fn sort_keys(&mut self, keys: &'a [SortKey]) -> Result<Vec<Sort>> {
        let mut sort = Vec::new();
        for key in keys {
            let value = self.rank(&key.expression)?;
            let (ascending, nulls_first) = (key.direction == Direction::Ascending, key.nulls == Nulls::First);
            if key.expression.sql_type == SqlType::Interval {
                let length = self.call_function("$interval_key", vec![value], &SqlType::Int64)?;
                sort.push(Sort::new(length, ascending, nulls_first));
                continue;
            }
            if self.may_be_nan(&key.expression) {
                let nan = self.call_function("is_nan", vec![value.clone()], &SqlType::Bool)?;
                sort.push(Sort::new(nan, !ascending, nulls_first));
            }
            sort.push(Sort::new(value, ascending, nulls_first));
        }
        Ok(sort)
    }
}

/// MIN of texts by bytes.
fn smallest(text: Expr) -> Result<Expr> {
    let text_type = SqlType::String.arrow();
    let Some(min) = functions::aggregate("min", std::slice::from_ref(&text_type), &text_type, Modifiers::default())
    else {
        return internal("there is no MIN");
    };
    Ok(Expr::AggregateFunction(AggregateFunction::new_udf(min.function, vec![text], false, None, vec![], None)))
}

/// The type of what values of a type are ordered by.
fn rank_type(sql_type: &SqlType) -> DataType {
    match sql_type {
        SqlType::Range(_) => SqlType::Numeric.arrow(),
        other => other.arrow(),
    }
}

/// `COUNT(*)` under a name.
fn count_of_rows(name: &str) -> Result<Expr> {
    let function = functions::aggregate("count_star", &[], &DataType::Int64, Modifiers::default());
    let Some(function) = function else { return internal("there is no COUNT(*)") };
    let call = AggregateFunction::new_udf(function.function, vec![lit(1_i64)], false, None, vec![], None);
    Ok(Expr::AggregateFunction(call).alias(name))
}

/// A join on equal values where NULL equals NULL.
pub(super) fn join_on_equal(
    left: LogicalPlan,
    right: LogicalPlan,
    kind: JoinType,
    pairs: &[(String, String)],
) -> Result<LogicalPlan> {
    use datafusion::common::Column;
    let left_keys: Vec<Column> = pairs.iter().map(|(left, _)| Column::new_unqualified(left)).collect();
    let right_keys: Vec<Column> = pairs.iter().map(|(_, right)| Column::new_unqualified(right)).collect();
    Ok(LogicalPlanBuilder::from(left)
        .join_detailed(right, kind, (left_keys, right_keys), None, NullEquality::NullEqualsNull)?
        .build()?)
}

/// Whether a frame's bounds are so much less or more than the row's own value.
fn counts_by_value(frame: &Frame) -> bool {
    let offset = |bound: &Bound| matches!(bound, Bound::Preceding(_) | Bound::Following(_));
    frame.unit == FrameUnit::Range && (offset(&frame.start) || offset(&frame.end))
}

fn frame(frame: &Frame, order: &[SortKey]) -> Result<WindowFrame> {
    let units = match frame.unit {
        FrameUnit::Rows => WindowFrameUnits::Rows,
        FrameUnit::Range => WindowFrameUnits::Range,
    };
    let key = order.first().map(|key| &key.expression.sql_type);
    // Without an order every row is a peer of every other.
    if frame.unit == FrameUnit::Range && key.is_none() {
        return Ok(WindowFrame::new(None));
    }
    Ok(WindowFrame::new_bounds(units, bound(&frame.start, frame.unit, key)?, bound(&frame.end, frame.unit, key)?))
}

fn bound(bound: &Bound, unit: FrameUnit, key: Option<&SqlType>) -> Result<WindowFrameBound> {
    let distance = |value: &Value| -> Result<ScalarValue> {
        match (unit, value, key) {
            (FrameUnit::Rows, Value::Int64(rows), _) => Ok(ScalarValue::UInt64(Some(rows.unsigned_abs()))),
            (FrameUnit::Range, value, Some(key)) => scalar(value, key),
            _ => internal(format!("a frame's bound is {value:?}")),
        }
    };
    let unbounded = if unit == FrameUnit::Rows { ScalarValue::UInt64(None) } else { ScalarValue::Null };
    Ok(match bound {
        Bound::UnboundedPreceding => WindowFrameBound::Preceding(unbounded),
        Bound::Preceding(value) => WindowFrameBound::Preceding(distance(value)?),
        Bound::CurrentRow => WindowFrameBound::CurrentRow,
        Bound::Following(value) => WindowFrameBound::Following(distance(value)?),
        Bound::UnboundedFollowing => WindowFrameBound::Following(unbounded),
    })
}
