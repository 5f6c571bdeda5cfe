//! GROUP BY.

use super::Node;
use bedside_types::Position;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum GroupBy {
    All(Position),
    /// None of them: `GROUP BY ()`.
    Items(Vec<GroupItem>),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum GroupItem {
    Key(Node),
    /// `ROLLUP(…)`, each item a list of keys that come and go together.
    Rollup(Vec<Vec<Node>>),
    /// `CUBE(…)`.
    Cube(Vec<Vec<Node>>),
    /// `GROUPING SETS(…)`: keys, ROLLUPs and CUBEs.
    Sets(Vec<GroupingSet>),
}

/// An item of `GROUPING SETS`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum GroupingSet {
    Keys(Vec<Node>),
    Rollup(Vec<Vec<Node>>),
    Cube(Vec<Vec<Node>>),
}

impl GroupItem {
    /// Every key of the item, as often as it is written.
    pub(crate) fn keys(&self) -> Vec<&Node> {
        match self {
            Self::Key(node) => vec![node],
            Self::Rollup(keys) | Self::Cube(keys) => keys.iter().flatten().collect(),
            Self::Sets(sets) => sets
                .iter()
                .flat_map(|set| match set {
                    GroupingSet::Keys(keys) => keys.iter().collect::<Vec<_>>(),
                    GroupingSet::Rollup(keys) | GroupingSet::Cube(keys) => keys.iter().flatten().collect(),
                })
                .collect(),
        }
    }
}
