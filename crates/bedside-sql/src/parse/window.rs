//! Windows: PARTITION BY, ORDER BY, frames.

use super::Parser;
use crate::error::{Result, SqlError};
use crate::syntax::{BoundSpec, FrameSpec, Name, WindowSpec};

impl Parser {
    /// `(…)` or the name of a window.
    pub(super) fn window_definition(&mut self) -> Result<WindowSpec> {
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
