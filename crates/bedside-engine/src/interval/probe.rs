//! One partition of a join with a side that is held as a whole.

use super::held::{Held, NOWHERE};
use super::pairs::{Candidates, Keep, Pairs, Place, Sides};
use super::stream::Shape;
use super::window::{Bounds, Search, Window};
use crate::stretch::evaluated;
use arrow::array::{AsArray, BooleanArray, RecordBatch, RecordBatchOptions, UInt32Array};
use arrow::buffer::BooleanBuffer;
use arrow::compute::{BatchCoalescer, filter, filter_record_batch, take};
use arrow::datatypes::UInt32Type;
use datafusion::common::Result;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::physical_plan::metrics::BaselineMetrics;
use futures::StreamExt;
use std::ops::Range;
use std::sync::Arc;

/// Rows of the streamed side on their way through the join.
pub(super) struct Probing {
    shape: Arc<Shape>,
    held: Arc<Held>,
    streamed: SendableRecordBatchStream,
    batch: Option<Streamed>,
    row: usize,
    /// The row's candidates that are left, and its lower bound, if it has been begun.
    begun: Option<(Range<usize>, i64)>,
    pairs: Pairs,
    /// Batches of which few rows are left are put together.
    ready: BatchCoalescer,
    metrics: BaselineMetrics,
}

struct Streamed {
    batch: RecordBatch,
    groups: Vec<u32>,
    /// `None` if they cannot be computed.
    bounds: Option<Bounds>,
    search: Search,
}

impl Probing {
    pub(super) fn new(
        shape: Arc<Shape>,
        held: Arc<Held>,
        streamed: SendableRecordBatchStream,
        metrics: BaselineMetrics,
    ) -> Self {
        let rows = shape.batch_rows.max(1);
        let ready =
            BatchCoalescer::new(Arc::clone(&shape.schema), rows).with_biggest_coalesce_batch_size(Some(rows / 2));
        let pairs = Pairs::new(shape.keep, rows);
        Self { shape, held, streamed, batch: None, row: 0, begun: None, pairs, ready, metrics }
    }

    pub(super) async fn next(&mut self) -> Result<Option<RecordBatch>> {
        loop {
            if let Some(batch) = self.ready.next_completed_batch() {
                self.metrics.record_output(batch.num_rows());
                return Ok(Some(batch));
            }
            if self.batch.is_none() {
                let Some(batch) = self.streamed.next().await.transpose()? else {
                    self.ready.finish_buffered_batch()?;
                    return Ok(self.ready.next_completed_batch());
                };
                self.begin(batch)?;
            }
            self.advance()?;
        }
    }

    fn begin(&mut self, batch: RecordBatch) -> Result<()> {
        let time = self.metrics.elapsed_compute().clone();
        let _timer = time.timer();
        let groups = self.held.groups(&evaluated(&self.shape.streamed_keys, &batch)?, &self.shape)?;
        let Some(window) = &self.held.window else {
            if let Some(batch) = looked_up(&self.shape, &self.held.rows, &batch, groups)? {
                self.ready.push_batch(batch)?;
            }
            return Ok(());
        };
        let bounds = Bounds::of(&self.shape.condition, &batch).ok();
        let search = if bounds.is_some() { window.search } else { Search::Everything };
        self.pairs.expect(match self.shape.check(search) {
            None => Candidates::Match,
            Some(_) => Candidates::MayMatch,
        });
        self.batch = Some(Streamed { batch, groups, bounds, search });
        self.row = 0;
        Ok(())
    }

    /// Joins rows of the batch until there are enough pairs or no more rows.
    fn advance(&mut self) -> Result<()> {
        let time = self.metrics.elapsed_compute().clone();
        let _timer = time.timer();
        let (Some(streamed), Some(window)) = (&self.batch, &self.held.window) else { return Ok(()) };
        let rows = streamed.groups.len();
        while self.row < rows && !self.pairs.is_full() {
            let (candidates, lower) = self.begun.take().unwrap_or_else(|| streamed.find(self.row, window));
            let left = self.pairs.add(self.row as u32, window, candidates, lower);
            if !left.is_empty() {
                self.begun = Some((left, lower));
                break;
            }
            self.pairs.finish(self.row as u32);
            self.row += 1;
        }
        let sides = Sides { streamed: &streamed.batch, buffered: Some(&window.batch) };
        if let Some(batch) = self.pairs.flush(&self.shape, self.shape.check(streamed.search), &sides)? {
            self.ready.push_batch(batch)?;
        }
        if self.row == rows {
            self.batch = None;
        }
        Ok(())
    }
}

/// The result of rows of which each has one partner at most, and nothing but its key is asked.
fn looked_up(shape: &Shape, held: &RecordBatch, batch: &RecordBatch, groups: Vec<u32>) -> Result<Option<RecordBatch>> {
    let found = groups.iter().filter(|group| **group != NOWHERE).count();
    let kept: BooleanBuffer = match shape.keep {
        Keep::All => BooleanBuffer::new_set(groups.len()),
        Keep::Pairs | Keep::Matched => groups.iter().map(|group| *group != NOWHERE).collect(),
        Keep::Lone => groups.iter().map(|group| *group == NOWHERE).collect(),
    };
    let rows = kept.count_set_bits();
    if rows == 0 {
        return Ok(None);
    }
    let (streamed, partners) = if rows == groups.len() {
        (batch.clone(), UInt32Array::from(groups))
    } else {
        let kept = BooleanArray::new(kept, None);
        let partners = filter(&UInt32Array::from(groups), &kept)?;
        (filter_record_batch(batch, &kept)?, partners.as_primitive::<UInt32Type>().clone())
    };
    let partners = if found < partners.len() { or_nobody(&partners) } else { partners };
    let column = |place: &Place| {
        if shape.is_streamed(place.side) {
            return Ok(Arc::clone(streamed.column(place.index)));
        }
        take(held.column(place.index), &partners, None)
    };
    let columns = shape.output.iter().map(column).collect::<std::result::Result<_, _>>()?;
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    Ok(Some(RecordBatch::try_new_with_options(Arc::clone(&shape.schema), columns, &options)?))
}

/// NULL for rows without a partner.
fn or_nobody(partners: &UInt32Array) -> UInt32Array {
    partners.iter().map(|partner| partner.filter(|partner| *partner != NOWHERE)).collect()
}

impl Streamed {
    /// The candidates of a row and its lower bound.
    fn find(&self, row: usize, window: &Window) -> (Range<usize>, i64) {
        const NOTHING: (Range<usize>, i64) = (0..0, 0);
        let group = self.groups[row];
        if group == NOWHERE {
            return NOTHING;
        }
        let bounds = match (self.search, &self.bounds) {
            (Search::Bounds, Some(bounds)) => bounds.get(row),
            _ => Some((i64::MIN, i64::MAX)),
        };
        bounds.map_or(NOTHING, |(lower, upper)| (window.candidates(group as usize, lower, upper), lower))
    }
}
