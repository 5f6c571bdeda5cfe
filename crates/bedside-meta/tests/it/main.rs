//! The state of a home: what is kept, what a dead program leaves, who else may look.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test stops where it fails")]

mod jobs;
mod tokens;
