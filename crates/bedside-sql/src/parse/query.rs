//! Queries: WITH, SELECT, FROM in front, ORDER BY, LIMIT.

use super::Parser;
use crate::error::{Result, SqlError};
use crate::syntax::{
    Body, Call, Cte, Limit, Name, Node, NodeKind, OrderItem, Query, Select, SelectItem, Shape, WindowSpec, With,
};
use bedside_types::Position;

impl Parser {
    pub(super) fn query(&mut self) -> Result<Query> {
        self.nested(|parser| {
            let position = parser.position();
            let with = parser.with_clause()?;
            let first = parser.query_primary()?;
            parser.query_after(first, with, position)
        })
    }

    /// What may follow a query's first SELECT, FROM or parenthesis.
    pub(super) fn query_after(&mut self, first: Body, with: With, position: Position) -> Result<Query> {
        if matches!(first, Body::From(_)) {
            self.refuse_after_from()?;
            let pipes = self.pipes()?;
            return Ok(Query { with, body: first, order: Vec::new(), limit: None, pipes, position });
        }
        let body = self.set_operations(first)?;
        let order = if self.accept_words(&["ORDER", "BY"]) { self.order_items()? } else { Vec::new() };
        let limit = if self.is_word("LIMIT") { Some(self.limit()?) } else { None };
        let pipes = self.pipes()?;
        Ok(Query { with, body, order, limit, pipes, position })
    }

    pub(super) fn limit(&mut self) -> Result<Limit> {
        let position = self.position();
        self.expect("LIMIT")?;
        let count = self.expression()?;
        let offset = if self.accept("OFFSET") { Some(self.expression()?) } else { None };
        Ok(Limit { count, offset, position })
    }

    /// Whether a query can go on after a closing parenthesis.
    pub(super) fn at_query_continuation(&self) -> bool {
        ["UNION", "INTERSECT", "EXCEPT", "ORDER", "LIMIT"].iter().any(|word| self.is_word(word))
            || self.is_symbol("|>")
            || self.at_set_mode()
    }

    pub(super) fn at_query_start(&self) -> bool {
        self.at_query_start_from(0)
    }

    pub(super) fn at_query_start_from(&self, ahead: usize) -> bool {
        let with = self.is_word_at(ahead, "WITH") && !self.is_symbol_at(ahead + 1, "(");
        self.is_word_at(ahead, "SELECT") || self.is_word_at(ahead, "FROM") || with
    }

    pub(super) fn with_clause(&mut self) -> Result<With> {
        if !self.accept("WITH") {
            return Ok(With::default());
        }
        let recursive = self.accept("RECURSIVE");
        let mut ctes = Vec::new();
        loop {
            let name = self.identifier()?;
            self.expect("AS")?;
            self.expect_symbol("(")?;
            let query = self.query()?;
            self.expect_symbol(")")?;
            if self.is_word("WITH") && self.is_word_at(1, "DEPTH") {
                return Err(SqlError::unsupported("WITH DEPTH", self.position())
                    .with_hint("count in a column: SELECT 0 AS depth … UNION ALL SELECT depth + 1 …"));
            }
            ctes.push(Cte { name, query });
            if !self.accept_symbol(",") {
                return Ok(With { recursive, ctes });
            }
            if self.is_word("SELECT") {
                let message = "Trailing comma after the WITH clause before the main query is not allowed";
                return Err(SqlError::syntax(message, self.position()));
            }
        }
    }

    pub(super) fn query_primary(&mut self) -> Result<Body> {
        if self.is_word("SELECT") {
            return Ok(Body::Select(Box::new(self.select()?)));
        }
        if self.accept_symbol("(") {
            let query = self.query()?;
            self.expect_symbol(")")?;
            return Ok(Body::Nested(Box::new(query)));
        }
        if self.accept("FROM") {
            return Ok(Body::From(Box::new(self.tables()?)));
        }
        if self.is_word("GRAPH") {
            return Err(SqlError::unsupported("GQL (a query of a property graph)", self.position()));
        }
        Err(self.unexpected())
    }

    /// Only pipe operators follow a query that starts with FROM.
    fn refuse_after_from(&self) -> Result<()> {
        let clauses = [
            "WHERE",
            "SELECT",
            "GROUP",
            "ORDER",
            "LIMIT",
            "HAVING",
            "QUALIFY",
            "WINDOW",
            "UNION",
            "INTERSECT",
            "EXCEPT",
        ];
        let Some(clause) = clauses.iter().find(|clause| self.is_word(clause)) else { return Ok(()) };
        let clause = if matches!(*clause, "GROUP" | "ORDER") { format!("{clause} BY") } else { (*clause).to_owned() };
        let instead = if clause == "GROUP BY" { "AGGREGATE" } else { &clause };
        let message = format!("{clause} not supported after FROM query; Consider using pipe operator `|> {instead}`");
        Err(SqlError::syntax(message, self.position()))
    }

    fn select(&mut self) -> Result<Select> {
        let position = self.position();
        self.expect("SELECT")?;
        self.refuse_noise()?;
        let (distinct, shape) = self.select_kind();
        let items = self.select_list()?;
        let from = if self.accept("FROM") { Some(self.tables()?) } else { None };
        let filter = if self.accept("WHERE") { Some(self.expression()?) } else { None };
        let group = if self.accept_words(&["GROUP", "BY"]) { Some(self.group_by()?) } else { None };
        let having = if self.accept("HAVING") { Some(self.expression()?) } else { None };
        let qualify = if self.accept("QUALIFY") { Some(self.expression()?) } else { None };
        let windows = self.window_clause()?;
        Ok(Select { position, distinct, shape, items, from, filter, group, having, qualify, windows })
    }

    /// The list of a SELECT from its first word on, without what a pipe operator has elsewhere.
    pub(super) fn pipe_select(&mut self) -> Result<Select> {
        let position = self.position();
        self.expect("SELECT")?;
        self.refuse_noise()?;
        let (distinct, shape) = self.select_kind();
        let items = self.select_list()?;
        let windows = self.window_clause()?;
        Ok(Select { distinct, shape, items, windows, ..Select::empty(position) })
    }

    /// `SELECT WITH DIFFERENTIAL_PRIVACY` and its like.
    fn refuse_noise(&self) -> Result<()> {
        for word in ["DIFFERENTIAL_PRIVACY", "AGGREGATION_THRESHOLD", "ANONYMIZATION"] {
            if self.is_word("WITH") && self.is_word_at(1, word) {
                return Err(SqlError::unsupported(format!("SELECT WITH {word}"), self.position()));
            }
        }
        Ok(())
    }

    /// `DISTINCT` and `AS STRUCT` after SELECT.
    fn select_kind(&mut self) -> (bool, Shape) {
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
        (distinct, shape)
    }

    /// Items with commas between them, and one behind the last where the list ends.
    pub(super) fn select_list(&mut self) -> Result<Vec<SelectItem>> {
        let mut items = vec![self.select_item()?];
        while self.accept_symbol(",") {
            if self.at_end_of_select_list() {
                break;
            }
            items.push(self.select_item()?);
        }
        Ok(items)
    }

    pub(super) fn window_clause(&mut self) -> Result<Vec<(Name, WindowSpec)>> {
        let mut windows = Vec::new();
        if !self.accept("WINDOW") {
            return Ok(windows);
        }
        loop {
            let name = self.identifier()?;
            self.expect("AS")?;
            windows.push((name, self.window_definition()?));
            if !self.accept_symbol(",") {
                return Ok(windows);
            }
        }
    }

    /// Whether a comma was the last of the list: BigQuery lets one stand before FROM and at the end.
    pub(super) fn at_end_of_select_list(&self) -> bool {
        self.is_word("FROM")
            || [")", ";", "|>"].iter().any(|symbol| self.is_symbol(symbol))
            || *self.peek() == super::Token::End
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

    pub(super) fn order_items(&mut self) -> Result<Vec<OrderItem>> {
        let mut items = Vec::new();
        loop {
            let mut node = self.expression()?;
            if self.is_word("COLLATE") {
                node = self.collated(node)?;
            }
            let (descending, nulls_first) = self.order_direction()?.unwrap_or((false, None));
            items.push(OrderItem { node, descending, nulls_first });
            if !self.accept_symbol(",") {
                return Ok(items);
            }
        }
    }

    /// `x COLLATE 'und:ci'` as `COLLATE(x, 'und:ci')`.
    fn collated(&mut self, node: Node) -> Result<Node> {
        let position = self.position();
        self.at += 1;
        let name = self.expression()?;
        let path = vec![Name { text: "COLLATE".to_owned(), position }];
        let call = Call { path, arguments: vec![node, name], ..Call::default() };
        Ok(Node { kind: NodeKind::Call(Box::new(call)), position })
    }

    /// `ASC`, `DESC`, `NULLS FIRST`, `NULLS LAST`: whether it goes down and whether NULLs come first; `None` where nothing is said.
    pub(super) fn order_direction(&mut self) -> Result<Option<(bool, Option<bool>)>> {
        let descending = self.accept("DESC");
        let said = descending || self.accept("ASC");
        if !self.accept("NULLS") {
            return Ok(said.then_some((descending, None)));
        }
        if self.accept("FIRST") {
            Ok(Some((descending, Some(true))))
        } else if self.accept("LAST") {
            Ok(Some((descending, Some(false))))
        } else {
            Err(self.expected("keyword FIRST or keyword LAST"))
        }
    }
}
