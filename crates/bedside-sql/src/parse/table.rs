//! FROM: tables, joins, subqueries, UNNEST.

use super::{MAX_CHAIN, Parser, Token};
use crate::error::{Result, SqlError};
use crate::registry;
use crate::syntax::{Body, Condition, Join, Name, Node, Table, TableArgument, TableCall, With};
use bedside_types::Position;

impl Parser {
    pub(super) fn tables(&mut self) -> Result<Table> {
        let mut left = self.table_primary()?;
        let (mut joins, mut comma) = (0, false);
        loop {
            let position = self.position();
            if self.accept_symbol(",") {
                comma = true;
                let right = self.table_primary()?;
                left = join(Join::Cross, left, right, Condition::None, position);
            } else if let Some(kind) = self.join_start()? {
                if comma && matches!(kind, Join::Right | Join::Full) {
                    let word = if kind == Join::Right { "RIGHT" } else { "FULL" };
                    let message = format!("{word} JOIN must be parenthesized when following a comma join");
                    return Err(SqlError::syntax(message, position));
                }
                left = self.joined(left, kind, position)?;
            } else {
                return Ok(left);
            }
            joins += 1;
            if joins > MAX_CHAIN {
                return Err(SqlError::too_large(format!("More than {MAX_CHAIN} joins in one FROM"), position));
            }
        }
    }

    /// The rest of a join after its words. `a JOIN b JOIN c ON … ON …` nests to the right until the conditions come.
    fn joined(&mut self, left: Table, kind: Join, position: Position) -> Result<Table> {
        self.nested(|parser| {
            let mut right = parser.table_primary()?;
            if kind == Join::Cross {
                return Ok(join(kind, left, right, Condition::None, position));
            }
            // UNNEST needs no condition in an inner join, so that a join behind it is another one.
            let array = matches!(&right, Table::Unnest { .. });
            while !parser.is_word("ON") && !parser.is_word("USING") {
                let inner = parser.position();
                match parser.join_start()? {
                    Some(next) if array => {
                        let done = join(kind, left, right, Condition::None, position);
                        return parser.joined(done, next, inner);
                    }
                    Some(next) => right = parser.joined(right, next, inner)?,
                    None => return Ok(attach(left, kind, right, position)),
                }
            }
            let condition = parser.join_condition()?;
            Ok(join(kind, left, right, condition, position))
        })
    }

    /// ON or USING, where either stands.
    pub(super) fn join_condition(&mut self) -> Result<Condition> {
        if self.accept("ON") {
            return self.expression().map(Condition::On);
        }
        if !self.accept("USING") {
            return Ok(Condition::None);
        }
        self.expect_symbol("(")?;
        let mut names = Vec::new();
        loop {
            names.push(self.identifier()?);
            if !self.accept_symbol(",") {
                break;
            }
        }
        self.expect_symbol(")")?;
        Ok(Condition::Using(names))
    }

    pub(super) fn join_start(&mut self) -> Result<Option<Join>> {
        if self.at_set_mode() {
            return Ok(None);
        }
        if self.is_word("NATURAL") {
            return Err(SqlError::unsupported("NATURAL JOIN", self.position()));
        }
        let kind = if self.accept_words(&["CROSS", "JOIN"]) {
            Join::Cross
        } else if self.accept("JOIN") || self.accept_words(&["INNER", "JOIN"]) {
            Join::Inner
        } else {
            let kind = match () {
                () if self.is_word("LEFT") => Join::Left,
                () if self.is_word("RIGHT") => Join::Right,
                () if self.is_word("FULL") => Join::Full,
                () => return Ok(None),
            };
            self.at += 1;
            self.accept("OUTER");
            self.expect("JOIN")?;
            kind
        };
        Ok(Some(kind))
    }

    pub(super) fn table_primary(&mut self) -> Result<Table> {
        self.nested(|parser| {
            let position = parser.position();
            let table = if parser.accept("UNNEST") {
                parser.unnest(position)?
            } else if parser.is_symbol("(") {
                parser.parenthesised_table()?
            } else if parser.is_symbol("[") {
                let message = "Legacy SQL ([project:dataset.table])";
                return Err(SqlError::unsupported(message, position).with_hint("write `project.dataset.table`"));
            } else if parser.is_word("LATERAL") {
                return Err(SqlError::unsupported("LATERAL", position));
            } else {
                let path = parser.table_path()?;
                if parser.is_symbol("(") {
                    let query = match path.as_slice() {
                        [name] if name.text.eq_ignore_ascii_case("GAP_FILL") => Some(parser.gap_fill(position)?),
                        [name] if name.text.eq_ignore_ascii_case("RANGE_SESSIONIZE") => {
                            Some(parser.range_sessionize(position)?)
                        }
                        _ => None,
                    };
                    match query {
                        Some(query) => Table::Query { query: Box::new(query), alias: parser.table_alias()?, position },
                        None => {
                            let call = parser.table_call(path)?;
                            Table::Function { call, alias: parser.table_alias()? }
                        }
                    }
                } else {
                    let before = parser.as_of()?;
                    let alias = parser.table_alias()?;
                    let offset = parser.with_offset()?;
                    let as_of = if before.is_some() { before } else { parser.as_of()? };
                    Table::Path { path, alias, offset, as_of }
                }
            };
            parser.after_table(table)
        })
    }

    /// A call of a function that gives rows, its path read, from the opening parenthesis.
    pub(super) fn table_call(&mut self, path: Vec<Name>) -> Result<TableCall> {
        refuse_table_function(&path, path[0].position)?;
        self.expect_symbol("(")?;
        let mut arguments = Vec::new();
        while !self.is_symbol(")") {
            if arguments.len() >= MAX_CHAIN {
                return Err(SqlError::too_large(format!("More than {MAX_CHAIN} arguments"), self.position()));
            }
            arguments.push(self.table_call_argument()?);
            if !self.accept_symbol(",") {
                break;
            }
        }
        self.expect_symbol(")")?;
        Ok(TableCall { path, arguments })
    }

    fn table_call_argument(&mut self) -> Result<TableArgument> {
        let position = self.position();
        if self.accept("TABLE") {
            let path = self.table_path()?;
            let table = if self.is_symbol("(") {
                Table::Function { call: self.table_call(path)?, alias: None }
            } else {
                Table::Path { path, alias: None, offset: None, as_of: None }
            };
            return Ok(TableArgument::Table(table));
        }
        if self.is_word("MODEL") && matches!(self.peek_at(1), Token::Word(_) | Token::Quoted(_)) {
            return Err(SqlError::unsupported("A MODEL as an argument", position));
        }
        let node = self.expression()?;
        if self.is_symbol("=>") {
            return Err(SqlError::unsupported("A named argument of a function made by a statement", position));
        }
        Ok(TableArgument::Value(node))
    }

    /// PIVOT and its like, and what is not supported after a table.
    fn after_table(&mut self, mut table: Table) -> Result<Table> {
        if self.at_pivot() {
            if matches!(table, Table::Unnest { .. }) {
                let word = if self.is_word("PIVOT") { "PIVOT" } else { "UNPIVOT" };
                let message = format!("{word} is not allowed with array scans");
                return Err(SqlError::rule(message, self.position()));
            }
            let input = Box::new(table);
            table = if self.is_word("PIVOT") {
                let pivot = Box::new(self.pivot()?);
                Table::Pivot { input, pivot, alias: self.alias()? }
            } else {
                let unpivot = Box::new(self.unpivot()?);
                Table::Unpivot { input, unpivot, alias: self.alias()? }
            };
        }
        if self.is_word("TABLESAMPLE") {
            table = Table::Sample { input: Box::new(table), sample: self.sample()? };
        }
        if self.is_word("MATCH_RECOGNIZE") && self.is_symbol_at(1, "(") {
            return Err(match_recognize(self.position()));
        }
        Ok(table)
    }

    /// An alias, but not the word that starts PIVOT and its like.
    fn table_alias(&mut self) -> Result<Option<Name>> {
        let clause = self.at_pivot() || self.is_word("MATCH_RECOGNIZE") && self.is_symbol_at(1, "(");
        if clause { Ok(None) } else { self.alias() }
    }

    /// `FOR SYSTEM_TIME AS OF time`.
    fn as_of(&mut self) -> Result<Option<Node>> {
        let written = self.accept_words(&["FOR", "SYSTEM_TIME", "AS", "OF"])
            || self.accept_words(&["FOR", "SYSTEM", "TIME", "AS", "OF"]);
        if written { self.expression().map(Some) } else { Ok(None) }
    }

    fn parenthesised_table(&mut self) -> Result<Table> {
        let position = self.position();
        self.expect_symbol("(")?;
        if self.at_query_start() {
            let query = Box::new(self.query()?);
            self.expect_symbol(")")?;
            let alias = self.table_alias()?;
            return Ok(Table::Query { query, alias, position });
        }
        let inner = self.tables()?;
        // `((SELECT …) UNION ALL …)`: what looked like a table in parentheses was a query's first operand.
        if let Table::Query { query, alias: None, position: start } = inner {
            if self.at_query_continuation() {
                let query = self.query_after(Body::Nested(query), With::default(), start)?;
                self.expect_symbol(")")?;
                let alias = self.table_alias()?;
                return Ok(Table::Query { query: Box::new(query), alias, position });
            }
            self.expect_symbol(")")?;
            let alias = self.table_alias()?;
            return Ok(Table::Query { query, alias, position });
        }
        self.expect_symbol(")")?;
        Ok(inner)
    }

    fn unnest(&mut self, position: Position) -> Result<Table> {
        self.expect_symbol("(")?;
        let array = self.expression()?;
        if self.is_symbol(",") {
            return Err(SqlError::unsupported("UNNEST of several arrays", self.position()));
        }
        self.expect_symbol(")")?;
        let alias = self.table_alias()?;
        let offset = self.with_offset()?;
        Ok(Table::Unnest { array, alias, offset, position })
    }

    fn with_offset(&mut self) -> Result<Option<Name>> {
        let position = self.position();
        if !self.accept_words(&["WITH", "OFFSET"]) {
            return Ok(None);
        }
        Ok(Some(self.table_alias()?.unwrap_or(Name { text: "offset".to_owned(), position })))
    }

    /// A table's path. Dashes may join words of its first part without quotes: `physionet-data.mimiciv_icu.icustays`; a
    /// piece that starts with a digit swallowed the dot behind it as a number (`my-project-1.x`).
    pub(super) fn table_path(&mut self) -> Result<Vec<Name>> {
        let mut first = self.identifier()?;
        let mut dot = false;
        while self.is_symbol("-") && self.lexemes[self.at].joined && self.lexemes[self.at + 1].joined {
            self.at += 1;
            match self.next() {
                Token::Word(text) | Token::Integer(text) => first.text = format!("{}-{text}", first.text),
                Token::Float(text) if text.ends_with('.') => {
                    first.text = format!("{}-{}", first.text, text.trim_end_matches('.'));
                    dot = true;
                    break;
                }
                _ => {
                    self.at -= 1;
                    return Err(self.unexpected());
                }
            }
        }
        let mut path = vec![first];
        while dot || self.accept_symbol(".") {
            dot = false;
            path.push(self.identifier_after_dot()?);
        }
        if self.is_symbol("*") && self.lexemes[self.at].joined {
            let error = SqlError::syntax("A wildcard table's path stands in backticks", self.position());
            return Err(error.with_hint("write `dataset.prefix_*`, backticks and all"));
        }
        Ok(path)
    }
}

/// Functions of BigQuery's own that give rows.
fn refuse_table_function(path: &[Name], position: Position) -> Result<()> {
    let name = path.iter().map(|name| name.text.as_str()).collect::<Vec<_>>().join(".");
    if name.eq_ignore_ascii_case("GRAPH_TABLE") {
        return Err(SqlError::unsupported("GRAPH_TABLE (a query of a property graph)", position));
    }
    match registry::refused_function(&name) {
        Some(refused) => Err(SqlError::refused(&name, refused, position)),
        None => Ok(()),
    }
}

pub(super) fn match_recognize(position: Position) -> SqlError {
    SqlError::unsupported("MATCH_RECOGNIZE", position).with_hint(
        "number the rows with LAG or SUM(IF(…, 1, 0)) OVER (PARTITION BY … ORDER BY …) and group by the number",
    )
}

fn join(kind: Join, left: Table, right: Table, condition: Condition, position: Position) -> Table {
    Table::Join { kind, left: Box::new(left), right: Box::new(right), condition, position }
}

/// `left JOIN right` where `right` swallowed the joins behind it and no condition came: `t JOIN t.array JOIN c ON …`.
fn attach(left: Table, kind: Join, right: Table, position: Position) -> Table {
    match right {
        Table::Join { kind: outer, left: inner, right, condition, position: at } => {
            join(outer, attach(left, kind, *inner, position), *right, condition, at)
        }
        right => join(kind, left, right, Condition::None, position),
    }
}
