//! The catalogue against the open demo releases, where they are at hand.

mod csv;
mod published;
