//! The buffered side: stretches of whole keys, the rows of each key in the order that is searched.

use super::condition::{Bound, Condition, Edge};
use super::ordinal::Ordinals;
use super::stream::Shape;
use crate::stretch::{Stretches, evaluated};
use arrow::array::{ArrayRef, RecordBatch};
use arrow::row::Rows;
use datafusion::common::{DataFusionError, Result, internal_datafusion_err};
use datafusion::execution::SendableRecordBatchStream;
use datafusion::execution::memory_pool::MemoryReservation;
use datafusion::physical_expr::PhysicalExpr;
use std::ops::Range;
use std::sync::Arc;

/// Rows of whole keys, as they came, and beside them how they are searched.
pub(super) struct Window {
    pub(super) batch: RecordBatch,
    pub(super) keys: Rows,
    pub(super) groups: Vec<Group>,
    /// The searched values of each group, sorted, with the rows that have them. Rows without a value have no partner.
    entries: Vec<(i64, u32)>,
    /// Where the lower bound is of another value than the upper one.
    reach: Option<Reach>,
    pub(super) search: Search,
}

/// The rows of one key.
pub(super) struct Group {
    /// One of them.
    pub(super) row: usize,
    entries: Range<usize>,
}

/// The other value of each entry, and the largest of its group up to there: what comes before the first that is large enough
/// cannot match.
struct Reach {
    values: Vec<i64>,
    furthest: Vec<i64>,
}

/// Whether bounds could be computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Search {
    Bounds,
    /// They could not, for some row: then all rows of a key are looked at, and it is seen whether that row takes part.
    Everything,
}

/// Reads the buffered side in stretches of whole keys.
pub(super) struct Windows {
    stretches: Stretches,
    shape: Arc<Shape>,
}

impl Windows {
    pub(super) fn new(input: SendableRecordBatchStream, shape: Arc<Shape>, reservation: MemoryReservation) -> Self {
        let keys = shape.buffered_keys.clone();
        Self { stretches: Stretches::new(input, keys, reservation), shape }
    }

    /// The next stretch. The one before it is no longer in use.
    pub(super) async fn next(&mut self) -> Result<Option<Window>> {
        let Some(batch) = self.stretches.next().await? else { return Ok(None) };
        let window = Window::new(batch, &self.shape)?;
        self.stretches.reserve(window.index_bytes())?;
        Ok(Some(window))
    }
}

impl Window {
    pub(super) fn new(batch: RecordBatch, shape: &Shape) -> Result<Self> {
        let keys = shape.encode(&evaluated(&shape.buffered_keys, &batch)?)?;
        let (values, lower, search) = match searched(&shape.condition, &batch) {
            Ok((values, lower)) => (Some(values), lower, Search::Bounds),
            Err(_) => (None, None, Search::Everything),
        };
        let mut window = Self { batch, keys, groups: Vec::new(), entries: Vec::new(), reach: None, search };
        let rows = window.batch.num_rows();
        window.entries.reserve(rows);
        let mut first = 0;
        for row in 1..=rows {
            if row == rows || window.keys.row(row) != window.keys.row(first) {
                window.group(first..row, values.as_ref(), lower.as_ref());
                first = row;
            }
        }
        if let Some(lower) = lower {
            window.reach = Some(Reach::new(&window.groups, &window.entries, &lower));
        }
        Ok(window)
    }

    fn group(&mut self, rows: Range<usize>, values: Option<&Ordinals>, lower: Option<&Ordinals>) {
        let start = self.entries.len();
        let first = rows.start;
        for row in rows {
            let value = match values {
                Some(values) => values.get(row),
                None => Some(0),
            };
            let has_lower = lower.is_none_or(|lower| lower.get(row).is_some());
            if let Some(value) = value
                && has_lower
            {
                self.entries.push((value, row as u32));
            }
        }
        let entries = &mut self.entries[start..];
        if !entries.is_sorted() {
            entries.sort_unstable();
        }
        self.groups.push(Group { row: first, entries: start..self.entries.len() });
    }

    /// The entries of a group that lie inside these bounds, as far as a search can tell.
    pub(super) fn candidates(&self, group: usize, lower: i64, upper: i64) -> Range<usize> {
        let Range { start, end } = self.groups[group].entries;
        let entries = &self.entries[start..end];
        let below = match &self.reach {
            Some(reach) => reach.furthest[start..end].partition_point(|furthest| *furthest < lower),
            None => entries.partition_point(|(value, _)| *value < lower),
        };
        let inside = entries[below..].partition_point(|(value, _)| *value <= upper);
        start + below..start + below + inside
    }

    /// The row of an entry, if it lies above the lower bound.
    pub(super) fn partner(&self, entry: usize, lower: i64) -> Option<u32> {
        let reaches = self.reach.as_ref().is_none_or(|reach| reach.values[entry] >= lower);
        reaches.then(|| self.entries[entry].1)
    }

    /// The rows of entries, where candidates are partners.
    pub(super) fn partners(&self, entries: Range<usize>) -> Option<impl Iterator<Item = u32>> {
        self.reach.is_none().then(|| self.entries[entries].iter().map(|(_, row)| *row))
    }

    pub(super) fn index_bytes(&self) -> usize {
        let reach = self.reach.as_ref().map_or(0, |reach| 2 * size_of_val(reach.values.as_slice()));
        self.keys.size() + size_of_val(self.entries.as_slice()) + size_of_val(self.groups.as_slice()) + reach
    }
}

impl Reach {
    fn new(groups: &[Group], entries: &[(i64, u32)], lower: &Ordinals) -> Self {
        let values: Vec<i64> = entries.iter().map(|(_, row)| lower.get(*row as usize).unwrap_or(i64::MIN)).collect();
        let mut furthest = values.clone();
        for group in groups {
            let mut largest = i64::MIN;
            for value in &mut furthest[group.entries.clone()] {
                largest = largest.max(*value);
                *value = largest;
            }
        }
        Self { values, furthest }
    }
}

/// The values that entries are sorted by, and the ones of the lower bound where they are others.
fn searched(condition: &Condition, batch: &RecordBatch) -> Result<(Ordinals, Option<Ordinals>)> {
    let of = |bound: &Bound| Ordinals::of(&value(&bound.buffered, batch)?);
    match (&condition.lower, &condition.upper) {
        (Some(bound), None) | (None, Some(bound)) => Ok((of(bound)?, None)),
        (Some(_), Some(upper)) if condition.is_containment() => Ok((of(upper)?, None)),
        (Some(lower), Some(upper)) => Ok((of(upper)?, Some(of(lower)?))),
        // Every row of a key is looked at, as where bounds cannot be computed.
        (None, None) => Err(internal_datafusion_err!("a join without a range")),
    }
}

/// The bounds that rows of the streamed side have; they are themselves inside.
pub(super) struct Bounds {
    lower: Option<(Ordinals, Edge)>,
    upper: Option<(Ordinals, Edge)>,
}

impl Bounds {
    pub(super) fn of(condition: &Condition, batch: &RecordBatch) -> Result<Self> {
        let of = |bound: &Option<Bound>| match bound {
            Some(bound) => Ok(Some((Ordinals::of(&value(&bound.streamed, batch)?)?, bound.edge))),
            None => Ok::<_, DataFusionError>(None),
        };
        Ok(Self { lower: of(&condition.lower)?, upper: of(&condition.upper)? })
    }

    /// Those of a row; `None` if nothing lies inside.
    pub(super) fn get(&self, row: usize) -> Option<(i64, i64)> {
        let lower = match &self.lower {
            Some((values, Edge::Inside)) => values.get(row)?,
            Some((values, Edge::Outside)) => values.get(row)?.checked_add(1)?,
            None => i64::MIN,
        };
        let upper = match &self.upper {
            Some((values, Edge::Inside)) => values.get(row)?,
            Some((values, Edge::Outside)) => values.get(row)?.checked_sub(1)?,
            None => i64::MAX,
        };
        Some((lower, upper))
    }
}

fn value(expression: &Arc<dyn PhysicalExpr>, batch: &RecordBatch) -> Result<ArrayRef> {
    expression.evaluate(batch)?.into_array(batch.num_rows())
}
