//! Which rows the frame of each row holds.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::partition;
use arrow::datatypes::{DataType, Int64Type};
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::{WindowFrame, WindowFrameBound, WindowFrameUnits};
use std::ops::Range;

/// For every row the first row of its frame and the one after the last. Both never go back within a partition.
pub(super) struct Frames {
    pub(super) starts: Vec<usize>,
    pub(super) ends: Vec<usize>,
}

/// Partitions of a stretch and rows that are equal in its order.
pub(super) struct Layout<'a> {
    pub(super) partitions: &'a [Range<usize>],
    /// Rows of one partition with the same keys.
    pub(super) peers: &'a [Range<usize>],
    /// The keys of the order.
    pub(super) order: &'a [ArrayRef],
}

/// How a frame's bounds are found; `None` in [`Shape::of`] if not here.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    start: Edge,
    end: Edge,
}

#[derive(Clone, Copy, Debug)]
enum Edge {
    /// The partition's own.
    Partition,
    /// So many rows on, or back where negative.
    Rows(i64),
    /// The peers of the row.
    Peers,
    /// A value that is larger by so much, or smaller.
    Value(i64),
}

impl Shape {
    /// The shape of a frame over an order of keys of these types, ascending with NULLs first if `plain`.
    pub(super) fn of(frame: &WindowFrame, key: Option<&DataType>, order: Order) -> Option<Self> {
        let edge = |bound: &WindowFrameBound| {
            let offset = match bound {
                bound if bound.is_unbounded() => return Some(Edge::Partition),
                WindowFrameBound::CurrentRow => None,
                WindowFrameBound::Preceding(distance) => Some(-distance_of(distance)?),
                WindowFrameBound::Following(distance) => Some(distance_of(distance)?),
            };
            match (frame.units, offset) {
                (WindowFrameUnits::Rows, offset) => Some(Edge::Rows(offset.unwrap_or(0))),
                // Without an order every row is a peer of every other.
                (WindowFrameUnits::Range, None) if key.is_none() => Some(Edge::Partition),
                (WindowFrameUnits::Range, None) => Some(Edge::Peers),
                (WindowFrameUnits::Range, Some(offset)) => {
                    (order == Order::Plain && key == Some(&DataType::Int64)).then_some(Edge::Value(offset))
                }
                (WindowFrameUnits::Groups, _) => None,
            }
        };
        Some(Self { start: edge(&frame.start_bound)?, end: edge(&frame.end_bound)? })
    }
}

/// Of the one key of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// One key, ascending, NULLs first.
    Plain,
    Other,
}

fn distance_of(distance: &ScalarValue) -> Option<i64> {
    match distance {
        ScalarValue::UInt64(Some(rows)) => i64::try_from(*rows).ok(),
        ScalarValue::Int64(Some(distance)) => Some(*distance),
        _ => None,
    }
}

impl Frames {
    pub(super) fn new(shape: Shape, layout: &Layout<'_>) -> Self {
        Self { starts: bounds(shape.start, layout, Side::Start), ends: bounds(shape.end, layout, Side::End) }.sane()
    }

    pub(super) fn get(&self, row: usize) -> Range<usize> {
        self.starts[row]..self.ends[row]
    }

    /// Frames that end before they start are empty.
    fn sane(mut self) -> Self {
        for (start, end) in self.starts.iter().zip(&mut self.ends) {
            *end = (*end).max(*start);
        }
        self
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Start,
    End,
}

fn bounds(edge: Edge, layout: &Layout<'_>, side: Side) -> Vec<usize> {
    let rows = layout.partitions.last().map_or(0, |partition| partition.end);
    let mut bounds = Vec::with_capacity(rows);
    let of = |range: &Range<usize>| if side == Side::Start { range.start } else { range.end };
    match edge {
        Edge::Partition => {
            layout.partitions.iter().for_each(|range| bounds.resize(range.end, of(range)));
        }
        Edge::Peers => layout.peers.iter().for_each(|range| bounds.resize(range.end, of(range))),
        Edge::Rows(offset) => {
            // The end is the row after the last.
            let offset = if side == Side::End { offset.saturating_add(1) } else { offset };
            for range in layout.partitions {
                let clamped = |row: usize| {
                    let moved = (row as i64).saturating_add(offset);
                    usize::try_from(moved).unwrap_or(0).clamp(range.start, range.end)
                };
                bounds.extend(range.clone().map(clamped));
            }
        }
        Edge::Value(offset) => by_value(offset, layout, side, &mut bounds),
    }
    bounds
}

/// The first row whose key is not below, or for an end above, the row's own by that much. NULLs are among themselves.
fn by_value(offset: i64, layout: &Layout<'_>, side: Side, bounds: &mut Vec<usize>) {
    let Some(keys) = layout.order.first().and_then(|keys| keys.as_primitive_opt::<Int64Type>()) else { return };
    for range in layout.partitions {
        let known = range.clone().find(|row| keys.is_valid(*row)).unwrap_or(range.end);
        bounds.resize(known, if side == Side::Start { range.start } else { known });
        let mut bound = known;
        for row in known..range.end {
            let limit = keys.value(row).saturating_add(offset);
            let inside = |key: i64| if side == Side::Start { key < limit } else { key <= limit };
            while bound < range.end && inside(keys.value(bound)) {
                bound += 1;
            }
            bounds.push(bound);
        }
    }
}

/// Rows that are equal in all columns and stand together, within each partition.
pub(super) fn peers(order: &[ArrayRef], partitions: &[Range<usize>]) -> Result<Vec<Range<usize>>> {
    if order.is_empty() {
        return Ok(partitions.to_vec());
    }
    let mut peers = Vec::new();
    let mut ends = partition(order)?.ranges().into_iter().map(|range| range.end).peekable();
    for range in partitions {
        let mut start = range.start;
        while start < range.end {
            while ends.peek().is_some_and(|end| *end <= start) {
                ends.next();
            }
            let end = ends.peek().copied().unwrap_or(range.end).min(range.end);
            peers.push(start..end);
            start = end;
        }
    }
    Ok(peers)
}
