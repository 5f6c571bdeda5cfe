//! What a manifest says. Its JSON form is versioned; every format ever released stays readable.

mod derivation;
mod format;

use bedside_types::{ReleaseId, ReleaseKind, SqlType, Value};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub use derivation::{Derivation, DerivationInput, DerivedColumn};
pub(crate) use format::{check_format, read, write};

/// The newest manifest format, which is also the one written.
pub const FORMAT: u32 = 1;

/// What one release in the warehouse consists of. Replaced as a whole, so that a reader sees one state of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// The format of this document: [`FORMAT`].
    pub format: u32,
    /// The release.
    #[serde(with = "format::release")]
    pub release: ReleaseId,
    /// The family: `mimiciv`, `mimiciv-ed`.
    pub family: String,
    /// The published release whose schema the tables follow: `2.2`.
    pub schema_version: String,
    /// Full, local, demo or synthetic.
    #[serde(with = "format::kind")]
    pub kind: ReleaseKind,
    /// When the first table was published, RFC 3339.
    pub created: String,
    /// When this manifest was written, RFC 3339.
    pub updated: String,
    /// The subject ids at which files of event tables are split, ascending: range 0 holds the subjects below the first,
    /// range i those from `subject_splits[i - 1]` on, the last those from the last split on.
    pub subject_splits: Vec<i64>,
    /// The tables, by `module.name`.
    pub tables: BTreeMap<String, TableEntry>,
    /// The maps from an id to what it determines, by the id's name: `stay_id`, `hadm_id`.
    pub maps: BTreeMap<String, MapEntry>,
    /// Which ids determine which in which table.
    pub facts: Vec<Dependency>,
}

/// One published table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TableEntry {
    /// The module: `hosp`.
    pub module: String,
    /// The name in small letters: `admissions`.
    pub name: String,
    /// Names the content: 8 hex digits of the source's checksum, the schema and the way of encoding.
    pub generation: String,
    /// Rows published.
    pub rows: u64,
    /// Rows that the release's publisher states, where it states them.
    pub expected_rows: Option<u64>,
    /// How the two compare.
    pub row_state: RowState,
    /// Rows set aside.
    pub quarantined: u64,
    /// What the load warned of.
    pub warnings: Vec<String>,
    /// Where the rows come from.
    pub source: SourceEntry,
    /// When it was published, RFC 3339.
    pub loaded_at: String,
    /// The columns in order, with their statistics.
    pub columns: Vec<ColumnEntry>,
    /// Rows per `itemid`, for tables that have that column and no more than [`crate::MOST_ITEMS`] different ones. Rows
    /// without an item are not counted here.
    pub item_counts: Option<BTreeMap<i64, u64>>,
    /// The sort orders in which the rows are kept; each holds all of them.
    pub layouts: Vec<LayoutEntry>,
    /// What a derived table was built from; absent for a table of the release itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub derivation: Option<Derivation>,
}

/// How the row count compares with the published one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowState {
    /// The same.
    AsPublished,
    /// Another one: a changed or thinned copy, or rows were set aside.
    NotAsPublished,
    /// No count is published.
    Unknown,
}

/// The file that a table was loaded from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceEntry {
    /// Its path in the source: `hosp/admissions.csv.gz`.
    pub file: String,
    /// Its size as stored.
    pub bytes: u64,
    /// The SHA-256 of the stored bytes, 64 hex digits.
    pub sha256: String,
    /// What the source's checksum list says of it.
    pub checksum: ChecksumState,
}

/// What a source's checksum list says of a file. One that differs is never loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChecksumState {
    /// Listed, and the same.
    Matched,
    /// Not listed, or there is no list.
    NotListed,
}

/// One column with the statistics of all rows of the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnEntry {
    /// The name.
    pub name: String,
    /// The type; written as GoogleSQL writes it.
    #[serde(rename = "type", with = "format::sql_type")]
    pub sql_type: SqlType,
    /// Whether the files allow NULL. A column without NULLs may still allow them.
    pub nullable: bool,
    /// Bytes as BigQuery counts them: 8 for INT64, FLOAT64, DATE, DATETIME, TIME and TIMESTAMP, 1 for BOOL, 16 for
    /// NUMERIC and INTERVAL, 32 for BIGNUMERIC, 2 plus the length for STRING, BYTES and JSON, 0 for NULL
    /// (<https://cloud.google.com/bigquery/pricing#data>).
    pub logical_bytes: u64,
    /// Rows that are NULL.
    pub nulls: u64,
    /// Rows that are NaN (FLOAT64).
    pub nans: u64,
    /// Rows that are plus or minus infinity (FLOAT64).
    pub infinities: u64,
    /// The smallest value, NULL and NaN left out, as text (see [`crate::value_of_text`]); of a STRING longer than
    /// [`crate::LONGEST_TEXT`] bytes only the beginning, which is a lower bound.
    pub min: Option<String>,
    /// The greatest value likewise; the beginning of a longer STRING is *not* an upper bound.
    pub max: Option<String>,
    /// How many different values there are, NULL left out, estimated (standard error 1.6 %, below 1,000 about 1 %).
    pub distinct: u64,
}

/// The sort order of a layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LayoutName {
    /// By patient, then stay or admission, then time; split by subject ranges.
    Patient,
    /// By item, then patient, then time; each file holds the subjects of one range.
    Item,
    /// One file, as in the source; that of a derived table without patients is sorted.
    File,
}

impl LayoutName {
    /// The word in manifests and folder names.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Patient => "patient",
            Self::Item => "item",
            Self::File => "file",
        }
    }
}

/// One layout of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LayoutEntry {
    /// Which one.
    pub name: LayoutName,
    /// The columns by which each file is sorted, ascending, NULLs first, rows that are equal in file order; empty for
    /// [`LayoutName::File`] but for derived tables.
    pub order: Vec<String>,
    /// The files, in the order of their ranges, none without rows; but a table without rows has one file.
    pub files: Vec<FileEntry>,
}

/// One Parquet file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Where, relative to the home, with `/`.
    pub path: String,
    /// Its rows.
    pub rows: u64,
    /// Its size.
    pub bytes: u64,
    /// XXH64 (seed 0) of its bytes, 16 hex digits.
    pub xxh64: String,
    /// The subject range it holds; `None` for a table without ranges.
    pub range: Option<u32>,
    /// The smallest value of each order column in this file, as in [`ColumnEntry::min`].
    pub minima: Vec<Option<String>>,
    /// The greatest value of each order column in this file, as in [`ColumnEntry::max`].
    pub maxima: Vec<Option<String>>,
}

/// A map from an id to what it determines, kept as one small Parquet file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MapEntry {
    /// Where, relative to the home, with `/`.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// XXH64 of its bytes, 16 hex digits.
    pub xxh64: String,
    /// The table that it was made from: `icu.icustays`.
    pub table: String,
    /// That table's generation.
    pub generation: String,
    /// How many ids it has.
    pub ids: u64,
    /// What the id determines, in the order of the file's columns after the first: `subject_id`, `hadm_id`.
    pub dependents: Vec<String>,
}

/// Whether one id determines another in one table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dependency {
    /// The table, `icu.chartevents`.
    pub table: String,
    /// The table's generation when this was checked.
    pub generation: String,
    /// The column that determines: `stay_id`.
    pub determinant: String,
    /// The column that is determined: `subject_id`.
    pub dependent: String,
    /// The XXH64 of the map of the determinant that this was compared with; `None` where there was no map.
    pub map: Option<String>,
    /// Whether every row that has the determinant has the dependent that the map says, or, for ids not in the map, the
    /// one that all other rows with this id have. NULL counts as a value of the dependent.
    pub holds: bool,
    /// Rows whose determinant is NULL: these say nothing of the dependent.
    pub nulls: u64,
    /// Rows whose determinant is not in the map.
    pub unmapped: u64,
}

impl Manifest {
    /// A release without tables. `now` is RFC 3339.
    pub fn new(release: ReleaseId, schema_version: &str, now: &str) -> Self {
        Self {
            format: FORMAT,
            family: release.family().to_owned(),
            kind: release.kind(),
            release,
            schema_version: schema_version.to_owned(),
            created: now.to_owned(),
            updated: now.to_owned(),
            subject_splits: Vec::new(),
            tables: BTreeMap::new(),
            maps: BTreeMap::new(),
            facts: Vec::new(),
        }
    }

    /// A table by module and name.
    pub fn table(&self, module: &str, name: &str) -> Option<&TableEntry> {
        self.tables.get(&format!("{module}.{name}"))
    }

    /// Adds or replaces a table, and forgets what was known about the one replaced.
    pub fn put_table(&mut self, table: TableEntry) {
        let key = table.key();
        self.facts.retain(|fact| fact.table != key || fact.generation == table.generation);
        self.maps.retain(|_, map| map.table != key || map.generation == table.generation);
        self.tables.insert(key, table);
    }

    /// Every file that this manifest refers to, relative to the home.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        let files = self.tables.values().flat_map(|table| &table.layouts).flat_map(|layout| &layout.files);
        files.map(|file| file.path.as_str()).chain(self.maps.values().map(|map| map.path.as_str()))
    }

    /// The subject range that a subject belongs to.
    pub fn range_of(&self, subject: i64) -> u32 {
        range_of(&self.subject_splits, subject)
    }

    /// What is known about `determinant` determining `dependent` in a table, if it was checked as the table and the map
    /// now are.
    pub fn dependency(&self, table: &str, determinant: &str, dependent: &str) -> Option<&Dependency> {
        let generation = &self.tables.get(table)?.generation;
        let map = self.maps.get(determinant).map(|map| &map.xxh64);
        self.facts.iter().find(|fact| {
            fact.table == table
                && fact.determinant == determinant
                && fact.dependent == dependent
                && fact.generation == *generation
                && fact.map.as_ref() == map
        })
    }
}

impl TableEntry {
    /// `module.name`.
    pub fn key(&self) -> String {
        format!("{}.{}", self.module, self.name)
    }

    /// A layout of this table.
    pub fn layout(&self, name: LayoutName) -> Option<&LayoutEntry> {
        self.layouts.iter().find(|layout| layout.name == name)
    }

    /// The layout that every table has: by patient, else as in the source.
    pub fn main_layout(&self) -> Option<&LayoutEntry> {
        self.layout(LayoutName::Patient).or_else(|| self.layout(LayoutName::File))
    }

    /// A column by name, without regard to case.
    pub fn column(&self, name: &str) -> Option<&ColumnEntry> {
        self.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name))
    }

    /// Size of the files of all layouts.
    pub fn bytes(&self) -> u64 {
        self.layouts.iter().flat_map(|layout| &layout.files).map(|file| file.bytes).sum()
    }

    /// Bytes as BigQuery counts them, all columns.
    pub fn logical_bytes(&self) -> u64 {
        self.columns.iter().map(|column| column.logical_bytes).sum()
    }
}

impl ColumnEntry {
    /// The smallest value as a value; a lower bound where a STRING was cut.
    pub fn min_value(&self) -> Option<Value> {
        crate::value_of_text(&self.sql_type, self.min.as_deref()?)
    }

    /// The greatest value as a value; `None` where a STRING was cut, as its beginning bounds nothing.
    pub fn max_value(&self) -> Option<Value> {
        let text = self.max.as_deref()?;
        // Cut at a character of up to four bytes, a text has at least this length.
        let cut = matches!(self.sql_type, SqlType::String | SqlType::Json) && text.len() + 3 >= crate::LONGEST_TEXT;
        if cut { None } else { crate::value_of_text(&self.sql_type, text) }
    }
}

/// The range of a subject among these split points.
pub(crate) fn range_of(splits: &[i64], subject: i64) -> u32 {
    splits.partition_point(|split| *split <= subject) as u32
}

#[cfg(test)]
mod tests {
    use super::range_of;

    #[test]
    fn a_split_belongs_to_the_range_that_it_begins() {
        let splits = [10, 20];
        for (subject, range) in [(i64::MIN, 0), (9, 0), (10, 1), (19, 1), (20, 2), (i64::MAX, 2)] {
            assert_eq!(range_of(&splits, subject), range, "{subject}");
        }
        assert_eq!(range_of(&[], 5), 0);
    }
}
