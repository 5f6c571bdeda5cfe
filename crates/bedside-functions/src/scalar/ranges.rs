//! RANGE: what lies between two days or times
//! (<https://cloud.google.com/bigquery/docs/reference/standard-sql/range-functions>).

use crate::call::{Call, some};
use crate::civil::{MICROS_PER_DAY, Part};
use crate::error::{Result, fail};
use crate::function::Spec;
use crate::scalar::arrays::{MOST_GENERATED, span_lists};
use crate::scalar::shift::move_micros;
use crate::scalar::value_text::cast_text;
use crate::span::{self, Span, Spans, Times};
use arrow::array::ArrayRef;
use arrow::datatypes::{DataType, Decimal128Type, IntervalMonthDayNano};
use bedside_types::SqlType;

pub(super) const FUNCTIONS: &[Spec] = &[
    Spec::fallible("range", construct),
    Spec::total("range_start", |call| end(call, |span| span.start, Span::FIRST)),
    Spec::total("range_end", |call| end(call, |span| span.end, Span::LAST)),
    Spec::total("range_contains", contains),
    Spec::total("range_overlaps", |call| both(call, |a, b| a.common(b).is_some())),
    Spec::fallible("range_intersect", intersect),
    Spec::fallible("generate_range_array", generate),
    Spec::total("range_sessionize.start", |call| number(call, |span| span.start)),
    Spec::total("range_sessionize.end", |call| number(call, |span| span.end)),
    Spec::total("$range_key", key),
];

/// The values of a RANGE argument, for each row.
fn spans<'a>(call: &Call<'a>, index: usize) -> Result<impl Fn(usize) -> Option<Span> + 'a> {
    let (array, step) = call.argument(index)?;
    let spans = Spans::of(array)?;
    Ok(move |row: usize| spans.get(row * step))
}

fn times<'a>(call: &Call<'a>, index: usize) -> Result<impl Fn(usize) -> Option<i64> + 'a> {
    let (array, step) = call.argument(index)?;
    let times = Times::of(array)?;
    Ok(move |row: usize| times.get(row * step))
}

fn built(call: &Call<'_>, row: impl Fn(usize) -> Result<Option<Span>>) -> Result<ArrayRef> {
    let spans = (0..call.rows).map(|at| call.settle(row(at))).collect::<Result<Vec<_>>>()?;
    span::array_of(&spans, call.result)
}

/// RANGE(start, end): a NULL end is unbounded.
fn construct(call: &Call<'_>) -> Result<ArrayRef> {
    let (start, end) = (times(call, 0)?, times(call, 1)?);
    built(call, |row| Span::new(start(row).unwrap_or(Span::FIRST), end(row).unwrap_or(Span::LAST)).map(Some))
}

/// CAST from STRING.
pub(super) fn of_texts(call: &Call<'_>) -> Result<ArrayRef> {
    let texts = call.text(0)?;
    let DataType::Struct(fields) = call.result else { return fail("a RANGE without ends") };
    built(call, |row| Span::parse(some!(texts.get(row)), fields[0].data_type()).map(Some))
}

fn end(call: &Call<'_>, pick: fn(Span) -> i64, unbounded: i64) -> Result<ArrayRef> {
    let spans = spans(call, 0)?;
    let ends = (0..call.rows).map(|row| spans(row).map(pick).filter(|end| *end != unbounded));
    Ok(span::times(ends, call.result))
}

fn number(call: &Call<'_>, pick: fn(Span) -> i64) -> Result<ArrayRef> {
    let spans = spans(call, 0)?;
    call.ints(|row| Ok(spans(row).map(pick)))
}

fn both(call: &Call<'_>, test: fn(Span, Span) -> bool) -> Result<ArrayRef> {
    let (a, b) = (spans(call, 0)?, spans(call, 1)?);
    call.flags(|row| Ok(Some(test(some!(a(row)), some!(b(row))))))
}

/// Whether a range holds another or a time.
fn contains(call: &Call<'_>) -> Result<ArrayRef> {
    if SqlType::is_range(call.argument_type(1)?) {
        return both(call, |a, b| a.start <= b.start && b.end <= a.end);
    }
    let (a, time) = (spans(call, 0)?, times(call, 1)?);
    call.flags(|row| Ok(Some(some!(a(row)).has(some!(time(row))))))
}

fn intersect(call: &Call<'_>) -> Result<ArrayRef> {
    let (a, b) = (spans(call, 0)?, spans(call, 1)?);
    built(call, |row| {
        let common = some!(a(row)).common(some!(b(row)));
        if common.is_none() {
            let written = |index: usize| {
                let (array, step) = call.argument(index)?;
                Ok::<_, crate::Error>(cast_text(array, row * step)?.unwrap_or_default())
            };
            let (a, b) = (written(0)?, written(1)?);
            return fail(format!(
                "Provided RANGE inputs: {a} and {b} do not overlap. Please check RANGE_OVERLAPS before calling RANGE_INTERSECT"
            ));
        }
        Ok(common)
    })
}

/// Ranges one after the other, each a step long; the last one is cut or, where that is not wanted, left out.
fn generate(call: &Call<'_>) -> Result<ArrayRef> {
    let (range, step, partial) = (spans(call, 0)?, call.interval(1)?, call.flag(2)?);
    let DataType::List(field) = call.result else { return fail("GENERATE_RANGE_ARRAY gives no array") };
    let DataType::Struct(ends) = field.data_type() else { return fail("GENERATE_RANGE_ARRAY gives no ranges") };
    let element = ends[0].data_type();
    span_lists(call, |row| {
        let (range, step, partial) = (some!(range(row)), some!(step.get(row)), some!(partial.get(row)));
        let step = Step::of(step, element)?;
        if range.start == Span::FIRST || range.end == Span::LAST {
            return fail("input RANGE cannot have UNBOUNDED endpoints");
        }
        let mut found = Vec::new();
        let mut from = range.start;
        while from < range.end {
            // Beyond the calendar is beyond the end.
            let to = step.after(range.start, found.len() as i64 + 1).filter(|to| *to <= range.end);
            if to.is_none() && !partial {
                break;
            }
            let to = to.unwrap_or(range.end);
            found.push(Span { start: from, end: to });
            if found.len() > MOST_GENERATED {
                return fail(format!("Cannot generate arrays with more than {MOST_GENERATED} elements."));
            }
            from = to;
        }
        Ok(Some(found))
    })
}

/// How long each range is: whole months, or days and microseconds.
struct Step {
    months: i64,
    micros: i64,
    /// Microseconds that a range counts by.
    unit: i64,
}

impl Step {
    fn of(step: IntervalMonthDayNano, element: &DataType) -> Result<Self> {
        let (months, days, micros) = (i64::from(step.months), i64::from(step.days), step.nanoseconds / 1000);
        if months < 0 || days < 0 || micros < 0 {
            return fail("step cannot be negative");
        }
        if months == 0 && days == 0 && micros == 0 {
            return fail("step cannot be 0");
        }
        let unit = if matches!(element, DataType::Date32) { MICROS_PER_DAY } else { 1 };
        match element {
            DataType::Date32 if micros != 0 => fail("step with non-zero (H:M:S[.F]) part is not supported"),
            DataType::Date32 if months != 0 && days != 0 => {
                fail("step should either have the Y-M part or the DAY part")
            }
            DataType::Timestamp(_, Some(_)) if months != 0 => {
                fail("step with non-zero MONTH or YEAR part is not supported")
            }
            _ if months != 0 && (days != 0 || micros != 0) => {
                fail("step should either have the Y-M part or the D (H:M:S[.F]) part")
            }
            _ => Ok(Self { months, micros: days * MICROS_PER_DAY + micros, unit }),
        }
    }

    /// So many steps after a start; `None` outside the calendar.
    fn after(&self, start: i64, count: i64) -> Option<i64> {
        let start = start * self.unit;
        let moved = if self.months == 0 {
            move_micros(start, self.micros.checked_mul(count)?, 1, Part::Microsecond)
        } else {
            move_micros(start, self.months.checked_mul(count)?, 1, Part::Month)
        };
        moved.map(|micros| micros.div_euclid(self.unit))
    }
}

/// A number by which ranges are in their order, as the digits of a NUMERIC.
fn key(call: &Call<'_>) -> Result<ArrayRef> {
    let (array, step) = call.argument(0)?;
    let keys = span::keys(array)?;
    call.numbers::<Decimal128Type>(|row| {
        Ok(arrow::array::Array::is_valid(&keys, row * step).then(|| keys.value(row * step)))
    })
}
