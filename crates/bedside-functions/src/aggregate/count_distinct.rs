//! COUNT(DISTINCT) of whole numbers: DataFusion's, without what repeats the group's value before.
//!
//! MIMIC's tables are sorted by patient and stay, so that of ids nearly every value is the one that its group had last. A look
//! there costs less than one into a hash table of all groups' values.

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, UInt32Array};
use arrow::compute::take;
use arrow::datatypes::{DataType, FieldRef, Int64Type};
use datafusion::common::{Result, ScalarValue};
use datafusion::functions_aggregate::count::count_udaf;
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::utils::AggregateOrderSensitivity;
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, EmitTo, GroupsAccumulator, ReversedUDAF, Signature, StatisticsArgs,
    Volatility,
};
use std::fmt;
use std::sync::Arc;

/// COUNT(DISTINCT) of INT64.
pub(crate) fn function() -> Arc<AggregateUDF> {
    Arc::new(AggregateUDF::new_from_impl(CountDistinct { signature: Signature::any(1, Volatility::Immutable) }))
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct CountDistinct {
    signature: Signature,
}

impl AggregateUDFImpl for CountDistinct {
    fn name(&self) -> &'static str {
        "count"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Int64)
    }

    fn is_nullable(&self) -> bool {
        false
    }

    fn default_value(&self, _: &DataType) -> Result<ScalarValue> {
        Ok(ScalarValue::Int64(Some(0)))
    }

    fn reverse_expr(&self) -> ReversedUDAF {
        ReversedUDAF::Identical
    }

    fn order_sensitivity(&self) -> AggregateOrderSensitivity {
        count_udaf().order_sensitivity()
    }

    fn value_from_stats(&self, statistics: &StatisticsArgs<'_>) -> Option<ScalarValue> {
        count_udaf().value_from_stats(statistics)
    }

    fn state_fields(&self, args: StateFieldsArgs<'_>) -> Result<Vec<FieldRef>> {
        count_udaf().state_fields(args)
    }

    fn accumulator(&self, args: AccumulatorArgs<'_>) -> Result<Box<dyn Accumulator>> {
        count_udaf().accumulator(args)
    }

    fn create_sliding_accumulator(&self, args: AccumulatorArgs<'_>) -> Result<Box<dyn Accumulator>> {
        count_udaf().create_sliding_accumulator(args)
    }

    fn groups_accumulator_supported(&self, args: AccumulatorArgs<'_>) -> bool {
        count_udaf().groups_accumulator_supported(args)
    }

    fn create_groups_accumulator(&self, args: AccumulatorArgs<'_>) -> Result<Box<dyn GroupsAccumulator>> {
        let all = count_udaf().create_groups_accumulator(args)?;
        Ok(Box::new(WithoutRepeats { all, last: Vec::new() }))
    }
}

/// Passes on what is not the group's value before.
struct WithoutRepeats {
    all: Box<dyn GroupsAccumulator>,
    /// The last value of every group, if it had one.
    last: Vec<Option<i64>>,
}

impl GroupsAccumulator for WithoutRepeats {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        opt_filter: Option<&BooleanArray>,
        total_num_groups: usize,
    ) -> Result<()> {
        let Some(numbers) = values[0].as_primitive_opt::<Int64Type>().filter(|_| opt_filter.is_none()) else {
            return self.all.update_batch(values, group_indices, opt_filter, total_num_groups);
        };
        self.last.resize(total_num_groups, None);
        let mut kept: Vec<u32> = Vec::new();
        for (row, group) in group_indices.iter().enumerate() {
            let value = numbers.is_valid(row).then(|| numbers.value(row));
            if value.is_some() && self.last[*group] != value {
                self.last[*group] = value;
                kept.push(row as u32);
            }
        }
        if kept.len() == group_indices.len() {
            return self.all.update_batch(values, group_indices, None, total_num_groups);
        }
        let groups: Vec<usize> = kept.iter().map(|row| group_indices[*row as usize]).collect();
        let values = take(&values[0], &UInt32Array::from(kept), None)?;
        self.all.update_batch(&[values], &groups, None, total_num_groups)
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        self.forget(emit_to);
        self.all.evaluate(emit_to)
    }

    fn state(&mut self, emit_to: EmitTo) -> Result<Vec<ArrayRef>> {
        self.forget(emit_to);
        self.all.state(emit_to)
    }

    fn merge_batch(&mut self, values: &[ArrayRef], group_indices: &[usize], total_num_groups: usize) -> Result<()> {
        self.all.merge_batch(values, group_indices, total_num_groups)
    }

    fn convert_to_state(&self, values: &[ArrayRef], opt_filter: Option<&BooleanArray>) -> Result<Vec<ArrayRef>> {
        self.all.convert_to_state(values, opt_filter)
    }

    fn size(&self) -> usize {
        self.all.size() + self.last.capacity() * size_of::<Option<i64>>()
    }
}

impl WithoutRepeats {
    /// Groups that are emitted are gone, the others move up.
    fn forget(&mut self, emit_to: EmitTo) {
        match emit_to {
            EmitTo::All => self.last.clear(),
            EmitTo::First(count) => drop(self.last.drain(..count.min(self.last.len()))),
        }
    }
}

impl fmt::Debug for WithoutRepeats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WithoutRepeats({} groups)", self.last.len())
    }
}
