//! `FROM GAP_FILL(…)`
//! (<https://cloud.google.com/bigquery/docs/reference/standard-sql/time-series-functions#gap_fill>).
//!
//! It is another way to write a query, and becomes that query here: the arguments' words stand in a template's places, and the
//! whole is read as if it had been written so. Words of the template have the call's place in the text.

use super::lexer::{self, Lexeme, Token};
use super::{MAX_DEPTH, Parser};
use crate::error::{Result, SqlError};
use crate::syntax::{Name, Node, NodeKind, Query};
use bedside_types::Position;

const NAME: &str = "GAP_FILL";

/// How a value is filled in where there is none at a bucket's start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Filling {
    Null,
    LastObserved,
    Linear,
}

/// What the call gives.
struct Arguments {
    input: Vec<Lexeme>,
    time: String,
    width: Vec<Lexeme>,
    partition: Vec<String>,
    values: Vec<(String, Filling)>,
    origin: Option<Vec<Lexeme>>,
    ignore_nulls: bool,
}

impl Parser {
    /// The query that a call means, from the opening parenthesis.
    pub(super) fn gap_fill(&mut self, position: Position) -> Result<Query> {
        let arguments = self.gap_fill_arguments(position)?;
        let origin = arguments.origin.as_deref().unwrap_or_default();
        let places = [("$INPUT", arguments.input.as_slice()), ("$WIDTH", &arguments.width), ("$ORIGIN", origin)];
        self.spliced(&template(&arguments), &places, position)
    }

    /// A template's query, words of the call standing in its places.
    pub(super) fn spliced(&self, template: &str, places: &[(&str, &[Lexeme])], position: Position) -> Result<Query> {
        let mut lexemes = Vec::new();
        for lexeme in lexer::lex(template)? {
            let place = match &lexeme.token {
                Token::Quoted(name) => places.iter().find(|(place, _)| place == name),
                _ => None,
            };
            match place {
                Some((_, words)) => lexemes.extend(words.iter().cloned()),
                None => lexemes.push(Lexeme { position, ..lexeme }),
            }
        }
        let depth = self.depth;
        if depth + 8 > MAX_DEPTH {
            return Err(SqlError::too_large("Too many levels of nesting", position));
        }
        let mut parser = Parser { text: String::new(), lexemes, at: 0, depth, blocks: 0, positional: self.positional };
        parser.query()
    }

    fn gap_fill_arguments(&mut self, position: Position) -> Result<Arguments> {
        self.expect_symbol("(")?;
        let input = self.table_argument(position)?;
        let (mut time, mut width, mut origin) = (None, None, None);
        let (mut partition, mut values, mut ignore_nulls) = (Vec::new(), Vec::new(), true);
        while self.accept_symbol(",") {
            let name = self.identifier()?;
            self.expect_symbol("=>")?;
            let first = self.at;
            let node = self.expression()?;
            let lexemes = self.lexemes[first..self.at].to_vec();
            match name.text.to_ascii_lowercase().as_str() {
                "ts_column" => time = Some(column(NAME, &node)?),
                "bucket_width" => width = Some(lexemes),
                "origin" => origin = Some(lexemes),
                "partitioning_columns" => {
                    partition = elements(NAME, &node)?.iter().map(|node| column(NAME, node)).collect::<Result<_>>()?;
                }
                "value_columns" => values = elements(NAME, &node)?.iter().map(filled).collect::<Result<_>>()?,
                "ignore_null_values" => {
                    let NodeKind::Bool(value) = node.kind else {
                        return Err(SqlError::types(
                            "ignore_null_values of GAP_FILL must be TRUE or FALSE",
                            node.position,
                        ));
                    };
                    ignore_nulls = value;
                }
                _ => return Err(unknown(&name)),
            }
        }
        self.expect_symbol(")")?;
        let missing = |name: &str| SqlError::rule(format!("GAP_FILL needs the argument {name}"), position);
        Ok(Arguments {
            input,
            time: time.ok_or_else(|| missing("ts_column"))?,
            width: width.ok_or_else(|| missing("bucket_width"))?,
            partition,
            values,
            origin,
            ignore_nulls,
        })
    }

    /// `TABLE name` or `(query)`, as the words of a query.
    pub(super) fn table_argument(&mut self, position: Position) -> Result<Vec<Lexeme>> {
        if self.accept("TABLE") {
            let first = self.at;
            self.table_path()?;
            let mut lexemes = lexer::lex("SELECT * FROM")?;
            lexemes.retain(|lexeme| lexeme.token != Token::End);
            lexemes.iter_mut().for_each(|lexeme| lexeme.position = position);
            lexemes.extend(self.lexemes[first..self.at].iter().cloned());
            return Ok(lexemes);
        }
        self.expect_symbol("(")?;
        let first = self.at;
        self.query()?;
        let lexemes = self.lexemes[first..self.at].to_vec();
        self.expect_symbol(")")?;
        Ok(lexemes)
    }
}

fn unknown(name: &Name) -> SqlError {
    let known = ["ts_column", "bucket_width", "partitioning_columns", "value_columns", "origin", "ignore_null_values"];
    let near = bedside_types::nearest(&name.text, known);
    let near = near.map(|near| format!("; Did you mean {near}?")).unwrap_or_default();
    SqlError::name(format!("Named argument {} not found in GAP_FILL{near}", name.text), name.position)
}

/// A column's name, which comes as a text.
pub(super) fn column(function: &str, node: &Node) -> Result<String> {
    match &node.kind {
        NodeKind::String(name) => Ok(name.clone()),
        _ => {
            let message = format!("Columns of {function} are given by name, as STRING literals");
            Err(SqlError::types(message, node.position))
        }
    }
}

pub(super) fn elements<'a>(function: &str, node: &'a Node) -> Result<&'a [Node]> {
    match &node.kind {
        NodeKind::Array { values, .. } => Ok(values),
        _ => Err(SqlError::types(format!("An array is expected here in {function}"), node.position)),
    }
}

/// `('column', 'method')`.
fn filled(node: &Node) -> Result<(String, Filling)> {
    let NodeKind::Tuple(pair) = &node.kind else {
        return Err(SqlError::types("Value columns of GAP_FILL are pairs of column and method", node.position));
    };
    let [name, method] = pair.as_slice() else {
        return Err(SqlError::types("Value columns of GAP_FILL are pairs of column and method", node.position));
    };
    let filling = match column(NAME, method)?.to_ascii_lowercase().as_str() {
        "null" => Filling::Null,
        "locf" => Filling::LastObserved,
        "linear" => Filling::Linear,
        other => {
            let message = format!("GAP_FILL has no method {other}; methods are null, locf and linear");
            return Err(SqlError::value(message, method.position));
        }
    };
    Ok((column(NAME, name)?, filling))
}

pub(super) fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('\\', "\\\\").replace('`', "\\`"))
}

/// The query, with places for the arguments that come as words.
fn template(arguments: &Arguments) -> String {
    let time = quoted(&arguments.time);
    let keys: Vec<String> = arguments.partition.iter().map(|name| quoted(name)).collect();
    let listed = |make: &dyn Fn(usize, &String) -> String| {
        keys.iter().enumerate().map(|(index, key)| make(index, key)).collect::<String>()
    };
    let named = listed(&|index, key| format!("{key} AS `$p{index}`, "));
    let places = listed(&|index, _| format!("`$p{index}`, "));
    let group = if keys.is_empty() { String::new() } else { format!("GROUP BY {}", places.trim_end_matches(", ")) };
    let apart = if keys.is_empty() { String::new() } else { format!("PARTITION BY {}", places.trim_end_matches(", ")) };
    let origin = if arguments.origin.is_some() { ", `$ORIGIN`" } else { "" };
    let (mut observed, mut empty, mut around, mut values) = Default::default();
    for (index, (name, filling)) in arguments.values.iter().enumerate() {
        value_column(&mut (&mut observed, &mut empty, &mut around, &mut values), index, name, *filling, arguments);
    }
    format!(
        "WITH `$input` AS (`$INPUT`), \
         `$spans` AS (SELECT {named} gap_fill.buckets(MIN({time}), MAX({time}), `$WIDTH`{origin}) AS `$buckets` \
           FROM `$input` {group}), \
         `$rows` AS (SELECT {named} {time} AS `$t`, 0 AS `$kind` {observed} FROM `$input` WHERE {time} IS NOT NULL \
           UNION ALL SELECT {places} `$bucket`, 1 {empty} FROM `$spans`, UNNEST(`$buckets`) AS `$bucket`), \
         `$around` AS (SELECT * {around} FROM `$rows` WINDOW `$before` AS ({apart} ORDER BY `$t`, `$kind` \
           ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW), `$after` AS ({apart} ORDER BY `$t`, `$kind` \
           ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)) \
         SELECT `$t` AS {time} {} {values} FROM `$around` WHERE `$kind` = 1",
        listed(&|index, key| format!(", `$p{index}` AS {key}")),
    )
}

/// Appends a value column's pieces: what is observed, nothing for buckets, the observations around, and the value.
fn value_column(
    (observed, empty, around, values): &mut (&mut String, &mut String, &mut String, &mut String),
    index: usize,
    name: &str,
    filling: Filling,
    arguments: &Arguments,
) {
    let (name, value) = (quoted(name), format!("`$v{index}`"));
    let counts = if arguments.ignore_nulls { format!("AND {value} IS NOT NULL") } else { String::new() };
    let seen = format!("IF(`$kind` = 0 {counts}, STRUCT({value} AS v, `$t` AS t), NULL) IGNORE NULLS");
    let (before, after) = (format!("`$before{index}`"), format!("`$after{index}`"));
    observed.push_str(&format!(", {name} AS {value}"));
    empty.push_str(", NULL");
    around.push_str(&format!(", LAST_VALUE({seen}) OVER `$before` AS {before}"));
    let exact = |otherwise: &str| format!("IF({before}.t = `$t`, {before}.v, {otherwise})");
    let filled = match filling {
        Filling::Null => exact("NULL"),
        Filling::LastObserved => format!("{before}.v"),
        Filling::Linear => {
            around.push_str(&format!(", FIRST_VALUE({seen}) OVER `$after` AS {after}"));
            exact(&format!("gap_fill.linear({before}.v, {after}.v, {before}.t, {after}.t, `$t`)"))
        }
    };
    values.push_str(&format!(", {filled} AS {name}"));
}
