//! Joins on equal keys and a range: `a.stay_id = b.stay_id AND a.charttime > b.starttime AND a.charttime <= b.endtime`.
//!
//! A hash join looks at every pair of rows with equal keys, so that its time grows with the square of the rows of a stay. Here
//! both sides come sorted by their keys. The rows of one side, the *buffered* one, are held one stretch of whole keys at a
//! time, those of a key sorted by the value that the condition bounds ([`window`]). Each row of the other side, the
//! *streamed* one, finds its partners by searching: they stand together ([`stream`]). Rows come out in the streamed side's
//! order, and it is the side that an outer join keeps. [`ChooseIntervalJoin`] puts [`exec::IntervalJoinExec`] in the place of
//! a hash join where the condition has such a range ([`condition`]) and keys repeat on both sides.
//!
//! A small side, as stays and admissions are, is held as a whole and found by a hash of its key ([`held`]): no side needs an
//! order then. That serves joins without a range as well: events of a stay stand together, so that its row is looked up once,
//! and where each event has one partner, its columns are passed on as they are. [`HoldSmallSides`] puts [`lookup::LookupJoinExec`] in the place of hash joins that collect one side.

mod condition;
mod exec;
mod held;
mod join;
mod lookup;
mod narrowing;
mod ordinal;
mod pairs;
mod probe;
mod rule;
mod stream;
mod window;

pub(crate) use rule::{ChooseIntervalJoin, HoldSmallSides, merged};

#[cfg(test)]
mod tests;
