//! What the catalogue of releases says about loaded tables and columns, and their pages about derived ones.

use crate::inventory::{Dataset, facts};
use bedside_store::TableEntry;

/// The sentence about a table; empty for one that the release's schema does not have.
pub fn table(dataset: &Dataset, entry: &TableEntry) -> String {
    if let Some(derivation) = &entry.derivation {
        return derivation.row.clone();
    }
    facts(&dataset.manifest, entry).map(|table| table.description.clone()).unwrap_or_default()
}

/// The sentence about a column, with its unit; `None` for one that the release's schema does not have.
pub fn column(dataset: &Dataset, entry: &TableEntry, name: &str) -> Option<String> {
    if let Some(derivation) = &entry.derivation {
        let column = derivation.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name))?;
        return Some(with_unit(&column.meaning, column.unit.as_deref()));
    }
    let column = facts(&dataset.manifest, entry)?.column(name)?;
    Some(with_unit(&column.description, column.unit.as_deref()))
}

fn with_unit(text: &str, unit: Option<&str>) -> String {
    unit.map_or_else(|| text.to_owned(), |unit| format!("{text} Unit: {unit}."))
}
