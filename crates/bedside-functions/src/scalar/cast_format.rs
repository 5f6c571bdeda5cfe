//! CAST with FORMAT: times, numbers and bytes as text by a pattern, and times and bytes of text
//! (<https://cloud.google.com/bigquery/docs/reference/standard-sql/format-elements>).
//!
//! Arguments are the value, the pattern, the time zone, and for times of text the day that lends its year and month where the
//! pattern has none.

mod blob;
mod element;
mod number;
mod pattern;
mod read;
mod write;

use crate::call::{Call, some};
use crate::civil::MICROS_PER_DAY;
use crate::error::{Error, Result};
use crate::function::Spec;
use crate::scalar::construction::Zones;
use arrow::array::ArrayRef;
use arrow::datatypes::{DataType, Date32Type, Time64MicrosecondType, TimestampMicrosecondType};
use bedside_types::Zone;
use element::{Element, Kind};
use std::borrow::Cow;

pub(super) const FUNCTIONS: &[Spec] = &[Spec::fallible("$cast_format", cast)];

fn cast(call: &Call<'_>) -> Result<ArrayRef> {
    match (call.argument_type(0)?, call.result) {
        (DataType::BinaryView, _) => blob::to_text(call),
        (_, DataType::BinaryView) => blob::of_text(call),
        (DataType::Int64 | DataType::Float64 | DataType::Decimal128(..) | DataType::Decimal256(..), _) => {
            number::to_text(call)
        }
        (DataType::Utf8View, result) => times_of_text(call, result),
        (from, _) => times_to_text(call, from),
    }
}

/// A pattern read into what it is made of; the pattern of the row before is kept.
struct Kept<'a, T> {
    texts: crate::call::Texts<'a>,
    read: fn(&str) -> Result<T>,
    last: Option<(&'a str, T)>,
}

impl<'a, T> Kept<'a, T> {
    fn of(call: &Call<'a>, read: fn(&str) -> Result<T>) -> Result<Self> {
        Ok(Self { texts: call.text(1)?, read, last: None })
    }

    fn get(&mut self, row: usize) -> Result<Option<&T>> {
        let text = some!(self.texts.get(row));
        if self.last.as_ref().is_none_or(|(last, _)| *last != text) {
            self.last = Some((text, (self.read)(text)?));
        }
        Ok(self.last.as_ref().map(|(_, read)| read))
    }
}

fn times_to_text(call: &Call<'_>, from: &DataType) -> Result<ArrayRef> {
    let kind = Kind::of(from)?;
    let mut patterns = Kept::of(call, element::parse)?;
    let zones = Zones::of(call, 2)?;
    let write = |elements: &[Element], micros: i64, zone: Zone| {
        let mut out = String::with_capacity(elements.len() * 4);
        write::write(&mut out, elements, micros, kind, zone)?;
        Ok(Some(Cow::Owned(out)))
    };
    match kind {
        Kind::Date => {
            let a = call.date(0)?;
            call.texts(|row| {
                let micros = i64::from(some!(a.get(row))) * MICROS_PER_DAY;
                write(some!(patterns.get(row)?), micros, Zone::UTC)
            })
        }
        Kind::Time => {
            let a = call.time(0)?;
            call.texts(|row| write(some!(patterns.get(row)?), some!(a.get(row)), Zone::UTC))
        }
        Kind::Datetime | Kind::Timestamp => {
            let a = call.moment(0)?;
            call.texts(|row| write(some!(patterns.get(row)?), some!(a.get(row)), some!(zones.get(row)?)))
        }
    }
}

fn times_of_text(call: &Call<'_>, result: &DataType) -> Result<ArrayRef> {
    let kind = Kind::of(result)?;
    let a = call.text(0)?;
    let mut patterns = Kept::of(call, element::parse)?;
    let (zones, today) = (Zones::of(call, 2)?, call.date(3)?);
    let mut read = |row: usize| {
        let (text, elements) = (some!(a.get(row)), some!(patterns.get(row)?));
        let (zone, today) = (some!(zones.get(row)?), some!(today.get(row)));
        read::read(text, elements, kind, i64::from(today), zone).map(Some)
    };
    match kind {
        Kind::Date => {
            call.numbers::<Date32Type>(|row| Ok(read(row)?.map(|micros| micros.div_euclid(MICROS_PER_DAY) as i32)))
        }
        Kind::Time => {
            call.numbers::<Time64MicrosecondType>(|row| Ok(read(row)?.map(|micros| micros.rem_euclid(MICROS_PER_DAY))))
        }
        Kind::Datetime | Kind::Timestamp => call.numbers::<TimestampMicrosecondType>(read),
    }
}

impl Kind {
    fn of(data_type: &DataType) -> Result<Self> {
        Ok(match data_type {
            DataType::Date32 => Self::Date,
            DataType::Time64(_) => Self::Time,
            DataType::Timestamp(_, None) => Self::Datetime,
            DataType::Timestamp(_, Some(_)) => Self::Timestamp,
            other => return Err(Error::Unsupported(format!("FORMAT in a CAST of {other}"))),
        })
    }
}
