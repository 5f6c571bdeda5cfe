//! Where a derived table comes from and what its columns mean: kept with the table, so that it is known even to a program
//! that no longer has the definition.

use serde::{Deserialize, Serialize};

/// The definition that a derived table was built from, and the page beside it as it was then.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Derivation {
    /// The file of the definition: `concepts/mimiciv/score/sofa.sql`.
    pub file: String,
    /// The definition: one SELECT in GoogleSQL.
    pub sql: String,
    /// Stands for all that the rows follow from: definition, guarantees, inputs, the engine's semantics. 16 hex digits; a
    /// table with another fingerprint than its definition now has is stale.
    pub fingerprint: String,
    /// The tables read, by name.
    pub inputs: Vec<DerivationInput>,
    /// The version of the program that built it.
    pub bedside_version: String,
    /// How long building it took, in milliseconds.
    pub milliseconds: u64,
    /// How many guarantees and expectations were checked.
    pub checks: u64,
    /// What one row is.
    pub row: String,
    /// The columns that together are unique; empty where there is no key.
    pub key: Vec<String>,
    /// Why there is no key, or what its exceptions are.
    pub key_note: Option<String>,
    /// Publications that the definition follows.
    pub literature: Vec<String>,
    /// What a reader has to know.
    pub caveats: Vec<String>,
    /// What the columns mean, in the order of the table's columns.
    pub columns: Vec<DerivedColumn>,
}

/// A table that a derived one was built from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DerivationInput {
    /// The release that it belongs to.
    pub release: String,
    /// `icu.chartevents`, `derived.bg`.
    pub table: String,
    /// Its content when it was read: [`crate::TableEntry::generation`].
    pub generation: String,
}

/// What is known of a column beside its type and statistics.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DerivedColumn {
    /// Its name.
    pub name: String,
    /// What it means.
    pub meaning: String,
    /// Its unit, in UCUM where there is one.
    pub unit: Option<String>,
    /// Whether the definition guarantees a value in every row.
    pub not_null: bool,
    /// The values that are expected, both ends included.
    pub range: Option<(f64, f64)>,
}
