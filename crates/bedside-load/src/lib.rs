//! From PhysioNet's files to tables in a warehouse: verify, parse, sort, publish.

mod checksum;
mod csv;
mod duplicate;
mod error;
mod event;
mod ingest;
mod input;
mod load;
mod options;
mod plan;
mod quarantine;
mod report;
mod scan;
mod sort;
pub mod source;
mod split;
mod table;

pub use csv::Fault;
pub use error::{Error, Result};
pub use event::{Event, Progress, Stage};
pub use load::load;
pub use options::{BadRows, LoadOptions};
pub use plan::{ReleasePlan, TablePlan, TableState, plan};
pub use report::{Outcome, ReleaseReport, Report, TableReport};
