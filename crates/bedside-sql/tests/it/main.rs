//! Statements against a small catalogue: trees, refusals, bounds.

// Helpers of tests are tests too, which the lints do not see here.
#![allow(clippy::panic, clippy::unwrap_used)]

mod catalog;
mod explain;
mod functions;
mod limits;
mod mutations;
mod order;
mod reference;
mod refusals;
mod statements;
mod types;
