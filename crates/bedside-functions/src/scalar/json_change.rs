//! Documents changed at paths: JSON_SET, JSON_REMOVE, JSON_STRIP_NULLS, JSON_ARRAY_APPEND, JSON_ARRAY_INSERT
//! (<https://cloud.google.com/bigquery/docs/reference/standard-sql/json_functions>).
//!
//! A path that does not fit the document changes nothing, nor does a NULL path or a NULL option.

use crate::call::{Call, Texts, some};
use crate::error::{Error, Result, fail};
use crate::function::Spec;
use crate::scalar::json::{Documents, canonical, json_of};
use crate::scalar::json_path::{Path, Quoting, Step};
use arrow::array::{Array, ArrayRef};
use arrow::datatypes::DataType;
use bedside_types::Json;
use std::borrow::Cow;

pub(super) const FUNCTIONS: &[Spec] = &[
    Spec::fallible("json_set", |call| changed(call, "JSON_SET", set)),
    Spec::fallible("json_array_append", |call| changed(call, "JSON_ARRAY_APPEND", append)),
    Spec::fallible("json_array_insert", |call| changed(call, "JSON_ARRAY_INSERT", insert)),
    Spec::fallible("json_remove", remove),
    Spec::fallible("json_strip_nulls", strip_nulls),
];

/// The most elements that a path may make an array longer by.
const MOST_PADDED: usize = 1 << 20;

/// What is put at a path.
struct Put<'a> {
    array: &'a ArrayRef,
    row: usize,
}

impl Put<'_> {
    fn whole(&self) -> Result<Json> {
        canonical(json_of(self.array, self.row, false)?)
    }

    fn is_null_array(&self) -> bool {
        matches!(self.array.data_type(), DataType::List(_)) && self.array.is_null(self.row)
    }

    /// An ARRAY's elements where each is meant, else the value alone.
    fn each(&self, each: bool) -> Result<Vec<Json>> {
        if each && matches!(self.array.data_type(), DataType::List(_)) {
            return Ok(match self.whole()? {
                Json::Array(elements) => elements,
                _ => Vec::new(),
            });
        }
        Ok(vec![self.whole()?])
    }
}

/// Changes a document at a path by a value; the flag is the function's option.
type Change = fn(&mut Json, &[Step], &Put<'_>, bool) -> Result<()>;

/// Pairs of path and value, one after the other, then the option.
fn changed(call: &Call<'_>, name: &str, change: Change) -> Result<ArrayRef> {
    let documents = Documents::of(call, 0)?;
    let option = call.flag(call.count() - 1)?;
    let places: Vec<usize> = (1..call.count() - 1).step_by(2).collect();
    let mut paths = places.iter().map(|at| Ok(Kept::new(call.text(*at)?))).collect::<Result<Vec<_>>>()?;
    let values = places.iter().map(|at| call.argument(at + 1)).collect::<Result<Vec<_>>>()?;
    call.texts(|row| {
        let mut json = some!(documents.json(row));
        let option = option.get(row);
        for (path, (array, step)) in paths.iter_mut().zip(&values) {
            let Some(path) = path.get(row, name)? else { continue };
            if let Some(option) = option {
                change(&mut json, path.steps(), &Put { array, row: row * step }, option)?;
            }
        }
        Ok(Some(Cow::Owned(json.text())))
    })
}

/// A path argument; the path of the row before is kept.
struct Kept<'a> {
    texts: Texts<'a>,
    last: Option<(&'a str, Path)>,
}

impl<'a> Kept<'a> {
    fn new(texts: Texts<'a>) -> Self {
        Self { texts, last: None }
    }

    fn get(&mut self, row: usize, function: &str) -> Result<Option<&Path>> {
        let text = some!(self.texts.get(row));
        if self.last.as_ref().is_none_or(|(last, _)| *last != text) {
            let path = Path::parse(text, Quoting::Standard).map_err(|error| match error {
                Error::Evaluation(text) => Error::Evaluation(format!("Invalid input to {function}: {text}")),
                other => other,
            })?;
            if path.steps().contains(&Step::Element(None)) {
                return fail(format!(
                    "Invalid input to {function}: Invalid token in JSONPath at a negative place: {text}"
                ));
            }
            self.last = Some((text, path));
        }
        Ok(self.last.as_ref().map(|(_, path)| path))
    }
}

/// The place of a member in an object that is sorted by name.
fn place(members: &[(String, Json)], name: &str) -> std::result::Result<usize, usize> {
    members.binary_search_by(|(other, _)| other.as_str().cmp(name))
}

/// Makes an array long enough for a place.
fn pad(elements: &mut Vec<Json>, length: usize) -> Result<()> {
    if length > elements.len() + MOST_PADDED {
        return fail(format!("The array would have more than {MOST_PADDED} new elements"));
    }
    elements.resize(length.max(elements.len()), Json::Null);
    Ok(())
}

fn set(json: &mut Json, steps: &[Step], put: &Put<'_>, create: bool) -> Result<()> {
    let Some((step, rest)) = steps.split_first() else {
        *json = put.whole()?;
        return Ok(());
    };
    if *json == Json::Null && create {
        *json = match step {
            Step::Member(_) => Json::Object(Vec::new()),
            Step::Element(_) => Json::Array(Vec::new()),
        };
    }
    match (json, step) {
        (Json::Object(members), Step::Member(name)) => match place(members, name) {
            Ok(at) => set(&mut members[at].1, rest, put, create),
            Err(at) if create => {
                members.insert(at, (name.clone(), Json::Null));
                set(&mut members[at].1, rest, put, create)
            }
            Err(_) => Ok(()),
        },
        (Json::Array(elements), Step::Element(Some(at))) => {
            if *at >= elements.len() {
                if !create {
                    return Ok(());
                }
                pad(elements, at + 1)?;
            }
            set(&mut elements[*at], rest, put, create)
        }
        _ => Ok(()),
    }
}

/// What is at a path, to be changed.
fn find<'a>(json: &'a mut Json, steps: &[Step]) -> Option<&'a mut Json> {
    steps.iter().try_fold(json, |value, step| match (value, step) {
        (Json::Object(members), Step::Member(name)) => place(members, name).ok().map(|at| &mut members[at].1),
        (Json::Array(elements), Step::Element(at)) => elements.get_mut((*at)?),
        _ => None,
    })
}

fn append(json: &mut Json, steps: &[Step], put: &Put<'_>, each: bool) -> Result<()> {
    match find(json, steps) {
        Some(Json::Array(elements)) => elements.extend(put.each(each)?),
        Some(empty @ Json::Null) => *empty = Json::Array(put.each(each)?),
        _ => {}
    }
    Ok(())
}

fn insert(json: &mut Json, steps: &[Step], put: &Put<'_>, each: bool) -> Result<()> {
    let Some((Step::Element(Some(at)), above)) = steps.split_last() else { return Ok(()) };
    let Some(target) = find(json, above) else { return Ok(()) };
    if each && put.is_null_array() {
        return Ok(());
    }
    if *target == Json::Null {
        *target = Json::Array(Vec::new());
    }
    if let Json::Array(elements) = target {
        let new = put.each(each)?;
        // No element at a place behind the end still makes that place.
        let length = if new.is_empty() { at + 1 } else { *at };
        pad(elements, length)?;
        elements.splice(at..at, new);
    }
    Ok(())
}

fn remove(call: &Call<'_>) -> Result<ArrayRef> {
    let documents = Documents::of(call, 0)?;
    let mut paths = (1..call.count()).map(|at| Ok(Kept::new(call.text(at)?))).collect::<Result<Vec<_>>>()?;
    call.texts(|row| {
        let mut json = some!(documents.json(row));
        for path in &mut paths {
            let Some(path) = path.get(row, "JSON_REMOVE")? else { continue };
            let Some((last, above)) = path.steps().split_last() else {
                return fail("The JSONPath cannot be '$'");
            };
            match (find(&mut json, above), last) {
                (Some(Json::Object(members)), Step::Member(name)) => members.retain(|(other, _)| other != name),
                (Some(Json::Array(elements)), Step::Element(Some(at))) if *at < elements.len() => {
                    elements.remove(*at);
                }
                _ => {}
            }
        }
        Ok(Some(Cow::Owned(json.text())))
    })
}

/// What JSON_STRIP_NULLS takes away beside members that are null.
#[derive(Clone, Copy, Debug)]
struct Stripping {
    from_arrays: bool,
    empty: bool,
}

fn strip_nulls(call: &Call<'_>) -> Result<ArrayRef> {
    let documents = Documents::of(call, 0)?;
    let mut paths = Kept::new(call.text(1)?);
    let (from_arrays, empty) = (call.flag(2)?, call.flag(3)?);
    call.texts(|row| {
        let mut json = some!(documents.json(row));
        let path = paths.get(row, "JSON_STRIP_NULLS")?;
        if let (Some(path), Some(from_arrays), Some(empty)) = (path, from_arrays.get(row), empty.get(row))
            && let Some(target) = find(&mut json, path.steps())
        {
            let stripping = Stripping { from_arrays, empty };
            strip(target, stripping);
            if stripping.takes(target) {
                *target = Json::Null;
            }
        }
        Ok(Some(Cow::Owned(json.text())))
    })
}

impl Stripping {
    /// Whether a value is empty and goes for it.
    fn takes(self, json: &Json) -> bool {
        match json {
            Json::Array(elements) => self.empty && self.from_arrays && elements.is_empty(),
            Json::Object(members) => self.empty && members.is_empty(),
            _ => false,
        }
    }
}

fn strip(json: &mut Json, stripping: Stripping) {
    let stays = |value: &Json| *value != Json::Null && !stripping.takes(value);
    match json {
        Json::Array(elements) => {
            elements.iter_mut().for_each(|element| strip(element, stripping));
            if stripping.from_arrays {
                elements.retain(stays);
            }
        }
        Json::Object(members) => {
            members.iter_mut().for_each(|(_, value)| strip(value, stripping));
            members.retain(|(_, value)| stays(value));
        }
        _ => {}
    }
}
