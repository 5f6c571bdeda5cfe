//! Texts whose rows go straight to who asked: the command line's statements, and tables that a client reads as they are.

use crate::error::{Error, Result};
use crate::principal::Principal;
use crate::service::{Begun, Service, Shared};
use crate::stop::Stop;
use crate::submission::{Submission, Work};
use crate::text::{Statement, Text};
use arrow::array::RecordBatch;
use arrow::datatypes::{Schema, SchemaRef};
use bedside_engine::Session;
use bedside_meta::{Column, TableReference};
use futures::Stream;
use std::fmt;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// How often a flag is looked at that somebody else sets.
const LOOK: Duration = Duration::from_millis(50);

/// A table to be read as it is.
#[derive(Clone, Debug)]
pub struct TableRead {
    /// The project of the client.
    pub project: String,
    /// The table, kept or anonymous.
    pub table: TableReference,
    /// The columns that are wanted; all where `None`.
    pub columns: Option<Vec<String>>,
    /// A condition in GoogleSQL that the rows have to meet.
    pub restriction: Option<String>,
}

/// Rows as they come. Dropping it stops the reading.
pub struct RowStream {
    columns: Vec<Column>,
    schema: SchemaRef,
    batches: mpsc::Receiver<Result<RecordBatch>>,
}

impl Service {
    /// A text whose statements the caller runs one after the other and whose rows are not kept; its temporary tables are those
    /// of `session`. While `stop` is set its statements end. Blocks.
    ///
    /// # Errors
    /// A fault of syntax; [`Error::Unsupported`] for what is no text.
    pub fn text(
        &self,
        principal: &Principal,
        submission: &Submission,
        session: &Session,
        stop: &Arc<AtomicBool>,
    ) -> Result<Text> {
        let Work::Query(query) = &submission.work else {
            return Err(Error::Unsupported("a job without SQL here".to_owned()));
        };
        self.watch();
        let stop_here = Stop::with_flag(Arc::clone(stop));
        let Begun::Now(active) = self.shared.begin(principal, submission, stop_here)? else {
            return Err(Error::Invalid("the same request was made before".to_owned()));
        };
        let queue = self.shared.queue.clone();
        match Text::new(&self.shared, queue, principal, Arc::clone(&active), query, session) {
            Ok(text) => {
                watch(Arc::downgrade(&self.shared), Arc::downgrade(&active), Arc::clone(stop));
                Ok(text)
            }
            Err(error) => {
                self.shared.finish(&active, |job| job.error = Some(error.job_error()));
                Err(error)
            }
        }
    }

    /// Reads a table through the engine, its rows as they come, in no order. It is a job like any other.
    ///
    /// # Errors
    /// An unknown table or column, a wrong condition; what goes wrong while it runs comes among the rows.
    pub async fn read(&self, principal: &Principal, read: TableRead) -> Result<RowStream> {
        self.watch();
        let submission = Submission::query(&read.project, "storage", &statement(&read));
        let (answer, accepted) = oneshot::channel();
        let (shared, principal) = (Arc::clone(&self.shared), principal.clone());
        std::thread::Builder::new()
            .name("bedside-read".to_owned())
            .spawn(move || shared.stream(&principal, &submission, answer))
            .map_err(|error| Error::Internal(format!("no thread: {error}")))?;
        accepted.await.map_err(|_| Error::Internal("the job was lost".to_owned()))?
    }
}

impl Shared {
    fn stream(
        self: &Arc<Self>,
        principal: &Principal,
        submission: &Submission,
        answer: oneshot::Sender<Result<RowStream>>,
    ) {
        let planned = self.planned(principal, submission);
        let (mut text, query) = match planned {
            Ok(planned) => planned,
            Err(error) => {
                // Whoever asked may be gone.
                drop(answer.send(Err(error)));
                return;
            }
        };
        let columns = crate::facts::columns(query.columns());
        let fields: Vec<_> = columns.iter().map(|column| column.sql_type.field(&column.name, true)).collect();
        let (sender, batches) = mpsc::channel(2);
        let stream = RowStream { columns, schema: Arc::new(Schema::new(fields)), batches };
        if answer.send(Ok(stream)).is_err() {
            text.fail(&Error::Stopped("the reader of the rows went away".to_owned()));
            return;
        }
        let gone = || Error::Stopped("the reader of the rows went away".to_owned());
        let given = text.rows(query, None, |batch| sender.blocking_send(Ok(batch.clone())).map_err(|_| gone()));
        if let Err(error) = given {
            // The reader learns why, if there is one.
            drop(sender.blocking_send(Err(error)));
        }
    }

    fn planned(
        self: &Arc<Self>,
        principal: &Principal,
        submission: &Submission,
    ) -> Result<(Text, crate::text::PlannedQuery)> {
        let Work::Query(query) = &submission.work else {
            return Err(Error::Internal("a table is read by SQL".to_owned()));
        };
        let Begun::Now(active) = self.begin(principal, submission, Stop::default())? else {
            return Err(Error::Internal("a table is read once".to_owned()));
        };
        let text = Text::new(self, self.streams.clone(), principal, Arc::clone(&active), query, &Session::default());
        let mut text = text.inspect_err(|error| {
            self.finish(&active, |job| job.error = Some(error.job_error()));
        })?;
        match (text.next()?, text.is_script()) {
            (Some(Statement::Query(query)), false) => Ok((text, query)),
            // A condition that ends the statement and begins another one.
            _ => Err(Error::Invalid("the restriction is no condition".to_owned())),
        }
    }
}

impl RowStream {
    /// The columns.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The columns' names and Arrow types, the same for every batch.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }
}

impl Stream for RowStream {
    type Item = Result<RecordBatch>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.batches.poll_recv(context)
    }
}

impl fmt::Debug for RowStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RowStream({} columns)", self.columns.len())
    }
}

fn statement(read: &TableRead) -> String {
    let TableReference { project, dataset, table } = &read.table;
    let columns = match &read.columns {
        Some(columns) if !columns.is_empty() => {
            columns.iter().map(|column| quoted(column)).collect::<Vec<_>>().join(", ")
        }
        _ => "*".to_owned(),
    };
    let mut text = format!("SELECT {columns} FROM {}.{}.{}", quoted(project), quoted(dataset), quoted(table));
    if let Some(restriction) = read.restriction.as_ref().filter(|restriction| !restriction.trim().is_empty()) {
        // On lines of its own, so that a comment in it ends there.
        text.push_str(&format!(" WHERE (\n{restriction}\n)"));
    }
    text
}

/// A name as GoogleSQL quotes it.
pub(crate) fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('\\', "\\\\").replace('`', "\\`"))
}

/// Wakes what waits when a flag is set that others set, as long as the job runs.
fn watch(shared: Weak<Shared>, active: Weak<crate::active::Active>, flag: Arc<AtomicBool>) {
    let watching = std::thread::Builder::new().name("bedside-stop".to_owned()).spawn(move || {
        while let Some(active) = active.upgrade() {
            if flag.load(Ordering::SeqCst) {
                active.stop.set("stopped");
                if let Some(shared) = shared.upgrade() {
                    shared.wake();
                }
                return;
            }
            drop(active);
            std::thread::sleep(LOOK);
        }
    });
    // Without a thread the flag is looked at between batches.
    drop(watching);
}
