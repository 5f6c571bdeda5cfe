//! Names as clients write them.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A job's name: ids are unique within a project.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct JobKey {
    /// The project, as the client wrote it.
    pub project: String,
    /// The id.
    pub id: String,
}

/// A dataset's name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DatasetReference {
    /// The project.
    pub project: String,
    /// The dataset.
    pub dataset: String,
}

/// A table's name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TableReference {
    /// The project.
    pub project: String,
    /// The dataset.
    pub dataset: String,
    /// The table or view.
    pub table: String,
}

impl TableReference {
    /// The dataset that it is in.
    pub fn dataset(&self) -> DatasetReference {
        DatasetReference { project: self.project.clone(), dataset: self.dataset.clone() }
    }
}

/// As BigQuery's messages have it: `project:id`.
impl fmt::Display for JobKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.project, self.id)
    }
}

/// As BigQuery's messages have it: `project:dataset`.
impl fmt::Display for DatasetReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.project, self.dataset)
    }
}

/// As BigQuery's messages have it: `project:dataset.table`.
impl fmt::Display for TableReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}.{}", self.project, self.dataset, self.table)
    }
}
