//! The warehouse as its users see it.

mod aliases;
mod atomicity;
mod bytes;
mod facts;
mod fixture;
mod format;
mod privacy;
mod statistics;
