//! The gate: the one place through which every statement of every front goes.
//!
//! ```no_run
//! use bedside_engine::{Engine, EngineOptions};
//! use bedside_service::{Principal, RowRange, Service, ServiceOptions, Submission};
//! use bedside_store::Warehouse;
//! use std::time::Duration;
//!
//! # async fn run(engine: Engine) -> Result<(), bedside_service::Error> {
//! let service = Service::open(engine, ServiceOptions::new(|| 0, 2))?;
//! let owner = Principal::owner();
//! let submission = Submission::query("my-project", "example", "SELECT 1 AS one");
//! let job = service.run(&owner, submission, Duration::from_secs(10)).await?;
//! let page = service.rows_of(&owner, &job, RowRange { start: 0, most: 100 }).await?;
//! assert_eq!((page.total, page.columns[0].name.as_str()), (1, "one"));
//! # Ok(())
//! # }
//! ```
//!
//! A statement becomes a job: it is planned, what it touches is decided on, its bytes are held against the limits, it waits for a
//! slot, runs, and is recorded ([`Text`]). A front translates and decides nothing. What this crate does not do: speak a protocol,
//! plan SQL, print.

mod active;
mod copy;
mod error;
mod estimate;
mod extract;
mod facts;
mod jobs;
mod load;
mod names;
mod options;
mod place;
mod principal;
mod queue;
mod results;
mod run;
mod service;
mod stop;
mod stream;
mod submission;
mod tables;
mod text;
mod tokens;
mod transfer;
mod watch;

pub use bedside_engine::{Change, ChangeKind, PUBLIC_PROJECT, ResultColumn, Session};
pub use bedside_meta::{
    ChangedRows, Column, DatasetReference, Ddl, DdlOperation, DdlTarget, Job, JobError, JobFilter, JobKey, JobKind,
    JobPage, JobResult, JobState, JobStatistics, NewToken, StatementType, TableReference, Token,
};
pub use bedside_sql::{ColumnDefinition, Parameter, Parameters, TypeParameters, interval_of_text, type_of_text};
pub use bedside_store::value_of_text;
pub use error::{Error, Result};
pub use estimate::{Accuracy, Estimate};
pub use extract::{Compression, Extract, ExtractFormat, Header, delimiter};
pub use jobs::CancelOnDrop;
pub use load::{
    CsvOptions, Detection, InvalidRows, JaggedRows, Load, LoadFormat, LoadSource, QuotedNewlines, RowFault,
    UnknownValues, Upload,
};
pub use options::{PRICE_PER_TIB, ServiceOptions};
pub use place::Buckets;
pub use principal::Principal;
pub use results::{RowPage, RowRange};
pub use service::Service;
pub use stream::{RowStream, TableRead};
pub use submission::{Copy, CreateDisposition, Destination, Priority, Query, Submission, Work, WriteDisposition};
pub use tables::{
    Contents, Dataset, DatasetKind, DatasetUpdate, NewDataset, NewTable, NewTableKind, Table, TableKind, TableUpdate,
};
pub use text::{Given, PlannedChange, PlannedQuery, Statement, Text};
pub use tokens::SigningKey;
