//! Parts of a statement that several places read and that are computed once.
//!
//! A part is a [`Definition`]: a plan of its own that the others scan like a table ([`SharedTable`]). Planning goes from the
//! outside in, so that it is known what all uses of a part need before the part itself is planned: it gives the columns that
//! some use reads, of the rows that some use keeps ([`plan`]). Running goes from the inside out, by demand: the first reader
//! that wants a batch computes it, and it stays until the slowest reader had it ([`Stage`], [`buffer`]). Nothing runs that
//! nobody reads, and since a buffer never refuses a batch (it spills), readers of different speed never wait for each other.

mod buffer;
mod plan;
mod read;
mod scan;
mod stage;

pub(crate) use buffer::bytes_of;
pub(crate) use plan::{Plan, Planned, physical};
pub(crate) use scan::{SharedTable, producer};
pub(crate) use stage::Stages;

use datafusion::logical_expr::LogicalPlan;
use std::sync::Arc;

/// A part of a statement that several places read.
#[derive(Clone, Debug)]
pub(crate) struct Definition {
    /// What the uses scan.
    pub(crate) table: Arc<SharedTable>,
    /// What it is; it may scan parts that stand before it in [`Plan::shared`].
    pub(crate) plan: LogicalPlan,
}
