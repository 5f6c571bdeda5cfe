//! JSON arrays as arrays: JSON_FLATTEN, INT64_ARRAY, LAX_INT64_ARRAY and their like.

use crate::call::{Call, some};
use crate::error::{Error, Result, fail};
use crate::function::Spec;
use crate::scalar::arrays::{flag_lists, optional_number_lists, text_lists};
use crate::scalar::json::Documents;
use crate::scalar::json_scalars::{
    lax_bool, lax_float, lax_int, lax_word, strict_bool, strict_float, strict_int, strict_word, wide_numbers,
};
use arrow::array::ArrayRef;
use arrow::datatypes::{Float64Type, Int64Type};
use bedside_types::{Json, WideNumbers};

pub(super) const FUNCTIONS: &[Spec] = &[
    Spec::total("json_flatten", flatten),
    Spec::fallible("bool_array", |call| flags(call, |json| strict_array(json, strict_bool))),
    Spec::fallible("int64_array", |call| ints(call, |json| strict_array(json, strict_int))),
    Spec::fallible("float64_array", floats),
    Spec::fallible("string_array", |call| {
        texts(call, |json| strict_array(json, |json| strict_word(json.clone()).map(Some)))
    }),
    Spec::total("lax_bool_array", |call| flags(call, |json| Ok(lax_array(json, lax_bool)))),
    Spec::total("lax_int64_array", |call| ints(call, |json| Ok(lax_array(json, lax_int)))),
    Spec::total("lax_float64_array", |call| {
        let documents = Documents::of(call, 0)?;
        optional_number_lists::<Float64Type>(call, |row| Ok(lax_array(&some!(documents.json(row)), lax_float)))
    }),
    Spec::total("lax_string_array", |call| texts(call, |json| Ok(lax_array(json, lax_word)))),
];

/// Elements of an array one by one; a document of another kind fails.
fn strict_array<T>(json: &Json, read: impl Fn(&Json) -> Result<Option<T>>) -> Result<Option<Vec<Option<T>>>> {
    match json {
        Json::Array(elements) => elements.iter().map(read).collect::<Result<Vec<_>>>().map(Some),
        _ => fail("The provided JSON input is not an array"),
    }
}

/// Elements of an array one by one; a document of another kind has none.
fn lax_array<T>(json: &Json, read: impl Fn(&Json) -> Option<T>) -> Option<Vec<Option<T>>> {
    match json {
        Json::Array(elements) => Some(elements.iter().map(read).collect()),
        _ => None,
    }
}

/// What a document is as an array; `None` for NULL.
type Reader<T> = fn(&Json) -> Result<Option<Vec<Option<T>>>>;

fn ints(call: &Call<'_>, read: Reader<i64>) -> Result<ArrayRef> {
    let documents = Documents::of(call, 0)?;
    optional_number_lists::<Int64Type>(call, |row| read(&some!(documents.json(row))))
}

fn flags(call: &Call<'_>, read: Reader<bool>) -> Result<ArrayRef> {
    let documents = Documents::of(call, 0)?;
    flag_lists(call, |row| read(&some!(documents.json(row))))
}

fn texts(call: &Call<'_>, read: Reader<String>) -> Result<ArrayRef> {
    let documents = Documents::of(call, 0)?;
    text_lists(call, |row| read(&some!(documents.json(row))))
}

fn floats(call: &Call<'_>) -> Result<ArrayRef> {
    let (documents, mode) = (Documents::of(call, 0)?, call.text(1)?);
    optional_number_lists::<Float64Type>(call, |row| {
        let (json, mode) = (some!(documents.json(row)), some!(mode.get(row)));
        let wide: WideNumbers = wide_numbers(mode)?;
        strict_array(&json, |element| strict_float(element, wide).map(Some))
    })
}

fn flatten(call: &Call<'_>) -> Result<ArrayRef> {
    fn collect(json: &Json, found: &mut Vec<Option<String>>) {
        match json {
            Json::Array(elements) => elements.iter().for_each(|element| collect(element, found)),
            other => found.push(Some(other.text())),
        }
    }
    let documents = Documents::of(call, 0)?;
    text_lists(call, |row| {
        let mut found = Vec::new();
        collect(&some!(documents.json(row)), &mut found);
        Ok::<_, Error>(Some(found))
    })
}
