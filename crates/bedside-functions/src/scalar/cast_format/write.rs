//! Times written by a pattern.

use super::element::{Element, Field, Kind, Letters, Points};
use crate::civil::{MICROS_PER_DAY, MICROS_PER_SECOND, date_of, day_number, weekday};
use crate::error::{Result, fail};
use crate::scalar::format_time::{MONTHS, WEEKDAYS};
use bedside_types::Zone;
use std::fmt::Write;

/// Writes a moment as it is in a zone.
pub(super) fn write(out: &mut String, elements: &[Element], instant: i64, kind: Kind, zone: Zone) -> Result<()> {
    let zone = if kind == Kind::Timestamp { zone } else { Zone::UTC };
    for element in elements {
        match element {
            Element::Literal(text) | Element::Blanks(text) => out.push_str(text),
            Element::Field(field, word, _) if !field.of(kind) => {
                return fail(format!("{} does not support '{word}'", kind.name()));
            }
            Element::Field(field, _, letters) => write_field(out, *field, *letters, instant, zone),
        }
    }
    Ok(())
}

fn write_field(out: &mut String, field: Field, letters: Letters, instant: i64, zone: Zone) {
    let micros = zone.civil(instant);
    let (days, of_day) = (micros.div_euclid(MICROS_PER_DAY), micros.rem_euclid(MICROS_PER_DAY));
    let (year, month, day) = date_of(days);
    let second_of_day = of_day / MICROS_PER_SECOND;
    let hour = second_of_day / 3600;
    let offset_minutes = zone.offset_at(instant) / (60 * MICROS_PER_SECOND);
    let mut number = |value: i64, width: usize| {
        let _ = write!(out, "{value:0width$}");
    };
    match field {
        Field::Year(digits) | Field::RoundedYear(digits) => number(year % 10_i64.pow(digits as u32), digits),
        Field::Month => number(month, 2),
        Field::DayOfYear => number(days - day_number(year, 1, 1) + 1, 3),
        Field::Day => number(day, 2),
        Field::DayOfWeek => number(weekday(days) + 1, 1),
        Field::Hour12 => number((hour + 11) % 12 + 1, 2),
        Field::Hour24 => number(hour, 2),
        Field::Minute => number(second_of_day / 60 % 60, 2),
        Field::Second => number(second_of_day % 60, 2),
        Field::SecondOfDay => number(second_of_day, 5),
        Field::Fraction(digits) => {
            let nanos = format!("{:09}", of_day % MICROS_PER_SECOND * 1000);
            out.push_str(&nanos[..digits.min(9)]);
        }
        Field::ZoneHour => {
            let sign = if offset_minutes < 0 { '-' } else { '+' };
            let _ = write!(out, "{sign}{:02}", offset_minutes.abs() / 60);
        }
        Field::ZoneMinute => number(offset_minutes.abs() % 60, 2),
        Field::MonthName => spell(out, MONTHS[(month - 1) as usize], letters),
        Field::MonthShort => spell(out, &MONTHS[(month - 1) as usize][..3], letters),
        Field::DayName => spell(out, WEEKDAYS[weekday(days) as usize], letters),
        Field::DayShort => spell(out, &WEEKDAYS[weekday(days) as usize][..3], letters),
        Field::Meridian(points) => {
            let word = match (hour < 12, points) {
                (true, Points::With) => "A.M.",
                (true, Points::Without) => "AM",
                (false, Points::With) => "P.M.",
                (false, Points::Without) => "PM",
            };
            out.push_str(&if letters == Letters::Small { word.to_ascii_lowercase() } else { word.to_owned() });
        }
    }
}

fn spell(out: &mut String, name: &str, letters: Letters) {
    match letters {
        Letters::Title => out.push_str(name),
        Letters::Capital => out.extend(name.chars().map(|c| c.to_ascii_uppercase())),
        Letters::Small => out.extend(name.chars().map(|c| c.to_ascii_lowercase())),
    }
}
