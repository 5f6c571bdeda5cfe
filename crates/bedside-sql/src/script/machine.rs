//! A text on its way: which instruction is next, which variables there are, who handles what goes wrong.
//!
//! The machine runs nothing itself. [`Machine::next`] says what is wanted of its owner: a statement to be run, or values of
//! expressions. The owner answers with [`Machine::ran`], [`Machine::give`] or [`Machine::fail`], and asks again.

use super::failure::Failure;
use super::frame::{Frame, Kind, Out, RowsLeft, Scope};
use super::program::{Action, Program};
use super::ready::{Ready, Wanted};
use super::system::System;
use super::variables::{Surroundings, Variable, check_size, size};
use crate::catalog::Catalog;
use crate::error::{Result, SqlError};
use crate::parameters::{Parameter, Parameters};
use crate::syntax::{Mode, Name, NodeKind, Statement, Transaction};
use crate::{parse, stack};
use bedside_types::{Position, SqlType, StructField, Value};
use std::sync::Arc;

/// Procedures inside procedures, as BigQuery bounds them.
const MOST_FRAMES: usize = 50;

/// Jumps between two answers; whoever runs the machine looks in between whether to stop.
const MOST_AT_ONCE: usize = 1_000;

/// A text on its way.
#[derive(Debug)]
pub struct Machine {
    frames: Vec<Frame>,
    system: System,
    waiting: Waiting,
}

/// What the owner of a machine is to do.
#[derive(Debug)]
pub enum Order {
    /// Run a statement; its rows go out.
    Run(Ready),
    /// Run a query and give its rows to [`Machine::give`].
    Evaluate(Ready),
    /// Begin or end a transaction, then call [`Machine::ran`].
    Transaction(Transaction),
    /// Look whether to stop, and ask again.
    Again,
    /// The text is done.
    End,
}

/// What the answer to the last order is for.
#[derive(Debug)]
enum Waiting {
    Nothing,
    Declare,
    Set,
    SetSystem,
    Unless(usize),
    Choose,
    For,
    Raise,
    Assert,
    Execute,
    /// The row of a dynamic query goes into variables of the statement that made it.
    Into,
    Call(Arc<super::ProcedureDefinition>),
    /// A procedure's results go into variables of other types.
    Outs(Vec<String>),
}

impl Machine {
    pub(crate) fn new(program: Arc<Program>, parameters: Parameters, system: System) -> Self {
        Self { frames: vec![Frame::new(program, parameters, Kind::Text)], system, waiting: Waiting::Nothing }
    }

    /// System variables, for those who know what they are.
    pub fn system(&mut self) -> &mut System {
        &mut self.system
    }

    /// What is to be done next.
    ///
    /// # Errors
    /// What is wrong with the next statement; [`Machine::fail`] says whether the text handles it.
    pub fn next(&mut self, catalog: &dyn Catalog) -> Result<Order> {
        for _ in 0..MOST_AT_ONCE {
            if let Some(order) = self.step(catalog)? {
                return Ok(order);
            }
        }
        Ok(Order::Again)
    }

    /// The last statement ran; so many rows were changed, where it is one that changes rows.
    pub fn ran(&mut self, changed: Option<u64>) {
        self.system.row_count = changed;
    }

    /// The rows that were asked for.
    ///
    /// # Errors
    /// Where they are not what the statement wants; [`Machine::fail`] says whether the text handles it.
    pub fn give(&mut self, types: &[(String, SqlType)], mut rows: Vec<Vec<Value>>) -> Result<()> {
        let position = self.position();
        match std::mem::replace(&mut self.waiting, Waiting::Nothing) {
            Waiting::For => self.for_rows(types, rows),
            Waiting::Into => self.assign_row(types, rows),
            waiting => {
                let Some(mut row) = rows.pop().filter(|_| rows.is_empty()) else {
                    return Err(SqlError::internal("an expression gave no row, or several", position));
                };
                self.take(waiting, types, &mut row)
            }
        }
    }

    /// Something went wrong. Whether a handler takes over; otherwise the next instruction is the one behind.
    pub fn fail(&mut self, message: &str) -> bool {
        self.waiting = Waiting::Nothing;
        let failure = Arc::new(Failure {
            message: message.to_owned(),
            statement: self.statement().to_owned(),
            stack: self.frames.iter().rev().filter(|frame| frame.kind.is_code()).map(Frame::place).collect(),
        });
        self.unwind(&failure)
    }

    /// The text of the statement at hand.
    pub fn statement(&self) -> &str {
        let frame = self.frames.iter().rev().find(|frame| frame.current().is_some());
        frame.map(Frame::statement).unwrap_or_default()
    }

    /// Where the statement at hand is in its text.
    pub fn position(&self) -> Position {
        self.frames.last().map_or(Position::new(1, 1), |frame| frame.place().position)
    }

    /// Goes on with the innermost handler; where there is none, everything stays as it is.
    fn unwind(&mut self, failure: &Arc<Failure>) -> bool {
        if !self.frames.iter().flat_map(|frame| &frame.scopes).any(|scope| scope.handler.is_some()) {
            return false;
        }
        while let Some(frame) = self.frames.last_mut() {
            while let Some(scope) = frame.scopes.pop() {
                if let Some(handler) = scope.handler {
                    (frame.at, frame.outs) = (handler, None);
                    frame.scopes.push(Scope { error: Some(Arc::clone(failure)), ..Scope::default() });
                    return true;
                }
            }
            if let Some(Frame { kind: Kind::Procedure { dataset, .. }, .. }) = self.frames.pop() {
                self.system.set_default_dataset(dataset.as_deref());
            }
        }
        false
    }

    /// A fault of the statement at hand with its place in the text: inside a procedure it has one there, too.
    pub fn located(&self, error: SqlError) -> SqlError {
        let mut frames = self.frames.iter().rev().skip_while(|frame| frame.current().is_none());
        let mut error = error;
        let mut inner = frames.next();
        for outer in frames {
            if let Some(name) = inner.and_then(|frame| frame.kind.name()) {
                error = error.inside(name, outer.place().position);
            }
            inner = Some(outer);
        }
        error
    }

    /// One instruction; `None` where nobody else is needed for it.
    fn step(&mut self, catalog: &dyn Catalog) -> Result<Option<Order>> {
        let Some(frame) = self.frames.last_mut() else { return Ok(Some(Order::End)) };
        if let Some(out) = frame.outs.take() {
            let waiting = Waiting::Outs(out.names.clone());
            return Ok(Some(self.evaluate(waiting, Wanted::Converted(out))));
        }
        let program = Arc::clone(&frame.program);
        let Some(instruction) = program.instructions.get(frame.at) else { return self.end_of_frame() };
        frame.begin();
        let position = instruction.position;
        match &instruction.action {
            Action::Statement(statement) => {
                if let Kind::Dynamic { into } = &frame.kind
                    && !into.is_empty()
                {
                    if !matches!(statement, Statement::Query(_)) {
                        let message = "EXECUTE IMMEDIATE with an INTO clause takes a query";
                        return Err(SqlError::rule(message, position));
                    }
                    return Ok(Some(self.evaluate(Waiting::Into, Wanted::Query)));
                }
                Ok(Some(Order::Run(self.ready(Wanted::Statement))))
            }
            Action::Declare { default: Some(_), .. } => Ok(Some(self.evaluate(Waiting::Declare, Wanted::Default))),
            Action::Declare { names, declared, .. } => {
                let sql_type = declared.as_ref().map_or(SqlType::Int64, |declared| declared.sql_type.clone());
                names.iter().for_each(|name| frame.declare(&name.text, sql_type.clone(), Value::Null));
                Ok(None)
            }
            Action::Set { .. } => Ok(Some(self.evaluate(Waiting::Set, Wanted::Assigned))),
            Action::SetSystem { name, .. } => {
                System::check_settable(&dotted(name), position)?;
                Ok(Some(self.evaluate(Waiting::SetSystem, Wanted::Setting)))
            }
            Action::Unless { condition, to, .. } => match condition.kind {
                NodeKind::Bool(holds) => {
                    if !holds {
                        frame.at = *to;
                    }
                    Ok(None)
                }
                _ => Ok(Some(self.evaluate(Waiting::Unless(*to), Wanted::Condition))),
            },
            Action::Choose { .. } => Ok(Some(self.evaluate(Waiting::Choose, Wanted::Number))),
            Action::Jump { to, depth } => {
                frame.scopes.truncate(*depth);
                frame.at = *to;
                Ok(None)
            }
            Action::Enter { handler } => {
                frame.scopes.push(Scope { handler: *handler, ..Scope::default() });
                Ok(None)
            }
            Action::Leave => {
                frame.scopes.pop();
                Ok(None)
            }
            Action::For { .. } => Ok(Some(self.evaluate(Waiting::For, Wanted::Rows))),
            Action::NextRow { to } => {
                if !frame.next_row() {
                    frame.at = *to;
                }
                Ok(None)
            }
            Action::Raise(Some(_)) => Ok(Some(self.evaluate(Waiting::Raise, Wanted::Message))),
            Action::Raise(None) => self.raise_again(position),
            Action::Return => {
                frame.at = program.instructions.len();
                Ok(None)
            }
            Action::Execute(_) => Ok(Some(self.evaluate(Waiting::Execute, Wanted::Dynamic))),
            Action::Call { path, arguments } => {
                let procedure = super::procedure::find(path, catalog)?;
                procedure.check_arguments(arguments, position)?;
                let types = procedure.input_types();
                Ok(Some(self.evaluate(Waiting::Call(procedure), Wanted::Arguments(types))))
            }
            Action::Assert { .. } => Ok(Some(self.evaluate(Waiting::Assert, Wanted::Condition))),
            Action::Transaction(transaction) => Ok(Some(Order::Transaction(*transaction))),
        }
    }

    fn evaluate(&mut self, waiting: Waiting, wanted: Wanted) -> Order {
        self.waiting = waiting;
        Order::Evaluate(self.ready(wanted))
    }

    fn ready(&self, wanted: Wanted) -> Ready {
        let surroundings = Arc::new(self.surroundings());
        match self.frames.last() {
            Some(frame) => Ready::new(Arc::clone(&frame.program), frame.current().unwrap_or(0), wanted, surroundings),
            None => Ready::nothing(),
        }
    }

    fn surroundings(&self) -> Surroundings {
        let Some(frame) = self.frames.last() else { return Surroundings::default() };
        let variables = frame.scopes.iter().flat_map(|scope| scope.variables.iter().cloned()).collect();
        let error = self.frames.iter().rev().find_map(|frame| frame.error().cloned());
        let system = System { error, ..self.system.clone() };
        Surroundings { parameters: frame.parameters.clone(), variables, system }
    }

    fn raise_again(&mut self, position: Position) -> Result<Option<Order>> {
        let error = self.frames.iter().rev().find_map(|frame| frame.error().cloned());
        match error {
            // The handler's own scope has none, so that an outer one takes it.
            Some(failure) if self.unwind(&failure) => Ok(None),
            Some(failure) => Err(SqlError::raised(failure.message.clone(), position)),
            None => {
                let message = "Cannot re-raise an existing exception outside of an exception handler";
                Err(SqlError::rule(message, position))
            }
        }
    }

    /// What an expression's row means for the instruction that asked for it.
    fn take(&mut self, waiting: Waiting, types: &[(String, SqlType)], row: &mut Vec<Value>) -> Result<()> {
        let Some(frame) = self.frames.last_mut() else { return Ok(()) };
        let position = frame.place().position;
        let program = Arc::clone(&frame.program);
        let action = frame.current().and_then(|at| program.instructions.get(at)).map(|found| &found.action);
        let first = row.first().cloned().unwrap_or(Value::Null);
        match (waiting, action) {
            (Waiting::Declare, Some(Action::Declare { names, .. })) => {
                let sql_type = types.first().map_or(SqlType::Int64, |(_, sql_type)| sql_type.clone());
                for name in names {
                    check_size(&name.text, &first, self.bytes(), position)?;
                    if let Some(frame) = self.frames.last_mut() {
                        frame.declare(&name.text, sql_type.clone(), first.clone());
                    }
                }
                Ok(())
            }
            (Waiting::Set, Some(Action::Set { targets, .. })) => {
                let names = targets.iter().map(|name| name.text.as_str());
                self.assign(names, std::mem::take(row), position)
            }
            (Waiting::SetSystem, Some(Action::SetSystem { name, .. })) => {
                self.system.set(&dotted(name), first, position)
            }
            (Waiting::Unless(to), _) => {
                if first != Value::Bool(true) {
                    frame.at = to;
                }
                Ok(())
            }
            (Waiting::Choose, Some(Action::Choose { to, .. })) => {
                let last = to.len().saturating_sub(1);
                let chosen = match first {
                    Value::Int64(number) => usize::try_from(number).unwrap_or(last).min(last),
                    _ => last,
                };
                frame.at = to[chosen];
                Ok(())
            }
            (Waiting::Raise, _) => match first {
                Value::String(message) => Err(SqlError::raised(message, position)),
                _ => Err(SqlError::rule("The message of RAISE cannot be NULL", position)),
            },
            (Waiting::Assert, Some(Action::Assert { description, .. })) => match (first, description) {
                (Value::Bool(true), _) => Ok(()),
                (_, Some(description)) => Err(SqlError::rule(format!("Assertion failed: {description}"), position)),
                (_, None) => Err(SqlError::rule("Assertion failed", position)),
            },
            (Waiting::Execute, Some(Action::Execute(execute))) => {
                let into = execute.into.iter().map(|name| name.text.clone()).collect();
                let names = execute.using.iter().map(|(_, name)| name.as_ref());
                let parameters = parameters(names, types, row, position)?;
                self.dynamic(first, into, parameters, position)
            }
            (Waiting::Call(procedure), Some(Action::Call { arguments, .. })) => {
                let outs = procedure.outs(arguments);
                self.call(&procedure, outs, types, std::mem::take(row), position)
            }
            (Waiting::Outs(names), _) => self.assign(names.iter().map(String::as_str), std::mem::take(row), position),
            _ => Err(SqlError::internal("an answer that nothing asked for", position)),
        }
    }

    /// Bytes of all variables.
    fn bytes(&self) -> usize {
        let variables = self.frames.iter().flat_map(|frame| &frame.scopes).flat_map(|scope| &scope.variables);
        variables.map(|variable| size(&variable.value)).sum()
    }

    fn assign<'n>(
        &mut self,
        names: impl Iterator<Item = &'n str>,
        values: Vec<Value>,
        position: Position,
    ) -> Result<()> {
        for (name, value) in names.zip(values) {
            let others = self.bytes();
            let Some(variable) = self.frames.last_mut().and_then(|frame| frame.variable(name)) else {
                return Err(SqlError::name(format!("Undeclared variable: {name}"), position));
            };
            check_size(name, &value, others.saturating_sub(size(&variable.value)), position)?;
            *variable = Arc::new(Variable { value, ..Variable::clone(variable) });
        }
        Ok(())
    }

    fn for_rows(&mut self, types: &[(String, SqlType)], rows: Vec<Vec<Value>>) -> Result<()> {
        let position = self.position();
        let Some(frame) = self.frames.last_mut() else { return Ok(()) };
        let program = Arc::clone(&frame.program);
        let action = frame.current().and_then(|at| program.instructions.get(at)).map(|found| &found.action);
        let Some(Action::For { variable, .. }) = action else {
            return Err(SqlError::internal("rows that nothing asked for", position));
        };
        let fields = types
            .iter()
            .map(|(name, sql_type)| StructField { name: Some(name.clone()), sql_type: sql_type.clone() })
            .collect();
        let rows = RowsLeft { name: variable.text.clone(), sql_type: SqlType::Struct(fields), rows: rows.into_iter() };
        frame.scopes.push(Scope { rows: Some(rows), ..Scope::default() });
        Ok(())
    }

    /// The row of a dynamic query, into variables of whoever made it.
    fn assign_row(&mut self, types: &[(String, SqlType)], mut rows: Vec<Vec<Value>>) -> Result<()> {
        let position = self.position();
        let Some(Frame { kind: Kind::Dynamic { into }, .. }) = self.frames.pop() else {
            return Err(SqlError::internal("a row that nothing asked for", position));
        };
        if rows.len() > 1 {
            let message = "The EXECUTE IMMEDIATE query has more than one row, and INTO takes one";
            return Err(SqlError::rule(message, position));
        }
        if types.len() != into.len() {
            let message = format!(
                "The EXECUTE IMMEDIATE query has {} columns, and INTO names {} variables",
                types.len(),
                into.len()
            );
            return Err(SqlError::rule(message, position));
        }
        let row = rows.pop().unwrap_or_else(|| vec![Value::Null; into.len()]);
        let types = types.iter().map(|(_, sql_type)| sql_type.clone()).collect();
        self.converted(Out { names: into, types, values: row }, position)
    }

    fn dynamic(&mut self, text: Value, into: Vec<String>, parameters: Parameters, position: Position) -> Result<()> {
        let Value::String(text) = text else {
            return Err(SqlError::rule("EXECUTE IMMEDIATE sql string cannot be NULL", position));
        };
        if self.frames.len() >= MOST_FRAMES {
            return Err(too_deep(position));
        }
        let program = stack::with_known_stack(|| Program::of_dynamic(&text, parse::script(&text)?));
        // What is wrong with the text is said with its place there.
        let program = program.map_err(|error| error.inside("EXECUTE IMMEDIATE", position))?;
        self.frames.push(Frame::new(Arc::new(program), parameters, Kind::Dynamic { into }));
        Ok(())
    }

    fn call(
        &mut self,
        procedure: &Arc<super::ProcedureDefinition>,
        outs: Vec<(String, String)>,
        types: &[(String, SqlType)],
        values: Vec<Value>,
        position: Position,
    ) -> Result<()> {
        if self.frames.len() >= MOST_FRAMES {
            return Err(too_deep(position));
        }
        let program = stack::with_known_stack(|| procedure.program());
        let program = program.map_err(|error| error.inside(procedure.name(), position))?;
        let mut frame = Frame::new(
            Arc::new(program),
            Parameters::None,
            Kind::Procedure { name: procedure.name().to_owned(), outs, dataset: self.system.dataset.clone() },
        );
        let mut given = types.iter().zip(values);
        for parameter in procedure.parameters() {
            let (sql_type, value) = match parameter.mode {
                Mode::Out => (parameter.sql_type.clone().unwrap_or(SqlType::Int64), Value::Null),
                _ => given.next().map_or((SqlType::Int64, Value::Null), |((_, found), value)| (found.clone(), value)),
            };
            frame.declare(&parameter.name.text, sql_type, value);
        }
        // Bare names in a procedure are of the dataset that was the default when it was made.
        if procedure.default_dataset().is_some() {
            self.system.set_default_dataset(procedure.default_dataset());
        }
        self.frames.push(frame);
        Ok(())
    }

    fn end_of_frame(&mut self) -> Result<Option<Order>> {
        let Some(frame) = self.frames.pop() else { return Ok(Some(Order::End)) };
        let Kind::Procedure { outs, dataset, .. } = &frame.kind else { return Ok(None) };
        self.system.set_default_dataset(dataset.as_deref());
        let (mut names, mut types, mut values) = (Vec::new(), Vec::new(), Vec::new());
        for (parameter, target) in outs {
            if let Some(variable) = frame.found(parameter) {
                names.push(target.clone());
                types.push(variable.sql_type.clone());
                values.push(variable.value.clone());
            }
        }
        let position = self.position();
        self.converted(Out { names, types, values }, position).map(|()| None)
    }

    /// Values on their way into variables: those of the variables' types go there, others have to be converted first.
    fn converted(&mut self, out: Out, position: Position) -> Result<()> {
        let Some(frame) = self.frames.last() else { return Ok(()) };
        let same = |name: &String, sql_type: &SqlType| frame.found(name).is_some_and(|v| v.sql_type == *sql_type);
        if out.names.iter().zip(&out.types).all(|(name, sql_type)| same(name, sql_type)) {
            return self.assign(out.names.iter().map(String::as_str), out.values, position);
        }
        if let Some(frame) = self.frames.last_mut() {
            frame.outs = Some(out);
        }
        Ok(())
    }
}

/// The parts of a system variable's name together.
fn dotted(name: &[Name]) -> String {
    name.iter().map(|part| part.text.as_str()).collect::<Vec<_>>().join(".")
}

fn too_deep(position: Position) -> SqlError {
    let message = format!("Out of stack space due to deeply-nested procedure calls: more than {MOST_FRAMES} levels");
    SqlError::too_large(message, position)
}

/// What USING gives to a dynamic statement; the first value is the statement's text.
fn parameters<'n>(
    names: impl Iterator<Item = Option<&'n Name>>,
    types: &[(String, SqlType)],
    row: &mut Vec<Value>,
    position: Position,
) -> Result<Parameters> {
    let values = row.drain(..).zip(types).skip(1);
    let values = values.map(|(value, (_, sql_type))| Parameter { sql_type: sql_type.clone(), value });
    let names: Vec<Option<&Name>> = names.collect();
    if names.is_empty() {
        return Ok(Parameters::None);
    }
    if names.iter().all(Option::is_none) {
        return Ok(Parameters::Positional(values.collect()));
    }
    let named: Option<Vec<&Name>> = names.into_iter().collect();
    let Some(named) = named else {
        let message = "EXECUTE IMMEDIATE cannot have both named and positional parameters";
        return Err(SqlError::rule(message, position));
    };
    Ok(Parameters::Named(named.into_iter().map(|name| name.text.to_lowercase()).zip(values).collect()))
}
