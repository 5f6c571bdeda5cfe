//! What has to hold before a change lands, cheapest first.

use crate::{bench, cargo};
use anyhow::Result;

/// Runs every step; the first that fails ends it.
///
/// One profile for all of them, so that a machine with an empty cache builds the dependencies once for code and once
/// for lints. The README's commands are among the tests of the program.
pub(crate) fn run() -> Result<()> {
    cargo("fmt --all --check")?;
    cargo("test --release --workspace --no-fail-fast")?;
    bench::tiny()?;
    cargo("clippy --release --workspace --all-targets -- -D warnings")
}
