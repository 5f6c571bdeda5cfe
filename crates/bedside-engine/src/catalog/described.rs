//! What the catalogue of releases says about loaded tables and columns.

use crate::inventory::{Dataset, facts};
use bedside_store::TableEntry;

/// The sentence about a table; empty for one that the release's schema does not have.
pub(crate) fn table(dataset: &Dataset, entry: &TableEntry) -> String {
    facts(&dataset.manifest, entry).map(|table| table.description.clone()).unwrap_or_default()
}

/// The sentence about a column, with its unit; `None` for one that the release's schema does not have.
pub(crate) fn column(dataset: &Dataset, entry: &TableEntry, name: &str) -> Option<String> {
    let column = facts(&dataset.manifest, entry)?.column(name)?;
    Some(match &column.unit {
        Some(unit) => format!("{} Unit: {unit}.", column.description),
        None => column.description.clone(),
    })
}
