//! What has to hold before a change lands, cheapest first.

use anyhow::{Context as _, Result, ensure};
use std::ffi::OsStr;
use std::process::Command;

/// Runs every step; the first that fails ends it.
///
/// One profile for all of them, so that a machine with an empty cache builds the dependencies once for code and once
/// for lints.
pub(crate) fn run() -> Result<()> {
    cargo(["fmt", "--all", "--check"])?;
    cargo(["test", "--release", "--workspace", "--all-targets", "--no-fail-fast"])?;
    cargo(["test", "--release", "--workspace", "--doc"])?;
    first_command()?;
    cargo(["clippy", "--release", "--workspace", "--all-targets", "--", "-D", "warnings"])
}

/// The README's first command, as on a machine where nothing of bedside has ever run.
fn first_command() -> Result<()> {
    let home = tempfile::tempdir()?;
    step(Command::new("cargo").args(["run", "--release", "--", "demo", "--no-serve"]).env("BEDSIDE_HOME", home.path()))
}

fn cargo<const N: usize>(arguments: [&str; N]) -> Result<()> {
    step(Command::new("cargo").args(arguments))
}

fn step(command: &mut Command) -> Result<()> {
    let words: Vec<_> = [command.get_program()].into_iter().chain(command.get_args()).map(OsStr::to_string_lossy).collect();
    let words = words.join(" ");
    let status = command.status().with_context(|| format!("cannot start `{words}`"))?;
    ensure!(status.success(), "`{words}` failed with {status}");
    Ok(())
}
