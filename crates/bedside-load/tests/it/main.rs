//! Whole loads: from sources through to the files of a warehouse.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr, reason = "tests")]

mod bad_input;
mod fixture;
mod independence;
mod kill;
mod remote;
mod round_trip;
