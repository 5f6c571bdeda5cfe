//! Set operations: UNION, INTERSECT and EXCEPT, by position or by name.

use super::{MAX_CHAIN, Parser};
use crate::error::{Result, SqlError};
use crate::syntax::{Body, MatchBy, MatchMode, Matching, Name, SetOperation};

impl Parser {
    pub(super) fn set_operations(&mut self, first: Body) -> Result<Body> {
        let position = self.position();
        let mut inputs = vec![first];
        let mut chosen: Option<(SetOperation, Matching)> = None;
        loop {
            let here = self.position();
            let Some((operation, matching)) = self.set_operator()? else { break };
            if let Some((earlier, with)) = &chosen {
                if *earlier != operation {
                    let message = "Different set operations cannot be used in the same query without using parentheses for grouping";
                    return Err(SqlError::syntax(message, here));
                }
                if let Some(difference) = difference(with, &matching) {
                    let message = format!(
                        "Different set operation modifiers{difference} cannot be used in the same query without using parentheses for grouping"
                    );
                    return Err(SqlError::syntax(message, here));
                }
            }
            chosen = Some((operation, matching));
            if self.is_word("FROM") {
                let message = "Unexpected FROM; FROM queries following a set operation must be parenthesized";
                return Err(SqlError::syntax(message, self.position()));
            }
            inputs.push(self.query_primary()?);
        }
        match chosen {
            None => Ok(inputs.remove(0)),
            // EXCEPT is a fold from the left; keep that in the syntax so that the list is n-ary for associative ones only.
            Some((SetOperation::ExceptDistinct, _)) if inputs.len() > MAX_CHAIN => {
                Err(SqlError::too_large(format!("More than {MAX_CHAIN} inputs of one EXCEPT"), position))
            }
            Some((operation, matching)) => Ok(Body::Set { operation, matching, inputs, position }),
        }
    }

    /// Whether a word here says what becomes of columns that not every input has: `FULL UNION`.
    pub(super) fn at_set_mode(&self) -> bool {
        let operation = |ahead| ["UNION", "INTERSECT", "EXCEPT"].iter().any(|word| self.is_word_at(ahead, word));
        let outer = self.is_word("FULL") || self.is_word("LEFT");
        (outer || self.is_word("INNER")) && operation(1) || outer && self.is_word_at(1, "OUTER") && operation(2)
    }

    /// `FULL OUTER UNION ALL BY NAME ON (…)` and its like; `None` where no set operation stands.
    pub(super) fn set_operator(&mut self) -> Result<Option<(SetOperation, Matching)>> {
        let start = self.position();
        let mut mode = MatchMode::Plain;
        if self.at_set_mode() {
            mode = match () {
                () if self.is_word("FULL") => MatchMode::Full,
                () if self.is_word("LEFT") => MatchMode::Left,
                () => MatchMode::Inner,
            };
            self.at += 1;
            self.accept("OUTER");
        }
        let operation = if self.accept("UNION") {
            if self.accept("ALL") {
                SetOperation::UnionAll
            } else if self.accept("DISTINCT") {
                SetOperation::UnionDistinct
            } else {
                return Err(self.expected("keyword ALL or keyword DISTINCT"));
            }
        } else if self.accept("INTERSECT") {
            self.distinct_only("INTERSECT ALL")?;
            SetOperation::IntersectDistinct
        } else if self.accept("EXCEPT") {
            self.distinct_only("EXCEPT ALL")?;
            SetOperation::ExceptDistinct
        } else {
            return Ok(None);
        };
        let (by, columns) = self.match_by(mode)?;
        if by == MatchBy::Position && mode != MatchMode::Plain {
            let message = format!("{} in set operations cannot be used without CORRESPONDING", mode.word());
            return Err(SqlError::syntax(message, start));
        }
        Ok(Some((operation, Matching { by, mode, columns })))
    }

    fn match_by(&mut self, mode: MatchMode) -> Result<(MatchBy, Option<Vec<Name>>)> {
        if self.accept("BY") {
            self.expect("NAME")?;
            let columns = if self.accept("ON") { Some(self.name_list("BY NAME ON")?) } else { None };
            return Ok((MatchBy::Name, columns));
        }
        let position = self.position();
        let strict = self.accept("STRICT");
        if strict && mode != MatchMode::Plain {
            return Err(SqlError::syntax("STRICT cannot be used with outer mode in set operations", position));
        }
        if strict {
            self.expect("CORRESPONDING")?;
        } else if !self.accept("CORRESPONDING") {
            return Ok((MatchBy::Position, None));
        }
        let columns = if self.accept("BY") { Some(self.name_list("CORRESPONDING BY")?) } else { None };
        Ok((if strict { MatchBy::Strict } else { MatchBy::Corresponding }, columns))
    }

    fn name_list(&mut self, clause: &str) -> Result<Vec<Name>> {
        self.expect_symbol("(")?;
        let mut names: Vec<Name> = Vec::new();
        loop {
            let name = self.identifier()?;
            if names.iter().any(|other| other.text.eq_ignore_ascii_case(&name.text)) {
                let message = format!("Duplicate identifiers are not allowed in the {clause} list: {}", name.text);
                return Err(SqlError::rule(message, name.position));
            }
            names.push(name);
            if !self.accept_symbol(",") {
                break;
            }
        }
        self.expect_symbol(")")?;
        Ok(names)
    }

    fn distinct_only(&mut self, all: &str) -> Result<()> {
        if self.is_word("ALL") {
            return Err(SqlError::unsupported(all, self.position()));
        }
        self.expect("DISTINCT")
    }
}

/// How two operators of one chain differ, in words to stand in a message.
fn difference(earlier: &Matching, later: &Matching) -> Option<String> {
    if earlier.by != later.by {
        return Some(String::new());
    }
    if earlier.mode != later.mode {
        return Some(format!(" ({} and {})", earlier.mode.word(), later.mode.word()));
    }
    let texts = |matching: &Matching| -> Option<Vec<String>> {
        matching.columns.as_ref().map(|names| names.iter().map(|name| name.text.to_lowercase()).collect())
    };
    (texts(earlier) != texts(later)).then(String::new)
}
