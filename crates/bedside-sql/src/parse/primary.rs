//! Operands: literals, paths, constructors, CASE, CAST, subqueries.

use super::{Parser, Token};
use crate::error::{Result, SqlError};
use crate::syntax::{Access, Body, CastFormat, Name, Node, NodeKind, Query, With};
use bedside_types::SqlType;

impl Parser {
    /// An operand with its subscripts and fields.
    pub(super) fn postfix(&mut self) -> Result<Node> {
        let mut node = self.primary()?;
        let mut length = 0;
        loop {
            let position = node.position;
            if self.is_symbol(".") && !self.is_symbol_at(1, "*") {
                self.at += 1;
                let name = self.identifier_after_dot()?;
                node = Node { kind: NodeKind::Field(Box::new(node), name), position };
            } else if self.is_symbol("[") {
                let (access, index) = self.subscript()?;
                node = Node { kind: NodeKind::Subscript(Box::new(node), access, Box::new(index)), position };
            } else {
                return Ok(node);
            }
            length += 1;
            if length > super::MAX_DEPTH {
                return Err(SqlError::too_large("Too many fields and subscripts in a row", self.position()));
            }
        }
    }

    fn subscript(&mut self) -> Result<(Access, Node)> {
        self.expect_symbol("[")?;
        let access = match self.peek() {
            Token::Word(word) if self.is_symbol_at(1, "(") => match word.to_ascii_uppercase().as_str() {
                "OFFSET" => Access::Offset,
                "SAFE_OFFSET" => Access::SafeOffset,
                "ORDINAL" => Access::Ordinal,
                "SAFE_ORDINAL" => Access::SafeOrdinal,
                _ => Access::Plain,
            },
            _ => Access::Plain,
        };
        if access != Access::Plain {
            self.at += 2;
        }
        let index = self.expression()?;
        if access != Access::Plain {
            self.expect_symbol(")")?;
        }
        self.expect_symbol("]")?;
        Ok((access, index))
    }

    fn primary(&mut self) -> Result<Node> {
        let position = self.position();
        let kind = match self.peek().clone() {
            Token::Word(word) => return self.word(&word),
            Token::Quoted(_) => return self.path_or_call(),
            Token::Integer(text) => self.literal(NodeKind::Integer(text)),
            Token::Float(text) => self.literal(NodeKind::Float(text)),
            Token::String(text) => self.literal(NodeKind::String(text)),
            Token::Bytes(bytes) => self.literal(NodeKind::Bytes(bytes)),
            Token::Symbol("(") => return self.parenthesis(),
            Token::Symbol("[") => self.array_values(None)?,
            Token::Symbol("@") => {
                self.at += 1;
                NodeKind::Parameter(self.identifier_after_dot()?.text.to_lowercase())
            }
            Token::Symbol("@@") => {
                self.at += 1;
                NodeKind::System(self.dotted()?)
            }
            Token::Symbol("?") => {
                self.at += 1;
                self.positional += 1;
                NodeKind::Positional(self.positional - 1)
            }
            _ => return Err(self.unexpected()),
        };
        Ok(Node { kind, position })
    }

    fn literal(&mut self, kind: NodeKind) -> NodeKind {
        self.at += 1;
        kind
    }

    fn word(&mut self, word: &str) -> Result<Node> {
        let position = self.position();
        let kind = match word.to_ascii_uppercase().as_str() {
            "NULL" => self.literal(NodeKind::Null),
            "TRUE" => self.literal(NodeKind::Bool(true)),
            "FALSE" => self.literal(NodeKind::Bool(false)),
            "CASE" => self.case()?,
            "CAST" => self.cast(false)?,
            "SAFE_CAST" if self.is_symbol_at(1, "(") => self.cast(true)?,
            "EXTRACT" => self.extract()?,
            "INTERVAL" => self.interval()?,
            "EXISTS" => {
                self.at += 1;
                self.expect_symbol("(")?;
                let query = self.query()?;
                self.expect_symbol(")")?;
                NodeKind::Exists(Box::new(query))
            }
            "ARRAY" => self.array()?,
            "STRUCT" => self.structure()?,
            "WITH" => self.with_expression()?,
            "RANGE" if self.is_symbol_at(1, "<") => {
                let sql_type = self.sql_type()?;
                let Token::String(text) = self.peek().clone() else { return Err(self.unexpected()) };
                self.literal(NodeKind::Typed(sql_type, text))
            }
            // Reserved words that are functions where a parenthesis follows.
            "IF" | "LEFT" | "RIGHT" | "GROUPING" | "COLLATE" | "RANGE" if self.is_symbol_at(1, "(") => {
                self.at += 1;
                return self.call(vec![Name { text: word.to_owned(), position }]);
            }
            name => {
                let text = match self.peek_at(1) {
                    Token::String(text) => Some(text.clone()),
                    _ => None,
                };
                match (text, typed_literal(name)) {
                    (Some(text), Some(sql_type)) => {
                        self.at += 2;
                        NodeKind::Typed(sql_type, text)
                    }
                    _ => return self.path_or_call(),
                }
            }
        };
        Ok(Node { kind, position })
    }

    fn path_or_call(&mut self) -> Result<Node> {
        let first = self.identifier()?;
        let position = first.position;
        let mut path = vec![first];
        while self.is_symbol(".") && !self.is_symbol_at(1, "*") {
            self.at += 1;
            path.push(self.identifier_after_dot()?);
        }
        if self.is_symbol("(") {
            return self.call(path);
        }
        Ok(Node { kind: NodeKind::Path(path), position })
    }

    /// `(expression)`, `(query)` or `(a, b)`.
    fn parenthesis(&mut self) -> Result<Node> {
        let position = self.position();
        self.expect_symbol("(")?;
        if self.at_query_start() {
            let query = self.query()?;
            self.expect_symbol(")")?;
            return Ok(Node { kind: NodeKind::Scalar(Box::new(query)), position });
        }
        let first = self.expression()?;
        if self.at_query_continuation() {
            let query = self.query_from_scalar(first)?;
            self.expect_symbol(")")?;
            return Ok(Node { kind: NodeKind::Scalar(Box::new(query)), position });
        }
        if self.is_symbol(",") {
            let mut values = vec![first];
            while self.accept_symbol(",") {
                values.push(self.expression()?);
            }
            self.expect_symbol(")")?;
            return Ok(Node { kind: NodeKind::Tuple(values), position });
        }
        self.expect_symbol(")")?;
        Ok(first)
    }

    /// `((SELECT …) UNION ALL …)`: what looked like a scalar subquery was a query's first operand.
    pub(super) fn query_from_scalar(&mut self, node: Node) -> Result<Query> {
        match node.kind {
            NodeKind::Scalar(query) => self.query_after(Body::Nested(query), With::default(), node.position),
            _ => Err(self.unexpected()),
        }
    }

    fn case(&mut self) -> Result<NodeKind> {
        self.at += 1;
        let operand = if self.is_word("WHEN") { None } else { Some(Box::new(self.expression()?)) };
        let mut arms = Vec::new();
        while self.accept("WHEN") {
            let condition = self.expression()?;
            self.expect("THEN")?;
            arms.push((condition, self.expression()?));
        }
        if arms.is_empty() {
            return Err(self.expected("keyword WHEN"));
        }
        let otherwise = if self.accept("ELSE") { Some(Box::new(self.expression()?)) } else { None };
        self.expect("END")?;
        Ok(NodeKind::Case { operand, arms, otherwise })
    }

    fn cast(&mut self, safe: bool) -> Result<NodeKind> {
        self.at += 1;
        self.expect_symbol("(")?;
        let operand = Box::new(self.expression()?);
        self.expect("AS")?;
        let to = self.declared_type()?;
        let format = if self.accept("FORMAT") {
            let pattern = self.expression()?;
            let zone = if self.accept_words(&["AT", "TIME", "ZONE"]) { Some(self.expression()?) } else { None };
            Some(Box::new(CastFormat { pattern, zone }))
        } else {
            None
        };
        if format.is_none() && !self.is_symbol(")") {
            return Err(self.expected("\")\" or keyword FORMAT"));
        }
        self.expect_symbol(")")?;
        Ok(NodeKind::Cast { operand, to, safe, format })
    }

    fn extract(&mut self) -> Result<NodeKind> {
        self.at += 1;
        self.expect_symbol("(")?;
        let part = Box::new(self.path_or_call()?);
        self.expect("FROM")?;
        let operand = Box::new(self.expression()?);
        let zone = if self.accept_words(&["AT", "TIME", "ZONE"]) { Some(Box::new(self.expression()?)) } else { None };
        self.expect_symbol(")")?;
        Ok(NodeKind::Extract { part, operand, zone })
    }

    fn interval(&mut self) -> Result<NodeKind> {
        self.at += 1;
        let amount = Box::new(self.expression()?);
        let part = self.identifier()?;
        let to = if self.accept("TO") { Some(self.identifier()?) } else { None };
        Ok(NodeKind::Interval { amount, part, to })
    }

    /// `WITH(name AS value, …, result)`.
    fn with_expression(&mut self) -> Result<NodeKind> {
        self.at += 1;
        if !(self.is_symbol("(") && self.is_word_at(2, "AS")) {
            return Err(self.unexpected());
        }
        self.at += 1;
        let mut values = Vec::new();
        while self.is_word_at(1, "AS") {
            let name = self.identifier()?;
            self.expect("AS")?;
            values.push((name, self.expression()?));
            if values.len() > super::MAX_DEPTH {
                return Err(SqlError::too_large("Too many values in one WITH(…)", self.position()));
            }
            self.expect_symbol(",")?;
        }
        let result = Box::new(self.expression()?);
        self.expect_symbol(")")?;
        Ok(NodeKind::With(values, result))
    }

    fn array(&mut self) -> Result<NodeKind> {
        self.at += 1;
        let element = if self.accept_symbol("<") {
            let position = self.position();
            let element = self.sql_type()?;
            self.close_angle()?;
            if matches!(element, SqlType::Array(_)) {
                return Err(SqlError::types("Arrays of arrays are not supported", position));
            }
            Some(element)
        } else {
            None
        };
        if self.accept_symbol("(") {
            let query = Box::new(self.query()?);
            self.expect_symbol(")")?;
            return Ok(NodeKind::ArrayQuery { element, query });
        }
        self.array_values(element)
    }

    fn array_values(&mut self, element: Option<SqlType>) -> Result<NodeKind> {
        self.expect_symbol("[")?;
        let mut values = Vec::new();
        if !self.accept_symbol("]") {
            values.push(self.expression()?);
            while self.accept_symbol(",") {
                values.push(self.expression()?);
            }
            self.expect_symbol("]")?;
        }
        Ok(NodeKind::Array { element, values })
    }

    fn structure(&mut self) -> Result<NodeKind> {
        self.at += 1;
        let declared = if self.is_symbol("<") { Some(self.struct_type()?) } else { None };
        self.expect_symbol("(")?;
        let mut values = Vec::new();
        if !self.accept_symbol(")") {
            loop {
                let value = self.expression()?;
                values.push((value, self.alias()?));
                if !self.accept_symbol(",") {
                    break;
                }
            }
            self.expect_symbol(")")?;
        }
        Ok(NodeKind::Struct { declared, values })
    }
}

/// Types whose name before a string makes a literal.
fn typed_literal(name: &str) -> Option<SqlType> {
    Some(match name {
        "DATE" => SqlType::Date,
        "DATETIME" => SqlType::Datetime,
        "TIME" => SqlType::Time,
        "TIMESTAMP" => SqlType::Timestamp,
        "NUMERIC" | "DECIMAL" => SqlType::Numeric,
        "BIGNUMERIC" | "BIGDECIMAL" => SqlType::BigNumeric,
        "JSON" => SqlType::Json,
        _ => return None,
    })
}
