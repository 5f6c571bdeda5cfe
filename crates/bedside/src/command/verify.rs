//! `bedside verify`: whether what is loaded is whole and keeps the rules of its release.

use super::Context;
use crate::arguments::VerifyArguments;
use crate::failure::Failure;
use crate::inventory::nothing_loaded;
use crate::notice::{counted, say, warn};
use crate::output::{Listing, count, print_listing, text};
use crate::progress::Progress;
use crate::session::Session;
use crate::stop;
use crate::verify::{Outcome, TableChecks, files, keys, references, rows};
use bedside_engine::Inventory;
use bedside_types::{ErrorCode, SqlType};

/// Checks files, row counts, keys and references of a release, or of all.
pub(crate) fn run(context: &Context, arguments: &VerifyArguments) -> Result<(), Failure> {
    let warehouse = context.warehouse()?;
    let inventory = Inventory::read(&warehouse)?;
    if let Some(release) = &arguments.release {
        warehouse.require(release)?;
    } else if inventory.manifests().is_empty() {
        return Err(nothing_loaded());
    }
    let manifests = inventory.manifests().iter();
    let chosen: Vec<_> =
        manifests.filter(|manifest| arguments.release.as_ref().is_none_or(|id| *id == manifest.release)).collect();
    let session = Session::open(context, None)?;
    let tables = chosen.iter().map(|manifest| manifest.tables.len() as u64).sum();
    let progress = Progress::counting("tables", tables);
    let mut checked = Vec::new();
    for manifest in &chosen {
        for table in manifest.tables.values() {
            stop::check(&context.stop)?;
            checked.push(TableChecks {
                release: manifest.release.clone(),
                table: table.key(),
                row_count: table.rows,
                files: files::check(&warehouse, table, &context.stop)?,
                rows: rows(table),
                keys: keys::check(&session, manifest, table)?,
                references: references::check(&session, &inventory, manifest, table)?,
            });
            progress.advance_to(checked.len() as u64);
        }
    }
    progress.finish();
    report(&checked, arguments)
}

fn report(checked: &[TableChecks], arguments: &VerifyArguments) -> Result<(), Failure> {
    let mut listing = Listing::new(&[
        ("release", SqlType::String),
        ("table", SqlType::String),
        ("rows", SqlType::Int64),
        ("files", SqlType::String),
        ("row_count", SqlType::String),
        ("keys", SqlType::String),
        ("references", SqlType::String),
    ]);
    for table in checked {
        let word = |outcomes: &[Outcome]| match outcomes.len() {
            0 => text("-"),
            _ => text(outcomes.iter().max().map_or("good", Outcome::word)),
        };
        listing.push([
            text(table.release.as_str()),
            text(table.table.as_str()),
            count(table.row_count),
            word(&table.files),
            word(&table.rows),
            word(&table.keys),
            word(&table.references),
        ]);
    }
    print_listing(&listing, &arguments.output)?;
    let all = || checked.iter().flat_map(TableChecks::outcomes);
    for table in checked {
        for outcome in table.outcomes() {
            match outcome {
                Outcome::Good => {}
                Outcome::Expected(why) => say(&format!("{} {}: {why}", table.release, table.table)),
                Outcome::Bad(why) => warn(&format!("{} {}: {why}", table.release, table.table)),
            }
        }
    }
    let checks = counted(all().count() as u64, "check");
    let bad = all().filter(|outcome| matches!(outcome, Outcome::Bad(_))).count();
    if bad == 0 {
        say(&format!("{checks} of {}: all good", counted(checked.len() as u64, "table")));
        return Ok(());
    }
    Err(Failure::new(ErrorCode::InvalidData, format!("{bad} of {checks} found something wrong"))
        .with_hint("load the files again from a fresh download: bedside load SOURCE"))
}
