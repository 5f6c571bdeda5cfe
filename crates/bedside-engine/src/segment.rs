//! Window functions, a whole partition at a time.
//!
//! DataFusion's operators compute row by row, with a value of a general type for each, and account for none of the memory
//! that they hold. [`SegmentWindowExec`](exec::SegmentWindowExec) stands in their place wherever rows come gathered by the
//! keys of PARTITION BY. It reads stretches of whole partitions (at most one partition more than a batch), finds their
//! boundaries once, and the frames of all rows from these ([`frame`]). The functions that people use most are computed for all
//! partitions of a stretch together ([`function`]); of the others DataFusion is asked for each partition as a whole. Where an
//! aggregate above drops all rows of a partition but one, one is given ([`repeats`]).

mod exec;
mod extreme;
mod frame;
mod function;
mod repeats;
mod rule;

pub(crate) use rule::UseSegmentWindows;

#[cfg(test)]
mod tests;
