//! Which columns of enclosing queries a part of the tree refers to.

use bedside_sql::tree::{
    AggregateCall, ColumnId, CteId, Expression, ExpressionKind, Query, Relation, SortKey, SubqueryKind,
};
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

/// The columns of enclosing rows that a query refers to; what its own relations provide to its subqueries is not among them.
pub(super) fn of_query(query: &Query, ctes: &HashMap<CteId, &Query>) -> BTreeSet<ColumnId> {
    of_relation(&query.root, ctes)
}

/// The same for a relation.
pub(super) fn of_relation(relation: &Relation, ctes: &HashMap<CteId, &Query>) -> BTreeSet<ColumnId> {
    Walk::new(ctes, &Known::default()).of_relation(relation)
}

/// The same for an expression; the columns of its own row are not among them.
pub(super) fn of_expression(expression: &Expression, ctes: &HashMap<CteId, &Query>) -> BTreeSet<ColumnId> {
    let known = Known::default();
    let mut walk = Walk::new(ctes, &known);
    walk.expression(expression);
    &walk.outer - &walk.own
}

/// Whether an expression depends on a row, its own or an enclosing one; subqueries are taken to.
pub(super) fn reads_row(expression: &Expression) -> bool {
    match &expression.kind {
        ExpressionKind::Literal(_) => false,
        ExpressionKind::Column(_) | ExpressionKind::OuterColumn(_) | ExpressionKind::Subquery { .. } => true,
        ExpressionKind::Call { arguments, .. } => arguments.iter().any(reads_row),
        ExpressionKind::Cast { operand, .. } | ExpressionKind::Field { operand, .. } => reads_row(operand),
        ExpressionKind::Case { arms, otherwise } => {
            arms.iter().any(|(condition, result)| reads_row(condition) || reads_row(result))
                || otherwise.as_ref().is_some_and(|otherwise| reads_row(otherwise))
        }
    }
}

/// Every subquery in an expression that is not inside another subquery.
pub(super) fn subqueries<'a>(expression: &'a Expression, found: &mut Vec<&'a Expression>) {
    match &expression.kind {
        ExpressionKind::Literal(_) | ExpressionKind::Column(_) | ExpressionKind::OuterColumn(_) => {}
        ExpressionKind::Call { arguments, .. } => arguments.iter().for_each(|argument| subqueries(argument, found)),
        ExpressionKind::Cast { operand, .. } | ExpressionKind::Field { operand, .. } => subqueries(operand, found),
        ExpressionKind::Case { arms, otherwise } => {
            for (condition, result) in arms {
                subqueries(condition, found);
                subqueries(result, found);
            }
            otherwise.iter().for_each(|otherwise| subqueries(otherwise, found));
        }
        ExpressionKind::Subquery { .. } => found.push(expression),
    }
}

/// The columns that a subquery reads of the row that it stands over: as outer columns, and in the operand of IN.
pub(super) fn read_of_row(subquery: &Expression, ctes: &HashMap<CteId, &Query>) -> BTreeSet<ColumnId> {
    let ExpressionKind::Subquery { kind, query } = &subquery.kind else { return BTreeSet::new() };
    let mut read = of_query(query, ctes);
    if let SubqueryKind::In(operand) = kind {
        own_columns(operand, &mut read);
        let mut inner = Vec::new();
        subqueries(operand, &mut inner);
        inner.into_iter().for_each(|subquery| read.extend(read_of_row(subquery, ctes)));
    }
    read
}

fn own_columns(expression: &Expression, found: &mut BTreeSet<ColumnId>) {
    match &expression.kind {
        ExpressionKind::Column(id) => {
            found.insert(*id);
        }
        ExpressionKind::Literal(_) | ExpressionKind::OuterColumn(_) | ExpressionKind::Subquery { .. } => {}
        ExpressionKind::Call { arguments, .. } => arguments.iter().for_each(|argument| own_columns(argument, found)),
        ExpressionKind::Cast { operand, .. } | ExpressionKind::Field { operand, .. } => own_columns(operand, found),
        ExpressionKind::Case { arms, otherwise } => {
            for (condition, result) in arms {
                own_columns(condition, found);
                own_columns(result, found);
            }
            otherwise.iter().for_each(|otherwise| own_columns(otherwise, found));
        }
    }
}

/// All expressions of an aggregate call.
pub(super) fn expressions_of_call(call: &AggregateCall) -> impl Iterator<Item = &Expression> {
    let order = call.order.iter().map(|key| &key.expression);
    call.arguments.iter().chain(order).chain(call.having.iter().map(|(_, value)| value.as_ref()))
}

struct Walk<'a> {
    outer: BTreeSet<ColumnId>,
    own: BTreeSet<ColumnId>,
    ctes: &'a HashMap<CteId, &'a Query>,
    known: &'a Known,
}

/// What CTEs refer to. Without it one that is used twice by one that is used twice, and so on, is walked 2ⁿ times.
type Known = RefCell<HashMap<CteId, BTreeSet<ColumnId>>>;

impl<'a> Walk<'a> {
    fn new(ctes: &'a HashMap<CteId, &'a Query>, known: &'a Known) -> Self {
        Self { outer: BTreeSet::new(), own: BTreeSet::new(), ctes, known }
    }

    fn of_relation(mut self, relation: &Relation) -> BTreeSet<ColumnId> {
        self.relation(relation);
        &self.outer - &self.own
    }

    /// The same for a CTE.
    fn of_cte(&self, cte: CteId, query: &Query) -> BTreeSet<ColumnId> {
        let known = self.known.borrow().get(&cte).cloned();
        known.unwrap_or_else(|| {
            let found = Walk::new(self.ctes, self.known).of_relation(&query.root);
            self.known.borrow_mut().insert(cte, found.clone());
            found
        })
    }

    fn relation(&mut self, relation: &Relation) {
        match relation {
            Relation::OneRow => {}
            Relation::Table { columns, .. } => self.own.extend(columns.iter().map(|(_, id)| *id)),
            Relation::Cte { cte, columns } => {
                self.own.extend(columns.iter().map(|(_, id)| *id));
                if let Some(query) = self.ctes.get(cte) {
                    self.outer.extend(self.of_cte(*cte, query));
                }
            }
            Relation::With { definitions, body } => {
                definitions.iter().for_each(|definition| self.relation(&definition.query.root));
                self.relation(body);
            }
            Relation::Project { input, computed } => {
                self.relation(input);
                for (id, expression) in computed {
                    self.own.insert(*id);
                    self.expression(expression);
                }
            }
            Relation::Filter { input, predicate } => {
                self.relation(input);
                self.expression(predicate);
            }
            Relation::Join { left, right, condition, .. } => {
                self.relation(left);
                self.relation(right);
                condition.iter().for_each(|condition| self.expression(condition));
            }
            Relation::Aggregate { input, keys, aggregates, sets } => {
                self.relation(input);
                self.own.extend(sets.iter().flat_map(|sets| &sets.marks).map(|(id, _)| *id));
                for (id, key) in keys {
                    self.own.insert(*id);
                    self.expression(key);
                }
                for (id, call) in aggregates {
                    self.own.insert(*id);
                    self.call(call);
                }
            }
            Relation::Window { input, calls } => {
                self.relation(input);
                for (id, window) in calls {
                    self.own.insert(*id);
                    self.call(&window.call);
                    window.partition.iter().for_each(|expression| self.expression(expression));
                    self.keys(&window.order);
                }
            }
            Relation::SetOperation { inputs, columns, .. } => {
                inputs.iter().for_each(|(input, _)| self.relation(input));
                self.own.extend(columns);
            }
            Relation::Recursion { base, step, columns, .. } => {
                self.relation(&base.0);
                self.relation(&step.0);
                self.own.extend(columns);
            }
            Relation::Unnest { input, array, element, offset, .. } => {
                self.relation(input);
                self.expression(array);
                self.own.insert(*element);
                self.own.extend(offset);
            }
            Relation::Sort { input, keys } => {
                self.relation(input);
                self.keys(keys);
            }
            Relation::Limit { input, .. } => self.relation(input),
        }
    }

    fn keys(&mut self, keys: &[SortKey]) {
        keys.iter().for_each(|key| self.expression(&key.expression));
    }

    fn call(&mut self, call: &AggregateCall) {
        expressions_of_call(call).for_each(|expression| self.expression(expression));
    }

    fn expression(&mut self, expression: &Expression) {
        match &expression.kind {
            ExpressionKind::Literal(_) | ExpressionKind::Column(_) => {}
            ExpressionKind::OuterColumn(id) => {
                self.outer.insert(*id);
            }
            ExpressionKind::Call { arguments, .. } => arguments.iter().for_each(|argument| self.expression(argument)),
            ExpressionKind::Cast { operand, .. } | ExpressionKind::Field { operand, .. } => self.expression(operand),
            ExpressionKind::Case { arms, otherwise } => {
                for (condition, result) in arms {
                    self.expression(condition);
                    self.expression(result);
                }
                otherwise.iter().for_each(|otherwise| self.expression(otherwise));
            }
            ExpressionKind::Subquery { kind, query } => {
                if let SubqueryKind::In(operand) = kind {
                    self.expression(operand);
                }
                self.relation(&query.root);
            }
        }
    }
}
