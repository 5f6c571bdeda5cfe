//! What can be written on the command line; nothing here acts.
//!
//! Flags win over environment variables, and those over the configuration file (see [`crate::configuration`]).

mod concepts;
mod jobs;
mod load;
mod place;
mod query;
mod serve;

pub(crate) use concepts::{
    BuildArguments, CodeListArguments, ConceptsArguments, ConceptsCommand, DefinitionArguments, DiffArguments,
    GraphArguments, GraphFormat, ListArguments, ShowArguments,
};
pub(crate) use jobs::{
    JobArguments, JobsArguments, JobsCommand, JobsListArguments, StateArgument, TokenArguments, TokenCommand,
};
pub(crate) use load::LoadArguments;
pub(crate) use place::PlaceArguments;
pub(crate) use query::{FormatArgument, OutputArguments, Parameter, QueryArguments};
pub(crate) use serve::{Client, ClientSetupArguments, ServeArguments};

use bedside_types::ReleaseId;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::str::FromStr;

/// MIMIC from one program of your own: load the files that PhysioNet publishes, ask in BigQuery's SQL
#[derive(Debug, Parser)]
#[command(
    name = "bedside",
    version,
    disable_help_subcommand = true,
    max_term_width = 100,
    after_help = "Examples:
  bedside demo                                     made-up data, loaded, with three first answers
  bedside load ~/physionet/mimic-iv-3.1            what you downloaded, verified and loaded
  bedside query 'SELECT COUNT(*) FROM mimiciv_icu.icustays'
  bedside search lactate                           which item, which column

`bedside COMMAND --help` shows the options and an example of each command."
)]
pub(crate) struct Cli {
    /// What applies to every command.
    #[command(flatten)]
    pub(crate) global: GlobalArguments,
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options that every command takes.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct GlobalArguments {
    /// Folder that holds the data [default: bedside in the platform's data folder]
    #[arg(long, global = true, value_name = "FOLDER", env = "BEDSIDE_HOME", hide_env_values = true)]
    #[arg(help_heading = "Global options")]
    pub(crate) home: Option<PathBuf>,
    /// Memory to use, as in 4GiB [default: 1/4 of the machine's for queries, 1GiB for loads]
    #[arg(long, global = true, value_name = "SIZE", env = "BEDSIDE_MEMORY", hide_env_values = true)]
    #[arg(help_heading = "Global options")]
    pub(crate) memory: Option<Bytes>,
    /// Threads to work with [default: one per core]
    #[arg(long, global = true, value_name = "N", env = "BEDSIDE_THREADS", hide_env_values = true)]
    #[arg(help_heading = "Global options")]
    pub(crate) threads: Option<NonZeroUsize>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make data, load them and show three first answers
    Demo(DemoArguments),
    /// Make synthetic MIMIC-IV or MIMIC-III as csv.gz files in PhysioNet's layout
    Synth(SynthArguments),
    /// Verify and load MIMIC from a folder, a zip, a URL or a bucket
    Load(LoadArguments),
    /// Build derived tables (SOFA, sepsis-3, …), and see how they are made
    Concepts(ConceptsArguments),
    /// Check loaded releases: files, row counts, keys
    Verify(VerifyArguments),
    /// Say which release a movable dataset name points at
    Alias(AliasArguments),
    /// Remove a loaded release, or a dataset of your own
    Remove(RemoveArguments),
    /// Show the home, its releases and their tables
    Status(StatusArguments),
    /// Run SQL in BigQuery's dialect (GoogleSQL)
    Query(QueryArguments),
    /// Ask interactively
    Shell(ShellArguments),
    /// Show, list or cancel jobs: every statement that was run
    Jobs(JobsArguments),
    /// Make, list or revoke tokens that let clients in
    Token(TokenArguments),
    /// Answer BigQuery's clients: Python, bq, R, JDBC
    Serve(ServeArguments),
    /// Write what a client needs to find the server
    ClientSetup(ClientSetupArguments),
    /// List the datasets that SQL can name, and where they point
    Datasets(DatasetsArguments),
    /// Explain a dataset, a table, a column or an itemid
    Describe(DescribeArguments),
    /// Find items, tables and columns by words
    Search(SearchArguments),
    /// Print a completion script for a shell
    Completions(CompletionsArguments),
}

/// `bedside demo`.
#[derive(Args, Debug)]
#[command(after_help = "Example:
  bedside demo --patients 50

It makes synthetic data only: no real patient is in them, and no figure from them means anything.
A second run finds the data loaded and only asks again.")]
pub(crate) struct DemoArguments {
    /// Patients to make up
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u64).range(1..=bedside_synth::MOST_PATIENTS))]
    pub(crate) patients: u64,
    /// End after the answers instead of starting a server
    #[arg(long)]
    pub(crate) no_serve: bool,
}

/// `bedside synth`.
#[derive(Args, Debug)]
#[command(after_help = "Example:
  bedside synth --patients 1000 --seed 7 --out synthetic
  bedside synth --dataset mimiciii --patients 200 --out synthetic-iii
  bedside load synthetic

The same numbers give the same bytes on any machine.")]
pub(crate) struct SynthArguments {
    /// Family of tables to make: mimiciv or mimiciii
    #[arg(long, value_name = "NAME", value_enum, hide_possible_values = true, default_value_t = DatasetArgument::Mimiciv)]
    pub(crate) dataset: DatasetArgument,
    /// Patients to make up
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=bedside_synth::MOST_PATIENTS))]
    pub(crate) patients: u64,
    /// Number that decides everything random
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub(crate) seed: u64,
    /// Folder to write to; made if absent, must be empty
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// ICU stays per patient, on average
    #[arg(long, value_name = "X", default_value_t = 1.4)]
    pub(crate) stays_per_patient: f64,
}

/// A family that can be made.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum DatasetArgument {
    /// MIMIC-IV 3.1
    Mimiciv,
    /// MIMIC-III 1.4, with notes
    Mimiciii,
}

impl From<DatasetArgument> for bedside_synth::Dataset {
    fn from(argument: DatasetArgument) -> Self {
        match argument {
            DatasetArgument::Mimiciv => Self::MimicIv,
            DatasetArgument::Mimiciii => Self::MimicIii,
        }
    }
}

/// `bedside verify`.
#[derive(Args, Debug)]
#[command(after_help = "Example:
  bedside verify mimiciv-demo-2.2")]
pub(crate) struct VerifyArguments {
    /// Release to check [default: all]
    pub(crate) release: Option<ReleaseId>,
    #[command(flatten)]
    pub(crate) output: OutputArguments,
}

/// `bedside alias`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  bedside alias                              where every movable name points
  bedside alias mimiciv_icu mimiciv-2.2      from now on mimiciv_icu means 2.2
  bedside alias --unset mimiciv_icu          back to the rule: newest full release, else local, demo, synthetic")]
pub(crate) struct AliasArguments {
    /// Movable dataset name, as in mimiciv_icu
    #[arg(requires = "release", conflicts_with = "unset")]
    pub(crate) name: Option<String>,
    /// Release that it shall point at
    pub(crate) release: Option<ReleaseId>,
    /// Take back what was set for a name
    #[arg(long, value_name = "NAME")]
    pub(crate) unset: Option<String>,
    #[command(flatten)]
    pub(crate) output: OutputArguments,
}

/// `bedside remove`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  bedside remove mimiciv-synth-1-100-7 --yes
  bedside remove my_dataset                  with all tables in it")]
pub(crate) struct RemoveArguments {
    /// Release or personal dataset to remove
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    /// Do not ask
    #[arg(long, short)]
    pub(crate) yes: bool,
}

/// `bedside status`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  bedside status                             one line per release
  bedside status mimiciv-demo-2.2            one line per table")]
pub(crate) struct StatusArguments {
    /// Release whose tables to show
    pub(crate) release: Option<ReleaseId>,
    #[command(flatten)]
    pub(crate) output: OutputArguments,
}

/// `bedside shell`.
#[derive(Args, Debug)]
#[command(after_help = "Example:
  bedside shell --dataset mimiciv_icu

A statement ends with `;` and may have many lines. `\\?` lists the commands of the shell.")]
pub(crate) struct ShellArguments {
    /// Dataset of tables that are named without one
    #[arg(long, value_name = "D")]
    pub(crate) dataset: Option<String>,
    #[command(flatten)]
    pub(crate) places: PlaceArguments,
}

/// `bedside datasets`.
#[derive(Args, Debug)]
#[command(after_help = "Example:
  bedside datasets --format json")]
pub(crate) struct DatasetsArguments {
    #[command(flatten)]
    pub(crate) output: OutputArguments,
}

/// `bedside describe`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  bedside describe mimiciv_icu               its tables
  bedside describe chartevents               its columns
  bedside describe sofa                      a derived table: columns, units, caveats, where it comes from
  bedside describe valuenum                  what it means in every table that has it
  bedside describe 220045                    the item, its unit and how often it is charted")]
pub(crate) struct DescribeArguments {
    /// Dataset, table, dataset.table, column or itemid
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) output: OutputArguments,
}

/// `bedside search`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  bedside search lactate
  bedside search arterial blood pressure     every word must occur")]
pub(crate) struct SearchArguments {
    /// Words to look for
    #[arg(required = true)]
    pub(crate) words: Vec<String>,
    /// Show also what no loaded row has
    #[arg(long)]
    pub(crate) all: bool,
    #[command(flatten)]
    pub(crate) output: OutputArguments,
}

/// `bedside completions`.
#[derive(Args, Debug)]
#[command(after_help = "Example:
  bedside completions bash > ~/.local/share/bash-completion/completions/bedside")]
pub(crate) struct CompletionsArguments {
    /// The shell
    pub(crate) shell: clap_complete::Shell,
}

/// A number of bytes, read from texts such as `512MB`, `4GiB`, `4g`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Bytes(pub(crate) u64);

impl FromStr for Bytes {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let (number, unit) = text.split_at(end);
        let factor: u64 = match unit.trim().to_ascii_lowercase().as_str() {
            "" | "b" => 1,
            "k" | "kib" => 1 << 10,
            "m" | "mib" => 1 << 20,
            "g" | "gib" => 1 << 30,
            "t" | "tib" => 1 << 40,
            "kb" => 1_000,
            "mb" => 1_000_000,
            "gb" => 1_000_000_000,
            "tb" => 1_000_000_000_000,
            _ => return Err(format!("`{unit}` is no unit of memory; write 512MB or 4GiB")),
        };
        let number: f64 = number.parse().map_err(|_| "a size is a number and a unit, as in 4GiB".to_owned())?;
        let bytes = number * factor as f64;
        if !(1.0..9e15).contains(&bytes) {
            return Err("a size is more than nothing and less than 9 PB".to_owned());
        }
        Ok(Self(bytes as u64))
    }
}

#[cfg(test)]
mod tests {
    use super::{Bytes, Cli};
    use clap::{CommandFactory, Parser};

    #[test]
    fn the_arguments_are_consistent_and_every_command_shows_an_example() {
        Cli::command().debug_assert();
        for command in Cli::command().get_subcommands() {
            let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(after.contains("Example"), "{} has no example", command.get_name());
        }
    }

    #[test]
    fn sizes_are_read_with_their_units() {
        for (text, bytes) in
            [("1024", 1024), ("4GiB", 4 << 30), ("1.5g", 3 << 29), ("512 MB", 512_000_000), ("2k", 2048)]
        {
            assert_eq!(text.parse::<Bytes>(), Ok(Bytes(bytes)), "{text}");
        }
        for text in ["", "GiB", "4 apples", "0", "-1", "1e99"] {
            assert!(text.parse::<Bytes>().is_err(), "{text}");
        }
    }

    #[test]
    fn global_options_stand_before_and_after_the_command() {
        for line in ["bedside --home /h status", "bedside status --home /h"] {
            let cli = Cli::try_parse_from(line.split(' ')).unwrap();
            assert_eq!(cli.global.home.as_deref(), Some(std::path::Path::new("/h")));
        }
    }
}
