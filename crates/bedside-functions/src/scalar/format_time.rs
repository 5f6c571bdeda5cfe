//! FORMAT_DATE, FORMAT_DATETIME, FORMAT_TIMESTAMP, FORMAT_TIME.
//! Elements: <https://cloud.google.com/bigquery/docs/reference/standard-sql/format-elements#format_elements_date_time>.

use crate::call::{Call, some};
use crate::civil::{MICROS_PER_DAY, MICROS_PER_SECOND, Part, date_of, weekday};
use crate::error::Result;
use crate::function::Spec;
use crate::scalar::construction::Zones;
use arrow::array::ArrayRef;
use arrow::datatypes::DataType;
use bedside_types::Zone;
use std::borrow::Cow;
use std::fmt::Write;

pub(super) const FUNCTIONS: &[Spec] = &[
    Spec::fallible("format_date", format),
    Spec::fallible("format_datetime", format),
    Spec::fallible("format_timestamp", format),
    Spec::fallible("format_time", format),
];

pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
pub(super) const WEEKDAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

fn format(call: &Call<'_>) -> Result<ArrayRef> {
    let pattern = call.text(0)?;
    let zones = Zones::of(call, 2)?;
    let fields = Fields::of(call.argument_type(1)?);
    let write = |pattern: &str, micros: i64, zone: Zone| {
        let mut out = String::with_capacity(pattern.len() * 2);
        write_fields(&mut out, pattern, micros, fields, zone);
        Ok(Some(Cow::Owned(out)))
    };
    match call.argument_type(1)? {
        DataType::Date32 => {
            let a = call.date(1)?;
            call.texts(|row| write(some!(pattern.get(row)), i64::from(some!(a.get(row))) * MICROS_PER_DAY, Zone::UTC))
        }
        DataType::Time64(_) => {
            let a = call.time(1)?;
            call.texts(|row| write(some!(pattern.get(row)), some!(a.get(row)), Zone::UTC))
        }
        _ => {
            let a = call.moment(1)?;
            call.texts(|row| write(some!(pattern.get(row)), some!(a.get(row)), some!(zones.get(row)?)))
        }
    }
}

/// What a value has fields for; elements of others stay as they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fields {
    Date,
    Time,
    DateAndTime,
    Instant,
}

impl Fields {
    fn of(data_type: &DataType) -> Self {
        match data_type {
            DataType::Date32 => Self::Date,
            DataType::Time64(_) => Self::Time,
            DataType::Timestamp(_, None) => Self::DateAndTime,
            _ => Self::Instant,
        }
    }

    /// Whether there is something to write for an element; `extended` is what follows `%E`.
    fn has(self, element: char, extended: &str) -> bool {
        let (date, time, zone) = match element {
            'E' if extended.starts_with('z') => (false, false, true),
            'E' if extended.starts_with("4Y") => (true, false, false),
            'E' => (false, extended.chars().nth(1) == Some('S'), false),
            'Z' | 'z' => (false, false, true),
            'H' | 'I' | 'k' | 'l' | 'M' | 'P' | 'p' | 'R' | 'S' | 'T' | 'X' => (false, true, false),
            'c' | 's' => (true, true, false),
            'n' | 't' | '%' => (false, false, false),
            _ => (true, false, false),
        };
        match self {
            Self::Date => !time && !zone,
            Self::Time => !date && !zone,
            Self::DateAndTime => !zone,
            Self::Instant => true,
        }
    }
}

/// Writes an instant by a pattern as it is in a zone; elements that are not known stay as they are.
fn write_pattern(out: &mut String, pattern: &str, instant: i64, zone: Zone) {
    write_fields(out, pattern, instant, Fields::Instant, zone);
}

fn write_fields(out: &mut String, pattern: &str, instant: i64, fields: Fields, zone: Zone) {
    let micros = zone.civil(instant);
    let (year, month, day) = date_of(micros.div_euclid(MICROS_PER_DAY));
    let of = |part: Part| part.extract(micros).unwrap_or_default();
    let (hour, minute, second) = (of(Part::Hour), of(Part::Minute), of(Part::Second));
    let day_of_week = weekday(micros.div_euclid(MICROS_PER_DAY));
    let fraction = micros.rem_euclid(MICROS_PER_SECOND);
    let half_day = (hour + 11) % 12 + 1;
    let mut characters = pattern.chars();
    while let Some(c) = characters.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let Some(element) = characters.next() else {
            out.push('%');
            break;
        };
        if !fields.has(element, characters.as_str()) {
            out.push('%');
            out.push(element);
            continue;
        }
        let _ = match element {
            'A' => write!(out, "{}", WEEKDAYS[day_of_week as usize]),
            'a' => write!(out, "{}", &WEEKDAYS[day_of_week as usize][..3]),
            'B' => write!(out, "{}", MONTHS[month as usize - 1]),
            'b' | 'h' => write!(out, "{}", &MONTHS[month as usize - 1][..3]),
            'C' => write!(out, "{:02}", year / 100),
            'c' => {
                write_pattern(out, "%a %b %e %H:%M:%S %Y", instant, zone);
                Ok(())
            }
            'D' | 'x' => write!(out, "{month:02}/{day:02}/{:02}", year % 100),
            'd' => write!(out, "{day:02}"),
            'e' => write!(out, "{day:>2}"),
            'F' => write!(out, "{year:04}-{month:02}-{day:02}"),
            'G' => write!(out, "{}", of(Part::IsoYear)),
            'g' => write!(out, "{:02}", of(Part::IsoYear) % 100),
            'H' => write!(out, "{hour:02}"),
            'I' => write!(out, "{half_day:02}"),
            'J' => write!(out, "{:03}", of(Part::IsoWeek) * 7 - 6 + (day_of_week + 6) % 7),
            'j' => write!(out, "{:03}", of(Part::DayOfYear)),
            'k' => write!(out, "{hour:>2}"),
            'l' => write!(out, "{half_day:>2}"),
            'M' => write!(out, "{minute:02}"),
            'm' => write!(out, "{month:02}"),
            'n' => writeln!(out),
            'P' => write!(out, "{}", if hour < 12 { "am" } else { "pm" }),
            'p' => write!(out, "{}", if hour < 12 { "AM" } else { "PM" }),
            'Q' => write!(out, "{}", of(Part::Quarter)),
            'R' => write!(out, "{hour:02}:{minute:02}"),
            'S' => write!(out, "{second:02}"),
            's' => write!(out, "{}", instant.div_euclid(MICROS_PER_SECOND)),
            'T' | 'X' => write!(out, "{hour:02}:{minute:02}:{second:02}"),
            't' => write!(out, "\t"),
            'U' => write!(out, "{:02}", of(Part::Week(0))),
            'u' => write!(out, "{}", (day_of_week + 6) % 7 + 1),
            'V' => write!(out, "{:02}", of(Part::IsoWeek)),
            'W' => write!(out, "{:02}", of(Part::Week(1))),
            'w' => write!(out, "{day_of_week}"),
            'Y' => write!(out, "{year}"),
            'y' => write!(out, "{:02}", year % 100),
            'Z' => write_zone_name(out, micros - instant),
            'z' => write_offset(out, micros - instant, ""),
            '%' => write!(out, "%"),
            'E' => {
                let rest = characters.as_str();
                let used = write_extended(out, rest, (year, second, fraction), micros - instant);
                characters = rest[used..].chars();
                Ok(())
            }
            other => write!(out, "%{other}"),
        };
    }
}

/// `-0400`, `-04:00`.
fn write_offset(out: &mut String, offset: i64, between: &str) -> std::fmt::Result {
    let minutes = offset / (60 * MICROS_PER_SECOND);
    let sign = if minutes < 0 { '-' } else { '+' };
    write!(out, "{sign}{:02}{between}{:02}", minutes.abs() / 60, minutes.abs() % 60)
}

/// `UTC`, `UTC-4`, `UTC+0530`.
fn write_zone_name(out: &mut String, offset: i64) -> std::fmt::Result {
    let minutes = offset / (60 * MICROS_PER_SECOND);
    out.push_str("UTC");
    match minutes {
        0 => Ok(()),
        whole if whole % 60 == 0 => write!(out, "{:+}", whole / 60),
        _ => write_offset(out, offset, ""),
    }
}

/// `%E3S`, `%E*S`, `%E4Y`, `%Ez`; gives how many bytes after the `E` were read.
fn write_extended(out: &mut String, rest: &str, (year, second, fraction): (i64, i64, i64), offset: i64) -> usize {
    let digits = format!("{fraction:06}");
    if rest.starts_with("*S") {
        let shortest = digits.trim_end_matches('0');
        let _ = write!(out, "{second:02}");
        if !shortest.is_empty() {
            let _ = write!(out, ".{shortest}");
        }
        return 2;
    }
    if rest.starts_with("4Y") {
        let _ = write!(out, "{year:04}");
        return 2;
    }
    if rest.starts_with('z') {
        let _ = write_offset(out, offset, ":");
        return 1;
    }
    if let Some(count) = rest.chars().next().and_then(|c| c.to_digit(10))
        && rest[1..].starts_with('S')
    {
        let _ = write!(out, "{second:02}");
        if count > 0 {
            let _ = write!(out, ".{:0<width$}", &digits[..digits.len().min(count as usize)], width = count as usize);
        }
        return 2;
    }
    out.push_str("%E");
    0
}

#[cfg(test)]
mod tests {
    use super::write_pattern;
    use crate::text::parse_datetime;
    use bedside_types::Zone;

    // Recorded from Google's reference implementation.
    #[test]
    fn zones_are_written() {
        let instant = parse_datetime("2020-07-01 00:00:00").unwrap();
        for (zone, expected) in [
            ("America/New_York", "2020-06-30 20:00:00 UTC-4 -0400 -04:00 1593561600"),
            ("+05:30", "2020-07-01 05:30:00 UTC+0530 +0530 +05:30 1593561600"),
            ("UTC", "2020-07-01 00:00:00 UTC +0000 +00:00 1593561600"),
        ] {
            let mut out = String::new();
            write_pattern(&mut out, "%F %T %Z %z %Ez %s", instant, zone.parse().unwrap());
            assert_eq!(out, expected, "{zone}");
        }
    }

    #[test]
    fn elements_are_as_documented() {
        let micros = parse_datetime("2150-02-03 04:05:06.120").unwrap();
        for (pattern, expected) in [
            ("%Y-%m-%dT%H:%M:%E*S", "2150-02-03T04:05:06.12"),
            ("%E3S|%E6S|%E0S", "06.120|06.120000|06"),
            ("%b-%d-%Y", "Feb-03-2150"),
            ("%Y-%m-%d %H:00:00", "2150-02-03 04:00:00"),
            ("%A %B %e %j %p %I %y %R %D %Q %u %w", "Tuesday February  3 034 AM 04 50 04:05 02/03/50 1 2 2"),
            ("%c", "Tue Feb  3 04:05:06 2150"),
            ("100%%", "100%"),
        ] {
            let mut out = String::new();
            write_pattern(&mut out, pattern, micros, Zone::UTC);
            assert_eq!(out, expected, "{pattern}");
        }
    }
}
