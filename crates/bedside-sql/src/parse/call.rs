//! Function calls with their modifiers.

use super::Parser;
use crate::error::{Result, SqlError};
use crate::syntax::{Call, Name, Node, NodeKind, Over};

impl Parser {
    /// A call, its path read, from the opening parenthesis.
    pub(super) fn call(&mut self, path: Vec<Name>) -> Result<Node> {
        let position = path[0].position;
        self.expect_symbol("(")?;
        let mut call = Call {
            path,
            star: false,
            distinct: self.accept("DISTINCT"),
            arguments: Vec::new(),
            named: Vec::new(),
            ignore_nulls: None,
            having: None,
            order: Vec::new(),
            limit: None,
            over: None,
        };
        if self.is_symbol("*") && self.is_symbol_at(1, ")") {
            self.at += 1;
            call.star = true;
        } else if !self.is_symbol(")") && !self.at_modifier() {
            loop {
                self.argument(&mut call)?;
                if !self.accept_symbol(",") {
                    break;
                }
            }
        }
        self.modifiers(&mut call)?;
        self.expect_symbol(")")?;
        if self.accept("OVER") {
            call.over = Some(if self.is_symbol("(") {
                Over::Spec(Box::new(self.window_spec()?))
            } else {
                Over::Named(self.identifier()?)
            });
        }
        Ok(Node { kind: NodeKind::Call(Box::new(call)), position })
    }

    fn argument(&mut self, call: &mut Call) -> Result<()> {
        let position = self.position();
        if self.at_query_start() {
            let message = "Unexpected keyword SELECT; a subquery as an argument stands in parentheses of its own";
            return Err(SqlError::syntax(message, position));
        }
        let node = self.expression()?;
        if self.is_symbol("->") {
            return Err(SqlError::unsupported("A lambda", position));
        }
        if self.is_symbol("=>") {
            let NodeKind::Path(path) = node.kind else { return Err(self.unexpected()) };
            let [name] = <[Name; 1]>::try_from(path)
                .map_err(|_| SqlError::syntax("An argument's name is a single identifier", position))?;
            self.expect_symbol("=>")?;
            call.named.push((name, self.expression()?));
        } else if let Some((name, _)) = call.named.first() {
            let message = format!("Positional argument follows the named argument {}", name.text);
            return Err(SqlError::rule(message, position));
        } else {
            call.arguments.push(node);
        }
        Ok(())
    }

    fn at_modifier(&self) -> bool {
        ["IGNORE", "RESPECT", "HAVING", "ORDER", "LIMIT"].iter().any(|word| self.is_word(word))
    }

    fn modifiers(&mut self, call: &mut Call) -> Result<()> {
        let ignore = self.accept("IGNORE");
        if ignore || self.accept("RESPECT") {
            self.expect("NULLS")?;
            call.ignore_nulls = Some(ignore);
        }
        if self.accept("HAVING") {
            let max = self.accept("MAX");
            if !max && !self.accept("MIN") {
                return Err(self.expected("keyword MAX or keyword MIN"));
            }
            call.having = Some((max, self.expression()?));
        }
        if self.accept_words(&["ORDER", "BY"]) {
            call.order = self.order_items()?;
        }
        if self.accept("LIMIT") {
            call.limit = Some(self.expression()?);
        }
        Ok(())
    }
}
