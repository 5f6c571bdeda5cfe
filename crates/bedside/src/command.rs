//! What the commands do, one file each.

mod alias;
mod client_setup;
mod completions;
mod concepts;
mod datasets;
mod demo;
mod describe;
mod describe_personal;
mod jobs;
mod load;
mod query;
mod remove;
mod search;
mod serve;
mod shell;
mod status;
mod synth;
mod token;
mod verify;

use crate::arguments::{Cli, Command};
use crate::configuration::Configuration;
use crate::failure::Failure;
use crate::stop;
use bedside_store::Warehouse;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// What every command works with.
#[derive(Clone, Debug)]
pub(crate) struct Context {
    /// Settings in force.
    pub(crate) configuration: Configuration,
    /// Set by Ctrl-C.
    pub(crate) stop: Arc<AtomicBool>,
}

impl Context {
    /// The home, made if it is not there.
    pub(crate) fn warehouse(&self) -> Result<Warehouse, Failure> {
        Ok(Warehouse::open(&self.configuration.home)?)
    }
}

/// Runs the command.
pub(crate) fn run(cli: Cli) -> Result<(), Failure> {
    let Cli { global, command } = cli;
    if let Command::Completions(arguments) = command {
        return completions::run(&arguments);
    }
    let context = Context { configuration: Configuration::resolve(&global)?, stop: stop::listen()? };
    match command {
        Command::Demo(arguments) => demo::run(&context, &arguments),
        Command::Concepts(arguments) => concepts::run(&context, &arguments),
        Command::Load(arguments) => load::run(&context, &arguments),
        Command::Synth(arguments) => synth::run(&context, &arguments),
        Command::Alias(arguments) => alias::run(&context, &arguments),
        Command::Remove(arguments) => remove::run(&context, &arguments),
        Command::Status(arguments) => status::run(&context, &arguments),
        Command::Datasets(arguments) => datasets::run(&context, &arguments),
        Command::Describe(arguments) => describe::run(&context, &arguments),
        Command::Search(arguments) => search::run(&context, &arguments),
        Command::Verify(arguments) => verify::run(&context, &arguments),
        Command::Serve(arguments) => serve::run(&context, &arguments),
        Command::ClientSetup(arguments) => client_setup::run(&context, &arguments),
        Command::Query(arguments) => query::run(&context, &arguments),
        Command::Jobs(arguments) => jobs::run(&context, &arguments),
        Command::Token(arguments) => token::run(&context, &arguments),
        Command::Shell(arguments) => shell::run(&context, &arguments),
        // Needs no settings and is done above.
        Command::Completions(arguments) => completions::run(&arguments),
    }
}
