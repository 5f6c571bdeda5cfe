//! Pipe operators (<https://cloud.google.com/bigquery/docs/reference/standard-sql/pipe-syntax>).

use super::{MAX_DEPTH, Parser};
use crate::error::{Result, SqlError};
use crate::syntax::{GroupItem, Name, Node, Pipe, PipeAggregate, PipeKey, PipeKind, Query, Select};
use bedside_types::Position;

/// Operators of GoogleSQL that BigQuery's page on pipe syntax does not have.
const OTHER_OPERATORS: &[&str] =
    &["ASSERT", "CREATE", "DESCRIBE", "EXPORT", "FORK", "IF", "INSERT", "LOG", "RECURSIVE", "STATIC_DESCRIBE", "TEE"];

impl Parser {
    /// Every operator behind a query.
    pub(super) fn pipes(&mut self) -> Result<Vec<Pipe>> {
        let mut pipes = Vec::new();
        while self.is_symbol("|>") {
            let position = self.position();
            if pipes.len() >= MAX_DEPTH {
                return Err(SqlError::too_large(format!("More than {MAX_DEPTH} pipe operators in a row"), position));
            }
            self.at += 1;
            let kind = self.nested(|parser| parser.pipe(position))?;
            pipes.push(Pipe { kind, position });
        }
        Ok(pipes)
    }

    fn pipe(&mut self, start: Position) -> Result<PipeKind> {
        let super::Token::Word(word) = self.peek() else { return Err(self.no_operator(start)) };
        let word = word.to_ascii_uppercase();
        Ok(match word.as_str() {
            "SELECT" => PipeKind::Select(Box::new(self.pipe_select()?)),
            "EXTEND" => PipeKind::Extend(Box::new(self.items()?)),
            "WINDOW" => PipeKind::Window(Box::new(self.items()?)),
            "SET" => PipeKind::Set(self.pipe_set()?),
            "DROP" => PipeKind::Drop(self.pipe_drop()?),
            "RENAME" => PipeKind::Rename(self.pipe_rename()?),
            "AS" => {
                self.at += 1;
                PipeKind::As(self.identifier()?)
            }
            "WHERE" => {
                self.at += 1;
                PipeKind::Where(self.expression()?)
            }
            "LIMIT" => PipeKind::Limit(self.limit()?),
            "ORDER" => {
                self.at += 1;
                self.expect("BY")?;
                PipeKind::Order(self.order_items()?)
            }
            "AGGREGATE" => PipeKind::Aggregate(Box::new(self.pipe_aggregate()?)),
            "DISTINCT" => {
                self.at += 1;
                PipeKind::Distinct
            }
            "TABLESAMPLE" => PipeKind::Sample(self.sample()?),
            "PIVOT" => {
                let pivot = Box::new(self.pivot()?);
                PipeKind::Pivot(pivot, self.alias()?)
            }
            "UNPIVOT" => {
                let unpivot = Box::new(self.unpivot()?);
                PipeKind::Unpivot(unpivot, self.alias()?)
            }
            "CALL" => {
                self.at += 1;
                let path = self.table_path()?;
                let call = self.table_call(path)?;
                PipeKind::Call(call, self.alias()?)
            }
            "WITH" => {
                let with = self.with_clause()?;
                self.accept_symbol(",");
                PipeKind::With(with)
            }
            "MATCH_RECOGNIZE" => return Err(super::table::match_recognize(self.position())),
            other if OTHER_OPERATORS.contains(&other) => {
                return Err(SqlError::unsupported(format!("The pipe operator {other}"), self.position()));
            }
            _ => return self.pipe_join_or_operation(start),
        })
    }

    fn pipe_join_or_operation(&mut self, start: Position) -> Result<PipeKind> {
        let position = self.position();
        if let Some((operation, matching)) = self.set_operator()? {
            let mut inputs = Vec::new();
            loop {
                inputs.push(self.parenthesised_query()?);
                if !self.accept_symbol(",") {
                    return Ok(PipeKind::Operation { operation, matching, inputs, position });
                }
            }
        }
        let Some(kind) = self.join_start()? else { return Err(self.no_operator(start)) };
        let right = Box::new(self.table_primary()?);
        let condition = self.join_condition()?;
        Ok(PipeKind::Join { kind, right, condition })
    }

    fn parenthesised_query(&mut self) -> Result<Query> {
        self.expect_symbol("(")?;
        let query = self.query()?;
        self.expect_symbol(")")?;
        Ok(query)
    }

    fn no_operator(&self, start: Position) -> SqlError {
        SqlError::syntax(format!("Expected keyword JOIN but got {}", self.found()), start)
    }

    /// `EXTEND a, b WINDOW …`, as a SELECT's items.
    fn items(&mut self) -> Result<Select> {
        let position = self.position();
        self.at += 1;
        if self.is_symbol("*") {
            return Err(self.unexpected());
        }
        let items = self.select_list()?;
        let windows = self.window_clause()?;
        Ok(Select { items, windows, ..Select::empty(position) })
    }

    fn pipe_set(&mut self) -> Result<Vec<(Name, Node)>> {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            let what = "SET can only update columns by column name alone; Setting columns under table aliases or fields under paths";
            let name = self.lone_column(what)?;
            self.expect_symbol("=")?;
            items.push((name, self.expression()?));
            if !self.accept_symbol(",") || self.at_end_of_select_list() {
                return Ok(items);
            }
        }
    }

    fn pipe_drop(&mut self) -> Result<Vec<Name>> {
        self.at += 1;
        let mut names = Vec::new();
        loop {
            let what =
                "DROP can only drop columns by name alone; Dropping columns under table aliases or fields under paths";
            names.push(self.lone_column(what)?);
            if !self.accept_symbol(",") || self.at_end_of_select_list() {
                return Ok(names);
            }
        }
    }

    fn pipe_rename(&mut self) -> Result<Vec<(Name, Name)>> {
        self.at += 1;
        let mut names = Vec::new();
        loop {
            let what = "RENAME can only rename columns by name alone; Renaming columns under table aliases or fields under paths";
            let name = self.lone_column(what)?;
            self.accept("AS");
            names.push((name, self.identifier()?));
            if !self.accept_symbol(",") || self.at_end_of_select_list() {
                return Ok(names);
            }
        }
    }

    /// A column by its name, without a table's alias.
    fn lone_column(&mut self, what: &str) -> Result<Name> {
        let name = self.identifier()?;
        if self.is_symbol(".") {
            return Err(SqlError::syntax(format!("Pipe {what} is not supported"), name.position));
        }
        Ok(name)
    }

    fn pipe_aggregate(&mut self) -> Result<PipeAggregate> {
        let start = self.position();
        self.at += 1;
        let mut aggregates = Vec::new();
        while !self.is_word("GROUP") && !self.at_end_of_select_list() {
            aggregates.push(self.pipe_key()?);
            if !self.accept_symbol(",") {
                break;
            }
        }
        let (mut keys, mut ordered) = (None, false);
        if self.accept("GROUP") {
            if self.accept("AND") {
                self.expect("ORDER")?;
                ordered = true;
            }
            self.expect("BY")?;
            keys = Some(self.pipe_keys()?);
        }
        if aggregates.is_empty() && keys.as_ref().is_none_or(Vec::is_empty) {
            let message = "Pipe AGGREGATE cannot have both an empty aggregate list and an empty GROUP BY";
            return Err(SqlError::rule(message, start));
        }
        Ok(PipeAggregate { aggregates, keys, ordered })
    }

    fn pipe_keys(&mut self) -> Result<Vec<PipeKey>> {
        if self.empty_group()? {
            return Ok(Vec::new());
        }
        let mut keys = Vec::new();
        loop {
            keys.push(self.pipe_key()?);
            if !self.accept_symbol(",") || self.at_end_of_select_list() {
                return Ok(keys);
            }
        }
    }

    /// `expression [AS alias] [ASC | DESC [NULLS FIRST | LAST]]`.
    fn pipe_key(&mut self) -> Result<PipeKey> {
        let position = self.position();
        let item = self.group_item()?;
        let alias = if matches!(item, GroupItem::Key(_)) { self.alias()? } else { None };
        let order = self.order_direction()?;
        Ok(PipeKey { item, alias, order, position })
    }
}
