//! Chores of the workspace: `cargo xtask test` is everything that has to hold before a change lands.

mod test;

use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(bin_name = "cargo xtask", about)]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Debug, Subcommand)]
enum Chore {
    /// Format check, all tests and lints.
    Test,
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().chore {
        Chore::Test => test::run(),
    }
}
