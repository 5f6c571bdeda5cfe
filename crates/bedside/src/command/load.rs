//! `bedside load`: from files to tables, with what happened told at the end.

mod summary;

use super::Context;
use crate::access;
use crate::arguments::LoadArguments;
use crate::failure::Failure;
use crate::notice::{counted, hint, say, size, warn};
use crate::progress::FilesProgress;
use bedside_load::source::{Access, Source};
use bedside_load::{BadRows, Event, LoadOptions, Outcome, ReleasePlan, Stage};
use bedside_store::{Manifest, Warehouse};
use bedside_types::ErrorCode;
use std::path::Path;

/// Loads what the arguments name.
pub(crate) fn run(context: &Context, arguments: &LoadArguments) -> Result<(), Failure> {
    let warehouse = context.warehouse()?;
    let access = access::access(arguments.netrc.as_deref(), &context.stop)?;
    let source = Source::parse(&arguments.source, &access)?;
    let options = LoadOptions {
        release: arguments.release.clone(),
        bad_rows: if arguments.keep_going { BadRows::Quarantine } else { BadRows::Stop },
        ..options(context)
    };
    let plans = bedside_load::plan(&source, &warehouse, &options, &context.stop)?;
    for plan in &plans {
        announce(plan);
    }
    if arguments.dry_run {
        summary::plans(&plans)?;
        return Ok(());
    }
    load(context, &warehouse, &source, &plans, &options)
}

/// Loads a folder without asking for anything, as the demo does.
pub(crate) fn load_folder(context: &Context, folder: &Path) -> Result<(), Failure> {
    let warehouse = context.warehouse()?;
    let source = Source::parse(&folder.to_string_lossy(), &Access::default())?;
    let options = options(context);
    let plans = bedside_load::plan(&source, &warehouse, &options, &context.stop)?;
    load(context, &warehouse, &source, &plans, &options)
}

/// Whether every table of the release's schema is there.
pub(crate) fn is_complete(manifest: &Manifest) -> bool {
    let schema = bedside_datasets::catalogue().schema(&manifest.family, &manifest.schema_version);
    schema.is_some_and(|schema| schema.tables.iter().all(|table| manifest.table(&table.module, &table.name).is_some()))
}
