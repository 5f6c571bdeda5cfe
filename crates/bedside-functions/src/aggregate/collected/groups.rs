//! The rows of many groups, kept together: arrays as they come, and beside them the group of each row.

use super::{Modifiers, fields, filtered, value};
use crate::aggregate::fold::Output;
use crate::error::Result;
use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, ListArray, StructArray, UInt32Array, new_empty_array};
use arrow::buffer::OffsetBuffer;
use arrow::compute::{and, concat, is_not_null, take};
use arrow::datatypes::{DataType, Field};
use datafusion::common::ScalarValue;
use datafusion::logical_expr::{EmitTo, GroupsAccumulator};
use std::sync::Arc;

#[derive(Debug)]
pub(crate) struct CollectedGroups {
    output: Output,
    modifiers: Modifiers,
    types: Vec<DataType>,
    /// One array per argument, and the group of each row.
    batches: Vec<(Vec<ArrayRef>, Vec<u32>)>,
    groups: usize,
    bytes: usize,
}

/// The rows of some groups, one group after the other, those of a group in the order in which they came.
struct Arranged {
    columns: Vec<ArrayRef>,
    lengths: Vec<usize>,
}

impl CollectedGroups {
    pub(crate) fn new(output: Output, modifiers: Modifiers, types: Vec<DataType>) -> Self {
        Self { output, modifiers, types, batches: Vec::new(), groups: 0, bytes: 0 }
    }

    /// Takes in those rows that count; `passing` is the call's own filter.
    fn push(&mut self, columns: &[ArrayRef], groups: Vec<u32>, passing: Option<&BooleanArray>) -> Result<()> {
        let (columns, groups) = match self.counting(columns, passing)? {
            None => (columns.to_vec(), groups),
            Some(keep) => {
                let rows = (0..keep.len()).filter(|row| keep.is_valid(*row) && keep.value(*row));
                (filtered(columns, &keep)?, rows.map(|row| groups[row]).collect())
            }
        };
        if !groups.is_empty() {
            self.bytes += bytes_of(&columns, &groups);
            self.batches.push((columns, groups));
        }
        Ok(())
    }

    /// The rows that the call's filter and its treatment of NULL leave; `None` for all.
    fn counting(&self, columns: &[ArrayRef], passing: Option<&BooleanArray>) -> Result<Option<BooleanArray>> {
        if !self.modifiers.drops_nulls() || columns[0].null_count() == 0 {
            return Ok(passing.cloned());
        }
        let known = is_not_null(&columns[0])?;
        Ok(Some(match passing {
            Some(passing) => and(passing, &known)?,
            None => known,
        }))
    }

    /// Takes out the groups that are to go; the others move up.
    fn take_groups(&mut self, emit_to: EmitTo) -> Result<Arranged> {
        let count = match emit_to {
            EmitTo::All => self.groups,
            EmitTo::First(count) => count,
        };
        let batches = std::mem::take(&mut self.batches);
        let mut columns = Vec::with_capacity(self.types.len());
        for (index, data_type) in self.types.iter().enumerate() {
            let parts: Vec<&dyn Array> = batches.iter().map(|(columns, _)| columns[index].as_ref()).collect();
            columns.push(if parts.is_empty() { new_empty_array(data_type) } else { concat(&parts)? });
        }
        let groups: Vec<usize> = batches.iter().flat_map(|(_, groups)| groups).map(|group| *group as usize).collect();
        let mut lengths = vec![0; count];
        groups.iter().filter(|group| **group < count).for_each(|group| lengths[*group] += 1);
        // Where the next row of each group goes.
        let mut next = Vec::with_capacity(count);
        let mut total = 0;
        for length in &lengths {
            next.push(total);
            total += length;
        }
        let mut places = vec![0; total];
        let (mut left, mut left_groups) = (Vec::new(), Vec::new());
        for (row, group) in groups.into_iter().enumerate() {
            if group < count {
                places[next[group]] = row as u32;
                next[group] += 1;
            } else {
                left.push(row as u32);
                left_groups.push((group - count) as u32);
            }
        }
        self.groups -= count;
        self.bytes = 0;
        if !left.is_empty() {
            let columns = picked(&columns, left)?;
            self.bytes = bytes_of(&columns, &left_groups);
            self.batches.push((columns, left_groups));
        }
        Ok(Arranged { columns: picked(&columns, places)?, lengths })
    }

    fn lists(&self, arranged: Arranged) -> Result<ArrayRef> {
        let rows = StructArray::try_new(fields(&self.types), arranged.columns, None)?;
        let field = Arc::new(Field::new("item", DataType::Struct(fields(&self.types)), true));
        let offsets = OffsetBuffer::from_lengths(arranged.lengths);
        Ok(Arc::new(ListArray::try_new(field, offsets, Arc::new(rows), None)?))
    }
}

impl GroupsAccumulator for CollectedGroups {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        opt_filter: Option<&BooleanArray>,
        total_num_groups: usize,
    ) -> datafusion::common::Result<()> {
        self.groups = total_num_groups;
        let groups = group_indices.iter().map(|group| *group as u32).collect();
        Ok(self.push(values, groups, opt_filter)?)
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> datafusion::common::Result<ArrayRef> {
        let Arranged { columns, lengths } = self.take_groups(emit_to)?;
        if lengths.is_empty() {
            return Ok(new_empty_array(&self.output.result));
        }
        let mut start = 0;
        let values = lengths.into_iter().map(|length| {
            let rows = columns.iter().map(|column| column.slice(start, length)).collect();
            start += length;
            value(&self.output, &self.modifiers, rows)
        });
        ScalarValue::iter_to_array(values.collect::<Result<Vec<_>>>()?)
    }

    fn state(&mut self, emit_to: EmitTo) -> datafusion::common::Result<Vec<ArrayRef>> {
        let arranged = self.take_groups(emit_to)?;
        Ok(vec![self.lists(arranged)?])
    }

    fn merge_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        total_num_groups: usize,
    ) -> datafusion::common::Result<()> {
        self.groups = total_num_groups;
        let lists = values[0].as_list::<i32>();
        let (first, last) = (lists.value_offsets()[0] as usize, lists.value_offsets()[lists.len()] as usize);
        let rows = lists.values().slice(first, last - first);
        let mut groups = Vec::with_capacity(rows.len());
        for (row, group) in group_indices.iter().enumerate() {
            groups.resize(groups.len() + lists.value_length(row) as usize, *group as u32);
        }
        Ok(self.push(rows.as_struct().columns(), groups, None)?)
    }

    fn convert_to_state(
        &self,
        values: &[ArrayRef],
        opt_filter: Option<&BooleanArray>,
    ) -> datafusion::common::Result<Vec<ArrayRef>> {
        let arranged = match self.counting(values, opt_filter)? {
            None => Arranged { columns: values.to_vec(), lengths: vec![1; values[0].len()] },
            Some(keep) => Arranged {
                columns: filtered(values, &keep)?,
                lengths: (0..keep.len()).map(|row| usize::from(keep.is_valid(row) && keep.value(row))).collect(),
            },
        };
        Ok(vec![self.lists(arranged)?])
    }

    fn size(&self) -> usize {
        size_of::<Self>() + self.bytes
    }
}

fn picked(columns: &[ArrayRef], places: Vec<u32>) -> Result<Vec<ArrayRef>> {
    let places = UInt32Array::from(places);
    Ok(columns.iter().map(|column| take(column, &places, None)).collect::<std::result::Result<_, _>>()?)
}

fn bytes_of(columns: &[ArrayRef], groups: &[u32]) -> usize {
    let values: usize = columns.iter().map(|column| column.to_data().get_slice_memory_size().unwrap_or(0)).sum();
    values + size_of_val(groups)
}
