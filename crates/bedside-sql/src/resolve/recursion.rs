//! WITH RECURSIVE: the order that CTEs are resolved in, and those that refer to themselves
//! (<https://cloud.google.com/bigquery/docs/reference/standard-sql/query-syntax#recursive_cte_rules>).

use super::set_operation::{kind_of, same_width, value_of};
use super::{Cte, Resolver, RowColumn, Rows, collation};
use crate::coerce;
use crate::error::{Result, SqlError};
use crate::names::tables_of;
use crate::syntax::{self, Body, MatchBy, MatchMode, Matching, Pipe, PipeKind, Query, SetOperation, With};
use crate::tree::{CteId, Expression, ExpressionKind, JoinKind, Relation, SetOperationKind};
use crate::walk;
use bedside_types::{Position, SqlType};

/// Whether a CTE refers to itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Plain,
    Recursive,
}

/// The CTEs of a WITH, each after those that it refers to.
pub(super) fn in_order(with: &With, position: Position) -> Result<Vec<(&syntax::Cte, Kind)>> {
    if !with.recursive {
        return Ok(with.ctes.iter().map(|cte| (cte, Kind::Plain)).collect());
    }
    let place = |name: &str| with.ctes.iter().position(|cte| cte.name.text.eq_ignore_ascii_case(name));
    let references: Vec<Vec<usize>> = with
        .ctes
        .iter()
        .map(|cte| {
            let tables = tables_of(&cte.query);
            tables.iter().filter(|table| table.path.len() == 1).filter_map(|table| place(&table.path[0])).collect()
        })
        .collect();
    let mut order = Order { with, references: &references, done: vec![false; with.ctes.len()], found: Vec::new() };
    for index in 0..with.ctes.len() {
        order.add(index, &mut Vec::new(), position)?;
    }
    let kind = |index: usize| if references[index].contains(&index) { Kind::Recursive } else { Kind::Plain };
    Ok(order.found.into_iter().map(|index| (&with.ctes[index], kind(index))).collect())
}

struct Order<'w> {
    with: &'w With,
    references: &'w [Vec<usize>],
    done: Vec<bool>,
    found: Vec<usize>,
}

impl Order<'_> {
    fn add(&mut self, index: usize, above: &mut Vec<usize>, position: Position) -> Result<()> {
        if self.done[index] {
            return Ok(());
        }
        if above.len() > crate::parse::MAX_DEPTH {
            return Err(SqlError::too_large("WITH queries refer to each other over too many levels", position));
        }
        if let Some(start) = above.iter().position(|other| *other == index) {
            let name = |index: &usize| self.with.ctes[*index].name.text.as_str();
            let cycle: Vec<&str> = above[start..].iter().chain([&index]).map(name).collect();
            let message = format!("Unsupported WITH entry dependency cycle: {}", cycle.join(" => "));
            return Err(SqlError::rule(message, position));
        }
        above.push(index);
        for other in self.references[index].iter().filter(|other| **other != index) {
            self.add(*other, above, position)?;
        }
        above.pop();
        self.done[index] = true;
        self.found.push(index);
        Ok(())
    }
}

/// A recursive query, taken apart.
struct Parts<'q> {
    operation: SetOperation,
    base: Vec<&'q Body>,
    /// Operators on what stands before the union of pipe syntax.
    pipes: &'q [Pipe],
    step: &'q Query,
    step_body: Option<&'q Body>,
    position: Position,
    /// Where the step begins.
    place: Position,
}

impl Resolver<'_> {
    /// A CTE that refers to itself. It sees no enclosing query.
    pub(super) fn recursive(&mut self, cte: &syntax::Cte) -> Result<Rows> {
        let name = &cte.name.text;
        let parts = parts(&cte.query)?;
        let base = self.recursive_base(cte, &parts)?;
        let columns: Vec<RowColumn> = base
            .columns
            .iter()
            .map(|column| RowColumn { id: self.new_column(), literal: None, ..column.clone() })
            .collect();
        let id = self.new_cte();
        let value_table = base.value_table;
        self.ctes.push(Cte { id, name: name.clone(), columns: columns.clone(), value_table });
        self.recursions.push((id, Vec::new()));
        let step = match parts.step_body {
            Some(body) => self.body(body, &[], None)?,
            None => self.query(parts.step, None)?,
        };
        let references = self.recursions.pop().map(|(_, references)| references).unwrap_or_default();
        self.ctes.pop();
        if let Some(second) = references.get(1) {
            let message = format!("Multiple recursive references to table '{name}' are not allowed");
            return Err(SqlError::rule(message, *second));
        }
        let first = references.first().copied().unwrap_or(parts.place);
        if let Some(message) = (Search { cte: id, name }).in_relation(&step.relation, None) {
            return Err(SqlError::rule(message, first));
        }
        let pair = [base, step];
        same_width(parts.operation, &pair, parts.place)?;
        let [base, step] = pair;
        let step = self.as_base(&base, step, parts.place)?;
        if parts.operation == SetOperation::UnionDistinct {
            refuse_ungroupable(&base, parts.position)?;
            if base.columns.iter().any(|column| column.sql_type == SqlType::Collated) {
                return Err(collation::refused("A recursive UNION DISTINCT of texts with a collation", parts.position));
            }
        }
        let side = |rows: Rows| {
            let ids = rows.columns.iter().map(|column| column.id).collect();
            Box::new((rows.relation, ids))
        };
        let ids = columns.iter().map(|column| column.id).collect();
        let kind = kind_of(parts.operation);
        let relation = Relation::Recursion { cte: id, kind, base: side(base), step: side(step), columns: ids };
        // Every round gives the same columns, which are no longer literals.
        let columns: Vec<RowColumn> = columns;
        Ok(Rows { relation, columns, value_table })
    }

    /// The rows to begin with.
    fn recursive_base(&mut self, cte: &syntax::Cte, parts: &Parts<'_>) -> Result<Rows> {
        let mut inputs = Vec::new();
        for body in &parts.base {
            let query = Query {
                with: With::default(),
                body: (*body).clone(),
                order: Vec::new(),
                limit: None,
                pipes: Vec::new(),
                position: parts.position,
            };
            let own = |table: &crate::names::TableName| {
                table.path.len() == 1 && table.path[0].eq_ignore_ascii_case(&cte.name.text)
            };
            if let Some(reference) = tables_of(&query).into_iter().find(own) {
                let message = "Recursive reference is not allowed in non-recursive UNION term";
                return Err(SqlError::rule(message, reference.position));
            }
            inputs.push((self.body(body, &[], None)?, super::query::place_of(body)));
        }
        let mut rows = if inputs.len() == 1 {
            inputs.remove(0).0
        } else {
            let matching = Matching { by: MatchBy::Position, mode: MatchMode::Plain, columns: None };
            self.set_operation(parts.operation, &matching, inputs, parts.position)?
        };
        if !parts.pipes.is_empty() {
            let scope = super::from::scope_of(&rows, None);
            let mut definitions = Vec::new();
            rows = self.piped((rows.relation, scope), parts.pipes, &mut definitions, None)?;
            if !definitions.is_empty() {
                rows.relation = Relation::With { definitions, body: Box::new(rows.relation) };
            }
        }
        Ok(rows)
    }

    /// The step's rows with the types of the base's.
    fn as_base(&mut self, base: &Rows, step: Rows, place: Position) -> Result<Rows> {
        for (index, (own, wanted)) in step.columns.iter().zip(&base.columns).enumerate() {
            if coerce::distance(&value_of(own, place), &wanted.sql_type).is_none() {
                let number = index + 1;
                let message = format!(
                    "Cannot coerce type ({}) of column {number} in the recursive term to type ({}) of column {number} in non-recursive term",
                    own.sql_type, wanted.sql_type
                );
                return Err(SqlError::types(message, place));
            }
        }
        let types: Vec<_> = base.columns.iter().map(|column| column.sql_type.clone()).collect();
        self.coerced(step, &types, place)
    }
}

/// A recursive query is a base, UNION and a step.
fn parts(query: &Query) -> Result<Parts<'_>> {
    if let Some(item) = query.order.first() {
        return Err(SqlError::rule("A recursive query may not use ORDER BY", item.node.position));
    }
    if let Some(limit) = &query.limit {
        return Err(SqlError::rule("A recursive query may not use LIMIT", limit.position));
    }
    let shape = || {
        let message =
            "Recursive query does not have the form <non-recursive-term> UNION [ALL|DISTINCT] <recursive-term>";
        SqlError::rule(message, query.position)
    };
    let is_union = |operation| matches!(operation, SetOperation::UnionAll | SetOperation::UnionDistinct);
    if !query.with.ctes.is_empty() {
        return Err(SqlError::unsupported("WITH inside a recursive query", query.position)
            .with_hint("name the query beside the recursive one"));
    }
    match (query.pipes.split_last(), &query.body) {
        (None, Body::Nested(inner)) => parts(inner),
        (None, Body::Set { operation, matching, inputs, position }) if is_union(*operation) => {
            by_position(matching, *position)?;
            let (step_body, base) = inputs.split_last().ok_or_else(shape)?;
            Ok(Parts {
                operation: *operation,
                base: base.iter().collect(),
                pipes: &[],
                step: query,
                step_body: Some(step_body),
                position: *position,
                place: super::query::place_of(step_body),
            })
        }
        (Some((last, pipes)), body) => match &last.kind {
            PipeKind::Operation { operation, matching, inputs, position } if is_union(*operation) => {
                by_position(matching, *position)?;
                let [step] = inputs.as_slice() else { return Err(shape()) };
                let base = vec![body];
                let (operation, position, place) = (*operation, *position, step.position);
                Ok(Parts { operation, base, pipes, step, step_body: None, position, place })
            }
            _ => Err(shape()),
        },
        _ => Err(shape()),
    }
}

fn by_position(matching: &Matching, position: Position) -> Result<()> {
    if matching.by == MatchBy::Position {
        return Ok(());
    }
    Err(SqlError::unsupported(format!("{} in a recursive query", matching.by.words()), position))
}

fn refuse_ungroupable(rows: &Rows, position: Position) -> Result<()> {
    let mut columns = rows.columns.iter().enumerate();
    match columns.find(|(_, column)| !coerce::is_groupable(&column.sql_type)) {
        None => Ok(()),
        Some((index, column)) => {
            let message = format!(
                "Column {} in UNION DISTINCT has type that does not support set operation comparisons: {}",
                index + 1,
                column.sql_type
            );
            Err(SqlError::types(message, position))
        }
    }
}

/// Looks for the reference of a step to the rows of the round before, where it may not stand.
struct Search<'s> {
    cte: CteId,
    name: &'s str,
}

impl Search<'_> {
    /// What is wrong with where the reference stands; `why` is what would be wrong with it here.
    fn in_relation(&self, relation: &Relation, why: Option<&str>) -> Option<String> {
        if let Relation::Cte { cte, .. } = relation {
            return why.filter(|_| *cte == self.cte).map(str::to_owned);
        }
        let mut found = None;
        walk::expressions(relation, &mut |expression| {
            found = found.take().or_else(|| self.in_expression(expression));
        });
        if found.is_some() {
            return found;
        }
        let without = |what: &str| format!("A subquery containing a recursive reference must not {what}");
        let operand = |what: &str| format!("A query containing a recursive reference must not be used as {what}");
        let here = match relation {
            Relation::Aggregate { .. } => Some(without("use DISTINCT, GROUP BY, or any aggregate function")),
            Relation::Window { .. } => Some(without("use an analytic function")),
            Relation::Sort { .. } => Some(without("contain an ORDER BY clause")),
            Relation::Limit { .. } => Some(without("contain a LIMIT clause")),
            _ => None,
        };
        match relation {
            Relation::With { definitions, body } => {
                let inner = format!(
                    "Table '{}' must not be recursively referenced from inside an inner recursive query",
                    self.name
                );
                let mut inside = definitions.iter().map(|definition| &definition.query.root);
                inside.find_map(|root| self.in_relation(root, Some(&inner))).or_else(|| self.in_relation(body, why))
            }
            Relation::Join { kind, left, right, .. } => {
                let (l, r) = match kind {
                    JoinKind::Inner => (None, None),
                    JoinKind::Left => (None, Some(operand("the right operand of a LEFT JOIN"))),
                    JoinKind::Right => (Some(operand("the left operand of a RIGHT JOIN")), None),
                    JoinKind::Full => {
                        let both = Some(operand("an operand of a FULL OUTER JOIN"));
                        (both.clone(), both)
                    }
                };
                let on_left = self.in_relation(left, l.as_deref().or(why));
                on_left.or_else(|| self.in_relation(right, r.as_deref().or(why)))
            }
            Relation::SetOperation { kind, inputs, .. } => {
                let distinct = without("use INTERSECT, UNION, or EXCEPT with the DISTINCT modifier");
                let why = if *kind == SetOperationKind::UnionAll { why } else { Some(distinct.as_str()) };
                inputs.iter().find_map(|(input, _)| self.in_relation(input, why))
            }
            _ => {
                let why = here.as_deref().or(why);
                let mut found = None;
                walk::inputs(relation, &mut |input| {
                    found = found.take().or_else(|| self.in_relation(input, why));
                });
                found
            }
        }
    }

    fn in_expression(&self, expression: &Expression) -> Option<String> {
        if let ExpressionKind::Subquery { query, .. } = &expression.kind {
            let why = "A recursive reference from inside an expression subquery is not allowed";
            if let Some(found) = self.in_relation(&query.root, Some(why)) {
                return Some(found);
            }
        }
        let mut found = None;
        walk::operands(expression, &mut |operand| {
            found = found.take().or_else(|| self.in_expression(operand));
        });
        found
    }
}
