//! `bedside status`: the home, its releases, and the tables of one release.

use super::Context;
use crate::arguments::{OutputArguments, StatusArguments};
use crate::failure::Failure;
use crate::notice::{counted, hint, say, size};
use crate::output::{Listing, count, print_listing, text};
use bedside_datasets::catalogue;
use bedside_store::{ChecksumState, Manifest, PersonalTable, RowState, TableEntry, Warehouse};
use bedside_types::{SqlType, Value};

/// Shows it.
pub(crate) fn run(context: &Context, arguments: &StatusArguments) -> Result<(), Failure> {
    let warehouse = context.warehouse()?;
    match &arguments.release {
        Some(release) => tables(&warehouse.require(release)?, &arguments.output),
        None => releases(&warehouse, &arguments.output),
    }
}

fn releases(warehouse: &Warehouse, output: &OutputArguments) -> Result<(), Failure> {
    say(&format!("home     {}", warehouse.home().display()));
    say(&format!("free     {}", size(warehouse.available_bytes()?)));
    say(&format!("bedside  {}, manifest format {}", env!("CARGO_PKG_VERSION"), bedside_store::FORMAT));
    let own = warehouse.personal_datasets()?;
    let own: Vec<_> = own.iter().filter(|dataset| !dataset.tables.is_empty() || !dataset.views.is_empty()).collect();
    if !own.is_empty() {
        let tables: u64 = own.iter().map(|dataset| (dataset.tables.len() + dataset.views.len()) as u64).sum();
        let bytes = own.iter().flat_map(|dataset| dataset.tables.values()).map(PersonalTable::bytes).sum();
        let datasets = counted(own.len() as u64, "personal dataset");
        say(&format!("yours    {} in {datasets}, {}", counted(tables, "table"), size(bytes)));
    }
    let ids = warehouse.release_ids()?;
    if ids.is_empty() {
        say("nothing is loaded yet");
        hint("bedside demo makes and loads synthetic data; bedside load SOURCE loads your own");
        return Ok(());
    }
    let mut listing = Listing::new(&[
        ("release", SqlType::String),
        ("kind", SqlType::String),
        ("tables", SqlType::Int64),
        ("rows", SqlType::Int64),
        ("mb", SqlType::Float64),
        ("state", SqlType::String),
        ("updated", SqlType::String),
    ]);
    for id in ids {
        // One damaged manifest must not hide the others.
        match warehouse.manifest(&id) {
            Ok(Some(manifest)) => listing.push([
                text(id.as_str()),
                text(id.kind().word()),
                count(manifest.tables.len() as u64),
                count(manifest.tables.values().map(|table| table.rows).sum()),
                megabytes(manifest.tables.values().map(TableEntry::bytes).sum()),
                text(state(&manifest)),
                text(manifest.updated.as_str()),
            ]),
            Ok(None) => {}
            Err(error) => listing.push([
                text(id.as_str()),
                text(id.kind().word()),
                Value::Null,
                Value::Null,
                Value::Null,
                text(format!("damaged: {error}")),
                Value::Null,
            ]),
        }
    }
    print_listing(&listing, output)
}

fn tables(manifest: &Manifest, output: &OutputArguments) -> Result<(), Failure> {
    let mut listing = Listing::new(&[
        ("table", SqlType::String),
        ("rows", SqlType::Int64),
        ("expected", SqlType::Int64),
        ("set_aside", SqlType::Int64),
        ("mb", SqlType::Float64),
        ("layouts", SqlType::String),
        ("checksum", SqlType::String),
        ("warnings", SqlType::Int64),
        ("loaded", SqlType::String),
    ]);
    for (name, table) in &manifest.tables {
        let layouts: Vec<&str> = table.layouts.iter().map(|layout| layout.name.word()).collect();
        listing.push([
            text(name.as_str()),
            count(table.rows),
            table.expected_rows.map_or(Value::Null, count),
            count(table.quarantined),
            megabytes(table.bytes()),
            text(layouts.join(", ")),
            text(match table.source.checksum {
                _ if table.derivation.is_some() => "derived",
                ChecksumState::Matched => "matched",
                ChecksumState::NotListed => "not listed",
            }),
            count(table.warnings.len() as u64),
            text(table.loaded_at.as_str()),
        ]);
    }
    say(&format!("{}: {}", manifest.release, state(manifest)));
    print_listing(&listing, output)?;
    for (name, table) in &manifest.tables {
        for warning in &table.warnings {
            crate::notice::warn(&format!("{name}: {warning}"));
        }
    }
    Ok(())
}

/// Whether all tables are there and have the rows that they should have.
fn state(manifest: &Manifest) -> String {
    let catalogue = catalogue();
    let release =
        catalogue.release(&manifest.release).or_else(|| catalogue.schema(&manifest.family, &manifest.schema_version));
    let expected = release.map_or(0, |release| release.tables.len());
    let own = manifest.tables.values().filter(|table| table.derivation.is_none()).count();
    let missing = expected.saturating_sub(own) as u64;
    let different = manifest.tables.values().filter(|table| table.row_state == RowState::NotAsPublished).count();
    let mut parts = Vec::new();
    if missing > 0 {
        parts.push(format!("{} missing", counted(missing, "table")));
    }
    if different > 0 {
        parts.push(format!("rows of {} not as published", counted(different as u64, "table")));
    }
    if parts.is_empty() { "complete".to_owned() } else { parts.join(", ") }
}

/// Bytes as megabytes to one decimal.
fn megabytes(bytes: u64) -> Value {
    Value::Float64((bytes as f64 / 1e5).round() / 10.0)
}
