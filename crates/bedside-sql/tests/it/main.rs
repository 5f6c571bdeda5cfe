//! Statements against a small catalogue: trees, refusals, bounds.

mod catalog;
mod explain;
mod limits;
mod mutations;
mod refusals;
mod types;
