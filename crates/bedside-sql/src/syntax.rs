//! The syntax tree: what the text says, before anything means anything. Chains are lists; every node has its place.

mod control;
mod group;
mod merge;
mod pipe;
mod set_operation;
mod statement;
mod transfer;

use bedside_types::{Position, SqlType};

pub use control::Transaction;
pub(crate) use control::{
    Body as ControlBody, Control, CreateProcedure, Execute, Mode, ProcedureParameter, Step, Steps,
};
pub(crate) use group::{GroupBy, GroupItem, GroupingSet};
pub(crate) use merge::{Matched, Merge, MergeAction, When};
pub(crate) use pipe::{Pipe, PipeAggregate, PipeKey, PipeKind};
pub(crate) use set_operation::{MatchBy, MatchMode, Matching, SetOperation};

pub(crate) use statement::{
    AlterOptions, AlterTable, Alteration, ColumnDefinition, CreateFunction, CreateMode, CreateSchema, CreateTable,
    CreateTableFunction, CreateView, Declared, Delete, Drop, DropKind, Insert, InsertRows, OptionItem, Origin,
    OriginKind, Parameter, RoutineText, Statement, TableParameter, Takes, Update,
};
pub use transfer::LoadMode;
pub(crate) use transfer::{Export, Load};

/// An identifier as typed, without its backticks.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Name {
    pub(crate) text: String,
    pub(crate) position: Position,
}

/// A query with its CTEs, order and limit, and the pipe operators behind them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Query {
    pub(crate) with: With,
    pub(crate) body: Body,
    pub(crate) order: Vec<OrderItem>,
    pub(crate) limit: Option<Limit>,
    pub(crate) pipes: Vec<Pipe>,
    pub(crate) position: Position,
}

/// `WITH [RECURSIVE] …`; without CTEs where there is none.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct With {
    pub(crate) recursive: bool,
    pub(crate) ctes: Vec<Cte>,
}

/// `LIMIT count OFFSET offset`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Limit {
    pub(crate) count: Node,
    pub(crate) offset: Option<Node>,
    pub(crate) position: Position,
}

/// `name AS (query)`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cte {
    pub(crate) name: Name,
    pub(crate) query: Query,
}

/// What a query consists of.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Body {
    Select(Box<Select>),
    Nested(Box<Query>),
    /// A query that starts with FROM.
    From(Box<Table>),
    /// Two or more inputs of the same operation.
    Set {
        operation: SetOperation,
        matching: Matching,
        inputs: Vec<Body>,
        position: Position,
    },
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Select {
    pub(crate) position: Position,
    pub(crate) distinct: bool,
    pub(crate) shape: Shape,
    pub(crate) items: Vec<SelectItem>,
    pub(crate) from: Option<Table>,
    pub(crate) filter: Option<Node>,
    pub(crate) group: Option<GroupBy>,
    pub(crate) having: Option<Node>,
    pub(crate) qualify: Option<Node>,
    pub(crate) windows: Vec<(Name, WindowSpec)>,
}

impl Select {
    /// One without items or clauses.
    pub(crate) fn empty(position: Position) -> Self {
        Self {
            position,
            distinct: false,
            shape: Shape::Row,
            items: Vec::new(),
            from: None,
            filter: None,
            group: None,
            having: None,
            qualify: None,
            windows: Vec::new(),
        }
    }
}

/// What a row of a SELECT is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Columns.
    Row,
    /// `SELECT AS STRUCT`.
    Struct,
    /// `SELECT AS VALUE`.
    Value,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum SelectItem {
    Expression {
        node: Node,
        alias: Option<Name>,
    },
    /// `*` or `expression.*`, with `EXCEPT` and `REPLACE`.
    Star {
        of: Option<Node>,
        except: Vec<Name>,
        replace: Vec<(Node, Name)>,
        position: Position,
    },
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OrderItem {
    pub(crate) node: Node,
    pub(crate) descending: bool,
    pub(crate) nulls_first: Option<bool>,
}

/// An item of FROM.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Table {
    Path { path: Vec<Name>, alias: Option<Name>, offset: Option<Name>, as_of: Option<Node> },
    Query { query: Box<Query>, alias: Option<Name>, position: Position },
    Unnest { array: Node, alias: Option<Name>, offset: Option<Name>, position: Position },
    Join { kind: Join, left: Box<Table>, right: Box<Table>, condition: Condition, position: Position },
    Pivot { input: Box<Table>, pivot: Box<Pivot>, alias: Option<Name> },
    Unpivot { input: Box<Table>, unpivot: Box<Unpivot>, alias: Option<Name> },
    Sample { input: Box<Table>, sample: Sample },
    Function { call: TableCall, alias: Option<Name> },
}

/// A call of a function that gives rows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TableCall {
    pub(crate) path: Vec<Name>,
    pub(crate) arguments: Vec<TableArgument>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum TableArgument {
    /// A value; a query in parentheses may be meant as a table.
    Value(Node),
    /// `TABLE name`.
    Table(Table),
}

/// `TABLESAMPLE SYSTEM (percent PERCENT)`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sample {
    pub(crate) percent: Node,
    pub(crate) position: Position,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Join {
    Cross,
    Inner,
    Left,
    Right,
    Full,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Condition {
    None,
    On(Node),
    Using(Vec<Name>),
}

/// `PIVOT(aggregates FOR input IN (values))`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Pivot {
    pub(crate) aggregates: Vec<(Node, Option<Name>)>,
    pub(crate) input: Node,
    pub(crate) values: Vec<(Node, Option<Name>)>,
    pub(crate) position: Position,
}

/// `UNPIVOT(values FOR name IN (columns))`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Unpivot {
    /// `INCLUDE NULLS`.
    pub(crate) nulls: bool,
    pub(crate) values: Vec<Name>,
    pub(crate) name: Name,
    pub(crate) columns: Vec<UnpivotColumns>,
    pub(crate) position: Position,
}

/// Columns that become one row, and what the row is called.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct UnpivotColumns {
    pub(crate) columns: Vec<Vec<Name>>,
    /// A literal of text or a whole number.
    pub(crate) label: Option<Node>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct WindowSpec {
    pub(crate) base: Option<Name>,
    pub(crate) partition: Vec<Node>,
    pub(crate) order: Vec<OrderItem>,
    pub(crate) frame: Option<FrameSpec>,
    pub(crate) position: Position,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FrameSpec {
    pub(crate) rows: bool,
    pub(crate) start: BoundSpec,
    pub(crate) end: BoundSpec,
    pub(crate) position: Position,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum BoundSpec {
    UnboundedPreceding,
    Preceding(Node),
    CurrentRow,
    Following(Node),
    UnboundedFollowing,
}

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Node {
    pub(crate) kind: NodeKind,
    pub(crate) position: Position,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum NodeKind {
    Null,
    Bool(bool),
    Integer(String),
    Float(String),
    String(String),
    Bytes(Vec<u8>),
    /// `DATE '…'` and its like.
    Typed(SqlType, String),
    /// `@name`, lower case.
    Parameter(String),
    /// `?`, counted from 0.
    Positional(usize),
    /// `@@a.b`.
    System(Vec<Name>),
    Path(Vec<Name>),
    Field(Box<Node>, Name),
    Subscript(Box<Node>, Access, Box<Node>),
    Negate(Box<Node>),
    Plus(Box<Node>),
    BitNot(Box<Node>),
    Not(Box<Node>),
    Binary(Binary, Box<Node>, Box<Node>),
    And(Vec<Node>),
    Or(Vec<Node>),
    Concat(Vec<Node>),
    Is {
        operand: Box<Node>,
        test: Test,
        negated: bool,
    },
    DistinctFrom {
        left: Box<Node>,
        right: Box<Node>,
        negated: bool,
    },
    Like {
        operand: Box<Node>,
        pattern: Box<Node>,
        negated: bool,
    },
    /// `LIKE ANY (…)`, `LIKE ALL (…)`.
    LikeList {
        operand: Box<Node>,
        patterns: Vec<Node>,
        quantifier: Quantifier,
        negated: bool,
    },
    /// `LIKE ANY UNNEST(…)`; a subquery stands here as its array.
    LikeArray {
        operand: Box<Node>,
        patterns: Box<Node>,
        quantifier: Quantifier,
        negated: bool,
    },
    Between {
        operand: Box<Node>,
        low: Box<Node>,
        high: Box<Node>,
        negated: bool,
    },
    InList {
        operand: Box<Node>,
        values: Vec<Node>,
        negated: bool,
    },
    InQuery {
        operand: Box<Node>,
        query: Box<Query>,
        negated: bool,
    },
    InUnnest {
        operand: Box<Node>,
        array: Box<Node>,
        negated: bool,
    },
    Case {
        operand: Option<Box<Node>>,
        arms: Vec<(Node, Node)>,
        otherwise: Option<Box<Node>>,
    },
    Cast {
        operand: Box<Node>,
        to: Declared,
        safe: bool,
        format: Option<Box<CastFormat>>,
    },
    Extract {
        part: Box<Node>,
        operand: Box<Node>,
        zone: Option<Box<Node>>,
    },
    /// `INTERVAL amount part`, or from `part` to the second.
    Interval {
        amount: Box<Node>,
        part: Name,
        to: Option<Name>,
    },
    Array {
        element: Option<SqlType>,
        values: Vec<Node>,
    },
    ArrayQuery {
        element: Option<SqlType>,
        query: Box<Query>,
    },
    Struct {
        declared: Option<SqlType>,
        values: Vec<(Node, Option<Name>)>,
    },
    /// `(a, b)`.
    Tuple(Vec<Node>),
    Exists(Box<Query>),
    Scalar(Box<Query>),
    /// `WITH(name AS value, …, result)`.
    With(Vec<(Name, Node)>, Box<Node>),
    Call(Box<Call>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    Plain,
    Offset,
    SafeOffset,
    Ordinal,
    SafeOrdinal,
}

/// `FORMAT pattern AT TIME ZONE zone`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CastFormat {
    pub(crate) pattern: Node,
    pub(crate) zone: Option<Node>,
}

/// How many of several patterns have to match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quantifier {
    Any,
    All,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Test {
    Null,
    True,
    False,
}

/// Binary operators with one function each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Binary {
    /// As written in messages.
    pub(crate) symbol: &'static str,
    /// Name in the registry.
    pub(crate) function: &'static str,
}

/// A function call with all that may stand in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Call {
    pub(crate) path: Vec<Name>,
    pub(crate) star: bool,
    pub(crate) distinct: bool,
    pub(crate) arguments: Vec<Node>,
    /// `name => value`.
    pub(crate) named: Vec<(Name, Node)>,
    /// `IGNORE NULLS` is true, `RESPECT NULLS` false.
    pub(crate) ignore_nulls: Option<bool>,
    /// `HAVING MAX x` is true, `HAVING MIN x` false.
    pub(crate) having: Option<(bool, Node)>,
    pub(crate) order: Vec<OrderItem>,
    pub(crate) limit: Option<Node>,
    pub(crate) over: Option<Over>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Over {
    Named(Name),
    Spec(Box<WindowSpec>),
}
