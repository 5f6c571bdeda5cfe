//! INSERT, UPDATE, DELETE, TRUNCATE.

use super::{Parser, Token};
use crate::error::{Result, SqlError};
use crate::syntax::{Delete, Insert, InsertRows, Name, Node, Statement, Update};
use bedside_types::Position;

impl Parser {
    pub(super) fn insert(&mut self) -> Result<Statement> {
        self.expect("INSERT")?;
        self.accept("INTO");
        let table = self.object_path()?;
        let mut columns = None;
        if self.is_symbol("(") && !self.at_query_start_from(1) && !self.is_symbol_at(1, "(") {
            columns = Some(self.column_names()?);
        }
        let rows =
            if self.accept("VALUES") { InsertRows::Values(self.values()?) } else { InsertRows::Query(self.query()?) };
        self.no_assertion()?;
        Ok(Statement::Insert(Box::new(Insert { table, columns, rows })))
    }

    /// Names in parentheses.
    pub(super) fn column_names(&mut self) -> Result<Vec<Name>> {
        self.expect_symbol("(")?;
        let mut names = Vec::new();
        while !self.is_symbol(")") {
            names.push(self.identifier()?);
            if !self.accept_symbol(",") {
                break;
            }
        }
        self.expect_symbol(")")?;
        Ok(names)
    }

    fn values(&mut self) -> Result<Vec<(Position, Vec<Option<Node>>)>> {
        let mut rows = Vec::new();
        loop {
            let position = self.position();
            self.expect_symbol("(")?;
            let mut row = vec![self.value_or_default()?];
            while self.accept_symbol(",") {
                row.push(self.value_or_default()?);
            }
            self.expect_symbol(")")?;
            rows.push((position, row));
            if !self.accept_symbol(",") {
                return Ok(rows);
            }
        }
    }

    pub(super) fn value_or_default(&mut self) -> Result<Option<Node>> {
        if self.accept("DEFAULT") { Ok(None) } else { self.expression().map(Some) }
    }

    pub(super) fn update(&mut self) -> Result<Statement> {
        let position = self.position();
        self.expect("UPDATE")?;
        let table = self.object_path()?;
        let alias = self.target_alias()?;
        self.expect("SET")?;
        let items = self.update_items()?;
        let from = if self.accept("FROM") { Some(self.tables()?) } else { None };
        let filter = if self.accept("WHERE") { Some(self.expression()?) } else { None };
        self.no_assertion()?;
        Ok(Statement::Update(Box::new(Update { position, table, alias, items, from, filter })))
    }

    /// What is set, and to what; `None` is DEFAULT.
    pub(super) fn update_items(&mut self) -> Result<Vec<(Vec<Name>, Option<Node>)>> {
        let mut items = Vec::new();
        loop {
            if self.is_symbol("(") {
                return Err(SqlError::unsupported("A nested UPDATE item", self.position()));
            }
            let mut path = vec![self.identifier()?];
            while self.accept_symbol(".") {
                path.push(self.identifier_after_dot()?);
            }
            self.expect_symbol("=")?;
            items.push((path, self.value_or_default()?));
            if !self.accept_symbol(",") {
                return Ok(items);
            }
        }
    }

    pub(super) fn delete(&mut self) -> Result<Statement> {
        let position = self.position();
        self.expect("DELETE")?;
        self.accept("FROM");
        let table = self.object_path()?;
        let alias = self.target_alias()?;
        let filter = if self.accept("WHERE") { Some(self.expression()?) } else { None };
        self.no_assertion()?;
        Ok(Statement::Delete(Box::new(Delete { position, table, alias, filter })))
    }

    pub(super) fn truncate(&mut self) -> Result<Statement> {
        self.expect("TRUNCATE")?;
        self.expect("TABLE")?;
        let table = self.object_path()?;
        if self.is_word("WHERE") {
            return Err(
                SqlError::unsupported("TRUNCATE TABLE … WHERE", self.position()).with_hint("DELETE FROM t WHERE …")
            );
        }
        Ok(Statement::Truncate(table))
    }

    /// The name of a table, view, dataset or function that a statement is about.
    pub(super) fn object_path(&mut self) -> Result<Vec<Name>> {
        self.table_path()
    }

    fn target_alias(&mut self) -> Result<Option<Name>> {
        if matches!(self.peek(), Token::Word(word) if word.eq_ignore_ascii_case("SET")) {
            return Ok(None);
        }
        self.alias()
    }

    fn no_assertion(&self) -> Result<()> {
        for (word, what) in [("ASSERT_ROWS_MODIFIED", "ASSERT_ROWS_MODIFIED"), ("THEN", "THEN RETURN")] {
            if self.is_word(word) {
                return Err(SqlError::unsupported(what, self.position()));
            }
        }
        Ok(())
    }
}
