//! DATE(), DATETIME(), TIMESTAMP(), TIME(): values from parts or from each other.

use crate::call::{Call, Texts, some};
use crate::civil::{MICROS_PER_DAY, MICROS_PER_SECOND, checked_day};
use crate::error::{Error, Result, fail};
use crate::function::Spec;
use crate::scalar::truncation::day_preimage;
use crate::text;
use arrow::array::ArrayRef;
use arrow::datatypes::{DataType, Date32Type, Time64MicrosecondType, TimestampMicrosecondType};
use bedside_types::{Zone, ZoneError};
use std::borrow::Cow;
use std::sync::Arc;

pub(super) const FUNCTIONS: &[Spec] = &[
    Spec::fallible("date", date).with_preimage(day_preimage),
    Spec::fallible("datetime", moment),
    Spec::fallible("timestamp", moment),
    Spec::fallible("time", time),
    Spec::fallible("string", string),
];

/// An optional zone argument; UTC without one.
pub(super) struct Zones<'a>(Option<Texts<'a>>);

impl<'a> Zones<'a> {
    pub(super) fn of(call: &Call<'a>, index: usize) -> Result<Self> {
        let zoned = call.count() > index && matches!(call.argument_type(index)?, DataType::Utf8View);
        Ok(Self(if zoned { Some(call.text(index)?) } else { None }))
    }

    /// Whether a zone is given at all.
    pub(super) const fn given(&self) -> bool {
        self.0.is_some()
    }

    /// The row's zone; `None` for NULL.
    pub(super) fn get(&self, row: usize) -> Result<Option<Zone>> {
        let Some(texts) = &self.0 else { return Ok(Some(Zone::UTC)) };
        some!(texts.get(row)).parse().map(Some).map_err(|error: ZoneError| Error::Evaluation(error.to_string()))
    }
}

/// DATE(year, month, day), DATE(datetime), DATE(timestamp[, zone]), DATE(text).
fn date(call: &Call<'_>) -> Result<ArrayRef> {
    match call.argument_type(0)? {
        DataType::Int64 => {
            let (year, month, day) = (call.int(0)?, call.int(1)?, call.int(2)?);
            call.numbers::<Date32Type>(|row| {
                let (y, m, d) = (some!(year.get(row)), some!(month.get(row)), some!(day.get(row)));
                checked_day(y, m, d).map_or_else(
                    || fail(format!("Input calculates to invalid date: {y:04}-{m:02}-{d:02}")),
                    |days| Ok(Some(days as i32)),
                )
            })
        }
        DataType::Date32 => {
            let a = call.date(0)?;
            call.numbers::<Date32Type>(|row| Ok(a.get(row)))
        }
        DataType::Utf8View => {
            let a = call.text(0)?;
            call.numbers::<Date32Type>(|row| {
                let value = some!(a.get(row));
                let days = text::parse_date(value)
                    .or_else(|| text::parse_timestamp(value).map(|micros| micros.div_euclid(MICROS_PER_DAY)));
                days.map_or_else(|| fail(format!("Invalid date: '{value}'")), |v| Ok(Some(v as i32)))
            })
        }
        _ => {
            let (a, zones) = (call.moment(0)?, Zones::of(call, 1)?);
            if call.count() == 1 && a.step == 1 {
                let day = |micros: i64| micros.div_euclid(MICROS_PER_DAY) as i32;
                return Ok(Arc::new(a.array.unary::<_, Date32Type>(day)));
            }
            call.numbers::<Date32Type>(|row| {
                let (micros, zone) = (some!(a.get(row)), some!(zones.get(row)?));
                Ok(Some(zone.civil(micros).div_euclid(MICROS_PER_DAY) as i32))
            })
        }
    }
}

/// DATETIME(y, m, d, h, mi, s), DATETIME(date[, time]), DATETIME(timestamp[, zone]), TIMESTAMP(any of them).
fn moment(call: &Call<'_>) -> Result<ArrayRef> {
    match call.argument_type(0)? {
        DataType::Int64 => moment_of_parts(call),
        DataType::Date32 => {
            let date = call.date(0)?;
            if call.count() > 1 && matches!(call.argument_type(1)?, DataType::Time64(_)) {
                let time = call.time(1)?;
                return call.numbers::<TimestampMicrosecondType>(|row| {
                    Ok(Some(i64::from(some!(date.get(row))) * MICROS_PER_DAY + some!(time.get(row))))
                });
            }
            let zones = Zones::of(call, 1)?;
            call.numbers::<TimestampMicrosecondType>(|row| {
                let (days, zone) = (some!(date.get(row)), some!(zones.get(row)?));
                Ok(Some(zone.instant(i64::from(days) * MICROS_PER_DAY)))
            })
        }
        DataType::Utf8View => {
            let zones = Zones::of(call, 1)?;
            let zoned = matches!(call.result, DataType::Timestamp(_, Some(_)));
            let a = call.text(0)?;
            call.numbers::<TimestampMicrosecondType>(|row| {
                let (value, zone) = (some!(a.get(row)), some!(zones.get(row)?));
                if zones.given() && text::parse_datetime(value).is_none() && text::parse_timestamp(value).is_some() {
                    return fail(format!("Timezone is not allowed in \"{value}\""));
                }
                let (parsed, what) = if zoned {
                    (text::parse_timestamp_in(value, zone), "timestamp")
                } else {
                    (text::parse_datetime(value), "datetime")
                };
                parsed.map_or_else(|| fail(format!("Invalid {what}: '{value}'")), |v| Ok(Some(v)))
            })
        }
        DataType::Timestamp(_, from) => {
            let (a, zones) = (call.moment(0)?, Zones::of(call, 1)?);
            let to_instant = matches!(call.result, DataType::Timestamp(_, Some(_)));
            let same = from.is_some() == to_instant;
            call.numbers::<TimestampMicrosecondType>(|row| {
                let (micros, zone) = (some!(a.get(row)), some!(zones.get(row)?));
                Ok(Some(match (same, to_instant) {
                    (true, _) => micros,
                    (false, true) => zone.instant(micros),
                    (false, false) => zone.civil(micros),
                }))
            })
        }
        other => Err(Error::Internal(format!("{} of {other}", call.name))),
    }
}

fn moment_of_parts(call: &Call<'_>) -> Result<ArrayRef> {
    let parts = (0..6).map(|index| call.int(index)).collect::<Result<Vec<_>>>()?;
    call.numbers::<TimestampMicrosecondType>(|row| {
        let mut value = [0; 6];
        for (slot, part) in value.iter_mut().zip(&parts) {
            *slot = some!(part.get(row));
        }
        let [year, month, day, hour, minute, second] = value;
        match (checked_day(year, month, day), time_of(hour, minute, second)) {
            (Some(days), Some(micros)) => Ok(Some(days * MICROS_PER_DAY + micros)),
            _ => fail(format!(
                "Input calculates to invalid datetime: {year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"
            )),
        }
    })
}

/// A second of 60 is the next minute's first, as GoogleSQL has it.
fn time_of(hour: i64, minute: i64, second: i64) -> Option<i64> {
    let valid = (0..24).contains(&hour) && (0..60).contains(&minute) && (0..61).contains(&second);
    valid.then(|| ((hour * 60 + minute) * 60 + second) * MICROS_PER_SECOND)
}

/// TIME(h, m, s), TIME(datetime), TIME(timestamp[, zone]).
fn time(call: &Call<'_>) -> Result<ArrayRef> {
    match call.argument_type(0)? {
        DataType::Int64 => {
            let (hour, minute, second) = (call.int(0)?, call.int(1)?, call.int(2)?);
            call.numbers::<Time64MicrosecondType>(|row| {
                let (h, m, s) = (some!(hour.get(row)), some!(minute.get(row)), some!(second.get(row)));
                time_of(h, m, s).map_or_else(
                    || fail(format!("Input calculates to invalid time: {h:02}:{m:02}:{s:02}")),
                    |micros| Ok(Some(micros % MICROS_PER_DAY)),
                )
            })
        }
        DataType::Time64(_) => {
            let a = call.time(0)?;
            call.numbers::<Time64MicrosecondType>(|row| Ok(a.get(row)))
        }
        _ => {
            let (a, zones) = (call.moment(0)?, Zones::of(call, 1)?);
            call.numbers::<Time64MicrosecondType>(|row| {
                let (micros, zone) = (some!(a.get(row)), some!(zones.get(row)?));
                Ok(Some(zone.civil(micros).rem_euclid(MICROS_PER_DAY)))
            })
        }
    }
}

/// STRING(value): the text that CAST gives, of a TIMESTAMP in a zone; of JSON the text in it.
fn string(call: &Call<'_>) -> Result<ArrayRef> {
    let (array, step) = call.argument(0)?;
    if super::json::unboxed(array).is_some() {
        return super::json_scalars::strict_text(call);
    }
    let zones = Zones::of(call, 1)?;
    if zones.given() {
        let a = call.moment(0)?;
        return call.texts(|row| {
            let (micros, zone) = (some!(a.get(row)), some!(zones.get(row)?));
            Ok(Some(Cow::Owned(text::format_timestamp_in(micros, zone))))
        });
    }
    call.texts(|row| Ok(super::value_text::cast_text(array, row * step)?.map(Cow::Owned)))
}
