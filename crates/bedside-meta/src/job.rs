//! Jobs: every statement, load, copy and extract that went through the gate.

use crate::reference::{JobKey, TableReference};
use crate::statistics::JobStatistics;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// A job as it is at one moment. Times are milliseconds since 1970-01-01 UTC.
#[derive(Clone, PartialEq)]
pub struct Job {
    /// Its name.
    pub key: JobKey,
    /// The id of the script that it is a statement of; in the same project.
    pub parent: Option<String>,
    /// What the caller calls the request that made it, so that the same request makes it once.
    pub request: Option<String>,
    /// Whose it is.
    pub principal: String,
    /// The front that it came by: `bigquery`, `command line`.
    pub front: String,
    /// What it does.
    pub kind: JobKind,
    /// The SQL of a query.
    pub text: Option<String>,
    /// What the front wants to have back, in its own form.
    pub configuration: String,
    /// Labels by key.
    pub labels: BTreeMap<String, String>,
    /// How far it is.
    pub state: JobState,
    /// Why it failed.
    pub error: Option<JobError>,
    /// When it was submitted.
    pub created: i64,
    /// When it began to run.
    pub started: Option<i64>,
    /// When it was done.
    pub ended: Option<i64>,
    /// What is known of it, and what it did.
    pub statistics: JobStatistics,
    /// Where its rows are.
    pub result: Option<JobResult>,
}

/// What a job does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JobKind {
    /// It runs SQL.
    Query,
    /// It puts files into a table.
    Load,
    /// It copies tables.
    Copy,
    /// It puts a table into files.
    Extract,
}

/// How far a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JobState {
    /// It waits for a slot.
    Pending,
    /// It runs.
    Running,
    /// It has succeeded or failed.
    Done,
}

/// Why a job failed, in BigQuery's words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobError {
    /// BigQuery's reason: `invalidQuery`, `notFound`, `stopped`.
    pub reason: String,
    /// What is wrong.
    pub message: String,
    /// What part of the request it is about: `query`, the name of a table.
    pub location: Option<String>,
    /// The HTTP status of its class.
    pub status: u16,
}

/// Where a job's rows are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobResult {
    /// The destination that was named, or an anonymous table.
    pub table: TableReference,
    /// Whether the table is an anonymous one, which goes when it expires.
    pub anonymous: bool,
    /// Its rows.
    pub rows: u64,
    /// Size of an anonymous table's file.
    #[serde(default)]
    pub bytes: u64,
    /// When an anonymous table goes, milliseconds since 1970.
    pub expires: Option<i64>,
}

impl Job {
    /// A job that was just submitted.
    pub fn new(key: JobKey, kind: JobKind, principal: &str, created: i64) -> Self {
        Self {
            key,
            parent: None,
            request: None,
            principal: principal.to_owned(),
            front: String::new(),
            kind,
            text: None,
            configuration: String::new(),
            labels: BTreeMap::new(),
            state: JobState::Pending,
            error: None,
            created,
            started: None,
            ended: None,
            statistics: JobStatistics::default(),
            result: None,
        }
    }
}

impl JobKind {
    /// BigQuery's word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Query => "QUERY",
            Self::Load => "LOAD",
            Self::Copy => "COPY",
            Self::Extract => "EXTRACT",
        }
    }

    pub(crate) fn of_word(word: &str) -> Option<Self> {
        [Self::Query, Self::Load, Self::Copy, Self::Extract].into_iter().find(|kind| kind.word() == word)
    }
}

impl JobState {
    /// BigQuery's word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Running => "RUNNING",
            Self::Done => "DONE",
        }
    }

    pub(crate) fn of_word(word: &str) -> Option<Self> {
        [Self::Pending, Self::Running, Self::Done].into_iter().find(|state| state.word() == word)
    }
}

/// SQL text and values are sensitive; only the shape is shown.
impl fmt::Debug for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reason = self.error.as_ref().map(|error| error.reason.as_str());
        write!(f, "Job({} {} {} {reason:?})", self.key, self.kind.word(), self.state.word())
    }
}
