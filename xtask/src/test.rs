//! What has to hold before a change lands, cheapest first.

use anyhow::{Context as _, Result, ensure};
use std::process::Command;

/// Runs every step; the first that fails ends it.
///
/// One profile for all of them, so that a machine with an empty cache builds the dependencies once for code and once
/// for lints. The README's commands are among the tests of the program.
pub(crate) fn run() -> Result<()> {
    cargo("fmt --all --check")?;
    cargo("test --release --workspace --no-fail-fast")?;
    cargo("clippy --release --workspace --all-targets -- -D warnings")
}

fn cargo(arguments: &str) -> Result<()> {
    let status = Command::new("cargo")
        .args(arguments.split(' '))
        .status()
        .context("cannot start `cargo`; is Rust installed?")?;
    ensure!(status.success(), "`cargo {arguments}` failed with {status}");
    Ok(())
}
