//! `bedside jobs`: what was run, by this program and by others on the same home.

use super::Context;
use crate::arguments::{JobArguments, JobsArguments, JobsCommand, JobsListArguments, OutputArguments, StateArgument};
use crate::failure::Failure;
use crate::notice::say;
use crate::output::{Listing, count, print_listing, rfc3339, text};
use crate::session::Session;
use bedside_service::{ChangedRows, Job, JobFilter, JobState, Principal};
use bedside_types::{ErrorCode, SqlType, Value};

/// Jobs that are listed where nobody says how many.
const USUAL: usize = 20;

/// Lists, shows or cancels.
pub(crate) fn run(context: &Context, arguments: &JobsArguments) -> Result<(), Failure> {
    let session = Session::open(context, None)?;
    match &arguments.command {
        None => list(&session, None, USUAL, &OutputArguments::default()),
        Some(JobsCommand::List(JobsListArguments { state, most, output })) => list(&session, *state, *most, output),
        Some(JobsCommand::Show(arguments)) => show(&job(&session, arguments)?, &arguments.output),
        Some(JobsCommand::Cancel(arguments)) => cancel(&session, arguments),
    }
}

fn list(session: &Session, state: Option<StateArgument>, most: usize, output: &OutputArguments) -> Result<(), Failure> {
    let states = state.map(|state| match state {
        StateArgument::Pending => JobState::Pending,
        StateArgument::Running => JobState::Running,
        StateArgument::Done => JobState::Done,
    });
    let filter = JobFilter { states: states.into_iter().collect(), most, ..JobFilter::default() };
    let page = session.wait(session.gate()?.jobs(&Principal::owner(), filter))?;
    let mut listing = Listing::new(&[
        ("job", SqlType::String),
        ("created", SqlType::String),
        ("state", SqlType::String),
        ("statement", SqlType::String),
        ("rows", SqlType::Int64),
        ("bytes_processed", SqlType::Int64),
        ("seconds", SqlType::Float64),
        ("error", SqlType::String),
    ]);
    for job in &page.jobs {
        let seconds = job.ended.map_or(Value::Null, |ended| Value::Float64((ended - job.created) as f64 / 1e3));
        listing.push([
            text(job.key.id.as_str()),
            text(time(job.created)),
            text(job.state.word()),
            text(job.statistics.statement.map_or_else(|| job.kind.word(), |statement| statement.word())),
            job.statistics.rows.map_or(Value::Null, count),
            count(job.statistics.bytes_processed),
            seconds,
            job.error.as_ref().map_or(Value::Null, |error| text(error.message.as_str())),
        ]);
    }
    print_listing(&listing, output)?;
    if page.next.is_some() {
        say("there are more: bedside jobs list --most N");
    }
    Ok(())
}

fn show(job: &Job, output: &OutputArguments) -> Result<(), Failure> {
    let mut listing = Listing::new(&[("property", SqlType::String), ("value", SqlType::String)]);
    let statistics = &job.statistics;
    let tables: Vec<_> = statistics.tables.iter().map(ToString::to_string).collect();
    let optional = |number: Option<u64>| number.map(|number| number.to_string());
    for (property, value) in [
        ("job", Some(job.key.id.clone())),
        ("project", Some(job.key.project.clone())),
        ("parent", job.parent.clone()),
        ("front", Some(job.front.clone())),
        ("state", Some(job.state.word().to_owned())),
        ("error", job.error.as_ref().map(|error| error.message.clone())),
        ("statement", statistics.statement.map(|statement| statement.word().to_owned())),
        ("created", Some(time(job.created))),
        ("started", job.started.map(time)),
        ("ended", job.ended.map(time)),
        ("rows", optional(statistics.rows)),
        ("rows changed", optional(statistics.changed.map(ChangedRows::total))),
        ("bytes processed", Some(statistics.bytes_processed.to_string())),
        ("bytes billed", Some(statistics.bytes_billed.to_string())),
        ("tables", Some(tables.join(", ")).filter(|tables| !tables.is_empty())),
        ("statements", Some(statistics.children.to_string()).filter(|_| statistics.children > 0)),
        ("sql", job.text.clone()),
    ] {
        if let Some(value) = value {
            listing.push([text(property), text(value)]);
        }
    }
    print_listing(&listing, output)
}

fn cancel(session: &Session, arguments: &JobArguments) -> Result<(), Failure> {
    let job = job(session, arguments)?;
    if job.state == JobState::Done {
        say(&format!("{} is done already", job.key.id));
        return Ok(());
    }
    let job = session.wait(session.gate()?.cancel(&Principal::owner(), &job.key))?;
    say(&match job.state {
        JobState::Done => format!("{} is cancelled", job.key.id),
        _ => format!("{} was asked to stop", job.key.id),
    });
    Ok(())
}

/// The job of that id, whatever project it is in.
fn job(session: &Session, arguments: &JobArguments) -> Result<Job, Failure> {
    let found = session.wait(session.gate()?.jobs_called(&Principal::owner(), &arguments.id))?;
    found.into_iter().next().ok_or_else(|| {
        Failure::new(ErrorCode::NotFound, format!("there is no job {}", arguments.id))
            .with_hint("bedside jobs lists them")
    })
}

/// Milliseconds since 1970 as RFC 3339 to the second.
pub(super) fn time(milliseconds: i64) -> String {
    rfc3339(u64::try_from(milliseconds / 1_000).unwrap_or_default())
}
