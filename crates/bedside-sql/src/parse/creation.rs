//! CREATE TABLE, VIEW, SCHEMA and FUNCTION.

use super::routine::Aggregation;
use super::{Parser, Token, is_reserved};
use crate::error::{Result, SqlError};
use crate::syntax::{
    ColumnDefinition, CreateMode, CreateSchema, CreateTable, CreateView, Declared, Name, Node, OptionItem, Origin,
    OriginKind, Statement,
};
use bedside_types::{Position, SqlType};

/// What a CREATE says before the object's kind.
pub(super) struct Start {
    pub(super) position: Position,
    /// The first of its tokens.
    pub(super) first: usize,
    replace: bool,
    pub(super) temporary: bool,
}

/// How a view's rows are kept elsewhere.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ViewKind {
    Plain,
    Materialized,
}

impl Parser {
    pub(super) fn create(&mut self) -> Result<Statement> {
        let (position, first) = (self.position(), self.at);
        self.expect("CREATE")?;
        let replace = self.accept("OR");
        if replace {
            self.expect("REPLACE")?;
        }
        let temporary = self.accept("TEMP") || self.accept("TEMPORARY");
        let start = Start { position, first, replace, temporary };
        if self.accept("TABLE") {
            if self.accept("FUNCTION") {
                return self.create_table_function(&start);
            }
            return self.create_table(&start);
        }
        if self.accept_words(&["SNAPSHOT", "TABLE"]) {
            return self.create_snapshot(&start);
        }
        let materialized = self.accept_words(&["MATERIALIZED", "VIEW"]);
        if materialized || self.accept("VIEW") {
            let kind = if materialized { ViewKind::Materialized } else { ViewKind::Plain };
            if temporary {
                return Err(SqlError::unsupported("CREATE TEMP VIEW", position).with_hint("use WITH, or a TEMP TABLE"));
            }
            return self.create_view(&start, kind);
        }
        if self.accept("SCHEMA") && !temporary {
            if replace {
                return Err(SqlError::unsupported("CREATE OR REPLACE SCHEMA", position)
                    .with_hint("DROP SCHEMA name CASCADE; CREATE SCHEMA name"));
            }
            let mode = self.create_mode(&start, "SCHEMA")?;
            let name = self.object_path()?;
            let options = self.options()?;
            return Ok(Statement::CreateSchema(CreateSchema { mode, name, options }));
        }
        if self.accept("FUNCTION") {
            return self.create_function(&start, Aggregation::None);
        }
        if self.accept_words(&["AGGREGATE", "FUNCTION"]) {
            return self.create_function(&start, Aggregation::Whole);
        }
        if self.accept("PROCEDURE") {
            return self.create_procedure(&start);
        }
        self.other_object("CREATE", position)
    }

    pub(super) fn create_mode(&mut self, start: &Start, kind: &str) -> Result<CreateMode> {
        let if_not_exists = self.accept_words(&["IF", "NOT", "EXISTS"]);
        match (start.replace, if_not_exists) {
            (true, true) => {
                let message = format!("CREATE {kind} cannot have both OR REPLACE and IF NOT EXISTS");
                Err(SqlError::rule(message, start.position))
            }
            (true, false) => Ok(CreateMode::Replace),
            (false, true) => Ok(CreateMode::IfNotExists),
            (false, false) => Ok(CreateMode::Plain),
        }
    }

    fn create_table(&mut self, start: &Start) -> Result<Statement> {
        let mode = self.create_mode(start, "TABLE")?;
        let name = self.object_path()?;
        let columns = if self.is_symbol("(") { Some(self.column_definitions()?) } else { None };
        let kind = if self.accept("LIKE") {
            Some(OriginKind::Like)
        } else if self.accept("COPY") || self.accept("CLONE") {
            Some(OriginKind::Copy)
        } else {
            None
        };
        let origin = match kind {
            Some(kind) => Some(Origin { kind, table: self.object_path()? }),
            None => None,
        };
        if self.is_word("DEFAULT") {
            return Err(SqlError::unsupported("DEFAULT COLLATE", self.position()));
        }
        let partition = self.partition_by()?;
        let cluster = self.cluster_by()?;
        let options = self.options()?;
        let query = if self.accept("AS") { Some(self.query()?) } else { None };
        let (position, temporary) = (start.position, start.temporary);
        let table =
            CreateTable { position, mode, temporary, name, columns, origin, partition, cluster, options, query };
        Ok(Statement::CreateTable(Box::new(table)))
    }

    /// `PARTITION BY expression`, where it is there, with the expression's text.
    fn partition_by(&mut self) -> Result<Option<(Node, String)>> {
        if !self.accept_words(&["PARTITION", "BY"]) {
            return Ok(None);
        }
        let first = self.at;
        let node = self.expression()?;
        if self.is_symbol(",") {
            let message = "Only a single PARTITION BY expression is supported";
            return Err(SqlError::rule(message, self.position()));
        }
        Ok(Some((node, self.source_from(first))))
    }

    /// `CLUSTER BY columns`, none where it is not there.
    fn cluster_by(&mut self) -> Result<Vec<Name>> {
        let mut cluster = Vec::new();
        if self.accept_words(&["CLUSTER", "BY"]) {
            cluster.push(self.identifier()?);
            while self.accept_symbol(",") {
                cluster.push(self.identifier()?);
            }
        }
        Ok(cluster)
    }

    pub(super) fn column_definitions(&mut self) -> Result<Vec<ColumnDefinition>> {
        let position = self.position();
        self.expect_symbol("(")?;
        let mut columns = Vec::new();
        while !self.is_symbol(")") {
            let constraint = [("PRIMARY", "KEY"), ("FOREIGN", "KEY")];
            let here = constraint.iter().find(|(a, b)| self.is_word(a) && self.is_word_at(1, b));
            if here.is_some() || self.is_word("CONSTRAINT") || self.is_word("CHECK") && self.is_symbol_at(1, "(") {
                let what = here.map_or("A table constraint".to_owned(), |(a, b)| format!("{a} {b}"));
                return Err(SqlError::unsupported(what, self.position())
                    .with_hint("leave it out: BigQuery does not enforce it"));
            }
            columns.push(self.column_definition()?);
            if !self.accept_symbol(",") {
                break;
            }
        }
        if !self.accept_symbol(")") {
            return Err(self.expected("\")\" or \",\""));
        }
        if columns.is_empty() {
            return Err(SqlError::rule("A table must define at least one column.", position));
        }
        Ok(columns)
    }

    pub(super) fn column_definition(&mut self) -> Result<ColumnDefinition> {
        let name = self.identifier()?;
        let declared = self.declared_type()?;
        for (word, what) in [
            ("COLLATE", "COLLATE"),
            ("GENERATED", "A generated column"),
            ("AS", "A generated column"),
            ("REFERENCES", "REFERENCES"),
            ("PRIMARY", "PRIMARY KEY"),
        ] {
            if self.is_word(word) {
                return Err(SqlError::unsupported(what, self.position()));
            }
        }
        let default = if self.accept("DEFAULT") { Some(self.with_source(Self::expression)?) } else { None };
        let required = self.accept_words(&["NOT", "NULL"]);
        let options = self.options()?;
        Ok(ColumnDefinition { name, declared, required, default, options })
    }

    /// A step's node and the text it was read from.
    pub(super) fn with_source(&mut self, step: impl FnOnce(&mut Self) -> Result<Node>) -> Result<(Node, String)> {
        let first = self.at;
        let node = step(self)?;
        Ok((node, self.source_from(first)))
    }

    /// A type with or without parameters.
    pub(super) fn declared_type(&mut self) -> Result<Declared> {
        let position = self.position();
        let simple = matches!(self.peek(), Token::Word(word) if !is_reserved(word)) && self.is_symbol_at(1, "(");
        if !simple {
            return Ok(Declared { sql_type: self.sql_type()?, parameters: Vec::new(), position });
        }
        let name = self.identifier()?;
        let sql_type: SqlType =
            name.text.parse().map_err(|_| SqlError::name(format!("Type not found: {}", name.text), position))?;
        self.expect_symbol("(")?;
        let mut parameters = Vec::new();
        loop {
            let place = self.position();
            match self.peek() {
                Token::Integer(text) => {
                    let invalid = || SqlError::value(format!("Invalid type parameter: {text}"), place);
                    parameters.push(text.parse().map_err(|_| invalid())?);
                }
                Token::Word(word) if word.eq_ignore_ascii_case("MAX") => {}
                _ => return Err(self.expected("integer literal")),
            }
            self.at += 1;
            if !self.accept_symbol(",") {
                break;
            }
        }
        self.expect_symbol(")")?;
        Ok(Declared { sql_type, parameters, position })
    }

    /// `OPTIONS(name = value, …)`, or nothing.
    pub(super) fn options(&mut self) -> Result<Vec<OptionItem>> {
        if !(self.is_word("OPTIONS") && self.is_symbol_at(1, "(")) {
            return Ok(Vec::new());
        }
        self.at += 2;
        self.option_list()
    }

    /// `name = value, …)`, the opening parenthesis read.
    pub(super) fn option_list(&mut self) -> Result<Vec<OptionItem>> {
        let mut options = Vec::new();
        while !self.is_symbol(")") {
            let name = self.identifier()?;
            self.expect_symbol("=")?;
            let (value, text) = self.with_source(Self::expression)?;
            options.push(OptionItem { name, value, text });
            if !self.accept_symbol(",") {
                break;
            }
        }
        self.expect_symbol(")")?;
        Ok(options)
    }

    /// `CREATE SNAPSHOT TABLE s CLONE t`: a copy.
    fn create_snapshot(&mut self, start: &Start) -> Result<Statement> {
        let mode = self.create_mode(start, "SNAPSHOT TABLE")?;
        let name = self.object_path()?;
        self.expect("CLONE")?;
        let origin = Some(Origin { kind: OriginKind::Copy, table: self.object_path()? });
        if self.is_word("FOR") {
            return Err(SqlError::unsupported("CLONE … FOR SYSTEM_TIME AS OF", self.position()));
        }
        let options = self.options()?;
        Ok(Statement::CreateTable(Box::new(CreateTable {
            position: start.position,
            mode,
            temporary: false,
            name,
            columns: None,
            origin,
            partition: None,
            cluster: Vec::new(),
            options,
            query: None,
        })))
    }

    /// A materialized view is kept as a view is; what says how it is stored is read and left.
    fn create_view(&mut self, start: &Start, kind: ViewKind) -> Result<Statement> {
        let mode = self.create_mode(start, "VIEW")?;
        let name = self.object_path()?;
        let mut columns = None;
        if self.accept_symbol("(") {
            let mut names: Vec<Name> = Vec::new();
            while !self.is_symbol(")") {
                names.push(self.identifier()?);
                if self.is_word("OPTIONS") {
                    return Err(SqlError::unsupported("OPTIONS of a view's column", self.position()));
                }
                if !self.accept_symbol(",") {
                    break;
                }
            }
            self.expect_symbol(")")?;
            columns = Some(names);
        }
        if kind == ViewKind::Materialized {
            if self.is_word("AS") && self.is_word_at(1, "REPLICA") {
                return Err(SqlError::unsupported("CREATE MATERIALIZED VIEW AS REPLICA OF", start.position));
            }
            self.partition_by()?;
            self.cluster_by()?;
        }
        let options = self.options()?;
        self.expect("AS")?;
        let first = self.at;
        let query = self.query()?;
        let text = self.source_from(first);
        Ok(Statement::CreateView(Box::new(CreateView { mode, name, columns, options, query, text })))
    }
}
