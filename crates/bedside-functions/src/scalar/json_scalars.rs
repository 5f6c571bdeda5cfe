//! Scalars of JSON as values: INT64(json) and its like, which take one type alone, and LAX_INT64(json) and its like, which convert.

use crate::call::{Call, some};
use crate::error::{Result, fail};
use crate::function::Spec;
use crate::scalar::cast::float_to_int;
use crate::scalar::json::Documents;
use crate::text;
use arrow::array::ArrayRef;
use bedside_types::{Json, WideNumbers};
use std::borrow::Cow;

pub(super) const FUNCTIONS: &[Spec] = &[
    Spec::fallible("int64", |call| call_ints(call, strict_int)),
    Spec::fallible("float64", floats),
    Spec::fallible("bool", |call| call_flags(call, strict_bool)),
    Spec::total("lax_int64", |call| call_ints(call, |json| Ok(lax_int(json)))),
    Spec::total("lax_float64", |call| call_floats(call, |json| Ok(lax_float(json)))),
    Spec::total("lax_bool", |call| call_flags(call, |json| Ok(lax_bool(json)))),
    Spec::total("lax_string", lax_text),
];

fn call_ints(call: &Call<'_>, read: fn(&Json) -> Result<Option<i64>>) -> Result<ArrayRef> {
    let documents = Documents::of(call, 0)?;
    call.ints(|row| read(&some!(documents.json(row))))
}

fn call_floats(call: &Call<'_>, read: fn(&Json) -> Result<Option<f64>>) -> Result<ArrayRef> {
    let documents = Documents::of(call, 0)?;
    call.floats(|row| read(&some!(documents.json(row))))
}

fn call_flags(call: &Call<'_>, read: fn(&Json) -> Result<Option<bool>>) -> Result<ArrayRef> {
    let documents = Documents::of(call, 0)?;
    call.flags(|row| read(&some!(documents.json(row))))
}

pub(super) fn strict_int(json: &Json) -> Result<Option<i64>> {
    let Json::Number(text) = json else { return fail("The provided JSON input is not an integer") };
    let value = text.parse::<i64>().ok().or_else(|| {
        let value: f64 = text.parse().ok().filter(|value: &f64| value.fract() == 0.0 && text.contains(['.', 'e']))?;
        float_to_int(value).ok()
    });
    match value {
        Some(value) => Ok(Some(value)),
        None if text.contains(['.', 'e']) => {
            fail(format!("The provided JSON number: {text} cannot be converted to an int64"))
        }
        None => fail("The provided JSON input is not an integer"),
    }
}

fn floats(call: &Call<'_>) -> Result<ArrayRef> {
    let (documents, mode) = (Documents::of(call, 0)?, call.text(1)?);
    call.floats(|row| {
        let (json, mode) = (some!(documents.json(row)), some!(mode.get(row)));
        strict_float(&json, wide_numbers(mode)?).map(Some)
    })
}

pub(super) fn wide_numbers(mode: &str) -> Result<WideNumbers> {
    match mode {
        "exact" => Ok(WideNumbers::Exact),
        "round" => Ok(WideNumbers::Round),
        _ => fail(format!("Invalid `wide_number_mode` specified: {mode}")),
    }
}

pub(super) fn strict_float(json: &Json, wide: WideNumbers) -> Result<f64> {
    let Json::Number(text) = json else { return fail("The provided JSON input is not a number") };
    let value: f64 = text.parse().unwrap_or(f64::NAN);
    let loses = text.parse::<i128>().is_ok_and(|whole| value as i128 != whole);
    if wide == WideNumbers::Exact && loses {
        return fail(format!("JSON number: {text} cannot be converted to FLOAT64 without loss of precision"));
    }
    Ok(value)
}

pub(super) fn strict_bool(json: &Json) -> Result<Option<bool>> {
    match json {
        Json::Bool(value) => Ok(Some(*value)),
        _ => fail("The provided JSON input is not a boolean"),
    }
}

/// STRING(json): a text only.
pub(super) fn strict_text(call: &Call<'_>) -> Result<ArrayRef> {
    let documents = Documents::of(call, 0)?;
    call.texts(|row| strict_word(some!(documents.json(row))).map(|text| Some(Cow::Owned(text))))
}

pub(super) fn strict_word(json: Json) -> Result<String> {
    match json {
        Json::Text(text) => Ok(text),
        _ => fail("The provided JSON input is not a string"),
    }
}

fn lax_text(call: &Call<'_>) -> Result<ArrayRef> {
    let documents = Documents::of(call, 0)?;
    call.texts(|row| Ok(lax_word(&some!(documents.json(row))).map(Cow::Owned)))
}

pub(super) fn lax_word(json: &Json) -> Option<String> {
    match json {
        Json::Number(number) if number.contains(['.', 'e']) => {
            Some(number.parse().map_or_else(|_| number.clone(), text::format_float))
        }
        json => json.scalar(),
    }
}

pub(super) fn lax_int(json: &Json) -> Option<i64> {
    match json {
        Json::Bool(value) => Some(i64::from(*value)),
        Json::Number(number) => number.parse().ok().or_else(|| float_to_int(number.parse().ok()?).ok()),
        Json::Text(written) => text::parse_int(written).or_else(|| float_to_int(text::parse_float(written)?).ok()),
        _ => None,
    }
}

pub(super) fn lax_float(json: &Json) -> Option<f64> {
    match json {
        Json::Number(number) => number.parse().ok(),
        Json::Text(written) => text::parse_float(written),
        _ => None,
    }
}

pub(super) fn lax_bool(json: &Json) -> Option<bool> {
    match json {
        Json::Bool(value) => Some(*value),
        Json::Number(number) => number.parse::<f64>().ok().map(|value| value != 0.0),
        Json::Text(written) => text::parse_bool(written),
        _ => None,
    }
}
