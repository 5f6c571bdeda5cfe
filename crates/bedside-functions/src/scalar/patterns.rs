//! LIKE, and regular expressions in RE2's syntax.
//!
//! Patterns are translated where the `regex` crate reads RE2 differently: `\d`, `\w`, `\s` are ASCII, `[` inside a class
//! and a `{` that is no repetition are literal, `\Q…\E` quotes.

use crate::call::{Call, some};
use crate::error::{Result, fail};
use crate::function::Spec;
use crate::scalar::byte_patterns;
use arrow::array::ArrayRef;
use arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use regex::Regex;
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

pub(super) const FUNCTIONS: &[Spec] = &[
    Spec::fallible("$like", |call| by_type(call, like, |call| byte_patterns::test(call, Syntax::Like)))
        .sound_if(|constants| constant_pattern(constants, Syntax::Like).is_some()),
    Spec::fallible("regexp_contains", |call| by_type(call, contains, |call| byte_patterns::test(call, Syntax::Re2)))
        .sound_if(|constants| constant_pattern(constants, Syntax::Re2).is_some()),
    Spec::fallible("regexp_extract", |call| by_type(call, extract, byte_patterns::extract)).sound_if(extracts),
    Spec::fallible("regexp_extract_all", |call| by_type(call, extract_all, byte_patterns::extract_all))
        .sound_if(extracts),
    Spec::fallible("regexp_replace", |call| by_type(call, replace, byte_patterns::replace)),
    Spec::fallible("regexp_instr", |call| by_type(call, instr, byte_patterns::instr)),
];

/// The pattern of a call on a STRING, where it is a constant and right.
fn constant_pattern(constants: &[Option<&ScalarValue>], syntax: Syntax) -> Option<Arc<Regex>> {
    let pattern = constants.get(1).copied().flatten()?.try_as_str()??;
    compiled(pattern, syntax).ok()
}

/// The pattern that is found where any of these is, in RE2's syntax as they are; `None` where they cannot stand in one: one is
/// wrong, names its groups, quotes up to its end or sets flags beyond its own parentheses.
pub(crate) fn any_of(patterns: &[&str]) -> Option<String> {
    let stands_alone = |pattern: &&str| {
        let flags = |(at, _): (usize, &str)| {
            let rest = &pattern[at + 2..];
            let end = rest.find([')', ':']).unwrap_or(rest.len());
            rest[..end].chars().all(|flag| matches!(flag, 'i' | 'm' | 's' | '-'))
        };
        !pattern.contains(r"\Q") && pattern.match_indices("(?").all(flags) && compiled(pattern, Syntax::Re2).is_ok()
    };
    if !patterns.iter().all(stands_alone) {
        return None;
    }
    let joined = patterns.iter().map(|pattern| format!("(?:{pattern})")).collect::<Vec<_>>().join("|");
    compiled(&joined, Syntax::Re2).ok().map(|_| joined)
}

/// Whether an extraction by these constants finds something or nothing, but cannot fail: a place may be out of range.
fn extracts(constants: &[Option<&ScalarValue>]) -> bool {
    let regex = constant_pattern(constants, Syntax::Re2);
    constants.len() == 2 && regex.is_some_and(|regex| one_group(&regex).is_ok())
}

/// STRING here, BYTES beside.
fn by_type(
    call: &Call<'_>,
    texts: fn(&Call<'_>) -> Result<ArrayRef>,
    blobs: fn(&Call<'_>) -> Result<ArrayRef>,
) -> Result<ArrayRef> {
    if matches!(call.argument_type(0)?, DataType::BinaryView) { blobs(call) } else { texts(call) }
}

fn like(call: &Call<'_>) -> Result<ArrayRef> {
    let (a, b) = (call.text(0)?, call.text(1)?);
    call.flags(|row| {
        let (text, pattern) = (some!(a.get(row)), some!(b.get(row)));
        fits(text, pattern).map(Some)
    })
}

/// Whether a text fits a pattern of LIKE.
pub(super) fn fits(text: &str, pattern: &str) -> Result<bool> {
    Ok(compiled(pattern, Syntax::Like)?.is_match(text))
}

fn contains(call: &Call<'_>) -> Result<ArrayRef> {
    let (a, b) = (call.text(0)?, call.text(1)?);
    let mut last = Last::default();
    call.flags(|row| {
        let (text, pattern) = (some!(a.get(row)), some!(b.get(row)));
        Ok(Some(last.regex(pattern)?.is_match(text)))
    })
}

/// Optional third and fourth arguments: position (from 1) and occurrence.
struct Place<'a> {
    position: Option<crate::call::Numbers<'a, arrow::datatypes::Int64Type>>,
    occurrence: Option<crate::call::Numbers<'a, arrow::datatypes::Int64Type>>,
}

impl<'a> Place<'a> {
    fn of(call: &Call<'a>) -> Result<Self> {
        let argument = |index| if call.count() > index { call.int(index).map(Some) } else { Ok(None) };
        Ok(Self { position: argument(2)?, occurrence: argument(3)? })
    }

    /// The byte to start at (`None` beyond the end) and the match to take, from 0.
    fn at(&self, row: usize, text: &str) -> Result<Option<(Option<usize>, usize)>> {
        let position = match &self.position {
            Some(position) => some!(position.get(row)),
            None => 1,
        };
        let occurrence = match &self.occurrence {
            Some(occurrence) => some!(occurrence.get(row)),
            None => 1,
        };
        if position < 1 || occurrence < 1 {
            return fail("Position and occurrence of a regular expression must be positive");
        }
        let at = text.char_indices().map(|(at, _)| at).chain([text.len()]).nth(position as usize - 1);
        Ok(Some((at, occurrence as usize - 1)))
    }
}

fn one_group(regex: &Regex) -> Result<usize> {
    match regex.captures_len() {
        1 => Ok(0),
        2 => Ok(1),
        _ => fail("Regular expressions passed into extraction functions must not have more than 1 capturing group"),
    }
}

/// The whole match or the one group; NULL without a match.
fn extract(call: &Call<'_>) -> Result<ArrayRef> {
    let (a, b, place) = (call.text(0)?, call.text(1)?, Place::of(call)?);
    let mut last = Last::default();
    call.texts(|row| {
        let (text, pattern) = (some!(a.get(row)), some!(b.get(row)));
        let regex = last.regex(pattern)?;
        let group = one_group(&regex)?;
        let (start, occurrence) = some!(place.at(row, text)?);
        // Nothing is looked for behind the last character, not even nothing, unless the text is empty.
        let start = some!(start.filter(|start| *start < text.len() || text.is_empty()));
        let found = regex.captures_iter(&text[start..]).nth(occurrence);
        // A group that took no part in the match is NULL, one that matched nothing is ''.
        Ok(found.and_then(|captures| captures.get(group)).map(|found| Cow::Owned(found.as_str().to_owned())))
    })
}

fn extract_all(call: &Call<'_>) -> Result<ArrayRef> {
    let (a, b) = (call.text(0)?, call.text(1)?);
    let mut last = Last::default();
    super::arrays::text_lists(call, |row| {
        let (text, pattern) = (some!(a.get(row)), some!(b.get(row)));
        let regex = last.regex(pattern)?;
        let group = one_group(&regex)?;
        let found =
            regex.captures_iter(text).filter(|c| text.is_empty() || c.get(0).is_some_and(|m| m.start() < text.len()));
        Ok(Some(found.map(|captures| captures.get(group).map_or(String::new(), |m| m.as_str().to_owned())).collect()))
    })
}

/// Every match; `\1` in the replacement is a group, `\0` the match, `$1` is literal.
fn replace(call: &Call<'_>) -> Result<ArrayRef> {
    let (a, b, c) = (call.text(0)?, call.text(1)?, call.text(2)?);
    let mut last = Last::default();
    call.texts(|row| {
        let (text, pattern, with) = (some!(a.get(row)), some!(b.get(row)), some!(c.get(row)));
        let regex = last.regex(pattern)?;
        let pieces = replacement(with, regex.captures_len() - 1)?;
        let replaced = regex.replace_all(text, |captures: &regex::Captures<'_>| {
            pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Text(text) => text.as_str(),
                    Piece::Group(group) => captures.get(*group).map_or("", |m| m.as_str()),
                })
                .collect::<String>()
        });
        Ok(Some(Cow::Owned(replaced.into_owned())))
    })
}

pub(super) enum Piece {
    Text(String),
    Group(usize),
}

pub(super) fn replacement(text: &str, groups: usize) -> Result<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut literal = String::new();
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        if c != '\\' {
            literal.push(c);
            continue;
        }
        match characters.next() {
            Some('\\') => literal.push('\\'),
            Some(digit) if digit.is_ascii_digit() => {
                let group = digit as usize - '0' as usize;
                if group > groups {
                    return fail(format!(
                        "Invalid REGEXP_REPLACE pattern: Rewrite schema requests {group} matches, but the regexp only has \
                         {groups} parenthesized subexpressions."
                    ));
                }
                pieces.push(Piece::Text(std::mem::take(&mut literal)));
                pieces.push(Piece::Group(group));
            }
            _ => {
                return fail(
                    "Invalid REGEXP_REPLACE pattern: Rewrite schema error: '\\' must be followed by a digit or '\\'.",
                );
            }
        }
    }
    pieces.push(Piece::Text(literal));
    Ok(pieces)
}

/// The character position of a match, 0 without one; a fifth argument of 1 gives the position after it.
fn instr(call: &Call<'_>) -> Result<ArrayRef> {
    let (a, b, place) = (call.text(0)?, call.text(1)?, Place::of(call)?);
    let after = if call.count() > 4 { Some(call.int(4)?) } else { None };
    let mut last = Last::default();
    call.ints(|row| {
        let (text, pattern) = (some!(a.get(row)), some!(b.get(row)));
        let regex = last.regex(pattern)?;
        let group = one_group(&regex)?;
        let after = match after.as_ref().map(|after| after.get(row)) {
            Some(None) => return Ok(None),
            Some(Some(value)) if !(0..=1).contains(&value) => return fail("Invalid return_position_after_match."),
            other => other == Some(Some(1)),
        };
        let (start, occurrence) = some!(place.at(row, text)?);
        let Some(start) = start else { return Ok(Some(0)) };
        let found = regex.captures_iter(&text[start..]).nth(occurrence).and_then(|captures| captures.get(group));
        Ok(Some(found.map_or(0, |m| {
            let at = start + if after { m.end() } else { m.start() };
            text[..at].chars().count() as i64 + 1
        })))
    })
}

/// The regex of the row before; patterns are mostly constant.
#[derive(Default)]
struct Last(Option<(String, Arc<Regex>)>);

impl Last {
    fn regex(&mut self, pattern: &str) -> Result<Arc<Regex>> {
        if let Some((_, regex)) = self.0.as_ref().filter(|(last, _)| last == pattern) {
            return Ok(Arc::clone(regex));
        }
        let regex = compiled(pattern, Syntax::Re2)?;
        self.0 = Some((pattern.to_owned(), Arc::clone(&regex)));
        Ok(regex)
    }
}

/// How a pattern is written.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Syntax {
    Re2,
    Like,
}

/// A compiled pattern; each thread keeps those that it used last.
fn compiled(pattern: &str, syntax: Syntax) -> Result<Arc<Regex>> {
    const KEPT: usize = 64;
    thread_local! {
        static CACHE: RefCell<HashMap<(String, Syntax), Arc<Regex>>> = RefCell::new(HashMap::new());
    }
    let key = (pattern.to_owned(), syntax);
    if let Some(regex) = CACHE.with_borrow(|cache| cache.get(&key).cloned()) {
        return Ok(regex);
    }
    if let Some(size) = too_large_repetition(pattern).filter(|_| syntax == Syntax::Re2) {
        return fail(format!("Cannot parse regular expression: invalid repetition size: {size}"));
    }
    let translated = match syntax {
        Syntax::Re2 => re2(pattern),
        Syntax::Like => like_regex(pattern)?,
    };
    let regex = match Regex::new(&translated) {
        Ok(regex) => Arc::new(regex),
        Err(error) => return parse_error(&error, pattern),
    };
    CACHE.with_borrow_mut(|cache| {
        if cache.len() >= KEPT {
            cache.clear();
        }
        cache.insert(key, Arc::clone(&regex));
    });
    Ok(regex)
}

/// RE2 repeats at most 1000 times.
fn too_large_repetition(pattern: &str) -> Option<&str> {
    pattern.match_indices('{').find_map(|(at, _)| {
        let size = pattern.get(at..=at + pattern[at..].find('}')?)?;
        let numbers = size.trim_matches(['{', '}']).split(',');
        let large = |text: &str| text.parse::<u32>().is_ok_and(|number| number > 1000);
        numbers.into_iter().any(large).then_some(size)
    })
}

/// RE2's words for what people run into.
pub(super) fn parse_error<T>(error: &regex::Error, pattern: &str) -> Result<T> {
    let text = error.to_string();
    let reason = match text.lines().last().unwrap_or_default().trim_start_matches("error: ") {
        "unclosed group" => "missing )",
        "unopened group" => "unexpected )",
        "unclosed character class" => "missing ]",
        "repetition operator missing expression" => "no argument for repetition operator",
        other => other,
    };
    fail(format!("Cannot parse regular expression: {reason}: {pattern}"))
}

pub(super) fn like_regex(pattern: &str) -> Result<String> {
    let mut out = String::from("(?s)^");
    let mut characters = pattern.chars();
    let mut buffer = [0; 4];
    while let Some(c) = characters.next() {
        match c {
            '%' => out.push_str(".*"),
            '_' => out.push('.'),
            '\\' => match characters.next() {
                Some(next) => out.push_str(&regex::escape(next.encode_utf8(&mut buffer))),
                None => return fail("LIKE pattern ends with a backslash"),
            },
            c => out.push_str(&regex::escape(c.encode_utf8(&mut buffer))),
        }
    }
    out.push('$');
    Ok(out)
}

/// A pattern in RE2's syntax as the `regex` crate writes it.
pub(super) fn re2(pattern: &str) -> String {
    let characters: Vec<char> = pattern.chars().collect();
    let mut out = String::with_capacity(pattern.len() + 8);
    let mut class = false;
    let mut index = 0;
    while let Some(&c) = characters.get(index) {
        index += 1;
        match c {
            '\\' => {
                let Some(&next) = characters.get(index) else {
                    out.push('\\');
                    break;
                };
                index += 1;
                match next {
                    'd' => out.push_str(if class { "0-9" } else { "[0-9]" }),
                    'w' => out.push_str(if class { "0-9A-Za-z_" } else { "[0-9A-Za-z_]" }),
                    's' => out.push_str(if class { "\\t\\n\\x0C\\r " } else { "[\\t\\n\\x0C\\r ]" }),
                    'D' => out.push_str("[^0-9]"),
                    'W' => out.push_str("[^0-9A-Za-z_]"),
                    'S' => out.push_str("[^\\t\\n\\x0C\\r ]"),
                    'b' if !class => out.push_str("(?-u:\\b)"),
                    'B' if !class => out.push_str("(?-u:\\B)"),
                    'Q' if !class => {
                        while index < characters.len() && characters[index..].first_chunk() != Some(&['\\', 'E']) {
                            out.push_str(&regex::escape(&characters[index].to_string()));
                            index += 1;
                        }
                        index += 2;
                    }
                    next => {
                        out.push('\\');
                        out.push(next);
                    }
                }
            }
            '[' if class => {
                // `[:alpha:]` stays a named class.
                if characters.get(index) == Some(&':') {
                    let end = characters[index..].windows(2).position(|pair| pair == [':', ']']);
                    if let Some(end) = end {
                        out.push('[');
                        out.extend(&characters[index..index + end + 2]);
                        index += end + 2;
                        continue;
                    }
                }
                out.push_str("\\[");
            }
            '[' => {
                class = true;
                out.push('[');
                if characters.get(index) == Some(&'^') {
                    out.push('^');
                    index += 1;
                }
                if characters.get(index) == Some(&']') {
                    out.push_str("\\]");
                    index += 1;
                }
            }
            ']' if class => {
                class = false;
                out.push(']');
            }
            '&' | '~' if class => {
                out.push('\\');
                out.push(c);
            }
            '-' if class && characters.get(index) == Some(&'-') => out.push_str("\\-"),
            '{' if !class && !is_repetition(&characters[index..]) => out.push_str("\\{"),
            c => out.push(c),
        }
    }
    out
}

/// Whether what follows a `{` makes it `{n}`, `{n,}` or `{n,m}`.
fn is_repetition(rest: &[char]) -> bool {
    let Some(end) = rest.iter().position(|c| *c == '}') else { return false };
    let body: String = rest[..end].iter().collect();
    let (least, most) = body.split_once(',').unwrap_or((&body, "0"));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    !least.is_empty() && digits(least) && digits(most)
}

#[cfg(test)]
mod tests {
    use super::{Syntax, any_of, compiled};

    #[test]
    fn patterns_joined_are_found_where_any_of_them_is() {
        let patterns = [r"^amox", r"(?i)CIPRO", r"bicillin l-a|\(iv\)", r"^$", r"a{2,3}$"];
        let joined = compiled(&any_of(&patterns).unwrap(), Syntax::Re2).unwrap();
        for text in ["amoxicillin", "xamox", "Ciprofloxacin", "BICILLIN L-A", "drug (iv)", "", "baa", "a", "amoxaab"] {
            let any = patterns.iter().any(|pattern| compiled(pattern, Syntax::Re2).unwrap().is_match(text));
            assert_eq!(joined.is_match(text), any, "{text}");
        }
        for alone in [r"\Qa", "(?P<name>a)", "(?<name>a)", "(?x)a # b", "(", "[a", r"a\"] {
            assert_eq!(any_of(&["b", alone]), None, "{alone}");
        }
    }

    #[test]
    fn re2_is_read_as_re2() {
        for (pattern, text, expected) in [
            (r"^\d+$", "12", true),
            (r"^\d+$", "١٢", false),
            (r"[[a]", "[", true),
            (r"[\d\]]", "]", true),
            (r"a{,2}", "a{,2}", true),
            (r"a{2}", "aa", true),
            (r"\Qa.b\E", "axb", false),
            (r"\bheparin\b", "iv heparin drip", true),
            (r"[^\s]", "  ", false),
            (r"[[:alpha:]]+", "abc", true),
            (r"a.c", "a\nc", false),
            (r"(?i)LACT", "lactate", true),
            (r"[a&&b]", "&", true),
        ] {
            assert_eq!(compiled(pattern, Syntax::Re2).unwrap().is_match(text), expected, "{pattern} {text}");
        }
        assert!(compiled("(", Syntax::Re2).is_err());
        assert!(compiled(r"(?=a)", Syntax::Re2).is_err());
    }

    #[test]
    fn like_crosses_lines_and_escapes() {
        for (pattern, text, expected) in [
            ("a%b", "a\nb", true),
            (r"100\%", "100%", true),
            (r"100\%", "1000", false),
            ("_", "é", true),
            ("A%", "a", false),
        ] {
            assert_eq!(compiled(pattern, Syntax::Like).unwrap().is_match(text), expected, "{pattern} {text}");
        }
    }
}
