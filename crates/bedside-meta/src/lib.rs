//! What the program remembers beside the warehouse: jobs with their statistics, and tokens. One SQLite file, `bedside.db`, in
//! the home, readable by its owner alone.
//!
//! ```
//! use bedside_meta::{Database, Job, JobKey, JobKind, JobState};
//!
//! # let folder = std::env::temp_dir().join(format!("bedside-meta-doc-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder)?;
//! # let home = folder.as_path();
//! let database = Database::open(home, 0)?;
//! let key = JobKey { project: "mine".to_owned(), id: "job_1".to_owned() };
//! let mut job = Job::new(key.clone(), JobKind::Query, "owner", 1_000);
//! job.state = JobState::Running;
//! database.put(&[&job])?;
//! assert_eq!(database.job(&key)?, Some(job));
//! # drop(database);
//! # std::fs::remove_dir_all(home).ok();
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Several programs may have the file open. A job that is not done belongs to the program that runs it, which holds a lock
//! that the system takes back when it dies; whoever opens the file next finds such jobs and marks them as failed.
//!
//! Texts of statements and values are kept here and nowhere else. This crate reads no clock and decides nothing.

mod database;
mod error;
mod instance;
mod job;
mod reference;
mod statistics;
mod token;

pub use database::{Database, FILE, JobFilter, JobPage, Kept};
pub use error::{Error, Result};
pub use job::{Job, JobError, JobKind, JobResult, JobState};
pub use reference::{DatasetReference, JobKey, TableReference};
pub use statistics::{ChangedRows, Column, Ddl, DdlOperation, DdlTarget, Evaluation, JobStatistics, StatementType};
pub use token::{NewToken, Token};
