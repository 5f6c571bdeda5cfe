//! Aggregates that need a small state per group: one implementation of DataFusion's two accumulator interfaces for all.

use crate::error::{Error, Result};
use arrow::array::{Array, ArrayRef, AsArray, BinaryBuilder, BooleanArray};
use arrow::compute::concat;
use arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::{Accumulator, EmitTo, GroupsAccumulator};
use std::collections::VecDeque;
use std::fmt::Debug;
use std::ops::Range;
use std::sync::Arc;

/// A state that values are folded into. NULLs never get here.
pub(crate) trait Fold: Default + Clone + Debug + Send + Sync + 'static {
    type Array: Array + 'static;
    type Item: Copy + Debug + Send + Sync;

    fn item(array: &Self::Array, row: usize) -> Self::Item;
    fn add(&mut self, item: Self::Item);

    /// Adds all items of an array that are not NULL.
    fn add_all(&mut self, array: &Self::Array) {
        for row in (0..array.len()).filter(|row| !array.is_null(*row)) {
            self.add(Self::item(array, row));
        }
    }

    /// Takes an item back; false if this state cannot, and then a sliding frame is folded anew.
    fn retract(&mut self, item: Self::Item) -> bool;
    fn merge(&mut self, other: &Self);
    fn encode(&self, out: &mut Vec<u8>);
    fn decode(bytes: &mut &[u8]) -> Option<Self>;
    fn finish(states: &[Self], output: &Output) -> Result<ArrayRef>;

    fn heap(&self) -> usize {
        0
    }
}

/// What the states are to become.
#[derive(Clone, Debug)]
pub(crate) struct Output {
    pub(crate) function: &'static str,
    pub(crate) result: DataType,
}

fn typed<F: Fold>(array: &ArrayRef) -> Result<&F::Array> {
    array
        .as_any()
        .downcast_ref()
        .ok_or_else(|| Error::Internal(format!("an aggregate was given {}", array.data_type())))
}

fn decode<F: Fold>(array: &ArrayRef, row: usize) -> Result<F> {
    let bytes = array.as_binary_opt::<i32>().map(|array| array.value(row)).unwrap_or_default();
    F::decode(&mut &*bytes).ok_or_else(|| Error::Internal("the state of an aggregate is damaged".to_owned()))
}

/// States of many groups.
#[derive(Debug)]
pub(crate) struct Groups<F: Fold> {
    states: Vec<F>,
    output: Output,
}

impl<F: Fold> Groups<F> {
    pub(crate) fn new(output: Output) -> Self {
        Self { states: Vec::new(), output }
    }
}

impl<F: Fold> GroupsAccumulator for Groups<F> {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        opt_filter: Option<&BooleanArray>,
        total_num_groups: usize,
    ) -> datafusion::common::Result<()> {
        self.states.resize_with(total_num_groups, F::default);
        let array = typed::<F>(&values[0])?;
        if array.null_count() == 0 && opt_filter.is_none() {
            for (row, group) in group_indices.iter().enumerate() {
                self.states[*group].add(F::item(array, row));
            }
            return Ok(());
        }
        for (row, group) in group_indices.iter().enumerate() {
            let passes = opt_filter.is_none_or(|filter| filter.is_valid(row) && filter.value(row));
            if passes && !array.is_null(row) {
                self.states[*group].add(F::item(array, row));
            }
        }
        Ok(())
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> datafusion::common::Result<ArrayRef> {
        let states = emit_to.take_needed(&mut self.states);
        Ok(F::finish(&states, &self.output)?)
    }

    fn state(&mut self, emit_to: EmitTo) -> datafusion::common::Result<Vec<ArrayRef>> {
        Ok(vec![encoded(&emit_to.take_needed(&mut self.states))])
    }

    fn merge_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        total_num_groups: usize,
    ) -> datafusion::common::Result<()> {
        self.states.resize_with(total_num_groups, F::default);
        for (row, group) in group_indices.iter().enumerate() {
            self.states[*group].merge(&decode::<F>(&values[0], row)?);
        }
        Ok(())
    }

    fn convert_to_state(
        &self,
        values: &[ArrayRef],
        opt_filter: Option<&BooleanArray>,
    ) -> datafusion::common::Result<Vec<ArrayRef>> {
        let array = typed::<F>(&values[0])?;
        let states: Vec<F> = (0..array.len())
            .map(|row| {
                let mut state = F::default();
                let passes = opt_filter.is_none_or(|filter| filter.is_valid(row) && filter.value(row));
                if passes && !array.is_null(row) {
                    state.add(F::item(array, row));
                }
                state
            })
            .collect();
        Ok(vec![encoded(&states)])
    }

    fn size(&self) -> usize {
        self.states.capacity() * size_of::<F>()
    }
}

fn encoded<F: Fold>(states: &[F]) -> ArrayRef {
    let mut builder = BinaryBuilder::with_capacity(states.len(), states.len() * 32);
    let mut bytes = Vec::new();
    for state in states {
        bytes.clear();
        state.encode(&mut bytes);
        builder.append_value(&bytes);
    }
    Arc::new(builder.finish())
}

/// What the items in each frame give, from one frame to the next as far as frames move forward.
pub(crate) fn over_frames<F: Fold>(
    array: &ArrayRef,
    frames: impl Iterator<Item = Range<usize>>,
    output: &Output,
) -> Result<ArrayRef> {
    /// That are finished together.
    const STATES: usize = 1024;
    let array = typed::<F>(array)?;
    let items = |rows: Range<usize>| rows.filter(|row| !array.is_null(*row)).map(|row| F::item(array, row));
    let (mut state, mut inside) = (F::default(), 0..0);
    let mut states = Vec::with_capacity(STATES);
    let mut results = Vec::new();
    for frame in frames {
        if frame.start < inside.start || frame.end < inside.end || frame.start >= inside.end {
            (state, inside) = (F::default(), frame.start..frame.start);
        }
        items(inside.end..frame.end).for_each(|item| state.add(item));
        let taken_back = items(inside.start..frame.start).all(|item| state.retract(item));
        if !taken_back {
            state = F::default();
            items(frame.clone()).for_each(|item| state.add(item));
        }
        inside = frame;
        states.push(state.clone());
        if states.len() == STATES {
            results.push(F::finish(&states, output)?);
            states.clear();
        }
    }
    results.push(F::finish(&states, output)?);
    Ok(concat(&results.iter().map(AsRef::as_ref).collect::<Vec<_>>())?)
}

/// The state of one group, or of one window.
#[derive(Debug)]
pub(crate) struct Single<F: Fold> {
    state: F,
    output: Output,
    /// The items of a sliding frame, kept only while the state cannot take items back.
    frame: Option<VecDeque<F::Item>>,
}

impl<F: Fold> Single<F> {
    pub(crate) fn new(output: Output) -> Self {
        Self { state: F::default(), output, frame: None }
    }

    pub(crate) fn sliding(output: Output) -> Self {
        Self { state: F::default(), output, frame: Some(VecDeque::new()) }
    }
}

impl<F: Fold> Accumulator for Single<F> {
    fn update_batch(&mut self, values: &[ArrayRef]) -> datafusion::common::Result<()> {
        let array = typed::<F>(&values[0])?;
        self.state.add_all(array);
        if let Some(frame) = &mut self.frame {
            frame.extend((0..array.len()).filter(|row| !array.is_null(*row)).map(|row| F::item(array, row)));
        }
        Ok(())
    }

    fn retract_batch(&mut self, values: &[ArrayRef]) -> datafusion::common::Result<()> {
        let array = typed::<F>(&values[0])?;
        let mut anew = false;
        for row in (0..array.len()).filter(|row| !array.is_null(*row)) {
            anew |= !self.state.retract(F::item(array, row));
            if let Some(frame) = &mut self.frame {
                frame.pop_front();
            }
        }
        if anew {
            self.state = F::default();
            for item in self.frame.iter().flatten() {
                self.state.add(*item);
            }
        }
        Ok(())
    }

    fn supports_retract_batch(&self) -> bool {
        self.frame.is_some()
    }

    fn evaluate(&mut self) -> datafusion::common::Result<ScalarValue> {
        let array = F::finish(std::slice::from_ref(&self.state), &self.output)?;
        ScalarValue::try_from_array(&array, 0)
    }

    fn size(&self) -> usize {
        let frame = self.frame.as_ref().map_or(0, |frame| frame.capacity() * size_of::<F::Item>());
        size_of::<Self>() + self.state.heap() + frame
    }

    fn state(&mut self) -> datafusion::common::Result<Vec<ScalarValue>> {
        let mut bytes = Vec::new();
        self.state.encode(&mut bytes);
        Ok(vec![ScalarValue::Binary(Some(bytes))])
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> datafusion::common::Result<()> {
        for row in 0..states[0].len() {
            self.state.merge(&decode::<F>(&states[0], row)?);
        }
        Ok(())
    }
}
