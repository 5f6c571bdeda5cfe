//! CREATE FUNCTION, TABLE FUNCTION and PROCEDURE.

use super::creation::Start;
use super::{Parser, Token};
use crate::error::{Result, SqlError};
use crate::syntax::{
    Control, CreateFunction, CreateProcedure, CreateTableFunction, Mode, Name, Parameter, ProcedureParameter,
    RoutineText, Statement, Step, TableParameter, Takes,
};
use bedside_types::SqlType;
use std::collections::HashSet;

/// Whether a function looks at many rows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Aggregation {
    /// At one.
    None,
    /// At those of a group.
    Whole,
}

impl Parser {
    pub(super) fn create_function(&mut self, start: &Start, aggregation: Aggregation) -> Result<Statement> {
        let mode = self.create_mode(start, "FUNCTION")?;
        let name = self.object_path()?;
        if start.temporary && (name.len() > 1 || name[0].text.contains('.')) {
            let message = "Temporary functions cannot be created in a dataset";
            return Err(SqlError::rule(message, name[0].position));
        }
        let parameters = self.function_parameters(aggregation)?;
        let returns = if self.accept("RETURNS") { Some(self.declared_type()?) } else { None };
        self.refuse_language()?;
        // OPTIONS may stand on either side of the body.
        let mut options = self.options()?;
        self.expect("AS")?;
        if matches!(self.peek(), Token::String(_)) {
            return Err(SqlError::unsupported("A function in another language than SQL", self.position()));
        }
        self.expect_symbol("(")?;
        let first = self.at;
        if self.at_query_start() {
            return Err(SqlError::syntax(
                "The body of each CREATE FUNCTION statement is an expression, not a query; to use a query as an \
                 expression, the query must be wrapped with additional parentheses to make it a scalar subquery \
                 expression",
                self.position(),
            ));
        }
        let body = self.expression()?;
        let body_text = self.source_from(first);
        self.expect_symbol(")")?;
        options.extend(self.options()?);
        let text = RoutineText { statement: self.source_from(start.first), body: body_text };
        let (temporary, aggregate) = (start.temporary, aggregation == Aggregation::Whole);
        Ok(Statement::CreateFunction(Box::new(CreateFunction {
            mode,
            temporary,
            aggregate,
            name,
            parameters,
            returns,
            body,
            options,
            text,
        })))
    }

    pub(super) fn create_table_function(&mut self, start: &Start) -> Result<Statement> {
        if start.temporary {
            return Err(SqlError::unsupported("CREATE TEMP TABLE FUNCTION", start.position)
                .with_hint("CREATE TABLE FUNCTION my_dataset.name(…) AS SELECT …, or a query WITH its parts"));
        }
        let mode = self.create_mode(start, "TABLE FUNCTION")?;
        let name = self.object_path()?;
        let parameters =
            self.parameters(|parser, name| Ok(TableParameter { name, takes: parser.table_parameter()? }))?;
        let returns = if self.accept("RETURNS") { Some(self.table_type()?) } else { None };
        self.refuse_language()?;
        let options = self.options()?;
        self.expect("AS")?;
        // Parentheses around the query are part of it.
        let first = self.at;
        let query = self.query()?;
        let body = self.source_from(first);
        let text = RoutineText { statement: self.source_from(start.first), body };
        let function = CreateTableFunction { mode, name, parameters, returns, query, options, text };
        Ok(Statement::CreateTableFunction(Box::new(function)))
    }

    /// `TABLE<name type, …>`.
    fn table_type(&mut self) -> Result<Vec<(Name, SqlType)>> {
        self.expect("TABLE")?;
        self.expect_symbol("<")?;
        let mut columns = Vec::new();
        loop {
            let name = self.identifier()?;
            columns.push((name, self.sql_type()?));
            if !self.accept_symbol(",") {
                break;
            }
        }
        self.close_angle()?;
        Ok(columns)
    }

    fn refuse_language(&mut self) -> Result<()> {
        let position = self.position();
        if self.accept("LANGUAGE") {
            let language = self.identifier()?.text;
            return Err(SqlError::unsupported(format!("A function in {language} (LANGUAGE {language})"), position)
                .with_hint("functions are written in SQL: CREATE TEMP FUNCTION name(x INT64) AS (x + 1)"));
        }
        if self.is_word("REMOTE") {
            return Err(SqlError::unsupported("A remote function", position)
                .with_hint("nothing is sent anywhere: write the function in SQL"));
        }
        if self.is_word("DETERMINISTIC") || self.is_word("NOT") {
            return Err(SqlError::unsupported("A function in another language than SQL", position));
        }
        Ok(())
    }

    fn function_parameters(&mut self, aggregation: Aggregation) -> Result<Vec<Parameter>> {
        self.parameters(|parser, name| {
            let sql_type = parser.parameter_type()?;
            let constant = aggregation == Aggregation::Whole && parser.accept_words(&["NOT", "AGGREGATE"]);
            Ok(Parameter { name, sql_type, constant })
        })
    }

    /// A list of parameters in parentheses, each by its name and what stands behind that.
    fn parameters<P>(&mut self, mut rest: impl FnMut(&mut Self, Name) -> Result<P>) -> Result<Vec<P>> {
        self.expect_symbol("(")?;
        let (mut parameters, mut names) = (Vec::new(), HashSet::new());
        while !self.is_symbol(")") {
            let name = self.identifier()?;
            if self.is_symbol(",") || self.is_symbol(")") {
                let message = "Parameters in function declarations must include both name and type";
                return Err(SqlError::rule(message, name.position));
            }
            if !names.insert(name.text.to_ascii_lowercase()) {
                return Err(SqlError::name(format!("Duplicate argument name {}", name.text), name.position));
            }
            parameters.push(rest(self, name)?);
            if !self.accept_symbol(",") {
                break;
            }
        }
        self.expect_symbol(")")?;
        Ok(parameters)
    }

    /// A value's type, `ANY TYPE`, `TABLE<…>` or `ANY TABLE`.
    fn table_parameter(&mut self) -> Result<Takes> {
        if self.accept_words(&["ANY", "TABLE"]) {
            return Ok(Takes::Table(None));
        }
        if self.is_word("TABLE") {
            return self.table_type().map(|columns| Takes::Table(Some(columns)));
        }
        self.parameter_type().map(Takes::Value)
    }

    /// A type, or `ANY TYPE`.
    fn parameter_type(&mut self) -> Result<Option<SqlType>> {
        if self.accept_words(&["ANY", "TYPE"]) {
            return Ok(None);
        }
        if self.is_word("TABLE") || self.is_word("ANY") && self.is_word_at(1, "TABLE") {
            return Err(SqlError::unsupported("A parameter that is a table", self.position())
                .with_hint("functions of CREATE TABLE FUNCTION have such parameters"));
        }
        self.sql_type().map(Some)
    }

    pub(super) fn create_procedure(&mut self, start: &Start) -> Result<Statement> {
        if start.temporary {
            return Err(SqlError::unsupported("CREATE TEMP PROCEDURE", start.position)
                .with_hint("CREATE OR REPLACE PROCEDURE my_dataset.name(…) BEGIN … END"));
        }
        let mode = self.create_mode(start, "PROCEDURE")?;
        let name = self.object_path()?;
        let parameters = self.procedure_parameters()?;
        for (word, what) in [("EXTERNAL", "EXTERNAL SECURITY"), ("WITH", "WITH CONNECTION"), ("LANGUAGE", "LANGUAGE")] {
            if self.is_word(word) {
                return Err(SqlError::unsupported(format!("A procedure with {what}"), self.position())
                    .with_hint("procedures are written in SQL: CREATE PROCEDURE my_dataset.name() BEGIN … END"));
            }
        }
        let options = self.options()?;
        let (position, first) = (self.position(), self.at);
        let body = self.block()?;
        self.expect("END")?;
        let text = RoutineText { statement: self.source_from(start.first), body: self.source_from(first) };
        let range = self.lexemes[first].start..self.lexemes[self.at - 1].end;
        let block = crate::syntax::Statement::Control(Box::new(Control::Labelled { label: None, body }));
        let body = vec![Step { statement: block, position, text: range }];
        Ok(Statement::CreateProcedure(Box::new(CreateProcedure { mode, name, parameters, options, body, text })))
    }

    fn procedure_parameters(&mut self) -> Result<Vec<ProcedureParameter>> {
        self.expect_symbol("(")?;
        let mut parameters: Vec<ProcedureParameter> = Vec::new();
        while !self.is_symbol(")") {
            // `OUT` may be a parameter's name, too: `OUT STRING`.
            let has_mode = matches!(self.peek_at(2), Token::Word(_) | Token::Quoted(_));
            let mode = match self.peek() {
                Token::Word(word) if word.eq_ignore_ascii_case("IN") => Some(Mode::In),
                Token::Word(word) if has_mode && word.eq_ignore_ascii_case("OUT") => Some(Mode::Out),
                Token::Word(word) if has_mode && word.eq_ignore_ascii_case("INOUT") => Some(Mode::InOut),
                _ => None,
            };
            self.at += usize::from(mode.is_some());
            let name = self.identifier()?;
            if parameters.iter().any(|known| known.name.text.eq_ignore_ascii_case(&name.text)) {
                return Err(SqlError::name(format!("Duplicate argument name {}", name.text), name.position));
            }
            let sql_type = self.parameter_type()?;
            parameters.push(ProcedureParameter { mode: mode.unwrap_or(Mode::In), name, sql_type });
            if !self.accept_symbol(",") {
                break;
            }
        }
        self.expect_symbol(")")?;
        Ok(parameters)
    }
}
