//! Commands of the shell itself; they begin with a backslash and end with the line.

use super::completion::COMMANDS;
use crate::arguments::FormatArgument;
use crate::failure::Failure;
use bedside_types::nearest;
use clap::ValueEnum;

/// What `\?` prints.
pub(crate) const HELP: &str = "\
SELECT …;         run a statement; it may have many lines and ends with `;`
\\d                datasets
\\d NAME           what a dataset, table, column or itemid is
\\dt [DATASET]     tables
\\dataset [NAME]   dataset of tables that are named without one
\\format [FORMAT]  table, csv, json or ndjson
\\timing           show or hide how long statements take
\\?                this help
\\q                leave (Ctrl-D too)

Tab completes names. Ctrl-C stops a running statement, or forgets the one being typed.
";

/// A command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum MetaCommand {
    /// `\?`
    Help,
    /// `\q`
    Quit,
    /// `\d`
    Datasets,
    /// `\d NAME`
    Describe(String),
    /// `\dt`, `\dt DATASET`
    Tables(Option<String>),
    /// `\dataset`, `\dataset NAME`
    Dataset(Option<String>),
    /// `\format`, `\format FORMAT`
    Format(Option<FormatArgument>),
    /// `\timing`
    Timing,
}

impl MetaCommand {
    /// Reads a line that begins with a backslash; a `;` at its end is forgiven.
    pub(crate) fn parse(line: &str) -> Result<Self, Failure> {
        let line = line.trim().trim_end_matches(';').trim_end();
        let (command, argument) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let argument = Some(argument.trim().to_owned()).filter(|argument| !argument.is_empty());
        Ok(match command {
            "\\?" | "\\h" | "\\help" => Self::Help,
            "\\q" | "\\quit" | "\\exit" => Self::Quit,
            "\\d" => argument.map_or(Self::Datasets, Self::Describe),
            "\\dt" => Self::Tables(argument),
            "\\dataset" => Self::Dataset(argument),
            "\\timing" => Self::Timing,
            "\\format" => Self::Format(argument.as_deref().map(read_format).transpose()?),
            other => {
                let failure = Failure::usage(format!("the shell has no command `{other}`"));
                return Err(match nearest(other, COMMANDS) {
                    Some(nearest) => failure.with_hint(format!("did you mean `{nearest}`? \\? lists them all")),
                    None => failure.with_hint("\\? lists the commands"),
                });
            }
        })
    }
}

fn read_format(text: &str) -> Result<FormatArgument, Failure> {
    match FormatArgument::from_str(text, true) {
        Ok(format @ (FormatArgument::Parquet | FormatArgument::Arrow)) => {
            let name = format.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned());
            Err(Failure::usage(format!("{name} is not written to a terminal"))
                .with_hint(format!("bedside query --format {name} --output FILE 'SELECT …'")))
        }
        Ok(format) => Ok(format),
        Err(_) => {
            Err(Failure::usage(format!("`{text}` is no format")).with_hint("formats are table, csv, json, ndjson"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::MetaCommand;
    use crate::arguments::FormatArgument;

    #[test]
    fn commands_are_read_with_their_argument() {
        for (line, expected) in [
            ("\\q", MetaCommand::Quit),
            ("\\d ", MetaCommand::Datasets),
            ("\\d  mimiciv_icu.icustays ;", MetaCommand::Describe("mimiciv_icu.icustays".into())),
            ("\\dt", MetaCommand::Tables(None)),
            ("\\format JSON", MetaCommand::Format(Some(FormatArgument::Json))),
        ] {
            assert_eq!(MetaCommand::parse(line), Ok(expected), "{line}");
        }
        let failure = MetaCommand::parse("\\formt csv").unwrap_err();
        assert!(failure.hint.unwrap().contains("\\format"));
        assert!(MetaCommand::parse("\\format parquet").is_err());
    }
}
