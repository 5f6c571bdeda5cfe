//! From PhysioNet's files to tables in a warehouse: verify, parse, sort, publish.

mod csv;
mod error;
pub mod source;

pub use csv::Fault;
pub use error::{Error, Result};
