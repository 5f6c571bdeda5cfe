//! PARSE_DATE, PARSE_DATETIME, PARSE_TIMESTAMP, PARSE_TIME: the pattern must consume the whole text.
//!
//! What the pattern does not name is 1970-01-01 00:00:00. Literal characters must match; blanks match any blanks.

use crate::call::{Call, some};
use crate::civil::{MICROS_PER_DAY, MICROS_PER_SECOND, check_micros, checked_day, iso_year_start};
use crate::error::{Result, fail};
use crate::function::Spec;
use crate::scalar::construction::Zones;
use crate::scalar::format_time::{MONTHS, WEEKDAYS};
use arrow::array::ArrayRef;
use arrow::datatypes::{Date32Type, Time64MicrosecondType, TimestampMicrosecondType};
use bedside_types::Zone;

pub(super) const FUNCTIONS: &[Spec] = &[
    Spec::fallible("parse_date", |call| {
        let (pattern, text) = (call.text(0)?, call.text(1)?);
        call.numbers::<Date32Type>(|row| {
            let pattern = some!(pattern.get(row));
            refuse(pattern, "HIklMPpRSTXcsZz", "DATE")?;
            let micros = parse(pattern, some!(text.get(row)))?;
            Ok(Some(micros.div_euclid(MICROS_PER_DAY) as i32))
        })
    }),
    Spec::fallible("parse_datetime", |call| moment(call, "Zz")),
    Spec::fallible("parse_timestamp", |call| moment(call, "")),
    Spec::fallible("parse_time", |call| {
        let (pattern, text) = (call.text(0)?, call.text(1)?);
        call.numbers::<Time64MicrosecondType>(|row| {
            let pattern = some!(pattern.get(row));
            refuse(pattern, "AaBbhCcDdeFGgjmQsUuVWwxYyZz", "TIME")?;
            let micros = parse(pattern, some!(text.get(row)))?;
            Ok(Some(micros.rem_euclid(MICROS_PER_DAY)))
        })
    }),
];

/// Refuses elements that the type has no field for.
fn refuse(pattern: &str, elements: &str, sql_type: &str) -> Result<()> {
    let mut characters = pattern.chars();
    while let Some(c) = characters.next() {
        if c != '%' {
            continue;
        }
        match characters.next() {
            Some('E') if sql_type == "DATE" && characters.as_str().chars().nth(1) == Some('S') => {
                return fail(format!("Invalid format: %E is not allowed for the {sql_type} type."));
            }
            Some(element) if elements.contains(element) => {
                return fail(format!("Invalid format: %{element} is not allowed for the {sql_type} type."));
            }
            _ => {}
        }
    }
    Ok(())
}

fn moment(call: &Call<'_>, refused: &str) -> Result<ArrayRef> {
    let (pattern, text, zones) = (call.text(0)?, call.text(1)?, Zones::of(call, 2)?);
    call.numbers::<TimestampMicrosecondType>(|row| {
        let pattern = some!(pattern.get(row));
        refuse(pattern, refused, "DATETIME")?;
        parse_in(pattern, some!(text.get(row)), some!(zones.get(row)?)).map(Some)
    })
}

/// What the elements gave so far.
struct Parts {
    year: i64,
    century: Option<i64>,
    year_of_century: Option<i64>,
    month: i64,
    day: i64,
    day_of_year: Option<i64>,
    iso_year: Option<i64>,
    iso_week: Option<i64>,
    week: Option<i64>,
    weekday: Option<i64>,
    hour: i64,
    half_day: bool,
    afternoon: Option<bool>,
    minute: i64,
    second: i64,
    fraction: i64,
    zone: Option<Zone>,
    epoch: Option<i64>,
}

fn parse(pattern: &str, text: &str) -> Result<i64> {
    parse_in(pattern, text, Zone::UTC)
}

/// Reads an instant, in a zone where the pattern reads none.
fn parse_in(pattern: &str, text: &str, default: Zone) -> Result<i64> {
    let failed = || fail(format!("Failed to parse input string \"{text}\""));
    let mut parts = Parts {
        year: 1970,
        century: None,
        year_of_century: None,
        month: 1,
        day: 1,
        day_of_year: None,
        iso_year: None,
        iso_week: None,
        week: None,
        weekday: None,
        hour: 0,
        half_day: false,
        afternoon: None,
        minute: 0,
        second: 0,
        fraction: 0,
        zone: None,
        epoch: None,
    };
    let mut input = Input { rest: text.trim_start() };
    if read(&mut parts, &mut input, pattern).is_none() || !input.rest.trim_start().is_empty() {
        return failed();
    }
    if parts.week.is_some() {
        return fail("Weekday parse elements are not supported yet");
    }
    match parts.micros(default) {
        Some(micros) if check_micros(micros).is_ok() => Ok(micros),
        Some(_) => fail("Invalid result from parsing function"),
        None => fail("Out-of-range datetime field in parsing function"),
    }
}

impl Parts {
    fn micros(&self, default: Zone) -> Option<i64> {
        if let Some(epoch) = self.epoch {
            return Some(epoch * MICROS_PER_SECOND + self.fraction);
        }
        let year = match (self.century, self.year_of_century) {
            (Some(century), Some(year)) => century * 100 + year,
            // As POSIX: 69 to 99 are of the twentieth century.
            (None, Some(year)) => year + if year < 69 { 2000 } else { 1900 },
            (Some(century), None) => century * 100,
            (None, None) => self.year,
        };
        let days = if let Some(day_of_year) = self.day_of_year {
            checked_day(year, 1, 1)? + day_of_year - 1
        } else if self.iso_year.is_some() || self.iso_week.is_some() {
            let start = iso_year_start(self.iso_year.unwrap_or(year));
            start + (self.iso_week.unwrap_or(1) - 1) * 7 + (self.weekday.unwrap_or(1) + 6) % 7
        } else {
            checked_day(year, self.month, self.day)?
        };
        let hour = match (self.half_day, self.afternoon) {
            (true, Some(afternoon)) => self.hour % 12 + if afternoon { 12 } else { 0 },
            (true, None) => self.hour % 12,
            (false, _) => self.hour,
        };
        let seconds = (hour * 60 + self.minute) * 60 + self.second;
        let civil = days * MICROS_PER_DAY + seconds * MICROS_PER_SECOND + self.fraction;
        Some(self.zone.unwrap_or(default).instant(civil))
    }
}

struct Input<'a> {
    rest: &'a str,
}

impl Input<'_> {
    fn number(&mut self, most: usize, range: std::ops::RangeInclusive<i64>) -> Option<i64> {
        let text = self.rest.trim_start_matches(' ');
        let count = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
        let value: i64 = text.get(..count)?.parse().ok()?;
        self.rest = &text[count..];
        range.contains(&value).then_some(value)
    }

    /// A full name or its first three letters, in any case; the index.
    fn name(&mut self, names: &[&str]) -> Option<i64> {
        let starts = |name: &str| self.rest.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
        let (at, length) = names
            .iter()
            .enumerate()
            .find_map(|(at, name)| starts(name).then_some((at, name.len())))
            .or_else(|| names.iter().enumerate().find_map(|(at, name)| starts(&name[..3]).then_some((at, 3))))?;
        self.rest = &self.rest[length..];
        Some(at as i64)
    }

    fn literal(&mut self, c: char) -> Option<()> {
        self.rest = self.rest.strip_prefix(c)?;
        Some(())
    }

    /// Up to six digits of a fraction after a point, as microseconds.
    fn fraction(&mut self) -> Option<i64> {
        let Some(rest) = self.rest.strip_prefix('.') else { return Some(0) };
        let count = rest.bytes().take_while(u8::is_ascii_digit).count();
        let digits = format!("{:0<6}", &rest[..count.min(6)]);
        self.rest = &rest[count..];
        digits.parse().ok()
    }

    /// `+0530`, `+05:30`, `-8`.
    fn offset(&mut self) -> Option<Zone> {
        let sign = if self.rest.starts_with('-') { -1 } else { 1 };
        self.rest = self.rest.strip_prefix(['+', '-'])?;
        let hours = self.number(2, 0..=14)?;
        let _ = self.literal(':');
        let minutes = if self.rest.starts_with(|c: char| c.is_ascii_digit()) { self.number(2, 0..=59)? } else { 0 };
        Some(Zone::Fixed((sign * (hours * 60 + minutes) * 60) as i32))
    }

    /// A zone by name, or an offset.
    fn zone(&mut self) -> Option<Zone> {
        if self.rest.starts_with(['+', '-']) {
            return self.offset();
        }
        let end = self.rest.find(|c: char| !(c.is_ascii_alphanumeric() || "_/+-:".contains(c)));
        let (name, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        name.parse().ok()
    }
}

/// Reads by a pattern; `None` where the text does not fit.
fn read(parts: &mut Parts, input: &mut Input<'_>, pattern: &str) -> Option<()> {
    let mut characters = pattern.chars();
    while let Some(c) = characters.next() {
        if c.is_whitespace() {
            input.rest = input.rest.trim_start();
            continue;
        }
        if c != '%' {
            input.literal(c)?;
            continue;
        }
        match characters.next()? {
            'Y' => parts.year = input.number(4, 0..=9999)?,
            'y' => parts.year_of_century = Some(input.number(2, 0..=99)?),
            'C' => parts.century = Some(input.number(2, 0..=99)?),
            'm' => parts.month = input.number(2, 1..=12)?,
            'B' | 'b' | 'h' => parts.month = input.name(&MONTHS)? + 1,
            'd' | 'e' => parts.day = input.number(2, 1..=31)?,
            'j' => parts.day_of_year = Some(input.number(3, 1..=366)?),
            'G' => parts.iso_year = Some(input.number(4, 1..=9999)?),
            'V' => parts.iso_week = Some(input.number(2, 1..=53)?),
            'U' | 'W' => parts.week = Some(input.number(2, 0..=53)?),
            'Q' => parts.month = input.number(1, 1..=4)? * 3 - 2,
            'A' | 'a' => parts.weekday = Some(input.name(&WEEKDAYS)?),
            'u' => parts.weekday = Some(input.number(1, 1..=7)? % 7),
            'w' => parts.weekday = Some(input.number(1, 0..=6)?),
            'H' | 'k' => (parts.hour, parts.half_day) = (input.number(2, 0..=23)?, false),
            'I' | 'l' => (parts.hour, parts.half_day) = (input.number(2, 1..=12)?, true),
            'p' | 'P' => {
                let afternoon = input.rest.get(..2)?.eq_ignore_ascii_case("pm");
                if !afternoon && !input.rest.get(..2)?.eq_ignore_ascii_case("am") {
                    return None;
                }
                input.rest = &input.rest[2..];
                parts.afternoon = Some(afternoon);
            }
            'M' => parts.minute = input.number(2, 0..=59)?,
            'S' => parts.second = input.number(2, 0..=60)?,
            's' => {
                let negative = input.rest.starts_with('-');
                input.rest = input.rest.strip_prefix('-').unwrap_or(input.rest);
                let value = input.number(18, 0..=i64::MAX / MICROS_PER_SECOND)?;
                parts.epoch = Some(if negative { -value } else { value });
            }
            'F' => read(parts, input, "%Y-%m-%d")?,
            'T' | 'X' => read(parts, input, "%H:%M:%S")?,
            'R' => read(parts, input, "%H:%M")?,
            'D' | 'x' => read(parts, input, "%m/%d/%y")?,
            'c' => read(parts, input, "%a %b %e %H:%M:%S %Y")?,
            'Z' => parts.zone = Some(input.zone()?),
            'z' => parts.zone = Some(input.offset()?),
            'n' | 't' => input.rest = input.rest.trim_start(),
            '%' => input.literal('%')?,
            'E' => {
                let rest = characters.as_str();
                let mut next = rest.chars();
                match (next.next()?, next.clone().next()) {
                    ('z', _) => parts.zone = Some(input.offset()?),
                    ('4', Some('Y')) => {
                        parts.year = input.number(4, 0..=9999)?;
                        next.next();
                    }
                    (count, Some('S')) if count == '*' || count.is_ascii_digit() => {
                        parts.second = input.number(2, 0..=60)?;
                        parts.fraction = if count == '0' { 0 } else { input.fraction()? };
                        next.next();
                    }
                    _ => return None,
                }
                characters = next;
            }
            _ => return None,
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::text::format_datetime;

    #[test]
    fn patterns_that_people_use_are_read() {
        for (pattern, text, expected) in [
            ("%Y-%m-%d %H:%M:%S", "2150-01-02 03:04:05", "2150-01-02 03:04:05"),
            ("%F", "2150-01-02", "2150-01-02 00:00:00"),
            ("%Y-%m-%d %H:00:00", "2150-01-02 03:00:00", "2150-01-02 03:00:00"),
            ("%Y-%m-%d%H:%M:%S", "2150-01-0203:04:05", "2150-01-02 03:04:05"),
            ("%b-%d-%Y%H:%M", "Feb-03-215004:05", "2150-02-03 04:05:00"),
            ("%d %B %Y %I:%M %p", "3 february 2150 12:05 am", "2150-02-03 00:05:00"),
            ("%Y %j", "2020 366", "2020-12-31 00:00:00"),
            ("%G-W%V-%u", "2020-W01-1", "2019-12-30 00:00:00"),
            ("%y", "68", "2068-01-01 00:00:00"),
            ("%E*S", "05.25", "1970-01-01 00:00:05.250"),
            ("%H:%M%z", "10:00+0200", "1970-01-01 08:00:00"),
        ] {
            assert_eq!(parse(pattern, text).map(format_datetime).as_deref(), Ok(expected), "{pattern}");
        }
        for (pattern, text) in [
            ("%Y-%m-%d", "2150-01-02x"),
            ("%Y-%m-%d", "2150-1x"),
            ("%H:00", "10:30"),
            ("%m", "13"),
            ("%F", "2021-02-29"),
        ] {
            assert!(parse(pattern, text).is_err(), "{pattern} {text}");
        }
    }
}
