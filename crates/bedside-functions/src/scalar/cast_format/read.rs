//! Times read by a pattern.

use super::element::{Category, Element, Field, Kind, Points};
use crate::civil::{MICROS_PER_DAY, MICROS_PER_SECOND, checked_day, date_of};
use crate::error::{Result, fail};
use crate::scalar::format_time::MONTHS;
use bedside_types::Zone;

/// The moment that a text means, as microseconds of the type; what the pattern does not name is that of the first day of the
/// month that `today` is in, at midnight.
pub(super) fn read(text: &str, elements: &[Element], kind: Kind, today: i64, zone: Zone) -> Result<i64> {
    check(elements, kind)?;
    let (year, month, _) = date_of(today);
    let mut parts = Parts { year, month, day: 1, hour: 0, afternoon: None, second: 0, fraction: 0, offset: None };
    let start = text.trim_start();
    let mut input = Input { text, at: text.len() - start.len() };
    for (index, element) in elements.iter().enumerate() {
        // Digits that follow at once are another field's.
        let digits_follow = matches!(elements.get(index + 1), Some(Element::Field(field, ..)) if field.is_number());
        let most_of_year = if digits_follow { 4 } else { 5 };
        let blank = matches!(element, Element::Blanks(_));
        if input.rest().trim_start().is_empty() && !blank {
            let word = written(element);
            return fail(format!(
                "Entire timestamp string has been parsed before dealing with format element '{word}'"
            ));
        }
        let at = input.at;
        if parts.take(element, &mut input, Years { this: year, most: most_of_year }).is_none() {
            let word = written(element);
            return fail(format!("Failed to parse input timestamp string at {at} with format element '{word}'"));
        }
    }
    let left = input.rest();
    if !left.trim_start().is_empty() {
        return fail(format!("Illegal non-space trailing data '{left}' in timestamp string"));
    }
    parts.micros(kind, zone)
}

fn written(element: &Element) -> String {
    match element {
        Element::Literal(text) if text.len() == 1 => text.clone(),
        Element::Literal(text) => format!("\"{text}\""),
        Element::Blanks(text) => text.clone(),
        Element::Field(_, word, _) => (*word).to_owned(),
    }
}

/// Refuses patterns that name a field twice, or one that the type does not have or that is not read.
fn check(elements: &[Element], kind: Kind) -> Result<()> {
    let mut seen: Vec<(Category, &str)> = Vec::new();
    for element in elements {
        let Element::Field(field, word, _) = element else { continue };
        let category = field.category();
        if matches!(field, Field::DayOfYear | Field::DayOfWeek | Field::DayName | Field::DayShort) {
            return fail(format!("Format element '{word}' is not supported for parsing"));
        }
        if !field.of(kind) {
            let (category, kind) = (category.name(), kind.name());
            return fail(format!(
                "Format element in category {category} ('{word}') is not allowed for output type {kind}"
            ));
        }
        if let Some((_, other)) = seen.iter().find(|(other, _)| *other == category) {
            let category = category.name();
            return fail(format!("More than one format element in category {category} exist: '{other}' and '{word}'"));
        }
        seen.push((category, word));
    }
    let has = |category: Category| seen.iter().find(|(other, _)| *other == category).map(|(_, word)| *word);
    if has(Category::Second) == Some("SSSSS") {
        for category in [Category::Hour, Category::Minute, Category::Meridian] {
            if let Some(word) = has(category) {
                return fail(format!(
                    "Format element in category {} ('{word}') and format element 'SSSSS' cannot exist simultaneously",
                    category.name()
                ));
            }
        }
    }
    match (has(Category::Hour), has(Category::Meridian)) {
        (Some(hour @ ("HH" | "HH12")), None) => fail(format!(
            "Format element in category MERIDIAN_INDICATOR is required when format element '{hour}' exists"
        )),
        (Some("HH24"), Some(word)) => fail(format!(
            "Format element in category MERIDIAN_INDICATOR ('{word}') and format element 'HH24' cannot exist simultaneously"
        )),
        (None, Some(word)) => fail(format!(
            "Format element 'HH' or 'HH12' is required when format element in category MERIDIAN_INDICATOR ('{word}') exists"
        )),
        _ => Ok(()),
    }
}

/// What reading a year depends on.
#[derive(Clone, Copy, Debug)]
struct Years {
    this: i64,
    /// The digits that a full year may have.
    most: usize,
}

/// What the elements gave so far.
struct Parts {
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    afternoon: Option<bool>,
    /// Of the day where the pattern says so, else minutes and seconds.
    second: i64,
    fraction: i64,
    /// Minutes east of UTC, and whether they are west.
    offset: Option<(i64, bool)>,
}

impl Parts {
    /// Reads one element; `None` where the text does not fit.
    fn take(&mut self, element: &Element, input: &mut Input<'_>, years: Years) -> Option<()> {
        match element {
            Element::Blanks(_) => input.blanks(),
            Element::Literal(text) => input.literal(text)?,
            Element::Field(field, ..) => self.take_field(*field, input, years)?,
        }
        Some(())
    }

    fn take_field(&mut self, field: Field, input: &mut Input<'_>, years: Years) -> Option<()> {
        match field {
            Field::Year(digits) => {
                let value = input.number(if digits == 4 { years.most } else { digits })?;
                let unit = 10_i64.pow(digits as u32);
                self.year = if digits == 4 { value } else { years.this / unit * unit + value };
            }
            Field::RoundedYear(4) => self.year = input.number(years.most)?,
            Field::RoundedYear(_) => self.year = nearest_year(input.number(2)?, years.this),
            Field::Month => self.month = input.number(2).filter(|month| (1..=12).contains(month))?,
            Field::MonthName => self.month = input.month(str::len)?,
            Field::MonthShort => self.month = input.month(|_| 3)?,
            Field::Day => self.day = input.number(2).filter(|day| (1..=31).contains(day))?,
            Field::Hour12 => self.hour = input.number(2).filter(|hour| (1..=12).contains(hour))? % 12,
            Field::Hour24 => self.hour = input.number(2).filter(|hour| *hour < 24)?,
            Field::Minute => self.second += input.number(2).filter(|minute| *minute < 60)? * 60,
            Field::Second => self.second += input.number(2).filter(|second| *second < 60)?,
            Field::SecondOfDay => self.second = input.number(5).filter(|second| *second < 86_400)?,
            Field::Fraction(digits) => self.fraction = input.fraction(digits)?,
            Field::Meridian(points) => self.afternoon = Some(input.meridian(points)?),
            Field::ZoneHour => {
                let west = input.sign();
                let hours = input.number(2).filter(|hours| *hours <= 14)?;
                let minutes = self.offset.map_or(0, |(minutes, _)| minutes);
                self.offset = Some((hours * 60 + minutes, west));
            }
            Field::ZoneMinute => {
                let minutes = input.number(2).filter(|minutes| *minutes < 60)?;
                let (before, west) = self.offset.unwrap_or((0, false));
                self.offset = Some((before + minutes, west));
            }
            Field::DayOfYear | Field::DayOfWeek | Field::DayName | Field::DayShort => return None,
        }
        Some(())
    }

    fn micros(&self, kind: Kind, zone: Zone) -> Result<i64> {
        let Some(days) = checked_day(self.year, self.month, self.day) else {
            return fail("Invalid result from year, month, day values after parsing");
        };
        let hour = self.hour + if self.afternoon == Some(true) { 12 } else { 0 };
        let civil = days * MICROS_PER_DAY + (hour * 3600 + self.second) * MICROS_PER_SECOND + self.fraction;
        Ok(match (kind, self.offset) {
            (Kind::Timestamp, Some((minutes, west))) => {
                civil - if west { -minutes } else { minutes } * 60 * MICROS_PER_SECOND
            }
            (Kind::Timestamp, None) => zone.instant(civil),
            _ => civil,
        })
    }
}

/// The year of two digits that lies in the half of a century nearest to this year.
fn nearest_year(two: i64, this_year: i64) -> i64 {
    let century = this_year / 100 * 100;
    match (two < 50, this_year % 100 < 50) {
        (true, false) => century + 100 + two,
        (false, true) => century - 100 + two,
        _ => century + two,
    }
}

struct Input<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Input<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn blanks(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    fn literal(&mut self, text: &str) -> Option<()> {
        self.rest().starts_with(text).then(|| self.at += text.len())
    }

    fn number(&mut self, most: usize) -> Option<i64> {
        let count = self.rest().bytes().take(most).take_while(u8::is_ascii_digit).count();
        let value = self.rest()[..count].parse().ok()?;
        self.at += count;
        Some(value)
    }

    /// Digits of a fraction of a second as microseconds; those below are cut.
    fn fraction(&mut self, most: usize) -> Option<i64> {
        let count = self.rest().bytes().take(most).take_while(u8::is_ascii_digit).count();
        let digits = &self.rest()[..count];
        let micros = format!("{digits:0<6}");
        let value = micros[..6].parse().ok().filter(|_| count > 0)?;
        self.at += count;
        Some(value)
    }

    fn month(&mut self, length: fn(&str) -> usize) -> Option<i64> {
        let (month, name) = MONTHS.iter().enumerate().find(|(_, name)| {
            let name = &name[..length(name)];
            self.rest().get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
        })?;
        self.at += length(name);
        Some(month as i64 + 1)
    }

    fn meridian(&mut self, points: Points) -> Option<bool> {
        let words = if points == Points::With { ["A.M.", "P.M."] } else { ["AM", "PM"] };
        let start = self.rest().get(..words[0].len())?;
        let found = words.iter().position(|word| start.eq_ignore_ascii_case(word))?;
        self.at += words[0].len();
        Some(found == 1)
    }

    /// Whether a minus stood there; a plus and a blank go too.
    fn sign(&mut self) -> bool {
        let west = self.rest().starts_with('-');
        if west || self.rest().starts_with(['+', ' ']) {
            self.at += 1;
        }
        west
    }
}
