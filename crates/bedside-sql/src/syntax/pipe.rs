//! Pipe operators: what stands behind `|>`.

use super::{
    Condition, GroupItem, Join, Limit, Matching, Name, Node, OrderItem, Pivot, Query, Sample, Select, SetOperation,
    Table, TableCall, Unpivot, With,
};
use bedside_types::Position;

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Pipe {
    pub(crate) kind: PipeKind,
    /// Of the `|>`.
    pub(crate) position: Position,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum PipeKind {
    /// A SELECT without FROM and what follows it.
    Select(Box<Select>),
    /// The items and named windows of a SELECT.
    Extend(Box<Select>),
    /// As [`PipeKind::Extend`], every item with OVER.
    Window(Box<Select>),
    Set(Vec<(Name, Node)>),
    Drop(Vec<Name>),
    Rename(Vec<(Name, Name)>),
    As(Name),
    Where(Node),
    Limit(Limit),
    Aggregate(Box<PipeAggregate>),
    Distinct,
    Join {
        kind: Join,
        right: Box<Table>,
        condition: Condition,
    },
    Order(Vec<OrderItem>),
    Operation {
        operation: SetOperation,
        matching: Matching,
        inputs: Vec<Query>,
        position: Position,
    },
    Sample(Sample),
    Pivot(Box<Pivot>, Option<Name>),
    Unpivot(Box<Unpivot>, Option<Name>),
    With(With),
    Call(TableCall, Option<Name>),
}

/// `AGGREGATE … GROUP BY …`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PipeAggregate {
    pub(crate) aggregates: Vec<PipeKey>,
    /// `None` without GROUP BY.
    pub(crate) keys: Option<Vec<PipeKey>>,
    /// `GROUP AND ORDER BY`.
    pub(crate) ordered: bool,
}

/// An item of AGGREGATE or of its GROUP BY, with its name and, where it is ordered by, how.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PipeKey {
    pub(crate) item: GroupItem,
    pub(crate) alias: Option<Name>,
    /// Descending, and where NULLs go; `None` where nothing is said.
    pub(crate) order: Option<(bool, Option<bool>)>,
    pub(crate) position: Position,
}
