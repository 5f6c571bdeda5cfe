//! GROUP BY and its grouping sets.

use super::Parser;
use crate::error::{Result, SqlError};
use crate::syntax::{GroupBy, GroupItem, GroupingSet, Node};

impl Parser {
    /// What stands behind GROUP BY.
    pub(super) fn group_by(&mut self) -> Result<GroupBy> {
        let position = self.position();
        if self.accept("ALL") {
            return Ok(GroupBy::All(position));
        }
        if self.empty_group()? {
            return Ok(GroupBy::Items(Vec::new()));
        }
        let mut items = Vec::new();
        loop {
            items.push(self.group_item()?);
            if !self.accept_symbol(",") {
                return Ok(GroupBy::Items(items));
            }
        }
    }

    /// `()` alone: one group of all rows.
    pub(super) fn empty_group(&mut self) -> Result<bool> {
        if !(self.is_symbol("(") && self.is_symbol_at(1, ")")) {
            return Ok(false);
        }
        if self.is_symbol_at(2, ",") {
            return Err(self.empty_group_beside_others());
        }
        self.at += 2;
        Ok(true)
    }

    pub(super) fn group_item(&mut self) -> Result<GroupItem> {
        if self.is_symbol("(") && self.is_symbol_at(1, ")") {
            return Err(self.empty_group_beside_others());
        }
        if self.accept("ROLLUP") {
            return Ok(GroupItem::Rollup(self.key_lists()?));
        }
        if self.accept("CUBE") {
            return Ok(GroupItem::Cube(self.key_lists()?));
        }
        if self.accept_words(&["GROUPING", "SETS"]) {
            self.expect_symbol("(")?;
            let mut sets = Vec::new();
            loop {
                sets.push(self.grouping_set()?);
                if !self.accept_symbol(",") {
                    break;
                }
            }
            self.expect_symbol(")")?;
            return Ok(GroupItem::Sets(sets));
        }
        self.expression().map(GroupItem::Key)
    }

    fn empty_group_beside_others(&self) -> SqlError {
        let message = "GROUP BY () is only allowed when there are no other grouping items";
        SqlError::rule(message, self.position())
    }

    fn grouping_set(&mut self) -> Result<GroupingSet> {
        if self.accept("ROLLUP") {
            return Ok(GroupingSet::Rollup(self.key_lists()?));
        }
        if self.accept("CUBE") {
            return Ok(GroupingSet::Cube(self.key_lists()?));
        }
        if self.is_symbol("(") && self.is_symbol_at(1, ")") {
            self.at += 2;
            return Ok(GroupingSet::Keys(Vec::new()));
        }
        self.key_list().map(GroupingSet::Keys)
    }

    /// `(a, (b, c))`.
    fn key_lists(&mut self) -> Result<Vec<Vec<Node>>> {
        self.expect_symbol("(")?;
        let mut lists = Vec::new();
        loop {
            lists.push(self.key_list()?);
            if !self.accept_symbol(",") {
                break;
            }
        }
        self.expect_symbol(")")?;
        Ok(lists)
    }

    /// A key, or several in parentheses. What reads as a tuple is a list here.
    fn key_list(&mut self) -> Result<Vec<Node>> {
        let node = self.expression()?;
        Ok(match node.kind {
            crate::syntax::NodeKind::Tuple(keys) => keys,
            _ => vec![node],
        })
    }
}
