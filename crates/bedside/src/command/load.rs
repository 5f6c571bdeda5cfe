//! `bedside load`: from files to tables, with what happened told at the end.

mod summary;

use self::summary::Detail;
use super::{Context, concepts};
use crate::access;
use crate::arguments::LoadArguments;
use crate::failure::Failure;
use crate::notice::{counted, hint, say, size, warn};
use crate::output::rfc3339;
use crate::progress::FilesProgress;
use crate::stop;
use bedside_load::source::{Access, Source};
use bedside_load::{BadRows, Event, LoadOptions, Outcome, ReleasePlan, Stage};
use bedside_store::{Manifest, Warehouse};
use bedside_types::ErrorCode;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

/// Loads what the arguments name.
pub(crate) fn run(context: &Context, arguments: &LoadArguments) -> Result<(), Failure> {
    let warehouse = context.warehouse()?;
    let access = access::access(arguments.netrc.as_deref(), &context.stop)?;
    let source =
        Source::parse(&arguments.source, &access)?.with_cache(warehouse.home().join("scratch").join("downloads"));
    let options = LoadOptions {
        release: arguments.release.clone(),
        bad_rows: if arguments.keep_going { BadRows::Quarantine } else { BadRows::Stop },
        ..options(context)
    };
    let plans = bedside_load::plan(&source, &warehouse, &options)?;
    for plan in &plans {
        announce(plan);
    }
    if arguments.dry_run {
        return summary::plans(&plans);
    }
    concepts::keep_code_lists(context, &arguments.code_lists, arguments.netrc.as_deref())?;
    load(context, &warehouse, &source, &plans, &options, Detail::Tables)?;
    if !arguments.no_concepts {
        for plan in &plans {
            concepts::build_release(context, &plan.release, concepts::Detail::Tables)?;
        }
    }
    let program = &context.configuration.invocation;
    hint(&format!("{program} shell to ask, {program} describe TABLE for columns, {program} search WORDS for items"));
    Ok(())
}

/// Loads a folder of files that were made a moment ago, as the demo does.
pub(crate) fn load_folder(context: &Context, folder: &Path) -> Result<(), Failure> {
    let warehouse = context.warehouse()?;
    let source = Source::parse(&folder.to_string_lossy(), &Access::default())?;
    let options = options(context);
    let plans = bedside_load::plan(&source, &warehouse, &options)?;
    load(context, &warehouse, &source, &plans, &options, Detail::Sums)
}

/// Whether every table of the release's schema is there.
pub(crate) fn is_complete(manifest: &Manifest) -> bool {
    let schema = bedside_datasets::catalogue().schema(&manifest.family, &manifest.schema_version);
    schema.is_some_and(|schema| schema.tables.iter().all(|table| manifest.table(&table.module, &table.name).is_some()))
}

fn options(context: &Context) -> LoadOptions {
    let usual = LoadOptions::new(context.configuration.threads, now);
    match context.configuration.memory {
        // The process needs about twice what its rows take.
        Some(memory) => LoadOptions { memory_bytes: (memory.0 / 2) as usize, ..usual },
        None => usual,
    }
}

/// What will be loaded, before it is.
fn announce(plan: &ReleasePlan) {
    let (all, to_load) = (plan.tables.len() as u64, plan.to_load().count() as u64);
    let there = if to_load < all { format!(", {} of them loaded already", all - to_load) } else { String::new() };
    say(&format!("{} ({}, by {}): {}{there}", plan.release, plan.schema.title, plan.reason, counted(all, "table")));
    if to_load > 0 {
        let (read, needed, free) = (size(plan.bytes_to_read()), size(plan.needed_bytes), size(plan.available_bytes));
        say(&format!("  {read} to read, at most {needed} of disk needed, {free} free"));
    }
    if !plan.missing.is_empty() {
        say(&format!("  not in the source: {}; they can be loaded later", list(&plan.missing)));
    }
    if !plan.ignored.is_empty() {
        warn(&format!("no table of the release, left out: {}", list(&plan.ignored)));
    }
    if let Some(text) = &plan.hint {
        hint(text);
    }
}

fn load(
    context: &Context,
    warehouse: &Warehouse,
    source: &Source,
    plans: &[ReleasePlan],
    options: &LoadOptions,
    detail: Detail,
) -> Result<(), Failure> {
    let progress = FilesProgress::begin();
    let report = bedside_load::load(source, plans, warehouse, options, &|event| show(&progress, &event), &context.stop);
    progress.finish();
    stop::check(&context.stop).map_err(|stopped| {
        stopped.with_hint("tables already published are kept; the same command goes on where it stopped")
    })?;
    summary::report(&report, warehouse, detail)?;
    if report.is_complete() {
        return Ok(());
    }
    let failed = report.failures().count() as u64;
    let message = match failed {
        0 => "not everything could be brought up to date".to_owned(),
        _ => format!("{} not published", counted(failed, "table")),
    };
    Err(Failure::new(ErrorCode::InvalidData, message)
        .with_hint("after the fix run the same command again: it loads only what is missing"))
}

fn show(progress: &FilesProgress, event: &Event<'_>) {
    match event {
        Event::ReleaseStarted { tables, bytes, .. } => progress.expect(*tables as u64, *bytes),
        Event::FileStarted { table, bytes, .. } => progress.file_begun(table, bytes.unwrap_or(0)),
        Event::BytesRead { table, more } => progress.file_read(table, *more),
        Event::StageStarted { table, stage } => progress.file_stage(
            table,
            match stage {
                Stage::Comparing => "comparing",
                Stage::Reading => "",
                Stage::Writing => "writing",
            },
        ),
        Event::TableDone { report } => {
            progress.file_done(&report.table);
            if let Outcome::Failed(error) = &report.outcome
                && error.code() != ErrorCode::Stopped
            {
                progress.say(&format!("{} failed; the others go on", report.table));
            }
        }
        _ => {}
    }
}

/// A few names, and how many more there are.
fn list(names: &[String]) -> String {
    const SHOWN: usize = 6;
    match names.len() {
        0..=SHOWN => names.join(", "),
        more => format!("{} and {} more", names[..SHOWN].join(", "), more - SHOWN),
    }
}

/// The time now, RFC 3339 in UTC to the second.
fn now() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    rfc3339(seconds)
}
