//! The file and what every access to it has in common.

mod jobs;
mod migration;
mod results;
mod tokens;

use crate::error::{Error, Result};
use crate::instance::{self, Instance};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::fmt;
use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

pub use jobs::{JobFilter, JobPage};
pub use results::Kept;

/// The file's name in the home.
pub const FILE: &str = "bedside.db";

/// How long another program may write before this one gives up.
const BUSY: Duration = Duration::from_secs(5);

/// The log is cut back to this size when it has been copied into the file, bytes.
const LOG_BYTES: i64 = 8 << 20;

/// The state of a home. Cheap to clone; accesses take turns, each takes well under a millisecond.
#[derive(Clone)]
pub struct Database {
    inner: Arc<Mutex<Inner>>,
    path: Arc<PathBuf>,
}

pub(crate) struct Inner {
    pub(crate) connection: Connection,
    pub(crate) instance: Instance,
}

impl Database {
    /// Opens the state of a home, making it if it is not there, readable by its owner alone. Jobs whose program died are then
    /// done and failed; `now` (milliseconds since 1970) is when.
    ///
    /// # Errors
    /// [`Error::Io`], [`Error::Newer`], [`Error::Damaged`], [`Error::DiskFull`], [`Error::Sqlite`].
    pub fn open(home: &Path, now: i64) -> Result<Self> {
        let path = home.join(FILE);
        make_private(&path)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(&path, flags)?;
        connection.busy_timeout(BUSY)?;
        // A program that ends need not wait for the disk; the next one goes on with the log.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        // A power cut may take the last jobs back, never the file; a killed program loses nothing.
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.pragma_update(None, "journal_size_limit", LOG_BYTES)?;
        connection.set_prepared_statement_cache_capacity(64);
        migration::run(&mut connection, &path)?;
        let inner = Inner { connection, instance: Instance::new(home)? };
        let database = Self { inner: Arc::new(Mutex::new(inner)), path: Arc::new(path) };
        database.recover(now, |instance| instance::is_gone(home, instance))?;
        Ok(database)
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// SQLite makes its log files with the mode that the file has.
fn make_private(path: &Path) -> Result<()> {
    if path.exists() {
        return Ok(());
    }
    let failed = |source| Error::Io { path: path.to_path_buf(), source };
    if let Some(home) = path.parent() {
        fs::create_dir_all(home).map_err(failed)?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop).map_err(failed)
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Database({})", self.path.display())
    }
}
