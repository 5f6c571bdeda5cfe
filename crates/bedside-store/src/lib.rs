//! The warehouse: a folder (the *home*) in which releases live as plain Parquet files, and the manifests that say which
//! files are a table.
//!
//! ```
//! use bedside_store::{ColumnSpec, LayoutName, LayoutSpec, LayoutWriter, Manifest, Statistics, Warehouse};
//! use bedside_types::SqlType;
//!
//! # let folder = std::env::temp_dir().join(format!("bedside-store-doc-{}", std::process::id()));
//! # let home = folder.as_path();
//! let warehouse = Warehouse::open(home)?;
//! let release = "mimiciv-3.1".parse().unwrap();
//! let lock = warehouse.lock_release(&release)?;
//! let columns = vec![ColumnSpec { name: "itemid".into(), sql_type: SqlType::Int64, nullable: false }];
//! let generation = bedside_store::generation("sha256 of the source", &columns, &[]);
//! let writer = LayoutWriter::new(
//!     &warehouse,
//!     &lock,
//!     LayoutSpec {
//!         module: "icu".into(),
//!         table: "d_items".into(),
//!         name: LayoutName::File,
//!         generation,
//!         columns,
//!         order: vec![],
//!         statistics: Statistics::Gather,
//!     },
//!     &[],
//! )?;
//! let range = writer.range(None)?; // then range.write(&batch)? for every batch
//! let written = writer.finish(vec![range.finish()?])?;
//! assert_eq!(written.rows, 0);
//! // A reader sees the table from the moment on that `publish` returns, and never a part of it.
//! let manifest = warehouse.publish(
//!     &lock,
//!     || Manifest::new(release.clone(), "2.2", "2026-01-01T00:00:00Z"),
//!     |manifest| manifest.updated = "2026-01-01T00:00:00Z".to_owned(),
//! )?;
//! assert_eq!(warehouse.manifest(&release)?, Some(manifest));
//! # drop(lock);
//! # std::fs::remove_dir_all(home).ok();
//! # Ok::<(), bedside_store::Error>(())
//! ```
//!
//! Publishing is replacing the manifest by rename; files that no manifest refers to are nothing, and the next writer
//! [sweeps](Warehouse::sweep) them away. What this crate does not do: read csv, sort, decide what a release is, run SQL.
//! It reads no clock and no environment.

mod cache;
mod disk;
mod error;
mod fact;
mod layout;
mod manifest;
mod map;
mod personal;
mod place;
mod read;
mod result;
mod statistics;
pub mod stored;
mod warehouse;

pub use error::{Error, Result};
pub use fact::{DependencyCheck, IdSource};
pub use layout::{
    ColumnSpec, ENCODING_VERSION, LayoutSpec, LayoutWriter, PAGE_ROWS, ROW_GROUP_ROWS, RangeWriter, Statistics,
    WrittenLayout, WrittenRange, generation,
};
pub use manifest::{
    ChecksumState, ColumnEntry, Dependency, Derivation, DerivationInput, DerivedColumn, FORMAT, FileEntry, LayoutEntry,
    LayoutName, Manifest, MapEntry, RowState, SourceEntry, TableEntry,
};
pub use map::IdMap;
pub use personal::{
    PERSONAL_FORMAT, PersonalColumn, PersonalDataset, PersonalRoutine, PersonalTable, PersonalView, RetiredFile,
    RoutineParameter,
};
pub use result::{ResultFile, ResultName, ResultWriter, WrittenResult};
pub use statistics::{LONGEST_TEXT, MOST_ITEMS, value_of_text};
pub use warehouse::{Aliases, DatasetLock, ReleaseLock, Removed, Swept, Warehouse};
