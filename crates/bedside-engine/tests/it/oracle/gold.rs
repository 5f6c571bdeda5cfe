//! The recorded cases and the list of exceptions.

use serde::{Deserialize, Serialize};
use std::path::Path;

/// One statement with its recorded answer.
#[derive(Debug, Deserialize)]
pub(super) struct Case {
    pub(super) id: String,
    pub(super) family: String,
    pub(super) kind: Kind,
    pub(super) statement: String,
    /// Whether the order of the rows is part of the answer.
    #[serde(default)]
    pub(super) ordered: bool,
    /// Names (empty where the text gives none) and types.
    #[serde(default)]
    pub(super) columns: Vec<(String, String)>,
    #[serde(default)]
    pub(super) rows: Vec<Vec<serde_json::Value>>,
    pub(super) refusal: Option<Refusal>,
}

/// What a case is about.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Value,
    Null,
    Edge,
    Refusal,
}

/// A recorded refusal.
#[derive(Debug, Deserialize)]
pub(super) struct Refusal {
    pub(super) stage: Stage,
    pub(super) message: String,
    /// Line and column.
    pub(super) at: Option<String>,
}

/// Where a statement is refused: before it runs or while it does.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub(super) enum Stage {
    Analysis,
    Run,
}

/// A case whose answer is known to differ, and why.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Exception {
    pub(super) id: String,
    pub(super) statement: String,
    pub(super) reason: String,
    /// Where BigQuery's behaviour is documented, if it differs from the reference implementation's.
    pub(super) source: Option<String>,
}

impl Refusal {
    /// As BigQuery writes it, the place at the end.
    pub(super) fn text(&self) -> String {
        match &self.at {
            Some(at) => format!("{} at [{at}]", self.message),
            None => self.message.clone(),
        }
    }
}

/// Every case, family by family.
pub(super) fn cases(folder: &Path) -> Vec<Case> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let read = |path: &std::path::PathBuf| std::fs::read_to_string(path).unwrap();
    let parse = |line: &str| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    files.iter().flat_map(|path| read(path).lines().map(parse).collect::<Vec<Case>>()).collect()
}

/// The list of exceptions.
pub(super) fn exceptions(path: &Path) -> Vec<Exception> {
    #[derive(Deserialize)]
    struct File {
        #[serde(default)]
        exception: Vec<Exception>,
    }
    toml::from_str::<File>(&std::fs::read_to_string(path).unwrap()).unwrap().exception
}
