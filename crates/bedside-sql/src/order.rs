//! Whether the rows of a result are decided by the data: every call that picks a row, numbers rows or lines them up has an
//! order without ties that matter.
//!
//! An order decides if its columns, with those of PARTITION BY or GROUP BY, hold a key of the input. Keys are known by
//! definition only, never by looking at data: from the catalogue, from GROUP BY, DISTINCT and numberings below, and through
//! joins, filters, UNNEST and unions ([`facts`]). Where they hold none, ties still do no harm if all that is read of a row
//! afterwards is the same for the tied rows. What cannot be proved is reported.
//!
//! Exempt, because ties cannot change them: RANK and its like, frames by RANGE and whole partitions under functions that do
//! not look at the order, percentiles, and ANY_VALUE, whose name says that any will do.
//!
//! One thing is asked of the engine: calls of one SELECT with the same PARTITION BY and ORDER BY see ties in the same order.

mod call;
mod expression;
mod facts;
mod hint;
mod relation;

use crate::error::SqlError;
use crate::stack;
use crate::tree::{ColumnId, CteId, Expression, ExpressionKind, Query, Relation, SubqueryKind};
use crate::walk;
use bedside_types::Position;
use facts::{Attribute, Facts};
use std::collections::{HashMap, HashSet};

/// A call whose result the data do not decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnorderedWindow {
    /// Where the call stands; for LIMIT, where the query that it cuts begins to say anything.
    pub position: Position,
    /// As GoogleSQL writes it: `ROW_NUMBER`, `STRING_AGG`, `LIMIT`.
    pub function: String,
    /// What is not decided, in words.
    pub missing: String,
    /// What would decide it.
    pub hint: String,
}

/// Every call of a query whose order leaves ties that can change the result, in the order of the text.
///
/// # Errors
/// Where no thread can be had to look at the query on.
pub fn unordered_windows(query: &Query) -> Result<Vec<UnorderedWindow>, SqlError> {
    stack::with_known_stack(|| {
        let mut checker = Checker::default();
        checker.name_outputs(&query.root);
        checker.name(query);
        checker.query(query);
        checker.found.sort_by_key(|found| (found.position.line, found.position.column));
        checker.found.dedup();
        Ok(checker.found)
    })
}

/// Columns whose values are read above a relation.
type Live = HashSet<ColumnId>;

#[derive(Default)]
struct Checker {
    found: Vec<UnorderedWindow>,
    names: HashMap<Attribute, String>,
    ctes: HashMap<CteId, (String, Facts)>,
    made: u32,
}

impl Checker {
    fn query(&mut self, query: &Query) -> Facts {
        let live = query.output.iter().map(|column| column.column).collect();
        self.relation(&query.root, &live)
    }

    /// An attribute that no column of the statement has.
    fn fresh(&mut self) -> Attribute {
        self.made += 1;
        Attribute::made(self.made)
    }

    /// The subqueries in an expression, each checked by itself: the rows around it are constants to it.
    fn subqueries(&mut self, expression: &Expression) {
        if let ExpressionKind::Subquery { kind, query } = &expression.kind {
            let facts = self.query(query);
            if *kind == SubqueryKind::Array {
                self.array_of_rows(query, facts, expression.position);
            }
        }
        walk::operands(expression, &mut |operand| self.subqueries(operand));
    }

    fn name(&mut self, query: &Query) {
        for column in &query.output {
            self.names.insert(column.column.into(), column.name.clone());
        }
    }

    fn name_outputs(&mut self, relation: &Relation) {
        if let Relation::With { definitions, .. } = relation {
            for definition in definitions {
                self.name(&definition.query);
            }
        }
        walk::inputs(relation, &mut |input| self.name_outputs(input));
    }
}
