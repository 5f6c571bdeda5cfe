//! Results of queries, kept for a while as anonymous tables: one Arrow IPC file each, written while the rows come and read by
//! position.
//!
//! What Arrow's format has no place for stands in the footer: how many rows come before each batch, so that a page is read
//! without what is before it, and the columns' logical bytes.

mod read;
mod write;

pub use read::ResultFile;
pub use write::{ResultWriter, WrittenResult};

use crate::disk;
use crate::error::{Error, Result};
use crate::place;
use crate::warehouse::Warehouse;
use serde::{Deserialize, Serialize};
use std::fs;
use std::io;
use std::path::PathBuf;
use std::time::SystemTime;

/// What names of datasets of anonymous tables begin with; 40 hexadecimal digits follow.
const DATASET: (&str, usize) = ("_", 40);
/// What names of anonymous tables begin with; 64 hexadecimal digits follow.
const TABLE: (&str, usize) = ("anon", 64);

/// The footer's entry of ours.
const ENTRY: &str = "bedside";
const FORMAT: u32 = 1;

/// The name of an anonymous table.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ResultName {
    dataset: String,
    table: String,
}

/// What stands in the footer.
#[derive(Debug, Serialize, Deserialize)]
struct Entry {
    format: u32,
    dataset: String,
    rows: u64,
    /// Rows before each batch.
    starts: Vec<u64>,
    /// Logical bytes per column.
    bytes: Vec<u64>,
    /// NULLs per column.
    nulls: Vec<u64>,
}

impl ResultName {
    /// Checks two names; `None` where no anonymous table is called so.
    pub fn new(dataset: &str, table: &str) -> Option<Self> {
        let is = |name: &str, (prefix, digits): (&str, usize)| {
            name.strip_prefix(prefix).is_some_and(|rest| {
                rest.len() == digits && rest.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
            })
        };
        let right = is(dataset, DATASET) && is(table, TABLE);
        right.then(|| Self { dataset: dataset.to_owned(), table: table.to_owned() })
    }

    /// Its dataset: `_` and 40 hexadecimal digits.
    pub fn dataset(&self) -> &str {
        &self.dataset
    }

    /// Its table: `anon` and 64 hexadecimal digits.
    pub fn table(&self) -> &str {
        &self.table
    }
}

impl Warehouse {
    /// The file of an anonymous table.
    pub fn result_path(&self, name: &ResultName) -> PathBuf {
        self.path(&place::result(&name.table))
    }

    /// Deletes the file of an anonymous table; one that is not there is deleted already.
    ///
    /// # Errors
    /// [`Error::AccessDenied`], [`Error::Io`].
    pub fn remove_result(&self, name: &ResultName) -> Result<()> {
        disk::remove(&self.result_path(name))
    }

    /// Deletes every file of results that was last written before a time, whoever wrote it and whether or not it was finished.
    ///
    /// # Errors
    /// [`Error::AccessDenied`], [`Error::Io`].
    pub fn sweep_results(&self, before: SystemTime) -> Result<u64> {
        let folder = self.path(place::RESULTS);
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
            Err(error) => return Err(Error::io("read", &folder, error)),
        };
        let mut count = 0;
        for entry in entries {
            let entry = entry.map_err(|error| Error::io("read", &folder, error))?;
            // What another program deletes meanwhile is gone.
            let written = entry.metadata().and_then(|metadata| metadata.modified());
            if written.is_ok_and(|written| written < before) {
                disk::remove(&entry.path())?;
                count += 1;
            }
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::ResultName;

    #[test]
    fn only_names_that_we_make_are_names() {
        let (dataset, table) = (format!("_{}", "0a".repeat(20)), format!("anon{}", "f9".repeat(32)));
        assert!(ResultName::new(&dataset, &table).is_some());
        for (dataset, table) in [
            ("_", table.as_str()),
            (dataset.as_str(), "anon"),
            (&dataset.to_uppercase(), &table),
            (&dataset, &format!("{table}0")),
            (&dataset, &table.replace('f', "/")),
        ] {
            assert_eq!(ResultName::new(dataset, table), None, "{dataset} {table}");
        }
    }
}
