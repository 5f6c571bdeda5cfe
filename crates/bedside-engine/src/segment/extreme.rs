//! The smallest and the largest value of frames that only move forward.

use super::frame::Frames;
use arrow::array::{Array, ArrayRef, UInt32Array, make_comparator};
use arrow::compute::{SortOptions, take};
use datafusion::common::Result;
use std::cmp::Ordering;
use std::collections::VecDeque;
use std::ops::Range;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extreme {
    Smallest,
    Largest,
}

impl Extreme {
    /// For every row the extreme value of its frame; NULL if there is none. Every row enters and leaves the queue at most once.
    pub(super) fn of(self, values: &ArrayRef, frames: &Frames, partitions: &[Range<usize>]) -> Result<ArrayRef> {
        let compare = make_comparator(values.as_ref(), values.as_ref(), SortOptions::default())?;
        let worse = match self {
            Self::Smallest => Ordering::Greater,
            Self::Largest => Ordering::Less,
        };
        let nulls = values.logical_nulls();
        let mut best = Vec::with_capacity(values.len());
        // Rows of the frame, each better than all after it.
        let mut queue: VecDeque<usize> = VecDeque::new();
        for partition in partitions {
            queue.clear();
            let mut next = partition.start;
            for row in partition.clone() {
                let frame = frames.get(row);
                while next < frame.end {
                    if nulls.as_ref().is_none_or(|nulls| nulls.is_valid(next)) {
                        while queue.back().is_some_and(|last| compare(*last, next) == worse) {
                            queue.pop_back();
                        }
                        queue.push_back(next);
                    }
                    next += 1;
                }
                while queue.front().is_some_and(|first| *first < frame.start) {
                    queue.pop_front();
                }
                let found = queue.front().filter(|first| **first < frame.end);
                best.push(found.map(|row| *row as u32));
            }
        }
        Ok(take(values, &UInt32Array::from(best), None)?)
    }
}
