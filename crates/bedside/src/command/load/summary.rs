//! What a load will do and what it did, as tables and lines.

use crate::arguments::{FormatArgument, OutputArguments};
use crate::failure::Failure;
use crate::inventory::movable;
use crate::notice::{counted, grouped, hint, say, size, warn};
use crate::output::{Listing, count, print_listing, text};
use bedside_engine::Inventory;
use bedside_load::{Outcome, ReleasePlan, ReleaseReport, Report, TableReport, TableState};
use bedside_store::Warehouse;
use bedside_types::{SqlType, Value};

/// Summaries are for reading.
const AS_TABLE: OutputArguments = OutputArguments { format: Some(FormatArgument::Table), output: None };
/// Warnings shown one by one; the rest are counted.
const WARNINGS: usize = 10;

/// The tables that would be loaded.
pub(super) fn plans(plans: &[ReleasePlan]) -> Result<(), Failure> {
    for plan in plans {
        let mut listing = Listing::new(&[
            ("table", SqlType::String),
            ("expected", SqlType::Int64),
            ("mb", SqlType::Float64),
            ("checksum", SqlType::String),
            ("would_be", SqlType::String),
            ("file", SqlType::String),
        ]);
        for table in &plan.tables {
            listing.push([
                text(table.name()),
                table.expected_rows.map_or(Value::Null, count),
                table.file.bytes.map_or(Value::Null, |bytes| Value::Float64(round(bytes as f64 / 1e6, 10.0))),
                text(if table.checksum.is_some() { "listed" } else { "not listed" }),
                text(match table.state {
                    TableState::New => "loaded",
                    TableState::Published(_) => "left as it is",
                    TableState::Compare(_) => "compared",
                    TableState::Outdated => "replaced",
                }),
                text(table.file.path.as_str()),
            ]);
        }
        print_listing(&listing, &AS_TABLE)?;
    }
    say("nothing was loaded: this was a dry run");
    Ok(())
}

/// How much is told of what went well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Detail {
    /// Every table.
    Tables,
    /// One line per release.
    Sums,
}

/// The tables of every release, then what failed, what to know, and where names point now.
pub(super) fn report(report: &Report, warehouse: &Warehouse, detail: Detail) -> Result<(), Failure> {
    for release in &report.releases {
        if detail == Detail::Tables {
            tables(release)?;
        }
        sums(release);
        warnings(release);
        for table in &release.tables {
            if let Outcome::Failed(error) = &table.outcome {
                failed(&format!("{} was not published: {error}", table.table), error.hint());
            }
        }
        if let Some(error) = &release.error {
            failed(&format!("{}: {error}", release.release), error.hint());
        }
    }
    names(report, &Inventory::read(warehouse)?);
    Ok(())
}

fn tables(release: &ReleaseReport) -> Result<(), Failure> {
    let mut listing = Listing::new(&[
        ("table", SqlType::String),
        ("expected", SqlType::Int64),
        ("rows", SqlType::Int64),
        ("seconds", SqlType::Float64),
        ("mb_per_s", SqlType::Float64),
        ("result", SqlType::String),
    ]);
    for table in &release.tables {
        listing.push([
            text(table.table.as_str()),
            table.expected_rows.map_or(Value::Null, count),
            count(table.rows),
            Value::Float64(round(table.elapsed.as_secs_f64(), 100.0)),
            table.megabytes_per_second().map_or(Value::Null, |speed| Value::Float64(round(speed, 10.0))),
            text(result(table)),
        ]);
    }
    say("");
    print_listing(&listing, &AS_TABLE)
}

fn sums(release: &ReleaseReport) {
    let rows = release.tables.iter().map(|table| table.rows).sum();
    let bytes: u64 = release.tables.iter().map(|table| table.source_bytes).sum();
    let done = release.tables.iter().filter(|table| !matches!(table.outcome, Outcome::Failed(_))).count();
    say(&format!(
        "{}: {} of {} with {} rows from {} in {:.1} s",
        release.release,
        done,
        counted(release.tables.len() as u64, "table"),
        grouped(rows),
        size(bytes),
        release.elapsed.as_secs_f64()
    ));
}

/// One or two words on how a table ended.
fn result(table: &TableReport) -> String {
    let different = table.expected_rows.is_some_and(|expected| expected != table.rows);
    match &table.outcome {
        Outcome::Failed(_) => "FAILED".to_owned(),
        _ if table.quarantined > 0 => format!("{} set aside", counted(table.quarantined, "row")),
        _ if different => "rows: not as published".to_owned(),
        Outcome::AlreadyPublished => "was there".to_owned(),
        Outcome::Published => "loaded".to_owned(),
    }
}

fn warnings(release: &ReleaseReport) {
    let all: Vec<(&str, &String)> = release
        .tables
        .iter()
        .flat_map(|table| table.warnings.iter().map(|text| (table.table.as_str(), text)))
        .collect();
    for (table, text) in all.iter().take(WARNINGS) {
        warn(&format!("{table}: {text}"));
    }
    if all.len() > WARNINGS {
        let more = counted((all.len() - WARNINGS) as u64, "more warning");
        warn(&format!("{more}: bedside status {}", release.release));
    }
    for table in &release.tables {
        if let Some(path) = &table.quarantine {
            let rows = counted(table.quarantined, "row");
            warn(&format!("{}: {rows} set aside with their reasons in {path} of the home", table.table));
        }
    }
}

fn failed(message: &str, next: Option<String>) {
    crate::notice::error(message);
    if let Some(next) = next {
        hint(&next);
    }
}

/// Where the movable names of the loaded families point.
fn names(report: &Report, inventory: &Inventory) {
    for dataset in movable(inventory) {
        let ours = report.releases.iter().any(|release| release.release.family() == dataset.manifest.family);
        if ours {
            let release = &dataset.manifest.release;
            say(&format!("{} is {release} ({})", dataset.name, release.kind().word()));
        }
    }
}

fn round(value: f64, steps: f64) -> f64 {
    (value * steps).round() / steps
}
