//! What a build does and did.

use crate::error::Error;
use bedside_types::ReleaseId;
use std::sync::Arc;
use std::time::Duration;

/// What a build did with a release.
#[derive(Debug)]
pub struct Report {
    /// The release.
    pub release: ReleaseId,
    /// The concepts that were wanted and what they need, parents first.
    pub concepts: Vec<ConceptReport>,
    /// From start to end.
    pub elapsed: Duration,
}

/// What a build did with one concept.
#[derive(Clone, Debug)]
pub struct ConceptReport {
    /// The table.
    pub name: String,
    /// How it ended.
    pub outcome: Outcome,
    /// Rows in the warehouse now, if it is there.
    pub rows: Option<u64>,
    /// Guarantees and expectations that were checked.
    pub checks: u64,
    /// Expectations that do not hold.
    pub warnings: Vec<String>,
    /// From start to end.
    pub elapsed: Duration,
}

/// How a concept ended.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// Built and published.
    Built,
    /// Nothing that it follows from has changed; nothing was done.
    Unchanged,
    /// Not built, and not by fault of its own: why.
    Skipped(String),
    /// Not built; what was published of it before stays.
    Failed(Arc<Error>),
}

impl Report {
    /// The concepts that failed, with why.
    pub fn failures(&self) -> impl Iterator<Item = (&ConceptReport, &Arc<Error>)> {
        self.concepts.iter().filter_map(|concept| match &concept.outcome {
            Outcome::Failed(error) => Some((concept, error)),
            _ => None,
        })
    }

    /// The concept of that name.
    pub fn concept(&self, name: &str) -> Option<&ConceptReport> {
        self.concepts.iter().find(|concept| concept.name == name)
    }

    /// How many ended like that.
    pub fn count(&self, is: impl Fn(&Outcome) -> bool) -> u64 {
        self.concepts.iter().filter(|concept| is(&concept.outcome)).count() as u64
    }
}

/// One thing that happened in a build.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// It begins.
    Started {
        /// The release.
        release: &'a ReleaseId,
        /// Concepts to look at.
        concepts: usize,
    },
    /// A concept begins to be built.
    ConceptStarted {
        /// Its name.
        name: &'a str,
    },
    /// A concept is done.
    ConceptDone {
        /// Its part of the report.
        report: &'a ConceptReport,
    },
}

/// Where events go. Called from several threads; it should return soon.
pub type Progress<'a> = &'a (dyn Fn(Event<'_>) + Sync);
