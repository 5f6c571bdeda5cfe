//! `FROM RANGE_SESSIONIZE(…)`
//! (<https://cloud.google.com/bigquery/docs/reference/standard-sql/range-functions#range_sessionize>): another way to write a
//! query, as GAP_FILL is.

use super::Parser;
use super::gap_fill::{column, elements, quoted};
use crate::error::{Result, SqlError};
use crate::syntax::{NodeKind, Query};
use bedside_types::Position;

impl Parser {
    /// The query that a call means, from the opening parenthesis.
    pub(super) fn range_sessionize(&mut self, position: Position) -> Result<Query> {
        const NAME: &str = "RANGE_SESSIONIZE";
        self.expect_symbol("(")?;
        let input = self.table_argument(position)?;
        self.expect_symbol(",")?;
        let range = column(NAME, &self.expression()?)?;
        self.expect_symbol(",")?;
        let keys = self.expression()?;
        let keys = elements(NAME, &keys)?.iter().map(|node| column(NAME, node)).collect::<Result<Vec<_>>>()?;
        let meets = if self.accept_symbol(",") { self.sessionize_option()? } else { ">" };
        self.expect_symbol(")")?;
        self.spliced(&template(&range, &keys, meets), &[("$INPUT", &input)], position)
    }

    /// How a range's start is to an end before it where it does not go on.
    fn sessionize_option(&mut self) -> Result<&'static str> {
        let node = self.expression()?;
        let word = match &node.kind {
            NodeKind::String(word) => word.to_ascii_uppercase(),
            _ => String::new(),
        };
        match word.as_str() {
            "MEETS" => Ok(">"),
            "OVERLAPS" => Ok(">="),
            _ => Err(SqlError::value("The option of RANGE_SESSIONIZE must be 'MEETS' or 'OVERLAPS'", node.position)),
        }
    }
}

/// Ranges by start; one that begins beyond every end before it begins a session.
fn template(range: &str, keys: &[String], beyond: &str) -> String {
    let range = quoted(range);
    let keys: Vec<String> = keys.iter().map(|name| quoted(name)).collect();
    let apart = if keys.is_empty() { String::new() } else { format!("PARTITION BY {}", keys.join(", ")) };
    let session: Vec<&str> = keys.iter().map(String::as_str).chain(["`$session`"]).collect();
    let session = session.join(", ");
    let helpers = "`$start`, `$end`, `$new`, `$session`";
    format!(
        "WITH `$ends` AS (SELECT *, range_sessionize.start({range}) AS `$start`, range_sessionize.end({range}) AS `$end` \
           FROM (`$INPUT`)), \
         `$begun` AS (SELECT *, IFNULL(`$start` {beyond} MAX(`$end`) OVER ({apart} ORDER BY `$start`, `$end` \
           ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), TRUE) AS `$new` FROM `$ends`), \
         `$numbered` AS (SELECT *, COUNTIF(`$new`) OVER ({apart} ORDER BY `$start`, `$end` \
           ROWS UNBOUNDED PRECEDING) AS `$session` FROM `$begun`) \
         SELECT * EXCEPT ({helpers}), IF({range} IS NULL, NULL, RANGE( \
           RANGE_START(FIRST_VALUE({range}) OVER (PARTITION BY {session} ORDER BY `$start`)), \
           RANGE_END(FIRST_VALUE({range}) OVER (PARTITION BY {session} ORDER BY `$end` DESC)))) AS session_range \
         FROM `$numbered`"
    )
}
