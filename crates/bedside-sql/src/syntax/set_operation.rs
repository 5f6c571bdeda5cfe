//! Set operations.

use super::Name;

/// Which columns of a set operation's inputs belong together.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Matching {
    pub(crate) by: MatchBy,
    pub(crate) mode: MatchMode,
    /// `BY NAME ON (…)`, `CORRESPONDING BY (…)`.
    pub(crate) columns: Option<Vec<Name>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MatchBy {
    Position,
    /// `BY NAME`.
    Name,
    /// `CORRESPONDING`.
    Corresponding,
    /// `STRICT CORRESPONDING`.
    Strict,
}

/// What becomes of columns that not every input has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MatchMode {
    /// Nothing was written.
    Plain,
    Inner,
    Left,
    Full,
}

impl MatchBy {
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Position => "BY POSITION",
            Self::Name => "BY NAME",
            Self::Corresponding => "CORRESPONDING",
            Self::Strict => "STRICT CORRESPONDING",
        }
    }
}

impl MatchMode {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Plain => "none",
            Self::Inner => "INNER",
            Self::Left => "LEFT",
            Self::Full => "FULL",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SetOperation {
    UnionAll,
    UnionDistinct,
    IntersectDistinct,
    ExceptDistinct,
}

impl SetOperation {
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::UnionAll => "UNION ALL",
            Self::UnionDistinct => "UNION DISTINCT",
            Self::IntersectDistinct => "INTERSECT DISTINCT",
            Self::ExceptDistinct => "EXCEPT DISTINCT",
        }
    }
}
