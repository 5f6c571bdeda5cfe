//! Aggregates that need all their values: arrays, texts, quantiles, and every aggregate with DISTINCT, ORDER BY, LIMIT or
//! HAVING inside.
//!
//! The rows of the arguments are kept, then `HAVING MAX` and `MIN`, DISTINCT, ORDER BY and LIMIT are applied in this order. Equal
//! keys are ordered by the values themselves, so that the result does not depend on the order of the input.

mod groups;

pub(crate) use groups::CollectedGroups;

use crate::aggregate::finish;
use crate::aggregate::fold::Output;
use crate::error::Result;
use crate::quantiles::{double, ordered};
use crate::span;
use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Float64Array, ListArray, StructArray, UInt32Array, new_empty_array,
};
use arrow::buffer::OffsetBuffer;
use arrow::compute::{SortColumn, SortOptions, concat, filter, lexsort_to_indices, take};
use arrow::datatypes::{DataType, Field, Fields, Float64Type};
use arrow::row::{OwnedRow, RowConverter, SortField};
use bedside_types::SqlType;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::Accumulator;
use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

/// Modifiers inside an aggregate call.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Modifiers {
    /// `DISTINCT`.
    pub distinct: bool,
    /// Rows whose first argument is NULL are passed over.
    pub ignore_nulls: bool,
    /// `HAVING MAX` (true) or `HAVING MIN` (false); its value is the argument after the function's own.
    pub having_max: Option<bool>,
    /// `ORDER BY`: for each key whether it descends and whether NULLs come first; the keys are the last arguments.
    pub order: Vec<(bool, bool)>,
    /// `LIMIT`.
    pub limit: Option<u64>,
}

impl Modifiers {
    /// Whether the values must be kept because of a modifier.
    pub(crate) fn needs_rows(&self) -> bool {
        self.distinct || self.having_max.is_some() || !self.order.is_empty() || self.limit.is_some()
    }

    /// Whether a row whose value is NULL can be left out at once. Under HAVING it can still be the extreme one.
    fn drops_nulls(&self) -> bool {
        self.ignore_nulls && self.having_max.is_none()
    }
}

/// The rows of one group.
#[derive(Debug)]
pub(crate) struct Collected {
    output: Output,
    modifiers: Modifiers,
    types: Vec<DataType>,
    batches: VecDeque<Vec<ArrayRef>>,
    /// Rows at the start that a sliding frame has left behind.
    gone: usize,
    bytes: usize,
    sliding: bool,
}

/// The one field of the state: a list of rows.
pub(crate) fn state_type(types: &[DataType]) -> DataType {
    DataType::List(Arc::new(Field::new("item", DataType::Struct(fields(types)), true)))
}

fn fields(types: &[DataType]) -> Fields {
    types
        .iter()
        .enumerate()
        .map(|(index, data_type)| Field::new(format!("a{index}"), data_type.clone(), true))
        .collect()
}

impl Collected {
    pub(crate) fn new(output: Output, modifiers: Modifiers, types: Vec<DataType>, sliding: bool) -> Self {
        Self { output, modifiers, types, batches: VecDeque::new(), gone: 0, bytes: 0, sliding }
    }

    fn push(&mut self, columns: Vec<ArrayRef>) -> Result<()> {
        let columns = if self.modifiers.drops_nulls() && columns[0].null_count() > 0 {
            let keep = arrow::compute::is_not_null(&columns[0])?;
            columns.iter().map(|column| filter(column, &keep)).collect::<std::result::Result<Vec<_>, _>>()?
        } else {
            columns
        };
        if !columns[0].is_empty() {
            self.bytes +=
                columns.iter().map(|column| column.to_data().get_slice_memory_size().unwrap_or(0)).sum::<usize>();
            self.batches.push_back(columns);
        }
        Ok(())
    }

    /// The rows that count, as one array per argument.
    fn rows(&self) -> Result<Vec<ArrayRef>> {
        let mut columns = Vec::with_capacity(self.types.len());
        for (index, data_type) in self.types.iter().enumerate() {
            let parts: Vec<&dyn Array> = self.batches.iter().map(|batch| batch[index].as_ref()).collect();
            let whole = if parts.is_empty() { new_empty_array(data_type) } else { concat(&parts)? };
            columns.push(whole.slice(self.gone.min(whole.len()), whole.len() - self.gone.min(whole.len())));
        }
        Ok(columns)
    }
}

/// The value of a group with these rows, one array per argument.
fn value(output: &Output, modifiers: &Modifiers, mut columns: Vec<ArrayRef>) -> Result<ScalarValue> {
    let keys = modifiers.order.len();
    let own = columns.len() - keys - usize::from(modifiers.having_max.is_some());
    if let Some(max) = modifiers.having_max {
        columns = filtered(&columns, &extreme_rows(&columns[own], max)?)?;
        if modifiers.ignore_nulls && columns[0].null_count() > 0 {
            columns = filtered(&columns, &arrow::compute::is_not_null(&columns[0])?)?;
        }
    }
    if modifiers.distinct {
        columns = filtered(&columns, &first_of_equals(&columns[..1])?)?;
    }
    if keys > 0 && columns[0].len() > 1 {
        let order = arrange(&columns, modifiers)?;
        columns = columns.iter().map(|column| take(column, &order, None)).collect::<std::result::Result<_, _>>()?;
    }
    if let Some(limit) = modifiers.limit {
        let length = usize::try_from(limit).unwrap_or(usize::MAX).min(columns[0].len());
        columns = columns.iter().map(|column| column.slice(0, length)).collect();
    }
    columns.truncate(own);
    finish::finish(output, &columns)
}

/// The order that a call asks for; its keys are the last columns.
fn arrange(columns: &[ArrayRef], modifiers: &Modifiers) -> Result<UInt32Array> {
    let keys = columns[columns.len() - modifiers.order.len()..].iter().zip(&modifiers.order);
    let mut sort: Vec<SortColumn> = keys
        .map(|(values, (descending, nulls_first))| SortColumn {
            values: Arc::clone(values),
            options: Some(SortOptions { descending: *descending, nulls_first: *nulls_first }),
        })
        .collect();
    if !columns[0].data_type().is_nested() {
        sort.push(SortColumn { values: Arc::clone(&columns[0]), options: Some(SortOptions::default()) });
    }
    Ok(lexsort_to_indices(&sort, None)?)
}

fn filtered(columns: &[ArrayRef], keep: &BooleanArray) -> Result<Vec<ArrayRef>> {
    Ok(columns.iter().map(|column| filter(column, keep)).collect::<std::result::Result<_, _>>()?)
}

/// The rows where the value is largest or smallest; NULLs never are.
fn extreme_rows(values: &ArrayRef, max: bool) -> Result<BooleanArray> {
    let options = SortOptions { descending: max, nulls_first: false };
    let order = arrow::compute::sort_to_indices(values, Some(options), Some(1))?;
    let Some(best) = order.values().first().map(|best| *best as usize).filter(|best| values.is_valid(*best)) else {
        return Ok(BooleanArray::from(vec![false; values.len()]));
    };
    let compare = arrow::array::make_comparator(values, values, SortOptions::default())?;
    Ok((0..values.len()).map(|row| Some(values.is_valid(row) && compare(row, best).is_eq())).collect())
}

/// The first row of each set of equal values.
fn first_of_equals(columns: &[ArrayRef]) -> Result<BooleanArray> {
    let columns: Vec<ArrayRef> = columns.iter().map(one_form).collect();
    let fields = columns.iter().map(|column| SortField::new(column.data_type().clone())).collect();
    let rows = RowConverter::new(fields)?.convert_columns(&columns)?;
    let mut seen: HashSet<OwnedRow> = HashSet::new();
    Ok(rows.iter().map(|row| Some(seen.insert(row.owned()))).collect())
}

/// Doubles with one form of zero and one of NaN, so that their bits tell which are equal.
pub(crate) fn one_form(values: &ArrayRef) -> ArrayRef {
    match values.as_primitive_opt::<Float64Type>() {
        Some(values) => {
            let canonical: Float64Array = values.unary(|value| if value.is_nan() { f64::NAN } else { value + 0.0 });
            Arc::new(canonical)
        }
        None => Arc::clone(values),
    }
}

impl Accumulator for Collected {
    fn update_batch(&mut self, values: &[ArrayRef]) -> datafusion::common::Result<()> {
        Ok(self.push(values.to_vec())?)
    }

    fn retract_batch(&mut self, values: &[ArrayRef]) -> datafusion::common::Result<()> {
        self.gone +=
            if self.modifiers.drops_nulls() { values[0].len() - values[0].null_count() } else { values[0].len() };
        while let Some(first) = self.batches.front().filter(|batch| batch[0].len() <= self.gone) {
            self.gone -= first[0].len();
            self.batches.pop_front();
        }
        Ok(())
    }

    fn supports_retract_batch(&self) -> bool {
        self.sliding
    }

    fn evaluate(&mut self) -> datafusion::common::Result<ScalarValue> {
        Ok(value(&self.output, &self.modifiers, self.rows()?)?)
    }

    fn size(&self) -> usize {
        size_of::<Self>() + self.bytes
    }

    fn state(&mut self) -> datafusion::common::Result<Vec<ScalarValue>> {
        let columns = self.rows()?;
        let length = columns[0].len();
        let rows = StructArray::try_new(fields(&self.types), columns, None)?;
        let field = Arc::new(Field::new("item", DataType::Struct(fields(&self.types)), true));
        let list = ListArray::try_new(field, OffsetBuffer::from_lengths([length]), Arc::new(rows), None)?;
        Ok(vec![ScalarValue::List(Arc::new(list))])
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> datafusion::common::Result<()> {
        let lists = states[0].as_list::<i32>();
        for row in (0..lists.len()).filter(|row| lists.is_valid(*row)) {
            let rows = lists.value(row);
            self.push(rows.as_struct().columns().to_vec())?;
        }
        Ok(())
    }
}

/// The places of sorted values, NULLs first.
pub(crate) fn sorted(values: &ArrayRef) -> Result<UInt32Array> {
    let keys: ArrayRef;
    let values = if SqlType::is_range(values.data_type()) {
        keys = Arc::new(span::keys(values)?);
        &keys
    } else {
        values
    };
    if let Some(doubles) = values.as_primitive_opt::<Float64Type>() {
        let mut places: Vec<(u64, u32)> = doubles.iter().map(rank).zip(0..).collect();
        places.sort_unstable();
        return Ok(places.into_iter().map(|(_, place)| place).collect::<Vec<_>>().into());
    }
    Ok(arrow::compute::sort_to_indices(values, Some(SortOptions { descending: false, nulls_first: true }), None)?)
}

/// A number whose order is that of doubles: NULL, NaN, then the numbers.
pub(crate) fn rank(value: Option<f64>) -> u64 {
    match value {
        None => 0,
        Some(value) if value.is_nan() => 1,
        Some(value) => ordered(value) as u64 ^ SIGN,
    }
}

/// What has this [`rank`].
pub(crate) fn of_rank(rank: u64) -> Option<f64> {
    match rank {
        0 => None,
        1 => Some(f64::NAN),
        rank => Some(double((rank ^ SIGN) as i64)),
    }
}

/// What makes integers unsigned that keeps their order.
const SIGN: u64 = 1 << 63;
