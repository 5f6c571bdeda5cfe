//! Arguments of `bedside jobs` and `bedside token`.

use super::OutputArguments;
use clap::{Args, Subcommand, ValueEnum};

/// `bedside jobs`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  bedside jobs                               the newest twenty
  bedside jobs list --state running
  bedside jobs show job_0123                 its SQL, bytes, times, error
  bedside jobs cancel job_0123               also one that a server runs")]
pub(crate) struct JobsArguments {
    #[command(subcommand)]
    pub(crate) command: Option<JobsCommand>,
}

/// What to do with jobs.
#[derive(Debug, Subcommand)]
pub(crate) enum JobsCommand {
    /// List jobs, the newest first
    List(JobsListArguments),
    /// Show one job
    Show(JobArguments),
    /// Stop a job
    Cancel(JobArguments),
}

/// `bedside jobs list`.
#[derive(Args, Debug)]
#[command(after_help = "Example:
  bedside jobs list --state done --most 100")]
pub(crate) struct JobsListArguments {
    /// Only jobs in this state
    #[arg(long, value_name = "STATE", value_enum)]
    pub(crate) state: Option<StateArgument>,
    /// How many at most
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(crate) most: usize,
    #[command(flatten)]
    pub(crate) output: OutputArguments,
}

/// States of jobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum StateArgument {
    /// Waiting for a slot
    Pending,
    /// Running
    Running,
    /// Succeeded or failed
    Done,
}

/// `bedside jobs show` and `bedside jobs cancel`.
#[derive(Args, Debug)]
#[command(after_help = "Example:
  bedside jobs show job_0123")]
pub(crate) struct JobArguments {
    /// The job's id
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) output: OutputArguments,
}

/// `bedside token`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  bedside token create laptop                prints the token, this once
  bedside token list
  bedside token revoke 0123456789abcdef")]
pub(crate) struct TokenArguments {
    #[command(subcommand)]
    pub(crate) command: TokenCommand,
}

/// What to do with tokens.
#[derive(Debug, Subcommand)]
pub(crate) enum TokenCommand {
    /// Make a token and print it, this once
    Create(TokenCreateArguments),
    /// List tokens, revoked ones too
    List(TokenListArguments),
    /// Revoke a token, at once and for good
    Revoke(TokenRevokeArguments),
}

/// `bedside token create`.
#[derive(Args, Debug)]
#[command(after_help = "Example:
  bedside token create laptop")]
pub(crate) struct TokenCreateArguments {
    /// What to call it
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
}

/// `bedside token list`.
#[derive(Args, Debug)]
#[command(after_help = "Example:
  bedside token list --format json")]
pub(crate) struct TokenListArguments {
    #[command(flatten)]
    pub(crate) output: OutputArguments,
}

/// `bedside token revoke`.
#[derive(Args, Debug)]
#[command(after_help = "Example:
  bedside token revoke 0123456789abcdef")]
pub(crate) struct TokenRevokeArguments {
    /// The token's id, as `bedside token list` shows it
    #[arg(value_name = "ID")]
    pub(crate) id: String,
}
