//! `bedside datasets`: the names that SQL can put before the dot.

use super::Context;
use crate::arguments::DatasetsArguments;
use crate::failure::Failure;
use crate::inventory::nothing_loaded;
use crate::output::{Listing, count, print_listing, text};
use bedside_engine::Inventory;
use bedside_types::{SqlType, Value};

/// Lists them: movable ones, fixed ones, people's own.
pub(crate) fn run(context: &Context, arguments: &DatasetsArguments) -> Result<(), Failure> {
    let inventory = Inventory::read(&context.warehouse()?)?;
    if inventory.manifests().is_empty() && inventory.personal().is_empty() {
        return Err(nothing_loaded());
    }
    let mut listing = Listing::new(&[
        ("dataset", SqlType::String),
        ("release", SqlType::String),
        ("kind", SqlType::String),
        ("points", SqlType::String),
        ("tables", SqlType::Int64),
        ("rows", SqlType::Int64),
    ]);
    for dataset in inventory.datasets() {
        let release = &dataset.manifest.release;
        listing.push([
            text(dataset.name.as_str()),
            text(release.as_str()),
            text(release.kind().word()),
            text(dataset.pointing.word()),
            count(dataset.tables().count() as u64),
            count(dataset.tables().map(|table| table.rows).sum()),
        ]);
    }
    for dataset in inventory.personal() {
        listing.push([
            text(dataset.name.as_str()),
            Value::Null,
            text("personal"),
            Value::Null,
            count((dataset.tables.len() + dataset.views.len()) as u64),
            count(dataset.tables.values().map(|table| table.rows).sum()),
        ]);
    }
    print_listing(&listing, &arguments.output)
}
