//! Rows of one stream, as they are read.

use super::arrow::Messages;
use super::message::{ArrowRecordBatch, ArrowSchema, Progress, ReadRowsRequest, ReadRowsResponse, StreamStats};
use super::session::Session;
use super::status;
use crate::error::Failure;
use crate::front::Front;
use arrow::array::RecordBatch;
use bedside_service::{Principal, RowRange};
use futures::{Stream, StreamExt, TryStreamExt};
use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;
use tonic::Status;

/// Rows that are read in one go.
const STEP: usize = 65_536;
/// Bytes of a message, about: clients take less than 128 MB, and small ones let them begin early.
const MESSAGE_BYTES: usize = 2 << 20;

/// A stream being read.
struct Reading {
    front: Front,
    principal: Principal,
    session: Arc<Session>,
    rows: Range<u64>,
    /// The row that is read next.
    next: u64,
    messages: Messages,
    ready: VecDeque<RecordBatch>,
    /// The first row that is not sent.
    unsent: u64,
    /// Sent with the first message.
    schema: Option<ArrowSchema>,
}

/// The rows of a stream from an offset on.
pub(crate) fn rows(
    front: Front,
    principal: Principal,
    request: &ReadRowsRequest,
) -> Result<impl Stream<Item = Result<ReadRowsResponse, Status>> + use<>, Status> {
    let found = front.sessions.stream(&request.read_stream, &principal, front.access.now());
    let (session, rows) = found.map_err(status)?;
    let offset = u64::try_from(request.offset).map_err(|_| Status::invalid_argument("the offset is negative"))?;
    if offset > rows.end - rows.start {
        return Err(Status::out_of_range("the offset is beyond the end of the stream"));
    }
    let messages = Messages::new(Arc::clone(&session.schema)).map_err(status)?;
    let schema = Some(ArrowSchema { serialized_schema: messages.schema() });
    let next = rows.start + offset;
    let ready = VecDeque::new();
    let reading = Reading { front, principal, session, rows, next, messages, ready, unsent: next, schema };
    Ok(futures::stream::try_unfold(reading, |mut reading| async move {
        let message = reading.message().await?;
        Ok::<_, Failure>(message.map(|message| (message, reading)))
    })
    .map_err(status)
    .boxed())
}

impl Reading {
    /// The next message; `None` at the end.
    async fn message(&mut self) -> Result<Option<ReadRowsResponse>, Failure> {
        while self.ready.is_empty() {
            if self.next >= self.rows.end {
                return Ok(None);
            }
            self.read().await?;
        }
        let Some(batch) = self.ready.pop_front() else { return Ok(None) };
        let row_count = batch.num_rows() as i64;
        let serialized_record_batch = self.messages.batch(&batch)?;
        let start = self.progress();
        self.unsent += batch.num_rows() as u64;
        let progress = Progress { at_response_start: start, at_response_end: self.progress() };
        Ok(Some(ReadRowsResponse {
            stats: Some(StreamStats { progress: Some(progress) }),
            arrow_record_batch: Some(ArrowRecordBatch { serialized_record_batch, row_count }),
            row_count,
            arrow_schema: self.schema.take(),
        }))
    }

    async fn read(&mut self) -> Result<(), Failure> {
        let most = usize::try_from(self.rows.end - self.next).unwrap_or(STEP).min(STEP);
        let range = RowRange { start: self.next, most };
        let (service, columns) = (&self.front.service, self.session.columns.as_deref());
        let page = service.table_rows(&self.principal, &self.session.table, columns, range).await?;
        for batch in page.batches {
            self.next += batch.num_rows() as u64;
            self.ready.extend(pieces(&batch));
        }
        if self.ready.is_empty() {
            return Err(Failure::internal("a table has fewer rows than it says"));
        }
        Ok(())
    }

    fn progress(&self) -> f64 {
        let rows = (self.rows.end - self.rows.start).max(1);
        (self.unsent - self.rows.start) as f64 / rows as f64
    }
}

/// A batch in pieces of about a message's size.
fn pieces(batch: &RecordBatch) -> impl Iterator<Item = RecordBatch> + use<> {
    let rows = batch.num_rows();
    let each = (rows * MESSAGE_BYTES / batch.get_array_memory_size().max(1)).clamp(256, rows.max(256));
    let batch = batch.clone();
    (0..rows).step_by(each).map(move |start| batch.slice(start, each.min(rows - start)))
}
