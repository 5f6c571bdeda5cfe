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
use std::ffi::OsString;
use std::process::ExitCode;

/// Planning and running a statement make many small things on many threads, and large ones that must go back to the system
/// soon (`docs/decisions/0018-allocator.md`; its settings are in `.cargo/config.toml`).
#[cfg(unix)]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    logging::start();
    let cli = match Cli::try_parse_from(std::env::args_os().map(comment_first)) {
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

/// An argument that begins with a comment of SQL, `-- …`, is no flag: a blank before it says so, and no statement minds it.
fn comment_first(argument: OsString) -> OsString {
    let is_comment = argument.to_str().and_then(|text| text.strip_prefix("--")).is_some_and(|rest| {
        let name = rest.split(['=', '\n']).next().unwrap_or_default();
        name.contains(char::is_whitespace) || name.is_empty() && rest.starts_with('\n')
    });
    if !is_comment {
        return argument;
    }
    let mut text = OsString::from(" ");
    text.push(argument);
    text
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

#[cfg(test)]
mod tests {
    use super::comment_first;

    #[test]
    fn a_comment_is_no_flag() {
        for (argument, is_comment) in [
            ("-- all stays\nSELECT 1", true),
            ("--\nSELECT 1", true),
            ("--all stays", true),
            ("--", false),
            ("--format", false),
            ("--format=csv", false),
            ("--param=x:STRING:a b", false),
            ("-f", false),
            ("SELECT 1 -- one", false),
        ] {
            assert_eq!(comment_first(argument.into()) != argument, is_comment, "{argument:?}");
        }
    }
}
