//! From PhysioNet's files to tables in a warehouse: verify, parse, sort, publish.
//!
//! ```no_run
//! use bedside_load::source::{Access, Source};
//! use bedside_load::{LoadOptions, load, plan};
//! use bedside_store::Warehouse;
//! use std::sync::atomic::AtomicBool;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let source = Source::parse("downloads/mimic-iv-3.1", &Access::default())?;
//! let warehouse = Warehouse::open("/data/bedside".as_ref())?;
//! let options = LoadOptions::new(4, || "2026-01-01T00:00:00Z".to_owned());
//! let plans = plan(&source, &warehouse, &options)?;
//! let report = load(&source, &plans, &warehouse, &options, &|event| drop(event), &AtomicBool::new(false));
//! for (table, error) in report.failures() {
//!     eprintln!("{} was not published: {error}", table.table);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! [`plan`] says which releases a source holds and what is to be done; [`load`] does it. One file goes through stages that
//! run at the same time with bounded queues between them:
//!
//! ```text
//! read + SHA-256 ─▶ inflate + split at record ends ─▶ parse (threads) ─▶ collect by subject range
//!                                                                            │ in memory, else one spill file
//!                            publish ◀─ encode ◀─ sort by each layout ◀──────┘ range by range (threads)
//! ```
//!
//! Nothing of a table is visible before all of it is written, checked against its checksum, its row count and its keys.
//! What this crate does not do: choose names for datasets, run SQL, decide what is printed. It reads no environment, and of
//! clocks only how long things took.

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
