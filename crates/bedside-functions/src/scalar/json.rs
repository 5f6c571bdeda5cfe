//! JSON: values as JSON, and what is at a place in a document.
//!
//! A JSON argument comes boxed: as a STRUCT of one field [`JSON_BOX`], because Arrow has one type for STRING and JSON.

use crate::call::{Call, some};
use crate::error::{Error, Result, fail};
use crate::function::Spec;
use crate::scalar::arrays::{Lists, text_lists};
use crate::scalar::json_path::{Path, Quoting};
use crate::scalar::value_text::{is_json, write_json};
use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{DataType, Float64Type, Int64Type};
use bedside_types::{Json, WideNumbers};
use std::borrow::Cow;

pub(super) const FUNCTIONS: &[Spec] = &[
    Spec::total("to_json_string", to_text),
    Spec::fallible("to_json", to_json),
    Spec::fallible("parse_json", parse),
    Spec::total("$json_member", member),
    Spec::total("$json_element", element),
    Spec::fallible("json_value", |call| scalar(call, Quoting::Standard)),
    Spec::fallible("json_query", |call| query(call, Quoting::Standard)),
    Spec::fallible("json_value_array", |call| scalars(call, Quoting::Standard)),
    Spec::fallible("json_query_array", |call| queries(call, Quoting::Standard)),
    Spec::fallible("json_extract_scalar", |call| scalar(call, Quoting::Older)),
    Spec::fallible("json_extract", |call| query(call, Quoting::Older)),
    Spec::fallible("json_extract_string_array", |call| scalars(call, Quoting::Older)),
    Spec::fallible("json_extract_array", |call| queries(call, Quoting::Older)),
    Spec::total("json_type", kind),
    Spec::fallible("json_keys", keys),
    Spec::fallible("json_array", array),
    Spec::fallible("json_object", object),
];

/// The name of the field of a STRUCT that stands for a JSON argument.
pub const JSON_BOX: &str = "$json";

/// The column inside a boxed JSON argument; `None` for any other.
pub(super) fn unboxed(array: &ArrayRef) -> Option<&ArrayRef> {
    match array.data_type() {
        DataType::Struct(fields) if fields.len() == 1 && fields[0].name() == JSON_BOX => {
            Some(array.as_struct().column(0))
        }
        _ => None,
    }
}

/// Documents in JSON or in STRING.
pub(super) struct Documents<'a> {
    texts: &'a arrow::array::StringViewArray,
    step: usize,
    /// JSON, not STRING.
    boxed: bool,
}

impl<'a> Documents<'a> {
    pub(super) fn of(call: &Call<'a>, index: usize) -> Result<Self> {
        let (array, step) = call.argument(index)?;
        let inner = unboxed(array);
        match inner.unwrap_or(array).as_string_view_opt() {
            Some(texts) => Ok(Self { texts, step, boxed: inner.is_some() }),
            None => Err(Error::Internal(format!("{} of {}", call.name, array.data_type()))),
        }
    }

    fn text(&self, row: usize) -> Option<&'a str> {
        let row = row * self.step;
        (!self.texts.is_null(row)).then(|| self.texts.value(row))
    }

    /// The document; `None` for NULL and for what does not read as JSON.
    pub(super) fn json(&self, row: usize) -> Option<Json> {
        self.text(row).and_then(Json::parse_start)
    }
}

/// NULL becomes the text `null`; an optional second argument of TRUE asks for line breaks.
fn to_text(call: &Call<'_>) -> Result<ArrayRef> {
    let (array, step) = call.argument(0)?;
    let pretty = if call.count() > 1 { Some(call.flag(1)?) } else { None };
    call.texts(|row| {
        let mut out = String::new();
        write_json(&mut out, array, row * step, false)?;
        let pretty = match &pretty {
            Some(pretty) => some!(pretty.get(row)),
            None => false,
        };
        Ok(Some(Cow::Owned(if pretty { indented(&out) } else { out })))
    })
}

fn to_json(call: &Call<'_>) -> Result<ArrayRef> {
    let (array, step) = call.argument(0)?;
    let as_text = call.flag(1)?;
    call.texts(|row| {
        let as_text = some!(as_text.get(row));
        let json = json_of(array, row * step, false)?;
        Ok(Some(Cow::Owned(canonical(if as_text { wide_as_text(json) } else { json })?.text())))
    })
}

/// Numbers that no double holds as texts.
fn wide_as_text(json: Json) -> Json {
    match json {
        Json::Number(number) => {
            let whole = number.parse::<i64>().is_ok_and(|value| value.unsigned_abs() <= 1 << 53);
            let exact = || Json::Number(number.clone()).canonical(WideNumbers::Exact).is_ok();
            if whole || number.contains('e') || number.contains('.') && exact() {
                return Json::Number(number);
            }
            Json::Text(number)
        }
        Json::Array(elements) => Json::Array(elements.into_iter().map(wide_as_text).collect()),
        Json::Object(members) => {
            Json::Object(members.into_iter().map(|(name, value)| (name, wide_as_text(value))).collect())
        }
        other => other,
    }
}

/// Numbers beyond doubles are rounded: they come from values of ours, not from a text.
pub(super) fn canonical(json: Json) -> Result<Json> {
    json.canonical(WideNumbers::Round).map_err(|error| Error::Evaluation(error.to_string()))
}

/// A value as JSON.
pub(super) fn json_of(array: &ArrayRef, row: usize, json: bool) -> Result<Json> {
    if let Some(inner) = unboxed(array) {
        return json_of(inner, row, true);
    }
    if array.is_null(row) {
        return Ok(Json::Null);
    }
    Ok(match array.data_type() {
        DataType::Int64 => Json::Number(array.as_primitive::<Int64Type>().value(row).to_string()),
        // The exponent keeps it a double in canonical text; -0 has no sign there.
        DataType::Float64 if array.as_primitive::<Float64Type>().value(row).is_finite() => {
            Json::Number(format!("{:e}", array.as_primitive::<Float64Type>().value(row) + 0.0))
        }
        DataType::Decimal128(..) | DataType::Decimal256(..) => {
            Json::Number(crate::scalar::value_text::cast_text(array, row)?.unwrap_or_default())
        }
        DataType::List(field) => {
            let (values, json) = (array.as_list::<i32>().value(row), is_json(field));
            Json::Array((0..values.len()).map(|index| json_of(&values, index, json)).collect::<Result<_>>()?)
        }
        DataType::Struct(fields) => {
            let columns = fields.iter().zip(array.as_struct().columns()).enumerate();
            let members = columns.map(|(index, (field, column))| {
                let name = crate::scalar::value_text::anonymous(field.name(), index);
                Ok((name.to_owned(), json_of(column, row, is_json(field))?))
            });
            Json::Object(members.collect::<Result<_>>()?)
        }
        _ => {
            let mut out = String::new();
            write_json(&mut out, array, row, json)?;
            Json::parse_start(&out).unwrap_or(Json::Null)
        }
    })
}

fn parse(call: &Call<'_>) -> Result<ArrayRef> {
    let (a, mode) = (call.text(0)?, call.text(1)?);
    call.texts(|row| {
        let (text, mode) = (some!(a.get(row)), some!(mode.get(row)));
        let wide = match mode {
            "exact" => WideNumbers::Exact,
            "round" => WideNumbers::Round,
            _ => return fail(format!("Invalid `wide_number_mode` specified for PARSE_JSON: {mode}")),
        };
        match Json::parse(text).and_then(|json| json.canonical(wide)) {
            Ok(json) => Ok(Some(Cow::Owned(json.text()))),
            Err(error) => fail(format!("Invalid input to PARSE_JSON: {error}")),
        }
    })
}

fn member(call: &Call<'_>) -> Result<ArrayRef> {
    let (documents, name) = (Documents::of(call, 0)?, call.text(1)?);
    call.texts(|row| {
        let (json, name) = (some!(documents.json(row)), some!(name.get(row)));
        Ok(json.member(name).map(|json| Cow::Owned(json.text())))
    })
}

fn element(call: &Call<'_>) -> Result<ArrayRef> {
    let (documents, place) = (Documents::of(call, 0)?, call.int(1)?);
    call.texts(|row| {
        let (json, place) = (some!(documents.json(row)), some!(place.get(row)));
        Ok(usize::try_from(place).ok().and_then(|place| json.element(place)).map(|json| Cow::Owned(json.text())))
    })
}

/// The optional path argument; the path of the row before is kept.
struct Paths<'a> {
    texts: Option<crate::call::Texts<'a>>,
    quoting: Quoting,
    /// Whether a path may say how it treats arrays.
    modes: Modes,
    last: Option<(&'a str, Path)>,
}

/// Whether words may stand before the `$` of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Modes {
    Taken,
    Refused,
}

impl<'a> Paths<'a> {
    fn of(call: &Call<'a>, quoting: Quoting) -> Result<Self> {
        let texts = if call.count() > 1 { Some(call.text(1)?) } else { None };
        Ok(Self { texts, quoting, modes: Modes::Refused, last: None })
    }

    /// What `use_it` makes of the value at the row's path; `None` for a NULL path or nothing there.
    fn at<T>(&mut self, row: usize, document: &Json, use_it: impl FnOnce(&Json) -> Option<T>) -> Result<Option<T>> {
        let text = match &self.texts {
            Some(texts) => some!(texts.get(row)),
            None => "$",
        };
        if self.last.as_ref().is_none_or(|(last, _)| *last != text) {
            let path = match self.modes {
                Modes::Taken => Path::parse_with_mode(text, self.quoting)?,
                Modes::Refused => Path::parse(text, self.quoting)?,
            };
            self.last = Some((text, path));
        }
        let Some((_, path)) = &self.last else { return Ok(None) };
        Ok(match path.find_all(document) {
            Some(found) => use_it(&Json::Array(found.into_iter().cloned().collect())),
            None => path.find(document).and_then(use_it),
        })
    }

    /// Fails for a path that is none, also where the document is.
    fn check(&mut self, row: usize) -> Result<()> {
        self.at(row, &Json::Null, |_| Some(())).map(|_| ())
    }
}

fn scalar(call: &Call<'_>, quoting: Quoting) -> Result<ArrayRef> {
    let (documents, mut paths) = (Documents::of(call, 0)?, Paths::of(call, quoting)?);
    call.texts(|row| {
        paths.check(row)?;
        Ok(paths.at(row, &some!(documents.json(row)), Json::scalar)?.map(Cow::Owned))
    })
}

/// A `null` in a STRING is NULL, a `null` in JSON stays JSON's.
fn query(call: &Call<'_>, quoting: Quoting) -> Result<ArrayRef> {
    let (documents, mut paths) = (Documents::of(call, 0)?, Paths::of(call, quoting)?);
    let boxed = documents.boxed;
    if boxed && quoting == Quoting::Standard {
        paths.modes = Modes::Taken;
    }
    call.texts(|row| {
        paths.check(row)?;
        let found = |json: &Json| (boxed || *json != Json::Null).then(|| json.text());
        Ok(paths.at(row, &some!(documents.json(row)), found)?.map(Cow::Owned))
    })
}

/// The texts of an array's scalars; NULL if an element is none, and for what is no array.
fn scalars(call: &Call<'_>, quoting: Quoting) -> Result<ArrayRef> {
    let (documents, mut paths) = (Documents::of(call, 0)?, Paths::of(call, quoting)?);
    text_lists(call, |row| {
        paths.check(row)?;
        paths.at(row, &some!(documents.json(row)), |json| match json {
            Json::Array(elements) => elements
                .iter()
                .map(|element| if *element == Json::Null { Some(None) } else { element.scalar().map(Some) })
                .collect(),
            _ => None,
        })
    })
}

fn queries(call: &Call<'_>, quoting: Quoting) -> Result<ArrayRef> {
    let (documents, mut paths) = (Documents::of(call, 0)?, Paths::of(call, quoting)?);
    text_lists(call, |row| {
        paths.check(row)?;
        paths.at(row, &some!(documents.json(row)), |json| match json {
            Json::Array(elements) => Some(elements.iter().map(|element| Some(element.text())).collect()),
            _ => None,
        })
    })
}

fn kind(call: &Call<'_>) -> Result<ArrayRef> {
    let documents = Documents::of(call, 0)?;
    call.texts(|row| {
        Ok(Some(Cow::Borrowed(match some!(documents.json(row)) {
            Json::Null => "null",
            Json::Bool(_) => "boolean",
            Json::Number(_) => "number",
            Json::Text(_) => "string",
            Json::Array(_) => "array",
            Json::Object(_) => "object",
        })))
    })
}

/// What JSON_KEYS does with arrays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Arrays {
    /// They have no names.
    Closed,
    /// The names in their elements count.
    Open,
    /// The same for arrays in arrays.
    OpenAll,
}

/// The names of members with those above them, `a.b`, sorted; to a depth from 1.
fn keys(call: &Call<'_>) -> Result<ArrayRef> {
    fn collect(json: &Json, above: &str, depth: i64, arrays: Arrays, found: &mut Vec<Option<String>>) {
        let members = match json {
            Json::Object(members) => members,
            Json::Array(elements) if arrays != Arrays::Closed => {
                let inner = elements.iter().filter(|e| arrays == Arrays::OpenAll || !matches!(e, Json::Array(_)));
                inner.for_each(|element| collect(element, above, depth, arrays, found));
                return;
            }
            _ => return,
        };
        for (name, value) in members {
            let plain = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "_-".contains(c));
            let name = if plain { name.clone() } else { format!("\"{name}\"") };
            let path = if above.is_empty() { name } else { format!("{above}.{name}") };
            found.push(Some(path.clone()));
            if depth > 1 {
                collect(value, &path, depth - 1, arrays, found);
            }
        }
    }
    let documents = Documents::of(call, 0)?;
    let (depth, mode) = (call.int(1)?, call.text(2)?);
    text_lists(call, |row| {
        let json = some!(documents.json(row));
        let depth = depth.get(row).unwrap_or(i64::MAX);
        if depth < 1 {
            return fail("max_depth must be positive");
        }
        let mode = some!(mode.get(row)).to_ascii_lowercase();
        let arrays = match mode.split_whitespace().collect::<Vec<_>>().as_slice() {
            ["strict"] => Arrays::Closed,
            ["lax"] => Arrays::Open,
            ["lax", "recursive"] | ["recursive", "lax"] => Arrays::OpenAll,
            _ => return fail("Invalid JSON mode specified"),
        };
        let mut found = Vec::new();
        collect(&json, "", depth, arrays, &mut found);
        found.sort();
        found.dedup();
        Ok(Some(found))
    })
}

fn array(call: &Call<'_>) -> Result<ArrayRef> {
    let arguments = (0..call.count()).map(|index| call.argument(index)).collect::<Result<Vec<_>>>()?;
    call.texts(|row| {
        let values = arguments.iter().map(|(array, step)| json_of(array, row * step, false)).collect::<Result<_>>()?;
        Ok(Some(Cow::Owned(canonical(Json::Array(values))?.text())))
    })
}

fn object(call: &Call<'_>) -> Result<ArrayRef> {
    if call.count() == 2 && matches!(call.argument_type(0)?, DataType::List(_)) {
        return object_of_arrays(call);
    }
    let names = (0..call.count()).step_by(2).map(|index| call.text(index)).collect::<Result<Vec<_>>>()?;
    let values = (1..call.count()).step_by(2).map(|index| call.argument(index)).collect::<Result<Vec<_>>>()?;
    call.texts(|row| {
        let mut members = Vec::with_capacity(names.len());
        for (name, (array, step)) in names.iter().zip(&values) {
            let Some(name) = name.get(row) else { return fail("The key of JSON_OBJECT cannot be NULL") };
            members.push((name.to_owned(), json_of(array, row * step, false)?));
        }
        Ok(Some(Cow::Owned(canonical(Json::Object(members))?.text())))
    })
}

fn object_of_arrays(call: &Call<'_>) -> Result<ArrayRef> {
    let (names, values) = (Lists::of(call, 0)?, Lists::of(call, 1)?);
    let Some(texts) = names.values().as_string_view_opt() else {
        return Err(Error::Internal("names that are no texts".to_owned()));
    };
    let json = values.holds_json();
    call.texts(|row| {
        let (Some((first, end)), Some((value, last))) = (names.range(row), values.range(row)) else {
            return fail("The arguments of JSON_OBJECT cannot be NULL arrays");
        };
        if end - first != last - value {
            return fail("The number of keys and values must match");
        }
        let mut members = Vec::with_capacity(end - first);
        for (offset, at) in (first..end).enumerate() {
            if texts.is_null(at) {
                return fail("An object key cannot be NULL");
            }
            members.push((texts.value(at).to_owned(), json_of(values.values(), value + offset, json)?));
        }
        Ok(Some(Cow::Owned(canonical(Json::Object(members))?.text())))
    })
}

/// JSON with a line for each element, two blanks a level, as BigQuery prints it.
pub(super) fn indented(json: &str) -> String {
    let mut out = String::with_capacity(json.len() * 2);
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    let mut characters = json.chars().peekable();
    let line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", depth));
    };
    while let Some(c) = characters.next() {
        if quoted {
            out.push(c);
            (quoted, escaped) = (escaped || c != '"', !escaped && c == '\\');
            continue;
        }
        match c {
            '"' => {
                quoted = true;
                out.push(c);
            }
            '{' | '[' => {
                out.push(c);
                if characters.peek().is_some_and(|next| matches!(next, '}' | ']')) {
                    out.extend(characters.next());
                } else {
                    depth += 1;
                    line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                line(&mut out, depth);
                out.push(c);
            }
            ',' => {
                out.push(c);
                line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::indented;

    #[test]
    fn lines_break_outside_of_texts_only() {
        assert_eq!(
            indented(r#"{"a":[1,2],"b":"x,\"y","c":[]}"#),
            "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": \"x,\\\"y\",\n  \"c\": []\n}"
        );
    }
}
