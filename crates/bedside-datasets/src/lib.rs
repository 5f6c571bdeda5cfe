//! What MIMIC is, as data, and which release a folder holds.
//!
//! The facts lie in `datasets/*.toml` at the top of the workspace, one file per family: releases, modules, tables, columns in
//! file order with type, NULLs, unit and a sentence, keys, references, published row counts, sort orders. They span
//! releases; [`catalogue`] gives them resolved, one complete schema per release.
//!
//! ```
//! use bedside_datasets::{Evidence, FileEvidence, catalogue, recognise};
//!
//! let admissions = catalogue().schema("mimiciv", "3.1").unwrap().table("hosp", "admissions").unwrap();
//! assert_eq!(admissions.column("hadm_id").unwrap().sql_type.to_string(), "INT64");
//! assert_eq!(admissions.rows.as_ref().unwrap().rows, 546_028);
//!
//! let file = |path: &str| FileEvidence { path: path.to_owned(), ..FileEvidence::default() };
//! let found = recognise(&Evidence {
//!     names: vec!["physionet.org/files/mimiciv/3.1".to_owned()],
//!     files: vec![file("hosp/admissions.csv.gz"), file("LICENSE.txt"), file("icu/icustays.csv.gz")],
//!     ..Evidence::default()
//! })?;
//! assert_eq!(found.release.as_str(), "mimiciv-3.1");
//! assert_eq!(found.reason, "folder name mimiciv/3.1");
//! assert_eq!(found.files[1], (2, "icu".to_owned(), "icustays".to_owned()));
//!
//! let names = bedside_datasets::dataset_names(&found.release, &found.schema.schema_version);
//! assert_eq!(names[0].name.as_str(), "mimiciv_3_1_hosp");
//! # Ok::<(), bedside_datasets::RecognitionError>(())
//! ```
//!
//! A loader calls [`split_roots`] on the paths it finds, reads headers and small files, asks [`tables_to_count`] what else
//! would help, and then [`recognise`]. Two roots of one source may turn out to be the same release: that their tables do not
//! overlap is the loader's to check.
//!
//! Nothing here reads a file, knows a warehouse or what is derived from the tables.

mod catalogue;
mod model;
mod names;
mod path;
mod recognise;
mod roots;
mod spelling;
mod version;
mod words;

pub use catalogue::catalogue;
pub use model::{
    Catalogue, Column, Family, ForeignKey, ForeignKeyStatus, Key, KeyStatus, Module, Order, Release, RowCount, Table,
};
pub use names::{DERIVED, DatasetRule, Installed, dataset_names, movable_target, names_within};
pub use recognise::{Evidence, FileEvidence, MARKER_FILE, Recognition, RecognitionError, recognise, tables_to_count};
pub use roots::{Root, split_roots};
pub use spelling::published_spelling;
