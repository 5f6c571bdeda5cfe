//! Whole runs of the program, as a person at a keyboard sees them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod families;
mod gate;
mod harness;
mod help;
mod journey;
mod mistakes;
mod readme;
mod rows;
mod serve;
mod server;
mod settings;
mod statements;
