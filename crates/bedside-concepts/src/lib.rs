//! Concepts: tables derived from a release, each defined by one SELECT in one file and described by a page beside it.
//!
//! ```no_run
//! use bedside_concepts::{BuildOptions, Definitions, Family, build};
//! use bedside_engine::{Engine, EngineOptions};
//! use bedside_store::Warehouse;
//! use std::sync::atomic::AtomicBool;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let warehouse = Warehouse::open("/data/bedside".as_ref())?;
//! let engine = Engine::open(warehouse, EngineOptions { memory_bytes: 1 << 30, threads: 2, projects: vec![], clock: || 0 })?;
//! let definitions = Definitions::embedded(Family::MimicIv);
//! let options = BuildOptions { only: vec![], threads: 2, now: || "2026-01-01T00:00:00Z".to_owned() };
//! let release = "mimiciv-3.1".parse()?;
//! let report = build(&engine, &release, &definitions, &options, &|event| drop(event), &AtomicBool::new(false))?;
//! for (concept, error) in report.failures() {
//!     eprintln!("{} was not built: {error}", concept.name);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! [`Definitions`] of a [`Family`] are read from the program itself and from folders; the [`Graph`] of who reads whom comes
//! from their SQL. A few tables are code lists instead, which the user gives ([`keep_code_list`]).
//! [`build`] builds what is stale, parents first, several at a time: it runs the definition within the release (where every
//! name without a version means that release), writes the rows as the release's own tables are written, checks them, and
//! puts the table into the manifest with all that is known of where it comes from. [`diff()`] compares two tables.
//!
//! What this crate does not do: evaluate SQL, choose names, print. It reads no environment, and of clocks only how long
//! things took.

mod build;
mod definition;
mod diff;
mod error;
mod family;
mod graph;
mod input;
mod list;
mod page;
mod reference;
mod render;
mod report;
mod schema;

pub use build::{BuildOptions, build};
pub use definition::{Definition, Definitions, Origin};
pub use diff::{Difference, TableRef, common_tables, diff};
pub use error::{Error, Result};
pub use family::Family;
pub use graph::Graph;
pub use list::keep_code_list;
pub use page::{Page, PageColumn, PageList};
pub use reference::reference;
pub use report::{ConceptReport, Event, Outcome, Progress, Report};
