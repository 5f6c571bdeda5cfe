//! INTERVAL values and arithmetic with them. Months, days and microseconds are kept apart, as GoogleSQL does.

use crate::call::{Call, some};
use crate::civil::{MICROS_PER_DAY, Part, add_months, check_micros};
use crate::error::{Error, Result, fail};
use crate::function::Spec;
use arrow::array::ArrayRef;
use arrow::datatypes::{DataType, IntervalMonthDayNano, TimestampMicrosecondType};

pub(super) const FUNCTIONS: &[Spec] = &[
    Spec::fallible("$interval", construct),
    Spec::fallible("make_interval", make),
    Spec::total("$interval_key", |call| {
        let a = call.interval(0)?;
        call.ints(|row| Ok(a.get(row).map(key)))
    }),
    Spec::fallible("justify_hours", |call| justify(call, Justify::Hours)),
    Spec::fallible("justify_days", |call| justify(call, Justify::Days)),
    Spec::fallible("justify_interval", |call| justify(call, Justify::Both)),
];

/// 10,000 years, in each of the three.
const MOST_MONTHS: i64 = 120_000;
const MOST_DAYS: i64 = 3_660_000;
const MOST_MICROS: i64 = 316_224_000_000_000_000;

/// `INTERVAL n PART`.
fn construct(call: &Call<'_>) -> Result<ArrayRef> {
    let amount = call.int(0)?;
    let part: Part = call.word(1)?.parse()?;
    call.intervals(|row| of_part(some!(amount.get(row)), part).map(Some))
}

/// MAKE_INTERVAL(years, months, days, hours, minutes, seconds); those that are left out are 0.
fn make(call: &Call<'_>) -> Result<ArrayRef> {
    let parts = (0..call.count()).map(|index| call.int(index)).collect::<Result<Vec<_>>>()?;
    call.intervals(|row| {
        let mut value = [0_i64; 6];
        for (slot, part) in value.iter_mut().zip(&parts) {
            *slot = some!(part.get(row));
        }
        let [years, months, days, hours, minutes, seconds] = value;
        let months = years.checked_mul(12).and_then(|y| y.checked_add(months)).and_then(|m| i32::try_from(m).ok());
        let days = i32::try_from(days).map_err(|_| too_large())?;
        let time = i128::from(hours) * 3600 + i128::from(minutes) * 60 + i128::from(seconds);
        let micros = i64::try_from(time * 1_000_000).map_err(|_| too_large())?;
        from_parts(months.ok_or_else(too_large)?, days, micros).map(Some)
    })
}

/// So many of a part as an INTERVAL.
pub(crate) fn of_part(amount: i64, part: Part) -> Result<IntervalMonthDayNano> {
    let scaled = |factor: i64| amount.checked_mul(factor).and_then(|v| i32::try_from(v).ok()).ok_or_else(too_large);
    Ok(match part {
        Part::Year => from_parts(scaled(12)?, 0, 0)?,
        Part::Quarter => from_parts(scaled(3)?, 0, 0)?,
        Part::Month => from_parts(scaled(1)?, 0, 0)?,
        Part::Week(_) => from_parts(0, scaled(7)?, 0)?,
        Part::Day => from_parts(0, scaled(1)?, 0)?,
        _ => {
            let micros = part.micros().and_then(|unit| amount.checked_mul(unit)).ok_or_else(too_large)?;
            from_parts(0, 0, micros)?
        }
    })
}

fn from_parts(months: i32, days: i32, micros: i64) -> Result<IntervalMonthDayNano> {
    let bounds = [("months", i64::from(months), MOST_MONTHS), ("days", i64::from(days), MOST_DAYS)];
    for (field, value, most) in bounds.into_iter().chain([("micros", micros, MOST_MICROS)]) {
        if value.abs() > most {
            return fail(format!("Interval field {field} '{value}' is out of range -{most} to {most}"));
        }
    }
    Ok(IntervalMonthDayNano::new(months, days, micros.checked_mul(1000).ok_or_else(too_large)?))
}

/// What intervals are compared by: microseconds, 30 days to the month and 24 hours to the day.
pub(super) fn key(value: IntervalMonthDayNano) -> i64 {
    (i64::from(value.months) * 30 + i64::from(value.days)) * MICROS_PER_DAY + value.nanoseconds / 1000
}

/// `1-2 3 4:5:6.7` and its parts that can be told apart (`1-2`, `1-2 3`, `3 4:5:6`, `4:5:6`), or ISO 8601's `P1Y2M3DT4H5M6S`.
pub(super) fn parse(text: &str) -> Result<IntervalMonthDayNano> {
    let invalid = || Error::Evaluation(format!("Invalid INTERVAL value '{text}'"));
    let parsed = if text.starts_with('P') { parse_iso(text) } else { parse_fields(text) };
    let (months, days, micros) = parsed.ok_or_else(invalid)?;
    let small = |value: i64| i32::try_from(value).map_err(|_| invalid());
    from_parts(small(months)?, small(days)?, micros)
}

fn parse_fields(text: &str) -> Option<(i64, i64, i64)> {
    let (mut months, mut days, mut micros) = (None, None, None);
    for piece in text.split(' ') {
        let (sign, rest) = piece.strip_prefix('-').map_or((1, piece.strip_prefix('+').unwrap_or(piece)), |r| (-1, r));
        if rest.contains(':') {
            let mut fields = rest.split(':');
            let (hours, minutes) = (whole(fields.next()?)?, whole(fields.next()?)?);
            let (seconds, fraction) = seconds(fields.next()?)?;
            if micros.is_some() || fields.next().is_some() {
                return None;
            }
            micros = Some(sign * ((hours * 60 + minutes) * 60 * 1_000_000 + seconds * 1_000_000 + fraction));
        } else if let Some((year, month)) = rest.split_once('-') {
            if months.is_some() || days.is_some() || micros.is_some() {
                return None;
            }
            months = Some(sign * (whole(year)? * 12 + whole(month)?));
        } else if days.is_some() || micros.is_some() {
            return None;
        } else {
            days = Some(sign * whole(rest)?);
        }
    }
    // A number alone could be of any part.
    if months.is_none() && micros.is_none() {
        return None;
    }
    Some((months.unwrap_or(0), days.unwrap_or(0), micros.unwrap_or(0)))
}

fn parse_iso(text: &str) -> Option<(i64, i64, i64)> {
    let (mut months, mut days, mut micros, mut time) = (0, 0, 0, false);
    let mut rest = text.strip_prefix('P')?;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('T') {
            (time, rest) = (true, after);
            continue;
        }
        let end = rest.find(|c: char| c.is_ascii_alphabetic())?;
        let (number, unit) = (&rest[..end], rest.as_bytes()[end]);
        let (sign, digits) = number.strip_prefix('-').map_or((1, number), |digits| (-1, digits));
        match (unit, time) {
            (b'Y', false) => months += sign * whole(digits)? * 12,
            (b'M', false) => months += sign * whole(digits)?,
            (b'W', false) => days += sign * whole(digits)? * 7,
            (b'D', false) => days += sign * whole(digits)?,
            (b'H', true) => micros += sign * whole(digits)? * 3_600_000_000,
            (b'M', true) => micros += sign * whole(digits)? * 60_000_000,
            (b'S', true) => {
                let (seconds, fraction) = seconds(digits)?;
                micros += sign * (seconds * 1_000_000 + fraction);
            }
            _ => return None,
        }
        rest = &rest[end + 1..];
    }
    Some((months, days, micros))
}

fn whole(digits: &str) -> Option<i64> {
    (digits.len() <= 12 && digits.bytes().all(|b| b.is_ascii_digit())).then(|| digits.parse().ok())?
}

/// Whole seconds and microseconds of a text such as `6.789`.
fn seconds(text: &str) -> Option<(i64, i64)> {
    let (before, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.len() > 6 {
        return None;
    }
    Some((whole(before)?, whole(&format!("{fraction:0<6}"))?))
}

fn too_large() -> Error {
    Error::Evaluation("Interval field value is out of range".to_owned())
}

/// A moment moved by an INTERVAL: months first, then days, then the time.
pub(crate) fn shift(micros: i64, by: IntervalMonthDayNano, sign: i64) -> Result<i64> {
    let mut days = micros.div_euclid(MICROS_PER_DAY);
    if by.months != 0 {
        days = add_months(days, sign * i64::from(by.months))?;
    }
    days += sign * i64::from(by.days);
    check_micros(days * MICROS_PER_DAY + micros.rem_euclid(MICROS_PER_DAY) + sign * (by.nanoseconds / 1000))
}

pub(super) fn add(call: &Call<'_>) -> Result<ArrayRef> {
    if matches!(call.argument_type(0)?, DataType::Interval(_)) {
        if matches!(call.argument_type(1)?, DataType::Interval(_)) {
            return combine(call, 1);
        }
        return moved(call, 1, 0, 1);
    }
    moved(call, 0, 1, 1)
}

pub(super) fn subtract(call: &Call<'_>) -> Result<ArrayRef> {
    match (call.argument_type(0)?, call.argument_type(1)?) {
        (DataType::Interval(_), DataType::Interval(_)) => combine(call, -1),
        (_, DataType::Interval(_)) => moved(call, 0, 1, -1),
        (DataType::Date32, DataType::Date32) => {
            let (a, b) = (call.date(0)?, call.date(1)?);
            call.intervals(|row| Ok(Some(IntervalMonthDayNano::new(0, some!(a.get(row)) - some!(b.get(row)), 0))))
        }
        (DataType::Time64(_), _) => {
            let (a, b) = (call.time(0)?, call.time(1)?);
            call.intervals(|row| from_parts(0, 0, some!(a.get(row)) - some!(b.get(row))).map(Some))
        }
        (DataType::Timestamp(_, zone), _) => {
            let (a, b) = (call.moment(0)?, call.moment(1)?);
            call.intervals(|row| {
                let micros = some!(a.get(row)) - some!(b.get(row));
                // A DATETIME difference is in days and time, a TIMESTAMP difference in time alone.
                if zone.is_some() {
                    return from_parts(0, 0, micros).map(Some);
                }
                from_parts(0, (micros / MICROS_PER_DAY) as i32, micros % MICROS_PER_DAY).map(Some)
            })
        }
        (left, right) => Err(Error::Unsupported(format!("{left} - {right}"))),
    }
}

pub(super) fn multiply(call: &Call<'_>) -> Result<ArrayRef> {
    let (interval, factor) = if matches!(call.argument_type(0)?, DataType::Interval(_)) { (0, 1) } else { (1, 0) };
    let (interval, factor) = (call.interval(interval)?, call.int(factor)?);
    call.intervals(|row| {
        let (value, factor) = (some!(interval.get(row)), some!(factor.get(row)));
        let small =
            |part: i32| i64::from(part).checked_mul(factor).and_then(|v| i32::try_from(v).ok()).ok_or_else(too_large);
        let nanos = value.nanoseconds.checked_mul(factor).ok_or_else(too_large)?;
        from_parts(small(value.months)?, small(value.days)?, nanos / 1000).map(Some)
    })
}

/// Division carries what remains of months into days (30 a month) and of days into time, as BigQuery does.
pub(super) fn divide(call: &Call<'_>) -> Result<ArrayRef> {
    let (interval, divisor) = (call.interval(0)?, call.int(1)?);
    call.intervals(|row| {
        let (value, divisor) = (some!(interval.get(row)), some!(divisor.get(row)));
        if divisor == 0 {
            return fail("Interval division by zero");
        }
        let months = i64::from(value.months);
        let days = i64::from(value.days) + months % divisor * 30;
        let micros = i128::from(value.nanoseconds / 1000) + i128::from(days % divisor) * i128::from(MICROS_PER_DAY);
        let micros = i64::try_from(micros / i128::from(divisor)).map_err(|_| too_large())?;
        from_parts((months / divisor) as i32, (days / divisor) as i32, micros).map(Some)
    })
}

pub(super) fn negate(call: &Call<'_>) -> Result<ArrayRef> {
    let interval = call.interval(0)?;
    call.intervals(|row| {
        let value = some!(interval.get(row));
        Ok(Some(IntervalMonthDayNano::new(-value.months, -value.days, -value.nanoseconds)))
    })
}

fn combine(call: &Call<'_>, sign: i32) -> Result<ArrayRef> {
    let (a, b) = (call.interval(0)?, call.interval(1)?);
    call.intervals(|row| {
        let (a, b) = (some!(a.get(row)), some!(b.get(row)));
        let sum = |x: i32, y: i32| x.checked_add(sign * y).ok_or_else(too_large);
        let nanos = a.nanoseconds.checked_add(i64::from(sign) * b.nanoseconds).ok_or_else(too_large)?;
        from_parts(sum(a.months, b.months)?, sum(a.days, b.days)?, nanos / 1000).map(Some)
    })
}

/// DATE (which becomes a DATETIME), DATETIME or TIMESTAMP moved by an INTERVAL.
fn moved(call: &Call<'_>, moment: usize, interval: usize, sign: i64) -> Result<ArrayRef> {
    let by = call.interval(interval)?;
    if matches!(call.argument_type(moment)?, DataType::Date32) {
        let date = call.date(moment)?;
        return call.numbers::<TimestampMicrosecondType>(|row| {
            shift(i64::from(some!(date.get(row))) * MICROS_PER_DAY, some!(by.get(row)), sign).map(Some)
        });
    }
    let instant = matches!(call.argument_type(moment)?, DataType::Timestamp(_, Some(_)));
    let moment = call.moment(moment)?;
    call.numbers::<TimestampMicrosecondType>(|row| {
        let (moment, by) = (some!(moment.get(row)), some!(by.get(row)));
        if instant && by.months != 0 {
            return fail("TIMESTAMP +/- INTERVAL is not supported for intervals with non-zero MONTH or YEAR part.");
        }
        shift(moment, by, sign).map(Some)
    })
}

#[derive(Clone, Copy, PartialEq)]
enum Justify {
    Hours,
    Days,
    Both,
}

fn justify(call: &Call<'_>, what: Justify) -> Result<ArrayRef> {
    const NANOS_PER_DAY: i64 = MICROS_PER_DAY * 1000;
    let interval = call.interval(0)?;
    call.intervals(|row| {
        let value = some!(interval.get(row));
        let (mut months, mut days, mut nanos) = (i64::from(value.months), i64::from(value.days), value.nanoseconds);
        // What is carried has the sign of the whole, and so have both parts then.
        if what == Justify::Both {
            days += months * 30;
            months = 0;
        }
        if what != Justify::Days {
            let whole = i128::from(days) * i128::from(NANOS_PER_DAY) + i128::from(nanos);
            days = (whole / i128::from(NANOS_PER_DAY)) as i64;
            nanos = (whole % i128::from(NANOS_PER_DAY)) as i64;
        }
        if what != Justify::Hours {
            let whole = months * 30 + days;
            (months, days) = (whole / 30, whole % 30);
        }
        from_parts(months as i32, days as i32, nanos / 1000).map(Some)
    })
}

/// As CAST to STRING writes it: `1-2 3 4:5:6.789`.
pub(crate) fn format(value: IntervalMonthDayNano) -> String {
    let sign = |negative: bool| if negative { "-" } else { "" };
    let micros = (value.nanoseconds / 1000).unsigned_abs();
    let months = value.months.unsigned_abs();
    let mut text = format!(
        "{}{}-{} {} {}{}:{}:{}",
        sign(value.months < 0),
        months / 12,
        months % 12,
        value.days,
        sign(value.nanoseconds < 0),
        micros / 3_600_000_000,
        micros / 60_000_000 % 60,
        micros / 1_000_000 % 60
    );
    let fraction = micros % 1_000_000;
    if !fraction.is_multiple_of(1000) {
        text += &format!(".{fraction:06}");
    } else if fraction != 0 {
        text += &format!(".{:03}", fraction / 1000);
    }
    text
}
