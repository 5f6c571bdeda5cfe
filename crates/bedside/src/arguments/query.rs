//! Arguments of `bedside query` and those of every command that puts rows out.

use super::{Bytes, PlaceArguments};
use clap::{Args, ValueEnum};
use std::path::PathBuf;
use std::str::FromStr;

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FormatArgument {
    /// Aligned columns for reading
    Table,
    /// Comma-separated with a header, as BigQuery exports it
    Csv,
    /// One array of objects
    Json,
    /// One object a line
    Ndjson,
    /// Parquet file
    Parquet,
    /// Arrow IPC file
    Arrow,
}

/// Where rows go and how.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct OutputArguments {
    /// Form of the rows [default: by the output's ending, else table on a terminal, csv otherwise]
    #[arg(long, value_name = "FORMAT", value_enum, hide_possible_values = true)]
    #[arg(help = "table, csv, json, ndjson, parquet or arrow [default: by the ending of --output, else table on a \
                  terminal and csv otherwise]")]
    pub(crate) format: Option<FormatArgument>,
    /// File to write instead of standard output; complete or not there at all
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// `bedside query`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  bedside query 'SELECT gender, COUNT(*) AS n FROM mimiciv_hosp.patients GROUP BY gender'
  bedside query -f cohort.sql --output cohort.parquet
  bedside query 'CREATE SCHEMA mine; CREATE TABLE mine.t AS SELECT 1 AS x'
  bedside query --dry-run 'SELECT * FROM mimiciv_icu.chartevents'
  bedside query --param stay:INT64:30000153 'SELECT * FROM mimiciv_icu.icustays WHERE stay_id = @stay'
  echo 'SELECT 1' | bedside query --format json")]
pub(crate) struct QueryArguments {
    /// The statements; `-` or nothing reads them from standard input
    #[arg(value_name = "SQL", conflicts_with = "file")]
    pub(crate) sql: Option<String>,
    /// File that holds the statements
    #[arg(long, short, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) output: OutputArguments,
    /// Show how the statement would be run instead of running it
    #[arg(long)]
    pub(crate) explain: bool,
    /// Say what the statements would read, and what BigQuery would charge, instead of running them
    #[arg(long, conflicts_with = "explain")]
    pub(crate) dry_run: bool,
    /// Refuse statements for which BigQuery would bill more, as in 10GiB
    #[arg(long, value_name = "SIZE")]
    pub(crate) maximum_bytes_billed: Option<Bytes>,
    /// Value of a query parameter; an empty name makes it positional, an empty type means STRING
    #[arg(long = "param", value_name = "NAME:TYPE:VALUE", allow_hyphen_values = true)]
    pub(crate) parameters: Vec<Parameter>,
    /// Dataset of tables that are named without one
    #[arg(long, value_name = "D")]
    pub(crate) dataset: Option<String>,
    /// Stop after so many rows
    #[arg(long, value_name = "N")]
    pub(crate) max_rows: Option<u64>,
    #[command(flatten)]
    pub(crate) places: PlaceArguments,
}

/// A query parameter as written: `stay:INT64:30000153`. The value is read by its type later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Parameter {
    /// Empty for a positional one.
    pub(crate) name: String,
    /// `STRING` where left out.
    pub(crate) type_name: String,
    /// Text of the value.
    pub(crate) value: String,
}

impl FromStr for Parameter {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = text.splitn(3, ':');
        let (Some(name), Some(type_name), Some(value)) = (parts.next(), parts.next(), parts.next()) else {
            return Err("a parameter is name:type:value, as in stay:INT64:30000153".to_owned());
        };
        let type_name = if type_name.is_empty() { "STRING" } else { type_name };
        Ok(Self { name: name.to_owned(), type_name: type_name.to_owned(), value: value.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::Parameter;

    #[test]
    fn a_parameter_has_a_name_a_type_and_a_value_that_may_hold_colons() {
        let parameter: Parameter = "t:TIME:10:20:30".parse().unwrap();
        assert_eq!((parameter.name.as_str(), parameter.type_name.as_str()), ("t", "TIME"));
        assert_eq!(parameter.value, "10:20:30");
        assert_eq!("x::".parse::<Parameter>().unwrap().type_name, "STRING");
        assert!("x:INT64".parse::<Parameter>().is_err());
    }
}
