//! Chores of the workspace: `cargo xtask test` is everything that has to hold before a change lands, `cargo xtask bench`
//! compares with other engines.

mod bench;
mod test;

use anyhow::{Context as _, Result, ensure};
use clap::{Parser, Subcommand};
use std::process::Command;

#[derive(Debug, Parser)]
#[command(bin_name = "cargo xtask", about)]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Debug, Subcommand)]
enum Chore {
    /// Format check, all tests, lints, and the comparison at a tiny size.
    Test,
    /// Compares with DuckDB, Polars and PostgreSQL on the same files.
    Bench(bench::Arguments),
}

fn main() -> Result<()> {
    match Arguments::parse().chore {
        Chore::Test => test::run(),
        Chore::Bench(arguments) => bench::run(&arguments),
    }
}

/// Runs cargo as a shell would. What `cargo run` says of this package to this program, build scripts further down would take
/// for news, and build half of the libraries again.
fn cargo(arguments: &str) -> Result<()> {
    let mut command = Command::new("cargo");
    command.args(arguments.split(' '));
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")) {
            command.env_remove(name);
        }
    }
    let status = command.status().context("cannot start `cargo`; is Rust installed?")?;
    ensure!(status.success(), "`cargo {arguments}` failed with {status}");
    Ok(())
}
