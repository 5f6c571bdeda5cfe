//! Queries: WITH, SELECT, set operations, ORDER BY, LIMIT, windows.

use super::{MAX_CHAIN, Parser};
use crate::error::{Result, SqlError};
use crate::syntax::{
    Body, BoundSpec, Cte, FrameSpec, GroupBy, Name, Node, OrderItem, Query, Select, SelectItem, SetOperation, Shape,
    WindowSpec,
};
use bedside_types::Position;

impl Parser {
    pub(super) fn query(&mut self) -> Result<Query> {
        self.nested(|parser| {
            let position = parser.position();
            let ctes = parser.with_clause()?;
            let first = parser.query_primary()?;
            parser.query_after(first, ctes, position)
        })
    }

    /// What may follow a query's first SELECT or parenthesis.
    pub(super) fn query_after(&mut self, first: Body, ctes: Vec<Cte>, position: Position) -> Result<Query> {
        let body = self.set_operations(first)?;
        let order = if self.accept_words(&["ORDER", "BY"]) { self.order_items()? } else { Vec::new() };
        let (mut limit, mut offset) = (None, None);
        if self.accept("LIMIT") {
            limit = Some(self.expression()?);
            if self.accept("OFFSET") {
                offset = Some(self.expression()?);
            }
        }
        if self.is_symbol("|>") {
            return Err(SqlError::unsupported("Pipe syntax (|>)", self.position()));
        }
        Ok(Query { ctes, body, order, limit, offset, position })
    }

    /// Whether a query can go on after a closing parenthesis.
    pub(super) fn at_query_continuation(&self) -> bool {
        ["UNION", "INTERSECT", "EXCEPT", "ORDER", "LIMIT"].iter().any(|word| self.is_word(word)) || self.is_symbol("|>")
    }

    pub(super) fn at_query_start(&self) -> bool {
        self.at_query_start_from(0)
    }

    pub(super) fn at_query_start_from(&self, ahead: usize) -> bool {
        self.is_word_at(ahead, "SELECT") || self.is_word_at(ahead, "WITH")
    }

    fn with_clause(&mut self) -> Result<Vec<Cte>> {
        let mut ctes = Vec::new();
        if !self.accept("WITH") {
            return Ok(ctes);
        }
        if self.is_word("RECURSIVE") {
            return Err(SqlError::unsupported("WITH RECURSIVE", self.position()));
        }
        loop {
            let name = self.identifier()?;
            self.expect("AS")?;
            self.expect_symbol("(")?;
            let query = self.query()?;
            self.expect_symbol(")")?;
            ctes.push(Cte { name, query });
            if !self.accept_symbol(",") {
                return Ok(ctes);
            }
            if self.is_word("SELECT") {
                let message = "Trailing comma after the WITH clause before the main query is not allowed";
                return Err(SqlError::syntax(message, self.position()));
            }
        }
    }

    fn query_primary(&mut self) -> Result<Body> {
        if self.is_word("SELECT") {
            return Ok(Body::Select(Box::new(self.select()?)));
        }
        if self.accept_symbol("(") {
            let query = self.query()?;
            self.expect_symbol(")")?;
            return Ok(Body::Nested(Box::new(query)));
        }
        if self.is_word("FROM") {
            return Err(SqlError::unsupported("Pipe syntax (a query that starts with FROM)", self.position()));
        }
        Err(self.unexpected())
    }

    fn set_operations(&mut self, first: Body) -> Result<Body> {
        let position = self.position();
        let mut inputs = vec![first];
        let mut operation = None;
        loop {
            let here = self.position();
            let found = if self.accept("UNION") {
                if self.accept("ALL") {
                    SetOperation::UnionAll
                } else if self.accept("DISTINCT") {
                    SetOperation::UnionDistinct
                } else {
                    return Err(self.expected("keyword ALL or keyword DISTINCT"));
                }
            } else if self.accept("INTERSECT") {
                self.distinct_only("INTERSECT ALL")?;
                SetOperation::IntersectDistinct
            } else if self.accept("EXCEPT") {
                self.distinct_only("EXCEPT ALL")?;
                SetOperation::ExceptDistinct
            } else {
                break;
            };
            if operation.is_some_and(|earlier| earlier != found) {
                let message =
                    "Different set operations cannot be used in the same query without using parentheses for grouping";
                return Err(SqlError::syntax(message, here));
            }
            operation = Some(found);
            if self.is_word("BY") || self.is_word("CORRESPONDING") || self.is_word("STRICT") {
                return Err(SqlError::unsupported("A set operation by name", self.position()));
            }
            inputs.push(self.query_primary()?);
        }
        match operation {
            None => Ok(inputs.remove(0)),
            // EXCEPT is a fold from the left; keep that in the syntax so that the list is n-ary for associative ones only.
            Some(operation) if inputs.len() > MAX_CHAIN && operation == SetOperation::ExceptDistinct => {
                Err(SqlError::too_large(format!("More than {MAX_CHAIN} inputs of one EXCEPT"), position))
            }
            Some(operation) => Ok(Body::Set { operation, inputs, position }),
        }
    }

    fn distinct_only(&mut self, all: &str) -> Result<()> {
        if self.is_word("ALL") {
            return Err(SqlError::unsupported(all, self.position()));
        }
        self.expect("DISTINCT")
    }

    fn select(&mut self) -> Result<Select> {
        let position = self.position();
        self.expect("SELECT")?;
        let distinct = self.accept("DISTINCT");
        if !distinct {
            self.accept("ALL");
        }
        let shape = if self.accept_words(&["AS", "STRUCT"]) {
            Shape::Struct
        } else if self.accept_words(&["AS", "VALUE"]) {
            Shape::Value
        } else {
            Shape::Row
        };
        let mut items = vec![self.select_item()?];
        while self.accept_symbol(",") {
            if self.at_end_of_select_list() {
                break;
            }
            items.push(self.select_item()?);
        }
        let from = if self.accept("FROM") { Some(self.tables()?) } else { None };
        let filter = if self.accept("WHERE") { Some(self.expression()?) } else { None };
        let group = if self.accept_words(&["GROUP", "BY"]) { Some(self.group_by()?) } else { None };
        let having = if self.accept("HAVING") { Some(self.expression()?) } else { None };
        let mut windows = Vec::new();
        let mut qualify = None;
        if self.accept("QUALIFY") {
            qualify = Some(self.expression()?);
        }
        if self.accept("WINDOW") {
            loop {
                let name = self.identifier()?;
                self.expect("AS")?;
                let spec = self.window_definition()?;
                windows.push((name, spec));
                if !self.accept_symbol(",") {
                    break;
                }
            }
        }
        Ok(Select { position, distinct, shape, items, from, filter, group, having, qualify, windows })
    }

    /// Whether a comma was the last of the list: BigQuery lets one stand before FROM and at the end.
    fn at_end_of_select_list(&self) -> bool {
        self.is_word("FROM") || self.is_symbol(")") || self.is_symbol(";") || *self.peek() == super::Token::End
    }

    fn select_item(&mut self) -> Result<SelectItem> {
        let position = self.position();
        if self.accept_symbol("*") {
            return self.star(None, position);
        }
        let node = self.expression()?;
        if self.is_symbol(".") && self.is_symbol_at(1, "*") {
            self.at += 2;
            return self.star(Some(node), position);
        }
        Ok(SelectItem::Expression { node, alias: self.alias()? })
    }

    fn star(&mut self, of: Option<Node>, position: Position) -> Result<SelectItem> {
        let mut except = Vec::new();
        if self.is_word("EXCEPT") && self.is_symbol_at(1, "(") {
            self.at += 2;
            loop {
                except.push(self.identifier()?);
                if !self.accept_symbol(",") {
                    break;
                }
            }
            self.expect_symbol(")")?;
        }
        let mut replace = Vec::new();
        if self.is_word("REPLACE") && self.is_symbol_at(1, "(") {
            self.at += 2;
            loop {
                let node = self.expression()?;
                self.accept("AS");
                replace.push((node, self.identifier()?));
                if !self.accept_symbol(",") || self.is_symbol(")") {
                    break;
                }
            }
            self.expect_symbol(")")?;
        }
        Ok(SelectItem::Star { of, except, replace, position })
    }

    fn group_by(&mut self) -> Result<GroupBy> {
        let position = self.position();
        if self.accept("ALL") {
            return Ok(GroupBy::All(position));
        }
        let mut items = Vec::new();
        loop {
            for word in ["ROLLUP", "CUBE", "GROUPING"] {
                if self.is_word(word) {
                    return Err(SqlError::unsupported(format!("GROUP BY {word}"), self.position()));
                }
            }
            if self.is_symbol("(") && self.is_symbol_at(1, ")") {
                self.at += 2;
            } else {
                items.push(self.expression()?);
            }
            if !self.accept_symbol(",") {
                return Ok(GroupBy::Items(items));
            }
        }
    }

    pub(super) fn order_items(&mut self) -> Result<Vec<OrderItem>> {
        let mut items = Vec::new();
        loop {
            let node = self.expression()?;
            if self.is_word("COLLATE") {
                return Err(SqlError::unsupported("COLLATE", self.position()));
            }
            let descending = self.accept("DESC");
            if !descending {
                self.accept("ASC");
            }
            let nulls_first = if self.accept("NULLS") {
                if self.accept("FIRST") {
                    Some(true)
                } else if self.accept("LAST") {
                    Some(false)
                } else {
                    return Err(self.expected("keyword FIRST or keyword LAST"));
                }
            } else {
                None
            };
            items.push(OrderItem { node, descending, nulls_first });
            if !self.accept_symbol(",") {
                return Ok(items);
            }
        }
    }

    /// `(…)` or the name of a window.
    fn window_definition(&mut self) -> Result<WindowSpec> {
        let position = self.position();
        if self.is_symbol("(") {
            return self.window_spec();
        }
        let base = Some(self.identifier()?);
        Ok(WindowSpec { base, partition: Vec::new(), order: Vec::new(), frame: None, position })
    }

    pub(super) fn window_spec(&mut self) -> Result<WindowSpec> {
        let position = self.position();
        self.expect_symbol("(")?;
        let starts = |p: &Self| ["PARTITION", "ORDER", "ROWS", "RANGE", "GROUPS"].iter().any(|word| p.is_word(word));
        let base: Option<Name> = if starts(self) || self.is_symbol(")") { None } else { Some(self.identifier()?) };
        let mut partition = Vec::new();
        if self.accept_words(&["PARTITION", "BY"]) {
            loop {
                partition.push(self.expression()?);
                if !self.accept_symbol(",") {
                    break;
                }
            }
        }
        let order = if self.accept_words(&["ORDER", "BY"]) { self.order_items()? } else { Vec::new() };
        let frame = self.frame()?;
        self.expect_symbol(")")?;
        Ok(WindowSpec { base, partition, order, frame, position })
    }

    fn frame(&mut self) -> Result<Option<FrameSpec>> {
        let position = self.position();
        let rows = self.accept("ROWS");
        if !rows && !self.accept("RANGE") {
            if self.is_word("GROUPS") {
                return Err(SqlError::unsupported("A GROUPS frame", position));
            }
            return Ok(None);
        }
        if self.accept("BETWEEN") {
            let start = self.bound()?;
            self.expect("AND")?;
            let end = self.bound()?;
            return Ok(Some(FrameSpec { rows, start, end, position }));
        }
        let start = self.bound()?;
        if matches!(start, BoundSpec::Following(_) | BoundSpec::UnboundedFollowing) {
            let message = "A frame that starts after the current row needs BETWEEN … AND …";
            return Err(SqlError::syntax(message, position));
        }
        Ok(Some(FrameSpec { rows, start, end: BoundSpec::CurrentRow, position }))
    }

    fn bound(&mut self) -> Result<BoundSpec> {
        if self.accept_words(&["UNBOUNDED", "PRECEDING"]) {
            return Ok(BoundSpec::UnboundedPreceding);
        }
        if self.accept_words(&["UNBOUNDED", "FOLLOWING"]) {
            return Ok(BoundSpec::UnboundedFollowing);
        }
        if self.accept_words(&["CURRENT", "ROW"]) {
            return Ok(BoundSpec::CurrentRow);
        }
        let amount = self.operand()?;
        if self.accept("PRECEDING") {
            Ok(BoundSpec::Preceding(amount))
        } else if self.accept("FOLLOWING") {
            Ok(BoundSpec::Following(amount))
        } else {
            Err(self.expected("keyword PRECEDING or keyword FOLLOWING"))
        }
    }
}
