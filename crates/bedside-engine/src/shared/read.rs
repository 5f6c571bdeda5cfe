//! A reader of a shared part.

use super::buffer::Found;
use super::stage::{Part, Source, Stage, locked};
use arrow::array::{RecordBatch, RecordBatchOptions};
use arrow::datatypes::SchemaRef;
use datafusion::common::{DataFusionError, Result};
use datafusion::execution::{RecordBatchStream, SendableRecordBatchStream, TaskContext};
use datafusion::physical_plan::metrics::BaselineMetrics;
use futures::{Stream, StreamExt};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, TryLockError};
use std::task::{Context, Poll, Wake, Waker, ready};

/// Gives the batches of one partition to one reader, by numbers from 0.
pub(super) enum Reader {
    /// Together with others.
    Shared(SharedReader),
    /// By itself.
    Alone(SendableRecordBatchStream),
}

pub(super) struct SharedReader {
    stage: Arc<Stage>,
    partition: usize,
    reader: usize,
    context: Arc<TaskContext>,
    number: usize,
    /// The file that the next batches are in, and how many others come before them.
    file: Option<(SendableRecordBatchStream, usize)>,
    ended: bool,
}

/// Columns of what a reader gives.
pub(super) struct Columns {
    reader: Reader,
    places: Vec<usize>,
    schema: SchemaRef,
    metrics: BaselineMetrics,
}

impl Reader {
    pub(super) fn shared(stage: Arc<Stage>, reader: usize, partition: usize, context: Arc<TaskContext>) -> Self {
        Self::Shared(SharedReader { stage, partition, reader, context, number: 0, file: None, ended: false })
    }

    pub(super) fn alone(stream: SendableRecordBatchStream) -> Self {
        Self::Alone(stream)
    }

    pub(super) fn of(self, places: Vec<usize>, schema: SchemaRef, metrics: BaselineMetrics) -> Columns {
        Columns { reader: self, places, schema, metrics }
    }
}

impl SharedReader {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<RecordBatch>>> {
        let stage = Arc::clone(&self.stage);
        let part = match stage.part(self.partition) {
            Ok(part) => part,
            Err(error) => return Poll::Ready(Some(Err(error))),
        };
        while !self.ended {
            if let Some((file, before)) = &mut self.file {
                match ready!(file.poll_next_unpin(context)) {
                    Some(Ok(_)) if *before > 0 => *before -= 1,
                    Some(Ok(batch)) => return Poll::Ready(Some(Ok(self.had(part, batch)))),
                    Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                    None => self.file = None,
                }
                continue;
            }
            // Before looking, so that no batch arrives between the look and the wait.
            part.wakers.register(self.reader, context.waker());
            match self.look(part) {
                Ok(Found::Batch(batch)) => return Poll::Ready(Some(Ok(self.had(part, batch)))),
                Ok(Found::File(stream, before)) => self.file = Some((stream, before)),
                Ok(Found::End(end)) => {
                    self.ended = true;
                    return Poll::Ready(end.err().map(|error| Err(DataFusionError::Shared(error))));
                }
                Ok(Found::Nothing) => {
                    if let Some(batch) = ready!(self.compute(part)) {
                        return Poll::Ready(Some(Ok(batch)));
                    }
                }
                Err(error) => return Poll::Ready(Some(Err(error))),
            }
        }
        Poll::Ready(None)
    }

    fn look(&self, part: &Part) -> Result<Found> {
        locked(&part.buffer).as_ref().map_or(Ok(Found::Nothing), |buffer| buffer.get(self.number))
    }

    /// Takes note that this reader has the batch that it wanted.
    fn had(&mut self, part: &Part, batch: RecordBatch) -> RecordBatch {
        self.number += 1;
        if let Some(buffer) = &mut *locked(&part.buffer) {
            buffer.passed(self.reader, self.number);
        }
        batch
    }

    /// Computes the next batch unless another reader is at it; `None` if there is something new to look at.
    fn compute(&mut self, part: &Part) -> Poll<Option<RecordBatch>> {
        let mut source = match part.source.try_lock() {
            Ok(source) => source,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            // Who holds it wakes us.
            Err(TryLockError::WouldBlock) => return Poll::Pending,
        };
        if locked(&part.buffer).as_ref().is_some_and(|buffer| buffer.knows(self.number)) {
            return Poll::Ready(None);
        }
        part.wakers.fired.store(false, Ordering::SeqCst);
        let waker = Waker::from(Arc::clone(&part.wakers));
        let next = self.advance(&mut source, &mut Context::from_waker(&waker));
        let computed = match next {
            Poll::Pending => {
                drop(source);
                // A wake that came before others registered was not for them.
                if part.wakers.fired.load(Ordering::SeqCst) {
                    part.wakers.wake_all();
                }
                return Poll::Pending;
            }
            Poll::Ready(Some(Ok(batch))) if batch.num_rows() == 0 => None,
            Poll::Ready(Some(Ok(batch))) => match self.keep(part, &batch) {
                Ok(()) => Some(batch),
                Err(error) => end(part, &mut source, Err(Arc::new(error))),
            },
            Poll::Ready(Some(Err(error))) => end(part, &mut source, Err(Arc::new(error))),
            Poll::Ready(None) => end(part, &mut source, Ok(())),
        };
        drop(source);
        part.wakers.wake_all();
        Poll::Ready(computed)
    }

    fn advance(&self, source: &mut Source, context: &mut Context<'_>) -> Poll<Option<Result<RecordBatch>>> {
        if matches!(source, Source::Idle) {
            match self.stage.producer.execute(self.partition, Arc::clone(&self.context)) {
                Ok(stream) => *source = Source::Running(stream),
                Err(error) => return Poll::Ready(Some(Err(error))),
            }
        }
        match source {
            Source::Running(stream) => stream.poll_next_unpin(context),
            Source::Idle | Source::Ended => Poll::Ready(None),
        }
    }

    fn keep(&mut self, part: &Part, batch: &RecordBatch) -> Result<()> {
        self.number += 1;
        locked(&part.buffer).as_mut().map_or(Ok(()), |buffer| buffer.push(batch, self.reader))
    }
}

/// The computation is over, well or not.
fn end(part: &Part, source: &mut Source, end: Result<(), Arc<DataFusionError>>) -> Option<RecordBatch> {
    *source = Source::Ended;
    if let Some(buffer) = &mut *locked(&part.buffer) {
        buffer.finish(end);
    }
    None
}

impl Drop for SharedReader {
    fn drop(&mut self) {
        let Ok(part) = self.stage.part(self.partition) else { return };
        let abandoned = locked(&part.buffer).as_mut().is_none_or(|buffer| {
            buffer.passed(self.reader, usize::MAX);
            buffer.is_abandoned()
        });
        if abandoned && let Ok(mut source) = part.source.try_lock() {
            *source = Source::Ended;
        }
        // It may have been the one that was to be woken.
        part.wakers.wake_all();
    }
}

impl Stream for Columns {
    type Item = Result<RecordBatch>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = match &mut self.reader {
            Reader::Shared(reader) => reader.poll(context),
            Reader::Alone(stream) => stream.poll_next_unpin(context),
        };
        let next = ready!(next).map(|batch| {
            let batch = batch?;
            let columns = self.places.iter().map(|place| Arc::clone(batch.column(*place))).collect();
            let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
            Ok(RecordBatch::try_new_with_options(Arc::clone(&self.schema), columns, &options)?)
        });
        self.metrics.record_poll(Poll::Ready(next))
    }
}

impl RecordBatchStream for Columns {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }
}

/// The readers of a partition that wait for the computation. It wakes all of them, for each may be the one to go on with it.
#[derive(Default)]
pub(super) struct Wakers {
    pub(super) fired: AtomicBool,
    waiting: Mutex<Vec<(usize, Waker)>>,
}

impl Wakers {
    fn register(&self, reader: usize, waker: &Waker) {
        let mut waiting = locked(&self.waiting);
        match waiting.iter_mut().find(|(waiting, _)| *waiting == reader) {
            Some((_, registered)) => registered.clone_from(waker),
            None => waiting.push((reader, waker.clone())),
        }
    }

    fn wake_all(&self) {
        self.fired.store(true, Ordering::SeqCst);
        let waiting = std::mem::take(&mut *locked(&self.waiting));
        waiting.into_iter().for_each(|(_, waker)| waker.wake());
    }
}

impl Wake for Wakers {
    fn wake(self: Arc<Self>) {
        self.wake_all();
    }
}
