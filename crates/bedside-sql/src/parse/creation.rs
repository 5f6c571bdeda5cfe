//! CREATE TABLE, VIEW, SCHEMA and FUNCTION.

use super::{Parser, Token, is_reserved};
use crate::error::{Result, SqlError};
use crate::syntax::{
    ColumnDefinition, CreateFunction, CreateMode, CreateSchema, CreateTable, CreateView, Declared, Name, Node,
    OptionItem, Origin, OriginKind, Parameter, Statement,
};
use bedside_types::{Position, SqlType};

/// What a CREATE says before the object's kind.
struct Start {
    position: Position,
    replace: bool,
    temporary: bool,
}

impl Parser {
    pub(super) fn create(&mut self) -> Result<Statement> {
        let position = self.position();
        self.expect("CREATE")?;
        let replace = self.accept("OR");
        if replace {
            self.expect("REPLACE")?;
        }
        let temporary = self.accept("TEMP") || self.accept("TEMPORARY");
        let start = Start { position, replace, temporary };
        if self.accept("TABLE") {
            if self.is_word("FUNCTION") {
                return Err(SqlError::unsupported("CREATE TABLE FUNCTION", position));
            }
            return self.create_table(&start);
        }
        if self.accept("VIEW") {
            if temporary {
                return Err(SqlError::unsupported("CREATE TEMP VIEW", position).with_hint("use WITH, or a TEMP TABLE"));
            }
            return self.create_view(&start);
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
            return self.create_function(&start);
        }
        self.other_object("CREATE", position)
    }

    /// What CREATE and its like cannot make here, by its name.
    pub(super) fn other_object<T>(&self, statement: &str, position: Position) -> Result<T> {
        let mut words = Vec::new();
        while let Token::Word(word) = self.peek_at(words.len()) {
            let word = word.to_ascii_uppercase();
            let qualifies = ["MATERIALIZED", "EXTERNAL", "SNAPSHOT", "AGGREGATE", "SEARCH", "VECTOR", "ROW", "ACCESS"];
            let more = qualifies.contains(&word.as_str());
            words.push(word);
            if !more {
                break;
            }
        }
        let known = [
            "VIEW",
            "TABLE",
            "FUNCTION",
            "PROCEDURE",
            "MODEL",
            "INDEX",
            "POLICY",
            "CAPACITY",
            "RESERVATION",
            "ASSIGNMENT",
            "SCHEMA",
            "CONNECTION",
            "ORGANIZATION",
            "PROJECT",
            "DATABASE",
        ];
        match words.last() {
            None => Err(self.unexpected()),
            Some(last) if known.contains(&last.as_str()) => {
                Err(SqlError::unsupported(format!("{statement} {}", words.join(" ")), position))
            }
            Some(last) if is_reserved(last) => Err(self.unexpected()),
            Some(last) => {
                let message = format!("{last} is not a supported object type");
                Err(SqlError::syntax(message, self.position()))
            }
        }
    }

    fn create_mode(&mut self, start: &Start, kind: &str) -> Result<CreateMode> {
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
        let partition = if self.accept_words(&["PARTITION", "BY"]) {
            let first = self.at;
            let node = self.expression()?;
            if self.is_symbol(",") {
                let message = "Only a single PARTITION BY expression is supported";
                return Err(SqlError::rule(message, self.position()));
            }
            Some((node, self.source_from(first)))
        } else {
            None
        };
        let mut cluster = Vec::new();
        if self.accept_words(&["CLUSTER", "BY"]) {
            cluster.push(self.identifier()?);
            while self.accept_symbol(",") {
                cluster.push(self.identifier()?);
            }
        }
        let options = self.options()?;
        let query = if self.accept("AS") { Some(self.query()?) } else { None };
        let (position, temporary) = (start.position, start.temporary);
        let table =
            CreateTable { position, mode, temporary, name, columns, origin, partition, cluster, options, query };
        Ok(Statement::CreateTable(Box::new(table)))
    }

    fn column_definitions(&mut self) -> Result<Vec<ColumnDefinition>> {
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
        let mut options = Vec::new();
        if !(self.is_word("OPTIONS") && self.is_symbol_at(1, "(")) {
            return Ok(options);
        }
        self.at += 2;
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

    fn create_view(&mut self, start: &Start) -> Result<Statement> {
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
        let options = self.options()?;
        self.expect("AS")?;
        let first = self.at;
        let query = self.query()?;
        let text = self.source_from(first);
        Ok(Statement::CreateView(Box::new(CreateView { mode, name, columns, options, query, text })))
    }

    fn create_function(&mut self, start: &Start) -> Result<Statement> {
        if !start.temporary {
            return Err(SqlError::unsupported("CREATE FUNCTION without TEMP", start.position)
                .with_hint("CREATE TEMP FUNCTION name(…) AS (…) in the same text, or a view"));
        }
        let mode = self.create_mode(start, "FUNCTION")?;
        let name = self.identifier()?;
        if self.is_symbol(".") {
            let message = "Temporary functions cannot be created in a dataset";
            return Err(SqlError::rule(message, name.position));
        }
        let parameters = self.function_parameters()?;
        let returns = if self.accept("RETURNS") { Some(self.declared_type()?) } else { None };
        let position = self.position();
        if self.accept("LANGUAGE") {
            let language = self.identifier()?.text;
            return Err(SqlError::unsupported(format!("A function in {language} (LANGUAGE {language})"), position)
                .with_hint("functions are written in SQL: CREATE TEMP FUNCTION name(x INT64) AS (x + 1)"));
        }
        if self.is_word("DETERMINISTIC") || self.is_word("NOT") || self.is_word("REMOTE") {
            return Err(SqlError::unsupported("A function in another language than SQL", position));
        }
        self.expect("AS")?;
        if matches!(self.peek(), Token::String(_)) {
            return Err(SqlError::unsupported("A function in another language than SQL", self.position()));
        }
        self.expect_symbol("(")?;
        let body = if self.at_query_start() {
            return Err(SqlError::syntax(
                "The body of each CREATE FUNCTION statement is an expression, not a query; to use a query as an \
                 expression, the query must be wrapped with additional parentheses to make it a scalar subquery \
                 expression",
                self.position(),
            ));
        } else {
            self.expression()?
        };
        self.expect_symbol(")")?;
        self.options()?;
        Ok(Statement::CreateFunction(Box::new(CreateFunction { mode, name, parameters, returns, body })))
    }

    fn function_parameters(&mut self) -> Result<Vec<Parameter>> {
        self.expect_symbol("(")?;
        let mut parameters: Vec<Parameter> = Vec::new();
        while !self.is_symbol(")") {
            let name = self.identifier()?;
            if self.is_symbol(",") || self.is_symbol(")") {
                let message = "Parameters in function declarations must include both name and type";
                return Err(SqlError::rule(message, name.position));
            }
            if parameters.iter().any(|known| known.name.text.eq_ignore_ascii_case(&name.text)) {
                return Err(SqlError::name(format!("Duplicate argument name {}", name.text), name.position));
            }
            let sql_type = if self.accept_words(&["ANY", "TYPE"]) { None } else { Some(self.sql_type()?) };
            parameters.push(Parameter { name, sql_type });
            if !self.accept_symbol(",") {
                break;
            }
        }
        self.expect_symbol(")")?;
        Ok(parameters)
    }
}
