//! Operators, by precedence
//! (<https://cloud.google.com/bigquery/docs/reference/standard-sql/operators#operator_precedence>).

use super::{MAX_CHAIN, Parser, Token};
use crate::error::{Result, SqlError};
use crate::syntax::{Binary, Node, NodeKind, Quantifier, Test};
use bedside_types::Position;

impl Parser {
    pub(super) fn expression(&mut self) -> Result<Node> {
        self.nested(|parser| parser.chain("OR", |p| p.chain("AND", Self::not, NodeKind::And), NodeKind::Or))
    }

    /// One operand of a comparison: arithmetic and everything that binds more tightly.
    pub(super) fn operand(&mut self) -> Result<Node> {
        self.binary(0)
    }

    fn chain(
        &mut self,
        word: &str,
        operand: impl Fn(&mut Self) -> Result<Node>,
        kind: fn(Vec<Node>) -> NodeKind,
    ) -> Result<Node> {
        let first = operand(self)?;
        if !self.is_word(word) {
            return Ok(first);
        }
        let position = first.position;
        let mut operands = vec![first];
        while self.accept(word) {
            operands.push(operand(self)?);
        }
        Ok(Node { kind: kind(operands), position })
    }

    fn not(&mut self) -> Result<Node> {
        let position = self.position();
        if self.accept("NOT") {
            let operand = self.nested(Self::not)?;
            return Ok(Node { kind: NodeKind::Not(Box::new(operand)), position });
        }
        self.comparison()
    }

    /// Comparisons do not associate: `a = b = c` is an error.
    fn comparison(&mut self) -> Result<Node> {
        let left = self.operand()?;
        let position = left.position;
        if let Some(operator) = self.comparison_operator() {
            self.at += 1;
            let right = self.operand()?;
            let node = Node { kind: NodeKind::Binary(operator, Box::new(left), Box::new(right)), position };
            return if self.another_comparison().is_some() { Err(self.unexpected()) } else { Ok(node) };
        }
        if self.accept("IS") {
            let test = self.is_test(left)?;
            return self.single(test);
        }
        let negated = (self.is_word_at(1, "IN") || self.is_word_at(1, "LIKE") || self.is_word_at(1, "BETWEEN"))
            && self.accept("NOT");
        let operand = Box::new(left);
        let kind = if self.accept("LIKE") {
            if let Some(quantifier) = self.quantifier() {
                self.patterns(operand, quantifier, negated)?
            } else {
                let pattern = Box::new(self.operand()?);
                NodeKind::Like { operand, pattern, negated }
            }
        } else if self.accept("BETWEEN") {
            let low = Box::new(self.operand()?);
            self.expect("AND")?;
            NodeKind::Between { operand, low, high: Box::new(self.operand()?), negated }
        } else if self.accept("IN") {
            self.in_right(operand, negated)?
        } else {
            return Ok(*operand);
        };
        self.single(Node { kind, position })
    }

    /// Refuses a second comparison behind the first.
    fn single(&self, node: Node) -> Result<Node> {
        let Some(what) = self.another_comparison() else { return Ok(node) };
        let message = format!("Expression to the left of {what} must be parenthesized");
        Err(SqlError::syntax(message, self.position()))
    }

    fn another_comparison(&self) -> Option<&'static str> {
        let word = ["IS", "IN", "LIKE", "BETWEEN"].into_iter().find(|word| self.is_word(word));
        word.or_else(|| self.comparison_operator().map(|_| "comparison"))
    }

    fn quantifier(&mut self) -> Option<Quantifier> {
        if self.accept("ANY") || self.accept("SOME") {
            Some(Quantifier::Any)
        } else {
            self.accept("ALL").then_some(Quantifier::All)
        }
    }

    /// The patterns behind LIKE ANY: a list, an array or a subquery.
    fn patterns(&mut self, operand: Box<Node>, quantifier: Quantifier, negated: bool) -> Result<NodeKind> {
        let position = self.position();
        if self.accept("UNNEST") {
            self.expect_symbol("(")?;
            let patterns = Box::new(self.expression()?);
            if self.is_symbol(",") {
                let words = if quantifier == Quantifier::Any { "ANY" } else { "ALL" };
                let message = format!("UNNEST expression used with LIKE {words} does not allow multiple arguments");
                return Err(SqlError::rule(message, self.position()));
            }
            self.expect_symbol(")")?;
            return Ok(NodeKind::LikeArray { operand, patterns, quantifier, negated });
        }
        if !self.is_symbol("(") {
            return Err(self.unexpected());
        }
        self.at += 1;
        if self.at_query_start() {
            let query = Box::new(self.query()?);
            self.expect_symbol(")")?;
            let kind = NodeKind::ArrayQuery { element: None, query };
            let patterns = Box::new(Node { kind, position });
            return Ok(NodeKind::LikeArray { operand, patterns, quantifier, negated });
        }
        let mut patterns = vec![self.expression()?];
        while self.accept_symbol(",") {
            patterns.push(self.expression()?);
        }
        self.expect_symbol(")")?;
        Ok(NodeKind::LikeList { operand, patterns, quantifier, negated })
    }

    fn comparison_operator(&self) -> Option<Binary> {
        let Token::Symbol(symbol) = self.peek() else { return None };
        let function = match *symbol {
            "=" => "$equal",
            "!=" | "<>" => "$not_equal",
            "<" => "$less",
            "<=" => "$less_or_equal",
            ">" => "$greater",
            ">=" => "$greater_or_equal",
            _ => return None,
        };
        Some(Binary { symbol, function })
    }

    fn is_test(&mut self, left: Node) -> Result<Node> {
        let position = left.position;
        let operand = Box::new(left);
        let negated = self.accept("NOT");
        let test = if self.accept("NULL") || self.accept("UNKNOWN") {
            Test::Null
        } else if self.accept("TRUE") {
            Test::True
        } else if self.accept("FALSE") {
            Test::False
        } else if self.accept_words(&["DISTINCT", "FROM"]) {
            let right = Box::new(self.operand()?);
            return Ok(Node { kind: NodeKind::DistinctFrom { left: operand, right, negated }, position });
        } else {
            return Err(self.unexpected());
        };
        Ok(Node { kind: NodeKind::Is { operand, test, negated }, position })
    }

    fn in_right(&mut self, operand: Box<Node>, negated: bool) -> Result<NodeKind> {
        if self.accept("UNNEST") {
            self.expect_symbol("(")?;
            let array = Box::new(self.expression()?);
            self.expect_symbol(")")?;
            return Ok(NodeKind::InUnnest { operand, array, negated });
        }
        self.expect_symbol("(")?;
        if self.at_query_start() {
            let query = Box::new(self.query()?);
            self.expect_symbol(")")?;
            return Ok(NodeKind::InQuery { operand, query, negated });
        }
        let mut values = vec![self.expression()?];
        if self.at_query_continuation() {
            let query = Box::new(self.query_from_scalar(values.remove(0))?);
            self.expect_symbol(")")?;
            return Ok(NodeKind::InQuery { operand, query, negated });
        }
        while self.accept_symbol(",") {
            values.push(self.expression()?);
        }
        self.expect_symbol(")")?;
        Ok(NodeKind::InList { operand, values, negated })
    }

    /// Binary operators above comparisons, by climbing from `level`.
    fn binary(&mut self, level: u8) -> Result<Node> {
        let mut left = self.unary()?;
        let mut length = 0;
        while let Some((found, symbol, function)) = self.binary_operator().filter(|(found, ..)| *found >= level) {
            self.at += 1;
            let right = self.binary(found + 1)?;
            let position = left.position;
            length += 1;
            left = if symbol == "||" {
                concat(left, right, position)
            } else if length > MAX_CHAIN {
                let message = format!("More than {MAX_CHAIN} operands in one chain of operators");
                return Err(SqlError::too_large(message, right.position));
            } else {
                let kind = NodeKind::Binary(Binary { symbol, function }, Box::new(left), Box::new(right));
                Node { kind, position }
            };
        }
        Ok(left)
    }

    fn binary_operator(&self) -> Option<(u8, &'static str, &'static str)> {
        let Token::Symbol(symbol) = self.peek() else { return None };
        Some(match *symbol {
            "|" => (1, "|", "$bit_or"),
            "^" => (2, "^", "$bit_xor"),
            "&" => (3, "&", "$bit_and"),
            "<<" => (4, "<<", "$shift_left"),
            ">>" => (4, ">>", "$shift_right"),
            "+" => (5, "+", "$add"),
            "-" => (5, "-", "$subtract"),
            "*" => (6, "*", "$multiply"),
            "/" => (6, "/", "$divide"),
            "||" => (6, "||", "$concat"),
            _ => return None,
        })
    }

    fn unary(&mut self) -> Result<Node> {
        let position = self.position();
        let kind: fn(Box<Node>) -> NodeKind = match self.peek() {
            Token::Symbol("-") => NodeKind::Negate,
            Token::Symbol("+") => NodeKind::Plus,
            Token::Symbol("~") => NodeKind::BitNot,
            _ => return self.postfix(),
        };
        self.at += 1;
        let operand = self.nested(Self::unary)?;
        Ok(Node { kind: kind(Box::new(operand)), position })
    }
}

fn concat(left: Node, right: Node, position: Position) -> Node {
    let mut operands = match left {
        Node { kind: NodeKind::Concat(operands), .. } => operands,
        other => vec![other],
    };
    operands.push(right);
    Node { kind: NodeKind::Concat(operands), position }
}
