//! CONTAINS_SUBSTR, SEARCH, TEXT_ANALYZE and BAG_OF_WORDS
//! (<https://cloud.google.com/bigquery/docs/reference/standard-sql/search_functions>,
//! <https://cloud.google.com/bigquery/docs/text-analysis-search>).

use crate::call::{Call, some};
use crate::error::{Error, Result, fail};
use crate::function::Spec;
use crate::scalar::arrays::{Lists, optional_struct_lists, text_lists};
use crate::scalar::json::unboxed;
use crate::scalar::value_text::{cast_text, is_json};
use arrow::array::{Array, ArrayRef, AsArray, Int64Array, StringViewArray};
use arrow::datatypes::DataType;
use bedside_types::Json;
use std::collections::BTreeMap;
use std::sync::Arc;
use unicode_normalization::UnicodeNormalization;

pub(super) const FUNCTIONS: &[Spec] = &[
    Spec::fallible("contains_substr", contains),
    Spec::fallible("search", search),
    Spec::fallible("text_analyze", analyze),
    Spec::total("bag_of_words", bag_of_words),
];

/// Which texts of a JSON document count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scope {
    Values,
    Keys,
    Both,
}

impl Scope {
    fn named(name: &str) -> Result<Self> {
        Ok(match name.to_ascii_uppercase().as_str() {
            "JSON_VALUES" => Self::Values,
            "JSON_KEYS" => Self::Keys,
            "JSON_KEYS_AND_VALUES" => Self::Both,
            _ => return fail(format!("Invalid json_scope: {name}")),
        })
    }
}

/// The texts in a value, those of its fields and elements too; `None` for a NULL.
fn texts(array: &ArrayRef, row: usize, json: bool, scope: Scope, found: &mut Vec<Option<String>>) -> Result<()> {
    if let Some(inner) = unboxed(array) {
        return texts(inner, row, true, scope, found);
    }
    if array.is_null(row) {
        found.push(None);
        return Ok(());
    }
    match array.data_type() {
        DataType::List(field) => {
            let values = array.as_list::<i32>().value(row);
            (0..values.len()).try_for_each(|at| texts(&values, at, is_json(field), scope, found))
        }
        DataType::Struct(fields) => {
            let mut columns = fields.iter().zip(array.as_struct().columns());
            columns.try_for_each(|(field, column)| texts(column, row, is_json(field), scope, found))
        }
        _ if json => {
            json_texts(&Json::parse_start(array.as_string_view().value(row)).unwrap_or(Json::Null), scope, found);
            Ok(())
        }
        _ => {
            found.push(cast_text(array, row)?);
            Ok(())
        }
    }
}

fn json_texts(json: &Json, scope: Scope, found: &mut Vec<Option<String>>) {
    match json {
        Json::Array(elements) => elements.iter().for_each(|element| json_texts(element, scope, found)),
        Json::Object(members) => {
            for (name, value) in members {
                if scope != Scope::Values {
                    found.push(Some(name.clone()));
                }
                json_texts(value, scope, found);
            }
        }
        scalar if scope != Scope::Keys => found.extend(scalar.scalar().map(Some)),
        _ => {}
    }
}

/// TRUE if a text has it, else NULL if some value is NULL.
fn any(found: &[Option<String>], has: impl Fn(&str) -> bool) -> Option<bool> {
    if found.iter().flatten().any(|text| has(text)) {
        return Some(true);
    }
    if found.iter().any(Option::is_none) { None } else { Some(false) }
}

/// Without regard to case and form.
fn folded(text: &str) -> String {
    caseless::default_case_fold_str(&text.nfkc().collect::<String>())
}

fn contains(call: &Call<'_>) -> Result<ArrayRef> {
    let (array, step) = call.argument(0)?;
    let (wanted, scope) = (call.text(1)?, call.text(2)?);
    call.flags(|row| {
        let wanted = folded(some!(wanted.get(row)));
        let mut found = Vec::new();
        texts(array, row * step, false, Scope::named(some!(scope.get(row)))?, &mut found)?;
        Ok(any(&found, |text| folded(text).contains(&wanted)))
    })
}

/// How a text is taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Analyzer {
    /// Words between delimiters, in small letters.
    Log,
    /// The whole text.
    None,
}

impl Analyzer {
    fn named(name: &str, options: Option<&str>) -> Result<Self> {
        if options.is_some() {
            return Err(Error::Unsupported("analyzer_options".to_owned()));
        }
        match name.to_ascii_uppercase().as_str() {
            "LOG_ANALYZER" => Ok(Self::Log),
            "NO_OP_ANALYZER" => Ok(Self::None),
            "PATTERN_ANALYZER" => Err(Error::Unsupported("PATTERN_ANALYZER".to_owned())),
            _ => fail(format!("Invalid analyzer: {name}")),
        }
    }

    fn words(self, text: &str) -> Vec<String> {
        match self {
            Self::None => vec![text.to_owned()],
            Self::Log => {
                text.split(is_delimiter).filter(|word| !word.is_empty()).map(str::to_ascii_lowercase).collect()
            }
        }
    }
}

/// What stands between the words of the LOG_ANALYZER.
fn is_delimiter(c: char) -> bool {
    c.is_ascii_whitespace() || "[]<>(){}|!;,'\"*&?+/:=@.-$%\\_".contains(c)
}

/// What a query asks for: all of it must be found.
enum Term {
    /// A word.
    Word(String),
    /// A text between delimiters.
    Exact(String),
}

/// Words outside of backticks, texts in them. Characters that have a meaning in queries stand behind a backslash.
fn terms(query: &str) -> Result<Vec<Term>> {
    let mut terms = Vec::new();
    let mut word = String::new();
    let mut characters = query.chars();
    while let Some(c) = characters.next() {
        match c {
            '\\' => word.extend(characters.next()),
            '`' => {
                let rest = characters.as_str();
                let Some(end) = rest.find('`') else { return fail("Unclosed backtick in the search query") };
                terms.push(Term::Exact(rest[..end].to_ascii_lowercase()));
                characters = rest[end + 1..].chars();
            }
            c if "[]<>(){}|!'\"*&?+/:=-~^".contains(c) => {
                return fail(format!(
                    "The character '{c}' must stand behind a backslash or in backticks in a search query"
                ));
            }
            c if c.is_ascii_whitespace() => terms.extend(words(&std::mem::take(&mut word))),
            c => word.push(c),
        }
    }
    terms.extend(words(&word));
    if terms.is_empty() {
        return fail("The search query has no words");
    }
    Ok(terms)
}

fn words(text: &str) -> impl Iterator<Item = Term> {
    Analyzer::Log.words(text).into_iter().map(Term::Word)
}

impl Term {
    fn is_in(&self, text: &str, words: &[String]) -> bool {
        match self {
            Self::Word(wanted) => words.iter().any(|word| word == wanted),
            Self::Exact(wanted) => text.match_indices(wanted.as_str()).any(|(at, _)| {
                let before = text[..at].chars().next_back().is_none_or(is_delimiter);
                before && text[at + wanted.len()..].chars().next().is_none_or(is_delimiter)
            }),
        }
    }
}

fn search(call: &Call<'_>) -> Result<ArrayRef> {
    let (array, step) = call.argument(0)?;
    let (query, scope, analyzer, options) = (call.text(1)?, call.text(2)?, call.text(3)?, call.text(4)?);
    let mut last: Option<(&str, Vec<Term>)> = None;
    call.flags(|row| {
        let query = some!(query.get(row));
        let scope = Scope::named(some!(scope.get(row)))?;
        let analyzer = Analyzer::named(some!(analyzer.get(row)), options.get(row))?;
        let mut found = Vec::new();
        texts(array, row * step, false, scope, &mut found)?;
        if analyzer == Analyzer::None {
            return Ok(any(&found, |text| text == query));
        }
        if last.as_ref().is_none_or(|(last, _)| *last != query) {
            last = Some((query, terms(query)?));
        }
        let terms = last.as_ref().map_or(&[][..], |(_, terms)| terms);
        // Words may be found in several of the texts.
        let known: Vec<(String, Vec<String>)> =
            found.iter().flatten().map(|text| (text.to_ascii_lowercase(), analyzer.words(text))).collect();
        let all = terms.iter().all(|term| known.iter().any(|(text, words)| term.is_in(text, words)));
        Ok(if known.is_empty() && !found.is_empty() { None } else { Some(all) })
    })
}

fn analyze(call: &Call<'_>) -> Result<ArrayRef> {
    let (a, analyzer, options) = (call.text(0)?, call.text(1)?, call.text(2)?);
    text_lists(call, |row| {
        let text = some!(a.get(row));
        let analyzer = Analyzer::named(some!(analyzer.get(row)), options.get(row))?;
        Ok(Some(analyzer.words(text)))
    })
}

fn bag_of_words(call: &Call<'_>) -> Result<ArrayRef> {
    let lists = Lists::of(call, 0)?;
    let Some(words) = lists.values().as_string_view_opt() else {
        return Err(Error::Internal("BAG_OF_WORDS of other than texts".to_owned()));
    };
    let (mut terms, mut counts) = (Vec::new(), Vec::new());
    let lengths = (0..call.rows).map(|row| {
        let (start, end) = lists.range(row)?;
        let mut found: BTreeMap<Option<&str>, i64> = BTreeMap::new();
        for at in start..end {
            *found.entry(words.is_valid(at).then(|| words.value(at))).or_default() += 1;
        }
        let before = terms.len();
        found.into_iter().for_each(|(term, count)| {
            terms.push(term);
            counts.push(count);
        });
        Some(terms.len() - before)
    });
    let lengths: Vec<Option<usize>> = lengths.collect();
    let columns: Vec<ArrayRef> =
        vec![Arc::new(terms.into_iter().collect::<StringViewArray>()), Arc::new(Int64Array::from(counts))];
    optional_struct_lists(call, &lengths, columns)
}

#[cfg(test)]
mod tests {
    use super::{Analyzer, terms};

    #[test]
    fn texts_are_found_by_words_and_backticks() {
        let has = |text: &str, query: &str| {
            let words = Analyzer::Log.words(text);
            terms(query).unwrap().iter().all(|term| term.is_in(&text.to_ascii_lowercase(), &words))
        };
        for (text, query, found) in [
            ("foobarexample", "foo", false),
            ("foo bar baz", "bar FOO", true),
            ("the address is 127.0.0.1 here", "`127.0.0.1`", true),
            ("the address is 127.0.0.11 here", "`127.0.0.1`", false),
            ("abc@gmail.com", "gmail", true),
            ("a-b", "a\\-b", true),
        ] {
            assert_eq!(has(text, query), found, "{text} {query}");
        }
        assert!(terms("a-b").is_err() && terms("").is_err() && terms("`a").is_err());
    }
}
