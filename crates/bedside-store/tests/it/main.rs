//! The warehouse as its users see it.

// What fails while a test is prepared fails the test.
#![allow(clippy::unwrap_used, clippy::panic)]

mod aliases;
mod atomicity;
mod bytes;
mod facts;
mod fixture;
mod format;
mod personal;
mod privacy;
mod statistics;
