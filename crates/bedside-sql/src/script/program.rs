//! A text as instructions with jumps, so that it can stop at any statement and go on later.

use crate::error::{Result, SqlError};
use crate::stack;
use crate::syntax::{
    Control, ControlBody, Declared, Execute, Name, Node, NodeKind, ProcedureParameter, Query, Statement, Step, Steps,
    Transaction,
};
use bedside_types::Position;
use std::ops::Range;

/// What a text does, in order.
#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) text: String,
    pub(crate) instructions: Vec<Instruction>,
    /// Statements of SQL that give rows, wherever they stand.
    pub(crate) queries: usize,
    /// Whether there is anything but statements one after the other.
    pub(crate) controls: bool,
}

#[derive(Debug)]
pub(crate) struct Instruction {
    pub(crate) action: Action,
    pub(crate) position: Position,
    pub(crate) text: Range<usize>,
}

/// What an instruction does. A `depth` is how many scopes are left.
#[derive(Debug)]
pub(crate) enum Action {
    /// SQL.
    Statement(Statement),
    Declare {
        names: Vec<Name>,
        declared: Option<Declared>,
        default: Option<Node>,
    },
    Set {
        targets: Vec<Name>,
        value: Node,
    },
    SetSystem {
        name: Vec<Name>,
        value: Node,
    },
    /// Goes on there unless the condition is TRUE.
    Unless {
        condition: Node,
        clause: &'static str,
        to: usize,
    },
    /// Goes on at the place that the number counts from 0, or at the last where there is no such place.
    Choose {
        number: Node,
        to: Vec<usize>,
    },
    Jump {
        to: usize,
        depth: usize,
    },
    /// A scope begins; what fails inside goes on there.
    Enter {
        handler: Option<usize>,
    },
    Leave,
    /// A scope begins that holds a query's rows.
    For {
        variable: Name,
        query: Query,
    },
    /// The next row, or else goes on there.
    NextRow {
        to: usize,
    },
    Raise(Option<Node>),
    Return,
    Execute(Execute),
    Call {
        path: Vec<Name>,
        arguments: Vec<Node>,
    },
    Assert {
        condition: Node,
        description: Option<String>,
    },
    Transaction(Transaction),
}

impl Program {
    /// A text's own statements.
    pub(crate) fn of_text(text: &str, steps: Steps) -> Result<Self> {
        Compiler::new(&[]).program(text, steps)
    }

    /// A procedure's body.
    pub(crate) fn of_procedure(text: &str, parameters: &[ProcedureParameter], steps: Steps) -> Result<Self> {
        let names: Vec<&str> = parameters.iter().map(|parameter| parameter.name.text.as_str()).collect();
        Compiler::new(&names).program(text, steps)
    }

    /// The one statement of a text that was put together while a script ran.
    pub(crate) fn of_dynamic(text: &str, mut steps: Steps) -> Result<Self> {
        let position = Position::new(1, 1);
        let (Some(step), true) = (steps.pop(), steps.is_empty()) else {
            let message = "EXECUTE IMMEDIATE takes exactly one statement";
            return Err(SqlError::rule(message, position));
        };
        if let Statement::Control(control) = &step.statement
            && !matches!(control.as_ref(), Control::Call { .. } | Control::Assert { .. })
        {
            let message =
                format!("SQL created by EXECUTE IMMEDIATE contains unsupported statement type: {}", words(control));
            return Err(SqlError::rule(message, step.position));
        }
        Compiler::new(&[]).program(text, vec![step])
    }
}

impl Drop for Program {
    /// What was read with a large stack needs one to be taken apart.
    fn drop(&mut self) {
        let instructions = std::mem::take(&mut self.instructions);
        // A thread that cannot be had takes them apart here.
        drop(stack::with_known_stack(move || {
            drop(instructions);
            Ok(())
        }));
    }
}

/// A loop or labelled block around the statement at hand.
struct Around {
    label: Option<String>,
    is_loop: bool,
    /// Scopes at its beginning.
    depth: usize,
    /// Where CONTINUE goes, where that is known already.
    again: Option<usize>,
    breaks: Vec<usize>,
    continues: Vec<usize>,
}

struct Compiler {
    instructions: Vec<Instruction>,
    /// Names of variables by scope, for what can be told without running.
    scopes: Vec<Vec<String>>,
    around: Vec<Around>,
    queries: usize,
    controls: bool,
    /// Loops and branches since the innermost block: their statements have no scope of their own.
    plain: usize,
    /// The statement at hand.
    position: Position,
    range: Range<usize>,
}

impl Compiler {
    fn new(parameters: &[&str]) -> Self {
        Self {
            instructions: Vec::new(),
            scopes: vec![parameters.iter().map(|name| name.to_lowercase()).collect()],
            around: Vec::new(),
            queries: 0,
            controls: false,
            plain: 0,
            position: Position::new(1, 1),
            range: 0..0,
        }
    }

    fn program(mut self, text: &str, steps: Steps) -> Result<Program> {
        self.steps(steps)?;
        let Self { instructions, queries, controls, .. } = self;
        Ok(Program { text: text.to_owned(), instructions, queries, controls })
    }

    fn add(&mut self, action: Action) -> usize {
        let (position, text) = (self.position, self.range.clone());
        self.instructions.push(Instruction { action, position, text });
        self.instructions.len() - 1
    }

    fn here(&self) -> usize {
        self.instructions.len()
    }

    /// Makes a jump that was added before its end was known end here.
    fn end_here(&mut self, jump: usize) {
        let here = self.here();
        match &mut self.instructions[jump].action {
            Action::Unless { to, .. } | Action::Jump { to, .. } | Action::NextRow { to } => *to = here,
            Action::Enter { handler } => *handler = Some(here),
            _ => {}
        }
    }

    fn jump(&mut self, to: usize) -> usize {
        let depth = self.scopes.len();
        self.add(Action::Jump { to, depth })
    }

    fn steps(&mut self, steps: Steps) -> Result<()> {
        let mut declarations = true;
        for step in steps {
            let is_declaration =
                matches!(&step.statement, Statement::Control(control) if matches!(**control, Control::Declare { .. }));
            if is_declaration && (!declarations || self.plain > 0) {
                let message = "Variable declarations are allowed only at the start of a block or script";
                return Err(SqlError::rule(message, step.position));
            }
            declarations &= is_declaration;
            self.step(step)?;
        }
        Ok(())
    }

    fn step(&mut self, step: Step) -> Result<()> {
        (self.position, self.range) = (step.position, step.text);
        match step.statement {
            Statement::Control(control) => {
                self.controls = true;
                self.control(*control)
            }
            statement => {
                self.queries += usize::from(matches!(statement, Statement::Query(_)));
                self.add(Action::Statement(statement));
                Ok(())
            }
        }
    }

    fn control(&mut self, control: Control) -> Result<()> {
        match control {
            Control::Declare { names, declared, default } => {
                if declared.is_none() && default.is_none() {
                    let message = "Either a type or a DEFAULT is needed to declare a variable";
                    return Err(SqlError::syntax(message, self.position));
                }
                if let Some(declared) = declared.as_ref().filter(|declared| !declared.parameters.is_empty()) {
                    let what = "A variable's type with parameters";
                    return Err(SqlError::unsupported(what, declared.position)
                        .with_hint("write the type alone, and ROUND, SUBSTR or LEFT where digits or length matter"));
                }
                names.iter().try_for_each(|name| self.declare(name))?;
                self.add(Action::Declare { names, declared, default });
            }
            Control::Set { targets, value } => {
                self.check_targets(&targets)?;
                self.add(Action::Set { targets, value });
            }
            Control::SetSystem { name, value } => {
                self.add(Action::SetSystem { name, value });
            }
            Control::If { arms, otherwise } => return self.if_statement(arms, otherwise),
            Control::Case { operand, arms, otherwise } => return self.case_statement(operand, arms, otherwise),
            Control::Labelled { label, body } => return self.labelled(label.as_ref(), body),
            Control::Break { word, label } => return self.leave(word, label.as_ref(), Way::Break),
            Control::Continue { word, label } => return self.leave(word, label.as_ref(), Way::Continue),
            Control::Raise(message) => {
                self.add(Action::Raise(message));
            }
            Control::Return => {
                self.add(Action::Return);
            }
            Control::Execute(execute) => {
                self.check_targets(&execute.into)?;
                self.add(Action::Execute(execute));
            }
            Control::Call { path, arguments } => {
                self.add(Action::Call { path, arguments });
            }
            Control::Assert { condition, description } => {
                self.add(Action::Assert { condition, description });
            }
            Control::Transaction(transaction) => {
                self.add(Action::Transaction(transaction));
            }
        }
        Ok(())
    }

    fn declare(&mut self, name: &Name) -> Result<()> {
        let lower = name.text.to_lowercase();
        if self.scopes.iter().flatten().any(|known| *known == lower) {
            return Err(SqlError::name(format!("Variable '{}' redeclaration", name.text), name.position));
        }
        if let Some(scope) = self.scopes.last_mut() {
            scope.push(lower);
        }
        Ok(())
    }

    fn check_targets(&self, targets: &[Name]) -> Result<()> {
        for (index, target) in targets.iter().enumerate() {
            let lower = target.text.to_lowercase();
            if !self.scopes.iter().flatten().any(|known| *known == lower) {
                return Err(SqlError::name(format!("Undeclared variable: {}", target.text), target.position));
            }
            if targets[..index].iter().any(|earlier| earlier.text.eq_ignore_ascii_case(&target.text)) {
                let message = format!("Variable {} is assigned twice in one statement", target.text);
                return Err(SqlError::name(message, target.position));
            }
        }
        Ok(())
    }

    /// Statements that have no scope of their own.
    fn plain_steps(&mut self, steps: Steps) -> Result<()> {
        self.plain += 1;
        let done = self.steps(steps);
        self.plain -= 1;
        done
    }

    fn if_statement(&mut self, arms: Vec<(Node, Steps)>, otherwise: Steps) -> Result<()> {
        let mut ends = Vec::new();
        for (condition, steps) in arms {
            let next = self.add(Action::Unless { condition, clause: "IF statement", to: 0 });
            self.plain_steps(steps)?;
            ends.push(self.jump(0));
            self.end_here(next);
        }
        self.plain_steps(otherwise)?;
        ends.into_iter().for_each(|end| self.end_here(end));
        Ok(())
    }

    /// The arm is found by a CASE expression that gives its number, so that the operand is evaluated once.
    fn case_statement(
        &mut self,
        operand: Option<Node>,
        arms: Vec<(Node, Steps)>,
        otherwise: Option<Steps>,
    ) -> Result<()> {
        let position = self.position;
        let number = |index: usize| Node { kind: NodeKind::Integer(index.to_string()), position };
        let (conditions, bodies): (Vec<Node>, Vec<Steps>) = arms.into_iter().unzip();
        let last = number(conditions.len());
        let numbered = conditions.into_iter().enumerate().map(|(index, condition)| (condition, number(index)));
        let kind = NodeKind::Case {
            operand: operand.map(Box::new),
            arms: numbered.collect(),
            otherwise: Some(Box::new(last)),
        };
        let choose = self.add(Action::Choose { number: Node { kind, position }, to: Vec::new() });
        let (mut starts, mut ends) = (Vec::new(), Vec::new());
        for steps in bodies {
            starts.push(self.here());
            self.plain_steps(steps)?;
            ends.push(self.jump(0));
        }
        starts.push(self.here());
        self.plain_steps(otherwise.unwrap_or_default())?;
        ends.into_iter().for_each(|end| self.end_here(end));
        if let Action::Choose { to, .. } = &mut self.instructions[choose].action {
            *to = starts;
        }
        Ok(())
    }

    fn labelled(&mut self, label: Option<&Name>, body: ControlBody) -> Result<()> {
        if let Some(label) = label {
            let taken = |around: &Around| around.label.as_deref() == Some(&*label.text.to_lowercase());
            if self.around.iter().any(taken) {
                let message = format!("Label {} is that of an enclosing statement already", label.text);
                return Err(SqlError::name(message, label.position));
            }
        }
        self.around.push(Around {
            label: label.map(|label| label.text.to_lowercase()),
            is_loop: !matches!(body, ControlBody::Block { .. }),
            depth: self.scopes.len(),
            again: None,
            breaks: Vec::new(),
            continues: Vec::new(),
        });
        let plain = std::mem::take(&mut self.plain);
        match body {
            ControlBody::Block { steps, handler } => self.block(steps, handler)?,
            ControlBody::Loop(steps) => {
                let start = self.start_of_loop();
                self.plain_steps(steps)?;
                self.jump(start);
            }
            ControlBody::While { condition, steps } => {
                let start = self.start_of_loop();
                let end = self.add(Action::Unless { condition, clause: "WHILE statement", to: 0 });
                self.plain_steps(steps)?;
                self.jump(start);
                self.end_here(end);
            }
            ControlBody::Repeat { steps, until } => {
                let start = self.here();
                self.plain_steps(steps)?;
                let continues = self.around.last_mut().map(|around| std::mem::take(&mut around.continues));
                continues.into_iter().flatten().for_each(|jump| self.end_here(jump));
                self.add(Action::Unless { condition: until, clause: "REPEAT statement", to: start });
            }
            ControlBody::For { variable, query, steps } => self.for_in(variable, query, steps)?,
        }
        self.plain = plain;
        let breaks = self.around.pop().map(|around| around.breaks);
        breaks.into_iter().flatten().for_each(|jump| self.end_here(jump));
        Ok(())
    }

    fn start_of_loop(&mut self) -> usize {
        let start = self.here();
        if let Some(around) = self.around.last_mut() {
            around.again = Some(start);
        }
        start
    }

    fn block(&mut self, steps: Steps, handler: Option<Steps>) -> Result<()> {
        let enter = self.add(Action::Enter { handler: None });
        self.scopes.push(Vec::new());
        self.steps(steps)?;
        self.add(Action::Leave);
        self.scopes.pop();
        let Some(handler) = handler else { return Ok(()) };
        let end = self.jump(0);
        self.end_here(enter);
        // The machine begins the handler's scope, which holds the error.
        self.scopes.push(Vec::new());
        self.steps(handler)?;
        self.add(Action::Leave);
        self.scopes.pop();
        self.end_here(end);
        Ok(())
    }

    fn for_in(&mut self, variable: Name, query: Query, steps: Steps) -> Result<()> {
        self.scopes.push(Vec::new());
        self.declare(&variable)?;
        self.add(Action::For { variable, query });
        let next = self.start_of_loop();
        // Its rows stay while it goes round.
        if let Some(around) = self.around.last_mut() {
            around.depth += 1;
        }
        let end = self.add(Action::NextRow { to: 0 });
        self.plain_steps(steps)?;
        self.jump(next);
        self.end_here(end);
        let breaks = self.around.last_mut().map(|around| std::mem::take(&mut around.breaks));
        breaks.into_iter().flatten().for_each(|jump| self.end_here(jump));
        self.add(Action::Leave);
        self.scopes.pop();
        Ok(())
    }

    fn leave(&mut self, word: &str, label: Option<&Name>, way: Way) -> Result<()> {
        let position = self.position;
        let found = match label {
            Some(label) => {
                let lower = label.text.to_lowercase();
                let found = self.around.iter().rposition(|around| around.label.as_ref() == Some(&lower));
                let Some(found) = found else {
                    let message =
                        format!("{word} refers to the label {}, which is that of no enclosing statement", label.text);
                    return Err(SqlError::name(message, label.position));
                };
                if way == Way::Continue && !self.around[found].is_loop {
                    let message = format!("{word} refers to the label {}, which is that of no loop", label.text);
                    return Err(SqlError::rule(message, label.position));
                }
                found
            }
            None => self
                .around
                .iter()
                .rposition(|around| around.is_loop)
                .ok_or_else(|| SqlError::rule(format!("{word} is only allowed inside of a loop body"), position))?,
        };
        let (depth, again) = (self.around[found].depth, self.around[found].again);
        let jump = self.add(Action::Jump { to: 0, depth });
        match (way, again) {
            (Way::Break, _) => self.around[found].breaks.push(jump),
            (Way::Continue, None) => self.around[found].continues.push(jump),
            (Way::Continue, Some(start)) => {
                if let Action::Jump { to, .. } = &mut self.instructions[jump].action {
                    *to = start;
                }
            }
        }
        Ok(())
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Break,
    Continue,
}

/// A statement's first word.
fn words(control: &Control) -> &'static str {
    match control {
        Control::Declare { .. } => "DECLARE",
        Control::Set { .. } | Control::SetSystem { .. } => "SET",
        Control::If { .. } => "IF",
        Control::Case { .. } => "CASE",
        Control::Labelled { body, .. } => match body {
            ControlBody::Block { .. } => "BEGIN",
            ControlBody::Loop(_) => "LOOP",
            ControlBody::While { .. } => "WHILE",
            ControlBody::Repeat { .. } => "REPEAT",
            ControlBody::For { .. } => "FOR",
        },
        Control::Break { word, .. } | Control::Continue { word, .. } => word,
        Control::Raise(_) => "RAISE",
        Control::Return => "RETURN",
        Control::Execute(_) => "EXECUTE IMMEDIATE",
        Control::Call { .. } => "CALL",
        Control::Assert { .. } => "ASSERT",
        Control::Transaction(_) => "TRANSACTION",
    }
}
