//! `bedside alias`: where movable dataset names point.

use super::Context;
use crate::arguments::{AliasArguments, OutputArguments};
use crate::failure::Failure;
use crate::inventory::{movable, unknown};
use crate::notice::say;
use crate::output::{Listing, print_listing, text};
use bedside_engine::Inventory;
use bedside_store::Warehouse;
use bedside_types::{DatasetName, ErrorCode, ReleaseId, SqlType};

/// Lists, sets or takes back.
pub(crate) fn run(context: &Context, arguments: &AliasArguments) -> Result<(), Failure> {
    let warehouse = context.warehouse()?;
    match (&arguments.name, &arguments.release, &arguments.unset) {
        (Some(name), Some(release), _) => set(&warehouse, name, release),
        (_, _, Some(name)) => unset(&warehouse, name),
        _ => list(&warehouse, &arguments.output),
    }
}

fn set(warehouse: &Warehouse, name: &str, release: &ReleaseId) -> Result<(), Failure> {
    let manifest = warehouse.require(release)?;
    let rules = bedside_datasets::dataset_names(release, &manifest.schema_version);
    let movable: Vec<&str> = rules.iter().filter(|rule| rule.movable).map(|rule| rule.name.as_str()).collect();
    if rules.iter().any(|rule| !rule.movable && rule.name.as_str() == name) {
        return Err(Failure::new(ErrorCode::InvalidQuery, format!("`{name}` names one release and never moves"))
            .with_hint(format!("movable names of {release} are {}", movable.join(", "))));
    }
    let Some(rule) = rules.iter().find(|rule| rule.movable && rule.name.as_str() == name) else {
        let failure = unknown(&format!("movable name of {release}"), name, movable.iter().copied());
        let hint = failure.hint.clone().unwrap_or_else(|| format!("its movable names are {}", movable.join(", ")));
        return Err(failure.with_hint(hint));
    };
    warehouse.set_alias(&rule.name, release)?;
    say(&format!("{name} now points at {release}"));
    Ok(())
}

fn unset(warehouse: &Warehouse, name: &str) -> Result<(), Failure> {
    let dataset: DatasetName = name.parse().map_err(|error| Failure::usage(format!("{error}")))?;
    if warehouse.remove_alias(&dataset)?.is_none() {
        let aliases = warehouse.aliases()?;
        let names: Vec<&str> = aliases.iter().map(|(name, _)| name.as_str()).collect();
        return Err(unknown("name that was set,", name, names));
    }
    let inventory = Inventory::read(warehouse)?;
    match inventory.dataset(name) {
        Some(dataset) => say(&format!("{name} follows the rule again and points at {}", dataset.manifest.release)),
        None => say(&format!("{name} follows the rule again; no loaded release answers to it")),
    }
    Ok(())
}

fn list(warehouse: &Warehouse, output: &OutputArguments) -> Result<(), Failure> {
    let inventory = Inventory::read(warehouse)?;
    let columns = ["name", "release", "kind", "how"].map(|name| (name, SqlType::String));
    let mut listing = Listing::new(&columns);
    for dataset in movable(&inventory) {
        let release = &dataset.manifest.release;
        listing.push([
            text(dataset.name.as_str()),
            text(release.as_str()),
            text(release.kind().word()),
            text(dataset.pointing.word()),
        ]);
    }
    print_listing(&listing, output)
}
