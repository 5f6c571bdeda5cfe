//! Arguments of `bedside load`.

use super::CodeListArguments;
use bedside_types::ReleaseId;
use clap::Args;
use std::path::PathBuf;

/// `bedside load`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  bedside load ~/physionet/mimic-iv-3.1
  bedside load mimic-iv-clinical-database-demo-2.2.zip
  bedside load https://physionet.org/files/mimiciv/3.1/        as a user of PhysioNet, see below
  bedside load s3://bucket/mimiciv/3.1
  bedside load copy --release mimiciv-2.2 --dry-run            say what would be done
  bedside load mimic-iii-clinical-database-1.4 --ccs ccs_multi_dx.csv.gz

User name and password for a URL come from a netrc file (--netrc, NETRC or ~/.netrc) or from
PHYSIONET_USERNAME and PHYSIONET_PASSWORD; buckets use the AWS_… and GOOGLE_… variables.
Running the same command again continues where it stopped.")]
pub(crate) struct LoadArguments {
    /// Folder, .zip file, http(s):// base URL, s3://… or gs://…
    #[arg(value_name = "SOURCE")]
    pub(crate) source: String,
    /// Release that the files are, where it cannot be told from them
    #[arg(long, value_name = "R")]
    pub(crate) release: Option<ReleaseId>,
    /// Set bad rows aside in a file with the reason and count them, instead of stopping the table
    #[arg(long)]
    pub(crate) keep_going: bool,
    /// Do not build the derived tables afterwards
    #[arg(long)]
    pub(crate) no_concepts: bool,
    #[command(flatten)]
    pub(crate) code_lists: CodeListArguments,
    /// Say what would be loaded and how much space it takes, and stop there
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// File with user name and password for the source's host
    #[arg(long, value_name = "FILE")]
    pub(crate) netrc: Option<PathBuf>,
}
