//! Arrays and structs: constructors, access by place, and functions over whole arrays.

use crate::call::{Call, Texts, some};
use crate::civil::{MICROS_PER_DAY, Part};
use crate::error::{Error, Result, fail};
use crate::function::Spec;
use crate::numeric;
use crate::scalar::comparison::ordering;
use crate::scalar::shift::move_micros;
use crate::scalar::value_text::is_json;
use crate::span::{self, Span};
use arrow::array::{
    Array, ArrayRef, ArrowPrimitiveType, AsArray, BinaryViewBuilder, BooleanBuilder, ListArray, PrimitiveArray,
    PrimitiveBuilder, StringViewBuilder, StructArray, UInt64Array, new_empty_array,
};
use arrow::buffer::{NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow::compute::{interleave, take};
use arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Decimal256Type, Field, Float64Type, Int64Type, TimestampMicrosecondType,
};
use std::borrow::Cow;
use std::sync::Arc;

pub(super) const FUNCTIONS: &[Spec] = &[
    Spec::total("$array", construct),
    Spec::total("$struct", construct_struct),
    Spec::fallible("$array_at_offset", |call| at(call, 0, Outside::Fails)),
    Spec::fallible("$array_at_ordinal", |call| at(call, 1, Outside::Fails)),
    Spec::total("$safe_array_at_offset", |call| at(call, 0, Outside::Null)),
    Spec::total("$safe_array_at_ordinal", |call| at(call, 1, Outside::Null)),
    Spec::total("$in_array", in_array),
    Spec::total("$offsets", offsets),
    Spec::total("array_length", length),
    Spec::total("array_to_string", to_text),
    Spec::total("array_concat", concat),
    Spec::total("array_reverse", reverse),
    Spec::fallible("array_first", |call| end(call, "ARRAY_FIRST")),
    Spec::fallible("array_last", |call| end(call, "ARRAY_LAST")),
    Spec::fallible("generate_array", generate),
    Spec::fallible("generate_date_array", generate_dates),
    Spec::fallible("generate_timestamp_array", generate_timestamps),
    Spec::total("array_slice", slice),
    Spec::total("split", split),
    Spec::fallible("range_bucket", range_bucket),
];

/// BigQuery's limit on the elements that a generator gives.
pub(super) const MOST_GENERATED: usize = 1 << 20;

/// An ARRAY argument.
pub(super) struct Lists<'a> {
    array: &'a ListArray,
    step: usize,
}

impl<'a> Lists<'a> {
    pub(super) fn of(call: &Call<'a>, index: usize) -> Result<Self> {
        let (array, step) = call.argument(index)?;
        match array.as_list_opt::<i32>() {
            Some(array) => Ok(Self { array, step }),
            None => Err(Error::Internal(format!("argument {} of {} is {}", index + 1, call.name, array.data_type()))),
        }
    }

    /// The half-open range of a row's elements in the values below.
    pub(super) fn range(&self, row: usize) -> Option<(usize, usize)> {
        let index = row * self.step;
        let offsets = self.array.value_offsets();
        (!self.array.is_null(index)).then(|| (offsets[index] as usize, offsets[index + 1] as usize))
    }

    pub(super) fn values(&self) -> &'a ArrayRef {
        self.array.values()
    }

    /// Whether the elements are JSON documents.
    pub(super) fn holds_json(&self) -> bool {
        matches!(self.array.data_type(), DataType::List(field) if is_json(field))
    }
}

fn element_field(call: &Call<'_>) -> Result<Arc<Field>> {
    match call.result {
        DataType::List(field) => Ok(Arc::clone(field)),
        other => Err(Error::Internal(format!("{} gives {other}", call.name))),
    }
}

fn list(call: &Call<'_>, lengths: Vec<usize>, values: ArrayRef, nulls: Option<NullBuffer>) -> Result<ArrayRef> {
    Ok(Arc::new(ListArray::try_new(element_field(call)?, OffsetBuffer::from_lengths(lengths), values, nulls)?))
}

/// `[a, b, …]`: one list a row, elements interleaved from the arguments.
fn construct(call: &Call<'_>) -> Result<ArrayRef> {
    let count = call.count();
    if count == 0 {
        let values = new_empty_array(element_field(call)?.data_type());
        return list(call, vec![0; call.rows], values, None);
    }
    let arguments = (0..count).map(|index| call.argument(index)).collect::<Result<Vec<_>>>()?;
    let arrays: Vec<&dyn Array> = arguments.iter().map(|(array, _)| array.as_ref()).collect();
    let picks: Vec<(usize, usize)> = (0..call.rows)
        .flat_map(|row| arguments.iter().enumerate().map(move |(index, (_, step))| (index, row * step)))
        .collect();
    list(call, vec![count; call.rows], interleave(&arrays, &picks)?, None)
}

fn construct_struct(call: &Call<'_>) -> Result<ArrayRef> {
    let DataType::Struct(fields) = call.result else {
        return Err(Error::Internal(format!("STRUCT gives {}", call.result)));
    };
    let columns = (0..call.count())
        .map(|index| {
            let (array, step) = call.argument(index)?;
            if step == 1 || call.rows == 1 {
                return Ok(Arc::clone(array));
            }
            let zeros = UInt64Array::from(vec![0; call.rows]);
            Ok(take(array, &zeros, None)?)
        })
        .collect::<Result<Vec<_>>>()?;
    Ok(Arc::new(StructArray::try_new_with_length(fields.clone(), columns, None, call.rows)?))
}

#[derive(Clone, Copy, PartialEq)]
enum Outside {
    Fails,
    Null,
}

fn at(call: &Call<'_>, first: i64, outside: Outside) -> Result<ArrayRef> {
    let lists = Lists::of(call, 0)?;
    let index = call.int(1)?;
    let place = |row: usize| -> Result<Option<u64>> {
        let ((start, end), index) = (some!(lists.range(row)), some!(index.get(row)));
        let offset = index.checked_sub(first).filter(|offset| *offset >= 0 && *offset < (end - start) as i64);
        match offset {
            Some(offset) => Ok(Some(start as u64 + offset as u64)),
            None if outside == Outside::Null => Ok(None),
            None => fail(format!("Array index {index} is out of bounds")),
        }
    };
    pick(call, &lists, place)
}

fn end(call: &Call<'_>, name: &'static str) -> Result<ArrayRef> {
    let lists = Lists::of(call, 0)?;
    let place = |row: usize| -> Result<Option<u64>> {
        let (start, end) = some!(lists.range(row));
        if start == end {
            return fail(format!("{name} cannot get an element of an empty array"));
        }
        Ok(Some(if name == "ARRAY_FIRST" { start } else { end - 1 } as u64))
    };
    pick(call, &lists, place)
}

/// One element of each row's array, by its place in the values below.
fn pick(call: &Call<'_>, lists: &Lists<'_>, place: impl Fn(usize) -> Result<Option<u64>>) -> Result<ArrayRef> {
    let places = (0..call.rows).map(|row| call.settle(place(row))).collect::<Result<Vec<_>>>()?;
    Ok(take(lists.values(), &UInt64Array::from(places), None)?)
}

/// `x IN UNNEST(array)`: TRUE if found, else NULL if `x` or an element is NULL, else FALSE; FALSE for no elements.
fn in_array(call: &Call<'_>) -> Result<ArrayRef> {
    let (operand, step) = call.argument(0)?;
    let lists = Lists::of(call, 1)?;
    let float = matches!(operand.data_type(), DataType::Float64);
    let compare = ordering(operand, lists.values())?;
    call.flags(|row| {
        let Some((start, end)) = lists.range(row) else { return Ok(Some(false)) };
        let row = row * step;
        if start == end {
            return Ok(Some(false));
        }
        if operand.is_null(row) {
            return Ok(None);
        }
        let mut null = false;
        for element in start..end {
            if lists.values().is_null(element) {
                null = true;
            } else if float {
                let values = lists.values().as_primitive::<Float64Type>();
                if operand.as_primitive::<Float64Type>().value(row) == values.value(element) {
                    return Ok(Some(true));
                }
            } else if compare(row, element).is_eq() {
                return Ok(Some(true));
            }
        }
        Ok(if null { None } else { Some(false) })
    })
}

fn length(call: &Call<'_>) -> Result<ArrayRef> {
    let lists = Lists::of(call, 0)?;
    call.ints(|row| Ok(lists.range(row).map(|(start, end)| (end - start) as i64)))
}

/// The places of an array's elements, from 0, as an array: what `WITH OFFSET` counts.
fn offsets(call: &Call<'_>) -> Result<ArrayRef> {
    let lists = Lists::of(call, 0)?;
    number_lists::<Int64Type>(call, |row| {
        let (start, end) = some!(lists.range(row));
        Ok(Some((0..(end - start) as i64).collect()))
    })
}

fn to_text(call: &Call<'_>) -> Result<ArrayRef> {
    let lists = Lists::of(call, 0)?;
    if matches!(call.result, DataType::BinaryView) {
        return bytes_joined(call, &lists);
    }
    let values = lists.values().as_string_view();
    let delimiter = call.text(1)?;
    let null_text = if call.count() > 2 { Some(call.text(2)?) } else { None };
    call.texts(|row| {
        let ((start, end), delimiter) = (some!(lists.range(row)), some!(delimiter.get(row)));
        let null_text = match &null_text {
            Some(text) => Some(some!(text.get(row))),
            None => None,
        };
        let parts: Vec<&str> = (start..end)
            .filter_map(|index| if values.is_null(index) { null_text } else { Some(values.value(index)) })
            .collect();
        Ok(Some(Cow::Owned(parts.join(delimiter))))
    })
}

fn bytes_joined(call: &Call<'_>, lists: &Lists<'_>) -> Result<ArrayRef> {
    let Some(values) = lists.values().as_binary_view_opt() else {
        return Err(Error::Internal("ARRAY_TO_STRING gives BYTES of something else".to_owned()));
    };
    let delimiter = call.blob(1)?;
    let for_null = if call.count() > 2 { Some(call.blob(2)?) } else { None };
    call.blobs(|row| {
        let ((start, end), delimiter) = (some!(lists.range(row)), some!(delimiter.get(row)));
        let for_null = match &for_null {
            Some(bytes) => Some(some!(bytes.get(row))),
            None => None,
        };
        let parts: Vec<&[u8]> = (start..end)
            .filter_map(|index| if values.is_null(index) { for_null } else { Some(values.value(index)) })
            .collect();
        Ok(Some(Cow::Owned(parts.join(delimiter))))
    })
}

pub(super) fn concat(call: &Call<'_>) -> Result<ArrayRef> {
    let lists = (0..call.count()).map(|index| Lists::of(call, index)).collect::<Result<Vec<_>>>()?;
    gather(call, lists.iter().map(Lists::values), |row, out| {
        for (argument, list) in lists.iter().enumerate() {
            let Some((start, end)) = list.range(row) else { return false };
            out.extend((start..end).map(|index| (argument, index)));
        }
        true
    })
}

fn reverse(call: &Call<'_>) -> Result<ArrayRef> {
    let lists = Lists::of(call, 0)?;
    gather(call, std::iter::once(lists.values()), |row, out| {
        let Some((start, end)) = lists.range(row) else { return false };
        out.extend((start..end).rev().map(|index| (0, index)));
        true
    })
}

/// Lists made of elements of other arrays; a row for which `elements` gives false is NULL.
fn gather<'a>(
    call: &Call<'_>,
    arrays: impl Iterator<Item = &'a ArrayRef>,
    mut elements: impl FnMut(usize, &mut Vec<(usize, usize)>) -> bool,
) -> Result<ArrayRef> {
    let arrays: Vec<&dyn Array> = arrays.map(AsRef::as_ref).collect();
    let (mut picks, mut lengths, mut valid) = (Vec::new(), Vec::new(), Vec::new());
    for row in 0..call.rows {
        let before = picks.len();
        let present = elements(row, &mut picks);
        if !present {
            picks.truncate(before);
        }
        lengths.push(picks.len() - before);
        valid.push(present);
    }
    let values =
        if picks.is_empty() { new_empty_array(element_field(call)?.data_type()) } else { interleave(&arrays, &picks)? };
    list(call, lengths, values, Some(NullBuffer::from(valid)))
}

/// Lists of numbers, a row at a time.
pub(super) fn number_lists<T: ArrowPrimitiveType>(
    call: &Call<'_>,
    mut row: impl FnMut(usize) -> Result<Option<Vec<T::Native>>>,
) -> Result<ArrayRef> {
    let mut values = Vec::new();
    let (lengths, valid) = appended(call, &mut row, |value| values.push(value))?;
    let values = PrimitiveArray::<T>::new(ScalarBuffer::from(values), None)
        .with_data_type(element_field(call)?.data_type().clone());
    list(call, lengths, Arc::new(values), Some(NullBuffer::from(valid)))
}

/// Lists of numbers and NULLs, a row at a time.
pub(super) fn optional_number_lists<T: ArrowPrimitiveType>(
    call: &Call<'_>,
    mut row: impl FnMut(usize) -> Result<Option<Vec<Option<T::Native>>>>,
) -> Result<ArrayRef> {
    let mut values = PrimitiveBuilder::<T>::new().with_data_type(element_field(call)?.data_type().clone());
    let (lengths, valid) = appended(call, &mut row, |value| values.append_option(value))?;
    list(call, lengths, Arc::new(values.finish()), Some(valid.into()))
}

/// Lists of booleans, a row at a time.
pub(super) fn flag_lists(
    call: &Call<'_>,
    mut row: impl FnMut(usize) -> Result<Option<Vec<Option<bool>>>>,
) -> Result<ArrayRef> {
    let mut values = BooleanBuilder::new();
    let (lengths, valid) = appended(call, &mut row, |value| values.append_option(value))?;
    list(call, lengths, Arc::new(values.finish()), Some(valid.into()))
}

/// Lists of structs whose fields are given as columns, with the length of each list.
pub(super) fn optional_struct_lists(
    call: &Call<'_>,
    lengths: &[Option<usize>],
    columns: Vec<ArrayRef>,
) -> Result<ArrayRef> {
    let element = element_field(call)?;
    let DataType::Struct(fields) = element.data_type() else {
        return Err(Error::Internal(format!("{} gives {}", call.name, call.result)));
    };
    let values = StructArray::try_new(fields.clone(), columns, None)?;
    let valid: Vec<bool> = lengths.iter().map(Option::is_some).collect();
    list(call, lengths.iter().map(|length| length.unwrap_or(0)).collect(), Arc::new(values), Some(valid.into()))
}

/// Appends every element of every row's list; the lengths of the lists and which there are.
fn appended<T>(
    call: &Call<'_>,
    row: &mut dyn FnMut(usize) -> Result<Option<Vec<T>>>,
    mut append: impl FnMut(T),
) -> Result<(Vec<usize>, Vec<bool>)> {
    let (mut lengths, mut valid) = (Vec::with_capacity(call.rows), Vec::with_capacity(call.rows));
    for index in 0..call.rows {
        let list = call.settle(row(index))?;
        valid.push(list.is_some());
        let list = list.unwrap_or_default();
        lengths.push(list.len());
        list.into_iter().for_each(&mut append);
    }
    Ok((lengths, valid))
}

/// Lists of texts, a row at a time.
pub(super) fn text_lists<T: Into<Option<String>>>(
    call: &Call<'_>,
    mut row: impl FnMut(usize) -> Result<Option<Vec<T>>>,
) -> Result<ArrayRef> {
    let mut values = StringViewBuilder::new();
    let (lengths, valid) = appended(call, &mut row, |text: T| values.append_option(text.into()))?;
    list(call, lengths, Arc::new(values.finish()), Some(NullBuffer::from(valid)))
}

/// Lists of ranges, a row at a time.
pub(super) fn span_lists(call: &Call<'_>, mut row: impl FnMut(usize) -> Result<Option<Vec<Span>>>) -> Result<ArrayRef> {
    let mut values = Vec::new();
    let (lengths, valid) = appended(call, &mut row, |span| values.push(Some(span)))?;
    let values = span::array_of(&values, element_field(call)?.data_type())?;
    list(call, lengths, values, Some(NullBuffer::from(valid)))
}

/// Lists of bytes, a row at a time.
pub(super) fn blob_lists(
    call: &Call<'_>,
    mut row: impl FnMut(usize) -> Result<Option<Vec<Vec<u8>>>>,
) -> Result<ArrayRef> {
    let mut values = BinaryViewBuilder::new();
    let (lengths, valid) = appended(call, &mut row, |bytes: Vec<u8>| values.append_value(bytes))?;
    list(call, lengths, Arc::new(values.finish()), Some(NullBuffer::from(valid)))
}

/// From the first to the last by a step, both included; nothing if the step leads away.
fn series<T: Copy + PartialOrd>(
    first: T,
    last: T,
    zero: T,
    step: T,
    mut next: impl FnMut(usize) -> Option<T>,
) -> Result<Vec<T>> {
    if step == zero {
        return fail("Sequence step cannot be 0.");
    }
    let mut values = Vec::new();
    let mut value = first;
    while (step > zero && value <= last) || (step < zero && value >= last) {
        if values.len() == MOST_GENERATED {
            return fail(format!("Cannot generate arrays with more than {MOST_GENERATED} elements."));
        }
        values.push(value);
        match next(values.len()) {
            Some(following) => value = following,
            None => break,
        }
    }
    Ok(values)
}

fn generate(call: &Call<'_>) -> Result<ArrayRef> {
    let stepped = call.count() > 2;
    match call.argument_type(0)? {
        DataType::Int64 => {
            let (a, b) = (call.int(0)?, call.int(1)?);
            let step = if stepped { Some(call.int(2)?) } else { None };
            number_lists::<Int64Type>(call, |row| {
                let (first, last) = (some!(a.get(row)), some!(b.get(row)));
                let step = match &step {
                    Some(step) => some!(step.get(row)),
                    None => 1,
                };
                let next = |count: usize| first.checked_add(step.checked_mul(count as i64)?);
                series(first, last, 0, step, next).map(Some)
            })
        }
        DataType::Float64 => {
            let (a, b) = (call.float(0)?, call.float(1)?);
            let step = if stepped { Some(call.float(2)?) } else { None };
            number_lists::<Float64Type>(call, |row| {
                let (first, last) = (some!(a.get(row)), some!(b.get(row)));
                let step = match &step {
                    Some(step) => some!(step.get(row)),
                    None => 1.0,
                };
                if !(first.is_finite() && last.is_finite() && step.is_finite()) {
                    return fail("GENERATE_ARRAY needs finite numbers");
                }
                series(first, last, 0.0, step, |count| Some(first + step * count as f64)).map(Some)
            })
        }
        DataType::Decimal128(..) => {
            let (a, b) = (call.numeric(0)?, call.numeric(1)?);
            let step = if stepped { Some(call.numeric(2)?) } else { None };
            number_lists::<Decimal128Type>(call, |row| {
                let (first, last) = (some!(a.get(row)), some!(b.get(row)));
                let step = match &step {
                    Some(step) => some!(step.get(row)),
                    None => numeric::NUMERIC_ONE,
                };
                let next = |count: usize| numeric::checked(first.checked_add(step.checked_mul(count as i128)?));
                series(first, last, 0, step, next).map(Some)
            })
        }
        DataType::Decimal256(..) => {
            let (a, b) = (call.big_numeric(0)?, call.big_numeric(1)?);
            let step = if stepped { Some(call.big_numeric(2)?) } else { None };
            let one = arrow::datatypes::i256::from_i128(10_i128.pow(38));
            number_lists::<Decimal256Type>(call, |row| {
                let (first, last) = (some!(a.get(row)), some!(b.get(row)));
                let step = match &step {
                    Some(step) => some!(step.get(row)),
                    None => one,
                };
                let next = |count: usize| {
                    first.checked_add(step.checked_mul(arrow::datatypes::i256::from_i128(count as i128))?)
                };
                series(first, last, arrow::datatypes::i256::ZERO, step, next).map(Some)
            })
        }
        other => Err(Error::Unsupported(format!("GENERATE_ARRAY of {other}"))),
    }
}

fn generate_dates(call: &Call<'_>) -> Result<ArrayRef> {
    let (a, b) = (call.date(0)?, call.date(1)?);
    let step = if call.count() > 2 { Some(call.int(2)?) } else { None };
    let part: Part = if call.count() > 3 { call.word(3)?.parse()? } else { Part::Day };
    number_lists::<Date32Type>(call, |row| {
        let (first, last) = (i64::from(some!(a.get(row))), i64::from(some!(b.get(row))));
        let step = match &step {
            Some(step) => some!(step.get(row)),
            None => 1,
        };
        let days = moments(first * MICROS_PER_DAY, last * MICROS_PER_DAY, step, part)?;
        Ok(Some(days.into_iter().map(|micros| micros.div_euclid(MICROS_PER_DAY) as i32).collect()))
    })
}

fn generate_timestamps(call: &Call<'_>) -> Result<ArrayRef> {
    let (a, b, step) = (call.moment(0)?, call.moment(1)?, call.int(2)?);
    let part: Part = call.word(3)?.parse()?;
    number_lists::<TimestampMicrosecondType>(call, |row| {
        moments(some!(a.get(row)), some!(b.get(row)), some!(step.get(row)), part).map(Some)
    })
}

/// Every element is the one before it moved by the step, as GoogleSQL has it: after the end of a short month, months stay
/// short.
fn moments(first: i64, last: i64, step: i64, part: Part) -> Result<Vec<i64>> {
    let mut latest = first;
    series(first, last, 0, step, |_| {
        latest = move_micros(latest, step, 1, part)?;
        Some(latest)
    })
}

/// SPLIT(text[, delimiter]); an empty delimiter splits into characters.
fn split(call: &Call<'_>) -> Result<ArrayRef> {
    if matches!(call.argument_type(0)?, DataType::BinaryView) {
        return split_bytes(call);
    }
    let a = call.text(0)?;
    let delimiter: Option<Texts<'_>> = if call.count() > 1 { Some(call.text(1)?) } else { None };
    text_lists(call, |row| {
        let text = some!(a.get(row));
        let delimiter = match &delimiter {
            Some(delimiter) => some!(delimiter.get(row)),
            None => ",",
        };
        Ok(Some(if text.is_empty() {
            vec![String::new()]
        } else if delimiter.is_empty() {
            text.chars().map(String::from).collect()
        } else {
            text.split(delimiter).map(str::to_owned).collect()
        }))
    })
}

fn split_bytes(call: &Call<'_>) -> Result<ArrayRef> {
    let (a, b) = (call.blob(0)?, call.blob(1)?);
    blob_lists(call, |row| {
        let (mut rest, delimiter) = (some!(a.get(row)), some!(b.get(row)));
        if delimiter.is_empty() && !rest.is_empty() {
            return Ok(Some(rest.iter().map(|byte| vec![*byte]).collect()));
        }
        let mut pieces = Vec::new();
        while let Some(at) = super::strings::find(rest, delimiter).filter(|_| !delimiter.is_empty()) {
            pieces.push(rest[..at].to_vec());
            rest = &rest[at + delimiter.len()..];
        }
        pieces.push(rest.to_vec());
        Ok(Some(pieces))
    })
}

/// ARRAY_SLICE(array, from, to): both included, from 0, negative from the end; what lies outside is passed over.
fn slice(call: &Call<'_>) -> Result<ArrayRef> {
    let (lists, from, to) = (Lists::of(call, 0)?, call.int(1)?, call.int(2)?);
    gather(call, std::iter::once(lists.values()), |row, out| {
        let (Some((start, end)), Some(from), Some(to)) = (lists.range(row), from.get(row), to.get(row)) else {
            return false;
        };
        let count = (end - start) as i64;
        let place = |at: i64| if at < 0 { at.saturating_add(count) } else { at };
        let (from, to) = (place(from).max(0), place(to).min(count - 1));
        out.extend((from..=to).map(|at| (0, start + at as usize)));
        true
    })
}

/// How many of the sorted bounds are not larger than the value.
fn range_bucket(call: &Call<'_>) -> Result<ArrayRef> {
    let (operand, step) = call.argument(0)?;
    let lists = Lists::of(call, 1)?;
    let compare = ordering(operand, lists.values())?;
    let ascending = ordering(lists.values(), lists.values())?;
    call.ints(|row| {
        let (start, end) = some!(lists.range(row));
        let row = row * step;
        if operand.is_null(row) {
            return Ok(None);
        }
        if let Some(at) = (start + 1..end).find(|at| ascending(at - 1, *at).is_gt()) {
            let (first, second) = (at - start, at - start + 1);
            return fail(format!(
                "Elements in input array to RANGE_BUCKET must be in ascending order. Nonconforming elements found at \
                 position {first} and {second}"
            ));
        }
        Ok(Some((start..end).filter(|element| compare(row, *element).is_ge()).count() as i64))
    })
}
