//! Relations. Every one can be lowered under a *domain*: the rows of an enclosing query that a correlated subquery is
//! evaluated for. Then its plan has the domain's columns too, and for each row of the domain the rows that the relation has
//! given that row (after Neumann and Kemper, "Unnesting Arbitrary Queries", BTW 2015). What does not refer to the enclosing
//! rows is simply paired with them; filters above turn that pair into a join.

use crate::error::{Error, Result};
use crate::lower::aggregation::join_on_equal;
use crate::lower::node::{self, extend, renamed};
use crate::lower::{Domain, Lowering, correlation, internal, name_of, names, of_id, of_name, share};
use arrow::datatypes::DataType;
use bedside_sql::tree::{
    ColumnId, Expression, ExpressionKind, JoinKind, Relation, SetOperationKind, SortKey, UnnestKind,
};
use bedside_sql::{ColumnFacts, TableSchema};
use bedside_types::SqlType;
use datafusion::catalog::default_table_source::DefaultTableSource;
use datafusion::common::{Column, JoinType, NullHandling, UnnestOptions};
use datafusion::logical_expr::expr::Sort;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, Union, WindowFunctionDefinition, lit};
use std::sync::Arc;

impl<'a> Lowering<'a> {
    /// A relation, under a domain or by itself.
    pub(super) fn relation(&mut self, relation: &'a Relation, domain: Option<&Domain>) -> Result<LogicalPlan> {
        if let Relation::With { definitions, body } = relation {
            for definition in definitions {
                self.define(definition)?;
            }
            return self.relation(body, domain);
        }
        if let Some(domain) = domain {
            let outer = correlation::of_relation(relation, &self.ctes);
            if !outer.iter().any(|id| domain.columns.contains(id)) {
                let plan = self.relation(relation, None)?;
                return pair(domain.plan.clone(), plan);
            }
        }
        match relation {
            Relation::OneRow => Ok(LogicalPlanBuilder::empty(true).build()?),
            Relation::Table { table, columns, as_of, .. } => self.table(table, columns, as_of.as_deref()),
            Relation::Cte { cte, columns } => {
                let plan = match (self.round_before(*cte)?, self.shared_ctes.get(cte), self.ctes.get(cte).copied()) {
                    (Some(rows), ..) => rows,
                    (None, Some(shared), _) => share::scan(shared)?,
                    (None, None, Some(query)) => self.relation(&query.root, domain)?,
                    (None, None, None) => return internal("a CTE without definition"),
                };
                let mut kept: Vec<(String, String)> = Vec::new();
                for (inside, here) in columns {
                    let fact = self.fact(*inside);
                    self.facts.insert(*here, fact);
                    kept.push((name_of(*inside), name_of(*here)));
                }
                kept.extend(domain.iter().flat_map(|d| &d.columns).map(|id| (name_of(*id), name_of(*id))));
                renamed(plan, kept)
            }
            Relation::With { .. } => internal("WITH was seen to above"),
            Relation::Project { input, computed } => {
                let plan = self.relation(input, domain)?;
                let plan = self.attach(plan, computed.iter().map(|(_, expression)| expression))?;
                let mut columns = Vec::with_capacity(computed.len());
                for (id, expression) in computed {
                    let fact = ColumnFacts { may_be_null: true, may_be_nan: self.may_be_nan(expression) };
                    self.facts.insert(*id, fact);
                    columns.push((name_of(*id), self.expression(expression)?));
                }
                extend(plan, columns)
            }
            Relation::Filter { input, predicate } => {
                let plan = self.relation(input, domain)?;
                self.filter(plan, predicate)
            }
            Relation::Join { kind, left, right, condition } => {
                self.join(*kind, left, right, condition.as_ref(), domain)
            }
            Relation::Aggregate { input, keys, aggregates, sets } => {
                self.aggregate(input, keys, aggregates, sets.as_ref(), domain)
            }
            Relation::Window { input, calls } => self.window(input, calls, domain),
            Relation::SetOperation { kind, inputs, columns } => self.set_operation(*kind, inputs, columns, domain),
            Relation::Recursion { cte, kind, base, step, columns } => self.recursion(*cte, *kind, base, step, columns),
            Relation::Unnest { input, array, element, offset, kind } => {
                let plan = self.relation(input, domain)?;
                self.unnest(plan, array, *element, *offset, *kind)
            }
            Relation::Sort { input, keys } => {
                let plan = self.relation(input, domain)?;
                // The order of a subquery's rows counts only where its consumer asks for it.
                if domain.is_some() { Ok(plan) } else { self.sort(plan, keys) }
            }
            Relation::Limit { input, count, offset } => match domain {
                None => {
                    let plan = self.relation(input, None)?;
                    let skip = usize::try_from(*offset).unwrap_or(usize::MAX);
                    let fetch = count.map(|count| usize::try_from(count).unwrap_or(usize::MAX));
                    Ok(LogicalPlanBuilder::from(plan).limit(skip, fetch)?.build()?)
                }
                Some(domain) => self.limit_each(input, *count, *offset, domain),
            },
        }
    }

    fn table(
        &mut self,
        table: &TableSchema,
        columns: &[(usize, ColumnId)],
        as_of: Option<&'a Expression>,
    ) -> Result<LogicalPlan> {
        let time = as_of.map(|time| self.constant_time(time)).transpose()?;
        let provider = (self.tables)(table, time)?;
        let schema = provider.schema();
        let mut projection = Vec::with_capacity(columns.len());
        let mut output = Vec::with_capacity(columns.len());
        let source = Arc::new(DefaultTableSource::new(provider));
        let reference = datafusion::common::TableReference::bare(table.path.table.as_str());
        for (place, id) in columns {
            let Some(column) = table.columns.get(*place) else {
                return internal("a column that the table does not have");
            };
            self.facts.insert(*id, column.facts);
            let index = schema.index_of(&column.name).map_err(|error| Error::Internal(error.to_string()))?;
            projection.push(index);
            let stored = Expr::Column(Column::new(Some(reference.clone()), column.name.as_str()));
            output.push(stored.alias(name_of(*id)));
        }
        let plan = LogicalPlanBuilder::scan(reference, source, Some(projection))?;
        if output.is_empty() {
            // COUNT(*) needs the rows only.
            let row = self.fresh();
            output.push(lit(true).alias(row));
        }
        node::project(plan.build()?, output)
    }

    fn sort(&mut self, plan: LogicalPlan, keys: &'a [SortKey]) -> Result<LogicalPlan> {
        let plan = self.attach(plan, keys.iter().map(|key| &key.expression))?;
        let sort = self.sort_keys(keys)?;
        Ok(LogicalPlan::Sort(datafusion::logical_expr::Sort { expr: sort, input: Arc::new(plan), fetch: None }))
    }

    /// `ORDER BY … LIMIT n` of a correlated subquery: the first rows for every row of the domain.
    fn limit_each(
        &mut self,
        input: &'a Relation,
        count: Option<u64>,
        offset: u64,
        domain: &Domain,
    ) -> Result<LogicalPlan> {
        let (input, keys): (&'a Relation, &'a [SortKey]) = match input {
            Relation::Sort { input, keys } => (input, keys),
            other => (other, &[]),
        };
        let plan = self.relation(input, Some(domain))?;
        let plan = self.attach(plan, keys.iter().map(|key| &key.expression))?;
        let order = self.sort_keys(keys)?;
        let place = self.fresh();
        let plan = numbered(plan, domain, order, &place)?;
        let above = of_name(&place).gt(lit(offset));
        let predicate = match count {
            Some(count) => above.and(of_name(&place).lt_eq(lit(offset.saturating_add(count)))),
            None => above,
        };
        node::filter(plan, predicate)
    }

    fn join(
        &mut self,
        kind: JoinKind,
        left: &'a Relation,
        right: &'a Relation,
        condition: Option<&'a Expression>,
        domain: Option<&Domain>,
    ) -> Result<LogicalPlan> {
        let Some(domain) = domain else {
            let (left, right) = (self.relation(left, None)?, self.relation(right, None)?);
            return self.joined(kind, left, right, condition, &[]);
        };
        let refers = |relation: &Relation, lowering: &Self| {
            correlation::of_relation(relation, &lowering.ctes).iter().any(|id| domain.columns.contains(id))
        };
        let condition_refers = condition.is_some_and(|condition| {
            correlation::of_expression(condition, &self.ctes).iter().any(|id| domain.columns.contains(id))
        });
        let (in_left, in_right) = (refers(left, self), refers(right, self));
        // The side that keeps its rows must know the domain; so must a side that refers to it.
        let needs_left = in_left
            || matches!(kind, JoinKind::Left | JoinKind::Full)
            || (!in_right && (condition_refers || kind == JoinKind::Inner));
        let needs_right = in_right || matches!(kind, JoinKind::Right | JoinKind::Full);
        let left = self.relation(left, needs_left.then_some(domain))?;
        let right = self.relation(right, needs_right.then_some(domain))?;
        if !(needs_left && needs_right) {
            return self.joined(kind, left, right, condition, &[]);
        }
        let mut pairs = Vec::new();
        for id in &domain.columns {
            pairs.push((name_of(*id), self.fresh()));
        }
        let columns: Vec<(String, String)> = names(&right)
            .into_iter()
            .map(|name| {
                let new =
                    pairs.iter().find(|(old, _)| *old == name).map_or_else(|| name.clone(), |(_, new)| new.clone());
                (name, new)
            })
            .collect();
        let right = renamed(right, columns)?;
        let joined = self.joined(kind, left, right, condition, &pairs)?;
        if matches!(kind, JoinKind::Inner | JoinKind::Left) {
            return Ok(joined);
        }
        // A row without partner on the left has the domain's columns on the right only.
        let output: Vec<Expr> = names(&joined)
            .into_iter()
            .map(|name| match pairs.iter().find(|(left, _)| *left == name) {
                Some((left, right)) => {
                    datafusion::functions::core::expr_fn::coalesce(vec![of_name(left), of_name(right)]).alias(left)
                }
                None => of_name(name),
            })
            .collect();
        node::project(joined, output)
    }

    /// Two plans joined; `pairs` are columns that must be equal, NULL being equal to NULL.
    fn joined(
        &mut self,
        kind: JoinKind,
        left: LogicalPlan,
        right: LogicalPlan,
        condition: Option<&'a Expression>,
        pairs: &[(String, String)],
    ) -> Result<LogicalPlan> {
        let join_type = match kind {
            JoinKind::Inner => JoinType::Inner,
            JoinKind::Left => JoinType::Left,
            JoinKind::Right => JoinType::Right,
            JoinKind::Full => JoinType::Full,
        };
        let mut found = Vec::new();
        condition.iter().for_each(|condition| correlation::subqueries(condition, &mut found));
        if let (false, Some(condition)) = (found.is_empty(), condition) {
            if kind != JoinKind::Inner {
                return self.outer_joined(join_type, left, right, condition, &found, pairs);
            }
            let plan =
                if pairs.is_empty() { pair(left, right)? } else { join_on_equal(left, right, join_type, pairs)? };
            return self.filter(plan, condition);
        }
        let mut predicates = Vec::new();
        if let Some(condition) = condition {
            for part in conjuncts(condition) {
                predicates.push(self.join_condition(part)?);
            }
        }
        let (random, mut predicates): (Vec<Expr>, Vec<Expr>) = predicates.into_iter().partition(Expr::is_volatile);
        if !random.is_empty() && kind != JoinKind::Inner {
            return Err(Error::Unsupported("a random condition of an outer join".to_owned()));
        }
        predicates.extend(pairs.iter().map(|(left, right)| is_same(left, right)));
        if predicates.is_empty() && kind == JoinKind::Inner {
            let paired = pair(left, right)?;
            return self.drawn(paired, random);
        }
        if predicates.is_empty() {
            predicates.push(lit(true));
        }
        let joined = node::join(left, right, join_type, predicates)?;
        self.drawn(joined, random)
    }

    /// An outer join whose condition has subqueries: each becomes a column of the side that it reads, and of the left one
    /// where it reads neither.
    fn outer_joined(
        &mut self,
        kind: JoinType,
        left: LogicalPlan,
        right: LogicalPlan,
        condition: &'a Expression,
        subqueries: &[&'a Expression],
        pairs: &[(String, String)],
    ) -> Result<LogicalPlan> {
        let (left_names, right_names) = (names(&left), names(&right));
        let (mut left, mut right) = (left, right);
        for subquery in subqueries {
            let read = correlation::read_of_row(subquery, &self.ctes);
            let reads = |names: &[String]| read.iter().any(|id| names.contains(&name_of(*id)));
            match (reads(&left_names), reads(&right_names)) {
                (true, true) => {
                    let what = "a subquery about both sides in the ON clause of an outer join";
                    return Err(Error::Unsupported(what.to_owned()));
                }
                (false, true) => right = self.attach(right, std::iter::once(*subquery))?,
                _ => left = self.attach(left, std::iter::once(*subquery))?,
            }
        }
        let mut predicates = Vec::new();
        for part in conjuncts(condition) {
            predicates.push(self.join_condition(part)?);
        }
        predicates.extend(pairs.iter().map(|(left, right)| is_same(left, right)));
        let joined = node::join(left, right, kind, predicates)?;
        let own = left_names.into_iter().chain(right_names);
        renamed(joined, own.map(|name| (name.clone(), name)))
    }

    /// An equality of doubles stays an equality, so that it can be a hash join's key; IEEE's rule for NaN is beside it.
    fn join_condition(&mut self, condition: &'a Expression) -> Result<Expr> {
        if let ExpressionKind::Call { function: "$equal", arguments, .. } = &condition.kind
            && let [left, right] = arguments.as_slice()
            && left.sql_type == SqlType::Float64
        {
            let finite = !self.may_be_nan(left) && !self.may_be_nan(right);
            let (l, r) = (self.key(left)?, self.key(right)?);
            let plain = l.eq(r);
            return Ok(if finite { plain } else { plain.and(self.expression(condition)?) });
        }
        self.expression(condition)
    }

    fn set_operation(
        &mut self,
        kind: SetOperationKind,
        inputs: &'a [(Relation, Vec<ColumnId>)],
        columns: &[ColumnId],
        domain: Option<&Domain>,
    ) -> Result<LogicalPlan> {
        let mut plans = Vec::with_capacity(inputs.len());
        let mut facts = vec![ColumnFacts { may_be_null: false, may_be_nan: false }; columns.len()];
        let marker = self.fresh();
        for (input, own) in inputs {
            let plan = self.relation(input, domain)?;
            let mut output: Vec<Expr> = Vec::new();
            for ((own, result), fact) in own.iter().zip(columns).zip(&mut facts) {
                let own_fact = self.fact(*own);
                fact.may_be_null |= own_fact.may_be_null;
                fact.may_be_nan |= own_fact.may_be_nan;
                let double = kind != SetOperationKind::UnionAll
                    && plan.schema().field_with_unqualified_name(&name_of(*own))?.data_type() == &DataType::Float64;
                let value = if double {
                    self.call_function("$float_key", vec![of_id(*own)], &SqlType::Float64)?
                } else {
                    of_id(*own)
                };
                output.push(value.alias(name_of(*result)));
            }
            output.extend(domain.iter().flat_map(|domain| &domain.columns).map(|id| of_id(*id)));
            if output.is_empty() {
                output.push(lit(true).alias(&marker));
            }
            plans.push(Arc::new(node::project(plan, output)?));
        }
        for (id, fact) in columns.iter().zip(facts) {
            self.facts.insert(*id, fact);
        }
        match kind {
            // A wildcard may stand for one table.
            SetOperationKind::UnionAll if plans.len() == 1 => {
                plans.pop().map(Arc::unwrap_or_clone).map_or_else(|| internal("a union of nothing"), Ok)
            }
            SetOperationKind::UnionAll => Ok(LogicalPlan::Union(Union::try_new_with_loose_types(plans)?)),
            SetOperationKind::UnionDistinct => {
                let union = LogicalPlan::Union(Union::try_new_with_loose_types(plans)?);
                Ok(LogicalPlanBuilder::from(union).distinct()?.build()?)
            }
            SetOperationKind::IntersectDistinct | SetOperationKind::ExceptDistinct => {
                let mut plans = plans.into_iter().map(Arc::unwrap_or_clone);
                let Some(mut result) = plans.next() else { return internal("a set operation of nothing") };
                for plan in plans {
                    result = if kind == SetOperationKind::IntersectDistinct {
                        LogicalPlanBuilder::intersect(result, plan, false)?
                    } else {
                        LogicalPlanBuilder::except(result, plan, false)?
                    };
                    // DataFusion qualifies the sides to tell them apart.
                    let output: Vec<Expr> = result
                        .schema()
                        .columns()
                        .into_iter()
                        .map(|column| {
                            let name = column.name.clone();
                            Expr::Column(column).alias(name)
                        })
                        .collect();
                    result = node::project(result, output)?;
                }
                Ok(result)
            }
        }
    }

    fn unnest(
        &mut self,
        plan: LogicalPlan,
        array: &'a Expression,
        element: ColumnId,
        offset: Option<ColumnId>,
        kind: UnnestKind,
    ) -> Result<LogicalPlan> {
        if kind == UnnestKind::Inner && !plan.schema().fields().is_empty() && !correlation::reads_row(array) {
            // The same elements for every row: unnested once and paired, a batch at a time.
            let one = LogicalPlanBuilder::empty(true).build()?;
            let elements = self.unnest(one, array, element, offset, kind)?;
            return pair(plan, elements);
        }
        let plan = self.attach(plan, std::iter::once(array))?;
        let values = self.expression(array)?;
        let mut computed = vec![(name_of(element), values.clone())];
        if let Some(offset) = offset {
            let numbers = SqlType::Array(Box::new(SqlType::Int64));
            computed.push((name_of(offset), self.call_function("$offsets", vec![values], &numbers)?));
        }
        let columns: Vec<Column> = computed.iter().map(|(name, _)| Column::new_unqualified(name)).collect();
        let null_handling = match kind {
            UnnestKind::Inner => NullHandling::Drop,
            UnnestKind::Outer => NullHandling::PreserveAndExpandEmpty,
        };
        let plan = extend(plan, computed)?;
        let options = UnnestOptions { null_handling, recursions: vec![] };
        Ok(LogicalPlanBuilder::from(plan).unnest_columns_with_options(columns, options)?.build()?)
    }
}

/// Whether two columns are equal, NULL being equal to NULL.
fn is_same(left: &str, right: &str) -> Expr {
    let operator = datafusion::logical_expr::Operator::IsNotDistinctFrom;
    datafusion::logical_expr::binary_expr(of_name(left), operator, of_name(right))
}

/// Every row of one plan with every row of the other.
pub(super) fn pair(left: LogicalPlan, right: LogicalPlan) -> Result<LogicalPlan> {
    Ok(LogicalPlanBuilder::from(left).cross_join(right)?.build()?)
}

/// A plan with the place of each row among those of its domain row, from 1.
pub(super) fn numbered(plan: LogicalPlan, domain: &Domain, order: Vec<Sort>, place: &str) -> Result<LogicalPlan> {
    use datafusion::logical_expr::expr::{WindowFunction, WindowFunctionParams};
    let Some(udf) = bedside_functions::window("row_number") else { return internal("there is no ROW_NUMBER") };
    let own: Vec<Expr> = names(&plan).into_iter().map(of_name).collect();
    let params = WindowFunctionParams {
        args: vec![],
        partition_by: domain.columns.iter().map(|id| of_id(*id)).collect(),
        order_by: order,
        window_frame: datafusion::logical_expr::WindowFrame::new(None),
        filter: None,
        null_treatment: None,
        distinct: false,
    };
    let fun = WindowFunctionDefinition::WindowUDF(udf);
    let call = Expr::WindowFunction(Box::new(WindowFunction { fun, params }));
    let value = of_name(call.schema_name().to_string()).alias(place);
    let plan = LogicalPlanBuilder::window_plan(plan, vec![call])?;
    node::project(plan, own.into_iter().chain([value]).collect())
}

/// The parts of a condition that must all be true.
pub(super) fn conjuncts(condition: &Expression) -> Vec<&Expression> {
    match &condition.kind {
        ExpressionKind::Call { function: "$and", arguments, .. } => arguments.iter().flat_map(conjuncts).collect(),
        _ => vec![condition],
    }
}
