//! `bedside completions`: a script that lets a shell complete commands and options.

use crate::arguments::{Cli, CompletionsArguments};
use crate::failure::Failure;
use crate::output::Destination;
use clap::CommandFactory;

/// Prints the script.
pub(crate) fn run(arguments: &CompletionsArguments) -> Result<(), Failure> {
    let mut script = Destination::stdout();
    clap_complete::generate(arguments.shell, &mut Cli::command(), "bedside", &mut script);
    script.finish()
}
