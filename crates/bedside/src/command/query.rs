//! `bedside query`: one statement or many, the rows of queries in any form.

use super::Context;
use crate::arguments::{FormatArgument, OutputArguments, QueryArguments};
use crate::failure::Failure;
use crate::notice::{counted, say, warn};
use crate::output::{Destination, Listing, Omitted, RowWriter, choose_format, count, print_listing, text};
use crate::session::{Provenance, Run, Script, Session, provenance};
use crate::shell::is_blank;
use crate::terminal::Terminal;
use crate::{parameters, stop};
use bedside_engine::{Change, ChangeKind};
use bedside_service::{Accuracy, Estimate, PlannedQuery, Statement};
use bedside_types::SqlType;
use std::io::{self, IsTerminal, Read, Write};
use std::path::Path;
use std::time::{Duration, Instant};

/// Runs the statements and writes their rows.
pub(crate) fn run(context: &Context, arguments: &QueryArguments) -> Result<(), Failure> {
    let sql = read_statement(arguments)?;
    if is_blank(&sql) {
        return Err(Failure::usage("the text holds no statement").with_hint("bedside query 'SELECT …'"));
    }
    let parameters = parameters::read(&arguments.parameters)?;
    let terminal = if arguments.output.output.is_none() { Terminal::stdout() } else { Terminal::plain(None) };
    // Wrong options are said before work is done for nothing.
    let format = choose_format(&arguments.output, terminal)?;
    let session = Session::open(context, arguments.dataset.as_deref())?.reaching(context, &arguments.places)?;
    let most = arguments.maximum_bytes_billed.map(|bytes| bytes.0);
    if arguments.dry_run {
        return show_estimate(&session.estimate(&sql, &parameters, most)?, &arguments.output);
    }
    let mut script = session.script(&sql, &parameters, most)?;
    check_output(&script, format, arguments)?;
    if arguments.explain {
        return explain(&mut script, arguments);
    }
    let mut results = Results { format, terminal, output: &arguments.output, given: 0 };
    while let Some(statement) = script.next()? {
        stop::check(&context.stop)?;
        match statement {
            Statement::Query(query) => results.query(&mut script, query, arguments.max_rows)?,
            Statement::Change(change) => script.change(change)?.iter().for_each(tell),
        }
        stop::check(&context.stop)?;
    }
    Ok(())
}

/// Where the rows of a text's queries go.
struct Results<'a> {
    format: FormatArgument,
    terminal: Terminal,
    output: &'a OutputArguments,
    given: u64,
}

impl Results<'_> {
    fn query(&mut self, script: &mut Script, query: PlannedQuery, most: Option<u64>) -> Result<(), Failure> {
        let start = Instant::now();
        let file = self.output.output.as_deref();
        if self.given > 0 && takes_one(self.format, file) {
            return Err(one_query_only("several queries"));
        }
        let mut destination = Destination::of(file)?;
        if self.given > 0 && matches!(self.format, FormatArgument::Table | FormatArgument::Csv) {
            destination.write_all(b"\n").map_err(|error| Failure::io("cannot write the rows", &error))?;
        }
        self.given += 1;
        let mut writer = RowWriter::new(self.format, query.columns(), destination, self.terminal)?;
        let said = provenance(&query.kinds());
        let ran = script.run(query, most, |batch| writer.write(batch))?;
        let omitted = writer.finish()?;
        if self.format == FormatArgument::Table || file.is_some() {
            say(&footer(ran, omitted, start.elapsed(), file));
        }
        if let Some(provenance) = said {
            say(&provenance_line(provenance));
        }
        Ok(())
    }
}

/// A file, and a form that is a file, take the rows of one query.
fn check_output(script: &Script, format: FormatArgument, arguments: &QueryArguments) -> Result<(), Failure> {
    let one = takes_one(format, arguments.output.output.as_deref());
    if arguments.explain && script.is_script() {
        return Err(Failure::usage("--explain takes one statement"));
    }
    match script.queries() {
        _ if !one || arguments.explain => Ok(()),
        0 => Err(Failure::usage("no statement of the text gives rows to write")),
        1 => Ok(()),
        queries => Err(one_query_only(&format!("{queries} queries"))),
    }
}

fn takes_one(format: FormatArgument, file: Option<&Path>) -> bool {
    file.is_some() || matches!(format, FormatArgument::Parquet | FormatArgument::Arrow)
}

fn one_query_only(found: &str) -> Failure {
    Failure::usage(format!("the rows of {found} do not go into one file"))
        .with_hint("write those of the last: keep the others in tables with CREATE TEMP TABLE")
}

fn explain(script: &mut Script, arguments: &QueryArguments) -> Result<(), Failure> {
    let plan = match script.next()? {
        Some(Statement::Query(query)) => query.explain()?,
        Some(Statement::Change(change)) => match change.explain()? {
            Some(plan) => format!("{}\n{plan}", change.words()),
            None => format!("{}\n", change.words()),
        },
        None => String::new(),
    };
    let mut destination = Destination::of(arguments.output.output.as_deref())?;
    destination.write_all(plan.as_bytes()).map_err(|error| Failure::io("cannot write the plan", &error))?;
    destination.finish()
}

/// What the statements would read, and what BigQuery would charge for them.
fn show_estimate(estimate: &Estimate, output: &OutputArguments) -> Result<(), Failure> {
    let statistics = &estimate.statistics;
    let mut listing = Listing::new(&[
        ("statement", SqlType::String),
        ("bytes_processed", SqlType::Int64),
        ("bytes_billed", SqlType::Int64),
        ("usd", SqlType::String),
        ("tables", SqlType::String),
    ]);
    let tables: Vec<_> = statistics.tables.iter().map(|table| format!("{}.{}", table.dataset, table.table)).collect();
    listing.push([
        text(statistics.statement.map_or("", |statement| statement.word())),
        count(statistics.bytes_processed),
        count(statistics.bytes_billed),
        text(format!("{:.5}", estimate.price)),
        text(tables.join(", ")),
    ]);
    print_listing(&listing, output)?;
    if estimate.accuracy == Accuracy::LowerBound {
        warn("it reads at least so much: some statements need what those before them make");
    }
    Ok(())
}

/// Says what a statement did.
pub(crate) fn tell(change: &Change) {
    let rows = change.rows.map(|rows| counted(rows, "row"));
    let target = &change.target;
    let of = |word: &str| match &rows {
        Some(rows) => format!("{rows} {word} {target}"),
        None => format!("{word} {target}"),
    };
    say(&match change.kind {
        ChangeKind::Created | ChangeKind::Replaced => {
            let word = if change.kind == ChangeKind::Created { "created" } else { "replaced" };
            match &rows {
                Some(rows) => format!("{word} {target} with {rows}"),
                None => format!("{word} {target}"),
            }
        }
        ChangeKind::Dropped => format!("dropped {target}"),
        ChangeKind::Altered => format!("altered {target}"),
        ChangeKind::Inserted => of("inserted into"),
        ChangeKind::Updated => of("updated in"),
        ChangeKind::Deleted => of("deleted from"),
        ChangeKind::Merged => {
            let merged = change.merged.unwrap_or_default();
            format!(
                "merged into {target}: {} inserted, {} updated, {} deleted",
                counted(merged.inserted, "row"),
                merged.updated,
                merged.deleted
            )
        }
        ChangeKind::Exported => of("exported to"),
        ChangeKind::Loaded => of("loaded into"),
        ChangeKind::Truncated => of("truncated from"),
        ChangeKind::Skipped => format!("skipped {target}: nothing to do"),
    });
    for warning in &change.warnings {
        warn(warning);
    }
}

/// `3 rows (0.02 s)`, and what is missing of them on the screen.
pub(crate) fn footer(ran: Run, omitted: Omitted, elapsed: Duration, file: Option<&Path>) -> String {
    let mut line = format!("{} ({:.2} s)", counted(ran.rows, "row"), elapsed.as_secs_f64());
    if ran.cut {
        line.push_str(", there are more");
    }
    if let Some(file) = file {
        line.push_str(&format!(" written to {}", file.display()));
    }
    if omitted.columns > 0 {
        let columns = counted(omitted.columns as u64, "column");
        line.push_str(&format!("; {columns} did not fit: widen the terminal, name columns, or use --format csv"));
    }
    line
}

/// Says that a result is from no full release.
pub(crate) fn provenance_line(provenance: Provenance) -> String {
    match provenance {
        Provenance::Synthetic => "synthetic data: no figure from them means anything about patients".to_owned(),
        Provenance::Demo => "demo data: about 100 patients".to_owned(),
        Provenance::DemoAndSynthetic => "demo and synthetic data: no figure from them means anything".to_owned(),
    }
}

fn read_statement(arguments: &QueryArguments) -> Result<String, Failure> {
    if let Some(path) = &arguments.file {
        if path.as_os_str() == "-" {
            return read_standard_input();
        }
        return std::fs::read_to_string(path)
            .map_err(|error| Failure::io(format!("cannot read {}", path.display()), &error));
    }
    match arguments.sql.as_deref() {
        Some("-") => read_standard_input(),
        Some(sql) => Ok(sql.to_owned()),
        None if io::stdin().is_terminal() => Err(Failure::usage("no statement is given")
            .with_hint("bedside query 'SELECT …', bedside query -f FILE, or bedside shell")),
        None => read_standard_input(),
    }
}

fn read_standard_input() -> Result<String, Failure> {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).map_err(|error| Failure::io("cannot read standard input", &error))?;
    Ok(text)
}
