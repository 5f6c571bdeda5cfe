//! The one way to run a statement: text → typed tree → DataFusion plan → rows.
//!
//! ```no_run
//! use bedside_engine::{Engine, EngineOptions, Request};
//! use bedside_store::Warehouse;
//!
//! let warehouse = Warehouse::open(std::path::Path::new("home"))?;
//! let options = EngineOptions { memory_bytes: 1 << 30, threads: 2, projects: vec![], clock: || 0 };
//! let engine = Engine::open(warehouse, options)?;
//! let text = "SELECT COUNT(*) AS stays FROM `physionet-data.mimiciv_icu.icustays`";
//! let prepared = engine.prepare(&Request { text, ..Request::default() })?;
//! assert_eq!(prepared.columns()[0].name, "stays");
//! for batch in prepared.execute()? {
//!     let batch = batch?;
//!     assert_eq!(batch.num_columns(), 1);
//! }
//! # Ok::<(), bedside_engine::Error>(())
//! ```
//!
//! Every command and every front comes through [`Engine::prepare`] and [`Prepared::execute`], or, where statements may write,
//! through [`Engine::script`]; a gate will stand exactly there. DataFusion's types stay inside: readers see Arrow batches and the types of this crate.

mod cast;
mod catalog;
mod change;
mod column_cache;
mod constraint;
mod eager;
mod engine;
mod error;
mod guard;
mod interval;
mod inventory;
mod lookup;
mod lower;
mod memory;
mod numbers;
mod origin;
mod recursion;
mod rows;
mod scratch;
mod script;
mod sealed;
mod segment;
mod session;
mod shared;
mod stretch;
mod table;
mod temporary;
mod touched;
mod transaction;
mod transfer;
mod widen;
mod write;
mod yielding;

pub use cast::cast_texts;
pub use catalog::PUBLIC_PROJECT;
pub use catalog::described::{column as column_description, table as table_description};
pub use catalog::personal::{DEFAULT_PROJECT, definition as column_definition};
pub use change::{Change, ChangeKind, PreparedChange};
pub use engine::{Engine, EngineOptions, Prepared, Request, ResultColumn, SEMANTICS_VERSION, TouchedTable};
pub use error::{Error, Result};
pub use inventory::{Dataset, Inventory, Pointing, facts};
pub use rows::Rows;
pub use script::{Script, Step, Writes};
pub use temporary::Session;
pub use transfer::{PreparedTransfer, Transfer};
pub use write::{Import, MergedRows, Missing, Present};
