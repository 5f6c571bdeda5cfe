//! Rows into the order of each layout, within a memory budget.
//!
//! Rows are first dealt to their subject range ([`scatter`], in the parsing threads) and collected per range, in file order,
//! in memory or in one spill file ([`Buckets`]). Then each range is loaded, sorted and written in every layout
//! ([`write_range`]); ranges are independent of each other, so several threads take turns. A range that does not fit its
//! share of the memory is sorted in parts that are merged. Every step keeps file order among equal rows, so that the result
//! does not depend on threads, blocks or the budget.

mod buckets;
mod keys;
mod merge;
mod range;
mod scatter;
mod spill;

pub(crate) use buckets::{Bucket, Buckets, Held, Pool};
pub(crate) use range::{Target, Task, write_range};
pub(crate) use scatter::scatter;
pub(crate) use spill::SpillFile;
