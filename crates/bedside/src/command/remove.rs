//! `bedside remove`: takes a release or a dataset of one's own out of the home.

use super::Context;
use crate::arguments::RemoveArguments;
use crate::failure::Failure;
use crate::inventory::{personal, unknown};
use crate::notice::{counted, grouped, say, size};
use bedside_engine::Inventory;
use bedside_types::ReleaseId;
use std::io::{self, BufRead, IsTerminal, Write};

/// Says what would go, asks, removes, and says where names point then.
pub(crate) fn run(context: &Context, arguments: &RemoveArguments) -> Result<(), Failure> {
    let warehouse = context.warehouse()?;
    let Ok(release) = arguments.name.parse::<ReleaseId>() else {
        return remove_personal(context, arguments);
    };
    let release = &release;
    match warehouse.require(release) {
        Ok(manifest) => {
            let rows: u64 = manifest.tables.values().map(|table| table.rows).sum();
            let bytes = manifest.tables.values().map(bedside_store::TableEntry::bytes).sum();
            let tables = counted(manifest.tables.len() as u64, "table");
            say(&format!("{release} has {tables} with {} rows, {} on disk", grouped(rows), size(bytes)));
        }
        // A damaged manifest must not keep a release from being removed.
        Err(error @ bedside_store::Error::Damaged { .. }) => say(&format!("{release}: {error}")),
        Err(error) => return Err(error.into()),
    }
    if !arguments.yes && !confirmed(release.as_str())? {
        return Err(Failure::usage("nothing was removed").with_hint(format!("bedside remove {release} --yes")));
    }
    let removed = warehouse.remove_release(release)?;
    say(&format!("removed {release}; {} are free again", size(removed.bytes)));
    let inventory = Inventory::read(&warehouse)?;
    for name in removed.aliases {
        match inventory.dataset(name.as_str()) {
            Some(dataset) => say(&format!("{name} now points at {}", dataset.manifest.release)),
            None => say(&format!("{name} points nowhere now")),
        }
    }
    Ok(())
}

/// A dataset with its tables and views.
fn remove_personal(context: &Context, arguments: &RemoveArguments) -> Result<(), Failure> {
    let warehouse = context.warehouse()?;
    let inventory = Inventory::read(&warehouse)?;
    let Some(dataset) = personal(&inventory, &arguments.name) else {
        let releases = inventory.manifests().iter().map(|manifest| manifest.release.as_str());
        let names = inventory.personal().iter().map(|dataset| dataset.name.as_str());
        let failure = unknown("release or personal dataset", &arguments.name, releases.chain(names));
        return Err(if failure.hint.is_some() {
            failure
        } else {
            failure.with_hint("bedside status lists the releases")
        });
    };
    let name = format!("{}.{}", dataset.project, dataset.name);
    let rows = dataset.tables.values().map(|table| table.rows).sum();
    let tables = counted((dataset.tables.len() + dataset.views.len()) as u64, "table");
    say(&format!("{name} has {tables} with {} rows", grouped(rows)));
    if !arguments.yes && !confirmed(&name)? {
        return Err(Failure::usage("nothing was removed").with_hint(format!("bedside remove {name} --yes")));
    }
    let lock = warehouse.lock_dataset(&dataset.project, &dataset.name)?;
    let bytes = warehouse.drop_dataset(&lock)?;
    say(&format!("removed {name}; {} are free again", size(bytes)));
    Ok(())
}

/// Asks; without a terminal to ask on the answer is no.
fn confirmed(release: &str) -> Result<bool, Failure> {
    if !io::stdin().is_terminal() {
        return Ok(false);
    }
    let cannot = |error: io::Error| Failure::io("cannot ask", &error);
    write!(io::stderr(), "Remove {release}? [y/N] ").and_then(|()| io::stderr().flush()).map_err(cannot)?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer).map_err(cannot)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}
