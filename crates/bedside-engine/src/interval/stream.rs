//! One partition of the join.

use super::condition::Condition;
use super::pairs::{Candidates, Keep, Pairs, Place, Sides};
use super::window::{Bounds, Search, Window, Windows};
use crate::stretch::{ASCENDING, evaluated};
use arrow::array::{Array, ArrayRef, RecordBatch};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{Schema, SchemaRef};
use arrow::row::{RowConverter, Rows, SortField};
use datafusion::common::{JoinSide, NullEquality, Result};
use datafusion::execution::SendableRecordBatchStream;
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_plan::joins::utils::JoinFilter;
use datafusion::physical_plan::metrics::BaselineMetrics;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use futures::{StreamExt, stream};
use std::cmp::Ordering;
use std::ops::Range;
use std::sync::Arc;

/// What all partitions of a join have in common.
pub(super) struct Shape {
    pub(super) streamed_keys: Vec<Arc<dyn PhysicalExpr>>,
    pub(super) buffered_keys: Vec<Arc<dyn PhysicalExpr>>,
    pub(super) encoder: RowConverter,
    pub(super) null_equality: NullEquality,
    pub(super) condition: Condition,
    pub(super) keep: Keep,
    /// Where the result's columns come from.
    pub(super) output: Vec<Place>,
    pub(super) schema: SchemaRef,
    /// Rows of a batch of the result.
    pub(super) batch_rows: usize,
}

impl Shape {
    /// Keys as bytes that compare like the keys.
    pub(super) fn encoder(keys: &[Arc<dyn PhysicalExpr>], schema: &Schema) -> Result<RowConverter> {
        let field = |key: &Arc<dyn PhysicalExpr>| {
            let data_type = key.data_type(schema)?;
            Ok(SortField::new_with_options(data_type, ASCENDING))
        };
        Ok(RowConverter::new(keys.iter().map(field).collect::<Result<_>>()?)?)
    }

    pub(super) fn encode(&self, keys: &[ArrayRef]) -> Result<Rows> {
        Ok(self.encoder.convert_columns(keys)?)
    }

    /// Rows with a NULL among their keys, where NULL is equal to nothing.
    pub(super) fn nulls(&self, keys: &[ArrayRef]) -> Option<NullBuffer> {
        match self.null_equality {
            NullEquality::NullEqualsNothing => {
                keys.iter().fold(None, |nulls, key| NullBuffer::union(nulls.as_ref(), key.logical_nulls().as_ref()))
            }
            NullEquality::NullEqualsNull => None,
        }
    }

    /// What is to be checked of a pair that was found.
    pub(super) fn check(&self, search: Search) -> Option<&JoinFilter> {
        match search {
            Search::Bounds => self.condition.rest.as_ref(),
            Search::Everything => self.condition.whole.as_ref(),
        }
    }

    /// The side of a condition's column.
    pub(super) fn is_streamed(&self, side: JoinSide) -> bool {
        side == self.condition.streamed
    }
}

/// A batch of the streamed side that is being joined.
struct Streamed {
    batch: RecordBatch,
    keys: Rows,
    /// As [`Shape::nulls`] has it.
    nulls: Option<NullBuffer>,
    /// `None` if they cannot be computed.
    bounds: Option<Bounds>,
}

struct Joining {
    shape: Arc<Shape>,
    streamed: SendableRecordBatchStream,
    windows: Windows,
    batch: Option<Streamed>,
    window: Option<Window>,
    /// The group of the window that the next row may belong to.
    group: usize,
    /// Whether there are more windows.
    more: bool,
    row: usize,
    /// The row's candidates that are left, and its lower bound, if it has been begun.
    begun: Option<(Range<usize>, i64)>,
    pairs: Pairs,
    metrics: BaselineMetrics,
}

/// Why joining stops.
enum Pause {
    /// There are enough pairs.
    Full,
    Batch,
    Window,
}

/// The rows of one partition.
pub(super) fn joined(
    shape: Arc<Shape>,
    streamed: SendableRecordBatchStream,
    windows: Windows,
    metrics: BaselineMetrics,
) -> SendableRecordBatchStream {
    let schema = Arc::clone(&shape.schema);
    let pairs = Pairs::new(shape.keep, shape.batch_rows);
    let joining = Joining {
        shape,
        streamed,
        windows,
        batch: None,
        window: None,
        group: 0,
        more: true,
        row: 0,
        begun: None,
        pairs,
        metrics,
    };
    let batches = stream::try_unfold(joining, |mut joining| async move {
        let batch = joining.next().await?;
        Ok(batch.map(|batch| (batch, joining)))
    });
    Box::pin(RecordBatchStreamAdapter::new(schema, batches))
}

impl Joining {
    async fn next(&mut self) -> Result<Option<RecordBatch>> {
        loop {
            let time = self.metrics.elapsed_compute().clone();
            let timer = time.timer();
            let pause = self.advance();
            let batch = self.flush()?;
            match pause {
                Pause::Full => {}
                Pause::Batch => self.batch = None,
                Pause::Window => self.window = None,
            }
            timer.done();
            if let Some(batch) = batch {
                self.metrics.record_output(batch.num_rows());
                return Ok(Some(batch));
            }
            let over = self.window.is_none() && !self.more && self.shape.keep.needs_partners();
            if over || (self.batch.is_none() && !self.read().await?) {
                return Ok(None);
            }
            if self.window.is_none() && self.more {
                self.window = self.windows.next().await?;
                self.group = 0;
                self.more = self.window.is_some();
            }
        }
    }

    /// Takes the next batch of the streamed side; whether there is one.
    async fn read(&mut self) -> Result<bool> {
        let Some(batch) = self.streamed.next().await.transpose()? else { return Ok(false) };
        let keys = evaluated(&self.shape.streamed_keys, &batch)?;
        let nulls = self.shape.nulls(&keys);
        let keys = self.shape.encode(&keys)?;
        let bounds = Bounds::of(&self.shape.condition, &batch).ok();
        self.batch = Some(Streamed { batch, keys, nulls, bounds });
        self.row = 0;
        Ok(true)
    }

    /// Joins rows until there are enough pairs or something has to be read.
    fn advance(&mut self) -> Pause {
        let Self { batch: Some(streamed), window, group, more, row, begun, pairs, .. } = self else {
            return Pause::Batch;
        };
        let window = window.as_ref();
        if window.is_none() && *more {
            return Pause::Window;
        }
        let search = search(streamed, window);
        pairs.expect(match self.shape.check(search) {
            None => Candidates::Match,
            Some(_) => Candidates::MayMatch,
        });
        while *row < streamed.batch.num_rows() {
            let (candidates, lower) = match begun.take().or_else(|| streamed.find(*row, window, group, search)) {
                Some(found) => found,
                None if *more => return Pause::Window,
                None => (0..0, 0),
            };
            if let Some(window) = window {
                let left = pairs.add(*row as u32, window, candidates, lower);
                if !left.is_empty() {
                    *begun = Some((left, lower));
                    return Pause::Full;
                }
            }
            pairs.finish(*row as u32);
            *row += 1;
            if pairs.is_full() {
                return Pause::Full;
            }
        }
        Pause::Batch
    }

    /// The rows of the pairs so far.
    fn flush(&mut self) -> Result<Option<RecordBatch>> {
        let Some(streamed) = &self.batch else { return Ok(None) };
        let window = self.window.as_ref();
        let check = self.shape.check(search(streamed, window));
        self.pairs.flush(
            &self.shape,
            check,
            &Sides { streamed: &streamed.batch, buffered: window.map(|window| &window.batch) },
        )
    }
}

impl Streamed {
    /// The candidates of a row and its lower bound; `None` if its key comes after those of the window.
    fn find(
        &self,
        row: usize,
        window: Option<&Window>,
        group: &mut usize,
        search: Search,
    ) -> Option<(Range<usize>, i64)> {
        let nothing = Some((0..0, 0));
        if self.nulls.as_ref().is_some_and(|nulls| nulls.is_null(row)) {
            return nothing;
        }
        let window = window?;
        let key = self.keys.row(row);
        while let Some(found) = window.groups.get(*group) {
            match window.keys.row(found.row).cmp(&key) {
                Ordering::Less => *group += 1,
                Ordering::Greater => return nothing,
                Ordering::Equal => {
                    let bounds = match (search, &self.bounds) {
                        (Search::Bounds, Some(bounds)) => bounds.get(row),
                        _ => Some((i64::MIN, i64::MAX)),
                    };
                    let Some((lower, upper)) = bounds else { return nothing };
                    return Some((window.candidates(*group, lower, upper), lower));
                }
            }
        }
        None
    }
}

fn search(streamed: &Streamed, window: Option<&Window>) -> Search {
    match (&streamed.bounds, window) {
        (None, _) => Search::Everything,
        (_, Some(window)) => window.search,
        _ => Search::Bounds,
    }
}
