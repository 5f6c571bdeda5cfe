//! Subqueries used as values: each becomes a join that adds its value as a column, or, where a filter asks only whether rows
//! exist, a semi or anti join.

use crate::error::{Error, Result};
use crate::lower::aggregation::join_on_equal;
use crate::lower::expression::either;
use crate::lower::node::{self, extend, renamed};
use crate::lower::relation::{conjuncts, numbered, pair};
use crate::lower::{Domain, Lowering, correlation, internal, name_of, names, of_id, of_name};
use arrow::datatypes::DataType;
use bedside_functions::{self as functions, Modifiers};
use bedside_sql::tree::{ColumnId, Expression, ExpressionKind, Query, Relation, SortKey, SubqueryKind};
use bedside_types::SqlType;
use datafusion::common::JoinType;
use datafusion::logical_expr::expr::AggregateFunction;
use datafusion::logical_expr::utils::conjunction;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, lit};

impl<'a> Lowering<'a> {
    /// Rows for which the predicate is TRUE.
    pub(super) fn filter(&mut self, mut plan: LogicalPlan, predicate: &'a Expression) -> Result<LogicalPlan> {
        let own = names(&plan);
        let mut rest = Vec::new();
        for part in conjuncts(predicate) {
            match self.semi_join(plan, part)? {
                (changed, true) => plan = changed,
                (same, false) => {
                    plan = same;
                    rest.push(part);
                }
            }
        }
        if rest.is_empty() {
            return Ok(plan);
        }
        plan = self.attach(plan, rest.iter().copied())?;
        let predicates = rest.into_iter().map(|part| self.expression(part)).collect::<Result<Vec<_>>>()?;
        let (random, fixed): (Vec<Expr>, Vec<Expr>) = predicates.into_iter().partition(Expr::is_volatile);
        if let Some(predicate) = conjunction(fixed) {
            plan = node::filter(plan, predicate)?;
        }
        let plan = self.drawn(plan, random)?;
        // The subqueries' values are not needed any more.
        if names(&plan).len() == own.len() { Ok(plan) } else { renamed(plan, own.into_iter().map(|n| (n.clone(), n))) }
    }

    /// `EXISTS`, `NOT EXISTS` and `IN` as a condition of its own; false beside the unchanged plan if it is none of them.
    fn semi_join(&mut self, plan: LogicalPlan, part: &'a Expression) -> Result<(LogicalPlan, bool)> {
        let (subquery, kind) = match &part.kind {
            ExpressionKind::Subquery { .. } => (part, JoinType::LeftSemi),
            ExpressionKind::Call { function: "$not", arguments, .. } => match arguments.as_slice() {
                [inner] if matches!(&inner.kind, ExpressionKind::Subquery { kind: SubqueryKind::Exists, .. }) => {
                    (inner, JoinType::LeftAnti)
                }
                _ => return Ok((plan, false)),
            },
            _ => return Ok((plan, false)),
        };
        let ExpressionKind::Subquery { kind: used, query } = &subquery.kind else { return Ok((plan, false)) };
        let outer = correlation::of_query(query, &self.ctes);
        match used {
            SubqueryKind::Exists if !outer.is_empty() => {
                if let Some(plan) = self.exists_by_condition(&plan, query, kind)? {
                    return Ok((plan, true));
                }
                let domain = self.domain(&plan, query)?;
                let rows = self.relation(&query.root, Some(&domain))?;
                let (rows, pairs) = self.keys_of(rows, &domain, vec![])?;
                Ok((join_on_equal(plan, rows, kind, &pairs)?, true))
            }
            SubqueryKind::In(operand) if outer.is_empty() => {
                let own = names(&plan);
                let plan = self.attach(plan, std::iter::once(operand.as_ref()))?;
                let key = self.fresh();
                let value = self.expression(operand)?;
                let plan = extend(plan, vec![(key.clone(), value)])?;
                let rows = self.relation(&query.root, None)?;
                let column = output(query)?;
                let other = self.fresh();
                let rows = renamed(rows, [(name_of(column), other.clone())])?;
                let condition = of_name(&key).eq(of_name(&other));
                let joined = node::join(plan, rows, JoinType::LeftSemi, [condition])?;
                Ok((renamed(joined, own.into_iter().map(|name| (name.clone(), name)))?, true))
            }
            _ => Ok((plan, false)),
        }
    }

    /// `EXISTS (SELECT … FROM r WHERE p)` where only `p` refers to the row at hand: a semi join on `p`.
    fn exists_by_condition(
        &mut self,
        plan: &LogicalPlan,
        query: &'a Query,
        kind: JoinType,
    ) -> Result<Option<LogicalPlan>> {
        let mut relation = &query.root;
        while let Relation::Project { input, .. } | Relation::Sort { input, .. } = relation {
            relation = input;
        }
        let Relation::Filter { input, predicate } = relation else { return Ok(None) };
        let mut found = Vec::new();
        correlation::subqueries(predicate, &mut found);
        if !found.is_empty() || !correlation::of_relation(input, &self.ctes).is_empty() {
            return Ok(None);
        }
        let rows = self.relation(input, None)?;
        let mut conditions = Vec::new();
        for part in conjuncts(predicate) {
            conditions.push(self.expression(part)?);
        }
        let left = LogicalPlanBuilder::from(plan.clone());
        Ok(Some(left.join_on(rows, kind, conditions)?.build()?))
    }

    /// The rows for which random conditions hold. They become columns first: DataFusion moves a condition that reads no column
    /// below joins and UNNEST, where there are other rows to draw for, but not through a projection that draws.
    pub(super) fn drawn(&mut self, plan: LogicalPlan, random: Vec<Expr>) -> Result<LogicalPlan> {
        if random.is_empty() {
            return Ok(plan);
        }
        let own = names(&plan);
        let columns: Vec<(String, Expr)> = random.into_iter().map(|predicate| (self.fresh(), predicate)).collect();
        let holds = conjunction(columns.iter().map(|(name, _)| of_name(name))).unwrap_or_else(|| lit(true));
        let plan = node::filter(extend(plan, columns)?, holds)?;
        renamed(plan, own.into_iter().map(|name| (name.clone(), name)))
    }

    /// A plan with a column for every subquery of these expressions.
    pub(super) fn attach(
        &mut self,
        mut plan: LogicalPlan,
        expressions: impl IntoIterator<Item = &'a Expression>,
    ) -> Result<LogicalPlan> {
        let mut found = Vec::new();
        for expression in expressions {
            correlation::subqueries(expression, &mut found);
        }
        for subquery in found {
            let ExpressionKind::Subquery { kind, query } = &subquery.kind else { continue };
            let (changed, value) = match kind {
                SubqueryKind::Scalar => self.scalar_subquery(plan, query)?,
                SubqueryKind::Exists => self.exists(plan, query)?,
                SubqueryKind::Array => self.array_subquery(plan, query, &subquery.sql_type)?,
                SubqueryKind::In(operand) => self.in_subquery(plan, query, operand)?,
            };
            plan = changed;
            self.subqueries.insert(std::ptr::from_ref(subquery) as usize, value);
        }
        Ok(plan)
    }

    /// The distinct values of the enclosing row's columns that a query refers to; no columns if it refers to none.
    fn domain(&mut self, plan: &LogicalPlan, query: &Query) -> Result<Domain> {
        let present = names(plan);
        let columns: Vec<ColumnId> = correlation::of_query(query, &self.ctes).into_iter().collect();
        if let Some(missing) = columns.iter().find(|id| !present.contains(&name_of(**id))) {
            return internal(format!("a subquery refers to column {} of no enclosing row", missing.0));
        }
        let keys: Vec<Expr> = columns.iter().map(|id| of_id(*id)).collect();
        let none: Vec<Expr> = Vec::new();
        let plan = node::aggregate(plan.clone(), keys, none)?;
        Ok(Domain { plan, columns })
    }

    /// Distinct rows of the domain's columns under fresh names beside these, and which column equals which.
    fn keys_of(
        &mut self,
        rows: LogicalPlan,
        domain: &Domain,
        beside: Vec<String>,
    ) -> Result<(LogicalPlan, Vec<(String, String)>)> {
        let mut pairs = Vec::new();
        for id in &domain.columns {
            pairs.push((name_of(*id), self.fresh()));
        }
        let columns = pairs.iter().cloned().chain(beside.into_iter().map(|name| (name.clone(), name)));
        Ok((renamed(rows, columns.collect::<Vec<_>>())?, pairs))
    }

    fn scalar_subquery(&mut self, plan: LogicalPlan, query: &'a Query) -> Result<(LogicalPlan, Expr)> {
        let column = output(query)?;
        let value = self.fresh();
        let result = output_type(query)?;
        let single = |of: Expr| -> Result<Expr> {
            own_aggregate("$single", vec![of], &[result.arrow()], &result, Modifiers::default())
        };
        if correlation::of_query(query, &self.ctes).is_empty() {
            let rows = self.relation(&query.root, None)?;
            let one = node::aggregate(rows, Vec::new(), vec![single(of_id(column))?.alias(&value)])?;
            return Ok((pair(plan, one)?, of_name(value)));
        }
        let domain = self.domain(&plan, query)?;
        let rows = self.relation(&query.root, Some(&domain))?;
        let keys: Vec<Expr> = domain.columns.iter().map(|id| of_id(*id)).collect();
        let grouped = node::aggregate(rows, keys, vec![single(of_id(column))?.alias(&value)])?;
        let (grouped, pairs) = self.keys_of(grouped, &domain, vec![value.clone()])?;
        Ok((join_on_equal(plan, grouped, JoinType::Left, &pairs)?, of_name(value)))
    }

    fn exists(&mut self, plan: LogicalPlan, query: &'a Query) -> Result<(LogicalPlan, Expr)> {
        let value = self.fresh();
        if correlation::of_query(query, &self.ctes).is_empty() {
            let rows = self.relation(&query.root, None)?;
            let rows = LogicalPlanBuilder::from(rows).limit(0, Some(1))?.build()?;
            let one = node::aggregate(rows, Vec::new(), vec![count(lit(1_i64))?.alias(&value)])?;
            return Ok((pair(plan, one)?, of_name(value).gt(lit(0_i64))));
        }
        let domain = self.domain(&plan, query)?;
        let rows = self.relation(&query.root, Some(&domain))?;
        let keys: Vec<Expr> = domain.columns.iter().map(|id| of_id(*id)).collect();
        let distinct = node::aggregate(rows, keys, Vec::new())?;
        let distinct = extend(distinct, vec![(value.clone(), lit(true))])?;
        let (distinct, pairs) = self.keys_of(distinct, &domain, vec![value.clone()])?;
        Ok((join_on_equal(plan, distinct, JoinType::Left, &pairs)?, of_name(value).is_not_null()))
    }

    /// `ARRAY(SELECT …)`: the elements in the query's order; no row gives an empty array.
    fn array_subquery(&mut self, plan: LogicalPlan, query: &'a Query, result: &SqlType) -> Result<(LogicalPlan, Expr)> {
        let column = output(query)?;
        let element = output_type(query)?;
        let correlated = !correlation::of_query(query, &self.ctes).is_empty();
        let domain =
            if correlated { self.domain(&plan, query)? } else { Domain { plan: plan.clone(), columns: vec![] } };
        let mut rows = self.relation(&query.root, correlated.then_some(&domain))?;
        let mut modifiers = Modifiers::default();
        let (mut arguments, mut types) = (vec![of_id(column)], vec![element.arrow()]);
        if let Some(keys) = order_of(&query.root) {
            rows = self.attach(rows, keys.iter().map(|key| &key.expression))?;
            let place = self.fresh();
            let order = self.sort_keys(keys)?;
            rows = numbered(rows, &domain, order, &place)?;
            modifiers.order = vec![(false, true)];
            arguments.push(of_name(place));
            types.push(DataType::UInt64);
        }
        let value = self.fresh();
        let collect = own_aggregate("array_agg", arguments, &types, result, modifiers)?.alias(&value);
        let keys: Vec<Expr> = domain.columns.iter().map(|id| of_id(*id)).collect();
        let grouped = node::aggregate(rows, keys, vec![collect])?;
        let (grouped, pairs) = self.keys_of(grouped, &domain, vec![value.clone()])?;
        let plan =
            if correlated { join_on_equal(plan, grouped, JoinType::Left, &pairs)? } else { pair(plan, grouped)? };
        let empty = super::literal::literal(&bedside_types::Value::Array(vec![]), result)?;
        Ok((plan, either(of_name(&value).is_null(), empty, of_name(&value))))
    }

    /// `x IN (SELECT …)` as a value with SQL's three outcomes.
    fn in_subquery(
        &mut self,
        plan: LogicalPlan,
        query: &'a Query,
        operand: &'a Expression,
    ) -> Result<(LogicalPlan, Expr)> {
        let plan = self.attach(plan, std::iter::once(operand))?;
        let key = self.fresh();
        let value = self.expression(operand)?;
        let plan = extend(plan, vec![(key.clone(), value)])?;
        let column = output(query)?;
        let correlated = !correlation::of_query(query, &self.ctes).is_empty();
        let domain =
            if correlated { self.domain(&plan, query)? } else { Domain { plan: plan.clone(), columns: vec![] } };
        let rows = self.relation(&query.root, correlated.then_some(&domain))?;
        let keys: Vec<Expr> = domain.columns.iter().map(|id| of_id(*id)).collect();
        // How many rows and how many values there are, for NULL and for the empty set.
        let (all, known, element, found) = (self.fresh(), self.fresh(), self.fresh(), self.fresh());
        let counts = vec![count(lit(1_i64))?.alias(&all), count(of_id(column))?.alias(&known)];
        let counted = node::aggregate(rows.clone(), keys.clone(), counts)?;
        let (counted, pairs) = self.keys_of(counted, &domain, vec![all.clone(), known.clone()])?;
        let plan =
            if correlated { join_on_equal(plan, counted, JoinType::Left, &pairs)? } else { pair(plan, counted)? };
        let rows = extend(rows, vec![(element.clone(), of_id(column))])?;
        let rows = node::filter(rows, of_name(&element).is_not_null())?;
        let distinct: Vec<Expr> = keys.into_iter().chain([of_name(&element)]).collect();
        let distinct = node::aggregate(rows, distinct, Vec::new())?;
        let distinct = extend(distinct, vec![(found.clone(), lit(true))])?;
        let (distinct, mut pairs) = self.keys_of(distinct, &domain, vec![element.clone(), found.clone()])?;
        pairs.push((key.clone(), element));
        let plan = join_on_equal(plan, distinct, JoinType::Left, &pairs)?;
        let nothing = of_name(&all).is_null().or(of_name(&all).eq(lit(0_i64)));
        let unknown = of_name(&key).is_null().or(of_name(&known).lt(of_name(&all)));
        let null = Expr::Literal(datafusion::common::ScalarValue::Boolean(None), None);
        let value = either(
            of_name(&found).is_not_null(),
            lit(true),
            either(nothing, lit(false), either(unknown, null, lit(false))),
        );
        Ok((plan, value))
    }
}

/// The keys that a query's rows are ordered by.
fn order_of(relation: &Relation) -> Option<&[SortKey]> {
    match relation {
        Relation::Sort { keys, .. } => Some(keys),
        Relation::Limit { input, .. } | Relation::Project { input, .. } => order_of(input),
        _ => None,
    }
}

/// The one column of a subquery that is a value.
fn output(query: &Query) -> Result<ColumnId> {
    match query.output.as_slice() {
        [column] => Ok(column.column),
        columns => internal(format!("a subquery of {} columns is a value", columns.len())),
    }
}

fn output_type(query: &Query) -> Result<SqlType> {
    match query.output.as_slice() {
        [column] => Ok(column.sql_type.clone()),
        columns => internal(format!("a subquery of {} columns is a value", columns.len())),
    }
}

fn own_aggregate(
    name: &str,
    arguments: Vec<Expr>,
    types: &[DataType],
    result: &SqlType,
    modifiers: Modifiers,
) -> Result<Expr> {
    let Some(chosen) = functions::aggregate(name, types, &result.arrow(), modifiers) else {
        return Err(Error::Unsupported(format!("the function {name}")));
    };
    Ok(Expr::AggregateFunction(AggregateFunction::new_udf(
        chosen.function,
        arguments,
        chosen.distinct,
        None,
        vec![],
        None,
    )))
}

fn count(of: Expr) -> Result<Expr> {
    own_aggregate("count", vec![of], &[DataType::Int64], &SqlType::Int64, Modifiers::default())
}
