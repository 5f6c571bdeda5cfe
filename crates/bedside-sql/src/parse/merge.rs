//! MERGE.

use super::{Parser, Token};
use crate::error::{Result, SqlError};
use crate::syntax::{Matched, Merge, MergeAction, Statement, When};

impl Parser {
    pub(super) fn merge(&mut self) -> Result<Statement> {
        self.expect("MERGE")?;
        self.accept("INTO");
        let table = self.object_path()?;
        let alias = self.alias()?;
        self.expect("USING")?;
        let source = self.tables()?;
        self.expect("ON")?;
        let condition = self.expression()?;
        let mut clauses = Vec::new();
        while self.is_word("WHEN") {
            clauses.push(self.when()?);
        }
        if clauses.is_empty() {
            return Err(self.expected("keyword WHEN"));
        }
        Ok(Statement::Merge(Box::new(Merge { table, alias, source, condition, clauses })))
    }

    fn when(&mut self) -> Result<When> {
        let position = self.position();
        self.expect("WHEN")?;
        let matched = if self.accept("NOT") {
            self.expect("MATCHED")?;
            if self.accept_words(&["BY", "SOURCE"]) {
                Matched::ByTargetOnly
            } else {
                if self.accept("BY") {
                    self.expect("TARGET")?;
                }
                Matched::BySourceOnly
            }
        } else {
            self.expect("MATCHED")?;
            Matched::Both
        };
        let condition = if self.accept("AND") { Some(self.expression()?) } else { None };
        self.expect("THEN")?;
        let place = self.position();
        let action = self.merge_action()?;
        let inserts = matches!(action, MergeAction::Insert { .. } | MergeAction::InsertRow { .. });
        if inserts != (matched == Matched::BySourceOnly) {
            let (action, clause) = if inserts {
                ("INSERT", "WHEN [NOT] MATCHED [BY SOURCE]")
            } else {
                ("UPDATE and DELETE", "WHEN NOT MATCHED [BY TARGET]")
            };
            return Err(SqlError::rule(format!("{action} is not allowed in a {clause} clause of MERGE"), place));
        }
        Ok(When { position, matched, condition, action })
    }

    fn merge_action(&mut self) -> Result<MergeAction> {
        if self.accept("DELETE") {
            return Ok(MergeAction::Delete);
        }
        if self.accept("UPDATE") {
            self.expect("SET")?;
            return Ok(MergeAction::Update(self.update_items()?));
        }
        if !self.accept("INSERT") {
            return Err(self.expected("INSERT, UPDATE or DELETE"));
        }
        let columns = if self.is_symbol("(") { Some(self.column_names()?) } else { None };
        if matches!(self.peek(), Token::Word(word) if word.eq_ignore_ascii_case("ROW")) {
            self.at += 1;
            return Ok(MergeAction::InsertRow { columns });
        }
        self.expect("VALUES")?;
        self.expect_symbol("(")?;
        let mut values = vec![self.value_or_default()?];
        while self.accept_symbol(",") {
            values.push(self.value_or_default()?);
        }
        self.expect_symbol(")")?;
        Ok(MergeAction::Insert { columns, values })
    }
}
