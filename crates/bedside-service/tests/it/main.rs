//! The gate from outside: jobs, limits, results, tables, and what is left after a kill.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test stops where it fails")]

mod fixture;
mod jobs;
mod limits;
mod load;
mod recovery;
mod results;
mod scripts;
#[path = "../../../bedside-load/tests/it/remote/server.rs"]
#[allow(dead_code, reason = "loads of releases see more of it")]
mod server;
mod tables;
