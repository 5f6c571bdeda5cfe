//! The rows of a running statement.

use crate::engine::ResultColumn;
use crate::error::{Error, Result};
use arrow::datatypes::{Schema, SchemaRef};
use arrow::record_batch::{RecordBatch, RecordBatchOptions};
use datafusion::execution::SendableRecordBatchStream;
use futures::{Stream, StreamExt};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::sync::mpsc;
use tokio::task::{JoinError, JoinHandle};

/// Batches of a result as they come: an iterator that waits, and a stream for those who must not. Dropping it stops the
/// statement.
#[derive(Debug)]
pub struct Rows {
    schema: SchemaRef,
    batches: mpsc::Receiver<Result<RecordBatch>>,
    task: JoinHandle<()>,
    ended: bool,
}

impl Rows {
    pub(crate) fn new(schema: SchemaRef, batches: mpsc::Receiver<Result<RecordBatch>>, task: JoinHandle<()>) -> Self {
        Self { schema, batches, task, ended: false }
    }

    /// The columns' names and Arrow types, the same for every batch.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn passed(&mut self, batch: Option<Result<RecordBatch>>) -> Option<Result<RecordBatch>> {
        self.ended |= !matches!(batch, Some(Ok(_)));
        batch
    }
}

impl Iterator for Rows {
    type Item = Result<RecordBatch>;

    /// The next batch; waits for it. Not to be called from asynchronous code.
    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let batch = match self.batches.blocking_recv() {
            None => fault(futures::executor::block_on(&mut self.task)),
            batch => batch,
        };
        self.passed(batch)
    }
}

impl Stream for Rows {
    type Item = Result<RecordBatch>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.ended {
            return Poll::Ready(None);
        }
        let batch = match self.batches.poll_recv(context) {
            Poll::Ready(None) => Pin::new(&mut self.task).poll(context).map(fault),
            batch => batch,
        };
        batch.map(|batch| self.passed(batch))
    }
}

impl Drop for Rows {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A task that ended without its last word died or was stopped: what it sent is not the whole result.
fn fault(end: std::result::Result<(), JoinError>) -> Option<Result<RecordBatch>> {
    let error = end.err()?;
    Some(Err(if error.is_panic() {
        Error::Internal("running the statement failed".to_owned())
    } else {
        Error::Stopped
    }))
}

/// The schema that a result has for its readers.
pub(crate) fn schema(columns: &[ResultColumn]) -> SchemaRef {
    Arc::new(Schema::new(columns.iter().map(|c| c.sql_type.field(&c.name, true)).collect::<Vec<_>>()))
}

/// How sending rows ended.
pub(crate) enum Ending {
    /// With the last row, an error that was sent, or a reader that is gone.
    Sent,
    /// For want of memory before there was a row: it may be tried again.
    Nothing(Error),
}

/// Sends what a plan gives, under the names and types of the result, until it ends or nobody listens.
pub(crate) async fn forward(
    mut batches: SendableRecordBatchStream,
    schema: &SchemaRef,
    sender: &mpsc::Sender<Result<RecordBatch>>,
) -> Ending {
    let mut first = true;
    while let Some(batch) = batches.next().await {
        let batch = batch.map_err(Error::from).and_then(|batch| relabelled(&batch, schema));
        if let (true, Err(Error::Resources(_))) = (first, &batch) {
            // Its memory is free before anything else begins.
            drop(batches);
            return batch.map_or_else(Ending::Nothing, |_| Ending::Sent);
        }
        first = false;
        let failed = batch.is_err();
        if sender.send(batch).await.is_err() || failed {
            break;
        }
    }
    // Before the reader learns that this is the end: then the statement's memory is free.
    drop(batches);
    Ending::Sent
}

/// A batch under the result's schema. That types differ is a defect: the tree decides them, and nothing below may.
fn relabelled(batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch> {
    let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
    RecordBatch::try_new_with_options(Arc::clone(schema), batch.columns().to_vec(), &options)
        .map_err(|error| Error::Internal(format!("the rows are not of the types that were planned: {error}")))
}
