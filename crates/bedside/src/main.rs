//! The program: reads arguments and settings, runs one command, prints to standard output what is data and to standard
//! error everything else. It holds no rules about MIMIC or SQL; those are in the crates below it.
//!
//! Exit codes: 0 done, 1 the user's or the data's fault (wrong usage included), 2 a defect of ours.

mod access;
mod arguments;
mod command;
mod configuration;
mod failure;
mod inventory;
mod items;
mod logging;
mod notice;
mod output;
mod parameters;
mod progress;
mod session;
mod shell;
mod stop;
mod terminal;
mod verify;

use arguments::Cli;
use clap::Parser;
use std::process::ExitCode;

/// Planning and running a statement make many small things on many threads: a tenth less time than with the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    logging::start();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return explain(&error),
    };
    match command::run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) if output::is_closed_pipe(&failure) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.print();
            ExitCode::from(failure.code.exit())
        }
    }
}

/// Help goes to standard output; wrong usage to standard error, its tips called hints like all others.
fn explain(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        // Fails only where the stream is closed, and then nobody reads.
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    let text = if terminal::Terminal::stderr().has_colours() {
        error.render().ansi().to_string()
    } else {
        error.render().to_string()
    };
    for line in text.lines() {
        match line.split_once("tip:") {
            Some((before, tip)) if before.starts_with("  ") => {
                notice::say(&format!("{}hint:{tip}", before.trim_start()));
            }
            _ => notice::say(line),
        }
    }
    ExitCode::FAILURE
}
