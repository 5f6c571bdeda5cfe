//! `bedside remove`: takes a release out of the home.

use super::Context;
use crate::arguments::RemoveArguments;
use crate::failure::Failure;
use crate::notice::{counted, grouped, say, size};
use bedside_engine::Inventory;
use std::io::{self, BufRead, IsTerminal, Write};

/// Says what would go, asks, removes, and says where names point then.
pub(crate) fn run(context: &Context, arguments: &RemoveArguments) -> Result<(), Failure> {
    let warehouse = context.warehouse()?;
    let release = &arguments.release;
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
