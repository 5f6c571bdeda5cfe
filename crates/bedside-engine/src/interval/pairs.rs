//! Pairs of rows on their way into a batch of the result.

use super::stream::Shape;
use super::window::Window;
use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, RecordBatch, RecordBatchOptions, UInt32Array, new_null_array,
};
use arrow::buffer::NullBuffer;
use arrow::compute::take;
use datafusion::common::{JoinSide, Result, internal_err};
use datafusion::physical_plan::joins::utils::JoinFilter;
use std::ops::Range;
use std::sync::Arc;

/// In the place of a partner.
const NOBODY: u32 = u32::MAX;

/// Which rows of the streamed side are in the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keep {
    /// Each with each of its partners.
    Pairs,
    /// The same, and those without a partner by themselves.
    All,
    /// Those that have a partner, once.
    Matched,
    /// Those that have none.
    Lone,
}

/// Where a column of the result comes from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) side: JoinSide,
    pub(super) index: usize,
}

/// Whether what a search finds is a partner or has yet to be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Candidates {
    Match,
    MayMatch,
}

/// The batches that pairs are of.
pub(super) struct Sides<'a> {
    pub(super) streamed: &'a RecordBatch,
    pub(super) buffered: Option<&'a RecordBatch>,
}

/// Rows of the current batches, by number.
pub(super) struct Pairs {
    keep: Keep,
    limit: usize,
    candidates: Candidates,
    streamed: Vec<u32>,
    buffered: Vec<u32>,
    /// Finished rows of the streamed side, and where their candidates end, if these have yet to be looked at.
    ends: Vec<(u32, usize)>,
    /// Whether the row that is not finished has a partner.
    matched: bool,
}

impl Keep {
    /// Whether rows without partners are left out.
    pub(super) fn needs_partners(self) -> bool {
        matches!(self, Self::Pairs | Self::Matched)
    }

    fn has_pairs(self) -> bool {
        matches!(self, Self::Pairs | Self::All)
    }

    /// Whether a row is in the result by itself.
    fn alone(self, matched: bool) -> bool {
        match self {
            Self::Pairs => false,
            Self::All | Self::Lone => !matched,
            Self::Matched => matched,
        }
    }
}

impl Pairs {
    /// None yet; so many make a batch.
    pub(super) fn new(keep: Keep, limit: usize) -> Self {
        let (streamed, buffered) = (Vec::with_capacity(limit), Vec::with_capacity(limit));
        let candidates = Candidates::Match;
        Self { keep, limit: limit.max(1), candidates, streamed, buffered, ends: Vec::new(), matched: false }
    }

    /// Says what comes next. It stays the same from flush to flush.
    pub(super) fn expect(&mut self, candidates: Candidates) {
        self.candidates = candidates;
    }

    pub(super) fn is_full(&self) -> bool {
        self.streamed.len() >= self.limit
    }

    /// Adds candidates of a row; gives those for which there is no room.
    pub(super) fn add(&mut self, row: u32, window: &Window, mut candidates: Range<usize>, lower: i64) -> Range<usize> {
        if self.candidates == Candidates::Match && !self.keep.has_pairs() {
            self.matched = self.matched || candidates.any(|entry| window.partner(entry, lower).is_some());
            return 0..0;
        }
        let before = self.buffered.len();
        let room = candidates.start + self.limit.saturating_sub(before);
        if let Some(partners) = window.partners(candidates.start..candidates.end.min(room)) {
            self.buffered.extend(partners);
            candidates.start = candidates.end.min(room);
        } else {
            while !candidates.is_empty() && self.buffered.len() < self.limit {
                self.buffered.extend(window.partner(candidates.start, lower));
                candidates.start += 1;
            }
        }
        self.streamed.resize(self.buffered.len(), row);
        self.matched |= self.candidates == Candidates::Match && self.buffered.len() > before;
        candidates
    }

    /// All candidates of a row have been added.
    pub(super) fn finish(&mut self, row: u32) {
        match self.candidates {
            Candidates::Match => {
                if self.keep.alone(self.matched) {
                    self.streamed.push(row);
                    self.buffered.push(NOBODY);
                }
                self.matched = false;
            }
            Candidates::MayMatch if self.keep == Keep::Pairs => {}
            Candidates::MayMatch => self.ends.push((row, self.streamed.len())),
        }
    }

    /// The rows of all pairs so far, and starts anew; `None` if there are none.
    pub(super) fn flush(
        &mut self,
        shape: &Shape,
        check: Option<&JoinFilter>,
        sides: &Sides<'_>,
    ) -> Result<Option<RecordBatch>> {
        if let Some(check) = check {
            self.settle(shape, check, sides)?;
        }
        if self.streamed.is_empty() {
            return Ok(None);
        }
        let rows = self.streamed.len();
        let streamed = UInt32Array::from(std::mem::replace(&mut self.streamed, Vec::with_capacity(self.limit)));
        let buffered = partners(std::mem::replace(&mut self.buffered, Vec::with_capacity(self.limit)));
        let mut columns = Vec::with_capacity(shape.output.len());
        for (place, field) in shape.output.iter().zip(shape.schema.fields()) {
            let column = picked(shape, sides, *place, (&streamed, &buffered))?;
            columns.push(column.unwrap_or_else(|| new_null_array(field.data_type(), rows)));
        }
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        Ok(Some(RecordBatch::try_new_with_options(Arc::clone(&shape.schema), columns, &options)?))
    }

    /// Looks at candidates and leaves what belongs into the result.
    fn settle(&mut self, shape: &Shape, check: &JoinFilter, sides: &Sides<'_>) -> Result<()> {
        let passing = passing(shape, check, sides, &self.streamed, &self.buffered)?;
        let (streamed, buffered) = (std::mem::take(&mut self.streamed), std::mem::take(&mut self.buffered));
        let mut start = 0;
        let open = (!streamed.is_empty()).then_some((NOBODY, streamed.len()));
        for (row, end) in std::mem::take(&mut self.ends).into_iter().chain(open) {
            for pair in start..end {
                if passing.is_valid(pair) && passing.value(pair) {
                    self.matched = true;
                    if self.keep.has_pairs() {
                        self.streamed.push(streamed[pair]);
                        self.buffered.push(buffered[pair]);
                    }
                }
            }
            start = end;
            if row != NOBODY {
                if self.keep.alone(self.matched) {
                    self.streamed.push(row);
                    self.buffered.push(NOBODY);
                }
                self.matched = false;
            }
        }
        Ok(())
    }
}

/// Which pairs fulfil a condition.
fn passing(
    shape: &Shape,
    check: &JoinFilter,
    sides: &Sides<'_>,
    streamed: &[u32],
    buffered: &[u32],
) -> Result<BooleanArray> {
    if streamed.is_empty() {
        return Ok(BooleanArray::from(Vec::<bool>::new()));
    }
    let (streamed, buffered) = (UInt32Array::from(streamed.to_vec()), UInt32Array::from(buffered.to_vec()));
    let mut columns = Vec::with_capacity(check.column_indices().len());
    for (place, field) in check.column_indices().iter().zip(check.schema().fields()) {
        let place = Place { side: place.side, index: place.index };
        let column = picked(shape, sides, place, (&streamed, &buffered))?;
        columns.push(column.unwrap_or_else(|| new_null_array(field.data_type(), streamed.len())));
    }
    let options = RecordBatchOptions::new().with_row_count(Some(streamed.len()));
    let batch = RecordBatch::try_new_with_options(Arc::clone(check.schema()), columns, &options)?;
    let result = check.expression().evaluate(&batch)?.into_array(batch.num_rows())?;
    match result.as_boolean_opt() {
        Some(passing) => Ok(passing.clone()),
        None => internal_err!("the condition of a join is not BOOL"),
    }
}

/// The values of a column in pairs of rows; `None` if there is no batch that it is in.
fn picked(
    shape: &Shape,
    sides: &Sides<'_>,
    place: Place,
    rows: (&UInt32Array, &UInt32Array),
) -> Result<Option<ArrayRef>> {
    let (batch, rows) =
        if shape.is_streamed(place.side) { (Some(sides.streamed), rows.0) } else { (sides.buffered, rows.1) };
    Ok(batch.map(|batch| take(batch.column(place.index), rows, None)).transpose()?)
}

/// The rows of partners, NULL for nobody.
fn partners(mut rows: Vec<u32>) -> UInt32Array {
    if !rows.contains(&NOBODY) {
        return UInt32Array::from(rows);
    }
    let nulls: NullBuffer = rows.iter().map(|row| *row != NOBODY).collect();
    rows.iter_mut().filter(|row| **row == NOBODY).for_each(|row| *row = 0);
    UInt32Array::new(rows.into(), Some(nulls))
}
