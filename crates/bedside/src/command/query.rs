//! `bedside query`: one statement, its rows in any form.

use super::Context;
use crate::arguments::{FormatArgument, QueryArguments};
use crate::failure::Failure;
use crate::notice::{counted, say};
use crate::output::{Destination, Omitted, RowWriter, choose_format};
use crate::session::{Provenance, Run, Session};
use crate::shell::{first, is_blank};
use crate::terminal::Terminal;
use crate::{parameters, stop};
use std::io::{self, IsTerminal, Read, Write};
use std::path::Path;
use std::time::{Duration, Instant};

/// Runs the statement and writes its rows.
pub(crate) fn run(context: &Context, arguments: &QueryArguments) -> Result<(), Failure> {
    let sql = read_statement(arguments)?;
    require_one(&sql)?;
    let parameters = parameters::read(&arguments.parameters)?;
    let file = arguments.output.output.as_deref();
    let terminal = if file.is_none() { Terminal::stdout() } else { Terminal::plain(None) };
    // Wrong options are said before work is done for nothing.
    let format = choose_format(&arguments.output, terminal)?;
    let session = Session::open(context, arguments.dataset.as_deref())?;
    let prepared = session.prepare(&sql, &parameters)?;
    if arguments.explain {
        let mut destination = Destination::of(file)?;
        let plan = prepared.explain()?;
        destination.write_all(plan.as_bytes()).map_err(|error| Failure::io("cannot write the plan", &error))?;
        return destination.finish();
    }
    let start = Instant::now();
    let mut writer = RowWriter::new(format, prepared.columns(), Destination::of(file)?, terminal)?;
    let ran = session.run(&prepared, arguments.max_rows, |batch| writer.write(batch))?;
    stop::check(&context.stop)?;
    let omitted = writer.finish()?;
    if format == FormatArgument::Table || file.is_some() {
        say(&footer(ran, omitted, start.elapsed(), file));
    }
    if let Some(provenance) = prepared.provenance() {
        say(&provenance_line(provenance));
    }
    Ok(())
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

/// One statement, with or without a `;` at its end.
fn require_one(sql: &str) -> Result<(), Failure> {
    if is_blank(sql) {
        return Err(Failure::usage("the text holds no statement").with_hint("bedside query 'SELECT …'"));
    }
    match first(sql) {
        Some((_, rest)) if !is_blank(rest) => Err(Failure::usage("the text holds more than one statement")
            .with_hint("run them one by one, or all of a file with bedside shell < FILE")),
        _ => Ok(()),
    }
}

fn read_standard_input() -> Result<String, Failure> {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).map_err(|error| Failure::io("cannot read standard input", &error))?;
    Ok(text)
}
