//! JSONPath as BigQuery reads it: `$`, then `.name`, `."name"` and `[n]`; the older functions write names as `['name']`.

use crate::error::{Result, fail};
use bedside_types::Json;

/// How names that are no words are quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quoting {
    /// `$."a.b"`: JSON_VALUE, JSON_QUERY and their like.
    Standard,
    /// `$['a.b']`: JSON_EXTRACT and its like.
    Older,
}

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Member(String),
    /// `None` for a negative place, which no array has.
    Element(Option<usize>),
}

/// How a path treats arrays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// As they are; there is at most one value at a path.
    Strict,
    /// A member of an array is that of each element, and what is no array is one of a single element.
    Lax,
    /// The same through arrays in arrays.
    LaxRecursive,
}

/// A path into a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Path {
    steps: Vec<Step>,
    mode: Mode,
}

impl Path {
    /// Reads `lax recursive $.a` too.
    pub(super) fn parse_with_mode(text: &str, quoting: Quoting) -> Result<Self> {
        let words = text.split_once('$').map_or("", |(words, _)| words).to_ascii_lowercase();
        if !words.is_empty() && !words.ends_with(' ') {
            return Self::parse(text, quoting);
        }
        let words: Vec<&str> = words.split(' ').filter(|word| !word.is_empty()).collect();
        let mode = match words.as_slice() {
            [] => return Self::parse(text, quoting),
            ["lax"] => Mode::Lax,
            ["lax", "recursive"] | ["recursive", "lax"] => Mode::LaxRecursive,
            ["recursive"] => {
                return fail(
                    "JSONPath has an invalid combination of modifiers. The 'lax' modifier must be included if 'recursive' is specified.",
                );
            }
            _ => return fail("JSONPath must start with zero or more unique modifiers followed by '$'"),
        };
        let from = text.find('$').unwrap_or(0);
        Ok(Self { mode, ..Self::parse(&text[from..], quoting)? })
    }

    pub(super) fn parse(text: &str, quoting: Quoting) -> Result<Self> {
        let Some(mut rest) = text.strip_prefix('$') else { return fail("JSONPath must start with '$'") };
        let mut steps = Vec::new();
        while !rest.is_empty() {
            let (step, after) = match step(rest, quoting) {
                Some(step) => step,
                // The older functions pass over a dot at the end.
                None if quoting == Quoting::Older && rest == "." => break,
                None if rest.starts_with(".*") || rest.starts_with("[*") => {
                    return fail("Unsupported operator in JSONPath: *");
                }
                None if rest.starts_with("..") => return fail("Unsupported operator in JSONPath: .."),
                None => return fail(format!("Invalid token in JSONPath at: {rest}")),
            };
            steps.push(step);
            rest = after;
        }
        Ok(Self { steps, mode: Mode::Strict })
    }

    /// Everything that is there by a lax path; `None` for a strict one.
    pub(super) fn find_all<'a>(&self, document: &'a Json) -> Option<Vec<&'a Json>> {
        if self.mode == Mode::Strict {
            return None;
        }
        let mut found = vec![document];
        for step in &self.steps {
            let mut next = Vec::new();
            match step {
                Step::Member(name) => found.iter().for_each(|value| members(value, name, self.mode, &mut next)),
                Step::Element(place) => next.extend(found.iter().filter_map(|value| match value {
                    Json::Array(elements) => elements.get((*place)?),
                    single => (*place == Some(0)).then_some(*single),
                })),
            }
            found = next;
        }
        Some(found)
    }

    /// The steps from the document's root.
    pub(super) fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// What is there; `None` if nothing is.
    pub(super) fn find<'a>(&self, document: &'a Json) -> Option<&'a Json> {
        self.steps.iter().try_fold(document, |value, step| match step {
            Step::Member(name) => value.member(name),
            Step::Element(place) => value.element((*place)?),
        })
    }
}

/// The members of that name of a value, or of the elements of an array.
fn members<'a>(value: &'a Json, name: &str, mode: Mode, found: &mut Vec<&'a Json>) {
    let Json::Array(elements) = value else {
        found.extend(value.member(name));
        return;
    };
    for element in elements {
        if mode == Mode::LaxRecursive || !matches!(element, Json::Array(_)) {
            members(element, name, mode, found);
        }
    }
}

/// The first step of what is left, and what is left then.
fn step(rest: &str, quoting: Quoting) -> Option<(Step, &str)> {
    if let Some(after) = rest.strip_prefix('.') {
        if let (Quoting::Standard, Some(quoted)) = (quoting, after.strip_prefix('"')) {
            let (name, after) = quoted_name(quoted, '"')?;
            return Some((Step::Member(name), after));
        }
        let end = after.find(['.', '[', ']', '"', '\'', '*', '@', '$']).unwrap_or(after.len());
        let name = &after[..end];
        return (!name.is_empty()).then(|| (Step::Member(name.to_owned()), &after[end..]));
    }
    let inside = rest.strip_prefix('[')?.trim_start();
    if let (Quoting::Older, Some(quoted)) = (quoting, inside.strip_prefix('\'')) {
        let (name, after) = quoted_name(quoted, '\'')?;
        return Some((Step::Member(name), after.trim_start().strip_prefix(']')?));
    }
    let (place, after) = inside.split_once(']')?;
    let place = place.trim();
    let digits = place.strip_prefix('-').unwrap_or(place);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Some((Step::Element(place.parse().ok()), after))
}

/// A name up to its closing quote; a backslash keeps the quote after it.
fn quoted_name(text: &str, quote: char) -> Option<(String, &str)> {
    let mut name = String::new();
    let mut characters = text.char_indices();
    while let Some((at, c)) = characters.next() {
        match c {
            '\\' => match characters.next()? {
                (_, next) if next == quote || next == '\\' => name.push(next),
                (_, next) => name.extend(['\\', next]),
            },
            c if c == quote => return Some((name, &text[at + c.len_utf8()..])),
            c => name.push(c),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{Path, Quoting};
    use bedside_types::Json;

    #[test]
    fn paths_lead_where_googlesql_says() {
        let document = Json::parse(r#"{"a": {"b": [1, {"c": "x"}]}, "d e": 2, "a.b": 3}"#).unwrap();
        let find = |path, quoting| Path::parse(path, quoting).map(|path| path.find(&document).map(Json::text));
        for (path, found) in [
            ("$.a.b[0]", Some("1")),
            ("$.a.b[ 1 ].c", Some("\"x\"")),
            ("$.a.b[-1]", None),
            ("$.\"a.b\"", Some("3")),
            ("$.d e", Some("2")),
            ("$.A", None),
        ] {
            assert_eq!(find(path, Quoting::Standard).unwrap().as_deref(), found, "{path}");
        }
        assert_eq!(find("$['a.b']", Quoting::Older).unwrap().as_deref(), Some("3"));
        for (path, message) in [
            ("a", "JSONPath must start with '$'"),
            ("$.a[", "Invalid token in JSONPath at: ["),
            ("$.", "Invalid token in JSONPath at: ."),
            ("$['a']", "Invalid token in JSONPath at: ['a']"),
            ("$.*", "Unsupported operator in JSONPath: *"),
        ] {
            assert_eq!(find(path, Quoting::Standard).unwrap_err().to_string(), message, "{path}");
        }
    }
}
