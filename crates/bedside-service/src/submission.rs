//! What a front asks for.

use crate::extract::Extract;
use crate::load::Load;
use bedside_meta::{DatasetReference, JobKind, TableReference};
use bedside_sql::Parameters;
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// A job to be done.
#[derive(Clone)]
pub struct Submission {
    /// The project that the client names.
    pub project: String,
    /// The id that the client gives it; one is made where it gives none.
    pub id: Option<String>,
    /// What the client calls the request: the same within a quarter of an hour makes one job.
    pub request: Option<String>,
    /// The front: `bigquery`, `command line`.
    pub front: &'static str,
    /// What the front wants to have back with the job, in its own form.
    pub configuration: String,
    /// Labels by key.
    pub labels: BTreeMap<String, String>,
    /// How long it may run, waiting included.
    pub timeout: Option<Duration>,
    /// What to do.
    pub work: Work,
}

/// What a job does.
#[derive(Clone)]
pub enum Work {
    /// It runs SQL.
    Query(Query),
    /// It copies tables.
    Copy(Copy),
    /// It puts files into a table.
    Load(Load),
    /// It puts a table into files.
    Extract(Extract),
}

/// A text of SQL.
#[derive(Clone, Default)]
pub struct Query {
    /// One statement or many.
    pub text: String,
    /// Values for `@name` and `?`.
    pub parameters: Parameters,
    /// Where bare table names are looked up.
    pub default_dataset: Option<DatasetReference>,
    /// The most bytes that may be billed.
    pub maximum_bytes_billed: Option<u64>,
    /// The table that the rows go into; an anonymous one where there is none.
    pub destination: Option<Destination>,
    /// Whether somebody waits for it.
    pub priority: Priority,
}

/// Tables into one.
#[derive(Clone, Debug)]
pub struct Copy {
    /// Where the rows come from; their columns must be the same.
    pub sources: Vec<TableReference>,
    /// Where they go.
    pub destination: Destination,
}

/// A table that rows go into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// The table.
    pub table: TableReference,
    /// What happens where there is none.
    pub create: CreateDisposition,
    /// What happens where there is one.
    pub write: WriteDisposition,
}

/// Whether a table is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CreateDisposition {
    /// `CREATE_IF_NEEDED`.
    #[default]
    IfNeeded,
    /// `CREATE_NEVER`.
    Never,
}

/// What becomes of rows that are there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WriteDisposition {
    /// `WRITE_EMPTY`: there must be none.
    #[default]
    Empty,
    /// `WRITE_APPEND`.
    Append,
    /// `WRITE_TRUNCATE`.
    Truncate,
}

/// Whether somebody waits for a job.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// `INTERACTIVE`.
    #[default]
    Interactive,
    /// `BATCH`: others come first.
    Batch,
}

impl Submission {
    /// A query by a front for a project, with nothing but its text.
    pub fn query(project: &str, front: &'static str, text: &str) -> Self {
        Self {
            project: project.to_owned(),
            id: None,
            request: None,
            front,
            configuration: String::new(),
            labels: BTreeMap::new(),
            timeout: None,
            work: Work::Query(Query { text: text.to_owned(), ..Query::default() }),
        }
    }
}

impl Work {
    pub(crate) fn kind(&self) -> JobKind {
        match self {
            Self::Query(_) => JobKind::Query,
            Self::Copy(_) => JobKind::Copy,
            Self::Load(_) => JobKind::Load,
            Self::Extract(_) => JobKind::Extract,
        }
    }
}

/// SQL text and values are sensitive; only the shape is shown.
impl fmt::Debug for Submission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Submission({} {:?} by {})", self.project, self.work, self.front)
    }
}

/// SQL text and values are sensitive; only the shape is shown.
impl fmt::Debug for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind().word())
    }
}

/// SQL text and values are sensitive; only the shape is shown.
impl fmt::Debug for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Query({:?})", self.priority)
    }
}
