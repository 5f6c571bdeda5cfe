//! The server on a socket of its own, asked by clients that do everything wrong.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test stops where it fails")]

mod fixture;
mod hostile;
mod leaving;
mod slow;
mod tokens;
