//! The tables, version by version. A version that was ever released is never changed; what is new comes as the next one.

use crate::error::{Error, Result};
use rusqlite::{Connection, TransactionBehavior};
use std::path::Path;

/// What leads from version i to version i + 1.
const STEPS: [&str; 3] = [
    "
    CREATE TABLE jobs (
        number INTEGER PRIMARY KEY,
        project TEXT NOT NULL,
        id TEXT NOT NULL,
        parent TEXT,
        request TEXT,
        instance TEXT NOT NULL,
        principal TEXT NOT NULL,
        front TEXT NOT NULL,
        kind TEXT NOT NULL,
        state TEXT NOT NULL,
        created INTEGER NOT NULL,
        started INTEGER,
        ended INTEGER,
        text TEXT,
        configuration TEXT NOT NULL,
        labels TEXT,
        error TEXT,
        statistics TEXT NOT NULL,
        result TEXT,
        stop INTEGER NOT NULL DEFAULT 0,
        UNIQUE (project, id)
    ) STRICT;
    CREATE INDEX jobs_by_age ON jobs (created, number);
    CREATE INDEX jobs_by_parent ON jobs (project, parent) WHERE parent IS NOT NULL;
    CREATE INDEX jobs_by_request ON jobs (project, request) WHERE request IS NOT NULL;
    CREATE INDEX jobs_undone ON jobs (instance) WHERE state <> 'DONE';
    CREATE TABLE results (
        project TEXT NOT NULL,
        dataset TEXT NOT NULL,
        name TEXT NOT NULL,
        principal TEXT NOT NULL,
        bytes INTEGER NOT NULL,
        created INTEGER NOT NULL,
        expires INTEGER NOT NULL,
        PRIMARY KEY (dataset, name)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX results_by_time ON results (created);
    CREATE TABLE tokens (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        hash BLOB NOT NULL,
        created INTEGER NOT NULL,
        used INTEGER,
        revoked INTEGER
    ) STRICT, WITHOUT ROWID;
",
    "
    ALTER TABLE tokens ADD COLUMN public_key BLOB;
",
    // Of results that were made in the same millisecond the first is the oldest.
    "
    CREATE TABLE numbered (
        number INTEGER PRIMARY KEY,
        project TEXT NOT NULL,
        dataset TEXT NOT NULL,
        name TEXT NOT NULL,
        principal TEXT NOT NULL,
        bytes INTEGER NOT NULL,
        created INTEGER NOT NULL,
        expires INTEGER NOT NULL,
        UNIQUE (dataset, name)
    ) STRICT;
    INSERT INTO numbered (project, dataset, name, principal, bytes, created, expires)
        SELECT project, dataset, name, principal, bytes, created, expires FROM results ORDER BY created, name;
    DROP TABLE results;
    ALTER TABLE numbered RENAME TO results;
    CREATE INDEX results_by_time ON results (created, number);
",
];

/// Brings the file to the newest version.
pub(super) fn run(connection: &mut Connection, path: &Path) -> Result<()> {
    let known = STEPS.len() as i64;
    if version(connection)? == known {
        return Ok(());
    }
    // Two programs that open a new home at once take turns.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found = version(&transaction)?;
    if found > known {
        return Err(Error::Newer { path: path.to_path_buf(), found, known });
    }
    for step in STEPS.iter().skip(usize::try_from(found).unwrap_or_default()) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", known)?;
    Ok(transaction.commit()?)
}

fn version(connection: &Connection) -> Result<i64> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}
