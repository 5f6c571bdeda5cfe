//! Statistics of one column, gathered batch by batch and mergeable, so that the order of the batches and the number of
//! threads change nothing.

mod bounds;
mod distinct;
mod items;
mod nested;
mod text;

use crate::manifest::ColumnEntry;
use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{
    Date32Type, Decimal128Type, Decimal256Type, Float64Type, Int64Type, Time64MicrosecondType, TimestampMicrosecondType,
};
use bedside_types::SqlType;
use bounds::Bounds;
use distinct::{Distinct, hash_bytes, hash_integer};

pub(crate) use items::ItemCounts;
pub use items::MOST_ITEMS;
pub(crate) use nested::logical_bytes;
pub(crate) use text::big_numeric;
pub use text::{LONGEST_TEXT, value_of_text};

/// What is known so far about one column.
#[derive(Clone, Debug)]
pub(crate) struct ColumnStatistics {
    sql_type: SqlType,
    rows: u64,
    nulls: u64,
    nans: u64,
    infinities: u64,
    variable_bytes: u64,
    bounds: Bounds,
    distinct: Distinct,
}

impl ColumnStatistics {
    pub(crate) fn new(sql_type: &SqlType) -> Self {
        Self {
            sql_type: sql_type.clone(),
            rows: 0,
            nulls: 0,
            nans: 0,
            infinities: 0,
            variable_bytes: 0,
            bounds: Bounds::None,
            distinct: Distinct::default(),
        }
    }

    /// Adds the rows of an array in the type's Arrow form.
    pub(crate) fn add(&mut self, array: &ArrayRef) {
        self.rows += array.len() as u64;
        self.nulls += array.null_count() as u64;
        match self.sql_type {
            SqlType::Int64 => self.add_integers(array, array.as_primitive::<Int64Type>().values()),
            SqlType::Datetime | SqlType::Timestamp => {
                self.add_integers(array, array.as_primitive::<TimestampMicrosecondType>().values());
            }
            SqlType::Time => self.add_integers(array, array.as_primitive::<Time64MicrosecondType>().values()),
            SqlType::Date => self.add_integers(array, array.as_primitive::<Date32Type>().values()),
            SqlType::Float64 => self.add_floats(array, array.as_primitive::<Float64Type>().values()),
            SqlType::String | SqlType::Collated | SqlType::Json => self.add_texts(array),
            SqlType::Bytes => self.add_bytes(array),
            SqlType::Bool => self.add_booleans(array),
            SqlType::Numeric => {
                let values = array.as_primitive::<Decimal128Type>().values();
                for_each_valid(array, |row| {
                    self.distinct.add(hash_bytes(&values[row].to_le_bytes()));
                    self.bounds.add_numeric(values[row]);
                });
            }
            SqlType::BigNumeric => {
                let values = array.as_primitive::<Decimal256Type>().values();
                for_each_valid(array, |row| {
                    self.distinct.add(hash_bytes(&values[row].to_le_bytes()));
                    self.bounds.add_big_numeric(values[row]);
                });
            }
            SqlType::Array(_) | SqlType::Struct(_) => self.variable_bytes += nested::logical_bytes(array),
            SqlType::Interval | SqlType::Range(_) => {}
        }
    }

    /// Adds what another one of the same column knows.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.rows += other.rows;
        self.nulls += other.nulls;
        self.nans += other.nans;
        self.infinities += other.infinities;
        self.variable_bytes += other.variable_bytes;
        self.bounds.merge(&other.bounds);
        self.distinct.merge(&other.distinct);
    }

    /// The smallest value as text.
    pub(crate) fn min(&self) -> Option<String> {
        text::text_of_bound(&self.sql_type, &self.bounds, text::Which::Smallest)
    }

    /// The greatest value as text.
    pub(crate) fn max(&self) -> Option<String> {
        text::text_of_bound(&self.sql_type, &self.bounds, text::Which::Greatest)
    }

    /// The smallest and greatest value of an integer or time column, as stored.
    pub(crate) fn integer_bounds(&self) -> Option<(i64, i64)> {
        match self.bounds {
            Bounds::Integer(min, max) => Some((min, max)),
            _ => None,
        }
    }

    pub(crate) fn has_nulls(&self) -> bool {
        self.nulls > 0
    }

    pub(crate) fn entry(&self, name: &str, nullable: bool) -> ColumnEntry {
        let present = self.rows - self.nulls;
        ColumnEntry {
            name: name.to_owned(),
            sql_type: self.sql_type.clone(),
            nullable,
            logical_bytes: self.logical_bytes(),
            nulls: self.nulls,
            nans: self.nans,
            infinities: self.infinities,
            min: self.min(),
            max: self.max(),
            distinct: self.distinct.estimate().min(present),
        }
    }

    fn logical_bytes(&self) -> u64 {
        let present = self.rows - self.nulls;
        match self.sql_type {
            SqlType::Bool => present,
            SqlType::Numeric | SqlType::Interval | SqlType::Range(_) => 16 * present,
            SqlType::BigNumeric => 32 * present,
            SqlType::String | SqlType::Collated | SqlType::Bytes | SqlType::Json => 2 * present + self.variable_bytes,
            SqlType::Array(_) | SqlType::Struct(_) => self.variable_bytes,
            _ => 8 * present,
        }
    }

    fn add_integers<T: Copy + Into<i64> + PartialEq>(&mut self, array: &ArrayRef, values: &[T]) {
        for_each_valid_run(array, |run| {
            let run = &values[run];
            let Some(&first) = run.first() else { return };
            let (mut min, mut max, mut last) = (first.into(), first.into(), first);
            self.distinct.add(hash_integer(first.into()));
            for &value in &run[1..] {
                // Runs of one value are the rule in sorted columns.
                if value == last {
                    continue;
                }
                last = value;
                let value: i64 = value.into();
                min = min.min(value);
                max = max.max(value);
                self.distinct.add(hash_integer(value));
            }
            self.bounds.add_integers(min, max);
        });
    }

    fn add_floats(&mut self, array: &ArrayRef, values: &[f64]) {
        for_each_valid_run(array, |run| {
            let (mut min, mut max) = (f64::INFINITY, f64::NEG_INFINITY);
            let mut last = None;
            let mut ordinary = 0_usize;
            for &value in &values[run] {
                if value.is_nan() {
                    self.nans += 1;
                    continue;
                }
                ordinary += 1;
                self.infinities += u64::from(value.is_infinite());
                // Minus zero is zero, as in GoogleSQL.
                let bits = (value + 0.0).to_bits();
                if last != Some(bits) {
                    last = Some(bits);
                    min = min.min(value);
                    max = max.max(value);
                    self.distinct.add(hash_integer(bits as i64));
                }
            }
            if ordinary > 0 {
                self.bounds.add_floats(min + 0.0, max + 0.0);
            }
        });
        if self.nans > 0 {
            self.distinct.add(hash_integer(f64::NAN.to_bits() as i64));
        }
    }

    fn add_texts(&mut self, array: &ArrayRef) {
        let texts = array.as_string_view();
        let views = texts.views();
        let mut last = None;
        for_each_valid(array, |row| {
            let view = views[row];
            let length = view as u32;
            self.variable_bytes += u64::from(length);
            // Up to 12 bytes stand in the view itself.
            if last == Some(view) && length <= 12 {
                return;
            }
            last = Some(view);
            let text = texts.value(row);
            self.distinct.add(hash_bytes(text.as_bytes()));
            self.bounds.add_text(text);
        });
    }

    fn add_bytes(&mut self, array: &ArrayRef) {
        let values = array.as_binary_view();
        for_each_valid(array, |row| {
            let value = values.value(row);
            self.variable_bytes += value.len() as u64;
            self.distinct.add(hash_bytes(value));
        });
    }

    fn add_booleans(&mut self, array: &ArrayRef) {
        let values = array.as_boolean();
        for_each_valid(array, |row| {
            let value = i64::from(values.value(row));
            self.distinct.add(hash_integer(value));
            self.bounds.add_integers(value, value);
        });
    }
}

/// Calls `each` with every range of rows that are not NULL.
fn for_each_valid_run(array: &ArrayRef, mut each: impl FnMut(std::ops::Range<usize>)) {
    match array.nulls() {
        Some(nulls) if nulls.null_count() > 0 => nulls.valid_slices().for_each(|(start, end)| each(start..end)),
        _ => each(0..array.len()),
    }
}

/// Calls `each` with every row that is not NULL.
fn for_each_valid(array: &ArrayRef, mut each: impl FnMut(usize)) {
    for_each_valid_run(array, |run| run.for_each(&mut each));
}
