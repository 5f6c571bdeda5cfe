//! The catalogue against the open demo releases, where they are at hand.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, reason = "these are tests")]

mod csv;
mod published;
