//! Building, with progress and a summary.

use super::naming::Concepts;
use super::{failed, keep_code_lists};
use crate::arguments::{BuildArguments, FormatArgument, OutputArguments};
use crate::command::Context;
use crate::failure::Failure;
use crate::notice::{counted, grouped, hint, say, warn};
use crate::output::{Listing, count, print_listing, rfc3339, text};
use crate::progress::Steps;
use crate::session;
use crate::stop;
use bedside_concepts::{BuildOptions, ConceptReport, Definitions, Error, Event, Family, Outcome, Report};
use bedside_engine::{Engine, Inventory};
use bedside_types::{ErrorCode, ReleaseId, SqlType, Value};
use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

/// Summaries are for reading.
const AS_TABLE: OutputArguments = OutputArguments { format: Some(FormatArgument::Table), output: None };
/// Warnings shown one by one; the rest are counted.
const WARNINGS: usize = 10;

/// How much is told of what went well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Detail {
    /// Every concept.
    Tables,
    /// One line.
    Sums,
}

/// Builds what the arguments name.
pub(super) fn run(context: &Context, arguments: &BuildArguments) -> Result<(), Failure> {
    let concepts = Concepts::read(context, &arguments.definitions)?;
    let inventory = Inventory::read(&context.warehouse()?)?;
    let releases = releases(&inventory, arguments.dataset.as_deref())?;
    let only = only(&concepts, &releases, &arguments.only)?;
    keep_code_lists(context, &arguments.code_lists, None)?;
    for (release, family) in &releases {
        let wanted = only.get(family).map_or(&[][..], Vec::as_slice);
        if only.is_empty() || !wanted.is_empty() {
            build(context, release, concepts.of(*family), wanted, Detail::Tables)?;
        }
    }
    Ok(())
}

/// Builds all concepts of a release, if there are any for its family.
pub(crate) fn build_release(context: &Context, release: &ReleaseId, detail: Detail) -> Result<(), Failure> {
    match Family::of(release) {
        Some(family) => build(context, release, &Definitions::embedded(family), &[], detail),
        None => Ok(()),
    }
}

/// The concepts that were asked for, by family; none for all.
fn only(
    concepts: &Concepts,
    releases: &[(ReleaseId, Family)],
    names: &[String],
) -> Result<BTreeMap<Family, Vec<String>>, Failure> {
    let among: Vec<Family> =
        Family::ALL.into_iter().filter(|family| releases.iter().any(|(_, of)| of == family)).collect();
    let mut only: BTreeMap<Family, Vec<String>> = BTreeMap::new();
    for name in names {
        let (family, concept) = concepts.find(name, &among)?;
        if !among.contains(&family) {
            let message = format!("{concept} is a concept of {}, and no release of it is to be built", family.title());
            return Err(
                Failure::new(ErrorCode::NotFound, message).with_hint("bedside concepts list shows what there is")
            );
        }
        only.entry(family).or_default().push(concept);
    }
    Ok(only)
}

/// The releases that a dataset or a release name means; all that there are concepts for where none is given.
fn releases(inventory: &Inventory, name: Option<&str>) -> Result<Vec<(ReleaseId, Family)>, Failure> {
    let all = || inventory.manifests().iter().map(|manifest| &manifest.release);
    let Some(name) = name else {
        let releases: Vec<_> = all().filter_map(|release| Some((release.clone(), Family::of(release)?))).collect();
        if releases.is_empty() {
            let message = "no release of MIMIC-IV or MIMIC-III is loaded";
            return Err(Failure::new(ErrorCode::NotFound, message).with_hint("bedside load SOURCE, or bedside demo"));
        }
        return Ok(releases);
    };
    let release = match all().find(|release| release.as_str() == name) {
        Some(release) => release.clone(),
        None => crate::inventory::require_dataset(inventory, name)?.manifest.release.clone(),
    };
    let unknown = || Error::UnknownFamily { family: release.family().to_owned() };
    let family = Family::of(&release).ok_or_else(unknown)?;
    Ok(vec![(release, family)])
}

fn build(
    context: &Context,
    release: &ReleaseId,
    definitions: &Definitions,
    only: &[String],
    detail: Detail,
) -> Result<(), Failure> {
    let configuration = &context.configuration;
    let engine = Engine::open(context.warehouse()?, session::options(configuration))?;
    let options = BuildOptions { only: only.to_vec(), threads: configuration.threads, now };
    let progress = Steps::begin("concepts");
    let report = bedside_concepts::build(
        &engine,
        release,
        definitions,
        &options,
        &|event| show(&progress, &event),
        &context.stop,
    );
    progress.finish();
    stop::check(&context.stop).map_err(|stopped| {
        stopped.with_hint("tables already built are kept; bedside concepts build goes on where it stopped")
    })?;
    summary(&report?, detail)
}

fn show(progress: &Steps, event: &Event<'_>) {
    match event {
        Event::Started { concepts, .. } => progress.expect(*concepts as u64),
        Event::ConceptStarted { name } => progress.step_begun(name),
        Event::ConceptDone { report } => {
            progress.step_done(&report.name);
            if let Outcome::Failed(error) = &report.outcome
                && error.code() != ErrorCode::Stopped
            {
                progress.say(&format!("{} failed; the others go on", report.name));
            }
        }
        _ => {}
    }
}

/// Every concept, the sums, what to know, and what failed.
fn summary(report: &Report, detail: Detail) -> Result<(), Failure> {
    if detail == Detail::Tables {
        tables(report)?;
    }
    let is_built = |outcome: &Outcome| matches!(outcome, Outcome::Built);
    let is_current = |outcome: &Outcome| matches!(outcome, Outcome::Built | Outcome::Unchanged);
    let rows = report.concepts.iter().filter(|concept| is_current(&concept.outcome)).filter_map(|concept| concept.rows);
    say(&format!(
        "{}: {} of {} up to date, {} of them built now, {} rows, {} checks, in {:.1} s",
        report.release,
        report.count(is_current),
        counted(report.concepts.len() as u64, "concept"),
        report.count(is_built),
        grouped(rows.sum()),
        grouped(report.concepts.iter().map(|concept| concept.checks).sum()),
        report.elapsed.as_secs_f64()
    ));
    if detail == Detail::Tables {
        warnings(report);
    }
    for concept in &report.concepts {
        match &concept.outcome {
            Outcome::Skipped(reason) => warn(&format!("{} was skipped: {reason}", concept.name)),
            Outcome::Failed(error) => {
                crate::notice::error(&format!("{} was not built: {error}", concept.name));
                if let Some(next) = error.hint() {
                    hint(&next);
                }
            }
            Outcome::Built | Outcome::Unchanged => {}
        }
    }
    match report.failures().count() as u64 {
        0 => Ok(()),
        count => Err(failed(count)),
    }
}

fn tables(report: &Report) -> Result<(), Failure> {
    let mut listing = Listing::new(&[
        ("concept", SqlType::String),
        ("rows", SqlType::Int64),
        ("seconds", SqlType::Float64),
        ("checks", SqlType::Int64),
        ("warnings", SqlType::Int64),
        ("result", SqlType::String),
    ]);
    for concept in &report.concepts {
        listing.push([
            text(concept.name.as_str()),
            concept.rows.map_or(Value::Null, count),
            Value::Float64((concept.elapsed.as_secs_f64() * 100.0).round() / 100.0),
            count(concept.checks),
            count(concept.warnings.len() as u64),
            text(result(concept)),
        ]);
    }
    say("");
    print_listing(&listing, &AS_TABLE)
}

fn result(concept: &ConceptReport) -> &'static str {
    match &concept.outcome {
        Outcome::Built => "built",
        Outcome::Unchanged => "was there",
        Outcome::Skipped(_) => "skipped",
        Outcome::Failed(_) => "FAILED",
    }
}

fn warnings(report: &Report) {
    let built = report.concepts.iter().filter(|concept| matches!(concept.outcome, Outcome::Built));
    let all: Vec<(&str, &String)> =
        built.flat_map(|concept| concept.warnings.iter().map(|warning| (concept.name.as_str(), warning))).collect();
    for (name, warning) in all.iter().take(WARNINGS) {
        warn(&format!("{name}: {warning}"));
    }
    if all.len() > WARNINGS {
        let more = counted((all.len() - WARNINGS) as u64, "more warning");
        warn(&format!("{more}: bedside status {}", report.release));
    }
}

/// The time now, RFC 3339 in UTC to the second.
fn now() -> String {
    rfc3339(SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()))
}
