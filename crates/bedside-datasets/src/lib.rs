//! Facts about MIMIC releases, and recognising which release a folder holds.

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
pub use names::{DatasetRule, Installed, dataset_names, movable_target};
pub use recognise::{Evidence, FileEvidence, MARKER_FILE, Recognition, RecognitionError, recognise, tables_to_count};
pub use roots::{Root, split_roots};
pub use spelling::published_spelling;
