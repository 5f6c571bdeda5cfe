//! MERGE.

use super::{Name, Node, Table};
use bedside_types::Position;

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Merge {
    pub(crate) table: Vec<Name>,
    pub(crate) alias: Option<Name>,
    pub(crate) source: Table,
    pub(crate) condition: Node,
    pub(crate) clauses: Vec<When>,
}

/// `WHEN … THEN …`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct When {
    pub(crate) position: Position,
    pub(crate) matched: Matched,
    pub(crate) condition: Option<Node>,
    pub(crate) action: MergeAction,
}

/// Which rows a WHEN is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Matched {
    /// `MATCHED`.
    Both,
    /// `NOT MATCHED [BY TARGET]`: of the source.
    BySourceOnly,
    /// `NOT MATCHED BY SOURCE`: of the target.
    ByTargetOnly,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum MergeAction {
    Delete,
    Update(Vec<(Vec<Name>, Option<Node>)>),
    /// The columns, and their values; `None` is DEFAULT.
    Insert {
        columns: Option<Vec<Name>>,
        values: Vec<Option<Node>>,
    },
    /// `INSERT [columns] ROW`: the source's columns.
    InsertRow {
        columns: Option<Vec<Name>>,
    },
}
