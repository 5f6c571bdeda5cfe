//! PIVOT, UNPIVOT and TABLESAMPLE.

use super::{Parser, Token};
use crate::error::{Result, SqlError};
use crate::syntax::{Name, Node, NodeKind, Pivot, Sample, Unpivot, UnpivotColumns};

impl Parser {
    /// Whether PIVOT or UNPIVOT starts here, and no name.
    pub(super) fn at_pivot(&self) -> bool {
        let open = |ahead| self.is_symbol_at(ahead, "(");
        let nulls = self.is_word_at(1, "INCLUDE") || self.is_word_at(1, "EXCLUDE");
        self.is_word("PIVOT") && open(1) || self.is_word("UNPIVOT") && (open(1) || nulls && open(3))
    }

    pub(super) fn pivot(&mut self) -> Result<Pivot> {
        let position = self.position();
        self.expect("PIVOT")?;
        self.expect_symbol("(")?;
        let mut aggregates = Vec::new();
        loop {
            let node = self.expression()?;
            if !matches!(node.kind, NodeKind::Call(_)) {
                return Err(SqlError::rule("PIVOT expression must be an aggregate function call", node.position));
            }
            let alias = self.alias()?;
            aggregates.push((node, alias));
            if !self.accept_symbol(",") {
                break;
            }
        }
        self.expect("FOR")?;
        let input = self.operand()?;
        self.expect("IN")?;
        self.expect_symbol("(")?;
        let mut values = Vec::new();
        loop {
            let node = self.expression()?;
            let alias = self.alias()?;
            values.push((node, alias));
            if !self.accept_symbol(",") {
                break;
            }
        }
        self.expect_symbol(")")?;
        self.expect_symbol(")")?;
        Ok(Pivot { aggregates, input, values, position })
    }

    pub(super) fn unpivot(&mut self) -> Result<Unpivot> {
        self.expect("UNPIVOT")?;
        let nulls = self.accept("INCLUDE");
        if nulls || self.accept("EXCLUDE") {
            self.expect("NULLS")?;
        }
        self.expect_symbol("(")?;
        let position = self.position();
        let mut values = Vec::new();
        if self.accept_symbol("(") {
            loop {
                values.push(self.identifier()?);
                if !self.accept_symbol(",") {
                    break;
                }
            }
            self.expect_symbol(")")?;
        } else {
            values.push(self.identifier()?);
        }
        self.expect("FOR")?;
        let name = self.identifier()?;
        self.expect("IN")?;
        self.expect_symbol("(")?;
        let mut columns = Vec::new();
        loop {
            columns.push(self.unpivot_columns()?);
            if !self.accept_symbol(",") {
                break;
            }
        }
        self.expect_symbol(")")?;
        self.expect_symbol(")")?;
        Ok(Unpivot { nulls, values, name, columns, position })
    }

    fn unpivot_columns(&mut self) -> Result<UnpivotColumns> {
        let mut columns = Vec::new();
        if self.accept_symbol("(") {
            loop {
                columns.push(self.column_path()?);
                if !self.accept_symbol(",") {
                    break;
                }
            }
            self.expect_symbol(")")?;
        } else {
            columns.push(self.column_path()?);
        }
        let written = self.accept("AS");
        let kind = match self.peek().clone() {
            Token::String(text) => NodeKind::String(text),
            Token::Integer(text) => NodeKind::Integer(text),
            _ if written => return Err(self.expected("integer literal or string literal")),
            _ => return Ok(UnpivotColumns { columns, label: None }),
        };
        let label = Node { kind, position: self.position() };
        self.at += 1;
        Ok(UnpivotColumns { columns, label: Some(label) })
    }

    fn column_path(&mut self) -> Result<Vec<Name>> {
        let mut path = vec![self.identifier()?];
        while self.accept_symbol(".") {
            path.push(self.identifier_after_dot()?);
        }
        Ok(path)
    }

    /// `TABLESAMPLE SYSTEM (10 PERCENT)`.
    pub(super) fn sample(&mut self) -> Result<Sample> {
        let position = self.position();
        self.expect("TABLESAMPLE")?;
        let method = self.identifier()?;
        if !method.text.eq_ignore_ascii_case("SYSTEM") {
            let what = format!("TABLESAMPLE {}", method.text.to_ascii_uppercase());
            return Err(SqlError::unsupported(what, method.position).with_hint("write TABLESAMPLE SYSTEM (n PERCENT)"));
        }
        self.expect_symbol("(")?;
        let percent = self.operand()?;
        if self.is_word("ROWS") {
            return Err(SqlError::unsupported("TABLESAMPLE by a number of rows", self.position())
                .with_hint("write TABLESAMPLE SYSTEM (n PERCENT), or LIMIT"));
        }
        self.expect("PERCENT")?;
        self.expect_symbol(")")?;
        if self.is_word("REPEATABLE") {
            return Err(SqlError::unsupported("TABLESAMPLE … REPEATABLE", self.position()));
        }
        Ok(Sample { percent, position })
    }
}
