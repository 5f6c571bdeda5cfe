//! What tables were at other times. Releases do not change once they are loaded, and of people's own tables the rows before
//! the last write are not kept: so a table answers for every time since, and for none before.

use super::rows::timestamp;
use super::{Meaning, StatementCatalog};
use crate::error::{Error, Result};
use bedside_sql::TablePath;
use bedside_types::Value;

impl StatementCatalog {
    /// Refuses a time, in microseconds since 1970, at which a table did not hold the rows that it holds now.
    ///
    /// # Errors
    /// [`Error::Constraint`] in BigQuery's words.
    pub(crate) fn check_time(&self, path: &TablePath, time: i64, now: i64) -> Result<()> {
        let meaning = self.meaning(&Self::parts(path)).map_err(|unknown| Error::Missing(unknown.message))?;
        let since = match meaning {
            Meaning::Stored(_, entry) => timestamp(&entry.loaded_at),
            Meaning::Personal(_, _, table) => timestamp(&table.updated),
            Meaning::Virtual(_) | Meaning::Result(_) => {
                let what = format!("FOR SYSTEM_TIME AS OF with {}", path.table);
                return Err(Error::Unsupported(what));
            }
        };
        let Value::Timestamp(since) = since else {
            return Err(Error::Internal(format!("{} does not say when it was written", path.table)));
        };
        let TablePath { project, dataset, table } = path;
        let millis = time.div_euclid(1_000);
        let invalid = format!("Invalid snapshot time {millis} for table {project}:{dataset}.{table}@{millis}");
        if time > now {
            return Err(Error::Constraint(format!("{invalid}. Cannot read in the future")));
        }
        if time < since {
            let since = since.div_euclid(1_000);
            return Err(Error::Constraint(format!("{invalid}. Cannot read before {since}")));
        }
        Ok(())
    }
}
