//! What has to hold before a change lands, cheapest first.

use crate::{bench, cargo};
use anyhow::{Context as _, Result, ensure};
use std::process::Command;

/// Runs every step; the first that fails ends it.
///
/// One profile for all of them, so that a machine with an empty cache builds the dependencies once for code and once
/// for lints. The README's commands are among the tests of the program.
pub(crate) fn run() -> Result<()> {
    cargo("fmt --all --check")?;
    cargo("test --release --workspace --no-fail-fast")?;
    bench::tiny()?;
    cargo("clippy --release --workspace --all-targets -- -D warnings")?;
    clients()
}

/// The real clients of BigQuery against a served demo; they need Python.
fn clients() -> Result<()> {
    let found = Command::new("python3").args(["-c", "import sys, venv; sys.exit(sys.version_info < (3, 10))"]).status();
    if !found.is_ok_and(|status| status.success()) {
        #[expect(clippy::print_stderr, reason = "whoever runs the tests has to know")]
        {
            eprintln!("the tests of BigQuery's clients were not run: they need python3 (3.10 or later) with venv");
        }
        return Ok(());
    }
    let status = Command::new("python3")
        .args(["tests/clients/run.py", "target/release/bedside"])
        .status()
        .context("cannot start `python3`")?;
    ensure!(status.success(), "the tests of BigQuery's clients failed with {status}");
    Ok(())
}
