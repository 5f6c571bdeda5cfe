//! The shape of a file in `datasets/`. Unknown keys are errors, so that a misspelt fact is not lost.

use crate::model::{ForeignKeyStatus, KeyStatus};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The whole file: one family.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    /// The format's version, 1.
    pub(super) format: u32,
    /// The family as in names of releases.
    pub(super) family: String,
    pub(super) title: String,
    pub(super) notes: Vec<String>,
    /// Small tables whose row counts tell releases with the same columns apart.
    pub(super) telling_tables: Vec<String>,
    /// Module names and a sentence about each.
    pub(super) modules: BTreeMap<String, String>,
    /// Where row counts come from, by the short name that they cite.
    pub(super) row_count_source: BTreeMap<String, String>,
    /// Full releases oldest first, then demos: the order that `since` and `until` refer to.
    #[serde(rename = "release")]
    pub(super) releases: Vec<ReleaseText>,
    #[serde(rename = "table")]
    pub(super) tables: Vec<TableText>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReleaseText {
    /// What follows the family in the release's name: `3.1`, `demo-2.2`.
    pub(super) version: String,
    /// The full release whose schema a demo has; absent for a full release.
    pub(super) schema: Option<String>,
    pub(super) title: String,
    pub(super) released: Option<String>,
    pub(super) doi: String,
    pub(super) license: String,
    /// The project's name in PhysioNet's addresses.
    pub(super) slug: String,
    pub(super) modules: Vec<String>,
    /// Whether the files are gzipped; `file` is written with `.gz`.
    #[serde(default = "yes")]
    pub(super) compressed: bool,
    pub(super) patients: Option<u64>,
    #[serde(default)]
    pub(super) changes: Vec<String>,
    #[serde(default)]
    pub(super) notes: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TableText {
    pub(super) name: String,
    pub(super) module: String,
    /// Another module in some releases, by version.
    #[serde(default)]
    pub(super) module_by_version: BTreeMap<String, String>,
    /// As published, relative to the release's root.
    pub(super) file: String,
    #[serde(default)]
    pub(super) file_by_version: BTreeMap<String, String>,
    /// First and last release that has the table, both inclusive; absent = the first, the last.
    pub(super) since: Option<String>,
    pub(super) until: Option<String>,
    pub(super) description: String,
    pub(super) primary_key: Option<KeyText>,
    #[serde(default)]
    pub(super) alternate_keys: Vec<Vec<String>>,
    /// Sort order in the warehouse; absent for tables without patients.
    #[serde(default)]
    pub(super) order: Vec<String>,
    /// The second sort order of item tables.
    #[serde(default)]
    pub(super) item_order: Vec<String>,
    /// When a row's event happened or began.
    pub(super) time: Option<String>,
    #[serde(default)]
    pub(super) foreign_keys: Vec<ForeignKeyText>,
    #[serde(default)]
    pub(super) notes: Vec<String>,
    /// All columns of all releases, in file order.
    pub(super) columns: Vec<ColumnText>,
    /// By the release's version.
    pub(super) row_counts: BTreeMap<String, RowCountText>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeyText {
    pub(super) columns: Vec<String>,
    pub(super) status: KeyStatus,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ForeignKeyText {
    pub(super) columns: Vec<String>,
    /// `module.table`, or `family:module.table`; the module as in the latest release.
    pub(super) references: String,
    pub(super) referenced: Vec<String>,
    pub(super) status: ForeignKeyStatus,
    /// Rows of the demo without a parent; absent = none.
    pub(super) demo_orphans: Option<u64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RowCountText {
    pub(super) rows: u64,
    /// A key of `row_count_source`.
    pub(super) source: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ColumnText {
    pub(super) name: String,
    /// BigQuery's type in the latest release.
    #[serde(rename = "type")]
    pub(super) sql_type: String,
    #[serde(default)]
    pub(super) type_by_version: BTreeMap<String, String>,
    /// False where the public PostgreSQL script declares NOT NULL.
    #[serde(default = "yes")]
    pub(super) nullable: bool,
    /// First and last release that has the column, both inclusive.
    pub(super) since: Option<String>,
    pub(super) until: Option<String>,
    pub(super) description: String,
    pub(super) unit: Option<String>,
    #[serde(default)]
    pub(super) values: Vec<String>,
    pub(super) value_range: Option<String>,
    pub(super) code_system: Option<String>,
    pub(super) quirk: Option<String>,
    pub(super) note: Option<String>,
    pub(super) postgres: String,
    pub(super) athena: Option<String>,
}

fn yes() -> bool {
    true
}
