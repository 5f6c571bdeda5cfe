//! Which anonymous tables are kept, and until when.

use super::Database;
use crate::error::Result;
use crate::job::{Job, JobResult};
use crate::reference::TableReference;
use rusqlite::{Connection, OptionalExtension, Row, params};

/// An anonymous table that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its name, with the project of the job that made it.
    pub table: TableReference,
    /// Whose it is.
    pub principal: String,
    /// Size of its file.
    pub bytes: u64,
    /// When it was made, milliseconds since 1970.
    pub created: i64,
    /// When it goes.
    pub expires: i64,
}

const COLUMNS: &str = "project, dataset, name, principal, bytes, created, expires";

impl Database {
    /// The anonymous table of that name; the project is not looked at.
    ///
    /// # Errors
    /// [`crate::Error::Sqlite`].
    pub fn kept(&self, dataset: &str, table: &str) -> Result<Option<Kept>> {
        let inner = self.inner();
        let text = format!("SELECT {COLUMNS} FROM results WHERE dataset = ?1 AND name = ?2");
        let mut statement = inner.connection.prepare_cached(&text)?;
        Ok(statement.query_row(params![dataset, table], kept).optional()?)
    }

    /// Size of all files together.
    ///
    /// # Errors
    /// [`crate::Error::Sqlite`].
    pub fn kept_bytes(&self) -> Result<u64> {
        let inner = self.inner();
        let mut statement = inner.connection.prepare_cached("SELECT COALESCE(SUM(bytes), 0) FROM results")?;
        Ok(statement.query_row([], |row| row.get::<_, i64>(0))?.max(0) as u64)
    }

    /// The oldest so many; of those of one time the one that was made first.
    ///
    /// # Errors
    /// [`crate::Error::Sqlite`].
    pub fn oldest_kept(&self, most: usize) -> Result<Vec<Kept>> {
        let inner = self.inner();
        let text = format!("SELECT {COLUMNS} FROM results ORDER BY created, number LIMIT ?1");
        let mut statement = inner.connection.prepare_cached(&text)?;
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let found = statement.query_map(params![most], kept)?;
        Ok(found.collect::<rusqlite::Result<_>>()?)
    }

    /// Forgets anonymous tables; their files are the caller's.
    ///
    /// # Errors
    /// [`crate::Error::Sqlite`].
    pub fn forget_kept(&self, tables: &[Kept]) -> Result<()> {
        let mut inner = self.inner();
        let transaction = inner.connection.transaction()?;
        for kept in tables {
            transaction
                .prepare_cached("DELETE FROM results WHERE dataset = ?1 AND name = ?2")?
                .execute(params![kept.table.dataset, kept.table.table])?;
        }
        Ok(transaction.commit()?)
    }
}

/// What a job that is done left, if it is an anonymous table.
pub(super) fn put(connection: &Connection, job: &Job, result: &JobResult) -> Result<()> {
    let (true, Some(expires)) = (result.anonymous, result.expires) else { return Ok(()) };
    let mut statement = connection.prepare_cached(
        "INSERT OR IGNORE INTO results (project, dataset, name, principal, bytes, created, expires) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    let TableReference { project, dataset, table } = &result.table;
    let bytes = i64::try_from(result.bytes).unwrap_or(i64::MAX);
    let created = job.ended.unwrap_or(job.created);
    statement.execute(params![project, dataset, table, job.principal, bytes, created, expires])?;
    Ok(())
}

fn kept(row: &Row<'_>) -> rusqlite::Result<Kept> {
    Ok(Kept {
        table: TableReference { project: row.get(0)?, dataset: row.get(1)?, table: row.get(2)? },
        principal: row.get(3)?,
        bytes: row.get::<_, i64>(4)?.max(0) as u64,
        created: row.get(5)?,
        expires: row.get(6)?,
    })
}
