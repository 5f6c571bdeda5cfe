//! Arguments of `bedside concepts`.

use super::OutputArguments;
use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

/// `bedside concepts`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  bedside concepts build                     what is stale of every release
  bedside concepts build --only sofa         one table, and what it needs
  bedside concepts show sofa                 its definition and what its columns mean
  bedside concepts show mimiciii_derived.sofa
  bedside concepts diff mimiciv_2_2_derived mimiciv_3_1_derived")]
pub(crate) struct ConceptsArguments {
    #[command(subcommand)]
    pub(crate) command: ConceptsCommand,
}

/// What to do with concepts.
#[derive(Debug, Subcommand)]
pub(crate) enum ConceptsCommand {
    /// Build the derived tables that are stale
    Build(BuildArguments),
    /// List the concepts, and what of them is built
    List(ListArguments),
    /// Print a concept's definition, and what its rows and columns are
    Show(ShowArguments),
    /// Draw which concept reads which
    Graph(GraphArguments),
    /// Count the rows that two tables, or the tables of two datasets, do not share
    Diff(DiffArguments),
}

/// Where definitions come from.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct DefinitionArguments {
    /// Folder with concepts of your own: a .sql and a .toml file each
    #[arg(long, value_name = "DIR")]
    pub(crate) with: Vec<PathBuf>,
}

/// Code lists that derived tables are made of and that come from elsewhere.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct CodeListArguments {
    /// AHRQ's multi-level CCS of diagnoses, for ccs_multi_dx and ccs_dx of MIMIC-III: a csv or csv.gz file, or its
    /// http(s), s3 or gs address. It is kept in the home and need not be given again
    #[arg(long, value_name = "FILE")]
    pub(crate) ccs: Option<String>,
}

/// `bedside concepts build`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  bedside concepts build mimiciv_derived
  bedside concepts build --only sofa,sepsis3
  bedside concepts build --with my-concepts
  bedside concepts build mimiciii_derived --ccs ccs_multi_dx.csv.gz

A name that MIMIC-IV and MIMIC-III both have is written with its dataset, mimiciii_derived.sofa, where
releases of both are to be built. Only what is stale is built: whose definition, parents or release changed. Stop it whenever you like;
the same command goes on where it was.")]
pub(crate) struct BuildArguments {
    /// Dataset to build, or release [default: every release that there are concepts for]
    pub(crate) dataset: Option<String>,
    /// Concepts to build, with those that they need: sofa, or mimiciii_derived.sofa
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    pub(crate) only: Vec<String>,
    #[command(flatten)]
    pub(crate) code_lists: CodeListArguments,
    #[command(flatten)]
    pub(crate) definitions: DefinitionArguments,
}

/// `bedside concepts list`.
#[derive(Args, Debug)]
#[command(after_help = "Example:
  bedside concepts list --format csv")]
pub(crate) struct ListArguments {
    #[command(flatten)]
    pub(crate) definitions: DefinitionArguments,
    #[command(flatten)]
    pub(crate) output: OutputArguments,
}

/// `bedside concepts show`.
#[derive(Args, Debug)]
#[command(after_help = "Example:
  bedside concepts show first_day_sofa")]
pub(crate) struct ShowArguments {
    /// The concept: sofa, or mimiciii_derived.sofa where MIMIC-IV and MIMIC-III both have it
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) definitions: DefinitionArguments,
}

/// `bedside concepts graph`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  bedside concepts graph sepsis3             what it is made from
  bedside concepts graph mimiciii_derived
  bedside concepts graph --format dot | dot -Tsvg > concepts.svg")]
pub(crate) struct GraphArguments {
    /// Concepts to begin with, or a dataset of derived tables [default: all of the family that is loaded]
    pub(crate) names: Vec<String>,
    /// How to write it
    #[arg(long, value_enum, default_value_t = GraphFormat::Tree)]
    pub(crate) format: GraphFormat,
    #[command(flatten)]
    pub(crate) definitions: DefinitionArguments,
}

/// Forms of the graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum GraphFormat {
    /// Text, indented
    Tree,
    /// For Graphviz
    Dot,
    /// A list of objects
    Json,
}

/// `bedside concepts diff`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  bedside concepts diff mimiciv_2_2_derived mimiciv_3_1_derived
  bedside concepts diff mimiciv_derived.sofa mimiciv_derived.my_sofa

Rows are the same row where they have the same key; tables without a key are compared as they are.")]
pub(crate) struct DiffArguments {
    /// Dataset, or dataset.table
    pub(crate) left: String,
    /// Dataset, or dataset.table
    pub(crate) right: String,
    #[command(flatten)]
    pub(crate) output: OutputArguments,
}
