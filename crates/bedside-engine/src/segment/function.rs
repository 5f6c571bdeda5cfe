//! Window functions over whole partitions.

use super::extreme::Extreme;
use super::frame::{Frames, Layout, Order, Shape, peers};
use crate::stretch::{ASCENDING, evaluated};
use arrow::array::{Array, ArrayRef, AsArray, Int64Array, RecordBatch, UInt32Array, UInt64Array};
use arrow::compute::{concat, take};
use arrow::datatypes::{DataType, Int64Type, Schema};
use bedside_functions::{folds, over_frames};
use datafusion::common::{Result, ScalarValue};
use datafusion::functions_aggregate::count::Count;
use datafusion::functions_aggregate::min_max::{Max, Min};
use datafusion::physical_expr::aggregate::AggregateFunctionExpr;
use datafusion::physical_expr::window::{
    PlainAggregateWindowExpr, SlidingAggregateWindowExpr, StandardWindowExpr, WindowExpr,
};
use datafusion::physical_plan::windows::WindowUDFExpr;
use std::ops::Range;
use std::sync::Arc;

/// A call and how it is computed.
#[derive(Clone)]
pub(super) struct Function {
    call: Arc<dyn WindowExpr>,
    way: Way,
}

#[derive(Clone, Copy, Debug)]
enum Way {
    RowNumber,
    Rank,
    DenseRank,
    /// The first or the last value of the frame.
    End(End, Shape),
    Extreme(Extreme, Shape),
    Count(Shape),
    /// Of whole numbers.
    Sum(Shape),
    /// An aggregate of ours, from frame to frame.
    Fold(Shape),
    /// DataFusion's own, partition by partition.
    Stock,
}

#[derive(Clone, Copy, Debug)]
struct End {
    place: Place,
    nulls: Nulls,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    First,
    Last,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Nulls {
    Counted,
    PassedOver,
}

/// The rows of a stretch and what is known of them.
pub(super) struct Segments<'a> {
    pub(super) batch: &'a RecordBatch,
    pub(super) partitions: &'a [Range<usize>],
    peers: Vec<Range<usize>>,
    order: Vec<ArrayRef>,
}

impl<'a> Segments<'a> {
    /// All functions of an operator have the same order.
    pub(super) fn new(
        batch: &'a RecordBatch,
        partitions: &'a [Range<usize>],
        functions: &[Function],
    ) -> Result<Segments<'a>> {
        let keys: Vec<_> = functions
            .first()
            .map(|function| function.call.order_by().iter().map(|key| Arc::clone(&key.expr)).collect())
            .unwrap_or_default();
        let order = evaluated(&keys, batch)?;
        let peers = peers(&order, partitions)?;
        Ok(Self { batch, partitions, peers, order })
    }

    fn frames(&self, shape: Shape) -> Frames {
        Frames::new(shape, &Layout { partitions: self.partitions, peers: &self.peers, order: &self.order })
    }
}

impl Function {
    /// A call over an input of that schema.
    pub(super) fn new(call: &Arc<dyn WindowExpr>, input: &Schema) -> Self {
        Self { call: Arc::clone(call), way: way(call, input).unwrap_or(Way::Stock) }
    }

    /// Whether all rows of a partition have the same value.
    pub(super) fn is_of_partition(&self) -> bool {
        let frame = self.call.get_window_frame();
        let whole = frame.start_bound.is_unbounded() && frame.end_bound.is_unbounded();
        let any = self.call.as_any();
        let folds = any.is::<PlainAggregateWindowExpr>() || any.is::<SlidingAggregateWindowExpr>();
        whole && (folds || matches!(self.way, Way::End(..)))
    }

    /// Whether DataFusion is asked.
    #[cfg(test)]
    pub(super) fn is_stock(&self) -> bool {
        matches!(self.way, Way::Stock)
    }

    /// The value for every row of a stretch.
    pub(super) fn values(&self, segments: &Segments<'_>) -> Result<ArrayRef> {
        let argument = || -> Result<ArrayRef> {
            let mut arguments = self.call.evaluate_args(segments.batch)?;
            if arguments.is_empty() {
                return datafusion::common::internal_err!("{} without an argument", self.call.name());
            }
            Ok(arguments.swap_remove(0))
        };
        match self.way {
            Way::RowNumber => Ok(numbers(segments.partitions)),
            Way::Rank => Ok(ranks(segments, |start, _| start)),
            Way::DenseRank => Ok(ranks(segments, |_, before| before)),
            Way::End(end, shape) => end.values(&argument()?, &segments.frames(shape)),
            Way::Extreme(extreme, shape) => extreme.of(&argument()?, &segments.frames(shape), segments.partitions),
            Way::Count(shape) => Ok(counts(&argument()?, &segments.frames(shape))),
            Way::Sum(shape) => match sums(&argument()?, &segments.frames(shape)) {
                Some(sums) => Ok(sums),
                // It says what is too large.
                None => self.stock(segments),
            },
            Way::Fold(shape) => {
                let Some(aggregate) = plain_aggregate(&self.call) else { return self.stock(segments) };
                let frames = segments.frames(shape);
                let rows = 0..segments.batch.num_rows();
                Ok(over_frames(aggregate.fun(), &argument()?, rows.map(|row| frames.get(row)))?)
            }
            Way::Stock => self.stock(segments),
        }
    }

    fn stock(&self, segments: &Segments<'_>) -> Result<ArrayRef> {
        let part = |rows: &Range<usize>| self.call.evaluate(&segments.batch.slice(rows.start, rows.len()));
        if let [rows] = segments.partitions {
            return part(rows);
        }
        let parts = segments.partitions.iter().map(part).collect::<Result<Vec<_>>>()?;
        Ok(concat(&parts.iter().map(AsRef::as_ref).collect::<Vec<_>>())?)
    }
}

/// How a call is computed here; `None` if it is not.
fn way(call: &Arc<dyn WindowExpr>, input: &Schema) -> Option<Way> {
    let (key, order) = match call.order_by() {
        [] => (None, Order::Other),
        [key] if key.options == ASCENDING => (Some(key.expr.data_type(input).ok()?), Order::Plain),
        [key, ..] => (Some(key.expr.data_type(input).ok()?), Order::Other),
    };
    let shape = || Shape::of(call.get_window_frame(), key.as_ref(), order);
    if let Some(standard) = call.as_any().downcast_ref::<StandardWindowExpr>() {
        let own = standard.get_standard_func_expr().as_any().downcast_ref::<WindowUDFExpr>()?;
        return match own.fun().name() {
            "row_number" => Some(Way::RowNumber),
            "rank" => Some(Way::Rank),
            "dense_rank" => Some(Way::DenseRank),
            "first_value" | "last_value" => Some(Way::End(End::of(standard)?, shape()?)),
            _ => None,
        };
    }
    let aggregate = plain_aggregate(call)?;
    let argument = aggregate.expressions().into_iter().next()?.data_type(input).ok()?;
    let function = aggregate.fun().inner();
    if function.downcast_ref::<Max>().is_some() && is_ordered(&argument) {
        Some(Way::Extreme(Extreme::Largest, shape()?))
    } else if function.downcast_ref::<Min>().is_some() && is_ordered(&argument) {
        Some(Way::Extreme(Extreme::Smallest, shape()?))
    } else if function.downcast_ref::<Count>().is_some() {
        Some(Way::Count(shape()?))
    } else if bedside_functions::adds_whole_numbers(aggregate.fun()) {
        Some(Way::Sum(shape()?))
    } else if folds(aggregate.fun()) {
        Some(Way::Fold(shape()?))
    } else {
        None
    }
}

/// An aggregate of one argument that takes every row. (Lowered windows have no FILTER.)
fn plain_aggregate(call: &Arc<dyn WindowExpr>) -> Option<&AggregateFunctionExpr> {
    let any = call.as_any();
    let aggregate = match any.downcast_ref::<PlainAggregateWindowExpr>() {
        Some(plain) => plain.get_aggregate_expr(),
        None => any.downcast_ref::<SlidingAggregateWindowExpr>()?.get_aggregate_expr(),
    };
    let plain = !aggregate.is_distinct() && aggregate.order_bys().is_empty() && aggregate.expressions().len() == 1;
    plain.then_some(aggregate)
}

fn is_ordered(data_type: &DataType) -> bool {
    !data_type.is_nested() && !matches!(data_type, DataType::Interval(_) | DataType::Null)
}

impl End {
    /// Which end a call takes, and what it makes of NULL: it is asked, as it does not say.
    fn of(call: &StandardWindowExpr) -> Option<Self> {
        let ask = |values: [Option<i64>; 2]| {
            let values: ArrayRef = Arc::new(Int64Array::from(values.to_vec()));
            let mut evaluator = call.get_standard_func_expr().create_evaluator().ok()?;
            evaluator.evaluate(&[values], &(0..2)).ok()
        };
        let place = match ask([Some(1), Some(2)])? {
            ScalarValue::Int64(Some(1)) => Place::First,
            ScalarValue::Int64(Some(2)) => Place::Last,
            _ => return None,
        };
        let nulls = match place {
            Place::First => ask([None, Some(2)])?,
            Place::Last => ask([Some(1), None])?,
        };
        let nulls = if nulls.is_null() { Nulls::Counted } else { Nulls::PassedOver };
        Some(Self { place, nulls })
    }

    fn values(self, values: &ArrayRef, frames: &Frames) -> Result<ArrayRef> {
        let nearest = match self.nulls {
            Nulls::Counted => None,
            Nulls::PassedOver => Some(nearest(values, self.place)),
        };
        let row = |row: usize| {
            let frame = frames.get(row);
            let found = match self.place {
                Place::First => frame.start,
                Place::Last => frame.end.checked_sub(1)?,
            };
            let found = match &nearest {
                Some(nearest) if frame.contains(&found) => nearest[found]?,
                _ => found,
            };
            frame.contains(&found).then_some(found as u32)
        };
        let rows: UInt32Array = (0..values.len()).map(row).collect();
        Ok(take(values, &rows, None)?)
    }
}

/// For every row the next one with a value, itself included, or the one before.
fn nearest(values: &ArrayRef, place: Place) -> Vec<Option<usize>> {
    let nulls = values.logical_nulls();
    let known = |row: usize| nulls.as_ref().is_none_or(|nulls| nulls.is_valid(row));
    let mut nearest = vec![None; values.len()];
    let mut last = None;
    let mut visit = |row: usize| {
        last = if known(row) { Some(row) } else { last };
        nearest[row] = last;
    };
    match place {
        Place::First => (0..values.len()).rev().for_each(&mut visit),
        Place::Last => (0..values.len()).for_each(&mut visit),
    }
    nearest
}

/// The number of each row in its partition, from 1.
fn numbers(partitions: &[Range<usize>]) -> ArrayRef {
    let of = |range: &Range<usize>| 1..=range.len() as u64;
    Arc::new(UInt64Array::from_iter_values(partitions.iter().flat_map(of)))
}

/// Ranks by the place of the first peer in the partition, from 0, and the number of peers before.
fn ranks(segments: &Segments<'_>, rank: impl Fn(u64, u64) -> u64) -> ArrayRef {
    let mut ranks = Vec::with_capacity(segments.batch.num_rows());
    let mut peers = segments.peers.iter().peekable();
    for partition in segments.partitions {
        let mut before = 0;
        while let Some(range) = peers.next_if(|range| range.end <= partition.end) {
            let start = (range.start - partition.start) as u64;
            ranks.resize(range.end, rank(start, before) + 1);
            before += 1;
        }
    }
    Arc::new(UInt64Array::from(ranks))
}

fn counts(values: &ArrayRef, frames: &Frames) -> ArrayRef {
    let nulls = values.logical_nulls();
    let mut before = Vec::with_capacity(values.len() + 1);
    let mut count = 0_i64;
    before.push(count);
    for row in 0..values.len() {
        count += i64::from(nulls.as_ref().is_none_or(|nulls| nulls.is_valid(row)));
        before.push(count);
    }
    let counts = frames.starts.iter().zip(&frames.ends).map(|(start, end)| before[*end] - before[*start]);
    Arc::new(Int64Array::from_iter_values(counts))
}

/// Sums of whole numbers; `None` if one is too large.
fn sums(values: &ArrayRef, frames: &Frames) -> Option<ArrayRef> {
    let values = values.as_primitive_opt::<Int64Type>()?;
    let mut before: Vec<(i128, usize)> = Vec::with_capacity(values.len() + 1);
    let (mut sum, mut count) = (0, 0);
    before.push((sum, count));
    for row in 0..values.len() {
        if values.is_valid(row) {
            sum += i128::from(values.value(row));
            count += 1;
        }
        before.push((sum, count));
    }
    let mut sums = Vec::with_capacity(values.len());
    for (start, end) in frames.starts.iter().zip(&frames.ends) {
        let (from, to) = (before[*start], before[*end]);
        sums.push(if to.1 == from.1 { None } else { Some(i64::try_from(to.0 - from.0).ok()?) });
    }
    Some(Arc::new(Int64Array::from(sums)))
}
