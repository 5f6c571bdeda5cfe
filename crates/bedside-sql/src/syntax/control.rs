//! Statements of the procedural language.

use super::{CreateMode, Declared, Name, Node, OptionItem, Query, RoutineText, Statement};
use bedside_types::{Position, SqlType};
use std::ops::Range;

/// A statement in a text, with its place and the bytes of the text that it is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Step {
    pub(crate) statement: Statement,
    pub(crate) position: Position,
    pub(crate) text: Range<usize>,
}

/// Statements between a BEGIN, THEN or DO and what ends them.
pub(crate) type Steps = Vec<Step>;

/// A statement that decides what runs, or holds a value.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "a statement has one")]
pub(crate) enum Control {
    Declare {
        names: Vec<Name>,
        declared: Option<Declared>,
        default: Option<Node>,
    },
    /// `SET a = …`, `SET (a, b) = …`.
    Set {
        targets: Vec<Name>,
        value: Node,
    },
    /// `SET @@a.b = …`.
    SetSystem {
        name: Vec<Name>,
        value: Node,
    },
    If {
        arms: Vec<(Node, Steps)>,
        otherwise: Steps,
    },
    Case {
        operand: Option<Node>,
        arms: Vec<(Node, Steps)>,
        otherwise: Option<Steps>,
    },
    /// Statements that may be left by their label.
    Labelled {
        label: Option<Name>,
        body: Body,
    },
    /// `BREAK`, `LEAVE`.
    Break {
        word: &'static str,
        label: Option<Name>,
    },
    /// `CONTINUE`, `ITERATE`.
    Continue {
        word: &'static str,
        label: Option<Name>,
    },
    /// `RAISE`, `RAISE USING MESSAGE = …`.
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

/// Statements that belong together.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "a statement has one")]
pub(crate) enum Body {
    Block { steps: Steps, handler: Option<Steps> },
    Loop(Steps),
    While { condition: Node, steps: Steps },
    Repeat { steps: Steps, until: Node },
    For { variable: Name, query: Query, steps: Steps },
}

/// `EXECUTE IMMEDIATE text INTO a, b USING x AS name, …`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Execute {
    pub(crate) text: Node,
    pub(crate) into: Vec<Name>,
    pub(crate) using: Vec<(Node, Option<Name>)>,
}

/// What becomes of several changes together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transaction {
    /// `BEGIN TRANSACTION`: what follows happens together or not at all.
    Begin,
    /// `COMMIT TRANSACTION`: it happens.
    Commit,
    /// `ROLLBACK TRANSACTION`: it does not.
    RollBack,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CreateProcedure {
    pub(crate) mode: CreateMode,
    pub(crate) name: Vec<Name>,
    pub(crate) parameters: Vec<ProcedureParameter>,
    pub(crate) options: Vec<OptionItem>,
    pub(crate) body: Steps,
    pub(crate) text: RoutineText,
}

/// A parameter of a procedure; without a type it is `ANY TYPE`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ProcedureParameter {
    pub(crate) mode: Mode,
    pub(crate) name: Name,
    pub(crate) sql_type: Option<SqlType>,
}

/// Which way a procedure's parameter goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    In,
    Out,
    InOut,
}
