//! Statements of the procedural language
//! (<https://cloud.google.com/bigquery/docs/reference/standard-sql/procedural-language>).

use super::{Parser, Token};
use crate::error::{Result, SqlError};
use crate::syntax::{Control, ControlBody as Body, Execute, Name, Statement, Step, Steps, Transaction};

/// BigQuery's bound on statements inside statements.
const MAX_NESTED: usize = 50;

impl Parser {
    /// Statements up to the end of the text.
    pub(super) fn script(&mut self) -> Result<Steps> {
        let mut steps = Vec::new();
        loop {
            while self.accept_symbol(";") {}
            if self.peek() == &Token::End {
                return Ok(steps);
            }
            steps.push(self.step()?);
            if self.peek() != &Token::End && !self.is_symbol(";") {
                return Err(self.expected("end of input"));
            }
        }
    }

    /// Statements inside another one, up to a word that ends them.
    fn steps(&mut self) -> Result<Steps> {
        self.blocks += 1;
        if self.blocks > MAX_NESTED {
            let message = format!("Scripting statements are nested too deeply: more than {MAX_NESTED} levels");
            return Err(SqlError::too_large(message, self.position()));
        }
        let mut steps = Vec::new();
        while !self.at_end_of_steps() {
            steps.push(self.step()?);
            self.expect_symbol(";")?;
        }
        // A text that ends here lacks an END: it stays inside, for whoever asks whether more is to come.
        if self.peek() != &Token::End {
            self.blocks -= 1;
        }
        Ok(steps)
    }

    fn at_end_of_steps(&self) -> bool {
        ["END", "ELSE", "ELSEIF", "WHEN", "UNTIL"].iter().any(|word| self.is_word(word))
            || self.is_word("EXCEPTION") && self.is_word_at(1, "WHEN")
            || self.peek() == &Token::End
    }

    fn step(&mut self) -> Result<Step> {
        let (position, first) = (self.position(), self.at);
        let statement = match self.control()? {
            Some(control) => Statement::Control(Box::new(control)),
            None => self.statement()?,
        };
        let text = self.lexemes[first].start..self.lexemes[self.at.max(first + 1) - 1].end;
        Ok(Step { statement, position, text })
    }

    /// A statement of the procedural language, where one stands here.
    fn control(&mut self) -> Result<Option<Control>> {
        if self.is_label() {
            let label = self.identifier()?;
            self.expect_symbol(":")?;
            return self.labelled(Some(label)).map(Some);
        }
        let Token::Word(word) = self.peek() else { return Ok(None) };
        let word = word.to_ascii_uppercase();
        let ends_after =
            |parser: &Self, ahead: usize| parser.is_symbol_at(ahead, ";") || parser.peek_at(ahead) == &Token::End;
        Ok(Some(match word.as_str() {
            "BEGIN" if self.is_word_at(1, "TRANSACTION") || ends_after(self, 1) => self.transaction(Transaction::Begin),
            "COMMIT" => self.transaction(Transaction::Commit),
            "ROLLBACK" => self.transaction(Transaction::RollBack),
            "BEGIN" | "LOOP" | "WHILE" | "REPEAT" | "FOR" => self.labelled(None)?,
            "DECLARE" => self.declare()?,
            "SET" => self.set()?,
            "IF" => self.if_statement()?,
            "CASE" => self.case_statement()?,
            "BREAK" => self.jump("BREAK", |word, label| Control::Break { word, label })?,
            "LEAVE" => self.jump("LEAVE", |word, label| Control::Break { word, label })?,
            "CONTINUE" => self.jump("CONTINUE", |word, label| Control::Continue { word, label })?,
            "ITERATE" => self.jump("ITERATE", |word, label| Control::Continue { word, label })?,
            "RAISE" => self.raise()?,
            "RETURN" => {
                self.at += 1;
                Control::Return
            }
            "EXECUTE" => self.execute()?,
            "CALL" => self.call_statement()?,
            "ASSERT" => self.assert()?,
            _ => return Ok(None),
        }))
    }

    fn is_label(&self) -> bool {
        matches!(self.peek(), Token::Word(_) | Token::Quoted(_)) && self.is_symbol_at(1, ":")
    }

    fn transaction(&mut self, transaction: Transaction) -> Control {
        self.at += 1;
        self.accept("TRANSACTION");
        Control::Transaction(transaction)
    }

    fn labelled(&mut self, label: Option<Name>) -> Result<Control> {
        self.nested(|parser| {
            let (body, end): (Body, &[&str]) = if parser.is_word("BEGIN") {
                (parser.block()?, &["END"])
            } else if parser.accept("LOOP") {
                (Body::Loop(parser.steps()?), &["END", "LOOP"])
            } else if parser.accept("WHILE") {
                let condition = parser.expression()?;
                parser.expect("DO")?;
                (Body::While { condition, steps: parser.steps()? }, &["END", "WHILE"])
            } else if parser.accept("REPEAT") {
                let steps = parser.steps()?;
                parser.expect("UNTIL")?;
                (Body::Repeat { steps, until: parser.expression()? }, &["END", "REPEAT"])
            } else if parser.accept("FOR") {
                (parser.for_in()?, &["END", "FOR"])
            } else {
                return Err(parser.expected("BEGIN, LOOP, WHILE, REPEAT or FOR after a label"));
            };
            end.iter().try_for_each(|word| parser.expect(word))?;
            parser.closing_label(label.as_ref())?;
            Ok(Control::Labelled { label, body })
        })
    }

    /// The label behind END, which must be that of the beginning.
    fn closing_label(&mut self, label: Option<&Name>) -> Result<()> {
        if !matches!(self.peek(), Token::Word(_) | Token::Quoted(_)) {
            return Ok(());
        }
        let found = self.identifier()?;
        match label {
            Some(label) if label.text.eq_ignore_ascii_case(&found.text) => Ok(()),
            Some(label) => {
                let message = format!("Mismatched end label; expected {}, got {}", label.text, found.text);
                Err(SqlError::syntax(message, found.position))
            }
            None => {
                let message = format!("End label {} is not allowed, because there is no label before", found.text);
                Err(SqlError::syntax(message, found.position))
            }
        }
    }

    fn for_in(&mut self) -> Result<Body> {
        let variable = self.identifier()?;
        self.expect("IN")?;
        self.expect_symbol("(")?;
        let query = self.query()?;
        self.expect_symbol(")")?;
        self.expect("DO")?;
        Ok(Body::For { variable, query, steps: self.steps()? })
    }

    /// `BEGIN … [EXCEPTION WHEN ERROR THEN …]`, up to its END.
    pub(super) fn block(&mut self) -> Result<Body> {
        self.expect("BEGIN")?;
        let steps = self.steps()?;
        let handler = if self.accept("EXCEPTION") {
            self.expect("WHEN")?;
            self.expect("ERROR")?;
            self.expect("THEN")?;
            Some(self.steps()?)
        } else {
            None
        };
        Ok(Body::Block { steps, handler })
    }

    fn declare(&mut self) -> Result<Control> {
        self.expect("DECLARE")?;
        let mut names = vec![self.identifier()?];
        while self.accept_symbol(",") {
            names.push(self.identifier()?);
        }
        let declared = if self.is_word("DEFAULT") { None } else { Some(self.declared_type()?) };
        let default = if self.accept("DEFAULT") { Some(self.expression()?) } else { None };
        Ok(Control::Declare { names, declared, default })
    }

    fn set(&mut self) -> Result<Control> {
        self.expect("SET")?;
        if self.accept_symbol("@@") {
            let name = self.dotted()?;
            self.expect_symbol("=")?;
            return Ok(Control::SetSystem { name, value: self.expression()? });
        }
        let targets = if self.accept_symbol("(") {
            let mut targets = vec![self.identifier()?];
            while self.accept_symbol(",") {
                targets.push(self.identifier()?);
            }
            self.expect_symbol(")")?;
            // The form says that a STRUCT is taken apart, which several targets alone would say too.
            targets
        } else {
            vec![self.identifier()?]
        };
        self.expect_symbol("=")?;
        Ok(Control::Set { targets, value: self.expression()? })
    }

    /// The parts of a system variable's name.
    pub(super) fn dotted(&mut self) -> Result<Vec<Name>> {
        let mut name = vec![self.identifier_after_dot()?];
        while self.accept_symbol(".") {
            name.push(self.identifier_after_dot()?);
        }
        Ok(name)
    }

    fn if_statement(&mut self) -> Result<Control> {
        self.nested(|parser| {
            parser.expect("IF")?;
            let mut arms = Vec::new();
            loop {
                let condition = parser.expression()?;
                parser.expect("THEN")?;
                arms.push((condition, parser.steps()?));
                if !parser.accept("ELSEIF") {
                    break;
                }
            }
            let otherwise = if parser.accept("ELSE") { parser.steps()? } else { Vec::new() };
            parser.expect("END")?;
            parser.expect("IF")?;
            Ok(Control::If { arms, otherwise })
        })
    }

    fn case_statement(&mut self) -> Result<Control> {
        self.nested(|parser| {
            parser.expect("CASE")?;
            let operand = if parser.is_word("WHEN") { None } else { Some(parser.expression()?) };
            let mut arms = Vec::new();
            while parser.accept("WHEN") {
                let condition = parser.expression()?;
                parser.expect("THEN")?;
                arms.push((condition, parser.steps()?));
            }
            if arms.is_empty() {
                return Err(parser.expected("keyword WHEN"));
            }
            let otherwise = if parser.accept("ELSE") { Some(parser.steps()?) } else { None };
            parser.expect("END")?;
            parser.expect("CASE")?;
            Ok(Control::Case { operand, arms, otherwise })
        })
    }

    fn jump(&mut self, word: &'static str, control: fn(&'static str, Option<Name>) -> Control) -> Result<Control> {
        self.expect(word)?;
        let named = matches!(self.peek(), Token::Word(_) | Token::Quoted(_));
        let label = if named { Some(self.identifier()?) } else { None };
        Ok(control(word, label))
    }

    fn raise(&mut self) -> Result<Control> {
        self.expect("RAISE")?;
        if !self.accept("USING") {
            return Ok(Control::Raise(None));
        }
        self.expect("MESSAGE")?;
        self.expect_symbol("=")?;
        Ok(Control::Raise(Some(self.expression()?)))
    }

    fn execute(&mut self) -> Result<Control> {
        self.expect("EXECUTE")?;
        self.expect("IMMEDIATE")?;
        let text = self.expression()?;
        let mut into = Vec::new();
        if self.accept("INTO") {
            into.push(self.identifier()?);
            while self.accept_symbol(",") {
                into.push(self.identifier()?);
            }
        }
        let mut using = Vec::new();
        if self.accept("USING") {
            loop {
                let value = self.expression()?;
                let name = if self.accept("AS") { Some(self.identifier()?) } else { None };
                using.push((value, name));
                if !self.accept_symbol(",") {
                    break;
                }
            }
        }
        Ok(Control::Execute(Execute { text, into, using }))
    }

    fn call_statement(&mut self) -> Result<Control> {
        self.expect("CALL")?;
        let path = self.object_path()?;
        self.expect_symbol("(")?;
        let mut arguments = Vec::new();
        while !self.is_symbol(")") {
            arguments.push(self.expression()?);
            if !self.accept_symbol(",") {
                break;
            }
        }
        self.expect_symbol(")")?;
        Ok(Control::Call { path, arguments })
    }

    fn assert(&mut self) -> Result<Control> {
        self.expect("ASSERT")?;
        let condition = self.expression()?;
        let mut description = None;
        if self.accept("AS") {
            let Token::String(text) = self.peek() else { return Err(self.expected("string literal")) };
            description = Some(text.clone());
            self.at += 1;
        }
        Ok(Control::Assert { condition, description })
    }
}
