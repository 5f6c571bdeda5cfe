//! The gate from outside: jobs, limits, results, tables, and what is left after a kill.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test stops where it fails")]

mod fixture;
mod jobs;
mod limits;
mod recovery;
mod results;
mod tables;
